"""Rank many clips: clips and a table go in, one ranking comes out, kept and found again by its address."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from mtaf_core.errors import MtafError
from mtaf_core.insight import batch as core
from mtaf_core.insight.batch import Batch
from mtaf_core.workspace import Workspace
from pages.components import batch_given, batch_job, batch_ranking, shell, tasks
from pages.components.plain_text import plain
from pages.components.words import t, told

LINK = "batch"
LISTED = 30
SO_FAR_S = 3.0
"""How often the ranking is drawn while it grows."""
ENDING_S = 5.0
"""How long a page waits for a batch of which nothing is kept to end."""


def page() -> None:
    """Lay out the page."""
    shell.title("nav_batch", t("batch_lead", day=shell.horizon_day()))
    with shell.guarded():
        space = shell.workspace()
        asked = st.query_params.get(LINK)
        if asked is not None and _one(space, asked):
            return
        batch_given.show(space, _begin)
        _earlier(space)


def _begin(space: Workspace, given: batch_given.Given) -> None:
    try:
        batch = batch_job.start(space, given)
    except MtafError as error:
        batch_given.say(told(error))
    else:
        st.query_params[LINK] = batch.id
        batch_given.put_away()


def _one(space: Workspace, batch_id: str) -> bool:
    """Show the batch that the address names; whether there is one."""
    job, batch = batch_job.job_of(batch_id), core.find(space, batch_id)
    if job is not None and job.is_running and batch is not None:
        tasks.watch(job, t("batch_job", name=plain(batch.name)), core.STAGES, t("cancel"), note=t("batch_job_note"))
        _growing(space, batch_id)
        return True
    if job is not None and batch is None:
        job.wait(ENDING_S)  # what it kept goes before it has ended
    state = None if job is None else job.look().state
    if job is not None and state == "failed":
        tasks.failure(job.look())
    if batch is None:
        if job is None:
            st.warning(t("batch_gone"), icon=":material/search_off:")
        elif state == "stopped":
            st.info(t("batch_stopped_early"), icon=":material/cancel:")
        st.query_params.pop(LINK, None)
        return False
    _ended(space, batch)
    return True


def _ended(space: Workspace, batch: Batch) -> None:
    found = core.ranking(space, batch)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(width="content", gap=None):
            st.markdown(f"#### {plain(batch.name)}", anchors=False)
            st.caption(
                t("batch_made", scored=f"{len(found.scored):,}", total=f"{batch.total:,}",
                  when=_when(space, batch), bundle=batch.bundle or "–")
            )  # fmt: skip
        with st.container(horizontal=True, width="content"):
            _delete(space, batch)
            st.button(t("batch_new"), icon=":material/add:", key="batch-new", on_click=_leave)
    if batch.state != "done":
        with st.container(horizontal=True, vertical_alignment="center"):
            st.info(
                t("batch_stopped", done=f"{found.done:,}", total=f"{batch.total:,}"), icon=":material/pause_circle:"
            )
            if batch.total:
                st.button(
                    t("batch_go_on"), icon=":material/play_arrow:", type="primary", key="batch-go-on",
                    on_click=_go_on, args=[batch],
                )  # fmt: skip
    if batch.unused:
        st.caption(t("batch_unused", columns=", ".join(batch.unused)))
    batch_ranking.show(space, found)


def _growing(space: Workspace, batch_id: str) -> None:
    @st.fragment(run_every=SO_FAR_S)
    def grow() -> None:
        batch = core.find(space, batch_id)
        if batch is not None:
            batch_ranking.so_far(core.ranking(space, batch))

    grow()


def _earlier(space: Workspace) -> None:
    kept = core.batches(space)[:LISTED]
    if not kept:
        return
    with st.container(border=True, key="card-batch-earlier"):
        st.markdown(f"##### {t('batch_earlier')}", anchors=False)
        for batch in kept:
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                state = t(f"batch_state_{batch.state}")
                said = t("batch_row", when=_when(space, batch), n=f"{batch.total:,}", state=state)
                st.markdown(f"**{plain(batch.name)}**  :gray[{said}]", width="stretch")
                with st.container(horizontal=True, width="content"):
                    st.button(
                        t("batch_see"), key=f"batch-see-{batch.id}", type="tertiary", icon=":material/open_in_new:",
                        on_click=st.query_params.__setitem__, args=[LINK, batch.id],
                    )  # fmt: skip
                    _delete(space, batch)


def _delete(space: Workspace, batch: Batch) -> None:
    with st.popover(t("batch_delete"), icon=":material/delete:", type="tertiary", key=f"batch-drop-{batch.id}"):
        st.caption(t("batch_delete_sure"))
        st.button(
            t("batch_delete"), type="primary", key=f"batch-drop-sure-{batch.id}", on_click=_drop, args=[space, batch]
        )


def _drop(space: Workspace, batch: Batch) -> None:
    job = batch_job.job_of(batch.id)
    if job is not None:
        job.stop()
        job.wait(5.0)
    core.delete(space, batch.id)
    _leave()


def _leave() -> None:
    st.query_params.pop(LINK, None)


def _go_on(batch: Batch) -> None:
    try:
        batch_job.go_on(batch)
    except MtafError as error:
        st.toast(told(error), icon=":material/error:")


def _when(space: Workspace, batch: Batch) -> str:
    moment = datetime.fromisoformat(batch.created_at).astimezone(ZoneInfo(space.info.timezone))
    return f"{moment:%Y-%m-%d %H:%M}"


if shell.routed():
    page()
