"""Charts of one fact: every value has its place, every factor reads as one, and thin data shows."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtaf_core.charts import factors
from mtaf_core.charts.axes import value_axis
from mtaf_core.charts.by_value import by_value_chart
from mtaf_core.charts.dependence import MOST_NAMES, dependence_chart
from mtaf_core.charts.partial import LINES, partial_chart
from mtaf_core.charts.theme import DARK, LIGHT, alt, finding
from mtaf_core.charts.values import column_label

CITIES = ("Hangzhou", "Hanoi", "Hue", "Xi'an", "Da Nang", "Can Tho", "Nanjing", "Beijing")
LOG = value_axis("uploader_follower", low=100, high=1e6)


@dataclass
class Dots:
    values: np.ndarray
    effect: np.ndarray
    column: str = "uploader_follower"
    other: str = ""
    other_values: np.ndarray = field(default_factory=lambda: np.empty(0))
    trend_values: np.ndarray = field(default_factory=lambda: np.array([100.0, 1e6]))
    trend: np.ndarray = field(default_factory=lambda: np.log([0.5, 3.0]))
    known: int = 0

    def __post_init__(self) -> None:
        self.row = 1_000 + np.arange(len(self.values))
        self.trend_low, self.trend_high = self.trend - 0.1, self.trend + 0.1
        if not len(self.other_values):
            self.other_values = np.full(len(self.values), np.nan)


@dataclass
class Lines:
    column: str
    grid: np.ndarray
    ice: dict[str, np.ndarray]
    deciles: np.ndarray

    @property
    def both(self) -> np.ndarray:
        return (self.ice["xgboost"] + self.ice["lightgbm"]) / 2


@dataclass
class Bars:
    low: np.ndarray
    high: np.ndarray
    mean: np.ndarray
    clear: np.ndarray
    column: str = "uploader_follower"
    binned: bool = True
    known: int = 600

    def __post_init__(self) -> None:
        self.n = self.scored = np.full(len(self.low), 100)
        self.mean_low, self.mean_high = self.mean - 0.1, self.mean + 0.1


def test_a_column_is_read_as_what_it_is() -> None:
    assert value_axis("upload_dayofweek").said(6).startswith("Sun")
    assert value_axis("upload_dayofweek", lang="zh").said(0) == "周一"
    assert value_axis("upload_hour").said(20) == "20:00"
    assert value_axis("video_product").said(1) == "yes"
    assert value_axis("upload_city", CITIES).said(3) == "Xi'an"
    assert value_axis("upload_city", CITIES).said(99) == "–"
    assert LOG.said(34_540) == "34.5k"
    assert LOG.said(float("nan")) == "unknown"
    assert value_axis("video_duration").label == "Duration (s)"
    assert column_label("video_width") == "Picture size (width)"


def test_numbers_that_span_much_stand_on_a_log_axis_with_a_place_for_zero() -> None:
    assert LOG.log
    assert not value_axis("uploader_age", low=18, high=60).log
    ticks = LOG.layout(0, 1e6)
    assert ticks["ticktext"][0] == "0"
    assert ticks["tickvals"][0] == 0.0
    assert "1M" in ticks["ticktext"]


@settings(deadline=None)
@given(st.floats(0, 1e9), st.floats(0, 1e9), st.booleans())
def test_any_range_has_few_rising_ticks_inside_it(one: float, other: float, log: bool) -> None:
    low, high = min(one, other), max(one, other)
    axis = value_axis("uploader_follower", low=0 if log else high, high=high)
    ticks = axis.layout(low, high)["tickvals"]
    assert 0 < len(ticks) <= 9
    assert sorted(set(ticks)) == ticks or low == high
    ends = axis.layout(low, high)["range"]
    assert ends[0] <= ticks[0]
    assert ticks[-1] <= ends[1] + 1e-9


@settings(deadline=None)
@given(st.floats(-6, 0), st.floats(0, 6))
def test_factors_have_names_of_their_own_on_their_axis(low: float, high: float) -> None:
    axis = factors.axis(low, high, "")
    assert "×1" in axis["ticktext"]
    assert len(set(axis["ticktext"])) == len(axis["ticktext"]) <= 9
    assert axis["range"][0] <= low
    assert high <= axis["range"][1]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_each_dot_carries_its_video_and_reads_as_a_factor(theme) -> None:
    figure = dependence_chart(Dots(np.array([100.0, 1e4, 1e6]), np.log([0.5, 1.0, 3.0])), LOG, None, theme=theme)
    dots = next(trace for trace in figure.data if trace.name == "videos")
    assert [one[0] for one in dots.customdata] == [1_000, 1_001, 1_002]
    assert "forecast ×3.00 for it" in dots.customdata[2][1]
    assert finding(figure) == "What the models credit to Followers runs from ×0.50 to ×3.00 of the forecast"
    assert {trace.name for trace in figure.data} == {"videos", "tenths", "trend"}
    assert "Followers" in alt(figure)


def test_another_number_colours_by_rank_and_unknown_ones_are_grey() -> None:
    others = np.array([1.0, np.nan, 1e9, 50.0])
    dots = Dots(np.arange(4.0), np.zeros(4), other="uploader_favorited", other_values=others)
    figure = dependence_chart(dots, LOG, value_axis("uploader_favorited", low=1, high=1e9))
    coloured = next(trace for trace in figure.data if trace.name == "videos")
    assert list(coloured.marker.color) == [0.0, 1.0, 0.5]
    grey = next(trace for trace in figure.data if trace.name == "unknown")
    assert [one[0] for one in grey.customdata] == [1_001]
    assert "Coloured by Likes received." in alt(figure)


def test_another_word_colours_the_most_frequent_words_alone() -> None:
    codes = np.repeat(np.arange(8.0), np.arange(8, 0, -1))
    dots = Dots(np.arange(len(codes), dtype=float), np.zeros(len(codes)), other="upload_city", other_values=codes)
    figure = dependence_chart(dots, LOG, value_axis("upload_city", CITIES))
    named = [trace.name for trace in figure.data if trace.name not in ("tenths", "trend")]
    assert named == [*CITIES[: MOST_NAMES - 1], "other or unknown"]
    assert sum(len(t.x) for t in figure.data if t.name in named) == len(codes)


def test_words_stand_side_by_side_and_their_dots_are_spread() -> None:
    dots = Dots(np.repeat([0.0, 1.0], 50), np.zeros(100), "video_product", trend_values=np.array([0.0, 1.0]))
    figure = dependence_chart(dots, value_axis("video_product"), None)
    x = np.asarray(next(trace for trace in figure.data if trace.name == "videos").x)
    assert (np.round(x) == dots.values).all()
    assert len(np.unique(x)) == 100
    assert list(figure.layout.xaxis.ticktext) == ["no", "yes"]
    assert "tenths" not in {trace.name for trace in figure.data}


def test_lines_say_how_much_more_and_only_from_where_the_videos_are() -> None:
    grid = np.array([0.0, 100.0, 1_000.0, 10_000.0, 1e8])
    ice = np.tile(np.log([0.1, 0.5, 1.0, 2.0, 9.0]), (200, 1))
    tenths = np.linspace(100, 10_000, 9)
    figure = partial_chart(Lines("uploader_follower", grid, {"xgboost": ice, "lightgbm": ice}, tenths), LOG)
    assert finding(figure) == "All else as it is, the models forecast ×4.00 as much with Followers at 10k as at 100"
    assert len(figure.layout.shapes) == 2
    lines = next(trace for trace in figure.data if trace.name == "videos")
    assert np.isnan(np.asarray(lines.y, dtype=float)).sum() == LINES
    assert {"XGBoost", "LightGBM", "tenths"} <= {trace.name for trace in figure.data}


def test_what_does_not_matter_is_said_to_be_the_same_and_words_have_no_lines() -> None:
    ice = np.zeros((50, 2))
    flat = partial_chart(
        Lines("video_product", np.arange(2.0), {"xgboost": ice, "lightgbm": ice}, np.empty(0)),
        value_axis("video_product"),
    )
    assert finding(flat) == "The models forecast the same whatever Product link is, all else as it is"
    assert next(trace for trace in flat.data if trace.name == "videos").type == "bar"


def test_what_was_observed_names_only_clear_differences() -> None:
    low, high = np.array([0.0, 1e3, 1e5]), np.array([900.0, 9e4, 1e7])
    credited = np.array([-0.5, np.nan, 0.5])
    clear = Bars(low, high, np.log([0.5, 1.0, 3.0]), np.array([True, False, True]))
    figure = by_value_chart(clear, LOG, credited)
    assert finding(figure) == (
        "Videos with Followers 100k to 10M got ×3.00 the popularity of all, those with 0 to 900 ×0.50"
    )
    unclear = Bars(low, high, np.log([0.5, 1.0, 3.0]), np.zeros(3, dtype=bool))
    assert finding(by_value_chart(unclear, LOG, credited)) == (
        "No value of Followers got clearly more or less popularity than the others"
    )
    few = Bars(low, high, np.full(3, np.nan), np.zeros(3, dtype=bool))
    assert "Too few videos" in finding(by_value_chart(few, LOG, np.full(3, np.nan)))


def test_where_there_is_nothing_charts_say_so() -> None:
    none = np.empty(0)
    assert not dependence_chart(Dots(none, none), LOG, None).data
    assert not by_value_chart(Bars(none, none, none, none.astype(bool)), LOG, none).data
