"""Items of the TikTok scrapers on Apify, and of tiktok-scraper, whose names they took over."""

from collections.abc import Iterator

from mtaf_core.data.importers import values
from mtaf_core.data.importers.fields import Fields
from mtaf_core.data.importers.rows import Rank, Row
from mtaf_core.data.importers.shapes import Record, Shape

_APIFY_ALONE = ("createTimeISO", "textLanguage", "isPinned", "isSlideshow", "searchQuery", "isAd", "input")


def is_post(record: Record) -> bool:
    return isinstance(record.get("authorMeta"), dict) and "id" in record


def is_profile(record: Record) -> bool:
    author = record.get("authorMeta")
    return isinstance(author, dict) and "fans" in author and "id" not in record


def is_apify(record: Record) -> bool:
    return any(name in record for name in _APIFY_ALONE) or "id" not in record


def post_rows(fields: Fields) -> Iterator[Row]:
    """A post: the video, its counts today, its hashtags, and its author as of then."""
    video_id = fields.key("id")
    created_at = fields.moment("createTime", "createTimeISO")
    fields.inside = fields.inside or fields.moment("scrapedAt")
    fields.collected_after(created_at)
    uploader_id = fields.id("authorMeta.id", "authorMeta.secUid")
    is_topped = fields.flag("isPinned")
    yield fields.row(
        "videos",
        video_id=video_id,
        uploader_id=uploader_id,
        description=fields.text("text"),
        created_at=created_at,
        duration_s=fields.seconds("videoMeta.duration"),
        width_px=fields.positive("videoMeta.width"),
        height_px=fields.positive("videoMeta.height"),
        is_topped=is_topped,
        upload_city=fields.text("locationMeta.city"),
        upload_region=fields.text("locationCreated", "locationMeta.countryCode"),
        poi_id=fields.id("locationMeta.locationId"),
        poi_name=fields.text("locationMeta.locationName"),
        music_id=fields.id("musicMeta.musicId"),
        music_title=fields.text("musicMeta.musicName"),
        is_ad=fields.flag("isAd"),
    )
    likes, views = fields.count("diggCount"), fields.count("playCount")
    yield from fields.snapshot(
        "snapshots",
        keys={"video_id": video_id},
        view_count=views if views or not likes else None,  # liked and never seen: hidden
        favorite_count=likes,
        comment_count=fields.count("commentCount"),
        share_count=fields.count("shareCount"),
        save_count=fields.count("collectCount"),
        uploader_follower_count=fields.positive("authorMeta.fans"),
        is_topped=is_topped,
    )
    names = [name for item in fields.items("hashtags") if isinstance(name := item.get("name"), str) and name.strip()]
    yield from fields.video_tags(video_id, names or values.hashtags(fields.text("text")))
    searched = fields.text("searchHashtag.name")
    if searched:
        yield from fields.snapshot(
            "tags",
            keys={"tag_name": searched.strip().lstrip("#")},
            total_view_count=fields.positive("searchHashtag.views"),
        )
    if uploader_id:
        yield from _uploader(fields, uploader_id, Rank.STUB)


def profile_rows(fields: Fields) -> Iterator[Row]:
    """A profile that was asked for and has no posts."""
    yield from _uploader(fields, fields.key("authorMeta.id", "authorMeta.secUid"), Rank.RECORD)


def _uploader(fields: Fields, uploader_id: str, rank: Rank) -> Iterator[Row]:
    author = fields.part(fields.find("authorMeta"))
    counts = {
        "video_count": author.count("video"),
        "follower_count": author.count("fans"),
        "following_count": author.count("following"),
        "favorited_count": author.count("heart"),
    }
    if not any(counts.values()):
        counts = dict.fromkeys(counts)
    seller, business = author.flag("ttSeller"), author.flag("commerceUserInfo.commerceUser")
    known = seller is not None or business is not None
    yield fields.row(
        "uploaders",
        rank,
        uploader_id=uploader_id,
        handle=author.text("name"),
        nickname=author.text("nickName"),
        is_verified=author.flag("verified"),
        account_type=("enterprise" if seller or business else "personal") if known else None,
        has_shop=seller,
        **counts,
        favoriting_count=author.positive("digg"),
        region=author.text("region"),
    )
    yield from fields.snapshot("uploader_snapshots", rank, keys={"uploader_id": uploader_id}, **counts)


SHAPES = (
    Shape("apify", is_post, post_rows, "tiktok", is_apify),
    Shape("apify", is_profile, profile_rows, "tiktok", is_apify),
)
