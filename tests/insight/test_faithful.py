"""Attention beside contributions over many videos: agreement, and curves of what is lost in which order."""

import numpy as np
import pytest

from mtaf_core.errors import Cancelled
from mtaf_core.insight import faithful
from mtaf_core.insight.attribution import coalition_masks

MASKS = coalition_masks(5)


def additive(weights):
    """Values of videos to which each modality adds its weight, (n, 32)."""
    return np.asarray(weights, dtype=float) @ MASKS.T


def test_attention_that_knows_agrees_and_its_curve_is_that_of_contributions():
    weights = np.array([[3.0, 2.0, 1.0, 0.5, 0.0], [0.5, 1.0, 2.0, 4.0, 0.0]])
    attention = np.where(weights > 0, weights / weights.sum(axis=1, keepdims=True), np.nan)
    told = faithful.compared(additive(weights), attention)
    assert (told.videos, told.same) == (2, 1.0)
    assert told.rank == pytest.approx(1.0)
    assert told.curves["attention"] == pytest.approx(told.curves["contribution"])
    assert told.curves["contribution"] == pytest.approx([0.0, 3.5, 5.5, 6.5, 7.0])
    assert told.curves["random"] == pytest.approx([0.0, 1.75, 3.5, 5.25, 7.0])
    assert told.top["content_agnostic"] == (0.5, 0.5)
    assert "temporal" not in told.top


def test_attention_that_is_wrong_moves_the_forecast_last():
    weights = np.array([[4.0, 3.0, 2.0, 1.0, 0.0]])
    told = faithful.compared(additive(weights), np.array([[0.1, 0.2, 0.3, 0.4, np.nan]]))
    assert (told.same, told.rank) == (0.0, pytest.approx(-1.0))
    assert told.curves["attention"][1] < told.curves["random"][1] < told.curves["contribution"][1]
    assert told.top["visual"] == (1.0, 0.0)


def test_videos_with_one_modality_compare_nothing():
    told = faithful.compared(additive([[1.0, 0, 0, 0, 0]]), np.array([[1.0, np.nan, np.nan, np.nan, np.nan]]))
    assert told.videos == 0
    assert told.curves == {}


def test_the_demo_market_is_measured_on_videos_not_learnt_from_and_kept(own_demo):
    assert faithful.found(own_demo) is None
    told = faithful.measure(own_demo)
    assert told.videos == 160
    assert faithful.found(own_demo) == told
    assert told.curves["contribution"][1] > told.curves["random"][1]
    assert told.curves["contribution"][-1] == pytest.approx(told.curves["random"][-1])
    assert 0.3 < told.same < 1.0
    kept = next((own_demo.cache_dir / "faithful").iterdir())
    kept.write_text("{", "utf-8")
    assert faithful.found(own_demo) is None


def test_measuring_can_be_stopped_and_keeps_nothing(own_demo):
    def stop(step):
        if step.done:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        faithful.measure(own_demo, stop)
    assert faithful.found(own_demo) is None
