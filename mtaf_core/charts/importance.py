"""Charts of feature importance: every measure side by side, on one order of features."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mtaf_core.charts.numbers import percent
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, feature_label, say
from mtaf_core.schema import FEATURE

MEASURES: dict[str, tuple[str, ...]] = {
    "xgboost": ("weight", "gain", "cover", "shap"),
    "lightgbm": ("split", "gain", "shap"),
}
"""The measures shown, by library, in the paper's order (Figure 3), with mean |SHAP| last."""

LIBRARY: dict[str, str] = {"xgboost": "XGBoost", "lightgbm": "LightGBM"}


def measure_label(measure: str) -> str:
    """How ``"library.kind"`` is written: ``XGBoost gain``, ``LightGBM |SHAP|``."""
    library, kind = measure.split(".")
    return f"{LIBRARY[library]} {'|SHAP|' if kind == 'shap' else kind}"


def shares(importance: Mapping[str, Mapping[str, Mapping[str, float]]]) -> pd.DataFrame:
    """Importances as shares of each measure's total, so that measures with different units can stand side by side.

    Parameters
    ----------
    importance : mapping
        ``{library: {kind: {feature: value}}}``, as a bundle keeps it. Kinds outside `MEASURES` are left out; a
        feature that a measure does not name was never used, and counts 0.

    Returns
    -------
    DataFrame
        Index feature (Table 1 names), columns ``"library.kind"``, float64; each column sums to 1, or is all 0 where
        nothing was used. Rows by mean share, largest first.
    """
    columns = {
        f"{library}.{kind}": pd.Series(dict(importance[library][kind]), dtype=float)
        for library, kinds in MEASURES.items()
        for kind in kinds
        if kind in importance.get(library, {})
    }
    if not columns:
        return pd.DataFrame()
    table = pd.DataFrame(columns).fillna(0.0)
    table = table.loc[[name in FEATURE for name in table.index]]
    total = table.sum(axis=0)
    table = table.div(total.where(total > 0, 1.0), axis=1)
    order = table.mean(axis=1).sort_values(ascending=False, kind="stable").index
    return table.loc[order].rename_axis("feature")


def ranks(table: pd.DataFrame) -> pd.DataFrame:
    """Rank of each feature by each measure, 1 the largest; ties share the better rank; int64."""
    return table.rank(axis=0, method="min", ascending=False).astype("int64")


def importance_chart(
    table: pd.DataFrame,
    measures: Sequence[str],
    top: int,
    *,
    grouped: bool = True,
    theme: Theme = LIGHT,
    lang: Language = "en",
) -> go.Figure:
    """Shares of total importance, one panel a measure, all on one order of features.

    Parameters
    ----------
    table : DataFrame
        As `shares` gives it.
    measures : sequence of str
        Columns of ``table`` to show, left to right. The order of features is by the mean over these.
    top : int
        Features shown.
    grouped : bool
        Colour by the group of Table 1; else one colour.

    Returns
    -------
    Figure
        One bar trace a measure, named by it.
    """
    if table.empty or not measures:
        return finish(go.Figure(), theme=theme, finding=say(lang, "empty"), alt=say(lang, "empty"), height=120)
    order = table[list(measures)].mean(axis=1).sort_values(ascending=False, kind="stable").index[:top]
    labels = [feature_label(name, lang) for name in order]
    ranked = ranks(table)
    colours = [theme.group[FEATURE[name].group] if grouped else theme.accent for name in order]
    titles = [measure_label(m) for m in measures]
    figure = make_subplots(rows=1, cols=len(measures), shared_yaxes=True, horizontal_spacing=0.018)
    for column, measure in enumerate(measures, start=1):
        values = table.loc[order, measure].to_numpy()
        figure.add_bar(
            name=measure,
            x=values,
            y=labels,
            orientation="h",
            marker={"color": colours, "cornerradius": 2},
            customdata=[
                say(lang, "importance_hover", share=percent(v, 1), panel=titles[column - 1], rank=r)
                for v, r in zip(values, ranked.loc[order, measure], strict=True)
            ],
            hovertemplate="<b>%{y}</b><br>%{customdata}<extra></extra>",
            row=1,
            col=column,
        )
        figure.update_xaxes(
            range=[0, max(float(np.max(values)) * 1.08, 0.01)],
            tickformat=".0%",
            tickvals=_ticks(float(np.max(values))),
            title={"text": _panel_title(measure, len(measures))},
            side="top",
            row=1,
            col=column,
        )
    figure.update_yaxes(autorange="reversed", showgrid=False, tickfont={"size": 13, "color": theme.ink})
    first = labels[:3]
    joined = say(lang, "comma").join(first[:-1]) + (say(lang, "and") if len(first) > 1 else "") + first[-1]
    return finish(
        figure,
        theme=theme,
        finding=say(lang, "importance_finding", n=len(measures), features=joined)
        if len(measures) > 1
        else say(lang, "importance_finding_one", measure=titles[0], features=joined),
        alt=say(
            lang,
            "importance_alt",
            n=len(labels),
            panels=say(lang, "comma").join(titles),
            order=say(lang, "comma").join(labels),
        ),
        height=70 + 25 * len(labels),
        bargap=0.28,
    )


def _ticks(most: float) -> list[float]:
    """Zero and one round share well inside the panel, so that neighbours' labels never touch."""
    ladder = [share for share in (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75) if share <= 0.8 * most]
    return [0.0, *ladder[-1:]]


def _panel_title(measure: str, panels: int) -> str:
    """The panel's heading, on two lines where many panels leave little width."""
    library, kind = measure_label(measure).split(" ")
    return f"<b>{kind}</b><br>{library}" if panels > 2 else f"<b>{library} {kind}</b>"
