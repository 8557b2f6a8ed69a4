"""The counts and sums that effects of hashtags or time slots are made from, and how slots are put together."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse


@dataclass(frozen=True)
class Crossing:
    """Counts and sums of U uploaders' videos crossed with P columns (hashtags, or slots).

    Attributes
    ----------
    n, total : ndarray of float64, (U,)
        Videos of each uploader, and the sum of y over them.
    squares : float
        Sum of y squared over all videos.
    column_total : ndarray of float64, (P,)
        Sum of y over the videos that have the column.
    together : ndarray of float64, (P, P)
        Videos that have both columns; on the diagonal, videos that have the column.
    shared : scipy.sparse.csr_array of float64, (U, P)
        Videos of the uploader that have the column.
    """

    n: np.ndarray
    total: np.ndarray
    squares: float
    column_total: np.ndarray
    together: np.ndarray
    shared: sparse.csr_array

    @classmethod
    def of(
        cls,
        n: np.ndarray,
        total: np.ndarray,
        squares: float,
        cells: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
        columns: int,
        pairs: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None,
    ) -> "Crossing":
        """From what three GROUP BYs give.

        Parameters
        ----------
        n, total : array_like, (U,)
            Grouped by uploader: videos, sum of y. An uploader without videos may be in it.
        squares : float
            Sum of y squared over all videos.
        cells : four array_like, (C,) each
            Grouped by uploader and column: number of the uploader in ``n``, number of the column, videos, sum of y. A
            video counts once in a column, even where it repeats a hashtag.
        columns : int
            P; some may have no videos.
        pairs : three array_like, (Q,) each, optional
            Grouped by two columns of one video: the two numbers (each pair once, never a column with itself), videos.
            Left out where no video has two columns, as with slots.

        Returns
        -------
        Crossing

        Raises
        ------
        ValueError
            Where a count is negative or a sum is not finite.
        """
        uploader, column = (np.asarray(what, dtype=np.int64) for what in cells[:2])
        count, total_of_cell = (np.asarray(what, dtype=np.float64) for what in cells[2:])
        n, total = np.asarray(n, dtype=np.float64), np.asarray(total, dtype=np.float64)
        total = np.where(n > 0, total, 0.0)
        if (n < 0).any() or (count < 0).any() or not np.isfinite(n.sum() + total.sum() + squares + total_of_cell.sum()):
            raise ValueError("counts must be 0 or more and sums finite")
        together = np.zeros((columns, columns))
        if pairs is not None:
            one, other = (np.asarray(what, dtype=np.int64) for what in pairs[:2])
            np.add.at(together, (one, other), np.asarray(pairs[2], dtype=np.float64))
            together += together.T
        together[np.diag_indices(columns)] = np.bincount(column, count, columns)
        shared = sparse.csr_array((count, (uploader, column)), shape=(len(n), columns))
        shared.sum_duplicates()
        shared.eliminate_zeros()
        return cls(n, total, float(squares), np.bincount(column, total_of_cell, columns), together, shared)

    @property
    def videos(self) -> float:
        return float(self.n.sum())


@dataclass(frozen=True, eq=False)
class Layout:
    """Families of which every column's effect is the sum, one member of each.

    Attributes
    ----------
    names : tuple of str, (K,)
    member : ndarray of int64, (K, P)
        The member of each family that a column belongs to.
    every_video_has_one : bool
        Whether the columns divide the videos, as slots do: their effects are then against the average video.
    """

    names: tuple[str, ...]
    member: np.ndarray
    every_video_has_one: bool

    @classmethod
    def apart(cls, name: str, columns: int, every_video_has_one: bool = False) -> "Layout":
        """One family, each column a member of its own: hashtags."""
        return cls((name,), np.arange(columns)[None, :], every_video_has_one)


WEEK = Layout(("weekday", "hour", "slot"), np.stack([np.arange(168) // 24, np.arange(168) % 24, np.arange(168)]), True)
"""The 168 slots of a week, ``24 * weekday + hour``: a thin slot borrows from its weekday and from its hour."""
