"""Clips are linked to videos by name or by a table, and stay where they are."""

import json
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from mtaf_core import importing
from mtaf_core.cli.main import main
from mtaf_core.data.store import Store
from mtaf_core.errors import BadInput
from mtaf_core.media_links import link_media
from mtaf_core.workspace import Workspace, WorkspaceInfo


@pytest.fixture
def workspace(tmp_path):
    made = Workspace.create(tmp_path / "market", WorkspaceInfo(name="market"))
    ids = ["73", "7301", "7302", "a_b-C"]
    with Store(made.path).write("test") as change:
        change.merge("videos", pa.table({"platform": ["douyin"] * 4, "video_id": ids, "description": ids}))
    return made


def clips(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"clip")
    return folder


def links(workspace):
    sql = "SELECT video_id, media_path FROM videos WHERE media_path IS NOT NULL"
    return {row["video_id"]: row["media_path"] for row in workspace.store.query(sql).to_pylist()}


def test_a_clip_is_of_the_video_that_its_name_says(workspace, tmp_path):
    folder = clips(
        tmp_path / "clips", "7301.mp4", "sub/tea [7302] best.MOV", "mei_a_b-C.webm", "notes.txt", "other.mp4"
    )
    report = link_media(workspace, folder)
    assert links(workspace) == {
        "7301": str(folder / "7301.mp4"),
        "7302": str(folder / "sub/tea [7302] best.MOV"),
        "a_b-C": str(folder / "mei_a_b-C.webm"),
    }
    assert (report.linked, report.unchanged, report.commit) == (3, 0, 2)
    assert report.unmatched == (("other.mp4", "No video has such an id."),)


def test_an_id_inside_a_longer_word_is_no_match(workspace, tmp_path):
    report = link_media(workspace, clips(tmp_path / "clips", "73019.mp4", "x73.mp4"))
    assert (report.linked, len(report.unmatched)) == (0, 2)
    assert report.commit is None


def test_linking_twice_changes_nothing_and_undo_takes_it_back(workspace, tmp_path):
    folder = clips(tmp_path / "clips", "7301.mp4")
    link_media(workspace, folder)
    again = link_media(workspace, folder)
    assert (again.linked, again.unchanged, again.commit) == (0, 1, None)
    importing.undo(workspace)
    assert links(workspace) == {}


def test_everything_else_that_is_known_of_a_video_stays(workspace, tmp_path):
    link_media(workspace, clips(tmp_path / "clips", "7301.mp4"))
    assert workspace.store.query("SELECT description FROM videos WHERE video_id = '7301'").to_pylist() == [
        {"description": "7301"}
    ]
    assert workspace.store.counts()["videos"] == 4


def test_a_clip_in_the_workspace_is_stored_from_there(workspace):
    link_media(workspace, clips(workspace.path / "media", "7301.mp4"))
    assert links(workspace) == {"7301": "media/7301.mp4"}


def test_a_name_that_could_be_of_several_videos_is_left_to_the_person(workspace, tmp_path):
    report = link_media(workspace, clips(tmp_path / "clips", "7301 7302.mp4"))
    assert "several videos: 7301, 7302" in report.unmatched[0][1]


def test_of_two_clips_of_a_video_the_one_called_by_its_id_is_linked(workspace, tmp_path):
    folder = clips(tmp_path / "clips", "7301 a.mp4", "7301.mp4")
    report = link_media(workspace, folder)
    assert links(workspace) == {"7301": str(folder / "7301.mp4")}
    assert report.unmatched == (("7301 a.mp4", "The video 7301 has 7301.mp4 already."),)


def test_an_id_that_two_platforms_have_is_left_to_the_person(workspace, tmp_path):
    with Store(workspace.path).write("test") as change:
        change.merge("videos", pa.table({"platform": ["tiktok"], "video_id": ["7301"]}))
    report = link_media(workspace, clips(tmp_path / "clips", "7301.mp4"))
    assert "douyin, tiktok" in report.unmatched[0][1]


def test_a_table_links_what_it_says_and_lists_what_is_not_there(workspace, tmp_path):
    folder = clips(tmp_path / "clips", "one.bin", "7302.mp4", "sub/x.mp4")
    table = tmp_path / "links.csv"
    table.write_text(
        f"\ufeffvideo_id,path\n7301,one.bin\n73,{folder / 'sub' / 'x.mp4'}\n"
        "7302,gone.mp4\na_b-C,sub\nnobody,7302.mp4\n",
        encoding="utf-8",
    )
    report = link_media(workspace, folder, table)
    assert links(workspace) == {"7301": str(folder / "one.bin"), "73": str(folder / "sub/x.mp4")}
    assert report.missing == (("gone.mp4", "There is no such file."), ("sub", "It is not a file."))
    assert report.unmatched == (("nobody", "No video has such an id."),)


@pytest.mark.parametrize("content", [b"name,size\n1,2\n", b"video_id\n7301\n", b"", b"video_id,path\n\xff\xfe,x\n"])
def test_a_table_that_cannot_be_used_is_refused(workspace, tmp_path, content):
    (tmp_path / "links.csv").write_bytes(content)
    with pytest.raises(BadInput, match=r"links\.csv"):
        link_media(workspace, tmp_path, tmp_path / "links.csv")


def test_a_table_of_any_kind_links_clips(workspace, tmp_path):
    folder = clips(tmp_path / "clips", "one.mp4", "two.mp4")
    (tmp_path / "名单.csv").write_text("作品ID,文件路径,备注\n7301,one.mp4,好\n7302,two.mp4,好\n", encoding="gb18030")
    report = link_media(workspace, folder, tmp_path / "名单.csv")
    assert (report.linked, report.missing) == (2, ())
    assert links(workspace) == {"7301": str(folder / "one.mp4"), "7302": str(folder / "two.mp4")}


@pytest.mark.parametrize("path", ["x" * 5000, "~nobody-here/x", "../../../etc"])
def test_a_path_that_no_file_can_have_is_missing(workspace, tmp_path, path):
    (tmp_path / "links.csv").write_text(f"video_id,path\n7301,{path}\n")
    report = link_media(workspace, clips(tmp_path / "clips", "one.mp4"), tmp_path / "links.csv")
    assert (report.linked, len(report.missing)) == (0, 1)


def test_the_command_line_links_and_refuses_a_folder_that_is_not_there(workspace, tmp_path, capsys):
    clips(tmp_path / "clips", "7301.mp4")
    where = ["--workspace", str(workspace.path), "--json"]
    assert main(["link-media", str(tmp_path / "clips"), *where]) == 0
    assert json.loads(capsys.readouterr().out)["linked"] == 1
    assert main(["link-media", str(tmp_path / "nowhere"), *where]) == 2
    assert "no folder" in capsys.readouterr().err


@pytest.mark.parametrize("collected_at", [None, datetime(2026, 1, 2, tzinfo=UTC)])
def test_a_clip_that_moved_is_linked_where_it_is_now(workspace, tmp_path, collected_at):
    with Store(workspace.path).write("test") as change:
        when = pa.array([collected_at], pa.timestamp("us", tz="UTC"))
        change.merge("videos", pa.table({"platform": ["douyin"], "video_id": ["9"], "collected_at": when}))
    link_media(workspace, clips(tmp_path / "old", "9.mp4"))
    report = link_media(workspace, clips(tmp_path / "new", "9.mp4"))
    assert report.linked == 1
    assert links(workspace) == {"9": str(tmp_path / "new" / "9.mp4")}
