import numpy as np
import pytest

from mtaf_core.model.metrics import interval_card, ndcg, scorecard

TRUTH = np.array([1.0, 2.0, 3.0, 5.0])


def test_a_perfect_prediction():
    assert scorecard(TRUTH, TRUTH) == pytest.approx({"MAE": 0, "MSE": 0, "R2": 1, "SRCC": 1, "NDCG@10": 1})


def test_measures_by_hand():
    card = scorecard(TRUTH, np.array([2.0, 1.0, 3.0, 5.0]))
    assert card["MAE"] == 0.5
    assert card["MSE"] == 0.5
    assert card["R2"] == pytest.approx(1 - 2 / 8.75)
    assert card["SRCC"] == pytest.approx(0.8)


def test_ndcg_gains_are_popularity_scores():
    gains, discounts = np.expm1([1.0, 5.0]), 1 / np.log2([2, 3])
    assert ndcg(np.array([1.0, 5.0]), np.array([9.0, 8.0])) == pytest.approx(
        (gains @ discounts) / (gains[::-1] @ discounts)
    )


def test_ndcg_reads_only_the_top():
    truth = np.arange(20.0)
    missed = np.where(truth >= 10, truth - 20, truth)
    assert ndcg(truth, missed) < 1e-3


def test_a_constant_has_no_rank_correlation():
    assert scorecard(TRUTH, np.full(4, 2.0))["SRCC"] is None


def test_coverage_and_width_of_ranges():
    card = interval_card(np.array([5.0, 50.0]), np.array([0.0, 0.0]), np.expm1([2.0, 3.0]), 0.9)
    assert card == {"level": 0.9, "coverage": 0.5, "mean_width": pytest.approx(2.5)}
