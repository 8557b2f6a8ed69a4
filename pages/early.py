"""Early trend: released videos on their way to the day predicted, as of today or of any earlier day of the market."""

import math
from datetime import date

import numpy as np
import pandas as pd
import streamlit as st

from mtaf_core.charts.numbers import factor, percent
from mtaf_core.study import early, fan
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.early import Day, Look
from mtaf_core.study.market import Study
from pages.components import early_asked as asked
from pages.components import early_detail, early_lists, shell, studied
from pages.components.words import t

SHARES = ("1", "5", "10", "20", "50")
AS_OF = "asof"


def page() -> None:
    """Lay out the page."""
    shell.title("nav_early", t("early_lead", day=shell.horizon_day()))
    with shell.guarded():
        if (opened := studied.opened()) is None:
            return
        study, cohort = opened
        offered = asked.days(str(study.path), study.key, cohort)
        if not any(day.under_way for day in offered):
            st.info(t("early_no_counts", horizon=study.about.horizon_day, few=fan.FEWEST), icon=":material/timeline:")
            st.page_link("pages/data.py", label=t("nav_data"), icon=":material/database:")
            return
        as_of, day, share, of = _controls(study, offered)
        seen = asked.look(str(study.path), study.key, cohort, as_of, share, of)
        _body(study, cohort, offered, seen, day)


def _controls(study: Study, offered: tuple[Day, ...]) -> tuple[date, int | None, float, early.Reach]:
    first, last, horizon = offered[0].date, study.as_of, study.about.horizon_day
    _link_date(first, last)
    numbers = ("all", *(str(day) for day in range(1, horizon)))
    shell.linked("early_day", numbers, "all")
    shell.linked("early_top", SHARES, "10")
    shell.linked("early_of", ("tier", "market"), "tier")
    with st.container(horizontal=True, gap="large", vertical_alignment="bottom"):
        if first < last:
            as_of = st.slider(t("early_as_of"), first, last, key=AS_OF, format="YYYY-MM-DD", width=340,
                              persist_state="session")  # fmt: skip
        else:
            as_of = last
        day = st.segmented_control(
            t("early_days"), numbers, format_func=lambda d: t("early_all") if d == "all" else d, key="early_day",
            required=True, persist_state="session",
        )  # fmt: skip
        with st.popover(t("early_hit_head"), icon=":material/star:"):
            share = st.segmented_control(
                t("early_share"), SHARES, format_func=lambda s: f"{s}%", key="early_top", required=True,
                persist_state="session",
            )  # fmt: skip
            of = st.segmented_control(
                t("early_of"), ("tier", "market"), format_func=lambda o: t(f"early_of_{o}"), key="early_of",
                required=True, persist_state="session",
            )  # fmt: skip
            st.caption(t("early_hit_help", few=early.FEW_IN_TIER))
        if as_of < last:
            st.button(t("early_to_newest"), icon=":material/update:", on_click=_go_to, args=[last], type="tertiary")
    if as_of < last:
        st.markdown(f":material/history: {t('early_replay', day=as_of.isoformat())}")
    for name, default in (("early_day", "all"), ("early_top", "10"), ("early_of", "tier")):
        shell.publish(name, default)
    if as_of == last:
        st.query_params.pop(AS_OF, None)
    elif st.query_params.get(AS_OF) != as_of.isoformat():
        st.query_params[AS_OF] = as_of.isoformat()
    reach: early.Reach = "market" if of == "market" else "tier"
    return as_of, int(day) if day and day != "all" else None, int(share or SHARES[2]) / 100, reach


def _link_date(first: date, last: date) -> None:
    """The date of the link on the first run, and within what there is on any."""
    held = st.session_state.get(AS_OF)
    if held is None:
        try:
            held = date.fromisoformat(st.query_params.get(AS_OF, ""))
        except ValueError:
            held = last
    st.session_state[AS_OF] = min(max(held, first), last)


def _go_to(day: date) -> None:
    st.session_state[AS_OF] = day


def _body(study: Study, cohort: Cohort, offered: tuple[Day, ...], seen: Look, day: int | None) -> None:
    places = seen.of_days(day)
    if not places.size:
        _nothing(study, offered, seen)
        return
    _figures(seen, places, day)
    heading = bool(np.isfinite(seen.middle[places]).any())
    if not heading:
        st.info(t("early_few", few=fan.FEWEST, day=seen.as_of.isoformat()), icon=":material/timeline:")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        view = early_lists.view() if heading else "all"  # nothing to draw on a map, nobody ahead or behind
        listed = early_lists.in_view(seen, places, view)
        shown = _shown(study, seen, listed if listed.size else places)
        early_lists.show(study, seen, listed, view, shown)
    with right:
        early_detail.show(study, seen, shown)
        _trust(study, seen, day)


def _nothing(study: Study, offered: tuple[Day, ...], seen: Look) -> None:
    """No video is under way: say so, and offer a day on which some were."""
    said = t("early_none", day=seen.as_of.isoformat(), horizon=seen.horizon_day)
    better = early.worth_replaying(offered)
    if better is None or better == seen.as_of:
        st.info(said, icon=":material/timeline:")
        return
    under_way = next(day.under_way for day in offered if day.date == better)
    st.info(f"{said} {t('early_offer', day=better.isoformat(), n=f'{under_way:,}')}", icon=":material/history:")
    st.button(
        t("early_do_replay", day=better.isoformat()), icon=":material/history:", type="primary", on_click=_go_to,
        args=[better], key="do-replay",
    )  # fmt: skip


def _figures(seen: Look, places: np.ndarray, day: int | None) -> None:
    hits, behind = (int((seen.heading[places] == heading).sum()) for heading in ("hit", "behind"))
    inside = _pooled(seen, day)[1]
    with st.container(horizontal=True, gap="large"):
        st.metric(t("early_under_way"), f"{len(places):,}", width="content")
        st.metric(t("early_hits"), f"{hits:,}", width="content", help=t("early_hits_help"))
        st.metric(t("early_behind"), f"{behind:,}", width="content", help=t("early_behind_help"))
        if not math.isnan(inside):
            st.metric(t("early_trust"), percent(inside), width="content", help=t("early_trust_help"))


def _pooled(seen: Look, day: int | None) -> tuple[int, float, float, float]:
    """Later videos and the shares of them inside 90% and 50%, and the typical miss; of all numbers of days together."""
    kept = [one for one in seen.coverage if one.videos and (day is None or one.day == day)]
    n = np.array([one.videos for one in kept], dtype=float)
    if not len(kept):
        return 0, math.nan, math.nan, math.nan

    def mean(name: str) -> float:
        return float(np.average([getattr(one, name) for one in kept], weights=n))

    return int(n.sum()), mean("in_90"), mean("in_50"), mean("miss")


def _shown(study: Study, seen: Look, places: np.ndarray) -> int:
    """The place of the video that is shown: that of the link or the last click, else the first."""
    name = early_lists.CHOSEN
    said = st.session_state.setdefault(name, st.query_params.get(name, ""))
    platform, _, video_id = said.partition(":")
    place = int(places[0])
    if video_id:
        row = asked.row_of(str(study.path), study.key, platform, video_id)
        found = np.flatnonzero(seen.row == row) if row is not None else np.empty(0)
        if found.size:
            place = int(found[0])
            st.query_params[name] = said
            return place
        st.caption(t("early_gone", day=seen.as_of.isoformat()))
    st.query_params.pop(name, None)
    return place


def _trust(study: Study, seen: Look, day: int | None) -> None:
    """How often bands of this kind held what came, on later videos."""
    n, most, half, miss = _pooled(seen, day)
    whose = {
        "whose": t("early_whose_cohort" if seen.of_cohort else "early_whose_market"),
        "finished": f"{len(seen.past):,}",
    }
    with st.container(border=True, key="card-trust"):
        if n:
            st.markdown(t("early_trusted", n=f"{n:,}", most=percent(most), half=percent(half),
                          miss=factor(math.exp(miss)), **whose))  # fmt: skip
        else:
            st.markdown(t("early_untrusted", **whose))
        st.caption(t("early_how", near=fan.NEIGHBOURS))
        told = [one for one in seen.coverage if one.videos]
        if told:
            with st.expander(t("early_by_days")):
                st.dataframe(
                    pd.DataFrame(
                        {
                            t("early_days"): [one.day for one in told],
                            t("early_col_later"): [one.videos for one in told],
                            t("early_col_inside"): [percent(one.in_90) for one in told],
                            t("early_col_inside_half"): [percent(one.in_50) for one in told],
                            t("early_col_miss"): [factor(math.exp(one.miss)) for one in told],
                        }
                    ),
                    hide_index=True,
                )


if shell.routed():
    page()
