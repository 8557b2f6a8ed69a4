from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtaf_core.errors import BadInput
from mtaf_core.model.conformal import Calibration

RNG = np.random.default_rng(0)
ALL = np.ones((1, 400), dtype=bool)


def calibrated(residuals: np.ndarray) -> Calibration:
    return Calibration.fit(residuals, np.zeros((1, len(residuals))), np.ones((1, len(residuals)), dtype=bool))


def test_a_range_holds_what_it_promises():
    covered = []
    for _ in range(200):
        truth = RNG.gumbel(size=199) + 5
        low, high = calibrated(truth[:99] - 5).interval(np.full(100, 5.0), 0, 0.9)
        covered.append(np.mean((np.expm1(truth[99:]) >= low) & (np.expm1(truth[99:]) <= high)))
    assert 0.9 <= np.mean(covered) <= 0.93


def test_a_range_follows_a_lopsided_error():
    below, above = calibrated(RNG.exponential(size=999)).offsets(0, 0.9)
    assert below > 0
    assert above == pytest.approx(-np.log(0.05), rel=0.15)


@given(st.integers(19, 400), st.integers(51, 90))
def test_ranges_end_at_the_residuals_of_the_finite_sample_ranks(n, percent):
    residuals = np.sort(np.random.default_rng(n).normal(size=n))
    rank = Fraction(100 - percent, 200) * (n + 1)
    below, above = Calibration((residuals,)).offsets(0, percent / 100)
    assert (below, above) == (residuals[floor(rank) - 1], residuals[n - floor(rank)])


@given(st.integers(19, 2_000))
def test_the_highest_level_is_bounded_on_both_sides(n):
    calibration = Calibration((np.arange(float(n)),))
    level = min(calibration.highest_level(0), 0.99)
    assert np.isfinite(calibration.offsets(0, level)).all()


@given(st.floats(-5, 20), st.floats(0.51, 0.98), st.floats(0.51, 0.98))
def test_ranges_are_ordered_nest_and_never_fall_below_zero(log_score, one, other):
    calibration = Calibration((np.sort(np.random.default_rng(1).normal(size=150)),))
    (low, high), (lower, higher) = (
        calibration.interval(np.array([log_score]), 0, level) for level in sorted([one, other])
    )
    assert 0 <= lower[0] <= low[0] <= high[0] <= higher[0]


def test_days_that_few_were_seen_on_borrow_the_wider_range_of_a_day_less():
    truth = RNG.normal(size=100)
    seen = np.ones((3, 100), dtype=bool)
    seen[2, 10:] = False
    calibration = Calibration.fit(truth, np.stack([np.zeros(100), truth / 2, truth]), seen)
    np.testing.assert_array_equal(calibration.residuals[2], calibration.residuals[1])
    assert calibration.offsets(2, 0.9) == calibration.offsets(1, 0.9)


@pytest.mark.parametrize("level", [0.5, 0.0, 1.0, 90, float("nan")])
def test_an_impossible_level_is_refused_in_words(level):
    with pytest.raises(BadInput, match="above 0.5 and up to"):
        calibrated(RNG.normal(size=500)).offsets(0, level)


def test_a_level_past_what_the_calibration_videos_can_vouch_for_is_refused():
    calibration = calibrated(RNG.normal(size=19))
    calibration.offsets(0, 0.9)
    with pytest.raises(BadInput, match="90% or less"):
        calibration.offsets(0, 0.95)
