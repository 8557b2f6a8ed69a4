"""Charts of feature importance: every measure side by side, on one order of features."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mtaf_core.charts.numbers import percent
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, feature_label, group_label, say
from mtaf_core.schema import FEATURE

LIBRARY: dict[str, str] = {"xgboost": "XGBoost", "lightgbm": "LightGBM"}


@dataclass(frozen=True)
class Line:
    """One line of the chart: a feature, or the heading of a group where ``feature`` is empty."""

    feature: str
    label: str


def kind_label(kind: str, lang: Language = "en") -> str:
    """How a kind of measure is written: the libraries' own words, and ``|SHAP|``."""
    return say(lang, f"kind_{kind}") if kind in ("permutation", "shap") else kind.replace("_", " ")


def measure_label(measure: str, lang: Language = "en") -> str:
    """How ``"library.kind"`` is written: ``XGBoost gain``, ``LightGBM |SHAP|``."""
    library, kind = measure.split(".")
    return f"{LIBRARY[library]} {kind_label(kind, lang)}"


def lines(
    shares: pd.DataFrame, measures: Sequence[str], top: int, grouped: bool = True, lang: Language = "en"
) -> list[Line]:
    """The lines of the chart, top to bottom: features by mean share, where ``grouped`` under their groups of Table 1.

    Groups come by their largest feature.
    """
    mean = shares[list(measures)].mean(axis=1).sort_values(ascending=False, kind="stable")
    order = list(mean.index[:top])
    if not grouped:
        return [Line(name, feature_label(name, lang)) for name in order]
    found = []
    for group in dict.fromkeys(FEATURE[name].group for name in order):
        found.append(Line("", group_label(group, lang)))
        found += [Line(name, feature_label(name, lang)) for name in order if FEATURE[name].group is group]
    return found


def importance_chart(
    shares: pd.DataFrame,
    measures: Sequence[str],
    drawn: Sequence[Line],
    *,
    low: pd.DataFrame | None = None,
    high: pd.DataFrame | None = None,
    ranks: pd.DataFrame | None = None,
    notes: Mapping[str, str] | None = None,
    chosen: str = "",
    grouped: bool = True,
    theme: Theme = LIGHT,
    lang: Language = "en",
) -> go.Figure:
    """Shares of total importance, one panel a measure, all on one order of features.

    Parameters
    ----------
    shares : DataFrame
        Index feature (Table 1 names), columns ``"library.kind"``; each column sums to 1, or is all 0.
    measures : sequence of str
        Columns to show, left to right.
    drawn : sequence of Line
        From `lines`.
    low, high : DataFrame, optional
        90% intervals, NaN where there is none.
    ranks : DataFrame, optional
        Ranks for the hover.
    notes : mapping, optional
        What stands under a panel's heading, by measure: which videos it is about.
    chosen : str
        The feature looked closer at, set in bold.
    grouped : bool
        Colour by the group of Table 1; else one colour.

    Returns
    -------
    Figure
        One bar trace a measure, named by it; its points are the features of ``drawn``, and ``customdata`` begins with
        the feature's name.
    """
    features = [line.feature for line in drawn if line.feature]
    if not features or not measures:
        return finish(go.Figure(), theme=theme, finding=say(lang, "empty"), alt=say(lang, "empty"), height=120)
    figure = make_subplots(rows=1, cols=len(measures), shared_yaxes=True, horizontal_spacing=0.12 / len(measures))
    places = [place for place, line in enumerate(drawn) if line.feature]
    colours = [theme.group[FEATURE[name].group] if grouped else theme.accent for name in features]
    for column, measure in enumerate(measures, start=1):
        values = shares.loc[features, measure].to_numpy()
        reach = _reach(values, measure, features, low, high)
        figure.add_bar(
            name=measure, x=values, y=places, orientation="h", width=0.72,
            marker={"color": colours, "cornerradius": 2},
            error_x=_bars(reach, theme), selected={"marker": {"opacity": 1}}, unselected={"marker": {"opacity": 1}},
            customdata=[
                [name, _hover(measure, name, shares, low, high, ranks, lang)] for name in features
            ],
            hovertemplate="%{customdata[1]}<extra></extra>",
            row=1, col=column,
        )  # fmt: skip
        most = float(np.nanmax(np.concatenate([values, values if reach is None else reach[1] + values])))
        figure.update_xaxes(
            range=[0, max(most * 1.08, 0.01)], tickformat=".0%", tickvals=_ticks(most), side="top", row=1, col=column,
            title={"text": _heading(measure, len(measures), (notes or {}).get(measure, ""), theme, lang)},
        )  # fmt: skip
    figure.update_yaxes(
        range=[len(drawn) - 0.4, -0.6], showgrid=False, zeroline=False, tickvals=list(range(len(drawn))),
        ticktext=[_label(line, chosen, grouped, theme) for line in drawn], tickfont={"size": 13, "color": theme.ink},
    )  # fmt: skip
    labels = [feature_label(name, lang) for name in shares[list(measures)].mean(axis=1).sort_values(
        ascending=False, kind="stable").index if name in features]  # fmt: skip
    titles = [measure_label(m, lang) for m in measures]
    comma = say(lang, "comma")
    return finish(
        figure, theme=theme, finding=_finding(titles, labels, lang),
        alt=say(lang, "importance_alt", n=len(labels), panels=comma.join(titles), order=comma.join(labels)),
        height=96 + 25 * len(drawn), dragmode=False, margin={"t": 84, "l": 8, "r": 12, "b": 8},
    )  # fmt: skip


def _reach(
    values: np.ndarray, measure: str, features: list[str], low: pd.DataFrame | None, high: pd.DataFrame | None
) -> tuple[np.ndarray, np.ndarray] | None:
    """How far the interval reaches below and above each bar; None where there is none."""
    if low is None or high is None or low[measure].isna().all():
        return None
    below = values - low.loc[features, measure].to_numpy()
    above = high.loc[features, measure].to_numpy() - values
    return np.maximum(below, 0), np.maximum(above, 0)


def _bars(reach: tuple[np.ndarray, np.ndarray] | None, theme: Theme) -> dict[str, object]:
    if reach is None:
        return {"visible": False}
    return {
        "type": "data", "symmetric": False, "arrayminus": reach[0], "array": reach[1], "color": theme.ink,
        "thickness": 1, "width": 2,
    }  # fmt: skip


def _hover(
    measure: str, name: str, shares: pd.DataFrame, low: pd.DataFrame | None, high: pd.DataFrame | None,
    ranks: pd.DataFrame | None, lang: Language,
) -> str:  # fmt: skip
    share = percent(float(shares[measure][name]), 1)
    said = say(lang, "importance_hover", share=share, panel=measure_label(measure, lang))
    if ranks is not None:
        said += say(lang, "importance_rank", rank=int(ranks[measure][name]))
    if low is not None and high is not None and np.isfinite(low[measure][name]):
        ends = (percent(float(frame[measure][name]), 1) for frame in (low, high))
        said += say(lang, "importance_interval", low=next(ends), high=next(ends))
    return f"<b>{feature_label(name, lang)}</b><br>{said}"


def _label(line: Line, chosen: str, grouped: bool, theme: Theme) -> str:
    if not line.feature:
        return f"<b><span style='color:{theme.muted}'>{line.label}</span></b>"
    said = f"<b>{line.label}</b>" if line.feature == chosen else line.label
    return f"{said} <span style='color:{theme.group[FEATURE[line.feature].group]}'>▪</span>" if grouped else said


def _finding(titles: list[str], labels: list[str], lang: Language) -> str:
    """The first three features, in a sentence."""
    first = labels[:3]
    joined = say(lang, "comma").join(first[:-1]) + (say(lang, "and") if len(first) > 1 else "") + first[-1]
    if len(titles) > 1:
        return say(lang, "importance_finding", n=len(titles), features=joined)
    return say(lang, "importance_finding_one", measure=titles[0], features=joined)


def _ticks(most: float) -> list[float]:
    """Zero and one round share well inside the panel, so that neighbours' labels never touch."""
    ladder = [share for share in (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75) if share <= 0.8 * most]
    return [0.0, *ladder[-1:]]


def _heading(measure: str, panels: int, note: str, theme: Theme, lang: Language) -> str:
    """The panel's heading: the kind over the library, on one line where there is room, and what it is about."""
    library, kind = LIBRARY[measure.split(".")[0]], kind_label(measure.split(".")[1], lang)
    said = f"<b>{kind}</b><br>{library}" if panels > 2 else f"<b>{library} {kind}</b>"
    return f"{said}<br><span style='font-size:11px;color:{theme.muted}'>{note}</span>" if note else said
