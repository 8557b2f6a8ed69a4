"""Linking clips to their videos: by the names of files, or by a table; of a folder here, or of what is uploaded."""

import secrets
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from mtaf_core.data.importers.reasons import Reason
from mtaf_core.errors import MtafError
from mtaf_core.jobs import Progress
from mtaf_core.limits import MAX_UPLOAD_BYTES
from mtaf_core.media_links import SUFFIXES, LinkReport, link_media
from mtaf_core.workspace import Workspace
from pages.components import shell, tasks, uploads
from pages.components.server_files import serves_files
from pages.components.words import t, told

KIND = "link"
MEDIA = "media"
"""Folder of a workspace where uploaded clips stay."""
LISTED = 200
_ERROR, _ROUND = "link_error", "link_round"


def show(space: Workspace) -> None:
    """Lay out the card, and how the last linking went."""
    job = tasks.jobs().current(KIND)
    if job is not None and job.is_running:
        tasks.watch(job, t("job_link"), (KIND,), t("cancel"))
        return
    with st.container(border=True, key="card-link"):
        st.markdown(f"##### {t('link_head')}", anchors=False)
        st.markdown(t("link_lead"))
        with st.container(horizontal=True):
            by = st.segmented_control(
                t("link_by"), ("names", "table"), default="names", format_func=lambda b: t(f"link_by_{b}"),
                key="link_by", required=True, persist_state="session", label_visibility="collapsed",
            )  # fmt: skip
            where = _where()
        turn = st.session_state.get(_ROUND, 0)
        if where == "server":
            st.text_input(
                t("link_folder"), placeholder=str(space.path / MEDIA), key="link_folder", persist_state="session"
            )
        else:
            st.file_uploader(
                t("link_upload"), type=[suffix.lstrip(".") for suffix in SUFFIXES], accept_multiple_files=True,
                max_upload_size=MAX_UPLOAD_BYTES // 1024**2, key=f"link_clips_{turn}",
                help=t("link_upload_help", size=uploads.limit_words()),
            )  # fmt: skip
        if by == "table":
            st.file_uploader(t("link_table"), key=f"link_table_{turn}", help=t("link_table_help"))
        st.button(
            t("link_go"), type="primary", icon=":material/link:", key="link", on_click=_begin,
            args=[space, str(where), by == "table", turn],
        )  # fmt: skip
    if sentence := st.session_state.pop(_ERROR, None):
        st.error(sentence, icon=":material/error:")
    elif job is not None:
        look = job.look()
        if look.state == "done":
            _done(job.result)
        elif look.state == "stopped":
            st.info(t("link_stopped"), icon=":material/undo:")
        else:
            tasks.failure(look)


def _where() -> str:
    if not serves_files():
        return "upload"
    chosen = st.segmented_control(
        t("way"), ("server", "upload"), default="server", format_func=lambda w: t(f"link_way_{w}"), key="link_way",
        required=True, label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    return str(chosen)


def _begin(space: Workspace, where: str, by_table: bool, turn: int) -> None:
    """Put what was uploaded on disk and start."""
    state = st.session_state
    clips = uploads.there(f"link_clips_{turn}")
    table = next(iter(uploads.there(f"link_table_{turn}")), None) if by_table else None
    typed = (state.get("link_folder") or "").strip()
    tasks.jobs().put_away(KIND)
    missing = "link_no_table" if by_table and not table else "link_no_clips" if where == "upload" and not clips else ""
    missing = missing or ("link_no_folder" if where == "server" and not (typed and serves_files()) else "")
    if missing:
        state[_ERROR] = t(missing)
        return
    scratch = space.upload_dir / "data" / secrets.token_hex(8)
    ours = where == "upload"
    folder = space.path / MEDIA / secrets.token_hex(6) if ours else Path(typed).expanduser()
    try:
        if ours:
            uploads.receive_named(((file, file.name) for file in clips), folder)
        named = uploads.receive_data([(table, table.name)], scratch)[0] if table else None
        tasks.jobs().start(KIND, folder.name, lambda progress: _work(space, folder, named, ours, scratch, progress))
    except MtafError as error:
        state[_ERROR] = told(error)
    except Exception as error:
        state[_ERROR] = t("fault", reference=shell.record(error))
    finally:
        for file in (*clips, *([table] if table else [])):
            uploads.let_go(file)
        state[_ROUND] = turn + 1


def _work(
    space: Workspace, folder: Path, table: Path | None, ours: bool, scratch: Path, progress: Progress
) -> LinkReport:
    report = None
    try:
        report = link_media(space, folder, table, progress)
        return report
    finally:
        uploads.discard(scratch)
        if ours:
            _tidy(folder, report)


def _tidy(folder: Path, report: LinkReport | None) -> None:
    """Remove uploaded clips that belong to no video: nothing would ever find them again."""
    if report is None or not report.linked + report.unchanged:
        uploads.discard(folder)
        return
    for name, _ in report.unmatched:
        clip = folder / name
        if clip.parent == folder:
            clip.unlink(missing_ok=True)


def _done(report: LinkReport) -> None:
    said = t("link_done", linked=f"{report.linked:,}", unchanged=f"{report.unchanged:,}")
    said += f" :gray[· {t('report_version', n=report.commit)}]" if report.commit else ""
    st.success(said, icon=":material/link:")
    for heading, found in (("link_unmatched", report.unmatched), ("link_missing", report.missing)):
        if found:
            _list(heading, found)


def _list(heading: str, found: Sequence[tuple[str, Reason]]) -> None:
    st.markdown(f":orange[:material/link_off:] {t(heading, n=f'{len(found):,}')}")
    shown = pd.DataFrame([(what, told(why)) for what, why in found[:LISTED]], columns=[t("col_file"), t("rej_reason")])
    st.dataframe(shown, hide_index=True, height=min(38 + 35 * len(shown), 300))
    if len(found) > LISTED:
        st.caption(t("rejected_first_few", n=LISTED))
