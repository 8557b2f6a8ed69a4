"""A quantile-quantile plot: the quantiles of a feature against those of the normal that fits it."""

from typing import Protocol

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mtaf_core.charts.distributions import Histogram, log_ticks, round_ticks, title
from mtaf_core.charts.numbers import compact, percent
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, say

_NEAR = 0.15
"""Standard deviations within which a quantile counts as the normal's."""


class Pairs(Protocol):
    """``observed`` against ``expected`` at ``shares``, (q,), on the histogram's own scale."""

    @property
    def shares(self) -> NDArray[np.float64]: ...
    @property
    def expected(self) -> NDArray[np.float64]: ...
    @property
    def observed(self) -> NDArray[np.float64]: ...


def quantile_chart(histogram: Histogram, pairs: Pairs, *, theme: Theme = LIGHT, lang: Language = "en") -> go.Figure:
    """Points on the diagonal are as the normal would have them.

    Parameters
    ----------
    histogram : Histogram
        Of the same feature, for its words and scale.
    pairs : Pairs

    Returns
    -------
    Figure
        Traces ``normal`` (line) and ``quantiles`` (points).
    """
    if pairs.shares.size < 3:
        text = say(lang, "quantiles_none")
        return finish(go.Figure(), theme=theme, finding=text, alt=text, height=120)
    ends = [
        float(min(pairs.expected.min(), pairs.observed.min())),
        float(max(pairs.expected.max(), pairs.observed.max())),
    ]
    figure = go.Figure()
    figure.add_scatter(
        name="normal", x=ends, y=ends, mode="lines", line={"color": theme.muted, "width": 1.5, "dash": "dot"},
        hoverinfo="skip",
    )  # fmt: skip
    said = [
        say(lang, "quantiles_hover", share=percent(share, 1 if min(share, 1 - share) < 0.01 else 0),
            observed=_natural(histogram, seen, lang), expected=_natural(histogram, said, lang))
        for share, said, seen in zip(pairs.shares, pairs.expected, pairs.observed, strict=True)
    ]  # fmt: skip
    figure.add_scatter(
        name="quantiles", x=pairs.expected, y=pairs.observed, mode="markers",
        marker={"color": theme.accent, "size": 6, "opacity": 0.85}, customdata=said,
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    make = log_ticks if histogram.log else round_ticks
    at = make(ends[0], ends[1], 5)
    ticks = {
        "tickvals": [float(np.log10(v)) if histogram.log else v for v in at],
        "ticktext": [compact(v, lang) for v in at],
        "range": [ends[0] - 0.04 * (ends[1] - ends[0]), ends[1] + 0.04 * (ends[1] - ends[0])],
    }
    middle = int(np.argmin(np.abs(pairs.shares - 0.5)))
    return finish(
        figure, theme=theme, finding=_finding(histogram, pairs, lang),
        alt=say(
            lang, "quantiles_alt", label=title(histogram, lang), n=pairs.shares.size,
            median=_natural(histogram, pairs.observed[middle], lang),
            expected=_natural(histogram, pairs.expected[middle], lang),
            top=_natural(histogram, pairs.observed[-1], lang),
            top_expected=_natural(histogram, pairs.expected[-1], lang),
        ),
        height=380, xaxis={"title": {"text": say(lang, "quantiles_x")}, **ticks},
        yaxis={"title": {"text": say(lang, "quantiles_y")}, **ticks},
    )  # fmt: skip


def _finding(histogram: Histogram, pairs: Pairs, lang: Language) -> str:
    """Where the normal is left most, or how far it holds."""
    off = (pairs.observed - pairs.expected) / max(histogram.sd, 1e-12)
    label, near = title(histogram, lang), np.abs(off) <= _NEAR
    if near.mean() >= 0.9:
        return say(lang, "quantiles_close", label=label, share=percent(float(near.mean())))
    outer = max(len(off) // 8, 1)
    low, high = float(off[:outer].mean()), float(off[-outer:].mean())
    if abs(high) >= abs(low):
        return say(lang, "quantiles_heavy_high" if high > 0 else "quantiles_light_high", label=label)
    return say(lang, "quantiles_heavy_low" if low < 0 else "quantiles_light_low", label=label)


def _natural(histogram: Histogram, value: float, lang: Language) -> str:
    return compact(float(10.0**value) if histogram.log else float(value), lang)
