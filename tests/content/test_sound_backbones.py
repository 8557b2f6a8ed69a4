"""Given sound, then both front ends are what their definitions say, and both networks give what they should."""

from pathlib import Path

import numpy as np
import pytest

from mtaf_core.content import audio, backbones, logmel, specs, vggish
from mtaf_core.content.audio import AisfxAudio
from mtaf_core.content.vggish import VggishAudio
from mtaf_core.errors import BadInput, WeightsMissing
from mtaf_core.schema import Modality


def chord(rate: int, seconds: float, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    t = np.arange(round(rate * seconds)) / rate
    tones = sum(
        np.sin(2 * np.pi * f * t + p) for f, p in zip(rng.uniform(100, 4000, 5), rng.uniform(0, 6, 5), strict=True)
    )
    return (0.1 * tones + 0.02 * rng.standard_normal(t.size)).astype(np.float32)


def vggish_log_mel_by_definition(sound: np.ndarray) -> np.ndarray:
    """Frame by frame, band by band, in double precision, straight from the definition."""
    window = np.array([0.5 - 0.5 * np.cos(2 * np.pi * n / 400) for n in range(400)])
    mel = lambda hertz: 1127.0 * np.log(1.0 + hertz / 700.0)  # noqa: E731
    edges = np.linspace(mel(125.0), mel(7500.0), 66)
    rows = []
    for start in range(0, sound.size - 400 + 1, 160):
        magnitude = np.abs(np.fft.fft(np.concatenate([sound[start : start + 400] * window, np.zeros(112)])))[:257]
        row = []
        for band in range(64):
            low, middle, high = edges[band : band + 3]
            total = 0.0
            for k in range(1, 257):
                at = mel(k * 16_000 / 512)
                total += magnitude[k] * max(0.0, min((at - low) / (middle - low), (high - at) / (high - middle)))
            row.append(np.log(total + 0.01))
        rows.append(row)
    return np.array(rows)


def test_vggish_front_end_follows_its_definition() -> None:
    sound = chord(16_000, 0.12)
    ours = vggish.log_mel(sound)
    expected = vggish_log_mel_by_definition(sound.astype(np.float64))
    assert ours.shape == expected.shape == (10, 64)
    np.testing.assert_allclose(ours, expected, atol=1e-4)


def test_ten_seconds_make_ten_patches_and_shorter_sound_is_filled_with_silence() -> None:
    ten = vggish.patches(chord(16_000, 10))
    assert ten.shape == (10, 96, 64)
    np.testing.assert_array_equal(ten, vggish.patches(chord(16_000, 10)[:160_000]))
    short = vggish.patches(chord(16_000, 10)[:48_000])
    np.testing.assert_allclose(short[:3], ten[:3], atol=1e-5)
    assert np.allclose(short[4:], np.log(0.01), atol=1e-6)
    assert vggish.patches(np.zeros(0, np.float32)).shape == (10, 96, 64)


def test_sound_shorter_than_a_window_is_refused() -> None:
    with pytest.raises(BadInput, match="at least 400"):
        vggish.log_mel(np.zeros(399, np.float32))


def test_aisfx_front_end_follows_its_definition() -> None:
    sound = chord(44_100, 1)
    frame = 12  # centred on sample 12 * 1024
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(2048) / 2048)
    power = np.abs(np.fft.rfft(sound[frame * 1024 - 1024 : frame * 1024 + 1024] * hann)) ** 2
    hertz = np.arange(1025) * 44_100 / 2048
    top = 2595 * np.log10(1 + 22_050 / 700)
    edges = 700 * (10 ** (np.linspace(0, top, 98) / 2595) - 1)
    expected = []
    for low, middle, high in zip(edges, edges[1:], edges[2:], strict=False):
        weight = np.maximum(0, np.minimum((hertz - low) / (middle - low), (high - hertz) / (high - middle)))
        level = power @ weight / weight.sum() if weight.sum() else 0.0
        expected.append(np.log10(1e4 * level + 1) / 9.457798957824707)
    ours = audio.log_mel(sound[None])
    assert ours.shape == (1, 44, 96)
    np.testing.assert_allclose(ours[0, frame], expected, atol=1e-4)


def test_mel_bands_with_unit_sum_add_up_to_one_where_they_hold_a_bin() -> None:
    total = logmel.mel_bands(96, 2048, 44_100, 0.0, 22_050.0, "hertz", True).sum(0)
    assert np.all(np.isclose(total, 1.0, atol=1e-5) | (total == 0.0))
    assert (total > 0).sum() > 90


@pytest.mark.parametrize(("seconds", "blocks"), [(0.1, 1), (1.4, 1), (1.6, 2), (10.0, 10), (12.0, 10)])
def test_sound_is_cut_into_seconds(seconds: float, blocks: int) -> None:
    assert audio.split_seconds(np.ones(round(seconds * 44_100), np.float32)).shape == (blocks, 44_100)


@pytest.fixture(scope="module")
def aisfx() -> AisfxAudio:
    backbone = backbones.load("compact", Modality.AUDIO)
    assert isinstance(backbone, AisfxAudio)
    return backbone


def test_aisfx_gives_one_vector_a_second_and_their_mean(aisfx: AisfxAudio) -> None:
    sound = chord(44_100, 3)
    blocks = aisfx.embed_blocks(sound)
    assert blocks.shape == (3, 512)
    assert np.isfinite(blocks).all()
    np.testing.assert_allclose(aisfx.embed(sound), blocks.mean(0), atol=1e-6)


def test_aisfx_hears_a_second_the_same_in_company_and_at_any_volume(aisfx: AisfxAudio) -> None:
    sound = chord(44_100, 3)
    sound /= np.abs(sound).max()
    blocks = aisfx.embed_blocks(sound)
    np.testing.assert_allclose(aisfx.embed_blocks(0.25 * sound), blocks, atol=1e-3)
    louder = sound[44_100:88_200].copy()
    louder[np.abs(louder).argmax()] = 1.0  # the same peak, so the same normalisation
    with_peak = np.concatenate([sound[:44_100], louder, sound[88_200:]])
    np.testing.assert_allclose(aisfx.embed_blocks(louder)[0], aisfx.embed_blocks(with_peak)[1], atol=1e-4)


def test_aisfx_tells_sounds_apart_and_bears_silence(aisfx: AisfxAudio) -> None:
    one, same, noise = (
        aisfx.embed(chord(44_100, 2)),
        aisfx.embed(chord(44_100, 4)),
        aisfx.embed(np.random.default_rng(1).standard_normal(88_200).astype(np.float32)),
    )
    assert np.linalg.norm(one - same) < 0.5 * np.linalg.norm(one - noise)
    assert np.isfinite(aisfx.embed(np.zeros(44_100, np.float32))).all()
    assert np.isfinite(aisfx.embed(np.zeros(3, np.float32))).all()


def test_vggish_loads_the_published_layout_and_agrees_with_a_plain_forward_pass(vggish_weights: Path) -> None:
    import torch
    import torch.nn.functional as F
    from safetensors.torch import load_file

    ours = backbones.load("paper", Modality.AUDIO, weights_dir=vggish_weights)
    assert isinstance(ours, VggishAudio)
    sound = chord(16_000, 10)
    state = load_file(vggish_weights / "vggish" / "vggish.safetensors")
    x = torch.from_numpy(vggish.patches(sound))[:, None]
    for at in (0, 3, 6, 8, 11, 13):
        x = F.relu(F.conv2d(x, state[f"features.{at}.weight"], state[f"features.{at}.bias"], padding=1))
        if at in (0, 3, 8, 13):
            x = F.max_pool2d(x, 2)
    x = torch.transpose(torch.transpose(x, 1, 3), 1, 2).reshape(10, -1)  # (N, 6, 4, 512), as the converted weights want
    for at in (0, 2, 4):
        x = F.relu(F.linear(x, state[f"embeddings.{at}.weight"], state[f"embeddings.{at}.bias"]))
    blocks = ours.embed_blocks(sound)
    assert np.abs(blocks).max() > 0.01
    np.testing.assert_allclose(blocks, x.numpy(), atol=1e-5)
    np.testing.assert_array_equal(ours.embed(sound), blocks.reshape(-1))
    assert ours.embed(sound).shape == (1280,)


def test_vggish_whitening_gives_eight_bit_steps(vggish_weights: Path) -> None:
    import torch

    folder = vggish_weights / "vggish"
    names = [file.name for file in specs.VGGISH.files]
    files = {names[0]: folder / "vggish.safetensors", names[1]: folder / "vggish_pca_params.pth"}
    plain = VggishAudio(specs.VGGISH, files).embed_blocks(chord(16_000, 10))
    white = VggishAudio(specs.VGGISH, files, whiten=True).embed_blocks(chord(16_000, 10))
    pca = torch.load(files[names[1]], weights_only=True)
    vectors, means = pca["pca_eigen_vectors"].double().numpy(), pca["pca_means"].double().numpy()
    expected = (np.clip((plain - means.T) @ vectors.T, -2, 2) + 2) * 255 / 4
    assert np.abs(white - expected).max() < 0.51
    assert (white == white.round()).all()
    with pytest.raises(WeightsMissing, match=r"vggish_pca_params"):
        VggishAudio(specs.VGGISH, {names[0]: files[names[0]]}, whiten=True)
