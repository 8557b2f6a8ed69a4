"""Charts of one forecast: its range on the market's distribution, attention, and contribution by modality."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from mtaf_core.charts.numbers import compact, factor, percent
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, modality_label, say
from mtaf_core.schema import MODALITIES, Modality

_BINS = 36


@dataclass(frozen=True)
class Estimate:
    """A popularity score and its range, natural scale.

    Parameters
    ----------
    score, low, high : float
    level : float
        Probability that the range holds the score, in (0, 1).
    """

    score: float
    low: float
    high: float
    level: float = 0.9


def interval_chart(
    market: ArrayLike,
    now: Estimate,
    horizon_day: int,
    *,
    first: Estimate | None = None,
    theme: Theme = LIGHT,
    lang: Language = "en",
) -> go.Figure:
    """The forecast and its range over the popularity scores of the market, on a log axis.

    Parameters
    ----------
    market : array_like of float, (n,)
        Known scores at the horizon day; NaN and negative ones are left out. May be empty.
    now : Estimate
    horizon_day : int
    first : Estimate, optional
        The forecast it is compared with, drawn beside it.

    Returns
    -------
    Figure
        x is ``log1p(score)``, as the model fits it, so that 0 has a place; ticks read as scores. Traces: ``market``
        (share of videos a bin), ``range``, ``forecast``, and ``first`` where it was given.
    """
    scores = np.asarray(market, dtype=float)
    scores = scores[np.isfinite(scores) & (scores >= 0)]
    top = max(e for e in (now.high, now.score, *((first.high, first.score) if first else ()), scores.max(initial=10.0)))
    end = float(np.log1p(top)) * 1.02
    figure = go.Figure()
    peak = _add_market(figure, scores, end, now, theme, lang)
    rail = -0.10 * peak
    level = percent(now.level)
    values = {"score": compact(now.score, lang), "low": compact(now.low, lang), "high": compact(now.high, lang)}
    _add_range(figure, now, rail, theme, lang)
    _add_marks(figure, now, first, (rail, peak), end, theme, lang)
    share = percent(float((scores < now.score).mean())) if scores.size else None
    spoken = say(lang, "interval_alt", day=horizon_day, n=f"{scores.size:,}", level=level, **values)
    if first is not None:
        spoken += say(lang, "first_alt", score=compact(first.score, lang))
    ticks = _score_ticks(top)
    return finish(
        figure,
        theme=theme,
        finding=say(lang, "interval_finding_alone" if share is None else "interval_finding", share=share, **values),
        alt=spoken,
        height=250,
        xaxis={
            "title": {"text": say(lang, "score_axis", day=horizon_day)},
            "tickvals": np.log1p(ticks),
            "ticktext": [compact(t, lang) for t in ticks],
            "range": [-0.02 * end, end],
            "showgrid": False,
        },
        yaxis={"visible": False, "range": [-0.2 * peak, 1.2 * peak]},
        bargap=0.05,
    )


def attention_chart(attention: Mapping[str, float | None], *, theme: Theme = LIGHT, lang: Language = "en") -> go.Figure:
    """How the model's attention is shared among the modalities.

    Parameters
    ----------
    attention : mapping of modality to float or None
        Weights that sum to 1 over those present; None where a modality is absent, which is drawn and said so.
    """
    rows = [(m, attention.get(m)) for m in MODALITIES]
    present = {m: v for m, v in rows if v is not None}
    labels = [modality_label(m, lang, short=True) for m, _ in rows]
    words = [say(lang, "absent") if v is None else percent(v) for _, v in rows]
    figure = _modality_bars([v or 0.0 for _, v in rows], rows, labels, words, theme)
    most = max(present, key=lambda m: present[m]) if present else None
    found = (
        say(lang, "attention_none")
        if most is None
        else say(
            lang, "attention_finding", modality=modality_label(most, lang, short=True), share=percent(present[most])
        )
    )
    widest = max(present.values(), default=1.0)
    return finish(
        figure,
        theme=theme,
        finding=found,
        alt=say(lang, "attention_alt", bars=_spoken(labels, words, lang)),
        height=236,
        xaxis={
            "title": {"text": say(lang, "attention_axis")},
            "tickformat": ".0%",
            "range": [0, max(widest * 1.25, 0.1)],
            "nticks": 5,
        },
        yaxis={"autorange": "reversed", "showgrid": False},
    )


def contribution_chart(
    contribution: Mapping[str, float | None], *, theme: Theme = LIGHT, lang: Language = "en"
) -> go.Figure:
    """How each modality multiplies the forecast.

    Parameters
    ----------
    contribution : mapping of modality to float or None
        Shapley values in log units; ``exp`` of one is the factor on the popularity score (plus one). None: absent.
    """
    rows = [(m, contribution.get(m)) for m in MODALITIES]
    present = {m: v for m, v in rows if v is not None}
    labels = [modality_label(m, lang, short=True) for m, _ in rows]
    words = [say(lang, "absent") if v is None else factor(float(np.exp(v))) for _, v in rows]
    figure = _modality_bars([v or 0.0 for _, v in rows], rows, labels, words, theme)
    most = max(present, key=lambda m: abs(present[m])) if present else None
    found = (
        say(lang, "attention_none")
        if most is None
        else say(
            lang,
            "contribution_up" if present[most] >= 0 else "contribution_down",
            modality=modality_label(most, lang, short=True),
            factor=factor(float(np.exp(present[most]))),
        )
    )
    reach = max((abs(v) for v in present.values()), default=0.0)
    reach = max(reach, float(np.log(1.5)))
    ticks = _factor_ticks(reach)
    return finish(
        figure,
        theme=theme,
        finding=found,
        alt=say(lang, "contribution_alt", bars=_spoken(labels, words, lang)),
        height=236,
        xaxis={
            "title": {"text": say(lang, "contribution_axis")},
            "tickvals": np.log(ticks),
            "ticktext": [f"×{t:g}" for t in ticks],
            "range": [-1.15 * reach, 1.7 * reach],
            "zerolinecolor": theme.muted,
            "zerolinewidth": 1,
        },
        yaxis={"autorange": "reversed", "showgrid": False},
    )


def _modality_bars(
    values: list[float],
    rows: list[tuple[Modality, float | None]],
    labels: list[str],
    words: list[str],
    theme: Theme,
) -> go.Figure:
    """Bars with their words right of them, or right of zero, so that words never run into the labels on the left."""
    figure = go.Figure()
    figure.add_bar(
        name="bars",
        x=values,
        y=labels,
        orientation="h",
        marker={"color": [theme.modality[m] for m, _ in rows], "cornerradius": 3},
        width=0.62,
        customdata=words,
        hovertemplate="%{y}: %{customdata}<extra></extra>",
    )
    figure.add_scatter(
        name="words",
        x=[max(v, 0.0) for v in values],
        y=labels,
        mode="text",
        text=[f" {word}" for word in words],
        textposition="middle right",
        textfont={"size": 13, "color": [theme.muted if v is None else theme.ink for _, v in rows]},
        cliponaxis=False,
        hoverinfo="skip",
    )
    return figure


def _add_market(
    figure: go.Figure, scores: NDArray[np.float64], end: float, now: Estimate, theme: Theme, lang: Language
) -> float:
    """Add the market's histogram, tinted where the range covers it; the height of its tallest bar."""
    edges = np.linspace(0.0, end, _BINS + 1)
    shares = np.histogram(np.log1p(scores), edges)[0] / max(scores.size, 1)
    middles = (edges[:-1] + edges[1:]) / 2
    inside = (middles >= _position(now.low)) & (middles <= _position(now.high))
    figure.add_bar(
        name="market",
        x=middles,
        y=shares,
        width=np.diff(edges) * 0.9,
        marker_color=np.where(inside, theme.accent_soft, theme.neutral),
        customdata=[
            (compact(float(np.expm1(a)), lang), compact(float(np.expm1(b)), lang), percent(float(s), 1))
            for a, b, s in zip(edges[:-1], edges[1:], shares, strict=True)
        ],
        hovertemplate="%{customdata[0]}–%{customdata[1]}<br>%{customdata[2]} "
        + say(lang, "market_share")
        + "<extra></extra>",
    )
    return float(shares.max()) or 1.0


def _add_range(figure: go.Figure, now: Estimate, rail: float, theme: Theme, lang: Language) -> None:
    said = f"{say(lang, 'range', level=percent(now.level))}: {compact(now.low, lang)}–{compact(now.high, lang)}"
    figure.add_scatter(
        name="range",
        x=[_position(now.low), _position(now.high)],
        y=[rail, rail],
        mode="lines",
        line={"color": theme.accent, "width": 7},
        opacity=0.45,
        hovertemplate=said + "<extra></extra>",
    )


def _add_marks(
    figure: go.Figure,
    now: Estimate,
    first: Estimate | None,
    span: tuple[float, float],
    end: float,
    theme: Theme,
    lang: Language,
) -> None:
    """The forecast's line, and the first one's with their labels on either side, so that the two never overlap."""
    side = "center"
    if first is not None:
        side, other = ("right", "left") if first.score <= now.score else ("left", "right")
        _add_mark(figure, "first", first.score, span, theme.muted, _beside(first.score, end, other), lang)
    _add_mark(figure, "forecast", now.score, span, theme.accent, _beside(now.score, end, side), lang)


def _add_mark(
    figure: go.Figure, name: str, score: float, span: tuple[float, float], colour: str, side: str, lang: Language
) -> None:
    rail, peak = span
    said = f"{say(lang, name)} {compact(score, lang)}"
    figure.add_scatter(
        name=name,
        x=[_position(score)] * 2,
        y=[rail, 1.06 * peak],
        mode="lines+markers+text",
        line={"color": colour, "width": 2, "dash": "dot" if name == "first" else "solid"},
        marker={"size": [13, 0.1], "color": colour},
        text=["", said],
        textposition=f"top {side}",
        textfont={"color": colour, "size": 13},
        cliponaxis=False,
        hovertemplate=said + "<extra></extra>",
    )


def _beside(score: float, end: float, side: str) -> str:
    """On which side of its line a label stands: ``side``, unless it would run off the chart there."""
    place = _position(score) / end
    return "right" if place < 0.12 else "left" if place > 0.88 else side


def _position(score: float) -> float:
    return float(np.log1p(max(score, 0.0)))


def _score_ticks(top: float) -> NDArray[np.float64]:
    decades = np.arange(0, max(int(np.ceil(np.log10(max(top, 10.0)))), 1) + 1)
    return np.concatenate([[0.0], 10.0**decades])


def _factor_ticks(reach: float) -> list[float]:
    for ladder in ([0.8, 1, 1.25], [0.7, 1, 1.4], [0.5, 1, 2], [0.25, 1, 4], [0.1, 1, 10]):
        if np.log(ladder[-1]) * 1.9 >= reach:
            return [float(t) for t in ladder]
    return [0.01, 1.0, 100.0]


def _spoken(labels: list[str], words: list[str], lang: Language) -> str:
    return say(lang, "comma").join(f"{label} {word}" for label, word in zip(labels, words, strict=True))
