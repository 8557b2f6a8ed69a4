"""The forecast fan: how finished videos of the market went on that stood where a video under way stands now.

For a video with ``k`` days observed, the neighbours are the finished videos nearest to it in two things: the log of the
score on day ``k``, and the log of how fast it grew on the last observed day (k nearest neighbours, both scaled to unit
spread). Their growth from day ``k`` on, added to where this video stands, is the fan: an empirical distribution, with
nothing assumed about its form. Before that a part of the finished videos, the latest, is foretold from those before
them, to say how often such bands held what came (`coverage`).
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

NEIGHBOURS = 80
FEWEST = 40
"""Finished videos that a fan is made of at least; with fewer there is none."""
LATER = 0.25
"""Share of the finished videos that `coverage` foretells from the ones before them."""
MOST_LATER = 1_000
LEVELS: tuple[float, ...] = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The quantiles drawn: the median, and the ends of the bands of 50% and 90%."""
_SLOW = 0.02
"""Added to a growth before its log is taken, so that a video that stands still has one."""


@dataclass(frozen=True)
class Coverage:
    """How often the bands held what came, on videos later than all that the bands were made of.

    Parameters
    ----------
    day : int
        Days observed.
    videos : int
        Later videos foretold; 0 where there are too few finished ones to tell.
    earlier : int
        Finished videos that the bands were made of.
    in_50, in_90 : float
        Shares of the later videos that ended inside; NaN where there are none.
    miss : float
        Median absolute error of the median, in natural-log units; NaN where there are none.
    """

    day: int
    videos: int
    earlier: int
    in_50: float
    in_90: float
    miss: float


def growths(finished: np.ndarray, asked: np.ndarray, day: int) -> np.ndarray | None:
    """Growth of the neighbours of each video from ``day`` to each later day.

    Parameters
    ----------
    finished : ndarray, (n, days)
        Log scores (log1p) of finished videos on day 1, 2, ...; NaN unknown, the last day known of all.
    asked : ndarray, (m, days)
        Of the videos to be foretold; only days up to ``day`` are looked at, and ``day`` is known of all.
    day : int
        Days observed, from 1 to days - 1.

    Returns
    -------
    ndarray, (m, K, days - day), float32, or None
        NaN where a neighbour was not counted on a day; None where fewer than `FEWEST` finished videos were counted on
        ``day``.
    """
    usable = finished[~np.isnan(finished[:, day - 1])]
    if len(usable) < FEWEST:
        return None
    held = min(NEIGHBOURS, max(len(usable) // 4, FEWEST))
    found = np.empty((len(asked), held, finished.shape[1] - day), dtype=np.float32)
    pace, own_pace = _pace(usable, day), _pace(asked, day)
    known = ~np.isnan(pace)
    moving = ~np.isnan(own_pace) & (known.sum() >= max(held, FEWEST))
    for rows, kept, with_pace in ((moving, known, True), (~moving, np.ones(len(usable), dtype=bool), False)):
        if rows.any():
            among = usable[kept]
            at = _place(among, pace[kept] if with_pace else None, day)
            wanted = _place(asked[rows], own_pace[rows] if with_pace else None, day)
            middle, spread = at.mean(axis=0), np.maximum(at.std(axis=0), 1e-9)
            near = cKDTree((at - middle) / spread).query((wanted - middle) / spread, held)[1].reshape(-1, held)
            found[rows] = among[near][:, :, day:] - among[near][:, :, day - 1 : day]
    return found


def quantiles(growth: np.ndarray, levels: tuple[float, ...] = LEVELS) -> np.ndarray:
    """Quantiles over neighbours, (levels, m, days), of growths from `growths`.

    The Weibull estimator, ``level * (K + 1)`` from the lowest, whose ends are not too narrow for few neighbours. NaN
    where no neighbour was counted on a day.
    """
    ranked = np.sort(growth, axis=1).astype(np.float64)  # NaN last
    known = (~np.isnan(ranked)).sum(axis=1)[:, None, :]  # (m, 1, days)
    found = np.empty((len(levels), ranked.shape[0], ranked.shape[2]))
    for place, level in enumerate(levels):
        at = np.clip(level * (known + 1) - 1, 0, np.maximum(known - 1, 0))
        below = np.floor(at).astype(np.int64)
        low = np.take_along_axis(ranked, below, axis=1)
        high = np.take_along_axis(ranked, np.minimum(below + 1, np.maximum(known - 1, 0)), axis=1)
        found[place] = (low + (at - below) * (high - low))[:, 0, :]
    return found


def chance_above(ends: np.ndarray, threshold: np.ndarray) -> np.ndarray:
    """The chance that a video ends at ``threshold`` or above, (m,), from the ends of its neighbours, (m, K).

    Half a neighbour is added on either side, so that nothing is said to be certain; NaN where the threshold is.
    """
    above = (ends >= threshold[:, None]).sum(axis=1)
    return np.where(np.isnan(threshold), np.nan, (above + 0.5) / (ends.shape[1] + 1))


def coverage(finished: np.ndarray, day: int) -> Coverage:
    """Foretell the latest finished videos from the ones before them, and compare with what came.

    Parameters
    ----------
    finished : ndarray, (n, days)
        As for `growths`, the oldest video first.
    """
    usable = finished[~np.isnan(finished[:, day - 1])]
    later = min(int(LATER * len(usable)), MOST_LATER)
    earlier = len(usable) - later
    nothing = float("nan")
    growth = growths(usable[:earlier], usable[earlier:], day) if later else None
    if growth is None:
        return Coverage(day, 0, earlier, nothing, nothing, nothing)
    came = usable[earlier:, -1] - usable[earlier:, day - 1]
    low, lower, middle, upper, high = quantiles(growth[:, :, -1:])[:, :, 0]
    inside = ((lower <= came) & (came <= upper)).mean(), ((low <= came) & (came <= high)).mean()
    half, most = float(inside[0]), float(inside[1])
    return Coverage(day, later, earlier, half, most, float(np.median(np.abs(came - middle))))


def _pace(scores: np.ndarray, day: int) -> np.ndarray:
    """Growth a day since the day before ``day`` that was counted last; NaN where none was."""
    before = np.full(len(scores), np.nan)
    for earlier in range(1, day):
        now = (scores[:, day - 1] - scores[:, earlier - 1]) / (day - earlier)
        before = np.where(np.isnan(now), before, now)
    return before


def _place(scores: np.ndarray, pace: np.ndarray | None, day: int) -> np.ndarray:
    level = scores[:, day - 1]
    if pace is None:
        return level[:, None]
    return np.column_stack([level, np.log(np.maximum(pace, 0.0) + _SLOW)])
