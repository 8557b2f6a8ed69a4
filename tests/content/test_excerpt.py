"""An excerpt is the first seconds of a clip, copied and not encoded again."""

from collections.abc import Callable
from pathlib import Path

import av
import pytest

from mtaf_core.content import excerpt as module
from mtaf_core.content.excerpt import excerpt, part
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
    first = excerpt(clip, tmp_path).stat().st_ino
    assert excerpt(clip, tmp_path).stat().st_ino == first


def test_what_is_no_clip_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"not a clip")
    with pytest.raises(BadMedia, match=r"a\.mp4 is not a video that can be read"):
        excerpt(tmp_path / "a.mp4", tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_two_sessions_may_ask_for_the_same_clip_at_once(
    make_clip: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip, copy = make_clip("busy.mp4"), module._copy
    nested = []

    def interrupted(source: av.container.InputContainer, target: Path, *rest: object) -> float:
        lead_s = copy(source, target, *rest)
        if not nested:  # the other session comes and ends before this one has
            nested.append(target)
            excerpt(clip, tmp_path)
        return lead_s

    monkeypatch.setattr(module, "_copy", interrupted)
    assert codecs(excerpt(clip, tmp_path)) == codecs(clip)
    assert [file.name for file in tmp_path.iterdir()] == ["busy.mp4"]


def test_a_playlist_is_never_followed(make_clip: Callable[..., Path], tmp_path: Path) -> None:
    clip = make_clip("secret.ts", sound=False)
    playlist = tmp_path / "a.mp4"
    playlist.write_text(f"ffconcat version 1.0\nfile '{clip.name}'\n")
    clip.rename(tmp_path / clip.name)
    with pytest.raises(BadMedia, match="is not a video"):
        excerpt(playlist, tmp_path / "out")


def test_a_folder_that_cannot_be_written_is_one_sentence(make_clip: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BadMedia, match=r"No excerpt of 'clip\.mp4' can be kept in .*; make room there\."):
        excerpt(make_clip(), tmp_path / "file")


def test_a_clip_whose_clock_starts_late_is_played_from_its_start(
    make_clip: Callable[..., Path], tmp_path: Path
) -> None:
    late = tmp_path / "late.ts"
    with av.open(str(make_clip(seconds=4.0, sound=False))) as source, av.open(str(late), "w", format="mpegts") as out:
        copy = out.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                shift = round(60 / packet.time_base)
                packet.pts, packet.dts, packet.stream = packet.pts + shift, packet.dts + shift, copy
                out.mux(packet)
    short = excerpt(late, tmp_path / "out", window_s=2.0)
    assert seconds(short) == pytest.approx(2.0, abs=0.5)
    with av.open(str(short)) as clip:
        assert float(next(clip.decode(video=0)).time) == pytest.approx(0.0, abs=0.2)


def test_the_folder_is_kept_to_a_size(make_clip: Callable[..., Path], tmp_path: Path) -> None:
    first = excerpt(make_clip("first.mp4"), tmp_path)
    second = excerpt(make_clip("second.mp4"), tmp_path, keep_bytes=1)
    assert second.exists()
    assert not first.exists()


def test_a_part_from_the_middle_begins_at_a_picture_that_can_be_shown_alone(
    make_clip: Callable[..., Path], tmp_path: Path
) -> None:
    clip = make_clip("middle.mp4", seconds=50.0, size=(64, 48))
    found = part(clip, tmp_path, 45.0, window_s=2.0)
    assert 0 <= found.lead_s < 30
    assert seconds(found.path) == pytest.approx(found.lead_s + 2.0, abs=0.6)
    assert codecs(found.path) == codecs(clip)
    assert part(clip, tmp_path, 45.0, window_s=2.0) == found
    with av.open(str(found.path)) as opened:
        shown = [(frame.time, frame.to_ndarray(format="rgb24")) for frame in opened.decode(video=0)]
    with av.open(str(clip)) as opened:
        every = {round(f.time, 2): f.to_ndarray(format="rgb24") for f in opened.decode(video=0)}
    time, picture = next((at, image) for at, image in shown if at >= found.lead_s)
    there = every[min(every, key=lambda at: abs(at - (45.0 + time - found.lead_s)))]
    assert abs(picture.astype(int) - there).mean() < 3
    assert part(clip, tmp_path, 0.0).lead_s == 0.0
