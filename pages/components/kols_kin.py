"""KOLs most like one, with a way to their profiles and to a comparison."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from mtaf_core.study.kol_compare import MOST_COMPARED
from mtaf_core.study.kol_similar import Similar, similar
from mtaf_core.study.kols import Table
from mtaf_core.study.market import Study
from pages.components import kols_state
from pages.components.words import t

LISTED = 10
_WIDGET = "kol-similar"


@st.cache_data(max_entries=32, show_spinner=False)
def _similar(_study: Study, _whole: Table, state: str, key: str) -> list[Similar]:
    return similar(_study, _whole, key, LISTED)


def nearest(study: Study, whole: Table, key: str) -> list[Similar]:
    """The KOLs most like one."""
    return _similar(study, whole, f"{study.path}|{study.key}", key)


def show(study: Study, whole: Table, key: str) -> None:
    """Lay out the list."""
    st.markdown(f"##### {t('kol_similar')}", anchors=False)
    found = nearest(study, whole, key)
    if not found:
        st.caption(t("kol_similar_none"))
        return
    state = st.session_state.get(f"{_WIDGET}-{key}")
    ticked = [found[i].key for i in (state["selection"]["rows"] if state else []) if i < len(found)]
    others = ticked[: MOST_COMPARED - 1] or [one.key for one in found[:2]]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            t("kol_similar_compare") if ticked else t("kol_similar_compare_first"), icon=":material/compare_arrows:",
            on_click=kols_state.open_compare, args=[[key, *others]], key="kol-similar-compare",
        )  # fmt: skip
        st.caption(t("kol_similar_note"), width="content")
    rows = [whole.row(one.key) for one in found]
    known = [row for row in rows if row is not None]
    shared = [one.shared_tags for one in found]
    shown = {
        "name": [row["name"] for row in known],
        "alike": [100 * (1 - one.distance) for one in found],
        "tier": [kols_state.tier_word(row["tier"]) for row in known],
        "category": [row["category"] for row in known],
        "followers": [row["followers"] for row in known],
        "shared_tags": [None if np.isnan(part) else 100 * part for part in shared],
        "duration": [row["duration"] for row in known],
        "median": [row["median"] for row in known],
        "lift": [np.exp(row["lift"]) if kols_state.known(row["lift"]) else None for row in known],
        "interval": [kols_state.as_interval(row["lift_low"], row["lift_high"]) for row in known],
        "n": [row["n"] for row in known],
    }
    kept = pd.DataFrame(
        {t(f"kol_col_{name}"): values for name, values in shown.items() if any(kols_state.known(v) for v in values)}
    )
    column = st.column_config

    def opened() -> None:
        click = st.session_state.get(f"{_WIDGET}-open-{key}")
        if click is not None and click["row"] < len(found):
            kols_state.open_kol(found[click["row"]].key)

    kinds: dict[str, Any] = {
        "name": column.ButtonColumn(type="tertiary", pinned=True, alignment="left", on_click=opened, width=170,
                                    key=f"{_WIDGET}-open-{key}", help=t("kol_help_name")),
        "alike": column.ProgressColumn(min_value=0, max_value=100, format="%.0f%%", help=t("kol_help_alike")),
        "followers": column.NumberColumn(format="compact"),
        "shared_tags": column.NumberColumn(format="%.0f%%", help=t("kol_help_shared_tags")),
        "duration": column.NumberColumn(format="%.0f s"),
        "median": column.NumberColumn(format="compact"),
        "lift": column.NumberColumn(format="×%.2f"),
    }  # fmt: skip
    st.dataframe(
        kept, hide_index=True, key=f"{_WIDGET}-{key}", on_select="rerun", selection_mode="multi-row", placeholder="–",
        height=38 + 35 * len(known), alt=t("kol_similar"),
        column_config={t(f"kol_col_{name}"): kind for name, kind in kinds.items()},
    )  # fmt: skip
