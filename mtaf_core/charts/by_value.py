"""What was observed along a fact, over how many videos have each value."""

from typing import Protocol

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from mtaf_core.charts import factors
from mtaf_core.charts.axes import ValueAxis
from mtaf_core.charts.numbers import factor, percent
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.values import column_label
from mtaf_core.charts.words import Language, say


class Observed(Protocol):
    """What the chart needs to know; `mtaf_core.study.by_value.ByValue` is one."""

    @property
    def column(self) -> str: ...
    @property
    def binned(self) -> bool: ...
    @property
    def low(self) -> NDArray[np.float64]: ...
    @property
    def high(self) -> NDArray[np.float64]: ...
    @property
    def n(self) -> NDArray[np.int64]: ...
    @property
    def scored(self) -> NDArray[np.int64]: ...
    @property
    def mean(self) -> NDArray[np.float64]: ...
    @property
    def mean_low(self) -> NDArray[np.float64]: ...
    @property
    def mean_high(self) -> NDArray[np.float64]: ...
    @property
    def clear(self) -> NDArray[np.bool_]: ...
    @property
    def known(self) -> int: ...


def by_value_chart(
    found: Observed, axis: ValueAxis, credited: NDArray[np.float64], *, theme: Theme = LIGHT, lang: Language = "en"
) -> go.Figure:
    """Popularity by value, as a factor of all videos', over the number of videos; and what the models credit to it.

    Parameters
    ----------
    credited : (b,)
        Mean SHAP value of the videos of each bin or value, NaN where too few are explained.

    Returns
    -------
    Figure
        Traces ``observed`` with 90% intervals, ``credited``, and ``videos`` (bars) under them.
    """
    if not len(found.n):
        return finish(go.Figure(), theme=theme, finding=say(lang, "empty"), alt=say(lang, "empty"), height=120)
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.72, 0.28], vertical_spacing=0.04)
    left, right = axis.place(found.low), axis.place(found.high)
    x = (left + right) / 2
    names = [value_name(a, b, axis) for a, b in zip(found.low, found.high, strict=True)]
    _observed(figure, found, x, names, theme, lang)
    figure.add_scatter(
        name=say(lang, "by_value_credited"), x=x, y=credited, mode="markers" if axis.names else "lines+markers",
        line={"color": theme.accent, "width": 2}, connectgaps=False,
        marker={"color": theme.accent, "symbol": "diamond-open", "size": 8, "line": {"width": 2}},
        customdata=[say(lang, "by_value_credited_hover", value=name, factor=factor(np.exp(c))) if np.isfinite(c) else ""
                    for name, c in zip(names, credited, strict=True)],
        hovertemplate="%{customdata}<extra></extra>", row=1, col=1,
    )  # fmt: skip
    width = np.maximum(right - left, 0.0) if found.binned else np.full(len(x), 0.8)
    if found.binned:
        width = np.maximum(width, 0.004 * (right.max() - left.min()))
    elif not axis.names:
        width = np.full(len(x), 0.7 * (float(np.diff(np.sort(x)).min()) if len(x) > 1 else 1.0))
    figure.add_bar(
        name="videos", x=x, y=found.n / (width if found.binned else 1.0), width=width, showlegend=False,
        marker={"color": theme.accent_soft, "line": {"width": 1 if found.binned else 0, "color": theme.card}},
        customdata=[say(lang, "by_value_n", value=name, n=f"{n:,}", share=percent(n / found.known)) for name, n in zip(
            names, found.n, strict=True)],
        hovertemplate="%{customdata}<extra></extra>", row=2, col=1,
    )  # fmt: skip
    ends = np.concatenate([found.mean_low, found.mean_high, credited])
    ends = ends[np.isfinite(ends)] if np.isfinite(ends).any() else np.zeros(1)
    said, label = _finding(found, names, lang), column_label(found.column, lang)
    finish(
        figure, theme=theme, finding=said, height=400, showlegend=True,
        alt=say(lang, "by_value_alt", label=label, n=f"{found.known:,}", finding=said),
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
    )  # fmt: skip
    figure.update_yaxes(factors.axis(float(ends.min()), float(ends.max()), say(lang, "by_value_axis")), row=1, col=1)
    count = {"title": {"text": say(lang, "by_value_density" if found.binned else "by_value_videos")}, "nticks": 3}
    figure.update_yaxes(count | {"showticklabels": not found.binned}, row=2, col=1)
    layout = axis.layout(float(found.low.min()), float(found.high.max()))
    figure.update_xaxes(layout, row=2, col=1)
    figure.update_xaxes({**layout, "title": {"text": ""}, "showticklabels": False}, row=1, col=1)
    return figure


def _observed(
    figure: go.Figure, found: Observed, x: NDArray[np.float64], names: list[str], theme: Theme, lang: Language
) -> None:
    figure.add_scatter(
        name=say(lang, "by_value_observed"), x=x, y=found.mean, mode="markers", marker={"color": theme.ink, "size": 7},
        error_y={"type": "data", "symmetric": False, "array": found.mean_high - found.mean,
                 "arrayminus": found.mean - found.mean_low, "color": theme.ink, "thickness": 1.2, "width": 3},
        customdata=[
            say(lang, "by_value_hover", value=name, factor=factor(np.exp(m)), low=factor(np.exp(a)),
                high=factor(np.exp(b)), n=f"{n:,}") if np.isfinite(m) else ""
            for name, m, a, b, n in zip(names, found.mean, found.mean_low, found.mean_high, found.scored, strict=True)
        ],
        hovertemplate="%{customdata}<extra></extra>", row=1, col=1,
    )  # fmt: skip


def value_name(low: float, high: float, axis: ValueAxis) -> str:
    """What a bin of values is called: its one value, or from where to where."""
    first, last = axis.said(low), axis.said(high)
    return first if first == last else say(axis.lang, "axis_from_to", low=first, high=last)


def _finding(found: Observed, names: list[str], lang: Language) -> str:
    """The most and the least popular of the values that clearly differ; else that none does."""
    label = column_label(found.column, lang)
    if not np.isfinite(found.mean).any():
        return say(lang, "by_value_few", label=label)
    mean = np.where(found.clear, found.mean, np.nan)
    if not (mean > 0).any() or not (mean < 0).any():
        return say(lang, "by_value_same", label=label)
    best, worst = int(np.nanargmax(mean)), int(np.nanargmin(mean))
    return say(
        lang, "by_value_finding", label=label, high=names[best], best=factor(np.exp(found.mean[best])),
        low=names[worst], worst=factor(np.exp(found.mean[worst])),
    )  # fmt: skip
