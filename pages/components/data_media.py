"""The content of clips: which videos have it, and the extraction that makes it, as a job."""

import streamlit as st

from mtaf_core.jobs import Progress
from mtaf_core.pipeline import Extraction, extract_market
from mtaf_core.workspace import Workspace
from pages.components import shell, tasks
from pages.components.words import t

KIND = "extract"


def show(space: Workspace) -> None:
    """Lay out the section."""
    job = tasks.jobs().current(KIND)
    if job is not None and job.is_running:
        tasks.watch(job, t("job_extract"), ("extract",), t("stop"))
        return
    with st.container(border=True, key="card-media"):
        st.markdown(f"##### {t('media_head')}", anchors=False)
        st.markdown(t("media_lead"))
        if space.info.simulated:
            st.info(t("media_demo"), icon=":material/check:")
            return
        st.caption(t("media_how", folder=f"`{space.path}`"))
        empty = space.store.counts()["videos"] == 0
        if empty:
            st.info(t("empty_market"), icon=":material/inbox:")
        st.button(
            t("media_go"), type="primary", icon=":material/auto_awesome:", key="extract", disabled=empty,
            on_click=_begin, args=[space],
        )  # fmt: skip
    if job is not None:
        look = job.look()
        if look.state == "done":
            _done(job.result)
        elif look.state == "stopped":
            st.info(t("media_stopped"), icon=":material/pause_circle:")
        else:
            tasks.failure(look)


def _begin(space: Workspace) -> None:
    device = shell.forecaster().device

    def work(progress: Progress) -> Extraction:
        return extract_market(space, device=device, progress=progress)

    with shell.guarded():
        tasks.jobs().start(KIND, space.info.name, work)


def _done(result: Extraction) -> None:
    st.success(
        t("media_done", embedded=f"{result.embedded:,}", already=f"{result.already:,}",
          without=f"{result.without_media:,}"),
        icon=":material/check:",
    )  # fmt: skip
    if result.refused:
        first = next(f"{video}: {why}" for video, why in result.refused.items())
        st.warning(t("media_refused", n=f"{len(result.refused):,}", first=first), icon=":material/movie_off:")
