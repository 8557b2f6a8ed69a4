"""Whatever is merged, in whatever order: the last known value stays, and nothing changes twice."""

import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable
from hypothesis import given, settings
from hypothesis import strategies as st

from mtaf_core.data import delta
from mtaf_core.data.store import Store
from mtaf_core.data.tables import VIDEOS

_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "video_id": st.sampled_from("abcd"),
            "description": st.none() | st.text("xyz", max_size=2),
            "duration_s": st.none() | st.integers(0, 3).map(float),
        }
    ),
    max_size=5,
)
_KINDS = pa.schema(
    [("platform", pa.string()), *((n, VIDEOS.columns[n]) for n in ("video_id", "description", "duration_s"))]
)


def as_arrow(rows):
    return pa.Table.from_pylist([{"platform": "douyin", **row} for row in rows], _KINDS)


def written(batches):
    """What is in ``videos`` after merging the batches one after another, by id."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        for batch in batches:
            with store.write("batch") as change:
                change.merge("videos", as_arrow(batch))
        found = store.query("SELECT video_id, description, duration_s FROM videos").to_pylist()
    return {row.pop("video_id"): row for row in found}


@settings(max_examples=12, deadline=None)
@given(st.lists(_ROWS, min_size=1, max_size=3))
def test_merges_keep_the_last_known_value_of_every_column(batches):
    expected = {}
    for row in (row for batch in batches for row in batch):
        known = expected.setdefault(row["video_id"], {"description": None, "duration_s": None})
        known.update({name: row[name] for name in known if row[name] is not None})
    assert written(batches) == expected


@settings(max_examples=6, deadline=None)
@given(_ROWS, _ROWS)
def test_merging_again_changes_nothing(first, second):
    assert written([first, second, second]) == written([first, second])


@settings(max_examples=6, deadline=None)
@given(_ROWS, _ROWS)
def test_merges_of_different_videos_may_come_in_any_order(first, second):
    second = [{**row, "video_id": row["video_id"].upper()} for row in second]
    assert written([first, second]) == written([second, first])


def test_files_that_hold_different_columns_are_one_table_and_are_joined_into_one(tmp_path, monkeypatch):
    monkeypatch.setattr(delta, "MAX_FILES", 2)
    store = Store(tmp_path)
    columns = [("a", "description"), ("b", "upload_city"), ("c", "music_id"), ("a", "transcript")]
    for video, column in columns:
        with store.write("w") as change:
            change.merge("videos", pa.table({"platform": ["d"], "video_id": [video], column: ["x"]}))
    files = sorted((tmp_path / "tables" / "videos").glob("*.parquet"))
    assert any("music_id" not in pq.read_schema(file).names for file in files), "nothing was left out"
    assert DeltaTable(tmp_path / "tables" / "videos").get_add_actions().num_rows <= 3
    rows = store.query("SELECT video_id, description, upload_city, music_id, transcript FROM videos ORDER BY ALL")
    assert [tuple(row.values()) for row in rows.to_pylist()] == [
        ("a", "x", None, None, "x"), ("b", None, "x", None, None), ("c", None, None, "x", None),
    ]  # fmt: skip
    assert DeltaTable(tmp_path / "tables" / "videos").to_pyarrow_table().num_rows == 3
