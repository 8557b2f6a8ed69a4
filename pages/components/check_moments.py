"""The clip in time: frames, sound and text on one axis beside the player, and what one frame's places do."""

from typing import Any

import pandas as pd
import streamlit as st

from mtaf_core.charts import moments as charts
from mtaf_core.charts import theme as themes
from mtaf_core.charts.reasons import said
from mtaf_core.content.extract import Content
from mtaf_core.insight.case import Case
from mtaf_core.insight.salience import Heat, Picture, Seen, Sound
from mtaf_core.insight.salience import Moments as Shares
from mtaf_core.limits import WINDOW_S
from mtaf_core.schema import Modality
from mtaf_core.workspace import Workspace
from pages.components import candidate_form, clip_picker, figures, shell
from pages.components.clip_picker import Clip
from pages.components.words import language, t

_CHART, _MOMENT, _CHOSEN = "why-moments", "moment", "why_moment"


def chosen_second(clip: Clip) -> float | None:
    """The second of what is released that was clicked or that the link names (``?moment=7``); the link keeps it."""
    points = (st.session_state.get(_CHART) or {}).get("selection", {}).get("points", [])
    kept = st.session_state.get(_CHOSEN, (clip.content_hash, st.query_params.get(_MOMENT)))
    asked = points[0].get("x") if points else kept[1] if kept[0] == clip.content_hash else None
    try:
        second = float(asked) if asked is not None else None
    except ValueError:
        second = None
    take = candidate_form.take_of(clip.content_hash)
    if second is None or not 0 <= second < min(WINDOW_S, (take.end_s or WINDOW_S + take.start_s) - take.start_s):
        st.query_params.pop(_MOMENT, None)
        return None
    st.session_state[_CHOSEN] = (clip.content_hash, second)
    st.query_params[_MOMENT] = f"{int(second)}"
    return second


def chosen_frame(content: Content, second: float | None) -> int | None:
    """The sampled frame that stands for the chosen moment; None where none was chosen."""
    times = content.clip.frame_times_s if content.clip is not None else ()
    if second is None or not times or not times[0]:
        return None
    # Frames are the middles of equal stretches of what was read.
    return min(int(second / (2 * times[0])), len(times) - 1)


def card(
    box: Any, space: Workspace, clip: Clip | None, content: Content, case: Case, second: float | None
) -> "Moments | Place | None":
    """The card of what is in a clip, in ``box``; None where there are words alone."""
    if clip is None or content.clip is None:
        return None
    if content.clip.form == "picture":
        return Place(box)
    return Moments(box, space, clip, case, second, "why_in_song" if content.clip.form == "song" else "why_moments")


class Place:
    """The card of a picture: one frame, and what its places do."""

    def __init__(self, box: Any) -> None:
        with box.container(border=True, key="card-why-moments"):
            st.markdown(f"##### {t('why_in_picture')}", help=t("why_in_picture_help"), anchors=False)
            self._heat = st.empty()
        self._seen: Seen | None = None

    def take(self, stage: str, found: Any) -> None:
        """Draw what arrived."""
        if stage == "picture":
            self._seen = found.seen
        elif stage == "heat" and self._seen is not None:
            _places(self._heat, self._seen, found, None)

    def done(self) -> None:
        """Say so where there is nothing to draw."""
        if self._seen is None:
            self._heat.caption(t("why_no_clip"))


class Moments:
    """The card of the clip; drawn again with every reason that arrives.

    Parameters
    ----------
    box : DeltaGenerator
        An empty one.
    second : float or None
        The moment chosen.
    heading : str
        Key of its words.
    """

    def __init__(self, box: Any, space: Workspace, clip: Clip, case: Case, second: float | None, heading: str) -> None:
        self._case, self._second = case, second
        self._picture: Picture | None = None
        self._sound: Sound | None = None
        with box.container(border=True, key="card-why-moments"):
            st.markdown(f"##### {t(heading)}", help=t("why_moments_help"), anchors=False)
            player, axis = st.columns([0.42, 1], gap="small")
            with player:
                clip_picker.play(clip, space, at_s=0 if second is None else int(second))
            with axis:
                self._axis = st.empty()
            self._heat = st.empty()

    def take(self, stage: str, found: Any) -> None:
        """Draw what arrived."""
        if stage == "heat" and self._picture is not None:
            seen = self._picture.seen
            _places(self._heat, seen, found, float(seen.times_s[found.frame]))
        elif stage == "picture":
            self._picture = found
            self._timeline()
        elif stage == "sound":
            self._sound = found

    def done(self) -> None:
        """Say so where there is nothing to draw."""
        if self._picture is None and self._sound is None:
            self._axis.caption(t("why_no_clip"))
        elif self._picture is None:
            self._timeline()

    def _timeline(self) -> None:
        picture = _track(self._picture.moments) if self._picture else None
        sound = _track(self._sound.moments) if self._sound else None
        words = self._case.frame.facts["text"].iloc[0]
        contribution = self._case.contributions().get(Modality.TEXT)
        figure = charts.timeline(
            self._picture.seen.frames if self._picture else None,
            picture,
            self._sound.heard.envelope if self._sound else None,
            sound,
            (words, contribution) if words and contribution is not None else None,
            at_s=self._second,
            theme=shell.theme(),
            lang=language(),
        )
        with self._axis.container():
            figures.show(figure, _CHART, _rows(picture, sound), select=("points",))


def _places(box: Any, seen: Seen, heat: Heat, time_s: float | None) -> None:
    """The heat map over a frame; ``time_s`` None of a picture, which stands still."""
    figure = charts.heat_map(
        seen.frames[heat.frame], heat.cells, heat.window, time_s, theme=shell.theme(), lang=language()
    )
    with box.container():
        picture, words = st.columns([1, 1.3], gap="medium", vertical_alignment="center")
        with picture:
            figures.show(figure, "why-heat", None, heading=False)
        with words:
            st.markdown(themes.finding(figure))
            st.caption(t("why_heat_help"))


def _track(shares: Shares | None) -> charts.Track | None:
    if shares is None:
        return None
    width = float(shares.times_s[1] - shares.times_s[0]) if len(shares.times_s) > 1 else 1.0
    return charts.Track(shares.times_s.tolist(), shares.share.tolist(), shares.without.tolist(), width)


def _rows(picture: charts.Track | None, sound: charts.Track | None) -> pd.DataFrame:
    rows = [
        (t(f"stage_{name}"), round(time, 2), said(share), share, -without)
        for name, track in (("visual", picture), ("audio", sound))
        if track is not None
        for time, share, without in zip(track.times_s, track.share, track.without, strict=True)
    ]
    heads = ("why_col_kind", "why_col_second", "why_col_factor", "why_col_log", "why_col_without")
    return pd.DataFrame(rows, columns=[t(head) for head in heads])
