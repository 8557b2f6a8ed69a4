"""Douyin's posts, profiles and hashtags, and TikTok's app, whose shape is the same."""

import json
from datetime import UTC, date, datetime

import pytest
from given_records import (
    PRODUCT,
    SAVED,
    UPLOADED,
    all_rows,
    douyin_post,
    douyin_profile,
    rejections,
    rows,
    tiktok_app_post,
)

from mtaf_core.data.importers.rows import Rank

RECORD = {"platform": "douyin", "source": "douyin", "collected_at": SAVED}


def test_a_post_is_a_video():
    assert rows(douyin_post(), "videos") == [
        {
            **RECORD,
            "video_id": "7500000000000000123",
            "uploader_id": "58000000001",
            "description": "早上第一杯 #咖啡 #好物推荐",
            "created_at": datetime.fromtimestamp(UPLOADED, UTC),
            "duration_s": 15.32,
            "width_px": 1080,
            "height_px": 1920,
            "is_topped": True,
            "is_downloadable": True,
            "is_shareable": True,
            "is_commentable": False,
            "mix_id": "7400000000000000777",
            "is_in_mix": True,
            "has_product_link": False,
            "upload_city": "330100",
            "poi_id": "6600000000000000042",
            "poi_name": "西湖",
            "poi_lat": 30.2489,
            "poi_lon": 120.1485,
            "music_id": "7111111111111111112",
            "music_title": "清晨",
            "is_ad": False,
        }
    ]


def test_a_post_is_a_snapshot_of_the_day_and_its_hidden_plays_are_null():
    assert rows(douyin_post(), "snapshots") == [
        {
            **RECORD,
            "video_id": "7500000000000000123",
            "snapshot_date": date(2026, 5, 20),
            "favorite_count": 5210,
            "comment_count": 88,
            "share_count": 41,
            "save_count": 230,
            "download_count": 3,
            "is_topped": True,
        }
    ]


def test_the_day_is_the_markets_day():
    late = datetime(2026, 5, 20, 18, tzinfo=UTC)
    (snapshot,) = rows(douyin_post(), "snapshots", collected_at=late)
    assert snapshot["snapshot_date"] == date(2026, 5, 21)
    (snapshot,) = rows(douyin_post(), "snapshots", collected_at=late, timezone="UTC")
    assert snapshot["snapshot_date"] == date(2026, 5, 20)


def test_the_response_says_when_it_was_collected():
    now = UPLOADED + 86_400
    (snapshot,) = rows({"extra": {"now": now * 1000}, "aweme_detail": douyin_post()}, "snapshots", collected_at=SAVED)
    assert snapshot["collected_at"] == datetime.fromtimestamp(now, UTC)
    before_upload = {"extra": {"now": (UPLOADED - 5) * 1000}, "aweme_detail": douyin_post()}
    assert rows(before_upload, "snapshots")[0]["collected_at"] == SAVED


def test_hashtags_come_once_in_order_with_their_totals_where_told():
    assert [(row["tag_name"], row["position"]) for row in rows(douyin_post(), "video_tags")] == [
        ("咖啡", 0),
        ("好物推荐", 1),
    ]
    (tag,) = rows(douyin_post(), "tags")
    assert (tag["tag_name"], tag["tag_id"]) == ("咖啡", "1600000000001")
    assert (tag["total_view_count"], tag["total_user_count"]) == (98_000_000, 41_000)
    assert tag["snapshot_date"] == date(2026, 5, 20)


def test_without_a_list_of_hashtags_the_description_tells_them():
    found = rows(douyin_post(text_extra=None, cha_list=None), "video_tags")
    assert [row["tag_name"] for row in found] == ["咖啡", "好物推荐"]


def test_an_author_in_a_post_is_a_stub_whose_zeros_mean_nothing():
    (author,) = [row for row in all_rows(douyin_post()) if row.table == "uploaders"]
    assert author.rank is Rank.STUB
    assert author.values == {
        **RECORD,
        "uploader_id": "58000000001",
        "handle": "kafei001",
        "nickname": "咖啡小陈",
        "verification_type": 2,
        "is_verified": True,
        "verify_reason": "杭州某咖啡有限公司",
        "account_type": "enterprise",
        "user_rating": 1,
        "has_shop": True,
        "favorited_count": 120_000,
        "is_searchable": True,
        "is_nearby_visible": True,
        "gender": "female",
        "region": "CN",
    }


def test_a_profile_is_a_record_whose_zeros_count():
    (profile,) = [row for row in all_rows({"user": douyin_profile()}) if row.table == "uploaders"]
    assert profile.rank is Rank.RECORD
    assert profile.values == {
        **RECORD,
        "uploader_id": "58000000001",
        "handle": "123456",
        "nickname": "咖啡小陈",
        "account_type": "gov_media",
        "commerce_level": 3,
        "has_shop": False,
        "video_count": 320,
        "follower_count": 45_600,
        "following_count": 0,
        "favorited_count": 1_234_567,
        "favoriting_count": 870,
        "gender": "female",
        "age": 31,
        "city": "杭州",
        "region": "浙江",
    }
    (snapshot,) = rows({"user": douyin_profile()}, "uploader_snapshots")
    assert (snapshot["follower_count"], snapshot["following_count"]) == (45_600, 0)
    assert snapshot["snapshot_date"] == date(2026, 5, 20)


def test_a_hashtag_by_itself():
    (tag,) = rows({"ch_info": {"cid": "9", "cha_name": "露营", "view_count": 5_000, "user_count": 70}}, "tags")
    assert (tag["tag_name"], tag["tag_id"], tag["total_user_count"]) == ("露营", "9", 70)


def test_a_product_of_douyin_is_priced_in_fen():
    (video,) = rows(douyin_post(anchor_info={"type": 3, "extra": json.dumps([PRODUCT])}), "videos")
    assert video["has_product_link"] is True
    assert (video["product_id"], video["product_title"]) == ("3600000000000000001", "保温杯 500ml")
    assert (video["product_category"], video["product_price"], video["product_currency"]) == ("家居", 129.0, "CNY")


@pytest.mark.parametrize("extra", ["no json", "[]", None, "[1]", "{"])
def test_a_product_that_cannot_be_read_is_still_a_product(extra):
    (video,) = rows(douyin_post(anchor_info={"type": 3, "extra": extra}), "videos")
    assert video["has_product_link"] is True
    assert "product_id" not in video


def test_the_app_of_tiktok_is_told_from_douyins():
    (video,) = rows(tiktok_app_post(), "videos")
    assert (video["platform"], video["source"]) == ("tiktok", "tiktok")
    assert (video["has_product_link"], video["product_id"]) == (True, "1729000000000000001")
    assert video["product_title"] == "Mug"
    assert "product_price" not in video
    assert video["is_downloadable"] is True
    assert video["uploader_id"] == "6800000000000000001"
    assert rows(tiktok_app_post(), "snapshots")[0]["view_count"] == 900


def test_what_the_person_says_of_format_and_platform_goes_first():
    assert rows(tiktok_app_post(), "videos", "douyin")[0]["platform"] == "douyin"
    assert rows(tiktok_app_post(), "videos", platform="tiktok-us")[0]["platform"] == "tiktok-us"


def test_a_count_that_overflowed_is_left_out_and_said():
    broken = douyin_post(statistics={"digg_count": -2_000_000_000, "comment_count": 5})
    (snapshot,) = rows(broken, "snapshots")
    assert "favorite_count" not in snapshot
    assert snapshot["comment_count"] == 5
    (problem,) = rejections(broken)
    assert (problem.column, problem.value, problem.kept) == ("statistics.digg_count", "-2000000000", True)
    assert "negative" in problem.reason


@pytest.mark.parametrize("aweme_id", [7.5e18, "7.5E+18", "", None])
def test_a_post_whose_id_is_lost_is_rejected_whole(aweme_id):
    assert all_rows(douyin_post(aweme_id=aweme_id)) == []
    (problem,) = rejections(douyin_post(aweme_id=aweme_id))
    assert problem.column == "aweme_id"
    assert not problem.kept


def test_a_field_that_holds_something_else_entirely_is_no_fault():
    assert rows(douyin_post(anchors=[{"component_key": []}], poi_info=[], author="x", text_extra={}), "videos")
