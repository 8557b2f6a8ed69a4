"""The forecast fan: neighbours' growth and nothing else, bands that hold what they say on videos not seen."""

import numpy as np
import pytest
from given_paths import paths

from mtaf_core.study import fan


@pytest.mark.parametrize("day", range(1, 6))
def test_bands_hold_what_they_say_of_later_videos(day: int) -> None:
    found = fan.coverage(paths(4_000), day)
    assert (found.videos, found.earlier) == (1_000, 3_000)
    assert found.in_90 == pytest.approx(0.9, abs=0.045)
    assert found.in_50 == pytest.approx(0.5, abs=0.08)


def test_bands_are_as_wide_as_videos_of_the_level_are_spread() -> None:
    asked = np.array([[4.0, 4.5, *[np.nan] * 4], [6.0, 6.5, *[np.nan] * 4]])
    low, high = fan.quantiles(fan.growths(paths(4_000), asked, 2), (0.05, 0.95))[:, :, -1]
    assert high[0] - low[0] > 1.5 * (high[1] - low[1])


def test_a_video_that_grows_fast_is_heading_higher_than_a_slow_one_on_its_level() -> None:
    asked = np.array([[4.0, 5.0, *[np.nan] * 4], [4.8, 5.0, *[np.nan] * 4]])
    fast, slow = fan.quantiles(fan.growths(paths(4_000), asked, 2), (0.5,))[0, :, -1]
    assert fast > slow + 0.2


def test_days_after_the_last_counted_one_are_not_looked_at() -> None:
    finished = paths(500)
    asked = paths(20, seed=9)
    blank = asked.copy()
    blank[:, 3:] = np.nan
    np.testing.assert_array_equal(fan.growths(finished, asked, 3), fan.growths(finished, blank, 3))


def test_a_video_without_an_earlier_count_is_judged_by_its_level_alone() -> None:
    finished, asked = paths(500), np.array([[np.nan, 5.0, *[np.nan] * 4]])
    growth = fan.growths(finished, asked, 2)
    nearest = np.argsort(np.abs(finished[:, 1] - 5.0))[: growth.shape[1]]
    assert np.sort(growth[0, :, -1]) == pytest.approx(np.sort(finished[nearest, 5] - finished[nearest, 1]), abs=1e-5)


def test_quantiles_leave_out_days_on_which_a_neighbour_was_not_counted() -> None:
    growth = np.arange(99.0).reshape(1, 99, 1).repeat(2, axis=2)
    growth[0, 49:, 1] = np.nan
    found = fan.quantiles(growth, (0.05, 0.5, 0.95))
    np.testing.assert_allclose(found[:, 0, 0], [4, 49, 94])
    np.testing.assert_allclose(found[:, 0, 1], [1.5, 24, 46.5])
    expected = np.quantile(growth[0, :49, 1], (0.05, 0.5, 0.95), method="weibull")
    np.testing.assert_allclose(found[:, 0, 1], expected)


def test_too_few_finished_videos_make_no_fan() -> None:
    finished = paths(fan.FEWEST - 1)
    assert fan.growths(finished, paths(3, seed=1), 2) is None
    assert fan.coverage(finished, 2).videos == 0
    assert np.isnan(fan.coverage(finished, 2).in_90)


def test_nothing_is_ever_certain() -> None:
    ends = np.zeros((2, 80))
    chances = fan.chance_above(ends, np.array([-1.0, 1.0]))
    assert (chances == [80.5 / 81, 0.5 / 81]).all()
    assert np.isnan(fan.chance_above(ends[:1], np.array([np.nan])))
