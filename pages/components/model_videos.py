"""A closer look at the forecasts of one evaluation: against what happened, by group, and over time."""

from typing import Any

import pandas as pd
import streamlit as st

from mtaf_core.charts.fit import fit_chart, reliability_chart, sampled
from mtaf_core.charts.residuals import BY, groups_chart, residuals_chart
from mtaf_core.evaluation import diagnostics
from mtaf_core.evaluation.tables import Headline
from mtaf_core.workspace import Workspace
from pages.components import cohort, measured, shell
from pages.components.words import language, t


def show(space: Workspace, document: dict[str, Any], told: Headline) -> None:
    """Lay out the section."""
    videos = measured.videos(document)
    methods = diagnostics.predicted_methods(videos)
    if videos.empty or not methods:
        st.info(t("no_videos"), icon=":material/inbox:")
        return
    videos = cohort.among(videos)
    if videos.empty:
        st.info(t("cohort_no_test"), icon=":material/filter_alt_off:")
        return
    method = _method(methods, told.method)
    ranged = document["interval"]
    level = ranged.get("level") if ranged.get("of") == method and videos["low"].notna().any() else None
    looks = {"theme": shell.theme(), "lang": language()}
    for left, right in ((_fit, _reliability), (_groups, _time)):
        for place, draw in zip(st.columns(2), (left, right), strict=True):
            with place, st.container(border=True, height="stretch", key=f"card{draw.__name__}".replace("_", "-")):
                draw(videos, method, document, level, looks)
    st.download_button(
        t("download_videos"), lambda: bytes(videos.to_csv(index=False), "utf-8"), f"forecasts-{document['id']}.csv",
        "text/csv", icon=":material/download:", on_click="ignore",
    )  # fmt: skip


def _method(methods: list[str], answering: str) -> str:
    first = answering if answering in methods else methods[-1]
    if st.session_state.get("of") not in (None, *methods):
        del st.session_state["of"]
    shell.linked("of", methods, first)
    method = st.segmented_control(t("of_method"), methods, key="of", required=True, persist_state="session")
    shell.publish("of", first)
    return method or first


def _fit(
    videos: pd.DataFrame, method: str, document: dict[str, Any], level: float | None, looks: dict[str, Any]
) -> None:
    _heading(t("fit_head"))
    shell.chart(fit_chart(videos, method, document["horizon_day"], level=level, **looks), "chart-fit")
    shown, n = len(sampled(videos)), len(videos)
    st.caption(t("fit_all", n=f"{n:,}") if shown == n else t("fit_sample", shown=f"{shown:,}", n=f"{n:,}"))


def _reliability(
    videos: pd.DataFrame, method: str, document: dict[str, Any], level: float | None, looks: dict[str, Any]
) -> None:
    _heading(t("reliability_head"))
    shell.chart(reliability_chart(diagnostics.calibration(videos, method), method, **looks), "chart-reliability")
    st.caption(t("reliability_note"))


def _groups(
    videos: pd.DataFrame, method: str, document: dict[str, Any], level: float | None, looks: dict[str, Any]
) -> None:
    _heading(t("groups_head"))
    shell.linked("by", BY, BY[0])
    by = st.segmented_control(
        t("by"), BY, format_func=lambda b: t(f"by_{b}"), key="by", required=True, persist_state="session",
        label_visibility="collapsed",
    )  # fmt: skip
    shell.publish("by", BY[0])
    by = by or BY[0]
    held = diagnostics.coverage(videos)[f"by_{by}"] if level is not None else []
    shell.chart(groups_chart(diagnostics.errors_by(videos, method, by), held, by, level, **looks), "chart-groups")
    if by == "decile":
        st.caption(t("groups_note_decile"))


def _time(
    videos: pd.DataFrame, method: str, document: dict[str, Any], level: float | None, looks: dict[str, Any]
) -> None:
    _heading(t("time_head"))
    shell.chart(residuals_chart(diagnostics.residuals_over_time(videos, method), **looks), "chart-time")


def _heading(words: str) -> None:
    st.markdown(f"##### {words}", anchors=False)
