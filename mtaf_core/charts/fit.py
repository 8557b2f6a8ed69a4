"""Forecasts against what happened: every video, and groups of equal size."""

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from mtaf_core.charts.numbers import compact, factor, percent
from mtaf_core.charts.scores import LEGEND, nothing
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, say
from mtaf_core.schema import Modality

MOST_POINTS = 2_000
_BANDS = 24
_GOOD = math.log(1.15)
"""Groups whose means lie within this of their forecasts are called well foretold."""


def sampled(videos: pd.DataFrame, most: int = MOST_POINTS, seed: int = 0) -> pd.DataFrame:
    """At most ``most`` of the videos, drawn at random, the same ones every time."""
    if len(videos) <= most:
        return videos
    chosen = np.sort(np.random.default_rng(seed).choice(len(videos), most, replace=False))
    return videos.iloc[chosen]


def fit_chart(
    videos: pd.DataFrame,
    method: str,
    day: int,
    *,
    level: float | None = None,
    theme: Theme = LIGHT,
    lang: Language = "en",
) -> go.Figure:
    """Foretold against real score, a point a video (`MOST_POINTS` at most), on log axes.

    Parameters
    ----------
    videos : DataFrame
        What an evaluation keeps: ``video_id``, ``truth`` and ``method`` (log scores), ``low`` and ``high`` (natural
        scale).
    method : str
    day : int
        The day that is foretold.
    level : float, optional
        Of the range in ``low`` and ``high``, where it is this method's; then points are told apart by it.
    """
    known = videos[videos[method].notna() & videos["truth"].notna()]
    if known.empty:
        return nothing(theme, lang)
    ranged = level is not None and bool(known["low"].notna().any())
    figure = go.Figure()
    low, high = _span(known, method)
    if ranged and level is not None:
        _add_band(figure, known[known["low"].notna()], method, level, theme, lang)
    figure.add_scatter(
        name=say(lang, "fit_even"), x=[low, high], y=[low, high], mode="lines", hoverinfo="skip",
        line={"color": theme.muted, "width": 1, "dash": "dot"},
    )  # fmt: skip
    shown = sampled(known)
    held = _held(shown) if ranged else np.ones(len(shown), dtype=bool)
    parts = [("fit_inside", held, theme.accent), ("fit_outside", ~held, theme.modality[Modality.TEXT])]
    for name, rows, colour in parts if ranged else [("fit_videos", held, theme.accent)]:
        _add_points(figure, shown[rows], method, say(lang, name), colour, ranged, lang)
    ticks = _ticks(low, high)
    axis = {
        "range": [low, high],
        "tickvals": [math.log1p(v) for v in ticks],
        "ticktext": [compact(v, lang) for v in ticks],
    }
    off = np.exp(np.abs((known[method] - known["truth"]).to_numpy()))
    said = (
        say(lang, "fit_range", share=percent(float(_held(known).mean())), level=percent(level))
        if level and ranged
        else ""
    )
    return finish(
        figure,
        theme=theme,
        finding=say(lang, "fit_finding", half=factor(float(np.median(off))), most=factor(float(np.quantile(off, 0.9)))),
        alt=say(lang, "fit_alt", n=f"{len(shown):,}", method=method, day=day, range=said).strip(),
        height=460,
        xaxis={**axis, "title": {"text": say(lang, "fit_x")}},
        yaxis={**axis, "title": {"text": say(lang, "fit_y", day=day)}},
        showlegend=True,
        legend=LEGEND,
        margin={"l": 8, "r": 12, "t": 52, "b": 8},
    )


def reliability_chart(groups: pd.DataFrame, method: str, *, theme: Theme = LIGHT, lang: Language = "en") -> go.Figure:
    """Mean real score against mean forecast, a point a group of equal size, on log axes.

    Parameters
    ----------
    groups : DataFrame
        As `mtaf_core.evaluation.diagnostics.calibration` gives it.
    method : str
    """
    if groups.empty:
        return nothing(theme, lang)
    predicted, truth = groups["predicted"].to_numpy(), groups["truth"].to_numpy()
    error = 1.96 * groups["sd"].fillna(0.0).to_numpy() / np.sqrt(groups["n"].to_numpy())
    low = float(min(predicted.min(), (truth - error).min())) - 0.2
    high = float(max(predicted.max(), (truth + error).max())) + 0.2
    figure = go.Figure()
    figure.add_scatter(
        name="even", x=[low, high], y=[low, high], mode="lines", hoverinfo="skip",
        line={"color": theme.muted, "width": 1, "dash": "dot"},
    )  # fmt: skip
    figure.add_scatter(
        name="groups",
        x=predicted,
        y=truth,
        mode="lines+markers",
        line={"color": theme.accent, "width": 1.4},
        marker={"size": 10, "color": theme.accent},
        error_y={"type": "data", "array": error, "color": theme.accent, "thickness": 1.6, "width": 0},
        hovertext=[
            say(
                lang, "reliability_hover", predicted=compact(math.expm1(p), lang), truth=compact(math.expm1(t), lang),
                factor=factor(math.exp(t - p)), n=f"{n:,.0f}",
            )
            for p, t, n in zip(predicted, truth, groups["n"], strict=True)
        ],
        hoverinfo="text",
    )  # fmt: skip
    ticks = _ticks(low, high)
    axis = {
        "range": [low, high],
        "tickvals": [math.log1p(v) for v in ticks],
        "ticktext": [compact(v, lang) for v in ticks],
    }
    return finish(
        figure,
        theme=theme,
        finding=_reliability_finding(predicted, truth, method, lang),
        alt=say(lang, "reliability_alt", n=len(groups), points=say(lang, "comma").join(
            say(lang, "reliability_point", predicted=compact(math.expm1(p), lang), truth=compact(math.expm1(t), lang))
            for p, t in zip(predicted, truth, strict=True)
        )),
        height=460,
        xaxis={**axis, "title": {"text": say(lang, "reliability_x")}},
        yaxis={**axis, "title": {"text": say(lang, "reliability_y")}},
    )  # fmt: skip


def _reliability_finding(predicted: np.ndarray, truth: np.ndarray, method: str, lang: Language) -> str:
    gaps = truth - predicted
    worst = int(np.abs(gaps).argmax())
    if abs(gaps[worst]) <= _GOOD:
        return say(lang, "reliability_good", worst=factor(math.exp(abs(gaps[worst]))))
    return say(
        lang, "reliability_low", method=method, predicted=compact(math.expm1(predicted[worst]), lang),
        truth=compact(math.expm1(truth[worst]), lang), factor=factor(math.exp(gaps[worst])),
    )  # fmt: skip


def _add_points(
    figure: go.Figure, videos: pd.DataFrame, method: str, name: str, colour: str, ranged: bool, lang: Language
) -> None:
    said = []
    for title, foretold, truth, low, high in zip(
        videos["video_id"],
        np.expm1(videos[method]),
        np.expm1(videos["truth"]),
        videos["low"],
        videos["high"],
        strict=True,
    ):
        words = say(lang, "fit_hover", title=title, predicted=compact(foretold, lang), truth=compact(truth, lang))
        if ranged:
            words += say(lang, "fit_hover_range", low=compact(low, lang), high=compact(high, lang))
        said.append(words)
    figure.add_scatter(
        name=name,
        x=videos[method],
        y=videos["truth"],
        mode="markers",
        marker={"size": 6, "color": colour, "opacity": 0.55, "line": {"width": 0}},
        hovertext=said,
        hoverinfo="text",
    )


def _add_band(figure: go.Figure, videos: pd.DataFrame, method: str, level: float, theme: Theme, lang: Language) -> None:
    """The middle range of groups of videos with similar forecasts."""
    ordered = videos.sort_values(method, kind="stable")
    rows = np.array_split(np.arange(len(ordered)), min(_BANDS, len(ordered)))
    at = [float(ordered[method].iloc[r].mean()) for r in rows]
    low = [float(np.log1p(ordered["low"].iloc[r]).median()) for r in rows]
    high = [float(np.log1p(ordered["high"].iloc[r]).median()) for r in rows]
    figure.add_scatter(
        name=say(lang, "fit_band", level=percent(level)),
        x=[*at, *at[::-1]],
        y=[*high, *low[::-1]],
        fill="toself",
        fillcolor=theme.accent_soft,
        opacity=0.45,
        line={"width": 0, "color": theme.accent_soft},
        mode="lines",
        hoverinfo="skip",
    )


def _held(videos: pd.DataFrame) -> np.ndarray:
    low, high = np.log1p(videos["low"]), np.log1p(videos["high"])
    truth = videos["truth"]
    return np.asarray((low <= truth + 1e-9) & (truth <= high + 1e-9))


def _span(videos: pd.DataFrame, method: str) -> tuple[float, float]:
    both = np.concatenate([videos[method].to_numpy(), videos["truth"].to_numpy()])
    return max(float(both.min()), 0.0) - 0.25, float(both.max()) + 0.25


def _ticks(low: float, high: float) -> list[float]:
    """Zero and powers of ten between two log scores."""
    powers = [0.0, *(10.0**p for p in range(13))]
    found = [v for v in powers if low <= math.log1p(v) <= high]
    if len(found) >= 3:
        return found
    steps = [0.0, *(step * 10.0**power for power in range(-1, 13) for step in (1, 2, 5))]
    return [v for v in steps if low <= math.log1p(v) <= high]
