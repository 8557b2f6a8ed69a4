"""Histograms of Table 1's numeric features with a fitted normal, as the paper's Figure 2."""

from typing import Protocol

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mtaf_core.charts.numbers import compact
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, feature_label, say

_CLOSE, _NEAR = 0.05, 0.10
"""KS distances below which a log histogram is called close to, or roughly, normal."""


class Histogram(Protocol):
    """What a histogram needs to know; `mtaf_core.insight.distributions.Distribution` is one.

    ``edges`` (bins + 1,) and ``counts`` (bins,) are on the axis' own scale: log10 of the value where ``log``, else the
    value. ``mean`` and ``sd`` are on that scale too and leave zeros out where ``log``.
    """

    @property
    def feature(self) -> str: ...
    @property
    def part(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def log(self) -> bool: ...
    @property
    def n(self) -> int: ...
    @property
    def zeros(self) -> int: ...
    @property
    def edges(self) -> NDArray[np.float64]: ...
    @property
    def counts(self) -> NDArray[np.int64]: ...
    @property
    def mean(self) -> float: ...
    @property
    def sd(self) -> float: ...
    @property
    def median(self) -> float: ...
    @property
    def ks(self) -> float: ...


def fitted_counts(histogram: Histogram, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """The counts a normal of the same mean, spread and size would give in bins centred ``at``; same shape as ``at``."""
    width = float(histogram.edges[1] - histogram.edges[0])
    spread = max(histogram.sd, 1e-12)
    density = np.exp(-0.5 * ((at - histogram.mean) / spread) ** 2) / (spread * np.sqrt(2 * np.pi))
    return np.asarray(histogram.counts.sum() * width * density)


def title(histogram: Histogram, lang: Language = "en") -> str:
    """What the histogram is of."""
    label = feature_label(histogram.feature, lang)
    return f"{label} ({say(lang, f'part_{histogram.part}')})" if histogram.part else label


def shape(histogram: Histogram, lang: Language = "en") -> str:
    """What the histogram shows, in a few words: how near to normal, or on a linear axis how skewed."""
    if not histogram.log:
        median, mean = compact(histogram.median, lang), compact(histogram.mean, lang)
        return say(lang, "linear_skewed", median=median, mean=mean)
    ks = histogram.ks
    return say(lang, "close_to_normal" if ks < _CLOSE else "near_normal" if ks < _NEAR else "far_from_normal")


def distribution_chart(
    histogram: Histogram, *, large: bool = False, theme: Theme = LIGHT, lang: Language = "en"
) -> go.Figure:
    """One feature's histogram with the normal that fits it; zeros stand apart, since a log axis has no place for them.

    Parameters
    ----------
    histogram : Histogram
    large : bool
        For a view on its own; small ones drop the axis titles.

    Returns
    -------
    Figure
        Traces ``values`` (bars), ``fitted`` (line), and ``zeros`` (one bar) where there are any on a log axis.
    """
    label = title(histogram, lang)
    if histogram.n == 0 or histogram.counts.size == 0:
        return finish(go.Figure(), theme=theme, finding=say(lang, "empty"), alt=say(lang, "empty"), height=120)
    edges, width = histogram.edges, float(histogram.edges[1] - histogram.edges[0])
    middles = (edges[:-1] + edges[1:]) / 2
    natural = 10.0**edges if histogram.log else edges
    figure = go.Figure()
    figure.add_bar(
        name="values",
        x=middles,
        y=histogram.counts,
        width=width * 0.9,
        marker={"color": theme.accent_soft, "line": {"width": 0}},
        customdata=[
            say(lang, "bin_hover", low=compact(a, lang), high=compact(b, lang), n=f"{c:,}")
            for a, b, c in zip(natural[:-1], natural[1:], histogram.counts, strict=True)
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )
    if histogram.sd > 0:
        at = np.linspace(edges[0], edges[-1], 121)
        figure.add_scatter(
            name="fitted",
            x=at,
            y=fitted_counts(histogram, at),
            mode="lines",
            line={"color": theme.accent, "width": 2},
            hoverinfo="skip",
        )
    if histogram.log and histogram.zeros:
        figure.add_bar(
            name="zeros",
            x=[edges[0] - 2.5 * width],
            y=[histogram.zeros],
            width=width * 1.6,
            marker={"color": theme.muted},
            hovertemplate=say(lang, "zero_hover", n=f"{histogram.zeros:,}") + "<extra></extra>",
        )
    unit = say(lang, f"unit_{histogram.unit}")
    return finish(
        figure,
        theme=theme,
        finding=say(lang, "of", label=label, said=shape(histogram, lang)),
        alt=say(
            lang,
            "distribution_alt",
            label=label,
            n=f"{histogram.n:,}",
            unit=unit,
            zeros=f"{histogram.zeros:,}",
            mean=compact(10.0**histogram.mean if histogram.log else histogram.mean, lang),
            ks=f"{histogram.ks:.2f}",
        ),
        height=380 if large else 170,
        xaxis=_axis(histogram, large, label, lang),
        yaxis={"nticks": 6, "title": {"text": unit}} if large else {"nticks": 3},
    )


def _axis(histogram: Histogram, large: bool, label: str, lang: Language) -> dict[str, object]:
    axis: dict[str, object] = {"showgrid": False} | ({"title": {"text": label}} if large else {})
    if not histogram.log:
        ticks = _round_ticks(float(histogram.edges[0]), float(histogram.edges[-1]), 7 if large else 4)
        return axis | {"tickvals": ticks, "ticktext": [compact(t, lang) for t in ticks]}
    values = _log_ticks(float(histogram.edges[0]), float(histogram.edges[-1]), 9 if large else 4)
    positions, names = [float(np.log10(v)) for v in values], [compact(v, lang) for v in values]
    if histogram.zeros:
        width = float(histogram.edges[1] - histogram.edges[0])
        positions, names = [float(histogram.edges[0]) - 2.5 * width, *positions], [say(lang, "zero"), *names]
    return axis | {"tickvals": positions, "ticktext": names}


def _round_ticks(low: float, high: float, most: int) -> list[float]:
    """At most ``most`` multiples of a round step between ``low`` and ``high``."""
    rough = max(high - low, 1e-12) / most
    size = 10.0 ** np.floor(np.log10(rough))
    step = next(s * size for s in (1.0, 2.0, 5.0, 10.0) if s * size >= rough)
    return [float(k * step) for k in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1)]


def _log_ticks(low: float, high: float, most: int) -> list[float]:
    """Round values between ``10**low`` and ``10**high``: powers of ten, or steps within them where there are few."""
    decades = np.arange(np.floor(low), np.ceil(high) + 1)
    for steps in ((1.0,), (1.0, 3.0), (1.0, 2.0, 5.0), (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0)):
        values = [s * 10.0**d for d in decades for s in steps if low <= d + np.log10(s) <= high]
        if len(values) >= 3:
            break
    return values[:: -(-len(values) // most)] if values else [10.0**low, 10.0**high]
