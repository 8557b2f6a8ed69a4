"""How methods do with more days observed (the paper's Table 4) and with more videos to learn from."""

import pandas as pd
import plotly.graph_objects as go

from mtaf_core.charts.scores import (
    LEGEND,
    SMALLER_IS_BETTER,
    axis_title,
    log_ticks,
    measure_name,
    nothing,
    signed,
    written,
)
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, say


def days_chart(
    table: pd.DataFrame,
    method: str,
    measure: str = "MSE",
    *,
    also: tuple[str, ...] = (),
    theme: Theme = LIGHT,
    lang: Language = "en",
) -> go.Figure:
    """One measure by days observed, a line a method.

    Parameters
    ----------
    table : DataFrame
        As `mtaf_core.evaluation.tables.by_days` gives it.
    method : str
        Drawn in the accent; what the finding is about.
    also : tuple of str
        Others drawn in colour; the rest are there for comparison.
    """
    if table.empty or table[table["method"] == method].empty:
        return nothing(theme, lang)
    figure, name = go.Figure(), measure_name(measure)
    hues = list(theme.modality.values())
    colours = {method: theme.accent, **dict(zip([m for m in also if m != method], hues, strict=False))}
    order = sorted(table["method"].unique(), key=lambda m: (m in colours, m == method))
    for one in order:
        line = table[table["method"] == one].sort_values("observed_days")
        figure.add_scatter(
            name=one,
            x=line["observed_days"],
            y=line[measure],
            mode="lines+markers",
            line={"color": colours.get(one, theme.neutral), "width": 2.5 if one == method else 1.6},
            marker={"size": 8 if one == method else 6},
            showlegend=one in colours,
            hovertext=[f"{one}<br>{name} {written(v)}" for v in line[measure]],
            hoverinfo="text",
        )
    mine = table[table["method"] == method].sort_values("observed_days")
    days = sorted(int(d) for d in table["observed_days"].unique())
    log = measure in SMALLER_IS_BETTER and bool((table[measure].dropna() > 0).all())
    return finish(
        figure,
        theme=theme,
        finding=_days_finding(mine, method, measure, lang),
        alt=say(
            lang, "days_alt", measure=name, days=say(lang, "comma").join(map(str, days)),
            n=table["method"].nunique(), method=method,
            values=say(lang, "comma").join(written(v) for v in mine[measure]),
        ),
        height=380,
        xaxis={"title": {"text": say(lang, "days_axis")}, "tickvals": days, "showgrid": False},
        yaxis={"title": {"text": axis_title(measure, lang)}, **(log_ticks(*_ends(table[measure])) if log else {})},
        showlegend=True,
        legend=LEGEND,
        margin={"l": 8, "r": 12, "t": 34, "b": 8},
    )  # fmt: skip


def curve_chart(
    table: pd.DataFrame, method: str, measure: str = "MSE", *, theme: Theme = LIGHT, lang: Language = "en"
) -> go.Figure:
    """One measure by the number of training videos, a line a method.

    Parameters
    ----------
    table : DataFrame
        As `mtaf_core.evaluation.tables.learning_curve` gives it.
    method : str
        What the finding is about; the first of the table where it is not in it.
    """
    if table.empty:
        return nothing(theme, lang)
    methods = list(dict.fromkeys(table["method"]))
    method = method if method in methods else methods[0]
    figure, name = go.Figure(), measure_name(measure)
    told = []
    for one, colour in zip(methods, [theme.accent if m == method else theme.muted for m in methods], strict=True):
        line = table[(table["method"] == one) & table[measure].notna()].sort_values("n_train")
        figure.add_scatter(
            name=one,
            x=line["n_train"],
            y=line[measure],
            mode="lines+markers",
            line={"color": colour, "width": 2.2},
            marker={"size": 8},
            hovertext=[
                say(lang, "curve_hover", method=one, n=f"{n:,.0f}", measure=name, value=written(v))
                for n, v in zip(line["n_train"], line[measure], strict=True)
            ],
            hoverinfo="text",
        )
        if len(line):
            told.append(
                say(
                    lang,
                    "curve_line",
                    method=one,
                    first=written(line[measure].iloc[0]),
                    few=f"{line['n_train'].iloc[0]:,.0f}",
                    last=written(line[measure].iloc[-1]),
                    many=f"{line['n_train'].iloc[-1]:,.0f}",
                )
            )
    return finish(
        figure,
        theme=theme,
        finding=_curve_finding(table[table["method"] == method].sort_values("n_train"), method, measure, lang),
        alt=say(lang, "curve_alt", measure=name, lines="; ".join(told)),
        height=320,
        xaxis={"title": {"text": say(lang, "curve_axis")}, "rangemode": "tozero", "tickformat": ",d"},
        yaxis={"title": {"text": axis_title(measure, lang)}},
        showlegend=True,
        legend=LEGEND,
        margin={"l": 8, "r": 12, "t": 34, "b": 8},
    )


def _ends(values: pd.Series) -> tuple[float, float]:
    return float(values.min()), float(values.max())


def days_words(days: int, lang: Language) -> str:
    """So many observed days, in words."""
    return say(lang, "days_none") if days == 0 else say(lang, "days_one") if days == 1 else say(
        lang, "days_many", n=days
    )  # fmt: skip


def _days_finding(mine: pd.DataFrame, method: str, measure: str, lang: Language) -> str:
    last, first = mine.iloc[-1], mine.iloc[0]
    if last["observed_days"] == 0:
        told = {"method": method, "measure": measure_name(measure), "value": written(last[measure])}
        return say(lang, "days_finding_before", **told)
    told = {
        "days": days_words(int(last["observed_days"]), lang), "method": method, "measure": measure_name(measure),
        "value": written(last[measure]),
    }  # fmt: skip
    if first["observed_days"] == 0 and len(mine) > 1:
        return say(lang, "days_finding", before=written(first[measure]), **told)
    return say(lang, "days_finding_alone", **told)


def _curve_finding(mine: pd.DataFrame, method: str, measure: str, lang: Language) -> str:
    known = mine[mine[measure].notna()]
    if len(known) < 2:
        return say(
            lang, "scores_finding_one", method=method, measure=measure_name(measure),
            value=written(known[measure].iloc[-1] if len(known) else None),
        )  # fmt: skip
    change = known[measure].iloc[-1] / known[measure].iloc[-2] - 1
    gain = -change if measure in SMALLER_IS_BETTER else change
    few, many = (f"{n:,.0f}" for n in known["n_train"].iloc[-2:])
    if gain > 0.01:
        return say(lang, "curve_more", method=method, share=signed(gain).lstrip("+"), few=few, many=many)
    return say(lang, "curve_flat", method=method, share=signed(change), few=few, many=many)
