"""Answers of TikTok's Research API."""

from datetime import UTC, datetime

from given_records import SAVED, UPLOADED, research_video, rows

RECORD = {"platform": "tiktok", "source": "research-api", "collected_at": SAVED}


def answer(*videos):
    return {"data": {"videos": list(videos), "cursor": 100, "has_more": True}, "error": {"code": "ok"}}


def test_a_video():
    assert rows(answer(research_video()), "videos") == [
        {
            **RECORD,
            "video_id": "7094000000000000317",
            "uploader_id": "lampshop",
            "description": "new lamp #lamp",
            "created_at": datetime.fromtimestamp(UPLOADED, UTC),
            "duration_s": 12.0,
            "is_in_mix": False,
            "has_product_link": True,
            "music_id": "6810000000000000777",
            "transcript": "this is the lamp",
        }
    ]
    (snapshot,) = rows(answer(research_video()), "snapshots")
    assert [snapshot[f"{name}_count"] for name in ("view", "favorite", "comment", "share", "save")] == [
        20_700, 2_100, 501, 50, 61,
    ]  # fmt: skip


def test_the_country_is_the_uploaders_and_hashtags_are_listed():
    (uploader,) = rows(answer(research_video()), "uploaders")
    assert uploader == {**RECORD, "uploader_id": "lampshop", "handle": "lampshop", "region": "DE"}
    assert [row["tag_name"] for row in rows(answer(research_video()), "video_tags")] == ["lamp", "home"]


def test_a_user_with_the_name_that_was_asked_for():
    user = {
        "username": "lampshop",
        "display_name": "Lamp",
        "follower_count": 9,
        "likes_count": 70,
        "is_verified": False,
    }
    (profile,) = rows({"data": user}, "uploaders")
    assert (profile["uploader_id"], profile["favorited_count"], profile["is_verified"]) == ("lampshop", 70, False)
