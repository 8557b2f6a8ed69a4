"""Check a video: a clip and its release details go in; a forecast, its reasons and its what-ifs come out."""

import dataclasses
from collections import OrderedDict
from dataclasses import dataclass

import streamlit as st

from mtaf_core.content.extract import Content
from mtaf_core.errors import BadMedia
from mtaf_core.insight.forecast import Forecast
from mtaf_core.jobs import Step
from mtaf_core.workspace import Sample, Workspace
from pages.components import candidate_form, check_change, check_why, clip_picker, cohort, shell, verdict
from pages.components.candidate_form import Brief
from pages.components.words import t

KEPT = 6
"""Clips whose vectors a session keeps, so that going back to one costs nothing."""

SECTIONS = ("overview", "why", "change")

_CONTENTS, _BASELINE = "contents", "baseline"
_STAGES = ("decode", "text", "audio", "visual", "predict")


@dataclass(frozen=True)
class Baseline:
    """The forecast that changes are compared with, and the form it was made from.

    Only another forecast of the same clip by the same bundle, which ``forecast`` names, can be compared with it.
    """

    content_hash: str
    brief: Brief
    forecast: Forecast


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
            if clip is None:
                with st.container(border=True, key="card-clip"):
                    st.markdown(f"##### {t('clip_head')}", anchors=False)
                    clip_picker.show(space, _fill_from)
            else:
                _judge(space, clip, brief)


def _judge(space: Workspace, clip: clip_picker.Clip, brief: Brief) -> None:
    waiting = st.empty()
    try:
        content, forecast = _forecast(space, clip, brief, waiting)
    except BadMedia as error:
        waiting.empty()
        clip_picker.refuse(str(error).replace(clip.path.name, clip.name))  # on disk it is called by its hash
        st.rerun()
    waiting.empty()
    baseline: Baseline | None = st.session_state.get(_BASELINE)
    if baseline is None or (baseline.content_hash, baseline.forecast.bundle) != (clip.content_hash, forecast.bundle):
        baseline = Baseline(clip.content_hash, brief, forecast)
        st.session_state[_BASELINE] = baseline
    changed = brief.changes(baseline.brief)

    _clip_bar(space, clip, content)
    with st.container(border=True, key="card-verdict"):
        verdict.headline(forecast, baseline.forecast if changed else None)
    if changed:
        with st.container(border=True, key="card-whatif"):
            verdict.comparison(forecast, baseline.forecast, changed, _reset, lambda: _rebase(clip, brief, forecast))
    section = _section()
    if section == "why":
        check_why.show(space, clip, content, brief.candidate(space.info.timezone), forecast)
    elif section == "change":
        check_change.show(space, content, brief, forecast, (baseline.brief, baseline.forecast) if changed else None)
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


def _overview(space: Workspace, clip: clip_picker.Clip, forecast: Forecast) -> None:
    video, looks, does = st.columns([0.62, 1, 1], gap="small")
    with video:
        clip_picker.play(clip, space)
    with looks, st.container(border=True, key="card-attention"):
        verdict.where_it_looks(forecast)
    with does, st.container(border=True, key="card-contribution"):
        verdict.what_it_does(forecast)


def _forecast(
    space: Workspace, clip: clip_picker.Clip, brief: Brief, waiting: st.delta_generator.DeltaGenerator
) -> tuple[Content, Forecast]:
    """The forecast of ``clip`` as ``brief`` says; the clip is read once, and its text only when the words change."""
    ready = shell.forecaster()
    contents: OrderedDict[tuple[str, str], tuple[tuple[str, tuple[str, ...]], Content]] = st.session_state.setdefault(
        _CONTENTS, OrderedDict()
    )
    words = (brief.description, brief.tags)
    candidate = brief.candidate(space.info.timezone)
    # Another bundle may read clips with other backbones: vectors belong to the bundle they were made for.
    key = (space.bundle_path().name, clip.content_hash)
    kept = contents.get(key)
    if kept is None:
        with waiting.container():
            ticks = Ticks()
            content = _light(ready.analyse(clip.path, *words, ticks))
            forecast = ready.forecast(content, candidate, ticks)
    else:
        content = kept[1] if kept[0] == words else ready.retext(kept[1], *words)
        forecast = ready.forecast(content, candidate)
    contents[key] = (words, content)
    contents.move_to_end(key)
    while len(contents) > KEPT:
        contents.popitem(last=False)
    return content, forecast


def _light(content: Content) -> Content:
    """The vectors and facts of a clip without its frames and sound, which a forecast needs no more."""
    if content.clip is None:
        return content
    return dataclasses.replace(content, clip=dataclasses.replace(content.clip, frames=None, sound=None))


def _clip_bar(space: Workspace, clip: clip_picker.Clip, content: Content) -> None:
    facts = [f"**{clip.name}**"]
    if content.clip is not None:
        seconds = round(content.clip.duration_s)
        facts.append(f"{seconds // 60}:{seconds % 60:02d}")
        if content.clip.width_px:
            facts.append(f"{content.clip.width_px}×{content.clip.height_px}")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(":material/movie: " + " · ".join(facts), width="content")
        picker = st.popover(t("change_clip"), icon=":material/swap_horiz:", key=clip_picker.CHANGING, on_change="rerun")
        if picker.open:
            with picker:
                clip_picker.show(space, _fill_from)


def _fill_from(sample: Sample) -> None:
    candidate_form.fill(candidate_form.of_sample(sample, shell.workspace().info.timezone))
    st.session_state.pop(_BASELINE, None)


def _reset() -> None:
    candidate_form.fill(st.session_state[_BASELINE].brief)


def _rebase(clip: clip_picker.Clip, brief: Brief, forecast: Forecast) -> None:
    st.session_state[_BASELINE] = Baseline(clip.content_hash, brief, forecast)


if shell.routed():
    page()
