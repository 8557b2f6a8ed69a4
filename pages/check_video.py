"""Check a video: a clip and its release details go in; a forecast, its reasons and its what-ifs come out."""

import dataclasses
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import streamlit as st

from mtaf_core.content import stills
from mtaf_core.content.extract import Content
from mtaf_core.content.take import Take
from mtaf_core.errors import BadMedia, MtafError
from mtaf_core.insight import guard, scenarios
from mtaf_core.insight.forecast import Forecast
from mtaf_core.insight.guard import Mark
from mtaf_core.workspace import Sample, Workspace
from pages.components import (
    candidate_form,
    check_change,
    check_contents,
    check_link,
    check_marks,
    check_scenarios,
    check_why,
    clip_editing,
    clip_picker,
    cohort,
    edit_history,
    notices,
    recents,
    scenario_edits,
    shell,
    verdict,
)
from pages.components.candidate_form import Brief
from pages.components.plain_text import plain
from pages.components.words import t, told

SECTIONS = ("overview", "why", "change", "scenarios")

_BASELINE = clip_picker.BASELINE
_SAVED_FIRST = "saved_first"


@dataclass(frozen=True)
class Baseline:
    """The forecast that changes are compared with, and the brief it was made from.

    Only another forecast by the same bundle, which ``forecast`` names, can be compared with it.
    """

    brief: Brief
    forecast: Forecast


@dataclass(frozen=True)
class Judged:
    """What the page says of a clip: the form and content it was judged by, the forecast, and what is unlike the market.

    ``rest`` are the marks that no field of the form shows.
    """

    brief: Brief
    content: Content
    forecast: Forecast
    baseline: Baseline
    marks: Sequence[Mark]
    rest: Sequence[Mark]


def page() -> None:
    """Lay out the page."""
    shell.title("nav_check", t("check_lead", day=shell.horizon_day()))
    with shell.guarded():
        space = shell.workspace()
        recents.tidy_once(space)
        cohort.note("cohort_on_check")
        clip_picker.take_linked(space, _fill_from)
        check_link.take_linked(space)
        candidate_form.take_linked(space.info.timezone)
        result, details = st.columns([1.9, 1], gap="medium")
        with details, st.container(border=True, key="card-details"):
            st.markdown(f"##### {t('form_head')}", anchors=False)
            if clip_picker.chosen():
                st.caption(t("form_lead"))
            places = check_marks.Places()
            brief = candidate_form.show(space.info.timezone, places)
            candidate_form.publish(brief)
        with result, shell.guarded():
            notices.show()
            clip = clip_picker.chosen()
            if clip is None and not clip_picker.words_alone(brief.description, brief.tags):
                _start(space, brief)
            else:
                _judge(space, clip, brief, places)


def _start(space: Workspace, brief: Brief) -> None:
    """Where there is no clip yet: choose one, go without, or look at what was saved, which a link to it shows first."""
    check_link.publish(space, None, brief)
    shell.linked("see", SECTIONS, SECTIONS[0])
    comparing = st.session_state["see"] == "scenarios"
    above, below = st.container(), st.container()
    saved, clip = (above, below) if st.session_state.setdefault(_SAVED_FIRST, comparing) else (below, above)
    with clip, st.container(border=True, key="card-clip"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"##### {t('clip_head')}", anchors=False, width="content")
            st.button(
                t("score_words"), icon=":material/notes:", key="score-words", help=t("score_words_help"),
                disabled=not (brief.description or brief.tags), on_click=clip_picker.score_words,
            )  # fmt: skip
        clip_picker.show(space, _fill_from)
    if scenarios.scenarios(space):
        with saved:
            check_scenarios.show(space, comparing=comparing)
            shell.publish("see", SECTIONS[0])
            notices.show()


def _judge(space: Workspace, clip: clip_picker.Clip | None, brief: Brief, places: check_marks.Places) -> None:
    """What is judged and what can be done with it; then the forecast, or how far the reading of the clip is."""
    brief = dataclasses.replace(brief, take=candidate_form.take_of(clip.content_hash if clip else ""))
    check_link.publish(space, clip, brief)
    bar, waiting = st.container(), st.empty()
    try:
        with waiting.container():
            content = check_contents.ready(space, brief)
            judged = None if content is None else _judged(space, brief, content, places)
    except BadMedia as error:
        waiting.empty()
        candidate_form.put_take(Take())  # what is asked of this clip may be what cannot be read
        # On disk it is called by its hash.
        clip_picker.refuse(told(error).replace(clip.path.name, clip.name) if clip else told(error))
        st.rerun()
    with bar:
        _clip_bar(space, clip, judged)
    if judged is None:
        return
    waiting.empty()
    if clip is not None and not clip.is_sample:
        recents.judged(space, clip.content_hash, judged.forecast)
    _results(space, clip, judged)


def _judged(space: Workspace, brief: Brief, content: Content, places: check_marks.Places) -> Judged:
    marks = guard.examine(shell.forecaster(), brief.candidate(space.info.timezone), content)
    rest = places.show(marks)
    forecast = shell.forecaster().forecast(content, brief.candidate(space.info.timezone))
    baseline = _baseline(space, brief, forecast)
    edit_history.note(brief, baseline.brief)
    return Judged(brief, content, forecast, baseline, marks, rest)


def _results(space: Workspace, clip: clip_picker.Clip | None, judged: Judged) -> None:
    """The forecast, what changed it, and one section of what there is to say about it."""
    brief, content, forecast, baseline = judged.brief, judged.content, judged.forecast, judged.baseline
    changed = clip_editing.changes(brief, baseline.brief)
    edited = check_marks.of_words(judged.marks, brief.changes(baseline.brief))
    check_marks.lines(judged.rest)
    with st.container(border=True, key="card-verdict"):
        first = baseline.forecast if changed else None
        verdict.headline(check_marks.without(forecast, judged.marks), first, muted=brief.take.muted)
    if changed:
        with st.container(border=True, key="card-whatif"):
            verdict.comparison(
                forecast, baseline.forecast, changed, lambda: _reset(space), lambda: _rebase(brief, forecast)
            )
            check_marks.lines(edited)
    section = _section()
    if section == "why":
        check_why.show(space, clip, content, brief.candidate(space.info.timezone), forecast)
    elif section == "change":
        start = (baseline.brief, baseline.forecast) if changed else None
        check_change.show(space, clip, content, brief, forecast, start, edited)
    elif section == "scenarios":
        check_scenarios.show(space)
        notices.show()
    else:
        _overview(space, clip, forecast)
    verdict.footnote(forecast, space.manifest().profile)


def _baseline(space: Workspace, brief: Brief, forecast: Forecast) -> Baseline:
    """What changes are compared with: the first forecast of the session, or of the edits that a refreshed page had."""
    baseline: Baseline | None = st.session_state.get(_BASELINE)
    if baseline is None and (first := edit_history.of_session().first) is not None and first != brief:
        with suppress(MtafError):  # its clip may be gone; then the edits begin here
            content = check_contents.content_of(space, first)
            made = shell.forecaster().forecast(content, first.candidate(space.info.timezone))
            baseline = Baseline(first, made)
    if baseline is None or baseline.forecast.bundle != forecast.bundle:
        baseline = Baseline(brief, forecast)
    st.session_state[_BASELINE] = baseline
    return baseline


def _section() -> str:
    shell.linked("see", SECTIONS, SECTIONS[0])
    section = st.segmented_control(
        t("see"), SECTIONS, format_func=lambda name: t(f"see_{name}"), key="see", required=True,
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    shell.publish("see", SECTIONS[0])
    if section != "scenarios":
        scenario_edits.publish(None)
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


def _clip_bar(space: Workspace, clip: clip_picker.Clip | None, judged: Judged | None) -> None:
    """What is judged and what can be done with it; less while it is read."""
    read = None if judged is None else judged.content.clip
    icon = {"picture": "image", "song": "music_note"}.get(read.form, "movie") if read else "movie" if clip else "notes"
    facts = [f"**{plain(clip.name) if clip else t('form_words')}**"]
    if read is not None and read.form != "video":
        facts.append(t(f"form_{read.form}"))
    if read is not None and read.duration_s is not None:
        seconds = round(read.duration_s)
        facts.append(f"{seconds // 60}:{seconds % 60:02d}")
    if read is not None and read.width_px:
        facts.append(f"{read.width_px}×{read.height_px}")
    if clip and (said := clip_editing.words(candidate_form.take_of(clip.content_hash))):
        facts.append(said)
    st.markdown(f":material/{icon}: " + " · ".join(facts))
    # What is there before the clip is read comes first, so that nothing moves when it is.
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="edit-bar"):
        edit_history.buttons(space)
        picker = st.popover(
            t("change_clip" if clip else "choose_clip"), icon=":material/swap_horiz:", key=clip_picker.CHANGING,
            on_change="rerun",
        )  # fmt: skip
        if clip is not None and stills.kind(clip.path) is None:
            clip_editing.show(clip, has_sound=read is None or read.has_sound)
        if judged is not None:
            name = clip.name if clip else t("form_words")
            scenario_edits.save_button(space, judged.brief, name, judged.forecast, judged.baseline.brief)
    if picker.open:
        with picker:
            clip_picker.show(space, _fill_from)


def _fill_from(sample: Sample) -> None:
    candidate_form.fill(candidate_form.of_sample(sample, shell.workspace().info.timezone))
    st.session_state.pop(_BASELINE, None)
    edit_history.start_over()


def _reset(space: Workspace) -> None:
    edit_history.put(space, st.session_state[_BASELINE].brief)


def _rebase(brief: Brief, forecast: Forecast) -> None:
    st.session_state[_BASELINE] = Baseline(brief, forecast)


if shell.routed():
    page()
