"""Tables of any format as batches of columns: CSV and TSV, Parquet, XLSX, and JSON of flat objects, never whole."""

import csv
import io
import itertools
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from mtaf_core import limits
from mtaf_core.data.importers import json_stream, values
from mtaf_core.data.importers.columns import simple
from mtaf_core.data.importers.encoding import encoding, text_chunks
from mtaf_core.data.importers.reasons import Refused, say
from mtaf_core.data.importers.rows import Rejected, shown
from mtaf_core.data.importers.sources import Document

BLOCK_BYTES = 16 * 1024 * 1024
BATCH_ROWS = 100_000
SLOW_BATCH_ROWS = 5_000
MAX_CELL_BYTES = 1_000_000
MAX_COLUMNS = 2_000
_DELIMITERS = ",\t;|"
_BLANK_LINES = re.compile(r"(?:[ \t]*\r?\n)*")
_NO_WORKBOOK = (
    zipfile.BadZipFile, KeyError, ValueError, EOFError, OSError,
    # What the reader stumbles over where the XML of a workbook is cut off, or is not what it should be.
    SyntaxError, AttributeError, IndexError, TypeError, zlib.error,
)  # fmt: skip


@dataclass(frozen=True)
class Batch:
    """Some rows of a table.

    Parameters
    ----------
    columns : dict of str to pyarrow.Array
        By their names in the file.
    lines : pyarrow.Array of int64
        Where each row is, from 1; a row of Parquet or XLSX by its number.
    """

    columns: dict[str, pa.Array]
    lines: pa.Array


Reject = Callable[[Rejected], None]


def batches(document: Document, scratch: Path, reject: Reject) -> Iterator[Batch]:
    """The rows of a document, batch by batch.

    Parameters
    ----------
    scratch : Path
        A folder for a copy of what can only be read from a file.
    reject : callable
        Told of every row that is no row of the table.

    Raises
    ------
    BadInput
        If the document is no table, is cut off or damaged.
    """
    kind = _kind(document)
    return kind(document, scratch) if kind is _parquet else kind(document, reject)


def _kind(document: Document) -> Callable[..., Iterator[Batch]]:
    """What reads a document, by its content."""
    with document.open() as content:
        head = content.read(4)
    if head == b"PAR1":
        return _parquet
    if head[:2] == b"PK":
        return _xlsx
    if document.suffix in (".json", ".jsonl", ".ndjson") or next(text_chunks(document), "").lstrip()[:1] in ("{", "["):
        return _json
    return _csv


def header(document: Document, scratch: Path, rows: int = 200) -> tuple[list[str], list[dict[str, Any]]]:
    """The column names of a document and its first rows, as Python values."""
    if _kind(document) is _csv:
        names, delimiter, skipped = _csv_header(document)
        text = next(text_chunks(document), "")
        lines = csv.reader(io.StringIO("".join(text.splitlines(keepends=True)[skipped:])), delimiter=delimiter)
        first = [dict(zip(names, row, strict=False)) for row in itertools.islice(_until_bad(lines), rows)]
        return names, first
    for batch in batches(document, scratch, lambda _: None):
        columns = {name: simple(column.slice(0, rows)).to_pylist() for name, column in batch.columns.items()}
        count = min(rows, len(batch.lines))
        return list(columns), [{name: column[i] for name, column in columns.items()} for i in range(count)]
    return [], []


def _until_bad(lines: Iterator[list[str]]) -> Iterator[list[str]]:
    """Rows up to one that the reader of CSV refuses: what is wrong with it is said when the table is read."""
    try:
        yield from (row for row in lines if row)
    except csv.Error:
        return


def _csv(document: Document, reject: Reject) -> Iterator[Batch]:
    names, delimiter, skipped = _csv_header(document)
    stream = document.open() if encoding(document) == "utf-8" else _recoded(document)
    bad: list[Rejected] = []

    def refuse(row: Any) -> str:
        swallowed = (row.text or "").count("\n")
        n, expected = row.actual_columns, row.expected_columns
        reason = say("cells", n=n, header=expected)
        if swallowed:
            reason = say("cells_over_lines", lines=f"{swallowed + 1:,}", n=n, header=expected)
        bad.append(Rejected(document.name, int(row.number or 0), "", shown(row.text or ""), reason))
        return "skip"

    line = skipped + 1
    with stream:
        try:
            reader = pacsv.open_csv(
                stream,
                read_options=pacsv.ReadOptions(
                    use_threads=False, block_size=BLOCK_BYTES, column_names=names, skip_rows=skipped
                ),
                parse_options=pacsv.ParseOptions(
                    delimiter=delimiter, newlines_in_values=True, invalid_row_handler=refuse
                ),
                convert_options=pacsv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=True
                ),
            )
            for found in reader:
                for one in bad:
                    reject(one)
                bad.clear()
                if found.num_rows:
                    _check_cells(document, found)
                    lines, line = _lines(found, line)
                    yield Batch(dict(zip(names, found.columns, strict=True)), lines)
        except pa.ArrowInvalid as fault:
            raise _bad_csv(document, str(fault)) from fault
    for one in bad:
        reject(one)


def exact_batches(document: Document, scratch: Path, reject: Reject) -> Iterator[Batch]:
    """`batches`, slower, with the line of every row of CSV as an editor counts it, blank and bad lines too.

    Raises as `batches`.
    """
    if _kind(document) is not _csv:
        yield from batches(document, scratch, reject)
        return
    names, delimiter, skipped = _csv_header(document)
    with io.TextIOWrapper(_recoded(document), encoding="utf-8", newline="") as stream:
        for _ in range(skipped):
            stream.readline()
        rows = _numbered(csv.reader(stream, delimiter=delimiter), skipped, document, len(names), reject)
        try:
            while some := list(itertools.islice(rows, SLOW_BATCH_ROWS)):
                cells = zip(*(row for _, row in some), strict=True)
                columns = {name: pa.array(column, pa.string()) for name, column in zip(names, cells, strict=True)}
                yield Batch(columns, pa.array([line for line, _ in some], pa.int64()))
        except csv.Error as fault:
            raise Refused("not_csv", name=document.name, fault=fault) from fault


def _numbered(
    reader: Any, skipped: int, document: Document, width: int, reject: Reject
) -> Iterator[tuple[int, list[str]]]:
    """The rows of CSV that fit the header, each with the line it begins in."""
    line = skipped + 1
    for row in reader:
        if len(row) > width and not any_cell(row[width:]):
            row = row[:width]  # commas that a spreadsheet leaves behind
        if len(row) == width:
            yield line, row
        elif any_cell(row):
            reason = say("cells", n=len(row), header=width)
            reject(Rejected(document.name, line, "", shown(",".join(row)), reason))
        line = skipped + reader.line_num + 1


def _check_cells(document: Document, found: pa.RecordBatch) -> None:
    """Refuse a table where one cell has swallowed what came after it."""
    for name, column in zip(found.schema.names, found.columns, strict=True):
        longest = pc.max(pc.binary_length(column)).as_py() or 0
        if longest > MAX_CELL_BYTES:
            raise Refused("cell_long", name=document.name, column=name, kb=f"{longest // 1000:,}")


def _lines(found: pa.RecordBatch, first: int) -> tuple[pa.Array, int]:
    """The line where each row begins, a cell with line breaks taking more than one, and where the next row does."""
    breaks = None
    for column in found.columns:
        within = pc.count_substring(column, "\n")
        if pc.any(pc.greater(within, 0)).as_py():
            breaks = within if breaks is None else pc.add(breaks, within)
    rows = pa.array(np.arange(first, first + found.num_rows, dtype=np.int64))
    if breaks is None:
        return rows, first + found.num_rows
    extra = pc.cumulative_sum(breaks.cast(pa.int64()))
    before = pc.subtract(extra, breaks.cast(pa.int64()))
    return pc.add(rows, before), first + found.num_rows + extra[-1].as_py()


def _csv_header(document: Document) -> tuple[list[str], str, int]:
    """Column names, delimiter, and how many lines the header takes."""
    text = "".join(itertools.islice(text_chunks(document), 1)).lstrip("\ufeff")
    blank = _BLANK_LINES.match(text)[0]  # type: ignore[index]  # an empty match at least
    text = text[len(blank) :]
    if text.startswith("sep=") and "\n" in text:  # Excel's own mark
        delimiter, rest, skipped = text[4], text.split("\n", 1)[1], 1
    else:
        first = text.split("\n", 1)[0]
        delimiter = "\t" if document.suffix == ".tsv" else max(_DELIMITERS, key=first.count)
        rest, skipped = text, 0
    try:
        reader = csv.reader(io.StringIO(rest, newline=""), delimiter=delimiter)
        row = next(reader)
    except (csv.Error, StopIteration) as fault:
        raise Refused("no_header", name=document.name) from fault
    if len(row) > MAX_COLUMNS:
        raise Refused("too_many_columns", name=document.name, n=f"{len(row):,}")
    return _distinct(row), delimiter, blank.count("\n") + skipped + reader.line_num


def _distinct(names: Iterable[Any]) -> list[str]:
    """Names as written without outer spaces; a nameless column is called by its number, a second one by a number."""
    found: list[str] = []
    for place, name in enumerate(names, 1):
        base = str(name if name is not None else "").strip().strip("\ufeff") or f"column {place}"
        unique, copy = base, 2
        while unique in found:
            unique, copy = f"{base} {copy}", copy + 1
        found.append(unique)
    return found


def _bad_csv(document: Document, fault: str) -> Refused:
    if "straddl" in fault:
        return Refused("row_long", name=document.name, mb=BLOCK_BYTES // 2**20)
    if "UTF8" in fault:
        return Refused("stops_utf8", name=document.name)
    return Refused("not_csv", name=document.name, fault=fault.splitlines()[0])


class _Recoder(io.RawIOBase):
    """The text of a document as UTF-8 bytes."""

    def __init__(self, chunks: Iterator[str]) -> None:
        self._chunks = chunks
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._left = chunk.encode("utf-8", "replace")
        taken = self._left[: len(buffer)]
        self._left = self._left[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)


def _recoded(document: Document) -> BinaryIO:
    return io.BufferedReader(_Recoder(text_chunks(document)), BLOCK_BYTES)


def _parquet(document: Document, scratch: Path) -> Iterator[Batch]:
    path = _on_disk(document, scratch)
    try:
        with pq.ParquetFile(path) as file:
            row = 1
            for found in file.iter_batches(BATCH_ROWS):
                columns = dict(zip(_distinct(found.schema.names), found.columns, strict=True))
                yield Batch(columns, pa.array(np.arange(row, row + found.num_rows, dtype=np.int64)))
                row += found.num_rows
    except (pa.ArrowException, OSError) as fault:
        raise Refused("parquet_damaged", name=document.name, fault=str(fault).splitlines()[0]) from fault


def _on_disk(document: Document, scratch: Path) -> Path:
    """The document as a file: itself, or a copy under a name of ours where it lies in an archive."""
    if document.path is not None and document.path.suffix.lower() != ".gz":
        return document.path
    scratch.mkdir(parents=True, exist_ok=True)
    copy = scratch / "copy"
    with document.open() as content, copy.open("wb") as stream:
        shutil.copyfileobj(content, stream, 1024 * 1024)
    return copy


def _xlsx(document: Document, reject: Reject) -> Iterator[Batch]:
    import openpyxl

    with document.open() as stream:
        content = stream.read(limits.MAX_UPLOAD_BYTES + 1)
    if len(content) > limits.MAX_UPLOAD_BYTES:
        raise Refused("xlsx_big", name=document.name, mb=limits.MAX_UPLOAD_BYTES // 2**20)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > max(limits.FREE_UNPACKED_BYTES, len(content) * limits.MAX_PACKING):
            raise Refused("bomb", name=document.name, times=limits.MAX_PACKING)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            raise Refused("no_sheet", name=document.name)
        filled = ((sheet.title, _sheet_rows(sheet)) for sheet in sheets)
        found = [(title, first, rows) for title, rows in filled if (first := next(rows, None)) is not None]
        for title, (number, _), _ in found[1:]:
            reject(Rejected(document.name, number, "", title, say("sheet_unread")))
        for _, (_, first), rows in found[:1]:
            names = _distinct(first)
            records = ((number, dict(zip(names, row, strict=False))) for number, row in rows)
            yield from _from_records(document, names, records)
    except _NO_WORKBOOK as fault:
        raise Refused("not_xlsx", name=document.name, fault=fault) from fault


def _sheet_rows(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The rows of a sheet that hold anything, with their numbers."""
    return ((number, row) for number, row in enumerate(sheet.iter_rows(values_only=True), 1) if any_cell(row))


def any_cell(row: Iterable[Any]) -> bool:
    """Whether a row of a sheet has any cell filled in."""
    return any(cell not in (None, "") for cell in row)


def _json(document: Document, reject: Reject) -> Iterator[Batch]:
    def records() -> Iterator[tuple[int, dict[str, Any]]]:
        for found in json_stream.values(document):
            if isinstance(found, Rejected):
                reject(found)
            elif isinstance(found.content, dict):
                yield found.line, flat(found.content)
            else:
                reject(Rejected(document.name, found.line, "", shown(found.content), say("no_object")))

    return _from_records(document, None, records())


def flat(record: dict[str, Any], before: str = "") -> dict[str, Any]:
    """Nested objects as columns with dotted names; a list of plain values becomes their text, by commas."""
    found: dict[str, Any] = {}
    for key, value in record.items():
        name = values.whole(key)
        if isinstance(value, dict):
            found |= flat(value, f"{before}{name}.")
        elif isinstance(value, list):
            found[before + name] = ",".join(str(one) for one in value if not isinstance(one, dict | list))
        else:
            found[before + name] = value
    return found


def _from_records(
    document: Document, names: list[str] | None, records: Iterator[tuple[int, dict[str, Any]]]
) -> Iterator[Batch]:
    while some := list(itertools.islice(records, SLOW_BATCH_ROWS)):
        seen = names or list(dict.fromkeys(name for _, record in some for name in record))
        if len(seen) > MAX_COLUMNS:
            raise Refused("too_many_columns", name=document.name, n=f"{len(seen):,}")
        columns = {name: _column([record.get(name) for _, record in some]) for name in seen}
        yield Batch(columns, pa.array([line for line, _ in some], pa.int64()))


def _column(cells: list[Any]) -> pa.Array:
    """Cells as Arrow; as text where they are of several kinds or whole numbers that no column of numbers holds."""
    kinds = {type(cell) for cell in cells if cell is not None}
    try:
        if len(kinds) <= 1:
            return pa.array(cells)
    except (pa.ArrowException, OverflowError, UnicodeEncodeError):
        pass
    return pa.array([None if cell is None else values.whole(str(cell)) for cell in cells], pa.string())
