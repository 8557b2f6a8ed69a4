"""One KOL: followers over time, every video beside what was expected, and what goes well; all KOLs on one map."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from mtaf_core.charts import factors
from mtaf_core.charts.numbers import compact, factor, percent
from mtaf_core.charts.scores import nothing
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, say
from mtaf_core.schema import Modality

LEGEND = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"}
_SAID_CHARS = 70
_STEADY = 0.0005
"""Followers that change by less than this share a week are called steady."""
_ROW_PX = 27


def growth_chart(
    counts: pd.DataFrame, posts: pd.DataFrame, *, theme: Theme = LIGHT, lang: Language = "en"
) -> go.Figure:
    """Followers over time, with a mark for every video at the foot.

    Parameters
    ----------
    counts : DataFrame
        ``day``, ``followers``; oldest first.
    posts : DataFrame
        ``local_time``, ``description``, ``score``, ``lift`` (natural log); those outside the days are left out.
    """
    if len(counts) < 2:
        return nothing(theme, lang)
    days, followers = pd.to_datetime(counts["day"]), counts["followers"].astype(float)
    first, last = float(followers.iloc[0]), float(followers.iloc[-1])
    weeks = max((days.iloc[-1] - days.iloc[0]).days / 7, 1 / 7)
    weekly = (last / first) ** (1 / weeks) - 1
    low, high = float(followers.min()), float(followers.max())
    room = 0.08 * (high - low) or 0.02 * high
    figure = go.Figure()
    figure.add_scatter(
        x=days, y=followers, mode="lines+markers", line={"color": theme.accent, "width": 2.2}, marker={"size": 5},
        hovertext=[
            say(lang, "kol_growth_hover", day=f"{day:%Y-%m-%d}", n=f"{count:,.0f}")
            for day, count in zip(days, followers, strict=True)
        ],
        hoverinfo="text",
    )  # fmt: skip
    seen = posts[(posts["local_time"] >= days.iloc[0]) & (posts["local_time"] < days.iloc[-1] + pd.Timedelta(days=1))]
    figure.add_scatter(
        x=seen["local_time"], y=[low - 1.6 * room] * len(seen), mode="markers",
        marker={"symbol": "line-ns-open", "size": 11, "color": _sides(seen["lift"], theme), "line": {"width": 2}},
        hovertext=_post_words(seen, lang), hoverinfo="text",
    )  # fmt: skip
    key = "kol_growth_steady" if abs(weekly) < _STEADY else "kol_growth_up" if weekly > 0 else "kol_growth_down"
    said = {
        "gain": compact(abs(last - first), lang), "weekly": percent(abs(weekly), 1),
        "first": f"{days.iloc[0]:%Y-%m-%d}", "last": f"{days.iloc[-1]:%Y-%m-%d}", "now": compact(last, lang),
    }  # fmt: skip
    return finish(
        figure,
        theme=theme,
        finding=say(lang, key, **said),
        alt=say(lang, "kol_growth_alt", n=len(counts), before=compact(first, lang), posts=len(seen), **said),
        height=300,
        xaxis={"showgrid": False, "tickformat": "%Y-%m-%d", "nticks": 5},
        yaxis={"title": {"text": say(lang, "kol_followers_axis")}, "range": [low - 2.6 * room, high + room]},
    )


def posts_chart(posts: pd.DataFrame, *, theme: Theme = LIGHT, lang: Language = "en") -> go.Figure:
    """Every video over time: a tick at what was expected, a line from there to a dot at what it got.

    Parameters
    ----------
    posts : DataFrame
        ``video_id``, ``local_time``, ``description``, ``score``, ``expected`` (a score), ``lift`` (natural log).
    """
    if posts.empty:
        return nothing(theme, lang)
    got, expected = posts["score"].to_numpy(float) + 1, posts["expected"].to_numpy(float) + 1
    above = posts["lift"].to_numpy(float) > 0
    figure = go.Figure()
    for side, colour in ((True, theme.accent), (False, _below(theme))):
        lines_x: list[Any] = []
        lines_y: list[Any] = []
        for when, start, end in zip(
            posts["local_time"][above == side], expected[above == side], got[above == side], strict=True
        ):
            lines_x += [when, when, None]
            lines_y += [start, end, None]
        figure.add_scatter(
            x=lines_x, y=lines_y, mode="lines", line={"color": colour, "width": 1.5}, opacity=0.55, hoverinfo="skip",
            showlegend=False,
        )  # fmt: skip
    figure.add_scatter(
        x=posts["local_time"], y=expected, mode="markers", name=say(lang, "kol_posts_expected"),
        marker={"symbol": "line-ew-open", "size": 8, "color": theme.muted, "line": {"width": 2}}, hoverinfo="skip",
    )  # fmt: skip
    for side, name, colour in (
        (True, "kol_posts_above", theme.accent), (False, "kol_posts_below", _below(theme)),
    ):  # fmt: skip
        one = posts[above == side]
        figure.add_scatter(
            x=one["local_time"], y=one["score"].to_numpy(float) + 1, mode="markers", name=say(lang, name),
            marker={"size": 7, "color": colour}, hovertext=_post_words(one, lang), hoverinfo="text",
            customdata=one["video_id"],
        )  # fmt: skip
    n, better = len(posts), int(above.sum())
    middle = factor(math.exp(float(posts["lift"].median())))
    return finish(
        figure,
        theme=theme,
        finding=say(lang, "kol_posts_finding", n=f"{n:,}", above=f"{better:,}", middle=middle),
        alt=say(
            lang, "kol_posts_alt", n=f"{n:,}", above=f"{better:,}", middle=middle,
            first=f"{posts['local_time'].iloc[0]:%Y-%m-%d}", last=f"{posts['local_time'].iloc[-1]:%Y-%m-%d}",
        ),
        height=380,
        xaxis={"showgrid": False, "tickformat": "%Y-%m-%d", "nticks": 6},
        yaxis={
            "type": "log", "title": {"text": say(lang, "kol_score_axis")}, "dtick": _decades(got, expected),
            "tickformat": "~s",
        },
        showlegend=True,
        legend=LEGEND,
        margin={"l": 8, "r": 12, "t": 56, "b": 8},
    )  # fmt: skip


def patterns_chart(
    patterns: pd.DataFrame, finding: str, title: str, *, theme: Theme = LIGHT, lang: Language = "en"
) -> go.Figure:
    """Effects as dots with their 90% intervals on an axis of factors, best first; what is clear is filled.

    Parameters
    ----------
    patterns : DataFrame
        ``name``, ``n``, ``effect``, ``low``, ``high`` (natural log) and ``clear``.
    finding : str
        What the chart shows, as a sentence.
    title : str
        Of the axis.
    """
    if patterns.empty:
        return nothing(theme, lang)
    names = [f"{name}  <span style='color:{theme.muted}'>n={n:,}</span>"
             for name, n in zip(patterns["name"], patterns["n"], strict=True)]  # fmt: skip
    effect, clear = patterns["effect"].to_numpy(float), patterns["clear"].to_numpy(bool)
    colours = np.where(clear, np.where(effect > 0, theme.accent, _below(theme)), theme.muted)
    figure = go.Figure()
    figure.add_scatter(
        x=effect, y=names, mode="markers",
        error_x={
            "type": "data", "symmetric": False, "array": patterns["high"] - effect,
            "arrayminus": effect - patterns["low"], "color": theme.muted, "thickness": 1.4, "width": 0,
        },
        marker={
            "size": 10, "color": colours, "symbol": ["circle" if one else "circle-open" for one in clear],
            "line": {"width": 2, "color": colours},
        },
        hovertext=[
            say(
                lang, "kol_effect_hover", name=row["name"], factor=factor(math.exp(row["effect"])), n=f"{row['n']:,}",
                low=factor(math.exp(row["low"])), high=factor(math.exp(row["high"])),
            )
            for row in patterns.to_dict("records")
        ],
        hoverinfo="text",
    )  # fmt: skip
    figure.add_vline(x=0, line={"color": theme.muted, "width": 1, "dash": "dot"})
    told = say(lang, "comma").join(
        f"{row['name']} {factor(math.exp(row['effect']))} ({factor(math.exp(row['low']))}–"
        f"{factor(math.exp(row['high']))}, n={row['n']})"
        for row in patterns.to_dict("records")
    )
    return finish(
        figure,
        theme=theme,
        finding=finding,
        alt=say(lang, "kol_effect_alt", title=title, dots=told),
        height=86 + _ROW_PX * max(len(patterns), 2),
        xaxis=factors.axis(float(patterns["low"].min()), float(patterns["high"].max()), title, most=5),
        yaxis={"autorange": "reversed", "showgrid": False, "tickfont": {"size": 13, "color": theme.ink},
               "ticklabelstandoff": 6},
    )  # fmt: skip


def map_chart(
    kols: pd.DataFrame, tiers: Sequence[str], total: int, *, theme: Theme = LIGHT, lang: Language = "en"
) -> go.Figure:
    """KOLs by followers and lift, coloured by tier, larger the more videos they have.

    Parameters
    ----------
    kols : DataFrame
        ``key``, ``name``, ``tier``, ``followers``, ``lift``, ``lift_low``, ``lift_high`` (natural log), ``n``.
    tiers : sequence of str
        In the order of the legend.
    total : int
        How many KOLs there are, of whom ``kols`` may be the first ones only.
    """
    known = kols[kols["followers"].gt(0) & kols["lift"].notna()]
    if known.empty:
        return nothing(theme, lang)
    hues = dict(zip(tiers, [*theme.modality.values()], strict=False))
    figure = go.Figure()
    for tier in [t for t in tiers if (known["tier"] == t).any()]:
        one = known[known["tier"] == tier]
        figure.add_scatter(
            x=one["followers"], y=one["lift"], mode="markers", name=say(lang, f"tier_{tier}"), customdata=one["key"],
            marker={
                "size": np.clip(4 + 2.2 * np.sqrt(one["n"].to_numpy(float)), 6, 26),
                "color": hues.get(tier, theme.muted), "opacity": 0.65, "line": {"width": 0.5, "color": theme.card},
            },
            hovertext=[
                say(
                    lang, "kol_map_hover", name=row["name"], followers=compact(row["followers"], lang),
                    n=f"{row['n']:,}", lift=factor(math.exp(row["lift"])), low=factor(math.exp(row["lift_low"])),
                    high=factor(math.exp(row["lift_high"])),
                )
                for row in one.to_dict("records")
            ],
            hoverinfo="text",
        )  # fmt: skip
    figure.add_hline(y=0, line={"color": theme.muted, "width": 1, "dash": "dot"})
    sure = int((known["lift_low"] > 0).sum())
    return finish(
        figure,
        theme=theme,
        finding=say(lang, "kol_map_finding", n=f"{len(known):,}", sure=f"{sure:,}"),
        alt=say(lang, "kol_map_alt", n=f"{len(known):,}", total=f"{total:,}", sure=f"{sure:,}"),
        height=460,
        xaxis={"type": "log", "title": {"text": say(lang, "kol_followers_log_axis")}, "dtick": 1, "tickformat": "~s"},
        yaxis=factors.axis(float(known["lift"].min()), float(known["lift"].max()), say(lang, "kol_lift_axis")),
        showlegend=True,
        legend={**LEGEND, "itemsizing": "constant"},
        margin={"l": 8, "r": 12, "t": 56, "b": 8},
    )


def _post_words(posts: pd.DataFrame, lang: Language) -> list[str]:
    return [
        say(
            lang, "kol_post_hover", day=f"{row['local_time']:%Y-%m-%d %H:%M}", score=compact(row["score"], lang),
            said=_shortened(row["description"] or row.get("video_id") or ""),
            factor="–" if pd.isna(row["lift"]) else factor(math.exp(row["lift"])),
        )
        for row in posts.to_dict("records")
    ]  # fmt: skip


def _shortened(text: str) -> str:
    flat = " ".join(str(text).split()).replace("<", "‹").replace(">", "›")
    return flat if len(flat) <= _SAID_CHARS else flat[: _SAID_CHARS - 1] + "…"


def _sides(lift: pd.Series, theme: Theme) -> list[str]:
    return [theme.muted if pd.isna(v) else theme.accent if v > 0 else _below(theme) for v in lift]


def _below(theme: Theme) -> str:
    """The colour of what does worse than expected; told from the accent by people of any colour vision."""
    return theme.modality[Modality.TEXT]


def _decades(*values: np.ndarray) -> int | str:
    """Ticks of a log axis: every tenfold, and 2 and 5 between where there are few tenfolds."""
    every = np.log10(np.concatenate(values))
    return 1 if every.max() - every.min() > 2.5 else "D2"
