"""Signals of authenticity of one KOL, each with its number, the tier's median and the percentile."""

from typing import Any

import pandas as pd
import streamlit as st

from mtaf_core.charts.numbers import ordinal, percentile_rank
from mtaf_core.charts.table_file import csv_file
from mtaf_core.study import kol_signals
from mtaf_core.study.kol_signals import Signal
from mtaf_core.study.kols import Table
from mtaf_core.study.market import Study
from pages.components import kols_state
from pages.components.kols_state import as_count, as_share
from pages.components.words import language, t


def show(study: Study, whole: Table, account: dict[str, Any]) -> None:
    """Lay out the signals; ``whole`` is the table of the whole market."""
    found = kol_signals.signals(kols_state.signal_numbers(study), whole, account["key"])
    rare = [one for one in found if one.rare]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"##### {t('kol_signals')}", anchors=False)
        rows = _rows(study, account, found)
        st.download_button(
            "CSV", lambda: csv_file(rows), "kol-signals.csv", "text/csv", icon=":material/download:", type="tertiary",
            key="kol-signals-csv", on_click="ignore", help=t("download_rows"),
        )  # fmt: skip
    unknown = sum(one.value is None for one in found)
    if rare:
        names = t("list_comma").join(t(f"kol_signal_{one.name}") for one in rare)
        st.markdown(t("kol_signals_rare", n=len(rare), of=len(found) - unknown, names=names))
    elif unknown < len(found):
        st.markdown(t("kol_signals_none", of=len(found) - unknown))
    else:
        st.markdown(t("kol_signals_unknown"))
    with st.container(key="kol-signals"):
        st.table(rows.set_index(t("signal_name")))  # which wraps its sentences, as a data frame does not
    st.caption(t("kol_signals_note"))


def _rows(study: Study, account: dict[str, Any], found: list[Signal]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            t("signal_name"): [t(f"kol_signal_{one.name}") for one in found],
            t("signal_verdict"): [_verdict(one) for one in found],
            t("signal_value"): [_value(one, one.value) for one in found],
            t("signal_median"): [_value(one, one.median) for one in found],
            t("signal_percentile"): [
                "–" if one.percentile is None else ordinal(percentile_rank(one.percentile), language()) for one in found
            ],
            t("signal_evidence"): [_evidence(study, account, one) for one in found],
        }
    )


def _verdict(one: Signal) -> str:
    if one.value is None:
        return t("signal_unknown")
    if one.percentile is None:
        return t("signal_alone")
    return t("signal_rare") if one.rare else t("signal_usual")


def _value(one: Signal, value: float | None) -> str:
    if value is None:
        return "–"
    if one.name in ("likes_per_comment", "following"):
        return as_count(value) if value >= 100 else f"{value:,.3g}"
    return as_share(value, 2 if one.name in ("er", "jump") else 0)


def _evidence(study: Study, account: dict[str, Any], one: Signal) -> str:
    if one.value is None:
        return t(f"signal_needs_{one.name}", n=kol_signals.FEWEST, likes=kol_signals.LIKED)
    beside = ""
    if one.percentile is not None:
        beside = t(
            "signal_beside" if one.of_tier else "signal_beside_all", n=f"{one.peers:,}",
            tier=kols_state.tier_word(account["tier"]), rank=ordinal(percentile_rank(one.percentile), language()),
        )  # fmt: skip
    if one.name == "jump" and (leap := kol_signals.jump(study, account["kol"])) is not None:
        return t(
            "signal_jump", since=leap.since.isoformat(), until=leap.until.isoformat(), before=f"{leap.before:,}",
            after=f"{leap.after:,}", posts=leap.posts,
        ) + beside  # fmt: skip
    key = f"signal_of_{one.name}" + ("_posts" if one.name == "er" and one.n else "")
    return t(key, n=f"{one.n:,}", likes=kol_signals.LIKED) + beside
