"""How far attention can be trusted: what the forecast loses as sources are taken away in different orders."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from mtaf_core.charts.numbers import factor, percent
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, say
from mtaf_core.schema import Modality

_TICKS = (1, 1.2, 1.5, 2, 3, 5, 10)


def trust_chart(
    curves: Mapping[str, Sequence[float]], same: float, videos: int, *, theme: Theme = LIGHT, lang: Language = "en"
) -> go.Figure:
    """Deletion curves: an order that knows what the forecast rests on moves it most with the first sources.

    Parameters
    ----------
    curves : mapping of {"contribution", "attention", "random"} to floats
        Mean distance from the whole forecast, in log units, when 0, 1, 2, … sources are taken away.
    same : float
        Share of the videos on which attention and contribution name the same source first.
    videos : int
    """
    looks = {
        "contribution": (theme.accent, "solid"),
        "attention": (theme.modality[Modality.TEXT], "solid"),
        "random": (theme.muted, "dot"),
    }
    figure = go.Figure()
    lines = []
    for name, values in curves.items():
        colour, dash = looks[name]
        label = say(lang, f"why_order_{name}")
        words = [factor(float(np.exp(v))) for v in values]
        lines.append(f"{label} {', '.join(words)}")
        figure.add_scatter(
            name=label, x=list(range(len(values))), y=list(values), mode="lines+markers", customdata=words,
            line={"color": colour, "width": 2.5, "dash": dash}, marker={"size": 8},
            hovertemplate=f"{label}: %{{customdata}}<extra></extra>",
        )  # fmt: skip
    top = max((max(values) for values in curves.values()), default=0.2)
    ticks = [t for t in _TICKS if t == 1 or 0.15 * top <= np.log(t) <= 1.1 * top]
    return finish(
        figure,
        theme=theme,
        finding=say(lang, "why_trust_finding", share=percent(same), n=f"{videos:,}"),
        alt=say(lang, "why_trust_alt", lines="; ".join(lines)),
        height=300,
        showlegend=True,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0},
        xaxis={"title": {"text": say(lang, "why_trust_axis")}, "dtick": 1, "showgrid": False, "zeroline": False},
        yaxis={
            "title": {"text": say(lang, "why_trust_moves")},
            "tickvals": [float(np.log(t)) for t in ticks],
            "ticktext": [f"×{t:g}" for t in ticks],
            "range": [-0.03 * top, 1.1 * top],
            "zeroline": False,
        },
    )
