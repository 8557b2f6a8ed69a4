"""Charts of what would change a forecast: one field along its range, a week of slots, and what each edit gave."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from mtaf_core.charts import factors
from mtaf_core.charts.numbers import compact, factor
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, say
from mtaf_core.schema import Modality

FLAT = 1.03
"""A field along which the forecast differs by less than this factor makes no difference worth a sentence."""


def sweep_chart(
    field: str, labels: Sequence[str], score: ArrayLike, low: ArrayLike, high: ArrayLike, now: int | None,
    *, outside: Sequence[int] = (), theme: Theme = LIGHT, lang: Language = "en",
) -> go.Figure:  # fmt: skip
    """The forecast along one field, with its range as a band.

    Parameters
    ----------
    field : str
        What the field is called.
    labels : sequence of str, n
        Its values as they are read, in the order drawn.
    score, low, high : array_like of float, (n,)
        On the natural scale.
    now : int, optional
        Place of the value it has.
    outside : sequence of int
        Places of values unlike anything the market has; they are drawn grey and open.
    """
    score, low, high = (np.asarray(part, dtype=float) for part in (score, low, high))
    x = list(range(len(labels)))
    figure = go.Figure()
    figure.add_scatter(
        x=x + x[::-1], y=np.log1p([*high, *low[::-1]]), fill="toself", fillcolor=theme.accent_soft, opacity=0.55,
        line={"width": 0}, mode="lines", hoverinfo="skip", name="range",
    )  # fmt: skip
    figure.add_scatter(
        x=x, y=np.log1p(score), mode="lines+markers", name="forecast", line={"color": theme.accent, "width": 2},
        hoverinfo="text", hovertext=[
            say(lang, "sweep_hover", value=label, score=compact(s, lang), low=compact(a, lang), high=compact(b, lang))
            for label, s, a, b in zip(labels, score, low, high, strict=True)
        ],
    )  # fmt: skip
    if outside:
        figure.add_scatter(
            x=list(outside), y=np.log1p(score[list(outside)]), mode="markers", hoverinfo="skip", name="outside",
            marker={"size": 9, "color": theme.card, "line": {"width": 2, "color": theme.muted}},
        )  # fmt: skip
    if now is not None:
        figure.add_scatter(
            x=[now], y=[np.log1p(score[now])], mode="markers", hoverinfo="skip", name="now",
            marker={"size": 13, "symbol": "circle-open", "color": theme.ink, "line": {"width": 2.5}},
        )  # fmt: skip
    inside = np.delete(np.arange(len(score)), list(outside)) if len(outside) < len(score) else np.arange(len(score))
    best, worst = int(inside[score[inside].argmax()]), int(inside[score[inside].argmin()])
    gain = (score[best] + 1) / (score[worst] + 1)
    if gain < FLAT:
        said = say(lang, "sweep_flat", field=field)
    else:
        said = say(lang, "sweep_best", field=field, best=labels[best], worst=labels[worst], factor=factor(gain))
    ticks = round_scores(float(low.min()), float(high.max()))
    step = max(1, -(-len(labels) // 12))
    return finish(
        figure, theme=theme, height=300, finding=said,
        alt=say(lang, "sweep_alt", field=field, n=len(labels), finding=said),
        xaxis={"tickvals": x[::step], "ticktext": list(labels)[::step], "title": {"text": field}, "showgrid": False},
        yaxis={
            "tickvals": np.log1p(ticks).tolist(), "ticktext": [compact(t, lang) for t in ticks], "zeroline": False,
            "title": {"text": say(lang, "score")},
        },
    )  # fmt: skip


def slots_chart(
    score: ArrayLike, low: ArrayLike, high: ArrayLike, now: tuple[int, int],
    *, outside: tuple[Sequence[int], Sequence[int]] = ((), ()), theme: Theme = LIGHT, lang: Language = "en",
) -> go.Figure:  # fmt: skip
    """The forecast of one release in every slot of the week, as a factor of what it is now.

    Parameters
    ----------
    score, low, high : array_like of float, (7, 24)
        Monday first, on the natural scale.
    now : (int, int)
        Weekday and hour it has.
    outside : (sequence of int, sequence of int)
        Weekdays and hours unlike anything the market has; they are veiled.
    """
    score, low, high = (np.asarray(part, dtype=float) for part in (score, low, high))
    ratio = (score + 1) / (score[now] + 1)
    reach = max(float(np.abs(np.log(ratio)).max()), np.log(1.1))
    hover = [
        [
            say(
                lang, "slots_hover", slot=_slot(day, hour, lang), factor=factor(ratio[day, hour]),
                score=compact(score[day, hour], lang), low=compact(low[day, hour], lang),
                high=compact(high[day, hour], lang),
            )
            for hour in range(24)
        ]
        for day in range(7)
    ]  # fmt: skip
    figure = go.Figure()
    figure.add_heatmap(
        z=np.log(ratio), x=list(range(24)), y=list(range(7)), zmin=-reach, zmax=reach, xgap=1, ygap=1,
        hoverinfo="text", hovertext=hover,
        colorscale=[[0, theme.modality[Modality.TEXT]], [0.5, theme.grid], [1, theme.accent]],
        colorbar=colour_key(reach, theme, y=-0.24, yanchor="top"),
    )  # fmt: skip
    veil(figure, outside, (7, 24), theme)
    day, hour = now
    figure.add_shape(
        type="rect", x0=hour - 0.5, x1=hour + 0.5, y0=day - 0.5, y1=day + 0.5, line={"color": theme.ink, "width": 2.5}
    )
    at = best_inside(score, outside)
    if ratio[at] < FLAT:
        said = say(lang, "slots_flat", now=_slot(*now, lang))
    else:
        said = say(lang, "slots_best", slot=_slot(*at, lang), factor=factor(ratio[at]), now=_slot(*now, lang))
    return finish(
        figure, theme=theme, height=330, finding=said, alt=say(lang, "slots_alt", finding=said),
        xaxis={
            "tickvals": list(range(0, 24, 3)), "ticktext": [f"{h:02d}" for h in range(0, 24, 3)], "showgrid": False,
            "zeroline": False, "range": [-0.5, 23.5], "title": {"text": say(lang, "slots_axis")},
        },
        yaxis={
            "tickvals": list(range(7)), "ticktext": [say(lang, f"weekday_short_{d}") for d in range(7)],
            "showgrid": False, "zeroline": False, "range": [6.5, -0.5],
        },
        dragmode=False,
    )  # fmt: skip


def best_inside(values: np.ndarray, outside: tuple[Sequence[int], Sequence[int]]) -> tuple[int, int]:
    """Row and column of the largest value that no veil hides, since what is a guess is no advice; of all if all are."""
    inside = values.copy()
    inside[list(outside[0])] = np.nan
    inside[:, list(outside[1])] = np.nan
    told = values if np.isnan(inside).all() else inside
    row, column = np.unravel_index(int(np.nanargmax(told)), told.shape)
    return int(row), int(column)


def colour_key(reach: float, theme: Theme, y: float, yanchor: str) -> dict[str, object]:
    """The key to the colours of a map from ``-reach`` to ``reach`` in natural logarithms, short enough for a phone."""
    marks = factors.ticks(-reach, reach, 3)
    return {
        "orientation": "h", "thickness": 8, "len": 0.6, "x": 1, "xanchor": "right", "y": y, "yanchor": yanchor,
        "outlinewidth": 0, "tickvals": [float(np.log(m)) for m in marks], "ticktext": [factors.label(m) for m in marks],
        "tickfont": {"size": 11, "color": theme.muted}, "tickangle": 0,
    }  # fmt: skip


def veil(figure: go.Figure, outside: tuple[Sequence[int], Sequence[int]], shape: tuple[int, int], theme: Theme) -> None:
    """Draw a veil over rows and columns of a map of ``shape``."""
    look = {"type": "rect", "fillcolor": theme.card, "opacity": 0.6, "line": {"width": 0}, "name": "outside"}
    for row in outside[0]:
        figure.add_shape(x0=-0.5, x1=shape[1] - 0.5, y0=row - 0.5, y1=row + 0.5, **look)
    for column in outside[1]:
        figure.add_shape(x0=column - 0.5, x1=column + 0.5, y0=-0.5, y1=shape[0] - 0.5, **look)


def edits_chart(
    shares: Mapping[str, float], first: float, now: float, *, theme: Theme = LIGHT, lang: Language = "en"
) -> go.Figure:
    """A waterfall from the first forecast to the present one, a bar an edit.

    Parameters
    ----------
    shares : mapping of str to float
        What each edit, as it is called, changed; in log units. They sum to ``now - first``.
    first, now : float
        Log scores.
    """
    names = [say(lang, "edits_first"), *shares, say(lang, "edits_now")]
    words = [
        compact(float(np.expm1(first)), lang), *(factor(float(np.exp(v))) for v in shares.values()),
        compact(float(np.expm1(now)), lang),
    ]  # fmt: skip
    figure = go.Figure(
        go.Waterfall(
            orientation="h", y=list(range(len(names))), x=[0.0, *shares.values(), 0.0], base=0.0,
            measure=["absolute", *["relative"] * len(shares), "total"], text=words, textposition="outside",
            cliponaxis=False, hoverinfo="skip", connector={"line": {"color": theme.line, "width": 1}},
            increasing={"marker": {"color": theme.accent}},
            decreasing={"marker": {"color": theme.modality[Modality.TEXT]}}, totals={"marker": {"color": theme.muted}},
        )
    )  # fmt: skip
    largest = max(shares, key=lambda name: abs(shares[name]))
    said = say(lang, "edits_finding", edit=largest, factor=factor(float(np.exp(shares[largest]))))
    reached = np.cumsum([0.0, *shares.values()])
    axis = factors.axis(min(float(reached.min()), -0.1) * 1.25, max(float(reached.max()), 0.1) * 1.25,
                        say(lang, "edits_axis"), most=7)  # fmt: skip
    bars = say(lang, "comma").join(f"{name} {word}" for name, word in zip(names, words, strict=True))
    return finish(
        figure, theme=theme, height=80 + 38 * len(names), finding=said, alt=say(lang, "edits_alt", bars=bars),
        xaxis=axis, yaxis={"tickvals": list(range(len(names))), "ticktext": names, "autorange": "reversed"},
    )  # fmt: skip


def _slot(day: int, hour: int, lang: Language) -> str:
    return say(lang, "slot", day=say(lang, f"weekday_{day}"), hour=f"{hour:02d}")


def round_scores(low: float, high: float) -> list[float]:
    """Round scores that lie in the range: one a decade, or three where there are few."""
    for steps in ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,)):
        found = [s * 10.0**p for p in range(12) for s in steps if max(low, 1.0) <= s * 10.0**p <= high]
        if len(found) <= 7:
            break
    return found or [low, high]
