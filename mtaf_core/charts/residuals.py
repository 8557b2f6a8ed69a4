"""Where forecasts go wrong: by group of videos, and over time."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mtaf_core.charts.numbers import factor, percent
from mtaf_core.charts.scores import LEGEND, nothing
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, say

BY = ("decile", "tier", "uploader_seen")
"""What videos are grouped by: popularity, the KOL's tier, whether the KOL was seen in training."""
_TIERS = ("head", "waist", "tail", "nano", "unknown")
_EVEN = math.log(1.1)
"""A mean within this is no lean."""
_SAME = 0.05
"""Groups whose errors differ by less, in log units, are called alike."""
_FEWEST = 15
"""Videos that a group needs to be named in the finding."""
_EIGHT_IN_TEN = 2.563
"""Standard deviations between the first and the last decile of a normal."""


def group_name(by: str, group: Any, groups: int, lang: Language = "en") -> str:
    """What a group is called, given what videos are grouped ``by`` and how many groups there are."""
    if by == "uploader_seen":
        return say(lang, "seen_true" if group else "seen_false")
    if by == "tier":
        return say(lang, f"tier_{group}") if group in _TIERS else str(group)
    if group in (1, groups):
        return say(lang, "decile_first" if group == 1 else "decile_last")
    return say(lang, "decile_nth", n=group)


def groups_chart(
    errors: pd.DataFrame,
    held: Sequence[Mapping[str, Any]],
    by: str,
    level: float | None,
    *,
    theme: Theme = LIGHT,
    lang: Language = "en",
) -> go.Figure:
    """Typical error of every group of videos, and beside it how often the range held their scores.

    Parameters
    ----------
    errors : DataFrame
        As `mtaf_core.evaluation.diagnostics.errors_by` gives it.
    held : sequence of mapping
        That part of `mtaf_core.evaluation.diagnostics.coverage` which is by the same groups; empty where there is no
        range.
    by : {"decile", "tier", "uploader_seen"}
    level : float or None
        Of the range.
    """
    if errors.empty:
        return nothing(theme, lang)
    errors = _ordered(errors, by)
    names = [
        group_name(by, group, int(errors["group"].max()) if by == "decile" else 0, lang) for group in errors["group"]
    ]
    shares = {one[by]: one for one in held}
    ranged = level is not None and bool(shares)
    figure = make_subplots(
        rows=1, cols=2 if ranged else 1, shared_yaxes=True, column_widths=[0.58, 0.42] if ranged else None,
        horizontal_spacing=0.04,
    )  # fmt: skip
    _add_errors(figure, errors, names, theme, lang)
    if ranged and level is not None:
        _add_held(figure, [shares.get(g) for g in errors["group"]], names, level, theme, lang)
    figure.update_yaxes(
        autorange="reversed", showgrid=False, ticklabelstandoff=6, tickfont={"size": 13, "color": theme.ink}
    )
    bars = []
    for name, group, mae in zip(names, errors["group"], errors["MAE"], strict=True):
        told = {"group": name, "factor": factor(math.exp(mae))}
        known = ranged and group in shares
        bars.append(
            say(lang, "groups_bar_held", held=percent(shares[group]["coverage"]), **told)
            if known
            else say(lang, "groups_bar", **told)
        )
    return finish(
        figure,
        theme=theme,
        finding=_groups_finding(errors, names, lang),
        alt=say(lang, "groups_alt", bars=say(lang, "comma").join(bars)),
        height=78 + 31 * len(names),
        bargap=0.34,
        margin={"l": 8, "r": 34, "t": 8, "b": 8},
    )


def residuals_chart(groups: pd.DataFrame, *, theme: Theme = LIGHT, lang: Language = "en") -> go.Figure:
    """Real over foretold score by upload time: the mean of each group, and where eight in ten of its videos lie.

    Parameters
    ----------
    groups : DataFrame
        As `mtaf_core.evaluation.diagnostics.residuals_over_time` gives it.
    """
    if groups.empty:
        return nothing(theme, lang)
    middle = groups["from"] + (groups["to"] - groups["from"]) / 2
    figure = go.Figure()
    figure.add_scatter(
        name=say(lang, "time_band"),
        x=[*middle, *middle[::-1]],
        y=[*groups["q90"], *groups["q10"][::-1]],
        fill="toself",
        fillcolor=theme.accent_soft,
        opacity=0.5,
        line={"width": 0, "color": theme.accent_soft},
        mode="lines",
        hoverinfo="skip",
    )
    figure.add_scatter(
        name=say(lang, "time_mean"),
        x=middle,
        y=groups["mean"],
        mode="lines+markers",
        line={"color": theme.accent, "width": 2.2},
        marker={"size": 8},
        hovertext=[
            say(
                lang, "time_hover", first=f"{row['from']:%Y-%m-%d}", last=f"{row['to']:%Y-%m-%d}", n=f"{row['n']:,}",
                mean=factor(math.exp(row["mean"])), low=factor(math.exp(row["q10"])), high=factor(math.exp(row["q90"])),
            )
            for _, row in groups.iterrows()
        ],
        hoverinfo="text",
    )  # fmt: skip
    low, high = float(groups["q10"].min()), float(groups["q90"].max())
    ticks = _factor_ticks(min(low, -0.3), max(high, 0.3))
    first, last = (factor(math.exp(float(groups["mean"].iloc[i]))) for i in (0, -1))
    figure.add_hline(y=0, line={"color": theme.muted, "width": 1, "dash": "dot"})
    return finish(
        figure,
        theme=theme,
        finding=_time_finding(groups, lang),
        alt=say(
            lang, "time_alt", first=f"{groups['from'].iloc[0]:%Y-%m-%d}", last=f"{groups['to'].iloc[-1]:%Y-%m-%d}",
            start=first, end=last,
        ),
        height=420,
        xaxis={"showgrid": False, "tickformat": "%Y-%m-%d", "nticks": 6},
        yaxis={
            "title": {"text": say(lang, "time_axis")}, "tickvals": [math.log(v) for v in ticks],
            "ticktext": [_plain_factor(v) for v in ticks], "zeroline": False,
        },
        showlegend=True,
        legend=LEGEND,
        margin={"l": 8, "r": 12, "t": 34, "b": 8},
    )  # fmt: skip


def _ordered(errors: pd.DataFrame, by: str) -> pd.DataFrame:
    if by == "tier":
        place = {tier: i for i, tier in enumerate(_TIERS)}
        return errors.sort_values("group", key=lambda g: g.map(lambda v: place.get(v, len(place))), kind="stable")
    return errors.sort_values("group", ascending=by == "decile", kind="stable")


def _add_errors(figure: go.Figure, errors: pd.DataFrame, names: list[str], theme: Theme, lang: Language) -> None:
    figure.add_bar(
        name="error",
        x=errors["MAE"],
        y=names,
        orientation="h",
        marker={"color": theme.accent, "cornerradius": 2},
        text=[factor(math.exp(v)) for v in errors["MAE"]],
        textposition="outside",
        textfont={"color": theme.muted, "size": 12},
        cliponaxis=False,
        hovertext=[
            say(lang, "groups_hover", group=name, n=f"{n:,}", factor=factor(math.exp(mae)), bias=factor(math.exp(bias)))
            for name, n, mae, bias in zip(names, errors["n"], errors["MAE"], errors["bias"], strict=True)
        ],
        hoverinfo="text",
        row=1,
        col=1,
    )
    most = float(errors["MAE"].max())
    ticks = [v for v in _factor_ticks(0.0, most) if v >= 1]
    figure.update_xaxes(
        range=[0, most * 1.2 + 0.02], tickvals=[math.log(v) for v in ticks], ticktext=[_plain_factor(v) for v in ticks],
        title={"text": say(lang, "groups_error")}, row=1, col=1,
    )  # fmt: skip


def _add_held(
    figure: go.Figure,
    held: list[Mapping[str, Any] | None],
    names: list[str],
    level: float,
    theme: Theme,
    lang: Language,
) -> None:
    known = [(name, one) for name, one in zip(names, held, strict=True) if one is not None]
    figure.add_scatter(
        name="held",
        x=[one["coverage"] for _, one in known],
        y=[name for name, _ in known],
        mode="markers+text",
        marker={"size": 11, "color": theme.accent},
        text=[percent(one["coverage"]) for _, one in known],
        textposition="middle right",
        textfont={"color": theme.muted, "size": 12},
        cliponaxis=False,
        hovertext=[
            say(
                lang, "groups_hover_held", group=name, held=percent(one["coverage"], 1),
                width=factor(math.exp(min(one["mean_width"], 50.0))),
            )
            for name, one in known
        ],
        hoverinfo="text",
        row=1,
        col=2,
    )  # fmt: skip
    least = min([one["coverage"] for _, one in known] + [level])
    start = max(0.0, math.floor((least - 0.05) * 10) / 10)
    figure.add_vline(x=level, line={"color": theme.muted, "width": 1, "dash": "dot"}, row=1, col=2)
    figure.update_xaxes(
        range=[start, 1.06], tickvals=[start, level, 1.0], tickformat=".0%",
        title={"text": say(lang, "groups_held", level=percent(level))}, row=1, col=2,
    )  # fmt: skip


def _groups_finding(errors: pd.DataFrame, names: list[str], lang: Language) -> str:
    """Where it errs most and least, among groups that are large enough to tell."""
    told = errors["n"].to_numpy() >= min(_FEWEST, errors["n"].max())
    values = np.where(told, errors["MAE"].to_numpy(), np.nan)
    worst, best = int(np.nanargmax(values)), int(np.nanargmin(values))
    most, least = factor(math.exp(values[worst])), factor(math.exp(values[best]))
    if worst == best:
        return say(lang, "groups_finding_one", worst=names[worst], most=most)
    if values[worst] - values[best] < _SAME:
        return say(lang, "groups_finding_same", most=most, least=least)
    return say(lang, "groups_finding", worst=names[worst], most=most, best=names[best], least=least)


def _time_finding(groups: pd.DataFrame, lang: Language) -> str:
    """The mean of the latest quarter: where it leans, if by more than chance would."""
    latest = groups.iloc[-max(1, len(groups) // 4) :]
    mean = float(np.average(latest["mean"], weights=latest["n"]))
    spread = float(((latest["q90"] - latest["q10"]) / _EIGHT_IN_TEN).mean())
    chance = 2 * spread / math.sqrt(float(latest["n"].sum()))
    kind = "even" if abs(mean) <= max(_EVEN, chance) else "above" if mean > 0 else "below"
    return say(lang, f"time_{kind}", factor=factor(math.exp(mean)))


def _factor_ticks(low: float, high: float) -> list[float]:
    """Round factors between two logarithms, 1 among them, at most seven."""
    for ladder in (
        (1.0, 1.05, 1.1, 1.2),
        (1.0, 1.2, 1.5, 2.0),
        (1.0, 1.5, 2.0, 3.0, 5.0),
        (1.0, 2.0, 5.0, 10.0),
        (1.0, 3.0, 10.0, 30.0, 100.0),
        (1.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0),
    ):
        if math.log(ladder[-1]) >= 0.75 * max(high, -low):
            break
    both = sorted({v for step in ladder for v in (step, 1 / step)})
    return [v for v in both if low - 1e-9 <= math.log(v) <= high + 1e-9]


def _plain_factor(value: float) -> str:
    return f"×{value:.2g}" if value < 100 else f"×{value:,.0f}"
