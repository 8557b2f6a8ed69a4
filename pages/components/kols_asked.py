"""What a person asks of the table of KOLs: search, tier, order and filters, in widgets and in the link."""

from typing import Any

import streamlit as st

from mtaf_core.study import kol_lists, kols
from mtaf_core.study.kols import ORDERS, Order, Question, Table
from pages.components import kols_lists, kols_ranges, kols_state, shell
from pages.components.words import t

PAGE_KEY = "kols_page"
_LIST = "kols_list"
_NUMBERS: dict[str, str] = {
    "fewest": "min", "posted_within": "within", "pace": "pace", "er": "er", "dearest": "fee",
}  # fmt: skip
"""Numbers of a `Question` that may be asked, and the parameter of the link for each."""
_DEFAULTS: dict[str, Any] = {
    "kols_search": "", "kols_tiers": [], "kols_order": ORDERS[0], "kols_clear": False, _LIST: "",
    "kols_fewest": kols.FEWEST, "kols_posted_within": None, "kols_pace": None, "kols_er": None, "kols_dearest": None,
}  # fmt: skip


def controls(table: Table) -> Question:
    """Draw the controls and give what they ask."""
    _take()
    names = [one.name for one in kol_lists.lists(shell.workspace())]
    if st.session_state[_LIST] not in names:
        st.session_state[_LIST] = ""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="kols-controls"):
        st.text_input(
            t("kols_search"), key="kols_search", placeholder=t("kols_search_hint"), icon=":material/search:",
            on_change=first_page, persist_state="session", width=230,
        )  # fmt: skip
        st.selectbox(
            t("kols_order"), _orders(table), key="kols_order", format_func=lambda o: t(f"kol_order_{o}"),
            on_change=first_page, persist_state="session", width=250,
        )  # fmt: skip
        st.selectbox(
            t("list_shown"), ["", *names], key=_LIST, format_func=lambda n: n or t("list_all"),
            on_change=first_page, persist_state="session", width=190,
        )  # fmt: skip
        _filters(table)
        kols_lists.manage_button(chosen_list())
    st.pills(
        t("kol_col_tier"), [tier for tier in kols_state.TIERS if _has_tier(table, tier)], key="kols_tiers",
        format_func=kols_state.tier_word, selection_mode="multi", on_change=first_page, persist_state="session",
        label_visibility="collapsed",
    )  # fmt: skip
    kols_lists.undo_row()
    _publish()
    return _question()


def chosen_list() -> str | None:
    """The list that the table shows; None for all KOLs."""
    return st.session_state.get(_LIST) or None


def choose_list(name: str | None) -> None:
    """Show another list; from a callback."""
    st.session_state[_LIST] = name or ""
    first_page()


def first_page() -> None:
    """Go to the first page, since another question has other rows."""
    st.session_state[PAGE_KEY] = 1


def clear() -> None:
    """Drop every filter; from a callback."""
    for name, value in _DEFAULTS.items():
        if name != "kols_order":
            st.session_state[name] = value
    first_page()


def _filters(table: Table) -> None:
    asked = sum(st.session_state[f"kols_{name}"] != _DEFAULTS[f"kols_{name}"] for name in _NUMBERS)
    asked += bool(st.session_state["kols_clear"])
    label = t("kols_filters") + (f" · {asked}" if asked else "")
    with st.popover(label, icon=":material/tune:", width="content"):
        st.number_input(t("kols_fewest"), 0, 10_000, key="kols_fewest", step=1, on_change=first_page,
                        help=t("kols_fewest_help"), persist_state="session")  # fmt: skip
        st.toggle(t("kols_clear_only"), key="kols_clear", on_change=first_page, help=t("kol_help_clear"),
                  persist_state="session")  # fmt: skip
        st.number_input(t("kols_within"), 1, 3650, key="kols_posted_within", step=1, on_change=first_page,
                        placeholder=t("cohort_any"), persist_state="session")  # fmt: skip
        st.number_input(t("kols_pace"), 0.0, 100.0, key="kols_pace", step=0.5, on_change=first_page,
                        placeholder=t("cohort_any"), persist_state="session")  # fmt: skip
        st.number_input(t("kols_er"), 0.0, 1000.0, key="kols_er", step=0.5, on_change=first_page,
                        placeholder=t("cohort_any"), persist_state="session")  # fmt: skip
        if table.has("fee"):
            st.number_input(t("kols_dearest"), 0.0, key="kols_dearest", step=100.0, on_change=first_page,
                            placeholder=t("cohort_any"), persist_state="session")  # fmt: skip
        with st.container(horizontal=True):
            usual = kols_ranges.current()
            active = t("kols_active_help", days=usual.active_days, pace=usual.pace, er=f"{100 * usual.er[0]:g}%")
            st.button(t("kols_active"), icon=":material/bolt:", on_click=_active, key="kols-active", help=active)
            st.button(t("kols_clear"), icon=":material/filter_alt_off:", on_click=clear, key="kols-clear-all")


def _active() -> None:
    usual = kols_ranges.current()
    st.session_state["kols_posted_within"] = usual.active_days
    st.session_state["kols_pace"] = usual.pace
    st.session_state["kols_er"] = 100 * usual.er[0]
    first_page()


def _question() -> Question:
    said = st.session_state
    name = chosen_list()
    held = kol_lists.find(shell.workspace(), name) if name else None
    er = said["kols_er"]
    return Question(
        search=said["kols_search"] or "",
        tiers=tuple(said["kols_tiers"] or ()),
        fewest=0 if held is not None else int(said["kols_fewest"] or 0),
        clear=bool(said["kols_clear"]),
        posted_within=said["kols_posted_within"],
        pace=said["kols_pace"],
        er=None if er is None else er / 100,
        dearest=said["kols_dearest"],
        keys=None if held is None else held.members,
        order=said["kols_order"],
        page=int(said.get(PAGE_KEY) or 1),
    )


def _take() -> None:
    """Fill in what the link says, on the first run of a session, and what nobody has said."""
    link = st.query_params
    first = "kols_order" not in st.session_state
    for name, value in _DEFAULTS.items():
        st.session_state.setdefault(name, value)
    if not first:
        return
    st.session_state["kols_search"] = link.get("q", "")[:200]
    st.session_state[_LIST] = link.get(kols_state.LIST, "")
    st.session_state["kols_clear"] = link.get("clear") == "yes"
    st.session_state["kols_tiers"] = [one for one in link.get("size", "").split(",") if one in kols_state.TIERS]
    if link.get("sort") in ORDERS:
        st.session_state["kols_order"] = link["sort"]
    for name, parameter in _NUMBERS.items():
        whole = name in ("fewest", "posted_within")
        if (value := _number(link.get(parameter), whole)) is not None:
            st.session_state[f"kols_{name}"] = value
    st.session_state[PAGE_KEY] = int(_number(link.get("page"), True) or 1)


def _publish() -> None:
    said = st.session_state
    values: dict[str, Any] = {
        "q": said["kols_search"], "sort": said["kols_order"] if said["kols_order"] != ORDERS[0] else "",
        "size": ",".join(said["kols_tiers"] or ()), "clear": "yes" if said["kols_clear"] else "",
        kols_state.LIST: said[_LIST] or "", "page": "" if (said.get(PAGE_KEY) or 1) == 1 else said[PAGE_KEY],
    }  # fmt: skip
    for name, parameter in _NUMBERS.items():
        value = said[f"kols_{name}"]
        values[parameter] = "" if value == _DEFAULTS[f"kols_{name}"] or value is None else f"{value:g}"
    for parameter, value in values.items():
        if value == "":
            st.query_params.pop(parameter, None)
        elif st.query_params.get(parameter) != str(value):
            st.query_params[parameter] = str(value)


def unpublish() -> None:
    """Take what the table asks out of the link, for views that are not the table."""
    for parameter in ("q", "sort", "size", "clear", kols_state.LIST, "page", "kols_view", *_NUMBERS.values()):
        st.query_params.pop(parameter, None)


def _number(text: str | None, whole: bool) -> float | int | None:
    try:
        value = float(text) if text else None
    except ValueError:
        return None
    if value is None or not 0 <= value < 1e12:
        return None
    return int(value) if whole else value


def _orders(table: Table) -> list[Order]:
    """What the market's KOLs can be ordered by: columns that are known of any."""
    return [one for one in ORDERS if one in ("lift_low", st.session_state["kols_order"]) or table.has(one)]


def _has_tier(table: Table, tier: str) -> bool:
    return tier in set(table.rows.column("tier").unique().to_pylist())
