"""What goes well with one KOL: videos with a hashtag, or of a slot, beside the same KOL's other videos.

A pattern's contrast is d = mean lift with - mean lift without, of this KOL alone, with variance v = σ²(1/n + 1/(N-n)).
Contrasts of all KOLs say how far such patterns differ at all, τ² (the mode of their likelihood, with the prior of
`mtaf_core.study.shrinkage`); each is then drawn towards zero by τ² / (τ² + v). The lift is against an expectation that
does not know hashtags, or the hour, since that is what is asked.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
from scipy.optimize import minimize_scalar

from mtaf_core.study.cohort import WHOLE, Cohort
from mtaf_core.study.market import Study
from mtaf_core.study.shrinkage import judged, prior_on

Family = Literal["tag", "hours", "weekday"]
FAMILIES: tuple[Family, ...] = ("tag", "hours", "weekday")

FEWEST = 3
"""Videos with a pattern, and without it, that a KOL needs before it is spoken of."""
MOST = 40
"""Patterns of a family that are kept, those of most videos."""
BLOCK_HOURS = 4
SAMPLED = 150_000
"""Videos from which τ² is estimated at most; KOLs are drawn whole."""


@dataclass(frozen=True)
class Spread:
    """How far patterns of a family go apart: ``between`` is τ², ``within`` is σ², both squared log units."""

    between: float
    within: float


@dataclass(frozen=True)
class Pattern:
    """Videos of one KOL with a hashtag or of a slot, against their other videos.

    Parameters
    ----------
    family : Family
    name : str
        The hashtag; the first hour of the block; the weekday, 0 is Monday.
    n, others : int
        Videos with it and without it.
    effect, low, high : float
        On the natural log, shrunk, with the 90% interval.
    raw : float
        The plain contrast.
    clear : bool
        Its sign is clear, false discoveries controlled over all patterns of this KOL and family, and the interval
        leaves out 0.
    """

    family: Family
    name: str
    n: int
    others: int
    effect: float
    low: float
    high: float
    raw: float
    clear: bool


def spread(study: Study, family: Family) -> Spread | None:
    """How far patterns of the market's KOLs go apart; None where too few KOLs have any."""
    step = max(1, -(-study.about.scored // SAMPLED))
    found = study.query(_sql(family, "market", f"kol % {step} = 0"))
    if len(found) < 10:
        return None
    return fitted(*_contrasts(found))


def patterns(study: Study, kol: int, family: Family, known: Spread, cohort: Cohort = WHOLE) -> list[Pattern]:
    """The patterns of one KOL with enough videos on both sides, the best first.

    Parameters
    ----------
    known : Spread
        From `spread`, of the market.
    """
    found = study.query(_sql(family, "panel", "kol = $kol"), {"kol": kol}, cohort)
    if not len(found):
        return []
    raw, share, _ = _contrasts(found)
    n, others = (found.column(name).to_numpy() for name in ("n", "others"))
    effect, variance = shrunk(raw, share, known)
    told = judged(n.astype(float), raw, effect, variance, float("inf"))
    made = [
        Pattern(family, str(name), int(n[i]), int(others[i]), float(effect[i]), float(told.low[i]),
                float(told.high[i]), float(raw[i]), bool(told.clear[i] and told.low[i] * told.high[i] > 0))
        for i, name in enumerate(found.column("name").to_pylist())
    ]  # fmt: skip
    made = sorted(made, key=lambda one: -one.n)[:MOST]
    return sorted(made, key=lambda one: -one.effect)


def fitted(raw: np.ndarray, share: np.ndarray, within: float) -> Spread:
    """τ² of contrasts that are normal around 0 with variance τ² + σ² ``share``.

    Parameters
    ----------
    raw : ndarray, (P,)
        Contrasts.
    share : ndarray, (P,)
        1/n + 1/(N-n) of each.
    within : float
        σ².
    """

    def loss(log_ratio: float) -> float:
        variance = within * (np.exp(log_ratio) + share)
        return float(0.5 * (np.log(variance) + raw**2 / variance).sum() + prior_on(np.array([log_ratio]))[0])

    best = minimize_scalar(loss, bounds=(-12.0, 6.0), method="bounded").x
    return Spread(float(np.exp(best)) * within, within)


def shrunk(raw: np.ndarray, share: np.ndarray, known: Spread) -> tuple[np.ndarray, np.ndarray]:
    """What contrasts may be, given the data: mean and variance, both (P,)."""
    noise = known.within * share
    kept = known.between / (known.between + noise)
    return kept * raw, kept * noise


def _contrasts(found: pa.Table) -> tuple[np.ndarray, np.ndarray, float]:
    n, others, total = (found.column(name).to_numpy().astype(float) for name in ("n", "others", "total"))
    raw = total / n * (n + others) / others  # y is centred within each KOL: the others' sum is minus this one's
    return raw, 1 / n + 1 / others, float(found.column("within")[0].as_py())


def _sql(family: Family, source: str, which: str) -> str:
    expected = "expected_untagged" if family == "tag" else "expected_untimed"
    named = {
        "tag": "JOIN tagged USING (row) JOIN tag_names USING (tag)",
        "hours": f"JOIN (SELECT row, upload_hour::INT // {BLOCK_HOURS} * {BLOCK_HOURS} AS name FROM {source}"
                 f" WHERE {which}) USING (row)",
        "weekday": f"JOIN (SELECT row, upload_dayofweek::INT AS name FROM {source} WHERE {which}) USING (row)",
    }[family]  # fmt: skip
    name = "tag_name" if family == "tag" else "name"
    return f""", mine AS (
            SELECT row, kol, log_score - {expected} AS y FROM {source}
            WHERE {which} AND kol IS NOT NULL AND log_score IS NOT NULL AND {expected} IS NOT NULL
        ),
        centred AS (
            SELECT row, kol, y - avg(y) OVER (PARTITION BY kol) AS y, count(*) OVER (PARTITION BY kol) AS every
            FROM mine
        ),
        grouped AS (
            SELECT kol, {name} AS name, count(*) AS n, any_value(every) AS every, sum(y) AS total
            FROM centred {named} WHERE {name} IS NOT NULL GROUP BY kol, {name}
        )
        SELECT name, n, every - n AS others, total,
            (SELECT sum(y * y) / greatest(count(*) - count(DISTINCT kol), 1) FROM centred) AS within
        FROM grouped WHERE n >= {FEWEST} AND every - n >= {FEWEST} ORDER BY kol, n DESC, name"""
