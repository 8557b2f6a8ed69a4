"""An excerpt is the first seconds of a clip, copied and not encoded again."""

from collections.abc import Callable
from pathlib import Path

import av
import pytest

from mtaf_core.content.excerpt import excerpt
from mtaf_core.errors import BadMedia


def seconds(path: Path) -> float:
    with av.open(str(path)) as clip:
        return float(clip.duration / av.time_base)


def codecs(path: Path) -> list[str]:
    with av.open(str(path)) as clip:
        return [stream.codec_context.name for stream in clip.streams]


def test_it_ends_at_the_window(make_clip: Callable[..., Path], tmp_path: Path) -> None:
    clip = make_clip("long.mp4", seconds=6.0)
    short = excerpt(clip, tmp_path, window_s=2.0)
    assert seconds(short) == pytest.approx(2.0, abs=0.5)
    assert codecs(short) == codecs(clip)
    assert short.stat().st_size < clip.stat().st_size


def test_a_clip_without_sound_stays_without(make_clip: Callable[..., Path], tmp_path: Path) -> None:
    assert len(codecs(excerpt(make_clip("quiet.mp4", sound=False), tmp_path))) == 1


def test_it_is_made_once(make_clip: Callable[..., Path], tmp_path: Path) -> None:
    clip = make_clip("once.mp4")
    first = excerpt(clip, tmp_path).stat().st_mtime_ns
    assert excerpt(clip, tmp_path).stat().st_mtime_ns == first


def test_what_is_no_clip_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"not a clip")
    with pytest.raises(BadMedia, match=r"No excerpt of 'a\.mp4'"):
        excerpt(tmp_path / "a.mp4", tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
