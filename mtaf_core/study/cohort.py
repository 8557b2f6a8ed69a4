"""The cohort: the videos that a person looks at, chosen once and obeyed by every page."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from mtaf_core.schema import BEFORE_RELEASE, Kind
from mtaf_core.study.panel import COUNTED, NUMERIC

RANGED: tuple[str, ...] = (*NUMERIC, *COUNTED, "score")
"""Columns of the panel that a range may be asked of."""

OUTSIDE: tuple[str, ...] = ("tier", "category", "platform")
"""Columns of the panel that are no row of Table 1."""
CATEGORICAL: tuple[str, ...] = (
    *OUTSIDE,
    *(c for f in BEFORE_RELEASE if f.kind in (Kind.CATEGORY, Kind.FLAG, Kind.CYCLE) for c in f.columns),
)
"""Columns of the panel whose values divide videos into groups."""

MAX_PICKED = 200
"""How many values of one kind a cohort may name: a link is no place for more."""


@dataclass(frozen=True)
class Range:
    """Videos whose ``column`` (of `RANGED`) is known and from ``low`` to ``high``, both included."""

    column: str
    low: float
    high: float


@dataclass(frozen=True)
class Cohort:
    """A choice of videos; every part narrows it, and an empty part does not.

    Parameters
    ----------
    platforms, tiers, categories, cities : tuple of str
        Any of these.
    since, until : date or None
        Upload dates where the market is, both included.
    product, verified : bool or None
        Whether a product is linked, and whether the KOL is verified; unknown is neither.
    tags : tuple of str
        Videos with any of these hashtags.
    ranges : tuple of Range
        All of these.
    """

    platforms: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    tiers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    product: bool | None = None
    verified: bool | None = None
    cities: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    ranges: tuple[Range, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole market."""
        return self == WHOLE

    def where(self) -> tuple[str, dict[str, Any]]:
        """A condition over the panel's rows, and the values of its parameters; ``("true", {})`` for the market."""
        parts: list[str] = []
        values: dict[str, Any] = {}
        for name, column in _LISTS.items():
            if picked := getattr(self, name):
                parts.append(f"list_contains($c_{name}, {column})")
                values[f"c_{name}"] = list(picked)
        if self.tags:
            parts.append("row IN (SELECT row FROM tagged JOIN tag_names USING (tag) "
                         "WHERE list_contains($c_tags, tag_name))")  # fmt: skip
            values["c_tags"] = list(self.tags)
        for name, compare in (("since", ">="), ("until", "<=")):
            if (day := getattr(self, name)) is not None:
                parts.append(f"CAST(local_time AS DATE) {compare} $c_{name}")
                values[f"c_{name}"] = day
        for name, column in _FLAGS.items():
            if (wanted := getattr(self, name)) is not None:
                parts.append(f"{column} = {int(wanted)}")
        for place, one in enumerate(self.ranges):
            parts.append(f"{one.column} BETWEEN $c_low{place} AND $c_high{place}")
            values |= {f"c_low{place}": one.low, f"c_high{place}": one.high}
        return " AND ".join(parts) or "true", values

    def without(self, part: str, value: Any = None) -> "Cohort":
        """The cohort without one of its parts, or without one value of it."""
        held = getattr(self, part)
        left: dict[str, Any] = {part: getattr(WHOLE, part)}
        if isinstance(held, tuple) and value is not None:
            left = {part: tuple(one for one in held if one != value)}
        return replace(self, **left)

    def within(self, column: str, low: float, high: float) -> "Cohort":
        """The cohort narrowed to a range, which takes the place of an earlier one of the same column."""
        others = tuple(one for one in self.ranges if one.column != column)
        return replace(self, ranges=(*others, Range(column, low, high)))

    def to_query(self) -> dict[str, str]:
        """The cohort as parameters of a link; `from_query` reads it back."""
        said: dict[str, str] = {}
        for name, parameter in _PARAMETERS.items():
            value = getattr(self, name)
            if value in (None, ()):
                continue
            if isinstance(value, bool):
                said[parameter] = "yes" if value else "no"
            elif isinstance(value, date):
                said[parameter] = value.isoformat()
            elif name == "ranges":
                said[parameter] = ",".join(f"{r.column}:{_short(r.low)}:{_short(r.high)}" for r in value)
            else:
                said[parameter] = in_link(value)
        return said

    @classmethod
    def from_query(cls, said: Mapping[str, str]) -> "Cohort":
        """The cohort of a link; what cannot be read is left out, since a link may be cut or old."""
        found: dict[str, Any] = {}
        for name, parameter in _PARAMETERS.items():
            text = said.get(parameter)
            if not text:
                continue
            if name in _FLAGS:
                found[name] = {"yes": True, "no": False}.get(text)
            elif name in ("since", "until"):
                found[name] = _date(text)
            elif name == "ranges":
                found[name] = tuple(r for part in text.split(",") if (r := _range(part)) is not None)[:MAX_PICKED]
            else:
                found[name] = from_link(text)
        return cls(**found)


_LISTS = {"platforms": "platform", "tiers": "tier", "categories": "category", "cities": "upload_city"}
_FLAGS = {"product": "video_product", "verified": "uploader_verification"}
_PARAMETERS = {
    "platforms": "platform", "since": "from", "until": "to", "tiers": "tier", "categories": "category",
    "product": "product", "verified": "verified", "cities": "city", "tags": "tag", "ranges": "range",
}  # fmt: skip
PARAMETERS: tuple[str, ...] = tuple(_PARAMETERS.values())
"""The parameters of a link that a cohort takes."""

WHOLE = Cohort()
"""The whole market."""

assert {f.name for f in fields(Cohort)} == set(_PARAMETERS)


def in_link(words: Iterable[str]) -> str:
    """Words as one parameter of a link; `from_link` reads it back."""
    return ",".join(_escaped(word) for word in words)


def from_link(text: str) -> tuple[str, ...]:
    """The different words of a parameter, in their order; at most `MAX_PICKED`."""
    return tuple(dict.fromkeys(_split(text)))[:MAX_PICKED]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(",", "\\,")


def _split(text: str) -> list[str]:
    """The values of a list in a link: commas between, a backslash before one that belongs to a value."""
    parts = re.findall(r"(?:\\.|[^,\\])+", text)
    return [re.sub(r"\\(.)", r"\1", part) for part in parts]


def _short(value: float) -> str:
    return repr(float(value)).removesuffix(".0")


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _range(text: str) -> Range | None:
    column, _, bounds = text.partition(":")
    low, _, high = bounds.partition(":")
    try:
        found = Range(column, float(low), float(high))
    except ValueError:
        return None
    fits = column in RANGED and math.isfinite(found.low) and math.isfinite(found.high) and found.low <= found.high
    return found if fits else None
