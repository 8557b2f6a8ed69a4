"""Scenarios on the page: save one, rename, pin or delete one, take a deletion back, and choose which are compared."""

from collections.abc import Callable

import streamlit as st

from mtaf_core.errors import MtafError
from mtaf_core.insight import scenarios
from mtaf_core.insight.forecast import Forecast
from mtaf_core.insight.scenarios import Scenario
from mtaf_core.workspace import Workspace
from pages.components import brief_text, brief_words, check_link, notices, shell
from pages.components.candidate_form import Brief
from pages.components.plain_text import plain
from pages.components.words import t, told

MOST_COMPARED = 6
LINK = "compare"
_COMPARED, _REMOVED, _SAVING = "scenarios_compared", "scenario_removed", "scenario-save"


def save_button(space: Workspace, brief: Brief, clip: str, forecast: Forecast, first: Brief) -> None:
    """A button to keep what is on the page by a name; the name offered says what was changed."""
    offered = brief_words.what_changed(brief, first)
    with st.popover(
        t("scenario_save"),
        icon=":material/bookmark_add:",
        key=_SAVING,
        on_change="rerun",
        help=t("scenario_saved_help"),
    ) as popover:
        if not popover.open:
            return
        # A changed form is another widget, so that the name offered follows; what was typed for another form is gone.
        key = f"scenario_name_{abs(hash((brief, first)))}"
        st.text_input(t("scenario_name"), value=offered, key=key, max_chars=scenarios.MAX_NAME_CHARS)
        st.button(
            t("scenario_save_go"), type="primary", icon=":material/check:", key="scenario-save-go",
            on_click=_save, args=[space, key, offered, brief, clip, forecast],
        )  # fmt: skip


def compared(space: Workspace) -> list[str]:
    """The ids that are compared: those of the address on the first run, else the first few there are."""
    every = [one.id for one in scenarios.scenarios(space)]
    if _COMPARED not in st.session_state:
        asked = st.query_params.get(LINK)
        chosen = every if asked is None else [one for one in dict.fromkeys(asked.split(",")) if one]
        if asked is not None and (gone := len(set(chosen) - set(every))):
            notices.say(t("link_compare_gone", n=gone))
        st.session_state[_COMPARED] = [one for one in chosen if one in every][:MOST_COMPARED]
    held: list[str] = st.session_state[_COMPARED]
    return [one for one in held if one in every]


def publish(ids: list[str] | None) -> None:
    """Keep the address in step with what is compared; None where no comparison is shown."""
    said = ",".join(ids or ())
    if not said:
        st.query_params.pop(LINK, None)
    elif st.query_params.get(LINK) != said:
        st.query_params[LINK] = said


def choose(space: Workspace, scenario_id: str, widget: str) -> None:
    """Compare a scenario or not, as its box says; more than `MOST_COMPARED` are refused. From a callback."""
    held = [one for one in compared(space) if one != scenario_id]
    if st.session_state[widget] and len(held) >= MOST_COMPARED:
        notices.say(t("scenario_full", most=MOST_COMPARED))
    elif st.session_state[widget]:
        held.append(scenario_id)
    st.session_state[_COMPARED] = held


def rename(space: Workspace, scenario_id: str, widget: str) -> None:
    """Call a scenario what was typed. From a callback."""
    name = st.session_state.get(widget) or ""
    if not name.strip():
        notices.say(t("scenario_name_needed"))
        return
    _try(lambda: scenarios.rename(space, scenario_id, name))


def pin(space: Workspace, scenario_id: str, pinned: bool) -> None:
    """Pin a scenario or let it go. From a callback."""
    _try(lambda: scenarios.pin(space, scenario_id, pinned))


def remove(space: Workspace, scenario_id: str) -> None:
    """Delete a scenario; `undo_row` offers it back. From a callback."""
    if (removed := _try(lambda: scenarios.remove(space, scenario_id))) is not None:
        st.session_state[_REMOVED] = (removed, scenario_id in st.session_state.get(_COMPARED, ()))


def undo_row(space: Workspace) -> None:
    """The way back from a deletion."""
    held: tuple[Scenario, bool] | None = st.session_state.get(_REMOVED)
    if held is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="scenario-undo-row"):
        st.markdown(t("scenario_deleted", name=plain(held[0].name)), width="content")
        st.button(
            t("scenario_undo"), icon=":material/undo:", on_click=_restore, args=[space, *held], key="scenario-undo"
        )


def _save(space: Workspace, widget: str, offered: str, brief: Brief, clip: str, forecast: Forecast) -> None:
    name = st.session_state.get(widget, offered) or ""
    if not name.strip():
        notices.say(t("scenario_name_needed"))
        return
    held = compared(space)
    interval = forecast.interval
    made = _try(
        lambda: scenarios.save(
            space, name, brief_text.to_json(brief), clip=clip, bundle=forecast.bundle, score=forecast.score,
            low=interval.low, high=interval.high,
        )
    )  # fmt: skip
    if made is None:
        return
    if len(held) < MOST_COMPARED:
        st.session_state[_COMPARED] = [*held, made.id]
    check_link.keep(made, brief)
    st.session_state[_SAVING] = False
    st.toast(t("scenario_saved", name=plain(made.name)), icon=":material/bookmark_added:")


def _restore(space: Workspace, removed: Scenario, was_compared: bool) -> None:
    if _try(lambda: scenarios.restore(space, removed)) is None:
        return
    st.session_state.pop(_REMOVED, None)
    held = compared(space)
    if was_compared and removed.id not in held and len(held) < MOST_COMPARED:
        st.session_state[_COMPARED] = [*held, removed.id]


def _try(work: Callable[[], Scenario]) -> Scenario | None:
    """Do it; where it cannot be done, the next run says why."""
    try:
        return work()
    except MtafError as error:
        notices.say(told(error))
    except Exception as error:
        notices.say(t("fault", reference=shell.record(error)))
    return None
