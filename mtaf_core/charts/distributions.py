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
    """What a histogram needs to know; `mtaf_core.study.distributions.Distribution` is one.

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
    spread = max(histogram.sd, 1e-12)
    density = np.exp(-0.5 * ((at - histogram.mean) / spread) ** 2) / (spread * np.sqrt(2 * np.pi))
    return np.asarray(histogram.counts.sum() * bin_width(histogram) * density)


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
    figure = go.Figure()
    _add_values(figure, histogram, theme, lang)
    if histogram.sd > 0:
        _add_fitted(figure, histogram, theme)
    if histogram.log and histogram.zeros:
        _add_zeros(figure, histogram, theme, lang)
    unit = say(lang, f"unit_{histogram.unit}")
    brushed = {"dragmode": "select", "selectdirection": "h"} if large else {}
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
        xaxis=value_axis(histogram, large, label, lang),
        yaxis={"nticks": 6, "title": {"text": unit}} if large else {"nticks": 3},
        **brushed,
    )


def _add_values(figure: go.Figure, histogram: Histogram, theme: Theme, lang: Language) -> None:
    edges, natural = histogram.edges, natural_edges(histogram)
    figure.add_bar(
        name="values",
        x=(edges[:-1] + edges[1:]) / 2,
        y=histogram.counts,
        width=bin_width(histogram) * 0.9,
        marker={"color": theme.accent_soft, "line": {"width": 0}},
        customdata=[
            say(lang, "bin_hover", low=compact(a, lang), high=compact(b, lang), n=f"{c:,}")
            for a, b, c in zip(natural[:-1], natural[1:], histogram.counts, strict=True)
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _add_fitted(figure: go.Figure, histogram: Histogram, theme: Theme) -> None:
    at = np.linspace(histogram.edges[0], histogram.edges[-1], 121)
    figure.add_scatter(
        name="fitted",
        x=at,
        y=fitted_counts(histogram, at),
        mode="lines",
        line={"color": theme.accent, "width": 2},
        hoverinfo="skip",
    )


def _add_zeros(figure: go.Figure, histogram: Histogram, theme: Theme, lang: Language) -> None:
    figure.add_bar(
        name="zeros",
        x=[zero_place(histogram)],
        y=[histogram.zeros],
        width=bin_width(histogram) * 1.6,
        marker={"color": theme.muted},
        hovertemplate=say(lang, "zero_hover", n=f"{histogram.zeros:,}") + "<extra></extra>",
    )


def brushed_range(histogram: Histogram, low: float, high: float) -> tuple[float, float] | None:
    """The range of values under a brush drawn from ``low`` to ``high`` on the axis; None where it holds no bar.

    Rounded outwards to three digits, so that it reads well and leaves out nothing that was brushed.
    """
    low, high = min(low, high), max(low, high)
    first, last = float(histogram.edges[0]), float(histogram.edges[-1])
    if not histogram.log:
        return None if high < first or low > last else (_rounded(max(low, 0.0), down=True), _rounded(high, down=False))
    with_zeros = bool(histogram.zeros) and low <= zero_place(histogram) <= high
    if high < first:
        return (0.0, 0.0) if with_zeros else None
    if low > last:
        return None
    return 0.0 if with_zeros else _rounded(10.0**low, down=True), _rounded(10.0**high, down=False)


def _rounded(value: float, down: bool) -> float:
    if value <= 0:
        return 0.0
    size = 10.0 ** (np.floor(np.log10(value)) - 2)
    return float(f"{(np.floor if down else np.ceil)(value / size) * size:.3g}")


def natural_edges(histogram: Histogram) -> NDArray[np.float64]:
    """The edges of the bins on the natural scale, (bins + 1,)."""
    return np.asarray(10.0**histogram.edges if histogram.log else histogram.edges)


def bin_width(histogram: Histogram) -> float:
    """The width of a bin on the axis."""
    return float(histogram.edges[1] - histogram.edges[0])


def zero_place(histogram: Histogram) -> float:
    """Where zeros stand on a log axis: left of the first bin, with a gap."""
    return float(histogram.edges[0]) - 2.5 * bin_width(histogram)


def value_axis(histogram: Histogram, large: bool, label: str, lang: Language) -> dict[str, object]:
    """The axis of a feature's values, with round ticks; ``large`` ones have a title and more of them."""
    axis: dict[str, object] = {"showgrid": False} | ({"title": {"text": label}} if large else {})
    if not histogram.log:
        ticks = round_ticks(float(histogram.edges[0]), float(histogram.edges[-1]), 7 if large else 4)
        return axis | {"tickvals": ticks, "ticktext": [compact(t, lang) for t in ticks]}
    values = log_ticks(float(histogram.edges[0]), float(histogram.edges[-1]), 9 if large else 4)
    positions, names = [float(np.log10(v)) for v in values], [compact(v, lang) for v in values]
    if histogram.zeros:
        positions, names = [zero_place(histogram), *positions], [say(lang, "zero"), *names]
    return axis | {"tickvals": positions, "ticktext": names}


def round_ticks(low: float, high: float, most: int) -> list[float]:
    """At most ``most`` multiples of a round step between ``low`` and ``high``."""
    rough = max(high - low, 1e-12) / most
    size = 10.0 ** np.floor(np.log10(rough))
    step = next(s * size for s in (1.0, 2.0, 5.0, 10.0) if s * size >= rough)
    return [float(k * step) for k in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1)]


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Round values between ``10**low`` and ``10**high``: powers of ten, or steps within them where there are few."""
    decades = np.arange(np.floor(low), np.ceil(high) + 1)
    for steps in ((1.0,), (1.0, 3.0), (1.0, 2.0, 5.0), (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0)):
        values = [s * 10.0**d for d in decades for s in steps if low <= d + np.log10(s) <= high]
        if len(values) >= 3:
            break
    return values[:: -(-len(values) // most)] if values else [10.0**low, 10.0**high]
