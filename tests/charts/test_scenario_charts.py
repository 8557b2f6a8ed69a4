"""Scenarios drawn: the title says the finding, and no more than the ranges allow."""

import numpy as np
import pytest

from mtaf_core.charts import theme as themes
from mtaf_core.charts.scenarios import Dot, finding, scenarios_chart

FIRST = Dot("As it is", 1_000, 200, 5_000)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (
            Dot("Saturday 20:00", 1_400, 300, 6_000, "unclear"),
            "'Saturday 20:00' is forecast ×1.40 of 'As it is', but their ranges overlap so much that the difference "
            "is not clear",
        ),
        (Dot("B", 9_000, 4_000, 20_000, "overlap"), "'B' is forecast ×8.99 of 'As it is', though their ranges overlap"),
        (
            Dot("B", 90_000, 40_000, 200_000, "apart"),
            "'B' is forecast ×89.9 of 'As it is', and their ranges do not overlap",
        ),
        (Dot("B", 1_001, 200, 5_000, "same"), "'B' and 'As it is' are forecast the same"),
        (
            Dot("B", 500, 100, 3_000, "unclear"),
            "None is forecast above 'As it is'; 'B', the next, is ×0.50 of it, but their ranges overlap so much that "
            "the difference is not clear",
        ),
    ],
)
def test_the_finding_is_no_more_than_the_ranges_allow(other: Dot, words: str) -> None:
    assert finding([FIRST, other]) == words
    assert finding([FIRST, Dot("C", 10, 1, 20, "apart"), other]) == words
    assert finding([FIRST, other], "zh") != words


def test_every_scenario_has_a_dot_at_its_forecast_and_a_bar_over_its_range() -> None:
    dots = [FIRST, Dot("B", 1_400, 300, 6_000, "unclear"), Dot("C", 0, 0, 40, "overlap")]
    figure = scenarios_chart(dots, theme=themes.theme("dark"), lang="zh")
    bars, markers = figure.data[:-1], figure.data[-1]
    assert [tuple(np.expm1(bar.x).round()) for bar in bars] == [(200, 5_000), (300, 6_000), (0, 40)]
    assert list(np.expm1(markers.x).round()) == [1_000, 1_400, 0]
    assert all(name in themes.alt(figure) for name in ("As it is", "B", "C"))
    assert "×0.00" in markers.hovertext[2]


def test_a_name_is_never_markup() -> None:
    figure = scenarios_chart([Dot("<a href='https://x.y'>win</a> " + "x" * 60, 10, 1, 20)])
    shown = figure.layout.annotations[0].text
    assert "<a" not in shown
    assert shown.endswith("…")
    assert themes.finding(figure).startswith("'<a")
