"""What yt-dlp writes beside a clip."""

import json
from datetime import UTC, date, datetime

import pytest
from given_records import UPLOADED, rows, ytdlp_info

COLLECTED = datetime.fromtimestamp(UPLOADED + 90_000, UTC)
RECORD = {"platform": "tiktok", "source": "ytdlp", "collected_at": COLLECTED}


def test_a_video_was_collected_when_it_was_looked_up():
    assert rows(ytdlp_info(), "videos") == [
        {
            **RECORD,
            "video_id": "7500000000000000222",
            "uploader_id": "6600000000000000001",
            "description": "tea time #tea #ＴＥＡ",
            "created_at": datetime.fromtimestamp(UPLOADED, UTC),
            "duration_s": 18.0,
            "width_px": 1080,
            "height_px": 1920,
            "music_title": "rain",
        }
    ]
    assert rows(ytdlp_info(), "snapshots") == [
        {
            **RECORD,
            "video_id": "7500000000000000222",
            "snapshot_date": date(2026, 5, 7),
            "favorite_count": 44,
            "comment_count": 3,
            "share_count": 2,
            "save_count": 5,
        }
    ]


def test_hashtags_are_in_the_description():
    assert [row["tag_name"] for row in rows(ytdlp_info(), "video_tags")] == ["tea", "ＴＥＡ"]


@pytest.mark.parametrize(
    ("extractor", "platform"), [("Douyin", "douyin"), ("BiliBili", "bilibili"), ("Vimeo", "vimeo")]
)
def test_the_extractor_is_the_platform(extractor, platform):
    assert rows(ytdlp_info(extractor_key=extractor), "videos")[0]["platform"] == platform
    assert rows(ytdlp_info(extractor_key=extractor), "videos", platform="other")[0]["platform"] == "other"


def test_line_by_line_and_a_playlist():
    two = [ytdlp_info(), ytdlp_info(id="7500000000000000223")]
    playlist = {"_type": "playlist", "id": "teahouse", "extractor_key": "TikTokUser", "entries": two}
    for content in ("\n".join(map(json.dumps, two)), playlist):
        assert [row["video_id"] for row in rows(content, "videos")] == ["7500000000000000222", "7500000000000000223"]
