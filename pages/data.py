"""Data: bring a market in, follow it every day, see what arrived, go back; and the content of its clips."""

import streamlit as st

from mtaf_core.data.tables import TABLES
from pages.components import (
    cohort,
    data_arrived,
    data_history,
    data_import,
    data_media,
    data_track,
    own_workspace,
    shell,
)
from pages.components.words import language, t

SECTIONS = ("import", "track", "arrived", "history", "media")


def page() -> None:
    """Lay out the page."""
    shell.title("nav_data", t("data_lead"))
    with shell.guarded():
        space = shell.workspace()
        cohort.note("cohort_on_data")
        _counts()
        section = _section()
        with shell.guarded():
            if section == "arrived":
                data_arrived.show(space)
            elif section == "history":
                data_history.show(space)
            elif section == "media":
                data_media.show(space)
            elif section == "track":
                data_track.show(space)
            else:
                data_import.show(space)


def _section() -> str:
    shell.linked("section", SECTIONS, "import")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        section = st.segmented_control(
            t("dview"), SECTIONS, format_func=lambda s: t(f"dview_{s}"), key="section", required=True,
            label_visibility="collapsed", persist_state="session", width="content",
        )  # fmt: skip
        own_workspace.switcher(shell.workspace())
    shell.publish("section", "import")
    return section or "import"


def _counts() -> None:
    """Rows of every table, as one strip."""
    counts = shell.workspace().store.counts()
    number = "font-size:1.25rem;font-weight:600;font-variant-numeric:tabular-nums"
    cells = "".join(
        f'<div><div style="{number}">{counts[name]:,}</div>'
        f'<div style="font-size:.82rem;opacity:.7">{t(f"rows_{name}")}</div></div>'
        for name in ("videos", "uploaders", *(n for n in TABLES if n not in ("videos", "uploaders")))
    )
    st.html(
        '<div class="data-counts" style="display:grid;grid-template-columns:repeat(auto-fit,minmax(8.2rem,1fr));'
        f'gap:.7rem 1.2rem;padding:.2rem 0 .4rem" lang="{language()}">{cells}</div>'
    )


if shell.routed():
    page()
