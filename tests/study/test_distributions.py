"""Distributions of Table 1: what the study's engine counts agrees with NumPy and SciPy on the same values."""

from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from mtaf_core.data.tables import SNAPSHOTS, TAGS, UPLOADERS, VIDEO_TAGS, VIDEOS
from mtaf_core.errors import BadInput
from mtaf_core.schema import FEATURES, Release
from mtaf_core.study import market
from mtaf_core.study.cohort import WHOLE, Cohort
from mtaf_core.study.distributions import SOURCES, distributions, quantiles, split
from mtaf_core.study.market import Study
from mtaf_core.workspace import Workspace, WorkspaceInfo

DAY = datetime(2025, 3, 10, 4, tzinfo=UTC)


def rows(table, values: list[dict]) -> pa.Table:
    return pa.Table.from_pylist([{"platform": "douyin", **row} for row in values], schema=table.arrow)


def one(study: Study, key: str, log: bool = True, cohort: Cohort = WHOLE):
    return distributions(study, [key], log=log, cohort=cohort)[key]


@pytest.fixture(scope="module")
def followers() -> np.ndarray:
    drawn = np.random.default_rng(3).lognormal(11, 1.4, 400).astype(np.int64)
    drawn[:7] = 0
    return drawn


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory, followers: np.ndarray) -> Study:
    """400 KOLs and one of whom nothing is known; two videos of each, the later with a product link."""
    space = Workspace.create(tmp_path_factory.mktemp("market") / "w", WorkspaceInfo("Test"))
    uploaders = [{"uploader_id": f"{i:03}", "follower_count": int(n)} for i, n in enumerate(followers)]
    uploaders += [{"uploader_id": "unknown", "follower_count": None}]
    videos = [
        {"video_id": f"{who}-{n}", "uploader_id": f"{who:03}", "created_at": DAY.replace(day=10 + n, minute=who % 60),
         "duration_s": 10.0 + who, "has_product_link": n == 1}
        for who in range(400) for n in range(2)
    ]  # fmt: skip
    videos += [{"video_id": "x", "uploader_id": "unknown", "created_at": DAY}]
    tags = [
        {"tag_name": "glow", "snapshot_date": date(2025, 3, 1), "total_view_count": 100},
        {"tag_name": "glow", "snapshot_date": date(2025, 3, 9), "total_view_count": 130},
        {"tag_name": "glow", "snapshot_date": date(2025, 3, 20), "total_view_count": 9_000},
        {"tag_name": "late", "snapshot_date": date(2025, 4, 1), "total_view_count": 7},
    ]
    used = [("0-0", "glow"), ("0-0", "late"), ("1-0", "glow")]
    counts = [
        {"video_id": video["video_id"], "snapshot_date": date(2025, 3, 20), "day_index": 6, "comment_count": 1,
         "share_count": 0, "favorite_count": place % 50}
        for place, video in enumerate(videos[:79])
    ] + [{"video_id": "0-0", "snapshot_date": date(2025, 3, 11), "day_index": 2, "favorite_count": 5,
          "comment_count": 1, "share_count": 0}]  # fmt: skip
    with space.store.write("test market") as change:
        change.merge("uploaders", rows(UPLOADERS, uploaders))
        change.merge("videos", rows(VIDEOS, videos))
        change.merge("tags", rows(TAGS, tags))
        change.merge("video_tags", rows(VIDEO_TAGS, [{"video_id": v, "tag_name": t} for v, t in used]))
        change.merge("snapshots", rows(SNAPSHOTS, counts))
    return market.make(space)


def test_every_numeric_feature_of_table_1_has_a_source() -> None:
    assert {s.feature for s in SOURCES.values()} - {"popularity_score"} == {f.name for f in FEATURES if f.is_numeric}


def test_bins_zeros_and_unknown_values_account_for_every_kol(study: Study, followers: np.ndarray) -> None:
    found = one(study, "uploader_follower")
    assert (found.n, found.zeros, found.missing, found.beyond) == (400, 7, 1, 0)
    positive = np.log10(followers[followers > 0])
    assert found.counts.tolist() == np.histogram(positive, found.edges)[0].tolist()
    assert found.counts.size <= 30


def test_moments_and_ks_agree_with_scipy(study: Study, followers: np.ndarray) -> None:
    found = one(study, "uploader_follower")
    positive = np.log10(followers[followers > 0])
    assert found.mean == pytest.approx(positive.mean())
    assert found.sd == pytest.approx(positive.std(ddof=1))
    assert found.ks == pytest.approx(stats.kstest(positive, "norm", (found.mean, found.sd)).statistic, abs=0.003)
    assert found.median == pytest.approx(np.median(followers), rel=0.003)


def test_ks_is_exact_where_values_are_few(study: Study) -> None:
    """Likes 0 to 49: each fine bin holds one value, and ties are steps of the distribution function."""
    likes = np.arange(79) % 50
    for log in (True, False):
        found = one(study, "video_favorite_count", log=log)
        kept = np.log10(likes[likes > 0]) if log else likes
        expected = stats.kstest(kept, "norm", (kept.mean(), kept.std(ddof=1))).statistic
        assert found.ks == pytest.approx(expected, abs=1e-9 if log else 0.01)


def test_linear_scale_keeps_zeros_in_the_bins_and_counts_the_tail_apart(study: Study, followers: np.ndarray) -> None:
    found = one(study, "uploader_follower", log=False)
    assert found.counts.sum() + found.beyond == 400
    assert found.beyond == (followers > np.quantile(followers, 0.99)).sum()
    assert found.ks > one(study, "uploader_follower").ks
    assert found.mean == pytest.approx(followers.mean())


def test_quantiles_are_those_of_the_values_and_of_the_fitted_normal(study: Study, followers: np.ndarray) -> None:
    found = one(study, "uploader_follower")
    pairs = quantiles(study, "uploader_follower", found)
    positive = np.log10(followers[followers > 0])
    np.testing.assert_allclose(pairs.observed, np.quantile(positive, pairs.shares))
    np.testing.assert_allclose(pairs.expected, stats.norm(found.mean, found.sd).ppf(pairs.shares))
    assert pairs.shares.min() >= 1 / 393


def test_parts_are_counted_in_the_bins_of_the_whole_and_in_their_own_order(study: Study, followers: np.ndarray) -> None:
    found = one(study, "uploader_follower")
    parts = split(study, "uploader_follower", "tier", found)
    assert [part.word for part in parts] == ["head", "waist", "tail", "nano"]
    assert sum(part.n for part in parts) == 400
    assert (sum(part.counts for part in parts) == found.counts).all()
    waist = followers[(followers >= 100_000) & (followers < 1_000_000)]
    assert parts[1].median == np.median(waist)
    assert parts[3].zeros == 7


def test_a_kol_with_videos_in_two_parts_is_in_both(study: Study) -> None:
    found = one(study, "uploader_follower")
    parts = split(study, "uploader_follower", "video_product", found)
    assert [(part.word, part.n) for part in parts] == [("0.0", 400), ("1.0", 400)]


def test_only_the_cohort_is_counted(study: Study) -> None:
    cohort = WHOLE.within("video_duration", 10, 29)
    assert one(study, "uploader_follower", cohort=cohort).n == 20
    assert one(study, "video_duration", cohort=cohort).n == 40
    assert one(study, "video_duration", cohort=Cohort(tiers=("nobody",))).n == 0


def test_tag_totals_are_those_known_at_upload(study: Study) -> None:
    cohort = WHOLE.within("video_tag_count", 1, 9)
    found = one(study, "tag_total_view_count", log=False, cohort=cohort)
    assert found.n == 2
    assert found.median == pytest.approx((137 + 130) / 2)  # 130 + 7 and 130; never the 9,000 seen ten days later


def test_likes_are_those_of_the_day_predicted_and_marked_after_release(study: Study) -> None:
    found = one(study, "video_favorite_count")
    assert (found.n, found.zeros, found.missing, found.release) == (79, 2, 722, Release.AFTER)
    assert found.median == pytest.approx(np.median(np.arange(79) % 50))


def test_where_popularity_is_the_latest_count_so_are_likes(tiktok_vn: Workspace) -> None:
    study = market.find(tiktok_vn)
    likes = tiktok_vn.store.query(
        "SELECT arg_max(favorite_count, snapshot_date) AS likes FROM snapshots GROUP BY platform, video_id"
    )["likes"].to_numpy()
    found = one(study, "video_favorite_count")
    assert found.n == 21_149
    assert found.mean == pytest.approx(np.log10(likes[likes > 0]).mean())


def test_the_scores_and_totals_are_the_frame_s(demo: Workspace) -> None:
    study, frame = market.find(demo), demo.frame()
    assert one(study, "popularity_score", log=False).mean == pytest.approx(frame.score.mean())
    views = frame.facts["tag_total_view_count"].dropna()
    assert one(study, "tag_total_view_count", log=False).mean == pytest.approx(views.mean())


def test_an_unknown_feature_is_refused_in_words(study: Study) -> None:
    with pytest.raises(BadInput, match="no numeric feature called 'charm'"):
        one(study, "charm")


@pytest.mark.parametrize("log", [True, False])
def test_every_value_of_every_source_is_somewhere(demo: Workspace, tiktok_vn: Workspace, log: bool) -> None:
    for workspace in (demo, tiktok_vn):
        for found in distributions(market.find(workspace), log=log).values():
            assert found.counts.sum() + found.beyond + (found.zeros if log else 0) == found.n
            assert np.isnan(found.ks) or 0 < found.ks <= 1
