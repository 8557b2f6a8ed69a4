"""Following uploaders every day: the list, a dry run, the run itself as a job, and what the last one brought."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from mtaf_core import followed, tracking
from mtaf_core.data.importers.encoding import decoded
from mtaf_core.data.importers.reasons import Refused
from mtaf_core.errors import MtafError
from mtaf_core.jobs import Progress
from mtaf_core.tracking import Plan, TrackReport
from mtaf_core.workspace import Workspace
from pages.components import data_report, own_workspace, tasks, uploads
from pages.components.server_files import serves_files
from pages.components.words import t, told

KIND = "track"
STAGES = ("track", "read", "check", "write")
LISTED = 200
MAX_CHARS = 1_000_000
"""Of a list on the page; `track` takes longer ones."""
_LIST, _ERROR, _PLAN, _ROUND = "track_list", "track_error", "track_plan", "track_round"


def show(space: Workspace) -> None:
    """Lay out the section."""
    if space.info.simulated:
        own_workspace.invite()
        return
    job = tasks.jobs().current(KIND)
    if job is not None and job.is_running:
        tasks.watch(job, t("job_track"), STAGES, t("stop"), note=t("track_note"))
        return
    _form(space)
    if sentence := st.session_state.pop(_ERROR, None):
        st.error(sentence, icon=":material/error:")
    elif planned := st.session_state.get(_PLAN):
        _planned(*planned)
    if job is not None:
        look = job.look()
        if look.state == "stopped":
            st.info(t("track_stopped"), icon=":material/pause_circle:")
        elif look.state == "failed":
            tasks.failure(look)
    last = tracking.last(space)
    if last is not None:
        _report(space, last.report, last.time)


def _form(space: Workspace) -> None:
    ready = tracking.is_installed()
    if _LIST not in st.session_state:
        st.session_state[_LIST] = followed.kept(space)
    with st.container(border=True, key="card-track"):
        st.markdown(f"##### {t('track_head')}", anchors=False)
        st.markdown(t("track_lead"))
        if not ready:
            st.info(t("track_install"), icon=":material/download:")
        whom, how = st.columns([1.9, 1], gap="medium")
        with whom:
            st.text_area(
                t("track_whom"), key=_LIST, height=180, placeholder=t("track_hint"), persist_state="session",
                help=t("track_whom_help", platform=space.info.platform), max_chars=MAX_CHARS,
            )  # fmt: skip
        with how:
            turn = st.session_state.get(_ROUND, 0)
            st.file_uploader(
                t("track_upload"),
                type=["txt", "csv"],
                key=f"track_file_{turn}",
                on_change=_take,
                args=[turn],
                max_upload_size=1,
            )
            with st.container(horizontal=True):
                every = st.number_input(
                    t("track_every"),
                    0.0,
                    3600.0,
                    tracking.EVERY_S,
                    0.5,
                    "%.1f",
                    key="track_every",
                    persist_state="session",
                )
                limit = st.number_input(
                    t("track_limit"), 1, 10_000, tracking.LIMIT, 10, key="track_limit", persist_state="session"
                )
        with st.container(horizontal=True):
            st.button(
                t("track_go"), type="primary", icon=":material/rss_feed:", key="track_go", disabled=not ready,
                on_click=_begin, args=[space, float(every), int(limit)],
            )  # fmt: skip
            st.button(
                t("track_dry"), icon=":material/fact_check:", key="track_dry", on_click=_look_ahead,
                args=[space, float(every), int(limit)],
            )  # fmt: skip


def _take(turn: int) -> None:
    """Put an uploaded list into the field, where it can be read and corrected."""
    file = next(iter(uploads.there(f"track_file_{turn}")), None)
    if file is None:
        return
    try:
        text = decoded(file.getvalue(), file.name)
        if len(text) > MAX_CHARS:
            raise Refused("list_big", where=file.name, mb=1)
        st.session_state[_LIST] = text
    except MtafError as error:
        st.session_state[_ERROR] = told(error)
    finally:
        uploads.let_go(file)
        st.session_state[_ROUND] = turn + 1


def _pages(space: Workspace) -> tuple[str, ...]:
    """Whom the list names; where strangers may use the page, only of sites that are known."""
    pages = followed.listed(st.session_state.get(_LIST) or "", space.info.platform, t("track_the_list"))
    if not serves_files():
        followed.only_known(pages)
    return pages


def _look_ahead(space: Workspace, every: float, limit: int) -> None:
    st.session_state.pop(_PLAN, None)
    tasks.jobs().put_away(KIND)
    try:
        st.session_state[_PLAN] = (tracking.plan(space, _pages(space)), every, limit)
    except MtafError as error:
        st.session_state[_ERROR] = told(error)


def _begin(space: Workspace, every: float, limit: int) -> None:
    st.session_state.pop(_PLAN, None)
    try:
        pages = _pages(space)
        followed.keep(space, st.session_state[_LIST])

        def work(progress: Progress) -> TrackReport:
            return tracking.track(space, pages, every, limit, progress)

        tasks.jobs().start(KIND, space.info.name, work)
    except MtafError as error:
        st.session_state[_ERROR] = told(error)


def _planned(plan: Plan, every: float, limit: int) -> None:
    with st.container(border=True, key="card-plan"):
        st.markdown(f"##### {t('plan_head', n=f'{len(plan.due):,}', limit=f'{limit:,}')}", anchors=False)
        said = [t("plan_done", n=f"{len(plan.done):,}"), t("plan_nothing")]
        if plan.waiting:
            said.insert(1, t("plan_waiting", n=f"{plan.waiting:,}"))
        if plan.due and every:
            least, most = len(plan.due) * every, len(plan.due) * (1 + limit) * every
            said.insert(0, t("plan_time", least=tasks.clock(least), most=tasks.clock(most)))
        st.markdown(" ".join(said))
        rows = [(page, t("plan_due")) for page in plan.due] + [(page, t("plan_today")) for page in plan.done]
        shown = pd.DataFrame(rows[:LISTED], columns=[t("plan_page"), t("plan_state")])
        st.dataframe(shown, hide_index=True, height=min(38 + 35 * len(shown), 300))
        if len(rows) > LISTED:
            st.caption(t("rejected_first_few", n=LISTED))


def _report(space: Workspace, report: TrackReport, time: datetime) -> None:
    """What the last run brought."""
    when = f"{time.astimezone(ZoneInfo(space.info.timezone)):%Y-%m-%d %H:%M}"
    with st.container(border=True, key="card-tracked"):
        st.markdown(f"##### {t('tracked_head', when=when)}", anchors=False)
        videos = sum(report.fetched.values())
        st.markdown(t("tracked", n=f"{len(report.fetched):,}", videos=f"{videos:,}", done=f"{len(report.done):,}"))
        if report.report is None:
            st.caption(t("tracked_nothing"))
        if report.failed:
            st.markdown(f":orange[:material/flag:] {t('tracked_failed', n=f'{len(report.failed):,}')}")
            shown = pd.DataFrame(list(report.failed.items())[:LISTED], columns=[t("plan_page"), t("rej_reason")])
            st.dataframe(shown, hide_index=True, height=min(38 + 35 * len(shown), 240))
    if report.report is not None:
        data_report.show(space, report.report, heading=False)
