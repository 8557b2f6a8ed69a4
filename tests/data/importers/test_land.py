"""Rows land once each, checked, in one commit; in which order they come makes no difference."""

import csv
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtaf_core.data.importers import flags, land
from mtaf_core.data.importers.land import Landing
from mtaf_core.data.importers.reasons import say
from mtaf_core.data.importers.report import TableCounts
from mtaf_core.data.importers.rows import Parsed, Rank, Rejected, Row
from mtaf_core.data.store import Store
from mtaf_core.data.tables import TABLES

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)


def row(table, rank=Rank.RECORD, **values):
    return Row(table, {"platform": "douyin", "source": "test", "collected_at": NOON, **values}, rank)


def land_rows(store, *rows, folder=None, zone="Asia/Shanghai"):
    """Land each row as a record of its own; the landing's folder keeps the files of rejections and flags."""
    folder = folder or Path(tempfile.mkdtemp(dir=store.path.parent))
    landing = Landing(folder, zone)
    for line, one in enumerate(rows, 1):
        landing.add(one if isinstance(one, Rejected) else Parsed((one,), "posts.json", line))
    return landing.finish(store, "import test")


def table(store, name, columns="*"):
    keys = ", ".join(TABLES[name].keys)
    return store.query(f"SELECT {columns} FROM {name} ORDER BY {keys}").to_pylist()


def rejected(folder):
    with open(folder / "rejected.csv", encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_rows_of_many_tables_land_in_one_commit(store, tmp_path):
    landed = land_rows(
        store,
        row("videos", video_id="v", created_at=NOON),
        row("snapshots", video_id="v", snapshot_date=date(2024, 3, 2), favorite_count=5),
        row("uploaders", uploader_id="u", nickname="n"),
    )
    assert landed.commit == store.version == 1
    assert landed.tables == dict.fromkeys(("uploaders", "videos", "snapshots"), TableCounts(new=1))
    assert (landed.rejected_rows, landed.rejected_values, landed.flags) == (0, 0, {})


def test_the_same_rows_again_change_nothing(store):
    rows = [
        row("videos", video_id="v", created_at=NOON, duration_s=3.0),
        row("snapshots", video_id="v", snapshot_date=date(2024, 3, 2), favorite_count=5),
        row("uploaders", Rank.STUB, uploader_id="u", follower_count=3),
    ]
    land_rows(store, *rows)
    again = land_rows(store, *rows)
    assert again.commit is None
    assert store.version == 1
    assert all(counts == TableCounts(unchanged=1) for counts in again.tables.values())


def test_a_profile_goes_before_the_stub_of_a_post_whichever_comes_first_or_later(store):
    profile = row("uploaders", uploader_id="u", follower_count=100, nickname="profile")
    later = NOON + timedelta(days=3)
    stub = row("uploaders", Rank.STUB, uploader_id="u", follower_count=0, region="CN", collected_at=later)
    for rows in ([profile, stub], [stub, profile]):
        one, two = Store(store.path / str(len(rows[0].values))), Store(store.path / f"two{rows[0].rank}")
        land_rows(one, *rows, folder=_fresh(store))
        for each in rows:
            land_rows(two, each, folder=_fresh(store))
        for found in (table(one, "uploaders"), table(two, "uploaders")):
            assert [(r["follower_count"], r["nickname"], r["region"]) for r in found] == [(100, "profile", "CN")]


def _fresh(store):
    store.path.mkdir(exist_ok=True)
    return Path(tempfile.mkdtemp(dir=store.path))


def test_of_several_snapshots_a_day_the_latest_counts_and_the_day_is_counted_in_the_markets_zone(store):
    landed = land_rows(
        store,
        row(
            "snapshots",
            video_id="v",
            snapshot_date=date(2024, 3, 3),
            favorite_count=7,
            collected_at=NOON + timedelta(2),
        ),
        row("snapshots", video_id="v", snapshot_date=date(2024, 3, 3), favorite_count=5, collected_at=NOON),
        # 17:00 in UTC is the next day in Shanghai.
        row("videos", video_id="v", created_at=datetime(2024, 3, 1, 17, tzinfo=UTC)),
    )
    assert landed.flags == {"duplicates": 1}
    assert table(store, "snapshots", "favorite_count, day_index") == [{"favorite_count": 7, "day_index": 2}]


def test_an_upload_time_that_comes_later_dates_the_snapshots_on_record(store):
    land_rows(store, row("snapshots", video_id="v", snapshot_date=date(2024, 3, 3), favorite_count=5))
    assert table(store, "snapshots", "day_index") == [{"day_index": None}]
    land_rows(store, row("videos", video_id="v", created_at=NOON))
    assert table(store, "snapshots", "day_index, favorite_count") == [{"day_index": 3, "favorite_count": 5}]
    land_rows(store, row("snapshots", video_id="v", snapshot_date=date(2024, 3, 4), favorite_count=6))
    assert table(store, "snapshots", "day_index") == [{"day_index": 3}, {"day_index": 4}]


def test_counts_that_fall_are_kept_and_flagged_across_imports(store, tmp_path):
    land_rows(store, row("snapshots", video_id="v", snapshot_date=date(2024, 3, 3), favorite_count=9, view_count=5))
    folder = tmp_path / "work"
    folder.mkdir()
    fallen = row("snapshots", video_id="v", snapshot_date=date(2024, 3, 4), favorite_count=8, view_count=6)
    landed = land_rows(store, fallen, folder=folder)
    assert landed.flags == {"falls": 1}
    assert table(store, "snapshots", "favorite_count") == [{"favorite_count": 9}, {"favorite_count": 8}]
    with open(folder / "flags.csv", encoding="utf-8-sig", newline="") as stream:
        found = list(csv.DictReader(stream))
    assert [(r["video_id"], r["column"], r["value_before"], r["value"]) for r in found] == [
        ("v", "favorite_count", "9", "8")
    ]


@pytest.mark.parametrize(
    ("wrong", "column", "kept"),
    [
        (row("videos", video_id="v", created_at=datetime(2003, 1, 1, tzinfo=UTC)), "created_at", True),
        (row("videos", video_id="v", created_at=datetime(2090, 1, 1, tzinfo=UTC)), "created_at", True),
        (row("videos", video_id="v", poi_lat=200.0), "poi_lat", True),
        (row("videos", video_id="v", timezone="Mars/Olympus"), "timezone", True),
        (row("videos", video_id=None), "video_id", False),
        (row("videos", video_id=""), "video_id", False),
        (row("uploaders", uploader_id="u", favorited_count=-1_889_934_592), "favorited_count", True),
        (row("uploaders", uploader_id="u", follower_count=10**13), "follower_count", True),
        (row("uploaders", uploader_id="u", gender="robot"), "gender", True),
        (row("uploaders", uploader_id="u", follower_count=2**70), "follower_count", True),
        (row("snapshots", video_id="v", snapshot_date=date(2003, 1, 1)), "snapshot_date", False),
        (row("snapshots", video_id="v", snapshot_date=date(2090, 1, 1)), "snapshot_date", False),
        (row("video_tags", video_id="v", tag_name="t" * 200), "tag_name", False),
    ],
)
def test_what_cannot_be_is_left_out_and_listed_with_its_place_and_reason(store, tmp_path, wrong, column, kept):
    folder = tmp_path / "work"
    folder.mkdir()
    landed = land_rows(store, row("videos", video_id="fine"), wrong, folder=folder)
    (listed,) = rejected(folder)
    assert (listed["file"], listed["line"], listed["column"]) == ("posts.json", "2", column)
    assert listed["reason"].endswith(".")
    assert listed["left_out"] == ("value" if kept else "row")
    assert (landed.rejected_values, landed.rejected_rows) == ((1, 0) if kept else (0, 1))
    assert landed.tables[wrong.table].rejected == (0 if kept else 1)
    if kept:
        key = TABLES[wrong.table].keys[1]
        (found,) = [r for r in table(store, wrong.table) if r[key] == wrong.values[key]]
        assert found[column] is None


def test_a_snapshot_from_before_the_upload_is_no_snapshot_but_one_day_may_be_a_time_zone(store, tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    landed = land_rows(
        store,
        row("videos", video_id="v", created_at=NOON),
        row("snapshots", video_id="v", snapshot_date=date(2024, 2, 29), favorite_count=1),
        row("snapshots", video_id="v", snapshot_date=date(2024, 2, 10), favorite_count=1),
        folder=folder,
    )
    assert landed.flags == {"before_upload": 1}
    assert table(store, "snapshots", "snapshot_date, day_index") == [
        {"snapshot_date": date(2024, 2, 29), "day_index": None}
    ]
    assert [(r["line"], r["value"]) for r in rejected(folder)] == [("3", "2024-02-10")]


def test_a_zero_that_means_unknown_becomes_null_and_a_zero_count_stays(store):
    land_rows(
        store,
        row("videos", video_id="v", duration_s=0.0, width_px=0),
        row("snapshots", video_id="v", snapshot_date=date(2024, 3, 3), favorite_count=0),
    )
    assert table(store, "videos", "duration_s, width_px") == [{"duration_s": None, "width_px": None}]
    assert table(store, "snapshots", "favorite_count") == [{"favorite_count": 0}]


def test_what_a_reader_rejects_is_listed_and_formulas_are_disarmed(store, tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    landed = land_rows(
        store, Rejected("a.csv", 7, "likes", "=HYPERLINK(1)", say("count_above", most="9")), folder=folder
    )
    assert (landed.commit, landed.rejected_rows) == (None, 1)
    assert [list(r.values()) for r in rejected(folder)] == [
        [
            "a.csv",
            "7",
            "likes",
            "'=HYPERLINK(1)",
            "A count above 9 cannot be right.",
            "row",
            "count_above",
            '{"most": "9"}',
        ]
    ]


def test_rows_of_columns_land_as_rows_of_readers_do(store):
    landing = Landing(_fresh(store), "UTC")
    rows = pa.table(
        {"platform": ["d", "d"], "video_id": ["a", "b"], "duration_s": [1.0, 2.0], "line": pa.array([2, 3], pa.int64())}
    )
    landing.add_arrow("videos", rows, "t.csv")
    landing.finish(store, "import t.csv")
    assert table(store, "videos", "video_id, duration_s") == [
        {"video_id": "a", "duration_s": 1.0},
        {"video_id": "b", "duration_s": 2.0},
    ]


def test_parts_that_do_not_fit_memory_make_the_same_tables(store, monkeypatch):
    rows = [row("videos", video_id=f"v{n % 7}", duration_s=1.0 + n, created_at=NOON) for n in range(30)]
    rows += [
        row("snapshots", video_id=f"v{n % 7}", snapshot_date=date(2024, 3, 1 + n % 5), favorite_count=100 - n)
        for n in range(30)
    ]
    whole, parted = Store(store.path / "whole"), Store(store.path / "parted")
    first = land_rows(whole, *rows, folder=_fresh(store))
    monkeypatch.setattr(land, "ROWS_A_PART", 4)
    monkeypatch.setattr(land, "BUFFERED_ROWS", 3)
    monkeypatch.setattr(flags, "ROWS_A_PART", 4)
    second = land_rows(parted, *rows, folder=_fresh(store))
    assert first.tables == second.tables
    assert first.flags == second.flags
    for name in ("videos", "snapshots"):
        assert table(whole, name) == table(parted, name)


_DAY = st.integers(0, 4).map(lambda days: NOON + timedelta(days=days))
_VIDEO = st.builds(
    lambda key, at, length, text: (key, at, length, text),
    st.sampled_from("ab"), _DAY, st.integers(1, 9).map(float), st.sampled_from("xyz"),
)  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(
    records=st.lists(_VIDEO, min_size=1, max_size=6, unique_by=lambda v: (v[0], v[1])),
    order=st.randoms(use_true_random=False),
    cut=st.integers(0, 6),
)
def test_in_which_order_and_in_how_many_imports_records_come_makes_no_difference(records, order, cut):
    def landed(*imports):
        with tempfile.TemporaryDirectory() as folder:
            store = Store(Path(folder) / "workspace")
            for batch in imports:
                rows = [
                    row("videos", video_id=key, collected_at=at, duration_s=length, description=text)
                    for key, at, length, text in batch
                ]
                land_rows(store, *rows, folder=_fresh(store))
            return table(store, "videos")

    shuffled = list(records)
    order.shuffle(shuffled)
    expected = landed(records)
    assert landed(shuffled[:cut], shuffled[cut:]) == expected
    assert landed(shuffled, records) == expected
