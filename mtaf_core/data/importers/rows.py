"""What a reader of one format gives: rows of the canonical tables, and what could not be used, with the reason.

A reader is a function ``read(document, context)`` that goes through one document from front to back and yields what it
finds, so that memory does not grow with the file. It raises `BadInput` only where nothing of the document can be
trusted: it is cut off, is not in the format, or is past a limit.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import IntEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from mtaf_core.data.importers.reasons import Reason
from mtaf_core.data.importers.sources import Document


class Rank(IntEnum):
    """How much a row knows of what it describes; of two rows with the same keys the higher rank wins.

    A post carries a stub of its author, whose counts may be zero or old, whatever the profile says.
    """

    STUB = 0
    RECORD = 1


class Row(NamedTuple):
    """One row of a canonical table.

    Parameters
    ----------
    table : str
        Name of a canonical table.
    values : dict of str to Any
        By canonical column, with `platform`, `source` and `collected_at`. Ids are str, counts int, times aware
        datetimes in UTC, dates `date`; columns that are not known are left out. ``day_index`` is never set: it needs
        the upload time, which may be in another file.
    rank : Rank
    """

    table: str
    values: dict[str, Any]
    rank: Rank = Rank.RECORD


class Parsed(NamedTuple):
    """Everything one record of a document says.

    Parameters
    ----------
    rows : tuple of Row
    file : str
        The document, as a person knows it.
    line : int
        Line of the file where the record begins, from 1; 0 where lines mean nothing (Parquet, XLSX give the row).
    """

    rows: tuple[Row, ...]
    file: str
    line: int = 0


class Rejected(NamedTuple):
    """Something that was not imported.

    Parameters
    ----------
    file : str
    line : int
        As in `Parsed`.
    column : str
        As the file calls it; empty where the whole record is unfit.
    value : str
        As the file has it, cut to `MAX_SHOWN` characters.
    reason : Reason
        What is wrong with it.
    kept : bool
        True where only this value was left out (null) and the rest of the record came in.
    table : str
        The table that lacks a row for it, where there is one that does.
    """

    file: str
    line: int
    column: str
    value: str
    reason: Reason
    kept: bool = False
    table: str = ""


MAX_SHOWN = 200
"""Characters of a rejected value that are kept."""


def shown(value: object) -> str:
    """``value`` as a report shows it."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


@dataclass(frozen=True)
class Context:
    """What a reader is told besides the document.

    Parameters
    ----------
    timezone : str
        IANA name of the market's zone: times without a zone are in it, and snapshot days are its days.
    platform : str, optional
        Overrules the platform that the format stands for.
    collected_at : datetime, optional
        When the data was collected, with a zone, for records without a time of their own; None is the file's time.
    """

    timezone: str = "Asia/Shanghai"
    platform: str | None = None
    collected_at: datetime | None = None

    def collected(self, document: Document, inside: datetime | None = None) -> datetime:
        """When a record was collected, in UTC: the time ``inside`` it, else as told, else the file's."""
        return (inside or self.collected_at or document.modified).astimezone(UTC)

    def day(self, moment: datetime) -> date:
        """The market's day of a moment."""
        return moment.astimezone(ZoneInfo(self.timezone)).date()


Reader = Callable[[Document, Context], Iterator[Parsed | Rejected]]
