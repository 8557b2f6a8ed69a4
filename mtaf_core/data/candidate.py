"""A video that is not in the workspace yet: what a person says about it, checked, as relations for the facts' SQL."""

import difflib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyarrow as pa

from mtaf_core import limits
from mtaf_core.data.facts import CANDIDATE_SCHEMA
from mtaf_core.data.tables import SNAPSHOTS, UPLOADERS, VIDEO_TAGS, VIDEOS
from mtaf_core.errors import BadInput
from mtaf_core.schema import (
    AFTER_RELEASE,
    BEFORE_RELEASE,
    FEATURE,
    SCORE_WEIGHTS,
    SERIES_CHANNELS,
    Feature,
    Group,
    Kind,
)

FIRST_UPLOAD = datetime(2010, 1, 1, tzinfo=UTC)
LATEST_UPLOAD = timedelta(days=731)
"""How far ahead of now a video may be planned."""
MAX_AGE_YEARS = 120
MAX_SHOWN_CHARS = 40
"""How much of what a person gave is said back to them."""
_NEAR_NAMES = 4
_DATE_SLACK_DAYS = (-1, 2)
"""How far a date may be off its day_index: 24 hours end a date later, and a date may be one of another time zone."""

_SETTLED = {"platform", "video_id", "uploader_id", "created_at", "description", "source", "collected_at"}
"""Columns that are fields of `Candidate` or belong to the record, not to the video."""
_AFTER = {"is_topped", "popularity_label"}
_VIDEO_COLUMNS = {c: t for c, t in VIDEOS.columns.items() if c not in _SETTLED}
_UPLOADER_COLUMNS = {c: t for c, t in UPLOADERS.columns.items() if c not in _SETTLED}
_SNAPSHOT_COLUMNS = {c: t for c, t in SNAPSHOTS.columns.items() if c not in _SETTLED}
_FEATURE_OF = {column: feature for feature in BEFORE_RELEASE for column in feature.columns}
RANGES: dict[str, tuple[float, float]] = {
    "age": (0, MAX_AGE_YEARS),
    "day_index": (-math.inf, math.inf),
    "uploader_age": (0, MAX_AGE_YEARS),
    "duration_s": (limits.MIN_DURATION_S, limits.MAX_DURATION_S),
    "video_duration": (limits.MIN_DURATION_S, limits.MAX_DURATION_S),
    "width_px": (1, limits.MAX_SIDE_PX),
    "height_px": (1, limits.MAX_SIDE_PX),
    "video_width": (1, limits.MAX_SIDE_PX),
    "video_height": (1, limits.MAX_SIDE_PX),
    "poi_lat": (-90, 90),
    "poi_lon": (-180, 180),
}
_TAG_SCHEMA = pa.schema(list(VIDEO_TAGS.columns.items()))
_DAY_SCHEMA = pa.schema([("row", pa.int64()), ("day", pa.int64()), *((c, pa.float64()) for c in SERIES_CHANNELS)])


@dataclass(frozen=True)
class Candidate:
    """A video to be judged.

    Parameters
    ----------
    platform : str, optional
        None means the platform that most KOLs of the workspace are on.
    description : str
    tags : tuple of str
        Hashtags, with or without ``#``.
    uploader_id : str, optional
        A KOL of the workspace.
    uploader : mapping, optional
        Columns of the canonical table ``uploaders``, as typed; they go before what is on record.
    upload_time : datetime, optional
        With a time zone; None means now.
    video : mapping
        Columns of the canonical table ``videos``: ``duration_s``, ``has_product_link``, ``upload_city``, ...
    features : mapping
        What-if: columns of Table 1 set to a value whatever the rest says; None means unknown.
    snapshots : tuple of mapping
        Columns of the canonical table ``snapshots``, one a day, with ``day_index`` (1 = the first 24 h) or
        ``snapshot_date`` (the upload date is day 1), and every count of equation 1.
    """

    platform: str | None = None
    description: str = ""
    tags: tuple[str, ...] = ()
    uploader_id: str | None = None
    uploader: Mapping[str, Any] | None = None
    upload_time: datetime | None = None
    video: Mapping[str, Any] = field(default_factory=dict)
    features: Mapping[str, Any] = field(default_factory=dict)
    snapshots: tuple[Mapping[str, Any], ...] = ()


def relations(candidates: Sequence[Candidate], platform: str, horizon_day: int, timezone: str) -> dict[str, pa.Table]:
    """The candidates as the relations that `facts.facts_sql` reads, and ``days``, which is what `facts.DAYS` makes.

    Parameters
    ----------
    platform : str
        For candidates that name none.
    timezone : str
        The market's zone, where a candidate's ``video`` names none.

    Raises
    ------
    BadInput
        For the first value that is impossible, naming it.
    """
    zone = time_zone(timezone)
    videos, tags, days = [], [], []
    # To the minute: edits of one candidate within a minute then ask for the same facts, which are remembered.
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    for row, candidate in enumerate(candidates):
        key = {"platform": _text("platform", candidate.platform or platform), "video_id": str(row)}
        video = _values(candidate.video, _VIDEO_COLUMNS, "video")
        created_at = _upload_time(candidate.upload_time, now)
        here = time_zone(video["timezone"]) if video.get("timezone") else zone
        own = {"description": _description(candidate.description), "uploader_id": _kol(candidate.uploader_id)}
        videos.append({**video, **key, **own, **_told(candidate.uploader), "created_at": created_at, "row": row})
        names = clean_tags(candidate.tags)
        tags += [{**key, "tag_name": name, "position": place} for place, name in enumerate(names)]
        counted = _days(candidate.snapshots, created_at.astimezone(here), now.astimezone(here), horizon_day)
        days += [{**day, "row": row} for day in counted]
    return {
        "candidate_videos": pa.Table.from_pylist(videos, CANDIDATE_SCHEMA),
        "candidate_video_tags": pa.Table.from_pylist(tags, _TAG_SCHEMA),
        "days": pa.Table.from_pylist(days, _DAY_SCHEMA),
    }


def names_a_kol(candidate: Candidate) -> bool:
    """Whether anything is said of the KOL that a model can read: who they are, or a value of Table 1."""
    told = (f"told_{column}" for column, value in (candidate.uploader or {}).items() if value is not None)
    set_to = (_FEATURE_OF.get(column) for column, value in candidate.features.items() if value is not None)
    return (
        bool(candidate.uploader_id)
        or any(column in CANDIDATE_SCHEMA.names for column in told)
        or any(feature is not None and feature.group is Group.UPLOADER for feature in set_to)
    )


def overrides(candidate: Candidate) -> dict[str, float | str | None]:
    """The what-if values of ``candidate`` by frame column, as the frame holds them.

    Raises
    ------
    BadInput
        If a column is unknown or known only after release, or the value does not fit it.
    """
    return {column: _override(column, value) for column, value in candidate.features.items()}


def clean_tags(tags: Sequence[str]) -> list[str]:
    """Hashtags without ``#`` and outer spaces, each once, in order.

    Raises
    ------
    BadInput
        If there are too many, or one is too long or no text.
    """
    if isinstance(tags, str) or not all(isinstance(tag, str) for tag in tags):
        raise BadInput("The hashtags must be a list of texts.")
    names = list(dict.fromkeys(name for tag in tags if (name := tag.strip().lstrip("#＃").strip())))
    if len(names) > limits.MAX_TAGS:
        raise BadInput(f"There are {len(names)} hashtags; give at most {limits.MAX_TAGS}.")
    for name in names:
        _check_unicode(f"The hashtag '{shown(name)}'", name)
        if len(name) > limits.MAX_TAG_CHARS:
            raise BadInput(f"The hashtag '{shown(name)}' is longer than {limits.MAX_TAG_CHARS} characters; shorten it.")
    return names


def time_zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name.

    Raises
    ------
    BadInput
        If there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError) as fault:
        raise BadInput(f"There is no time zone '{shown(name)}'; give a name such as Asia/Shanghai.") from fault


def shown(value: object) -> str:
    """What a person gave, as it is said back to them: on one line, at most `MAX_SHOWN_CHARS`, and always printable.

    >>> shown("two\\nlines " + "x" * 100_000)
    'two lines xxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'
    """
    try:
        text = str(value)
    except ValueError:  # Python writes no integer of over 4,300 digits
        text = "a number of thousands of digits"
    text = " ".join(text[: 4 * MAX_SHOWN_CHARS].encode("utf-8", "backslashreplace").decode().split())
    return text if len(text) <= MAX_SHOWN_CHARS else text[: MAX_SHOWN_CHARS - 1] + "…"


def _check_unicode(what: str, text: str) -> None:
    """Refuse halves of characters, which a terminal of another encoding hands over and no table can hold."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise BadInput(f"{what} holds characters that are not Unicode; type it again, as UTF-8.") from None


def _kol(uploader_id: str | None) -> str | None:
    return _text("uploader_id", uploader_id) if uploader_id is not None else None


def _description(text: str) -> str:
    if not isinstance(text, str):
        raise BadInput("The description must be text.")
    _check_unicode("The description", text)
    if len(text) > limits.MAX_DESCRIPTION_CHARS:
        raise BadInput(f"The description has {len(text)} characters; give at most {limits.MAX_DESCRIPTION_CHARS}.")
    return text


def _upload_time(time: datetime | None, now: datetime) -> datetime:
    if time is None:
        return now
    if not isinstance(time, datetime) or time.utcoffset() is None:
        raise BadInput(f"The upload time '{shown(time)}' needs a time zone; give one such as 2026-11-11T20:00+08:00.")
    if not FIRST_UPLOAD <= time <= now + LATEST_UPLOAD:
        raise BadInput(f"The upload time {time.isoformat()} is out of range; give one from 2010 to two years from now.")
    return time.astimezone(UTC)


def _told(uploader: Mapping[str, Any] | None) -> dict[str, Any]:
    told = {c: v for c, v in (uploader or {}).items() if c not in _SETTLED}
    return {f"told_{c}": value for c, value in _values(told, _UPLOADER_COLUMNS, "KOL").items()}


def _values(given: Mapping[str, Any], columns: Mapping[str, pa.DataType], what: str) -> dict[str, Any]:
    """The values of canonical columns, checked one by one; None where unknown."""
    for name in given:
        if name in _AFTER and what == "video":
            raise BadInput(f"'{name}' is known only after release; leave it out.")
        if name not in columns:
            near = ", ".join(_near(name, columns))
            raise BadInput(f"'{shown(name)}' is no column of a {what}; the nearest ones are {near}.")
    return {name: None if value is None else _CHECKS[columns[name]](name, value) for name, value in given.items()}


def _near(name: object, names: Iterable[str]) -> list[str]:
    """The few of ``names`` that are most like ``name``, the likest first."""
    return difflib.get_close_matches(shown(name), list(names), _NEAR_NAMES, cutoff=0)


def _whole(name: str, value: Any) -> int:
    number = _number(name, value)
    if number != int(number):
        raise BadInput(f"'{name}' is {shown(value)}; give a whole number.")
    return int(number)


def _number(name: str, value: Any) -> float:
    try:
        number = math.nan if isinstance(value, bool | str | bytes) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise BadInput(f"'{name}' is '{shown(value)}'; give a number.")
    low, high = RANGES.get(name, (0, limits.MAX_COUNT))
    if not low <= number <= high:
        raise BadInput(f"'{name}' is {shown(value)}; give a number from {low:,} to {high:,}.")
    return number


def _flag(name: str, value: Any) -> bool:
    if isinstance(value, bool) or (isinstance(value, int | float) and value in (0, 1)):
        return bool(value)
    if type(value).__name__ in ("bool", "bool_"):  # NumPy's own, from a data frame
        return bool(value)
    raise BadInput(f"'{name}' is '{shown(value)}'; give true or false.")


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise BadInput(f"'{name}' is '{shown(value)}'; give text.")
    _check_unicode(f"'{name}'", value)
    if len(value) > limits.MAX_DESCRIPTION_CHARS:
        raise BadInput(f"'{name}' has {len(value)} characters; give at most {limits.MAX_DESCRIPTION_CHARS}.")
    return value


def _date(name: str, value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadInput(f"'{name}' is '{shown(value)}'; give a date such as 2026-11-11.") from None


_CHECKS: dict[pa.DataType, Callable[[str, Any], Any]] = {
    pa.string(): _text,
    pa.int64(): _whole,
    pa.float64(): _number,
    pa.bool_(): _flag,
    pa.date32(): _date,
}


def _days(
    snapshots: Sequence[Mapping[str, Any]], uploaded: datetime, now: datetime, horizon_day: int
) -> list[dict[str, Any]]:
    """The counts of each day, as `facts.DAYS` has them; ``uploaded`` and ``now`` are in the video's zone."""
    found: dict[int, dict[str, Any]] = {}
    for given in snapshots:
        values = _values({c: v for c, v in given.items() if c not in _SETTLED}, _SNAPSHOT_COLUMNS, "snapshot")
        day = _day(values.get("day_index"), values.get("snapshot_date"), uploaded.date(), horizon_day)
        if day in found:
            raise BadInput(f"There are two snapshots of day {day}; keep one.")
        if day > (now.date() - uploaded.date()).days + 1:
            raise BadInput(
                f"Day {day} of an upload on {uploaded.date()} lies ahead of now; give the right upload time, "
                "and only days that have begun."
            )
        if lacking := [c for c in SCORE_WEIGHTS if values.get(c) is None]:
            raise BadInput(
                f"Day {day} has no {' and no '.join(lacking)}; give {', '.join(SCORE_WEIGHTS)} of each day, "
                "0 where there are none."
            )
        counts = {c: None if values.get(c) is None else float(values[c]) for c in SERIES_CHANNELS}
        found[day] = {**counts, "day": day}
    return _read([found[day] for day in sorted(found)])


def _read(days: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The days that were read, by the rule of `facts.DAYS`: no day of nought alone after one with something counted."""
    counted = [any(day[name] for name in (*SCORE_WEIGHTS, "view_count")) for day in days]
    return [day for place, day in enumerate(days) if counted[place] or not any(counted[:place])]


def _day(index: int | None, on: date | None, uploaded: date, horizon_day: int) -> int:
    """The day that a snapshot is of; ``uploaded`` is day 1."""
    if index is None and on is None:
        raise BadInput("A snapshot needs a day_index (1 = the first 24 hours) or a snapshot_date.")
    dated = None if on is None else (on - uploaded).days + 1
    day = dated if index is None else index
    assert day is not None
    if not 1 <= day <= horizon_day:
        what = (
            f"day_index {shown(day)}" if index is not None else f"the date {on}, day {day} of an upload on {uploaded}"
        )
        raise BadInput(f"A snapshot has {what}; give days 1 to {horizon_day}, and the right upload time.")
    if dated is not None and not _DATE_SLACK_DAYS[0] <= dated - day <= _DATE_SLACK_DAYS[1]:
        raise BadInput(
            f"A snapshot has day_index {day} and the date {on}, but that is day {dated} of an upload on {uploaded}; "
            "correct one of the three."
        )
    return day


def _override(column: str, value: Any) -> float | str | None:
    feature = _feature(column)
    if feature.kind is Kind.CATEGORY:
        if value is None:
            return None
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else _text(column, value)
        if len(text) > limits.MAX_TAG_CHARS:
            raise BadInput(f"'{column}' is longer than {limits.MAX_TAG_CHARS} characters; shorten it.")
        return text
    if value is None:
        return math.nan
    if feature.kind is Kind.FLAG:
        return float(_flag(column, value))
    if feature.kind is Kind.CYCLE:
        if isinstance(value, bool) or value not in range(feature.period or 0):
            raise BadInput(f"'{column}' is {shown(value)}; give a whole number from 0 to {feature.period - 1}.")
        return float(value)
    return float(_whole(column, value)) if feature.kind is Kind.COUNT else _number(column, value)


def _feature(column: str) -> Feature:
    if column in _FEATURE_OF:
        return _FEATURE_OF[column]
    if any(column in feature.columns for feature in AFTER_RELEASE):
        raise BadInput(f"'{column}' is known only after release; give it as a snapshot.")
    if column in FEATURE:
        raise BadInput(f"'{column}' is several numbers; set {' or '.join(FEATURE[column].columns)}.")
    near = ", ".join(_near(column, _FEATURE_OF))
    raise BadInput(f"'{shown(column)}' is no feature of Table 1; the nearest ones are {near}.")
