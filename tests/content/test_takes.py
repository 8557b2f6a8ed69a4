"""A take is a part of a clip, with its sound or without: only that part is read, once, and its seconds are its own."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtaf_core.content import backbones, media
from mtaf_core.content.extract import MUTED, Extractor
from mtaf_core.content.take import Take
from mtaf_core.errors import BadInput, BadMedia
from mtaf_core.limits import FRAMES, WINDOW_S
from mtaf_core.schema import Modality

Encode = Callable[..., Path]


@pytest.fixture(scope="module")
def loaded() -> Extractor:
    extractor = Extractor(device="cpu")
    extractor.warm_up()
    return extractor


def fresh(loaded: Extractor, cache_dir: Path) -> Extractor:
    another = Extractor(device="cpu", cache_dir=cache_dir)
    another._loaded = dict(loaded._loaded)
    return another


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen seconds with a keyframe every three: second ``i`` is grey 10 + 15 i and hums at 300 + 100 i Hz."""
    path = tmp_path_factory.mktemp("scenes") / "scenes.mp4"
    with av.open(str(path), "w") as out:
        picture = out.add_stream("libx264", rate=10, options={"g": "30", "sc_threshold": "0", "bf": "2"})
        picture.width, picture.height, picture.pix_fmt = 160, 96, "yuv420p"
        sound = out.add_stream("aac", rate=44_100, layout="mono")
        for i in range(160):
            image = np.full((96, 160, 3), 10 + 15 * (i // 10), np.uint8)
            out.mux(picture.encode(av.VideoFrame.from_ndarray(image)))
        out.mux(picture.encode())
        second = np.arange(44_100) / 44_100
        wave = np.concatenate([0.3 * np.sin(2 * np.pi * (300 + 100 * i) * second) for i in range(16)])
        for start in range(0, wave.size, 1024):
            frame = av.AudioFrame.from_ndarray(wave[None, start : start + 1024].astype(np.float32), "fltp", "mono")
            frame.sample_rate, frame.pts = 44_100, start
            out.mux(sound.encode(frame))
        out.mux(sound.encode())
    return path


def pitch(wave: np.ndarray, second: float) -> float:
    """What hums in the half second around the middle of a second, in Hz."""
    middle = wave[round((second + 0.25) * 16_000) : round((second + 0.75) * 16_000)]
    return float(np.abs(np.fft.rfft(middle)).argmax() * 2)


@pytest.mark.parametrize(("start", "end"), [(2.0, 7.0), (0.5, 4.0), (7.5, None), (13.0, 15.0), (3.0, 16.0)])
def test_a_part_holds_the_frames_and_the_sound_of_its_seconds(scenes: Path, start: float, end: float | None) -> None:
    clip = media.decode(scenes, start_s=start, end_s=end)
    length = (16.0 if end is None else end) - start
    window = min(length, WINDOW_S)
    assert clip.duration_s == pytest.approx(length, abs=0.1)
    assert clip.start_s == start
    assert clip.frames is not None
    assert clip.sound is not None
    assert clip.frame_times_s == pytest.approx([window * (i + 0.5) / FRAMES for i in range(FRAMES)], abs=0.1)
    for at, frame in zip(clip.frame_times_s, clip.frames, strict=True):
        assert frame.mean() == pytest.approx(10 + 15 * int(start + at + 1e-6), abs=3)
    assert clip.sound[16_000].size == pytest.approx(window * 16_000, abs=1_600)
    for second in range(int(window)):
        whole = start + second
        if whole == int(whole):
            assert pitch(clip.sound[16_000], second) == pytest.approx(300 + 100 * int(whole), abs=4)
    assert clip.warnings == ()


def test_the_sound_of_a_part_is_cut_where_it_begins_to_the_millisecond(scenes: Path) -> None:
    whole = media.decode(scenes).sound
    part = media.decode(scenes, start_s=2.0, end_s=7.0).sound
    assert whole is not None
    assert part is not None
    heard = part[16_000][1_600:32_000]
    shifts = range(-80, 81)
    missed = [np.abs(whole[16_000][32_000 + 1_600 + s : 64_000 + s] - heard).mean() for s in shifts]
    assert abs(shifts[int(np.argmin(missed))]) <= 16
    assert min(missed) < 0.02


def test_a_part_far_into_a_file_is_sought_and_not_decoded_up_to(
    encode: Encode, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = encode("far.mp4", seconds=90, fps=10, size=(64, 48))
    taken: list[float] = []
    take = media.PictureReader.take

    def watched(self: media.PictureReader, packet: av.Packet) -> None:
        taken.append(self.seconds(packet.pts))
        take(self, packet)

    monkeypatch.setattr(media.PictureReader, "take", watched)
    clip = media.decode(path, start_s=80.0, end_s=85.0)
    assert clip.frames is not None
    assert len(clip.frames) == FRAMES
    assert min(taken) > -30.0  # the keyframe before it, and not the beginning 80 seconds earlier


@pytest.mark.parametrize("name", ["raw.webm", "raw.mkv", "raw.mov"])
def test_other_containers_have_parts_too(encode: Encode, name: str) -> None:
    kinds = {"video": "libvpx", "audio": "libopus"} if name.endswith("webm") else {}
    path = encode(name, seconds=4, fps=10, **kinds)
    clip = media.decode(path, start_s=2.5, end_s=3.5)
    assert clip.frames is not None
    assert clip.sound is not None
    for at, frame in zip(clip.frame_times_s, clip.frames, strict=True):
        grey = 10 + 5 * int((2.5 + at) * 10 + 1e-6)
        assert frame[150:, 200:].mean() == pytest.approx(grey, abs=6)
    assert clip.sound[16_000].size == 16_000


def test_a_file_that_leads_nowhere_is_read_from_its_beginning(scenes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sought = media.decode(scenes, start_s=5.0, end_s=8.0)
    monkeypatch.setattr(media, "_sought", lambda container, stamp_s: False)
    plain = media.decode(scenes, start_s=5.0, end_s=8.0)
    np.testing.assert_array_equal(sought.frames, plain.frames)
    # Resampled from another sample on, they may differ by what a sound moves within less than one sample.
    np.testing.assert_allclose(sought.sound[16_000][800:], plain.sound[16_000][800:], atol=0.06)  # type: ignore[index]


def test_a_seek_that_goes_too_far_is_not_believed(scenes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = media.decode(scenes, start_s=5.0, end_s=8.0)

    def too_far(container: av.container.InputContainer, stamp_s: float) -> bool:
        container.seek(round(7 * av.time_base), backward=True)
        return True

    monkeypatch.setattr(media, "_sought", too_far)
    np.testing.assert_array_equal(right.frames, media.decode(scenes, start_s=5.0, end_s=8.0).frames)


def test_a_part_outside_the_clip_is_one_sentence(scenes: Path) -> None:
    for start, end in ((16.5, None), (20.0, 25.0)):
        with pytest.raises(BadMedia, match=r"scenes\.mp4 lasts 16\.\d s, so that nothing is left of seconds"):
            media.decode(scenes, start_s=start, end_s=end)
    late = media.decode(scenes, start_s=12.0, end_s=60.0)
    assert late.duration_s == pytest.approx(4.0, abs=0.1)


@pytest.mark.parametrize(
    ("start", "end"), [(-1.0, None), (float("nan"), None), (1e9, None), (3.0, 3.0), (3.0, 2.0), (0.0, float("inf"))]
)
def test_an_impossible_take_is_one_sentence(start: float, end: float | None) -> None:
    with pytest.raises(BadInput, match=r"^The clip cannot (begin|end) at second .+\.$"):
        Take("a", start, end)


@given(st.floats(0, 600), st.none() | st.floats(0.05, 700), st.booleans())
def test_takes_that_read_the_same_share_a_key_and_the_whole_file_has_its_hash_alone(
    start: float, length: float | None, muted: bool
) -> None:
    take = Take("ab", start, None if length is None else start + length, muted)
    assert take.read.read == take.read
    assert take.read == replace(take, muted=not muted).read
    assert (take.read.key == "ab") == (take.read.start_s == 0 and take.read.end_s is None)
    if length is not None and take.end_s is not None and take.end_s - start >= WINDOW_S:
        assert take.read == Take("ab", start)


def test_a_trim_changes_sound_and_picture_and_a_mute_the_sound_alone(loaded: Extractor, scenes: Path) -> None:
    whole = loaded.embed_clip(scenes, "tea")
    part = loaded.embed_clip(scenes, "tea", take=Take("", 2.0, 7.0))
    np.testing.assert_array_equal(whole.vectors[Modality.TEXT], part.vectors[Modality.TEXT])
    for modality in (Modality.AUDIO, Modality.VISUAL):
        assert not np.allclose(whole.vectors[modality], part.vectors[modality])  # type: ignore[arg-type]
    assert part.clip is not None
    assert part.clip.duration_s == 5.0
    mute = loaded.embed_clip(scenes, "tea", take=Take("", 2.0, 7.0, muted=True))
    assert mute.vectors[Modality.AUDIO] is None
    assert mute.clip is not None
    assert not mute.clip.has_sound
    assert mute.warnings == (MUTED,)
    np.testing.assert_array_equal(mute.vectors[Modality.VISUAL], part.vectors[Modality.VISUAL])


def test_nothing_is_read_for_a_mute_or_for_an_end_beyond_the_window(
    loaded: Extractor, scenes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = fresh(loaded, tmp_path).embed_clip(scenes, "tea")
    assert whole.clip is not None
    digest = whole.clip.content_hash

    def never(*args: object, **kwargs: object) -> None:
        raise AssertionError("nothing is to be read, decoded or loaded")

    for name in ("decode", "content_hash"):
        monkeypatch.setattr(media, name, never)
    monkeypatch.setattr(backbones, "load", never)
    cold = Extractor(device="cpu", cache_dir=tmp_path)
    shorter = cold.embed_clip(scenes, "tea", take=Take(digest, 0.0, 12.0))
    assert shorter.clip is not None
    assert shorter.clip.duration_s == 12.0
    mute = cold.embed_clip(scenes, "tea", take=Take(digest, muted=True))
    for modality in (Modality.TEXT, Modality.VISUAL):
        np.testing.assert_array_equal(shorter.vectors[modality], whole.vectors[modality])
        np.testing.assert_array_equal(mute.vectors[modality], whole.vectors[modality])
    assert mute.vectors[Modality.AUDIO] is None
    assert mute.clip is not None
    assert mute.clip.duration_s == whole.clip.duration_s


def test_parts_are_kept_beside_the_whole_and_never_mixed_up(loaded: Extractor, scenes: Path, tmp_path: Path) -> None:
    takes = (Take(), Take("", 2.0, 7.0), Take("", 2.0), Take("", 6.0))
    first = [fresh(loaded, tmp_path).embed_clip(scenes, take=take) for take in takes]
    again = [fresh(loaded, tmp_path).embed_clip(scenes, take=take) for take in takes]
    for one, other in zip(first, again, strict=True):
        assert other.clip is not None
        assert other.clip.frames is None
        assert one.clip is not None
        assert (one.clip.duration_s, one.clip.start_s) == (other.clip.duration_s, other.clip.start_s)
        np.testing.assert_array_equal(one.vectors[Modality.VISUAL], other.vectors[Modality.VISUAL])
    vectors = [tuple(each.vectors[Modality.VISUAL]) for each in first]  # type: ignore[arg-type]
    assert len(set(vectors)) == len(takes)


def test_a_part_without_a_hash_is_kept_under_that_of_its_file(loaded: Extractor, scenes: Path, tmp_path: Path) -> None:
    fresh(loaded, tmp_path).embed_clip(scenes, take=Take("", 2.0, 7.0))
    digest = media.content_hash(scenes)
    assert [path.stem for path in (tmp_path / "efficientnet-lite0").rglob("*.npy")] == [f"{digest}-2.000-7.000"]


def test_real_footage_is_read_from_the_middle(loaded: Extractor, real_clips: Path) -> None:
    for name in ("moviepy_chaplin.mp4", "torchcodec_nasa_13013.mp4", "auto-editor_example.mp4"):
        path = real_clips / name
        length = media.duration(path)
        part = media.decode(path, start_s=length / 2, end_s=length / 2 + 2)
        assert part.frames is not None
        assert len(part.frames) == FRAMES
        whole = media.decode(path, window_s=length)
        assert whole.frames is not None
        near = [i for i, at in enumerate(whole.frame_times_s) if length / 2 <= at < length / 2 + 2]
        for i in near:
            moved = np.abs(part.frames.astype(int) - whole.frames[i]).mean(axis=(1, 2, 3))
            assert moved.min() < 12
