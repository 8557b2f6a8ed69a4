"""A whole column at once: what `values` does to one value, done by Arrow where a value is plainly written.

Whatever is not plainly written goes through `values` itself, each distinct value once, so that a column always means
what its values mean.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mtaf_core.data.importers import values
from mtaf_core.data.importers.reasons import Reason
from mtaf_core.data.importers.rows import shown

_TIME = pa.timestamp("us", tz="UTC")
_KINDS: dict[str, pa.DataType] = {
    "count": pa.int64(),
    "number": pa.float64(),
    "seconds": pa.float64(),
    "milliseconds": pa.float64(),
    "moment": _TIME,
    "day": pa.date32(),
    "flag": pa.bool_(),
    "not": pa.bool_(),
    "id": pa.string(),
    "text": pa.string(),
    "gender": pa.string(),
    "stem": pa.string(),
    "words": pa.string(),
}
TRANSFORMS = tuple(_KINDS)
"""What can be done to a source column; ``not`` is a flag turned round, ``stem`` a file's name without folder and
ending, ``words`` a text whose words are parted by commas."""

_MISSING = pa.array(values.MISSING)
_WRITTEN = ("moment", "day", "seconds", "milliseconds")
"""Whole numbers are read as if written for these: an epoch, a compact date, a length."""
_VISIBLE = r"[!-~\x{4e00}-\x{9fff}]"
"""A text with such a character is not blank; one without it is looked at alone."""


@dataclass(frozen=True)
class How:
    """How a source column becomes canonical.

    Parameters
    ----------
    transform : str
        One of `TRANSFORMS`.
    zone : str
        IANA name of the zone of times that name none.
    market_zone : str
        The zone whose days count.
    order : {"ymd", "dmy", "mdy"}
        Of dates that end with the year.
    missing : tuple of str
        What else stands for "not known" in this column.
    """

    transform: str
    zone: str = "UTC"
    market_zone: str = "UTC"
    order: values.Order = "ymd"
    missing: tuple[str, ...] = ()


class Fault(NamedTuple):
    """A value that could not be read: its place in the column, as it was, and why."""

    place: int
    value: str
    reason: Reason


def convert(column: pa.Array, how: How) -> tuple[pa.Array, list[Fault]]:
    """A source column in canonical values; null where unknown or unreadable.

    Parameters
    ----------
    column : pyarrow.Array
        Of text, numbers, flags or times; of lists, their values by commas.

    Returns
    -------
    tuple of pyarrow.Array and list of Fault
    """
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    kind = _KINDS[how.transform]
    if pa.types.is_null(column.type):
        return pa.nulls(len(column), kind), []
    column = simple(column)
    if pa.types.is_integer(column.type) and how.transform in _WRITTEN:
        column = column.cast(pa.string())
    if how.missing:
        known = pc.invert(pc.is_in(_as_text(column), pa.array(how.missing)))
        column = pc.if_else(known, column, pa.scalar(None, column.type))
    quick = _QUICK.get(how.transform) if pa.types.is_string(column.type) else _TYPED.get(how.transform)
    found = quick(column, how) if quick else None
    if found is None:
        found = pa.nulls(len(column), kind)
    rest = pc.and_(pc.is_null(found), pc.is_valid(column))
    if pa.types.is_string(column.type):
        rest = pc.and_(rest, pc.fill_null(pc.not_equal(column, ""), False))
    if not pc.any(rest).as_py():
        return found, []
    return _one_by_one(column, found, rest, how)


def simple(column: pa.Array) -> pa.Array:
    """``column`` in a type that `convert` reads: what Parquet has beside text, numbers, flags and times, as text."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_decimal(kind):
        return column.cast(pa.string())
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pa.array([None if value is None else _written(value) for value in column.to_pylist()], pa.string())
    return column


def _written(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, list):
        return ",".join(str(one) for one in value if one is not None and not isinstance(one, dict | list))
    return str(value)


def _one_by_one(column: pa.Array, found: pa.Array, rest: pa.Array, how: How) -> tuple[pa.Array, list[Fault]]:
    """Read the ``rest`` of a column by `values`, each distinct value once."""
    read = reader(how)
    places = np.flatnonzero(rest.to_numpy(zero_copy_only=False))
    coded = column.take(pa.array(places)).dictionary_encode()
    known: list[Any] = []
    wrong: dict[int, Reason] = {}
    for code, value in enumerate(coded.dictionary.to_pylist()):
        try:
            known.append(read(value))
        except values.Unreadable as fault:
            known.append(None)
            wrong[code] = fault.reason
    codes = coded.indices.to_numpy(zero_copy_only=False)
    read_ones = pa.array(known, found.type).take(pa.array(codes))
    index = np.full(len(column), -1)
    index[places] = np.arange(len(places))
    spread = read_ones.take(pa.array(np.maximum(index, 0))) if len(places) else found
    found = pc.if_else(rest, spread, found)
    faults = []
    if wrong:
        for place, code in zip(places.tolist(), codes.tolist(), strict=True):
            if code in wrong:
                faults.append(Fault(place, shown(coded.dictionary[code].as_py()), wrong[code]))
    return found, faults


def reader(how: How) -> Callable[[Any], Any]:
    """The function of `values` for one value."""
    readers: dict[str, Callable[[Any], Any]] = {
        "count": values.count,
        "number": values.number,
        "seconds": values.seconds,
        "milliseconds": partial(values.seconds, unit="ms"),
        "moment": partial(values.moment, zone=how.zone, order=how.order),
        "day": lambda value: _local_day(values.moment(value, how.zone, how.order), value, how),
        "flag": values.flag,
        "not": lambda value: None if (yes := values.flag(value)) is None else not yes,
        "id": values.identifier,
        "text": values.text,
        "gender": values.gender,
        "stem": lambda value: values.identifier(str(value).replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]),
        "words": lambda value: values.text(" ".join(word for word in str(value).split(",") if word)),
    }
    return readers[how.transform]


def _local_day(moment: datetime | None, value: Any, how: How) -> Any:
    """The market's day of a moment; a day that names no time is itself, whatever the zones."""
    if moment is None:
        return None
    written = str(value).strip()
    names_time = ":" in written or "时" in written or (written.isdigit() and len(written) > 8)
    zone = how.market_zone if names_time else how.zone
    return values.day(moment, zone)


def _as_text(column: pa.Array) -> pa.Array:
    return column if pa.types.is_string(column.type) else column.cast(pa.string())


def _where(mask: pa.Array, column: pa.Array) -> pa.Array:
    return pc.if_else(mask, column, pa.scalar(None, column.type))


def _matching(column: pa.Array, pattern: str) -> pa.Array:
    """The values that match the whole of ``pattern``; null for the others."""
    return _where(pc.match_substring_regex(column, rf"^(?:{pattern})$"), column)


def _first(column: pa.Array, *ways: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """What the first of several ways to read gives; the others are spared where it reads every cell."""
    found = ways[0](column)
    empty = column.null_count + (pc.sum(pc.equal(column, "")).as_py() or 0)
    for way in ways[1:]:
        if found.null_count <= empty:
            break
        found = pc.coalesce(found, way(column))
    return found


def _count(column: pa.Array, how: How) -> pa.Array:
    return _first(
        column,
        lambda cells: _matching(cells, "[0-9]{1,12}").cast(pa.int64()),
        lambda cells: pc.replace_substring(_matching(cells, r"[0-9]{1,12}\.0"), ".0", "").cast(pa.int64()),
    )


def _number(column: pa.Array, how: How) -> pa.Array:
    return _matching(column, r"-?[0-9]{1,15}\.[0-9]{1,25}(?:[eE]-?[0-9]{1,2})?|[0-9]{1,15}").cast(pa.float64())


def _seconds(column: pa.Array, how: How) -> pa.Array:
    length = _matching(column, r"[0-9]{1,9}(?:\.[0-9]{1,9})?").cast(pa.float64())
    if how.transform == "milliseconds":
        length = pc.divide(length, 1000.0)
    return _where(pc.and_(pc.greater(length, 0.0), pc.less_equal(length, values.MAX_LENGTH_S)), length)


def _moment(column: pa.Array, how: How) -> pa.Array:
    day, clock = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[0-9]{2}:[0-9]{2}"

    def seconds(cells: pa.Array) -> pa.Array:
        return pc.multiply(_matching(cells, "[0-9]{10}").cast(pa.int64()), 1_000_000).cast(_TIME)

    def milliseconds(cells: pa.Array) -> pa.Array:
        return pc.multiply(_matching(cells, "[0-9]{13}").cast(pa.int64()), 1000).cast(_TIME)

    def local(cells: pa.Array, pattern: str, rest: str = "") -> pa.Array:
        written = pc.replace_substring(_matching(cells, pattern), "T", " ")
        written = pc.binary_join_element_wise(written, pa.scalar(rest), "") if rest else written
        return _in_zone(_parsed(written, "%Y-%m-%d %H:%M:%S"), how.zone)

    return _possible(
        _first(
            column,
            lambda cells: local(cells, f"{day}[ T]{clock}:[0-9]{{2}}"),
            seconds,
            milliseconds,
            lambda cells: local(cells, f"{day}[ T]{clock}", ":00"),
            lambda cells: local(cells, day, " 00:00:00"),
        )
    )


def _parsed(written: pa.Array, format: str) -> pa.Array:
    """Times by ``format``, which begins with ``%Y-%m-%d``; null for days and seconds that do not exist."""
    found = pc.strptime(written, format=format, unit="us", error_is_null=True)
    # It takes 30 February for 1 March, and the sixtieth second for the next minute.
    real = pc.equal(pc.day(found), pc.utf8_slice_codeunits(written, 8, 10).cast(pa.int64()))
    if format.endswith("%S"):
        real = pc.and_(real, pc.equal(pc.second(found), pc.utf8_slice_codeunits(written, 17, 19).cast(pa.int64())))
    return _where(real, found)


def _in_zone(local: pa.Array, zone: str) -> pa.Array:
    # Arrow's zones know no summer time after 2037.
    local = _where(pc.less(local, pa.scalar(datetime(2037, 12, 1), local.type)), local)
    try:
        return pc.assume_timezone(local, zone, ambiguous="earliest").cast(_TIME)
    except pa.ArrowInvalid:  # an hour that summer time skips, or a zone that Arrow does not know
        return pa.nulls(len(local), _TIME)


def _possible(found: pa.Array) -> pa.Array:
    first, last = pa.scalar(values.FIRST_MOMENT, _TIME), pa.scalar(values.LAST_MOMENT, _TIME)
    return _where(pc.and_(pc.greater_equal(found, first), pc.less(found, last)), found)


def _day(column: pa.Array, how: How) -> pa.Array:
    written = _matching(column, "[0-9]{4}-[0-9]{2}-[0-9]{2}")
    day = _parsed(written, "%Y-%m-%d")
    inside = pc.and_(
        pc.greater_equal(day, pa.scalar(datetime(2005, 1, 2), day.type)),
        pc.less(day, pa.scalar(datetime(2099, 12, 31), day.type)),
    )
    return _where(inside, day).cast(pa.date32())


def _id(column: pa.Array, how: How) -> pa.Array:
    # A letter other than "e" shows that it is no number that went through a float.
    written = _matching(column, "[1-9][0-9]{0,30}|[0-9A-Za-z_]*[A-DF-Za-df-z_][0-9A-Za-z_]*")
    return _where(pc.invert(pc.is_in(pc.utf8_lower(written), _MISSING)), written)


def _text(column: pa.Array, how: How) -> pa.Array:
    visible = pc.match_substring_regex(column, _VISIBLE)
    return _where(pc.and_(visible, pc.invert(pc.match_substring(column, "\x00"))), column)


def _typed_count(column: pa.Array, how: How) -> pa.Array | None:
    if pa.types.is_integer(column.type):
        number = column.cast(pa.int64(), safe=False)
        inside = pc.and_(pc.greater_equal(number, 0), pc.less_equal(number, values.MAX_COUNT))
        return _where(inside, number)
    if pa.types.is_floating(column.type):
        number = column.cast(pa.float64())
        whole = pc.and_(pc.equal(number, pc.floor(number)), pc.greater_equal(number, 0.0))
        return _where(pc.and_(whole, pc.less_equal(number, float(values.MAX_COUNT))), number).cast(pa.int64())
    return None


def _typed_number(column: pa.Array, how: How) -> pa.Array | None:
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return None
    number = column.cast(pa.float64(), safe=False)
    return _where(pc.and_(pc.is_finite(number), pc.not_equal(number, -1.0)), number)


def _typed_id(column: pa.Array, how: How) -> pa.Array | None:
    return _where(pc.greater(column, 0), column).cast(pa.string()) if pa.types.is_integer(column.type) else None


def _typed_moment(column: pa.Array, how: How) -> pa.Array | None:
    if not pa.types.is_timestamp(column.type):
        return None
    # A finer clock than microseconds is cut.
    if column.type.tz is not None:
        return _possible(column.cast(_TIME, safe=False))
    return _possible(_in_zone(column.cast(pa.timestamp("us"), safe=False), how.zone))


def _typed_day(column: pa.Array, how: How) -> pa.Array | None:
    if pa.types.is_date(column.type):
        return column.cast(pa.date32())
    moments = _typed_moment(column, how)
    if moments is None:
        return None
    local = moments.cast(pa.timestamp("us", tz=how.market_zone))
    return pc.local_timestamp(local).cast(pa.date32(), safe=False)


def _typed_flag(column: pa.Array, how: How) -> pa.Array | None:
    if not pa.types.is_boolean(column.type):
        return None
    return pc.invert(column) if how.transform == "not" else column


_QUICK: dict[str, Callable[[pa.Array, How], pa.Array]] = {
    "count": _count,
    "number": _number,
    "seconds": _seconds,
    "milliseconds": _seconds,
    "moment": _moment,
    "day": _day,
    "id": _id,
    "text": _text,
}
_TYPED: dict[str, Callable[[pa.Array, How], pa.Array | None]] = {
    "count": _typed_count,
    "number": _typed_number,
    "id": _typed_id,
    "moment": _typed_moment,
    "day": _typed_day,
    "flag": _typed_flag,
    "not": _typed_flag,
}
