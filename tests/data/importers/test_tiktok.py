"""TikTok's web pages: posts, profiles, hashtags, and the state that a page carries."""

from datetime import UTC, datetime

from given_records import SAVED, UPLOADED, all_rows, rows, tiktok_web_post, tiktok_web_profile

from mtaf_core.data.importers.rows import Rank

RECORD = {"platform": "tiktok", "source": "tiktok", "collected_at": SAVED}


def test_a_post_is_a_video():
    assert rows({"itemInfo": {"itemStruct": tiktok_web_post()}}, "videos") == [
        {
            **RECORD,
            "video_id": "7500000000000000789",
            "uploader_id": "6900000000000000001",
            "description": "the best kettle #kitchen #tiktokmademebuyit",
            "created_at": datetime.fromtimestamp(UPLOADED, UTC),
            "duration_s": 34.0,
            "width_px": 576,
            "height_px": 1024,
            "is_topped": True,
            "is_downloadable": False,
            "is_shareable": True,
            "is_commentable": True,
            "is_in_mix": True,
            "mix_id": "7300000000000000001",
            "has_product_link": True,
            "upload_region": "GB",
            "poi_id": "22535796481536000",
            "poi_name": "Borough Market",
            "music_id": "7222222222222222222",
            "music_title": "kettle song",
            "is_ad": False,
        }
    ]


def test_its_counts_hashtags_and_author():
    (snapshot,) = rows(tiktok_web_post(), "snapshots")
    counts = {name: value for name, value in snapshot.items() if name.endswith("_count")}
    assert counts == {
        "view_count": 88_000,
        "favorite_count": 1_400,
        "comment_count": 20,
        "share_count": 9,
        "save_count": 51,
        "uploader_follower_count": 8_900,
    }
    assert [row["tag_name"] for row in rows(tiktok_web_post(), "video_tags")] == ["kitchen", "tiktokmademebuyit"]
    (author,) = [row for row in all_rows(tiktok_web_post()) if row.table == "uploaders"]
    assert author.rank is Rank.STUB
    assert (author.values["favorited_count"], author.values["favoriting_count"]) == (410_000, 12)
    assert (author.values["account_type"], author.values["has_shop"]) == ("enterprise", True)


def test_counts_written_as_text_go_before_numbers_that_overflow():
    item = tiktok_web_post(statsV2={"diggCount": "3000000000"}, stats={"diggCount": -1_294_967_296, "playCount": 0})
    (snapshot,) = rows(item, "snapshots")
    assert snapshot["favorite_count"] == 3_000_000_000
    assert "view_count" not in snapshot, "a liked video without plays has them hidden"


def test_an_author_whose_counts_are_all_zero_has_none():
    zeros = dict.fromkeys(("diggCount", "followerCount", "followingCount", "heartCount", "videoCount"), 0)
    assert rows(tiktok_web_post(authorStats=zeros), "uploader_snapshots") == []


def test_a_profile():
    (profile,) = [row for row in all_rows({"userInfo": tiktok_web_profile()}) if row.table == "uploaders"]
    assert profile.rank is Rank.RECORD
    assert profile.values == {
        **RECORD,
        "uploader_id": "6900000000000000001",
        "handle": "kettleclub",
        "nickname": "Kettle Club",
        "is_verified": True,
        "account_type": "personal",
        "has_shop": False,
        "video_count": 80,
        "follower_count": 9_100,
        "following_count": 0,
        "favorited_count": 420_000,
        "favoriting_count": 15,
        "region": "GB",
    }


def test_the_state_of_a_page():
    item = tiktok_web_post(author="kettleclub", authorId="6900000000000000001")
    profile = tiktok_web_profile()
    state = {
        "AppContext": {"user": 1},
        "ItemModule": {item["id"]: item},
        "UserModule": {"users": {"kettleclub": profile["user"]}, "stats": {"kettleclub": profile["stats"]}},
    }
    assert [row["video_id"] for row in rows(state, "videos")] == [item["id"]]
    found = [(row.rank, row.values["handle"]) for row in all_rows(state) if row.table == "uploaders"]
    assert found == [(Rank.STUB, "kettleclub"), (Rank.RECORD, "kettleclub")]


def test_a_hashtag():
    page = {
        "challengeInfo": {"challenge": {"id": "5", "title": "kitchen"}, "stats": {"videoCount": 4, "viewCount": 90}}
    }
    (tag,) = rows(page, "tags")
    assert (tag["tag_name"], tag["tag_id"]) == ("kitchen", "5")
    assert (tag["total_video_count"], tag["total_view_count"]) == (4, 90)
