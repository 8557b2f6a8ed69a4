"""What the trees would forecast with another value: individual lines (ICE) and their mean (partial dependence)."""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mtaf_core.charts import factors
from mtaf_core.charts.axes import ValueAxis
from mtaf_core.charts.importance import LIBRARY
from mtaf_core.charts.numbers import factor
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.values import column_label
from mtaf_core.charts.words import Language, say

LINES = 50
"""Lines drawn, of the videos asked about."""


class Partials(Protocol):
    """What the chart needs to know; `mtaf_core.study.partial.Partial` is one."""

    @property
    def column(self) -> str: ...
    @property
    def grid(self) -> NDArray[np.float64]: ...
    @property
    def ice(self) -> Mapping[Any, NDArray[np.float64]]: ...
    @property
    def deciles(self) -> NDArray[np.float64]: ...
    @property
    def both(self) -> NDArray[np.float64]: ...


def partial_chart(found: Partials, axis: ValueAxis, *, theme: Theme = LIGHT, lang: Language = "en") -> go.Figure:
    """Factors of the forecast along a grid of values, beside the forecast with each video's own value.

    Returns
    -------
    Figure
        Traces ``videos`` (lines, or boxes at words), the mean of each library by its key, and ``tenths`` where the
        column is a number. Outside the middle 80% of videos the ground is shaded.
    """
    figure = go.Figure()
    both, x = found.both, axis.place(found.grid)
    shown = both[np.linspace(0, len(both) - 1, min(LINES, len(both))).astype(int)]
    if axis.names:
        _boxes(figure, both, x, theme)
    else:
        _lines(figure, shown, x, theme)
    means = {library: ice.mean(axis=0) for library, ice in found.ice.items()}
    _means(figure, means, found, axis, x, theme, lang)
    spread = np.quantile(shown, [0.02, 0.98])
    low = float(min(spread[0], *(mean.min() for mean in means.values())))
    high = float(max(spread[1], *(mean.max() for mean in means.values())))
    if len(found.deciles) and not axis.names:
        _bulk(figure, found, axis, low, theme, lang)
    mean = both.mean(axis=0)
    told = np.arange(len(mean))
    if len(found.deciles):  # beyond the middle 80% the models extrapolate
        inside = (found.grid >= found.deciles[0]) & (found.grid <= found.deciles[-1])
        told = told[inside] if inside.any() else told
    best, worst = int(told[mean[told].argmax()]), int(told[mean[told].argmin()])
    label = column_label(found.column, lang)
    said = {"label": label, "low": axis.said(found.grid[worst]), "high": axis.said(found.grid[best]),
            "ratio": factor(float(np.exp(mean[best] - mean[worst])))}  # fmt: skip
    flat = mean[best] - mean[worst] < np.log(1.02)
    return finish(
        figure, theme=theme, finding=say(lang, "partial_flat" if flat else "partial_finding", **said),
        alt=say(lang, "partial_alt", n=f"{len(both):,}", **said), height=400,
        xaxis=axis.layout(float(found.grid.min()), float(found.grid.max())),
        yaxis=factors.axis(low, high, say(lang, "partial_axis")),
        showlegend=True, legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
    )  # fmt: skip


def _lines(figure: go.Figure, shown: NDArray[np.float64], x: NDArray[np.float64], theme: Theme) -> None:
    gap = np.full((len(shown), 1), np.nan)
    figure.add_scatter(
        name="videos", x=np.tile(np.append(x, np.nan), len(shown)), y=np.hstack([shown, gap]).ravel(), mode="lines",
        line={"color": theme.muted, "width": 0.8}, opacity=0.35, hoverinfo="skip", showlegend=False,
    )  # fmt: skip


def _boxes(figure: go.Figure, both: NDArray[np.float64], x: NDArray[np.float64], theme: Theme) -> None:
    """At words lines mean nothing: the middle 80% of the videos at each, as a bar."""
    low, high = np.quantile(both, [0.1, 0.9], axis=0)
    figure.add_bar(
        name="videos", x=x, y=high - low, base=low, width=0.5, marker={"color": theme.neutral, "opacity": 0.7},
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip


def _means(
    figure: go.Figure, means: Mapping[Any, NDArray[np.float64]], found: Partials, axis: ValueAxis,
    x: NDArray[np.float64], theme: Theme, lang: Language,
) -> None:  # fmt: skip
    hues = dict(zip(means, list(theme.modality.values())[:2], strict=False))
    for number, (library, mean) in enumerate(means.items()):
        figure.add_scatter(
            name=LIBRARY[library], x=x + (0.08 * (2 * number - 1) if axis.names else 0.0), y=mean,
            mode="markers" if axis.names else "lines+markers",
            line={"color": hues[library], "width": 2.5, "dash": "solid" if number == 0 else "dot"},
            marker={"color": hues[library], "size": 9 if axis.names else 4},
            customdata=[
                say(lang, "partial_hover", library=LIBRARY[library], value=axis.said(v), factor=factor(np.exp(m)))
                for v, m in zip(found.grid, mean, strict=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip


def _bulk(figure: go.Figure, found: Partials, axis: ValueAxis, bottom: float, theme: Theme, lang: Language) -> None:
    """The tenths of the videos as a rug, and shade where only a tenth of them lies on either side."""
    tenths = axis.place(found.deciles)
    ends = axis.place([found.grid.min(), found.grid.max()])
    for start, end in ((ends[0], tenths[0]), (tenths[-1], ends[1])):
        if end > start:
            figure.add_vrect(x0=start, x1=end, fillcolor=theme.neutral, opacity=0.28, line_width=0, layer="below")
    figure.add_scatter(
        name="tenths", x=tenths, y=[bottom] * len(tenths), mode="markers", showlegend=False,
        marker={"symbol": "line-ns-open", "size": 11, "color": theme.muted, "line": {"width": 1.5}},
        customdata=[
            say(lang, "axis_tenth", share=f"{10 * (i + 1)}%", value=axis.said(v)) for i, v in enumerate(found.deciles)
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
