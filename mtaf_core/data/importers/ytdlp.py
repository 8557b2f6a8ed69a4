"""What yt-dlp writes beside a clip (``.info.json``), or prints line by line with ``--dump-json``."""

from collections.abc import Iterator

from mtaf_core.data.importers import values
from mtaf_core.data.importers.fields import Fields
from mtaf_core.data.importers.rows import Rank, Row
from mtaf_core.data.importers.shapes import Record, Shape


def is_post(record: Record) -> bool:
    extracted = any(name in record for name in ("extractor_key", "extractor", "ie_key"))
    return extracted and "id" in record and record.get("_type") not in ("playlist", "multi_video")


def post_rows(fields: Fields) -> Iterator[Row]:
    """A video, its counts when it was looked up, its hashtags, and what it says of its uploader."""
    if fields.context.platform is None:
        fields.platform = _platform(fields)
    video_id = fields.key("id")
    created_at = fields.moment("timestamp")
    fields.inside = fields.inside or fields.moment("epoch")
    fields.collected_after(created_at)
    uploader_id = fields.id("uploader_id", "channel_id", "uploader")
    description = fields.text("description", "fulltitle", "title")
    yield fields.row(
        "videos",
        video_id=video_id,
        uploader_id=uploader_id,
        description=description,
        created_at=created_at,
        duration_s=fields.seconds("duration"),
        width_px=fields.positive("width"),
        height_px=fields.positive("height"),
        music_title=fields.text("track"),
    )
    likes, views = fields.count("like_count"), fields.count("view_count")
    yield from fields.snapshot(
        "snapshots",
        keys={"video_id": video_id},
        view_count=views if views or not likes else None,  # liked and never seen: hidden
        favorite_count=likes,
        comment_count=fields.count("comment_count"),
        share_count=fields.count("repost_count"),
        save_count=fields.count("save_count"),
        uploader_follower_count=fields.positive("channel_follower_count"),
    )
    yield from fields.video_tags(video_id, values.hashtags(description))
    if uploader_id:
        followers = fields.positive("channel_follower_count")
        yield fields.row(
            "uploaders",
            Rank.STUB,
            uploader_id=uploader_id,
            handle=fields.text("uploader"),
            nickname=fields.text("channel"),
            is_verified=fields.flag("channel_is_verified"),
            follower_count=followers,
        )
        yield from fields.snapshot(
            "uploader_snapshots", Rank.STUB, keys={"uploader_id": uploader_id}, follower_count=followers
        )


def _platform(fields: Fields) -> str:
    """The site, from the extractor's name: ``TikTok``, ``Douyin``, ``BiliBili``, ``vm.tiktok``."""
    name = (fields.text("extractor_key", "ie_key", "extractor") or "").lower()
    return next((site for site in ("tiktok", "douyin", "bilibili", "youtube") if site in name), name.split(":")[0])


SHAPES = (Shape("ytdlp", is_post, post_rows, "tiktok"),)
