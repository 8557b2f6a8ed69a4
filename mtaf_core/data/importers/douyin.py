"""Posts, profiles and hashtags as the apps of Douyin and TikTok, and Douyin's web pages, have them ("aweme")."""

import json
from collections.abc import Iterator
from typing import Any

from mtaf_core.data.importers import values
from mtaf_core.data.importers.fields import Fields
from mtaf_core.data.importers.rows import Rank, Row
from mtaf_core.data.importers.shapes import Record, Shape

_SHOP_ANCHORS = ("anchor_shop", "anchor_complex_shop")
_PRODUCT_ANCHOR = 3
_CENTS = 100
_MAX_AGE = 120
_TIKTOK_ALONE = ("risk_infos", "ins_id", "youtube_channel_id", "twitter_id", "group_id_list", "commerce_config_data")
_DOUYIN_ALONE = ("aweme_control", "anchor_info", "commerce_user_level", "ip_location", "with_fusion_shop_entry")


def is_post(record: Record) -> bool:
    return "aweme_id" in record and any(name in record for name in ("statistics", "desc", "video", "create_time"))


def is_profile(record: Record) -> bool:
    known = any(name in record for name in ("uid", "sec_uid"))
    return known and any(name in record for name in ("aweme_count", "total_favorited", "favoriting_count"))


def is_tag(record: Record) -> bool:
    return "cid" in record and "cha_name" in record


def is_tiktok(record: Record) -> bool:
    """Whether a post or profile comes from TikTok's app: the two apps share one shape."""
    share = record.get("share_info")
    address = f"{record.get('share_url')} {share.get('share_url') if isinstance(share, dict) else ''}"
    if "tiktok.com" in address or "douyin.com" in address:
        return "tiktok.com" in address
    if any(name in record for name in _DOUYIN_ALONE):
        return False
    author = record.get("author")
    region = record.get("region") or (author.get("region") if isinstance(author, dict) else None)
    return (region or "CN") != "CN" or any(name in record for name in _TIKTOK_ALONE)


def post_rows(fields: Fields) -> Iterator[Row]:
    """A post: the video, its counts today, its hashtags, and a stub of its author."""
    video_id = fields.key("aweme_id", "aweme_id_str")
    created_at = fields.moment("create_time")
    fields.collected_after(created_at)
    uploader_id = fields.id("author.uid", "author_user_id", "author.sec_uid")
    is_topped = fields.flag("is_top")
    yield fields.row(
        "videos",
        video_id=video_id,
        uploader_id=uploader_id,
        description=fields.text("desc"),
        created_at=created_at,
        duration_s=fields.milliseconds("video.duration", "duration"),
        width_px=fields.positive("video.width"),
        height_px=fields.positive("video.height"),
        is_topped=is_topped,
        is_downloadable=_is_downloadable(fields),
        is_shareable=fields.flag("aweme_control.can_share", "status.allow_share", "video_control.allow_share"),
        is_commentable=fields.flag("aweme_control.can_comment", "status.allow_comment"),
        **_mix(fields),
        **_product(fields),
        upload_city=fields.id("city"),
        upload_region=fields.text("region"),
        **_place(fields),
        music_id=fields.id("music.id_str", "music.mid", "music.id"),
        music_title=fields.text("music.title"),
        is_ad=fields.any_flag("is_ads", "commerce_info.is_ad"),
    )
    yield from fields.snapshot(
        "snapshots",
        keys={"video_id": video_id},
        view_count=fields.positive("statistics.play_count"),  # Douyin hides it behind a zero
        favorite_count=fields.count("statistics.digg_count"),
        comment_count=fields.count("statistics.comment_count"),
        share_count=fields.count("statistics.share_count"),
        save_count=fields.count("statistics.collect_count"),
        download_count=fields.count("statistics.download_count"),
        uploader_follower_count=fields.positive("author.follower_count"),
        is_topped=is_topped,
    )
    names = [item.get("hashtag_name") for item in fields.items("text_extra")]
    names += [item.get("cha_name") for item in fields.items("cha_list")]
    told = [name for name in names if isinstance(name, str) and name.strip()]
    yield from fields.video_tags(video_id, told or values.hashtags(fields.text("desc")))
    for item in fields.items("cha_list"):
        yield from tag_rows(fields.part(item))
    if uploader_id:
        author = fields.part(fields.find("author"))
        yield from _uploader(author, uploader_id, Rank.STUB)


def profile_rows(fields: Fields) -> Iterator[Row]:
    """A profile."""
    yield from _uploader(fields, fields.key("uid", "sec_uid"), Rank.RECORD)


def tag_rows(fields: Fields) -> Iterator[Row]:
    """A hashtag and its totals today; none where they are not told (zeros: a hashtag that is seen has been used)."""
    name = (fields.text("cha_name") or "").strip().lstrip("#＃").strip()
    if name:
        yield from fields.snapshot(
            "tags",
            keys={"tag_name": name, **_known(tag_id=fields.id("cid"))},
            total_view_count=fields.positive("view_count"),
            total_user_count=fields.positive("user_count"),
            total_video_count=fields.positive("video_count"),
        )


def _uploader(fields: Fields, uploader_id: str, rank: Rank) -> Iterator[Row]:
    # In a stub a zero may stand for anything; in a profile it is a count.
    count = fields.count if rank is Rank.RECORD else fields.positive
    counts = {
        "video_count": count("aweme_count"),
        "follower_count": count("follower_count"),
        "following_count": count("following_count"),
        "favorited_count": count("total_favorited"),
    }
    age = fields.positive("user_age")
    yield fields.row(
        "uploaders",
        rank,
        uploader_id=uploader_id,
        handle=fields.text("unique_id", "short_id"),
        nickname=fields.text("nickname"),
        verification_type=fields.count("verification_type"),
        is_verified=fields.flag("is_verified"),
        verify_reason=fields.text("enterprise_verify_reason", "custom_verify"),
        account_type=_account_type(fields),
        user_rating=fields.count("user_rate"),
        commerce_level=fields.count("commerce_user_level"),
        has_shop=fields.any_flag("with_commerce_entry", "with_fusion_shop_entry", "with_shop_entry"),
        **counts,
        favoriting_count=count("favoriting_count"),
        is_searchable=fields.negated("hide_search"),
        is_nearby_visible=fields.flag("enable_nearby_visible"),
        gender=fields.read(values.gender, "gender"),
        age=age if age and age <= _MAX_AGE else None,
        city=fields.text("city"),
        region=fields.text("region", "province"),
    )
    yield from fields.snapshot("uploader_snapshots", rank, keys={"uploader_id": uploader_id}, **counts)


def _account_type(fields: Fields) -> str | None:
    if fields.text("enterprise_verify_reason"):
        return "enterprise"
    government = fields.flag("is_gov_media_vip")
    if government is None and fields.find("enterprise_verify_reason") is None:
        return None
    return "gov_media" if government else "personal"


def _is_downloadable(fields: Fields) -> bool | None:
    allowed = fields.flag("video_control.allow_download")
    return fields.negated("prevent_download") if allowed is None else allowed


def _mix(fields: Fields) -> dict[str, Any]:
    mix_id = fields.id("mix_info.mix_id")
    return _known(mix_id=mix_id, is_in_mix=True if mix_id else None)


def _place(fields: Fields) -> dict[str, Any]:
    lat = fields.number("poi_info.poi_latitude", "poi_info.address_info.lat")
    lon = fields.number("poi_info.poi_longitude", "poi_info.address_info.lng")
    there = bool(lat or lon)
    return _known(
        poi_id=fields.id("poi_info.poi_id"),
        poi_name=fields.text("poi_info.poi_name"),
        poi_lat=lat if there else None,
        poi_lon=lon if there else None,
    )


def _product(fields: Fields) -> dict[str, Any]:
    """The product of a post. Douyin's prices are whole fen; those of TikTok are in units that it does not tell."""
    product: Record | None = None
    if fields.find("anchor_info.type") in (_PRODUCT_ANCHOR, str(_PRODUCT_ANCHOR)):
        product = next(_packed(fields.find("anchor_info.extra")), {})
    for anchor in fields.items("anchors"):
        if anchor.get("component_key") in _SHOP_ANCHORS and product is None:
            inner = next(_packed(anchor.get("extra")), {})
            product = next(_packed(inner.get("extra")), inner)
    if product is None:
        return _known(has_product_link=fields.any_flag("status.with_goods", "status.with_fusion_goods"))
    told = fields.part(product)
    price = told.number("price") if "anchor_info" in fields.record else None
    whole = isinstance(product.get("price"), int)
    return _known(
        has_product_link=True,
        product_id=told.id("product_id"),
        product_title=told.text("title"),
        product_category=told.text("category"),
        product_price=price / _CENTS if price and whole else price,
        product_currency="CNY" if price else None,
    )


def _packed(text: Any) -> Iterator[Record]:
    """The objects in JSON that is kept as text within JSON."""
    try:
        found = json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        return
    for item in found if isinstance(found, list) else [found]:
        if isinstance(item, dict):
            yield item


def _known(**columns: Any) -> dict[str, Any]:
    return {name: value for name, value in columns.items() if value is not None}


def aweme_shapes(format: str, is_this: Any) -> tuple[Shape, ...]:
    """The three shapes of the apps, for one of the two platforms."""
    return (
        Shape(format, is_post, post_rows, format, is_this),
        Shape(format, is_profile, profile_rows, format, is_this),
        Shape(format, is_tag, tag_rows, format, is_this),
    )


SHAPES = aweme_shapes("douyin", lambda record: not is_tiktok(record))
