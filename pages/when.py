"""When to post: the slots of the week against each other, the days and the hours, and a slot to take along."""

import numpy as np
import pandas as pd
import streamlit as st

from mtaf_core.charts.numbers import factor
from mtaf_core.charts.slots import margin_chart, slot_label, week_chart
from mtaf_core.charts.words import say
from mtaf_core.study.shrinkage import Effects
from mtaf_core.study.slots import DAYS, HOURS, THIN, Week
from mtaf_core.study.tags import Reading, is_clear
from pages.components import carry, figures, shell, studied, when_state
from pages.components import cohort as cohorts
from pages.components import reading as readings
from pages.components.words import language, t


def page() -> None:
    """Lay out the page."""
    shell.title("nav_when", t("when_lead"))
    with shell.guarded():
        opened = studied.opened()
        if opened is None:
            return
        study, cohort = opened
        reading = readings.chosen("reading_when_help")
        found = when_state.week(study, cohort, reading)
        if not found.videos:
            cohorts.nothing_left()
            return
        slot = when_state.chosen(found)
        with st.container(border=True, key="card-week"):
            _week(found, slot, reading)
        with st.container(border=True, key="card-slot"):
            _slot(found, slot, reading)
        hours, days = st.columns([1.6, 1], gap="small")
        with hours, st.container(border=True, key="card-hours", height="stretch"):
            st.caption(t("when_hours"))
            chart = margin_chart(found.hours, is_clear(found.hours), "hours", theme=shell.theme(), lang=language())
            figures.show(chart, "when-hours", _rows(found.hours, [f"{hour:02d}:00" for hour in range(HOURS)]))
        with days, st.container(border=True, key="card-days", height="stretch"):
            st.caption(t("when_days"))
            chart = margin_chart(found.days, is_clear(found.days), "days", theme=shell.theme(), lang=language())
            figures.show(chart, "when-days", _rows(found.days, _day_names()))
        with st.container(border=True, key="card-slots"):
            _table(found)


def _week(found: Week, slot: int, reading: Reading) -> None:
    turn = st.session_state.get("when_turn", 0)
    figure = week_chart(
        found.slots, is_clear(found.slots), found.best().tolist(), THIN, slot, reading, theme=shell.theme(),
        lang=language(),
    )  # fmt: skip
    picked = figures.show(figure, f"when-week-{turn}", _slot_rows(found), select=("points",))
    zone = shell.workspace().info.timezone
    st.caption(f"{t('when_videos', n=f'{found.videos:,}')} {t('when_zone', zone=zone, thin=THIN)}")
    if picked["points"]:
        data = picked["points"][0]["customdata"]
        when_state.choose_next(int(data[0] if isinstance(data, list) else data))
        st.session_state["when_turn"] = turn + 1  # a new chart has nothing selected
        st.rerun()


def _slot(found: Week, slot: int, reading: Reading) -> None:
    effects = found.slots
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.selectbox(
            t("when_day"), range(DAYS), format_func=lambda day: _day_names()[day], key="slot_day", width=160,
            persist_state="session",
        )  # fmt: skip
        st.selectbox(
            t("when_hour"), range(HOURS), format_func=lambda hour: f"{hour:02d}:00", key="slot_hour", width=120,
            persist_state="session",
        )  # fmt: skip
        carry.button(t("carry_slot", slot=slot_label(slot, language())), "carry-slot", slot=slot)
    ends = dict(zip(("factor", "low", "high"), _ends(effects, slot), strict=True))
    said = [f"**{slot_label(slot, language())}**: " + t("when_said", n=f"{int(effects.n[slot]):,}", **ends)]
    said.append(t("when_said_clear" if is_clear(effects)[slot] else "when_said_unclear"))
    if effects.n[slot] < THIN:
        said.append(t("when_said_thin" if reading == "adjusted" else "when_said_thin_raw"))
    st.markdown(" ".join(said))


def _table(found: Week) -> None:
    st.markdown(f"##### {t('when_table')}", anchors=False)
    rows = _slot_rows(found)
    number = st.column_config.NumberColumn
    config = {
        t("tag_col_effect"): number(format="×%.2f", help=t("when_help_effect")),
        t("tag_col_low"): number(format="×%.2f"),
        t("tag_col_high"): number(format="×%.2f"),
        t("tag_col_clear"): st.column_config.CheckboxColumn(help=t("tag_help_clear")),
    }
    st.dataframe(
        rows.iloc[np.argsort(-found.slots.effect, kind="stable")], hide_index=True, height=320, column_config=config,
        alt=t("when_table"),
    )  # fmt: skip


def _slot_rows(found: Week) -> pd.DataFrame:
    rows = _rows(found.slots, [slot_label(slot, language()) for slot in range(DAYS * HOURS)])
    return rows.assign(**{t("tag_col_thin"): found.slots.n < THIN})


def _rows(effects: Effects, labels: list[str]) -> pd.DataFrame:
    kols = {} if effects.uploaders is None else {t("tag_col_kols"): effects.uploaders}
    return pd.DataFrame(
        {
            t("tag_col_slot"): labels,
            t("tag_col_videos"): effects.n.astype(int),
            **kols,
            t("tag_col_effect"): np.exp(effects.effect),
            t("tag_col_low"): np.exp(effects.low),
            t("tag_col_high"): np.exp(effects.high),
            t("tag_col_clear"): is_clear(effects),
        }
    )


def _day_names() -> list[str]:
    return [say(language(), f"weekday_{day}") for day in range(DAYS)]


def _ends(effects: Effects, slot: int) -> tuple[str, ...]:
    logs = (effects.effect[slot], effects.low[slot], effects.high[slot])
    return tuple(factor(float(np.exp(log))) for log in logs)


if shell.routed():
    page()
