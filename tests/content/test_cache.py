"""What is kept on disk of clips seen before, and that damage to it counts as absence."""

import json
from pathlib import Path

import pytest

from mtaf_core.content import media
from mtaf_core.content.cache import VectorCache
from mtaf_core.content.clip import Clip
from mtaf_core.content.take import Take


@pytest.fixture
def kept(clip_path: Path, tmp_path: Path) -> tuple[VectorCache, Clip, Path]:
    """A cache that holds one clip, that clip, and the file its facts are in."""
    cache, clip = VectorCache(tmp_path), media.decode(clip_path)
    cache.put_clip(clip, Take(clip.content_hash))
    (file,) = tmp_path.rglob("*.json")
    return cache, clip, file


def test_the_facts_of_a_clip_come_back(kept) -> None:
    cache, clip, _ = kept
    again = cache.get_clip(clip.path, Take(clip.content_hash))
    assert again is not None
    for name in ("duration_s", "width_px", "height_px", "fps", "frame_times_s", "warnings", "has_picture", "has_sound"):
        assert getattr(again, name) == getattr(clip, name)


@pytest.mark.parametrize("name", ["width_px", "height_px", "duration_s", "fps"])
@pytest.mark.parametrize("value", [float("inf"), float("nan"), -5, 0, "wide", [], 10**400])
def test_impossible_facts_count_as_absent(kept, name: str, value: object) -> None:
    cache, clip, file = kept
    file.write_text(json.dumps({**json.loads(file.read_text()), name: value}))
    assert cache.get_clip(clip.path, Take(clip.content_hash)) is None


@pytest.mark.parametrize("text", ["", "[" * 100_000, "[]", "{}", "\x00"])
def test_damage_counts_as_absent(kept, text: str) -> None:
    cache, clip, file = kept
    file.write_text(text)
    assert cache.get_clip(clip.path, Take(clip.content_hash)) is None
