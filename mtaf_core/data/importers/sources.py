"""What a person names, as documents: files, folders, globs and ZIP archives, without unpacking anything to disk."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True)
class Document:
    """One file of data, on disk or in an archive.

    Parameters
    ----------
    name : str
        As a person knows it: ``posts.json``, or ``export.zip/day1/posts.json``.
    size : int
        Bytes of the content, 0 where that is not known before reading (gzip).
    modified : datetime
        When the file was last changed, in UTC.
    opener : Callable
        Opens the content anew; gzip (``.csv.gz``) comes out unpacked.
    path : Path, optional
        The file itself where it lies on disk as it is read: not in an archive. It may be gzip.
    """

    name: str
    size: int
    modified: datetime
    opener: Callable[[], BinaryIO]
    path: Path | None = None

    @property
    def suffix(self) -> str:
        """What kind of file the name says it is, without ``.gz``: ``.csv``, ``.json``; in lower case."""
        return Path(self.name.lower().removesuffix(".gz")).suffix

    def open(self) -> BinaryIO:
        return self.opener()
