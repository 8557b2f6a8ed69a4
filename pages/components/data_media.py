"""The content of clips: clips linked to videos, and the extraction that makes vectors of them, as a job."""

import streamlit as st

from mtaf_core.background import Look
from mtaf_core.jobs import Progress
from mtaf_core.pipeline import Extraction, extract_market
from mtaf_core.workspace import Workspace
from pages.components import data_link, shell, tasks
from pages.components.words import t

KIND = "extract"


def show(space: Workspace) -> None:
    """Lay out the section."""
    if not space.info.simulated:
        data_link.show(space)
    job = tasks.jobs().current(KIND)
    if job is not None and job.is_running:
        tasks.watch(job, t("job_extract"), (KIND,), t("cancel"), pauses=True, note=t("extract_note"))
        return
    with st.container(border=True, key="card-media"):
        st.markdown(f"##### {t('media_head')}", anchors=False)
        st.markdown(t("media_lead"))
        if space.info.simulated:
            st.info(t("media_demo"), icon=":material/check:")
            return
        empty = space.store.counts()["videos"] == 0
        if empty:
            st.info(t("empty_market"), icon=":material/inbox:")
        st.button(
            t("media_go"), type="primary", icon=":material/auto_awesome:", key="extract", disabled=empty,
            on_click=_begin, args=[space],
        )  # fmt: skip
    if job is not None:
        _ended(job.look(), job.result)


def _begin(space: Workspace) -> None:
    device = shell.forecaster().device

    def work(progress: Progress) -> Extraction:
        return extract_market(space, device=device, progress=progress)

    with shell.guarded():
        tasks.jobs().start(KIND, space.info.name, work)


def _ended(look: Look, result: Extraction | None) -> None:
    if look.state == "done" and result is not None:
        _done(result)
    elif look.state == "stopped":
        done, total = (look.step.done, look.step.total) if look.step else (0, 0)
        said = t("media_stopped", done=f"{done:,}", total=f"{total:,}") if total else t("media_stopped_early")
        st.info(said, icon=":material/cancel:")
    else:
        tasks.failure(look)


def _done(result: Extraction) -> None:
    st.success(
        t("media_done", embedded=f"{result.embedded:,}", already=f"{result.already:,}",
          without=f"{result.without_media:,}"),
        icon=":material/check:",
    )  # fmt: skip
    if result.refused:
        first = next(f"{video}: {why}" for video, why in result.refused.items())
        st.warning(t("media_refused", n=f"{len(result.refused):,}", first=first), icon=":material/movie_off:")
