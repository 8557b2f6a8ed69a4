"""A distribution split into groups: a histogram a group, one under the other, on one axis."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mtaf_core.charts.distributions import Histogram, bin_width, natural_edges, title, value_axis, zero_place
from mtaf_core.charts.numbers import compact, percent
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.values import column_label, value_label
from mtaf_core.charts.words import Language, say

_FULL = 0.86
"""Height of the highest bar of all, where a row is 1 high."""


class Part(Protocol):
    """One group: its value, how many are known and zero, its bins (those of the whole), and its median."""

    @property
    def word(self) -> str | None: ...
    @property
    def n(self) -> int: ...
    @property
    def zeros(self) -> int: ...
    @property
    def counts(self) -> NDArray[np.int64]: ...
    @property
    def median(self) -> float: ...


def parts_chart(
    histogram: Histogram, parts: Sequence[Part], by: str, *, theme: Theme = LIGHT, lang: Language = "en"
) -> go.Figure:
    """One row a group; heights are shares of the group, so that small groups are seen as well as large ones.

    Parameters
    ----------
    histogram : Histogram
        The whole.
    parts : sequence of Part
        From the top row down.
    by : str
        The column that divides them.

    Returns
    -------
    Figure
        A trace of bars a group, and ``medians``.
    """
    label, width, zero = title(histogram, lang), bin_width(histogram), zero_place(histogram)
    edges = natural_edges(histogram)
    names = [value_label(by, part.word, lang) for part in parts]
    shares = [np.append(part.zeros if histogram.log else 0, part.counts) / max(part.n, 1) for part in parts]
    top = max((float(share.max()) for share in shares), default=1.0) or 1.0
    middles = (histogram.edges[:-1] + histogram.edges[1:]) / 2
    figure = go.Figure()
    for row, (part, name, share) in enumerate(zip(parts, names, shares, strict=True)):
        hover = [
            say(lang, "parts_zero_hover", word=name, n=f"{part.zeros:,}", share=percent(float(share[0]))),
            *(
                say(lang, "parts_hover", word=name, low=compact(a, lang), high=compact(b, lang), n=f"{c:,}",
                    share=percent(float(c) / max(part.n, 1), 1))
                for a, b, c in zip(edges[:-1], edges[1:], part.counts, strict=True)
            ),
        ]  # fmt: skip
        drawn = np.flatnonzero(share > 0)
        figure.add_bar(
            name=name, x=np.append(zero, middles)[drawn], y=share[drawn] / top * _FULL, base=len(parts) - 1 - row,
            width=width * 0.92, marker={"color": theme.accent_soft, "line": {"width": 0}},
            customdata=[hover[place] for place in drawn], hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    known = [row for row, part in enumerate(parts) if np.isfinite(part.median)]
    figure.add_scatter(
        name="medians", x=[_place(histogram, parts[row].median, zero) for row in known],
        y=[len(parts) - 1 - row + _FULL / 2 for row in known], mode="markers",
        marker={"symbol": "line-ns", "size": 30, "line": {"color": theme.accent, "width": 3}},
        customdata=[
            say(lang, "parts_median_hover", word=names[row], median=compact(parts[row].median, lang)) for row in known
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    axis = {
        "tickvals": [len(parts) - 1 - row + _FULL / 2 for row in range(len(parts))],
        "ticktext": [f"{name[:16]} · {compact(part.n, lang)}" for name, part in zip(names, parts, strict=True)],
        "range": [-0.08, len(parts)], "showgrid": False, "zeroline": False,
    }  # fmt: skip
    said = ". ".join(
        say(lang, "parts_part", word=name, n=f"{part.n:,}", unit=say(lang, f"unit_{histogram.unit}"),
            median=compact(part.median, lang))
        for name, part in zip(names, parts, strict=True)
    )  # fmt: skip
    return finish(
        figure, theme=theme, finding=_finding(label, parts, names, lang),
        alt=say(lang, "parts_alt", label=label, by=column_label(by, lang), parts=said),
        height=90 + 62 * len(parts), barmode="overlay", yaxis=axis, xaxis=value_axis(histogram, True, label, lang),
        dragmode="select", selectdirection="h",
    )  # fmt: skip


def _place(histogram: Histogram, value: float, zero: float) -> float:
    if not histogram.log:
        return min(value, float(histogram.edges[-1]))
    return float(np.log10(value)) if value > 0 else zero


def _finding(label: str, parts: Sequence[Part], names: Sequence[str], lang: Language) -> str:
    ranked = sorted((part.median, name) for part, name in zip(parts, names, strict=True) if np.isfinite(part.median))
    if not ranked:
        return say(lang, "empty")
    (least, bottom), (most, top) = ranked[0], ranked[-1]
    if least == most:
        return say(lang, "parts_finding_same", label=label, most=compact(most, lang))
    return say(
        lang, "parts_finding", label=label, top=top, most=compact(most, lang), bottom=bottom, least=compact(least, lang)
    )
