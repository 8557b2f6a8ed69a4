"""Uploads go whole: the clip, what was read of it, its excerpt; what others have the same of stays."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mtaf_core.content.cache import VectorCache
from mtaf_core.content.extract import Extractor
from mtaf_core.content.media import content_hash
from mtaf_core.content.take import Take
from mtaf_core.errors import BadInput
from mtaf_core.insight import recent
from mtaf_core.workspace import Workspace, WorkspaceInfo

DAY_S = 86_400.0


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "mine", WorkspaceInfo("My market"))


@pytest.fixture
def upload(space: Workspace) -> Callable[..., str]:
    """Keep an upload as the page does; gives its hash."""

    def keep(name: str = "mine.mp4", days_ago: float = 0.0, of: Path | None = None) -> str:
        space.upload_dir.mkdir(exist_ok=True)
        part = space.upload_dir / "new"
        part.write_bytes(of.read_bytes() if of else name.encode() * 100)
        digest = content_hash(part)
        path = part.rename(space.upload_dir / f"{digest}.mp4")
        recent.arrived(space.upload_dir, digest, name)
        os.utime(path, (time.time() - days_ago * DAY_S,) * 2)
        return digest

    return keep


def read(space: Workspace, digest: str) -> list[Path]:
    """What reading and playing a clip leaves on disk."""
    cache = VectorCache(space.cache_dir)
    for name in ("aisfx-cnn", "efficientnet-lite0"):
        cache.put(name, digest, np.ones(4, np.float32))
    facts = space.cache_dir / "clips" / digest[:2] / f"{digest}.json"
    excerpt = space.cache_dir / "excerpts" / f"{digest}.mp4"
    for file in (facts, excerpt):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("{}")
    return sorted(path for path in space.cache_dir.rglob(f"{digest}*"))


def files_of(space: Workspace, digest: str) -> list[Path]:
    return [path for path in space.path.rglob("*") if digest in path.name]


def test_uploads_are_listed_the_last_used_first_with_their_names_and_scores(
    space: Workspace, upload: Callable[..., str]
) -> None:
    old, new = upload("达人 clip.mp4", days_ago=3), upload("b.mov")
    recent.was_read(space, old, 12.5)
    recent.was_judged(space, old, 1234.5, 6)
    first, second = recent.recents(space)
    assert (first.content_hash, first.name, first.score, first.duration_s) == (new, "b.mov", None, None)
    assert (second.content_hash, second.name, second.score, second.horizon_day) == (old, "达人 clip.mp4", 1234.5, 6)
    assert second.duration_s == 12.5
    assert second.path.is_file()
    recent.was_read(space, old, None)  # a part of it
    assert recent.recents(space)[1].duration_s == 12.5


def test_a_damaged_record_costs_a_name_and_no_more(space: Workspace, upload: Callable[..., str]) -> None:
    digest = upload()
    for said in ("{", "[1]", '{"name": 5, "score": "many", "horizon_day": true, "duration_s": NaN}'):
        (space.upload_dir / f".{digest}.json").write_text(said)
        (one,) = recent.recents(space)
        assert (one.name, one.score, one.horizon_day, one.duration_s) == (digest[:8], None, None, None)


def test_deleting_leaves_nothing_of_the_clip_and_everything_of_the_others(
    space: Workspace, upload: Callable[..., str]
) -> None:
    gone, stays = upload("a.mp4"), upload("b.mp4")
    for digest in (gone, stays):
        read(space, digest)
        recent.was_read(space, digest, 3.0)
    before = files_of(space, stays)
    assert len(before) == 6
    recent.delete(space, gone)
    assert files_of(space, gone) == []
    assert files_of(space, stays) == before
    assert [one.content_hash for one in recent.recents(space)] == [stays]
    recent.delete(space, gone)  # again: nothing to do


def test_what_was_read_before_the_upload_came_is_not_its_own(space: Workspace, upload: Callable[..., str]) -> None:
    digest = upload("linked.mp4")
    kept = read(space, digest)
    recent.delete(space, digest)
    left = sorted(files_of(space, digest))
    assert left == [path for path in kept if "excerpts" not in path.parts]
    assert len(left) == 3


def test_a_sample_keeps_what_was_read_of_it(
    space: Workspace, upload: Callable[..., str], make_clip: Callable[..., Path]
) -> None:
    sample = space.path / "samples" / "01.mp4"
    sample.parent.mkdir()
    shutil.copy(make_clip("s.mp4", seconds=1.0), sample)
    sample.with_suffix(".json").write_text("{}")
    digest = upload("same.mp4", of=sample)
    kept = read(space, digest)
    recent.was_read(space, digest, 1.0)
    recent.delete(space, digest)
    assert sample.is_file()
    assert [path for path in kept if path.is_file()] == [path for path in kept if "excerpts" not in path.parts]


@pytest.mark.parametrize("bad", ["", "..", "*", "../../etc/passwd", "a" * 63, "A" * 64, "g" * 64])
def test_only_a_hash_is_deleted(space: Workspace, upload: Callable[..., str], bad: str) -> None:
    digest = upload()
    with pytest.raises(BadInput, match="no clip that was uploaded"):
        recent.delete(space, bad)
    assert len(files_of(space, digest)) == 2


def test_what_was_not_used_for_long_goes_with_all_that_was_read(
    space: Workspace, upload: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = upload("old.mp4", days_ago=31), upload("new.mp4", days_ago=29)
    for digest in (old, new):
        read(space, digest)
        recent.was_read(space, digest, 3.0)
    assert recent.expire(space) == (old,)
    assert files_of(space, old) == []
    assert len(files_of(space, new)) == 6
    monkeypatch.setenv(recent.ENVIRONMENT, "7")
    assert recent.expire(space) == (new,)


def test_what_made_room_leaves_nothing_behind(space: Workspace, upload: Callable[..., str]) -> None:
    digest, stale, fresh = upload(), space.upload_dir / ".1.part", space.upload_dir / ".2.part"
    read(space, digest)
    recent.was_read(space, digest, 3.0)
    (space.upload_dir / f"{digest}.mp4").unlink()
    for part in (stale, fresh):
        part.write_text("begun")
    os.utime(stale, (time.time() - 2 * DAY_S,) * 2)
    assert recent.expire(space) == (digest,)
    assert files_of(space, digest) == []
    assert (stale.exists(), fresh.exists()) == (False, True)


@pytest.mark.parametrize("bad", ["soon", "0", "-3", "nan", "inf", "1e9"])
def test_a_wrong_number_of_days_is_one_sentence_and_deletes_nothing(
    space: Workspace, upload: Callable[..., str], monkeypatch: pytest.MonkeyPatch, bad: str
) -> None:
    digest = upload(days_ago=400)
    monkeypatch.setenv(recent.ENVIRONMENT, bad)
    with pytest.raises(BadInput, match=r"MTAF_KEEP_DAYS is '.*'; set it to a number of days from 1 to 36500\."):
        recent.expire(space)
    assert len(files_of(space, digest)) == 2


def test_deleted_and_uploaded_again_it_is_read_anew(
    space: Workspace, upload: Callable[..., str], make_clip: Callable[..., Path]
) -> None:
    clip = make_clip("real.mp4", seconds=1.0)
    extractor = Extractor("compact", "cpu", space.cache_dir)
    digest = upload("real.mp4", of=clip)
    path = recent.recents(space)[0].path
    extractor.embed_clip(path)
    recent.was_read(space, digest, 1.0)
    assert extractor.recall(path, Take(digest)) is not None
    recent.delete(space, digest)
    upload("real.mp4", of=clip)
    assert extractor.recall(path, Take(digest)) is None
