"""What each modality adds: the paper's network without it, as the paper's Table 3."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from mtaf_core.charts.scores import LEGEND, SMALLER_IS_BETTER, measure_name, nothing, signed, written
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, modality_label, say
from mtaf_core.schema import Modality

LETTERS = dict(zip("NTAVS", Modality, strict=True))
"""The paper's letters of the modalities (section 3.2)."""


def ablation_chart(
    table: pd.DataFrame, measure: str = "MSE", *, theme: Theme = LIGHT, lang: Language = "en"
) -> go.Figure:
    """How much a measure changes when MTAF lacks a modality, masked beside trained again, whatever the sign.

    Parameters
    ----------
    table : DataFrame
        As `mtaf_core.evaluation.tables.ablation` gives it.

    Returns
    -------
    Figure
        Bars ``masked`` and ``trained without``, and ``the paper`` where it reported them.
    """
    if table.empty:
        return nothing(theme, lang)
    figure, name = go.Figure(), measure_name(measure)
    labels = [modality_label(LETTERS[letter], lang, short=True) for letter in table["letter"]]
    looks: dict[str, dict[str, Any]] = {
        "masked": {"color": theme.accent},
        "retrained": {"color": theme.accent_soft},
        "paper": {"color": "rgba(0,0,0,0)", "line": {"color": theme.muted, "width": 1.2}},
    }
    for part, look in looks.items():
        if table[f"{part}_change"].isna().all():
            continue
        told = say(lang, f"ablation_{part}")
        figure.add_bar(
            name=told,
            x=table[f"{part}_change"],
            y=labels,
            orientation="h",
            marker={**look, "cornerradius": 2},
            text=[signed(v) for v in table[f"{part}_change"]],
            textposition="outside",
            textfont={"color": theme.muted, "size": 12},
            cliponaxis=False,
            hovertext=[
                say(lang, "ablation_hover", modality=label, part=told, measure=name, value=written(v), change=signed(c))
                for label, v, c in zip(labels, table[f"{part}_value"], table[f"{part}_change"], strict=True)
            ],
            hoverinfo="text",
        )
    changes = table[["masked_change", "retrained_change", "paper_change"]].to_numpy(dtype=float)
    low, high = min(0.0, float(pd.Series(changes.ravel()).min())), max(0.0, float(pd.Series(changes.ravel()).max()))
    room = 0.12 * max(high - low, 0.01)
    return finish(
        figure,
        theme=theme,
        finding=_ablation_finding(table, measure, lang),
        alt=say(lang, "ablation_alt", measure=name, bars=say(lang, "comma").join(
            say(lang, "ablation_bar", modality=label, masked=signed(m), retrained=signed(r))
            for label, m, r in zip(labels, table["masked_change"], table["retrained_change"], strict=True)
        )),
        height=100 + 76 * len(table),
        xaxis={
            "title": {"text": say(lang, "ablation_axis", measure=name)}, "tickformat": "+.0%", "zeroline": True,
            "zerolinecolor": theme.muted, "range": [low - (room if low < 0 else 0.02 * room), high + room],
        },
        yaxis={
            "autorange": "reversed", "showgrid": False, "ticklabelstandoff": 6,
            "tickfont": {"size": 13, "color": theme.ink},
        },
        bargap=0.32,
        showlegend=True,
        legend=LEGEND,
        margin={"l": 8, "r": 16, "t": 34, "b": 8},
    )  # fmt: skip


def _ablation_finding(table: pd.DataFrame, measure: str, lang: Language) -> str:
    """What is missed most, and what is better left out; for a measure that should be large, signs are turned."""
    sign = 1.0 if measure in SMALLER_IS_BETTER else -1.0
    names = [modality_label(LETTERS[letter], lang, short=True) for letter in table["letter"]]
    masked, retrained = table["masked_change"].to_numpy(), table["retrained_change"].to_numpy()
    added = np.where(np.isnan(retrained), masked, retrained)
    worst = int(np.nanargmax(sign * np.where(np.isnan(masked), added, masked)))
    said = say(
        lang, "ablation_worse", modality=names[worst], measure=measure_name(measure), masked=signed(masked[worst]),
        retrained=signed(retrained[worst]),
    )  # fmt: skip
    best = int(np.nanargmin(sign * added))
    if sign * added[best] < -0.005:
        said += say(lang, "ablation_better", modality=names[best], retrained=signed(added[best]))
    return said
