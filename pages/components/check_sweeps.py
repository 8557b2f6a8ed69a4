"""The forecast of a release in every slot of the week, along one field, and across any two."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from mtaf_core.charts.change import slots_chart, sweep_chart
from mtaf_core.charts.change_grid import grid_chart
from mtaf_core.insight import sweeps
from mtaf_core.insight.forecast import Forecast, Scores
from mtaf_core.insight.sweeps import Grid
from mtaf_core.workspace import Workspace
from pages.components import check_ask, check_levers, check_marks, figures, shell
from pages.components.check_ask import Asker
from pages.components.check_levers import Material
from pages.components.words import language, t

CELLS = 600
"""Cells of a map at most."""
_DOWN, _ACROSS = "down", "across"


def slots(space: Workspace, asker: Asker) -> None:
    """Every slot of the week."""
    st.markdown(f"##### {t('change_slots_head')}", anchors=False)
    brief = asker.brief
    sets = [{"weekday": day, "hour": hour} for day in range(7) for hour in range(24)]
    found = sweeps.tabled(check_ask.kept(space, (brief, "slots"), lambda: asker.scores(sets)), 7, 24)
    at = (brief.day.weekday() if brief.day else 0, brief.hour)
    fields = (("weekday", list(range(7))), ("hour", list(range(24))))
    outside = [asker.outside(key, values, Material()) for key, values in fields]
    figure = slots_chart(
        found.score, found.low, found.high, at, outside=(list(outside[0]), list(outside[1])), theme=shell.theme(),
        lang=language(),
    )  # fmt: skip
    names = [t(f"change_day_{day}") for day in range(7)]
    rows = _table(found, t("change_weekday"), names, t("hour"), list(range(24)))
    figures.show(figure, "slots", rows)
    check_marks.note_outside(outside[0] | outside[1], "map_outside")
    st.caption(t("change_slots_note", zone=space.info.timezone))


def one_field(space: Workspace, asker: Asker, stuff: Material) -> None:
    """Along one field."""
    st.markdown(f"##### {t('change_sweep_head')}", anchors=False)
    levers = [lever for lever in check_levers.offered(stuff) if lever != "kol"]
    key = _choice("along", levers, levers[0], t("change_along"))
    values = check_levers.values(asker.brief, key, stuff)
    if len(values) < 2:
        st.caption(t("change_one_value"))
        return
    held = check_levers.now(asker.brief, key, stuff)
    sets = [{} if value == held else {key: value} for value in values]
    with st.spinner(t("change_reading"), show_time=False):
        found = check_ask.kept(space, (asker.brief, key), lambda: asker.scores(sets))
    labels = [check_levers.label(key, value) for value in values]
    outside = asker.outside(key, values, stuff)
    figure = sweep_chart(
        t(f"lever_{key}"), labels, found.score, found.low, found.high, values.index(held) if held in values else None,
        outside=list(outside), theme=shell.theme(), lang=language(),
    )  # fmt: skip
    rows = pd.DataFrame({t(f"lever_{key}"): labels, **_columns(found)})
    figures.show(figure, "sweep", rows)
    check_marks.note_outside(outside, "sweep_outside")
    if key in check_levers.NUMBERS:
        st.caption(t("change_number_note"))
    elif key in ("duration", "start"):
        st.caption(t("change_duration_note"))


def two_fields(space: Workspace, asker: Asker, stuff: Material, forecast: Forecast) -> None:
    """Across any two fields."""
    st.markdown(f"##### {t('change_grid_head')}", anchors=False)
    levers = check_levers.offered(stuff)
    left, right = st.columns(2, gap="medium")
    with left:
        down = _choice(_DOWN, levers, "kol", t("change_down"))
    with right:
        others = [lever for lever in levers if lever != down]
        across = _choice(_ACROSS, others, others[0], t("change_across"))
    rows, columns = (check_levers.values(asker.brief, key, stuff) for key in (down, across))
    now = tuple(check_levers.now(asker.brief, key, stuff) for key in (down, across))
    if min(len(rows), len(columns)) < 2:
        st.caption(t("change_one_value"))
        return
    every = len(rows) * len(columns)
    rows, columns = capped(rows, columns, now)
    sets = [_edits({down: row, across: column}, dict(zip((down, across), now, strict=True)))
            for row in rows for column in columns]  # fmt: skip
    with st.spinner(t("change_reading"), show_time=False):
        told = check_ask.kept(space, (asker.brief, down, across), lambda: _able(asker, sets, stuff))
    found = sweeps.tabled(told, len(rows), len(columns))
    at = (rows.index(now[0]), columns.index(now[1])) if now[0] in rows and now[1] in columns else None
    named = [[check_levers.label(key, v) for v in held] for key, held in ((down, rows), (across, columns))]
    outside = [asker.outside(key, held, stuff) for key, held in ((down, rows), (across, columns))]
    figure = grid_chart(
        (t(f"lever_{down}"), named[0]), (t(f"lever_{across}"), named[1]), found, forecast.score, at,
        outside=(list(outside[0]), list(outside[1])), theme=shell.theme(), lang=language(),
    )  # fmt: skip
    figures.show(figure, "grid", _table(found, t(f"lever_{down}"), named[0], t(f"lever_{across}"), named[1]))
    check_marks.note_outside(outside[0] | outside[1], "map_outside")
    apart = int(((found.low > forecast.score) | (found.high < forecast.score)).sum())
    st.caption(t("change_grid_apart" if apart else "change_grid_note", n=apart))
    if every > len(sets):
        st.caption(t("change_grid_capped", shown=len(sets), n=every))


def capped(rows: list[Any], columns: list[Any], now: tuple[Any, Any], most: int = CELLS) -> tuple[list[Any], list[Any]]:
    """Fewer values of the longer side, evenly, the present one among them, until the map has at most ``most`` cells."""
    while len(rows) * len(columns) > most:
        if len(rows) >= len(columns):
            rows = _fewer(rows, now[0], max(most // len(columns), 2))
        else:
            columns = _fewer(columns, now[1], max(most // len(rows), 2))
    return rows, columns


def _fewer(values: list[Any], held: Any, most: int) -> list[Any]:
    places = set(np.linspace(0, len(values) - 1, min(most, len(values) - 1)).round().astype(int).tolist())
    if held in values and values.index(held) not in places:
        nearest = min(places, key=lambda place: abs(place - values.index(held)))
        places = (places - {nearest}) | {values.index(held)}
    return [values[place] for place in sorted(places)]


def _able(asker: Asker, sets: list[dict[str, Any]], stuff: Material) -> Scores:
    """Scores of what the clip allows; NaN of the rest."""
    able = np.array([check_levers.possible(asker.brief, one, stuff) for one in sets])
    found = asker.scores([one for one, can in zip(sets, able, strict=True) if can])
    parts = []
    for name in ("score", "low", "high"):
        whole = np.full(len(sets), np.nan)
        whole[able] = getattr(found, name)
        parts.append(whole)
    return Scores(*parts)


def _edits(asked: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    edits = {key: value for key, value in asked.items() if value != now[key]}
    # A clip that begins later is shorter, unless its length is told beside.
    return asked if edits and set(asked) == {"start", "duration"} else edits


def _choice(key: str, options: list[str], first: str, label: str) -> str:
    """One of the levers, kept in the link."""
    shell.linked(key, options, first)
    if st.session_state.get(key) not in options:  # what the other selector took, or another clip lacks
        st.session_state[key] = first
    chosen = st.selectbox(
        label, options, format_func=lambda lever: t(f"lever_{lever}"), key=key, persist_state="session", width=320
    )
    shell.publish(key, first)
    return chosen or first


def _columns(found: Scores | Grid) -> dict[str, Any]:
    return {
        t("change_forecast"): found.score.ravel(),
        t("change_low"): found.low.ravel(),
        t("change_high"): found.high.ravel(),
    }


def _table(found: Grid, row_name: str, rows: list[Any], column_name: str, columns: list[Any]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            row_name: np.repeat(np.array(rows, dtype=object), len(columns)),
            column_name: np.tile(np.array(columns, dtype=object), len(rows)),
            **_columns(found),
        }
    )
