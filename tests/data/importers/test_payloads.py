"""Responses that platforms really gave, where they are on this machine, come to the values that are in them."""

import json
from pathlib import Path

import pytest

from mtaf_core.data.importers.recognise import json_reader, recognise
from mtaf_core.data.importers.rows import Context, Parsed
from mtaf_core.data.importers.sources import documents

PAYLOADS = Path(__file__).resolve().parents[3] / "../shared/data/payloads"
pytestmark = pytest.mark.skipif(not PAYLOADS.is_dir(), reason="the real payloads are not on this machine")


def first(name: str, table: str) -> dict:
    (document,) = documents([PAYLOADS / name])
    found = list(json_reader()(document, Context()))
    assert all(isinstance(one, Parsed) for one in found)
    return next(row.values for one in found for row in one.rows if row.table == table)


def payload(name: str) -> dict:
    return json.loads((PAYLOADS / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("apify_clockworks_items.json", "apify"),
        ("douyin_app_v3_aweme_detail_trimmed.json", "douyin"),
        ("tiktok_app_aweme_detail.json", "tiktok"),
        ("tiktok_app_user.json", "tiktok"),
        ("tiktok_research_api_videos.json", "research-api"),
        ("tiktok_web_itemInfo.json", "tiktok"),
        ("tiktok_web_userInfo.json", "tiktok"),
    ],
)
def test_each_is_recognised_and_read_without_a_rejection(name, format):
    (document,) = documents([PAYLOADS / name])
    assert recognise(document) == format
    found = list(json_reader()(document, Context()))
    assert found
    assert all(isinstance(one, Parsed) for one in found)


def test_douyin():
    post = payload("douyin_app_v3_aweme_detail_trimmed.json")["data"]["aweme_detail"]
    video = first("douyin_app_v3_aweme_detail_trimmed.json", "videos")
    snapshot = first("douyin_app_v3_aweme_detail_trimmed.json", "snapshots")
    uploader = first("douyin_app_v3_aweme_detail_trimmed.json", "uploaders")
    assert video["duration_s"] == post["duration"] / 1000
    assert (video["upload_city"], video["has_product_link"]) == (post["city"], False)
    assert (video["is_downloadable"], video["is_shareable"]) == (False, True)
    assert snapshot["favorite_count"] == post["statistics"]["digg_count"]
    assert snapshot["save_count"] == post["statistics"]["collect_count"]
    assert "view_count" not in snapshot
    assert uploader["user_rating"] == post["author"]["user_rate"] != post["rate"]
    assert uploader["favorited_count"] == post["author"]["total_favorited"]
    assert "follower_count" not in uploader


def test_tiktok_web():
    item = payload("tiktok_web_itemInfo.json")["itemInfo"]["itemStruct"]
    user = payload("tiktok_web_userInfo.json")["userInfo"]
    assert first("tiktok_web_itemInfo.json", "videos")["duration_s"] == item["video"]["duration"]
    assert first("tiktok_web_itemInfo.json", "snapshots")["share_count"] == item["stats"]["shareCount"]
    assert first("tiktok_web_itemInfo.json", "uploaders")["favorited_count"] == item["authorStats"]["heartCount"]
    profile = first("tiktok_web_userInfo.json", "uploaders")
    assert profile["favoriting_count"] == user["stats"]["diggCount"]
    assert profile["uploader_id"] == first("tiktok_web_itemInfo.json", "videos")["uploader_id"]


def test_tiktok_app():
    post = payload("tiktok_app_aweme_detail.json")["aweme_detail"]
    video = first("tiktok_app_aweme_detail.json", "videos")
    assert (video["video_id"], video["platform"]) == (post["aweme_id"], "tiktok")
    assert video["duration_s"] == post["video"]["duration"] / 1000
    assert first("tiktok_app_aweme_detail.json", "video_tags")["tag_name"] == post["text_extra"][0]["hashtag_name"]
    assert (
        first("tiktok_app_user.json", "uploaders")["video_count"]
        == payload("tiktok_app_user.json")["user"]["aweme_count"]
    )


def test_apify_and_research_api():
    item = payload("apify_clockworks_items.json")[0]
    assert first("apify_clockworks_items.json", "uploaders")["follower_count"] == item["authorMeta"]["fans"]
    assert first("apify_clockworks_items.json", "snapshots")["view_count"] == item["playCount"]
    video = payload("tiktok_research_api_videos.json")["data"]["videos"][0]
    assert first("tiktok_research_api_videos.json", "videos")["video_id"] == str(video["id"])
    assert first("tiktok_research_api_videos.json", "snapshots")["favorite_count"] == video["like_count"]
