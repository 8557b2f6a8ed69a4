"""Uploads reach the disk in chunks, under their own hash, and never past the limit."""

import hashlib
import io
import os
from pathlib import Path

import pytest
import streamlit as st
from streamlit.runtime.uploaded_file_manager import DeletedFile

from mtaf_core.errors import BadInput, BadWorkspace
from mtaf_core.workspace import Workspace, WorkspaceInfo
from pages.components import clip_picker, data_import, data_track, uploads
from pages.components.uploads import receive


class Counting(io.BytesIO):
    """Remembers the largest read."""

    largest = 0

    def read(self, size: int = -1, /) -> bytes:
        assert size > 0, "the whole upload was read at once"
        self.largest = max(self.largest, size)
        return super().read(size)


def test_an_upload_is_kept_under_its_hash(tmp_path: Path) -> None:
    data = b"clip" * 700_000
    stored = receive(Counting(data), "My clip.MOV", tmp_path)
    assert stored.content_hash == hashlib.sha256(data).hexdigest()
    assert stored.path == tmp_path / f"{stored.content_hash}.mov"
    assert stored.path.read_bytes() == data


def clips(folder: Path) -> list[Path]:
    """The clips in a folder, without the records beside them."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def test_it_is_read_in_chunks(tmp_path: Path) -> None:
    stream = Counting(b"x" * 3_000_000)
    receive(stream, "a.mp4", tmp_path)
    assert stream.largest == uploads.CHUNK


def test_the_same_clip_twice_is_one_file(tmp_path: Path) -> None:
    receive(io.BytesIO(b"same"), "a.mp4", tmp_path)
    receive(io.BytesIO(b"same"), "b.mp4", tmp_path)
    assert len(clips(tmp_path)) == 1


@pytest.mark.parametrize("name", ["../../etc/passwd", "a.mp4/../../b", "x.php", "nul\0.mp4", ""])
def test_a_hostile_name_never_reaches_the_disk(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "uploads"
    stored = receive(io.BytesIO(b"data"), name, folder)
    assert stored.path.parent == folder
    assert stored.path.suffix == ".mp4"
    assert [p.name for p in tmp_path.iterdir()] == ["uploads"]


def test_past_the_limit_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"'big\.mp4' is > 2 MB, more than the 2 MB a clip may have"):
        receive(io.BytesIO(b"x" * 3_000_000), "big.mp4", tmp_path, limit=2 * 1024**2)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is empty"):
        receive(io.BytesIO(b""), "a.mp4", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BadWorkspace, match="cannot be kept"):
        receive(io.BytesIO(b"data"), "a.mp4", tmp_path / "file")


def test_uploads_unused_for_longest_make_room(tmp_path: Path) -> None:
    old, new = (receive(io.BytesIO(bytes([i]) * 1000), "a.mp4", tmp_path).path for i in range(2))
    os.utime(new, (1, 1))
    newest = receive(io.BytesIO(b"x" * 1000), "a.mp4", tmp_path, keep=2500).path
    assert clips(tmp_path) == sorted([old, newest])


def test_data_keeps_its_names_and_never_leaves_its_folder(tmp_path: Path) -> None:
    names = ["posts.jsonl", "../../etc/posts.jsonl", "a/b\\达人 数据[1]*.csv", "..", ".hidden.csv"]
    kept = uploads.receive_data([(io.BytesIO(b"x"), name) for name in names], tmp_path / "data")
    assert [path.name for path in kept] == ["posts.jsonl", "posts.jsonl", "达人 数据_1_.csv", "data", "hidden.csv"]
    assert len(set(kept)) == len(names)
    assert all(path.is_relative_to(tmp_path / "data") and path.is_file() for path in kept)


def test_an_upload_that_is_named_again_after_it_was_taken_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = DeletedFile("taken")
    state = {"data_files_0": [gone], "track_file_0": gone, "upload_0": gone, "staged": "what was taken before"}
    before = dict(state)
    monkeypatch.setattr(st, "session_state", state)
    space = Workspace.create(tmp_path / "market", WorkspaceInfo("Market"))
    data_import._take(space, "data_files_0")
    data_track._take(0)
    clip_picker._take(space, 0)
    assert state == before
    assert uploads.there("link_clips_0") == []


def test_one_bad_file_keeps_none(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is empty"):
        uploads.receive_data([(io.BytesIO(b"x"), "a.csv"), (io.BytesIO(b""), "b.csv")], tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_what_was_never_imported_is_cleared_a_day_later(tmp_path: Path) -> None:
    import os

    for name in ("old", "new"):
        uploads.receive_data([(io.BytesIO(b"x"), "a.csv")], tmp_path / name)
    os.utime(tmp_path / "old", (1, 1))
    uploads.receive_data([(io.BytesIO(b"x"), "a.csv")], tmp_path / "third")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "third"]
