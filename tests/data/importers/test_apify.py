"""Items of Apify's scrapers and of tiktok-scraper."""

from datetime import UTC, datetime

from given_records import SAVED, UPLOADED, all_rows, apify_item, rows, scraper_item

from mtaf_core.data.importers.rows import Rank

RECORD = {"platform": "tiktok", "source": "apify", "collected_at": SAVED}


def test_an_item_is_a_video_with_its_counts():
    assert rows([apify_item()], "videos") == [
        {
            **RECORD,
            "video_id": "7500000000000000111",
            "uploader_id": "6700000000000000001",
            "description": "desk setup #desk",
            "created_at": datetime.fromtimestamp(UPLOADED, UTC),
            "duration_s": 21.5,
            "width_px": 720,
            "height_px": 1280,
            "is_topped": False,
            "upload_region": "ID",
            "music_id": "7333333333333333333",
            "music_title": "typing",
            "is_ad": True,
        }
    ]
    (snapshot,) = rows([apify_item()], "snapshots")
    assert [snapshot[f"{name}_count"] for name in ("view", "favorite", "comment", "share", "save")] == [
        7_000, 300, 6, 4, 25,
    ]  # fmt: skip
    assert snapshot["uploader_follower_count"] == 5_400


def test_its_author_and_hashtags():
    (author,) = [row for row in all_rows(apify_item()) if row.table == "uploaders"]
    assert author.rank is Rank.STUB
    assert author.values == {
        **RECORD,
        "uploader_id": "6700000000000000001",
        "handle": "deskperson",
        "nickname": "Desk Person",
        "is_verified": True,
        "account_type": "personal",
        "has_shop": False,
        "video_count": 210,
        "follower_count": 5_400,
        "following_count": 30,
        "favorited_count": 99_000,
    }
    assert [row["tag_name"] for row in rows(apify_item(), "video_tags")] == ["desk"]
    assert [row["total_view_count"] for row in rows(apify_item(), "tags")] == [3_300_000_000]


def test_a_profile_without_posts():
    (profile,) = all_rows([{"authorMeta": apify_item()["authorMeta"], "note": "no videos"}])[:1]
    assert (profile.table, profile.rank) == ("uploaders", Rank.RECORD)


def test_tiktok_scraper_has_the_same_names_in_its_own_envelope():
    found = rows({"collector": [scraper_item(), scraper_item(id="7500000000000000112")]}, "videos")
    assert [(row["video_id"], row["source"]) for row in found] == [
        ("7500000000000000111", "tiktok-scraper"),
        ("7500000000000000112", "tiktok-scraper"),
    ]
    assert rows([scraper_item()], "snapshots")[0]["view_count"] == 7_000
