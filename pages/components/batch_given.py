"""What a batch is made of: clips and a table on disk, and the settings that all rows have in common."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from mtaf_core.charts.table_file import csv_file
from mtaf_core.data.candidate import Candidate
from mtaf_core.errors import MtafError
from mtaf_core.insight import batch as core
from mtaf_core.limits import MAX_UPLOAD_BYTES
from mtaf_core.workspace import Workspace
from pages.components import candidate_form, shell, uploads
from pages.components.plain_text import plain
from pages.components.uploads import Stored
from pages.components.words import t, told

_CLIPS, _TABLE, _ROUND, _ERRORS = "batch_clips", "batch_table", "batch_round", "batch_errors"


@dataclass(frozen=True)
class Given:
    """A batch that was put together.

    Parameters
    ----------
    clips : tuple of (str, Path)
        Names as the person knows them, and where they are.
    table : Path or None
        In a folder of its own.
    """

    name: str
    clips: tuple[tuple[str, Path], ...]
    table: Path | None
    common: Candidate

    def let_go(self) -> None:
        """Remove the table, whose rows are kept with the batch."""
        if self.table is not None:
            uploads.discard(self.table.parent)


def show(space: Workspace, on_go: Callable[[Workspace, Given], None]) -> None:
    """The uploaders, the common settings, and the button that begins, once there is something to rank.

    Parameters
    ----------
    on_go : callable
        Called before the page runs again.
    """
    files, settings = st.columns([1.6, 1], gap="medium")
    with settings, st.container(border=True, key="card-details"):
        st.markdown(f"##### {t('batch_common')}", anchors=False)
        st.caption(t("batch_common_lead"))
        common = candidate_form.show(space.info.timezone).candidate(space.info.timezone)
    with files, st.container(border=True, key="card-batch-in"):
        st.markdown(f"##### {t('batch_in')}", anchors=False)
        for sentence in st.session_state.pop(_ERRORS, ()):
            st.error(sentence, icon=":material/error:")
        clips = _clips(space)
        table = _table(space)
        name = table.stem if table is not None else t("batch_default", n=len(clips))
        given = Given(name, tuple((one.name, one.path) for one in clips), table, common)
        st.button(
            t("batch_go"), type="primary", icon=":material/format_list_numbered:", key="batch-go",
            disabled=not clips and table is None, on_click=on_go, args=[space, given],
        )  # fmt: skip


def put_away() -> None:
    """Forget what was put together, once it is under way."""
    st.session_state.pop(_CLIPS, None)
    st.session_state.pop(_TABLE, None)


def say(sentence: str) -> None:
    """Show a sentence over the uploaders on the next run."""
    st.session_state.setdefault(_ERRORS, []).append(sentence)


def _clips(space: Workspace) -> list[Stored]:
    turn = st.session_state.get(_ROUND, 0)
    st.file_uploader(
        t("batch_clips"), type=list(uploads.SUFFIXES), accept_multiple_files=True, key=f"batch_clips_{turn}",
        max_upload_size=MAX_UPLOAD_BYTES // 1024**2, on_change=_take_clips, args=[space, f"batch_clips_{turn}"],
        help=t("batch_clips_help", size=uploads.limit_words()),
    )  # fmt: skip
    held: list[Stored] = st.session_state.get(_CLIPS, [])
    clips = [one for one in held if one.path.is_file()]
    if clips:
        size = uploads.size_words(sum(one.path.stat().st_size for one in clips))
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            said = t("batch_chosen_one", size=size) if len(clips) == 1 else t("batch_chosen", n=len(clips), size=size)
            st.markdown(f":material/video_library: {said}", width="content")
            st.button(
                t("batch_clear"), key="batch-clear-clips", icon=":material/close:", type="tertiary",
                on_click=st.session_state.pop, args=[_CLIPS],
            )  # fmt: skip
        st.caption(plain(" · ".join(one.name for one in clips[:12])) + (" …" if len(clips) > 12 else ""))
    return clips


def _table(space: Workspace) -> Path | None:
    turn = st.session_state.get(_ROUND, 0)
    st.file_uploader(
        t("batch_table"), type=[suffix.lstrip(".") for suffix in core.SUFFIXES], key=f"batch_table_{turn}",
        max_upload_size=MAX_UPLOAD_BYTES // 1024**2, on_change=_take_table, args=[space, f"batch_table_{turn}"],
        help=t("batch_table_help"),
    )  # fmt: skip
    held: tuple[Path, list[str], list[str]] | None = st.session_state.get(_TABLE)
    if held is None or not held[0].is_file():
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.caption(t("batch_no_table"), width="content")
            _template()
        return None
    path, read, left = held
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        said = t("batch_reads", name=plain(path.name), columns=plain(", ".join(read)))
        st.markdown(f":material/table: {said}", width="stretch")
        st.button(
            t("batch_clear"), key="batch-clear-table", icon=":material/close:", type="tertiary",
            on_click=_drop_table, args=[path],
        )  # fmt: skip
    if left:
        st.caption(t("batch_leaves", columns=plain(", ".join(left))))
    return path


def _template() -> None:
    st.download_button(
        t("batch_template"), lambda: csv_file(core.template()), "mtaf-batch.csv", "text/csv", key="batch-template",
        icon=":material/download:", type="tertiary", on_click="ignore",
    )  # fmt: skip


def _take_clips(space: Workspace, key: str) -> None:
    """Move uploads to disk before the page runs, one by one; one that cannot be kept stops no other."""
    held: list[Stored] = st.session_state.setdefault(_CLIPS, [])
    for file in uploads.there(key):
        try:
            stored = uploads.receive(file, file.name, space.upload_dir)
        except MtafError as error:
            say(told(error))
        except Exception as error:
            say(t("fault", reference=shell.record(error)))
        else:
            if stored not in held:
                held.append(stored)
        finally:
            uploads.let_go(file)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def _take_table(space: Workspace, key: str) -> None:
    """Move a table to disk and see what it says, before the page runs."""
    file = next(iter(uploads.there(key)), None)
    if file is None:
        return
    folder = space.upload_dir / "data" / secrets.token_hex(8)
    try:
        path = uploads.receive_data([(file, file.name)], folder)[0]
        read, left = core.look(path, folder / "scratch", space.info.timezone)
        st.session_state[_TABLE] = (path, list(read.values()), list(left))
    except MtafError as error:
        uploads.discard(folder)
        say(told(error))
    except Exception as error:
        uploads.discard(folder)
        say(t("fault", reference=shell.record(error)))
    finally:
        uploads.let_go(file)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def _drop_table(path: Path) -> None:
    st.session_state.pop(_TABLE, None)
    uploads.discard(path.parent)
