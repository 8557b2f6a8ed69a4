"""Pretrained networks by profile and modality: one door to load, inspect, download and install them."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np

from mtaf_core.content import weights
from mtaf_core.content.devices import DEVICES, check_device, resolve_device
from mtaf_core.content.fetch import download, install_from
from mtaf_core.content.specs import PROFILES, BackboneSpec, WeightFile, profile_for, profile_specs
from mtaf_core.content.weights import WeightsStatus, default_dir, status
from mtaf_core.errors import BadInput
from mtaf_core.schema import Modality

__all__ = [
    "DEVICES",
    "PROFILES",
    "AudioBackbone",
    "Backbone",
    "BackboneSpec",
    "TextBackbone",
    "VisualBackbone",
    "WeightFile",
    "WeightsStatus",
    "check_device",
    "default_dir",
    "download",
    "install_from",
    "load",
    "profile_for",
    "profile_specs",
    "resolve_device",
    "status",
]


class Backbone(Protocol):
    """What every loaded backbone has."""

    spec: BackboneSpec

    @property
    def device(self) -> str: ...

    def take_warnings(self) -> tuple[str, ...]: ...


class TextBackbone(Backbone, Protocol):
    def embed(self, texts: list[str]) -> np.ndarray:
        """(n, dimension) float32."""


class AudioBackbone(Backbone, Protocol):
    @property
    def block_s(self) -> float:
        """Seconds of sound that a block of `embed_blocks` is about."""

    def embed(self, sound: np.ndarray) -> np.ndarray:
        """(samples,) float32 at ``spec.sample_rate`` to (dimension,) float32."""

    def embed_blocks(self, sound: np.ndarray) -> np.ndarray:
        """One vector for each second or so, (blocks, width) float32."""

    def pool(self, blocks: np.ndarray, kept: np.ndarray) -> np.ndarray:
        """What `embed` would give of some of the blocks: (blocks, width), (k, blocks) bool to (k, dimension)."""


class VisualBackbone(Backbone, Protocol):
    def embed(self, frames: np.ndarray) -> np.ndarray:
        """(F, H, W, 3) uint8 RGB to (dimension,) float32."""

    def embed_frames(self, frames: np.ndarray) -> np.ndarray:
        """(F, dimension) float32; `embed` is their mean."""

    def window(self, height: int, width: int) -> tuple[int, int, int, int]:
        """Top, left, bottom and right of what is seen of a frame of that size, in its pixels."""


def load(profile: str, modality: Modality, device: str = "cpu", weights_dir: Path | None = None) -> Backbone:
    """Load one pretrained network, strictly: every weight must be there and fit.

    Parameters
    ----------
    profile : str
        A key of `PROFILES`.
    modality : Modality
        Text, audio or visual.
    device : {"auto", "cpu", "cuda", "mps"}, default "cpu"
    weights_dir : Path, optional
        Default `default_dir`.

    Returns
    -------
    TextBackbone, AudioBackbone or VisualBackbone

    Raises
    ------
    BadInput
        If there is no such profile or device, or the modality has no backbone.
    WeightsMissing
        If weights are absent, damaged or do not fit; the message has the command that fetches them.
    """
    specs = profile_specs(profile)
    if modality not in specs:
        raise BadInput(f"There is no backbone for '{modality}'; choose one of {', '.join(specs)}.")
    spec = specs[modality]
    device = resolve_device(device)
    return _LOADERS[spec.name](spec, weights.require(spec, weights_dir), device)


def _load_use(spec: BackboneSpec, files: dict[str, Path], device: str) -> Backbone:
    from mtaf_core.content.text import UseText

    return UseText(spec)


def _load_bert(spec: BackboneSpec, files: dict[str, Path], device: str) -> Backbone:
    from mtaf_core.content.text import BertText

    return BertText(spec, files["config.json"].parent, device)


def _load_aisfx(spec: BackboneSpec, files: dict[str, Path], device: str) -> Backbone:
    from mtaf_core.content.audio import AisfxAudio

    return AisfxAudio(spec, files, device)


def _load_vggish(spec: BackboneSpec, files: dict[str, Path], device: str) -> Backbone:
    from mtaf_core.content.vggish import VggishAudio

    return VggishAudio(spec, files, device)


def _load_lite(spec: BackboneSpec, files: dict[str, Path], device: str) -> Backbone:
    from mtaf_core.content.visual import LiteVisual

    return LiteVisual(spec, files, device)


def _load_resnet(spec: BackboneSpec, files: dict[str, Path], device: str) -> Backbone:
    from mtaf_core.content.visual import ResNetVisual

    return ResNetVisual(spec, files, device)


_Loader = Callable[[BackboneSpec, dict[str, Path], str], Backbone]

_LOADERS: dict[str, _Loader] = {
    "use-multilingual-v3": _load_use,
    "bert-base-chinese": _load_bert,
    "bert-base-multilingual-cased": _load_bert,
    "aisfx-cnn": _load_aisfx,
    "vggish": _load_vggish,
    "efficientnet-lite0": _load_lite,
    "resnet152-imagenet1k-v2": _load_resnet,
}
