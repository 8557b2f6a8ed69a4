from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
import pytest

from mtaf_core.data.conform import canonical_table, conform
from mtaf_core.data.tables import EMBEDDINGS, TABLES, UPLOADERS, VIDEOS
from mtaf_core.errors import BadInput

KEYS = {"platform": ["douyin"], "video_id": ["v1"]}


@pytest.mark.parametrize("name", TABLES)
def test_whatever_columns_come_the_schema_is_the_canonical_one(name):
    table = TABLES[name]
    days = [datetime(2024, 3, 1, tzinfo=UTC).date()]
    keys = {key: days if key == "snapshot_date" else ["x"] for key in reversed(table.keys)}
    assert conform(table, pa.table(keys)).schema == table.arrow


def test_a_missing_number_is_null_even_where_pandas_wrote_nan():
    rows = conform(VIDEOS, pa.table({**KEYS, "duration_s": [float("nan")], "width_px": [float("nan")]}))
    assert rows.column("duration_s").null_count == rows.column("width_px").null_count == 1


def test_whole_numbers_that_pandas_made_floats_fit_again():
    assert conform(VIDEOS, pa.table({**KEYS, "width_px": [720.0]})).column("width_px").to_pylist() == [720]


def test_a_time_of_another_zone_is_the_same_moment_in_utc():
    noon = datetime(2024, 3, 1, 12, tzinfo=timezone(timedelta(hours=8)))
    rows = conform(VIDEOS, pa.table({**KEYS, "created_at": pa.array([noon], pa.timestamp("ns", tz="+08:00"))}))
    assert rows.column("created_at").to_pylist() == [datetime(2024, 3, 1, 4, tzinfo=UTC)]


@pytest.mark.parametrize("kind", [pa.list_(pa.float64()), pa.list_(pa.float32(), 2), pa.large_list(pa.float32())])
def test_vectors_of_any_arrow_kind_become_lists_of_float32(kind):
    keys = {"platform": ["d"], "video_id": ["v"], "modality": ["text"], "backbone": ["b"]}
    rows = conform(EMBEDDINGS, pa.table({**keys, "vector": pa.array([[0.5, 2.0]], kind)}))
    assert rows.column("vector").to_pylist() == [[0.5, 2.0]]


def test_whole_number_ids_become_text_without_losing_a_digit():
    rows = conform(UPLOADERS, pa.table({"platform": ["d"], "uploader_id": [7123456789012345678]}))
    assert rows.column("uploader_id").to_pylist() == ["7123456789012345678"]


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({**KEYS, "plays": [1]}, "'videos' has no column 'plays'"),
        ({"video_id": ["v1"]}, "'platform' of table 'videos' is a key"),
        ({**KEYS, "video_id": [None]}, "'video_id' of table 'videos' is a key"),
        ({**KEYS, "video_id": [7.1e18]}, "'video_id' of table 'videos' must be text"),
        ({**KEYS, "width_px": [720.5]}, "'width_px' of table 'videos' must be whole numbers"),
        ({**KEYS, "width_px": ["wide"]}, "'width_px' of table 'videos' must be whole numbers"),
        ({**KEYS, "duration_s": [float("inf")]}, "'duration_s' of table 'videos' holds an infinite number"),
        ({**KEYS, "duration_s": [float("inf"), None]}, "'duration_s' of table 'videos' holds an infinite number"),
        ({**KEYS, "created_at": [datetime(2024, 3, 1)]}, "'created_at' of table 'videos' must be times with"),
        ({**KEYS, "created_at": [1_700_000_000]}, "'created_at' of table 'videos' must be times with"),
        ({**KEYS, "is_ad": [["yes"]]}, "'is_ad' of table 'videos' must be true or false"),
    ],
)
def test_what_does_not_fit_is_refused_by_table_and_column(columns, says):
    rows = max(len(values) for values in columns.values())
    arrow = pa.table({name: values * rows if len(values) < rows else values for name, values in columns.items()})
    with pytest.raises(BadInput, match=says):
        conform(VIDEOS, arrow)


def test_a_column_given_twice_is_refused():
    twice = pa.table([["d"], ["d"], ["v"]], names=["platform", "platform", "video_id"])
    with pytest.raises(BadInput, match="'platform' comes twice"):
        conform(VIDEOS, twice)


def test_an_unknown_table_is_answered_with_the_known_ones():
    with pytest.raises(BadInput, match="no table 'clips'; use one of uploaders"):
        canonical_table("clips")
