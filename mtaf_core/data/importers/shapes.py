"""From a JSON document to rows: take records out of their envelopes, tell their shape, and read them.

A response of an app, a page's state, a list that someone saved: the same post comes wrapped in many ways. An envelope
is an object that is no record itself; records are looked for under the names that envelopes are known to use.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from mtaf_core.data.importers import json_stream, values
from mtaf_core.data.importers.fields import Fields, Unfit
from mtaf_core.data.importers.reasons import Refused, say
from mtaf_core.data.importers.rows import Context, Parsed, Rejected, Row, shown
from mtaf_core.data.importers.sources import Document

Record = dict[str, Any]

MAX_DEPTH = 8
ENOUGH_IDS = 8
"""How many ids written as numbers are looked at for digits lost in rounding."""
ENVELOPES = frozenset(
    "aweme_detail aweme_details aweme_list aweme_info aweme awemes search_item_list ch_info challengeInfo data videos "
    "video_list collector entries item items item_list itemList itemInfo itemStruct list post posts profile profiles "
    "response result results user user_info user_list userInfo userInfoList users body "
    "__DEFAULT_SCOPE__ webapp.video-detail webapp.user-detail".split()
)
"""Names under which records are looked for."""


@dataclass(frozen=True)
class Shape:
    """One kind of record of one format.

    Parameters
    ----------
    format : str
        Name of the format, also the ``source`` of its rows.
    fits : Callable
        Whether a record has this shape.
    rows : Callable
        The rows of a record; `Unfit` ends it.
    platform : str
    likely : Callable
        Where the format was not told: whether a record that fits is of this format and no other of the same shape.
    """

    format: str
    fits: Callable[[Record], bool]
    rows: Callable[[Fields], Iterator[Row]]
    platform: str
    likely: Callable[[Record], bool] = lambda record: True


class Found(NamedTuple):
    """A record out of its envelope."""

    record: Record
    shape: Shape
    inside: datetime | None


def unfold(value: Any, shapes: Sequence[Shape], told: bool, inside: datetime | None = None) -> Iterator[Found]:
    """Every record in ``value``.

    Parameters
    ----------
    value : JSON
    shapes : sequence of Shape
        Which records are looked for; the first that fits is taken.
    told : bool
        Whether the person said that it is of this format.
    inside : datetime, optional
        When an outer envelope says that it was collected.
    """
    yield from _unfold(value, shapes, told, inside, MAX_DEPTH)


def read(document: Document, context: Context, shapes: Sequence[Shape], told: bool) -> Iterator[Parsed | Rejected]:
    """Read every record of ``document`` that has one of ``shapes``.

    Raises
    ------
    BadInput
        If it is not JSON, is cut off, has no such record at all, or its ids have been rounded.
    """
    ids: list[str] = []
    known = empty = False
    for value in json_stream.values(document):
        if isinstance(value, Rejected):
            yield value
            continue
        found = False
        new_ids: list[str] = []
        for record, shape, inside in unfold(value.content, shapes, told):
            found = known = True
            fields = Fields(
                record, document, value.line, context, context.platform or shape.platform, shape.format, inside
            )
            yield from _read_record(fields, shape)
            new_ids += fields.numeric_ids
        if not found:
            empty = empty or is_empty(value.content)
            if not is_empty(value.content):
                yield Rejected(document.name, value.line, "", _glimpse(value.content), say("nothing_here"))
        if len(ids) < ENOUGH_IDS:
            ids += new_ids
            if len(ids) >= ENOUGH_IDS:
                _check_ids(document, ids)
    _check_ids(document, ids)
    if not known and not empty:
        raise Refused("other_format", name=document.name)


def _check_ids(document: Document, ids: Sequence[str]) -> None:
    if values.rounded(ids):
        raise Refused("ids_rounded", name=document.name)


def _read_record(fields: Fields, shape: Shape) -> Iterator[Parsed | Rejected]:
    try:
        rows = tuple(shape.rows(fields))
    except Unfit as unfit:
        yield Rejected(fields.document.name, fields.line, unfit.column, unfit.value, unfit.reason)
        return
    yield from fields.problems
    yield Parsed(rows, fields.document.name, fields.line)


def _unfold(value: Any, shapes: Sequence[Shape], told: bool, inside: datetime | None, depth: int) -> Iterator[Found]:
    if depth == 0:
        return
    if isinstance(value, list):
        for item in value:
            yield from _unfold(item, shapes, told, inside, depth - 1)
    if not isinstance(value, dict):
        return
    for shape in shapes:
        if shape.fits(value) and (told or shape.likely(value)):
            yield Found(value, shape, inside)
            return
    inside = _now(value) or inside
    for name, inner in value.items():
        if name in ENVELOPES:
            yield from _unfold(inner, shapes, told, inside, depth - 1)
        elif name == "ItemModule" and isinstance(inner, dict):
            yield from _unfold(list(inner.values()), shapes, told, inside, depth - 1)
        elif name == "UserModule" and isinstance(inner, dict):
            yield from _unfold(_users(inner), shapes, told, inside, depth - 1)


def _now(envelope: Record) -> datetime | None:
    """The time of the response, which apps put beside what they answer."""
    extra = envelope.get("extra")
    try:
        return values.moment(extra.get("now"), "UTC") if isinstance(extra, dict) else None
    except values.Unreadable:
        return None


def _users(module: Record) -> list[Record]:
    """The profiles of a web page's state, which keeps users and their counts apart."""
    users, stats = module.get("users"), module.get("stats")
    if not isinstance(users, dict):
        return []
    counts = stats if isinstance(stats, dict) else {}
    return [{"user": user, "stats": counts.get(handle) or {}} for handle, user in users.items()]


def is_empty(value: Any) -> bool:
    """Whether this is the page after the last one of results: an envelope, and nothing in it."""
    if isinstance(value, dict):
        inner = [inner for name, inner in value.items() if name in ENVELOPES]
        return bool(inner) and all(is_empty(one) for one in inner)
    return value is None or value == []


def _glimpse(value: Any) -> str:
    """What a report shows of a record: for an object, the names that it has."""
    return shown(f"{{{', '.join(itertools.islice(value, 12))}}}" if isinstance(value, dict) else value)
