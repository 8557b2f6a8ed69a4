"""Ranges that keep their promise: split conformal prediction on the latest videos the network did not learn from."""

import warnings
from dataclasses import dataclass

import numpy as np

from mtaf_core.errors import BadInput

with warnings.catch_warnings():  # crepes turns every warning of every library on when it is imported
    from crepes import ConformalPredictiveSystem

MIN_RESIDUALS = 20


@dataclass(frozen=True)
class Calibration:
    """Residuals of the calibration block for each number of observed days.

    Ranges are those of `crepes.ConformalPredictiveSystem`: the residuals' own lower and upper quantiles with the
    finite-sample correction, so that a range may be longer upwards than downwards.

    Parameters
    ----------
    residuals : tuple of ndarray
        ``residuals[k]`` are the sorted ``true - predicted`` log scores with ``k`` days observed, (m_k,) float64.
    """

    residuals: tuple[np.ndarray, ...]

    @classmethod
    def fit(cls, truth: np.ndarray, predicted: np.ndarray, seen: np.ndarray) -> "Calibration":
        """Keep the residuals of calibration videos.

        Parameters
        ----------
        truth : ndarray, (n,)
            log1p of the popularity score.
        predicted : ndarray, (K, n)
            Predictions with ``k`` observed days, a row each.
        seen : ndarray, (K, n), bool
            Whether the video has anything to see at ``k`` days. Where fewer than 20 have, the wider residuals of a
            day less stand in.
        """
        kept: list[np.ndarray] = []
        for values, rows in zip(predicted, seen, strict=True):
            enough = rows.sum() >= MIN_RESIDUALS or not kept
            kept.append(np.sort((truth - values)[rows]) if enough else kept[-1])
        return cls(tuple(kept))

    def highest_level(self, observed_days: int) -> float:
        """Say the highest level whose range is bounded on both sides."""
        return 1 - 2 / (len(self._at(observed_days)) + 1)

    def offsets(self, observed_days: int, level: float) -> tuple[float, float]:
        """How far below and above the predicted log score the range of ``level`` reaches.

        Raises
        ------
        BadInput
            If the level is not between 0.5 and 0.99, or higher than the calibration videos can vouch for.
        """
        if not 0.5 < level <= 0.99:
            raise BadInput(f"The level of a range is {level:g}; give one above 0.5 and up to 0.99.")
        residuals = self._at(observed_days)
        if level > self.highest_level(observed_days) + 1e-9:
            raise BadInput(
                f"A {level:.0%} range needs more than the {len(residuals)} calibration videos this bundle has; ask for "
                f"{np.floor(100 * self.highest_level(observed_days)):.0f}% or less, or train on more videos."
            )
        # In floats a tail that is exactly one rank comes out just below it, and would lose the rank without this nudge.
        tail = 50 * (1 - level) + 1e-7
        system = ConformalPredictiveSystem().fit(residuals)
        low, high = system.predict_percentiles(np.zeros(1), lower_percentiles=tail, higher_percentiles=100 - tail)[0]
        return float(low), float(high)

    def interval(self, log_score: np.ndarray, observed_days: int, level: float) -> tuple[np.ndarray, np.ndarray]:
        """Give the ranges of popularity scores on the natural scale, ``0 <= low <= high``, (n,) each."""
        below, above = self.offsets(observed_days, level)
        return np.expm1(np.maximum(log_score + below, 0.0)), np.expm1(np.maximum(log_score + above, 0.0))

    def _at(self, observed_days: int) -> np.ndarray:
        return self.residuals[min(max(observed_days, 0), len(self.residuals) - 1)]
