"""Editing the clip: which seconds of it are released, and whether with its sound."""

import math
from dataclasses import replace

import streamlit as st

from mtaf_core.content import media
from mtaf_core.content.take import Take
from pages.components import candidate_form
from pages.components.candidate_form import Brief
from pages.components.clip_picker import Clip
from pages.components.words import t

STEP_S = 0.5
"""Ends of a part are told in these steps; a part is at least as long."""
_PART, _MUTED, _RESET = "clip_part", "clip_muted", "clip-reset"


@st.cache_data(max_entries=64, show_spinner=False)
def length_s(path: str, stamp: int) -> float:
    """Seconds that a file lasts; read anew when the file changes."""
    return media.duration(path)


def file_s(clip: Clip) -> float:
    """Seconds that the clip's file lasts, whatever part of it is released; 0 of a picture."""
    return length_s(str(clip.path), clip.path.stat().st_mtime_ns)


def show(clip: Clip, has_sound: bool) -> None:
    """The popover in which a clip is edited; what it says is found by `candidate_form.take_of` on the next run.

    Parameters
    ----------
    has_sound : bool
        Whether there is sound to take away.
    """
    take = candidate_form.take_of(clip.content_hash)
    icon = ":material/content_cut:"
    with st.popover(t("edit_clip"), icon=icon, key="edit_clip", type="secondary" if take.is_whole else "primary"):
        most = math.ceil(file_s(clip) / STEP_S) * STEP_S
        if most > STEP_S:
            st.session_state[_PART] = (min(take.start_s, most), most if take.end_s is None else min(take.end_s, most))
            st.slider(
                t("edit_part"), 0.0, most, step=STEP_S, format="%.1f s", key=_PART, help=t("edit_part_help"),
                on_change=_part, args=[take, most],
            )  # fmt: skip
        st.session_state[_MUTED] = take.muted
        st.toggle(
            t("edit_mute"), key=_MUTED, disabled=not (has_sound or take.muted), on_change=_mute, args=[take],
            help=None if has_sound or take.muted else t("edit_no_sound"),
        )  # fmt: skip
        st.button(
            t("edit_whole"), icon=":material/undo:", key=_RESET, disabled=take.is_whole,
            on_click=candidate_form.put_take, args=[Take(clip.content_hash)],
        )  # fmt: skip
        st.caption(t("edit_note"))


def _part(take: Take, most: float) -> None:
    start, end = st.session_state[_PART]
    if end - start < STEP_S:
        end = min(start + STEP_S, most)
        start = end - STEP_S
    candidate_form.put_take(replace(take, start_s=float(start), end_s=None if end >= most else float(end)))


def _mute(take: Take) -> None:
    candidate_form.put_take(replace(take, muted=bool(st.session_state[_MUTED])))


def words(take: Take) -> str:
    """What of its clip a take is, as people say it; empty for all of it."""
    said = []
    if take.end_s is not None:
        said.append(t("take_part", start=f"{take.start_s:g}", end=f"{take.end_s:g}"))
    elif take.start_s > 0:
        said.append(t("take_from", start=f"{take.start_s:g}"))
    if take.muted:
        said.append(t("take_muted"))
    return t("take_and").join(said)


def difference(take: Take, first: Take) -> str:
    """What is now released of the clip, where that differs from ``first``: another clip, a part, no sound."""
    said = words(take)
    if take.content_hash != first.content_hash:
        said = t("take_and").join(filter(None, [t("take_other"), said]))
    return t("clip_edited", what=said or t("take_whole"))


def changes(brief: Brief, first: Brief) -> list[str]:
    """The fields that differ from ``first``, as people call them; of the clip, what is done to it."""
    return [difference(brief.take, first.take) if key == "clip" else t(key) for key in brief.changes(first)]
