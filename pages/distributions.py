"""Distributions: the numbers of Table 1 as the paper's Figure 2, one closer, split and brushed; categories as bars."""

import streamlit as st

from mtaf_core.charts.distributions import distribution_chart, shape, title
from mtaf_core.charts.values import column_label
from mtaf_core.charts.words import feature_label, say
from mtaf_core.schema import Release
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.distributions import SOURCES, Distribution
from mtaf_core.study.market import Study
from pages.components import distribution_asked as asked
from pages.components import distribution_category, distribution_one, shell, studied
from pages.components.distribution_one import numbers
from pages.components.words import language, t

COLUMNS = 4
ALL = "all"


def page() -> None:
    """Lay out the page."""
    shell.title("nav_distributions", t("distributions_lead"))
    with shell.guarded():
        if (opened := studied.opened()) is None:
            return
        study, cohort = opened
        shown, log, by = _controls(study)
        if shown == ALL:
            _grid(study, cohort, log)
        elif shown in SOURCES:
            distribution_one.show(study, cohort, shown, log, by)
        else:
            distribution_category.show(study, cohort, shown)


def _controls(study: Study) -> tuple[str, bool, str | None]:
    columns = asked.divided(str(study.path), study.key)
    shown = [ALL, *SOURCES, *columns]
    shell.linked("feature", shown, ALL)
    shell.linked("scale", ("log", "linear"), "log")
    shell.linked("split_by", ("", *columns), "")
    log, by = st.session_state["scale"] != "linear", st.session_state["split_by"]
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        key = st.selectbox(t("show"), shown, format_func=_name, key="feature", persist_state="session", width=320)
        if key == ALL or key in SOURCES:
            scale = st.segmented_control(
                t("scale"), ["log", "linear"], format_func=lambda s: t(f"scale_{s}"), key="scale", required=True,
                persist_state="session",
            )  # fmt: skip
            log = scale != "linear"
        if key in SOURCES:
            by = st.selectbox(
                t("split_by"), ["", *columns], key="split_by", persist_state="session", width=220,
                format_func=lambda column: column_label(column, language()) if column else t("split_none"),
            )  # fmt: skip
        if key != ALL:
            st.button(t("back_to_all"), icon=":material/grid_view:", on_click=_look_at, args=[ALL], type="tertiary")
    for name, default in (("feature", ALL), ("scale", "log"), ("split_by", "")):
        shell.publish(name, default)
    return key, log, by or None


def _grid(study: Study, cohort: Cohort, log: bool) -> None:
    found = asked.all_of(str(study.path), study.key, cohort, tuple(SOURCES), log)
    for release in (Release.BEFORE, Release.AFTER):
        keys = [key for key, source in SOURCES.items() if source.release is release]
        if release is Release.BEFORE:
            st.subheader(t("before_head"), anchor=False)
        else:
            st.subheader(distribution_one.after_head(study), anchor=False)
            st.caption(t("after_lead"))
        drawn = [key for key in keys if found[key].counts.size]
        for start in range(0, len(drawn), COLUMNS):
            for place, key in zip(st.columns(COLUMNS), drawn[start : start + COLUMNS], strict=False):
                with place, st.container(border=True, height="stretch", key=f"card-{key.replace('.', '-')}"):
                    _small(found[key], key)
        if lacking := [key for key in keys if key not in drawn]:
            names = say(language(), "comma").join(_name(key) for key in lacking)
            st.caption(t("not_drawn", names=names))


def _small(found: Distribution, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="top", horizontal_alignment="distribute", gap="small"):
        st.markdown(f"**{title(found, language())}**  \n{shape(found, language())}")
        st.button(
            " ", icon=":material/open_in_full:", key=f"open-{key}", on_click=_look_at, args=[key],
            type="tertiary", help=t("enlarge"), width="content",
        )  # fmt: skip
    shell.chart(distribution_chart(found, theme=shell.theme(), lang=language()), f"chart-{key}", heading=False)
    (mean, centre), (_, spread), (ks, distance) = numbers(found)[:3]
    st.caption(f"{mean} {centre}, {spread if found.log else '± ' + spread} · {ks} {distance}")


def _look_at(key: str) -> None:
    st.session_state["feature"] = key


def _name(key: str) -> str:
    if key == ALL:
        return t("show_all")
    if key not in SOURCES:
        return t("show_category", label=column_label(key, language()))
    source = SOURCES[key]
    label = feature_label(source.feature, language())
    return f"{label} ({say(language(), f'part_{source.part}')})" if source.part else label


if shell.routed():
    page()
