"""The content of the clips that a session works with: read once, its text again only when the words change."""

from collections import OrderedDict

import streamlit as st

from mtaf_core.content.extract import Content
from mtaf_core.content.take import Take
from mtaf_core.errors import BadMedia
from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.workspace import Workspace
from pages.components import analysing, clip_picker, shell
from pages.components.candidate_form import Brief
from pages.components.words import t

KEPT = 6
"""Takes whose vectors a session keeps, so that going back to one costs nothing."""

_CONTENTS = "contents"
_STAGES = ("decode", "audio", "visual", "text", "predict")

Words = tuple[str, tuple[str, ...]]


class Ticks:
    """Shows the stages of the work, ticking each as it ends; a `Progress`."""

    def __init__(self) -> None:
        self._box = st.status(t("working"), expanded=True)
        self._lines = {stage: self._box.empty() for stage in _STAGES}
        self._told: tuple[str, bool] | None = None
        for stage in _STAGES:
            self._draw(stage, "radio_button_unchecked", "gray")

    def __call__(self, step: Step) -> None:
        is_done = step.stage in ("text", "predict") and 0 < step.total <= step.done
        if step.stage not in self._lines or self._told == (step.stage, is_done):
            return
        self._told = (step.stage, is_done)
        for before in _STAGES[: _STAGES.index(step.stage)]:
            self._draw(before, "check_circle", "green")
        self._draw(step.stage, *(("check_circle", "green") if is_done else ("pending", "primary")))

    def _draw(self, stage: str, icon: str, colour: str) -> None:
        self._lines[stage].markdown(f":{colour}[:material/{icon}:] {t(f'stage_{stage}')}")


def known(space: Workspace, brief: Brief) -> bool:
    """Whether all that the take needs was read before in this session."""
    return _key(space, brief.take) in _held()


def ready(space: Workspace, brief: Brief) -> Content | None:
    """As `content_of`, but for a clip that is to be read: then it is read behind the page, which shows how far that is.

    Returns
    -------
    Content or None
        None while the clip is read, and where that was stopped or failed.
    """
    take = brief.take
    if known(space, brief) or not take.content_hash:
        return content_of(space, brief)
    clip, forecaster = _clip(space, take), shell.forecaster()
    if not analysing.has(space, brief) and forecaster.is_warm and forecaster.extractor.recall(clip.path, take):
        return content_of(space, brief, silent)
    read = analysing.attend(space, brief, clip.path, clip.name)
    if read is None:
        return None
    _keep(_key(space, take), read.words, read.content.light())
    return content_of(space, brief)


def content_of(space: Workspace, brief: Brief, progress: Progress | None = None) -> Content:
    """The content of what a form says is released: vectors and facts, without frames and sound.

    What is to be read is waited for; the page shows the stages meanwhile, unless ``progress`` is told of them.

    Raises
    ------
    BadMedia
        If the clip cannot be read, or has made room for others.
    """
    words, key = (brief.description, brief.tags), _key(space, brief.take)
    held = _held().get(key)
    if held is None:
        path = _clip(space, brief.take).path if brief.take.content_hash else None
        content = shell.forecaster().analyse(path, *words, progress or Ticks(), brief.take.read).light()
    else:
        content = held[1] if held[0] == words else shell.forecaster().retext(held[1], *words)
    _keep(key, words, content)
    return content.taken(brief.take)


def _keep(key: tuple[str, Take], words: Words, content: Content) -> None:
    contents = _held()
    contents[key] = (words, content)
    contents.move_to_end(key)
    while len(contents) > KEPT:
        contents.popitem(last=False)


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
