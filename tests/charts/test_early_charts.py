"""Videos under way: where each stands against its expectation, and one on its fan."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from mtaf_core.charts.early import ModelSays, course_chart, outlook_chart
from mtaf_core.charts.theme import alt, finding


@dataclass(frozen=True)
class Seen:
    horizon_day: int
    observed: np.ndarray
    scores: np.ndarray
    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray
    expected: np.ndarray
    threshold: np.ndarray
    hit: np.ndarray
    heading: np.ndarray


@pytest.fixture
def seen() -> Seen:
    nan = np.nan
    scores = np.array([[100, 300, nan, nan], [10, nan, nan, nan], [0, 0, 0, nan]], dtype=float)
    middle = np.array([900.0, 30.0, 0.0])
    return Seen(
        4, np.array([2, 1, 3]), scores, middle * 0.5, middle, middle * 2, np.array([400.0, 35.0, 50.0]),
        np.array([800.0, 500.0, 500.0]), np.array([0.7, 0.1, 0.01]), np.array(["hit", "open", "behind"]),
    )  # fmt: skip


BANDS = np.array([[350, 450], [400, 700], [450, 900], [500, 1200], [600, 1800]], dtype=float)


def trace(figure, name: str):
    return next((t for t in figure.data if t.name == name), None)


def test_every_heading_has_its_points_and_the_shown_one_is_ringed(seen: Seen) -> None:
    figure = outlook_chart(seen, np.arange(3), ["a", "b", "c"], shown=0)
    hit = trace(figure, "on track to be a hit")
    assert (list(hit.x), list(hit.y), list(hit.customdata)) == ([400], [900], [0])
    assert hit.text[0].startswith("a<br>2 days: 300<br>heading for 900 (450 to 1.8k, 90%)")
    assert list(trace(figure, "falling behind").y) == [0.5]  # a log axis has no zero
    assert list(trace(figure, "shown").x) == [400]
    assert len({t.marker.symbol for t in figure.data[1:4]}) == 3  # told apart without colours
    assert finding(figure) == "1 of 3 videos under way are on track to be hits, 1 are falling behind"
    assert "1 are on track to be hits" in alt(figure)


def test_without_a_fan_there_is_nothing_to_map(seen: Seen) -> None:
    blank = replace(seen, middle=np.full(3, np.nan))
    assert not outlook_chart(blank, np.arange(3), ["a", "b", "c"]).data


def test_the_fan_starts_where_the_video_stands(seen: Seen) -> None:
    figure = course_chart(seen, 0, BANDS)
    assert list(trace(figure, "seen").y) == [100, 300]
    middle = trace(figure, "middle")
    assert (list(middle.x), list(middle.y)) == ([2, 3, 4], [300, 450, 900])
    assert max(trace(figure, "most").y) == 1800
    assert max(trace(figure, "half").y) == 1200
    assert finding(figure) == "Heading for about 900 on day 4, 450 to 1.8k with 90%"
    assert [a.text for a in figure.layout.annotations] == ["a hit from 800", "expected 400"]
    assert "day 1: 100, day 2: 300" in alt(figure)


def test_what_came_and_what_the_model_says_are_drawn_apart(seen: Seen) -> None:
    came = np.array([100, 300, 420, 1000.0])
    figure = course_chart(seen, 0, BANDS, came=came, model=ModelSays(700, 350, 1500))
    assert (list(trace(figure, "came").x), list(trace(figure, "came").y)) == ([3, 4], [420, 1000])
    assert trace(figure, "model").error_y.array[0] == 800
    assert trace(course_chart(seen, 0, BANDS), "came") is None
    low, high = figure.layout.yaxis.range
    assert 10**low < 100
    assert 10**high > 1800


def test_a_day_without_a_band_is_left_out(seen: Seen) -> None:
    bands = BANDS.copy()
    bands[:, 0] = np.nan
    assert list(trace(course_chart(seen, 0, bands), "middle").x) == [2, 4]


def test_without_a_fan_the_counts_are_drawn_and_said(seen: Seen) -> None:
    figure = course_chart(seen, 1, np.empty((5, 0)), lang="en")
    assert trace(figure, "middle") is None
    assert finding(figure) == "10 after 1 day; too few finished videos to say where it is heading"
    assert finding(course_chart(seen, 1, np.empty((5, 0)), lang="zh")).startswith("1 天后为 10")
