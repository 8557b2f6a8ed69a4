"""Whatever goes wrong in an import, the workspace is the old one or the new one, and a person is told in words."""

import csv
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from mtaf_core import importing, limits
from mtaf_core.errors import BadInput, Cancelled
from mtaf_core.workspace import Workspace, WorkspaceInfo


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
        ("cut.json", lambda p: p.write_text('[{"aweme_id": "1"'), "ends in the middle"),
        (
            "cut.ndjson",
            lambda p: p.write_text('{"video_id": "v8", "likes": 1}\n{"video_id": "v9", "li'),
            "ends in the mid",
        ),
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


def test_a_damaged_file_among_good_ones_refuses_them_all_wherever_the_damage_lies(workspace, tmp_path):
    """A day that is half imported looks like a day on which half of the videos were gone."""
    before = tree(workspace.path)
    for damaged_at in ("start", "end"):
        with zipfile.ZipFile(tmp_path / "day.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name in ("a.csv", "b.csv"):
                archive.write(table(tmp_path / name, videos=30_000, prefix=name[0]), name)
            size = archive.getinfo("a.csv").compress_size
        content = bytearray((tmp_path / "day.zip").read_bytes())
        at = 60 if damaged_at == "start" else size - 20
        content[at : at + 8] = bytes(8)
        (tmp_path / "day.zip").write_bytes(bytes(content))
        with pytest.raises(BadInput, match=r"day\.zip/a\.csv is cut off or damaged"):
            importing.import_paths(workspace, [tmp_path / "day.zip"])
        assert (tree(workspace.path), workspace.store.version) == (before, 0)


def test_halves_of_characters_in_json_are_replaced_wherever_they_stand(workspace, tmp_path):
    (tmp_path / "a.json").write_text(r'[{"video_id": "v\ud800", "likes": 5, "ti\ud800tle": "x", "title": "\udfff t"}]')
    report = importing.import_paths(workspace, [tmp_path / "a.json"])
    assert report.tables["videos"].new == 1
    assert rows(workspace, "SELECT video_id, description FROM videos") == [{"video_id": "v�", "description": "� t"}]


def test_a_formula_is_no_id_and_text_as_text(workspace, tmp_path):
    (tmp_path / "a.csv").write_text('video_id,title,likes\n=HYPERLINK(1),x,5\nv2,"=1+1",7\n')
    report = importing.import_paths(workspace, [tmp_path / "a.csv"])
    assert (report.rejected_rows, report.tables["snapshots"].rejected) == (1, 1)
    assert "formula" in report.rejected_file.read_text(encoding="utf-8-sig")
    assert rows(workspace, "SELECT video_id, description FROM videos") == [{"video_id": "v2", "description": "=1+1"}]


def test_a_quotation_mark_that_is_not_closed_is_told_with_how_much_it_swallowed(workspace, tmp_path):
    lines = "".join(f"v{n},ok,6\n" for n in range(2, 500))
    (tmp_path / "a.csv").write_text(f'video_id,title,likes\nv1,"open,5\n{lines}')
    report = importing.import_paths(workspace, [tmp_path / "a.csv"])
    assert not report.found_rows
    assert "Over 499 lines" in report.rejected_file.read_text(encoding="utf-8-sig")


def test_columns_that_nothing_was_read_from_are_told(workspace, tmp_path):
    (tmp_path / "a.csv").write_text("video_id,likes,create time,mood\nv1,5,03/04/soon,glad\nv2,6,never,sad\n")
    report = importing.import_paths(workspace, [tmp_path / "a.csv"])
    assert dict(report.unused) == {"a.csv": ("create time", "mood")}
    assert importing.imports(workspace)[0].unused == report.unused, "it was not written down"
