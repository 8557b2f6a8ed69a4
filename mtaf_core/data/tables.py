"""The canonical tables: names, keys, columns and types.

Ids are strings and never pass through floats. Times are UTC. A missing value is null, never 0 or -1. Every column but
the keys is nullable.
"""

from dataclasses import dataclass

import pyarrow as pa

_STR, _INT, _FLOAT, _BOOL = pa.string(), pa.int64(), pa.float64(), pa.bool_()
_TIME, _DATE = pa.timestamp("us", tz="UTC"), pa.date32()


@dataclass(frozen=True)
class Table:
    """One canonical table.

    Parameters
    ----------
    name : str
    keys : tuple of str
        Columns that together identify a row; never null.
    columns : dict of str to pyarrow.DataType
        Every column in order, keys first, then `source` and `collected_at` last.
    """

    name: str
    keys: tuple[str, ...]
    columns: dict[str, pa.DataType]

    @property
    def arrow(self) -> pa.Schema:
        return pa.schema([pa.field(c, t, nullable=c not in self.keys) for c, t in self.columns.items()])


def _table(name: str, keys: dict[str, pa.DataType], columns: dict[str, pa.DataType]) -> Table:
    every = {"platform": _STR, **keys, **columns, "source": _STR, "collected_at": _TIME}
    return Table(name, ("platform", *keys), every)


def _all(kind: pa.DataType, names: str) -> dict[str, pa.DataType]:
    return dict.fromkeys(names.split(), kind)


UPLOADERS = _table(
    "uploaders",
    {"uploader_id": _STR},
    {
        "handle": _STR,
        "nickname": _STR,
        "verification_type": _INT,
        "is_verified": _BOOL,
        "verify_reason": _STR,
        "account_type": _STR,  # personal, enterprise, gov_media, unknown
        "user_rating": _INT,
        "commerce_level": _INT,
        "has_shop": _BOOL,
        **_all(_INT, "video_count follower_count following_count favorited_count favoriting_count"),
        "is_searchable": _BOOL,
        "is_nearby_visible": _BOOL,
        "gender": _STR,  # male, female, unknown
        "age": _INT,
        **_all(_STR, "city region mcn category"),
        "quote_fee": _FLOAT,
        "quote_currency": _STR,
        "quote_min_s": _FLOAT,
        "quote_max_s": _FLOAT,
        "gmv_30d": _FLOAT,
        "completion_rate": _FLOAT,
        "audience_credibility": _FLOAT,
    },
)

UPLOADER_SNAPSHOTS = _table(
    "uploader_snapshots",
    {"uploader_id": _STR, "snapshot_date": _DATE},
    _all(_INT, "follower_count favorited_count video_count following_count"),
)

VIDEOS = _table(
    "videos",
    {"video_id": _STR},
    {
        "uploader_id": _STR,
        "description": _STR,
        "created_at": _TIME,
        "timezone": _STR,
        "duration_s": _FLOAT,
        "width_px": _INT,
        "height_px": _INT,
        **_all(_BOOL, "is_topped is_downloadable is_shareable is_commentable is_in_mix has_product_link"),
        **_all(_STR, "mix_id product_id product_title product_category"),
        "product_price": _FLOAT,
        **_all(_STR, "product_currency upload_city upload_region poi_id poi_name"),
        "poi_lat": _FLOAT,
        "poi_lon": _FLOAT,
        "music_id": _STR,
        "music_title": _STR,
        "is_ad": _BOOL,
        **_all(_STR, "media_path cover_path transcript"),
        "popularity_label": _FLOAT,
    },
)

SNAPSHOTS = _table(
    "snapshots",
    {"video_id": _STR, "snapshot_date": _DATE},
    {
        **_all(_INT, "day_index view_count favorite_count comment_count share_count save_count download_count"),
        "uploader_follower_count": _INT,
        "is_topped": _BOOL,
    },
)

TAGS = _table(
    "tags",
    {"tag_name": _STR, "snapshot_date": _DATE},
    {"tag_id": _STR, **_all(_INT, "total_view_count total_user_count total_video_count"), "is_commerce": _BOOL},
)

VIDEO_TAGS = _table("video_tags", {"video_id": _STR, "tag_name": _STR}, {"position": _INT})

EMBEDDINGS = _table(
    "embeddings",
    {"video_id": _STR, "modality": _STR, "backbone": _STR},
    {"vector": pa.list_(pa.float32())},
)

TABLES: dict[str, Table] = {
    t.name: t for t in (UPLOADERS, UPLOADER_SNAPSHOTS, VIDEOS, SNAPSHOTS, TAGS, VIDEO_TAGS, EMBEDDINGS)
}
