"""How a fact's effect goes with its value: SHAP values as factors of popularity, coloured by what changes them most."""

from typing import Protocol

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mtaf_core.charts import factors
from mtaf_core.charts.axes import ValueAxis
from mtaf_core.charts.numbers import factor
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.values import column_label
from mtaf_core.charts.words import Language, say

MOST_NAMES = 5
"""Words, the most frequent, that have a colour of their own."""


class Dependent(Protocol):
    """What the plot needs to know; `mtaf_core.study.dependence.Dependence` is one."""

    @property
    def column(self) -> str: ...
    @property
    def row(self) -> NDArray[np.int64]: ...
    @property
    def values(self) -> NDArray[np.float64]: ...
    @property
    def effect(self) -> NDArray[np.float64]: ...
    @property
    def other(self) -> str: ...
    @property
    def other_values(self) -> NDArray[np.float64]: ...
    @property
    def trend_values(self) -> NDArray[np.float64]: ...
    @property
    def trend(self) -> NDArray[np.float64]: ...
    @property
    def trend_low(self) -> NDArray[np.float64]: ...
    @property
    def trend_high(self) -> NDArray[np.float64]: ...
    @property
    def known(self) -> int: ...


def dependence_chart(
    found: Dependent, axis: ValueAxis, other: ValueAxis | None, *, theme: Theme = LIGHT, lang: Language = "en"
) -> go.Figure:
    """Every video's SHAP value against its value, with the mean by bins of values.

    Parameters
    ----------
    axis, other : ValueAxis
        Of the column, and of the one that colours; None where none does.

    Returns
    -------
    Figure
        Traces of points (``customdata`` begins with the row of the panel), the rug of deciles, and the mean ``trend``.
    """
    if not len(found.values):
        return finish(go.Figure(), theme=theme, finding=say(lang, "empty"), alt=say(lang, "empty"), height=120)
    figure = go.Figure()
    _points(figure, found, axis, other, theme, lang)
    bottom = float(min(found.effect.min(), -0.08))
    _rug(figure, found, axis, bottom, theme, lang)
    _mean(figure, found, axis, theme, lang)
    low, high = float(found.values.min()), float(found.values.max())
    spread = say(lang, "dependence_range", low=factor(np.exp(found.trend.min())), high=factor(np.exp(found.trend.max()))
                 ) if len(found.trend) else say(lang, "dependence_few")  # fmt: skip
    label = column_label(found.column, lang)
    coloured = say(lang, "dependence_coloured", other=column_label(found.other, lang)) if found.other else ""
    return finish(
        figure, theme=theme, finding=say(lang, "dependence_finding", label=label, spread=spread),
        alt=say(lang, "dependence_alt", label=label, n=f"{len(found.values):,}", spread=spread) + coloured,
        height=400, xaxis=axis.layout(low, high),
        yaxis=factors.axis(bottom, float(found.effect.max()), say(lang, "effect_axis")),
        showlegend=bool(other and other.names), dragmode="select",
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "itemsizing": "constant",
                "title": {"text": other.label if other else ""}},
    )  # fmt: skip


def _points(
    figure: go.Figure, found: Dependent, axis: ValueAxis, other: ValueAxis | None, theme: Theme, lang: Language
) -> None:
    """The videos: one trace coloured by a number, one trace a word, or all in one colour."""
    x = axis.place(found.values)
    if axis.names:  # videos with one value would lie on one line
        x = x + np.random.default_rng(0).uniform(-0.3, 0.3, len(x))
    custom = np.array(
        [[int(row), _hover(v, e, o, axis, other, lang)] for row, v, e, o in zip(
            found.row, found.values, found.effect, found.other_values, strict=True)], dtype=object,
    )  # fmt: skip
    draw: dict[str, object] = {"mode": "markers", "hovertemplate": "%{customdata[1]}<extra></extra>"}
    if other is None:
        marker = {"color": theme.accent, "size": 5, "opacity": 0.5}
        figure.add_scatter(name="videos", x=x, y=found.effect, customdata=custom, marker=marker, **draw)
    elif other.names:
        hues = list(theme.modality.values())
        codes = found.other_values
        named = sorted(set(codes[~np.isnan(codes)].astype(int)))
        if len(named) > MOST_NAMES:
            named = sorted(named, key=lambda code: -int((codes == code).sum()))[: MOST_NAMES - 1]
        parts = [(other.said(code), codes == code, hues[i % len(hues)]) for i, code in enumerate(named)]
        rest = ~np.isin(codes, named)
        parts.append((say(lang, "dependence_others"), rest, theme.neutral))
        for name, inside, colour in parts:
            if inside.any():
                marker = {"color": colour, "size": 5, "opacity": 0.65}
                figure.add_scatter(
                    name=name, x=x[inside], y=found.effect[inside], customdata=custom[inside], marker=marker, **draw
                )
    else:
        _by_number(figure, found, x, custom, other, theme, draw)


def _by_number(
    figure: go.Figure, found: Dependent, x: NDArray[np.float64], custom: NDArray[np.object_], other: ValueAxis,
    theme: Theme, draw: dict[str, object],
) -> None:  # fmt: skip
    """Points coloured by the rank of another number, so that a few huge values do not take the whole scale."""
    known = ~np.isnan(found.other_values)
    order = np.argsort(np.argsort(found.other_values[known], kind="stable"), kind="stable")
    shade = order / max(known.sum() - 1, 1)
    ends = np.quantile(found.other_values[known], [0.1, 0.5, 0.9], method="inverted_cdf")
    blue, amber, *_ = theme.modality.values()
    marker = {
        "color": shade, "colorscale": [[0, blue], [0.5, theme.neutral], [1, amber]], "cmin": 0, "cmax": 1, "size": 5,
        "opacity": 0.75,
        "colorbar": {
            "title": {"text": other.label, "side": "top", "font": {"size": 12, "color": theme.muted}},
            "orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom", "thickness": 8, "len": 0.6,
            "tickvals": [0.1, 0.5, 0.9], "ticktext": [other.said(end) for end in ends], "outlinewidth": 0,
            "tickfont": {"size": 11, "color": theme.muted},
        },
    }  # fmt: skip
    if (~known).any():
        grey = {"color": theme.neutral, "size": 5, "opacity": 0.6}
        figure.add_scatter(
            name="unknown", x=x[~known], y=found.effect[~known], customdata=custom[~known], marker=grey, **draw
        )
    figure.add_scatter(
        name="videos", x=x[known], y=found.effect[known], customdata=custom[known], marker=marker, **draw
    )


def _hover(value: float, effect: float, its: float, axis: ValueAxis, other: ValueAxis | None, lang: Language) -> str:
    said = f"{axis.label}: <b>{axis.said(value)}</b><br>" + say(lang, "dependence_hover", factor=factor(np.exp(effect)))
    return said if other is None else f"{said}<br>{other.label}: {other.said(its)}"


def _rug(figure: go.Figure, found: Dependent, axis: ValueAxis, bottom: float, theme: Theme, lang: Language) -> None:
    """Where the tenths of the videos lie, so that one sees what few videos say."""
    if axis.names:
        return
    tenths = np.quantile(found.values, np.arange(1, 10) / 10, method="inverted_cdf")
    figure.add_scatter(
        name="tenths", x=axis.place(tenths), y=[bottom] * 9, mode="markers", showlegend=False,
        marker={"symbol": "line-ns-open", "size": 11, "color": theme.muted, "line": {"width": 1.5}},
        customdata=[
            say(lang, "axis_tenth", share=f"{10 * (i + 1)}%", value=axis.said(v)) for i, v in enumerate(tenths)
        ],
        hovertemplate="%{customdata}<extra></extra>", selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )  # fmt: skip


def _mean(figure: go.Figure, found: Dependent, axis: ValueAxis, theme: Theme, lang: Language) -> None:
    """The mean with its interval: a line along numbers, marks at words."""
    named = bool(axis.names)
    wide = min(26, 240 / max(len(found.trend), 1))
    figure.add_scatter(
        name="trend", x=axis.place(found.trend_values), y=found.trend, mode="markers" if named else "lines+markers",
        line={"color": theme.ink, "width": 2}, showlegend=False,
        marker={"color": theme.ink, "size": wide if named else 4, "symbol": "line-ew-open" if named else "circle",
                "line": {"width": 3 if named else 0}},
        error_y={"type": "data", "symmetric": False, "array": found.trend_high - found.trend,
                 "arrayminus": found.trend - found.trend_low, "color": theme.ink, "thickness": 1, "width": 0},
        customdata=[
            say(lang, "dependence_trend", value=axis.said(v), factor=factor(np.exp(m)), low=factor(np.exp(a)),
                high=factor(np.exp(b)))
            for v, m, a, b in zip(found.trend_values, found.trend, found.trend_low, found.trend_high, strict=True)
        ],
        hovertemplate="%{customdata}<extra></extra>", selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )  # fmt: skip
