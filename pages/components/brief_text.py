"""A brief as plain JSON, for scenarios on disk, and as a short text, for the address of the page."""

import base64
import binascii
import dataclasses
import json
import math
import zlib
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from mtaf_core import limits
from mtaf_core.content.take import Take
from mtaf_core.errors import BadInput
from mtaf_core.schema import FEATURE, Feature, Kind
from pages.components.candidate_form import CHOICES, FLAGS, TYPED, Brief

VERSION = "1"
MAX_TEXT_CHARS = 16_000
"""Longer texts are put into no address, and taken from none."""
_MAX_JSON_BYTES = 128_000
_MAX_WORD_CHARS = 300
_EMPTY = Brief()
_NAMES = {column: name for name, column in TYPED.items()}


def to_json(brief: Brief) -> dict[str, Any]:
    """Everything that a brief says as plain JSON values; what is as in an empty one is left out."""
    said: dict[str, Any] = {}
    for one in fields(Brief):
        value = getattr(brief, one.name)
        if value != getattr(_EMPTY, one.name):
            said[one.name] = _WRITE.get(one.name, _same)(value)
    return said


def of_json(said: Mapping[str, Any]) -> Brief:
    """The brief that `to_json` gave as JSON.

    Raises
    ------
    BadInput
        If it is no such JSON: something has another type, is out of its range, or is unknown.
    """
    try:
        return Brief(**{name: _READ[name](value) for name, value in said.items()})
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, BadInput) as error:
        raise BadInput(
            "This is not what the form was filled in with; it may have been cut short or changed."
        ) from error


def packed(brief: Brief) -> str | None:
    """A brief as a text of letters, digits, ``-`` and ``_``; None where it would be too long for an address.

    It is ``1.`` and the JSON of `to_json`, deflated, in URL-safe base64.
    """
    text = json.dumps(to_json(brief), ensure_ascii=False, separators=(",", ":"))
    press = zlib.compressobj(9, wbits=-15)
    squeezed = press.compress(text.encode()) + press.flush()
    made = f"{VERSION}.{base64.urlsafe_b64encode(squeezed).decode().rstrip('=')}"
    return made if len(made) <= MAX_TEXT_CHARS else None


def unpacked(text: str) -> Brief:
    """The brief of a text that `packed` made.

    Raises
    ------
    BadInput
        If it is of another version, damaged, or too long.
    """
    version, _, coded = text.partition(".")
    broken = BadInput("The form in this link cannot be read; it may have been cut short or made by another version.")
    if version != VERSION or len(text) > MAX_TEXT_CHARS:
        raise broken
    try:
        squeezed = base64.b64decode(coded + "=" * (-len(coded) % 4), altchars=b"-_", validate=True)
        open_ = zlib.decompressobj(wbits=-15)
        plain = open_.decompress(squeezed, _MAX_JSON_BYTES)
        if not open_.eof or open_.unused_data:
            raise broken
        said = json.loads(plain.decode())
    except (binascii.Error, ValueError, zlib.error, RecursionError) as error:
        raise broken from error
    if not isinstance(said, dict):
        raise broken
    try:
        return of_json(said)
    except BadInput as error:
        raise broken from error


def _same(value: Any) -> Any:
    return value


def _text(most: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or len(value) > most:
            raise ValueError(f"no text of at most {most} characters")
        value.encode("utf-8")  # halves of characters are refused
        return value

    return read


def _word(value: Any) -> str | None:
    return None if value is None else _text(_MAX_WORD_CHARS)(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither yes nor no")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("no number")
    return float(value)


def _hour(value: Any) -> int:
    if isinstance(value, bool) or value not in range(24):
        raise ValueError("no hour")
    return int(value)


def _tags(value: list[Any]) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > limits.MAX_TAGS:
        raise ValueError("no list of hashtags")
    return tuple(_text(limits.MAX_DESCRIPTION_CHARS)(tag) for tag in value)


def _typed(value: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple((column, _told(FEATURE[_NAMES[column]], said)) for column, said in value.items())


def _told(feature: Feature, said: Any) -> Any:
    if feature.kind is Kind.FLAG:
        return _flag(said)
    if feature.kind is Kind.COUNT:
        if isinstance(said, bool) or not isinstance(said, int) or not 0 <= said <= limits.MAX_COUNT:
            raise ValueError("no count")
        return said
    if isinstance(said, bool) or said not in CHOICES[feature.name]:
        raise ValueError("none of the choices")
    return said


def _day(value: Any) -> date | None:
    day = None if value is None else date.fromisoformat(value)
    if day is not None and not 2010 <= day.year <= 2100:
        raise ValueError("no day of a release")
    return day


def _flags(value: dict[str, Any]) -> tuple[tuple[str, bool], ...]:
    if not set(value) <= set(FLAGS.values()):
        raise ValueError("no flag of a video")
    return tuple((column, _flag(said)) for column, said in value.items())


def _take(value: dict[str, Any]) -> Take:
    if not set(value) <= {one.name for one in fields(Take)}:
        raise ValueError("no part of a take")
    return Take(
        content_hash=_text(64)(value.get("content_hash", "")),
        start_s=_number(value.get("start_s", 0.0)),
        end_s=None if value.get("end_s") is None else _number(value["end_s"]),
        muted=_flag(value.get("muted", False)),
    )


_WRITE: dict[str, Callable[[Any], Any]] = {
    "tags": list,
    "typed": dict,
    "flags": dict,
    "day": date.isoformat,
    "take": dataclasses.asdict,
}
_READ: dict[str, Callable[[Any], Any]] = {
    "description": _text(limits.MAX_DESCRIPTION_CHARS),
    "tags": _tags,
    "uploader_id": _word,
    "typed": _typed,
    "day": _day,
    "hour": _hour,
    "product_link": lambda value: None if value is None else _flag(value),
    "city": _word,
    "poi": _text(_MAX_WORD_CHARS),
    "flags": _flags,
    "take": _take,
}
