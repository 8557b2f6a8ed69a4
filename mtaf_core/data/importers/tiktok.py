"""Posts, profiles and hashtags as TikTok's web pages have them, and, in `douyin`'s shape, its app."""

from collections.abc import Iterator

from mtaf_core.data.importers import values
from mtaf_core.data.importers.douyin import aweme_shapes, is_tiktok
from mtaf_core.data.importers.fields import Fields
from mtaf_core.data.importers.rows import Rank, Row
from mtaf_core.data.importers.shapes import Record, Shape

_SHOP_ANCHORS = (33, 35)  # the types that the app calls anchor_shop and anchor_complex_shop


def is_post(record: Record) -> bool:
    return "id" in record and "createTime" in record and "authorMeta" not in record and _has_counts(record)


def is_profile(record: Record) -> bool:
    user = record.get("user")
    return isinstance(user, dict) and ("uniqueId" in user or "secUid" in user) and _has_counts(record)


def is_tag(record: Record) -> bool:
    return isinstance(record.get("challenge"), dict) and _has_counts(record)


def _has_counts(record: Record) -> bool:
    return isinstance(record.get("stats"), dict) or isinstance(record.get("statsV2"), dict)


def post_rows(fields: Fields) -> Iterator[Row]:
    """A post: the video, its counts today, its hashtags, and a stub of its author."""
    video_id = fields.key("id")
    created_at = fields.moment("createTime")
    fields.collected_after(created_at)
    author = fields.find("author")
    uploader_id = fields.id("author.id", "authorId", "author.secUid", "authorSecId")
    is_topped = fields.flag("isPinnedItem", "isPinned")
    mix_id = fields.id("playlistId")
    yield fields.row(
        "videos",
        video_id=video_id,
        uploader_id=uploader_id,
        description=fields.text("desc"),
        created_at=created_at,
        duration_s=fields.seconds("video.duration"),
        width_px=fields.positive("video.width"),
        height_px=fields.positive("video.height"),
        is_topped=is_topped,
        is_downloadable=_is_open(fields, "author.downloadSetting", "downloadSetting"),
        is_shareable=fields.flag("shareEnabled"),
        is_commentable=_is_open(fields, "itemCommentStatus"),
        is_in_mix=True if mix_id else None,
        mix_id=mix_id,
        has_product_link=_has_product(fields),
        upload_region=fields.text("locationCreated"),
        poi_id=fields.id("poi.id"),
        poi_name=fields.text("poi.name"),
        music_id=fields.id("music.id"),
        music_title=fields.text("music.title"),
        is_ad=fields.flag("isAd"),
    )
    likes = _count(fields, "diggCount")
    views = _count(fields, "playCount")
    counts = _author_counts(fields)
    yield from fields.snapshot(
        "snapshots",
        keys={"video_id": video_id},
        view_count=views if views or not likes else None,  # liked and never seen: hidden
        favorite_count=likes,
        comment_count=_count(fields, "commentCount"),
        share_count=_count(fields, "shareCount"),
        save_count=_count(fields, "collectCount"),
        uploader_follower_count=counts["follower_count"],
        is_topped=is_topped,
    )
    names = [item.get("hashtagName") for item in fields.items("textExtra")]
    names += [item.get("title") for item in fields.items("challenges")]
    told = [name for name in names if isinstance(name, str) and name.strip()]
    yield from fields.video_tags(video_id, told or values.hashtags(fields.text("desc")))
    if uploader_id:
        stub = fields.part(author if isinstance(author, dict) else {"uniqueId": author})
        counts["favoriting_count"] = _author_count(fields, "diggCount")
        yield from _uploader(stub, uploader_id, Rank.STUB, counts)


def profile_rows(fields: Fields) -> Iterator[Row]:
    """A profile."""
    uploader_id = fields.key("user.id", "user.secUid")
    counts = {
        "video_count": _count(fields, "videoCount"),
        "follower_count": _count(fields, "followerCount"),
        "following_count": _count(fields, "followingCount"),
        "favorited_count": _count(fields, "heartCount", "heart"),
        "favoriting_count": _count(fields, "diggCount"),
    }
    yield from _uploader(fields.part(fields.find("user")), uploader_id, Rank.RECORD, counts)


def tag_rows(fields: Fields) -> Iterator[Row]:
    """A hashtag and its totals today."""
    name = (fields.text("challenge.title") or "").strip()
    if name:
        tag_id = fields.id("challenge.id")
        yield from fields.snapshot(
            "tags",
            keys={"tag_name": name, **({"tag_id": tag_id} if tag_id else {})},
            total_view_count=_count(fields, "viewCount") or None,
            total_video_count=_count(fields, "videoCount") or None,
        )


def _uploader(fields: Fields, uploader_id: str, rank: Rank, counts: dict[str, int | None]) -> Iterator[Row]:
    seller, business = fields.flag("ttSeller"), fields.flag("commerceUserInfo.commerceUser")
    known = seller is not None or business is not None
    yield fields.row(
        "uploaders",
        rank,
        uploader_id=uploader_id,
        handle=fields.text("uniqueId"),
        nickname=fields.text("nickname"),
        is_verified=fields.flag("verified"),
        account_type=("enterprise" if seller or business else "personal") if known else None,
        has_shop=seller,
        **counts,
        region=fields.text("region"),
    )
    daily = {name: count for name, count in counts.items() if name != "favoriting_count"}
    yield from fields.snapshot("uploader_snapshots", rank, keys={"uploader_id": uploader_id}, **daily)


def _count(fields: Fields, *names: str) -> int | None:
    """A count; the second edition of the counts is text and cannot overflow."""
    return fields.count(*(f"statsV2.{name}" for name in names), *(f"stats.{name}" for name in names))


def _author_count(fields: Fields, *names: str) -> int | None:
    return fields.count(*(f"authorStatsV2.{name}" for name in names), *(f"authorStats.{name}" for name in names))


def _author_counts(fields: Fields) -> dict[str, int | None]:
    """The author's counts beside a post; all zero, they have not been filled in."""
    counts = {
        "video_count": _author_count(fields, "videoCount"),
        "follower_count": _author_count(fields, "followerCount"),
        "following_count": _author_count(fields, "followingCount"),
        "favorited_count": _author_count(fields, "heartCount", "heart"),
    }
    return counts if any(counts.values()) else dict.fromkeys(counts)


def _is_open(fields: Fields, *paths: str) -> bool | None:
    """Whether a setting is 0, everyone; 1 is friends and 3 nobody."""
    setting = fields.count(*paths)
    return None if setting is None else setting == 0


def _has_product(fields: Fields) -> bool | None:
    if any(anchor.get("type") in _SHOP_ANCHORS for anchor in fields.items("anchors")):
        return True
    return fields.flag("isECVideo")


SHAPES = (
    Shape("tiktok", is_post, post_rows, "tiktok"),
    Shape("tiktok", is_profile, profile_rows, "tiktok"),
    Shape("tiktok", is_tag, tag_rows, "tiktok"),
    *aweme_shapes("tiktok", is_tiktok),
)
