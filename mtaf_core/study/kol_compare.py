"""Two to five KOLs beside each other: is one really better than another, and how sure is that?

Lift and level of two KOLs are posteriors that are normal and taken as independent, so that their difference is normal
too; what they share (the mean of the market, the variances) is counted twice, which makes the interval a little wide,
never narrow. Shares of explosive videos have beta posteriors with the prior of Jeffreys, compared by draws.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import numpy as np
from scipy.special import ndtr

from mtaf_core.study.kols import Table
from mtaf_core.study.shrinkage import FALSE_SIGNS, clear_signs

Measure = Literal["lift", "level", "explosive"]
MEASURES: tuple[Measure, ...] = ("lift", "level", "explosive")
FEWEST_COMPARED, MOST_COMPARED = 2, 5
_REACH = 1.6448536269514722  # standard deviations of a 90% interval
_DRAWS = 20_000


@dataclass(frozen=True)
class Difference:
    """One KOL against another.

    Parameters
    ----------
    measure : Measure
    better, other : str
        Keys; ``better`` is the one more likely to be.
    value, low, high : float
        How much better, with the 90% interval: on the natural log for lift and level, a difference of shares of 1 for
        explosive videos.
    probability : float
        That ``better`` is really better, 0.5 to 1.
    clear : bool
        In the largest set of the pairs compared whose mean risk of a wrong order is at most 5%, with an interval that
        leaves out 0.
    """

    measure: Measure
    better: str
    other: str
    value: float
    low: float
    high: float
    probability: float
    clear: bool


def differences(table: Table, keys: Sequence[str], measure: Measure) -> list[Difference]:
    """Every pair of the KOLs that have the measure, the surest first.

    Parameters
    ----------
    keys : sequence of str
        KOLs of ``table``; those it does not have, or of whom the measure is unknown, are left out.
    """
    rows = {key: row for key in keys if (row := table.row(key)) is not None}
    made = [
        pair for a, b in combinations(rows, 2) if (pair := _pair(measure, a, b, rows[a], rows[b])) is not None
    ]  # fmt: skip
    if not made:
        return []
    clear = clear_signs(np.array([1 - pair.probability for pair in made]), FALSE_SIGNS)
    told = [
        Difference(p.measure, p.better, p.other, p.value, p.low, p.high, p.probability, bool(c) and p.low > 0)
        for p, c in zip(made, clear, strict=True)
    ]
    return sorted(told, key=lambda pair: -pair.probability)


def _pair(measure: Measure, a: str, b: str, first: dict[str, Any], second: dict[str, Any]) -> Difference | None:
    if measure == "explosive":
        return _of_shares(a, b, first, second)
    values = [row[name] for row in (first, second) for name in (measure, f"{measure}_sd")]
    if any(value is None or np.isnan(value) for value in values):
        return None
    mean, sd = values[0] - values[2], float(np.hypot(values[1], values[3]))
    likely = float(ndtr(mean / sd)) if sd > 0 else float(np.where(mean == 0, 0.5, mean > 0))
    return _told(measure, a, b, mean, mean - _REACH * sd, mean + _REACH * sd, likely)


def _of_shares(a: str, b: str, first: dict[str, Any], second: dict[str, Any]) -> Difference | None:
    if not first["explosive_n"] or not second["explosive_n"]:
        return None
    random = np.random.default_rng(0)
    drawn = []
    for row in (first, second):
        hits = round(row["explosive"] * row["explosive_n"])
        drawn.append(random.beta(hits + 0.5, row["explosive_n"] - hits + 0.5, _DRAWS))
    apart = drawn[0] - drawn[1]
    low, high = (float(v) for v in np.quantile(apart, [0.05, 0.95]))
    return _told("explosive", a, b, float(np.median(apart)), low, high, float((apart > 0).mean()))


def _told(measure: Measure, a: str, b: str, mean: float, low: float, high: float, likely: float) -> Difference:
    if likely >= 0.5:
        return Difference(measure, a, b, mean, low, high, likely, False)
    return Difference(measure, b, a, -mean, -high, -low, 1 - likely, False)
