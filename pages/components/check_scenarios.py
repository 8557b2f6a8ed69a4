"""Scenarios: those saved in this workspace, to be opened, kept in order, and compared."""

import streamlit as st

from mtaf_core.charts.numbers import compact
from mtaf_core.insight import scenarios
from mtaf_core.insight.scenarios import Scenario
from mtaf_core.workspace import Workspace
from pages.components import check_link, scenario_compare, scenario_edits, shell
from pages.components.plain_text import plain
from pages.components.scenario_edits import MOST_COMPARED
from pages.components.words import language, t

LISTED = 20
"""Scenarios listed at once; others are found by name."""


def show(space: Workspace, comparing: bool = True) -> None:
    """Lay out the section.

    Parameters
    ----------
    comparing : bool, default True
        Whether scenarios are compared, which reads their clips; else they are only listed.
    """
    every = scenarios.scenarios(space)
    with st.container(border=True, key="card-scenarios"):
        st.markdown(f"##### {t('scenario_head')}", anchors=False)
        scenario_edits.undo_row(space)
        if not every:
            scenario_edits.compared(space)  # says what a link names and is not there
            st.info(t("scenario_none"), icon=":material/bookmarks:")
            scenario_edits.publish(None)
            return
        st.markdown(f":gray[{t('scenario_lead', most=MOST_COMPARED)}]")
        compared = scenario_edits.compared(space)
        for one in _listed(every):
            _line(space, one, one.id in compared if comparing else None)
        if not comparing:
            st.button(
                t("scenario_compare_them"), icon=":material/compare_arrows:", key="scenario-compare",
                on_click=st.session_state.__setitem__, args=["see", "scenarios"],
            )  # fmt: skip
            return
    scenario_edits.publish(compared)
    if not compared:
        st.info(t("scenario_few"), icon=":material/compare_arrows:")
        return
    by_id = {one.id: one for one in every}
    with shell.guarded():
        scenario_compare.show(space, [by_id[one] for one in compared])


def _listed(every: tuple[Scenario, ...]) -> list[Scenario]:
    if len(every) <= LISTED:
        return list(every)
    named = st.text_input(t("scenario_find"), key="scenario_find", persist_state="session") or ""
    found = [one for one in every if named.strip().lower() in one.name.lower()]
    st.caption(t("scenario_more", n=len(every), shown=min(len(found), LISTED)))
    return found[:LISTED]


def _line(space: Workspace, one: Scenario, is_compared: bool | None) -> None:
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=f"scenario-{one.id}", wrap=False
    ):  # fmt: skip
        if is_compared is not None:
            _box(space, one, is_compared)
        with st.container(gap=None):
            st.markdown(f"**{plain(one.name)}**")
            st.caption(_told(one))
        st.button(
            "", icon=":material/keep:" if not one.pinned else ":material/keep_off:", key=f"scenario-pin-{one.id}",
            help=t("scenario_unpin" if one.pinned else "scenario_pin"), type="tertiary", width="content",
            on_click=scenario_edits.pin, args=[space, one.id, not one.pinned],
        )  # fmt: skip
        st.button(
            t("scenario_open"), key=f"scenario-open-{one.id}", width="content",
            help=t("scenario_open_help"), on_click=check_link.opened, args=[space, one],
        )  # fmt: skip
        _manage(space, one)


def _box(space: Workspace, one: Scenario, is_compared: bool) -> None:
    box = f"scenario_box_{one.id}"
    st.session_state[box] = is_compared
    st.checkbox(
        t("scenario_compare"), key=box, label_visibility="collapsed", on_change=scenario_edits.choose,
        args=[space, one.id, box], width="content",
    )  # fmt: skip


def _told(one: Scenario) -> str:
    score, low, high = (compact(value, language()) for value in (one.score, one.low, one.high))
    return t("scenario_line", score=score, low=low, high=high, clip=plain(one.clip), day=one.made_at[:10])


def _manage(space: Workspace, one: Scenario) -> None:
    with st.popover(
        "", icon=":material/more_horiz:", key=f"scenario-more-{one.id}", on_change="rerun", type="tertiary",
        help=t("scenario_manage"), width="content",
    ) as popover:  # fmt: skip
        if not popover.open:
            return
        name = f"scenario_rename_{one.id}"
        st.text_input(t("scenario_name"), value=one.name, key=name, max_chars=scenarios.MAX_NAME_CHARS)
        with st.container(horizontal=True):
            st.button(
                t("scenario_rename"), icon=":material/check:", key=f"scenario-rename-{one.id}",
                on_click=scenario_edits.rename, args=[space, one.id, name],
            )  # fmt: skip
            st.button(
                t("scenario_delete"), icon=":material/delete:", key=f"scenario-delete-{one.id}",
                on_click=scenario_edits.remove, args=[space, one.id],
            )  # fmt: skip
        st.caption(t("scenario_link"))
        base = (st.context.url or "").split("?")[0]
        st.code(f"{base}?scenario={one.id}", language=None)
