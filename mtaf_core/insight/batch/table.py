"""The table of a batch: which column means what, and every cell as the core takes it, or why it cannot be used."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd

from mtaf_core.charts.words import LANGUAGES, feature_label
from mtaf_core.content.take import Take
from mtaf_core.data.candidate import Candidate, overrides, relations
from mtaf_core.data.candidate import shown as on_one_line
from mtaf_core.data.importers import tables_in, values
from mtaf_core.data.importers.columns import simple
from mtaf_core.data.importers.headers import meaning_of, plain_header
from mtaf_core.data.importers.reasons import Reason, Refused, reason_of
from mtaf_core.data.importers.rows import Rejected, shown
from mtaf_core.data.importers.sources import documents
from mtaf_core.errors import BadInput
from mtaf_core.insight.hashtags import parse_tags
from mtaf_core.insight.whatif import TAKE_KEYS, with_edit
from mtaf_core.schema import BEFORE_RELEASE, Feature, Kind

MAX_ROWS = 20_000
SUFFIXES = (".csv", ".tsv", ".xlsx", ".parquet")
"""Endings that make a file a table and no clip."""

TEMPLATE: dict[str, tuple[str, str]] = {
    "clip": ("serum-strong.mp4", ""),
    "description": ("Glow serum, half price today only", "Which lipstick shade suits you? 你适合哪一支？"),
    "tags": ("skincare,glow", "lipstick,口红"),
    "uploader": ("", ""),
    "upload_time": ("2026-11-11 20:00", "2026-11-12 12:30"),
    "product_link": ("yes", "no"),
    "city": ("Shanghai", ""),
    "poi": ("", ""),
}
"""The columns that most tables have, with two rows as examples; the second is of words alone."""

_VIDEO = {"product_link": "has_product_link", "city": "upload_city", "poi": "poi_name"}
"""Keys that are columns of the canonical table ``videos``."""
_WORDS: dict[str, tuple[str, ...]] = {
    "clip": (
        "clip", "clip name", "clip file", "file name", "filename", "video", "video name", "picture", "image", "song",
        "audio", "素材", "素材名", "素材名称", "文件名", "文件名称", "视频", "视频名", "视频名称", "视频文件名", "图片",
        "音乐", "音频",
    ),
    "uploader": ("uploader", "kol", "kol name", "kol id", "达人", "博主", "达人账号"),
    "upload_time": (
        "release time", "planned time", "date", "time", "计划发布时间", "预计发布时间", "计划时间", "日期", "时间"
    ),
    "product_link": ("product", "带货链接", "是否有商品链接", "是否挂车"),
    "city": ("city", "城市", "所在城市"),
    "poi": ("place", "point of interest", "兴趣点"),
}  # fmt: skip
_MEANINGS: dict[str, tuple[str, ...]] = {
    "clip": ("media_path",),
    "description": ("description",),
    "tags": ("tags",),
    "uploader": ("uploader_id", "nickname", "handle"),
    "upload_time": ("created_at",),
    "product_link": ("has_product_link",),
    "city": ("upload_city",),
    "poi": ("poi_name",),
    "uploader_follower": ("follower_count",),
    "uploader_following": ("following_count",),
    "uploader_favorited": ("favorited_count",),
    "uploader_favoriting": ("favoriting_count",),
    "uploader_video_count": ("account_video_count",),
    "uploader_verification": ("is_verified",),
    "uploader_gender": ("gender",),
    "uploader_age": ("age",),
    "video_duration": ("duration_s",),
    "video_width": ("width_px",),
    "video_height": ("height_px",),
}
"""What the headers of exports mean (`mtaf_core.data.importers.headers`), as keys of a batch; the surest first."""
_TAKE = ("start", "end")
_FEATURES: dict[str, Feature] = {column: feature for feature in BEFORE_RELEASE for column in feature.columns}
_MARKS = str.maketrans("|;；", ",,,")


class Problem(NamedTuple):
    """Why a row cannot be scored: the column as the table calls it, empty where it is the whole row."""

    column: str
    value: str
    reason: Reason


@dataclass(frozen=True)
class Line:
    """One row of a table.

    Parameters
    ----------
    number : int
        Line of the file, from 1; of a workbook its row.
    told : dict of str to Any
        By key: ``clip``, ``description``, ``tags``, ``uploader``, ``upload_time``, ``product_link``, ``city``,
        ``poi``, ``start``, ``end``, ``mute``, or a column of Table 1; what is empty or unknown is left out.
    problem : Problem or None
        The first cell that cannot be used.
    columns : mapping of str to str
        The header of every key.
    """

    number: int
    told: dict[str, Any]
    problem: Problem | None
    columns: Mapping[str, str]

    def wrong(self, key: str, value: object, reason: Reason) -> Problem:
        """A problem with the cell of ``key``."""
        return Problem(self.columns.get(key, key), shown(value), reason)


def columns_of(names: list[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The header for each key, and the headers that nothing is read from."""
    found: dict[str, tuple[int, str]] = {}
    for name in names:
        key, rank = _key(name)
        if key and (key not in found or rank < found[key][0]):
            found[key] = (rank, name)
    used = {name for _, name in found.values()}
    return {key: name for key, (_, name) in found.items()}, tuple(name for name in names if name not in used)


def look(path: Path, scratch: Path, zone: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """The header for each key of a table, and the headers that nothing is read from. Raises as `lines`."""
    names, _ = tables_in.header(documents([path], zone)[0], scratch, rows=1)
    keys, left = columns_of(names)
    if not names:
        raise Refused("batch_no_rows", name=path.name)
    if not keys:
        had = ", ".join(on_one_line(name) for name in names[:12]) or "–"
        raise Refused("batch_columns", name=path.name, wanted=", ".join(TEMPLATE), columns=had)
    return keys, left


def lines(path: Path, scratch: Path, zone: str, unused: Callable[[tuple[str, ...]], None]) -> Iterator[Line]:
    """Every row of a table that says anything, in the order of the file.

    Parameters
    ----------
    scratch : Path
        A folder for a copy of what can only be read from a file.
    zone : str
        The market's, of times that name none.
    unused : callable
        Told the columns that nothing is read from.

    Raises
    ------
    BadInput
        If the file is no table, or none of its columns means anything here, or it has more than `MAX_ROWS` rows.
    """
    document = documents([path], zone)[0]
    keys, left = look(path, scratch, zone)
    unused(left)
    refused: list[Rejected] = []
    count = 0
    for batch in tables_in.exact_batches(document, scratch, refused.append):
        read = {name: simple(column).to_pylist() for name, column in batch.columns.items() if name in keys.values()}
        for place, number in enumerate(batch.lines.to_pylist()):
            yield from _rejected(refused, keys)
            cells = {key: read[name][place] for key, name in keys.items() if name in read}
            if all(values.is_missing(cell) for cell in cells.values()):
                continue
            count += 1
            if count > MAX_ROWS:
                raise Refused("batch_long", name=path.name, most=f"{MAX_ROWS:,}")
            yield _line(number, cells, keys, zone)
    yield from _rejected(refused, keys)


def with_line(common: Candidate, told: Mapping[str, Any], zone: str) -> Candidate:
    """The release that a row of a table describes: what it does not say is as in ``common``."""
    named = told.get("uploader")
    when = told.get("upload_time")
    made = Candidate(
        platform=common.platform,
        description=told.get("description", common.description),
        tags=told.get("tags", common.tags),
        uploader_id=named if named is not None else common.uploader_id,
        uploader=common.uploader if named is None else None,
        upload_time=common.upload_time if when is None else _timed(when, common.upload_time, zone),
        video={**common.video, **{column: told[key] for key, column in _VIDEO.items() if key in told}},
        features=common.features,
    )
    for key, value in told.items():
        if key in _FEATURES:
            made = with_edit(made, key, value, zone)
    return made


def take_of(told: Mapping[str, Any]) -> Take:
    """What of its clip a row releases.

    Raises
    ------
    BadInput
        If nothing is left of it.
    """
    return Take("", told.get("start", 0.0), told.get("end"), told.get("mute", False))


def template() -> pd.DataFrame:
    """`TEMPLATE` as rows."""
    return pd.DataFrame({key: list(cells) for key, cells in TEMPLATE.items()})


class Day(NamedTuple):
    """A date of release without a time of day."""

    moment: datetime


def _rejected(refused: list[Rejected], keys: Mapping[str, str]) -> Iterator[Line]:
    for one in refused:
        yield Line(one.line, {}, Problem(one.column, one.value, one.reason), keys)
    refused.clear()


def _timed(when: datetime | Day, usual: datetime | None, zone: str) -> datetime:
    """A date gets the time of day of the common settings, noon where they have none."""
    if isinstance(when, datetime):
        return when
    here = when.moment.astimezone(ZoneInfo(zone))
    at = usual.astimezone(here.tzinfo).time() if usual is not None else time(12)
    return datetime.combine(here.date(), at, here.tzinfo)


@cache
def _own() -> dict[str, tuple[str, int]]:
    """Keys, and how sure they are, by plain header: keys and columns themselves, and words of ours."""
    found: dict[str, tuple[str, int]] = {}
    for key in (*TEMPLATE, *TAKE_KEYS, *_FEATURES):
        found.setdefault(plain_header(key), (key, 0))
    for key, words in _WORDS.items():
        for word in words:
            found.setdefault(plain_header(word), (key, 1))
    return found


@cache
def _labels() -> dict[str, str]:
    """Columns of Table 1 by what they are called on pages, in both languages."""
    named = [(feature.columns[0], feature.name) for feature in BEFORE_RELEASE if len(feature.columns) == 1]
    return {plain_header(feature_label(name, lang)): column for column, name in named for lang in LANGUAGES}


def _key(name: str) -> tuple[str, int]:
    """What a header means here, empty where nothing, and how sure that is: 0 is its very name."""
    if (own := _own().get(plain_header(name))) is not None:
        return own
    meanings = meaning_of(name)
    for key, known in _MEANINGS.items():
        for place, meaning in enumerate(known):
            if meaning in meanings:
                return key, 2 + place
    return _labels().get(plain_header(name), ""), 9


def _line(number: int, cells: Mapping[str, Any], columns: Mapping[str, str], zone: str) -> Line:
    told: dict[str, Any] = {}
    for key, cell in cells.items():
        try:
            value = _reader(key, zone)(cell)
            if value in (None, "", ()):
                continue
            _check(key, value, zone)
        except BadInput as error:
            return Line(number, told, Problem(columns[key], shown(cell), reason_of(error)), columns)
        told[key] = value
    return Line(number, told, None, columns)


def _check(key: str, value: Any, zone: str) -> None:
    """See that the core takes a value, so that what is wrong with it is said of its cell."""
    if key in ("clip", "uploader", "mute"):
        return
    if key in _TAKE:
        take_of({key: value})
        return
    alone = with_line(Candidate(), {key: value}, zone)
    relations([alone], "any", 6, zone)
    overrides(alone)


def _reader(key: str, zone: str) -> Callable[[Any], Any]:
    if key in ("clip", "description", "city", "poi"):
        return _text
    if key == "tags":
        return lambda cell: parse_tags((_text(cell) or "").translate(_MARKS))
    if key == "uploader":
        return _named
    if key == "upload_time":
        return partial(_moment, zone=zone)
    if key == "product_link":
        return _link
    if key == "mute":
        return values.flag
    if key in _TAKE:
        return _second
    if key == "video_duration":
        return values.seconds
    kind = _FEATURES[key].kind
    if kind is Kind.CATEGORY:
        return values.gender if key == "uploader_gender" else _category
    read = {Kind.FLAG: values.flag, Kind.COUNT: values.count, Kind.MEASURE: values.number, Kind.CYCLE: values.count}
    return read[kind]


def _text(cell: Any) -> str | None:
    return (values.text(cell) or "").strip() or None


def _category(cell: Any) -> str | None:
    if values.is_missing(cell):
        return None
    return _text(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)


def _named(cell: Any) -> str | None:
    """An id or a nickname; a number that a spreadsheet has rounded is neither."""
    return values.identifier(cell) if isinstance(cell, int | float) else _text(cell)


def _link(cell: Any) -> bool | None:
    text = values.plain(cell).lower()
    return True if text.startswith(("http://", "https://")) else values.flag(cell)


def _second(cell: Any) -> float | None:
    """A second of the clip; 0 is one, and no missing length, as one before the clip is none."""
    told = values.plain(cell)
    return float(told) if re.fullmatch(r"0(\.0)?|-\d+(\.\d+)?", told) else values.seconds(cell)


def _moment(cell: Any, zone: str) -> datetime | Day | None:
    found = values.moment(cell, zone)
    if found is None:
        return None
    if isinstance(cell, str):
        return found if ":" in cell or "时" in cell or cell.strip().isdigit() else Day(found)
    midnight = isinstance(cell, datetime) and (cell.hour, cell.minute, cell.second) == (0, 0, 0)
    return Day(found) if midnight or not isinstance(cell, datetime | int | float) else found
