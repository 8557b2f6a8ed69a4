"""Which fact a video gets from which record: nothing that came to be known after its upload."""

import copy
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from mtaf_core.data.frame import known_after_upload, market_frame
from mtaf_core.data.store import Store
from mtaf_core.errors import BadInput, BadWorkspace
from mtaf_core.schema import BEFORE_RELEASE

UPLOAD = datetime(2024, 3, 10, 12, tzinfo=UTC)
VIDEO = {"video_id": "v", "uploader_id": "u", "created_at": UPLOAD}
COUNTS = ["uploader_follower", "uploader_following", "uploader_favorited", "uploader_video_count"]


def facts(store, **how):
    return market_frame(store, **how).facts


def only(store, column, **how):
    (value,) = facts(store, **how)[column]
    return value


def known(day, count):
    return {"uploader_id": "u", "snapshot_date": date(2024, 3, day), "follower_count": count}


@pytest.mark.parametrize(
    ("snapshots", "followers"),
    [
        ([known(1, 100), known(8, 200), known(15, 300)], 200),  # the nearest before
        ([known(1, 100), known(9, 200)], 200),  # the day before
        ([known(1, 100), known(10, 200)], 100),  # not the day itself: the snapshot may be younger than the video
        ([known(10, 200), known(20, 300)], 200),  # unless nothing is older
        ([known(11, 100), known(20, 200)], 100),  # none before: the earliest after
        ([known(1, 100), known(9, None), known(15, 300)], 100),  # the nearest that knows
        ([known(9, None), known(15, 300), known(20, 400)], 300),
        ([known(9, None)], 999),  # nobody knows but the record
        ([], 999),
    ],
)
def test_a_kol_counts_what_was_known_at_the_upload(store, fill, snapshots, followers):
    fill(store, videos=[VIDEO], uploaders=[{"uploader_id": "u", "follower_count": 999}], uploader_snapshots=snapshots)
    assert only(store, "uploader_follower") == followers


def test_a_kol_without_any_record_is_unknown(store, fill):
    fill(store, videos=[VIDEO])
    assert facts(store)[[*COUNTS, "uploader_verification"]].isna().all(axis=None)
    assert only(store, "uploader_type") is None


def test_a_kol_with_snapshots_alone_has_counts(store, fill):
    fill(store, videos=[VIDEO], uploader_snapshots=[known(1, 100)])
    assert only(store, "uploader_follower") == 100


def test_the_same_id_on_another_platform_is_another_kol(store, fill):
    fill(store, videos=[VIDEO], uploaders=[{"platform": "tiktok", "uploader_id": "u", "follower_count": 5}])
    assert np.isnan(only(store, "uploader_follower"))


def tag(name, day, views, users):
    on = date(2024, 3, day)
    return {"tag_name": name, "snapshot_date": on, "total_view_count": views, "total_user_count": users}


def test_hashtag_totals_add_up_what_was_known_at_the_upload(store, fill):
    fill(
        store,
        videos=[VIDEO],
        tags=[tag("z", 1, 7, 7), tag("a", 1, 10, 1), tag("a", 9, 20, 2), tag("a", 10, 99, 99), tag("b", 15, 300, None)],
        video_tags=[{"video_id": "v", "tag_name": t, "position": p} for p, t in enumerate(["b", "a", "new"])],
    )  # fmt: skip
    row = facts(store).iloc[0]
    assert row["tags"] == ["b", "a", "new"]
    assert row["text"] == "#b #a #new"
    assert (row["video_tag_count"], row["tag_total_view_count"], row["tag_total_user_count"]) == (3, 320, 2)


RECORD = {"uploader_id": "u", "follower_count": 999}


@pytest.mark.parametrize(
    ("snapshots", "record", "late"),
    [
        ([known(9, 1), known(10, 2)], {}, False),
        ([known(10, 1)], {}, True),
        ([known(20, 1)], {}, True),
        ([known(9, None), known(20, 1)], {}, True),
        ([known(9, 1), {**known(20, 2), "video_count": 7}], {}, True),  # followers in time, videos not
        ([], {"collected_at": UPLOAD - timedelta(minutes=1)}, False),
        ([], {"collected_at": UPLOAD}, True),
        ([], {}, True),  # an undated record
        ([known(9, 1)], {"favorited_count": 5}, True),
        ([], {"follower_count": None}, False),  # nothing known, nothing given away
    ],
)
def test_counts_of_a_kol_from_after_the_upload_are_counted(store, fill, snapshots, record, late):
    fill(store, videos=[VIDEO], uploaders=[{**RECORD, **record}], uploader_snapshots=snapshots)
    assert known_after_upload(store) == {"uploader_counts": float(late), "tag_totals": 0.0}


@pytest.mark.parametrize(
    ("totals", "late"),
    [
        ([tag("a", 9, 1, 1), tag("a", 10, 2, 2)], False),
        ([tag("a", 9, 1, 1), tag("b", 10, 1, 1)], True),
        ([tag("a", 9, 1, None), tag("a", 11, 1, 2)], True),
        ([tag("a", 9, 1, None)], False),
        ([tag("other", 20, 1, 1)], False),
        ([], False),
    ],
)
def test_totals_of_hashtags_from_after_the_upload_are_counted(store, fill, totals, late):
    used = [{"video_id": "v", "tag_name": name} for name in ("a", "b")]
    fill(store, videos=[VIDEO], tags=totals, video_tags=used)
    assert known_after_upload(store) == {"uploader_counts": 0.0, "tag_totals": float(late)}


def test_what_comes_from_after_the_upload_is_a_share_of_the_videos_by_the_market_s_days(store, fill):
    assert known_after_upload(store) == {"uploader_counts": 0.0, "tag_totals": 0.0}
    late = datetime(2024, 3, 10, 20, tzinfo=UTC)  # 11 March in Shanghai
    others = [{"video_id": name, "created_at": UPLOAD} for name in "abc"]
    fill(store, videos=[{**VIDEO, "created_at": late}, *others], uploader_snapshots=[known(10, 1)])
    assert known_after_upload(store, "Asia/Shanghai")["uploader_counts"] == 0
    assert known_after_upload(store, "UTC")["uploader_counts"] == 0.25


def test_no_hashtag_is_none_where_hashtags_are_recorded_and_unknown_where_they_are_not(store, fill):
    columns = ["video_tag_count", "tag_total_view_count", "tag_total_user_count"]
    fill(store, videos=[VIDEO])
    assert facts(store)[columns].isna().all(axis=None)
    fill(store, video_tags=[{"video_id": "other", "tag_name": "a"}])
    assert (facts(store)[columns] == 0).all(axis=None)
    assert only(store, "tags") == []


def test_hashtags_without_totals_count_but_their_totals_are_unknown(store, fill):
    fill(store, videos=[VIDEO], video_tags=[{"video_id": "v", "tag_name": "a"}])
    assert only(store, "video_tag_count") == 1
    assert np.isnan(only(store, "tag_total_view_count"))


@pytest.mark.parametrize(
    ("moment", "zone", "weekday", "hour"),
    [
        ("2024-03-10T15:59", "Asia/Shanghai", 6, 23),  # still Sunday
        ("2024-03-10T16:00", "Asia/Shanghai", 0, 0),  # Monday there, Sunday in UTC
        ("2024-03-10T06:59", "America/New_York", 6, 1),  # an hour that summer time takes away follows
        ("2024-03-10T07:00", "America/New_York", 6, 3),
        ("2024-01-01T00:00", "UTC", 0, 0),
        ("2024-01-01T00:00", "Asia/Kolkata", 0, 5),  # half-hour zones
    ],
)
def test_weekday_and_hour_are_those_of_the_market(store, fill, moment, zone, weekday, hour):
    fill(store, videos=[{**VIDEO, "created_at": datetime.fromisoformat(moment).replace(tzinfo=UTC)}])
    row = facts(store, timezone=zone).iloc[0]
    assert (row["upload_dayofweek"], row["upload_hour"]) == (weekday, hour)


def test_a_video_may_have_a_time_zone_of_its_own(store, fill):
    fill(store, videos=[{**VIDEO, "timezone": "America/New_York"}])
    assert only(store, "upload_hour", timezone="Asia/Shanghai") == 8


def test_the_upload_date_that_snapshots_are_compared_with_is_the_market_s(store, fill):
    late = datetime(2024, 3, 10, 20, tzinfo=UTC)  # 11 March in Shanghai
    fill(store, videos=[{**VIDEO, "created_at": late}], uploader_snapshots=[known(9, 1), known(10, 2)])
    assert only(store, "uploader_follower", timezone="UTC") == 1
    assert only(store, "uploader_follower", timezone="Asia/Shanghai") == 2


def test_a_time_zone_that_does_not_exist_is_refused(store, fill):
    with pytest.raises(BadInput, match="no time zone 'Mars/Olympus'"):
        market_frame(store, timezone="Mars/Olympus")
    fill(store, videos=[{**VIDEO, "timezone": "Mars/Olympus"}])
    with pytest.raises(BadWorkspace, match="time zone that does not exist"):
        market_frame(store)


@pytest.mark.parametrize(
    ("told", "column", "value"),
    [
        ({"is_in_mix": False}, "video_mix", 0.0),
        ({"is_in_mix": True}, "video_mix", 1.0),
        ({"mix_id": "m1"}, "video_mix", 1.0),
        ({}, "video_mix", np.nan),
        ({"has_product_link": False}, "video_product", 0.0),
        ({"product_id": "p1"}, "video_product", 1.0),
        ({}, "video_product", np.nan),
        ({"poi_name": "West Lake"}, "upload_poi", 1.0),
        ({}, "upload_poi", np.nan),
        ({"is_commentable": False}, "video_commentable", 0.0),
        ({}, "video_commentable", np.nan),
        ({"width_px": 720}, "video_width", 720.0),
        ({"duration_s": 12.5}, "video_duration", 12.5),
    ],
)
def test_flags_and_measures_of_the_video(store, fill, told, column, value):
    fill(store, videos=[{**VIDEO, **told}])
    np.testing.assert_equal(only(store, column), value)


def test_no_point_of_interest_is_none_where_any_is_recorded(store, fill):
    fill(store, videos=[VIDEO, {"video_id": "w", "created_at": UPLOAD, "poi_id": "1"}])
    assert list(facts(store)["upload_poi"]) == [0.0, 1.0]


@pytest.mark.parametrize(
    ("told", "column", "value"),
    [
        ({"user_rating": 3}, "uploader_rating", "3"),
        ({"commerce_level": 0}, "uploader_commerce", "0"),
        ({"account_type": "enterprise"}, "uploader_type", "enterprise"),
        ({"account_type": "unknown"}, "uploader_type", None),
        ({"gender": "unknown"}, "uploader_gender", None),
        ({"is_verified": True}, "uploader_verification", 1.0),
        ({"favoriting_count": 9}, "uploader_favoriting", 9.0),
    ],
)
def test_what_the_record_says_of_a_kol(store, fill, told, column, value):
    fill(store, videos=[VIDEO], uploaders=[{"uploader_id": "u", **told}])
    assert only(store, column) == value


def test_a_video_without_an_upload_time_stays_out(store, fill):
    fill(store, videos=[VIDEO, {"video_id": "w"}])
    assert list(facts(store)["video_id"]) == ["v"]


def test_videos_come_oldest_first_and_by_platform_where_asked(store, fill):
    earlier = {"video_id": "e", "created_at": UPLOAD - timedelta(days=1)}
    fill(store, videos=[VIDEO, earlier, {"platform": "tiktok", "video_id": "t", "created_at": UPLOAD}])
    assert list(facts(store)["video_id"]) == ["e", "v", "t"]
    assert list(facts(store, platform="tiktok")["video_id"]) == ["t"]


def test_every_feature_known_before_release_is_there_with_its_type(small_market):
    table = facts(small_market)
    for feature in BEFORE_RELEASE:
        for column in feature.columns:
            if feature.kind == "category":
                assert {type(value) for value in table[column]} <= {str, type(None)}, column
            else:
                assert table[column].dtype == np.float64, column


def test_an_empty_market_is_an_empty_frame(store):
    frame = market_frame(store)
    assert (len(frame), frame.series.shape, frame.score.shape) == (0, (0, 5, 5), (0,))


def after_release_changed(rows):
    """The same market, were its videos to fare quite differently."""
    changed = copy.deepcopy(rows)
    for row in changed["snapshots"]:
        row.update(favorite_count=1_000_000, comment_count=7, share_count=0, view_count=9, uploader_follower_count=3)
        row.update(is_topped=True)
    for row in changed["videos"]:
        row.update(is_topped=True, popularity_label=13.0)
    return changed


def later_changed(rows):
    """The same market, were its KOLs and hashtags to fare differently once the last video is out."""
    changed = copy.deepcopy(rows)
    last = max(row["created_at"] for row in rows["videos"]).date() + timedelta(days=2)
    for i in range(12):
        row = {"uploader_id": f"u{i}", "snapshot_date": last, "follower_count": 10**9, "favorited_count": 10**9}
        changed["uploader_snapshots"].append(row)
    for i in range(15):
        changed["tags"].append({"tag_name": f"t{i}", "snapshot_date": last, "total_view_count": 10**11})
    return changed


@pytest.mark.parametrize("future", [after_release_changed, later_changed])
def test_nothing_that_happens_after_release_enters_the_facts(tmp_path, fill, market, future):
    rows = market(12, 60, 15)
    one, other = Store(tmp_path / "one"), Store(tmp_path / "other")
    fill(one, **rows)
    fill(other, **future(rows))
    pd.testing.assert_frame_equal(
        facts(one).drop(columns="popularity_label"), facts(other).drop(columns="popularity_label"), check_exact=True
    )
    if future is after_release_changed:
        assert not np.array_equal(market_frame(one).score, market_frame(other).score)
