"""Distributions: the numeric features of Table 1 on a log scale with a fitted normal, as the paper's Figure 2."""

import streamlit as st

from mtaf_core.charts.distributions import distribution_chart, shape, title
from mtaf_core.charts.numbers import compact, factor
from mtaf_core.charts.words import feature_label, say
from mtaf_core.insight.distributions import SOURCES, Distribution, distribution
from mtaf_core.schema import HORIZON_DAY, Release
from pages.components import shell
from pages.components.words import language, t

COLUMNS = 4


@st.cache_data(max_entries=128, show_spinner=False)
def _measure(path: str, version: int, key: str, log: bool) -> Distribution:
    return distribution(shell.workspace().store, key, log=log)


def page() -> None:
    """Lay out the page."""
    shell.title("nav_distributions", t("distributions_lead"))
    with shell.guarded():
        key, log = _controls()
        if key == "all":
            _grid(log)
        else:
            _large(key, log)


def _controls() -> tuple[str, bool]:
    keys = ["all", *SOURCES]
    shell.linked("feature", keys, "all")
    shell.linked("scale", ("log", "linear"), "log")
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        key = st.selectbox(t("show"), keys, format_func=_name, key="feature", persist_state="session", width=280)
        scale = st.segmented_control(
            t("scale"), ["log", "linear"], format_func=lambda s: t(f"scale_{s}"), key="scale", required=True,
            persist_state="session",
        )  # fmt: skip
    shell.publish("feature", "all")
    shell.publish("scale", "log")
    return key, scale != "linear"


def _grid(log: bool) -> None:
    for release in (Release.BEFORE, Release.AFTER):
        keys = [key for key, source in SOURCES.items() if source.release is release]
        if release is Release.BEFORE:
            st.subheader(t("before_head"), anchor=False)
        else:
            st.subheader(t("after_head", day=HORIZON_DAY), anchor=False)
            st.caption(t("after_lead"))
        for start in range(0, len(keys), COLUMNS):
            for place, key in zip(st.columns(COLUMNS), keys[start : start + COLUMNS], strict=False):
                with place, st.container(border=True, height="stretch", key=f"card-{key.replace('.', '-')}"):
                    _small(_of(key, log), key)


def _small(found: Distribution, key: str) -> None:
    st.markdown(f"**{title(found, language())}**" + (f"  \n{shape(found, language())}" if found.n else ""))
    if found.n == 0:
        st.caption(t("no_rows", unit=say(language(), f"unit_{found.unit}")))
        return
    shell.chart(distribution_chart(found, theme=shell.theme(), lang=language()), f"chart-{key}", heading=False)
    (mean, centre), (_, spread), (ks, distance) = _numbers(found)[:3]
    st.caption(f"{mean} {centre}, {spread if found.log else '± ' + spread} · {ks} {distance}")


def _large(key: str, log: bool) -> None:
    found = _of(key, log)
    with st.container(border=True, key="card-large"):
        if found.release is Release.AFTER:
            st.caption(f"{t('after_head', day=HORIZON_DAY)}. {t('after_lead')}")
        if found.n == 0:
            st.info(t("no_rows", unit=say(language(), f"unit_{found.unit}")))
            return
        shell.chart(distribution_chart(found, large=True, theme=shell.theme(), lang=language()), "large")
        if found.beyond:
            st.caption(t("beyond", n=f"{found.beyond:,}"))
        with st.container(horizontal=True, gap="large"):
            for name, value in _numbers(found):
                st.metric(name, value, width="content", help=t("ks_help") if name == t("stat_ks") else None)


def _numbers(found: Distribution) -> list[tuple[str, str]]:
    lang = language()
    mean = 10.0**found.mean if found.log else found.mean
    spread = t("stat_sd_log", factor=factor(10.0**found.sd)[1:]) if found.log else compact(found.sd, lang)
    counted = say(lang, f"unit_{found.unit}")
    return [
        (t("stat_mean" if found.log else "stat_mean_linear"), compact(mean, lang)),
        (t("stat_sd"), spread),
        (t("stat_ks"), f"{found.ks:.2f}"),
        (t("stat_median"), compact(found.median, lang)),
        (t("stat_zeros"), f"{found.zeros:,}"),
        (t("stat_missing"), f"{found.missing:,}"),
        (counted[0].upper() + counted[1:], f"{found.n:,}"),
    ]


def _of(key: str, log: bool) -> Distribution:
    space = shell.workspace()
    return _measure(str(space.path), space.store.version, key, log)


def _name(key: str) -> str:
    if key == "all":
        return t("show_all")
    source = SOURCES[key]
    label = feature_label(source.feature, language())
    return f"{label} ({say(language(), f'part_{source.part}')})" if source.part else label


if shell.routed():
    page()
