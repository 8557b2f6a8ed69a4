import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtaf_core.evaluation import bootstrap
from mtaf_core.model.metrics import scorecard


def drawn(truth, predicted, counts):
    """The same resample written out."""
    rows = np.repeat(np.arange(len(truth)), counts)
    return scorecard(truth[rows], predicted[rows])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(12, 60), st.booleans())
def test_measures_of_counts_are_those_of_the_resample_written_out(seed, n, tied):
    random = np.random.default_rng(seed)
    truth = random.normal(5, 2, n).clip(0)
    predicted = truth + random.normal(0, 1, n)
    if tied:  # equal forecasts and equal outcomes share ranks
        truth, predicted = np.round(truth), np.round(predicted)
    counts = np.vstack([np.ones((1, n), dtype=int), bootstrap.resampled_counts(n, 3, seed)])
    found = bootstrap.measures(truth, predicted, counts)
    for number, one in enumerate(counts):
        expected = drawn(truth, predicted, one)
        for name in bootstrap.MEASURES:
            if expected[name] is not None:
                assert found[name][number] == pytest.approx(expected[name], rel=1e-9, abs=1e-9)


def test_a_measure_that_is_not_defined_has_no_interval():
    truth = np.full(20, 3.0)
    found = bootstrap.intervals(truth, np.arange(20.0)[None, :], bootstrap.resampled_counts(20, 50, 0))
    assert found["R2"] is None
    assert found["SRCC"] is None
    assert found["MAE"][0] < found["MAE"][1]


def test_intervals_cover_the_true_error_as_often_as_they_say():
    random = np.random.default_rng(0)
    held = {"MSE": 0, "MAE": 0}
    runs, n = 300, 120
    for _ in range(runs):
        truth = random.normal(0, 1, n)
        predicted = truth + random.normal(0, 1, n)  # true MSE 1, true MAE sqrt(2 / pi)
        counts = bootstrap.resampled_counts(n, 200, int(random.integers(2**31)))
        found = bootstrap.intervals(truth, predicted[None, :], counts)
        for name, value in (("MSE", 1.0), ("MAE", np.sqrt(2 / np.pi))):
            held[name] += found[name][0] <= value <= found[name][1]
    assert 0.90 <= held["MSE"] / runs <= 0.98
    assert 0.90 <= held["MAE"] / runs <= 0.98


def test_several_seeds_are_measured_one_by_one_and_then_averaged():
    truth = np.linspace(0, 5, 40)
    seeds = np.stack([truth + 1, truth - 1])  # their mean forecast is perfect, their mean error is not
    found = bootstrap.intervals(truth, seeds, bootstrap.resampled_counts(40, 100, 0))
    assert found["MSE"] == pytest.approx([1.0, 1.0])


def test_large_markets_are_measured_in_parts(monkeypatch):
    random = np.random.default_rng(0)
    truth, counts = random.normal(5, 1, 50), bootstrap.resampled_counts(50, 40, 0)
    whole = bootstrap.measures(truth, truth**2, counts)
    monkeypatch.setattr(bootstrap, "_CELLS", 50 * 7)
    parts = bootstrap.measures(truth, truth**2, counts)
    for name in bootstrap.MEASURES:
        np.testing.assert_allclose(whole[name], parts[name], rtol=1e-12)


def test_a_difference_is_sure_when_one_is_always_better():
    truth = np.random.default_rng(0).normal(5, 1, 200)
    counts = bootstrap.resampled_counts(200, 200, 0)
    found = bootstrap.difference(truth, truth[None, :] + 0.1, truth[None, :] + 0.5, counts)
    assert found["difference"] == pytest.approx(0.01 - 0.25)
    assert found["high"] < 0
    assert found["share_below"] == 1.0
