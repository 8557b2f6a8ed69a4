"""How good predictions are: the paper's five measures (section 3.1), on the log score."""

import math

import numpy as np

TOP = 10


def scorecard(truth: np.ndarray, predicted: np.ndarray) -> dict[str, float | None]:
    """Measure predictions of the log score.

    Parameters
    ----------
    truth, predicted : ndarray, (n,), float
        log1p of the popularity score at the horizon day.

    Returns
    -------
    dict of str to float or None
        ``MAE``, ``MSE``, ``R2``: mean absolute error, mean squared error (equation 2) and coefficient of
        determination, in log units. ``SRCC``: Spearman's rank correlation. ``NDCG@10``: see `ndcg`. None where a
        measure is not defined, such as a correlation with a constant.
    """
    from scipy.stats import rankdata
    from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score

    varied = len(truth) > 1 and np.ptp(truth) > 0
    ranked = varied and np.ptp(predicted) > 0
    values = {
        "MAE": mean_absolute_error(truth, predicted),
        "MSE": mean_squared_error(truth, predicted),
        "R2": r2_score(truth, predicted) if varied else math.nan,
        "SRCC": np.corrcoef(rankdata(truth), rankdata(predicted))[0, 1] if ranked else math.nan,
        "NDCG@10": ndcg(truth, predicted) if len(truth) > 1 else math.nan,
    }
    return {name: float(value) if math.isfinite(value) else None for name, value in values.items()}


def ndcg(truth: np.ndarray, predicted: np.ndarray, top: int = TOP) -> float:
    """Normalised discounted cumulative gain of the ``top`` videos by ``predicted``.

    A video's gain is its popularity score on the natural scale, and its discount ``log2(rank + 1)``: how much of the
    popularity that the best possible list of ten would hold is held by ours. The paper gives no formula; on the log
    scale almost any order would come near 1.
    """
    from sklearn.metrics import ndcg_score

    return float(ndcg_score(np.expm1(np.maximum(truth, 0.0))[None, :], predicted[None, :], k=top))


def interval_card(score: np.ndarray, low: np.ndarray, high: np.ndarray, level: float) -> dict[str, float]:
    """Measure intervals on the natural scale: ``coverage``, and ``mean_width`` in log units so that hits do not drown
    the rest."""
    return {
        "level": level,
        "coverage": float(np.mean((low <= score) & (score <= high))),
        "mean_width": float(np.mean(np.log1p(high) - np.log1p(low))),
    }
