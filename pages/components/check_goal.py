"""The way to a goal: the fewest changes to a release that bring its forecast there, or an honest no."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from mtaf_core.charts.numbers import compact, factor
from mtaf_core.content.extract import Content
from mtaf_core.insight.forecast import Forecast
from mtaf_core.insight.goals import MAX_ASKED, Answer, Found, search
from mtaf_core.jobs import Step
from mtaf_core.workspace import Workspace
from pages.components import candidate_form, check_levers, shell
from pages.components.candidate_form import Brief
from pages.components.words import language, t

TOP = 0.9
"""The goal offered first: to be among the top tenth of the KOL's tier."""
_FOUND = "goal_found"
_KINDS = ("top", "score")


@dataclass(frozen=True)
class Asked:
    """One search: of which release, and for what."""

    content_hash: str
    bundle: str
    brief: Brief
    target: float
    sure: bool
    levers: tuple[str, ...]
    most: int


def show(space: Workspace, content: Content, brief: Brief, forecast: Forecast) -> None:
    """Lay out the card."""
    st.markdown(f"##### {t('goal_head')}", anchors=False)
    st.markdown(f":gray[{t('goal_lead')}]")
    asked = _controls(content, brief, forecast)
    if asked is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        go = st.button(t("goal_go"), type="primary", icon=":material/route:", key="goal-go", disabled=not asked.levers)
        stop = st.empty()
    bar = st.empty()
    if go:
        # Whatever a person does on the page, this button too, ends the search where it draws its progress.
        stop.button(t("goal_stop"), icon=":material/stop_circle:", key="goal-stop")

        def progress(step: Step) -> None:
            bar.progress(min(step.done / MAX_ASKED, 1.0), t("goal_tried", n=f"{step.done:,}"))

        st.session_state[_FOUND] = (asked, _search(content, asked, space.info.timezone, progress))
        bar.empty()
        stop.empty()
    kept: tuple[Asked, Found] | None = st.session_state.get(_FOUND)
    if kept is not None and kept[0] == asked:
        _answers(kept[1], asked, brief, forecast)


def _controls(content: Content, brief: Brief, forecast: Forecast) -> Asked | None:
    levers = st.pills(
        t("goal_levers"), check_levers.LEVERS, selection_mode="multi", default=["hour", "weekday", "product"],
        format_func=lambda lever: t(f"lever_{lever}"), key="goal_levers", persist_state="session",
    )  # fmt: skip
    left, right = st.columns(2, gap="medium")
    with left:
        target = _target(forecast)
    with right:
        most = st.slider(t("goal_most"), 1, 4, 3, key="goal_most", persist_state="session")
        sure = st.toggle(t("goal_sure"), False, key="goal_sure", help=t("goal_sure_help"), persist_state="session")
    if target is None:
        return None
    clip = content.clip
    chosen = tuple(lever for lever in check_levers.LEVERS if lever in levers)
    return Asked(clip.content_hash if clip else "", forecast.bundle, brief, target, sure, chosen, int(most))


def _target(forecast: Forecast) -> float | None:
    """The score to reach; None, which is said, where the market does not tell where its top begins."""
    kind = st.segmented_control(
        t("goal_kind"), _KINDS, format_func=lambda one: t(f"goal_{one}"), key="goal_kind", default="top",
        required=True, persist_state="session",
    )  # fmt: skip
    if kind == "score":
        usual = max(round(2 * forecast.score), 1)
        return float(st.number_input(t("goal_reach"), 1, value=usual, key="goal_reach", persist_state="session"))
    ready = shell.forecaster()
    in_tier = ready.score_at(TOP, forecast.tier) if forecast.tier else None
    target = in_tier if in_tier is not None else ready.score_at(TOP)
    if target is None:
        st.info(t("no_market", day=forecast.horizon_day))
    elif in_tier is not None:
        st.caption(t("goal_top_is", tier=t(f"tier_{forecast.tier}"), score=compact(target, language())))
    else:
        st.caption(t("goal_top_market", score=compact(target, language())))
    return target


def _search(content: Content, asked: Asked, timezone: str, progress: Any) -> Found:
    ready = shell.forecaster()
    length = check_levers.duration_s(content)

    def predict(sets: Sequence[Mapping[str, Any]]) -> np.ndarray:
        scores = ready.score_many([content], [check_levers.release(asked.brief, one, timezone) for one in sets])
        return scores.low if asked.sure else scores.score

    fields = [check_levers.field(asked.brief, lever, length) for lever in asked.levers]
    return search(predict, fields, asked.target, asked.most, progress=progress)


def _answers(found: Found, asked: Asked, brief: Brief, forecast: Forecast) -> None:
    goal = compact(asked.target, language())
    if found.reached and not found.answers[0].edits:
        st.success(t("goal_there", goal=goal), icon=":material/check_circle:")
        return
    if found.reached:
        n = len(found.answers[0].edits)
        st.success(t("goal_found_one" if n == 1 else "goal_found", n=n, goal=goal), icon=":material/check_circle:")
    else:
        key = "goal_not" if found.exhausted else "goal_not_all"
        st.warning(t(key, goal=goal, n=asked.most, asked=f"{found.asked:,}"), icon=":material/do_not_disturb_on:")
    for place, answer in enumerate(found.answers):
        if answer.edits:
            _answer(place, answer, found, brief)
    st.caption(t("goal_note"))


def _answer(place: int, answer: Answer, found: Found, brief: Brief) -> None:
    said = " · ".join(f"{t(f'lever_{key}')}: **{check_levers.label(key, v)}**" for key, v in answer.edits.items())
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        ratio = factor((answer.score + 1) / (found.now + 1))
        st.markdown(f"{said}  \n:gray[{t('goal_answer', score=compact(answer.score, language()), factor=ratio)}]")
        if set(answer.edits) != {"duration"}:
            st.button(
                t("goal_apply"), icon=":material/edit:", key=f"goal-apply-{place}", on_click=_apply,
                args=[brief, answer.edits],
            )  # fmt: skip


def _apply(brief: Brief, edits: Mapping[str, Any]) -> None:
    candidate_form.fill(check_levers.edited(brief, edits))
