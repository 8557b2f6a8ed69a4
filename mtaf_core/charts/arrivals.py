"""What has arrived in a market: how much of each feature is known, and how many counts there are of each day."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Protocol

import plotly.graph_objects as go

from mtaf_core.charts.numbers import compact, percent
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, feature_label, group_label, say
from mtaf_core.schema import Feature, Group, Release

ROW_PX = 21
GROUPS = tuple(Group)


class Known(Protocol):
    """How much of a feature is known; `mtaf_core.insight.coverage.Coverage` is one."""

    @property
    def feature(self) -> Feature: ...
    @property
    def known(self) -> int: ...
    @property
    def videos(self) -> int: ...
    @property
    def constant(self) -> bool: ...
    @property
    def share(self) -> float: ...
    @property
    def missing(self) -> int: ...


class ByDay(Protocol):
    """Snapshots by day, week or month; `mtaf_core.insight.coverage.Freshness` is one."""

    @property
    def bucket(self) -> str: ...
    @property
    def starts(self) -> Sequence[date]: ...
    @property
    def snapshots(self) -> Sequence[int]: ...
    @property
    def first(self) -> date | None: ...
    @property
    def last(self) -> date | None: ...


def coverage_finding(found: Sequence[Known], lang: Language = "en") -> str:
    """How many features are known of at least half of the videos, as a sentence."""
    return say(lang, "coverage_finding", known=sum(one.share >= 0.5 for one in found), n=len(found))


def coverage_chart(found: Sequence[Known], group: Group, *, theme: Theme = LIGHT, lang: Language = "en") -> go.Figure:
    """Bars of the share of videos that each feature of one group is known of.

    Parameters
    ----------
    found : sequence of Known
        Of any groups; those of ``group`` are drawn, in their order. A feature with a single value is drawn pale, since
        nothing can be learned from it; one that is known only after release has a star.
    """
    mine = [one for one in found if one.feature.group is group]
    labels = [_label(one, lang) for one in mine]
    values = [_value(one, lang) for one in mine]
    figure = go.Figure()
    figure.add_bar(
        y=labels, x=[1.0] * len(mine), orientation="h", marker={"color": theme.grid}, hoverinfo="skip", width=0.62
    )
    figure.add_bar(
        y=labels,
        x=[one.share for one in mine],
        orientation="h",
        marker={
            "color": theme.group[group],
            "opacity": [0.35 if one.constant else 1.0 for one in mine],
        },
        width=0.62,
        hovertext=[_hover(one, lang) for one in mine],
        hoverinfo="text",
    )
    for label, value, one in zip(labels, values, mine, strict=True):
        short = say(lang, "coverage_one") if one.constant else value
        figure.add_annotation(x=1.02, y=label, text=short, xanchor="left", showarrow=False)
    return finish(
        figure,
        theme=theme,
        finding=group_label(group, lang),
        alt=say(
            lang,
            "coverage_alt",
            videos=f"{mine[0].videos:,}" if mine else "0",
            bars=say(lang, "comma").join(
                say(lang, "of", label=label, said=value) for label, value in zip(labels, values, strict=True)
            ),
        ),
        height=ROW_PX * len(mine) + 16,
        barmode="overlay",
        xaxis={"visible": False, "range": [0, 1.36], "fixedrange": True},
        yaxis={"autorange": "reversed", "fixedrange": True, "showgrid": False, "ticklabelstandoff": 6},
        margin={"l": 4, "r": 4, "t": 4, "b": 4},
    )


def freshness_chart(found: ByDay, *, theme: Theme = LIGHT, lang: Language = "en") -> go.Figure:
    """Bars of snapshots by day, week or month; without a bar where there is none."""
    if not found.snapshots or found.last is None or found.first is None:
        empty = say(lang, "empty")
        return finish(go.Figure(), theme=theme, finding=empty, alt=empty, height=120)
    figure = go.Figure()
    width = {"day": 1, "week": 7, "month": 28}[found.bucket] * 86_400_000
    figure.add_bar(
        x=list(found.starts),
        y=list(found.snapshots),
        width=[0.86 * width] * len(found.snapshots),
        offset=0 if found.bucket != "day" else None,
        marker={"color": theme.accent},
        hovertemplate="%{x|%Y-%m-%d}: %{y:,}<extra></extra>",
    )
    most = max(found.snapshots)
    return finish(
        figure,
        theme=theme,
        finding=say(
            lang,
            f"freshness_finding_{found.bucket}",
            last=found.last.isoformat(),
            n=f"{found.snapshots[-1]:,}",
        ),
        alt=say(
            lang,
            "freshness_alt",
            bucket=say(lang, f"bucket_{found.bucket}"),
            first=found.first.isoformat(),
            last=found.last.isoformat(),
            most=f"{most:,}",
        ),
        height=210,
        xaxis={
            "showgrid": False,
            "tickformat": "%Y-%m-%d",
            "nticks": 6,
            "type": "date",
            "range": _week_around(found.starts) if found.bucket == "day" else None,
        },
        yaxis={
            "title": {"text": say(lang, "freshness_axis")},
            "tickvals": [0, most / 2, most],
            "ticktext": [compact(v, lang) for v in (0, most / 2, most)],
        },
    )


def _week_around(days: Sequence[date]) -> list[datetime] | None:
    """The ends of an axis on which a day or two are days and not the whole width; None where a week fills it."""
    first, last = (datetime.combine(day, time()) for day in (min(days), max(days)))
    spare = (timedelta(days=6) - (last - first)) / 2
    margin = timedelta(hours=12)
    return [first - spare - margin, last + spare + margin] if spare > timedelta() else None


def _label(one: Known, lang: Language) -> str:
    label = feature_label(one.feature.name, lang)
    return say(lang, "coverage_after", label=label) if one.feature.release is Release.AFTER else label


def _value(one: Known, lang: Language) -> str:
    if not one.known:
        return say(lang, "coverage_none")
    share = percent(one.share)
    return say(lang, "coverage_constant", share=share) if one.constant else share


def _hover(one: Known, lang: Language) -> str:
    label = feature_label(one.feature.name, lang)
    said = say(
        lang, "coverage_hover", label=label, known=f"{one.known:,}", n=f"{one.videos:,}", missing=f"{one.missing:,}"
    )
    return said + (say(lang, "coverage_same") if one.constant else "")
