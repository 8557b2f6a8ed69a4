"""Videos under way: all of them against what was expected, and one on its fan."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mtaf_core.charts.distributions import log_ticks
from mtaf_core.charts.numbers import compact, percent
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, say
from mtaf_core.schema import Modality

HEADINGS = ("open", "behind", "hit")
"""In the order drawn, what matters most on top."""
_SYMBOLS = {"open": "circle", "behind": "triangle-down", "hit": "star"}


@dataclass(frozen=True)
class ModelSays:
    """A trained model's forecast of the day predicted, on the natural scale."""

    score: float
    low: float
    high: float


class Look(Protocol):
    """What `outlook_chart` and `course_chart` need; `mtaf_core.study.early.Look` is one."""

    @property
    def horizon_day(self) -> int: ...
    @property
    def observed(self) -> NDArray[np.int64]: ...
    @property
    def scores(self) -> NDArray[np.float64]: ...
    @property
    def low(self) -> NDArray[np.float64]: ...
    @property
    def middle(self) -> NDArray[np.float64]: ...
    @property
    def high(self) -> NDArray[np.float64]: ...
    @property
    def expected(self) -> NDArray[np.float64]: ...
    @property
    def threshold(self) -> NDArray[np.float64]: ...
    @property
    def hit(self) -> NDArray[np.float64]: ...
    @property
    def heading(self) -> NDArray[np.str_]: ...


def colour(heading: str, theme: Theme) -> str:
    """The colour of a heading: the accent for hits, amber for what falls behind, grey for what is open."""
    return {"hit": theme.accent, "behind": theme.modality[Modality.TEXT]}.get(heading, theme.muted)


def outlook_chart(
    look: Look, places: NDArray[np.int64], names: list[str], *, shown: int | None = None, theme: Theme = LIGHT,
    lang: Language = "en",
) -> go.Figure:  # fmt: skip
    """Where videos are heading against what was expected of them; above the diagonal they do better.

    Parameters
    ----------
    look : Look
    places : (p,) int64
        Which of its videos to draw, all with a fan.
    names : list of str, (p,)
        What each is called.
    shown : int, optional
        The place of the video that is shown in full; it is ringed.

    Returns
    -------
    Figure
        A trace a heading, each point's ``customdata`` the place in ``look``, and ``even``, the diagonal.
    """
    day = look.horizon_day
    known = np.isfinite(look.middle[places]) & np.isfinite(look.expected[places])
    drawn, called = places[known], [name for name, one in zip(names, known, strict=True) if one]
    if not drawn.size:
        text = say(lang, "empty")
        return finish(go.Figure(), theme=theme, finding=text, alt=text, height=120)
    x, y = np.maximum(look.expected[drawn], 0.5), np.maximum(look.middle[drawn], 0.5)
    figure = go.Figure()
    ends = [float(min(x.min(), y.min())) * 0.8, float(max(x.max(), y.max())) * 1.25]
    figure.add_scatter(
        name="even", x=ends, y=ends, mode="lines", line={"color": theme.muted, "width": 1, "dash": "dot"},
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    for heading in HEADINGS:
        own = np.flatnonzero(look.heading[drawn] == heading)
        figure.add_scatter(
            name=say(lang, f"heading_{heading}"), x=x[own], y=y[own], mode="markers",
            marker={
                "color": colour(heading, theme), "symbol": _SYMBOLS[heading],
                "size": 10 if heading == "hit" else 7, "opacity": 0.45 if heading == "open" else 0.85,
            },
            customdata=drawn[own], text=[_hover(look, int(drawn[at]), called[at], lang) for at in own],
            hovertemplate="%{text}<extra></extra>",
        )  # fmt: skip
    if shown is not None and shown in drawn:
        at = int(np.flatnonzero(drawn == shown)[0])
        figure.add_scatter(
            name="shown", x=[x[at]], y=[y[at]], mode="markers", hoverinfo="skip", showlegend=False,
            marker={"symbol": "circle-open", "size": 20, "color": theme.ink, "line": {"width": 2}},
        )  # fmt: skip
    hits, behind = (int((look.heading[places] == heading).sum()) for heading in ("hit", "behind"))
    words = {"n": f"{len(places):,}", "hits": f"{hits:,}", "behind": f"{behind:,}"}
    lower, upper = np.quantile(y, [0.25, 0.75])
    return finish(
        figure, theme=theme,
        finding=say(lang, "outlook_finding" if hits or behind else "outlook_finding_none", **words),
        alt=say(lang, "outlook_alt", day=day, low=compact(lower, lang), high=compact(upper, lang), **words),
        height=590, showlegend=True, legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        xaxis=_log_axis(say(lang, "outlook_x", day=day), ends[0], ends[1], lang),
        yaxis=_log_axis(say(lang, "outlook_y", day=day), ends[0], ends[1], lang),
    )  # fmt: skip


def course_chart(
    look: Look, place: int, bands: NDArray[np.float64], *, came: NDArray[np.float64] | None = None,
    model: ModelSays | None = None, theme: Theme = LIGHT, lang: Language = "en",
) -> go.Figure:  # fmt: skip
    """One video: its counts, and the fan of the days to come.

    Parameters
    ----------
    look : Look
    place : int
        Of the video in it.
    bands : (5, days) float64
        Popularity at 5%, 25%, 50%, 75% and 95% on each day after the last counted one; empty without a fan.
    came : (horizon_day,) float64, optional
        What came later, for a look back.
    model : ModelSays, optional
        Drawn on the day predicted.

    Returns
    -------
    Figure
        Traces ``most``, ``half`` (areas), ``middle``, ``seen``, and ``came`` and ``model`` where they are given.
    """
    day, last = look.horizon_day, int(look.observed[place])
    counted = np.flatnonzero(np.isfinite(look.scores[place]))
    now = float(look.scores[place, last - 1])
    figure = go.Figure()
    if bands.size:
        _add_fan(figure, bands, last, now, theme, lang)
    said = [say(lang, "course_count", day=d + 1, score=compact(look.scores[place, d], lang)) for d in counted]
    figure.add_scatter(
        name="seen", x=counted + 1, y=_drawable(look.scores[place, counted]), mode="lines+markers",
        line={"color": theme.ink, "width": 2.5}, marker={"size": 8, "color": theme.ink}, customdata=said,
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    later = np.flatnonzero(np.isfinite(came) & (np.arange(day) >= last)) if came is not None else np.empty(0, dtype=int)
    if came is not None and later.size:
        figure.add_scatter(
            name="came", x=later + 1, y=_drawable(came[later]), mode="markers",
            marker={"symbol": "circle-open", "size": 10, "color": theme.ink, "line": {"width": 2}},
            customdata=[say(lang, "course_came_hover", day=d + 1, score=compact(came[d], lang)) for d in later],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    if model is not None:
        _add_model(figure, model, day, theme, lang)
    threshold, expected = float(look.threshold[place]), float(look.expected[place])
    for key, value in (("hit", threshold), ("expected", expected)):
        if np.isfinite(value):
            _add_level(figure, key, value, theme, lang)
    figure.update_xaxes(
        title={"text": say(lang, "course_x")}, tickvals=list(range(1, day + 1)), range=[0.7, day + 0.5], showgrid=False
    )
    low, high = _span(figure)
    figure.update_yaxes(**_log_axis(say(lang, "course_y"), low, high, lang))
    middle = compact(bands[2, -1], lang) if bands.size else ""
    span = {"low": compact(bands[0, -1], lang), "high": compact(bands[4, -1], lang)} if bands.size else {}
    finding = (
        say(lang, "course_finding", middle=middle, day=day, **span)
        if bands.size
        else say(lang, "course_finding_none", now=compact(now, lang), days=days_label(last, lang))
    )
    alt = finding
    if bands.size:
        alt = say(
            lang, "course_alt", counts=say(lang, "comma").join(said), last=last, day=day, middle=middle,
            threshold=compact(threshold, lang), expected=compact(expected, lang), **span,
        )  # fmt: skip
    return finish(figure, theme=theme, finding=finding, alt=alt, height=340)


def days_label(days: int, lang: Language) -> str:
    """ "1 day", "3 days"."""
    return say(lang, "days_one") if days == 1 else say(lang, "days_many", n=days)


def _hover(look: Look, place: int, name: str, lang: Language) -> str:
    last = int(look.observed[place])
    return say(
        lang, "outlook_hover", name=name, days=days_label(last, lang), now=compact(look.scores[place, last - 1], lang),
        middle=compact(look.middle[place], lang), low=compact(look.low[place], lang),
        high=compact(look.high[place], lang), expected=compact(look.expected[place], lang),
        hit=percent(float(look.hit[place])),
    )  # fmt: skip


def _add_fan(
    figure: go.Figure, bands: NDArray[np.float64], last: int, now: float, theme: Theme, lang: Language
) -> None:
    days = np.arange(last, last + bands.shape[1] + 1)
    known = np.append(True, np.isfinite(bands).all(axis=0))
    paths = np.hstack([np.full((5, 1), now), bands])[:, known]
    days = days[known]
    for name, low, high, opacity in (("most", 0, 4, "33"), ("half", 1, 3, "66")):
        figure.add_scatter(
            name=name, x=np.append(days, days[::-1]), y=_drawable(np.append(paths[high], paths[low][::-1])),
            fill="toself", mode="lines", line={"width": 0}, fillcolor=theme.accent + opacity, hoverinfo="skip",
        )  # fmt: skip
    figure.add_scatter(
        name="middle", x=days, y=_drawable(paths[2]), mode="lines",
        line={"color": theme.accent, "width": 2, "dash": "dash"},
        customdata=[
            say(lang, "course_band_hover", day=day, middle=compact(b[2], lang), lower=compact(b[1], lang),
                upper=compact(b[3], lang), low=compact(b[0], lang), high=compact(b[4], lang))
            for day, b in zip(days, paths.T, strict=True)
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip


def _add_model(figure: go.Figure, model: ModelSays, day: int, theme: Theme, lang: Language) -> None:
    colour = theme.modality[Modality.VISUAL]
    said = (compact(value, lang) for value in (model.score, model.low, model.high))
    figure.add_scatter(
        name="model", x=[day + 0.18], y=_drawable(np.array([model.score])), mode="markers",
        marker={"symbol": "diamond", "size": 10, "color": colour},
        error_y={
            "type": "data", "symmetric": False, "array": [model.high - model.score],
            "arrayminus": [model.score - max(model.low, 0.5)], "color": colour, "thickness": 2, "width": 0,
        },
        hovertemplate=say(lang, "course_model_hover", **dict(zip(("score", "low", "high"), said, strict=True)))
        + "<extra></extra>",
    )  # fmt: skip


def _add_level(figure: go.Figure, key: str, value: float, theme: Theme, lang: Language) -> None:
    words = {"hit": {"threshold": compact(value, lang)}, "expected": {"expected": compact(value, lang)}}[key]
    colours = {"hit": theme.accent, "expected": theme.muted}
    at, line = max(value, 0.5), {"color": colours[key], "width": 1.2, "dash": "dot"}
    figure.add_shape(type="line", xref="paper", x0=0, x1=1, y0=at, y1=at, line=line)
    figure.add_annotation(
        text=say(lang, f"course_{key}", **words), font={"color": colours[key], "size": 12}, xref="paper", x=0,
        xanchor="left", y=float(np.log10(at)), yanchor="bottom", bgcolor=theme.card + "CC", borderpad=1,
    )  # fmt: skip


def _span(figure: go.Figure) -> tuple[float, float]:
    values = [np.asarray(trace.y, dtype=float) for trace in figure.data]
    values += [np.array([shape.y0], dtype=float) for shape in figure.layout.shapes]
    every = np.concatenate(values)
    every = every[np.isfinite(every)]
    return float(every.min()) / 1.3, float(every.max()) * 1.4


def _drawable(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """At least a half: a log axis has no zero."""
    return np.maximum(values, 0.5)


def _log_axis(title: str, low: float, high: float, lang: Language) -> dict[str, object]:
    at = log_ticks(float(np.log10(low)), float(np.log10(high)), 6)
    return {
        "type": "log", "title": {"text": title}, "tickvals": at, "ticktext": [compact(v, lang) for v in at],
        "range": [float(np.log10(low)), float(np.log10(high))],
    }  # fmt: skip
