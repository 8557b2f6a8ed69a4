"""Invented records in the shapes that apps, pages, scrapers and APIs really answer, and documents to hold them."""

import io
import json
from datetime import UTC, datetime
from typing import Any

from mtaf_core.data.importers.recognise import json_reader
from mtaf_core.data.importers.rows import Context, Parsed, Rejected, Row
from mtaf_core.data.importers.sources import Document

SAVED = datetime(2026, 5, 20, 10, 0, tzinfo=UTC)
UPLOADED = 1_778_000_000  # 2026-05-05 16:53:20 UTC
PRODUCT = {"product_id": "3600000000000000001", "title": "保温杯 500ml", "price": 12900, "category": "家居"}


def document(content: object, name: str = "posts.json") -> Document:
    """A document of bytes, of text in UTF-8, or of anything else as JSON."""
    if isinstance(content, str):
        content = content.encode()
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Document(name, len(data), SAVED, lambda: io.BytesIO(data))  # type: ignore[arg-type, return-value]


def read(content: object, format: str = "auto", **context: Any) -> list[Parsed | Rejected]:
    return list(json_reader(format)(document(content), Context(**context)))


def rows(content: object, table: str, format: str = "auto", **context: Any) -> list[dict[str, Any]]:
    """The values of every row of ``table`` in a document."""
    return [row.values for row in all_rows(content, format, **context) if row.table == table]


def all_rows(content: object, format: str = "auto", **context: Any) -> list[Row]:
    return [row for found in read(content, format, **context) if isinstance(found, Parsed) for row in found.rows]


def rejections(content: object, format: str = "auto", **context: Any) -> list[Rejected]:
    return [found for found in read(content, format, **context) if isinstance(found, Rejected)]


def douyin_post(**changes: Any) -> dict[str, Any]:
    post: dict[str, Any] = {
        "aweme_id": "7500000000000000123",
        "create_time": UPLOADED,
        "desc": "早上第一杯 #咖啡 #好物推荐",
        "duration": 0,
        "rate": 12,
        "city": "330100",
        "is_top": 1,
        "is_ads": False,
        "prevent_download": True,
        "aweme_control": {"can_forward": True, "can_share": True, "can_comment": False},
        "status": {"with_goods": False, "allow_comment": True, "allow_share": False},
        "video_control": {"allow_download": True, "allow_share": True},
        "statistics": {
            "digg_count": 5210,
            "collect_count": 230,
            "comment_count": 88,
            "share_count": 41,
            "play_count": 0,
            "download_count": 3,
        },
        "text_extra": [
            {"hashtag_name": "咖啡", "hashtag_id": "1600000000001", "type": 1},
            {"hashtag_name": "好物推荐", "type": 1},
            {"hashtag_name": "咖啡", "type": 1},
            {"search_text": "咖啡机", "type": 5},
        ],
        "cha_list": [
            {"cid": "1600000000001", "cha_name": "咖啡", "view_count": 98_000_000, "user_count": 41_000},
            {"cid": "1600000000002", "cha_name": "好物推荐", "view_count": 0, "user_count": 0},
        ],
        "mix_info": {"mix_id": "7400000000000000777", "mix_name": "每天一杯"},
        "poi_info": {
            "poi_id": "6600000000000000042",
            "poi_name": "西湖",
            "poi_latitude": 30.2489,
            "poi_longitude": 120.1485,
        },
        "music": {"id": 7111111111111111111, "id_str": "7111111111111111112", "title": "清晨"},
        "video": {"duration": 15_320, "width": 1080, "height": 1920},
        "author": {
            "uid": "58000000001",
            "sec_uid": "MS4wLjABAAAAinvented",
            "unique_id": "kafei001",
            "nickname": "咖啡小陈",
            "region": "CN",
            "gender": 2,
            "user_age": -1,
            "hide_search": False,
            "enable_nearby_visible": True,
            "is_verified": True,
            "custom_verify": "",
            "enterprise_verify_reason": "杭州某咖啡有限公司",
            "is_gov_media_vip": False,
            "verification_type": 2,
            "user_rate": 1,
            "with_commerce_entry": False,
            "with_fusion_shop_entry": True,
            "follower_count": 0,
            "following_count": 0,
            "favoriting_count": 0,
            "total_favorited": 120_000,
        },
    }
    return post | changes


def douyin_profile(**changes: Any) -> dict[str, Any]:
    profile: dict[str, Any] = {
        "uid": "58000000001",
        "sec_uid": "MS4wLjABAAAAinvented",
        "unique_id": "",
        "short_id": "123456",
        "nickname": "咖啡小陈",
        "gender": 2,
        "user_age": 31,
        "city": "杭州",
        "province": "浙江",
        "aweme_count": 320,
        "follower_count": 45_600,
        "following_count": 0,
        "favoriting_count": 870,
        "total_favorited": 1_234_567,
        "commerce_user_level": 3,
        "with_commerce_entry": False,
        "with_fusion_shop_entry": False,
        "custom_verify": "",
        "enterprise_verify_reason": "",
        "is_gov_media_vip": True,
    }
    return profile | changes


def tiktok_app_post(**changes: Any) -> dict[str, Any]:
    inner = [{"component_key": "anchor_shop", "extra": json.dumps({"product_id": 1729000000000000001, "title": "Mug"})}]
    post: dict[str, Any] = {
        "aweme_id": "7500000000000000456",
        "create_time": UPLOADED,
        "desc": "mug of the day",
        "region": "US",
        "share_url": "https://www.tiktok.com/@someone/video/7500000000000000456",
        "author_user_id": 6800000000000000001,
        "author": {},
        "statistics": {"digg_count": 10, "comment_count": 2, "share_count": 1, "play_count": 900},
        "status": {"allow_comment": True, "allow_share": True},
        "prevent_download": False,
        "anchors": [{"component_key": "anchor_complex_shop", "extra": json.dumps(inner)}],
        "text_extra": [{"hashtag_name": "mug", "type": 1}],
        "video": {"duration": 9_000, "width": 576, "height": 1024},
    }
    return post | changes


def tiktok_web_post(**changes: Any) -> dict[str, Any]:
    post: dict[str, Any] = {
        "id": "7500000000000000789",
        "desc": "the best kettle #kitchen #tiktokmademebuyit",
        "createTime": str(UPLOADED),
        "locationCreated": "GB",
        "isAd": False,
        "isPinnedItem": True,
        "itemCommentStatus": 0,
        "shareEnabled": True,
        "playlistId": "7300000000000000001",
        "isECVideo": 1,
        "poi": {"id": "22535796481536000", "name": "Borough Market"},
        "video": {"duration": 34, "width": 576, "height": 1024},
        "music": {"id": "7222222222222222222", "title": "kettle song"},
        "author": {
            "id": "6900000000000000001",
            "uniqueId": "kettleclub",
            "nickname": "Kettle Club",
            "verified": False,
            "ttSeller": True,
            "downloadSetting": 3,
        },
        "authorStats": {
            "diggCount": 12,
            "followerCount": 8_900,
            "followingCount": 0,
            "heart": -2_000_000_000,
            "heartCount": 410_000,
            "videoCount": 77,
        },
        "stats": {"collectCount": 51, "commentCount": 20, "diggCount": 1_400, "playCount": 88_000, "shareCount": 9},
        "textExtra": [{"hashtagName": "kitchen"}, {"hashtagName": "", "userUniqueId": "someone"}],
        "challenges": [{"id": "1", "title": "kitchen"}, {"id": "2", "title": "tiktokmademebuyit"}],
    }
    return post | changes


def tiktok_web_profile(**changes: Any) -> dict[str, Any]:
    profile: dict[str, Any] = {
        "user": {
            "id": "6900000000000000001",
            "uniqueId": "kettleclub",
            "nickname": "Kettle Club",
            "verified": True,
            "region": "GB",
            "ttSeller": False,
            "commerceUserInfo": {"commerceUser": False},
        },
        "stats": {
            "diggCount": 15,
            "followerCount": 9_100,
            "followingCount": 0,
            "heart": 420_000,
            "heartCount": 420_000,
            "videoCount": 80,
        },
    }
    return profile | changes


def apify_item(**changes: Any) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": "7500000000000000111",
        "text": "desk setup #desk",
        "textLanguage": "en",
        "createTime": UPLOADED,
        "createTimeISO": "2026-05-05T16:53:20.000Z",
        "locationCreated": "ID",
        "isAd": True,
        "isPinned": False,
        "authorMeta": {
            "id": "6700000000000000001",
            "name": "deskperson",
            "nickName": "Desk Person",
            "verified": True,
            "ttSeller": False,
            "fans": 5_400,
            "following": 30,
            "heart": 99_000,
            "video": 210,
            "digg": 0,
        },
        "musicMeta": {"musicId": "7333333333333333333", "musicName": "typing"},
        "videoMeta": {"height": 1280, "width": 720, "duration": 21.5},
        "diggCount": 300,
        "shareCount": 4,
        "playCount": 7_000,
        "collectCount": 25,
        "commentCount": 6,
        "hashtags": [{"id": "77", "name": "desk"}],
        "searchHashtag": {"name": "desk", "views": 3_300_000_000},
    }
    return item | changes


def scraper_item(**changes: Any) -> dict[str, Any]:
    item = {
        name: value
        for name, value in apify_item().items()
        if name not in ("textLanguage", "createTimeISO", "isAd", "isPinned", "searchHashtag", "locationCreated")
    }
    more = {"secretID": "7500000000000000111", "videoUrl": "https://example.invalid/v", "downloaded": False}
    return item | more | changes


def research_video(**changes: Any) -> dict[str, Any]:
    video: dict[str, Any] = {
        "id": 7094000000000000317,
        "username": "lampshop",
        "video_description": "new lamp #lamp",
        "create_time": UPLOADED,
        "region_code": "DE",
        "music_id": 6810000000000000777,
        "playlist_id": 0,
        "video_duration": 12,
        "view_count": 20_700,
        "like_count": 2_100,
        "comment_count": 501,
        "share_count": 50,
        "favorites_count": 61,
        "hashtag_names": ["lamp", "home"],
        "voice_to_text": "this is the lamp",
        "video_tag": {"number": 1, "type": "Commission Paid"},
    }
    return video | changes


def ytdlp_info(**changes: Any) -> dict[str, Any]:
    info: dict[str, Any] = {
        "id": "7500000000000000222",
        "_type": "video",
        "extractor_key": "TikTok",
        "title": "tea time",
        "description": "tea time #tea #ＴＥＡ",
        "uploader": "teahouse",
        "uploader_id": "6600000000000000001",
        "channel": "Tea House",
        "timestamp": UPLOADED,
        "duration": 18,
        "width": 1080,
        "height": 1920,
        "view_count": 0,
        "like_count": 44,
        "comment_count": 3,
        "repost_count": 2,
        "save_count": 5,
        "track": "rain",
        "epoch": UPLOADED + 90_000,
    }
    return info | changes
