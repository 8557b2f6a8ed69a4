"""A market of any size with every column of Table 1, written straight into the tables, to measure exploring on.

Popularity goes with followers, the hour, a few hashtags and each KOL's own strength: there is something to find.
"""

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from mtaf_core.data.tables import TABLES
from mtaf_core.workspace import Workspace, WorkspaceInfo

DAYS = 6
FIRST_DAY = date(2026, 1, 1)
SPAN_DAYS = 300
BLOCK = 250_000
CITIES = ("Shanghai", "Beijing", "Guangzhou", "Chengdu", "Hangzhou", "Wuhan", "Xi'an", "Nanjing")
CATEGORIES = ("beauty", "food", "fashion", "home", "digital", "baby")


def build(folder: Path, videos: int) -> Workspace:
    """Make a workspace of ``videos`` videos, six daily counts of each, a KOL for every 20, some thousand hashtags."""
    workspace = Workspace.create(folder, WorkspaceInfo(name=f"{videos:,} videos", platform="douyin"))
    random = np.random.default_rng(7)
    kols, tags = max(videos // 20, 10), min(max(videos // 100, 50), 5_000)
    followers = np.exp(random.normal(10.5, 1.8, kols)).astype(np.int64)
    strength = random.normal(0, 0.5, kols)
    worth = random.normal(0, 0.25, tags)
    with workspace.store.write("a synthetic market") as change:
        change.replace("uploaders", _table("uploaders", _uploaders(random, followers)))
        change.replace("tags", _table("tags", _tags(random, tags)))
        for start in range(0, videos, BLOCK):
            ids = np.arange(start, min(start + BLOCK, videos))
            kol = random.integers(0, kols, len(ids))
            hour = random.integers(0, 24, len(ids))
            day = random.integers(0, SPAN_DAYS, len(ids))
            used = random.zipf(1.3, (len(ids), 3)) % tags
            log_score = (
                1.0 + 0.55 * np.log1p(followers[kol]) + strength[kol] + worth[used].sum(axis=1)
                + 0.3 * (np.abs(hour - 20) < 3) + random.normal(0, 0.9, len(ids))
            )  # fmt: skip
            change.merge("videos", _table("videos", _videos(random, ids, kol, day, hour)))
            change.merge("video_tags", _table("video_tags", _video_tags(ids, used)))
            change.merge("snapshots", _table("snapshots", _snapshots(ids, day, log_score)))
    return workspace


def _table(name: str, columns: dict[str, object]) -> pa.Table:
    schema, rows = TABLES[name].arrow, len(next(iter(columns.values())))  # type: ignore[arg-type]
    made = {}
    for field in schema:
        values = columns.get(field.name)
        if field.name == "platform":
            made[field.name] = pa.array(["douyin"] * rows)
        elif values is None:
            made[field.name] = pa.nulls(rows, field.type)
        else:
            made[field.name] = pa.array(values).cast(field.type)
    return pa.table(made, schema)


def _words(random: np.random.Generator, among: tuple[str, ...], n: int) -> np.ndarray:
    return np.array(among, dtype=object)[random.integers(0, len(among), n)]


def _flags(random: np.random.Generator, share: float, n: int) -> np.ndarray:
    return random.random(n) < share


def _uploaders(random: np.random.Generator, followers: np.ndarray) -> dict[str, object]:
    n = len(followers)
    return {
        "uploader_id": _ids("k", np.arange(n)), "nickname": _ids("KOL ", np.arange(n)),
        "is_verified": _flags(random, 0.2, n), "account_type": _words(random, ("personal", "enterprise"), n),
        "user_rating": random.integers(0, 6, n), "commerce_level": random.integers(0, 11, n),
        "video_count": random.integers(10, 3_000, n), "follower_count": followers,
        "following_count": random.integers(1, 3_000, n), "favorited_count": followers * random.integers(2, 90, n),
        "favoriting_count": random.integers(0, 20_000, n), "is_searchable": _flags(random, 0.95, n),
        "is_nearby_visible": _flags(random, 0.8, n), "gender": _words(random, ("female", "male"), n),
        "age": random.integers(16, 60, n), "category": _words(random, CATEGORIES, n),
    }  # fmt: skip


def _tags(random: np.random.Generator, n: int) -> dict[str, object]:
    users = np.exp(random.normal(8, 2, n)).astype(np.int64) + 1
    return {
        "tag_name": _ids("tag", np.arange(n)), "snapshot_date": [FIRST_DAY - timedelta(days=1)] * n,
        "total_user_count": users, "total_view_count": users * random.integers(50, 5_000, n),
    }  # fmt: skip


def _videos(
    random: np.random.Generator, ids: np.ndarray, kol: np.ndarray, day: np.ndarray, hour: np.ndarray
) -> dict[str, object]:
    n = len(ids)
    start = np.datetime64(datetime.combine(FIRST_DAY, datetime.min.time()), "us") - np.timedelta64(8, "h")
    created = start + day.astype("timedelta64[D]") + hour.astype("timedelta64[h]")
    created = created + random.integers(0, 3_600, n).astype("timedelta64[s]")
    return {
        "video_id": _ids("v", ids), "uploader_id": _ids("k", kol), "description": _ids("Today only, number ", ids),
        "created_at": pa.array(created).cast(pa.timestamp("us", tz="UTC")),
        "duration_s": np.exp(random.normal(3, 0.6, n)),
        "width_px": random.choice([720, 1080], n), "height_px": random.choice([1280, 1920], n),
        "is_downloadable": _flags(random, 0.7, n), "is_shareable": _flags(random, 0.98, n),
        "is_commentable": _flags(random, 0.97, n), "is_in_mix": _flags(random, 0.2, n),
        "has_product_link": _flags(random, 0.6, n), "product_category": _words(random, CATEGORIES, n),
        "upload_city": _words(random, CITIES, n),
        "poi_name": np.where(_flags(random, 0.1, n), "Mall", None),
    }  # fmt: skip


def _video_tags(ids: np.ndarray, used: np.ndarray) -> dict[str, object]:
    pairs = np.column_stack([np.repeat(ids, used.shape[1]), used.ravel()])
    pairs = np.unique(pairs, axis=0)  # a video has a hashtag once
    return {"video_id": _ids("v", pairs[:, 0]), "tag_name": _ids("tag", pairs[:, 1])}


def _snapshots(ids: np.ndarray, day: np.ndarray, log_score: np.ndarray) -> dict[str, object]:
    grown = np.log1p(np.arange(1, DAYS + 1)) / np.log1p(DAYS)
    score = np.expm1(log_score)[:, None] * grown  # (n, DAYS)
    dates = np.datetime64(FIRST_DAY) + day[:, None] + np.arange(DAYS)
    known = (dates < np.datetime64(FIRST_DAY) + SPAN_DAYS).ravel()  # the latest videos are still under way
    return {
        "video_id": np.repeat(_ids("v", ids), DAYS)[known],
        "snapshot_date": pa.array(dates.astype("datetime64[D]").ravel()[known]),
        "day_index": np.tile(np.arange(1, DAYS + 1), len(ids))[known],
        "favorite_count": (3.5 * score).astype(np.int64).ravel()[known],
        "comment_count": (0.5 * score).astype(np.int64).ravel()[known],
        "share_count": (0.3 * score).astype(np.int64).ravel()[known],
        "view_count": (90 * score).astype(np.int64).ravel()[known],
    }


def _ids(prefix: str, numbers: np.ndarray) -> np.ndarray:
    return np.char.add(prefix, numbers.astype(str)).astype(object)
