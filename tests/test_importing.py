"""Imports as a whole: the real data sets, archives, arrays, undo; and what faults leave behind."""

import csv
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from mtaf_core import importing
from mtaf_core.data.importers import mapping
from mtaf_core.errors import BadInput, BadWorkspace
from mtaf_core.importing import Vectors
from mtaf_core.workspace import Workspace, WorkspaceInfo

REAL = Path(__file__).resolve().parents[1].parent / "shared" / "data"


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    return Workspace.create(tmp_path / "market", WorkspaceInfo(name="market"))


def table(path: Path, videos: int = 3, likes: int = 5, day: str = "2024-03-02", prefix: str = "v") -> Path:
    with open(path, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("video_id", "author_id", "post_time", "snapshot_date", "likes"))
        for n in range(videos):
            writer.writerow((f"{prefix}{n}", f"u{n % 3}", "2024-03-01 12:00:00", day, likes + n))
    return path


def rows(workspace, sql):
    return workspace.store.query(sql).to_pylist()


def tree(folder: Path) -> set[str]:
    """Every file of a workspace but locks, which may stay."""
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file() and not p.name.endswith("lock")}


@pytest.mark.parametrize(
    ("folder", "format", "expected"),
    [
        ("smp_video", "smp-video", {"videos": 3200, "uploaders": 2806, "embeddings": 6400}),
        ("bilibili_daily", "bilibili-daily", {"snapshots": 24_252}),
        ("tiktok_vn", "tiktok-vn", {"videos": 21_149, "snapshots": 36_644}),
    ],
)
def test_the_real_data_sets_import_whole_and_a_second_time_change_nothing(workspace, folder, format, expected):
    if not (REAL / folder).is_dir():
        pytest.skip(f"no real data in {REAL / folder}")
    report = importing.import_paths(workspace, [REAL / folder], format=format)
    assert report.rejected_rows == 0
    counts = workspace.store.counts()
    assert {name: counts[name] for name in expected} == expected
    again = importing.import_paths(workspace, [REAL / folder], format=format)
    assert again.commit is None
    assert all(c.new == c.updated == 0 for c in again.tables.values())


def test_the_real_labels_and_features_are_where_training_looks(workspace):
    if not (REAL / "smp_video").is_dir():
        pytest.skip(f"no real data in {REAL / 'smp_video'}")
    report = importing.import_paths(workspace, [REAL / "smp_video"], format="smp-video")
    assert report.rejected_values == 3  # likes that overflowed
    found = rows(
        workspace,
        "SELECT count(popularity_label) AS n, min(popularity_label) AS low, max(popularity_label) AS high, "
        "count(created_at) AS dated FROM videos",
    )
    assert (found[0]["n"], found[0]["dated"]) == (3200, 3200)
    assert 1 < found[0]["low"] < 2
    assert 13 < found[0]["high"] < 14
    embedded = rows(
        workspace,
        "SELECT modality, backbone, count(*) AS n, min(len(vector)) AS low, max(len(vector)) AS high FROM embeddings "
        "SEMI JOIN videos USING (platform, video_id) GROUP BY ALL ORDER BY ALL",
    )
    assert embedded == [
        {"modality": "audio", "backbone": "smp-acoustic", "n": 3200, "low": 15, "high": 15},
        {"modality": "visual", "backbone": "smp-face", "n": 3200, "low": 16, "high": 16},
    ]
    frame = workspace.frame()
    assert len(frame) == 3200
    assert np.isfinite(frame.score).all()


@pytest.mark.parametrize("name", ["tiktok_web_itemInfo.json", "tiktok_app_aweme_detail.json"])
def test_real_answers_of_platforms_import(workspace, name):
    if not (REAL / "payloads").is_dir():
        pytest.skip(f"no real data in {REAL / 'payloads'}")
    report = importing.import_paths(workspace, [REAL / "payloads" / name])
    assert report.tables["videos"].new == 1
    assert report.tables["snapshots"].new == 1


def test_a_folder_an_archive_and_a_pattern_bring_the_same_rows(workspace, tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    table(folder / "a.csv", prefix="a")
    table(folder / "b.csv", prefix="b")
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"deep/{file.name}")
    when = datetime(2024, 3, 5, tzinfo=UTC)
    for named in (folder, str(folder / "*.csv"), tmp_path / "export.zip"):
        importing.import_paths(workspace, [named], collected_at=when)
        assert workspace.store.counts()["videos"] == 6
    assert len(importing.imports(workspace)) == 3


def test_every_day_is_an_upsert_that_says_what_it_did(workspace, tmp_path):
    first = importing.import_paths(workspace, [table(tmp_path / "d1.csv", 3)])
    second = importing.import_paths(workspace, [table(tmp_path / "d2.csv", 4, 9, "2024-03-03")])
    assert (first.number, first.commit, second.number, second.commit) == (1, 1, 2, 2)
    assert (second.tables["snapshots"].new, second.tables["videos"].new) == (4, 1)
    assert second.tables["videos"].unchanged == 3
    assert rows(workspace, "SELECT DISTINCT day_index FROM snapshots ORDER BY 1") == [
        {"day_index": 2},
        {"day_index": 3},
    ]
    assert [(v.number, v.what) for v in importing.history(workspace)] == [(1, "import d1.csv"), (2, "import d2.csv")]
    assert importing.history(workspace)[1].report == second


def test_going_back_is_a_version_too(workspace, tmp_path):
    importing.import_paths(workspace, [table(tmp_path / "d1.csv", 3)])
    importing.import_paths(workspace, [table(tmp_path / "d2.csv", 5, prefix="w")])
    assert importing.undo(workspace) == 3
    assert workspace.store.counts()["videos"] == 3
    assert importing.undo(workspace, 0) == 4
    assert workspace.store.counts()["videos"] == 0
    assert importing.undo(workspace, 2) == 5
    assert workspace.store.counts()["videos"] == 8
    with pytest.raises(BadInput, match="no version 99"):
        importing.undo(workspace, 99)


def test_nothing_to_undo_is_said(workspace):
    with pytest.raises(BadInput, match="nothing to undo"):
        importing.undo(workspace)


def test_arrays_become_embeddings_under_the_name_they_are_given(workspace, tmp_path):
    ids, matrix = np.array(["v0", "v1"]), np.arange(6, dtype=np.float64).reshape(2, 3)
    np.savez(tmp_path / "named.npz", ids=ids, vectors=matrix)
    np.savez(tmp_path / "keyed.npz", v0=matrix[0], v1=matrix[1])
    np.save(tmp_path / "v0.npy", matrix[0])
    for name, count in (("named.npz", 2), ("keyed.npz", 2), ("v0.npy", 1)):
        report = importing.import_paths(workspace, [tmp_path / name], vectors=Vectors("audio", name))
        assert report.tables["embeddings"].new == count
    found = rows(workspace, "SELECT video_id, platform, vector FROM embeddings WHERE backbone = 'named.npz' ORDER BY 1")
    assert [(r["video_id"], r["platform"], r["vector"]) for r in found] == [
        ("v0", "douyin", [0.0, 1.0, 2.0]),
        ("v1", "douyin", [3.0, 4.0, 5.0]),
    ]


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        ({"ids": np.array(["a"]), "vectors": np.array([[np.nan]])}, "not finite"),
        ({"ids": np.array(["a", "b"]), "vectors": np.ones((1, 2))}, "2 ids and 1 vectors"),
        ({"ids": np.array([1.5]), "vectors": np.ones((1, 2))}, "must be one list of texts"),
        ({"ids": np.array(["a"]), "vectors": np.array([["x"]])}, "vectors in"),
        ({"ids": np.array(["a"], dtype=object), "vectors": np.ones((1, 2))}, "no plain array"),
        ({"ids": np.array(["7.01e18"]), "vectors": np.ones((1, 2))}, "missing or rounded"),
        (
            {
                "ids": np.array(["7300000000000000100", "7300000000000000200", "7300000000000000300"]),
                "vectors": np.ones((3, 2)),
            },
            "missing or rounded",
        ),
        ({"ids": np.array(["a", "a"]), "vectors": np.ones((2, 2))}, "two vectors of video 'a'"),
        ({"ids": np.array(["a"]), "vectors": np.array([[1e300]])}, "not finite"),
        ({"a": np.ones(2), "b": np.ones(3)}, "differ in length"),
    ],
)
def test_arrays_that_are_no_vectors_are_refused(workspace, tmp_path, arrays, says):
    np.savez(tmp_path / "f.npz", **arrays)
    with pytest.raises(BadInput, match=says):
        importing.import_paths(workspace, [tmp_path / "f.npz"], vectors=Vectors("audio", "mine"))
    assert workspace.store.version == 0


def test_arrays_need_to_be_named(workspace, tmp_path):
    np.save(tmp_path / "v0.npy", np.ones(3))
    for vectors in (None, Vectors("audio", " ")):
        with pytest.raises(BadInput, match="--modality and --backbone"):
            importing.import_paths(workspace, [tmp_path / "v0.npy"], vectors=vectors)


def test_vectors_of_one_name_have_one_length_whenever_they_come(workspace, tmp_path):
    for name, length in (("v0", 3), ("v1", 3), ("v2", 4)):
        np.save(tmp_path / f"{name}.npy", np.ones(length))
    mine = Vectors("audio", "mine")
    with pytest.raises(BadInput, match=r"audio vectors called 'mine' differ in length \(3, 4\)"):
        importing.import_paths(workspace, [tmp_path / "v*.npy"], vectors=mine)
    assert workspace.store.version == 0
    importing.import_paths(workspace, [tmp_path / "v0.npy", tmp_path / "v1.npy"], vectors=mine)
    with pytest.raises(BadInput, match="differ in length"):
        importing.import_paths(workspace, [tmp_path / "v2.npy"], vectors=mine)
    assert workspace.store.version == 1
    importing.import_paths(workspace, [tmp_path / "v2.npy"], vectors=Vectors("visual", "mine"))


def test_vectors_of_videos_that_nobody_knows_come_in_and_are_told(workspace, tmp_path):
    (tmp_path / "t.csv").write_text("video_id,likes\nv0,5\n", encoding="utf-8")
    np.savez(tmp_path / "f.npz", v0=np.ones(3), v1=np.ones(3))
    importing.import_paths(workspace, [tmp_path / "t.csv"])
    report = importing.import_paths(workspace, [tmp_path / "f.npz"], vectors=Vectors("audio", "mine"))
    assert (report.tables["embeddings"].new, dict(report.flags)) == (2, {"no_video": 1})


def test_a_mapping_of_ones_own_is_used_by_path_or_by_name(workspace, tmp_path):
    (tmp_path / "t.csv").write_text("clip,hearts\nc1,7\n", encoding="utf-8")
    text = 'format = 1\nname = "mine"\n[[file]]\n[file.snapshots]\nvideo_id = "clip"\nfavorite_count = "hearts"\n'
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    importing.import_paths(workspace, [tmp_path / "t.csv"], mapping=tmp_path / "m.toml")
    assert rows(workspace, "SELECT platform, source, favorite_count FROM snapshots") == [
        {"platform": "douyin", "source": "mine", "favorite_count": 7}
    ]
    (workspace.path / "mappings").mkdir()
    (workspace.path / "mappings" / "mine.toml").write_text(text, encoding="utf-8")
    assert importing.import_paths(workspace, [tmp_path / "t.csv"], format="mine").formats == {"mine": 1}
    with pytest.raises(BadInput, match=r"no format '\.\./mine'"):
        importing.import_paths(workspace, [tmp_path / "t.csv"], format="../mine")
    with pytest.raises(BadInput, match="needs no mapping"):
        importing.import_paths(workspace, [tmp_path / "t.csv"], "douyin", mapping=mapping.load(tmp_path / "m.toml"))


def test_a_stray_file_in_a_folder_is_listed_and_the_rest_comes_in(workspace, tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    table(folder / "a.csv")
    (folder / "notes.json").write_text('{"note": {"deep": [1]}}', encoding="utf-8")
    report = importing.import_paths(workspace, [folder])
    assert (report.tables["videos"].new, report.rejected_rows) == (3, 1)
    assert "notes.json" in report.rejected_file.read_text(encoding="utf-8-sig")


def test_a_workspace_that_is_no_folder_is_refused(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadWorkspace), importing.opened(tmp_path / "file" / "market"):
        pass


def test_a_new_workspace_takes_its_name_and_zone_and_goes_again_where_the_import_fails(tmp_path):
    (tmp_path / "mine" / "imports").mkdir(parents=True)
    (tmp_path / "mine" / "imports" / "keep.csv").write_text("x")
    with importing.opened(tmp_path / "new", name="Spring", timezone="Asia/Tokyo", platform="tiktok") as workspace:
        importing.import_paths(workspace, [table(tmp_path / "t.csv")])
    info = Workspace.open(tmp_path / "new").info
    assert (info.name, info.timezone, info.platform, info.simulated) == ("Spring", "Asia/Tokyo", "tiktok", False)
    for folder in ("gone", "mine"):
        with pytest.raises(BadInput), importing.opened(tmp_path / folder) as workspace:
            importing.import_paths(workspace, [tmp_path / "none.csv"])
    assert not (tmp_path / "gone").exists()
    assert tree(tmp_path / "mine") == {"imports/keep.csv"}
    with pytest.raises(BadInput, match="exists"), importing.opened(tmp_path / "new", name="Other"):
        pass


def test_the_report_on_disk_is_the_report(workspace, tmp_path):
    report = importing.import_paths(workspace, [table(tmp_path / "t.csv")])
    assert importing.imports(workspace) == (report,)
    says = json.loads((report.folder / "report.json").read_text(encoding="utf-8"))
    assert says["tables"]["videos"] == {"new": 3, "updated": 0, "unchanged": 0, "rejected": 0}
    assert datetime.now(UTC) - report.time < timedelta(minutes=5)
