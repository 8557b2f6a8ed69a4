"""What a workspace promises: a change is seen whole or not at all, and what is known is never lost to a blank."""

import errno
import os
import shutil
import threading
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

from mtaf_core.data import delta, versions
from mtaf_core.data import store as store_module
from mtaf_core.data.delta import Upsert
from mtaf_core.data.store import Store
from mtaf_core.data.tables import TABLES, VIDEOS
from mtaf_core.errors import BadInput, BadWorkspace


def videos(*rows, **columns):
    """``videos("v1", "v2", description=[...])`` as Arrow."""
    kinds = {name: VIDEOS.columns[name] for name in columns}
    arrays = {name: pa.array(values, kinds[name]) for name, values in columns.items()}
    return pa.table({"platform": ["douyin"] * len(rows), "video_id": list(rows), **arrays})


def descriptions(store):
    found = store.query("SELECT video_id, description FROM videos ORDER BY video_id").to_pylist()
    return {row["video_id"]: row["description"] for row in found}


def merge(store, rows, table="videos"):
    with store.write("test") as change:
        return change.merge(table, rows)


def test_a_new_workspace_has_every_table_empty_and_typed(store):
    assert store.version == 0
    assert store.history() == ()
    assert store.counts() == dict.fromkeys(TABLES, 0)
    for name, table in TABLES.items():
        assert store.query(f"SELECT * FROM {name}").schema.types == table.arrow.types


def test_rows_come_back_with_canonical_names_and_types(store):
    keys = {"platform": ["d"], "video_id": ["v"], "modality": ["text"], "backbone": ["b"]}
    merge(store, pa.table({**keys, "vector": [[1.0, 0.5]]}), "embeddings")
    merge(store, videos("v", created_at=[datetime(2024, 3, 1, tzinfo=UTC)], duration_s=[3.5]))
    for name in ("videos", "embeddings"):
        found = store.query(f"SELECT * FROM {name}")
        assert found.column_names == list(TABLES[name].columns)
        assert found.schema.types == TABLES[name].arrow.types
    assert store.query("SELECT vector FROM embeddings").to_pylist() == [{"vector": [1.0, 0.5]}]


def test_a_merge_adds_updates_and_says_so(store):
    assert merge(store, videos("v1", "v2", description=["a", "b"])) == Upsert(new=2)
    assert merge(store, videos("v2", "v3", description=["B", "c"])) == Upsert(new=1, changed=1)
    assert descriptions(store) == {"v1": "a", "v2": "B", "v3": "c"}


def test_the_same_rows_again_make_no_commit(store):
    rows = videos("v1", "v2", description=["a", None], duration_s=[1.5, None])
    merge(store, rows)
    assert merge(store, rows) == Upsert(same=2)
    assert store.version == 1


def test_merging_nothing_is_nothing(store):
    assert merge(store, videos()) == Upsert()
    assert store.version == 0


def test_of_duplicates_the_last_known_value_of_each_column_counts_by_time_then_place(store):
    now = datetime(2024, 3, 1, tzinfo=UTC)
    rows = videos(
        "v", "v", "v", "w", "w",
        description=["new", "old", None, "first", "second"],
        duration_s=[None, 2.0, None, 1.0, None],
        collected_at=[now, now - timedelta(days=1), now + timedelta(days=1), None, None],
    )  # fmt: skip
    assert merge(store, rows) == Upsert(new=2)
    found = store.query("SELECT description, duration_s, collected_at FROM videos ORDER BY video_id").to_pylist()
    assert found == [
        {"description": "new", "duration_s": 2.0, "collected_at": now + timedelta(days=1)},
        {"description": "second", "duration_s": 1.0, "collected_at": None},
    ]


def test_replace_leaves_nothing_of_what_was(store):
    merge(store, videos("v1", "v2", description=["a", "b"]))
    with store.write("again") as change:
        assert change.replace("videos", videos("v3", description=["c"])) == 1
    assert descriptions(store) == {"v3": "c"}
    with store.write("empty") as change:
        change.replace("videos", videos())
    assert store.counts()["videos"] == 0
    merge(store, videos("v4"))
    assert descriptions(store) == {"v4": None}


def test_nothing_is_seen_until_the_block_ends(store):
    with store.write("two tables") as change:
        change.merge("videos", videos("v1", description=["a"]))
        change.merge("videos", videos("v1", "v2", description=["A", None]))
        assert store.version == 0
        assert store.counts()["videos"] == 0
    assert store.version == 1
    assert descriptions(store) == {"v1": "A", "v2": None}


@pytest.mark.parametrize("fault", [RuntimeError("bug"), KeyboardInterrupt()])
def test_a_block_that_raises_changes_nothing_and_the_next_write_is_right(store, fault):
    merge(store, videos("v1", description=["a"]))

    def fail():
        with store.write("fails") as change:
            change.merge("videos", videos("v1", "v9", description=["lost", "lost"]))
            change.merge("video_tags", pa.table({"platform": ["d"], "video_id": ["v9"], "tag_name": ["t"]}))
            raise fault

    with pytest.raises(type(fault)):
        fail()
    assert (store.version, descriptions(store)) == (1, {"v1": "a"})
    assert merge(store, videos("v2", description=["b"])) == Upsert(new=1)
    assert descriptions(store) == {"v1": "a", "v2": "b"}
    assert store.counts()["video_tags"] == 0


@pytest.mark.parametrize("before", [0, 1])
def test_a_crash_between_the_tables_and_the_log_leaves_the_old_version(store, monkeypatch, before):
    if before:
        merge(store, videos("v1", description=["a"]))
    old = descriptions(store)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    def crash():
        with monkeypatch.context() as patch, store.write("lost") as change:
            change.merge("videos", videos("v1", "v9", description=["lost", "lost"]))
            patch.setattr(os, "replace", full)

    with pytest.raises(BadWorkspace, match="No space left on device"):
        crash()
    again = Store(store.path)
    assert (again.version, descriptions(again)) == (before, old)
    merge(again, videos("v2", description=["b"]))
    assert descriptions(again) == {**old, "v2": "b"}


def test_an_older_commit_can_be_restored_and_written_on(store):
    merge(store, videos("v1", description=["a"]))
    merge(store, videos("v1", "v2", description=["A", "b"]))
    assert store.restore(1) == 3
    assert descriptions(store) == {"v1": "a"}
    merge(store, videos("v3", description=["c"]))
    assert descriptions(store) == {"v1": "a", "v3": "c"}
    store.restore(2)
    assert descriptions(store) == {"v1": "A", "v2": "b"}
    assert [commit.what for commit in store.history()] == ["test", "test", "restore 1", "test", "restore 2"]
    store.restore(0)
    assert store.counts()["videos"] == 0
    merge(store, videos("v4"))
    assert descriptions(store) == {"v4": None}


def test_a_commit_that_never_was_cannot_be_restored(store):
    with pytest.raises(BadInput, match="no version 7"):
        store.restore(7)


def test_a_second_writer_waits_and_is_then_told_to_run_again(store):
    with store.write("long") as change:
        change.merge("videos", videos("v1"))
        with pytest.raises(BadWorkspace, match="Another import is running"), Store(store.path, 0.05).write("second"):
            pass
    merge(Store(store.path), videos("v2"))
    assert store.counts()["videos"] == 2


def test_two_writers_at_once_lose_nothing(store):
    faults = []

    def write(name):
        try:
            merge(Store(store.path, lock_timeout_s=30), videos(*(f"{name}{i}" for i in range(5))))
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert (store.version, store.counts()["videos"]) == (4, 20)


def test_readers_in_other_threads_see_a_change_of_two_tables_whole(store):
    stop, seen = threading.Event(), set()

    def read():
        while not stop.is_set():
            row = store.query(
                "SELECT (SELECT count(*) FROM videos) AS v, (SELECT count(*) FROM video_tags) AS t"
            ).to_pylist()[0]
            seen.add((row["v"], row["t"]))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for i in range(4):
        with store.write("both") as change:
            change.merge("videos", videos(f"v{i}"))
            change.merge("video_tags", pa.table({"platform": ["d"], "video_id": [f"v{i}"], "tag_name": ["t"]}))
    stop.set()
    for reader in readers:
        reader.join()
    assert seen <= {(i, i) for i in range(5)}
    assert store.counts()["videos"] == 4


def test_what_another_process_commits_is_seen(store):
    merge(store, videos("v1"))
    assert store.counts()["videos"] == 1
    merge(Store(store.path), videos("v2"))
    assert (store.version, store.counts()["videos"]) == (2, 2)


def test_relations_and_parameters_join_with_the_tables(store):
    merge(store, videos("v1", "v2", description=["a", "b"]))
    wanted = pa.table({"video_id": ["v2"]})
    found = store.query(
        "SELECT description FROM videos JOIN wanted USING (video_id) WHERE platform = $p",
        {"p": "douyin"},
        wanted=wanted,
    )
    assert found.to_pylist() == [{"description": "b"}]
    assert store.query("SELECT count(*) AS n FROM videos WHERE video_id <> ?", ["v1"]).to_pylist() == [{"n": 1}]


def test_a_derived_table_follows_every_commit(store):
    derived = {"longest": "SELECT max(duration_s) AS s FROM videos"}
    for seconds in (1.0, 5.0):
        merge(store, videos(f"v{seconds}", duration_s=[seconds]))
        assert store.query("SELECT s FROM longest", derived=derived).to_pylist() == [{"s": seconds}]


def test_an_answer_is_remembered_until_the_next_commit_and_the_oldest_is_forgotten(store, monkeypatch):
    asked = []

    def answer():
        asked.append(1)
        return store.query("SELECT count(*) AS n FROM videos")

    for _ in range(3):
        assert store.remember("k", answer).to_pylist() == [{"n": 0}]
    assert len(asked) == 1
    merge(store, videos("v1"))
    assert store.remember("k", answer).to_pylist() == [{"n": 1}]
    monkeypatch.setattr(store_module, "MAX_ANSWERS", 2)
    store.remember("l", answer)
    store.remember("m", answer)
    store.remember("k", answer)
    assert len(asked) == 5


def test_tables_too_large_for_memory_are_read_from_disk_alike(store, monkeypatch):
    monkeypatch.setattr(store_module, "SMALL_TABLE_BYTES", 0)
    merge(store, videos("v1", description=["a"]))
    assert descriptions(store) == {"v1": "a"}
    shutil.rmtree(store.path / "tables" / "videos")
    with pytest.raises(BadWorkspace, match="missing or damaged"):
        descriptions(store)


def test_many_small_imports_are_compacted_and_can_still_be_undone(store, monkeypatch):
    monkeypatch.setattr(delta, "MAX_FILES", 3)
    for i in range(6):
        merge(store, videos(f"v{i}"))
    pinned = store.history()[-1].tables["videos"]
    assert DeltaTable(store.path / "tables" / "videos", version=pinned).get_add_actions().num_rows <= 3
    assert store.counts()["videos"] == 6
    store.restore(2)
    assert sorted(descriptions(store)) == ["v0", "v1"]


def test_a_table_written_before_a_column_existed_still_reads_and_merges(store):
    folder = store.path / "tables" / "videos"
    folder.mkdir(parents=True)
    write_deltalake(folder, videos("v1", description=["a"]))
    versions.write(folder.parent / "versions.json", (versions.Commit(1, datetime.now(UTC), "old", {"videos": 0}),))
    assert store.query("SELECT * FROM videos").schema.types == VIDEOS.arrow.types
    merge(store, videos("v2", duration_s=[2.0]))
    merge(store, videos("v1", duration_s=[1.0]))
    found = store.query("SELECT video_id, description, duration_s FROM videos ORDER BY video_id").to_pylist()
    assert [tuple(row.values()) for row in found] == [("v1", "a", 1.0), ("v2", None, 2.0)]


@pytest.mark.parametrize("name", ["with space", "it's", "达人 数据", "a#b", "semi;colon"])
def test_a_folder_may_be_called_what_people_call_folders(tmp_path, name):
    store = Store(tmp_path / name)
    merge(store, videos("v1", description=["a"]))
    merge(store, videos("v1", description=["b"]))
    assert descriptions(Store(tmp_path / name)) == {"v1": "b"}


@pytest.mark.parametrize("name", ["a[1]", "100%25", "a|b"])
def test_a_folder_name_that_tables_cannot_have_is_refused_in_words(tmp_path, name):
    with pytest.raises(BadWorkspace, match="choose a path without it"), Store(tmp_path / name).write("x"):
        pass


def test_a_workspace_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file" / "workspace")
    assert store.counts()["videos"] == 0
    with pytest.raises(BadWorkspace, match="cannot be written"), store.write("x"):
        pass


def test_a_disk_that_fills_up_while_a_table_is_written_changes_nothing(store, monkeypatch):
    merge(store, videos("v1"))

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(delta, "settle", full)
        with pytest.raises(BadWorkspace, match=r"No space left on device.*nothing was changed"):
            merge(store, videos("v2"))
    assert sorted(descriptions(store)) == ["v1"]


def test_a_missing_table_a_missing_file_and_a_lost_log_are_each_named(store):
    merge(store, videos("v1"))
    tables = store.path / "tables"
    shutil.copytree(tables, store.path / "backup")
    next((tables / "videos").glob("*.parquet")).unlink()
    with pytest.raises(BadWorkspace, match="'videos' is missing or damaged"):
        Store(store.path).counts()
    with pytest.raises(BadWorkspace, match="cannot be written|missing or damaged"):
        merge(Store(store.path), videos("v2"))
    shutil.rmtree(tables / "videos")
    with pytest.raises(BadWorkspace, match="'videos' is missing or damaged"):
        Store(store.path).counts()
    shutil.rmtree(tables)
    shutil.copytree(store.path / "backup", tables)
    assert Store(store.path).counts()["videos"] == 1
    (tables / "versions.json").unlink()
    with pytest.raises(BadWorkspace, match=r"versions\.json is missing"):
        Store(store.path).counts()
    with pytest.raises(BadWorkspace, match=r"versions\.json is missing"):
        merge(Store(store.path), videos("v2"))


def test_a_workspace_built_anew_in_the_same_folder_is_seen(store):
    merge(store, videos("v1", description=["old"]))
    before = store.state
    assert descriptions(store) == {"v1": "old"}
    assert store.remember("key", lambda: videos("v1")).num_rows == 1
    shutil.rmtree(store.path)
    merge(Store(store.path), videos("v2", "v3", description=["new", "new"]))
    assert store.version == 1  # as before
    assert store.state != before
    assert descriptions(store) == {"v2": "new", "v3": "new"}
    assert store.remember("key", lambda: videos("v2", "v3")).num_rows == 2


def test_the_state_changes_with_every_commit_and_with_nothing_else(store):
    states = [store.state]
    for text in ("a", "b"):
        merge(store, videos("v1", description=[text]))
        states.append(store.state)
    store.restore(1)
    states.append(store.state)
    assert len(set(states)) == 4
    merge(store, videos("v1", description=["a"]))
    assert store.state == Store(store.path).state == states[-1]


def test_bad_rows_are_refused_and_change_nothing(store):
    with pytest.raises(BadInput, match="no column 'plays'"):
        merge(store, videos("v1").append_column("plays", [[1]]))
    assert (store.version, store.counts()["videos"]) == (0, 0)
