"""Content vectors made short: principal components of a backbone's vectors, standardised measures as they are."""

from dataclasses import dataclass

import numpy as np

from mtaf_core.data.vectors import BLOCK, Matrix, blocks, known
from mtaf_core.model.plus.memory import unit

SHORT = 24
"""Vectors up to this long are measures that each have a unit of their own; longer ones are a backbone's, and point."""
RETRIEVED = 128
"""Components that likeness is told by, at most."""
_FITTED_ON = 20_000


@dataclass(frozen=True)
class Projection:
    """What makes one modality's vectors short.

    Parameters
    ----------
    mean, rate : ndarray, (d,), float32
        ``(x - mean) * rate``; ``rate`` is 0 where a number never varied.
    components : ndarray, (c, d), float32
        Rows of unit length, the leading ones first.
    kept : int
        How many of them become columns; all of them tell which videos are alike.
    """

    mean: np.ndarray
    rate: np.ndarray
    components: np.ndarray
    kept: int

    @classmethod
    def fit(cls, vectors: Matrix, components: int, seed: int = 0) -> "Projection":
        """Learn from ``vectors``, (n, d) without NaN, at least two; components from at most 20,000 evenly spaced."""
        from sklearn.decomposition import PCA

        count, length = vectors.shape
        exact = sum(_directed(part).sum(axis=0, dtype=np.float64) for part in blocks(vectors)) / count
        mean = exact.astype(np.float32)
        if length <= SHORT:
            spread = np.sqrt(sum(((part - exact) ** 2).sum(axis=0) for part in blocks(vectors)) / count)
            rate = np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > 1e-9)
            return cls(mean, rate.astype(np.float32), np.eye(length, dtype=np.float32), length)
        rows = np.linspace(0, count - 1, min(count, _FITTED_ON)).astype(int)
        few = min(max(components, RETRIEVED), len(rows) - 1, length)
        found = PCA(few, svd_solver="randomized", random_state=seed).fit(_directed(vectors[rows]) - mean)
        kept = min(components, few)
        return cls(mean, np.ones(length, dtype=np.float32), found.components_.astype(np.float32), kept)

    @property
    def dimension(self) -> int:
        """Length of the vectors it makes short."""
        return len(self.mean)

    def retrieval(self, vectors: Matrix) -> np.ndarray:
        """Vectors along the components, (n, c) float32; a NaN row where a video has none."""
        there = np.flatnonzero(known(vectors))
        found = np.full((len(vectors), len(self.components)), np.nan, dtype=np.float32)
        for start in range(0, len(there), BLOCK):
            rows = there[start : start + BLOCK]
            centred = np.clip((_directed(vectors[rows]) - self.mean) * self.rate, -6.0, 6.0)
            found[rows] = centred @ self.components.T
        return found


def _directed(vectors: np.ndarray) -> np.ndarray:
    return unit(vectors) if vectors.shape[1] > SHORT else np.asarray(vectors, dtype=np.float32)
