"""Check a video: a clip and its release details go in; a forecast, its reasons and its what-ifs come out."""

import dataclasses
from dataclasses import dataclass

import streamlit as st

from mtaf_core.content.extract import Content
from mtaf_core.content.take import Take
from mtaf_core.errors import BadMedia
from mtaf_core.insight.forecast import Forecast
from mtaf_core.workspace import Sample, Workspace
from pages.components import (
    candidate_form,
    check_change,
    check_contents,
    check_why,
    clip_editing,
    clip_picker,
    cohort,
    shell,
    verdict,
)
from pages.components.candidate_form import Brief
from pages.components.words import t, told

SECTIONS = ("overview", "why", "change")

_BASELINE = clip_picker.BASELINE


@dataclass(frozen=True)
class Baseline:
    """The forecast that changes are compared with, and the brief it was made from.

    Only another forecast by the same bundle, which ``forecast`` names, can be compared with it.
    """

    brief: Brief
    forecast: Forecast


def page() -> None:
    """Lay out the page."""
    shell.title("nav_check", t("check_lead", day=shell.horizon_day()))
    with shell.guarded():
        space = shell.workspace()
        cohort.note("cohort_on_check")
        clip_picker.take_linked(space, _fill_from)
        candidate_form.take_linked(space.info.timezone)
        result, details = st.columns([1.9, 1], gap="medium")
        with details, st.container(border=True, key="card-details"):
            st.markdown(f"##### {t('form_head')}", anchors=False)
            if clip_picker.chosen():
                st.caption(t("form_lead"))
            brief = candidate_form.show(space.info.timezone)
            candidate_form.publish(brief)
        with result, shell.guarded():
            clip = clip_picker.chosen()
            has_words = bool(brief.description or brief.tags)
            if clip is None and not (clip_picker.words_alone() and has_words):
                with st.container(border=True, key="card-clip"):
                    st.markdown(f"##### {t('clip_head')}", anchors=False)
                    if has_words:
                        st.button(
                            t("score_words"), icon=":material/notes:", key="score-words", help=t("score_words_help"),
                            on_click=clip_picker.score_words,
                        )  # fmt: skip
                    clip_picker.show(space, _fill_from)
            else:
                _judge(space, clip, brief)


def _judge(space: Workspace, clip: clip_picker.Clip | None, brief: Brief) -> None:
    """The forecast of a clip, or of words alone, and one section of what there is to say about it."""
    brief = dataclasses.replace(brief, take=candidate_form.take_of(clip.content_hash if clip else ""))
    waiting = st.empty()
    try:
        with waiting.container():
            content = check_contents.content_of(space, brief)
        forecast = shell.forecaster().forecast(content, brief.candidate(space.info.timezone))
    except BadMedia as error:
        waiting.empty()
        candidate_form.put_take(Take())  # what is asked of this clip may be what cannot be read
        # On disk it is called by its hash.
        clip_picker.refuse(told(error).replace(clip.path.name, clip.name) if clip else told(error))
        st.rerun()
    waiting.empty()
    baseline: Baseline | None = st.session_state.get(_BASELINE)
    if baseline is None or baseline.forecast.bundle != forecast.bundle:
        baseline = Baseline(brief, forecast)
        st.session_state[_BASELINE] = baseline
    changed = clip_editing.changes(brief, baseline.brief)

    _clip_bar(space, clip, content)
    with st.container(border=True, key="card-verdict"):
        verdict.headline(forecast, baseline.forecast if changed else None, muted=brief.take.muted)
    if changed:
        with st.container(border=True, key="card-whatif"):
            verdict.comparison(
                forecast, baseline.forecast, changed, lambda: _reset(space), lambda: _rebase(brief, forecast)
            )
    section = _section()
    if section == "why":
        check_why.show(space, clip, content, brief.candidate(space.info.timezone), forecast)
    elif section == "change":
        start = (baseline.brief, baseline.forecast) if changed else None
        check_change.show(space, clip, content, brief, forecast, start)
    else:
        _overview(space, clip, forecast)
    verdict.footnote(forecast, space.manifest().profile)


def _section() -> str:
    shell.linked("see", SECTIONS, SECTIONS[0])
    section = st.segmented_control(
        t("see"), SECTIONS, format_func=lambda name: t(f"see_{name}"), key="see", required=True,
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    shell.publish("see", SECTIONS[0])
    return section or SECTIONS[0]


def _overview(space: Workspace, clip: clip_picker.Clip | None, forecast: Forecast) -> None:
    if clip is None:
        looks, does = st.columns(2, gap="small")
    else:
        video, looks, does = st.columns([0.62, 1, 1], gap="small")
        with video:
            clip_picker.play(clip, space)
    with looks, st.container(border=True, key="card-attention"):
        verdict.where_it_looks(forecast)
    with does, st.container(border=True, key="card-contribution"):
        verdict.what_it_does(forecast)


def _clip_bar(space: Workspace, clip: clip_picker.Clip | None, content: Content) -> None:
    """What is judged, and the way to another clip."""
    read = content.clip
    icon = {"picture": "image", "song": "music_note"}.get(read.form, "movie") if read else "notes"
    facts = [f"**{clip.name if clip else t('form_words')}**"]
    if read is not None and read.form != "video":
        facts.append(t(f"form_{read.form}"))
    if read is not None and read.duration_s is not None:
        seconds = round(read.duration_s)
        facts.append(f"{seconds // 60}:{seconds % 60:02d}")
    if read is not None and read.width_px:
        facts.append(f"{read.width_px}×{read.height_px}")
    if clip and (said := clip_editing.words(candidate_form.take_of(clip.content_hash))):
        facts.append(said)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f":material/{icon}: " + " · ".join(facts), width="content")
        with st.container(horizontal=True, width="content"):
            if clip is not None and read is not None and read.duration_s is not None:
                clip_editing.show(clip, has_sound=read.has_sound)
            picker = st.popover(
                t("change_clip" if clip else "choose_clip"), icon=":material/swap_horiz:", key=clip_picker.CHANGING,
                on_change="rerun",
            )  # fmt: skip
        if picker.open:
            with picker:
                clip_picker.show(space, _fill_from)


def _fill_from(sample: Sample) -> None:
    candidate_form.fill(candidate_form.of_sample(sample, shell.workspace().info.timezone))
    st.session_state.pop(_BASELINE, None)


def _reset(space: Workspace) -> None:
    brief: Brief = st.session_state[_BASELINE].brief
    candidate_form.fill(brief)
    clip_picker.choose(space, brief.take.content_hash)


def _rebase(brief: Brief, forecast: Forecast) -> None:
    st.session_state[_BASELINE] = Baseline(brief, forecast)


if shell.routed():
    page()
