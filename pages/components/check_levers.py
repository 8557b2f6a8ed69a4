"""What a person can change about a release from the form, value by value, and the release that each makes."""

import dataclasses
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from mtaf_core.content.extract import Content
from mtaf_core.data.frame import Candidate
from mtaf_core.insight.goals import Field
from mtaf_core.insight.whatif import with_edit
from pages.components import market
from pages.components.candidate_form import Brief
from pages.components.words import t

LEVERS: tuple[str, ...] = ("hour", "weekday", "product", "city", "kol", "duration")
"""The levers, in the order offered."""
CITIES, KOLS = 20, 40
"""How many cities, the most frequent, and KOLs of the same size a search tries."""
USUAL_S = 15.0
"""The length where there is no clip."""
DURATIONS = (6, 8, 10, 12, 15, 20, 30, 45, 60, 90)
"""Lengths tried, in seconds: up to that of the clip, which can be cut and not drawn out."""


def duration_s(content: Content) -> float:
    """The length of the clip in whole seconds."""
    return float(max(round(content.clip.duration_s), 1)) if content.clip is not None else USUAL_S


def now(brief: Brief, key: str, duration_s: float) -> Any:
    """The value that a lever has."""
    return {
        "hour": brief.hour,
        "weekday": brief.day.weekday() if brief.day else 0,
        "product": brief.product_link,
        "city": brief.city,
        "kol": brief.uploader_id,
        "duration": duration_s,
    }[key]


def values(brief: Brief, key: str, duration_s: float) -> list[Any]:
    """The values a lever may take, its own among them."""
    held = now(brief, key, duration_s)
    if key == "hour":
        return list(range(24))
    if key == "weekday":
        return list(range(7))
    if key == "product":
        return [True, False]
    if key == "city":
        found: list[Any] = market.cities()[:CITIES]
    elif key == "duration":
        return [*(seconds for seconds in DURATIONS if seconds < duration_s), duration_s]
    else:
        found = same_size(brief)
    return found if held is None or held in found else [held, *found]


def same_size(brief: Brief, most: int = KOLS) -> list[str]:
    """KOLs of the same tier as the one picked, those with most followers; of any tier where none is picked."""
    every = market.kols()
    tier = next((kol.tier for kol in every if kol.uploader_id == brief.uploader_id), None)
    return [kol.uploader_id for kol in every if tier is None or kol.tier == tier][:most]


def label(key: str, value: Any) -> str:
    """How a value of a lever is read."""
    if value is None:
        return t("unknown")
    if key == "hour":
        return f"{value:02d}:00"
    if key == "weekday":
        return t(f"change_day_{value}")
    if key == "product":
        return t("yes") if value else t("no")
    if key == "duration":
        return f"{value:g} s"
    if key == "kol":
        return next((kol.nickname for kol in market.kols() if kol.uploader_id == value), str(value))
    return str(value)


def field(brief: Brief, key: str, duration_s: float) -> Field:
    """A lever as the goal search takes it."""
    return Field(key, tuple(values(brief, key, duration_s)), now(brief, key, duration_s))


def edited(brief: Brief, edits: Mapping[str, Any]) -> Brief:
    """The form with edits made; a length is no part of it."""
    for key, value in edits.items():
        if key == "hour":
            brief = dataclasses.replace(brief, hour=value)
        elif key == "weekday" and brief.day is not None:
            brief = dataclasses.replace(brief, day=brief.day + timedelta(days=(value - brief.day.weekday()) % 7))
        elif key == "product":
            brief = dataclasses.replace(brief, product_link=value)
        elif key == "city":
            brief = dataclasses.replace(brief, city=value)
        elif key == "kol":
            brief = dataclasses.replace(brief, uploader_id=value, typed=())
    return brief


def release(brief: Brief, edits: Mapping[str, Any], timezone: str) -> Candidate:
    """The release that the form, with edits made, asks about."""
    made = edited(brief, edits).candidate(timezone)
    if "duration" in edits:
        made = with_edit(made, "video_duration", float(edits["duration"]), timezone)
    return made
