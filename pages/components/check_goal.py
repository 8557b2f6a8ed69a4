"""The way to a goal: the fewest changes to a release that bring its forecast there, or an honest no."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st

from mtaf_core.charts.numbers import compact, factor
from mtaf_core.content.extract import Content
from mtaf_core.insight import guard
from mtaf_core.insight.forecast import Forecast
from mtaf_core.insight.goals import MAX_ASKED, Answer, Field, Found, Rule, search
from mtaf_core.insight.guard import Ranges
from mtaf_core.jobs import Step
from mtaf_core.workspace import Workspace
from pages.components import candidate_form, check_levers, check_rules, shell
from pages.components.candidate_form import Brief
from pages.components.check_ask import Asker
from pages.components.check_levers import Material
from pages.components.check_rules import Rules
from pages.components.words import language, t

TOP = 0.9
"""The goal offered first: to be among the top tenth of the KOL's tier."""
_FOUND = "goal_found"
_SLACK_S = 1e-6
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
    rules: Rules


def show(space: Workspace, content: Content, brief: Brief, forecast: Forecast, stuff: Material) -> None:
    """Lay out the card."""
    st.markdown(f"##### {t('goal_head')}", anchors=False)
    st.markdown(f":gray[{t('goal_lead')}]")
    asked = _controls(space, content, brief, forecast, stuff)
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
            if step.stage == "goal":
                bar.progress(min(step.done / MAX_ASKED, 1.0), t("goal_tried", n=f"{step.done:,}"))
            elif step.stage in ("decode", "audio", "visual"):
                bar.progress(0.0, t("goal_reading"))

        asker = Asker(space, content, brief)
        st.session_state[_FOUND] = (asked, sought(asker, asked, stuff, progress))
        bar.empty()
        stop.empty()
    kept: tuple[Asked, Found] | None = st.session_state.get(_FOUND)
    if kept is not None and kept[0] == asked:
        _answers(kept[1], asked, brief, forecast)


def _controls(space: Workspace, content: Content, brief: Brief, forecast: Forecast, stuff: Material) -> Asked | None:
    offered = check_levers.offered(stuff, check_levers.GOALS)
    held = st.session_state.get("goal_levers")
    if held is not None and not set(held) <= set(offered):  # another clip may have no sound to mute
        st.session_state["goal_levers"] = [lever for lever in held if lever in offered]
    levers = st.pills(
        t("goal_levers"), offered, selection_mode="multi", default=["hour", "weekday", "product"],
        format_func=lambda lever: t(f"lever_{lever}"), key="goal_levers", persist_state="session",
    )  # fmt: skip
    left, right = st.columns(2, gap="medium")
    with left:
        target = _target(forecast)
    with right:
        most = st.slider(t("goal_most"), 1, 4, 3, key="goal_most", persist_state="session")
        sure = st.toggle(t("goal_sure"), False, key="goal_sure", help=t("goal_sure_help"), persist_state="session")
    rules = check_rules.show(space, stuff)
    if target is None:
        return None
    clip = content.clip
    chosen = tuple(lever for lever in offered if lever in levers)
    return Asked(clip.content_hash if clip else "", forecast.bundle, brief, target, sure, chosen, int(most), rules)


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


def sought(asker: Asker, asked: Asked, stuff: Material, progress: Any) -> Found:
    """The answer to a question; every rule holds in all of it."""

    def predict(sets: Sequence[Mapping[str, Any]]) -> np.ndarray:
        able = [check_levers.possible(asked.brief, one, stuff) for one in sets]
        scores = asker.scores([one for one, can in zip(sets, able, strict=True) if can], progress)
        told = np.full(len(sets), np.nan)
        told[able] = scores.low if asked.sure else scores.score
        return told

    fields = [check_levers.field(asked.brief, lever, stuff) for lever in asked.levers]
    if asked.rules.kols is not None:  # not only those of the same size
        fields = [replace(one, values=asked.rules.kols) if one.key == "kol" else one for one in fields]
    rules = [rule(asked, stuff), usual_length(asked.brief, stuff, guard.ranges(shell.workspace()))]
    return search(
        predict, [_inside(asker, one, stuff) for one in fields], asked.target, asked.most, rules, progress=progress
    )


def _inside(asker: Asker, field: Field, stuff: Material) -> Field:
    """A lever without the values that are unlike the market: what is forecast of those is a guess."""
    outside = asker.outside(field.key, field.values, stuff)
    return replace(field, values=tuple(value for place, value in enumerate(field.values) if place not in outside))


def usual_length(brief: Brief, stuff: Material, known: Ranges) -> Rule:
    """Whether what is left of the clip is as long as videos of the market are, or no further from that than now.

    Where a clip begins and how long it lasts are two levers, each of which may be usual where both together are not.
    """
    least, most = known.ends.get("video_duration", (0.0, math.inf))
    now = check_levers.kept_s(brief.take, stuff)
    least, most = min(least, now) - _SLACK_S, max(most, now) + _SLACK_S
    return lambda edits: (
        not stuff.file_s or least <= check_levers.kept_s(check_levers.edited(brief, edits).take, stuff) <= most
    )


def rule(asked: Asked, stuff: Material, followers: check_rules.Followers = check_rules.followers) -> Rule:
    """Whether a set of edits keeps every rule of a question."""
    known: dict[tuple[str | None, tuple[Any, ...]], int | None] = {}

    def counted(brief: Brief) -> int | None:
        who = (brief.uploader_id, brief.typed)
        if who not in known:
            known[who] = followers(brief)
        return known[who]

    return lambda edits: asked.rules.allow(check_levers.edited(asked.brief, edits), counted, stuff)


def _answers(found: Found, asked: Asked, brief: Brief, forecast: Forecast) -> None:
    goal = compact(asked.target, language())
    if found.reached and not found.answers[0].edits:
        st.success(
            t("goal_there", score=compact(forecast.score, language()), goal=goal), icon=":material/check_circle:"
        )
        return
    if found.reached:
        n = len(found.answers[0].edits)
        st.success(t("goal_found_one" if n == 1 else "goal_found", n=n, goal=goal), icon=":material/check_circle:")
    elif not found.answers:
        st.warning(t("goal_no_room"), icon=":material/rule:")
        return
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
        st.button(
            t("goal_apply"), icon=":material/edit:", key=f"goal-apply-{place}", on_click=_apply,
            args=[brief, answer.edits],
        )  # fmt: skip


def _apply(brief: Brief, edits: Mapping[str, Any]) -> None:
    candidate_form.fill(check_levers.edited(brief, edits))
