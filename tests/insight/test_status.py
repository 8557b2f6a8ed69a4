"""What ``status --json`` says of a workspace."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa

from mtaf_core.data.tables import TABLES
from mtaf_core.insight.status import market_status
from mtaf_core.workspace import Workspace, WorkspaceInfo

DAY = datetime(2024, 3, 10, 12, tzinfo=UTC)


def filled(path: Path, **tables: list[dict]) -> Workspace:
    workspace = Workspace.create(path, WorkspaceInfo("test", timezone="UTC"))
    with workspace.store.write("test") as change:
        for name, rows in tables.items():
            arrow = pa.Table.from_pylist([{"platform": "douyin", **row} for row in rows], schema=TABLES[name].arrow)
            change.merge(name, arrow)
    return workspace


def test_the_demo_market_knows_its_kols_and_hashtags_before_every_upload(demo: Workspace) -> None:
    status = market_status(demo)
    assert status["known_only_after_upload"] == {"uploader_counts": 0.0, "tag_totals": 0.0}
    assert status["coverage"]["uploader_follower"]["present"] == 1.0
    json.dumps(status)


def test_videos_judged_by_what_was_only_known_later_are_counted(tmp_path: Path) -> None:
    workspace = filled(
        tmp_path,
        videos=[{"video_id": v, "uploader_id": v, "created_at": DAY} for v in "abcd"],
        uploaders=[{"uploader_id": "a", "follower_count": 5}],
        uploader_snapshots=[{"uploader_id": "b", "snapshot_date": date(2024, 3, 9), "follower_count": 5}],
        tags=[{"tag_name": "t", "snapshot_date": date(2024, 3, 10), "total_view_count": 5}],
        video_tags=[{"video_id": v, "tag_name": "t"} for v in "ab"],
    )
    assert market_status(workspace)["known_only_after_upload"] == {"uploader_counts": 0.25, "tag_totals": 0.5}


def test_an_empty_workspace_has_a_status(tmp_path: Path) -> None:
    status = market_status(Workspace.create(tmp_path, WorkspaceInfo("test")))
    assert status["known_only_after_upload"] == {"uploader_counts": 0.0, "tag_totals": 0.0}
    assert status["version"] == 0
