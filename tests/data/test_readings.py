"""Two rules about what was read: counts that fell to nothing were not read, and a region stands in for a city.

Whatever a frame says of a score, the table of scores says too: both are asked everywhere here.
"""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mtaf_core.data.frame import Candidate, candidate_frame, day_scores, market_frame
from mtaf_core.data.store import Store
from mtaf_core.schema import SCORE_WEIGHTS, SERIES_CHANNELS

UPLOAD = datetime(2024, 3, 10, 12, tzinfo=UTC)
VIDEO = {"video_id": "v", "uploader_id": "u", "created_at": UPLOAD}
LIKES = SERIES_CHANNELS.index("favorite_count")
NOTHING = {"favorite_count": 0, "comment_count": 0, "share_count": 0, "view_count": 0}


def read(day, likes=0, video="v", **more):
    counts = {**NOTHING, "favorite_count": likes, **more}
    return {"video_id": video, "snapshot_date": UPLOAD.date() + timedelta(days=day - 1), "day_index": day, **counts}


def likes(store, **how):
    """Likes on days 1 to 5, and the score of day 6, of the first video; the table of scores has the same."""
    frame = market_frame(store, **how)
    known = frame.score[np.isfinite(frame.score)]
    np.testing.assert_array_equal(day_scores(store, frame.horizon_day), known)
    np.testing.assert_array_equal(frame.observed, np.isfinite(frame.series[:, :, :3]).all(axis=2))
    return [None if np.isnan(x) else float(x) for x in (*frame.series[0, :, LIKES], frame.score[0])]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([read(1), read(2), read(3)], [0, 0, 0, None, None, None]),  # nobody liked it yet
        ([read(1), read(2, 5), read(3)], [0, 5, None, None, None, None]),
        ([read(1, 5), read(2), read(3), read(4, 9)], [5, None, None, 9, None, None]),
        ([read(1, 5), read(6)], [5, None, None, None, None, None]),  # the horizon day was not read
        ([read(1), read(6)], [0, None, None, None, None, 0]),
        ([read(1, 5), read(6, 10)], [5, None, None, None, None, 2]),
        ([read(1, 0, comment_count=1), read(2)], [0, None, None, None, None, None]),  # any count tells
        ([read(1, 0, view_count=9), read(2)], [0, None, None, None, None, None]),
        ([read(1, 5), read(2, 0, view_count=9)], [5, 0, None, None, None, None]),  # likes may be taken back
        ([read(-1, 5), read(1)], [None] * 6),  # read before its day 1, as of another zone
    ],
)
def test_a_day_on_which_every_count_fell_to_nothing_is_unknown(store, fill, days, expected):
    fill(store, videos=[VIDEO], snapshots=days)
    assert likes(store) == expected


def test_unknown_views_are_no_count(store, fill):
    fill(store, videos=[VIDEO], snapshots=[read(1, 5, view_count=None), read(2, 0, view_count=None)])
    assert likes(store) == [5, None, None, None, None, None]


def test_a_label_stands_in_where_the_horizon_day_was_not_read(store, fill):
    fill(store, videos=[{**VIDEO, "popularity_label": 2.0}], snapshots=[read(1, 5), read(6)])
    assert likes(store)[-1] == pytest.approx(np.expm1(2.0))


def test_readings_of_one_video_say_nothing_of_another(store, fill):
    other = {**VIDEO, "video_id": "w", "created_at": UPLOAD + timedelta(hours=1)}
    abroad = {**other, "platform": "tiktok", "video_id": "v"}
    days = [read(1, 0), read(2, 0), read(1, 7, "w"), read(2, 8, "w"), {**read(1, 9), "platform": "tiktok"}]
    fill(store, videos=[VIDEO, other, abroad], snapshots=days)
    assert likes(store)[:2] == [0, 0]
    assert market_frame(store).series[:, 1, LIKES].tolist()[:2] == [0, 8]


def test_a_reading_by_its_date_alone_follows_the_same_rule(store, fill):
    days = [read(1, 5), read(2), read(3, 6)]
    for row in days:
        del row["day_index"]
    fill(store, videos=[VIDEO], snapshots=days)
    assert likes(store)[:3] == [5, None, 6]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.lists(st.sampled_from([None, 0, 0, 3, 8]), min_size=6, max_size=6), min_size=1, max_size=3))
def test_the_rule_is_that_nothing_follows_something_in_no_video(tmp_path_factory, fill, counts):
    store = Store(tmp_path_factory.mktemp("readings"))
    videos = [{"video_id": f"v{i}", "created_at": UPLOAD + timedelta(minutes=i)} for i in range(len(counts))]
    days = [
        read(day, count, f"v{i}")
        for i, row in enumerate(counts)
        for day, count in enumerate(row, start=1)
        if count is not None
    ]
    fill(store, videos=videos, **({"snapshots": days} if days else {}))
    frame = market_frame(store)
    expected = [
        [np.nan if c is None or (c == 0 and any(row[:day])) else c for day, c in enumerate(row)] for row in counts
    ]
    np.testing.assert_array_equal(frame.series[:, :, LIKES], np.array(expected, dtype=float)[:, :5])
    score = SCORE_WEIGHTS["favorite_count"] * np.array(expected, dtype=float)[:, 5]
    np.testing.assert_allclose(frame.score, score)
    np.testing.assert_allclose(day_scores(store), score[np.isfinite(score)])


@pytest.mark.parametrize("counts", [[0, 0, 4], [4, 0, 9], [0, 4, 0], [4, 0, 0]])
def test_the_days_of_a_candidate_follow_the_same_rule(store, fill, counts):
    days = [read(day, count) for day, count in enumerate(counts, start=1)]
    fill(store, videos=[VIDEO], snapshots=days)
    market = market_frame(store)
    told = tuple({k: v for k, v in day.items() if k not in ("video_id", "snapshot_date")} for day in reversed(days))
    frame = candidate_frame(store, [Candidate(platform="douyin", upload_time=UPLOAD, snapshots=told)])
    np.testing.assert_array_equal(frame.series, market.series)
    np.testing.assert_array_equal(frame.observed, market.observed)


@pytest.mark.parametrize(
    ("told", "city"),
    [
        ({"upload_city": "Hangzhou", "upload_region": "Zhejiang"}, "Hangzhou"),
        ({"upload_region": "Zhejiang"}, "Zhejiang"),
        ({"upload_city": "Hangzhou"}, "Hangzhou"),
        ({}, None),
    ],
)
def test_where_no_city_is_known_the_region_is_where_a_video_is_from(store, fill, told, city):
    fill(store, videos=[{**VIDEO, **told}])
    assert market_frame(store).facts["upload_city"].tolist() == [city]


@pytest.mark.parametrize(
    "told", [{"upload_city": "Hangzhou", "upload_region": "Zhejiang"}, {"upload_region": "Zhejiang"}]
)
def test_a_candidate_is_from_where_the_same_video_of_the_market_is(store, fill, told):
    fill(store, videos=[{**VIDEO, **told}])
    candidate = Candidate(platform="douyin", upload_time=UPLOAD, video=told)
    (of_candidate,) = candidate_frame(store, [candidate]).facts["upload_city"]
    assert of_candidate == market_frame(store).facts["upload_city"][0]
