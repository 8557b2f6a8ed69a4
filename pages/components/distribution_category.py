"""One category closer: how many videos have each value, how popular those are, and a value to narrow the cohort to."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from mtaf_core.charts.groups import MOST, groups_chart
from mtaf_core.charts.values import value_label
from mtaf_core.study.cohort import RANGED, Cohort
from mtaf_core.study.market import Study
from mtaf_core.study.popularity import Popularity
from pages.components import cohort as cohorts
from pages.components import distribution_asked as asked
from pages.components import figures, shell
from pages.components.words import language, t

_LISTS = {"tier": "tiers", "category": "categories", "platform": "platforms", "upload_city": "cities"}
_FLAGS = {"video_product": "product", "uploader_verification": "verified"}


def show(study: Study, cohort: Cohort, column: str) -> None:
    """Lay out one category."""
    shell.linked("compare", ("raw", "net"), "raw")
    with st.container(border=True, key="card-groups"):
        compare = st.segmented_control(
            t("adjust"), ["raw", "net"], format_func=lambda way: t(f"adjust_{way}"), key="compare", required=True,
            persist_state="session", help=t("adjust_help"),
        )  # fmt: skip
        shell.publish("compare", "raw")
        found = asked.groups_of(str(study.path), study.key, cohort, column, compare == "net")
        if not found.scored.sum():
            cohorts.nothing_left()
            return
        if len(found.words) < 2:
            st.caption(t("adjust_one"))
        rows = _table(found)
        figures.show(groups_chart(found, theme=shell.theme(), lang=language()), f"groups-{column}", rows)
        if len(found.words) > MOST:
            st.caption(t("groups_more", n=MOST, of=f"{len(found.words):,}"))
        _narrow(cohort, found)
        with st.expander(t("as_table")):
            st.dataframe(rows, hide_index=True, column_config=_columns())


def _table(found: Popularity) -> pd.DataFrame:
    lang, effects = language(), found.effects
    return pd.DataFrame(
        {
            t("col_value"): [value_label(found.column, word, lang) for word in found.words],
            t("col_videos"): found.videos,
            t("col_kols"): found.kols,
            t("col_typical"): found.typical,
            t("col_factor"): np.exp(effects.effect),
            t("col_low"): np.exp(effects.low),
            t("col_high"): np.exp(effects.high),
            t("col_raw"): np.exp(effects.raw),
            t("col_clear"): effects.clear,
        }
    )


def _columns() -> dict[str, Any]:
    factors = ("col_factor", "col_low", "col_high", "col_raw")
    return {
        t("col_value"): st.column_config.TextColumn(pinned=True),
        t("col_typical"): st.column_config.NumberColumn(format="localized"),
        **{t(name): st.column_config.NumberColumn(format="×%.2f") for name in factors},
    }


def _narrow(cohort: Cohort, found: Popularity) -> None:
    """Buttons, a value each, that make the videos with it the cohort; for the few largest."""
    offered = [
        (word, narrowed)
        for word in found.words[:MOST]
        if word is not None and (narrowed := _narrowed(cohort, found.column, word)) not in (None, cohort)
    ]
    if not offered:
        return
    words = dict(offered)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        word = st.selectbox(
            t("pick_group"), list(words), key=f"narrow-{found.column}", width=240,
            format_func=lambda one: value_label(found.column, one, language()),
        )  # fmt: skip
        st.button(
            t("make_cohort"), icon=":material/filter_alt:", key="make-cohort", on_click=cohorts.choose,
            args=[words[word]],
        )  # fmt: skip


def _narrowed(cohort: Cohort, column: str, word: str) -> Cohort | None:
    parts = {name: getattr(cohort, name) for name in cohort.__dataclass_fields__}
    if column in _LISTS:
        return Cohort(**(parts | {_LISTS[column]: (word,)}))
    if column in _FLAGS:
        return Cohort(**(parts | {_FLAGS[column]: bool(float(word))}))
    return cohort.within(column, float(word), float(word)) if column in RANGED else None
