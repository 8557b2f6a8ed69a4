"""What drives popularity: every measure of importance on one table, for a market and for any cohort of it.

Weight, gain, cover, split and their totals belong to the trees (`mtaf_core.model.trees`) and are one number for the
whole market. What permuting a fact costs and the mean absolute SHAP value belong to videos, so that a cohort has its
own, with intervals. Effects say how far the forecasts go with a fact, as factors of popularity.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mtaf_core.schema import BEFORE_RELEASE, Kind
from mtaf_core.study.expectation import COLUMNS
from mtaf_core.study.sample import FEATURE_OF, LIBRARIES, OF_SCHEMA, Models, Sample, mean_of, reach_of

MEASURES: dict[str, tuple[str, ...]] = {
    "xgboost": ("weight", "gain", "cover", "total_gain", "total_cover", "permutation", "shap"),
    "lightgbm": ("split", "gain", "permutation", "shap"),
}
"""Every measure by library: those of the paper's Figure 3, their totals, and the two that belong to videos."""

OF_VIDEOS: tuple[str, ...] = ("permutation", "shap")
"""Measures that a cohort has of its own."""

FEW_SAMPLED = 30
"""With fewer explained videos than this, a cohort's own measures are not given."""

FEW_OF_LEVEL = 20
"""A value held by fewer explained videos than this is no end of an effect."""


@dataclass(frozen=True)
class Measures:
    """Importance of every fact by every measure.

    Parameters
    ----------
    values, shares, low, high : DataFrame
        Index feature (Table 1 names), by mean share, largest first; columns ``"library.kind"`` in the order of
        `MEASURES`, those that cannot be given left out. ``values`` are in the measure's own unit: counts, loss,
        videos; squared log units for permutation, log units for SHAP. ``shares`` are parts of the measure's total
        (what permuting costs less than nothing counts 0), each column summing to 1, or all 0. ``low`` and ``high`` are
        the 90% interval of ``shares``, NaN where a measure belongs to the trees.
    explained, permuted : int
        Videos behind SHAP and behind permutation.
    """

    values: pd.DataFrame
    shares: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    explained: int
    permuted: int

    def missing(self) -> tuple[str, ...]:
        """Kinds of measure that too few videos are there for."""
        counted = {"permutation": self.permuted, "shap": self.explained}
        return tuple(kind for kind in OF_VIDEOS if counted[kind] < FEW_SAMPLED)


def measures(importance: Mapping[str, Mapping[str, Mapping[str, float]]], sample: Sample) -> Measures:
    """Importance by every measure.

    Parameters
    ----------
    importance : mapping
        ``{library: {kind: {feature: value}}}``, from `factors.read_importance`.
    sample : Sample
        Of the cohort.
    """
    explained, permuted = len(sample.row), len(sample.permuted_row)
    values: dict[str, np.ndarray] = {}
    reach: dict[str, np.ndarray] = {}
    for library in LIBRARIES:
        for kind in MEASURES[library]:
            name = f"{library}.{kind}"
            if kind == "shap":
                if explained >= FEW_SAMPLED:
                    values[name], reach[name] = mean_of(np.abs(_by_feature(sample.shap[library])), sample.kol)
            elif kind == "permutation":
                if permuted >= FEW_SAMPLED:
                    values[name], reach[name] = mean_of(sample.cost[library], sample.permuted_kol)
            elif kind in importance.get(library, {}):
                said = importance[library][kind]
                values[name] = np.array([float(said.get(feature, 0.0)) for feature in OF_SCHEMA])
    table = pd.DataFrame(values, index=pd.Index(OF_SCHEMA, name="feature"))
    total = table.clip(lower=0).sum(axis=0)
    total = total.where(total > 0, 1.0)
    spread = pd.DataFrame(reach, index=table.index).reindex(columns=table.columns)
    shares = table.clip(lower=0) / total
    order = shares.mean(axis=1).sort_values(ascending=False, kind="stable").index
    low, high = (table - spread).clip(lower=0) / total, (table + spread) / total
    return Measures(table.loc[order], shares.loc[order], low.loc[order], high.loc[order], explained, permuted)


def _by_feature(columns: np.ndarray) -> np.ndarray:
    """SHAP values of columns added up over the columns of each feature, (n, len(BEFORE_RELEASE))."""
    summed = [columns[:, [COLUMNS.index(c) for c in f.columns]].sum(axis=1) for f in BEFORE_RELEASE]
    return np.column_stack(summed).astype(np.float64)


@dataclass(frozen=True)
class Effect:
    """How far the models' forecasts go with a fact, from one end of it to the other.

    Parameters
    ----------
    column : str
    between : {"tenths", "values"}
        Whether the ends are the lowest and the highest tenth of videos, or two single values: no and yes, or those
        with the lowest and the highest forecasts where values have no order.
    start, end : float
        The lowest tenth is at most ``start`` and the highest at least ``end``; or the two values.
    n_start, n_end : int
        Explained videos at the ends.
    log_effect, low, high : float
        Mean SHAP value at ``end`` minus that at ``start``, natural log of popularity; and from the lower end to the
        upper of the libraries' 90% intervals, since they say what other videos would give, not what other trees would.
    by_library : dict of str to float
        What each library says.
    """

    column: str
    between: str
    start: float
    end: float
    n_start: int
    n_end: int
    log_effect: float
    low: float
    high: float
    by_library: dict[str, float]


def effect(sample: Sample, column: str, models: Models = "both") -> Effect | None:
    """The effect of a column in the sample; None where it hardly varies or too few videos are at its ends."""
    values, shap = sample.values(column), sample.effect(column, models)
    kind = FEATURE_OF[column].kind
    known = ~np.isnan(values)
    if known.sum() < 2 * FEW_OF_LEVEL:
        return None
    if kind in (Kind.COUNT, Kind.MEASURE):
        start, end = np.quantile(values[known], [0.1, 0.9], method="inverted_cdf")
        if start >= end:
            return None
        ends = (values <= start, values >= end)
    else:
        two = _ends(values[known], shap[known], ordered=kind is Kind.FLAG)
        if two is None:
            return None
        start, end = two
        ends = (values == start, values == end)
    between = "tenths" if kind in (Kind.COUNT, Kind.MEASURE) else "values"
    asked = LIBRARIES if models == "both" else (models,)
    found = [_between(sample.effect(column, library), ends, sample.kol) for library in asked]
    mean, low, high = (np.array(part) for part in zip(*found, strict=True))
    n_start, n_end = (int(end.sum()) for end in ends)
    return Effect(
        column, between, float(start), float(end), n_start, n_end,
        float(mean.mean()), float(low.min()), float(high.max()),
        {library: float(one) for library, one in zip(asked, mean, strict=True)},
    )  # fmt: skip


def _between(shap: np.ndarray, ends: tuple[np.ndarray, np.ndarray], kol: np.ndarray) -> tuple[float, float, float]:
    """The difference of the mean SHAP values of two ends, and its interval."""
    added, means = np.zeros(len(shap)), []
    for end, sign in zip(ends, (-1, 1), strict=True):
        means.append(shap[end].mean())
        added += sign * end * (shap - means[-1]) / end.sum()
    found, reach = float(means[1] - means[0]), float(reach_of(added, kol))
    return found, found - reach, found + reach


def effects(sample: Sample) -> dict[str, Effect]:
    """The effect of each feature of Table 1 that has one, of the column of it that moves forecasts most."""
    found = {}
    for feature in BEFORE_RELEASE:
        column = max(feature.columns, key=lambda c: float(np.abs(sample.effect(c)).mean()) if len(sample.row) else 0.0)
        if (one := effect(sample, column)) is not None:
            found[feature.name] = one
    return found


def _ends(values: np.ndarray, shap: np.ndarray, ordered: bool) -> tuple[float, float] | None:
    """The two values to compare, of those that enough videos have: no and yes, or the lowest and the highest mean."""
    levels, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    means = np.bincount(place, weights=shap) / counts
    enough = np.flatnonzero(counts >= FEW_OF_LEVEL)
    if len(enough) < 2:
        return None
    if ordered:
        return float(levels[enough[0]]), float(levels[enough[-1]])
    order = enough[np.argsort(means[enough], kind="stable")]
    return float(levels[order[0]]), float(levels[order[-1]])
