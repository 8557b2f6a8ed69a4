"""Fine bins: the little that must leave the database to draw a histogram of any size and to say how it is shaped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

BINS = 30
"""Bins drawn, at most."""
FEWEST_BINS = 3
PER_DECADE = 400
"""Fine bins on the log scale: one is 0.6% wide."""
FINE = 3_840
"""Fine bins on the linear scale, up to the 99th percentile."""


@dataclass(frozen=True)
class Grid:
    """Fine bins of equal ``width`` from ``origin``: as many as there need be, or ``most`` and one for the rest.

    ``per_bin`` is how many make one that is drawn, 0 where the values found say it.
    """

    origin: float
    width: float
    most: int = 0
    per_bin: int = 0

    @classmethod
    def linear(cls, low: float, high: float) -> "Grid":
        """From ``low`` to ``high`` on the natural scale."""
        if high - low <= BINS:  # few whole numbers: one bin each, centred
            bins = int(np.floor(high) - np.floor(low)) + 1
            return cls(float(np.floor(low)) - 0.5, 1 / (FINE // bins), bins * (FINE // bins), FINE // bins)
        return cls(low, (high - low) / FINE, FINE, FINE // BINS)

    def cell(self, scale: str) -> str:
        """SQL for the fine bin of a value."""
        place = f"floor(({scale} - {self.origin!r}::DOUBLE) / {self.width!r}::DOUBLE)::INTEGER"
        if not self.most:
            return place
        past = f"{scale} > {self.origin + self.most * self.width!r}::DOUBLE"
        return f"CASE WHEN {past} THEN {self.most} ELSE least({place}, {self.most - 1}) END"

    def drawn(self, cells: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """The edges of the bins that are drawn, and the one of each fine bin; past the last for the rest."""
        first, last = (0, self.most - 1) if self.most else (int(cells[0]), int(cells[-1]))
        step = self.per_bin or -(-(last - first + 1) // BINS)
        bins = -(-(last - first + 1) // step)
        if bins < FEWEST_BINS:  # next to nothing differs: bars with room about them
            first, bins = first - (FEWEST_BINS - bins + 1) // 2 * step, FEWEST_BINS
        edges = self.origin + self.width * (first + step * np.arange(bins + 1, dtype=np.float64))
        return edges, np.minimum((cells - first) // step, bins).astype(np.int64)


@dataclass(frozen=True)
class Fine:
    """Fine bins that hold something, lowest first: their number, count, and lowest and highest value on the scale."""

    cells: NDArray[np.int64]
    n: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    known: int
    zeros: int
    missing: int
    mean: float
    sd: float

    @classmethod
    def of(cls, rows: Sequence[dict[str, Any]], log: bool) -> "Fine":
        """From the rows that a query has for each fine bin, that of values without a place among them included."""
        known, zeros, every = (sum(row[name] for row in rows) for name in ("known", "zeros", "n"))
        kept = [row for row in rows if row["cell"] is not None]
        cells, n = (np.array([row[name] for row in kept], dtype=np.int64) for name in ("cell", "n"))
        low, high = (np.array([row[name] for row in kept], dtype=np.float64) for name in ("low", "high"))
        if log:
            low, high = np.log10(low), np.log10(high)
        total, squares = (float(sum(row[name] for row in kept)) for name in ("total", "squares"))
        held = int(n.sum())
        mean = total / held if held else float("nan")
        spread = max(squares - total * mean, 0.0) / (held - 1) if held > 1 else 0.0
        return cls(cells, n, low, high, known, zeros, every - known, mean, float(np.sqrt(spread)))

    def ks(self) -> float:
        """Largest gap between the empirical and the fitted distribution function, at both ends of every fine bin."""
        if self.sd <= 0:
            return 1.0
        up_to = np.cumsum(self.n)
        below, at_most = (up_to - self.n) / up_to[-1], up_to / up_to[-1]
        first, last = (ndtr((at - self.mean) / self.sd) for at in (self.low, self.high))
        return float(max(np.abs(below - first).max(), np.abs(at_most - last).max()))

    def middle(self, zeros: int) -> tuple[float, float]:
        """The two values in the middle, on the scale, with ``zeros`` below all bins; minus infinity is one of those."""
        last = zeros + int(self.n.sum()) - 1
        return self._ranked(last // 2 - zeros), self._ranked(-(-last // 2) - zeros)

    def _ranked(self, rank: int) -> float:
        if rank < 0:
            return float("-inf")
        up_to = np.cumsum(self.n)
        place = int(np.searchsorted(up_to, rank, side="right"))
        inside = (rank - (up_to[place] - self.n[place])) / max(self.n[place] - 1, 1)
        return float(self.low[place] + inside * (self.high[place] - self.low[place]))
