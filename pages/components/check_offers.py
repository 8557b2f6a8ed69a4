"""What the market offers to try: hashtags that go with popularity, a place, and the range of a KOL's numbers."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from mtaf_core.study import market as studies
from mtaf_core.study.cohort import WHOLE
from pages.components import market, shell, tags_state

CLEAR = 8
"""Hashtags that clearly go with more popularity, offered before the most used ones."""
_STEPS = (0.02, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.98)
"""Quantiles of a number at which it is tried."""


def tags() -> list[str]:
    """Hashtags worth a try: those that clearly go with more popularity, strongest first, then the most used."""
    return list(dict.fromkeys([*_clear_tags(), *market.tags()]))


def _clear_tags() -> list[str]:
    study = studies.find(shell.workspace())
    if study is None or not study.about.videos:
        return []
    board = tags_state.board(study, WHOLE)
    good = np.flatnonzero(board.adjusted.clear & (board.adjusted.effect > 0))
    ordered = good[np.argsort(-board.adjusted.effect[good])]
    return [board.names[place] for place in ordered[:CLEAR]]


def place() -> str:
    """The name of a point of interest, the market's most frequent; empty where the market names none."""
    found = _rows(
        *_now(),
        """SELECT poi_name AS x FROM videos WHERE poi_name IS NOT NULL AND poi_name <> ''
           GROUP BY poi_name ORDER BY count(*) DESC, poi_name LIMIT 1""",
    )
    return str(found[0]) if found else ""


def range_of(column: str) -> list[float]:
    """Round values of a number of `uploaders` along its range in the market, ascending; empty where none is known."""
    quantiles = ", ".join(map(str, _STEPS))
    found = _rows(
        *_now(), f"SELECT unnest(quantile_disc({column}, [{quantiles}])) AS x FROM uploaders WHERE {column} > 0"
    )
    return sorted({_round(float(value)) for value in found if value is not None})


def number_of(uploader_id: str | None, column: str, typed: Mapping[str, Any]) -> float | None:
    """A number of the KOL, picked or typed; None where it is not known."""
    if uploader_id is None:
        value = typed.get(column)
    else:
        found = _kol(*_now(), uploader_id)
        value = found.get(column)
    return None if value is None else float(value)


def _round(value: float) -> float:
    """To two digits, as people choose numbers."""
    return float(f"{value:.1e}")


@st.cache_data(max_entries=16, show_spinner=False)
def _rows(path: str, state: str, sql: str) -> list[Any]:
    return list(shell.workspace().store.query(sql)["x"].to_pylist())


@st.cache_data(max_entries=32, show_spinner=False)
def _kol(path: str, state: str, uploader_id: str) -> dict[str, Any]:
    sql = "SELECT * FROM uploaders WHERE platform = ? AND uploader_id = ? LIMIT 1"
    found = shell.workspace().store.query(sql, [market.platform(), uploader_id]).to_pylist()
    return dict(found[0]) if found else {}


def _now() -> tuple[str, str]:
    space = shell.workspace()
    return str(space.path), space.store.state
