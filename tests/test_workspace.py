"""A workspace is opened, made, refused and switched in words a person can act on."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from mtaf_core.data.tables import VIDEOS
from mtaf_core.errors import BadBundle, BadInput, BadWorkspace
from mtaf_core.workspace import (
    Workspace,
    WorkspaceInfo,
    beside,
    check_replaceable,
    default_path,
    replace_demo,
    start_own,
    switch_to,
)


def test_the_shipped_demo_is_ready_to_use(demo):
    counts = demo.store.counts()
    assert demo.info.simulated
    assert counts["uploaders"] >= 240
    assert counts["videos"] >= 1_500
    assert counts["snapshots"] == 6 * counts["videos"]
    assert demo.manifest().profile == "compact"
    assert len(demo.samples()) >= 12
    assert all(sample.path.is_file() for sample in demo.samples())


def test_every_demo_video_went_through_the_real_extraction(demo):
    held = {
        row["modality"]: row["n"]
        for row in demo.store.query("SELECT modality, count(*) AS n FROM embeddings GROUP BY ALL").to_pylist()
    }
    videos = demo.store.counts()["videos"]
    assert held["visual"] == held["text"] == videos
    assert 0.95 * videos < held["audio"] <= videos


def test_opening_what_is_not_there_says_how_to_make_it(tmp_path):
    with pytest.raises(BadWorkspace, match="python -m mtaf_core demo"):
        Workspace.open(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", '{"name": "x", "timezone": "Mars/Olympus"}', "{}"])
def test_a_damaged_workspace_file_is_named(tmp_path, text):
    (tmp_path / "workspace.json").write_text(text)
    with pytest.raises(BadWorkspace, match=r"workspace\.json"):
        Workspace.open(tmp_path)


def test_a_workspace_of_a_newer_version_is_refused(tmp_path):
    (tmp_path / "workspace.json").write_text(json.dumps({"name": "x", "format": 99}))
    with pytest.raises(BadWorkspace, match="newer"):
        Workspace.open(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="needs a file that is in the way of a folder")
def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BadWorkspace, match="cannot be written"):
        Workspace.create(tmp_path / "file" / "workspace", WorkspaceInfo("x"))


def test_a_workspace_without_a_bundle_says_to_train_one(tmp_path):
    workspace = Workspace.create(tmp_path / "new", WorkspaceInfo("New"))
    with pytest.raises(BadBundle, match="mtaf_core train"):
        workspace.bundle_path()


def test_a_bundle_that_is_gone_is_named(own_demo):
    own_demo.use_bundle("20200101-gone")
    with pytest.raises(BadBundle, match="20200101-gone"):
        own_demo.bundle_path()


def test_real_data_is_never_thrown_away_for_the_demo(tmp_path):
    Workspace.create(tmp_path / "real", WorkspaceInfo("Ours", simulated=False))
    with pytest.raises(BadWorkspace, match="real data"):
        check_replaceable(tmp_path / "real")


def test_a_folder_with_files_of_the_same_names_is_no_place_for_the_demo(tmp_path):
    (tmp_path / "tables").mkdir()
    with pytest.raises(BadWorkspace, match="tables is in the way"):
        check_replaceable(tmp_path)


def test_a_rebuilt_demo_replaces_its_own_parts_and_nothing_else(own_demo, demo_folder, tmp_path):
    built, folder = tmp_path / "built", own_demo.path
    shutil.copytree(demo_folder, built)
    (built / "bundles" / "CURRENT").write_text("another")
    (folder / "uploads").mkdir(exist_ok=True)
    for mine in (folder / "uploads" / "mine.mp4", folder / "thesis.doc"):
        mine.write_text("mine")
    replace_demo(built, folder)
    assert (folder / "thesis.doc").read_text() == (folder / "uploads" / "mine.mp4").read_text() == "mine"
    assert (folder / "bundles" / "CURRENT").read_text() == "another"
    assert Workspace.open(folder).store.counts() == Workspace.open(demo_folder).store.counts()
    assert not built.exists()


def test_the_default_workspace_is_made_on_first_need(tmp_path, monkeypatch):
    monkeypatch.setenv("MTAF_WORKSPACE", str(tmp_path / "made"))
    assert Workspace.default().info.simulated
    assert (tmp_path / "made" / "workspace.json").exists()


def test_what_a_page_reads_before_the_first_question_does_not_import_torch(demo_folder):
    code = (
        "import sys; from mtaf_core.workspace import Workspace; from mtaf_core.insight.forecast import Forecaster;"
        f"ws = Workspace.open({str(demo_folder)!r}); ws.frame(); ws.manifest(); ws.importance(); Forecaster(ws);"
        "print([m for m in ('torch', 'transformers', 'xgboost', 'lightgbm', 'shap', 'streamlit') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_frame_is_kept_until_the_tables_change_or_are_built_anew(tmp_path):
    def fill(*names):
        day = datetime(2024, 3, 10, tzinfo=UTC)
        with Workspace.open(tmp_path).store.write("test") as change:
            rows = [{"platform": "douyin", "video_id": name, "created_at": day} for name in names]
            change.merge("videos", pa.Table.from_pylist(rows, schema=VIDEOS.arrow))

    workspace = Workspace.create(tmp_path, WorkspaceInfo("x"))
    fill("a")
    assert len(workspace.frame()) == 1
    assert workspace.frame() is workspace.frame()
    shutil.rmtree(tmp_path / "tables")
    fill("b", "c")
    assert workspace.store.version == 1
    assert list(workspace.frame().facts["video_id"]) == ["b", "c"]


@pytest.mark.parametrize(
    "fields",
    ['"format": "1"', '"format": null', '"format": NaN', '"platform": 5', '"simulated": "false"',
     '"timezone": "localtime"', '"name": null'],
)  # fmt: skip
def test_a_field_of_another_type_is_a_damaged_workspace_file(tmp_path, fields):
    start = "" if "name" in fields else '"name": "x", '
    (tmp_path / "workspace.json").write_text("{" + start + fields + "}")
    with pytest.raises(BadWorkspace, match=r"workspace\.json"):
        Workspace.open(tmp_path)


def test_a_workspace_file_nested_without_end_is_damaged(tmp_path):
    (tmp_path / "workspace.json").write_text("[" * 100_000)
    with pytest.raises(BadWorkspace, match=r"workspace\.json"):
        Workspace.open(tmp_path)


@pytest.mark.parametrize("path", ["~nosuchuser/x", "n" * 300, "null\0"])
def test_a_path_that_cannot_be_is_refused(path):
    with pytest.raises(BadWorkspace, match="cannot be reached"):
        Workspace.open(path)


@pytest.mark.parametrize("says", [b"\xff\xfe", b"n" * 5_000, b"..", b"", b"a/../b"])
def test_a_pointer_that_names_no_bundle_is_refused(tmp_path, says):
    workspace = Workspace.create(tmp_path, WorkspaceInfo("x"))
    workspace.bundle_dir.mkdir()
    (workspace.bundle_dir / "CURRENT").write_bytes(says)
    with pytest.raises(BadBundle, match="mtaf_core train"):
        workspace.bundle_path()


def test_a_market_of_ones_own_starts_beside_the_demo_and_is_switched_to(tmp_path, monkeypatch):
    home = tmp_path / "demo"
    monkeypatch.setenv("MTAF_WORKSPACE", str(home))
    Workspace.create(home, WorkspaceInfo("Demo", simulated=True))
    own = start_own("Autumn 秋 2026", "Europe/London", "tiktok")
    assert own.path == tmp_path / "demo-autumn-秋-2026"
    assert not own.info.simulated
    assert start_own("Autumn 秋 2026", "UTC", "tiktok").path.name.endswith("-2")
    assert default_path() == home, "it was switched to before anybody said so"

    switch_to(own.path)
    assert default_path() == own.path
    assert Workspace.default().info.name == "Autumn 秋 2026"
    assert next(space.info.name for space in beside()) == "Demo"
    switch_to(home)
    assert default_path() == home


@pytest.mark.parametrize("name", ["..", ".", "", "../elsewhere", "/etc", "gone", "plain", "sub/own"])
def test_a_pointer_leads_only_to_a_workspace_beside(tmp_path, monkeypatch, name):
    home = tmp_path / "markets" / "demo"
    monkeypatch.setenv("MTAF_WORKSPACE", str(home))
    Workspace.create(home, WorkspaceInfo("Demo"))
    Workspace.create(tmp_path / "elsewhere", WorkspaceInfo("Elsewhere"))
    Workspace.create(home.parent / "sub" / "own", WorkspaceInfo("Own"))
    (home.parent / "plain").mkdir()
    (home / "USE").write_text(name)
    assert default_path() == home


@pytest.mark.parametrize(("name", "zone"), [("", "UTC"), ("x" * 61, "UTC"), ("Mine", "Mars/Olympus"), ("Mine", "../x")])
def test_a_market_without_a_name_or_a_zone_is_refused(tmp_path, monkeypatch, name, zone):
    monkeypatch.setenv("MTAF_WORKSPACE", str(tmp_path / "demo"))
    with pytest.raises(BadInput):
        start_own(name, zone, "douyin")
    assert not list(tmp_path.iterdir())


def test_a_workspace_elsewhere_is_not_switched_to(tmp_path, monkeypatch):
    monkeypatch.setenv("MTAF_WORKSPACE", str(tmp_path / "demo"))
    far = Workspace.create(tmp_path / "far" / "away", WorkspaceInfo("Far"))
    with pytest.raises(BadWorkspace, match="not beside"):
        switch_to(far.path)
