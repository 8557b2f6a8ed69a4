"""How a video's counts grow over its first six days."""

from dataclasses import dataclass

import numpy as np

from mtaf_core.data.demo.effects import Floats
from mtaf_core.schema import HORIZON_DAY, SCORE_WEIGHTS

DAYS = HORIZON_DAY


@dataclass(frozen=True)
class Growth:
    """Cumulative counts by day.

    Parameters
    ----------
    favorite, comment, share, save : (n, DAYS) int64
        Each row never falls.
    """

    favorite: np.ndarray
    comment: np.ndarray
    share: np.ndarray
    save: np.ndarray


def curves(log_popularity: Floats, rng: np.random.Generator) -> Floats:
    """Share of the day-6 total gathered by each day: rich get richer, attention fades, shocks strike.

    Day by day a video gains in proportion to what it has (to the power 0.5), times an attention that decays at its
    own speed, times a shock. The more popular decay more slowly.

    Returns
    -------
    (n, DAYS) float64
        Rising along each row to exactly 1.
    """
    n = len(log_popularity)
    speed = 0.62 * np.exp(0.45 * rng.standard_normal(n) - 0.08 * (log_popularity - 7.0))
    shock = np.exp(0.60 * rng.standard_normal((n, DAYS)))
    # A late push (a repost, a livestream) multiplies one day of a few videos.
    shock *= np.where(rng.random((n, DAYS)) < 0.03, rng.uniform(2.0, 5.0, (n, DAYS)), 1.0)
    gathered = np.empty((n, DAYS))
    gathered[:, 0] = shock[:, 0]
    for day in range(1, DAYS):
        gain = np.sqrt(gathered[:, day - 1]) * np.exp(-speed * day) * 1.6 * shock[:, day]
        gathered[:, day] = gathered[:, day - 1] + gain
    return np.asarray(gathered / gathered[:, -1:], dtype=np.float64)


def grow(log_popularity: Floats, question: Floats, product: Floats, rng: np.random.Generator) -> Growth:
    """Draw counts whose expected day-6 score (equation 1) is ``exp(log_popularity) - 1``.

    Questions draw comments and product links draw saves, at the same score.
    """
    n = len(log_popularity)
    comment_ratio = np.exp(-3.2 + 0.45 * question + 0.45 * rng.standard_normal(n))
    share_ratio = np.exp(-3.6 + 0.55 * rng.standard_normal(n))
    save_ratio = np.exp(-2.4 + 0.35 * product + 0.4 * rng.standard_normal(n))
    weight = SCORE_WEIGHTS
    per_favorite = (
        weight["favorite_count"] + weight["comment_count"] * comment_ratio + weight["share_count"] * share_ratio
    )
    favorites = np.expm1(np.maximum(log_popularity, 1.5)) / per_favorite
    gained = np.diff(curves(log_popularity, rng), axis=1, prepend=0.0)  # (n, DAYS)

    def counts(total: Floats) -> np.ndarray:
        return np.cumsum(rng.poisson(total[:, None] * gained), axis=1).astype(np.int64)

    return Growth(
        counts(favorites),
        counts(favorites * comment_ratio),
        counts(favorites * share_ratio),
        counts(favorites * save_ratio),
    )
