"""The week as a heat map of 168 slots, and its days and hours with their intervals."""

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from mtaf_core.charts import factors
from mtaf_core.charts.numbers import factor
from mtaf_core.charts.tags import Effects
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, say
from mtaf_core.schema import Modality

DAYS, HOURS = 7, 24
NAMED = 3
"""How many of the best slots the finding names."""
_LEAST_SPAN = math.log(1.25)
"""The colours span at least this much to either side, so that a week without differences looks like one."""


def slot_label(slot: int, lang: Language = "en") -> str:
    """What a slot (``24 * weekday + hour``) is called: Saturday 20:00."""
    return say(lang, "slot", day=say(lang, f"weekday_{slot // HOURS}"), hour=f"{slot % HOURS:02d}")


def week_chart(
    effects: Effects,
    clear: np.ndarray,
    best: Sequence[int],
    thin: int,
    chosen: int | None = None,
    reading: Literal["adjusted", "raw"] = "adjusted",
    *,
    theme: Theme = LIGHT,
    lang: Language = "en",
) -> go.Figure:
    """The effect of each slot in colour; slots of few videos hatched, the clearly best and the chosen one framed.

    Parameters
    ----------
    effects : Effects
        Of 168 slots, ``24 * weekday + hour``, Monday first.
    clear : ndarray of bool, (168,)
    best : sequence of int
        The clearly best slots, the best first.
    thin : int
        A slot of fewer videos is hatched.
    chosen : int, optional

    Returns
    -------
    Figure
        Points over the cells carry their slot as ``customdata``: a heat map itself cannot be selected from.
    """
    figure = go.Figure()
    span = max(_LEAST_SPAN, float(np.nanmax(np.abs(effects.effect))))
    marks = factors.ticks(-span, span, 7)
    figure.add_heatmap(
        z=effects.effect.reshape(DAYS, HOURS), x=list(range(HOURS)), y=list(range(DAYS)), zmin=-span, zmax=span,
        xgap=1, ygap=1, hoverinfo="skip",
        colorscale=[[0, theme.modality[Modality.TEXT]], [0.5, theme.grid], [1, theme.accent]],
        colorbar={
            "title": {"text": say(lang, "week_scale"), "font": {"size": 11, "color": theme.muted}}, "thickness": 10,
            "outlinewidth": 0, "tickvals": [math.log(mark) for mark in marks], "ticktext": [f"×{m:.2g}" for m in marks],
            "tickfont": {"size": 11, "color": theme.muted}, "len": 1.0,
        },
    )  # fmt: skip
    few = np.flatnonzero(effects.n < thin)
    x, y = _hatching(few)
    figure.add_scatter(
        x=x, y=y, mode="lines", line={"color": theme.muted, "width": 0.7}, opacity=0.75, hoverinfo="skip", name="thin"
    )
    everything = np.arange(DAYS * HOURS)
    figure.add_scatter(
        x=everything % HOURS, y=everything // HOURS, mode="markers", customdata=everything, hoverinfo="text",
        marker={"symbol": "square", "size": 26, "opacity": 0}, name="slots",
        selected={"marker": {"opacity": 0}}, unselected={"marker": {"opacity": 0}},
        hovertext=[_hover(effects, slot, bool(clear[slot]), thin, reading, lang) for slot in everything.tolist()],
    )  # fmt: skip
    frames = [(slot, theme.ink, 1.5) for slot in best[:NAMED]]
    for slot, colour, width in frames + ([(chosen, theme.ink, 3.0)] if chosen is not None else []):
        figure.add_shape(
            type="rect", x0=slot % HOURS - 0.5, x1=slot % HOURS + 0.5, y0=slot // HOURS - 0.5, y1=slot // HOURS + 0.5,
            line={"color": colour, "width": width}, layer="above",
        )  # fmt: skip
    said = finding(effects, best, lang)
    return finish(
        figure, theme=theme, height=330, finding=said,
        alt=say(lang, "week_alt", n=f"{int(effects.n.sum()):,}", finding=said, thin=len(few), few=thin),
        xaxis={
            "tickvals": list(range(0, HOURS, 3)), "ticktext": [f"{hour:02d}:00" for hour in range(0, HOURS, 3)],
            "showgrid": False, "zeroline": False, "range": [-0.5, 23.5], "fixedrange": True,
            "title": {"text": say(lang, "hour_axis")},
        },
        yaxis={
            "tickvals": list(range(DAYS)), "ticktext": [say(lang, f"weekday_short_{day}") for day in range(DAYS)],
            "showgrid": False, "zeroline": False, "range": [6.5, -0.5], "fixedrange": True,
        },
        hovermode="closest", dragmode=False,
    )  # fmt: skip


def finding(effects: Effects, best: Sequence[int], lang: Language = "en") -> str:
    """The clearly best slots with their intervals as a sentence; or that none is."""
    if not effects.n.any():
        return say(lang, "week_empty")
    if not len(best):
        return say(lang, "week_none")
    said = say(lang, "week_best", slot=slot_label(int(best[0]), lang), **_interval(effects, int(best[0])))
    others = [
        say(lang, "week_other", slot=slot_label(int(slot), lang), **_interval(effects, int(slot)))
        for slot in best[1:NAMED]
    ]
    return said if not others else say(lang, "week_next", finding=said, others=say(lang, "comma").join(others))


def margin_chart(
    effects: Effects, clear: np.ndarray, of: Literal["days", "hours"], *, theme: Theme = LIGHT, lang: Language = "en"
) -> go.Figure:
    """Days of the week, or hours of the day, against the average video, with their intervals.

    Parameters
    ----------
    effects, clear
        Of 7 days, Monday first, or of 24 hours.
    """
    hours = of == "hours"
    labels = [f"{h:02d}" for h in range(HOURS)] if hours else [say(lang, f"weekday_{d}") for d in range(DAYS)]
    short = labels if hours else [say(lang, f"weekday_short_{d}") for d in range(DAYS)]
    x = list(range(len(labels)))
    figure = go.Figure()
    if hours:
        figure.add_scatter(
            x=x + x[::-1], y=[*effects.high, *effects.low[::-1]], fill="toself", fillcolor=theme.accent_soft,
            opacity=0.6, line={"width": 0}, mode="lines", hoverinfo="skip",
        )  # fmt: skip
    bars: dict[str, Any] = {} if hours else {"error_y": _bars(effects, theme)}
    figure.add_scatter(
        x=x, y=effects.effect, mode="lines+markers" if hours else "markers", hoverinfo="text",
        line={"color": theme.accent, "width": 2}, **bars,
        marker={"size": 9, "color": [theme.accent if one else theme.muted for one in clear]},
        hovertext=[
            say(lang, "week_hover", slot=f"{label}:00" if hours else label, n=f"{int(effects.n[i]):,}", kols="",
                **_interval(effects, i)) + (say(lang, "week_hover_clear") if clear[i] else "")
            for i, label in enumerate(labels)
        ],
    )  # fmt: skip
    figure.add_hline(y=0, line={"color": theme.muted, "width": 1, "dash": "dot"})
    values = say(lang, "comma").join(
        say(lang, "margin_value", label=label, factor=factor(math.exp(effects.effect[i])))
        for i, label in enumerate(labels)
    )
    step = 3 if hours else 1
    return finish(
        figure, theme=theme, height=250, finding=_margin(effects, clear, of, labels, lang),
        alt=say(lang, "margin_alt", values=values),
        xaxis={
            "tickvals": x[::step], "ticktext": short[::step], "showgrid": False, "zeroline": False, "fixedrange": True,
            "range": [-0.5, len(x) - 0.5], **({"title": {"text": say(lang, "hour_axis")}} if hours else {}),
        },
        yaxis=factors.axis(float(effects.low.min()), float(effects.high.max()), say(lang, "margin_axis"), most=5),
    )  # fmt: skip


def _margin(effects: Effects, clear: np.ndarray, of: str, labels: Sequence[str], lang: Language) -> str:
    apart = np.flatnonzero(clear)
    if not len(apart):
        return say(lang, f"{of}_none")
    up = apart[effects.effect[apart] > 0]
    one = int(up[np.argmax(effects.effect[up])] if len(up) else apart[np.argmin(effects.effect[apart])])
    name = {"hour" if of == "hours" else "day": labels[one]}
    return say(lang, f"{of}_{'best' if len(up) else 'worst'}", **name, **_interval(effects, one))


def _interval(effects: Effects, place: int) -> dict[str, str]:
    ends = (effects.effect[place], effects.low[place], effects.high[place])
    return dict(zip(("factor", "low", "high"), (factor(math.exp(end)) for end in ends), strict=True))


def _bars(effects: Effects, theme: Theme) -> dict[str, Any]:
    return {
        "type": "data", "symmetric": False, "array": effects.high - effects.effect,
        "arrayminus": effects.effect - effects.low, "color": theme.accent, "thickness": 1.5, "width": 4,
    }  # fmt: skip


def _hover(effects: Effects, slot: int, clear: bool, thin: int, reading: str, lang: Language) -> str:
    kols = ""
    if effects.uploaders is not None:
        kols = say(lang, "week_hover_kols", n=f"{int(effects.uploaders[slot]):,}")
    n = f"{int(effects.n[slot]):,}"
    said = say(lang, "week_hover", slot=slot_label(slot, lang), n=n, kols=kols, **_interval(effects, slot))
    if clear:
        said += say(lang, "week_hover_clear")
    if effects.n[slot] < thin:
        said += say(lang, "week_hover_thin" if reading == "adjusted" else "week_hover_thin_raw")
    return said


def _hatching(slots: np.ndarray) -> tuple[list[float | None], list[float | None]]:
    """Three slanted strokes in each of the cells, as one line with gaps: Plotly has no pattern for heat maps."""
    x: list[float | None] = []
    y: list[float | None] = []
    for slot in slots.tolist():
        across, down = slot % HOURS, slot // HOURS
        for shift in (-0.45, 0.0, 0.45):  # strokes of slope 1, cut at the edges of the cell
            start, stop = max(-0.45, -0.45 - shift), min(0.45, 0.45 - shift)
            if stop - start > 0.05:
                x += [across + start, across + stop, None]
                y += [down + start + shift, down + stop + shift, None]
    return x, y
