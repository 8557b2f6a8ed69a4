"""Released videos that are not yet as old as the day predicted: where they are heading, on any day of the market.

A look is taken as of one day: nothing counted after it is seen, neither of the videos under way nor of the finished
ones that their fans (`mtaf_core.study.fan`) are made of. With an earlier day a whole market can be gone through again.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from mtaf_core.study import fan
from mtaf_core.study.cohort import WHOLE, Cohort
from mtaf_core.study.fan import Coverage
from mtaf_core.study.market import Study

MOST_FINISHED = 20_000
"""The latest finished videos that fans are made of; older ones say less about today."""
ENOUGH_OF_COHORT = 300
"""Finished videos of a cohort from which its fans are made of its own alone."""
FEW_IN_TIER = 40
"""Finished videos of a tier below which a hit is one of the whole market's top."""
LIKELY, SURE = 0.5, 0.9
"""On track to be a hit with at least this chance; falling behind with at least that chance of ending below."""

Heading = Literal["hit", "behind", "open"]
Reach = Literal["tier", "market"]


@dataclass(frozen=True)
class Hit:
    """What counts as a hit: the top ``share`` of the finished videos, of each tier or of the ``market``."""

    share: float = 0.1
    of: Reach = "tier"


TOP_TENTH = Hit()
"""What a hit is unless said otherwise."""


@dataclass(frozen=True)
class Day:
    """How much there is to see as of one date: videos under way, and finished ones."""

    date: date
    under_way: int
    finished: int


@dataclass(frozen=True, eq=False)
class Look:
    """The videos under way as of one date, m of them, the likeliest hits first, of equals those of fewer days.

    Parameters
    ----------
    as_of : date
    horizon_day : int
    past : (n, horizon_day) float64
        Log scores of the finished videos that fans are made of, the oldest first; NaN unknown.
    of_cohort : bool
        Whether those are of the cohort alone, else of the whole market.
    row : (m,) int64
        In the panel.
    observed : (m,) int64
        The last day counted.
    scores : (m, horizon_day) float64
        Popularity on each day; NaN where not counted by then.
    low, lower, middle, upper, high : (m,) float64
        Popularity on the day predicted at `fan.LEVELS`; NaN where there is no fan.
    expected : (m,) float64
        What was to be expected before release, on the natural scale; NaN unknown.
    threshold : (m,) float64
        The popularity that makes a hit.
    hit, behind : (m,) float64
        Chance to end as one, and to end below ``expected``.
    heading : (m,) of Heading
    coverage : tuple of Coverage
        For each number of observed days.
    """

    as_of: date
    horizon_day: int
    past: np.ndarray
    of_cohort: bool
    row: np.ndarray
    observed: np.ndarray
    scores: np.ndarray
    low: np.ndarray
    lower: np.ndarray
    middle: np.ndarray
    upper: np.ndarray
    high: np.ndarray
    expected: np.ndarray
    threshold: np.ndarray
    hit: np.ndarray
    behind: np.ndarray
    heading: np.ndarray
    coverage: tuple[Coverage, ...]

    def of_days(self, day: int | None) -> np.ndarray:
        """Places of the videos with so many days observed, (m',); of all with None."""
        return np.flatnonzero(np.ones(len(self.row), dtype=bool) if day is None else self.observed == day)


@dataclass(frozen=True, eq=False)
class Course:
    """One video under way, and the fan of each later day.

    Parameters
    ----------
    place : int
        In the `Look`.
    bands : (5, horizon_day - observed) float64
        Popularity at `fan.LEVELS` on each day after the last counted one; empty without a fan.
    came : (horizon_day,) float64
        Popularity on every day as counted since, for a look back; NaN unknown.
    """

    place: int
    bands: np.ndarray
    came: np.ndarray


def days(study: Study, cohort: Cohort = WHOLE) -> tuple[Day, ...]:
    """How many videos were under way and finished at the end of each date with either, oldest first."""
    horizon = study.about.horizon_day
    found = study.query(
        f""", starts AS (
                SELECT day_one AS d, count(*) AS n, count(day_scores[{horizon}]) AS ended FROM panel
                WHERE list_count(day_scores) > 0 GROUP BY day_one),
            dates AS (SELECT unnest(generate_series(min(d), $last::DATE, INTERVAL 1 DAY))::DATE AS date FROM starts)
            SELECT date, coalesce(sum(n) FILTER (WHERE d > date - {horizon - 1}), 0)::BIGINT AS under_way,
                coalesce(sum(ended) FILTER (WHERE d <= date - {horizon - 1}), 0)::BIGINT AS finished
            FROM dates LEFT JOIN starts ON d <= date GROUP BY date ORDER BY date""",
        {"last": study.as_of},
        cohort,
    )
    return tuple(Day(**row) for row in found.to_pylist())


def worth_replaying(offered: tuple[Day, ...]) -> date | None:
    """The latest date with a good many videos under way and finished videos to judge them by; None without one."""
    fit = [day for day in offered if day.under_way and day.finished >= 2 * fan.FEWEST]
    if not fit:
        return None
    many = np.median([day.under_way for day in fit])
    return max(day.date for day in fit if day.under_way >= many)


def look(study: Study, as_of: date, cohort: Cohort = WHOLE, hit: Hit = TOP_TENTH) -> Look:
    """Where the videos under way as of the end of a date are heading.

    Parameters
    ----------
    study : Study
    as_of : date
        Nothing counted later is seen.
    cohort : Cohort
        The videos looked at, and those that fans are made of where it has enough of them.
    hit : Hit
    """
    rows = _under_way(study, as_of, cohort)
    finished, of_cohort = _reference(study, as_of, cohort)
    scores, observed = _seen(rows, as_of, study.about.horizon_day)
    some = observed > 0
    rows, scores, observed = rows.filter(pa.array(some)), scores[some], observed[some]
    past = np.log1p(_matrix(finished, study.about.horizon_day))
    ends = np.full((5, len(observed)), np.nan)
    threshold = _thresholds(past[:, -1], finished["tier"].to_pylist(), rows["tier"].to_pylist(), hit)
    expected = _expected(rows, study, past)
    chances = np.full((2, len(observed)), np.nan)
    now = np.log1p(scores)
    for day in np.unique(observed):
        chosen = np.flatnonzero(observed == day)
        growth = fan.growths(past, now[chosen], int(day))
        if growth is not None:
            stands = now[chosen, day - 1]
            ends[:, chosen] = stands + fan.quantiles(growth[:, :, -1:])[:, :, 0]
            reached = stands[:, None] + growth[:, :, -1]
            chances[0, chosen] = fan.chance_above(reached, threshold[chosen])
            chances[1, chosen] = 1 - fan.chance_above(reached, expected[chosen])
    heading = np.where(chances[0] >= LIKELY, "hit", np.where(chances[1] >= SURE, "behind", "open"))
    order = np.lexsort((rows["row"].to_numpy(), observed, -np.nan_to_num(chances[0], nan=-1)))
    low, lower, middle, upper, high = np.expm1(ends)[:, order]
    return Look(
        as_of=as_of, horizon_day=study.about.horizon_day, past=past, of_cohort=of_cohort,
        row=rows["row"].to_numpy()[order], observed=observed[order], scores=scores[order], low=low, lower=lower,
        middle=middle, upper=upper, high=high, expected=np.expm1(expected)[order],
        threshold=np.expm1(threshold)[order], hit=chances[0][order], behind=chances[1][order], heading=heading[order],
        coverage=tuple(fan.coverage(past, day) for day in range(1, study.about.horizon_day)),
    )  # fmt: skip


def course(study: Study, seen: Look, place: int) -> Course:
    """The fan of one video of a look, day by day, and what has come of it since."""
    day, now = int(seen.observed[place]), np.log1p(seen.scores[[place]])
    growth = fan.growths(seen.past, now, day)
    bands = np.empty((5, 0)) if growth is None else np.expm1(now[0, day - 1] + fan.quantiles(growth)[:, 0, :])
    since = study.query("SELECT day_scores FROM market WHERE row = $row", {"row": int(seen.row[place])})
    return Course(place, bands, _matrix(since, seen.horizon_day)[0])


def _under_way(study: Study, as_of: date, cohort: Cohort) -> pa.Table:
    return study.query(
        """SELECT row, tier, day_scores, day_one, expected, age_day FROM panel
           WHERE day_one > $first::DATE AND day_one <= $last::DATE ORDER BY row""",
        {"first": as_of - timedelta(days=study.about.horizon_day - 1), "last": as_of},
        cohort,
    )


def _reference(study: Study, as_of: date, cohort: Cohort) -> tuple[pa.Table, bool]:
    """The finished videos that fans are made of, oldest first, and whether they are the cohort's own."""
    last = as_of - timedelta(days=study.about.horizon_day - 1)
    sql = f"""SELECT row, tier, day_scores, expected, age_day, seen_score FROM panel
              WHERE day_one <= $last::DATE AND day_scores[{study.about.horizon_day}] IS NOT NULL
              ORDER BY row DESC LIMIT {MOST_FINISHED}"""
    found = study.query(sql, {"last": last}, cohort)
    own = not cohort.is_whole and found.num_rows >= ENOUGH_OF_COHORT
    if not own and not cohort.is_whole:
        found = study.query(sql, {"last": last})
    return found.sort_by("row"), own


def _seen(rows: pa.Table, as_of: date, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores as known by the end of ``as_of``, (m, horizon), and the last day counted by then, 0 where none was."""
    scores = _matrix(rows, horizon)
    first = rows["day_one"].to_numpy().astype("datetime64[D]")
    passed = (np.datetime64(as_of) - first).astype(int) + 1
    scores[np.arange(1, horizon + 1)[None, :] > passed[:, None]] = np.nan
    known = ~np.isnan(scores)
    observed = np.where(known.any(axis=1), horizon - np.argmax(known[:, ::-1], axis=1), 0)
    return scores, observed


def _expected(rows: pa.Table, study: Study, past: np.ndarray) -> np.ndarray:
    """The expectation before release for the day predicted, in logs.

    Where popularity is the latest count, the expectation is for the age at that count: the typical growth from there to
    the day predicted is added, or for an older count taken away.
    """
    expected = np.asarray(rows["expected"].to_numpy(), dtype=np.float64)
    if study.about.basis == "horizon" or len(past) == 0:
        return expected
    age = np.asarray(rows["age_day"].to_numpy(), dtype=np.float64)
    for day in range(1, study.about.horizon_day):
        known = ~np.isnan(past[:, day - 1])
        grown = np.median(past[known, -1] - past[known, day - 1]) if known.any() else np.nan
        expected = np.where(age == day, expected + grown, expected)
    older = study.query(
        f"""SELECT median(ln(1 + seen_score) - ln(1 + day_scores[{study.about.horizon_day}])) AS grown FROM market
            WHERE seen_day > {study.about.horizon_day}"""
    )["grown"][0].as_py()
    return np.where(age > study.about.horizon_day, expected - (older or 0.0), expected)


def _thresholds(ends: np.ndarray, tiers: list[Any], asked: list[Any], hit: Hit) -> np.ndarray:
    """The log score that makes a hit of each asked video; NaN where nothing has finished."""
    if len(ends) < fan.FEWEST:
        return np.full(len(asked), np.nan)
    whole = float(np.quantile(ends, 1 - hit.share))
    of_tier = {}
    if hit.of == "tier":
        named = np.array(tiers, dtype=object)
        for tier in set(tiers):
            own = ends[named == tier]
            if len(own) >= FEW_IN_TIER:
                of_tier[tier] = float(np.quantile(own, 1 - hit.share))
    return np.array([of_tier.get(tier, whole) for tier in asked], dtype=np.float64)


def _matrix(rows: pa.Table, days: int) -> np.ndarray:
    """The lists of daily scores as an array, (n, days)."""
    if rows.num_rows == 0:
        return np.empty((0, days))
    lists = rows["day_scores"].combine_chunks()
    flat = np.asarray(lists.flatten().to_numpy(zero_copy_only=False), dtype=np.float64)
    return flat.reshape(-1, days).copy()
