"""Videos and users as TikTok's Research API answers them. It knows uploaders by their handle alone."""

from collections.abc import Iterator
from typing import Any

from mtaf_core.data.importers import values
from mtaf_core.data.importers.fields import Fields
from mtaf_core.data.importers.rows import Rank, Row
from mtaf_core.data.importers.shapes import Record, Shape


def is_post(record: Record) -> bool:
    named = "username" in record or "video_description" in record
    return "id" in record and named and any(name in record for name in ("region_code", "hashtag_names", "view_count"))


def is_profile(record: Record) -> bool:
    return "likes_count" in record and "follower_count" in record


def post_rows(fields: Fields) -> Iterator[Row]:
    """A video, its counts today, its hashtags, and what it says of its uploader."""
    video_id = fields.key("id")
    created_at = fields.moment("create_time")
    uploader_id = fields.id("username")
    mix_id = fields.id("playlist_id")
    yield fields.row(
        "videos",
        video_id=video_id,
        uploader_id=uploader_id,
        description=fields.text("video_description"),
        created_at=created_at,
        duration_s=fields.seconds("video_duration"),
        is_in_mix=None if fields.find("playlist_id") is None else mix_id is not None,
        mix_id=mix_id,
        has_product_link=_sells(fields.find("video_tag")),
        music_id=fields.id("music_id"),
        transcript=fields.text("voice_to_text"),
    )
    yield from fields.snapshot(
        "snapshots",
        keys={"video_id": video_id},
        view_count=fields.count("view_count"),
        favorite_count=fields.count("like_count"),
        comment_count=fields.count("comment_count"),
        share_count=fields.count("share_count"),
        save_count=fields.count("favorites_count"),
    )
    told = fields.find("hashtag_names")
    names = [name for name in told if isinstance(name, str)] if isinstance(told, list) else []
    names = names or [name for item in fields.items("hashtag_info_list") if (name := item.get("hashtag_name"))]
    yield from fields.video_tags(video_id, names or values.hashtags(fields.text("video_description")))
    if uploader_id:
        # The country is that of the uploader's registration, not where the video was made.
        region = fields.text("region_code")
        yield fields.row("uploaders", Rank.STUB, uploader_id=uploader_id, handle=uploader_id, region=region)


def profile_rows(fields: Fields) -> Iterator[Row]:
    """A user; the answer itself does not name the user, so whoever saved it must have."""
    uploader_id = fields.key("username")
    counts = {
        "video_count": fields.count("video_count"),
        "follower_count": fields.count("follower_count"),
        "following_count": fields.count("following_count"),
        "favorited_count": fields.count("likes_count"),
    }
    yield fields.row(
        "uploaders",
        Rank.RECORD,
        uploader_id=uploader_id,
        handle=uploader_id,
        nickname=fields.text("display_name"),
        is_verified=fields.flag("is_verified"),
        **counts,
    )
    yield from fields.snapshot("uploader_snapshots", Rank.RECORD, keys={"uploader_id": uploader_id}, **counts)


def _sells(tag: Any) -> bool | None:
    """Whether a video is tagged as earning a commission; None where tags were not asked for."""
    tags = tag if isinstance(tag, list) else [tag]
    kinds = [str(item.get("type", "")).lower() for item in tags if isinstance(item, dict)]
    return any("commission" in kind for kind in kinds) if kinds else None


SHAPES = (
    Shape("research-api", is_post, post_rows, "tiktok"),
    Shape("research-api", is_profile, profile_rows, "tiktok"),
)
