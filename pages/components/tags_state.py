"""What the Tags page keeps between its runs, by study and cohort."""

import streamlit as st

from mtaf_core.study import tag_detail, tag_pairs, tag_table, tags
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.market import Study
from mtaf_core.study.tag_detail import Detail
from mtaf_core.study.tag_pairs import Network, Suggestions
from mtaf_core.study.tag_table import Order, Page
from mtaf_core.study.tags import Board, Reading

OPENED = "hashtag"
"""The parameter of the link that names the hashtag looked at; ``tag`` is the cohort's."""


def board(study: Study, cohort: Cohort) -> Board:
    """All that is said of the cohort's hashtags."""
    return _board(study.key, cohort, study)


def network(study: Study, cohort: Cohort, most: int) -> Network:
    """The network of the most used hashtags."""
    return _network(study.key, cohort, most, board(study, cohort))


def suggestions(study: Study, cohort: Cohort, picked: tuple[int, ...]) -> Suggestions:
    """What goes with the picked hashtags."""
    return _suggestions(study.key, cohort, picked, study)


def rows(study: Study, cohort: Cohort, find: str, order: Order, reading: Reading, first: int, most: int) -> Page:
    """A page of the table."""
    return _rows(study.key, cohort, find, order, reading, first, most, study)


def detail(study: Study, cohort: Cohort, tag: int) -> Detail:
    """One hashtag."""
    return _detail(study.key, cohort, tag, study)


def open_tag(name: str) -> None:
    """Look at one hashtag; from a callback, or before the page runs again."""
    st.query_params[OPENED] = name
    st.session_state["tags_turn"] = st.session_state.get("tags_turn", 0) + 1  # a new chart has nothing selected


def close_tag() -> None:
    """Back to all hashtags."""
    st.query_params.pop(OPENED, None)


@st.cache_resource(max_entries=6, show_spinner=False)
def _board(key: str, cohort: Cohort, _study: Study) -> Board:
    return tags.board(_study, cohort)


@st.cache_resource(max_entries=12, show_spinner=False)
def _network(key: str, cohort: Cohort, most: int, _board: Board) -> Network:
    return tag_pairs.network(_board, most)


@st.cache_resource(max_entries=32, show_spinner=False)
def _suggestions(key: str, cohort: Cohort, picked: tuple[int, ...], _study: Study) -> Suggestions:
    return tag_pairs.suggest(_study, cohort, board(_study, cohort), picked)


@st.cache_resource(max_entries=64, show_spinner=False)
def _rows(
    key: str, cohort: Cohort, find: str, order: Order, reading: Reading, first: int, most: int, _study: Study
) -> Page:
    return tag_table.page(_study, cohort, board(_study, cohort), find, order, reading, first, most)


@st.cache_resource(max_entries=32, show_spinner=False)
def _detail(key: str, cohort: Cohort, tag: int, _study: Study) -> Detail:
    return tag_detail.detail(_study, cohort, tag)
