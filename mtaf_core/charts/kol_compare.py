"""Two to five KOLs over each other: how their audiences grew, and how far their videos were from what was expected."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from mtaf_core.charts import factors
from mtaf_core.charts.kols import LEGEND
from mtaf_core.charts.numbers import compact, factor, percent
from mtaf_core.charts.scores import nothing
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, say

_JITTER = 0.16
_DRAWN = 250
"""Videos of one KOL that are drawn, evenly over time; the median is of all."""


def audiences_chart(
    counts: Sequence[tuple[str, pd.DataFrame]], *, theme: Theme = LIGHT, lang: Language = "en"
) -> go.Figure:
    """Followers of several KOLs, each as a change since the first day on which all were counted.

    Parameters
    ----------
    counts : sequence of (str, DataFrame)
        A KOL's name and their ``day``, ``followers``, oldest first. Those with fewer than two counts are left out.
    """
    usable = [(name, one) for name, one in counts if len(one) >= 2]
    if not usable:
        return nothing(theme, lang)
    start = max(pd.to_datetime(one["day"].iloc[0]) for _, one in usable)
    figure = go.Figure()
    gains: list[tuple[str, float]] = []
    for colour, (name, one) in zip(theme.modality.values(), usable, strict=False):
        days, followers = pd.to_datetime(one["day"]), one["followers"].to_numpy(float)
        base = followers[int(np.searchsorted(days.to_numpy(), start.to_numpy(), side="right")) - 1]
        change = followers / base - 1
        gains.append((name, float(change[-1])))
        figure.add_scatter(
            x=days, y=change, mode="lines+markers", name=name, line={"color": colour, "width": 2.2}, marker={"size": 5},
            hovertext=[
                say(
                    lang, "kol_audience_hover", name=name, day=f"{day:%Y-%m-%d}", n=f"{count:,.0f}",
                    change=_signed(part),
                )
                for day, count, part in zip(days, followers, change, strict=True)
            ],
            hoverinfo="text",
        )  # fmt: skip
    best = max(gains, key=lambda one: one[1])
    told = say(lang, "comma").join(f"{name} {_signed(gain)}" for name, gain in gains)
    return finish(
        figure,
        theme=theme,
        finding=say(lang, "kol_audience_finding", name=best[0], change=_signed(best[1]), day=f"{start:%Y-%m-%d}"),
        alt=say(lang, "kol_audience_alt", day=f"{start:%Y-%m-%d}", lines=told),
        height=320,
        xaxis={"showgrid": False, "tickformat": "%Y-%m-%d", "nticks": 5},
        yaxis={"title": {"text": say(lang, "kol_audience_axis", day=f"{start:%Y-%m-%d}")}, "tickformat": "+.1~%"},
        showlegend=True,
        legend=LEGEND,
        margin={"l": 8, "r": 12, "t": 56, "b": 8},
    )


def lifts_chart(posts: Sequence[tuple[str, pd.DataFrame]], *, theme: Theme = LIGHT, lang: Language = "en") -> go.Figure:
    """How far each video was from what was expected, a row a KOL, with the middle half and the median.

    Parameters
    ----------
    posts : sequence of (str, DataFrame)
        A KOL's name and their ``local_time``, ``description``, ``score``, ``lift`` (natural log), oldest first.
    """
    usable = [(name, one[one["lift"].notna()]) for name, one in posts]
    usable = [(name, one) for name, one in usable if len(one)]
    if not usable:
        return nothing(theme, lang)
    random = np.random.default_rng(0)
    figure = go.Figure()
    told = []
    for row, (colour, (name, one)) in enumerate(zip(theme.modality.values(), usable, strict=False)):
        low, middle, high = (float(v) for v in np.quantile(one["lift"], [0.25, 0.5, 0.75]))
        drawn = one.iloc[np.unique(np.linspace(0, len(one) - 1, min(len(one), _DRAWN)).astype(int))]
        figure.add_scatter(
            x=drawn["lift"], y=row + random.uniform(-_JITTER, _JITTER, len(drawn)), mode="markers", name=name,
            marker={"size": 6, "color": colour, "opacity": 0.45},
            hovertext=[
                say(lang, "kol_lift_hover", name=name, day=f"{when:%Y-%m-%d}", score=compact(score, lang),
                    factor=factor(math.exp(lift)))
                for when, score, lift in zip(drawn["local_time"], drawn["score"], drawn["lift"], strict=True)
            ],
            hoverinfo="text",
        )  # fmt: skip
        figure.add_scatter(
            x=[low, high], y=[row, row], mode="lines", line={"color": colour, "width": 7}, opacity=0.6, hoverinfo="skip"
        )
        figure.add_scatter(
            x=[middle], y=[row], mode="markers",
            marker={"symbol": "line-ns-open", "size": 20, "color": theme.ink, "line": {"width": 3}}, hoverinfo="skip",
        )  # fmt: skip
        told.append((name, middle, low, high, len(one)))
    best = max(told, key=lambda one: one[1])
    every = np.concatenate([one["lift"].to_numpy(float) for _, one in usable])
    figure.add_vline(x=0, line={"color": theme.muted, "width": 1, "dash": "dot"})
    words = say(lang, "comma").join(
        f"{name} {factor(math.exp(m))} ({factor(math.exp(a))}–{factor(math.exp(b))}, n={n})"
        for name, m, a, b, n in told
    )
    return finish(
        figure,
        theme=theme,
        finding=say(lang, "kol_lifts_finding", name=best[0], factor=factor(math.exp(best[1])), n=f"{best[4]:,}"),
        alt=say(lang, "kol_lifts_alt", rows=words),
        height=96 + 58 * len(usable),
        xaxis=factors.axis(float(every.min()), float(every.max()), say(lang, "kol_video_lift_axis")),
        yaxis={
            "tickvals": list(range(len(usable))), "ticktext": [f"{one[0]}<br>n={one[4]:,}" for one in told],
            "range": [len(usable) - 0.5, -0.5], "showgrid": False, "tickfont": {"size": 13, "color": theme.ink},
        },
    )  # fmt: skip


def _signed(share: float) -> str:
    return f"{'+' if share >= 0 else '−'}{percent(abs(share), 1)}"
