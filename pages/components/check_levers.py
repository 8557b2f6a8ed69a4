"""What a person can change about a release, value by value, and the release that each makes."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from mtaf_core import limits
from mtaf_core.charts.numbers import compact
from mtaf_core.content.extract import Content
from mtaf_core.content.take import Take
from mtaf_core.data.frame import Candidate
from mtaf_core.insight.goals import Field
from mtaf_core.insight.whatif import with_edit
from pages.components import check_offers, clip_editing, clip_picker, market
from pages.components.candidate_form import TYPED, Brief
from pages.components.words import language, t

FLAGS: dict[str, str] = {
    "downloadable": "is_downloadable",
    "shareable": "is_shareable",
    "commentable": "is_commentable",
    "mix": "is_in_mix",
}
"""Levers that are flags, as columns of `videos`."""
NUMBERS: dict[str, str] = {
    "followers": "uploader_follower",
    "liked": "uploader_favorited",
    "posts": "uploader_video_count",
}
"""Levers that are numbers of a KOL, as Table 1 has them: nobody can choose them, but they can be looked along."""
GOALS: tuple[str, ...] = (
    "hour", "weekday", "product", "city", "kol", "tag", "poi", *FLAGS, "start", "duration", "mute",
)  # fmt: skip
"""The levers that a search for a goal may pull, in the order offered."""
LEVERS: tuple[str, ...] = (*GOALS, *NUMBERS)
_CLIP = ("start", "duration", "mute")
CITIES, KOLS, TAGS = 20, 40, 20
"""How many cities, KOLs of the same size and hashtags are tried, the most frequent of each."""
DURATIONS = (6, 8, 10, 12, 15, 20, 30, 45, 60, 90)
"""Lengths tried, in seconds: up to that of the clip, which can be cut and not drawn out."""
STARTS = (0, 1, 2, 3, 5)
"""Seconds of the file at which the clip may begin; each is read once."""
LEAST_S = 1.0
"""What must be left of a clip, in seconds."""


@dataclass(frozen=True)
class Material:
    """What there is to cut: how long the clip's file lasts, 0 where there is none, and whether it has sound."""

    file_s: float = 0.0
    has_sound: bool = False


def material(clip: clip_picker.Clip | None, content: Content, brief: Brief) -> Material:
    """What there is to cut of the clip on the page."""
    if clip is None or content.clip is None:
        return Material()
    return Material(clip_editing.file_s(clip), content.clip.has_sound or brief.take.muted)


def offered(stuff: Material, among: tuple[str, ...] = LEVERS) -> list[str]:
    """The levers that this release has."""
    missing = set() if stuff.file_s else set(_CLIP)
    if not stuff.has_sound:
        missing.add("mute")
    if not check_offers.place():
        missing.add("poi")
    return [lever for lever in among if lever not in missing]


def kept_s(take: Take, stuff: Material) -> float:
    """Seconds of the clip that a take releases."""
    return min(stuff.file_s, take.end_s if take.end_s is not None else stuff.file_s) - take.start_s


def now(brief: Brief, key: str, stuff: Material) -> Any:
    """The value that a lever has."""
    if key in FLAGS:
        return dict(brief.flags).get(FLAGS[key])
    if key in NUMBERS:
        return check_offers.number_of(brief.uploader_id, TYPED[NUMBERS[key]], dict(brief.typed))
    return {
        "hour": brief.hour,
        "weekday": brief.day.weekday() if brief.day else 0,
        "product": brief.product_link,
        "city": brief.city,
        "kol": brief.uploader_id,
        "tag": "",
        "poi": brief.poi,
        "start": brief.take.start_s,
        "duration": round(kept_s(brief.take, stuff), 1),
        "mute": brief.take.muted,
    }[key]


def values(brief: Brief, key: str, stuff: Material) -> list[Any]:
    """The values a lever may take, its own among them where it is known; numbers ascending."""
    held = now(brief, key, stuff)
    found: list[Any]
    if key in FLAGS or key == "product":
        return [True, False]
    if key in NUMBERS:
        found = check_offers.range_of(TYPED[NUMBERS[key]])
    elif key == "tag":
        room = len(brief.tags) < limits.MAX_TAGS
        found = ["", *(name for name in check_offers.tags() if name not in brief.tags)][: TAGS + 1] if room else [""]
    elif key == "city":
        found = market.cities()[:CITIES]
    elif key == "kol":
        found = same_size(brief)
    elif key == "poi":
        found = ["", brief.poi or check_offers.place()]
    else:
        found = _of_time(brief, key, stuff)
    if held is None or held in found:
        return found
    return sorted([*found, held]) if isinstance(held, int | float) else [held, *found]


def _of_time(brief: Brief, key: str, stuff: Material) -> list[Any]:
    """Values of the levers that are a time of the week or of the clip."""
    if key == "hour":
        return list(range(24))
    if key == "weekday":
        return list(range(7))
    if key == "mute":
        return [False, True]
    if key == "start":
        last = (brief.take.end_s if brief.take.end_s is not None else stuff.file_s) - LEAST_S
        return [float(second) for second in STARTS if second <= last]
    return [float(seconds) for seconds in DURATIONS if seconds < kept_s(brief.take, stuff)]


def same_size(brief: Brief, most: int = KOLS) -> list[str]:
    """KOLs of the same tier as the one picked, those with most followers; of any tier where none is picked."""
    tier = tier_of(brief)
    return [kol.uploader_id for kol in market.kols() if tier is None or kol.tier == tier][:most]


def tier_of(brief: Brief) -> str | None:
    """The tier of the KOL picked; None where none is."""
    return next((kol.tier for kol in market.kols() if kol.uploader_id == brief.uploader_id), None)


def label(key: str, value: Any) -> str:
    """How a value of a lever is read."""
    if key == "tag":
        return f"#{value}" if value else t("lever_as_is")
    if key == "poi":
        return value or t("no")
    if value is None:
        return t("unknown")
    if key == "hour":
        return f"{value:02d}:00"
    if key == "weekday":
        return t(f"change_day_{value}")
    if isinstance(value, bool):
        return t("yes") if value else t("no")
    if key in ("duration", "start"):
        return f"{value:g} s"
    if key in NUMBERS:
        return compact(value, language())
    if key == "kol":
        return next((kol.nickname for kol in market.kols() if kol.uploader_id == value), str(value))
    return str(value)


def field(brief: Brief, key: str, stuff: Material) -> Field:
    """A lever as the goal search takes it."""
    return Field(key, tuple(values(brief, key, stuff)), now(brief, key, stuff))


def edited(brief: Brief, edits: Mapping[str, Any]) -> Brief:
    """The form with edits made; a number of a KOL who is picked from the market is no part of it."""
    put: dict[str, Any] = {}
    typed, flags = dict(brief.typed), dict(brief.flags)
    for key, value in edits.items():
        if key in FLAGS:
            flags[FLAGS[key]] = value
            put["flags"] = tuple((column, flags[column]) for column in FLAGS.values() if column in flags)
        elif key in NUMBERS and brief.uploader_id is None:
            typed[TYPED[NUMBERS[key]]] = int(value)
            put["typed"] = tuple((column, typed[column]) for column in TYPED.values() if column in typed)
        elif key == "weekday" and brief.day is not None:
            put["day"] = brief.day + timedelta(days=(value - brief.day.weekday()) % 7)
        elif key == "kol":
            put |= {"uploader_id": value, "typed": ()}
        elif key == "tag" and value:
            put["tags"] = (*brief.tags, value)
        elif key in ("hour", "city", "poi"):
            put[key] = value
        elif key == "product":
            put["product_link"] = value
    if any(key in edits for key in _CLIP):
        put["take"] = _taken(brief.take, edits)
    return dataclasses.replace(brief, **put)


def _taken(take: Take, edits: Mapping[str, Any]) -> Take:
    start = float(edits.get("start", take.start_s))
    end = start + float(edits["duration"]) if "duration" in edits else take.end_s
    return dataclasses.replace(take, start_s=start, end_s=end, muted=bool(edits.get("mute", take.muted)))


def possible(brief: Brief, edits: Mapping[str, Any], stuff: Material) -> bool:
    """Whether the clip holds what the edits would release of it."""
    if not any(key in edits for key in _CLIP):
        return True
    start = float(edits.get("start", brief.take.start_s))
    end = brief.take.end_s if brief.take.end_s is not None else stuff.file_s
    wanted = float(edits["duration"]) if "duration" in edits else max(end - start, LEAST_S)
    return start + wanted <= stuff.file_s + 0.05  # lengths are told to a tenth of a second


def release(brief: Brief, edits: Mapping[str, Any], timezone: str) -> Candidate:
    """The release that the form, with edits made, asks about."""
    made = edited(brief, edits).candidate(timezone)
    for key in NUMBERS:
        if key in edits and brief.uploader_id is not None:
            made = with_edit(made, NUMBERS[key], float(edits[key]), timezone)
    return made
