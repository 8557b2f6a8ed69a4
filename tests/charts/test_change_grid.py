"""A forecast across two fields: what is best is said, what is now is framed, what is clearly apart is dotted."""

from dataclasses import dataclass

import numpy as np
import pytest

from mtaf_core.charts import theme
from mtaf_core.charts.change_grid import grid_chart


@dataclass
class Told:
    score: np.ndarray
    low: np.ndarray
    high: np.ndarray


@pytest.fixture
def told() -> Told:
    score = np.array([[100.0, 150.0, np.nan], [90.0, 400.0, 80.0]])
    return Told(score, score / 2, score * 2)


ROWS, COLUMNS = ("KOL", ["Ann", "Bo"]), ("Hour", ["08:00", "09:00", "10:00"])


def test_the_best_pair_is_the_finding_and_the_present_one_is_framed(told: Told) -> None:
    figure = grid_chart(ROWS, COLUMNS, told, 100.0, (0, 0))
    assert theme.finding(figure) == "Bo with 09:00 would be ×3.97 of now, the most of KOL and Hour together"
    (frame,) = figure.layout.shapes
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (-0.5, 0.5, -0.5, 0.5)
    heat = figure.data[0]
    assert heat.z[0][0] == pytest.approx(0.0)
    assert heat.hovertext[1][1].startswith("<b>Bo · 09:00</b><br>×3.97 of now")
    assert heat.hovertext[0][2] == ""
    assert grid_chart(ROWS, COLUMNS, told, 100.0, None).layout.shapes == ()


def test_cells_whose_range_leaves_the_present_forecast_out_are_dotted(told: Told) -> None:
    dots = next(trace for trace in grid_chart(ROWS, COLUMNS, told, 100.0, (0, 0)).data if trace.name == "apart")
    assert list(zip(dots.x, dots.y, strict=True)) == [(1, 1)]
    plain = Told(told.score, told.score * 0, told.score * 1e6)
    assert [trace.name for trace in grid_chart(ROWS, COLUMNS, plain, 100.0, None).data] == [None]


def test_where_nothing_would_do_better_that_is_said(told: Told) -> None:
    figure = grid_chart(ROWS, COLUMNS, told, 400.0, (1, 1), lang="zh")
    assert theme.finding(figure) == "KOL与Hour的任何组合都不优于当前"


def test_long_names_are_shortened_on_the_axes_alone(told: Told) -> None:
    rows = ("City", ["a" * 40, "b"])
    figure = grid_chart(rows, COLUMNS, told, 100.0, None)
    assert figure.layout.yaxis.ticktext[0] == "a" * 15 + "…"
    assert "a" * 40 in figure.data[0].hovertext[0][0]


def test_values_unlike_the_market_are_veiled_and_the_present_pair_is_still_framed(told: Told) -> None:
    figure = grid_chart(ROWS, COLUMNS, told, 100.0, (0, 0), outside=([1], [2]))
    row, column, frame = figure.layout.shapes
    assert (row.name, row.x0, row.x1, row.y0, row.y1) == ("outside", -0.5, 2.5, 0.5, 1.5)
    assert (column.name, column.x0, column.x1, column.y0, column.y1) == ("outside", 1.5, 2.5, -0.5, 1.5)
    assert (frame.name, frame.x0, frame.y0) == (None, -0.5, -0.5)


def test_what_is_a_guess_is_no_advice(told: Told) -> None:
    figure = grid_chart(ROWS, COLUMNS, told, 100.0, (0, 0), outside=([1], []))
    assert theme.finding(figure).startswith("Ann with 09:00 would be ×1.50 of now")
    everything = grid_chart(ROWS, COLUMNS, told, 100.0, (0, 0), outside=([0, 1], []))
    assert theme.finding(everything).startswith("Bo with 09:00")
