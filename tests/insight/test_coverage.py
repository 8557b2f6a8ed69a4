"""What has arrived is counted as the frame would know it, whatever lies in the tables."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from mtaf_core.insight import coverage
from mtaf_core.insight.status import market_status
from mtaf_core.schema import FEATURES, Modality
from mtaf_core.workspace import Workspace, WorkspaceInfo

NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "market", WorkspaceInfo("Market"))


def put(space: Workspace, **tables: list[dict]) -> None:
    with space.store.write("import") as change:
        for name, rows in tables.items():
            change.merge(name, pa.Table.from_pylist([{"platform": "douyin", **row} for row in rows]))


def of(space: Workspace, name: str) -> coverage.Coverage:
    return next(one for one in coverage.coverage(space.store) if one.feature.name == name)


def test_it_agrees_with_the_frame_of_the_demo_market(demo: Workspace) -> None:
    by_frame = market_status(demo)["coverage"]
    for one in coverage.coverage(demo.store):
        for column in one.feature.columns:
            if column in by_frame:
                said = by_frame[column]
                assert (one.missing, one.constant) == (said["missing"], said["constant"]), column


def test_every_row_of_table_1_is_there_and_nothing_is_known_of_an_empty_market(space: Workspace) -> None:
    found = coverage.coverage(space.store)
    assert tuple(one.feature for one in found) == FEATURES
    assert {(one.known, one.videos, one.share, one.constant) for one in found} == {(0, 0, 0.0, False)}


def test_present_missing_and_constant(space: Workspace) -> None:
    videos = [
        {"video_id": str(i), "created_at": NOON + timedelta(hours=i), "duration_s": 9.0, "uploader_id": "u"}
        for i in range(4)
    ]
    videos[3] |= {"duration_s": None}
    put(space, videos=[*videos, {"video_id": "undated", "duration_s": 5.0}])
    assert (of(space, "video_duration").known, of(space, "video_duration").missing) == (3, 1)
    assert of(space, "video_duration").constant
    assert not of(space, "upload_hour").constant
    assert coverage.content(space.store).without_upload_time == 1


def test_a_count_that_only_a_snapshot_of_the_kol_knows_is_known(space: Workspace) -> None:
    put(
        space,
        videos=[{"video_id": "a", "created_at": NOON, "uploader_id": "u"}],
        uploader_snapshots=[{"uploader_id": "u", "snapshot_date": NOON.date(), "follower_count": 5}],
    )
    assert of(space, "uploader_follower").share == 1.0
    assert of(space, "uploader_age").known == 0


def test_after_release_counts_are_of_the_horizon_day(space: Workspace) -> None:
    days = [
        {"video_id": "a", "snapshot_date": NOON.date() + timedelta(days=i - 1), "day_index": i, "favorite_count": i}
        for i in (1, 6)
    ]
    put(space, videos=[{"video_id": v, "created_at": NOON} for v in "ab"], snapshots=days)
    assert of(space, "video_favorite_count").share == 0.5
    assert of(space, "video_share_count").known == 0


def test_a_video_without_hashtags_has_none_unless_none_was_ever_recorded(space: Workspace) -> None:
    put(space, videos=[{"video_id": v, "created_at": NOON} for v in "ab"])
    assert of(space, "video_tag_count").known == 0
    put(space, video_tags=[{"video_id": "a", "tag_name": "tea"}])
    assert of(space, "video_tag_count").share == 1.0
    assert of(space, "tag_total_view_count").known == 1, "the hashtag's views are unknown, no hashtag's are 0"


@pytest.mark.parametrize(("days", "bucket", "bars"), [(3, "day", 2), (200, "week", 2), (900, "month", 2)])
def test_bars_grow_with_the_span(space: Workspace, days: int, bucket: str, bars: int) -> None:
    first = date(2024, 1, 1)
    put(
        space,
        snapshots=[{"video_id": "a", "snapshot_date": first + timedelta(days=d), "view_count": 1} for d in (0, days)],
    )
    found = coverage.freshness(space.store)
    assert (found.bucket, len(found.starts), sum(found.snapshots)) == (bucket, bars, 2)
    assert found.last == first + timedelta(days=days)


def test_videos_that_lack_something_are_listed_newest_first(space: Workspace) -> None:
    put(
        space,
        videos=[
            {"video_id": "old", "created_at": NOON, "media_path": "old.mp4"},
            {"video_id": "new", "created_at": NOON + timedelta(days=1)},
            {"video_id": "whole", "created_at": NOON, "media_path": "whole.mp4"},
        ],
        embeddings=[
            {"video_id": v, "modality": m, "backbone": "x", "vector": [1.0]}
            for v, ms in (("whole", ("text", "audio", "visual")), ("old", ("text",)), ("of no video", ("text",)))
            for m in ms
        ],
    )
    assert [(row["video_id"], row["media"], row["text"]) for row in coverage.incomplete(space.store)] == [
        ("new", False, False),
        ("old", True, True),
    ]
    found = coverage.content(space.store)
    assert (found.videos, found.with_media, found.embedded[Modality.TEXT, "x"]) == (3, 2, 2)


def test_what_was_written_down_is_counted_again_after_a_change(space: Workspace) -> None:
    put(space, videos=[{"video_id": "a", "created_at": NOON}])
    assert coverage.kept_coverage(space)[0].videos == 1
    assert coverage.kept_coverage(space) == coverage.coverage(space.store)
    put(space, videos=[{"video_id": "b", "created_at": NOON}])
    assert coverage.kept_coverage(space)[0].videos == 2
    (space.cache_dir / "coverage.json").write_text("{half")
    assert coverage.kept_coverage(space)[0].videos == 2
