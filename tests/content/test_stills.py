"""A picture is a clip of one frame without sound and without length; a song is one without a picture."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mtaf_core.content import media, stills
from mtaf_core.content.backbones import PROFILES
from mtaf_core.content.clip import PICTURE_ALONE, SONG_ALONE
from mtaf_core.content.extract import Extractor
from mtaf_core.errors import BadMedia
from mtaf_core.limits import MAX_PICTURE_PX
from mtaf_core.schema import Modality

Encode = Callable[..., Path]
_TRANSPARENT = (0, 0, 0, 0)


def halves(size: tuple[int, int] = (640, 480)) -> Image.Image:
    """Red above, blue below."""
    picture = Image.new("RGB", size, (255, 0, 0))
    picture.paste((0, 0, 255), (0, size[1] // 2, *size))
    return picture


def colour(frames: np.ndarray, row: float, column: float) -> list[int]:
    """The colour at a share of a frame's height and width, to the nearest of dark and bright."""
    height, width = frames.shape[1:3]
    return [int(v > 127) * 255 for v in frames[0, int(row * height), int(column * width)]]


@pytest.mark.parametrize("name", ["a.jpg", "a.jpeg", "a.png", "a.webp"])
def test_a_picture_is_one_frame_without_sound_or_length(tmp_path: Path, name: str) -> None:
    halves().save(tmp_path / name)
    clip = media.decode(tmp_path / name)
    assert clip.frames is not None
    assert clip.frames.shape == (1, 256, 341, 3)
    assert (colour(clip.frames, 0.2, 0.5), colour(clip.frames, 0.8, 0.5)) == ([255, 0, 0], [0, 0, 255])
    assert (clip.width_px, clip.height_px, clip.duration_s, clip.sound) == (640, 480, None, None)
    assert (clip.form, clip.has_sound, clip.warnings) == ("picture", False, (PICTURE_ALONE,))


def test_a_picture_is_known_by_its_content_not_by_its_name(tmp_path: Path) -> None:
    halves().save(tmp_path / "a.png")
    named = (tmp_path / "a.png").rename(tmp_path / "clip.mp4")
    assert media.decode(named).form == "picture"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_as_its_camera_noted(tmp_path: Path, orientation: int) -> None:
    from PIL import ImageOps

    noted = Image.Exif()
    noted[0x0112] = orientation
    halves((320, 640)).save(tmp_path / "a.jpg", exif=noted, quality=95)
    with Image.open(tmp_path / "a.jpg") as opened:
        upright = ImageOps.exif_transpose(opened)
    clip = media.decode(tmp_path / "a.jpg")
    assert (clip.width_px, clip.height_px) == upright.size
    for row, column in ((0.1, 0.1), (0.1, 0.9), (0.9, 0.1), (0.9, 0.9)):
        assert colour(clip.frames, row, column) == colour(np.asarray(upright)[None], row, column)


def test_what_is_clear_is_white_and_deep_grey_is_not_cut_off(tmp_path: Path) -> None:
    Image.new("RGBA", (64, 64), _TRANSPARENT).save(tmp_path / "clear.png")
    Image.fromarray(np.full((64, 64), 128 << 8, np.uint16)).save(tmp_path / "deep.png")
    assert media.decode(tmp_path / "clear.png").frames.min() == 255
    assert np.abs(media.decode(tmp_path / "deep.png").frames.astype(int) - 128).max() <= 1


def test_of_a_moving_picture_the_first_frame_counts(tmp_path: Path) -> None:
    first, second = Image.new("RGB", (64, 64), "white"), Image.new("RGB", (64, 64), "black")
    first.save(tmp_path / "a.webp", save_all=True, append_images=[second], lossless=True)
    assert media.decode(tmp_path / "a.webp").frames.min() > 250


def _png(width: int, height: int) -> bytes:
    """A PNG of a size, black, packed a thousand times."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((1 + -(-width // 8)) * min(height, 100_000)), 9)
    parts = [(b"IHDR", head), (b"IDAT", rows), (b"IEND", b"")]
    chunks = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _truncated(folder: Path) -> bytes:
    halves().save(folder / "whole.jpg")
    return (folder / "whole.jpg").read_bytes()[:2000]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("bomb.png", _png(8000, 8000), "more than 50 million pixels"),
        ("bomb.png", _png(60_000, 60_000), "60000×60000|more than 50 million pixels"),
        ("long.png", _png(9000, 20), "9000×20 pixels"),
        ("dot.png", _png(1, 1), "1×1 pixels"),
        ("none.png", _png(0, 0), "cut short or damaged"),
        ("cut.jpg", b"\xff\xd8\xff\xe0" + bytes(40), "cut short or damaged"),
        ("logo.svg", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG drawing"),
        ("photo.heic", b"\0\0\0\x18ftypheic" + bytes(40), "HEIC"),
        ("flyer.jpg", b"%PDF-1.7\n" + bytes(40), "PDF document"),
        ("notes.jpg", b"just some notes\n" * 9, "not a picture that can be read; export it as JPEG"),
        ("notes.mp3", b"just some notes\n" * 9, "not a song that can be read; export it as MP3"),
    ],
)
def test_what_is_no_picture_is_refused_in_one_sentence(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadMedia, match=words) as refused:
        media.decode(tmp_path / name)
    assert str(refused.value).startswith(name)
    assert "\n" not in str(refused.value)


def test_a_picture_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cut.jpg").write_bytes(_truncated(tmp_path))
    with pytest.raises(BadMedia, match=r"cut\.jpg is cut short or damaged"):
        media.decode(tmp_path / "cut.jpg")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_damage_anywhere_gives_a_picture_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "a.bin"
    noted = Image.Exif()
    noted[0x0112] = 6
    halves((96, 64)).save(path, kind, exif=noted)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(12, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(24, len(content)))])
    try:
        found = stills.read(path)
    except BadMedia:
        return
    assert found.frames.shape[0] == 1
    assert found.width_px * found.height_px <= MAX_PICTURE_PX


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Extractor:
    return Extractor("compact", "cpu", cache_dir=tmp_path_factory.mktemp("cache"))


def test_a_picture_has_a_visual_vector_alone_and_is_read_once(
    loaded: Extractor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    halves().save(tmp_path / "a.jpg")
    first = loaded.embed_clip(tmp_path / "a.jpg", "tea")
    assert {m for m, v in first.vectors.items() if v is None} == {Modality.AUDIO}
    assert first.vectors[Modality.VISUAL].shape == (PROFILES["compact"][Modality.VISUAL].dimension,)
    monkeypatch.setattr(media, "decode", None)
    again = loaded.embed_clip(tmp_path / "a.jpg", "tea")
    assert again.clip.form == "picture"
    assert again.warnings == first.warnings == (PICTURE_ALONE,)
    assert np.array_equal(again.vectors[Modality.VISUAL], first.vectors[Modality.VISUAL])


@pytest.mark.parametrize(
    ("name", "codec"), [("a.mp3", "mp3"), ("a.m4a", "aac"), ("a.flac", "flac"), ("a.ogg", "libopus")]
)
def test_a_song_has_a_sound_vector_alone(loaded: Extractor, encode: Encode, name: str, codec: str) -> None:
    song = loaded.embed_clip(encode(name, video=None, audio=codec), "tea")
    assert (song.clip.form, song.warnings) == ("song", (SONG_ALONE,))
    assert song.clip.duration_s == pytest.approx(2.0, abs=0.1)
    assert {m for m, v in song.vectors.items() if v is None} == {Modality.VISUAL}
