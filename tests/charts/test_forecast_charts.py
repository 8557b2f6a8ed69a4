"""The charts of a forecast show the numbers they are given, say what they found, and can be read aloud."""

import numpy as np
import pytest

from mtaf_core.charts.forecast import Estimate, attention_chart, contribution_chart, interval_chart
from mtaf_core.charts.theme import DARK, LIGHT, alt, finding

NOW = Estimate(score=1234.0, low=410.0, high=3700.0)
FIRST = Estimate(score=900.0, low=300.0, high=2800.0)
ATTENTION = {"content_agnostic": 0.41, "text": 0.22, "audio": None, "visual": 0.37, "temporal": None}
CONTRIBUTION = {"content_agnostic": np.log(1.8), "text": np.log(0.95), "audio": None, "visual": 0.1, "temporal": None}


@pytest.fixture(scope="module")
def market() -> np.ndarray:
    scores = np.random.default_rng(0).lognormal(6, 1.6, 1000)
    scores[:3] = np.nan
    scores[3] = 0.0
    return scores


def trace(figure, name: str):
    return next(t for t in figure.data if t.name == name)


def test_the_range_runs_from_low_to_high_and_the_forecast_stands_between(market: np.ndarray) -> None:
    figure = interval_chart(market, NOW, 6)
    low, high = np.expm1(trace(figure, "range").x)
    assert (low, high) == pytest.approx((410.0, 3700.0))
    assert np.expm1(trace(figure, "forecast").x[0]) == pytest.approx(1234.0)


def test_the_market_is_shown_whole_with_unknown_scores_left_out(market: np.ndarray) -> None:
    figure = interval_chart(market, NOW, 6)
    assert sum(trace(figure, "market").y) == pytest.approx(1.0)
    assert "997 videos" in alt(figure)


def test_the_finding_says_the_share_of_the_market_below(market: np.ndarray) -> None:
    known = market[np.isfinite(market)]
    share = round(100 * (known < 1234.0).mean())
    assert finding(interval_chart(market, NOW, 6)) == f"About 1.2k, above {share}% of this market's videos"


def test_the_first_forecast_is_drawn_only_when_there_is_one(market: np.ndarray) -> None:
    assert "first" not in [t.name for t in interval_chart(market, NOW, 6).data]
    figure = interval_chart(market, NOW, 6, first=FIRST)
    assert np.expm1(trace(figure, "first").x[0]) == pytest.approx(900.0)
    assert "The first forecast was 900." in alt(figure)


def test_a_market_without_scores_still_shows_the_range() -> None:
    figure = interval_chart([], NOW, 6)
    assert finding(figure) == "About 1.2k, likely between 410 and 3.7k"


@pytest.mark.parametrize("score", [0.0, 0.2, 5e8])
def test_extreme_forecasts_stay_on_the_axis(market: np.ndarray, score: float) -> None:
    figure = interval_chart(market, Estimate(score, 0.0, score * 3 + 1), 6)
    low, high = figure.layout.xaxis.range
    assert low <= trace(figure, "forecast").x[0] <= high
    assert low <= trace(figure, "range").x[1] <= high


def test_attention_is_a_bar_a_modality_and_an_absent_one_says_so() -> None:
    figure = attention_chart(ATTENTION)
    bars, words = trace(figure, "bars"), trace(figure, "words")
    assert list(bars.x) == [0.41, 0.22, 0.0, 0.37, 0.0]
    assert [w.strip() for w in words.text] == ["41%", "22%", "not there", "37%", "not there"]
    assert finding(figure) == "The model looks most at Context (41%)"
    assert "Picture 37%" in alt(figure)


def test_contribution_is_told_as_a_factor() -> None:
    figure = contribution_chart(CONTRIBUTION)
    assert list(trace(figure, "bars").x)[:2] == pytest.approx([np.log(1.8), np.log(0.95)])
    assert trace(figure, "words").text[0].strip() == "×1.80"
    assert finding(figure) == "Context raises the forecast most (×1.80)"
    assert finding(contribution_chart({"text": -0.7, "visual": 0.2})) == "Text lowers the forecast most (×0.50)"


def test_nothing_present_is_said_rather_than_drawn_as_zero() -> None:
    assert finding(attention_chart({})) == "There is no attention to show"
    assert finding(contribution_chart({})) == "There is no attention to show"


def test_words_follow_the_language_and_colours_the_theme() -> None:
    figure = attention_chart(ATTENTION, theme=DARK, lang="zh")
    assert finding(figure) == "模型最关注背景（41%）"
    assert list(trace(figure, "bars").marker.color) == list(DARK.modality.values())
    assert list(trace(attention_chart(ATTENTION), "bars").marker.color) == list(LIGHT.modality.values())
