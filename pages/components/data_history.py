"""Every version of the tables: what each changed, and the way back to it."""

import re
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from mtaf_core import importing
from mtaf_core.errors import MtafError
from mtaf_core.importing import Version
from mtaf_core.workspace import Workspace
from pages.components import data_report
from pages.components.words import WORDS, t, told

_SAID = "history_said"


def show(space: Workspace) -> None:
    """Lay out the section."""
    _say(space)
    versions = list(reversed(importing.history(space)))
    if not versions:
        st.info(t("history_none"), icon=":material/history:")
        return
    with st.container(border=True, key="card-history"):
        st.markdown(f"##### {t('history_head')}", anchors=False)
        numbers = {
            t(n): st.column_config.NumberColumn(format="localized") for n in ("col_new", "col_updated", "col_rejected")
        }
        st.dataframe(
            _table(space, versions),
            hide_index=True,
            height=min(38 + 35 * len(versions), 420),
            column_config=numbers,
            placeholder="–",
        )
        _one(space, versions)


def _table(space: Workspace, versions: list[Version]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            t("col_version"): [f"{v.number} · {t('now')}" if v is versions[0] else str(v.number) for v in versions],
            t("col_when"): [_when(space, v) for v in versions],
            t("col_what"): [_what(v) for v in versions],
            t("col_new"): [_sum(v, "new") for v in versions],
            t("col_updated"): [_sum(v, "updated") for v in versions],
            t("col_rejected"): [v.report.rejected_rows if v.report else None for v in versions],
        }
    )


def _one(space: Workspace, versions: list[Version]) -> None:
    lines = {
        v.number: t("version_line", n=v.number, when=_when(space, v), what=_what(v)) for v in versions
    } | {0: t("version_empty")}  # fmt: skip
    now = versions[0].number
    number = int(st.selectbox(t("pick_version"), list(lines), format_func=lambda n: lines[n], key="version"))
    if number == now:
        st.caption(t("is_current"))
    else:
        if st.button(t("go_back"), icon=":material/undo:", key="go_back"):
            _ask(space, number, now)
    chosen = next((v for v in versions if v.number == number), None)
    if chosen is not None and chosen.report is not None:
        data_report.show(space, chosen.report, heading=False)
    elif chosen is not None:
        st.caption(t("no_report"))


def _ask(space: Workspace, number: int, now: int) -> None:
    @st.dialog(t("go_back"), icon=":material/undo:")
    def sure() -> None:
        st.markdown(t("go_back_sure", n=number, next=now + 1, now=now))
        if st.button(t("go_back_yes"), type="primary", key="go_back_yes", on_click=_go, args=[space, number, now]):
            st.rerun()  # closes the dialog

    sure()


def _go(space: Workspace, number: int, now: int) -> None:
    """Go back to ``number``, and remember how to undo that."""
    try:
        importing.undo(space, number)
    except MtafError as error:
        st.session_state[_SAID] = ("error", told(error), 0)
    else:
        st.session_state[_SAID] = ("went", t("went_back", n=number), now)
        st.session_state.pop("version", None)


def _say(space: Workspace) -> None:
    """How going back went, with a button to undo it for as long as nothing else has changed the tables."""
    kind, sentence, before = st.session_state.get(_SAID, ("", "", 0))
    if kind == "error":
        st.session_state.pop(_SAID)
        st.error(sentence, icon=":material/error:")
    elif kind == "went":
        with st.container(horizontal=True, vertical_alignment="center"):
            st.success(sentence, icon=":material/check:", width=420)
            st.button(
                t("undo_that", n=before), icon=":material/redo:", key="undo_that", on_click=_go,
                args=[space, before, space.store.version],
            )  # fmt: skip


def _what(version: Version) -> str:
    restored = re.fullmatch(r"restore (\d+)", version.what)
    if restored:
        return t("what_restore", n=restored.group(1))
    verb, _, rest = version.what.partition(" ")
    if version.what.startswith("link media "):
        verb, rest = "link", version.what.removeprefix("link media ")
    known = f"what_{verb}"
    return t(known, what=rest) if known in WORDS else version.what


def _when(space: Workspace, version: Version) -> str:
    return f"{version.time.astimezone(ZoneInfo(space.info.timezone)):%Y-%m-%d %H:%M}"


def _sum(version: Version, name: str) -> int | None:
    return sum(getattr(counts, name) for counts in version.report.tables.values()) if version.report else None
