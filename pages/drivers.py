"""What drives popularity: which facts the tree models rely on, by every measure of importance at once."""

import pandas as pd
import streamlit as st

from mtaf_core.charts.importance import LIBRARY, MEASURES, importance_chart, measure_label, ranks, shares
from mtaf_core.charts.words import feature_label, group_label
from mtaf_core.errors import BadBundle
from mtaf_core.schema import FEATURE
from pages.components import shell, studied
from pages.components.words import language, t

TOP = 12


def page() -> None:
    """Lay out the page."""
    shell.title("nav_drivers", t("drivers_lead"))
    with shell.guarded():
        if studied.opened() is None:
            return
        try:
            table = shares(shell.workspace().importance())
        except BadBundle as error:
            st.info(t("no_importance", reason=str(error)), icon=":material/insights:")
            return
        measures, top, grouped, view = _controls(table)
        if not measures:
            st.info(t("pick_measure"))
            return
        with st.container(border=True, key="card-importance"):
            if view == "table":
                _show_table(table, measures, top)
            else:
                _legend(grouped)
                figure = importance_chart(table, measures, top, grouped=grouped, theme=shell.theme(), lang=language())
                with st.container(key="wide"):
                    shell.chart(figure, "importance")
        st.download_button(
            t("download_csv"),
            _csv(table),
            "importance.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        with st.container(border=True, key="card-measures"):
            st.markdown(f"##### {t('measures_head')}", anchors=False)
            st.markdown(t("measures_help"))


def _controls(table: pd.DataFrame) -> tuple[list[str], int, bool, str]:
    shell.linked("view", ("chart", "table"), "chart")
    measures: list[str] = []
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        for library, kinds in MEASURES.items():
            here = [kind for kind in kinds if f"{library}.{kind}" in table.columns]
            picked = st.segmented_control(
                LIBRARY[library],
                here,
                selection_mode="multi",
                default=here,
                format_func=lambda kind: "|SHAP|" if kind == "shap" else kind,
                key=library,
                persist_state="session",
            )
            measures += [f"{library}.{kind}" for kind in here if kind in picked]
        view = st.segmented_control(
            t("view"), ["chart", "table"], format_func=lambda v: t(f"view_{v}"), key="view", required=True,
            persist_state="session",
        )  # fmt: skip
        shell.publish("view", "chart")
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        most = max(len(table), 4)
        top = st.slider(
            t("top_n"), 3, most, min(TOP, most), key="top", bind="query-params", persist_state="session", width=320
        )
        grouped = st.toggle(t("colour_groups"), True, key="groups", bind="query-params", persist_state="session")
    return measures, top, grouped, view or "chart"


def _legend(grouped: bool) -> None:
    if not grouped:
        return
    colours = shell.theme().group
    spots = "".join(
        f'<span style="display:inline-flex;align-items:center;gap:.4rem;margin-right:1.1rem">'
        f'<span style="width:.7rem;height:.7rem;border-radius:.2rem;background:{colour}"></span>'
        f"{group_label(group, language())}</span>"
        for group, colour in colours.items()
    )
    st.html(f'<div style="font-size:.9rem">{spots}</div>')


def _show_table(table: pd.DataFrame, measures: list[str], top: int) -> None:
    ranked = ranks(table)
    order = table[measures].mean(axis=1).sort_values(ascending=False, kind="stable").index[:top]
    shown = pd.DataFrame(
        {
            t("col_feature"): [feature_label(name, language()) for name in order],
            t("col_group"): [group_label(FEATURE[name].group, language()) for name in order],
            t("col_mean"): 100 * table.loc[order, measures].mean(axis=1).to_numpy(),
            **{
                column: values
                for measure in measures
                for column, values in (
                    (measure_label(measure), 100 * table.loc[order, measure].to_numpy()),
                    (f"{measure_label(measure)} {t('col_rank')}", ranked.loc[order, measure].to_numpy()),
                )
            },
        }
    )
    percents = [t("col_mean"), *(measure_label(m) for m in measures)]
    st.dataframe(
        shown,
        hide_index=True,
        height=38 + 35 * len(shown),
        column_config={
            **{
                name: st.column_config.ProgressColumn(
                    name, format="%.1f%%", min_value=0.0, max_value=100 * float(table[measures].to_numpy().max())
                )
                for name in percents
            },
            t("col_feature"): st.column_config.TextColumn(pinned=True),
        },
    )


def _csv(table: pd.DataFrame) -> bytes:
    """Shares and ranks of every feature by every measure."""
    joined = table.join(ranks(table).add_suffix(".rank"))
    joined.insert(0, "group", [FEATURE[name].group.value for name in joined.index])
    return bytes(joined.to_csv(), "utf-8")


if shell.routed():
    page()
