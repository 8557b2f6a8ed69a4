"""Imports as a whole: the real data sets, archives, arrays, undo; and what faults leave behind."""

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from mtaf_core import importing, limits
from mtaf_core.data.importers import mapping
from mtaf_core.errors import BadInput, BadWorkspace, Cancelled
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
    with pytest.raises(BadInput, match="no commit 99"):
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
    ],
)
def test_arrays_that_are_no_vectors_are_refused(workspace, tmp_path, arrays, says):
    np.savez(tmp_path / "f.npz", **arrays)
    with pytest.raises(BadInput, match=says):
        importing.import_paths(workspace, [tmp_path / "f.npz"], vectors=Vectors("audio", "mine"))
    assert workspace.store.version == 0


def test_arrays_need_to_be_named(workspace, tmp_path):
    np.save(tmp_path / "v0.npy", np.ones(3))
    with pytest.raises(BadInput, match="--modality and --backbone"):
        importing.import_paths(workspace, [tmp_path / "v0.npy"])


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


def _half_a_zip(path):
    table(path.with_suffix(".csv"), 500)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path.with_suffix(".csv"), "a.csv")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"video_id,likes\n" + b"0" * (limits.FREE_UNPACKED_BYTES + 2**20))


@pytest.mark.parametrize(
    ("name", "make", "says"),
    [
        ("half.zip", _half_a_zip, "not a whole ZIP"),
        ("bomb.zip", _bomb, "bomb"),
        ("empty.csv", lambda p: p.write_bytes(b""), "is empty"),
        ("cut.json", lambda p: p.write_text('[{"aweme_id": "1"'), "cut off|ends|not JSON"),
        ("latin.csv", lambda p: p.write_bytes("video_id,title\nv1,caf\xe9".encode("latin-1")), "neither UTF-8"),
        ("page.html", lambda p: p.write_text("<html></html>"), "web page"),
        ("none.csv", lambda p: None, "no file or folder"),
        ("other.csv", lambda p: p.write_text("colour,size\nred,1\n"), "names a video or a KOL"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence_and_leaves_the_workspace_as_it_was(
    workspace, tmp_path, name, make, says
):
    importing.import_paths(workspace, [table(tmp_path / "first.csv")])
    before = tree(workspace.path)
    make(tmp_path / name)
    with pytest.raises(BadInput, match=says) as told:
        importing.import_paths(workspace, [tmp_path / name])
    assert "\n" not in str(told.value)
    assert tree(workspace.path) == before
    assert workspace.store.counts()["videos"] == 3


def test_an_archive_cannot_write_anywhere(workspace, tmp_path):
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.write(table(tmp_path / "t.csv"), "../../escaped.csv")
    with pytest.raises(BadInput, match="holds no data"):
        importing.import_paths(workspace, [tmp_path / "evil.zip"])
    assert not list(tmp_path.parent.rglob("escaped*"))


def test_stopping_an_import_leaves_the_workspace_as_it_was(workspace, tmp_path):
    importing.import_paths(workspace, [table(tmp_path / "first.csv")])
    before = tree(workspace.path)
    for stage in ("read", "check", "write"):

        def stop(step, stage=stage):
            if step.stage == stage:
                raise Cancelled("Stopped.")

        with pytest.raises(Cancelled):
            importing.import_paths(workspace, [table(tmp_path / "second.csv", 9)], progress=stop)
        assert tree(workspace.path) - before <= {p for p in tree(workspace.path) if p.startswith("tables/")}
        assert workspace.store.counts()["videos"] == 3


_CHILD = """
import sys
from mtaf_core import importing
from mtaf_core.workspace import Workspace
print("started", flush=True)
report = importing.import_paths(Workspace.open(sys.argv[1]), [sys.argv[2]])
print(report.commit, flush=True)
"""


def child(workspace, file, **options):
    return subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(workspace.path), str(file)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1], **options,
    )  # fmt: skip


def test_killed_at_any_moment_the_workspace_is_the_old_one_or_the_new(workspace, tmp_path):
    old, new = table(tmp_path / "old.csv", 300), table(tmp_path / "new.csv", 6000, 7, "2024-03-03")
    importing.import_paths(workspace, [old])
    alive = child(workspace, new)
    alive.stdout.readline()
    started = time.monotonic()
    alive.wait(timeout=120)
    whole_s = time.monotonic() - started
    assert workspace.store.counts()["snapshots"] == 6300
    after = rows(workspace, "SELECT * FROM snapshots ORDER BY ALL")
    importing.undo(workspace, 1)
    before = rows(workspace, "SELECT * FROM snapshots ORDER BY ALL")
    chance = random.Random(7)
    outcomes = set()
    for _ in range(int(os.environ.get("MTAF_KILLS", "5"))):
        victim = child(workspace, new)
        victim.stdout.readline()
        time.sleep(chance.uniform(0, 1.05 * whole_s))
        victim.send_signal(signal.SIGKILL)
        victim.wait(timeout=60)
        victim.stdout.close()
        victim.stderr.close()
        survivor = Workspace.open(workspace.path)
        found = rows(survivor, "SELECT * FROM snapshots ORDER BY ALL")
        assert found in (before, after)
        videos = survivor.store.counts()["videos"]
        assert videos == (300 if found == before else 6000)
        outcomes.add(videos)
        importing.undo(survivor, 1)
    last = importing.import_paths(Workspace.open(workspace.path), [new])
    assert last.tables["snapshots"].new == 6000
    assert not list((workspace.path / "imports").glob(".work-*"))
    assert not (workspace.path / "tables" / "scratch").exists()


def test_two_imports_at_once_both_land_or_one_says_to_run_it_again(workspace, tmp_path):
    files = [table(tmp_path / f"{name}.csv", 2000, prefix=name) for name in "ab"]
    both = [child(workspace, file) for file in files]
    landed = 0
    for one in both:
        _, said = one.communicate(timeout=120)
        assert one.returncode == 0 or "run it again" in said
        landed += one.returncode == 0
    assert landed >= 1
    assert workspace.store.counts()["videos"] == 2000 * landed
    assert workspace.store.version == landed


_SMALL_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from mtaf_core import importing
from mtaf_core.errors import BadWorkspace
from mtaf_core.workspace import Workspace
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    importing.import_paths(Workspace.open(sys.argv[1]), [sys.argv[2]])
except BadWorkspace as error:
    print(error)
"""


@pytest.mark.skipif(os.name != "posix", reason="limits the size of files as POSIX does")
@pytest.mark.parametrize("room", [0, 2_000, 40_000])
def test_a_disk_that_fills_up_is_said_and_leaves_the_workspace_as_it_was(workspace, tmp_path, room):
    importing.import_paths(workspace, [table(tmp_path / "first.csv")])
    large = tmp_path / "large.csv"
    table(large, 20_000, prefix="x")
    before = rows(workspace, "SELECT * FROM snapshots ORDER BY ALL")
    done = subprocess.run(
        [sys.executable, "-c", _SMALL_DISK, str(workspace.path), str(large), str(room)],
        capture_output=True, text=True, cwd=Path(__file__).parents[1], timeout=120,
    )  # fmt: skip
    assert "cannot be written" in done.stdout, done.stderr[-2000:]
    assert "free space" in done.stdout
    assert rows(Workspace.open(workspace.path), "SELECT * FROM snapshots ORDER BY ALL") == before
    assert importing.import_paths(workspace, [large]).tables["videos"].new == 20_000


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read and write anything")
def test_an_unreadable_file_is_named(workspace, tmp_path):
    table(tmp_path / "a.csv").chmod(0)
    with pytest.raises(BadInput, match="check its permissions"):
        importing.import_paths(workspace, [tmp_path / "a.csv"])


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
