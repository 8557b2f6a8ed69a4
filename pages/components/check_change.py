"""What would change this score: which edit gave what, sweeps along a field, KOLs ranked, and the way to a goal."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from mtaf_core.charts.numbers import compact, factor
from mtaf_core.content.extract import Content
from mtaf_core.insight.forecast import Forecast
from mtaf_core.insight.guard import Mark
from mtaf_core.study import kol_lists
from mtaf_core.workspace import Workspace
from pages.components import (
    candidate_form,
    check_ask,
    check_edits,
    check_goal,
    check_levers,
    check_marks,
    check_rules,
    check_sweeps,
    check_texts,
    figures,
    market,
    shell,
)
from pages.components.candidate_form import Brief
from pages.components.check_ask import Asker
from pages.components.clip_picker import Clip
from pages.components.words import language, t

RANKED = 1_000
"""KOLs ranked at most."""
SHOWN = 100


def show(
    space: Workspace,
    clip: Clip | None,
    content: Content,
    brief: Brief,
    forecast: Forecast,
    first: tuple[Brief, Forecast] | None,
    marks: Sequence[Mark] = (),
) -> None:
    """Lay out the section.

    Parameters
    ----------
    first : (Brief, Forecast), optional
        What the form said at first and what was forecast then, where it was changed since.
    marks : sequence of Mark
        What is impossible or unlike the market about what was changed.
    """
    asker, stuff = Asker(space, content, brief), check_levers.material(clip, content, brief)
    if first is not None:
        with st.container(border=True, key="card-edits"), shell.guarded():
            check_edits.show(space, brief, *first, forecast)
            check_marks.lines(marks)
    with st.container(border=True, key="card-goal"), shell.guarded():
        check_goal.show(space, content, brief, forecast, stuff)
    with st.container(border=True, key="card-slots"), shell.guarded():
        check_sweeps.slots(space, asker)
    with st.container(border=True, key="card-sweep"), shell.guarded():
        check_sweeps.one_field(space, asker, stuff)
    with st.container(border=True, key="card-grid"), shell.guarded():
        check_sweeps.two_fields(space, asker, stuff, forecast)
    with st.container(border=True, key="card-texts"), shell.guarded():
        check_texts.show(space, asker)
    with st.container(border=True, key="card-ranking"), shell.guarded():
        _ranking(space, asker, brief, forecast)


def _ranking(space: Workspace, asker: Asker, brief: Brief, forecast: Forecast) -> None:
    st.markdown(f"##### {t('change_ranking_head')}", anchors=False)
    kept = {one.name: one for one in kol_lists.lists(space) if one.members}
    alike = t("change_any_size" if check_levers.tier_of(brief) is None else "change_same_size")
    choice = st.selectbox(
        t("change_ranking_of"), ["", *kept], format_func=lambda name: name or alike,
        key="change_list", width=320, persist_state="session",
    )  # fmt: skip
    chosen = kept[choice].members if choice else None
    ids = check_levers.same_size(brief, RANKED) if chosen is None else check_rules.members(space, chosen, RANKED)
    if not ids:
        st.info(t("change_no_kols"), icon=":material/group_off:")
        return
    sets = [{"kol": uploader} for uploader in ids]
    found = check_ask.kept(space, (brief, "ranking", tuple(ids)), lambda: asker.scores(sets))
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
