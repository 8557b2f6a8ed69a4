"""Where measures of importance disagree on a fact, and why: read off the fact's values and what else moves with it.

Measures answer different questions. How often a fact splits grows with how many thresholds it offers; average gain and
cover favour facts with few, large splits, which the paper notes of categories (section 2.1); facts that move together
share their SHAP values by chance of which tree took which, and permuting one of them leaves the other to be read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mtaf_core.schema import BEFORE_RELEASE, FEATURE, Kind
from mtaf_core.study.drivers import Measures
from mtaf_core.study.expectation import COLUMNS
from mtaf_core.study.panel import CATEGORIES
from mtaf_core.study.sample import FEATURE_OF, OF_SCHEMA, Sample

KINDS: dict[str, tuple[str, ...]] = {
    "often": ("xgboost.weight", "lightgbm.split"),
    "each": ("xgboost.gain", "xgboost.cover"),
    "total": ("xgboost.total_gain", "xgboost.total_cover", "lightgbm.gain"),
    "permutation": ("xgboost.permutation", "lightgbm.permutation"),
    "shap": ("xgboost.shap", "lightgbm.shap"),
}
"""Measures by the question they answer: how often it splits, what each split brings, what all bring, and the two of
videos."""

APART = 3
"""Mean ranks this far apart are told of."""
MANY_VALUES = 20
"""Numbers with more different values than this offer trees many thresholds."""
TOGETHER, FEW_TOGETHER = 0.5, 20
"""Facts with a correlation of ranks at least this strong, over this many videos, are said to move together."""


@dataclass(frozen=True)
class Why:
    """One reason, as a code and its values; pages have the words.

    Codes: ``many_values``, ``many_words``, ``few_values`` (values), ``small_splits``, ``rare_splits`` (splits),
    ``wide_splits``, ``narrow_splits``, ``moves_with`` (other, correlation), ``not_carried``, ``within_chance`` (n),
    ``libraries`` (xgboost, lightgbm: ranks, or mean ranks).
    """

    code: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Disagreement:
    """How a fact ranks by each measure, and why the ranks differ.

    Parameters
    ----------
    feature : str
    ranks : dict of str to int
        By measure, 1 the largest.
    best, worst : str
        The measures that rank it highest and lowest.
    reasons : tuple of Why
        Empty where measures agree, or where nothing in the data says why they do not.
    """

    feature: str
    ranks: dict[str, int]
    best: str
    worst: str
    reasons: tuple[Why, ...]

    @property
    def spread(self) -> int:
        """Places between the highest and the lowest rank."""
        return self.ranks[self.worst] - self.ranks[self.best]


def ranks(shares: pd.DataFrame) -> pd.DataFrame:
    """Rank of each feature by each measure, 1 the largest; ties share the better rank; int64."""
    return shares.rank(axis=0, method="min", ascending=False).astype("int64")


def disagreements(found: Measures, sample: Sample, picked: Sequence[str]) -> dict[str, Disagreement]:
    """What measures say of each feature that any of them finds used.

    Parameters
    ----------
    found : Measures
    sample : Sample
        Of the cohort.
    picked : sequence of str
        Measures compared, of the columns of ``found``.
    """
    if not picked:
        return {}
    used = found.shares.index[(found.shares[list(picked)] > 0).any(axis=1)]
    # Plain numbers: a Series is slow to ask one by one.
    ranked = {
        str(name): {str(m): int(r) for m, r in of.items()} for name, of in ranks(found.shares.loc[used]).iterrows()
    }
    strong = correlations(sample)
    told = {}
    for feature in used:
        of = ranked[feature]
        chosen = {measure: of[measure] for measure in picked}
        best, worst = min(chosen, key=chosen.__getitem__), max(chosen, key=chosen.__getitem__)
        reasons = _reasons(feature, of, picked, found, sample, strong) if chosen[worst] - chosen[best] >= APART else ()
        told[feature] = Disagreement(feature, chosen, best, worst, reasons)
    return told


def marked(one: Disagreement, features: int) -> bool:
    """Whether a disagreement among so many features is worth a mark.

    It is where ranks differ by a third of the features, and by `APART`, and some measure ranks it in the upper half:
    the order of facts that no measure finds important is chance.
    """
    return one.spread >= max(APART, -(-features // 3)) and 2 * one.ranks[one.best] <= features + 1


def correlations(sample: Sample) -> dict[str, tuple[str, float]]:
    """The feature that each feature moves with most, and their correlation, -1 to 1.

    Spearman's between numbers and flags, over videos that know both. Between a category and a number it is the
    correlation ratio of the number's ranks, 0 to 1; two categories are not compared.
    """
    ranked = np.column_stack([_ranked(values) for values in sample.facts.T])
    strength = _spearman(ranked)
    for place in (COLUMNS.index(column) for column in CATEGORIES):
        strength[place, :] = strength[:, place] = 0.0
        for other in range(len(COLUMNS)):
            if COLUMNS[other] not in CATEGORIES:
                both = ~np.isnan(sample.facts[:, place]) & ~np.isnan(ranked[:, other])
                if both.sum() >= FEW_TOGETHER:
                    ratio = _ratio(sample.facts[both, place], ranked[both, other])
                    strength[place, other] = strength[other, place] = ratio
    found: dict[str, tuple[str, float]] = {}
    for feature in BEFORE_RELEASE:
        own = [COLUMNS.index(column) for column in feature.columns]
        others = strength[own].copy()
        others[:, own] = 0.0
        at = int(np.abs(others).argmax())
        if others.flat[at]:
            found[feature.name] = (FEATURE_OF[COLUMNS[at % len(COLUMNS)]].name, float(others.flat[at]))
    return found


def _ranked(values: np.ndarray) -> np.ndarray:
    """Ranks with ties at their mean, scaled to mean 0 and spread 1; NaN where unknown, 0 where nothing varies."""
    known = ~np.isnan(values)
    out = np.full(len(values), np.nan)
    if not known.any():
        return out
    _, place, counts = np.unique(values[known], return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[place]
    spread = rank.std()
    out[known] = (rank - rank.mean()) / spread if spread > 0 else 0.0
    return out


def _spearman(ranked: np.ndarray) -> np.ndarray:
    """Correlations of every pair of columns over the rows that know both, (k, k); 0 where too few do."""
    known = (~np.isnan(ranked)).astype(np.float64)
    filled = np.nan_to_num(ranked)
    n, total, squares = known.T @ known, filled.T @ known, (filled**2).T @ known
    with np.errstate(all="ignore"):
        spread = squares / n - (total / n) ** 2
        found = (filled.T @ filled / n - total / n * total.T / n) / np.sqrt(spread * spread.T)
    found[(n < FEW_TOGETHER) | ~(spread > 1e-9) | ~(spread.T > 1e-9)] = 0.0
    return np.asarray(np.nan_to_num(found))


def _ratio(words: np.ndarray, numbers: np.ndarray) -> float:
    """The correlation ratio, less what as many words without meaning would have."""
    levels, place, counts = np.unique(words, return_inverse=True, return_counts=True)
    means = np.bincount(place, weights=numbers) / counts
    n, k = len(numbers), len(levels)
    if n <= k:
        return 0.0
    between = float((counts * (means - numbers.mean()) ** 2).sum())
    total = float(((numbers - numbers.mean()) ** 2).sum())
    within = (total - between) / (n - k)
    return float(np.sqrt(max(0.0, (between - (k - 1) * within) / total)))


def _reasons(
    feature: str, of: Mapping[str, int], picked: Sequence[str], found: Measures, sample: Sample,
    strong: dict[str, tuple[str, float]],
) -> tuple[Why, ...]:  # fmt: skip
    mean = {kind: _mean(of, here) for kind, names in KINDS.items() if (here := [m for m in names if m in picked])}
    told = [why for why in (_of_splits(feature, mean, found, sample),) if why is not None]
    if (why := _of_videos(feature, mean, found, strong)) is not None:
        told.append(why)
    by_library = [_mean(of, names) if (names := _comparable(library, picked)) else None for library in _COMPARED]
    if by_library[0] is not None and by_library[1] is not None and abs(by_library[0] - by_library[1]) >= APART:
        told.append(Why("libraries", {"xgboost": round(by_library[0]), "lightgbm": round(by_library[1])}))
        other, value = strong.get(feature, ("", 0.0))
        if abs(value) >= TOGETHER and not any(one.code == "moves_with" for one in told):
            told.append(Why("moves_with", {"other": other, "correlation": value}))
    return tuple(told) or _of_two(feature, {m: of[m] for m in picked}, found, sample, strong)


def _mean(of: Mapping[str, int], measures: Sequence[str]) -> float:
    return sum(of[measure] for measure in measures) / len(measures)


def _of_two(
    feature: str, of: Mapping[str, int], found: Measures, sample: Sample, strong: dict[str, tuple[str, float]]
) -> tuple[Why, ...]:
    """Why two measures differ that rank a fact highest and lowest, where kinds of measure do not on the whole."""
    best, worst = min(of, key=of.__getitem__), max(of, key=of.__getitem__)
    kinds = {name: kind for kind, names in KINDS.items() for name in names}
    about = {"cover" if "cover" in name else "gain" if "gain" in name else "": name for name in (best, worst)}
    if {"cover", "gain"} == set(about):
        return (Why("wide_splits" if about["cover"] == best else "narrow_splits", {}),)
    if kinds[best] == kinds[worst]:
        ranked = {name.split(".")[0]: int(of[name]) for name in (best, worst)}
        return (Why("libraries", ranked),)
    mean = {kinds[name]: float(of[name]) for name in (best, worst)}
    told = (_of_splits(feature, mean, found, sample), _of_videos(feature, mean, found, strong))
    return tuple(why for why in told if why is not None)


def _of_splits(feature: str, mean: dict[str, float], found: Measures, sample: Sample) -> Why | None:
    """Why what each split brings ranks a fact lower or higher than how often it splits, or all else."""
    if "each" not in mean:
        return None
    kind, values = FEATURE[feature].kind, max(sample.varied[c] for c in FEATURE[feature].columns)
    splits = int(found.values["xgboost.weight"][feature])
    if mean["each"] - min(mean.values()) >= APART:
        if kind is Kind.CATEGORY and values > 2:
            return Why("many_words", {"values": values})
        return (
            Why("many_values", {"values": values}) if values > MANY_VALUES else Why("small_splits", {"splits": splits})
        )
    if mean.get("often", 0.0) - mean["each"] >= APART:
        return (
            Why("few_values", {"values": values})
            if 1 < values <= MANY_VALUES
            else Why("rare_splits", {"splits": splits})
        )
    return None


def _of_videos(
    feature: str, mean: dict[str, float], found: Measures, strong: dict[str, tuple[str, float]]
) -> Why | None:
    """Why permutation ranks a fact lower than SHAP does, or than all its splits together where that is not picked."""
    others = [mean[kind] for kind in ("shap", "total") if kind in mean][:1]  # these too say what all splits bring
    if "permutation" not in mean or not others or mean["permutation"] - others[0] < APART:
        return None
    other, value = strong.get(feature, ("", 0.0))
    if abs(value) >= TOGETHER:
        return Why("moves_with", {"other": other, "correlation": value})
    names = [name for name in KINDS["permutation"] if name in found.low]
    if all(found.low[name][feature] <= 0 for name in names):
        return Why("within_chance", {"n": found.permuted})
    return Why("not_carried", {"n": found.permuted})


_COMPARED: dict[str, dict[str, str]] = {
    "xgboost": {"weight": "split", "total_gain": "gain", "permutation": "permutation", "shap": "shap"},
    "lightgbm": {"split": "weight", "gain": "total_gain", "permutation": "permutation", "shap": "shap"},
}
"""Measures that both libraries have, by the other's name: LightGBM's gain is a total."""


def _comparable(library: str, picked: Sequence[str]) -> list[str]:
    other = "lightgbm" if library == "xgboost" else "xgboost"
    pairs = _COMPARED[library].items()
    return [f"{library}.{mine}" for mine, its in pairs if f"{library}.{mine}" in picked and f"{other}.{its}" in picked]


assert set(OF_SCHEMA) == {FEATURE_OF[c].name for c in COLUMNS}
