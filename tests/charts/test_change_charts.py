"""Charts of what would change a forecast say what they show, and never more."""

import numpy as np
import pytest

from mtaf_core.charts.change import edits_chart, slots_chart, sweep_chart
from mtaf_core.charts.theme import DARK, LIGHT, alt, finding


def test_a_sweep_names_its_best_and_worst_value_and_marks_the_one_it_has():
    score = np.array([100.0, 199.0, 150.0])
    figure = sweep_chart("Hour", ["08:00", "20:00", "22:00"], score, score / 3, score * 3, 2)
    assert finding(figure) == "Hour: the forecast is highest with 20:00, ×1.98 of that with 08:00"
    assert figure.data[-1].x == (2,)
    assert "3 values of Hour" in alt(figure)
    assert list(np.expm1(figure.data[1].y)) == pytest.approx(list(score))


def test_a_field_that_does_nothing_is_said_to():
    flat = np.full(5, 80.0)
    figure = sweep_chart("City", list("abcde"), flat, flat / 2, flat * 2, None, theme=DARK)
    assert finding(figure) == "City hardly changes this forecast"
    assert len(figure.data) == 2


def test_a_week_says_which_slot_would_be_better_and_by_how_much():
    score = np.full((7, 24), 99.0)
    score[5, 20] = 149.0
    figure = slots_chart(score, score / 2, score * 2, (0, 9))
    assert finding(figure) == "Saturday 20:00 would be ×1.50 of Monday 09:00 for this clip and KOL"
    assert figure.data[0].z[5][20] == pytest.approx(np.log(1.5))
    assert finding(slots_chart(score, score / 2, score * 2, (5, 20))) == (
        "No slot of the week would do better than Saturday 20:00"
    )


def test_a_waterfall_of_edits_ends_where_the_forecast_is():
    shares = {"KOL": 0.7, "Hour": -0.1}
    figure = edits_chart(shares, 5.0, 5.6)
    assert finding(figure) == "Of the changes, KOL moved the forecast most (×2.01)"
    assert list(figure.data[0].text) == ["147", "×2.01", "×0.90", "269"]
    assert "First 147, KOL ×2.01, Hour ×0.90, Now 269" in alt(figure)


def test_values_unlike_the_market_are_grey_and_open() -> None:
    score = np.array([100.0, 120.0, 150.0])
    figure = sweep_chart("Followers", ["1k", "1M", "250M"], score, score / 3, score * 3, 1, outside=[2])
    odd = next(trace for trace in figure.data if trace.name == "outside")
    assert list(odd.x) == [2]
    assert np.expm1(odd.y) == pytest.approx([150.0])
    assert odd.marker.color == LIGHT.card
    plain = sweep_chart("Followers", ["1k", "1M", "250M"], score, score / 3, score * 3, 1)
    assert "outside" not in {trace.name for trace in plain.data}
