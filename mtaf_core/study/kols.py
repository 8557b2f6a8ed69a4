"""What is known of every KOL of a cohort, in one table: reach, popularity, pace, price, and lift net of audience.

The lift of a video is how far the log of its popularity is from what `mtaf_core.study.expectation` expects of such a
video from such an account. A KOL's lift is the mean of that, shrunk (`mtaf_core.study.shrinkage`), so that two lucky
videos make no star; what is ranked by is the lower end of its interval.

Everything is made by one query over the panel, and asked again by SQL: filtering, ordering and paging 100,000 KOLs
never leaves DuckDB. docs/STUDY.md has the formulas.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mtaf_core.study.cohort import WHOLE, Cohort
from mtaf_core.study.market import Study
from mtaf_core.study.shrinkage import Components, Effects, one_way, one_way_components

RECENT_DAYS = 90
"""Days before the newest date of the data over which pace and explosive videos are counted."""
EXPLOSIVE = 3.0
"""A video is explosive above this many times its own KOL's median popularity."""
FEWEST = 5
"""Videos that a KOL needs to be ranked, unless a person says otherwise."""
LATEST = 20
"""Latest videos in the sparkline of a KOL's popularity."""
PAGE = 100
"""KOLs on one page of the table."""

Order = Literal[
    "lift_low", "lift", "followers", "growth", "er", "er_posts", "median", "spread", "explosive", "pace",
    "last_post", "videos", "fee", "cpm", "cpe",
]  # fmt: skip
ORDERS: tuple[Order, ...] = Order.__args__  # type: ignore[attr-defined]
"""Columns that the table may be ordered by; the first is what it is ordered by unless a person says otherwise.

A plain mean of lifts is none of them: the best of it would be whoever had one lucky video.
"""
SMALLEST_FIRST: tuple[Order, ...] = ("spread", "fee", "cpm", "cpe")
"""Columns of which less is better."""


@dataclass(frozen=True)
class Question:
    """Which KOLs of a table, in which order, and which page of them.

    Parameters
    ----------
    search : str
        Part of a name, a handle or an id, in any case.
    tiers : tuple of str
        Any of these; all where empty.
    fewest : int
        Videos with a known lift that a KOL needs.
    clear : bool
        Only those whose lift is clearly above that of the average video, false discoveries controlled.
    posted_within : int or None
        Days before the newest date within which the last video must be.
    pace : float or None
        Videos a week that there must be at least.
    er : float or None
        Engagement rate (`er`, or `er_posts` where that is unknown) that there must be at least, a share of 1.
    dearest : float or None
        Quoted fee that there may be at most.
    keys : tuple of str or None
        Only these KOLs (``platform:uploader_id``), such as those of a list.
    order : Order
    page : int
        From 1.
    """

    search: str = ""
    tiers: tuple[str, ...] = ()
    fewest: int = FEWEST
    clear: bool = False
    posted_within: int | None = None
    pace: float | None = None
    er: float | None = None
    dearest: float | None = None
    keys: tuple[str, ...] | None = None
    order: Order = "lift_low"
    page: int = 1


@dataclass(frozen=True)
class Table:
    """Every KOL of a cohort.

    Parameters
    ----------
    rows : pyarrow.Table
        One row a KOL; see `measure`.
    lift, level : Components
        How far lifts, and levels of log popularity, vary between and within KOLs, on the whole market.
    as_of : date
        What "the last 90 days" ends with: the newest date of the data, or the end of the cohort.
    window_days : int
        Days that pace is counted over: 90, or as many as the market has.
    """

    rows: pa.Table
    lift: Components
    level: Components
    as_of: date
    window_days: int

    def column(self, name: str) -> np.ndarray:
        """A number of every KOL, NaN where unknown; (K,) float64."""
        return np.asarray(self.rows.column(name).to_numpy(zero_copy_only=False), dtype=np.float64)

    def has(self, name: str) -> bool:
        """Whether a column is known of any KOL."""
        return bool(self.rows.column(name).null_count < len(self.rows))

    def place(self, key: str) -> int | None:
        """The row of a KOL; None where the cohort has no video of theirs."""
        found: int = pc.index(self.rows.column("key"), key).as_py()
        return None if found < 0 else found

    def row(self, key: str) -> dict[str, Any] | None:
        """All that is known of one KOL; None where the cohort has no video of theirs."""
        place = self.place(key)
        return None if place is None else self.rows.slice(place, 1).to_pylist()[0]


def measure(study: Study, cohort: Cohort = WHOLE, known: tuple[Components, Components] | None = None) -> Table:
    """Measure every KOL of a cohort; of the whole market, those without a video too.

    ``known`` is what `components` says of the market, where it is at hand; it is asked otherwise.

    Columns of ``rows``, null where unknown:

    - ``key`` (``platform:uploader_id``), ``kol``, ``platform``, ``uploader_id``, ``name``, ``handle``, ``tier``,
      ``category`` (of the KOL, else the commonest of their videos), ``followers``, ``favorited``, ``following``;
      ``growth``: followers gained a week over the counts kept, a share of 1.
    - ``er``: likes received / videos / followers, of the profile. ``er_posts``: likes a known video / followers.
    - ``videos``; ``n``: those with a known lift; ``median``: of popularity; ``spread``: the factor f for which the
      middle half lies from median ÷ f to median × f or so: √((1 + upper quartile) / (1 + lower quartile)).
    - ``explosive``: share of the ``explosive_n`` videos of the last 90 days above `EXPLOSIVE` times the own median.
    - ``pace``: videos a week over that time; ``last_post``: a date; ``duration``: geometric mean, seconds.
    - ``fee``, ``currency`` as supplied; ``views``, ``engagements``: medians a video of the latest counts;
      ``cpm`` = fee / views × 1000, ``cpe`` = fee / engagements (likes, comments and shares).
    - ``lift``, ``lift_low``, ``lift_high``: on the natural log, against the average video of the cohort, shrunk, with
      the 90% interval; ``lift_sd``; ``lift_raw``: the plain mean; ``lift_clear``: -1, 0 or 1, clearly below, not clear,
      clearly above: in the set of `mtaf_core.study.shrinkage.clear_signs`, with an interval that leaves out 0.
    - ``level``, ``level_sd``: the same of log popularity itself, nothing allowed for, and ``level_mean``.
    """
    as_of = min(study.as_of, cohort.until) if cohort.until else study.as_of
    first = study.period()[0]
    window = max(7, min(RECENT_DAYS, (as_of - first).days + 1))
    since = as_of - timedelta(days=window)
    sql = _MEASURES.format(join="RIGHT" if cohort.is_whole else "INNER")
    found = study.query(sql, {"since": since, "weeks": window / 7.0}, cohort)
    lift, level = known or (_components(found) if cohort.is_whole else components(study))
    lifts = _effects(found, "n", "lift_sum", "lift_squares", lift)
    levels = _effects(found, "scored", "level_sum", "level_squares", level)
    there = lifts.n > 0
    added = {
        "lift": np.where(there, lifts.effect, np.nan),
        "lift_low": np.where(there, lifts.low, np.nan),
        "lift_high": np.where(there, lifts.high, np.nan),
        "lift_sd": np.where(there, lifts.sd, np.nan),
        "lift_raw": lifts.raw,
        # Of the clear set, those whose interval says so too: a reader would not believe the others.
        "lift_clear": np.where(lifts.clear & (lifts.low * lifts.high > 0), np.sign(lifts.effect), 0.0),
        "level": np.where(levels.n > 0, levels.effect, np.nan),
        "level_sd": np.where(levels.n > 0, levels.sd, np.nan),
        "level_mean": _mean(found),
    }
    rows = found.drop_columns(["lift_sum", "lift_squares", "level_sum", "level_squares"])
    for name, values in added.items():
        rows = rows.append_column(name, pa.array(values, from_pandas=True))
    return Table(rows, lift, level, as_of, window)


def components(study: Study) -> tuple[Components, Components]:
    """How far lifts, and levels of log popularity, vary between and within the KOLs of the whole market."""
    return _components(study.query(f"SELECT kol, {_SUMS} FROM market WHERE kol IS NOT NULL GROUP BY kol ORDER BY kol"))


def _where(question: Question, as_of: date) -> tuple[str, dict[str, Any]]:
    """The KOLs of a question as SQL over the columns of `measure`, and the values of its parameters."""
    parts, values = ["n >= $fewest"], {"fewest": question.fewest}
    asked: dict[str, tuple[str, Any]] = {
        "search": (
            "contains(lower(name || ' ' || coalesce(handle, '') || ' ' || uploader_id), lower($search))",
            question.search.strip() or None,
        ),
        "tiers": ("list_contains($tiers, tier)", list(question.tiers) or None),
        "since": (
            "last_post >= $since",
            None if question.posted_within is None else as_of - timedelta(days=question.posted_within),
        ),
        "pace": ("pace >= $pace", question.pace),
        "er": ("coalesce(er, er_posts) >= $er", question.er),
        "dearest": ("fee <= $dearest", question.dearest),
        "keys": ("list_contains($keys, key)", None if question.keys is None else list(question.keys)),
    }
    for name, (condition, value) in asked.items():
        if value is not None:
            parts.append(condition)
            values[name] = value
    if question.clear:
        parts.append("lift_clear > 0")
    return " AND ".join(parts), values


def ask(study: Study, table: Table, question: Question) -> tuple[pa.Table, int]:
    """One page of the KOLs that a question is about, with the sparklines of each, and how many there are in all.

    Returns
    -------
    pyarrow.Table
        At most `PAGE` rows of `Table.rows` in the question's order, KOLs of whom that is unknown last; with
        ``follower_trend`` and ``latest``, the popularity of up to `LATEST` videos, oldest first.
    int
    """
    where, values = _where(question, table.as_of)
    page = {"size": PAGE, "skip": PAGE * (max(question.page, 1) - 1)}
    shown = study.query(
        f"""SELECT *, count(*) OVER () AS total FROM measured WHERE {where}
            {_ordered(question)} LIMIT $size OFFSET $skip""",
        values | page, measured=table.rows,
    )  # fmt: skip
    if not len(shown):
        counted = study.query(f"SELECT count(*) AS total FROM measured WHERE {where}", values, measured=table.rows)
        return shown.drop_columns(["total"]), int(counted["total"][0].as_py())
    total = int(shown["total"][0].as_py())
    return _with_trends(study, shown.drop_columns(["total"])), total


def matching(study: Study, table: Table, question: Question, most: int) -> pa.Table:
    """The KOLs that a question is about, on all its pages, ``most`` at most; in its order, without sparklines."""
    where, values = _where(question, table.as_of)
    return study.query(
        f"SELECT * FROM measured WHERE {where} {_ordered(question)} LIMIT $most", values | {"most": most},
        measured=table.rows,
    )  # fmt: skip


def _ordered(question: Question) -> str:
    direction = "ASC" if question.order in SMALLEST_FIRST else "DESC"
    return f"ORDER BY {question.order} {direction} NULLS LAST, followers DESC NULLS LAST, key"


def _with_trends(study: Study, shown: pa.Table) -> pa.Table:
    kols = shown["kol"].to_pylist()
    trends = study.query(
        "SELECT kol, follower_trend FROM kols WHERE list_contains($wanted, kol)", {"wanted": kols}
    ).to_pylist()
    latest = study.query(
        f"""SELECT kol, list_reverse(list(score ORDER BY row DESC)[:{LATEST}]) AS latest
            FROM market WHERE list_contains($wanted, kol) AND score IS NOT NULL GROUP BY kol""",
        {"wanted": kols},
    ).to_pylist()
    of_followers = {row["kol"]: row["follower_trend"] for row in trends}
    of_scores = {row["kol"]: row["latest"] for row in latest}
    numbers = pa.list_(pa.float64())
    shown = shown.append_column("follower_trend", pa.array([of_followers.get(k) for k in kols], numbers))
    return shown.append_column("latest", pa.array([of_scores.get(k) for k in kols], numbers))


def _components(found: pa.Table) -> tuple[Components, Components]:
    lift = one_way_components(*_sums(found, "n", "lift_sum", "lift_squares"), "uploader")
    level = one_way_components(*_sums(found, "scored", "level_sum", "level_squares"), "uploader")
    return lift, level


def _effects(found: pa.Table, n: str, total: str, squares: str, known: Components) -> Effects:
    return one_way(*_sums(found, n, total, squares), known)


def _sums(found: pa.Table, n: str, total: str, squares: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    counts, sums, powers = (
        np.asarray(found.column(name).to_numpy(zero_copy_only=False), dtype=np.float64) for name in (n, total, squares)
    )
    return np.nan_to_num(counts), sums, powers


def _mean(found: pa.Table) -> np.ndarray:
    n, total, _ = _sums(found, "scored", "level_sum", "level_squares")
    return np.divide(total, n, out=np.full(len(n), np.nan), where=n > 0)


_SUMS = """count(log_score - expected) AS n,
    sum((log_score - expected)::DOUBLE) AS lift_sum, sum(((log_score - expected)::DOUBLE) ** 2) AS lift_squares,
    count(log_score) AS scored, sum(log_score) AS level_sum, sum(log_score ** 2) AS level_squares"""

_MEASURES = f"""
, per AS (
    SELECT kol, count(*) AS videos, {_SUMS},
        quantile_cont(score, [0.25, 0.5, 0.75]) AS quartiles, mode(category) AS usual_category,
        max(local_time)::DATE AS last_post, count(*) FILTER (WHERE local_time::DATE > $since) AS recent,
        exp(avg(ln(video_duration)) FILTER (WHERE video_duration > 0)) AS duration,
        avg(seen_favorite) AS likes, median(nullif(seen_view, 0)) AS views,
        median(seen_favorite + coalesce(seen_comment, 0) + coalesce(seen_share, 0)) AS engagements
    FROM panel WHERE kol IS NOT NULL GROUP BY kol
),
bursts AS (
    SELECT kol, count(*) AS explosive_n, count(*) FILTER (WHERE score > {EXPLOSIVE} * quartiles[2]) AS bursting
    FROM panel JOIN per USING (kol) WHERE score IS NOT NULL AND local_time::DATE > $since GROUP BY kol
)
SELECT k.platform || ':' || k.uploader_id AS key, k.kol, k.platform, k.uploader_id, k.name, k.handle, k.tier,
    coalesce(k.category, p.usual_category) AS category, k.follower_count AS followers,
    k.favorited_count AS favorited, k.following_count AS following,
    CASE WHEN follower_trend[1] > 0 AND follower_trend[-1] > 0 AND follower_days[-1] > follower_days[1]
        THEN (follower_trend[-1] / follower_trend[1]) ** (7.0 / (follower_days[-1] - follower_days[1])) - 1
        END AS growth,
    k.favorited_count / nullif(k.video_count, 0) / nullif(k.follower_count, 0) AS er,
    p.likes / nullif(k.follower_count, 0) AS er_posts,
    coalesce(p.videos, 0) AS videos, coalesce(p.n, 0) AS n, coalesce(p.scored, 0) AS scored,
    p.quartiles[2] AS median, sqrt((1 + p.quartiles[3]) / (1 + p.quartiles[1])) AS spread,
    b.bursting / nullif(b.explosive_n, 0) AS explosive, coalesce(b.explosive_n, 0) AS explosive_n,
    p.recent / $weeks AS pace, p.last_post, p.duration, k.quote_fee AS fee, k.quote_currency AS currency,
    p.views, p.engagements, k.quote_fee / nullif(p.views, 0) * 1000 AS cpm,
    k.quote_fee / nullif(p.engagements, 0) AS cpe, p.lift_sum, p.lift_squares, p.level_sum, p.level_squares
FROM per p {{join}} JOIN kols k ON k.kol = p.kol LEFT JOIN bursts b ON b.kol = k.kol
ORDER BY k.kol
"""
