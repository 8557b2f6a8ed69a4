"""One number of Table 1 closer: its histogram, or one a group, its Q–Q plot, and a range to narrow the cohort to."""

import pandas as pd
import streamlit as st

from mtaf_core.charts.distributions import brushed_range, distribution_chart, fitted_counts, natural_edges, zero_place
from mtaf_core.charts.numbers import compact, factor
from mtaf_core.charts.parts import parts_chart
from mtaf_core.charts.quantiles import quantile_chart
from mtaf_core.charts.values import value_label
from mtaf_core.charts.words import say
from mtaf_core.schema import Release
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.distributions import FEW_IN_PART, MOST_PARTS, SOURCES, Distribution, Part, Quantiles
from mtaf_core.study.market import Study
from pages.components import cohort as cohorts
from pages.components import distribution_asked as asked
from pages.components import figures, shell
from pages.components.words import language, t


def show(study: Study, cohort: Cohort, key: str, log: bool, by: str | None) -> None:
    """Lay out one feature."""
    of = str(study.path), study.key, cohort
    found = asked.all_of(*of, (key,), log)[key]
    with st.container(border=True, key="card-large"):
        if found.release is Release.AFTER:
            st.caption(f"{after_head(study)}. {t('after_lead')}")
        if found.unit == "uploader":
            st.caption(t("once_a_kol"))
        if found.counts.size == 0:
            st.info(nothing(found), icon=":material/help:")
            st.page_link("pages/data.py", label=t("nav_data"), icon=":material/database:")
            return
        wide, side = st.columns([3, 2], gap="medium") if by is None else (st.container(), None)
        with wide:
            brushed = (
                _histogram(found, key) if by is None else _parts(found, asked.parts_of(*of, key, log, by), by, key)
            )
        if side is not None:
            with side:
                _quantiles(found, asked.quantiles_of(*of, key, log), key)
        if found.beyond:
            st.caption(t("beyond", n=f"{found.beyond:,}"))
        with st.container(horizontal=True, gap="large"):
            for name, value in numbers(found):
                st.metric(name, value, width="content", help=t("ks_help") if name == t("stat_ks") else None)
    _range(study, cohort, found, key, brushed)


def numbers(found: Distribution) -> list[tuple[str, str]]:
    """What is said of a distribution in numbers, the most telling first."""
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


def after_head(study: Study) -> str:
    """Over features known only after release: of which day they are."""
    if study.about.basis == "latest":
        return t("after_head_latest")
    return t("after_head", day=study.about.horizon_day)


def nothing(found: Distribution) -> str:
    """That nothing but zeros or nothing at all is known, and what to do."""
    if found.zeros:
        return f"{t('stat_zeros')}: {found.zeros:,} · {t('stat_missing')}: {found.missing:,}"
    return f"{t('no_values', unit=say(language(), f'unit_{found.unit}'))} {t('no_values_help')}"


def _histogram(found: Distribution, key: str) -> tuple[float, float] | None:
    lang, edges = language(), natural_edges(found)
    middles = (found.edges[:-1] + found.edges[1:]) / 2
    rows = pd.DataFrame(
        {
            t("col_from"): edges[:-1], t("col_to"): edges[1:], t("col_count"): found.counts,
            t("col_fitted"): fitted_counts(found, middles).round(1) if found.sd > 0 else found.counts,
        }
    )  # fmt: skip
    if found.log and found.zeros:
        zero = dict(zip(rows.columns, (0.0, 0.0, found.zeros, 0.0), strict=True))
        rows = pd.concat([pd.DataFrame([zero]), rows], ignore_index=True)
    figure = distribution_chart(found, large=True, theme=shell.theme(), lang=lang)
    return _brushed(found, figures.show(figure, f"spread-{_plain(key)}", rows, select=("box",)))


def _parts(found: Distribution, parts: tuple[Part, ...], by: str, key: str) -> tuple[float, float] | None:
    lang = language()
    rows = pd.DataFrame(
        {
            t("col_value"): [value_label(by, part.word, lang) for part in parts],
            t("col_count"): [part.n for part in parts],
            t("stat_median"): [part.median for part in parts],
            t("stat_mean" if found.log else "stat_mean_linear"): [
                10.0**part.mean if found.log else part.mean for part in parts
            ],
            t("stat_zeros"): [part.zeros for part in parts],
        }
    )
    figure = parts_chart(found, parts, by, theme=shell.theme(), lang=lang)
    selected = figures.show(figure, f"parts-{_plain(key)}", rows, select=("box",))
    st.caption(t("parts_few", few=FEW_IN_PART, most=MOST_PARTS))
    return _brushed(found, selected)


def _quantiles(found: Distribution, pairs: Quantiles, key: str) -> None:
    natural = (lambda x: 10.0**x) if found.log else (lambda x: x)
    rows = pd.DataFrame(
        {
            t("col_share_below"): pairs.shares, t("col_fitted"): natural(pairs.expected),
            t("col_observed"): natural(pairs.observed),
        }
    )  # fmt: skip
    figures.show(quantile_chart(found, pairs, theme=shell.theme(), lang=language()), f"quantiles-{_plain(key)}", rows)


def _brushed(found: Distribution, selected: dict[str, list[dict[str, list[float]]]]) -> tuple[float, float] | None:
    for box in selected.get("box", []):
        return brushed_range(found, box["x"][0], box["x"][1])
    return None


def _range(study: Study, cohort: Cohort, found: Distribution, key: str, brushed: tuple[float, float] | None) -> None:
    """Two numbers, filled in by the brush, and a button that narrows the cohort to what lies between them."""
    edges, column = natural_edges(found), SOURCES[key].column
    first = zero_place(found) if found.log and found.zeros else float(found.edges[0])
    whole = brushed_range(found, first, float(found.edges[-1])) or (0.0, float(edges[-1]))
    held = next(((one.low, one.high) for one in cohort.ranges if one.column == column), None)
    low_key, high_key = f"range-low-{key}", f"range-high-{key}"
    if brushed is not None and st.session_state.get(f"brushed-{key}") != brushed:
        st.session_state[low_key], st.session_state[high_key] = brushed
        st.session_state[f"brushed-{key}"] = brushed
    for name, value in zip((low_key, high_key), held or whole, strict=True):
        st.session_state.setdefault(name, value)
    form = "%.0f" if float(edges[-1]) >= 1_000 else "%.4g"
    with st.container(border=True, key="card-range"):
        st.markdown(f"**{t('range_head')}**  \n:gray[{t('range_help')}]")
        with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
            low = st.number_input(t("range_low"), min_value=0.0, key=low_key, width=180, format=form)
            high = st.number_input(t("range_high"), min_value=0.0, key=high_key, width=180, format=form)
            if low > high:
                st.caption(t("range_wrong"))
                return
            chosen = cohort.within(column, low, high)
            n = asked.count(str(study.path), study.key, chosen)
            st.button(
                t("make_cohort"), icon=":material/filter_alt:", type="primary", key="make-cohort",
                on_click=cohorts.choose, args=[chosen], disabled=n == 0 or chosen == cohort,
            )  # fmt: skip
            st.markdown(f":gray[{t('range_count', n=f'{n:,}') if n else t('range_none')}]", width="content")


def _plain(key: str) -> str:
    return key.replace(".", "-")
