"""KOLs: who gets more than an audience of that size explains, what is behind it, and who is really better than whom."""

import streamlit as st

from pages.components import cohort as cohorts
from pages.components import kols_compare, kols_profile, kols_state, kols_table, shell, studied
from pages.components.words import t


def page() -> None:
    """Lay out the page: a comparison, a profile, or the table, as the link says."""
    shell.title("nav_kols", t("kols_lead"))
    with shell.guarded():
        found = studied.opened()
        if found is None:
            return
        study, cohort = found
        if study.count(cohort)[1] == 0:
            cohorts.nothing_left()
            return
        if keys := kols_state.compared():
            kols_compare.show(study, cohort, keys)
        elif key := st.query_params.get(kols_state.KOL):
            kols_profile.show(study, cohort, key)
        else:
            kols_table.show(study, cohort)


if shell.routed():
    page()
