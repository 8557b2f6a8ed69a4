"""The rendered clips: real files whose picture shows what their design says."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mtaf_core.content import media
from mtaf_core.data.demo import clips, sound
from mtaf_core.data.demo.design import BACKGROUNDS, ClipDesign
from mtaf_core.data.demo.shapes import SHAPES, draw, rgb

PLAIN = ClipDesign(
    seed=5,
    shape="bottle",
    hue=0.0,
    saturation=0.9,
    closeup=0.5,
    presenter=False,
    dark=0.0,
    clutter=0.0,
    background="studio",
    brand="LUMIA",
    captions=("WORTH IT?", "LUMIA"),
    sticker="",
    reveal_second=None,
    sound="voice",
    energy=0.5,
    jingle_second=None,
)


def middles(design: ClipDesign) -> np.ndarray:
    """The frame in the middle of each second, (10, H, W, 3)."""
    every = list(clips.frames(design))
    return np.stack([np.asarray(image) for image in every[clips.FPS // 2 :: clips.FPS]]).astype(float)


@pytest.fixture(scope="module")
def clip_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    clips.render(PLAIN, path)
    return path


def test_a_clip_is_ten_seconds_of_upright_picture_and_sound(clip_file):
    clip = media.decode(clip_file, sample_rates=(16_000,))
    assert (clip.width_px, clip.height_px) == (270, 480)
    assert clip.duration_s == pytest.approx(10.0, abs=0.1)
    assert clip.fps == pytest.approx(12)
    assert clip.frames.shape[0] == 10
    assert clip.sound[16_000].size == pytest.approx(160_000, rel=0.01)
    assert clip_file.stat().st_size < 400_000


def test_the_same_design_gives_the_same_bytes(clip_file, tmp_path):
    clips.render(PLAIN, tmp_path / "again.mp4")
    assert (tmp_path / "again.mp4").read_bytes() == clip_file.read_bytes()


def test_a_clip_can_be_played_before_it_is_all_there(clip_file):
    data = clip_file.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_a_clip_without_sound_has_no_sound_track(tmp_path):
    clips.render(replace(PLAIN, sound="none", energy=0.0), tmp_path / "mute.mp4")
    assert media.decode(tmp_path / "mute.mp4", sample_rates=(16_000,)).sound is None


def test_something_moves_in_every_second():
    every = middles(PLAIN)
    assert (np.abs(np.diff(every, axis=0)).mean(axis=(1, 2, 3)) > 1.0).all()


def test_the_reveal_is_seen_in_its_second_and_in_no_other():
    with_reveal, without = middles(replace(PLAIN, reveal_second=6)), middles(PLAIN)
    change = np.abs(with_reveal - without).mean(axis=(1, 2, 3))
    assert change[6] > 40
    assert change[np.arange(10) != 6].max() < 8  # only the drift of the camera may differ


def test_dark_is_dark_and_pale_is_pale():
    bright, dark = middles(PLAIN).mean(), middles(replace(PLAIN, dark=0.9)).mean()
    assert dark < 0.4 * bright
    vivid, pale = middles(PLAIN), middles(replace(PLAIN, saturation=0.05))
    assert np.ptp(pale, axis=3).mean() < 0.5 * np.ptp(vivid, axis=3).mean()


def test_clutter_brings_edges():
    def edges(frames: np.ndarray) -> float:
        return float(np.abs(np.diff(frames, axis=2)).mean())

    assert edges(middles(replace(PLAIN, clutter=1.0))) > 1.5 * edges(middles(PLAIN))


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_every_backdrop_can_be_shown_with_everything_at_once(background):
    full = replace(PLAIN, background=background, presenter=True, clutter=0.6, sticker="-30%", reveal_second=3)
    image = next(iter(clips.frames(full)))
    assert image.size == (270, 480)
    assert len(set(image.resize((40, 60)).getdata())) > 200


def test_the_mouth_moves_with_the_voice():
    loud = sound.loudness(PLAIN, clips.FPS)
    assert loud.shape == (clips.FRAMES,)
    mouth = clips._syllables(PLAIN, np.random.default_rng(0))
    assert loud[mouth].min() > loud[~mouth].max() - 1e-9


@pytest.mark.parametrize("shape", SHAPES)
def test_every_product_is_drawn_on_a_clear_ground(shape):
    image = draw(shape, rgb(0.3, 0.8, 0.9), rgb(0.8, 0.5, 0.9), "BRAND")
    alpha = np.asarray(image)[..., 3]
    assert isinstance(image, Image.Image)
    assert 250 < max(image.size) <= 480
    assert 0.1 < (alpha > 128).mean() < 1.0
