"""A shelf holds what is in use: the rest makes room, whatever else happens in the folder."""

import os
from pathlib import Path

from mtaf_core.content.shelf import make_room, touch


def put(folder: Path, name: str, used_at: int, size: int = 1000) -> Path:
    file = folder / name
    file.write_bytes(bytes(size))
    os.utime(file, (used_at, used_at))
    return file


def test_what_is_used_outlives_what_is_newer(tmp_path: Path) -> None:
    first, second = put(tmp_path, "first", 1), put(tmp_path, "second", 2)
    touch(first)
    make_room(tmp_path, put(tmp_path, "third", 3), keep_bytes=2000)
    assert first.exists()
    assert not second.exists()


def test_the_newest_stays_whatever_its_size_or_time(tmp_path: Path) -> None:
    other, newest = put(tmp_path, "other", 2), put(tmp_path, "newest", 1, size=5000)
    make_room(tmp_path, newest, keep_bytes=2000)
    assert newest.exists()
    assert not other.exists()


def test_what_others_still_write_is_left_alone_and_does_not_count(tmp_path: Path) -> None:
    part = put(tmp_path, ".abc.part", 1, size=9000)
    kept, newest = put(tmp_path, "kept", 2), put(tmp_path, "newest", 3)
    make_room(tmp_path, newest, keep_bytes=2000)
    assert part.exists()
    assert kept.exists()


def test_a_file_that_vanishes_meanwhile_is_no_fault(tmp_path: Path, monkeypatch) -> None:
    gone, newest = put(tmp_path, "gone", 1), put(tmp_path, "newest", 2)
    listed = list(tmp_path.iterdir())
    gone.unlink()
    monkeypatch.setattr(Path, "iterdir", lambda _: iter(listed))
    make_room(tmp_path, newest, keep_bytes=10)
    touch(gone)
    assert newest.exists()
