"""Scenarios beside each other: what each is forecast, with its range, against the first."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from mtaf_core.charts.change import round_scores
from mtaf_core.charts.numbers import compact, factor
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, say

_NAME_CHARS = 44


@dataclass(frozen=True)
class Dot:
    """A scenario drawn: popularity scores on the natural scale; ``clarity`` as `mtaf_core.insight.compared` has it."""

    name: str
    score: float
    low: float
    high: float
    clarity: str = "same"


def scenarios_chart(dots: Sequence[Dot], *, theme: Theme = LIGHT, lang: Language = "en") -> go.Figure:
    """One row a scenario: a dot at the forecast, a bar over its range, a dotted line at the first scenario's forecast.

    Parameters
    ----------
    dots : sequence of Dot, at least one
        The first is what the others are compared with; ``clarity`` of each says how sure it differs from the first.
    """
    first = dots[0]
    rows = list(range(len(dots)))
    colours = [theme.ink, *(theme.accent if one.score >= first.score else theme.muted for one in dots[1:])]
    figure = go.Figure()
    for row, (one, colour) in enumerate(zip(dots, colours, strict=True)):
        figure.add_scatter(
            x=np.log1p([max(one.low, 0), max(one.high, 0)]), y=[row, row], mode="lines", hoverinfo="skip", opacity=0.35,
            line={"color": colour, "width": 7},
        )  # fmt: skip
        figure.add_annotation(
            x=0, xref="paper", xanchor="left", y=row, yshift=20, showarrow=False, text=_shown(one.name),
            font={"color": theme.ink, "size": 13},
        )  # fmt: skip
    figure.add_scatter(
        x=np.log1p([max(one.score, 0) for one in dots]), y=rows, mode="markers", hoverinfo="text",
        marker={"size": 13, "color": colours, "line": {"width": 2, "color": theme.card}},
        hovertext=[
            say(lang, "scenarios_hover", name=_shown(one.name), score=compact(one.score, lang),
                low=compact(one.low, lang), high=compact(one.high, lang), reference=_shown(first.name),
                factor=factor((one.score + 1) / (first.score + 1)))
            for one in dots
        ],
    )  # fmt: skip
    figure.add_vline(x=float(np.log1p(max(first.score, 0))), line={"color": theme.muted, "width": 1, "dash": "dot"})
    ticks = round_scores(min(one.low for one in dots), max(one.high for one in dots))
    said = finding(dots, lang)
    told = say(lang, "comma").join(
        f"{one.name} {compact(one.score, lang)} ({compact(one.low, lang)}–{compact(one.high, lang)})" for one in dots
    )
    return finish(
        figure, theme=theme, height=90 + 58 * len(dots), finding=said, showlegend=False,
        alt=say(lang, "scenarios_alt", n=len(dots), rows=told, finding=said),
        xaxis={
            "tickvals": np.log1p(ticks).tolist(), "ticktext": [compact(t, lang) for t in ticks], "zeroline": False,
            "title": {"text": say(lang, "scenarios_axis")},
        },
        yaxis={"visible": False, "range": [len(dots) - 0.5, -0.8]},
        margin={"l": 8, "r": 12, "t": 8, "b": 8},
    )  # fmt: skip


def finding(dots: Sequence[Dot], lang: Language = "en") -> str:
    """What the scenarios show, and no more than their ranges allow."""
    first, others = dots[0], dots[1:]
    if not others:
        return say(lang, "scenarios_one", name=first.name, score=compact(first.score, lang))
    best = max(others, key=lambda one: one.score)
    words = {
        "name": best.name, "reference": first.name, "factor": factor((best.score + 1) / (first.score + 1)),
    }  # fmt: skip
    if best.clarity == "same":
        return say(lang, "scenarios_same", **words)
    said = say(lang, "scenarios_more" if best.score > first.score else "scenarios_less", **words)
    return say(lang, f"scenarios_{best.clarity}", finding=said)


def _shown(name: str) -> str:
    """A name in a figure, whose words may be markup: shortened, and nothing but text."""
    return html.escape(name if len(name) <= _NAME_CHARS else f"{name[: _NAME_CHARS - 1]}…", quote=False)
