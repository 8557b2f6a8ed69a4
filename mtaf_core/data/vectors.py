"""Content vectors of a market too large for memory: in a file on disk, mapped, and read a few rows at a time.

The file has no name: it is gone from the folder as soon as it is opened, and its room on the disk is free again when it
is closed or the process ends, however that comes about. What is mapped of it is let go again and again, so that the
memory of the process stays small even where the machine could hold all of it.
"""

import mmap
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Union

import numpy as np
import pandas as pd

from mtaf_core.data.store import Store
from mtaf_core.errors import BadWorkspace

BLOCK = 8_192
"""Rows that are worked on at once where every vector of a market is read."""
_MAPPED_ROWS = 4_096
"""Rows read before what is mapped is let go; the system maps up to 64 KB around each."""
_FLOAT_BYTES = np.dtype(np.float32).itemsize


class Mapped:
    """A matrix of float32 in a file without a name.

    Parameters
    ----------
    folder : Path
        On the disk that has room for it.
    rows, length : int
        Its shape.

    Raises
    ------
    BadWorkspace
        If there is no room for it, or the folder cannot be written.
    """

    def __init__(self, folder: Path, rows: int, length: int) -> None:
        self.shape = (rows, length)
        size = rows * length * _FLOAT_BYTES
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder) as file:
                _reserve(file, size)
                self._map = mmap.mmap(file.fileno(), size)
        except OSError as fault:
            raise BadWorkspace(
                f"Training keeps the vectors of {rows:,} videos on disk, {size / 1024**3:,.1f} GB in {folder}, which "
                f"cannot be written ({fault.strerror}); free some space there, then train again."
            ) from fault
        self._touched = 0

    def read(self, rows: np.ndarray) -> np.ndarray:
        """A copy of ``rows``, (m,) int: (m, length) float32."""
        found: np.ndarray = self._matrix()[rows]
        self._let_go(len(rows))
        return found

    def write(self, rows: np.ndarray, values: np.ndarray | float) -> None:
        """Put ``values`` into ``rows``."""
        self._matrix()[rows] = values
        self._let_go(len(rows))

    def close(self) -> None:
        """Give its room on the disk back; it cannot be read any more."""
        self._map.close()

    def _matrix(self) -> np.ndarray:
        # Made for each use: a mapping that an array still points into cannot be closed.
        return np.frombuffer(self._map, dtype=np.float32).reshape(self.shape)

    def _let_go(self, rows: int) -> None:
        self._touched += rows
        if self._touched >= _MAPPED_ROWS and hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)
            self._touched = 0


@dataclass(frozen=True)
class Vectors:
    """Vectors of ``n`` videos on disk: ``vectors[rows]`` reads them, `take` only says which are meant.

    Parameters
    ----------
    mapped : Mapped
    rows : ndarray, (n,), int64
        Where each video's vector is in it.
    known : ndarray, (n,), bool
        Which videos have a vector; that of the others is NaN.
    """

    mapped: Mapped
    rows: np.ndarray
    known: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        """``(n, d)``."""
        return len(self.rows), self.mapped.shape[1]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: np.ndarray | slice) -> np.ndarray:
        """The vectors at ``index`` (positions, a boolean mask or a slice), copied into memory, (m, d) float32."""
        return self.mapped.read(self.rows[index])

    def take(self, index: np.ndarray | slice) -> "Vectors":
        """The vectors at ``index``, still on disk."""
        return Vectors(self.mapped, self.rows[index], self.known[index])


Matrix = Union[np.ndarray, Vectors]  # noqa: UP007 - an alias that isinstance is never asked about
"""Vectors of ``n`` videos, (n, d) float32, in memory or on disk; a NaN row where a video has none."""


def vector_length(store: Store, modality: str, backbone: str) -> int:
    """How many numbers a vector of this backbone in the workspace has; 0 where there is none."""
    found = store.query(
        "SELECT len(vector) AS length FROM embeddings WHERE modality = ? AND backbone = ? AND len(vector) > 0 LIMIT 1",
        [str(modality), backbone],
    )
    return int(found.column("length")[0].as_py()) if found.num_rows else 0


def vectors_on_disk(store: Store, facts: pd.DataFrame, modality: str, backbone: str, folder: Path) -> Vectors | None:
    """The vectors of the videos of ``facts``, row by row, as `frame.embedding_matrix` gives them, but on disk.

    Parameters
    ----------
    facts : DataFrame, n rows
        No two of the same video.
    folder : Path
        Where the file is made; the caller closes `Vectors.mapped`.

    Raises
    ------
    BadWorkspace
        If vectors of one backbone differ in length, or the folder has no room.
    """
    length = vector_length(store, modality, backbone)
    if length == 0:
        return None
    mapped = Mapped(folder, len(facts), length)
    try:
        there = np.zeros(len(facts), dtype=bool)
        places = pd.Index(_names(facts["platform"].tolist(), facts["video_id"].tolist()), dtype=object)
        asked = (
            "SELECT platform, video_id, vector FROM embeddings WHERE modality = ? AND backbone = ? AND len(vector) > 0"
        )
        for batch in store.batches(asked, [str(modality), backbone], BLOCK):
            vectors = batch.column("vector")
            lengths = np.unique(vectors.value_lengths().to_numpy(zero_copy_only=False))
            if len(lengths) > 1 or lengths[0] != length:
                raise differing(backbone, min(lengths[0], length), max(lengths[-1], length))
            names = _names(batch.column("platform").to_pylist(), batch.column("video_id").to_pylist())
            rows = places.get_indexer(pd.Index(names, dtype=object))
            values = vectors.flatten().to_numpy(zero_copy_only=False).reshape(-1, length)
            here = rows >= 0
            mapped.write(rows[here], values[here])
            there[rows[here]] = ~np.isnan(values[here]).any(axis=1)
        empty = np.flatnonzero(~there)
        for start in range(0, len(empty), BLOCK):
            mapped.write(empty[start : start + BLOCK], np.nan)
    except BaseException:
        mapped.close()
        raise
    return Vectors(mapped, np.arange(len(facts)), there)


def differing(backbone: str, shortest: int, longest: int) -> BadWorkspace:
    """The error of vectors that cannot stand in one matrix."""
    return BadWorkspace(
        f"Vectors of backbone '{backbone}' in the workspace differ in length ({shortest} and {longest}); "
        "extract them again."
    )


def known(matrix: Matrix) -> np.ndarray:
    """Say which rows of a matrix hold a vector, (n,) bool: those without NaN."""
    if isinstance(matrix, Vectors):
        return matrix.known
    found: np.ndarray = np.logical_not(np.isnan(matrix).any(axis=1))
    return found


def taken(matrix: Matrix, index: np.ndarray | slice) -> Matrix:
    """The rows at ``index`` (positions, a boolean mask or a slice), where the matrix is: in memory or on disk."""
    return matrix.take(index) if isinstance(matrix, Vectors) else matrix[index]


def blocks(matrix: Matrix) -> Iterator[np.ndarray]:
    """The rows of a matrix, `BLOCK` after `BLOCK`, in memory."""
    for start in range(0, len(matrix), BLOCK):
        yield matrix[start : start + BLOCK]


def _names(platforms: list[str], videos: list[str]) -> list[str]:
    """One word a video, unique over platforms."""
    return [f"{platform}\x1f{video}" for platform, video in zip(platforms, videos, strict=True)]


def _reserve(file: BinaryIO, size: int) -> None:
    """Make the file so long, with room on the disk for all of it: a mapping that finds none later ends the process."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file.fileno(), 0, size)
        return
    nothing = bytes(1024**2)
    for start in range(0, size, len(nothing)):
        file.write(nothing[: size - start])
    file.flush()
