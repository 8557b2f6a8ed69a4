"""Importance of a market and of its cohorts: the libraries' own numbers, true intervals, effects as factors."""

import numpy as np
import pytest
from given_sample import given
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from mtaf_core.schema import BEFORE_RELEASE
from mtaf_core.study import factors, market, sample
from mtaf_core.study.cohort import WHOLE, Cohort
from mtaf_core.study.drivers import FEW_SAMPLED, MEASURES, effect, effects, measures
from mtaf_core.workspace import Workspace


@pytest.fixture(scope="module")
def study(tiktok_vn: Workspace) -> market.Study:
    return market.find(tiktok_vn)


@pytest.fixture(scope="module")
def whole(study: market.Study) -> sample.Sample:
    return sample.read(study)


def test_every_measure_of_the_market_is_the_study_s_own_and_its_shares_sum_to_one(study, whole) -> None:
    importance = factors.read_importance(study.path)
    found = measures(importance, whole)
    assert list(found.shares.columns) == [f"{library}.{kind}" for library, kinds in MEASURES.items() for kind in kinds]
    assert set(found.shares.index) == {f.name for f in BEFORE_RELEASE}
    assert found.shares.sum().tolist() == pytest.approx([1.0] * 11)
    for library, kinds in importance.items():
        for kind, values in kinds.items():
            for feature, value in values.items():
                assert found.values.loc[feature, f"{library}.{kind}"] == pytest.approx(value, rel=1e-4, abs=1e-6)
    assert found.shares.index[0] == "uploader_follower"
    assert (found.explained, found.permuted) == (5_000, 2_114)


def test_only_measures_of_videos_have_intervals_and_they_hold_the_share(study, whole) -> None:
    found = measures(factors.read_importance(study.path), whole)
    for name in found.shares:
        if name.split(".")[1] in ("permutation", "shap"):
            assert (found.low[name] <= found.shares[name] + 1e-12).all()
            assert (found.high[name] >= found.shares[name] - 1e-12).all()
            assert found.high.loc["uploader_follower", name] > found.shares.loc["uploader_follower", name]
        else:
            assert found.low[name].isna().all()


def test_a_cohort_has_its_own_measures_of_videos_and_the_trees_stay_the_market_s(study, whole) -> None:
    importance, cohort = factors.read_importance(study.path), Cohort(tiers=("head",))
    part = sample.in_cohort(study, whole, cohort)
    rows = study.query("SELECT s.* FROM shap s JOIN panel USING (row)", cohort=cohort)
    assert 0 < len(part.row) == len(rows) < 5_000
    found, before = measures(importance, part), measures(importance, whole)
    by_hand = np.abs(rows["xgboost:uploader_follower"].to_numpy()).mean()
    assert found.values.loc["uploader_follower", "xgboost.shap"] == pytest.approx(by_hand, rel=1e-5)
    cost = study.query(
        'SELECT avg("lightgbm:video_duration") AS c FROM permutation JOIN panel USING (row)', None, cohort
    )
    assert found.values.loc["video_duration", "lightgbm.permutation"] == pytest.approx(cost["c"][0].as_py())
    for name in ("xgboost.weight", "xgboost.total_cover", "lightgbm.gain"):
        assert found.values[name].to_dict() == before.values[name].to_dict()


def test_a_cohort_with_too_few_sampled_videos_says_so_and_has_no_such_measure(study, whole) -> None:
    few = whole.among(whole.row[: FEW_SAMPLED - 1])
    found = measures(factors.read_importance(study.path), few)
    assert found.missing() == ("permutation", "shap")
    assert "xgboost.shap" not in found.shares
    assert "xgboost.weight" in found.shares
    assert sample.in_cohort(study, whole, WHOLE) is whole


def test_intervals_of_means_hold_the_truth_when_videos_of_a_kol_are_alike() -> None:
    """30 KOLs of 20 videos with a common part: an interval for independent videos would hold the truth far less."""
    rng = np.random.default_rng(3)
    kol, held, naive = np.repeat(np.arange(30), 20), [], []
    for _ in range(400):
        values = (rng.normal(0, 1, 30)[kol] + rng.normal(0, 1, 600))[:, None]
        (mean,), (reach,) = sample.mean_of(values, kol)
        held.append(abs(mean) <= reach)
        naive.append(abs(mean) <= 1.645 * values.std() / np.sqrt(600))
    assert 0.85 <= np.mean(held) <= 0.94
    assert np.mean(naive) < 0.5


@settings(max_examples=30)
@for_all(st.floats(-3, 3), st.integers(0, 5))
def test_an_effect_is_the_difference_between_the_tenths(slope: float, seed: int) -> None:
    values = np.random.default_rng(seed).permutation(np.arange(400.0))
    found = effect(
        given(400, {"uploader_follower": values}, {"uploader_follower": slope * values / 400}), "uploader_follower"
    )
    assert found is not None
    assert (found.between, found.start, found.end, found.n_start, found.n_end) == ("tenths", 39.0, 359.0, 40, 41)
    assert found.log_effect == pytest.approx(slope * 359.5 / 400, abs=1e-4)
    assert found.low <= found.log_effect <= found.high


def test_an_effect_of_a_flag_is_from_no_to_yes_and_of_a_word_from_the_lowest_to_the_highest() -> None:
    flag = np.arange(400) % 2.0
    city = np.arange(400) % 3.0
    city[:5] = 7.0  # too few to be an end, however high
    level = {0.0: 0.2, 1.0: -0.4, 2.0: 0.1, 7.0: 9.0}
    shap = {"video_product": np.where(flag == 1, -0.3, 0.2), "upload_city": np.array([level[c] for c in city])}
    found = effects(given(400, {"video_product": flag, "upload_city": city}, shap))
    assert set(found) == {"video_product", "upload_city"}
    product, place = found["video_product"], found["upload_city"]
    assert (product.start, product.end) == (0.0, 1.0)
    assert product.log_effect == pytest.approx(-0.5, abs=1e-6)
    assert (place.start, place.end) == (1.0, 0.0)
    assert place.log_effect == pytest.approx(0.6, abs=1e-6)


def test_where_nothing_varies_there_is_no_effect() -> None:
    assert effect(given(400, {"uploader_follower": np.ones(400)}), "uploader_follower") is None
    assert effect(given(400), "uploader_follower") is None
    assert effect(given(400, {"video_product": np.ones(400)}), "video_product") is None


def test_where_the_libraries_differ_the_interval_holds_both() -> None:
    values = np.arange(400.0)
    held = given(400, {"uploader_follower": values}, {"uploader_follower": values / 400})
    held.shap["lightgbm"] = 2 * held.shap["lightgbm"]
    found = effect(held, "uploader_follower")
    assert found is not None
    assert found.by_library["lightgbm"] == pytest.approx(2 * found.by_library["xgboost"], rel=1e-5)
    assert found.low <= found.by_library["xgboost"] < found.log_effect < found.by_library["lightgbm"] <= found.high


def test_the_demo_s_true_direction_of_effects_is_found(demo: Workspace) -> None:
    found = effects(sample.read(market.find(demo)))
    assert found["uploader_follower"].low > np.log(2)
    assert found["uploader_favorited"].low > np.log(2)
    assert abs(found["uploader_visible"].log_effect) < np.log(1.05)
