"""The upper half of the page of drivers: every measure on one chart, the rank table, and where they disagree."""

import numpy as np
import pandas as pd
import streamlit as st

from mtaf_core.charts.importance import Line, importance_chart, kind_label, measure_label
from mtaf_core.charts.numbers import factor, ordinal
from mtaf_core.charts.words import feature_label, group_label
from mtaf_core.schema import FEATURE
from mtaf_core.study.disagreement import Disagreement, Why, marked, ranks
from mtaf_core.study.drivers import FEW_SAMPLED, MEASURES, OF_VIDEOS, Effect, Measures
from pages.components import figures, shell
from pages.components.words import WORDS, language, t

CHART = "importance"
TOP = 12
MOST_TOLD = 6
_SHORT = {"xgboost": "XGB", "lightgbm": "LGBM"}


def controls(found: Measures) -> tuple[tuple[str, ...], int, bool, str]:
    """The measures picked, how many features, whether grouped, and the view; all of it in the link."""
    shell.linked("view", ("chart", "table"), "chart")
    measures: list[str] = []
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        for library, kinds in MEASURES.items():
            measures += [f"{library}.{kind}" for kind in _picked(library, list(kinds))]
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        view = st.segmented_control(
            t("view"), ["chart", "table"], format_func=lambda v: t(f"view_{v}"), key="view", required=True,
            persist_state="session",
        )  # fmt: skip
        shell.publish("view", "chart")
        most = max(len(found.shares), 4)
        top = st.slider(
            t("top_n"), 3, most, min(TOP, most), key="top", bind="query-params", persist_state="session", width=300
        )
        grouped = st.toggle(
            t("driver_group_features"), True, key="groups", bind="query-params", persist_state="session"
        )
    return tuple(m for m in measures if m in found.shares.columns), top, grouped, view or "chart"


def _picked(library: str, here: list[str]) -> list[str]:
    """The kinds of one library that are picked: all, until the link or a click says otherwise."""
    if library not in st.session_state:
        asked = st.query_params.get(library)
        st.session_state[library] = here if asked is None else [kind for kind in here if kind in asked.split(",")]
    picked = st.pills(
        {"xgboost": "XGBoost", "lightgbm": "LightGBM"}[library], here, selection_mode="multi",
        format_func=lambda kind: kind_label(kind, language()), key=library, persist_state="session",
        wrap=True,
    )  # fmt: skip
    if list(picked) == here:
        st.query_params.pop(library, None)
    elif st.query_params.get(library) != ",".join(picked):
        st.query_params[library] = ",".join(picked)
    return [kind for kind in here if kind in picked]


def chart(
    found: Measures, measures: tuple[str, ...], drawn: list[Line], grouped: bool, chosen: str, whole: bool
) -> str:
    """Draw the measures, and give the feature whose bar is clicked, or ``""``."""
    notes = {
        m: t("driver_note_n", n=f"{_behind(found, m):,}") if _behind(found, m) else t("driver_note_market")
        for m in measures
    }
    figure = importance_chart(
        found.shares, measures, drawn, low=found.low, high=found.high, ranks=ranks(found.shares), notes=notes,
        chosen=chosen, grouped=grouped, theme=shell.theme(), lang=language(),
    )  # fmt: skip
    with st.container(key="wide"):
        selection = figures.show(figure, CHART, _numbers(found), select=("points",))
    st.caption(
        t(
            "driver_rests_on" if whole else "driver_rests_on_cohort",
            explained=f"{found.explained:,}",
            permuted=f"{found.permuted:,}",
        )
    )
    return clicked(selection)


def clicked(selection: object) -> str:
    """The feature of a selection of the chart, ``""`` where none is."""
    points = selection.get("points", []) if hasattr(selection, "get") else []
    for point in points:
        custom = point.get("customdata")
        if isinstance(custom, list | tuple) and custom and custom[0] in FEATURE:
            return str(custom[0])
    return ""


def missing(found: Measures) -> None:
    """Say which measures a cohort is too small for."""
    for kind in found.missing():
        n = found.explained if kind == "shap" else found.permuted
        st.info(
            t("driver_too_few_sampled", kinds=kind_label(kind, language()), n=f"{n:,}", least=FEW_SAMPLED),
            icon=":material/filter_alt:",
        )


def table(
    found: Measures, measures: tuple[str, ...], top: int, apart: dict[str, Disagreement], effects: dict[str, Effect]
) -> None:
    """Ranks by every measure, with a mark where they are far apart, and why."""
    mean = found.shares[list(measures)].mean(axis=1).sort_values(ascending=False, kind="stable")
    order = [name for name in mean.index if name in apart][:top]
    ranked = ranks(found.shares.loc[list(apart)])
    rows = pd.DataFrame(
        {
            t("driver_col_feature"): [feature_label(name, language()) for name in order],
            t("driver_col_group"): [group_label(FEATURE[name].group, language()) for name in order],
            t("driver_col_mean"): [100 * float(mean[name]) for name in order],
            t("driver_col_effect"): [factor(np.exp(effects[n].log_effect)) if n in effects else "–" for n in order],
            t("driver_col_agree"): [marked(apart[name], len(apart)) for name in order],
            t("driver_col_spread"): [apart[name].spread for name in order],
            **{_short(measure): [int(ranked.loc[name, measure]) for name in order] for measure in measures},
            t("driver_col_why"): [why(apart[name]) if marked(apart[name], len(apart)) else "" for name in order],
        }
    )
    most = float(100 * mean.max()) or 1.0
    st.dataframe(
        rows, hide_index=True, height=38 + 35 * len(rows), key="rank-table",
        column_config={
            t("driver_col_mean"): st.column_config.ProgressColumn(
                format="%.1f%%", min_value=0.0, max_value=most, width=110
            ),
            t("driver_col_feature"): st.column_config.TextColumn(pinned=True, width=130),
            t("driver_col_group"): st.column_config.TextColumn(width=80),
            t("driver_col_effect"): st.column_config.TextColumn(help=t("driver_col_effect_help"), width=70),
            t("driver_col_agree"): st.column_config.CheckboxColumn(width=75),
            t("driver_col_why"): st.column_config.TextColumn(width=420),
            **{_short(measure): st.column_config.NumberColumn(width=78) for measure in measures},
        },
    )  # fmt: skip


def disagreements(found: dict[str, Disagreement], order: list[str]) -> None:
    """The features whose ranks are far apart, the most important first, each with its reason."""
    st.markdown(f"##### {t('driver_disagree_head')}", anchors=False)
    told = [found[name] for name in order if marked(found[name], len(found))]
    if not told:
        st.markdown(t("driver_disagree_none"))
    st.markdown("\n".join(f"- {sentence(one)}" for one in told[:MOST_TOLD]))


def sentence(one: Disagreement) -> str:
    """How a feature's ranks differ, and why."""
    best, worst = (ordinal(one.ranks[measure], language()) for measure in (one.best, one.worst))
    return t(
        "driver_disagree_line", feature=feature_label(one.feature, language()), best=best, worst=worst,
        best_by=measure_label(one.best, language()), worst_by=measure_label(one.worst, language()), why=why(one),
    )  # fmt: skip


def why(one: Disagreement) -> str:
    """The reasons for a disagreement, in sentences."""
    gap = "" if language() == "zh" else " "
    return gap.join(_reason(reason) for reason in one.reasons) or t("driver_why_unknown")


def _reason(reason: Why) -> str:
    said = {name: f"{value:,}" if isinstance(value, int) else value for name, value in reason.values.items()}
    if "other" in said:
        said |= {"other": feature_label(said["other"], language()), "correlation": f"{said['correlation']:.2f}"}
    assert f"driver_why_{reason.code}" in WORDS
    return t(f"driver_why_{reason.code}", **said)


def _behind(found: Measures, measure: str) -> int:
    """Videos of the cohort that a measure rests on; 0 where it belongs to the trees."""
    kind = measure.split(".")[1]
    return {"shap": found.explained, "permutation": found.permuted}[kind] if kind in OF_VIDEOS else 0


def _short(measure: str) -> str:
    library, kind = measure.split(".")
    return f"{_SHORT[library]} {kind_label(kind, language()).replace('total ', 'Σ')}"


def _numbers(found: Measures) -> pd.DataFrame:
    """Every number of the chart: value, share, rank and interval by measure."""
    ranked = ranks(found.shares)
    columns: dict[str, object] = {
        t("driver_col_feature"): [feature_label(name, language()) for name in found.shares.index],
        t("driver_col_group"): [group_label(FEATURE[name].group, language()) for name in found.shares.index],
    }
    for measure in found.shares.columns:
        columns[measure] = found.values[measure].to_numpy()
        columns[f"{measure}.share"] = found.shares[measure].to_numpy()
        if not found.low[measure].isna().all():
            columns[f"{measure}.low"] = found.low[measure].to_numpy()
            columns[f"{measure}.high"] = found.high[measure].to_numpy()
        columns[f"{measure}.rank"] = ranked[measure].to_numpy()
    return pd.DataFrame(columns)
