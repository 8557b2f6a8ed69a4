"""One hashtag: its effect in both readings, its videos over time, who uses it, and what goes with it."""

from typing import Any

import pandas as pd
import pyarrow.compute as pc
import streamlit as st

from mtaf_core.charts.numbers import compact, factor, percent
from mtaf_core.charts.tags import weeks_chart
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.market import Study
from mtaf_core.study.tag_detail import DRAWN, WEEKS, Detail
from mtaf_core.study.tags import READINGS, Board, Reading
from pages.components import carry, figures, shell, tags_state, tags_together
from pages.components.words import WORDS, language, t


def show(study: Study, cohort: Cohort, board: Board, name: str) -> None:
    """Everything about one hashtag of the cohort."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.button(t("back_to_tags"), icon=":material/arrow_back:", key="back-to-tags", on_click=tags_state.close_tag)
        carry.button(t("carry_tag"), "carry-tag", [name])
    row = _row(board, name)
    st.subheader(f"#{name}", anchor=False)
    if row is None:
        st.info(t("tag_gone", tag=name), icon=":material/filter_alt_off:")
        return
    found = tags_state.detail(study, cohort, row["tag"])
    _numbers(row, found)
    with st.container(border=True, key="card-tag-weeks"):
        _weeks(name, found)
    left, right = st.columns([1, 1.5], gap="small")
    with left, st.container(border=True, key="card-tag-tiers", height="stretch"):
        _tiers(found)
    with right, st.container(border=True, key="card-tag-users", height="stretch"):
        _users(found)
    if name in board.names:
        with st.container(border=True, key="card-tag-with"):
            st.markdown(f"##### {t('with_head')}", anchors=False)
            ticked = tags_together.suggested(study, cohort, board, [name], "tag-with")
            carry.button(t("carry_tags", n=1 + len(ticked)), "carry-tag-with", [name, *ticked])


def _row(board: Board, name: str) -> dict[str, Any] | None:
    rows = board.listing.filter(pc.field("tag_name") == name).to_pylist()
    found: dict[str, Any] | None = rows[0] if rows else None
    return found


def _numbers(row: dict[str, Any], found: Detail) -> None:
    names: dict[Reading, str] = {"adjusted": "tag_effect", "raw": "tag_effect_raw"}
    with st.container(horizontal=True, gap="large", key="tag-numbers"):
        for reading in READINGS:
            _effect(t(names[reading]), row, reading)
        st.metric(t("tag_col_videos"), f"{row['videos']:,}", width="content")
        st.metric(t("tag_col_kols"), f"{found.kols:,}", width="content")
        if row["views"] is not None:
            st.metric(t("tag_col_views"), compact(row["views"], language()), width="content", help=t("tag_help_views"))
        if row["crowding"] is not None:
            crowding = compact(row["crowding"], language())
            st.metric(t("tag_col_crowding"), crowding, width="content", help=t("tag_help_crowding"))
        if row["trend"] is not None:
            st.metric(
                t("tag_trend"), factor(row["trend"]), _range(row, "trend"), delta_color="off", delta_arrow="off",
                width="content", help=t("tag_help_trend"),
            )  # fmt: skip


def _effect(label: str, row: dict[str, Any], reading: str) -> None:
    value = row[f"{reading}_effect"]
    if value is None:
        st.metric(label, "–", t("tag_unsaid"), delta_color="off", delta_arrow="off", width="content")
        return
    st.metric(
        label, factor(value), _range(row, reading), delta_color="off", delta_arrow="off", width="content",
        help=t("reading_tags_help"),
    )  # fmt: skip


def _range(row: dict[str, Any], name: str) -> str:
    key = "tag_range" if row[f"{name}_clear"] else "tag_range_unclear"
    return t(key, low=factor(row[f"{name}_low"]), high=factor(row[f"{name}_high"]))


def _weeks(name: str, found: Detail) -> None:
    if not found.recent:
        st.info(t("tag_no_weeks", tag=name, weeks=WEEKS), icon=":material/event_busy:")
        return
    weeks = found.weeks.to_pylist()
    figure = weeks_chart(name, found.points.to_pylist(), weeks, theme=shell.theme(), lang=language())
    figures.show(figure, "tag-weeks", pd.DataFrame(weeks))
    said = t("tag_weeks_note", weeks=WEEKS)
    if found.recent > DRAWN:
        said += " " + t("tag_sampled", n=f"{DRAWN:,}", of=f"{found.recent:,}")
    st.caption(said)


def _tiers(found: Detail) -> None:
    st.markdown(f"##### {t('tag_tiers')}", anchors=False)
    rows = found.tiers.to_pandas()
    if found.videos:
        most = (rows["share"] / rows["usual"]).where(rows["videos"] > 0).idxmax()
        one = rows.loc[most]
        said = {"share": percent(one["share"]), "usual": percent(one["usual"])}
        st.markdown(t("tag_tiers_said", tier=_tier(one["tier"]), **said))
    rows["tier"] = [_tier(one) for one in rows["tier"]]
    number = st.column_config.NumberColumn
    config: dict[str, Any] = {
        "tier": t("tag_col_tier"),
        "videos": number(t("tag_col_videos"), format="localized"),
        "kols": number(t("tag_col_kols"), format="localized"),
        "share": number(t("tag_col_share"), format="percent"),
        "usual": number(t("tag_col_usual"), format="percent"),
    }
    st.dataframe(rows, hide_index=True, column_config=config, alt=t("tag_tiers"))


def _users(found: Detail) -> None:
    st.markdown(f"##### {t('tag_users')}", anchors=False)
    rows = found.users.to_pandas()[["name", "tier", "followers", "videos", "of", "median", "latest"]]
    rows["tier"] = [_tier(one) for one in rows["tier"]]
    number = st.column_config.NumberColumn
    config: dict[str, Any] = {
        "name": st.column_config.TextColumn(t("tag_col_kol"), pinned=True),
        "tier": t("tag_col_tier"),
        "followers": number(t("tag_col_followers"), format="compact"),
        "videos": number(t("tag_col_with"), format="localized"),
        "of": number(t("tag_col_of"), format="localized"),
        "median": number(t("tag_col_median"), format="compact"),
        "latest": st.column_config.DateColumn(t("tag_col_latest"), format="YYYY-MM-DD"),
    }
    st.dataframe(rows, hide_index=True, column_config=config, height=320, alt=t("tag_users"))


def _tier(name: str) -> str:
    return t(f"tier_{name}") if f"tier_{name}" in WORDS else name
