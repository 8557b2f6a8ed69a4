"""Edits to a candidate video, named by Table 1, so that the command line and the pages mean the same by each."""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from mtaf_core.content.take import Take
from mtaf_core.data.frame import Candidate
from mtaf_core.errors import BadInput
from mtaf_core.insight.hashtags import parse_tags
from mtaf_core.schema import BEFORE_RELEASE, FEATURE, Feature, Kind, Release

TAKE_KEYS = ("start", "end", "mute")
"""Keys that say which part of the clip is released, and whether with its sound."""

_TRUE, _FALSE = {"true", "yes", "1", "on"}, {"false", "no", "0", "off"}


def edited(candidate: Candidate, key: str, value: str, timezone: str) -> Candidate:
    """``candidate`` with one thing changed.

    Parameters
    ----------
    candidate : Candidate
    key : str
        ``description``, ``tags``, ``uploader`` (a KOL's id), ``upload_time`` (ISO 8601), or a feature of Table 1 that
        is known before release (``upload_hour``, ``video_product``, ``uploader_follower``, ...). An hour or a weekday
        moves the upload time, where there is one, so that all that goes with the time goes with it.
    value : str
        As typed. Flags take true or false; an empty value means unknown.
    timezone : str
        IANA name of the market's zone: a time without an offset is in it.

    Raises
    ------
    BadInput
        If the key is unknown or exists only after release, or the value does not fit it.
    """
    if key == "upload_time":
        return dataclasses.replace(candidate, upload_time=parse_time(value, timezone))
    if key in _FREE:
        return _FREE[key](candidate, value)
    columns = {column: feature for feature in FEATURE.values() for column in feature.columns}
    feature = FEATURE.get(key) or columns.get(key)
    if feature is None:
        raise BadInput(f"There is nothing called '{key}' to change; choose among: {', '.join(editable())}.")
    if feature.release is Release.AFTER:
        raise BadInput(f"'{key}' exists only after release and cannot be set; give it with --snapshots instead.")
    if len(feature.columns) > 1 and key not in columns:
        raise BadInput(f"'{key}' is two numbers; set {' or '.join(feature.columns)}.")
    read = _value(feature, key, value)
    if (moved := _moved(candidate, key, read, timezone)) is not None:
        return moved
    return dataclasses.replace(candidate, features={**candidate.features, key: read})


def _moved(candidate: Candidate, key: str, value: Any, timezone: str) -> Candidate | None:
    """The same video at another hour of its day, or on the next such weekday (0 is Monday); None for other edits.

    One that is out has the time it had, and a value that is no hour or weekday is left for the frame to refuse.
    """
    limit = {"upload_hour": 24, "upload_dayofweek": 7}.get(key)
    if limit is None or candidate.upload_time is None or candidate.snapshots or value not in range(limit):
        return None
    then = candidate.upload_time.astimezone(ZoneInfo(timezone))
    if key == "upload_hour":
        then = then.replace(hour=int(value))
    else:
        then += timedelta(days=(int(value) - then.weekday()) % 7)
    features = {name: held for name, held in candidate.features.items() if name != key}
    return dataclasses.replace(candidate, upload_time=then, features=features)


def with_edit(candidate: Candidate, key: str, value: Any, timezone: str) -> Candidate:
    """`edited` with a value of its own type: a number, a bool, text, a list of hashtags, a time, or None for unknown.

    Raises
    ------
    BadInput
        As `edited`.
    """
    if isinstance(value, datetime):
        return dataclasses.replace(candidate, upload_time=value)
    if key == "tags" and not isinstance(value, str):
        return dataclasses.replace(candidate, tags=tuple(value))
    if value is None:
        return edited(candidate, key, "", timezone)
    if isinstance(value, bool):
        return edited(candidate, key, "true" if value else "false", timezone)
    return edited(candidate, key, repr(float(value)) if isinstance(value, int | float) else str(value), timezone)


def retaken(take: Take, edits: Mapping[str, str]) -> Take:
    """``take`` with what ``edits`` say of it; other keys than `TAKE_KEYS` are of no concern here.

    Parameters
    ----------
    take : Take
    edits : mapping of str to str
        As typed: ``start`` and ``end`` in seconds of the file, ``mute`` true or false. An empty one undoes.

    Raises
    ------
    BadInput
        If a value does not fit, or nothing of the clip is left.
    """
    changes: dict[str, Any] = {}
    for key, name in (("start", "start_s"), ("end", "end_s")):
        if key in edits:
            changes[name] = _number(key, edits[key]) if edits[key].strip() else (0.0 if key == "start" else None)
    if "mute" in edits:
        changes["muted"] = bool(edits["mute"].strip()) and _flag("mute", edits["mute"])
    return dataclasses.replace(take, **changes)


def editable() -> list[str]:
    """Every key `edited` and `retaken` know."""
    return [*TAKE_KEYS, *_FREE, "upload_time", *(column for feature in BEFORE_RELEASE for column in feature.columns)]


def _value(feature: Feature, key: str, text: str) -> Any:
    text = text.strip()
    if not text:
        return None
    if feature.kind is Kind.CATEGORY:
        return text
    if feature.kind is Kind.FLAG:
        return _flag(key, text)
    return _number(key, text)


def _flag(key: str, text: str) -> bool:
    word = text.strip().lower()
    if word in _TRUE | _FALSE:
        return word in _TRUE
    raise BadInput(f"'{key}' is '{text}'; give true or false.")


def _number(key: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadInput(f"'{key}' is '{text}'; give a number.") from None


def parse_time(text: str, timezone: str) -> datetime:
    """An aware time from ISO 8601 text; without an offset it is in ``timezone``.

    Raises
    ------
    BadInput
        If the text is not a time.
    """
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(f"The upload time is '{text}'; give one such as 2026-11-11T20:00+08:00.") from None
    return time if time.tzinfo else time.replace(tzinfo=ZoneInfo(timezone))


_FREE: dict[str, Callable[[Candidate, str], Candidate]] = {
    "description": lambda candidate, text: dataclasses.replace(candidate, description=text),
    "tags": lambda candidate, text: dataclasses.replace(candidate, tags=parse_tags(text)),
    "uploader": lambda candidate, text: dataclasses.replace(candidate, uploader_id=text or None, uploader=None),
}
