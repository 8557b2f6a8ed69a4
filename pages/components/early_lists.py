"""Videos under way as a map or as lists; a click chooses the one that is shown in full."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from mtaf_core.charts.early import outlook_chart
from mtaf_core.study.early import Look
from mtaf_core.study.market import Study
from pages.components import early_asked as asked
from pages.components import figures, shell
from pages.components.words import language, t

VIEWS = ("map", "hit", "behind", "all")
LISTED = 200
CHOSEN = "early_video"
"""Key, and parameter of the link, of the video shown: its platform and id with a colon between."""
_CHARS = 60


def view() -> str:
    """The map, or one of the lists: as a person chooses."""
    shell.linked("early_view", VIEWS, "map")
    chosen = st.segmented_control(
        t("early_view"), VIEWS, format_func=lambda v: t(f"early_view_{v}"), key="early_view", required=True,
        persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    shell.publish("early_view", "map")
    return chosen or "map"


def in_view(seen: Look, places: np.ndarray, view: str) -> np.ndarray:
    """The places that a view shows, in its order: what falls behind, the farthest first; else the likeliest hits."""
    if view in ("map", "all"):
        return places
    own = places[seen.heading[places] == view]
    if view == "behind":
        own = own[np.argsort((seen.middle[own] + 1) / (seen.expected[own] + 1), kind="stable")]
    return own


def show(study: Study, seen: Look, listed: np.ndarray, view: str, shown: int) -> None:
    """The map or the list, of the places that `in_view` gave."""
    with st.container(border=True, key="card-under-way"):
        if view == "map":
            _map(study, seen, listed, shown)
        else:
            _list(study, seen, listed, view)


def choose(platform: str, video_id: str) -> None:
    """Show another video; from a callback."""
    st.session_state[CHOSEN] = f"{platform}:{video_id}"


def _map(study: Study, seen: Look, places: np.ndarray, shown: int) -> None:
    drawn = asked.drawn(places)
    videos = asked.details(str(study.path), study.key, tuple(int(row) for row in seen.row[drawn]))
    names = [_name(video) for video in videos]
    figure = outlook_chart(seen, drawn, names, shown=shown, theme=shell.theme(), lang=language())
    rows = _table(seen, drawn, videos)
    selected = figures.show(figure, "outlook", rows, select=("points",))
    st.caption(t("early_pick") + (f" {t('early_sampled', n=f'{len(drawn):,}', of=f'{len(places):,}')}"
                                  if len(drawn) < len(places) else ""))  # fmt: skip
    for point in selected["points"]:
        held = point.get("customdata")
        place = int(held[0] if isinstance(held, list | tuple) else held) if held is not None else shown
        if place != st.session_state.get("early_clicked") and 0 <= place < len(seen.row):
            st.session_state["early_clicked"] = place
            video = videos[int(np.flatnonzero(drawn == place)[0])]
            choose(video["platform"], video["video_id"])
            st.rerun()
        return
    st.session_state.pop("early_clicked", None)


def _list(study: Study, seen: Look, own: np.ndarray, view: str) -> None:
    if not own.size:
        st.info(t(f"early_list_empty_{view}"), icon=":material/sentiment_neutral:")
        return
    listed = own[:LISTED]
    videos = asked.details(str(study.path), study.key, tuple(int(row) for row in seen.row[listed]))
    rows = _table(seen, listed, videos)
    key = f"early-list-{view}"

    def take() -> None:
        picked = st.session_state[key]["selection"]["rows"]
        if picked:
            choose(videos[picked[0]]["platform"], videos[picked[0]]["video_id"])

    st.dataframe(
        rows[_order(view)],
        hide_index=True,
        key=key,
        on_select=take,
        selection_mode="single-row",
        column_config=_columns(),
        height=560,
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        n, of = f"{len(listed):,}", f"{len(own):,}"
        st.caption(t("early_pick_row") + (f" {t('early_listed', n=n, of=of)}" if len(listed) < len(own) else ""))
        figures.csv_button(rows.drop(columns=[t("early_col_curve")]), f"early-{view}")


def _name(video: dict[str, object]) -> str:
    text = " ".join(str(video["description"] or "").split())
    short = text[:_CHARS] + ("…" if len(text) > _CHARS else "")
    return (
        f"<b>{_safe(str(video['name'] or '–'))}</b><br>{_safe(short)}"
        if short
        else f"<b>{_safe(str(video['name']))}</b>"
    )


def _safe(text: str) -> str:
    """Words of others in a hover label, which reads a few tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _table(seen: Look, places: np.ndarray, videos: list[dict[str, object]]) -> pd.DataFrame:
    now = seen.scores[places, seen.observed[places] - 1]
    return pd.DataFrame(
        {
            t("early_col_kol"): [video["name"] for video in videos],
            t("early_col_what"): [" ".join(str(video["description"] or "").split())[:_CHARS] for video in videos],
            t("early_col_tier"): [t(f"tier_{video['tier']}") for video in videos],
            t("early_col_day"): seen.observed[places],
            t("early_col_curve"): [[v for v in row if np.isfinite(v)] for row in seen.scores[places]],
            t("early_col_now"): now.round(0),
            t("early_col_heading"): seen.middle[places].round(0),
            t("early_col_low"): seen.low[places].round(0),
            t("early_col_high"): seen.high[places].round(0),
            t("early_col_expected"): seen.expected[places].round(0),
            t("early_col_against"): (seen.middle[places] + 1) / (seen.expected[places] + 1),
            t("early_col_hit"): 100 * seen.hit[places],
            t("early_col_below"): 100 * seen.behind[places],
        }
    )


def _order(view: str) -> list[str]:
    """The columns of a list, what it is about first."""
    telling = ("below", "against") if view == "behind" else ("hit", "against")
    rest = ("what", "day", "curve", "now", "heading", "expected", "low", "high", "tier", "hit", "below")
    return [t(f"early_col_{name}") for name in dict.fromkeys(("kol", *telling, *rest))]


def _columns() -> dict[str, Any]:
    chances = ("early_col_hit", "early_col_below")
    counts = ("early_col_now", "early_col_heading", "early_col_low", "early_col_high", "early_col_expected")
    config = st.column_config
    return {
        t("early_col_kol"): config.TextColumn(pinned=True, width="small"),
        t("early_col_what"): config.TextColumn(width="medium"),
        t("early_col_curve"): config.LineChartColumn(width="small", y_min=0),
        t("early_col_against"): config.NumberColumn(format="×%.2f"),
        **{t(name): config.NumberColumn(format="compact") for name in counts},
        **{t(name): config.ProgressColumn(format="%.0f%%", min_value=0, max_value=100) for name in chances},
    }
