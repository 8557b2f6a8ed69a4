"""Guard rails: what about a release is impossible, and what is unlike anything the market has, field by field.

A forecast of what is outside the range of what was learnt is a guess, however it is worded; one of what cannot be is
none. What cannot even be read (text for a number, say) is refused where it is read, with a sentence of its own.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from mtaf_core import limits
from mtaf_core.charts.numbers import compact
from mtaf_core.charts.values import value_label
from mtaf_core.charts.words import Language, feature_label, say
from mtaf_core.content.extract import Content
from mtaf_core.data.candidate import RANGES, Candidate, clean_tags, shown
from mtaf_core.data.facts import COUNTS
from mtaf_core.data.frame import Frame
from mtaf_core.errors import BadInput
from mtaf_core.insight.forecast import Forecaster, with_clip
from mtaf_core.insight.salience.context import over_market
from mtaf_core.schema import AFTER_RELEASE, BEFORE_RELEASE, FEATURE, Kind
from mtaf_core.workspace import Workspace

TIME, TAGS = "upload_time", "tags"
"""Fields of a mark that are no row of Table 1."""
STALE = timedelta(days=366)
"""A release later than this after the market's latest video is far from everything learnt."""
_SLACK_S = 0.1
"""How much longer than its file a clip may be said to be: containers round."""

_UNITS = ("s", "px")
"""Units that are said with a number; of others the field's name tells."""

_BOUNDED = {c: f for f in BEFORE_RELEASE if f.is_numeric or f.kind is Kind.FLAG for c in f.columns}
_CYCLES = {f.columns[0]: f for f in BEFORE_RELEASE if f.kind is Kind.CYCLE}
_CATEGORIES = {f.columns[0]: f for f in BEFORE_RELEASE if f.kind is Kind.CATEGORY}
_FIELD_OF: dict[str, str] = {
    **{column: feature for feature, column in COUNTS.items()},
    **{column: feature.name for feature in BEFORE_RELEASE for column in feature.columns},
    "age": "uploader_age", "favoriting_count": "uploader_favoriting", "duration_s": "video_duration",
    "width_px": "video_quality", "height_px": "video_quality",
}  # fmt: skip
"""Columns a candidate can be given numbers by, and the row of Table 1 that each is."""
_AFTER = {column: f.name for f in AFTER_RELEASE for column in f.columns} | {"is_topped": "video_topped"}


@dataclass(frozen=True)
class Mark:
    """Something about one field of a release.

    Parameters
    ----------
    field : str
        A row of Table 1, `TIME` or `TAGS`.
    impossible : bool
        Whether it cannot be; else it is outside of what was learnt from.
    reason : str
        Key of its sentence among the words of charts, without ``guard_``.
    value, least, most : any
        What was asked, and the ends of what the market has or of what can be; None where there is none.
    """

    field: str
    impossible: bool
    reason: str
    value: Any = None
    least: Any = None
    most: Any = None


@dataclass(frozen=True)
class Ranges:
    """What a market has: the ends of every number and flag, and the slots and times of its videos."""

    ends: Mapping[str, tuple[float, float]]
    slots: Mapping[str, frozenset[int]]
    first: datetime | None
    last: datetime | None


def ranges(workspace: Workspace) -> Ranges:
    """What the market of a workspace has; worked out once a commit."""
    ends = [f"min({c}) AS least_{c}, max({c}) AS most_{c}" for c in _BOUNDED]
    slots = [f"list(DISTINCT {c}) AS slots_{c}" for c in _CYCLES]
    found = over_market(workspace, "ranges", ", ".join([*ends, *slots, "min(created_at) AS f, max(created_at) AS l"]))
    return Ranges(
        {
            c: (float(found[f"least_{c}"]), float(found[f"most_{c}"]))
            for c in _BOUNDED
            if found[f"least_{c}"] is not None
        },
        {c: frozenset(int(v) for v in found[f"slots_{c}"] or () if v is not None) for c in _CYCLES},
        _utc(found["f"]),
        _utc(found["l"]),
    )


def examine(forecaster: Forecaster, candidate: Candidate, content: Content | None = None) -> tuple[Mark, ...]:
    """Everything to be said about one release, before it is forecast.

    Parameters
    ----------
    content : Content, optional
        Of the clip: what it tells of itself counts as said, and a length is compared with its own.

    Raises
    ------
    BadInput
        If a fact cannot be read at all; the sentence names it.
    """
    cannot = impossible(candidate, content)
    return cannot or examine_many(forecaster, [candidate], content)[0]


def examine_many(
    forecaster: Forecaster, candidates: Sequence[Candidate], content: Content | None = None
) -> list[tuple[Mark, ...]]:
    """The same for many releases of one clip at once, all of them possible by themselves. Raises as `examine`."""
    space = forecaster.workspace
    told = [one if content is None else with_clip(one, content) for one in candidates]
    frame = forecaster.candidates(told)
    known, vocabulary = ranges(space), forecaster.bundle.vocabulary
    return [
        (*_at_odds(one, frame, row), *_outside(frame, row, known, vocabulary), *_untimely(space, one, known),
         *_new_tags(space, one))
        for row, one in enumerate(told)
    ]  # fmt: skip


def impossible(candidate: Candidate, content: Content | None = None) -> tuple[Mark, ...]:
    """What cannot be, whatever the market: known from what was given alone."""
    said = [*(candidate.uploader or {}).items(), *candidate.video.items(), *candidate.features.items()]
    found = []
    for column, value in said:
        if value is None:
            continue
        if column in _AFTER:
            found.append(Mark(_AFTER[column], True, "after"))
        elif column in _FIELD_OF and isinstance(value, int | float) and not isinstance(value, bool):
            found += _beyond(column, float(value), content)
    return tuple(found)


def refuse(marks: Sequence[Mark]) -> None:
    """Refuse a release of which something is impossible.

    Raises
    ------
    BadInput
        With the first such sentence.
    """
    for mark in marks:
        if mark.impossible:
            raise BadInput(sentence(mark))


def sentence(mark: Mark, lang: Language = "en") -> str:
    """A mark in one sentence."""
    words = {name: _worded(mark, getattr(mark, name), lang) for name in ("value", "least", "most")}
    if mark.reason == "flag":
        words["other"] = say(lang, "value_no" if mark.value else "value_yes")
    label = feature_label(mark.field, lang) if mark.field in FEATURE else mark.field
    if mark.reason == "word" and lang == "en" and not label.startswith("KOL"):
        label = label.lower()
    return say(lang, f"guard_{mark.reason}", field=label, **words)


def outside_numbers(frame: Frame, row: int, known: Ranges) -> list[str]:
    """Rows of Table 1 with a number of video ``row`` below the least or above the most of the market."""
    marks = _outside(frame, row, known, {})
    return list(dict.fromkeys(mark.field for mark in marks if mark.reason in ("above", "below")))


def _beyond(column: str, value: float, content: Content | None) -> list[Mark]:
    field = _FIELD_OF[column]
    least, most = RANGES.get(column, (0.0, float(limits.MAX_COUNT)))
    if FEATURE[field].kind is Kind.CYCLE:
        most = FEATURE[field].period - 1
    if not least <= value <= most:
        return [Mark(field, True, "range", value, least, most)]
    clip = None if content is None else content.clip
    if field == "video_duration" and clip is not None and clip.duration_s and clip.duration_s + _SLACK_S < value:
        return [Mark(field, True, "longer", value, None, clip.duration_s)]
    return []


def _at_odds(candidate: Candidate, frame: Frame, row: int) -> list[Mark]:
    """Facts that were set and cannot stand beside each other; what the market itself says is its own matter."""
    facts = frame.facts.iloc[row]
    views, users = facts["tag_total_view_count"], facts["tag_total_user_count"]
    edited = {"tag_total_view_count", "tag_total_user_count", "video_tag_count"} & set(candidate.features)
    if not edited:
        return []
    if facts["video_tag_count"] == 0:
        totals = (("tag_total_view_count", views), ("tag_total_user_count", users))
        return [Mark(name, True, "no_tags", float(total)) for name, total in totals if total > 0]
    if views < users:
        return [Mark("tag_total_view_count", True, "views", float(views), float(users))]
    return []


def _outside(frame: Frame, row: int, known: Ranges, vocabulary: Mapping[str, Sequence[str]]) -> list[Mark]:
    facts = frame.facts.iloc[row]
    found: dict[tuple[str, str], Mark] = {}
    for column, feature in _BOUNDED.items():
        value, ends = facts[column], known.ends.get(column)
        if ends is None or value is None or math.isnan(value) or ends[0] <= value <= ends[1]:
            continue
        reason = "flag" if feature.kind is Kind.FLAG else "above" if value > ends[1] else "below"
        found.setdefault((feature.name, reason), Mark(feature.name, False, reason, float(value), *ends))
    for column, feature in _CYCLES.items():
        value, slots = facts[column], known.slots[column]
        if slots and not math.isnan(value) and int(value) not in slots:
            found[feature.name, "slot"] = Mark(feature.name, False, "slot", int(value))
    for column, feature in _CATEGORIES.items():
        word = facts[column]
        if isinstance(word, str) and column in vocabulary and word not in vocabulary[column]:
            found[feature.name, "word"] = Mark(feature.name, False, "word", word)
    return list(found.values())


def _untimely(space: Workspace, candidate: Candidate, known: Ranges) -> list[Mark]:
    when = candidate.upload_time
    if when is None or known.first is None or known.last is None:
        return []
    if when < known.first:
        return [Mark(TIME, False, "early", when, known.first)]
    if when > known.last + STALE:
        return [Mark(TIME, False, "late", when, None, known.last)]
    first = _first_video(space, candidate) if when < known.last else None
    return [] if first is None or when >= first else [Mark(TIME, False, "before_kol", when, first)]


def _first_video(space: Workspace, candidate: Candidate) -> datetime | None:
    """When the KOL's first video of the market was released; None where they have none."""
    if candidate.uploader_id is None:
        return None
    bound = [candidate.platform or space.info.platform, candidate.uploader_id]

    def find() -> pa.Table:
        return space.store.query(
            "SELECT min(created_at) AS f FROM videos WHERE platform = ? AND uploader_id = ?", bound
        )

    return _utc(space.store.remember(("first video", *bound), find).to_pylist()[0]["f"])


def _new_tags(space: Workspace, candidate: Candidate) -> list[Mark]:
    """Hashtags that the market knows nothing of; none where it never recorded any."""
    names = clean_tags(candidate.tags)
    if not names:
        return []

    def find() -> pa.Table:
        return space.store.query(
            """SELECT list(DISTINCT tag_name) FILTER (WHERE list_contains(?, tag_name)) AS known, count(*) AS n
               FROM (SELECT tag_name FROM video_tags UNION ALL SELECT tag_name FROM tags)""",
            [names],
        )

    row = space.store.remember(("known tags", *names), find).to_pylist()[0]
    new = [name for name in names if name not in (row["known"] or ())]
    return [Mark(TAGS, False, "tags", tuple(new))] if new and row["n"] else []


def _worded(mark: Mark, value: Any, lang: Language) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, tuple):
        return " ".join(f"#{shown(name)}" for name in value)
    if isinstance(value, str):
        return shown(value)
    feature = FEATURE[mark.field]
    if feature.kind in (Kind.FLAG, Kind.CYCLE) and mark.reason != "range":
        return value_label(feature.columns[0], str(value), lang)
    said = compact(value, lang) if abs(value) >= 1_000 else f"{value:.4g}"
    return f"{said} {feature.unit}" if feature.unit in _UNITS and mark.reason != "longer" else said


def _utc(when: datetime | None) -> datetime | None:
    return when if when is None or when.tzinfo else when.replace(tzinfo=UTC)
