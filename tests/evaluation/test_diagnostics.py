import numpy as np
import pandas as pd
import pytest

from mtaf_core.evaluation import diagnostics


@pytest.fixture
def videos():
    random = np.random.default_rng(0)
    n = 200
    truth = random.permutation(np.linspace(1, 11, n))
    return pd.DataFrame(
        {
            "platform": "douyin",
            "video_id": [f"v{i}" for i in range(n)],
            "created_at": pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(random.permutation(n), unit="h"),
            "tier": np.where(truth > 6, "head", "nano"),
            "uploader_seen": truth > 8,
            "truth": truth,
            "MTAF": truth + np.where(truth > 6, -1.0, 0.5),
            "low": np.expm1(np.where(truth > 6, truth - 1, truth + 1)),
            "high": np.expm1(truth + 2),
        }
    )


def test_groups_are_of_equal_size_and_equal_values_stay_together():
    assert np.bincount(diagnostics.deciles(np.random.default_rng(0).normal(size=200)))[1:].tolist() == [20] * 10
    assert len(set(diagnostics.deciles(np.array([3.0] * 50)))) == 1
    assert diagnostics.deciles(np.zeros(0)).tolist() == []


def test_coverage_says_where_the_range_holds(videos):
    found = diagnostics.coverage(videos)
    assert {row["tier"]: row["coverage"] for row in found["by_tier"]} == {"head": 1.0, "nano": 0.0}
    assert {row["tier"]: row["mean_width"] for row in found["by_tier"]} == pytest.approx({"head": 3.0, "nano": 1.0})
    assert [row["decile"] for row in found["by_decile"]] == list(range(1, 11))
    assert sum(row["n"] for row in found["by_decile"]) == 200
    assert found["by_decile"][0]["coverage"] == 0.0
    assert found["by_decile"][-1]["coverage"] == 1.0
    assert {row["uploader_seen"] for row in found["by_uploader_seen"]} == {True, False}


def test_videos_without_a_range_are_not_counted(videos):
    lacking = videos.assign(low=np.nan, high=np.nan)
    assert diagnostics.coverage(lacking) == {"by_decile": [], "by_tier": [], "by_uploader_seen": []}


def test_errors_by_group(videos):
    found = diagnostics.errors_by(videos, "MTAF", "tier").set_index("group")
    assert found.loc["head", ["MAE", "MSE", "bias"]].tolist() == pytest.approx([1.0, 1.0, -1.0])
    assert found.loc["nano", ["MAE", "MSE", "bias"]].tolist() == pytest.approx([0.5, 0.25, 0.5])
    assert diagnostics.errors_by(videos, "MTAF", "decile")["n"].tolist() == [20] * 10
    assert len(diagnostics.errors_by(videos, "MTAF", "uploader_seen")) == 2


def test_calibration_is_a_straight_line_for_a_calibrated_forecast(videos):
    found = diagnostics.calibration(videos.assign(MTAF=videos["truth"]), "MTAF")
    np.testing.assert_allclose(found["predicted"], found["truth"])
    assert found["predicted"].is_monotonic_increasing
    assert found["n"].tolist() == [20] * 10


def test_residuals_over_time_follow_a_drift(videos):
    hours = (videos["created_at"] - videos["created_at"].min()).dt.total_seconds().to_numpy() / 3600
    found = diagnostics.residuals_over_time(videos.assign(MTAF=videos["truth"] - hours), "MTAF", bins=5)
    assert found["n"].tolist() == [40] * 5
    assert found["mean"].is_monotonic_increasing
    assert (found["from"] <= found["to"]).all()
    assert (found["to"].to_numpy()[:-1] < found["from"].to_numpy()[1:]).all()
    assert (found["q10"] < found["q50"]).all()
    assert found["mean"].tolist() == pytest.approx([19.5 + 40 * i for i in range(5)])


def test_columns_that_are_forecasts(videos):
    assert diagnostics.predicted_methods(videos) == ["MTAF"]
