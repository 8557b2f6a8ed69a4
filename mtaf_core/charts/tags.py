"""Hashtags as bubbles of effect against crowding, and one hashtag's videos against what is expected of them."""

import math
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal, Protocol

import numpy as np
import plotly.graph_objects as go

from mtaf_core.charts import factors
from mtaf_core.charts.numbers import compact, factor
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, say
from mtaf_core.schema import Modality

LABELS = 14
"""How many of the clear hashtags are named at most; the rest are named in the hover."""
_WIDE_PX, _TALL_PX = 700.0, 400.0
"""The drawing area that labels must not overlap in; a wider one has more room."""


class Effects(Protocol):
    """Effects in natural logs, all (G,); `mtaf_core.study.shrinkage.Effects` is one."""

    @property
    def n(self) -> np.ndarray: ...
    @property
    def effect(self) -> np.ndarray: ...
    @property
    def low(self) -> np.ndarray: ...
    @property
    def high(self) -> np.ndarray: ...
    @property
    def uploaders(self) -> np.ndarray | None: ...


def effects_chart(
    names: Sequence[str],
    effects: Effects,
    clear: np.ndarray,
    crowding: np.ndarray,
    reading: Literal["adjusted", "raw"] = "adjusted",
    *,
    theme: Theme = LIGHT,
    lang: Language = "en",
) -> go.Figure:
    """Effect of each hashtag against how crowded it is; the clear ones in colour, with their names and intervals.

    Parameters
    ----------
    names : sequence of str, (G,)
    effects : Effects
    clear : ndarray of bool, (G,)
        Effects that are clear among all of them.
    crowding : ndarray of float, (G,)
        Views for each person using it; NaN unknown. Where it is known of none, the axis is the number of videos.
    reading : {"adjusted", "raw"}

    Returns
    -------
    Figure
        Points carry the place of their hashtag in ``names`` as ``customdata``.
    """
    known = np.isfinite(crowding) & (crowding > 0)
    across = "crowding" if known.any() else "videos"
    x = crowding if known.any() else effects.n
    drawn = known if known.any() else effects.n > 0
    figure = go.Figure()
    groups = (
        ("tags_unclear", drawn & ~clear, theme.neutral, theme.muted),
        ("tags_down", drawn & clear & (effects.effect < 0), theme.modality[Modality.TEXT], theme.ink),
        ("tags_up", drawn & clear & (effects.effect > 0), theme.accent, theme.ink),
    )
    size = 6 + 34 * np.sqrt(effects.n / max(float(effects.n[drawn].max(initial=1.0)), 1.0))
    for name, these, colour, _ in groups:
        at = np.flatnonzero(these)
        bars = {} if name == "tags_unclear" else {"error_y": _bars(effects, at, colour)}
        figure.add_scatter(
            x=x[at], y=effects.effect[at], mode="markers", name=say(lang, name), customdata=at,
            marker={"size": size[at], "color": colour, "opacity": 0.75, "line": {"width": 1, "color": theme.card}},
            hovertext=[_hover(names[i], effects, i, clear[i], crowding[i], lang) for i in at.tolist()],
            hoverinfo="text", **bars,
        )  # fmt: skip
    apart = np.flatnonzero(drawn & clear)
    shown = drawn & clear
    low, high = _span(effects, drawn, shown)
    for i in _labelled(apart, np.log10(x), effects, (low, high)):
        figure.add_annotation(
            x=math.log10(x[i]), y=effects.effect[i], text=f"#{names[i]}", yshift=size[i] / 2 + 9,
            font={"color": theme.ink, "size": 12},
        )  # fmt: skip
    figure.add_hline(y=0, line={"color": theme.muted, "width": 1, "dash": "dot"})
    said = say(lang, "tags_alt_none") if not len(apart) else _list(names, effects, apart, lang)
    return finish(
        figure, theme=theme, height=460, finding=finding(names, effects, clear, reading, lang),
        alt=say(lang, "tags_alt", n=f"{int(drawn.sum()):,}", across=say(lang, f"tags_{across}"), clear=said),
        xaxis={"type": "log", "title": {"text": say(lang, f"tags_{across}_axis")}, **_decades(x[drawn], lang)},
        yaxis=factors.axis(low, high, say(lang, f"tags_{reading}_axis")), showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "itemsizing": "constant"},
    )  # fmt: skip


def finding(names: Sequence[str], effects: Effects, clear: np.ndarray, reading: str, lang: Language = "en") -> str:
    """Which hashtag is clearly above, or below, as a sentence; or that none is."""
    apart = np.flatnonzero(clear)
    if not len(apart):
        return say(lang, "tags_none")
    up = int((effects.effect[apart] > 0).sum())
    key = f"tags_{reading}_{'best' if up else 'worst'}"
    one = apart[np.argmax(effects.effect[apart])] if up else apart[np.argmin(effects.effect[apart])]
    said = say(lang, key, tag=names[one], **_interval(effects, one))
    return say(lang, "tags_clear", finding=said, up=f"{up:,}", down=f"{len(apart) - up:,}")


def weeks_chart(
    tag: str,
    points: Sequence[dict[str, Any]],
    weeks: Sequence[dict[str, Any]],
    *,
    theme: Theme = LIGHT,
    lang: Language = "en",
) -> go.Figure:
    """Videos of a hashtag against what is expected of them, and the means of the weeks with their intervals.

    Parameters
    ----------
    points : sequence of dict
        ``local_time``, ``name``, ``score``, ``over`` (times the expected), a video.
    weeks : sequence of dict
        ``start`` (date), ``n``, ``mean``, ``low``, ``high`` (times the expected), in the order of time; at least one.
    """
    figure = go.Figure()
    over = [max(point["over"], 1e-9) for point in points]
    figure.add_scatter(
        x=[point["local_time"] for point in points], y=[math.log(value) for value in over], mode="markers",
        marker={"size": 7, "color": theme.neutral, "opacity": 0.8}, hoverinfo="text",
        hovertext=[_point(point, lang) for point in points],
    )  # fmt: skip
    middle = [datetime.combine(week["start"], datetime.min.time()).replace(hour=12).isoformat() for week in weeks]
    band = [math.log(week["high"]) for week in weeks] + [math.log(week["low"]) for week in reversed(weeks)]
    figure.add_scatter(
        x=middle + middle[::-1], y=band, fill="toself", fillcolor=theme.accent_soft, opacity=0.6, line={"width": 0},
        mode="lines", hoverinfo="skip",
    )  # fmt: skip
    figure.add_scatter(
        x=middle, y=[math.log(week["mean"]) for week in weeks], mode="lines+markers", hoverinfo="text",
        line={"color": theme.accent, "width": 2.5}, marker={"size": 6},
        hovertext=[
            say(lang, "tag_weeks_hover", start=week["start"].isoformat(), n=f"{week['n']:,}", **_factors(week))
            for week in weeks
        ],
    )  # fmt: skip
    figure.add_hline(y=0, line={"color": theme.muted, "width": 1, "dash": "dot"})
    first, last = (week["start"].isoformat() for week in (weeks[0], weeks[-1]))
    shown = np.percentile([math.log(value) for value in over], [2, 98]) if over else np.array([-0.5, 0.5])
    low = min(float(shown[0]), *(math.log(week["low"]) for week in weeks))
    high = max(float(shown[1]), *(math.log(week["high"]) for week in weeks))
    return finish(
        figure, theme=theme, height=340,
        finding=say(lang, "tag_weeks_finding", tag=tag, **_factors(weeks[-1])),
        alt=say(lang, "tag_weeks_alt", tag=tag, weeks=len(weeks), first=first, last=last),
        xaxis={"type": "date", "showgrid": False, "nticks": 7, "tickformat": "%Y-%m-%d", "range": _dates(weeks)},
        yaxis=factors.axis(low, high, say(lang, "tag_weeks_axis"), most=7),
    )  # fmt: skip


def _dates(weeks: Sequence[dict[str, Any]]) -> list[str]:
    first: date = weeks[0]["start"]
    last: date = weeks[-1]["start"]
    return [date.fromordinal(first.toordinal() - 4).isoformat(), date.fromordinal(last.toordinal() + 8).isoformat()]


def _factors(week: dict[str, Any]) -> dict[str, str]:
    return {"factor": factor(week["mean"]), "low": factor(week["low"]), "high": factor(week["high"])}


def _interval(effects: Effects, place: int) -> dict[str, str]:
    ends = (effects.effect[place], effects.low[place], effects.high[place])
    return dict(zip(("factor", "low", "high"), (factor(math.exp(end)) for end in ends), strict=True))


def _point(point: dict[str, Any], lang: Language) -> str:
    time = f"{point['local_time']:%Y-%m-%d %H:%M}"
    said = {"score": compact(point["score"], lang), "factor": factor(point["over"])}
    return say(lang, "tag_point_hover", name=point["name"], time=time, **said)


def _hover(name: str, effects: Effects, place: int, clear: bool, crowding: float, lang: Language) -> str:
    kols = effects.uploaders[place] if effects.uploaders is not None else 0
    n = f"{int(effects.n[place]):,}"
    said = say(lang, "tags_hover", tag=name, n=n, kols=f"{int(kols):,}", **_interval(effects, place))
    if math.isfinite(crowding):
        said += say(lang, "tags_hover_crowding", value=compact(crowding, lang))
    return said + say(lang, "tags_hover_clear" if clear else "tags_hover_unclear")


def _bars(effects: Effects, at: np.ndarray, colour: str) -> dict[str, Any]:
    return {
        "type": "data", "symmetric": False, "array": (effects.high - effects.effect)[at],
        "arrayminus": (effects.effect - effects.low)[at], "color": colour, "thickness": 1, "width": 0,
    }  # fmt: skip


def _span(effects: Effects, drawn: np.ndarray, clear: np.ndarray) -> tuple[float, float]:
    """From the lowest to the highest of what is drawn, intervals of the clear ones included."""
    low = np.where(clear, effects.low, effects.effect)[drawn]
    high = np.where(clear, effects.high, effects.effect)[drawn]
    return float(low.min(initial=0.0)), float(high.max(initial=0.0))


def _labelled(apart: np.ndarray, across: np.ndarray, effects: Effects, span: tuple[float, float]) -> list[int]:
    """The clear hashtags that can be named without names on top of each other, the farthest from ×1 first."""
    if not len(apart):
        return []
    reach = max(float(across[apart].max() - across[apart].min()), 1e-9)
    x = (across - across[apart].min()) / reach * _WIDE_PX
    y = effects.effect / max(span[1] - span[0], 1e-9) * _TALL_PX
    taken: list[int] = []
    for i in apart[np.argsort(-np.abs(effects.effect[apart]), kind="stable")]:
        if all(abs(x[i] - x[j]) > 110 or abs(y[i] - y[j]) > 18 for j in taken):
            taken.append(int(i))
        if len(taken) == LABELS:
            break
    return taken


def _list(names: Sequence[str], effects: Effects, apart: np.ndarray, lang: Language) -> str:
    order = apart[np.argsort(-effects.effect[apart], kind="stable")][:LABELS]
    return say(lang, "comma").join(f"#{names[i]} {factor(math.exp(effects.effect[i]))}" for i in order)


def _decades(values: np.ndarray, lang: Language) -> dict[str, Any]:
    """Ticks of a logarithmic axis at 1, 2 and 5 of each decade, or fewer where there are many decades."""
    low, high = (float(values.min()), float(values.max())) if len(values) else (1.0, 10.0)
    steps = (1, 2, 5) if high / low < 300 else (1,)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    marks = [step * 10.0**power for power in powers for step in steps]
    return {"tickvals": marks, "ticktext": [compact(mark, lang) for mark in marks], "showgrid": False}
