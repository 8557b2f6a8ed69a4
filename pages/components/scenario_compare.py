"""Up to six scenarios side by side: forecast again with the bundle in use, in one table and one chart."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from mtaf_core.charts import theme as themes
from mtaf_core.charts.numbers import compact, factor
from mtaf_core.charts.scenarios import Dot, scenarios_chart
from mtaf_core.charts.table_file import csv_file, xlsx_file
from mtaf_core.errors import BadInput, BadMedia
from mtaf_core.insight import guard
from mtaf_core.insight.compared import Outlook, clarity, ratio
from mtaf_core.insight.guard import Mark
from mtaf_core.insight.scenarios import Scenario
from mtaf_core.workspace import Workspace
from pages.components import brief_text, brief_words, check_contents, check_marks, clip_picker, figures, shell
from pages.components.candidate_form import Brief
from pages.components.plain_text import plain
from pages.components.words import language, t, told

_FIGURES = "scenario_figures"
_KEPT = 60
"""Forecasts of scenarios that a session remembers."""
_COLUMN_PX = 165
"""How wide a scenario is in the table: three beside their fields on a common screen, whatever they say."""
_MOVED = 1.005
"""A forecast that differs from the saved one by less than this factor is the same."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Row:
    """A scenario as it is compared.

    Parameters
    ----------
    brief : Brief or None
        None where it cannot be read by this version.
    now : Outlook
        Forecast with the bundle in use; as saved where that cannot be.
    label : str
        Its name, told apart from others of that name.
    notes : tuple of str
        What is to be known about its figures.
    """

    scenario: Scenario
    brief: Brief | None
    now: Outlook
    label: str
    notes: tuple[str, ...] = ()


def show(space: Workspace, chosen: list[Scenario]) -> None:
    """Lay out the comparison; the first pinned scenario, else the first, is what the others are compared with."""
    ordered = sorted(chosen, key=lambda one: not one.pinned)
    waiting = st.empty()
    with waiting.container():  # a clip that was not read yet shows its stages here
        rows = _told_apart([_row(space, one) for one in ordered])
    waiting.empty()
    first = rows[0]
    dots = [
        Dot(row.label, row.now.score, row.now.low, row.now.high, clarity(row.now, first.now)) for row in rows
    ]  # fmt: skip
    with st.container(border=True, key="card-scenario-chart"):
        st.markdown(f"##### {t('scenario_compare_head')}", anchors=False)
        figure = scenarios_chart(dots, theme=shell.theme(), lang=language())
        st.markdown(plain(themes.finding(figure)))
        figures.show(figure, "scenarios", None, heading=False)
        _table(rows)
        for note in dict.fromkeys(note for row in rows for note in row.notes):
            of = t("sure_and").join(f"**{plain(row.label)}**" for row in rows if note in row.notes)
            st.markdown(f":orange[:material/info:] {of}: {note}")
        with st.container(horizontal=True, vertical_alignment="center"):
            _exports(rows)


def _row(space: Workspace, scenario: Scenario) -> Row:
    then = Outlook(scenario.score, scenario.low, scenario.high)
    try:
        brief = brief_text.of_json(scenario.brief)
    except BadInput:
        return Row(scenario, None, then, scenario.name, (t("scenario_unread", name=plain(scenario.name)),))
    digest = brief.take.content_hash
    if digest and clip_picker.find(space, digest) is None:
        return Row(scenario, brief, then, scenario.name, (t("scenario_gone"),))
    try:
        now, marks, bundle = _forecast(space, brief)
    except (BadInput, BadMedia) as error:
        return Row(scenario, brief, then, scenario.name, (f"{t('scenario_bad')} ({told(error)})",))
    notes = check_marks.told(marks)
    if not 1 / _MOVED < ratio(now, then) < _MOVED:
        key = "scenario_other_bundle" if bundle != scenario.bundle else "scenario_other_data"
        notes.append(t(key, score=compact(then.score, language())))
    return Row(scenario, brief, now, scenario.name, tuple(notes))


def _forecast(space: Workspace, brief: Brief) -> tuple[Outlook, tuple[Mark, ...], str]:
    """What a brief is forecast now, what is to be said of it, and by which bundle.

    Remembered until the bundle or the tables change: the words of a take are read anew for each that differs.
    """
    ready = shell.forecaster()
    bundle = ready.bundle.path.name
    held: dict[Any, tuple[Outlook, tuple[Mark, ...]]] = st.session_state.setdefault(_FIGURES, {})
    key = (str(space.path), bundle, space.store.state, brief)
    if key not in held:
        content, release = check_contents.content_of(space, brief), brief.candidate(space.info.timezone)
        scores = ready.score_many([content], [release])
        while len(held) >= _KEPT:
            held.pop(next(iter(held)))
        now = Outlook(*(float(part[0]) for part in (scores.score, scores.low, scores.high)))
        held[key] = now, guard.examine(ready, release, content)
    return *held[key], bundle


def _told_apart(rows: list[Row]) -> list[Row]:
    """Rows whose labels differ: another of the same name gets a number."""
    seen: dict[str, int] = {}
    found = []
    for row in rows:
        seen[row.label] = seen.get(row.label, 0) + 1
        number = seen[row.label]
        found.append(row if number == 1 else replace(row, label=f"{row.label} ({number})"))
    return found


def _table(rows: list[Row]) -> None:
    """Scenarios as columns, fields as rows, with what differs marked."""
    everything = st.toggle(t("scenario_all_fields"), False, key="scenario_all", persist_state="session")
    figures_, fields = _figures(rows), _fields(rows)
    differs = {name: len(set(said)) > 1 for name, said in fields.items()}
    shown = {name: said for name, said in fields.items() if everything or differs[name]}
    table = pd.DataFrame(
        {
            t("scenario_col_field"): [
                *figures_, *(t("scenario_differs", field=name) if differs[name] else name for name in shown)
            ],
            **{row.label: [said[place] for said in (*figures_.values(), *shown.values())]
               for place, row in enumerate(rows)},
        }
    )  # fmt: skip
    soft = shell.theme().accent_soft
    tint = np.full(table.shape, "", dtype=object)
    for place, said in enumerate(shown.values(), start=len(figures_)):
        for column in range(1, len(rows)):
            if said[column] != said[0]:
                tint[place, column + 1] = f"background-color: {soft}"
    st.dataframe(
        table.style.apply(lambda _: tint, axis=None), hide_index=True, key="scenario-table",
        column_config={
            t("scenario_col_field"): st.column_config.TextColumn(pinned=True),
            **{row.label: st.column_config.TextColumn(width=_COLUMN_PX) for row in rows},
        },
    )  # fmt: skip
    if len(rows) > 1:
        st.caption(t("scenario_table_note", reference=plain(rows[0].label)))


def _figures(rows: list[Row]) -> dict[str, list[str]]:
    lang, first = language(), rows[0].now
    clear = [t(f"scenario_clear_{clarity(row.now, first)}") for row in rows]
    return {
        t("scenario_row_forecast"): [compact(row.now.score, lang) for row in rows],
        t("scenario_row_range"): [f"{compact(row.now.low, lang)}–{compact(row.now.high, lang)}" for row in rows],
        t("scenario_row_factor"): [factor(ratio(row.now, first)) for row in rows],
        t("scenario_row_clear"): [t("scenario_reference"), *clear[1:]],
    }


def _fields(rows: list[Row]) -> dict[str, list[str]]:
    said = [{} if row.brief is None else brief_words.rows(row.brief) for row in rows]
    names = dict.fromkeys(name for one in said for name in one)
    return {
        t("clip"): [row.scenario.clip or "–" for row in rows],
        **{name: [one.get(name, "?") for one in said] for name in names},
    }


def _exports(rows: list[Row]) -> None:
    """The comparison as CSV and XLSX: a row a scenario, numbers as numbers."""
    first, fields = rows[0].now, _fields(rows)
    table = pd.DataFrame(
        {
            t("scenario_row_name"): [row.label for row in rows],
            t("scenario_row_forecast"): [row.now.score for row in rows],
            t("scenario_row_low"): [row.now.low for row in rows],
            t("scenario_row_high"): [row.now.high for row in rows],
            t("scenario_row_factor"): [ratio(row.now, first) for row in rows],
            t("scenario_row_clear"): _figures(rows)[t("scenario_row_clear")],
            t("scenario_row_note"): [" ".join(row.notes) for row in rows],
            t("scenario_row_saved"): [row.scenario.score for row in rows],
            t("scenario_row_bundle"): [row.scenario.bundle for row in rows],
            **fields,
        }
    )
    for kind, made, mime in (("csv", csv_file, "text/csv"), ("xlsx", xlsx_file, _XLSX)):
        st.download_button(
            kind.upper(), partial(made, table), f"scenarios.{kind}", mime, icon=":material/download:",
            type="tertiary", key=f"scenarios-{kind}", on_click="ignore",
        )  # fmt: skip
