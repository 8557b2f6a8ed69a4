"""The chart of a forecast across two fields: what each pair of values would make of it."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from mtaf_core.charts.change import FLAT, best_inside, colour_key, veil
from mtaf_core.charts.numbers import compact, factor
from mtaf_core.charts.theme import LIGHT, Theme, finish
from mtaf_core.charts.words import Language, say
from mtaf_core.schema import Modality

_ROW_PX, _TICKS = 22, 14
_SHORT = 16
"""Characters of a tick at most; the hover has the whole."""


class Told(Protocol):
    """Forecasts of a table, each (rows, columns) on the natural scale; NaN where a pair cannot be."""

    @property
    def score(self) -> ArrayLike: ...
    @property
    def low(self) -> ArrayLike: ...
    @property
    def high(self) -> ArrayLike: ...


def grid_chart(
    rows: tuple[str, list[str]], columns: tuple[str, list[str]], found: Told, base: float, now: tuple[int, int] | None,
    *, outside: tuple[Sequence[int], Sequence[int]] = ((), ()), theme: Theme = LIGHT, lang: Language = "en",
) -> go.Figure:  # fmt: skip
    """The forecast across two fields, as a factor of what it is now.

    Parameters
    ----------
    rows, columns : (str, list of str)
        What a field is called, and its values as they are read.
    found : Told
        Cells whose range does not hold ``base`` are dotted.
    base : float
        The forecast now.
    now : (int, int), optional
        Row and column of the values there are now, framed.
    outside : (sequence of int, sequence of int)
        Rows and columns of values unlike anything the market has; they are veiled.
    """
    score, low, high = (np.asarray(part, dtype=float) for part in (found.score, found.low, found.high))
    ratio = (score + 1) / (base + 1)
    reach = max(float(np.nanmax(np.abs(np.log(ratio)))), np.log(1.1))
    figure = go.Figure()
    figure.add_heatmap(
        z=np.log(ratio), zmin=-reach, zmax=reach, xgap=1, ygap=1, hoverinfo="text", hoverongaps=False,
        hovertext=_hover(rows, columns, (score, low, high), ratio, lang),
        colorscale=[[0, theme.modality[Modality.TEXT]], [0.5, theme.grid], [1, theme.accent]],
        colorbar={**colour_key(reach, theme, y=1.01, yanchor="bottom"), "ticklabelposition": "outside top"},
    )  # fmt: skip
    apart = np.argwhere((low > base) | (high < base))
    if len(apart):
        figure.add_scatter(
            x=apart[:, 1].tolist(), y=apart[:, 0].tolist(), mode="markers", hoverinfo="skip", showlegend=False,
            marker={"size": 5, "color": theme.ink}, name="apart",
        )  # fmt: skip
    veil(figure, outside, ratio.shape, theme)
    if now is not None:
        row, column = now
        figure.add_shape(
            type="rect", x0=column - 0.5, x1=column + 0.5, y0=row - 0.5, y1=row + 0.5,
            line={"color": theme.ink, "width": 2.5},
        )  # fmt: skip
    said = _finding(rows, columns, ratio, best_inside(ratio, outside), lang)
    return finish(
        figure, theme=theme, height=150 + _ROW_PX * max(len(rows[1]), 4), finding=said,
        alt=say(lang, "grid_alt", rows=rows[0], columns=columns[0], finding=said),
        xaxis={**_ticks(columns[1]), "title": {"text": say(lang, "grid_axis", field=columns[0])}},
        yaxis={**_ticks(rows[1], every=True), "range": [len(rows[1]) - 0.5, -0.5], "automargin": True},
        dragmode=False,
    )  # fmt: skip


def _finding(
    rows: tuple[str, list[str]], columns: tuple[str, list[str]], ratio: np.ndarray, at: tuple[int, int], lang: Language
) -> str:
    row, column = at
    if ratio[row, column] < FLAT:
        return say(lang, "grid_flat", rows=rows[0], columns=columns[0])
    best = {"row": rows[1][row], "column": columns[1][column], "factor": factor(float(ratio[row, column]))}
    return say(lang, "grid_best", rows=rows[0], columns=columns[0], **best)


def _hover(
    rows: tuple[str, list[str]], columns: tuple[str, list[str]], told: tuple[np.ndarray, ...], ratio: np.ndarray,
    lang: Language,
) -> list[list[str]]:  # fmt: skip
    score, low, high = told

    def one(row: int, column: int) -> str:
        if np.isnan(score[row, column]):
            return ""
        pair = f"{rows[1][row]} · {columns[1][column]}"
        return say(
            lang, "slots_hover", slot=pair, factor=factor(float(ratio[row, column])),
            score=compact(score[row, column], lang), low=compact(low[row, column], lang),
            high=compact(high[row, column], lang),
        )  # fmt: skip

    return [[one(row, column) for column in range(len(columns[1]))] for row in range(len(rows[1]))]


def _ticks(labels: list[str], every: bool = False) -> dict[str, object]:
    step = 1 if every else max(1, -(-len(labels) // _TICKS))
    short = [label if len(label) <= _SHORT else f"{label[: _SHORT - 1]}…" for label in labels]
    return {
        "tickvals": list(range(0, len(labels), step)), "ticktext": short[::step], "showgrid": False, "zeroline": False,
        "range": [-0.5, len(labels) - 0.5],
    }  # fmt: skip
