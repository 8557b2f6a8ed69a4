"""What was observed along a fact: true counts, true means, intervals that hold, and few false differences."""

import numpy as np
import pytest

from mtaf_core.study import market
from mtaf_core.study.by_value import BINS, FEW, MOST_WORDS, by_value, discovered
from mtaf_core.study.cohort import WHOLE, Cohort
from mtaf_core.workspace import Workspace


@pytest.mark.parametrize("cohort", [WHOLE, Cohort(tiers=("tail", "waist"))])
def test_bins_of_real_videos_are_true(tiktok_vn: Workspace, cohort: Cohort) -> None:
    study = market.find(tiktok_vn)
    found = by_value(study, cohort, "uploader_follower")
    rows = study.query("SELECT uploader_follower AS x, log_score AS y, kol FROM panel", cohort=cohort).to_pandas()
    known = rows.dropna(subset=["x"])
    assert (found.videos, found.known) == (len(rows), len(known))
    assert found.binned
    assert len(found.n) == BINS
    assert found.n.sum() == len(known)
    assert (found.low[1:] > found.high[:-1]).all()
    for low, high, n, mean in zip(found.low, found.high, found.n, found.mean, strict=True):
        inside = known[known["x"].between(low, high)]
        assert n == len(inside)
        assert mean == pytest.approx(inside["y"].mean() - known["y"].mean())
    assert found.clear[0]
    assert found.clear[-1]


def test_intervals_count_videos_of_one_kol_as_alike_as_they_are(tiktok_vn: Workspace) -> None:
    study = market.find(tiktok_vn)
    found = by_value(study, WHOLE, "upload_dayofweek")
    assert found.low.tolist() == list(range(7))
    rows = study.query("SELECT upload_dayofweek AS x, log_score AS y FROM market").to_pandas()
    naive = [1.645 * rows["y"][rows["x"] == day].std() / np.sqrt((rows["x"] == day).sum()) for day in range(7)]
    assert ((found.mean_high - found.mean) > naive).all()


def test_words_come_by_how_frequent_they_are(demo: Workspace) -> None:
    study = market.find(demo)
    found = by_value(study, WHOLE, "upload_city")
    counted = study.values("upload_city")
    assert list(zip(found.words, found.n.tolist(), strict=True)) == counted[:MOST_WORDS]
    assert not found.binned


def test_few_videos_have_no_mean_and_an_unknown_column_has_no_values(demo: Workspace, tiktok_vn: Workspace) -> None:
    found = by_value(market.find(demo), WHOLE, "upload_hour")
    assert (found.scored < FEW).any()
    assert np.isnan(found.mean[found.scored < FEW]).all()
    assert not found.clear[found.scored < FEW].any()
    assert len(by_value(market.find(tiktok_vn), WHOLE, "upload_city").n) == 0


def test_of_many_differences_that_are_chance_none_is_believed_19_times_in_20() -> None:
    rng = np.random.default_rng(7)
    believed = [discovered(rng.uniform(size=24)).any() for _ in range(1_000)]
    assert 0.03 < np.mean(believed) < 0.07
    mixed = np.concatenate([np.full(6, 1e-6), [np.nan], rng.uniform(0.2, 1, 17)])
    assert discovered(mixed).tolist() == [True] * 6 + [False] * 18
