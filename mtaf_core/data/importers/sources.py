"""What a person names, as documents: files, folders, globs and ZIP archives, without unpacking anything to disk.

The names in an archive are only ever shown; nothing is written where they say. What an archive unpacks to is limited
before and while it is read.
"""

import glob
import gzip
import io
import itertools
import os
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from mtaf_core import limits
from mtaf_core.data.importers.reasons import Refused

SUFFIXES = (".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".parquet", ".xlsx", ".npy", ".npz")
"""What is taken from a folder or an archive; a file that is named itself may be called anything."""

_BUFFER = 1024 * 1024
_CUT_OFF = (zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile, NotImplementedError)
_STAMP = 0x5455  # the extra field in which Unix archivers keep the time in UTC


@dataclass(frozen=True)
class Document:
    """One file of data, on disk or in an archive.

    Parameters
    ----------
    name : str
        As a person knows it: ``posts.json``, or ``export.zip/day1/posts.json``.
    size : int
        Bytes of the content; of a gzip file, of the packed content.
    modified : datetime
        When the file was last changed, in UTC.
    opener : Callable
        Opens the content anew; gzip (``.csv.gz``) comes out unpacked.
    path : Path, optional
        The file itself where it lies on disk as it is read: not in an archive. It may be gzip.
    entry : tuple of Path and int, optional
        Of a file in an archive: the archive, and where in it the file begins.
    """

    name: str
    size: int
    modified: datetime
    opener: Callable[[], BinaryIO]
    path: Path | None = None
    entry: tuple[Path, int] | None = None

    @property
    def suffix(self) -> str:
        """What kind of file the name says it is, without ``.gz``: ``.csv``, ``.json``; in lower case."""
        return Path(self.name.lower().removesuffix(".gz")).suffix

    def open(self) -> BinaryIO:
        """The content, from the start; reading it raises `BadInput` where it is cut off, damaged or a bomb."""
        return self.opener()


def documents(paths: Iterable[str | Path], timezone: str = "UTC") -> tuple[Document, ...]:
    """Find everything that ``paths`` name.

    Parameters
    ----------
    paths : iterable of str or Path
        Files of any name, folders (with all they hold), ZIP archives, and patterns with ``*``, ``?`` or ``[…]``.
    timezone : str
        Zone of the times inside archives, which seldom say theirs.

    Returns
    -------
    tuple of Document
        By name; a file that is named twice comes once. Files of one name in several folders are told apart by their
        folders.

    Raises
    ------
    BadInput
        If something named is not there, cannot be read, holds no data, or is past a limit.
    """
    found: dict[object, Document] = {}
    named = [(Path(path), _matches(Path(path))) for path in paths]
    labels = _labels(match for _, matches in named for match in matches)
    for path, matches in named:
        holds_data = False
        for document in itertools.chain.from_iterable(_named(match, labels[match], timezone) for match in matches):
            holds_data = True
            found.setdefault(document.path.resolve() if document.path else document.entry, document)
            if len(found) > limits.MAX_IMPORT_FILES:
                raise Refused("too_many_files", name=path, most=f"{limits.MAX_IMPORT_FILES:,}")
        if not holds_data:
            raise Refused("no_data", name=path, endings=", ".join(SUFFIXES))
    return tuple(found.values())


def _matches(path: Path) -> list[Path]:
    """``path`` itself, or what it matches where it is a pattern and no file of that very name."""
    try:
        if not glob.has_magic(str(path)) or path.exists():
            return [path]
    except OSError as fault:
        raise Refused("no_permission", name=path, fault=fault.strerror or fault) from fault
    matches = sorted(glob.glob(str(path), recursive=True))
    if not matches:
        raise Refused("no_match", name=path)
    return [Path(match) for match in matches]


def _labels(paths: Iterable[Path]) -> dict[Path, str]:
    """What each path is called: its last part, and as many before it as tell it from the others."""
    labels: dict[Path, str] = {}
    left, depth = set(paths), 1
    while left:
        ends = {path: "/".join(path.parts[-depth:]) or str(path) for path in left}
        often = Counter(ends.values())
        labels |= {path: end for path, end in ends.items() if often[end] == 1 or depth >= len(path.parts)}
        left -= set(labels)
        depth += 1
    return labels


def _named(path: Path, label: str, timezone: str) -> Iterator[Document]:
    try:
        if path.is_dir():
            yield from _in_folder(path, label, timezone)
        elif path.is_file():
            yield from _file(path, label, timezone)
        elif path.exists():
            raise Refused("neither_file", name=path)
        else:
            raise Refused("no_file", name=path)
    except OSError as fault:
        raise Refused("no_permission", name=path, fault=fault.strerror or fault) from fault


def _in_folder(folder: Path, label: str, timezone: str) -> Iterator[Document]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _hidden(name))
        for name in sorted(files):
            path = Path(place, name)
            if _wanted(name, (*SUFFIXES, ".zip")) and path.is_file():
                yield from _file(path, f"{label}/{path.relative_to(folder).as_posix()}", timezone)


def _file(path: Path, name: str, timezone: str) -> Iterator[Document]:
    with path.open("rb") as file:  # now, so that a file that may not be read is said before anything is written
        start = file.read(4)
    if start == b"PK\x03\x04" and path.suffix.lower() not in (".xlsx", ".npz") and not is_workbook(path):
        yield from _in_archive(path, name, timezone)
        return
    if start[:4] == b"PK\x05\x06":
        raise Refused("zip_empty", name=name)
    if path.suffix.lower() == ".zip":
        raise Refused("zip_not", name=name)
    stat = path.stat()
    opener = _gzip_opener(path, name, stat.st_size) if start[:2] == b"\x1f\x8b" else _file_opener(path, name)
    yield Document(name, stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC), opener, path)


def is_workbook(path: Path) -> bool:
    """Whether a file is XLSX by its content, whatever it is called."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (*_CUT_OFF, ValueError):
        return False


def _file_opener(path: Path, name: str) -> Callable[[], BinaryIO]:
    return lambda: _guarded(path.open("rb"), name, None)


def _gzip_opener(path: Path, name: str, size: int) -> Callable[[], BinaryIO]:
    return lambda: _guarded(gzip.open(path, "rb"), name, size)  # type: ignore[arg-type]


def _in_archive(path: Path, name: str, timezone: str) -> Iterator[Document]:
    try:
        archive = zipfile.ZipFile(path)
    except (*_CUT_OFF, ValueError) as fault:
        raise Refused("zip_cut", name=name, fault=fault) from fault
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > limits.MAX_IMPORT_FILES:
        raise Refused("too_many_files", name=name, most=f"{limits.MAX_IMPORT_FILES:,}")
    if sum(entry.file_size for entry in entries) > limits.MAX_UNPACKED_BYTES:
        raise Refused("zip_big", name=name, gb=limits.MAX_UNPACKED_BYTES // 1024**3)
    for entry in sorted(entries, key=lambda entry: entry.filename):
        inner = _shown_name(entry)
        if inner.lower().endswith(".zip") and not any(_hidden(part) for part in inner.split("/")):
            # Left out in silence, what it holds would be missed by nobody.
            raise Refused("zip_in_zip", name=f"{name}/{inner}")
        if not _wanted(inner, SUFFIXES) or any(_hidden(part) for part in inner.split("/")):
            continue
        shown = f"{name}/{inner}"
        if entry.flag_bits & 1:
            raise Refused("zip_locked", name=shown)
        if entry.file_size > _allowance(entry.compress_size):
            raise Refused("bomb", name=shown, times=limits.MAX_PACKING)
        opener = _entry_opener(archive, entry, shown)
        stamp = _stamp(entry, timezone) or modified
        yield Document(shown, entry.file_size, stamp, opener, entry=(path.resolve(), entry.header_offset))


def _entry_opener(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Callable[[], BinaryIO]:
    def opener() -> BinaryIO:
        try:
            content: BinaryIO = archive.open(entry)  # type: ignore[assignment]
        except (*_CUT_OFF, OSError, RuntimeError) as fault:
            raise _damaged(name, fault) from fault
        if name.lower().endswith(".gz"):
            content = gzip.GzipFile(fileobj=content)  # type: ignore[assignment]
        return _guarded(content, name, entry.file_size if name.lower().endswith(".gz") else None)

    return opener


def _shown_name(entry: zipfile.ZipInfo) -> str:
    """The entry's name; archives made on Chinese Windows keep it in GBK, which `zipfile` takes for code page 437."""
    name = entry.filename
    if not entry.flag_bits & 0x800 and not name.isascii():
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            return name
    return name.replace("\\", "/").lstrip("/")


def _stamp(entry: zipfile.ZipInfo, timezone: str) -> datetime | None:
    """When the entry was last changed, in UTC; None where the archive does not say."""
    extra = entry.extra
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        if kind == _STAMP and length >= 5 and extra[4] & 1:
            return datetime.fromtimestamp(struct.unpack_from("<i", extra, 5)[0], UTC)
        extra = extra[4 + length :]
    try:
        local = datetime(*entry.date_time, tzinfo=ZoneInfo(timezone))
    except ValueError:
        return None
    return local.astimezone(UTC) if local.year > 1980 else None


def _wanted(name: str, suffixes: tuple[str, ...]) -> bool:
    return not _hidden(name) and name.lower().removesuffix(".gz").endswith(suffixes)


def _hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name == "__MACOSX"


def _allowance(packed: int) -> int:
    return max(limits.FREE_UNPACKED_BYTES, packed * limits.MAX_PACKING)


def _damaged(name: str, fault: Exception) -> Refused:
    return Refused("damaged", name=name, fault=fault)


def _guarded(content: BinaryIO, name: str, packed: int | None) -> BinaryIO:
    return io.BufferedReader(_Guard(content, name, packed), _BUFFER)


class _Guard(io.RawIOBase):
    """Reads through to ``content``; faults come out as one sentence, and unpacking ends at the allowance."""

    def __init__(self, content: BinaryIO, name: str, packed: int | None) -> None:
        self._content = content
        self._name = name
        self._left = None if packed is None else min(limits.MAX_UNPACKED_BYTES, _allowance(packed))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            block = self._content.read(len(buffer))
        except _CUT_OFF as fault:
            raise _damaged(self._name, fault) from fault
        except OSError as fault:
            raise Refused("disk", name=self._name, fault=fault.strerror or fault) from fault
        if self._left is not None:
            self._left -= len(block)
            if self._left < 0:
                raise Refused("bomb", name=self._name, times=limits.MAX_PACKING)
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        self._content.close()
        super().close()
