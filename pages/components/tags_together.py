"""Hashtags that go together: the network, and what to add to those picked."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from mtaf_core.charts.tag_network import network_chart
from mtaf_core.study.cohort import Cohort, from_link, in_link
from mtaf_core.study.market import Study
from mtaf_core.study.tag_pairs import Suggestions
from mtaf_core.study.tags import MIN_VIDEOS, Board, Reading, is_clear
from pages.components import carry, figures, shell, tags_state
from pages.components.words import language, t

SIZES = ("20", "40", "60", "80")
MAX_PICKED = 6
_PICKED = "with"


def show(study: Study, cohort: Cohort, board: Board, reading: Reading) -> None:
    """The network and the suggestions."""
    if not len(board.tags):
        st.info(t("tags_few", least=MIN_VIDEOS), icon=":material/tag:")
        return
    _from_link(board)
    with st.container(border=True, key="card-network"):
        _network(study, cohort, board, reading)
    with st.container(border=True, key="card-with"):
        _with(study, cohort, board)


def suggested(study: Study, cohort: Cohort, board: Board, picked: Sequence[str], key: str) -> list[str]:
    """What goes with hashtags as a table; the names of those ticked."""
    places = {name: int(tag) for name, tag in zip(board.names, board.tags, strict=True)}
    found = tags_state.suggestions(study, cohort, tuple(places[name] for name in picked))
    if not len(found.tags):
        st.info(t("with_few", n=f"{found.videos:,}", least=MIN_VIDEOS), icon=":material/tag:")
        return []
    orders = ("closeness", "effect")
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        named = " ".join(f"#{name}" for name in picked)
        st.markdown(t("with_n", n=f"{found.videos:,}", tags=named), width="content")
        order = st.segmented_control(
            t("tags_order"), orders, format_func=lambda one: t(f"order_{one}"), key=f"{key}-order", required=True,
            default=orders[0], label_visibility="collapsed",
        )  # fmt: skip
    by = found.beside.effect if order == "effect" else found.association.npmi
    rows = _table(board, found).iloc[np.argsort(-by, kind="stable")]
    event = st.dataframe(
        rows, hide_index=True, column_config=_config(), on_select="rerun", selection_mode="multi-row",
        key=f"{key}-{order}-{in_link(picked)}", height=min(35 * (len(rows) + 1) + 3, 460), alt=t("with_head"),
    )  # fmt: skip
    return [str(rows["tag"].iloc[place]).removeprefix("#") for place in event["selection"]["rows"]]


def _network(study: Study, cohort: Cohort, board: Board, reading: Reading) -> None:
    shell.linked("net", SIZES, "40")
    size = st.segmented_control(
        t("net_size"), SIZES, key="net", required=True, persist_state="session", width="content"
    )
    shell.publish("net", "40")
    network = tags_state.network(study, cohort, int(size or 40))
    effects, nodes = board.effects(reading), network.nodes
    names = [board.names[node] for node in nodes]
    figure = network_chart(
        network, names, np.diag(board.together)[nodes], effects.effect[nodes], is_clear(effects)[nodes],
        theme=shell.theme(), lang=language(),
    )  # fmt: skip
    pairs = pd.DataFrame(
        {
            t("tag_col_tag"): [names[one] for one in network.one],
            f"{t('tag_col_tag')} 2": [names[other] for other in network.other],
            t("tag_col_together"): network.association.videos,
            t("tag_col_lift"): network.association.lift,
            t("tag_col_npmi"): network.association.npmi,
        }
    )
    with st.container(key="wide"):
        turn = st.session_state.get("tags_turn", 0)
        picked = figures.show(figure, f"tags-network-{size}-{turn}", pairs, select=("points",))
    st.caption(t("net_note", least=MIN_VIDEOS))
    if nodes_picked := [point["customdata"] for point in picked["points"] if point.get("customdata") is not None]:
        node = nodes_picked[0][0] if isinstance(nodes_picked[0], list) else nodes_picked[0]
        held = [*st.session_state[_PICKED], names[int(node)]]
        st.session_state["tags_next"] = list(dict.fromkeys(held))[-MAX_PICKED:]
        st.session_state["tags_turn"] = st.session_state.get("tags_turn", 0) + 1
        st.rerun()


def _with(study: Study, cohort: Cohort, board: Board) -> None:
    st.markdown(f"##### {t('with_head')}", anchors=False)
    picked = st.multiselect(
        t("with_pick"), board.names, key=_PICKED, max_selections=MAX_PICKED, format_func=lambda name: f"#{name}",
        persist_state="session",
    )  # fmt: skip
    if picked:
        st.query_params[_PICKED] = in_link(picked)
    else:
        st.query_params.pop(_PICKED, None)
        st.caption(t("with_empty"))
        return
    ticked = suggested(study, cohort, board, picked, "with-rows")
    carried = [*picked, *ticked]
    carry.button(t("carry_tags", n=len(carried)), "carry-with", carried)


def _from_link(board: Board) -> None:
    """Take what is picked from the link on the first run, and a click in the network; drop what the cohort lacks."""
    if _PICKED not in st.session_state:
        st.session_state[_PICKED] = list(from_link(st.query_params.get(_PICKED, "")))[:MAX_PICKED]
    picked = st.session_state.pop("tags_next", None) or st.session_state[_PICKED]
    st.session_state[_PICKED] = [name for name in picked if name in board.names]


def _table(board: Board, found: Suggestions) -> pd.DataFrame:
    place = {int(tag): number for number, tag in enumerate(board.tags)}
    at = [place[tag] for tag in found.tags.tolist()]
    beside = found.beside
    return pd.DataFrame(
        {
            "tag": [f"#{board.names[one]}" for one in at],
            "together": found.association.videos,
            "share": found.association.videos / max(found.videos, 1),
            "lift": found.association.lift,
            "npmi": found.association.npmi,
            "beside": np.exp(beside.effect),
            "low": np.exp(beside.low),
            "high": np.exp(beside.high),
            "clear": is_clear(beside),
            "alone": np.exp(board.adjusted.effect[at]),
        }
    )


def _config() -> dict[str, Any]:
    number = st.column_config.NumberColumn
    return {
        "tag": st.column_config.TextColumn(t("tag_col_tag"), pinned=True, width="medium"),
        "together": number(t("tag_col_together"), format="localized"),
        "share": number(t("tag_col_share"), format="percent"),
        "lift": number(t("tag_col_lift"), format="×%.1f"),
        "npmi": number(t("tag_col_npmi"), format="%.2f", help=t("tag_help_npmi")),
        "beside": number(t("tag_col_beside"), format="×%.2f", help=t("tag_help_beside")),
        "low": number(t("tag_col_low"), format="×%.2f"),
        "high": number(t("tag_col_high"), format="×%.2f"),
        "clear": st.column_config.CheckboxColumn(t("tag_col_clear"), help=t("tag_help_clear"), width="small"),
        "alone": number(t("tag_col_alone"), format="×%.2f"),
    }
