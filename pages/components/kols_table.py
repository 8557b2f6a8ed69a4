"""The table of KOLs: found, ordered and paged by the database, and what is done with the rows that a person ticks."""

import hashlib
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import streamlit as st

from mtaf_core.charts.kols import map_chart
from mtaf_core.charts.table_file import csv_file, xlsx_file
from mtaf_core.study import kols
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.kol_compare import FEWEST_COMPARED, MOST_COMPARED
from mtaf_core.study.kols import PAGE, Question, Table
from mtaf_core.study.market import Study
from pages.components import figures, kols_asked, kols_lists, kols_state, shell
from pages.components.words import language, t

VIEWS = ("table", "map")
MAPPED = 1_000
"""KOLs on the map at most, the first in the order chosen."""
EXPORTED, EXPORTED_XLSX = 100_000, 10_000
"""KOLs in a file at most: a workbook of more takes a minute to write."""
_ROW_PX, _HEAD_PX, _ROWS_SEEN = 35, 38, 16
_SHOWN = (
    "name", "lift", "interval", "clear", "n", "tier", "category", "followers", "follower_trend", "growth", "latest",
    "median", "spread", "explosive", "explosive_n", "pace", "last_post", "er", "er_posts", "fee", "cpm", "cpe",
)  # fmt: skip
_ON_DEMAND = ("lift_raw", "platform", "uploader_id")
_ALWAYS = {"name", "interval", "clear", "n", "lift", "latest", "explosive_n"}


@st.cache_data(max_entries=64, show_spinner=False)
def _asked(_study: Study, _table: Table, key: str, cohort: Cohort, question: Question) -> tuple[pa.Table, int]:
    return kols.ask(_study, _table, question)


@st.cache_data(max_entries=8, show_spinner=False)
def _mapped(_study: Study, _table: Table, key: str, cohort: Cohort, question: Question) -> pa.Table:
    return kols.matching(_study, _table, question, MAPPED)


def show(study: Study, cohort: Cohort) -> None:
    """Lay out the view."""
    table = kols_state.table(study, cohort)
    with st.container(border=True, key="card-kols"):
        question = kols_asked.controls(table)
        rows, total = _asked(study, table, study.key, cohort, question)
        if not total:
            _nothing(question)
            return
        view = _view_and_count(question, total, len(rows))
        if view == "map":
            _map(study, table, cohort, question, total)
        else:
            _table(table, rows, question)
        _foot(study, table, question, total, view)
    with st.expander(t("kols_what"), icon=":material/help:"):
        st.markdown(t("kols_what_help", days=table.window_days, day=table.as_of.isoformat()))


def _view_and_count(question: Question, total: int, shown: int) -> str:
    shell.linked("kols_view", VIEWS, VIEWS[0])
    first = PAGE * (question.page - 1) + 1
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(
            t("kols_shown", first=f"{first:,}", last=f"{first + shown - 1:,}", total=f"{total:,}",
              order=t(f"kol_order_{question.order}"))
            if st.session_state["kols_view"] == "table"
            else t("kols_mapped", n=f"{min(total, MAPPED):,}", total=f"{total:,}"),
            width="content",
        )  # fmt: skip
        view = st.segmented_control(
            t("view"), VIEWS, format_func=lambda v: t(f"kols_view_{v}"), key="kols_view", required=True,
            label_visibility="collapsed", persist_state="session", width="content",
        )  # fmt: skip
    shell.publish("kols_view", VIEWS[0])
    return view or VIEWS[0]


def _nothing(question: Question) -> None:
    st.info(t("kols_none", n=question.fewest), icon=":material/person_search:")
    st.button(t("kols_clear"), icon=":material/filter_alt_off:", on_click=kols_asked.clear, key="kols-clear-empty")


def _table(table: Table, rows: pa.Table, question: Question) -> None:
    keys = rows["key"].to_pylist()
    # Another question, another widget: a tick belongs to the row it was made on.
    stamp = hashlib.sha256(repr(sorted(asdict(question).items())).encode()).hexdigest()[:10]
    widget = f"kols-rows-{stamp}"
    ticked = [keys[i] for i in _ticked(widget) if i < len(keys)]
    _toolbar(ticked, question)
    shown, hidden = _shown(table, rows)
    pressed = f"kols-open-{stamp}"
    st.dataframe(
        shown,
        hide_index=True,
        key=widget,
        on_select="rerun",
        selection_mode="multi-row",
        column_order=[str(name) for name in shown if name not in hidden],
        column_config=_config(pressed, keys),
        height=min(_ROWS_SEEN, len(shown)) * _ROW_PX + _HEAD_PX,
        placeholder="–",
        alt=t("kols_alt", n=len(shown)),
    )


def _ticked(widget: str) -> list[int]:
    state = st.session_state.get(widget)
    return list(state["selection"]["rows"]) if state else []


def _toolbar(ticked: list[str], question: Question) -> None:
    """What can be done with the rows that are ticked; there from the start, so that the table never moves."""
    few = not FEWEST_COMPARED <= len(ticked) <= MOST_COMPARED
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="kols-toolbar"):
        st.button(
            t("kols_open"), icon=":material/person:", disabled=len(ticked) != 1, key="kols-open-one",
            on_click=kols_state.open_kol, args=ticked[:1],
        )  # fmt: skip
        st.button(
            t("kols_compare"), icon=":material/compare_arrows:", disabled=few, key="kols-compare",
            on_click=kols_state.open_compare, args=[ticked], help=t("kols_compare_help", most=MOST_COMPARED),
        )  # fmt: skip
        kols_lists.add_button(ticked, "table")
        if question.keys is not None and (name := kols_asked.chosen_list()):
            st.button(
                t("list_drop"), icon=":material/playlist_remove:", disabled=not ticked, key="list-drop",
                on_click=kols_lists.drop, args=[name, ticked],
            )  # fmt: skip
        st.caption(t("kols_ticked", n=len(ticked)) if ticked else t("kols_tick"), width="content")


def _shown(table: Table, rows: pa.Table) -> tuple[pd.DataFrame, set[str]]:
    """The rows as a person reads them, and the columns that are shown on demand only."""
    raw = rows.to_pandas()
    raw["interval"] = [
        kols_state.as_interval(a, b) for a, b in zip(raw["lift_low"], raw["lift_high"], strict=True)
    ]  # fmt: skip
    raw["clear"] = [{1.0: t("kol_clear_above"), -1.0: t("kol_clear_below")}.get(v, "") for v in raw["lift_clear"]]
    raw["tier"] = raw["tier"].map(kols_state.tier_word)
    raw[["lift", "lift_raw"]] = np.exp(raw[["lift", "lift_raw"]])
    for name in ("growth", "explosive", "er", "er_posts"):
        raw[name] = 100 * raw[name]
    names = [n for n in _SHOWN if n in _ALWAYS or (n == "follower_trend" and _any(raw[n])) or _known(table, n)]
    kept = raw[[*names, *_ON_DEMAND]]
    labels = {name: t(f"kol_col_{name}") for name in kept}
    return kept.rename(columns=labels), {labels[name] for name in _ON_DEMAND}


def _known(table: Table, name: str) -> bool:
    return name in table.rows.column_names and table.has(name)


def _any(column: pd.Series) -> bool:
    return bool(column.notna().any())


def _config(pressed: str, keys: list[str]) -> dict[str, Any]:
    column = st.column_config

    def opened() -> None:
        click = st.session_state.get(pressed)
        if click is not None and click["row"] < len(keys):
            kols_state.open_kol(keys[click["row"]])

    kinds: dict[str, Any] = {
        "name": column.ButtonColumn(type="tertiary", pinned=True, alignment="left", on_click=opened, key=pressed,
                                    width=150, help=t("kol_help_name")),
        "followers": column.NumberColumn(format="compact"),
        "follower_trend": column.LineChartColumn(width=90, help=t("kol_help_follower_trend")),
        "growth": column.NumberColumn(format="%.1f%%", help=t("kol_help_growth")),
        "lift": column.NumberColumn(format="×%.2f", help=t("kol_help_lift")),
        "interval": column.TextColumn(help=t("kol_help_interval")),
        "clear": column.TextColumn(help=t("kol_help_clear")),
        "n": column.NumberColumn(format="localized", help=t("kol_help_n")),
        "lift_raw": column.NumberColumn(format="×%.2f", help=t("kol_help_lift_raw")),
        "median": column.NumberColumn(format="compact", help=t("kol_help_median")),
        "spread": column.NumberColumn(format="÷×%.1f", help=t("kol_help_spread")),
        "latest": column.BarChartColumn(width=110, help=t("kol_help_latest", n=kols.LATEST)),
        "explosive": column.NumberColumn(format="%.0f%%", help=t("kol_help_explosive")),
        "explosive_n": column.NumberColumn(format="localized", help=t("kol_help_explosive_n")),
        "pace": column.NumberColumn(format="%.1f", help=t("kol_help_pace")),
        "last_post": column.DateColumn(format="YYYY-MM-DD"),
        "er": column.NumberColumn(format="%.2f%%", help=t("kol_help_er")),
        "er_posts": column.NumberColumn(format="%.2f%%", help=t("kol_help_er_posts")),
        "fee": column.NumberColumn(format="localized"),
        "cpm": column.NumberColumn(format="%.1f", help=t("kol_help_cpm")),
        "cpe": column.NumberColumn(format="%.3f", help=t("kol_help_cpe")),
    }  # fmt: skip
    return {t(f"kol_col_{name}"): kind for name, kind in kinds.items()}


def _map(study: Study, table: Table, cohort: Cohort, question: Question, total: int) -> None:
    rows = _mapped(study, table, study.key, cohort, question).to_pandas()
    figure = map_chart(rows, kols_state.TIERS, total, theme=shell.theme(), lang=language())
    picked = figures.show(figure, "kol-map", None, select=("points",))
    points = picked["points"]
    if points and points[0].get("customdata"):
        found = points[0]["customdata"]
        kols_state.open_kol(found if isinstance(found, str) else found[0])
        st.rerun()
    st.caption(t("kols_map_note"))


def _foot(study: Study, table: Table, question: Question, total: int, view: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        pages = -(-total // PAGE)
        if view == "table" and pages > 1:
            st.pagination(pages, key=kols_asked.PAGE_KEY)
        with st.container(horizontal=True, gap="small", width="content"):
            for kind, most, made, mime in (
                ("csv", EXPORTED, csv_file, "text/csv"),
                ("xlsx", EXPORTED_XLSX, xlsx_file,
                 "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ):  # fmt: skip
                note = t("kols_file", n=f"{min(total, most):,}", total=f"{total:,}")
                st.download_button(
                    kind.upper(), _file(study, table, question, most, made), f"kols.{kind}", mime, key=f"kols-{kind}",
                    icon=":material/download:", type="tertiary", on_click="ignore", help=note,
                )  # fmt: skip


def _file(study: Study, table: Table, question: Question, most: int, made: Any) -> Any:
    return lambda: made(kols_state.as_file(kols.matching(study, table, question, most)))
