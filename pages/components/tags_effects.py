"""Hashtags by their effects: the bubbles, and the table behind them page by page."""

import numpy as np
import pandas as pd
import pyarrow as pa
import streamlit as st

from mtaf_core.charts.tags import effects_chart
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.market import Study
from mtaf_core.study.tag_table import ORDERS, Order
from mtaf_core.study.tags import MIN_VIDEOS, MOST, Board, Reading, is_clear
from pages.components import carry, figures, shell, tags_state
from pages.components.words import language, t

ROWS = 25
_FARTHEST = 1_000_000
"""No link names a page beyond it."""
_TOTALS = ("views", "crowding")


def show(study: Study, cohort: Cohort, board: Board, reading: Reading) -> None:
    """The chart and the table."""
    if len(board.tags):
        with st.container(border=True, key="card-bubbles"):
            _bubbles(board, reading)
    else:
        st.info(t("tags_few", least=MIN_VIDEOS), icon=":material/tag:")
    with st.container(border=True, key="card-tags"):
        _table(study, cohort, board, reading)


def has_totals(board: Board) -> bool:
    """Whether the totals (views, users) of any hashtag are known."""
    known: int = board.listing.num_rows - board.listing.column("crowding").null_count
    return known > 0


def _bubbles(board: Board, reading: Reading) -> None:
    effects = board.effects(reading)
    crowding = _crowding(board)
    figure = effects_chart(
        board.names, effects, is_clear(effects), crowding, reading, theme=shell.theme(), lang=language()
    )
    turn = st.session_state.get("tags_turn", 0)
    picked = figures.show(figure, f"tags-effects-{turn}", _chart_rows(board, reading, crowding), select=("points",))
    drawn = int(np.isfinite(crowding).sum()) if has_totals(board) else len(board.tags)
    key = "tags_drawn_most" if len(board.tags) == MOST else "tags_drawn"
    said = {"drawn": f"{len(board.tags):,}", "every": f"{board.listing.num_rows:,}", "least": MIN_VIDEOS}
    note = t(key, **said)
    if not has_totals(board):
        note = f"{t('tags_no_totals')} {note}"
    elif drawn < len(board.tags):
        note += " " + t("tags_some_totals", n=f"{len(board.tags) - drawn:,}")
    st.caption(note)
    if picked["points"]:
        tags_state.open_tag(board.names[_first(picked["points"][0]["customdata"])])
        st.rerun()


def _turn_to(*asked: object) -> None:
    """The page that a person or the link asks for; another question begins on its first."""
    if "tags_asked" not in st.session_state:
        linked = st.query_params.get("page", "")
        st.session_state["tags_page"] = int(linked) if linked.isdecimal() and 0 < int(linked) < _FARTHEST else 1
    elif st.session_state["tags_asked"] != asked:
        st.session_state["tags_page"] = 1
    st.session_state["tags_asked"] = asked


def _table(study: Study, cohort: Cohort, board: Board, reading: Reading) -> None:
    orders = [one for one in ORDERS if one not in _TOTALS or has_totals(board)]
    shell.linked("order", orders, orders[0])
    st.markdown(f"##### {t('tags_table')}", anchors=False)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        find = st.text_input(
            t("tags_find"), key="find", placeholder=t("tags_find_hint"), bind="query-params", width=260, max_chars=100
        )
        order: Order = st.selectbox(
            t("tags_order"), orders, format_func=lambda one: t(f"order_{one}"), key="order", persist_state="session",
            width=220,
        )  # fmt: skip
        shell.publish("order", orders[0])
        place = st.container(width="content")
    _turn_to(study.key, cohort, find, order, reading)
    page = st.session_state["tags_page"]
    found = tags_state.rows(study, cohort, find or "", order, reading, (page - 1) * ROWS, ROWS)
    if page > 1 and not found.rows.num_rows:  # a link from when there were more
        page = st.session_state["tags_page"] = 1
        found = tags_state.rows(study, cohort, find or "", order, reading, 0, ROWS)
    if page == 1:
        st.query_params.pop("page", None)
    else:
        st.query_params["page"] = str(page)
    if not found.found:
        st.info(t("tags_found_none", find=find), icon=":material/search_off:")
        return
    with place:
        _download(board, reading)
    selected = _rows(found.rows, board, reading, f"{page}-{order}-{find}")
    first = (page - 1) * ROWS
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        last = first + found.rows.num_rows
        st.caption(t("tags_found", n=f"{found.found:,}", first=f"{first + 1:,}", last=f"{last:,}"), width="content")
        st.pagination(-(-found.found // ROWS), key="tags_page", persist_state="session")
    names = [found.rows.column("tag_name")[place].as_py() for place in selected]
    with st.container(horizontal=True, vertical_alignment="center"):
        label = t("carry_tags", n=len(names)) if names else t("carry_tag")
        carry.button(label, "carry-tags", names, disabled=not names)
        st.button(
            t("look_closer"), icon=":material/zoom_in:", key="look-closer", disabled=not names,
            on_click=tags_state.open_tag, args=[names[0] if names else ""],
        )  # fmt: skip
        if not names:
            st.caption(t("carry_hint"), width="content")


def _rows(rows: pa.Table, board: Board, reading: Reading, key: str) -> list[int]:
    """Show rows; the places of those ticked."""
    parts = {
        "tag_col_tag": pa.array([f"#{name}" for name in rows.column("tag_name").to_pylist()]),
        "tag_col_videos": rows.column("videos"),
        "tag_col_kols": rows.column("kols"),
        "tag_col_effect": rows.column(f"{reading}_effect"),
        "tag_col_low": rows.column(f"{reading}_low"),
        "tag_col_high": rows.column(f"{reading}_high"),
        "tag_col_clear": rows.column(f"{reading}_clear"),
    }
    if has_totals(board):
        parts |= {"tag_col_views": rows.column("views"), "tag_col_crowding": rows.column("crowding")}
    parts |= {"tag_col_trend": rows.column("trend"), "tag_col_weeks": rows.column("weeks")}
    times = st.column_config.NumberColumn
    config = {
        "tag_col_tag": st.column_config.TextColumn(t("tag_col_tag"), pinned=True, width="medium"),
        "tag_col_effect": times(
            t("tag_col_effect"), format="×%.2f", help=t("tag_help_effect", least=MIN_VIDEOS, most=f"{MOST:,}")
        ),
        "tag_col_low": times(t("tag_col_low"), format="×%.2f"),
        "tag_col_high": times(t("tag_col_high"), format="×%.2f"),
        "tag_col_clear": st.column_config.CheckboxColumn(t("tag_col_clear"), help=t("tag_help_clear"), width="small"),
        "tag_col_views": times(t("tag_col_views"), format="compact", help=t("tag_help_views")),
        "tag_col_crowding": times(t("tag_col_crowding"), format="compact", help=t("tag_help_crowding")),
        "tag_col_trend": times(t("tag_col_trend"), format="×%.2f", help=t("tag_help_trend")),
        "tag_col_weeks": st.column_config.LineChartColumn(t("tag_col_weeks"), help=t("tag_help_weeks"), y_min=0),
    }
    for name in ("tag_col_videos", "tag_col_kols"):
        config[name] = times(t(name), format="localized")
    event = st.dataframe(
        pa.table(parts), hide_index=True, column_config=config, on_select="rerun", selection_mode="multi-row",
        key=f"tags-rows-{key}-{st.session_state.get('tags_turn', 0)}", height=35 * (rows.num_rows + 1) + 3,
        alt=t("tags_table"), placeholder="–",
    )  # fmt: skip
    return list(event["selection"]["rows"])


def _download(board: Board, reading: Reading) -> None:
    from mtaf_core.charts.table_file import csv_file

    st.download_button(
        "CSV", lambda: csv_file(_all_rows(board, reading)), "tags.csv", "text/csv", icon=":material/download:",
        type="tertiary", key="tags-csv", on_click="ignore", help=t("download_rows"),
    )  # fmt: skip


def _all_rows(board: Board, reading: Reading) -> pd.DataFrame:
    """Every hashtag of the cohort with headings, for a spreadsheet."""
    said = board.listing
    return pd.DataFrame(
        {
            t("tag_col_tag"): said.column("tag_name").to_pandas(),
            t("tag_col_videos"): said.column("videos").to_pandas(),
            t("tag_col_effect"): said.column(f"{reading}_effect").to_pandas(),
            t("tag_col_low"): said.column(f"{reading}_low").to_pandas(),
            t("tag_col_high"): said.column(f"{reading}_high").to_pandas(),
            t("tag_col_clear"): said.column(f"{reading}_clear").to_pandas(),
            t("tag_col_views"): said.column("views").to_pandas(),
            t("tag_col_crowding"): said.column("crowding").to_pandas(),
            t("tag_col_trend"): said.column("trend").to_pandas(),
        }
    )


def _chart_rows(board: Board, reading: Reading, crowding: np.ndarray) -> pd.DataFrame:
    effects = board.effects(reading)
    return pd.DataFrame(
        {
            t("tag_col_tag"): board.names,
            t("tag_col_videos"): effects.n.astype(int),
            t("tag_col_kols"): effects.uploaders,
            t("tag_col_effect"): np.exp(effects.effect),
            t("tag_col_low"): np.exp(effects.low),
            t("tag_col_high"): np.exp(effects.high),
            t("tag_col_clear"): is_clear(effects),
            t("tag_col_crowding"): crowding,
        }
    )


def _crowding(board: Board) -> np.ndarray:
    """Views for each person using it, of the hashtags that have effects; NaN unknown."""
    every = np.full(int(max(board.listing.column("tag").to_numpy().max(initial=0), 0)) + 1, np.nan)
    every[board.listing.column("tag").to_numpy()] = board.listing.column("crowding").to_numpy()
    found: np.ndarray = every[board.tags]
    return found


def _first(data: object) -> int:
    """The place that a point of a chart carries; Plotly hands single values over in a list."""
    return int(data[0]) if isinstance(data, list) else int(str(data))
