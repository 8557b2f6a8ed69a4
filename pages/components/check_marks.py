"""Guard rails on the page: what is impossible or unlike the market, right under the field that says it."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence

import streamlit as st

from mtaf_core.data.candidate import Candidate
from mtaf_core.insight import guard
from mtaf_core.insight.forecast import Forecast
from mtaf_core.insight.guard import Mark
from pages.components import shell
from pages.components.candidate_form import FLAGS, TYPED
from pages.components.words import language, t

_OF_WORD: dict[str, tuple[str, ...]] = {
    "tags": (guard.TAGS, "video_tag_count", "tag_total_view_count", "tag_total_user_count"),
    "kol": tuple(TYPED),
    "date": (guard.TIME, "upload_dayofweek"),
    "hour": ("upload_hour",),
    "product": ("video_product",),
    "city": ("upload_city",),
    "poi": ("upload_poi",),
    "more": tuple(FLAGS),
    "clip": ("video_duration", "video_quality"),
}
"""Words for the fields of a brief, and what of Table 1 each may change."""


class Places:
    """Where marks are drawn, by field: `candidate_form.show` calls it under each widget, before anything is known."""

    def __init__(self) -> None:
        self._boxes: list[tuple[tuple[str, ...], st.delta_generator.DeltaGenerator]] = []

    def __call__(self, *fields: str) -> None:
        self._boxes.append((fields, st.empty()))

    def show(self, marks: Sequence[Mark]) -> list[Mark]:
        """Draw every mark under its field; those that have no place are given back."""
        left = list(marks)
        for fields, box in self._boxes:
            here = [mark for mark in left if mark.field in fields]
            if here:
                left = [mark for mark in left if mark not in here]
                with box.container():
                    lines(here)
        return left


def along(releases: Sequence[Candidate]) -> dict[int, list[Mark]]:
    """What is unlike the market about some of several releases, by their places; what is so of all is left out."""
    told = guard.examine_many(shell.forecaster(), releases)
    every = [mark for mark in told[0] if all(mark in one for one in told)] if told else []
    own = {place: [mark for mark in one if mark not in every] for place, one in enumerate(told)}
    return {place: marks for place, marks in own.items() if marks}


def lines(marks: Sequence[Mark]) -> None:
    """Marks one under the other."""
    if marks:
        st.caption("  \n".join(_line(mark) for mark in marks))


def of_words(marks: Sequence[Mark], words: Collection[str]) -> list[Mark]:
    """Those about the fields that ``words`` are the keys of."""
    fields = {field for word in words for field in _OF_WORD.get(word, ())}
    return [mark for mark in marks if mark.field in fields]


def told(marks: Sequence[Mark]) -> list[str]:
    """Marks as sentences."""
    return [guard.sentence(mark, language()) for mark in marks]


def without(forecast: Forecast, marks: Sequence[Mark]) -> Forecast:
    """A forecast without the warnings that marks say where they belong."""
    said = {guard.sentence(mark) for mark in marks}
    return dataclasses.replace(forecast, warnings=tuple(one for one in forecast.warnings if one not in said))


def note_outside(outside: Mapping[int, Sequence[Mark]], word: str) -> None:
    """Say what the grey points of a sweep, or the veiled cells of a map, are, with one of them as the example."""
    if outside:
        example = guard.sentence(outside[max(outside)][0], language())
        st.caption(f":orange[:material/warning:] {t(word, n=len(outside), example=example)}")


def _line(mark: Mark) -> str:
    icon, colour = ("block", "red") if mark.impossible else ("warning", "orange")
    return f":{colour}[:material/{icon}:] {guard.sentence(mark, language())}"
