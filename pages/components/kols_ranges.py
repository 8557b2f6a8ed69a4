"""What is usual of a KOL, beside a number and as a form: the trade's rules of thumb, or the workspace's own."""

import dataclasses

import streamlit as st

from mtaf_core.errors import MtafError
from mtaf_core.study import kol_ranges
from mtaf_core.study.kol_ranges import Range, Ranges, place
from pages.components import shell
from pages.components.words import t, told

_ERROR = "ranges_error"
_FORM = ("er_low", "er_high", "cpm_low", "cpm_high", "cpe_low", "cpe_high", "active_days", "pace")


def current() -> Ranges:
    """The ranges of the workspace."""
    return kol_ranges.load(shell.workspace())


def beside(value: float | None, usual: Range | None, said: str) -> str | None:
    """A few words on where a value stands to what is usual, which ``said`` writes out; None where nothing can be."""
    if value is None or usual is None or value != value:
        return None
    return t(f"kol_place_{place(value, usual)}", range=said)


def between(usual: Range | None, unit: float = 1.0, ending: str = "") -> str:
    """A range as it is read: ``4–6%``."""
    return "" if usual is None else f"{usual[0] * unit:g}–{usual[1] * unit:g}{ending}"


def edit_button(currency: str | None) -> None:
    """A button that opens the ranges of the workspace, prices in ``currency``."""
    if sentence := st.session_state.pop(_ERROR, None):
        st.error(sentence, icon=":material/error:")
    box = st.popover(t("kol_ranges"), icon=":material/tune:", type="tertiary", key="kol-ranges", on_change="rerun")
    if not box.open:
        return
    money = currency or "USD"
    held = current()
    with box:
        st.caption(t("kol_ranges_lead"))
        _pair("er", t("kol_ranges_er"), (100 * held.er[0], 100 * held.er[1]), 0.5)
        _pair("cpm", t("kol_ranges_cpm", currency=money), held.cpm.get(money), 1.0)
        _pair("cpe", t("kol_ranges_cpe", currency=money), held.cpe.get(money), 0.01)
        left, right = st.columns(2, wrap=False)
        left.number_input(t("kols_within"), 1, 3650, held.active_days, key="range_active_days")
        right.number_input(t("kols_pace"), 0.0, 100.0, held.pace, 0.5, key="range_pace")
        with st.container(horizontal=True):
            st.button(t("kol_ranges_save"), type="primary", key="ranges-save", on_click=_save, args=[money])
            st.button(t("kol_ranges_reset"), key="ranges-reset", on_click=_reset)


def _pair(name: str, label: str, usual: Range | None, step: float) -> None:
    left, right = st.columns(2, wrap=False, vertical_alignment="bottom")
    for column, end, value in zip((left, right), ("low", "high"), usual or (None, None), strict=True):
        column.number_input(
            label if end == "low" else t("kol_ranges_to"), 0.0, 1e9, value, step, key=f"range_{name}_{end}",
            placeholder=t("unknown"),
        )  # fmt: skip


def _save(currency: str) -> None:
    said = {name: st.session_state.get(f"range_{name}") for name in _FORM}
    try:
        held = current().with_currency(currency, _said("cpm", said), _said("cpe", said))
        er = _said("er", said)
        ranges = dataclasses.replace(
            held, er=held.er if er is None else (er[0] / 100, er[1] / 100),
            active_days=said["active_days"] or held.active_days,
            pace=held.pace if said["pace"] is None else said["pace"],
        )  # fmt: skip
        kol_ranges.save(shell.workspace(), ranges)
    except MtafError as error:
        st.session_state[_ERROR] = told(error)
    else:
        _close(t("kol_ranges_saved"))


def _reset() -> None:
    kol_ranges.reset(shell.workspace())
    _close(t("kol_ranges_back"))


def _close(sentence: str) -> None:
    for name in _FORM:
        st.session_state.pop(f"range_{name}", None)
    st.session_state["kol-ranges"] = False
    st.toast(sentence, icon=":material/check:")


def _said(name: str, said: dict[str, float | None]) -> Range | None:
    low, high = said[f"{name}_low"], said[f"{name}_high"]
    return None if low is None or high is None else (low, high)
