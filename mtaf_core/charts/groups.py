"""The values of a category: how many videos have each, and how popular those are, with intervals."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from mtaf_core.charts import factors
from mtaf_core.charts.numbers import factor, percent
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.values import column_label, value_label
from mtaf_core.charts.words import Language, say

MOST = 24
"""Groups drawn; the rest are in the table."""
_MOST_TICKS = 5


class Effects(Protocol):
    """Effects of G groups in natural-log units with the ends of their intervals; `clear` where the sign is."""

    @property
    def effect(self) -> NDArray[np.float64]: ...
    @property
    def low(self) -> NDArray[np.float64]: ...
    @property
    def high(self) -> NDArray[np.float64]: ...
    @property
    def clear(self) -> NDArray[np.bool_]: ...


class Groups(Protocol):
    """What `groups_chart` needs; `mtaf_core.study.popularity.Popularity` is one."""

    @property
    def column(self) -> str: ...
    @property
    def words(self) -> Sequence[str | None]: ...
    @property
    def videos(self) -> NDArray[np.int64]: ...
    @property
    def kols(self) -> NDArray[np.int64]: ...
    @property
    def scored(self) -> NDArray[np.int64]: ...
    @property
    def effects(self) -> Effects: ...
    @property
    def adjusted(self) -> bool: ...


def groups_chart(groups: Groups, *, theme: Theme = LIGHT, lang: Language = "en") -> go.Figure:
    """Bars of counts, and beside them a dot with its interval: popularity as a multiple of the typical video's.

    Parameters
    ----------
    groups : Groups
        In the order drawn, from the top; at most `MOST` are.

    Returns
    -------
    Figure
        Traces ``videos`` (bars) and ``popularity`` (dots at natural logs, read as factors; hollow where the
        difference could be chance).
    """
    held = groups.videos[:MOST]
    names = [value_label(groups.column, word, lang) for word in groups.words[:MOST]]
    place = np.arange(len(held))[::-1]
    figure = make_subplots(cols=2, shared_yaxes=True, horizontal_spacing=0.04, column_widths=[0.42, 0.58])
    everything = max(int(groups.videos.sum()), 1)
    figure.add_bar(
        name="videos", x=held, y=place, orientation="h", marker={"color": theme.accent_soft, "line": {"width": 0}},
        customdata=[
            say(lang, "category_count_hover", word=name, n=f"{n:,}", share=percent(n / everything))
            for name, n in zip(names, held, strict=True)
        ],
        hovertemplate="%{customdata}<extra></extra>", row=1, col=1,
    )  # fmt: skip
    known = np.flatnonzero((groups.scored[:MOST] > 0) & np.isfinite(groups.effects.low[:MOST]))
    effect, low, high = (a[:MOST][known] for a in (groups.effects.effect, groups.effects.low, groups.effects.high))
    clear = groups.effects.clear[:MOST][known]
    figure.add_scatter(
        name="popularity", x=effect, y=place[known], mode="markers",
        marker={
            "size": 10, "symbol": np.where(clear, "circle", "circle-open").tolist(),
            "color": theme.accent, "line": {"color": theme.accent, "width": 2},
        },
        error_x={
            "type": "data", "symmetric": False, "array": high - effect, "arrayminus": effect - low,
            "color": theme.accent, "thickness": 1.5, "width": 0,
        },
        customdata=[
            say(lang, "category_effect_hover", word=names[at], factor=_times(effect[i]), low=_times(low[i]),
                high=_times(high[i]), n=f"{groups.scored[at]:,}", kols=f"{groups.kols[at]:,}",
                clear=say(lang, "is_clear" if clear[i] else "is_unclear"))
            for i, at in enumerate(known)
        ],
        hovertemplate="%{customdata}<extra></extra>", row=1, col=2,
    )  # fmt: skip
    figure.add_vline(x=0.0, line={"color": theme.muted, "width": 1, "dash": "dot"}, row=1, col=2)
    _axes(figure, names, place, (low, high), groups, lang)
    said = ". ".join(
        say(lang, "category_one_group", word=names[at], n=f"{held[at]:,}", factor=_times(effect[i]))
        for i, at in enumerate(known)
    )
    by = column_label(groups.column, lang)
    return finish(
        figure, theme=theme, finding=_finding(groups, lang), alt=say(lang, "category_alt", by=by, groups=said),
        height=96 + 26 * len(held),
    )  # fmt: skip


def _axes(
    figure: go.Figure, names: list[str], place: NDArray[np.int64], ends: tuple[np.ndarray, np.ndarray], groups: Groups,
    lang: Language,
) -> None:  # fmt: skip
    figure.update_yaxes(tickvals=place, ticktext=[name[:18] for name in names], showgrid=False, zeroline=False)
    figure.update_yaxes(range=[-0.6, len(names) - 0.4])
    figure.update_xaxes(title={"text": say(lang, "category_count_axis")}, nticks=4, row=1, col=1)
    low, high = (float(ends[0].min()), float(ends[1].max())) if len(ends[0]) else (0.0, 0.0)
    title = say(lang, "category_effect_axis_net" if groups.adjusted else "category_effect_axis")
    figure.update_xaxes(**factors.axis(low, high, title, _MOST_TICKS), row=1, col=2)


def _times(log_effect: float) -> str:
    return factor(float(np.exp(log_effect)))


def _finding(groups: Groups, lang: Language) -> str:
    """The clearest of what is clear: the group that is most popular, else the one that is least."""
    by = column_label(groups.column, lang)
    if len(groups.words) < 2:
        return say(lang, "category_one", by=by)
    effect = np.where(groups.effects.clear, groups.effects.effect, 0.0)
    best, worst = int(np.argmax(effect)), int(np.argmin(effect))
    for at, key in ((best, "category_clear"), (worst, "category_clear_low")):
        if effect[at]:
            word = value_label(groups.column, groups.words[at], lang)
            return say(lang, key, by=by, top=word, factor=_times(effect[at]))
    return say(lang, "category_unclear", by=by)
