"""Every method beside the others by one measure, with its interval and what the paper reported."""

import math
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, say

SMALLER_IS_BETTER = frozenset({"MAE", "MSE"})
LEGEND = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"}
_WIDE = 8.0
"""Where the largest error is so many times the smallest, the axis is logarithmic."""
_ROOM = 0.24
"""Share of the span that the figures beside the dots take."""


def written(value: Any) -> str:
    """A measure as it is read: three decimals, more for errors that small ones would hide; – where there is none.

    >>> written(0.8775), written(0.00181), written(None)
    ('0.878', '0.0018', '–')
    """
    if value is None or pd.isna(value):
        return "–"
    return f"{value:.3f}" if value == 0 or abs(value) >= 0.01 else f"{value:.4f}"


def signed(share: Any) -> str:
    """A change as it is read, with its sign: ``+72%``, ``−2.6%``; – where there is none.

    >>> signed(0.7234), signed(-0.0258), signed(0.0), signed(None)
    ('+72%', '−2.6%', '0.0%', '–')
    """
    if share is None or pd.isna(share):
        return "–"
    points = 100 * share
    digits = 0 if abs(points) >= 10 else 1
    text = f"{abs(points):,.{digits}f}%"
    return text if text == "0.0%" else f"{'+' if points > 0 else '−'}{text}"


def measure_name(measure: str) -> str:
    """How a measure is written: R² with its sign."""
    return "R²" if measure == "R2" else measure


def scores_chart(
    table: pd.DataFrame, measure: str = "MSE", *, theme: Theme = LIGHT, lang: Language = "en"
) -> go.Figure:
    """One measure of every method with its 95% interval, best on top, and what the paper reported.

    Parameters
    ----------
    table : DataFrame
        As `mtaf_core.evaluation.tables.scores` gives it.
    measure : str
        One of its measures.

    Returns
    -------
    Figure
        A trace a method (a dot with whiskers) and, where the paper has any of them, ``paper`` in a panel of its own.
    """
    known = table[table[measure].notna()] if len(table) else table
    if known.empty:
        return nothing(theme, lang)
    smaller = measure in SMALLER_IS_BETTER
    known = known.sort_values(measure, ascending=smaller, kind="stable")
    reported = known[known[f"{measure}_paper"].notna()]
    figure = _panels(bool(len(reported)), theme, lang)
    colours = [theme.accent, *[theme.muted] * (len(known) - 1)]
    for colour, (_, row) in zip(colours, known.iterrows(), strict=True):
        _add_dot(figure, row, measure, colour, theme, lang)
    if len(reported):
        _add_paper(figure, reported, measure, theme, lang)
    figure.update_xaxes(title={"text": axis_title(measure, lang)}, zeroline=False, row=1, col=1)
    figure.update_xaxes(**_axis(known, measure), row=1, col=1)
    figure.update_yaxes(
        categoryorder="array", categoryarray=list(known["method"]), autorange="reversed",
        tickfont={"size": 13, "color": theme.ink}, ticklabelstandoff=8,
    )  # fmt: skip
    told = [f"{row['method']} {written(row[measure])}" for _, row in known.iterrows()]
    return finish(
        figure,
        theme=theme,
        finding=_scores_finding(known, measure, lang),
        alt=say(
            lang, "scores_alt", measure=measure_name(measure), n=len(known), values=say(lang, "comma").join(told)
        ),
        height=80 + 27 * len(known),
        margin={"l": 8, "r": 12, "t": 8, "b": 8},
    )  # fmt: skip


def _panels(paper: bool, theme: Theme, lang: Language) -> go.Figure:
    """What was measured here, and beside it on a scale of its own what the paper reported of other data."""
    if not paper:
        return make_subplots(rows=1, cols=1)
    figure = make_subplots(rows=1, cols=2, shared_yaxes=True, column_widths=[0.76, 0.24], horizontal_spacing=0.04)
    figure.update_xaxes(
        title={"text": say(lang, "panel_paper")}, side="top", zeroline=False, nticks=3, showgrid=False, row=1, col=2
    )
    return figure


def _add_paper(figure: go.Figure, reported: pd.DataFrame, measure: str, theme: Theme, lang: Language) -> None:
    figure.add_scatter(
        name="paper",
        x=reported[f"{measure}_paper"],
        y=reported["method"],
        mode="markers",
        marker={"symbol": "diamond-open", "size": 10, "color": theme.muted, "line": {"width": 1.6}},
        hovertext=[say(lang, "scores_paper", value=written(v)) for v in reported[f"{measure}_paper"]],
        hovertemplate="<b>%{y}</b><br>%{hovertext}<extra></extra>",
        row=1,
        col=2,
    )


def _add_dot(figure: go.Figure, row: pd.Series, measure: str, colour: str, theme: Theme, lang: Language) -> None:
    """A method: its value with the interval, and the value in figures at the panel's end."""
    value, low, high = row[measure], row[f"{measure}_low"], row[f"{measure}_high"]
    told = say(
        lang, "scores_hover", measure=measure_name(measure), value=written(value), low=written(low), high=written(high)
    )
    if pd.notna(row[f"{measure}_sd"]):
        told += say(lang, "scores_seeds", n=f"{row['seeds']:.0f}", sd=written(row[f"{measure}_sd"]))
    figure.add_scatter(
        name=row["method"],
        x=[value],
        y=[row["method"]],
        mode="markers",
        marker={"size": 11, "color": colour},
        error_x={
            "type": "data", "symmetric": False, "thickness": 2, "width": 0, "color": colour,
            "array": [max(high - value, 0.0) if pd.notna(high) else 0.0],
            "arrayminus": [max(value - low, 0.0) if pd.notna(low) else 0.0],
        },
        hovertemplate=f"<b>%{{y}}</b><br>{told}<extra></extra>",
        row=1,
        col=1,
    )  # fmt: skip
    figure.add_scatter(
        x=[high if pd.notna(high) else value], y=[row["method"]], mode="text", text=[f"  {written(value)}"],
        textposition="middle right", hoverinfo="skip", showlegend=False, cliponaxis=False,
        textfont={"color": theme.ink if colour == theme.accent else theme.muted, "size": 13}, row=1, col=1,
    )  # fmt: skip


def _axis(known: pd.DataFrame, measure: str) -> dict[str, Any]:
    """From the lowest end of an interval to the highest, with room for figures; by powers where errors differ much."""
    low = float(known[f"{measure}_low"].fillna(known[measure]).min())
    high = float(known[f"{measure}_high"].fillna(known[measure]).max())
    if measure not in SMALLER_IS_BETTER or low <= 0 or known[measure].max() <= _WIDE * known[measure].min():
        span = max(high - low, 1e-9)
        return {"range": [low - 0.05 * span, high + _ROOM * span], "nticks": 6}
    span = math.log10(high / low)
    return log_ticks(low, high) | {"range": [math.log10(low) - 0.05 * span, math.log10(high) + _ROOM * span]}


def log_ticks(low: float, high: float) -> dict[str, Any]:
    """A logarithmic axis with round numbers between two errors: 1, 2 and 5, or powers of ten where they are far."""
    steps = (1, 2, 5) if high < 100 * low else (1,)
    ticks = [step * 10.0**power for power in range(-9, 6) for step in steps if low <= step * 10.0**power <= high]
    return {"type": "log", "tickvals": ticks, "ticktext": [f"{tick:g}" for tick in ticks]}


def _scores_finding(known: pd.DataFrame, measure: str, lang: Language) -> str:
    first, name = known.iloc[0], measure_name(measure)
    if len(known) == 1:
        return say(lang, "scores_finding_one", method=first["method"], measure=name, value=written(first[measure]))
    better = say(lang, "scores_lowest" if measure in SMALLER_IS_BETTER else "scores_highest")
    second = known.iloc[1]
    return say(
        lang, "scores_finding", method=first["method"], better=better, measure=name, value=written(first[measure]),
        second=second["method"], other=written(second[measure]),
    )  # fmt: skip


def axis_title(measure: str, lang: Language) -> str:
    """What an axis of a measure says: its unit, and which end is better."""
    kind = {"MAE": "error", "MSE": "square"}.get(measure, "share")
    return say(lang, f"measure_axis_{kind}", measure=measure_name(measure))


def nothing(theme: Theme, lang: Language) -> go.Figure:
    """A figure that says there is nothing to show yet."""
    return finish(go.Figure(), theme=theme, finding=say(lang, "empty"), alt=say(lang, "empty"), height=120)
