"""What an import did: rows a table, values left out, what looks odd; as a value, as JSON, as a file of rejections."""

import csv
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mtaf_core.data.importers.rows import Rejected

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
FLAGS = ("duplicates", "falls", "before_upload", "no_video")
"""What may look odd in an import; see `ImportReport.flags`."""
REJECTED_HEADER = ("file", "line", "column", "value", "reason", "left_out", "code", "details")


@dataclass(frozen=True)
class TableCounts:
    """Rows of one table in an import.

    Parameters
    ----------
    new, updated, unchanged : int
        Rows that were not there, that changed what was known, that said nothing new.
    rejected : int
        Rows left out because a key is missing or impossible.
    """

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0


@dataclass(frozen=True)
class ImportReport:
    """What one import did.

    Parameters
    ----------
    number : int
        Counts the imports of a workspace from 1; the name of its folder.
    commit : int or None
        The version that it made, None where nothing changed.
    what : str
        What was imported, for a person.
    time : datetime
        When it ended, UTC.
    files : tuple of str
    formats : mapping of str to int
        How many files were read as each format.
    tables : mapping of str to TableCounts
        Tables that the files had rows for.
    rejected_rows, rejected_values : int
        Records left out whole, and values left out of rows that came in.
    flags : mapping of str to int
        What came in but looks odd, by `FLAGS`.
    folder : Path
        Where `rejected_file` and `flags_file` are.
    unused : mapping of str to tuple of str
        Columns of tables without a mapping that nothing was read from, by file: nobody knows their header, or their
        values are not what it says.
    """

    number: int
    commit: int | None
    what: str
    time: datetime
    files: tuple[str, ...]
    formats: Mapping[str, int]
    tables: Mapping[str, TableCounts]
    rejected_rows: int
    rejected_values: int
    flags: Mapping[str, int]
    folder: Path = field(compare=False)
    unused: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def found_rows(self) -> bool:
        """Whether any row came in or was known already; where none was, nothing of what was named could be used."""
        return any(counts.new + counts.updated + counts.unchanged for counts in self.tables.values())

    @property
    def rejected_file(self) -> Path:
        """CSV of everything left out, with file, line, column, value and reason."""
        return self.folder / "rejected.csv"

    @property
    def flags_file(self) -> Path:
        """CSV of what looks odd, the first thousands of it."""
        return self.folder / "flags.csv"

    def to_json(self) -> dict[str, Any]:
        """The document of ``import --json``."""
        return {
            **{k: v for k, v in asdict(self).items() if k not in ("folder", "time")},
            "time": self.time.isoformat(),
            "rejected_file": str(self.rejected_file) if self.rejected_rows or self.rejected_values else None,
            "flags_file": str(self.flags_file) if self.flags else None,
        }

    @classmethod
    def from_json(cls, says: Mapping[str, Any], folder: Path) -> "ImportReport":
        """The inverse of `to_json`, for a report found in ``folder``."""
        return cls(
            number=int(says["number"]),
            commit=None if says["commit"] is None else int(says["commit"]),
            what=str(says["what"]),
            time=datetime.fromisoformat(says["time"]).astimezone(UTC),
            files=tuple(says["files"]),
            formats=dict(says["formats"]),
            tables={name: TableCounts(**counts) for name, counts in says["tables"].items()},
            rejected_rows=int(says["rejected_rows"]),
            rejected_values=int(says["rejected_values"]),
            flags=dict(says["flags"]),
            folder=folder,
            unused={name: tuple(columns) for name, columns in says.get("unused", {}).items()},
        )


class RejectedFile:
    """Everything that was left out, written to a CSV file as it is found.

    A cell that a spreadsheet would take for a formula gets an apostrophe before it.
    """

    def __init__(self, path: Path) -> None:
        self.rows = self.values = 0
        self.by_table: Counter[str] = Counter()
        # Excel takes a CSV file for UTF-8 only by its mark.
        self._stream = open(path, "w", encoding="utf-8-sig", newline="")  # noqa: SIM115  # closed by `close`
        self._writer = csv.writer(self._stream)
        self._writer.writerow(REJECTED_HEADER)
        self._last: Rejected | None = None

    def add(self, found: Rejected, table: str | None = None) -> None:
        """Note one rejection; the same one twice in a row, as a record of several tables gives, is noted once."""
        if table and not found.kept:
            self.by_table[table] += 1
        if found == self._last:
            return
        self._last = found
        if found.kept:
            self.values += 1
        else:
            self.rows += 1
        left_out = "value" if found.kept else "row"
        reason = found.reason
        details = json.dumps(dict(reason.values), ensure_ascii=False) if reason.values else ""
        cells = (found.file, found.line, found.column, found.value, str(reason), left_out, reason.code, details)
        self._writer.writerow(map(harmless, cells))

    def close(self) -> None:
        self._stream.close()


def harmless(cell: object) -> object:
    """``cell`` as a spreadsheet shows it and never runs it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
