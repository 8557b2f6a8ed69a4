"""What an import did, in counts and words, with everything that was left out."""

import csv
import io
import json
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from mtaf_core.data.importers.reasons import Reason
from mtaf_core.data.importers.report import harmless
from mtaf_core.importing import ImportReport
from mtaf_core.workspace import Workspace
from pages.components.words import WORDS, language, t, told

LISTED = 200
"""Rejections that are shown; the file has all."""
SHOWN, REASON = 6, 4
"""Columns of the file that are shown, and which of them is the reason."""


def show(space: Workspace, report: ImportReport, heading: bool = True) -> None:
    """Lay out one report."""
    with st.container(border=True, key="card-report"):
        if heading:
            _heading(report)
        if report.tables:
            st.dataframe(
                _counts(report), hide_index=True, height=38 + 35 * len(report.tables), column_config=_numbers()
            )
        for name, n in report.flags.items():
            known = f"flag_{name}"
            said = t(known, n=f"{n:,}") if known in WORDS else t("flag_other", n=f"{n:,}", name=name)
            st.markdown(f":orange[:material/flag:] {said}")
        for name, columns in report.unused.items():
            shown = ", ".join(f"`{column}`" for column in columns)
            st.caption(t("report_unused", name=name.replace("[", "\\["), columns=shown))
        if report.flags and report.flags_file.is_file():
            _download("flags_csv", report.flags_file.read_bytes, f"flags-{report.number}.csv")
    if report.rejected_rows or report.rejected_values:
        with st.container(border=True, key="card-rejected"):
            _rejected(report)


def _heading(report: ImportReport) -> None:
    if not report.found_rows:
        st.markdown(f"##### :orange[:material/block:] {t('report_none', what=report.what)}", anchors=False)
        return
    if report.commit is None:
        st.markdown(f"##### :gray[:material/check_circle:] {t('report_same', what=report.what)}", anchors=False)
        return
    st.markdown(
        f"##### :green[:material/check_circle:] {t('report_done', what=report.what)} "
        f":gray[· {t('report_version', n=report.commit)}]",
        anchors=False,
    )


def _counts(report: ImportReport) -> pd.DataFrame:
    return pd.DataFrame(
        {
            t("col_table"): [t(f"rows_{name}") for name in report.tables],
            t("col_new"): [counts.new for counts in report.tables.values()],
            t("col_updated"): [counts.updated for counts in report.tables.values()],
            t("col_unchanged"): [counts.unchanged for counts in report.tables.values()],
            t("col_rejected"): [counts.rejected for counts in report.tables.values()],
        }
    )


def _numbers() -> dict[str, ColumnConfig]:
    names = ("col_new", "col_updated", "col_unchanged", "col_rejected")
    return {t(name): st.column_config.NumberColumn(format="localized") for name in names}


def _rejected(report: ImportReport) -> None:
    said = t("rejected_head", rows=f"{report.rejected_rows:,}", values=f"{report.rejected_values:,}")
    st.markdown(f"##### :orange[:material/filter_alt_off:] {said}", anchors=False)
    rows = _first(report.rejected_file)
    if not rows:
        return
    names = ("col_file", "rej_line", "rej_column", "rej_value", "rej_reason", "rej_left")
    table = pd.DataFrame(rows, columns=[t(name) for name in names])
    st.dataframe(table, hide_index=True, height=min(38 + 35 * len(table), 360))
    if report.rejected_rows + report.rejected_values > len(table):
        st.caption(t("rejected_first", n=len(table)))
    _download("rejected_csv", lambda: _translated(report.rejected_file), f"rejected-{report.number}.csv")


def _first(file: Path) -> list[list[str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            return [_in_words(row) for row in islice(csv.reader(stream), 1, LISTED + 1) if len(row) >= SHOWN]
    except OSError:
        return []  # the report outlives a file that was cleared away


def _in_words(row: list[str]) -> list[str]:
    """A line of the file of rejections, its reason in the chosen language."""
    left = {"row": t("left_row"), "value": t("left_value")}
    *where, value, reason, left_out = row[:SHOWN]
    # The file puts an apostrophe before what a spreadsheet would run; nothing is run here.
    as_it_was = value[1:] if value.startswith("'") and harmless(value[1:]) == value else value
    return [*where, as_it_was, _reason(reason, row[SHOWN:]), left.get(left_out, "")]


def _reason(sentence: str, coded: list[str]) -> str:
    """What a code and its values say; the sentence itself where there are none, as in reports of earlier versions."""
    try:
        code, details = coded
        return told(Reason(code, json.loads(details) if details else {}))
    except (ValueError, KeyError, TypeError, AttributeError):
        return sentence


def _translated(file: Path) -> bytes:
    """The file of rejections with its reasons in the chosen language."""
    if language() == "en":
        return file.read_bytes()
    with file.open(encoding="utf-8-sig", newline="") as stream, io.StringIO(newline="") as into:
        lines = csv.reader(stream)
        writer = csv.writer(into)
        writer.writerow(next(lines))
        writer.writerows(
            [*row[:REASON], _reason(row[REASON], row[SHOWN:]), *row[REASON + 1 :]] for row in lines if len(row) >= SHOWN
        )
        return into.getvalue().encode("utf-8-sig")


def _download(label: str, read: Callable[[], bytes], name: str) -> None:
    """A button that reads the file only when it is pressed."""
    st.download_button(t(label), read, name, "text/csv", icon=":material/download:", key=name)
