"""Dependence plots: the points are the sample's, the trend is the mean, the interaction is the true one."""

import numpy as np
import pytest
from given_sample import given

from mtaf_core.study import market, sample
from mtaf_core.study.dependence import MOST_POINTS, bins_of, dependence, interactions, strongest
from mtaf_core.workspace import Workspace


def test_the_strongest_interaction_is_the_planted_one() -> None:
    rng = np.random.default_rng(2)
    followers, hour, duration = rng.lognormal(9, 2, 2_000), rng.integers(0, 24, 2_000), rng.uniform(5, 60, 2_000)
    effect = np.log(followers) * np.where(hour >= 12, 0.3, 0.1) + rng.normal(0, 0.2, 2_000)
    facts = {"uploader_follower": followers, "upload_hour": hour.astype(float), "video_duration": duration}
    held = given(2_000, facts, {"uploader_follower": effect})
    other, strength = strongest(held, "uploader_follower")
    assert other == "upload_hour"
    assert strength > 0.3
    assert interactions(held, "uploader_follower")["video_duration"] < 0.01


def test_noise_is_no_interaction_even_beside_a_fact_with_many_values() -> None:
    rng = np.random.default_rng(4)
    facts = {"uploader_follower": rng.lognormal(9, 2, 800), "uploader_age": rng.normal(0, 1, 800),
             "upload_city": rng.integers(0, 40, 800).astype(float)}  # fmt: skip
    held = given(800, facts, {"uploader_follower": rng.normal(0, 1, 800)}, words={"upload_city": tuple("abcdefgh")})
    assert strongest(held, "uploader_follower") == ("", 0.0)


def test_the_trend_is_the_mean_of_each_bin_and_its_interval_holds_it() -> None:
    values = np.repeat(np.arange(5.0), 40)
    held = given(200, {"video_tag_count": values}, {"video_tag_count": values / 10})
    found = dependence(held, "video_tag_count")
    assert found.trend_values.tolist() == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(found.trend, [0, 0.1, 0.2, 0.3, 0.4], atol=1e-6)
    assert (found.trend_low <= found.trend).all()
    assert (found.trend_high >= found.trend).all()


def test_unknown_values_are_no_points_and_an_unknown_column_gives_none() -> None:
    values = np.arange(100.0)
    values[::2] = np.nan
    found = dependence(given(100, {"uploader_follower": values}), "uploader_follower")
    assert found.known == len(found.row) == 50
    nothing = dependence(given(100), "uploader_follower")
    assert (len(nothing.row), len(nothing.trend), nothing.other) == (0, 0, "")


def test_quantile_bins_are_even_and_unknown_ones_are_apart() -> None:
    values = np.append(np.arange(100.0), [np.nan] * 7)
    found = bins_of(values, 4, "uploader_follower")
    assert np.bincount(found).tolist() == [25, 25, 25, 25, 7]


@pytest.mark.parametrize("column", ["uploader_follower", "video_duration", "upload_hour", "video_tag_count"])
def test_points_of_real_videos_are_few_and_true(tiktok_vn: Workspace, column: str) -> None:
    study = market.find(tiktok_vn)
    found = dependence(sample.read(study), column, "xgboost")
    assert len(found.row) == min(found.known, MOST_POINTS)
    kept = study.query(
        f'SELECT row, m.{column} AS x, s."xgboost:{column}" AS e FROM market m JOIN shap s USING (row) ORDER BY row'
    ).to_pandas().set_index("row")  # fmt: skip
    np.testing.assert_allclose(found.values, kept.loc[found.row, "x"])
    np.testing.assert_allclose(found.effect, kept.loc[found.row, "e"], rtol=1e-5, atol=1e-6)
