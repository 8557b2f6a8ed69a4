"""How a fact's SHAP value goes with its value, and which other fact changes that most.

The strongest interaction is found as `shap.utils.approximate_interactions` looks for it, made cheap and fair to facts
with many values: within bins of the fact's own value, how much of what is left of its SHAP value do bins of another
fact explain, less what as many meaningless bins would (epsilon squared, Kelley 1935)?
"""

from dataclasses import dataclass

import numpy as np

from mtaf_core.schema import Kind
from mtaf_core.study.expectation import COLUMNS
from mtaf_core.study.sample import FEATURE_OF, Models, Sample, mean_of

MOST_POINTS = 2_000
"""Points that one plot shows."""
OWN_BINS, OTHER_BINS, MOST_WORDS = 20, 4, 8
WEAK = 0.02
"""A fact that explains less than this of what is left is no interaction."""
CLEAR = 3.0
"""Standard deviations of what meaningless bins explain that a fact must pass: it is the best of some thirty."""
FEW_IN_BIN = 5


@dataclass(frozen=True)
class Dependence:
    """SHAP values of a column against its values.

    Parameters
    ----------
    column : str
    row, values, effect : (m,)
        Rows of the panel, values (codes of words) and SHAP values of the videos drawn, at most `MOST_POINTS`, evenly
        over time; natural-log units.
    other : str
        The column that the effect changes with most, ``""`` where none does.
    other_values : (m,)
        NaN unknown; all NaN where there is no ``other``.
    strength : float
        The share of what is left of the effect that ``other`` explains, 0 to 1.
    trend_values, trend, trend_low, trend_high : (b,)
        Mean value, mean effect and its 90% interval by bins of values (or single values), of all videos known.
    known : int
        Videos of the sample whose value is known.
    """

    column: str
    row: np.ndarray
    values: np.ndarray
    effect: np.ndarray
    other: str
    other_values: np.ndarray
    strength: float
    trend_values: np.ndarray
    trend: np.ndarray
    trend_low: np.ndarray
    trend_high: np.ndarray
    known: int


def dependence(sample: Sample, column: str, models: Models = "both") -> Dependence:
    """How the SHAP value of a column goes with its values in the sample; may be of no video at all."""
    values, effect = sample.values(column), sample.effect(column, models)
    known = np.flatnonzero(~np.isnan(values))
    other, strength = strongest(sample, column, models)
    drawn = known
    if len(known) > MOST_POINTS:
        drawn = known[np.linspace(0, len(known) - 1, MOST_POINTS).astype(int)]
    others = sample.values(other)[drawn] if other else np.full(len(drawn), np.nan)
    at, mean, low, high = _trend(values[known], effect[known], sample.kol[known], column)
    return Dependence(
        column,
        sample.row[drawn],
        values[drawn],
        effect[drawn],
        other,
        others,
        strength,
        at,
        mean,
        low,
        high,
        len(known),
    )


def strongest(sample: Sample, column: str, models: Models = "both") -> tuple[str, float]:
    """The column that a column's effect changes with most, and how much it explains; ``("", 0)`` where none does."""
    found = interactions(sample, column, models)
    best = max(found, key=lambda name: found[name], default="")
    return (best, found[best]) if best and found[best] >= WEAK else ("", 0.0)


def interactions(sample: Sample, column: str, models: Models = "both") -> dict[str, float]:
    """How much of what is left of a column's effect each other column explains, 0 to 1."""
    values, effect = sample.values(column), sample.effect(column, models)
    known = ~np.isnan(values)
    if known.sum() < 2 * OWN_BINS:
        return {}
    own, left = bins_of(values[known], OWN_BINS, column), effect[known]
    size = np.bincount(own)
    left = left - (np.bincount(own, weights=left) / np.maximum(size, 1))[own]
    total = float((left**2).sum())
    if total <= 1e-9 * known.sum():
        return {}
    found = {}
    for other in COLUMNS:
        if FEATURE_OF[other] is FEATURE_OF[column]:
            continue
        its = bins_of(sample.values(other)[known], OTHER_BINS, other)
        if its.max(initial=0) > 0:
            found[other] = _explained(own, its, left, total)
    return found


def bins_of(values: np.ndarray, most: int, column: str) -> np.ndarray:
    """The bin of each value, 0 upwards: quantiles of numbers, single words; one more for unknown."""
    known = ~np.isnan(values)
    out = np.zeros(len(values), dtype=np.int64)
    if known.any():
        if FEATURE_OF[column].kind is Kind.CATEGORY:
            out[known] = np.minimum(values[known], MOST_WORDS - 1).astype(np.int64)  # codes go from the most frequent
        else:
            edges = np.unique(np.quantile(values[known], np.linspace(0, 1, most + 1)[1:-1], method="inverted_cdf"))
            out[known] = np.searchsorted(edges, values[known], side="left")
    out[~known] = out.max(initial=0) + 1
    _, dense = np.unique(out, return_inverse=True)
    return np.asarray(dense, dtype=np.int64)


def _explained(own: np.ndarray, its: np.ndarray, left: np.ndarray, total: float) -> float:
    cell = own * (its.max() + 1) + its
    size = np.bincount(cell)
    taken = size > 0
    between = float((np.bincount(cell, weights=left)[taken] ** 2 / size[taken]).sum())
    cells, n = int(taken.sum()), len(left)
    if n <= cells:
        return 0.0
    freed = cells - len(np.unique(own))
    by_chance = freed * (total - between) / (n - cells)
    found = (between - by_chance) / total
    return found if found > CLEAR * np.sqrt(2 * freed) / (n - cells) else 0.0


def _trend(values: np.ndarray, effect: np.ndarray, kol: np.ndarray, column: str) -> tuple[np.ndarray, ...]:
    levels, place = np.unique(values, return_inverse=True)
    if len(levels) > OWN_BINS and FEATURE_OF[column].kind in (Kind.COUNT, Kind.MEASURE):
        place = bins_of(values, OWN_BINS, column)
    found = []
    for one in range(int(place.max(initial=-1)) + 1):
        inside = place == one
        if inside.sum() >= FEW_IN_BIN:
            (mean,), (reach,) = mean_of(effect[inside][:, None], kol[inside])
            found.append((np.median(values[inside]), mean, mean - reach, mean + reach))
    return tuple(np.array(found).reshape(-1, 4).T)
