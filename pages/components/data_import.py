"""Importing: choose files, see what they are, correct how they are read, watch them go in, read what it did."""

import secrets
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from mtaf_core import importing
from mtaf_core.background import Job
from mtaf_core.data.importers import recognise
from mtaf_core.data.importers.mapping import Mapping
from mtaf_core.errors import MtafError
from mtaf_core.importing import Vectors
from mtaf_core.insight import coverage, incoming
from mtaf_core.insight.incoming import Found, Incoming
from mtaf_core.jobs import Progress, Step
from mtaf_core.limits import MAX_UPLOAD_BYTES
from mtaf_core.workspace import Workspace
from pages.components import data_mapping, data_report, own_workspace, shell, tasks, uploads
from pages.components.server_files import serves_files
from pages.components.words import t, told

KIND = "import"
STAGES = ("read", "check", "write", "count")
MODALITIES = ("text", "audio", "visual")

_STAGED, _ERROR, _ROUND, _LOOKED = "staged", "import_error", "data_round", "looked"


@dataclass(frozen=True)
class Staged:
    """Files chosen for import: where they are, and the folder to remove afterwards where they were uploaded."""

    paths: tuple[str, ...]
    folder: Path | None = None


@dataclass(frozen=True)
class Choice:
    """How files are to be imported."""

    format: str
    mapping: Mapping | None = None
    platform: str | None = None
    collected_at: datetime | None = None
    vectors: Vectors | None = None


def show(space: Workspace) -> None:
    """Lay out the section."""
    if space.info.simulated:
        own_workspace.invite()
        return
    job = tasks.jobs().current(KIND)
    if job is not None and job.is_running:
        tasks.watch(job, t("job_import", title=job.title), STAGES, t("cancel"))
        return
    if job is not None and _ended(space, job):
        return
    if sentence := st.session_state.pop(_ERROR, None):
        st.error(sentence, icon=":material/error:")
    staged: Staged | None = st.session_state.get(_STAGED)
    if staged is None:
        _choose(space)
    else:
        _confirm(space, staged)


def _ended(space: Workspace, job: Job) -> bool:
    """Say how an import ended; whether that is all there is to show."""
    look = job.look()
    if look.state == "done":
        data_report.show(space, job.result)
        with st.container(horizontal=True):
            st.button(t("import_more"), type="primary", icon=":material/add:", on_click=_start_over, args=[True])
            st.button(t("see_arrived"), icon=":material/query_stats:", on_click=_see_arrived)
        return True
    if look.state == "stopped":
        st.info(t("import_stopped"), icon=":material/undo:")
    else:
        tasks.failure(look)
    return False


def _choose(space: Workspace) -> None:
    source, formats = st.columns([1.55, 1], gap="medium")
    with source, st.container(border=True, key="card-import"):
        st.markdown(f"##### {t('import_head')}", anchors=False)
        ways = ["files", "folder", *(["server"] if serves_files() else [])]
        way = st.segmented_control(
            t("way"), ways, default="files", format_func=lambda w: t(f"way_{w}"), key="way", required=True,
            label_visibility="collapsed",
        )  # fmt: skip
        if way == "server":
            st.text_input(t("server_path"), placeholder=t("server_path_hint"), key="server_path")
            st.button(t("server_path_look"), icon=":material/search:", key="server_look", on_click=_take_path)
        else:
            turn = st.session_state.get(_ROUND, 0)
            st.file_uploader(
                t("upload_data"), accept_multiple_files="directory" if way == "folder" else True,
                max_upload_size=MAX_UPLOAD_BYTES // 1024**2, key=f"data_{way}_{turn}", on_change=_take,
                args=[space, f"data_{way}_{turn}"],
                help=t("upload_data_help", size=uploads.limit_words()),
            )  # fmt: skip
    with formats, st.container(border=True, key="card-formats"):
        st.markdown(f"##### {t('formats_head')}", anchors=False)
        st.markdown(t("formats_help"))


def _confirm(space: Workspace, staged: Staged) -> None:
    looked = _looked(space, staged)
    if looked is None:
        return
    with st.container(border=True, key="card-found"):
        size = uploads.size_words(looked.size_bytes)
        heading = t("found_head_one", size=size) if looked.total == 1 else t("found_head", n=looked.total, size=size)
        st.markdown(f"##### {heading}", anchors=False)
        _list(looked)
        format = _format(space, looked)
        platform, collected = _more(space)
        vectors, lacks = _vectors(looked)
    mapping, ready = None, not lacks
    if format == recognise.AUTO and looked.suited:
        format = looked.suited
    elif format in (recognise.AUTO, recognise.TABLE) and looked.only_tables and not looked.has_arrays:
        mapping = data_mapping.show(space, looked.tables, platform or space.info.platform)
        ready = mapping is not None
    with st.container(horizontal=True):
        st.button(
            t("go_import"), type="primary", icon=":material/download:", key="go_import", disabled=not ready,
            on_click=_begin, args=[space, staged, Choice(format, mapping, platform, collected, vectors)],
        )  # fmt: skip
        st.button(t("start_over"), icon=":material/close:", key="start_over", on_click=_start_over)


def _looked(space: Workspace, staged: Staged) -> Incoming | None:
    """What was staged, looked into once a session; None where it is nothing, which is then said."""
    kept = st.session_state.get(_LOOKED)
    if kept is not None and kept[0] == staged:
        found: Incoming = kept[1]
        return found
    try:
        found = incoming.look(space, staged.paths, scratch(space))
    except MtafError as error:
        _start_over()
        st.session_state[_ERROR] = told(error)
        st.rerun()
    st.session_state[_LOOKED] = (staged, found)
    return found


def scratch(space: Workspace) -> Path:
    """Where a copy of what is looked at may lie."""
    return space.upload_dir / "data" / "looked"


def _list(looked: Incoming) -> None:
    shown = pd.DataFrame(
        {
            t("col_file"): [one.document.name for one in looked.found],
            t("col_is"): [_kind(one) for one in looked.found],
            t("col_size"): [uploads.size_words(one.document.size) for one in looked.found],
        }
    )
    st.dataframe(shown, hide_index=True, height=min(38 + 35 * len(shown), 300))
    if looked.total > len(shown):
        st.caption(t("found_more", n=f"{looked.total - len(shown):,}"))


def _kind(one: Found) -> str:
    if not one.format:
        return t("kind_unknown", reason=told(one.problem) if one.problem else "")
    names = {recognise.TABLE: "kind_csv", recognise.ARRAYS: "kind_arrays", recognise.AUTO: "kind_auto"}
    return t(names[one.format]) if one.format in names else one.format


def _format(space: Workspace, looked: Incoming) -> str:
    mappings = incoming.saved(space)

    def name(option: str) -> str:
        if option == recognise.AUTO:
            return t("format_suited", name=looked.suited) if looked.suited else t("format_auto")
        if option == recognise.TABLE:
            return t("format_table")
        return t("format_mapping", name=option) if option in mappings else option

    options = [recognise.AUTO, *recognise.JSON_FORMATS, recognise.TABLE, *mappings]
    return str(st.selectbox(t("format"), options, format_func=name, key="format", width=420))


def _more(space: Workspace) -> tuple[str | None, datetime | None]:
    with st.expander(t("more_options")), st.container(horizontal=True):
        platform = st.selectbox(
            t("opt_platform"), own_workspace.PLATFORMS, index=None, placeholder=t("opt_platform_hint"),
            accept_new_options=True, key="opt_platform", width=220,
        )  # fmt: skip
        day = st.date_input(t("opt_collected"), None, help=t("opt_collected_help"), key="opt_collected", width=220)
    moment = datetime.combine(day, time(12), ZoneInfo(space.info.timezone)) if day else None
    return (platform.strip() or None) if platform else None, moment


def _vectors(looked: Incoming) -> tuple[Vectors | None, bool]:
    """What precomputed features are, and whether that is still to be said."""
    if not looked.has_arrays:
        return None, False
    with st.container(horizontal=True):
        modality = st.selectbox(
            t("opt_modality"), MODALITIES, format_func=lambda m: t(f"modality_{m}"), key="opt_modality", width=220
        )
        backbone = st.text_input(
            t("opt_backbone"), placeholder=t("opt_backbone_hint"), max_chars=60, key="opt_backbone", width=220
        ).strip()
    if not backbone:
        st.caption(f":orange[{t('arrays_need')}]")
        return None, True
    return Vectors(str(modality), backbone), False


def _take(space: Workspace, key: str) -> None:
    """Move uploads to disk before the page runs, and give the uploader a new key."""
    files = uploads.there(key)
    if not files:
        return
    folder = space.upload_dir / "data" / secrets.token_hex(8)
    try:
        kept = uploads.receive_data(((file, file.name) for file in files), folder)
    except MtafError as error:
        st.session_state[_ERROR] = told(error)
    except Exception as error:
        st.session_state[_ERROR] = t("fault", reference=shell.record(error))
    else:
        st.session_state[_STAGED] = Staged(tuple(map(str, kept)), folder)
    finally:
        for file in files:
            uploads.let_go(file)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    tasks.jobs().put_away(KIND)


def _take_path() -> None:
    typed = (st.session_state.get("server_path") or "").strip()
    if typed and serves_files():
        st.session_state[_STAGED] = Staged((str(Path(typed).expanduser()),))
        tasks.jobs().put_away(KIND)


def _begin(space: Workspace, staged: Staged, choice: Choice) -> None:
    title = Path(staged.paths[0]).name + (f" + {len(staged.paths) - 1}" if len(staged.paths) > 1 else "")

    def work(progress: Progress) -> importing.ImportReport:
        report = importing.import_paths(
            space, staged.paths, format=recognise.AUTO if choice.mapping else choice.format, mapping=choice.mapping,
            platform=choice.platform, collected_at=choice.collected_at, vectors=choice.vectors, progress=progress,
        )  # fmt: skip
        # It is in now: from here on a stop comes too late, and must not be taken for an import that was undone.
        with_count(space, progress)
        if staged.folder is not None:
            uploads.discard(staged.folder)
        return report

    try:
        tasks.jobs().start(KIND, title, work)
    except MtafError as error:
        st.session_state[_ERROR] = told(error)


def with_count(space: Workspace, progress: Progress) -> None:
    """Count what is known now, that the next page need not; a failure there is none of the import."""
    try:
        progress(Step("count", 0, 1))
        coverage.kept_coverage(space)
    except MtafError:
        return


def _start_over(put_away: bool = True) -> None:
    staged: Staged | None = st.session_state.pop(_STAGED, None)
    st.session_state.pop(_LOOKED, None)
    if staged is not None and staged.folder is not None:
        uploads.discard(staged.folder)
    if put_away:
        tasks.jobs().put_away(KIND)


def _see_arrived() -> None:
    _start_over()
    st.session_state["section"] = "arrived"
