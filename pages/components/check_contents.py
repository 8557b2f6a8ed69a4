"""The content of the clips that a session works with: read once, its text again only when the words change."""

from collections import OrderedDict

import streamlit as st

from mtaf_core.content.extract import Content
from mtaf_core.content.take import Take
from mtaf_core.errors import BadMedia
from mtaf_core.jobs import Step
from mtaf_core.workspace import Workspace
from pages.components import clip_picker, shell
from pages.components.candidate_form import Brief
from pages.components.words import t

KEPT = 6
"""Takes whose vectors a session keeps, so that going back to one costs nothing."""

_CONTENTS = "contents"
_STAGES = ("decode", "text", "audio", "visual", "predict")

Words = tuple[str, tuple[str, ...]]


class Ticks:
    """Shows the stages of the work, ticking each as it ends; a `Progress`."""

    def __init__(self) -> None:
        self._box = st.status(t("working"), expanded=True)
        self._lines = {stage: self._box.empty() for stage in _STAGES}
        for stage in _STAGES:
            self._draw(stage, "radio_button_unchecked", "gray")

    def __call__(self, step: Step) -> None:
        if step.stage not in self._lines:
            return
        if step.total and step.done >= step.total:
            self._draw(step.stage, "check_circle", "green")
        else:
            self._draw(step.stage, "pending", "primary")

    def _draw(self, stage: str, icon: str, colour: str) -> None:
        self._lines[stage].markdown(f":{colour}[:material/{icon}:] {t(f'stage_{stage}')}")


def known(space: Workspace, brief: Brief) -> bool:
    """Whether all that the take needs was read before in this session."""
    return _key(space, brief.take) in _held()


def content_of(space: Workspace, brief: Brief) -> Content:
    """The content of what a form says is released: vectors and facts, without frames and sound.

    Raises
    ------
    BadMedia
        If the clip cannot be read, or has made room for others.
    """
    words, key = (brief.description, brief.tags), _key(space, brief.take)
    held = _held().get(key)
    if held is None:
        path = _clip(space, brief.take).path if brief.take.content_hash else None
        content = shell.forecaster().analyse(path, *words, Ticks(), brief.take.read).light()
    else:
        content = held[1] if held[0] == words else shell.forecaster().retext(held[1], *words)
    contents = _held()
    contents[key] = (words, content)
    contents.move_to_end(key)
    while len(contents) > KEPT:
        contents.popitem(last=False)
    return content.taken(brief.take)


def _clip(space: Workspace, take: Take) -> clip_picker.Clip:
    clip = clip_picker.find(space, take.content_hash)
    if clip is None:
        raise BadMedia(t("clip_gone", name=take.content_hash[:8]))
    return clip


def _held() -> OrderedDict[tuple[str, Take], tuple[Words, Content]]:
    found: OrderedDict[tuple[str, Take], tuple[Words, Content]] = st.session_state.setdefault(_CONTENTS, OrderedDict())
    return found


def _key(space: Workspace, take: Take) -> tuple[str, Take]:
    # Another bundle may read clips with other backbones: vectors belong to the bundle they were made for.
    return space.bundle_path().name, take.read
