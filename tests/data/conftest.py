"""A small market, made of plain rows, that tests of tables and frames share."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from mtaf_core.data.store import Store
from mtaf_core.data.tables import TABLES

Rows = list[dict[str, Any]]
FIRST_DAY = datetime(2024, 3, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "workspace", lock_timeout_s=0.2)


@pytest.fixture(name="fill", scope="session")
def fill_fixture() -> Callable[..., None]:
    """Merge rows into the tables of the same names, in one commit."""
    return fill


@pytest.fixture(name="arrow", scope="session")
def arrow_fixture() -> Callable[[str, Rows], pa.Table]:
    """Rows as Arrow, with the columns that any of them has."""
    return arrow


@pytest.fixture(name="market", scope="session")
def market_fixture() -> Callable[..., dict[str, Rows]]:
    """A random market with every kind of fact, some of them missing."""
    return market


def arrow(table: str, rows: Rows) -> pa.Table:
    named = [c for c in TABLES[table].columns if any(c in row for row in rows)]
    kinds = TABLES[table].columns
    return pa.Table.from_pylist(rows, pa.schema([(name, kinds[name]) for name in named]))


def fill(store: Store, **tables: Rows) -> None:
    with store.write("test") as change:
        for name, rows in tables.items():
            change.merge(name, arrow(name, [{"platform": "douyin", **row} for row in rows]))


def market(uploaders: int, videos: int, tags: int, days: int = 6, seed: int = 0) -> dict[str, Rows]:
    random = np.random.default_rng(seed)
    some = lambda value: value if random.random() > 0.1 else None  # noqa: E731
    kols, kol_days, clips, counts, clip_tags = [], [], [], [], []
    for i in range(uploaders):
        followers = int(random.lognormal(11, 1.5))
        kols.append(
            {
                "uploader_id": f"u{i}", "is_verified": some(bool(i % 2)), "account_type": "personal",
                "user_rating": some(i % 5), "commerce_level": i % 4, "follower_count": followers,
                "following_count": int(random.integers(1, 2000)), "favorited_count": followers * 7,
                "video_count": int(random.integers(10, 900)), "favoriting_count": some(17),
                "is_searchable": True, "is_nearby_visible": some(False), "gender": "female", "age": some(20 + i % 40),
            }
        )  # fmt: skip
        kol_days += [
            {
                "uploader_id": f"u{i}", "snapshot_date": (FIRST_DAY + timedelta(weeks=w)).date(),
                "follower_count": followers + 100 * w, "favorited_count": some(followers * 7 + w),
                "video_count": 50 + w, "following_count": 20 + w,
            }
            for w in range(8)
        ]  # fmt: skip
    tag_days = [
        {
            "tag_name": f"t{i}", "snapshot_date": (FIRST_DAY + timedelta(weeks=w)).date(),
            "total_view_count": 10_000 * (i + 1) + w, "total_user_count": 100 * (i + 1) + w,
        }
        for i in range(tags)
        for w in range(8)
    ]  # fmt: skip
    for i in range(videos):
        posted = FIRST_DAY + timedelta(seconds=int(random.integers(0, 60 * 86_400)))
        clips.append(
            {
                "video_id": f"v{i}", "uploader_id": f"u{random.integers(uploaders)}", "description": some(f"clip {i}"),
                "created_at": posted, "duration_s": float(random.uniform(5, 60)), "width_px": 720, "height_px": 1280,
                "is_topped": False, "is_downloadable": some(True), "is_shareable": True, "is_commentable": True,
                "is_in_mix": some(False), "has_product_link": bool(i % 3), "upload_city": some("Hangzhou"),
                "poi_name": "West Lake" if i % 7 == 0 else None, "media_path": f"media/v{i}.mp4",
            }
        )  # fmt: skip
        start = int(random.lognormal(5, 1))
        counts += [
            {
                "video_id": f"v{i}", "snapshot_date": posted.date() + timedelta(days=d), "day_index": d,
                "favorite_count": start * d, "comment_count": start * d // 10, "share_count": start * d // 20,
            }
            for d in range(1, days + 1)
        ]  # fmt: skip
        chosen = random.choice(tags, size=int(random.integers(0, 6)), replace=False)
        clip_tags += [{"video_id": f"v{i}", "tag_name": f"t{t}", "position": p} for p, t in enumerate(chosen)]
    return {
        "uploaders": kols, "uploader_snapshots": kol_days, "videos": clips, "snapshots": counts,
        "tags": tag_days, "video_tags": clip_tags,
    }  # fmt: skip


@pytest.fixture(scope="session")
def small_market(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Twelve KOLs and sixty videos; for tests that only read."""
    store = Store(tmp_path_factory.mktemp("market"))
    fill(store, **market(12, 60, 15))
    return store
