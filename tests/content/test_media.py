"""Given a file, when it is decoded, then frames and sound of its first ten seconds come back, or one clear sentence."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mtaf_core.content import media
from mtaf_core.content.clip import SONG_ALONE
from mtaf_core.errors import BadMedia
from mtaf_core.limits import FRAMES

Encode = Callable[..., Path]

REAL = (
    "auto-editor_example.mp4",
    "moviepy_chaplin.mp4",
    "moviepy_doc_long_example.mp4",
    "moviepy_smpte-2997.mp4",
    "moviepy_video_with_failing_audio.mp4",
    "torchcodec_nasa_13013.mp4",
)


def every_frame(path: Path) -> tuple[list[float], list[np.ndarray]]:
    """The plain way: decode all, skip nothing."""
    with av.open(str(path)) as container:
        decoded = [(frame.time, frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]
    return [time for time, _ in decoded], [image for _, image in decoded]


def refusal(path: Path) -> str:
    with pytest.raises(BadMedia) as caught:
        media.decode(path)
    said = str(caught.value)
    assert said.endswith(".")
    assert "\n" not in said
    return said


@pytest.mark.parametrize(
    ("name", "video", "audio"),
    [
        ("codec.mp4", "libx264", "aac"),
        ("codec.mov", "libx264", "aac"),
        ("codec.webm", "libvpx-vp9", "libopus"),
        ("codec.mkv", "libx264", "aac"),
    ],
)
def test_common_containers_give_ten_frames_and_sound(encode: Encode, name: str, video: str, audio: str) -> None:
    clip = media.decode(encode(name, video=video, audio=audio), sample_rates=(16_000, 44_100))
    assert clip.frames is not None
    assert clip.frames.shape == (FRAMES, 180, 320, 3)
    assert clip.frames.dtype == np.uint8
    assert clip.sound is not None
    assert {rate: round(wave.size / rate, 1) for rate, wave in clip.sound.items()} == {16_000: 2.0, 44_100: 2.0}
    assert (clip.width_px, clip.height_px, clip.fps) == (320, 180, 10.0)
    assert clip.duration_s == pytest.approx(2.0, abs=0.1)
    assert clip.warnings == ()


def test_a_frame_is_the_one_on_screen_at_its_time(clip_path: Path) -> None:
    clip = media.decode(clip_path)
    times, images = every_frame(clip_path)
    window = clip.duration_s
    assert clip.frame_times_s == pytest.approx([window * (i + 0.5) / FRAMES for i in range(FRAMES)])
    assert clip.frames is not None
    for at, frame in zip(clip.frame_times_s, clip.frames, strict=True):
        shown = images[max(i for i, time in enumerate(times) if time <= at)]
        assert np.abs(frame.astype(int) - shown).mean() < 1.0


def test_sound_keeps_its_pitch_and_loudness_at_every_rate(clip_path: Path) -> None:
    clip = media.decode(clip_path, sample_rates=(16_000, 44_100))
    assert clip.sound is not None
    for rate, wave in clip.sound.items():
        assert wave.dtype == np.float32
        middle = wave[rate // 2 : rate // 2 + rate]
        assert np.abs(np.fft.rfft(middle)).argmax() == pytest.approx(440, abs=1)
        assert np.abs(middle).max() == pytest.approx(0.3, rel=0.1)


def test_only_the_window_is_read_of_a_long_clip(encode: Encode) -> None:
    clip = media.decode(encode("long.mp4", seconds=13, fps=4))
    assert clip.duration_s == pytest.approx(13, abs=0.2)
    assert clip.frame_times_s == pytest.approx([i + 0.5 for i in range(10)])
    assert clip.sound is not None
    assert clip.sound[16_000].size == 160_000


def test_a_large_picture_is_kept_at_256_px_but_its_size_is_told(encode: Encode) -> None:
    clip = media.decode(encode("large.mp4", seconds=1, size=(1280, 720), audio=None))
    assert clip.frames is not None
    assert clip.frames.shape == (FRAMES, 256, 455, 3)
    assert (clip.width_px, clip.height_px) == (1280, 720)


@pytest.mark.parametrize(("turn", "white"), [(90, "bottom left"), (-90, "top right"), (180, "bottom right")])
def test_a_phone_held_upright_gives_upright_frames(encode: Encode, turn: int, white: str) -> None:
    clip = media.decode(encode(f"turned{turn}.mp4", turn=turn, audio=None))
    assert clip.frames is not None
    upright = turn % 180 != 0
    assert (clip.width_px, clip.height_px) == ((180, 320) if upright else (320, 180))
    height, width = clip.frames.shape[1:3]
    assert (height, width) == ((320, 180) if upright else (180, 320))
    corners = {
        "top left": clip.frames[0][10, 10],
        "top right": clip.frames[0][10, width - 10],
        "bottom left": clip.frames[0][height - 10, 10],
        "bottom right": clip.frames[0][height - 10, width - 10],
    }
    assert max(corners, key=lambda corner: corners[corner].mean()) == white


def test_a_clip_without_sound_is_used_without_it(encode: Encode) -> None:
    clip = media.decode(encode("mute.mp4", audio=None))
    assert clip.sound is None
    assert not clip.has_sound
    assert clip.frames is not None
    assert clip.warnings == ("The file has no sound that can be read; the forecast is made without it.",)


def test_sound_alone_is_used_without_a_picture(encode: Encode) -> None:
    clip = media.decode(encode("only.m4a", video=None))
    assert clip.frames is None
    assert (clip.width_px, clip.height_px, clip.fps, clip.has_picture) == (None, None, None, False)
    assert clip.sound is not None
    assert clip.warnings == (SONG_ALONE,)


def test_silence_counts_as_sound_and_is_said(encode: Encode) -> None:
    clip = media.decode(encode("silent.mp4", loudness=0.0))
    assert clip.sound is not None
    assert not clip.sound[16_000].any()
    assert any("silent" in said for said in clip.warnings)


def test_a_single_frame_is_held_for_its_second(encode: Encode) -> None:
    clip = media.decode(encode("still.mp4", seconds=1, fps=1, audio=None))
    assert clip.frames is not None
    assert (clip.frames == clip.frames[0]).all()


def test_damaged_packets_are_skipped_and_the_rest_is_kept(clip_path: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.mp4"
    data = bytearray(clip_path.read_bytes())
    with av.open(str(clip_path)) as container:
        packets = [p for p in container.demux(audio=0) if p.size]
        for packet in packets[20:24]:
            data[packet.pos : packet.pos + packet.size] = b"\xff" * packet.size
    damaged.write_bytes(data)
    clip = media.decode(damaged)
    assert clip.sound is not None
    assert clip.sound[16_000].size > 1.5 * 16_000
    assert any("sound is damaged" in said for said in clip.warnings)


def test_a_file_cut_short_keeps_what_is_there(encode: Encode, tmp_path: Path) -> None:
    whole = encode("whole.mkv", seconds=8, fps=10)
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    clip = media.decode(cut)
    assert clip.frames is not None
    assert 1 <= len(clip.frames) < FRAMES
    assert len(clip.frame_times_s) == len(clip.frames)
    assert any("stops early" in said for said in clip.warnings)


def test_an_mp4_without_its_index_is_refused(clip_path: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(clip_path.read_bytes()[:-3000])
    assert "cut short" in refusal(cut)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.mp4", b"", "empty"),
        ("notes.mp4", b"just some notes, not a video\n" * 50, "not a video"),
        ("page.mp4", b"<html><body>404</body></html>", "not a video"),
        ("list.mp4", b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n", "not a video"),
        ("script.mp4", b"ffconcat version 1.0\nfile plain.mp4\n", "not a video"),
    ],
)
def test_what_is_not_a_video_is_refused(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert words in refusal(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert "no file" in refusal(tmp_path / "absent.mp4")
    assert "folder" in refusal(tmp_path)
    assert "not a valid path" in refusal(Path("a\0b.mp4"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may read every file")
def test_an_unreadable_file_is_refused(clip_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "locked.mp4"
    shutil.copy(clip_path, path)
    path.chmod(0)
    assert "permissions" in refusal(path)


def test_permission_errors_are_told_as_such(clip_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert "permissions" in refusal(clip_path)


def test_limits_on_bytes_length_and_size_are_kept(
    clip_path: Path, encode: Encode, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "pixels" in refusal(encode("tiny.mp4", size=(8, 8), audio=None, seconds=0.5))
    with monkeypatch.context() as patch:
        patch.setattr(media, "MAX_UPLOAD_BYTES", 1000)
        assert "over the limit" in refusal(clip_path)
    with monkeypatch.context() as patch:
        patch.setattr(media, "MAX_DURATION_S", 1)
        assert "lasts" in refusal(clip_path)
    with monkeypatch.context() as patch:
        patch.setattr(media, "MAX_SIDE_PX", 200)
        assert "320×180" in refusal(clip_path)


def test_a_clip_too_short_to_judge_is_refused(encode: Encode) -> None:
    path = encode("flash.mp4", seconds=1 / 60, fps=60, audio=None)
    assert refusal(path) == "flash.mp4 lasts 0.017 s; give a clip of at least 0.04 s."


def test_a_long_thin_picture_is_kept_small_and_its_size_is_told(encode: Encode) -> None:
    clip = media.decode(encode("thin.mp4", seconds=0.5, size=(4000, 16), audio=None))
    assert clip.frames is not None
    assert clip.frames.shape == (FRAMES, 8, 2048, 3)
    assert (clip.width_px, clip.height_px) == (4000, 16)


def test_identity_is_the_bytes_not_the_name(clip_path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "另一个名字.mp4"
    shutil.copy(clip_path, copy)
    assert media.content_hash(copy) == media.content_hash(clip_path) == media.decode(copy).content_hash


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files can be counted on Linux only")
def test_no_file_stays_open(clip_path: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"\0" * 5000)
    before = len(os.listdir("/proc/self/fd"))
    media.decode(clip_path)
    refusal(bad)
    assert len(os.listdir("/proc/self/fd")) == before


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0.0, 1.0), junk=st.binary(min_size=1, max_size=400))
def test_junk_anywhere_gives_a_clip_or_a_sentence(clip_path: Path, tmp_path: Path, at: float, junk: bytes) -> None:
    data = bytearray(clip_path.read_bytes())
    start = int(at * (len(data) - len(junk)))
    data[start : start + len(junk)] = junk
    path = tmp_path / "junk.mp4"
    path.write_bytes(data)
    said = ""
    try:
        clip = media.decode(path)
    except BadMedia as error:
        said = str(error)
    assert said.endswith(".") if said else clip.has_picture or clip.has_sound


@pytest.mark.parametrize("name", REAL)
def test_real_footage_decodes(real_clips: Path, name: str) -> None:
    clip = media.decode(real_clips / name, sample_rates=(16_000, 44_100))
    assert clip.frames is not None
    assert len(clip.frames) == FRAMES
    assert min(clip.frames.shape[1:3]) <= 256
    assert clip.frames.std() > 10
    if name == "moviepy_doc_long_example.mp4":
        assert clip.sound is None
    else:
        assert clip.sound is not None
        assert all(np.abs(wave).max() <= 1.0 for wave in clip.sound.values())


def test_of_several_pictures_the_best_is_read(real_clips: Path) -> None:
    clip = media.decode(real_clips / "torchcodec_nasa_13013.mp4")
    assert (clip.width_px, clip.height_px) == (480, 270)


def test_skipping_frames_nothing_refers_to_changes_no_sample(real_clips: Path) -> None:
    path = real_clips / "moviepy_chaplin.mp4"
    clip = media.decode(path)
    times, images = every_frame(path)
    assert clip.frames is not None
    for at, frame in zip(clip.frame_times_s, clip.frames, strict=True):
        shown = images[max(i for i, time in enumerate(times) if time <= at)]
        small = av.VideoFrame.from_ndarray(shown).reformat(frame.shape[1], frame.shape[0]).to_ndarray(format="rgb24")
        assert np.abs(frame.astype(int) - small).mean() < 3.0
