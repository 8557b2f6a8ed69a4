"""Forecasts of many releases below each other, a dot each with its range, and how many cannot be told apart."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from mtaf_core.charts.numbers import compact
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, say

_ROW_PX = 26
_NAME_CHARS = 26
_MARKS = [0, *(step * 10**power for power in range(13) for step in (1, 3))]


def together(low: ArrayLike, high: ArrayLike) -> int:
    """How many of the first, ranked from the highest, cannot be told apart: their ranges reach into the first's.

    The first itself counts; what comes behind one that can be told apart does not.
    """
    lowest = float(np.asarray(low, dtype=float)[0])
    apart = np.flatnonzero(np.asarray(high, dtype=float) < lowest)
    return int(apart[0]) if len(apart) else len(np.asarray(high))


def ranking_chart(
    names: Sequence[str], score: ArrayLike, low: ArrayLike, high: ArrayLike, median: float, total: int,
    *, theme: Theme = LIGHT, lang: Language = "en",
) -> go.Figure:  # fmt: skip
    """The first of a ranking.

    Parameters
    ----------
    names : sequence of str, n
        The best first.
    score, low, high : array_like of float, (n,)
        On the natural scale.
    median : float
        Of all that were ranked, drawn as a line.
    total : int
        How many were ranked.

    Returns
    -------
    Figure
        The trace ``forecast`` can be selected; the ``customdata`` of a point is its place from 0.
    """
    score, low, high = (np.asarray(part, dtype=float) for part in (score, low, high))
    n, same = len(names), together(low, high)
    rows = list(range(n))
    place = np.log1p(score)
    figure = go.Figure()
    shape = {"color": [theme.accent if row < same else theme.neutral for row in rows], "size": 11}
    figure.add_scatter(
        x=place, y=rows, mode="markers", name="forecast", marker=shape, customdata=rows, hoverinfo="text",
        error_x={
            "type": "data", "symmetric": False, "array": np.log1p(high) - place, "arrayminus": place - np.log1p(low),
            "color": theme.muted, "thickness": 1.5, "width": 0,
        },
        hovertext=[
            say(lang, "ranking_hover", rank=row + 1, name=name, score=compact(s, lang), low=compact(a, lang),
                high=compact(b, lang))
            for row, name, s, a, b in zip(rows, names, score, low, high, strict=True)
        ],
    )  # fmt: skip
    # A click chooses a row; it does not make the others matter less.
    figure.update_traces(unselected={"marker": {"opacity": 1}}, selected={"marker": {"opacity": 1}})
    figure.add_vline(x=float(np.log1p(median)), line={"color": theme.muted, "width": 1, "dash": "dot"})
    figure.add_annotation(
        x=float(np.log1p(median)), y=1, yref="paper", yanchor="bottom", xanchor="center",
        text=say(lang, "ranking_median", score=compact(median, lang)),
    )  # fmt: skip
    ends = (float(low.min()), float(high.max()))
    marks = [mark for mark in _MARKS if ends[0] <= mark <= ends[1]] or [float(score[0])]
    found = _found(names, same, n, total, lang)
    return finish(
        figure, theme=theme, finding=found, height=70 + _ROW_PX * max(n, 3),
        alt=say(lang, "ranking_alt", n=n, finding=found), margin={"l": 8, "r": 16, "t": 24, "b": 8},
        xaxis={"tickvals": np.log1p(marks).tolist(), "ticktext": [compact(m, lang) for m in marks], "zeroline": False,
               "title": {"text": say(lang, "score")}, "fixedrange": True},
        yaxis={"tickvals": rows, "ticktext": [f"{row + 1}. {_short(name)}" for row, name in enumerate(names)],
               "range": [n - 0.4, -0.6], "showgrid": False, "zeroline": False, "fixedrange": True},
        clickmode="event+select", dragmode=False,
    )  # fmt: skip


def _found(names: Sequence[str], same: int, n: int, total: int, lang: Language) -> str:
    if total == 1:
        return say(lang, "ranking_one", name=_short(names[0]))
    if same == 1:
        return say(lang, "ranking_clear", name=_short(names[0]))
    if same == n == total:
        return say(lang, "ranking_none", n=n)
    if same == n:
        return say(lang, "ranking_shown", n=n)
    return say(lang, "ranking_first", n=same)


def _short(name: str) -> str:
    return name if len(name) <= _NAME_CHARS else f"{name[: _NAME_CHARS - 1]}…"
