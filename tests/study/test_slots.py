"""When to post: slots counted where the market is, and the planted hours found."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from mtaf_core.study import market, slots, tags
from mtaf_core.study.cohort import WHOLE, Cohort
from mtaf_core.study.market import Study
from mtaf_core.workspace import Workspace


@pytest.fixture(scope="module")
def study(demo: Workspace) -> Study:
    found = market.find(demo)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def planted(study: Study, demo: Workspace) -> pd.DataFrame:
    """The market's videos with their slot in local time and the true effects of their hour and weekday, centred."""
    videos = study.query("SELECT video_id, upload_dayofweek AS day, upload_hour AS hour FROM market").to_pandas()
    truth = pd.read_parquet(demo.path / "truth.parquet")
    found = videos.merge(truth, on="video_id")
    for name in ("effect_upload_hour", "effect_upload_dayofweek"):
        found[name] -= found[name].mean()
    return found.assign(slot=(24 * found["day"] + found["hour"]).astype(int))


def test_videos_are_counted_in_the_slot_they_came_out_in(study: Study, planted: pd.DataFrame) -> None:
    week = slots.week(study, WHOLE, "adjusted")
    np.testing.assert_array_equal(week.slots.n, np.bincount(planted["slot"], minlength=168))
    np.testing.assert_array_equal(week.days.n, np.bincount(planted["slot"] // 24, minlength=7))
    np.testing.assert_array_equal(week.hours.n, np.bincount(planted["slot"] % 24, minlength=24))
    assert week.videos == len(planted)


def test_the_planted_hours_and_days_are_found(study: Study, planted: pd.DataFrame) -> None:
    week = slots.week(study, WHOLE, "adjusted")
    true = planted["effect_upload_hour"] + planted["effect_upload_dayofweek"]
    by_slot = true.groupby(planted["slot"]).mean()
    seen = by_slot.index.to_numpy()
    assert spearmanr(by_slot, week.slots.effect[seen]).statistic > 0.7
    held = (week.slots.low[seen] <= by_slot) & (by_slot <= week.slots.high[seen])
    assert held.mean() > 0.85
    hours = planted.groupby(planted["slot"] % 24)["effect_upload_hour"].mean()
    assert spearmanr(hours, week.hours.effect).statistic > 0.65
    days = planted.groupby(planted["slot"] // 24)["effect_upload_dayofweek"].mean()
    assert week.days.effect.argmax() == days.argmax() == 5
    assert week.days.effect.argmin() == days.argmin() == 1
    best = week.best()
    assert len(best)
    assert best[0] == 24 * 5 + 21  # Saturday evening
    assert (by_slot[best] > 0).all()
    assert (week.slots.n[best] >= slots.THIN).all()


def test_raw_effects_do_not_know_who_posts_when(study: Study, planted: pd.DataFrame) -> None:
    adjusted, raw = (slots.week(study, WHOLE, reading) for reading in tags.READINGS)
    true = (planted["effect_upload_hour"] + planted["effect_upload_dayofweek"]).groupby(planted["slot"]).mean()
    seen = true.index.to_numpy()
    right, wrong = (spearmanr(true, week.slots.effect[seen]).statistic for week in (adjusted, raw))
    assert right > wrong + 0.2
    y = study.query("SELECT log_score, upload_hour FROM market").to_pandas()
    means = y.groupby("upload_hour")["log_score"].mean() - y["log_score"].mean()
    np.testing.assert_allclose(raw.hours.raw, means)


def test_effects_are_against_the_average_video_of_the_cohort(study: Study) -> None:
    for cohort in (WHOLE, Cohort(tiers=("tail",))):
        week = slots.week(study, cohort, "adjusted")
        for effects in (week.slots, week.days, week.hours):
            assert effects.n @ effects.effect == pytest.approx(0, abs=1e-6)


def test_a_slot_without_videos_leans_on_its_day_and_its_hour(study: Study) -> None:
    week = slots.week(study, WHOLE, "adjusted")
    empty = np.flatnonzero(week.slots.n == 0)
    assert len(empty)
    assert np.ptp(week.slots.effect[empty]) > 0.01
    assert not week.slots.clear[empty].any()
    width = week.slots.high - week.slots.low
    assert width[empty].min() > width[week.slots.n >= slots.THIN].max()


def test_no_slot_of_the_real_market_is_called_best(tiktok_vn: Workspace) -> None:
    """21,149 videos of KOLs who post at all hours: differences are small, and none is clear."""
    week = slots.week(market.find(tiktok_vn), WHOLE, "adjusted")
    assert len(week.best()) == 0
    assert np.abs(week.slots.effect).max() < 0.2
    raw = slots.week(market.find(tiktok_vn), WHOLE, "raw")
    assert np.abs(raw.slots.effect).max() > 2 * np.abs(week.slots.effect).max()
