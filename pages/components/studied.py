"""The market's study as pages ask for it: opened, or made behind the page while it says how far it is."""

import streamlit as st

from mtaf_core.errors import BadInput
from mtaf_core.jobs import Progress
from mtaf_core.study import market
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.market import Study
from mtaf_core.workspace import Workspace
from pages.components import cohort as cohorts
from pages.components import shell, tasks
from pages.components.words import t

KIND = "study"


def opened() -> tuple[Study, Cohort] | None:
    """The study and the cohort that a page is about, said over it; None where there is nothing to show yet.

    A study that is not there is made in the background, which takes seconds for a thousand videos and a minute or two
    for a million, once after every import; meanwhile this says how far it is.
    """
    space = shell.workspace()
    study = market.find(space)
    if study is None:
        _make(space)
        return None
    cohort = cohorts.chips(study)
    return study, cohort


def _make(space: Workspace) -> None:
    if space.store.counts()["videos"] == 0:
        st.info(t("study_empty"), icon=":material/inbox:")
        st.page_link("pages/data.py", label=t("nav_data"), icon=":material/database:")
        return
    job = tasks.jobs().current(KIND)
    if job is None or job.look().state == "done":  # done, and yet not found: the tables have changed since

        def work(progress: Progress) -> str:
            return market.make(space, progress=progress).key

        try:
            job = tasks.jobs().start(KIND, space.info.name, work)
        except BadInput:  # another visitor was first
            job = tasks.jobs().current(KIND)
    if job is None:
        return
    look = job.look()
    if look.state == "running":
        tasks.watch(job, t("job_study"), market.STAGES, t("cancel"), note=t("study_note"))
        return
    if look.state == "failed":
        tasks.failure(look)
    else:
        st.info(t("study_stopped"), icon=":material/cancel:")
    st.button(t("study_again"), icon=":material/refresh:", on_click=tasks.jobs().put_away, args=[KIND])
