"""What drives popularity: the facts the tree models rely on, by every measure at once, and each looked closer at."""

import streamlit as st

from mtaf_core.charts.importance import lines
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.market import Study
from pages.components import cohort as cohorts
from pages.components import drivers_detail, drivers_importance, shell, studied
from pages.components import drivers_study as asked
from pages.components.words import language, t


def page() -> None:
    """Lay out the page."""
    shell.title("nav_drivers", t("drivers_lead"))
    with shell.guarded():
        opened = studied.opened()
        if opened is None:
            return
        study, cohort = opened
        if study.count(cohort)[1] == 0:
            if cohort.is_whole:
                st.info(t("no_importance"), icon=":material/insights:")
                st.page_link("pages/data.py", label=t("nav_data"), icon=":material/database:")
            else:
                cohorts.nothing_left()
            return
        _show(study, cohort)


def _show(study: Study, cohort: Cohort) -> None:
    found = asked.measured(study, cohort)
    measures, top, grouped, view = drivers_importance.controls(found)
    drivers_importance.missing(found)
    if not measures:
        st.info(t("pick_measure"), icon=":material/insights:")
        return
    apart = asked.told_apart(study, cohort, measures)
    mean = found.shares.loc[list(apart), list(measures)].mean(axis=1)
    names = list(mean.sort_values(ascending=False, kind="stable").index) or list(found.shares.index)
    clicked = drivers_importance.clicked(_selection())
    with st.container(border=True, key="card-importance"):
        chosen = drivers_detail.chosen(names, clicked)
        if view == "table":
            drivers_importance.table(found, measures, top, apart, asked.moved(study, cohort))
        else:
            drawn = lines(found.shares, measures, min(top, len(names)), grouped, language())
            drivers_importance.chart(found, measures, drawn, grouped, chosen, cohort.is_whole)
    drivers_detail.show(study, cohort, names, apart)
    with st.container(border=True, key="card-disagree"):
        drivers_importance.disagreements(apart, [name for name in names if name in apart])
        with st.expander(t("measures_head"), icon=":material/help:"):
            st.markdown(t("measures_help"))


def _selection() -> object:
    """What is selected on the chart of importance, known before it is drawn."""
    state = st.session_state.get(drivers_importance.CHART)
    return state.get("selection", {}) if state is not None else {}


if shell.routed():
    page()
