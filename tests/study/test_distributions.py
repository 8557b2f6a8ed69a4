"""Distributions of Table 1: what the tables' engine counts agrees with NumPy and SciPy on the same values."""

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from mtaf_core.data.frame import market_frame
from mtaf_core.data.store import Store
from mtaf_core.data.tables import SNAPSHOTS, TAGS, UPLOADERS, VIDEO_TAGS, VIDEOS
from mtaf_core.errors import BadInput
from mtaf_core.insight.distributions import SOURCES, distribution
from mtaf_core.schema import FEATURES, Release

DAY = datetime(2025, 3, 10, tzinfo=UTC)


def rows(table, values: list[dict]) -> pa.Table:
    return pa.Table.from_pylist([{"platform": "douyin", **row} for row in values], schema=table.arrow)


@pytest.fixture(scope="module")
def followers() -> np.ndarray:
    drawn = np.random.default_rng(3).lognormal(11, 1.4, 400).astype(np.int64)
    drawn[:7] = 0
    return drawn


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, followers: np.ndarray) -> Store:
    store = Store(tmp_path_factory.mktemp("market"))
    uploaders = [{"uploader_id": str(i), "follower_count": int(n)} for i, n in enumerate(followers)]
    uploaders += [{"uploader_id": "unknown", "follower_count": None}]
    videos = [{"video_id": str(i), "uploader_id": "0", "created_at": DAY, "duration_s": 10.0 + i} for i in range(5)]
    tags = [
        {"tag_name": "glow", "snapshot_date": date(2025, 3, 1), "total_view_count": 100},
        {"tag_name": "glow", "snapshot_date": date(2025, 3, 9), "total_view_count": 130},
        {"tag_name": "glow", "snapshot_date": date(2025, 3, 20), "total_view_count": 9_000},
        {"tag_name": "late", "snapshot_date": date(2025, 4, 1), "total_view_count": 7},
    ]
    used = [("0", "glow"), ("0", "late"), ("1", "glow")]
    counts = [
        {"video_id": "0", "snapshot_date": date(2025, 3, 15), "day_index": 6, "favorite_count": 50},
        {"video_id": "0", "snapshot_date": date(2025, 3, 11), "day_index": 2, "favorite_count": 5},
        {"video_id": "1", "snapshot_date": date(2025, 3, 15), "day_index": 6, "favorite_count": 0},
    ]
    with store.write("test market") as change:
        change.merge("uploaders", rows(UPLOADERS, uploaders))
        change.merge("videos", rows(VIDEOS, videos))
        change.merge("tags", rows(TAGS, tags))
        change.merge("video_tags", rows(VIDEO_TAGS, [{"video_id": v, "tag_name": t} for v, t in used]))
        change.merge("snapshots", rows(SNAPSHOTS, counts))
    return store


def test_every_numeric_feature_of_table_1_has_a_source() -> None:
    assert {s.feature for s in SOURCES.values()} - {"popularity_score"} == {f.name for f in FEATURES if f.is_numeric}


def test_bins_zeros_and_unknown_values_account_for_every_row(store: Store, followers: np.ndarray) -> None:
    found = distribution(store, "uploader_follower")
    assert (found.n, found.zeros, found.missing, found.beyond) == (400, 7, 1, 0)
    positive = np.log10(followers[followers > 0])
    assert found.counts.tolist() == np.histogram(positive, found.edges)[0].tolist()


def test_moments_and_ks_agree_with_scipy(store: Store, followers: np.ndarray) -> None:
    found = distribution(store, "uploader_follower")
    positive = np.log10(followers[followers > 0])
    assert found.mean == pytest.approx(positive.mean())
    assert found.sd == pytest.approx(positive.std(ddof=1))
    assert found.ks == pytest.approx(stats.kstest(positive, "norm", (found.mean, found.sd)).statistic, abs=1e-6)
    assert found.median == pytest.approx(np.median(followers))


def test_linear_scale_keeps_zeros_in_the_bins_and_counts_the_tail_apart(store: Store, followers: np.ndarray) -> None:
    found = distribution(store, "uploader_follower", log=False)
    assert found.counts.sum() + found.beyond == 400
    assert found.beyond == (followers > np.quantile(followers, 0.99)).sum()
    assert found.ks > distribution(store, "uploader_follower").ks


def test_tag_totals_are_those_known_at_upload(store: Store) -> None:
    found = distribution(store, "tag_total_view_count", log=False)
    assert found.n == 2
    assert found.median == pytest.approx((137 + 130) / 2)  # 130 + 7 and 130; never the 9,000 seen ten days later


def test_likes_are_those_of_the_horizon_day_and_marked_after_release(store: Store) -> None:
    found = distribution(store, "video_favorite_count")
    assert (found.n, found.zeros, found.release) == (2, 1, Release.AFTER)
    assert distribution(store, "video_favorite_count", horizon_day=2).median == 5


def test_what_is_unknown_at_the_horizon_day_is_counted_as_unknown(store: Store) -> None:
    found = distribution(store, "video_favorite_count")
    assert (found.n, found.missing) == (2, 3)


@pytest.fixture
def late_evening(tmp_path: Path) -> Store:
    """A video of the late evening in UTC, which is the next day in Shanghai; its snapshots say their dates alone."""
    store = Store(tmp_path)
    video = {"video_id": "v", "created_at": datetime(2025, 3, 10, 20, tzinfo=UTC)}
    labelled = {"video_id": "w", "created_at": DAY, "popularity_label": 3.0}
    counts = {"favorite_count": 100, "comment_count": 10, "share_count": 2}
    totals = [{"tag_name": "a", "snapshot_date": date(2025, 3, day), "total_view_count": day} for day in (9, 10, 11)]
    with store.write("test market") as change:
        change.merge("videos", rows(VIDEOS, [video, labelled]))
        change.merge("tags", rows(TAGS, totals))
        change.merge("video_tags", rows(VIDEO_TAGS, [{"video_id": "v", "tag_name": "a"}]))
        change.merge("snapshots", rows(SNAPSHOTS, [{"video_id": "v", "snapshot_date": date(2025, 3, 16), **counts}]))
    return store


def test_days_are_those_of_the_market(late_evening: Store) -> None:
    for zone, total, day in (("UTC", 9, 7), ("Asia/Shanghai", 10, 6)):
        assert distribution(late_evening, "tag_total_view_count", timezone=zone).median == total
        for horizon in (6, 7):
            found = distribution(late_evening, "video_share_count", horizon_day=horizon, timezone=zone)
            assert found.n == (1 if horizon == day else 0)


def test_scores_are_those_of_the_frame_labels_and_all(late_evening: Store) -> None:
    found = distribution(late_evening, "popularity_score", log=False)
    scores = market_frame(late_evening).score
    assert found.n == np.isfinite(scores).sum() == 2
    assert found.mean == pytest.approx(scores.mean())


def test_every_total_is_the_frame_s(late_evening: Store) -> None:
    facts = market_frame(late_evening).facts
    assert distribution(late_evening, "tag_total_view_count").median == facts["tag_total_view_count"].max()


def test_videos_without_hashtags_count_as_zero_hashtags(store: Store) -> None:
    assert distribution(store, "video_tag_count").zeros == 3


def test_an_empty_market_has_an_empty_distribution(tmp_path: Path) -> None:
    found = distribution(Store(tmp_path), "uploader_follower")
    assert (found.n, found.counts.size) == (0, 0)
    assert np.isnan(found.ks)


def test_an_unknown_feature_is_refused_in_words(store: Store) -> None:
    with pytest.raises(BadInput, match="no numeric feature called 'charm'"):
        distribution(store, "charm")


@pytest.mark.parametrize("key", SOURCES)
@pytest.mark.parametrize("log", [True, False])
def test_every_source_runs(store: Store, key: str, log: bool) -> None:
    found = distribution(store, key, log=log)
    assert found.counts.sum() + found.beyond + (found.zeros if log else 0) == found.n
