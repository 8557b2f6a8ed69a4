"""The chart of a ranking says how many of the first can be told apart, and no more than that."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtaf_core.charts.ranking import ranking_chart, together
from mtaf_core.charts.theme import alt, finding


def chart(low: list[float], high: list[float], total: int | None = None, lang: str = "en"):
    score = [(a + b) / 2 for a, b in zip(low, high, strict=True)]
    names = [f"clip {n}.mp4" for n in range(len(low))]
    return ranking_chart(names, score, low, high, float(np.median(score)), total or len(low), lang=lang)


@pytest.mark.parametrize(
    ("low", "high", "total", "said"),
    [
        ([100, 90, 5], [200, 190, 50], None, "The first 2 cannot be told apart: their ranges overlap"),
        ([100, 9, 5], [200, 90, 50], None, "clip 0.mp4 comes first, and no other range reaches its own"),
        ([100, 90, 50], [200, 190, 150], None, "None of the 3 can be told apart: all ranges overlap"),
        ([100, 90, 50], [200, 190, 150], 40, "The 3 shown cannot be told apart: their ranges overlap"),
        ([100], [200], None, "clip 0.mp4 is the only one that was scored"),
    ],
)
def test_the_title_says_what_can_be_told_apart(
    low: list[float], high: list[float], total: int | None, said: str
) -> None:
    figure = chart(low, high, total)
    assert finding(figure).startswith(said)
    assert finding(figure) in alt(figure)


def test_dots_ranges_and_median_are_where_they_should_be() -> None:
    figure = chart([100, 10, 0], [300, 50, 8])
    dots = figure.data[0]
    assert np.expm1(dots.x).tolist() == pytest.approx([200, 30, 4])
    assert np.expm1(np.array(dots.x) + dots.error_x.array).tolist() == pytest.approx([300, 50, 8])
    assert np.expm1(np.array(dots.x) - dots.error_x.arrayminus).tolist() == pytest.approx([100, 10, 0])
    assert figure.layout.shapes[0].x0 == pytest.approx(np.log1p(30))
    assert figure.layout.yaxis.ticktext == ("1. clip 0.mp4", "2. clip 1.mp4", "3. clip 2.mp4")


def test_it_speaks_chinese() -> None:
    assert finding(chart([100, 90, 5], [200, 190, 50], lang="zh")) == "前 2 名无法区分：它们的区间相互重叠"


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)), min_size=1, max_size=30))
def test_those_together_reach_into_the_range_of_the_first(ends: list[tuple[float, float]]) -> None:
    low, high = ([min(pair) for pair in ends], [max(pair) for pair in ends])
    n = together(low, high)
    assert 1 <= n <= len(ends)
    assert all(value >= low[0] for value in high[:n])
    assert n == len(ends) or high[n] < low[0]
