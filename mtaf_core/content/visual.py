"""Frames of a video to a vector: ResNet-152 for the paper, EfficientNet-Lite0 for the compact profile."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from mtaf_core.content import weights
from mtaf_core.content.devices import Placed
from mtaf_core.content.specs import BackboneSpec

_SIDE = 224
_LITE_RESIZE = 256
"""EfficientNet was trained on the middle 224 of 256 px."""
_RESNET_RESIZE = 232
"""So do torchvision's transforms of the second weights of ResNet."""
_MAX_ASPECT = 4
"""Both networks look at the middle square; a longer picture is cut to this first, or enlarging it takes gigabytes."""


class _VisualBackbone(ABC):
    """A pooled image network; a video is the mean over its frames."""

    seen: float
    """Share of a picture's shorter side that the middle square has which the network looks at."""

    def __init__(self, spec: BackboneSpec, network: nn.Module, device: str, threads: int | None = None) -> None:
        self.spec = spec
        # Channels last is a third faster for these networks on a CPU, and no slower elsewhere.
        network = network.to(memory_format=torch.channels_last)
        self._network = Placed(network, device, spec.name, autocast=True, threads=threads)

    @property
    def device(self) -> str:
        return self._network.device

    def embed(self, frames: np.ndarray) -> np.ndarray:
        """Embed frames, (F, H, W, 3) uint8 RGB, to (dimension,) float32: the mean over the frames."""
        return self.embed_frames(frames).mean(0)

    def embed_frames(self, frames: np.ndarray) -> np.ndarray:
        """Embed each frame, (F, dimension) float32."""
        images = torch.from_numpy(np.ascontiguousarray(_not_too_long(frames))).permute(0, 3, 1, 2)  # (F, 3, H, W)
        return self._network(self.prepare(images).contiguous(memory_format=torch.channels_last)).numpy()

    def take_warnings(self) -> tuple[str, ...]:
        """See `Placed.take_warnings`."""
        return self._network.take_warnings()

    def window(self, height: int, width: int) -> tuple[int, int, int, int]:
        """Top, left, bottom and right of what is seen of a frame of that size, in its pixels: the middle square."""
        side = round(min(height, width) * self.seen)
        top, left = (height - side) // 2, (width - side) // 2
        return top, left, top + side, left + side

    @abstractmethod
    def prepare(self, images: Tensor) -> Tensor:
        """Images as the network was trained on them: (F, 3, H, W) uint8 to (F, 3, 224, 224) float32."""


class LiteVisual(_VisualBackbone):
    """EfficientNet-Lite0: 1280 numbers a frame, the mean over places of its last feature map.

    Parameters
    ----------
    spec : BackboneSpec
    files : dict of str to Path
    device : str, default "cpu"

    Raises
    ------
    WeightsMissing
        If the weights do not fit.
    """

    seen = _SIDE / _LITE_RESIZE

    def __init__(self, spec: BackboneSpec, files: Mapping[str, Path], device: str = "cpu") -> None:
        from efficientnet_lite_pytorch import EfficientNet

        path = files[spec.files[0].name]
        network = EfficientNet.from_name("efficientnet-lite0")
        weights.load_strictly(network, weights.read_state(path), path)
        super().__init__(spec, _PooledFeatures(network), device, threads=1)

    def prepare(self, images: Tensor) -> Tensor:
        """Shorter side to 256 px, the middle 224, ``(rgb - 127) / 128``."""
        return (_middle(_resized(images.float(), _LITE_RESIZE)) - 127.0) / 128.0


class _PooledFeatures(nn.Module):
    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, images: Tensor) -> Tensor:
        return self.network.extract_features(images).mean((2, 3))


class ResNetVisual(_VisualBackbone):
    """ResNet-152 (paper, section 2.3): 2048 numbers a frame, the pooled last layer before classification.

    Parameters
    ----------
    spec : BackboneSpec
    files : dict of str to Path
        torchvision's ``IMAGENET1K_V2`` weights.
    device : str, default "cpu"

    Raises
    ------
    WeightsMissing
        If the weights do not fit.
    """

    seen = _SIDE / _RESNET_RESIZE

    def __init__(self, spec: BackboneSpec, files: Mapping[str, Path], device: str = "cpu") -> None:
        from torchvision.models import ResNet152_Weights, resnet152

        path = files[spec.files[0].name]
        network = resnet152(weights=None)
        weights.load_strictly(network, weights.read_state(path), path)
        network.fc = nn.Identity()
        self._prepare = ResNet152_Weights.IMAGENET1K_V2.transforms()
        super().__init__(spec, network, device)

    def prepare(self, images: Tensor) -> Tensor:
        """torchvision's own preprocessing of these weights: 232 px, the middle 224, ImageNet mean and deviation."""
        return self._prepare(images)


def _not_too_long(frames: np.ndarray) -> np.ndarray:
    """The middle of frames, (F, H, W, 3), whose long side is over `_MAX_ASPECT` times the short one."""
    height, width = frames.shape[1:3]
    longest = _MAX_ASPECT * min(height, width)
    top, left = max(0, height - longest) // 2, max(0, width - longest) // 2
    return frames[:, top : top + longest, left : left + longest]


def _resized(images: Tensor, short_side: int) -> Tensor:
    height, width = images.shape[-2:]
    scale = short_side / min(height, width)
    if scale == 1.0:
        return images
    size = max(short_side, round(height * scale)), max(short_side, round(width * scale))
    return nn.functional.interpolate(images, size, mode="bicubic", antialias=True).clamp(0.0, 255.0)


def _middle(images: Tensor) -> Tensor:
    top, left = (images.shape[-2] - _SIDE) // 2, (images.shape[-1] - _SIDE) // 2
    return images[..., top : top + _SIDE, left : left + _SIDE]
