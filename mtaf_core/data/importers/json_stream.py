"""JSON of any size, one record at a time: a list, records line by line, an envelope around a list.

The file is never in memory whole. What is held is one record and about a million characters more; a record past
`mtaf_core.limits.MAX_RECORD_CHARS` is refused before it has been read.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from mtaf_core import limits
from mtaf_core.data.importers.encoding import text_chunks
from mtaf_core.data.importers.reasons import Refused, say
from mtaf_core.data.importers.rows import Rejected, shown
from mtaf_core.data.importers.sources import Document

MAX_DEPTH = 8
"""How many envelopes deep a list of records too long for memory may lie."""

_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_NEAR_END = 40
"""A fault this close to the end of what has been read may only mean that the rest is not there yet."""


class Value(NamedTuple):
    """One value of a JSON document and the line where it begins, from 1."""

    content: Any
    line: int


def values(document: Document) -> Iterator[Value | Rejected]:
    """The records of ``document``: the elements of a list, or each of the values that follow one another.

    A value that fits in memory is given whole, envelope and all. In one that does not, the lists inside are looked
    for, and their elements given.

    Raises
    ------
    BadInput
        If it is not JSON, is cut off, or has a record that is too long. A line that is not JSON among lines that are
        is `Rejected` instead.
    """
    stream = _Stream(document)
    if stream.peek() == "":
        raise Refused("empty", name=document.name)
    found = 0
    while stream.peek():
        line = stream.line
        try:
            yield from _top(stream)
        except _NotJson as fault:
            if not found or stream.breaks_off(fault) or not stream.skip_line(line):
                raise stream.bad(fault) from fault
            yield Rejected(document.name, line, "", shown(fault.text.split("\n", 1)[0]), say("line_not_json"))
        found += 1


def _top(stream: "_Stream") -> Iterator[Value]:
    if stream.peek() == "[":
        yield from _elements(stream)
        return
    line = stream.line
    try:
        content = stream.decode()
    except _TooLong:
        if stream.peek() != "{":
            raise stream.too_long() from None
    else:
        yield Value(content, line)
        return
    yield from _inside(stream, MAX_DEPTH)


def _elements(stream: "_Stream") -> Iterator[Value]:
    """The elements of the list that begins here."""
    stream.take("[")
    if stream.peek() == "]":
        stream.take("]")
        return
    while True:
        stream.peek()
        line = stream.line
        try:
            content = stream.decode()
        except _TooLong:
            raise stream.too_long() from None
        yield Value(content, line)
        if stream.peek() == "]":
            stream.take("]")
            return
        stream.take(",")


def _inside(stream: "_Stream", depth: int) -> Iterator[Value]:
    """The elements of every list in the object that begins here, at most ``depth`` objects deep."""
    if depth == 0:
        raise stream.too_long()
    stream.take("{")
    while stream.peek() != "}":
        try:
            stream.decode()  # the key
            stream.take(":")
            ahead = stream.peek()
            if ahead == "[":
                yield from (value for value in _elements(stream) if isinstance(value.content, dict))
            else:
                stream.decode()
        except _TooLong:
            if stream.peek() != "{":
                raise stream.too_long() from None
            yield from _inside(stream, depth - 1)
        if stream.peek() == ",":
            stream.take(",")
        elif stream.peek() != "}":
            stream.take("}")
    stream.take("}")


class _TooLong(Exception):
    """The value that begins here does not fit in memory; nothing of it has been taken."""


class _NotJson(Exception):
    """What follows is not JSON, or the file ends in the middle of it."""

    def __init__(self, line: int, text: str, cut_off: bool) -> None:
        super().__init__(line)
        self.line = line
        self.text = text
        self.cut_off = cut_off


class _Stream:
    """The text still to be read, with a window on its beginning."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._chunks = text_chunks(document)
        self._text = ""
        self._at = 0
        self._ended = False
        self._counted = 0
        self._line = 1
        self._decoder = json.JSONDecoder(parse_constant=lambda name: None)

    @property
    def line(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def peek(self) -> str:
        """The next character that is no space, which the window then begins with; empty at the end."""
        while True:
            self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, expected: str) -> None:
        """Go past ``expected``, or say that the file is not JSON."""
        if self.peek() != expected:
            raise self._not_json(self._at)
        self._at += 1

    def decode(self) -> Any:
        """The value that begins here; goes past it.

        Raises
        ------
        _TooLong, _NotJson
            Without going past anything.
        """
        self.peek()
        while True:
            try:
                content, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as fault:
                if self._ended:
                    raise self._not_json(fault.pos, _is_cut(fault)) from None
                # Of text that is not closed, the fault lies where it began.
                if not fault.msg.startswith("Unterminated") and fault.pos < len(self._text) - _NEAR_END:
                    raise self._not_json(fault.pos) from None
            except (RecursionError, ValueError):  # nested beyond reason, or a number of thousands of digits
                raise self._not_json(self._at) from None
            else:
                if end < len(self._text) or self._ended or self._text[self._at] in '{["':
                    self._at = end
                    return content
            if len(self._text) - self._at > limits.MAX_RECORD_CHARS:
                raise _TooLong
            self._more(len(self._text) - self._at)

    def skip_line(self, line: int) -> bool:
        """Go past the line that begins here; False where none does, so that what is wrong is not one line's fault."""
        if self.line != line or not self._begins_line():
            return False
        while True:
            end = self._text.find("\n", self._at)
            if end >= 0:
                self._at = end + 1
                return True
            if len(self._text) - self._at > limits.MAX_RECORD_CHARS:
                raise self.too_long()
            if not self._more():
                self._at = len(self._text)
                return True

    def breaks_off(self, fault: _NotJson) -> bool:
        """Whether the file ends in the middle of the value that begins here, on a line that is not even ended."""
        return fault.cut_off and "\n" not in self._text[self._at :]

    def bad(self, fault: _NotJson) -> Refused:
        name, line = self.document.name, fault.line
        if fault.cut_off:
            return Refused("json_cut", name=name, line=line)
        return Refused("not_json", name=name, line=line, text=shown(fault.text[:40]))

    def too_long(self) -> Refused:
        millions = limits.MAX_RECORD_CHARS // 1024**2
        return Refused("record_long", name=self.document.name, line=self.line, millions=millions)

    def _begins_line(self) -> bool:
        before = self._text.rfind("\n", 0, self._at)
        return not self._text[before + 1 : self._at].strip() and (before >= 0 or self._line == 1)

    def _not_json(self, at: int, unfinished: bool = False) -> _NotJson:
        self.line  # noqa: B018 - counts the lines up to here
        line = self._line + self._text.count("\n", self._counted, at)
        cut_off = self._ended and (unfinished or at >= len(self._text))
        return _NotJson(line, self._text[self._at : self._at + 200], cut_off)

    def _more(self, wanted: int = 0) -> bool:
        """Read on by ``wanted`` characters or a chunk, and forget all of the window but its last line's beginning."""
        keep = max(self._text.rfind("\n", 0, self._at), 0)
        if self._at - keep > _NEAR_END:
            keep = self._at
        self.line  # noqa: B018
        parts, got = [self._text[keep:]], 0
        while got <= wanted and not self._ended:
            chunk = next(self._chunks, None)
            self._ended = chunk is None
            parts.append(chunk or "")
            got += len(chunk or "")
        self._text = "".join(parts)
        self._at -= keep
        self._counted = self._at
        return got > 0


def _is_cut(fault: json.JSONDecodeError) -> bool:
    """Whether text is no JSON only because it ends too early: in a string, a word, or before what has to follow."""
    rest = fault.doc[fault.pos :].rstrip()
    word = any(whole.startswith(rest) for whole in ("true", "false", "null", "NaN", "-Infinity"))
    return word or fault.msg.startswith("Unterminated") or (fault.msg.startswith("Invalid \\u") and len(rest) < 7)
