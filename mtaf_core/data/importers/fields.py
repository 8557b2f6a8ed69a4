"""The fields of one JSON record: found by path, read by `values`, with every value that could not be read noted."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from mtaf_core.data.importers import values
from mtaf_core.data.importers.reasons import Reason, say
from mtaf_core.data.importers.rows import Context, Rank, Rejected, Row, shown
from mtaf_core.data.importers.sources import Document

T = TypeVar("T")


class Unfit(Exception):
    """A record without what every row needs: the column, its value and the reason."""

    def __init__(self, column: str, value: str, reason: Reason) -> None:
        super().__init__(reason)
        self.column = column
        self.value = value
        self.reason = reason


@dataclass
class Fields:
    """One record and what has been found wrong with it so far.

    Parameters
    ----------
    record : dict
    document : Document
    line : int
        Line where it begins.
    context : Context
    platform : str
    source : str
        Name of the format.
    inside : datetime, optional
        When the envelope says that it was collected.
    """

    record: dict[str, Any]
    document: Document
    line: int
    context: Context
    platform: str
    source: str
    inside: datetime | None = None
    problems: list[Rejected] = field(default_factory=list)
    numeric_ids: list[str] = field(default_factory=list)

    def find(self, path: str) -> Any:
        """What lies at a dotted path; None where there is nothing."""
        found: Any = self.record
        for name in path.split("."):
            if not isinstance(found, dict):
                return None
            found = found.get(name)
        return found

    def items(self, path: str) -> Iterator[dict[str, Any]]:
        """The objects in the list at ``path``."""
        found = self.find(path)
        yield from (item for item in found if isinstance(item, dict)) if isinstance(found, list) else ()

    def part(self, record: object) -> "Fields":
        """A part of this record, whose problems are this record's."""
        return replace(self, record=record if isinstance(record, dict) else {})

    def collected_after(self, created_at: datetime | None) -> None:
        """Do without the time that the record says it was collected at where that is before ``created_at``."""
        if created_at and self.inside and self.inside < created_at:
            self.inside = None  # a clock that was wrong

    def read(self, how: Callable[[Any], T | None], *paths: str) -> T | None:
        """The first of ``paths`` with a value, read; one that cannot be read is noted unless a later one can."""
        problem = None
        for path in paths:
            value = self.find(path)
            if value is None:
                continue
            try:
                found = how(value)
            except values.Unreadable as fault:
                problem = problem or Rejected(
                    self.document.name, self.line, path, shown(value), fault.reason, kept=True
                )
                continue
            if found is not None:
                return found
        if problem:
            self.problems.append(problem)
        return None

    def key(self, *paths: str) -> str:
        """The id that the record is known by.

        Raises
        ------
        Unfit
            If there is none, or it has been rounded.
        """
        for path in paths:
            value = self.find(path)
            try:
                found = values.identifier(value)
            except values.Unreadable as fault:
                raise Unfit(path, shown(value), fault.reason) from fault
            if found is not None:
                if isinstance(value, int):
                    self.numeric_ids.append(found)
                return found
        raise Unfit(paths[0], "", say("no_id"))

    def id(self, *paths: str) -> str | None:
        return self.read(values.identifier, *paths)

    def text(self, *paths: str) -> str | None:
        return self.read(values.text, *paths)

    def count(self, *paths: str) -> int | None:
        return self.read(values.count, *paths)

    def positive(self, *paths: str) -> int | None:
        """A count that is not known where it is zero."""
        return self.read(lambda value: values.count(value) or None, *paths)

    def number(self, *paths: str) -> float | None:
        return self.read(values.number, *paths)

    def flag(self, *paths: str) -> bool | None:
        return self.read(values.flag, *paths)

    def negated(self, *paths: str) -> bool | None:
        """The opposite of a flag."""
        found = self.flag(*paths)
        return None if found is None else not found

    def any_flag(self, *paths: str) -> bool | None:
        """Whether one of the flags is set; None where none of them is there."""
        found = [flag for path in paths if (flag := self.flag(path)) is not None]
        return any(found) if found else None

    def seconds(self, *paths: str) -> float | None:
        return self.read(values.seconds, *paths)

    def milliseconds(self, *paths: str) -> float | None:
        """A length in milliseconds, in seconds."""
        return self.read(lambda value: values.seconds(value, "ms"), *paths)

    def moment(self, *paths: str) -> datetime | None:
        return self.read(lambda value: values.moment(value, self.context.timezone), *paths)

    def row(self, table: str, rank: Rank = Rank.RECORD, **columns: Any) -> Row:
        """A row of the columns that are known, collected when the record was."""
        known = {name: value for name, value in columns.items() if value is not None}
        collected = self.context.collected(self.document, self.inside)
        return Row(table, {"platform": self.platform, **known, "source": self.source, "collected_at": collected}, rank)

    def snapshot(
        self, table: str, rank: Rank = Rank.RECORD, *, keys: Mapping[str, str], **counts: Any
    ) -> Iterator[Row]:
        """A row of the day on which the record was collected; none where no count is known."""
        if any(value is not None for value in counts.values()):
            day = self.context.day(self.context.collected(self.document, self.inside))
            yield self.row(table, rank, **keys, snapshot_date=day, **counts)

    def video_tags(self, video_id: str, names: list[str]) -> Iterator[Row]:
        """The hashtags of a video, each once, in order."""
        clean = (name.strip().lstrip("#＃").strip() for text in names if (name := values.text(text)))
        for position, name in enumerate(dict.fromkeys(name for name in clean if name)):
            yield self.row("video_tags", video_id=video_id, tag_name=name, position=position)
