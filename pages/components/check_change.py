"""What would change this score: which edit gave what, sweeps along a field, KOLs ranked, and the way to a goal."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from mtaf_core.charts.change import edits_chart, slots_chart, sweep_chart
from mtaf_core.charts.numbers import compact, factor
from mtaf_core.content.extract import Content
from mtaf_core.insight import sweeps
from mtaf_core.insight.edits import edit_shares
from mtaf_core.insight.forecast import Forecast
from mtaf_core.study import kol_lists
from mtaf_core.workspace import Workspace
from pages.components import candidate_form, check_contents, check_goal, check_levers, figures, market, shell
from pages.components.candidate_form import Brief
from pages.components.words import language, t

RANKED = 1_000
"""KOLs ranked at most."""
SHOWN = 100


def show(
    space: Workspace, content: Content, brief: Brief, forecast: Forecast, first: tuple[Brief, Forecast] | None
) -> None:
    """Lay out the section.

    Parameters
    ----------
    first : (Brief, Forecast), optional
        What the form said at first and what was forecast then, where it was changed since.
    """
    if first is not None:
        with st.container(border=True, key="card-edits"), shell.guarded():
            _edits(space, brief, *first, forecast)
    with st.container(border=True, key="card-goal"), shell.guarded():
        check_goal.show(space, content, brief, forecast)
    with st.container(border=True, key="card-slots"), shell.guarded():
        _slots(content, brief, space.info.timezone)
    with st.container(border=True, key="card-sweep"), shell.guarded():
        _sweep(content, brief, space.info.timezone)
    with st.container(border=True, key="card-ranking"), shell.guarded():
        _ranking(space, content, brief, forecast)


def _edits(space: Workspace, brief: Brief, first: Brief, before: Forecast, now: Forecast) -> None:
    """Shapley values over the edits made since the first forecast."""
    st.markdown(f"##### {t('change_edits_head')}", anchors=False)
    changed = [name for name in first.__dataclass_fields__ if getattr(first, name) != getattr(brief, name)]
    if {"uploader_id", "typed"} <= set(changed):
        changed.remove("typed")  # one edit: who posts
    ready = shell.forecaster()
    read: dict[tuple[Any, ...], Content] = {}

    def predict(sets: list[Mapping[str, Any]]) -> np.ndarray:
        contents, releases = [], []
        for edits in sets:
            parts = {name: getattr(brief if name in edits else first, name) for name in first.__dataclass_fields__}
            parts["typed"] = brief.typed if {"uploader_id", "typed"} & set(edits) else first.typed
            made = Brief(**parts)
            said = (made.take, made.description, made.tags)
            if said not in read:
                read[said] = check_contents.content_of(space, made)
            contents.append(read[said])
            releases.append(made.candidate(space.info.timezone))
        return np.log1p(ready.score_many(contents, releases).score)

    shares = edit_shares(predict, dict.fromkeys(changed, True))  # type: ignore[arg-type]
    named = {t(brief.word(name)): share for name, share in shares.items()}
    figure = edits_chart(named, before.log_score, now.log_score, theme=shell.theme(), lang=language())
    rows = pd.DataFrame({t("change_edit"): list(named), t("change_factor"): np.exp(list(named.values()))})
    figures.show(figure, "edits", rows)
    st.caption(t("change_edits_note"))


def _slots(content: Content, brief: Brief, timezone: str) -> None:
    st.markdown(f"##### {t('change_slots_head')}", anchors=False)
    releases = [
        [check_levers.release(brief, {"weekday": day, "hour": hour}, timezone) for hour in range(24)]
        for day in range(7)
    ]
    found = sweeps.grid(shell.forecaster(), content, releases)
    at = (brief.day.weekday() if brief.day else 0, brief.hour)
    figure = slots_chart(found.score, found.low, found.high, at, theme=shell.theme(), lang=language())
    rows = pd.DataFrame(
        {
            t("change_weekday"): np.repeat([t(f"change_day_{day}") for day in range(7)], 24),
            t("hour"): np.tile(range(24), 7),
            t("change_forecast"): found.score.ravel(),
            t("change_low"): found.low.ravel(),
            t("change_high"): found.high.ravel(),
        }
    )
    figures.show(figure, "slots", rows)
    st.caption(t("change_slots_note", zone=timezone))


def _sweep(content: Content, brief: Brief, timezone: str) -> None:
    st.markdown(f"##### {t('change_sweep_head')}", anchors=False)
    levers = [lever for lever in check_levers.LEVERS if lever != "kol"]
    shell.linked("along", levers, levers[0])
    key = st.segmented_control(
        t("change_along"), levers, format_func=lambda lever: t(f"lever_{lever}"), key="along", required=True,
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    shell.publish("along", levers[0])
    key = key or levers[0]
    length = check_levers.duration_s(content)
    values = check_levers.values(brief, key, length)
    if len(values) < 2:
        st.caption(t("change_one_value"))
        return
    found = sweeps.line(
        shell.forecaster(), content, [check_levers.release(brief, {key: value}, timezone) for value in values]
    )
    held = check_levers.now(brief, key, length)
    labels = [check_levers.label(key, value) for value in values]
    figure = sweep_chart(
        t(f"lever_{key}"), labels, found.score, found.low, found.high, values.index(held) if held in values else None,
        theme=shell.theme(), lang=language(),
    )  # fmt: skip
    rows = pd.DataFrame(
        {
            t(f"lever_{key}"): labels, t("change_forecast"): found.score, t("change_low"): found.low,
            t("change_high"): found.high,
        }
    )  # fmt: skip
    figures.show(figure, "sweep", rows)
    if key == "duration":
        st.caption(t("change_duration_note"))


def _ranking(space: Workspace, content: Content, brief: Brief, forecast: Forecast) -> None:
    st.markdown(f"##### {t('change_ranking_head')}", anchors=False)
    kept = {one.name: one for one in kol_lists.lists(space) if one.members}
    choice = st.selectbox(
        t("change_ranking_of"), ["", *kept], format_func=lambda name: name or t("change_same_size"),
        key="change_list", width=320, persist_state="session",
    )  # fmt: skip
    platform = market.platform()
    if choice:
        keys = [member.partition(":") for member in kept[choice].members]
        ids = [uploader for home, _, uploader in keys if home == platform and market.knows(uploader)][:RANKED]
    else:
        ids = check_levers.same_size(brief, RANKED)
    if not ids:
        st.info(t("change_no_kols"), icon=":material/group_off:")
        return
    releases = [check_levers.release(brief, {"kol": uploader}, space.info.timezone) for uploader in ids]
    found = sweeps.line(shell.forecaster(), content, releases)
    known = {kol.uploader_id: kol for kol in market.kols()}
    table = pd.DataFrame(
        {
            "id": ids,
            t("kol"): [known[one].nickname if one in known else one for one in ids],
            t("change_followers"): [known[one].follower_count if one in known else None for one in ids],
            t("change_forecast"): found.score,
            t("change_low"): found.low,
            t("change_high"): found.high,
            t("change_factor"): (found.score + 1) / (forecast.score + 1),
        }
    ).sort_values(t("change_forecast"), ascending=False, ignore_index=True)
    best = table.iloc[0]
    st.markdown(
        t("change_ranking_finding", kol=best[t("kol")], score=compact(best[t("change_forecast")], language()),
          factor=factor(best[t("change_factor")]), n=f"{len(table):,}")
    )  # fmt: skip
    event = st.dataframe(
        table.head(SHOWN).drop(columns="id"), hide_index=True, key="ranking", on_select="rerun",
        selection_mode="single-row",
        column_config={
            **{t(k): st.column_config.NumberColumn(format="compact")
               for k in ("change_followers", "change_forecast", "change_low", "change_high")},
            t("change_factor"): st.column_config.NumberColumn(format="×%.2f"),
            t("kol"): st.column_config.TextColumn(pinned=True),
        },
    )  # fmt: skip
    picked = event["selection"]["rows"]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            t("change_use_kol"), icon=":material/person_check:", key="use-kol", disabled=not picked,
            on_click=_use, args=[brief, str(table["id"].iloc[picked[0]]) if picked else ""],
        )  # fmt: skip
        figures.csv_button(table.drop(columns="id"), "ranking")
        if len(table) > SHOWN:
            st.caption(t("change_shown", shown=SHOWN, n=f"{len(table):,}"))
    st.caption(t("change_ranking_note"))


def _use(brief: Brief, uploader_id: str) -> None:
    candidate_form.fill(check_levers.edited(brief, {"kol": uploader_id}))
