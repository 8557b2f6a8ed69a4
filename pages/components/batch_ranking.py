"""What came of a batch: a chart of the first, the whole ranking, what could not be scored, and a row to take along."""

import base64
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from mtaf_core.charts.numbers import factor, percent, percentile_rank
from mtaf_core.charts.ranking import ranking_chart
from mtaf_core.charts.table_file import csv_file, xlsx_file
from mtaf_core.charts.words import modality_label
from mtaf_core.insight import batch as core
from mtaf_core.insight.batch import Ranking, Scored
from mtaf_core.insight.forecast import LEVEL
from mtaf_core.schema import Modality
from mtaf_core.workspace import Workspace
from pages.components import batch_open, clip_picker, figures, shell
from pages.components.words import language, t, told

DRAWN = 25
PICTURED = 20
"""Rows of the table that show a picture: each is read from its clip."""


def show(space: Workspace, found: Ranking) -> None:
    """Lay out a ranking."""
    if found.scored:
        with st.container(border=True, key="card-batch-chart"):
            _chart(found)
        with st.container(border=True, key="card-batch-table"):
            _table(space, found)
    elif found.unscored:
        st.info(t("batch_nothing_scored"), icon=":material/info:")
    if found.unscored:
        with st.container(border=True, key="card-batch-errors"):
            _errors(found)


def so_far(found: Ranking) -> None:
    """The first of a ranking that is not complete."""
    if found.scored:
        st.dataframe(
            _rows(found.scored)[:DRAWN], hide_index=True, key="batch-so-far", column_config=_columns(), placeholder=""
        )


def called(one: Scored) -> str:
    """What a row is called: its clip, or how its words begin."""
    return one.name or f"“{one.words}”"


def _chart(found: Ranking) -> None:
    first = found.scored[:DRAWN]
    median = float(np.median([one.score for one in found.scored]))
    figure = ranking_chart(
        [called(one) for one in first], [one.score for one in first], [one.low for one in first],
        [one.high for one in first], median, len(found.scored), theme=shell.theme(), lang=language(),
    )  # fmt: skip
    figures.show(figure, "batch-ranking", None)
    notes = [t("batch_ranges", level=percent(LEVEL))]
    if len(found.scored) > DRAWN:
        notes.insert(0, t("batch_shown", n=DRAWN, total=f"{len(found.scored):,}"))
    st.caption(" ".join(notes))


def _table(space: Workspace, found: Ranking) -> None:
    rows = _rows(found.scored)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"##### {t('batch_all')}", anchors=False, width="content")
        with st.container(horizontal=True, width="content"):
            _downloads(found)
    pictures = [_thumbnail(space, one) for one in found.scored[:PICTURED]]
    shown = rows.copy()
    tall = 52 if any(pictures) else 36
    if any(pictures):
        shown.insert(1, t("batch_picture"), pictures + [None] * (len(rows) - len(pictures)))
    event = st.dataframe(
        shown, hide_index=True, key="batch-table", on_select="rerun", selection_mode="single-row",
        column_config=_columns(), row_height=tall, height=min(tall * len(rows) + 42, 640), placeholder="",
    )  # fmt: skip
    picked = event["selection"]["rows"]
    with st.container(horizontal=True, vertical_alignment="center"):
        go = st.button(t("batch_open"), icon=":material/movie:", type="primary", key="batch-open", disabled=not picked)
        if not picked:
            st.caption(t("batch_open_hint"))
    if go and picked:
        batch_open.go(space, found.batch, found.scored[picked[0]])


def _rows(scored: tuple[Scored, ...]) -> pd.DataFrame:
    whys = [_source(one.why, one.factor) for one in scored]
    rows = {
        t("batch_rank"): [one.rank for one in scored],
        t("batch_name"): [called(one) for one in scored],
        t("batch_forecast"): [one.score for one in scored],
        t("batch_low"): [one.low for one in scored],
        t("batch_high"): [one.high for one in scored],
        t("batch_median"): core.against_median(scored),
        t("batch_why"): whys,
        t("batch_apart"): [_source(*one) for one in core.apart(scored)],
        t("batch_percentile"): pd.array(
            [None if one.percentile is None else percentile_rank(one.percentile) for one in scored], dtype="Int64"
        ),
        t("batch_line"): pd.array([one.line for one in scored], dtype="Int64"),
    }
    return pd.DataFrame(rows)


def _source(name: str, times: float) -> str:
    return f"{modality_label(Modality(name), language(), short=True)} {factor(times)}"


def _columns() -> dict[str, Any]:
    numbers = st.column_config.NumberColumn(format="compact", width="small")
    return {
        t("batch_rank"): st.column_config.NumberColumn(pinned=True, width="small"),
        t("batch_name"): st.column_config.TextColumn(width="medium"),
        t("batch_picture"): st.column_config.ImageColumn(width="small"),
        **dict.fromkeys((t("batch_forecast"), t("batch_low"), t("batch_high")), numbers),
        t("batch_median"): st.column_config.NumberColumn(format="×%.2f"),
        t("batch_why"): st.column_config.TextColumn(help=t("batch_why_help")),
        t("batch_apart"): st.column_config.TextColumn(help=t("batch_apart_help")),
        t("batch_percentile"): st.column_config.NumberColumn(width="small", help=t("batch_percentile_help")),
        t("batch_line"): st.column_config.NumberColumn(format="plain", width="small"),
    }


def _thumbnail(space: Workspace, one: Scored) -> str | None:
    """A small picture of a clip as a data address; None where there is none to show."""
    clip = clip_picker.find(space, one.content_hash) if one.form in ("video", "picture") else None
    jpeg = clip_picker.poster(clip.path) if clip is not None else None
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode('ascii')}" if jpeg else None


def _downloads(found: Ranking) -> None:
    rows = _rows(found.scored)
    rows[t("batch_warnings")] = [" ".join(told(said) for said in one.warnings) for one in found.scored]
    for label, make, ending, kind in (
        ("CSV", csv_file, "csv", "text/csv"),
        ("XLSX", xlsx_file, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ):
        st.download_button(
            label, partial(make, rows), f"{found.batch.name}.{ending}", kind, key=f"batch-{ending}",
            icon=":material/download:", type="tertiary", on_click="ignore",
        )  # fmt: skip


def _errors(found: Ranking) -> None:
    n = len(found.unscored)
    rows = pd.DataFrame(
        {
            t("batch_line"): pd.array([one.line for one in found.unscored], dtype="Int64"),
            t("batch_name"): [one.name for one in found.unscored],
            t("batch_column"): [one.problem.column for one in found.unscored],
            t("batch_value"): [one.problem.value for one in found.unscored],
            t("batch_reason"): [told(one.problem.reason) for one in found.unscored],
        }
    )
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        heading = t("batch_errors_one") if n == 1 else t("batch_errors", n=f"{n:,}")
        st.markdown(f"##### {heading}", anchors=False, width="content")
        figures.csv_button(rows, "batch-errors")
    st.dataframe(
        rows, hide_index=True, key="batch-unscored", placeholder="",
        column_config={
            t("batch_line"): st.column_config.NumberColumn(format="plain", width="small"),
            t("batch_reason"): st.column_config.TextColumn(width="large"),
        },
    )  # fmt: skip
