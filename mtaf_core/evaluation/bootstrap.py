"""How sure a measure is: intervals from resampling the test videos with replacement (Efron 1979).

A resample is a count of how often each video was drawn, and every measure has a form over counts, so that a thousand
resamples are a few passes over one matrix. With every count 1 the values are those of `model.metrics.scorecard`.
"""

import numpy as np

from mtaf_core.model.metrics import TOP

MEASURES = ("MAE", "MSE", "R2", "SRCC", "NDCG@10")
_CELLS = 4_000_000


def resampled_counts(videos: int, resamples: int, seed: int) -> np.ndarray:
    """How often each video is in each resample, (resamples, videos), uint8: a large market has many."""
    random = np.random.default_rng(seed)
    counts = np.empty((resamples, videos), dtype=np.uint8)
    for number in range(resamples):
        counts[number] = np.bincount(random.integers(0, videos, videos), minlength=videos)
    return counts


def measures(truth: np.ndarray, predicted: np.ndarray, counts: np.ndarray) -> dict[str, np.ndarray]:
    """All five measures of every resample.

    Parameters
    ----------
    truth, predicted : ndarray, (n,)
        Log scores.
    counts : ndarray, (R, n), int
        How often each video counts; each row has the same sum.

    Returns
    -------
    dict of str to ndarray, (R,)
        By the names of `MEASURES`; NaN where a measure is not defined.
    """
    step = max(1, _CELLS // max(len(truth), 1))
    parts = [_measured(truth, predicted, counts[i : i + step]) for i in range(0, len(counts), step)]
    return {name: np.concatenate([part[name] for part in parts]) for name in MEASURES}


def intervals(
    truth: np.ndarray, predicted: np.ndarray, counts: np.ndarray, level: float = 0.95
) -> dict[str, list[float] | None]:
    """Percentile intervals of every measure.

    Parameters
    ----------
    truth : ndarray, (n,)
    predicted : ndarray, (seeds, n)
        Of several seeds the measure is the mean over them, within each resample.
    counts : ndarray, (R, n)
        From `resampled_counts`; the same for all methods, so that their intervals are of the same resamples.
    level : float, default 0.95

    Returns
    -------
    dict of str to [low, high], or None where the measure is not defined
    """
    found = [measures(truth, one, counts) for one in predicted]
    tails = [(1 - level) / 2, (1 + level) / 2]
    answer: dict[str, list[float] | None] = {}
    for name in MEASURES:
        values = np.mean([one[name] for one in found], axis=0)
        there = values[np.isfinite(values)]
        answer[name] = [float(v) for v in np.quantile(there, tails)] if len(there) else None
    return answer


def difference(
    truth: np.ndarray, one: np.ndarray, other: np.ndarray, counts: np.ndarray, level: float = 0.95
) -> dict[str, float]:
    """Mean squared error of ``one`` minus that of ``other``, on the same resamples.

    Parameters
    ----------
    truth : ndarray, (n,)
    one, other : ndarray, (seeds, n)

    Returns
    -------
    dict
        ``difference``, its interval ``low`` and ``high``, and ``share_below`` of the resamples where ``one`` is better.
    """
    gap = ((one - truth) ** 2).mean(axis=0) - ((other - truth) ** 2).mean(axis=0)
    drawn = np.array([one @ gap for one in counts]) / len(truth)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return {
        "difference": float(gap.mean()),
        "low": float(low),
        "high": float(high),
        "share_below": float((drawn < 0).mean()),
    }


def _measured(truth: np.ndarray, predicted: np.ndarray, counts: np.ndarray) -> dict[str, np.ndarray]:
    weights = counts.astype(np.float64)
    total = weights.sum(axis=1)
    error = predicted - truth
    squares = weights @ error**2 / total
    center = truth.mean()  # a shift changes nothing, and keeps the difference of squares exact
    mean = weights @ (truth - center) / total
    variance = weights @ (truth - center) ** 2 / total - mean**2
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "MAE": weights @ np.abs(error) / total,
            "MSE": squares,
            "R2": np.where(variance > 1e-12, 1 - squares / variance, np.nan),
            "SRCC": _rank_correlation(_midranks(truth, weights), _midranks(predicted, weights), weights, total),
            "NDCG@10": _ndcg(truth, predicted, weights),
        }


def _midranks(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Ranks within each resample, equal values sharing their mean rank, (R, n)."""
    order = np.argsort(values, kind="stable")
    starts = np.flatnonzero(np.append(True, np.diff(values[order]) > 0))
    group = np.cumsum(np.bincount(starts, minlength=len(values))) - 1
    sizes = np.add.reduceat(weights[:, order], starts, axis=1)  # (R, groups)
    middle = np.cumsum(sizes, axis=1) - (sizes - 1) / 2
    ranks = np.empty_like(weights)
    ranks[:, order] = middle[:, group]
    return ranks


def _rank_correlation(one: np.ndarray, other: np.ndarray, weights: np.ndarray, total: np.ndarray) -> np.ndarray:
    mean = ((total + 1) / 2)[:, None]
    left, right = one - mean, other - mean
    spread = np.sqrt((weights * left**2).sum(axis=1) * (weights * right**2).sum(axis=1))
    found: np.ndarray = (weights * left * right).sum(axis=1) / np.where(spread > 0, spread, np.nan)
    return found


def _ndcg(truth: np.ndarray, predicted: np.ndarray, weights: np.ndarray) -> np.ndarray:
    gain = np.expm1(np.maximum(truth, 0.0))
    best = _gained(truth, gain, weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(best > 0, _gained(predicted, gain, weights) / best, 0.0)


def _gained(keys: np.ndarray, gain: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Discounted gain of the best ten by ``keys``; equal ones share the discounts of their places."""
    discounts = np.concatenate([[0.0], np.cumsum(1 / np.log2(np.arange(2, TOP + 2)))])  # of the first p places
    order = np.argsort(-keys, kind="stable")
    starts = np.flatnonzero(np.append(True, np.diff(-keys[order]) > 0))
    sizes = np.add.reduceat(weights[:, order], starts, axis=1)  # (R, groups)
    gains = np.add.reduceat(weights[:, order] * gain[order], starts, axis=1)
    upto = np.minimum(np.cumsum(sizes, axis=1), TOP).astype(int)
    before = np.minimum(np.cumsum(sizes, axis=1) - sizes, TOP).astype(int)
    shared = discounts[upto] - discounts[before]
    found: np.ndarray = (gains / np.maximum(sizes, 1) * shared).sum(axis=1)
    return found
