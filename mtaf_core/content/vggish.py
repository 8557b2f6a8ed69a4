"""VGGish (Hershey et al. 2017) and its log-mel front end: the paper's acoustic features, 10 × 128 numbers."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from mtaf_core.content import weights
from mtaf_core.content.devices import Placed
from mtaf_core.content.logmel import mel_bands, spectrum
from mtaf_core.content.specs import BackboneSpec
from mtaf_core.errors import WeightsMissing

RATE = 16_000
PATCHES = 10
_WINDOW, _HOP, _N_FFT, _BANDS = 400, 160, 512, 64  # 25 ms, 10 ms
_LOW_HZ, _HIGH_HZ, _FLOOR = 125.0, 7500.0, 0.01
_PATCH_FRAMES = 96  # 0.96 s
_NEEDED = (PATCHES * _PATCH_FRAMES - 1) * _HOP + _WINDOW
"""Samples of which ten patches are made: 9.615 s."""


def log_mel(sound: np.ndarray) -> np.ndarray:
    """VGGish's log-mel spectrogram: ``ln(mel + 0.01)`` of magnitudes in 64 bands, 125 to 7500 Hz.

    Parameters
    ----------
    sound : ndarray of float32, (samples,)
        Mono at 16 kHz in [-1, 1], at least 400 samples.

    Returns
    -------
    ndarray of float32, (frames, 64)
        One frame every 10 ms.
    """
    magnitude = spectrum(sound, _WINDOW, _HOP, _N_FFT)
    bands = magnitude @ mel_bands(_BANDS, _N_FFT, RATE, _LOW_HZ, _HIGH_HZ, "mel", False)
    return np.log(bands + _FLOOR).astype(np.float32)


def patches(sound: np.ndarray) -> np.ndarray:
    """Ten patches of 0.96 s from the start of the sound, (10, 96, 64); shorter sound is filled up with silence."""
    sound = np.asarray(sound[:_NEEDED], np.float32)
    return log_mel(np.pad(sound, (0, _NEEDED - sound.size))).reshape(PATCHES, _PATCH_FRAMES, _BANDS)


class VGGish(nn.Module):
    """The network in the layout of the published torch weights (``features.*``, ``embeddings.*``)."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels_in = 1
        for channels in (64, 0, 128, 0, 256, 256, 0, 512, 512, 0):
            if channels == 0:
                layers.append(nn.MaxPool2d(2))
                continue
            layers += [nn.Conv2d(channels_in, channels, 3, padding=1), nn.ReLU(inplace=True)]
            channels_in = channels
        self.features = nn.Sequential(*layers)
        self.embeddings = nn.Sequential(
            nn.Linear(512 * 6 * 4, 4096), nn.ReLU(inplace=True),
            nn.Linear(4096, 4096), nn.ReLU(inplace=True),
            nn.Linear(4096, 128), nn.ReLU(inplace=True),
        )  # fmt: skip

    def forward(self, patches: Tensor) -> Tensor:
        """(batch, 96, 64) log-mel patches to (batch, 128)."""
        x = self.features(patches.unsqueeze(1))  # (B, 512, 6, 4)
        # The weights came from TensorFlow, which lays channels last; the first dense layer expects that order.
        return self.embeddings(x.permute(0, 2, 3, 1).flatten(1))


class Whitening(nn.Module):
    """VGGish's post-processing as released with AudioSet: PCA, clipped to [-2, 2], in 8-bit steps.

    Key names are those of the published parameters.
    """

    def __init__(self) -> None:
        super().__init__()
        self.pca_eigen_vectors: Tensor
        self.pca_means: Tensor
        self.register_buffer("pca_eigen_vectors", torch.zeros(128, 128))
        self.register_buffer("pca_means", torch.zeros(128, 1))

    def forward(self, embeddings: Tensor) -> Tensor:
        """(batch, 128) to (batch, 128), whole numbers 0 to 255 as floats."""
        projected = (self.pca_eigen_vectors @ (embeddings.T - self.pca_means)).T
        return ((projected.clamp(-2.0, 2.0) + 2.0) * (255.0 / 4.0)).round()


class VggishAudio:
    """VGGish over the first ten seconds, 10 × 128 = 1280 numbers (paper, section 2.3).

    Parameters
    ----------
    spec : BackboneSpec
    files : dict of str to Path
        The published torch weights; the PCA parameters beside them only where ``whiten`` is set.
    device : str, default "cpu"
    whiten : bool, default False
        Whether to apply AudioSet's post-processing.

    Raises
    ------
    WeightsMissing
        If the weights do not fit, or ``whiten`` is set without its parameters.
    """

    def __init__(
        self, spec: BackboneSpec, files: Mapping[str, Path], device: str = "cpu", whiten: bool = False
    ) -> None:
        self.spec = spec
        network: nn.Module = VGGish()
        path = files[spec.files[0].name]
        weights.load_strictly(network, weights.read_state(path), path)
        if whiten:
            if spec.files[1].name not in files:
                raise WeightsMissing(
                    f"Whitening needs {spec.files[1].name} beside {path}; run "
                    "`python -m mtaf_core backbones --profile paper --download`."
                )
            path = files[spec.files[1].name]
            step = Whitening()
            weights.load_strictly(step, weights.read_state(path), path)
            network = nn.Sequential(network, step)
        self._network = Placed(network, device, spec.name)
        self._silence: np.ndarray | None = None

    @property
    def device(self) -> str:
        return self._network.device

    @property
    def block_s(self) -> float:
        return _PATCH_FRAMES / 100

    def embed(self, sound: np.ndarray) -> np.ndarray:
        """Embed sound, (samples,) float32 at 16 kHz, to (1280,): ten patches one after the other."""
        return self.embed_blocks(sound).reshape(-1)

    def embed_blocks(self, sound: np.ndarray) -> np.ndarray:
        """Embed each 0.96 s patch, (10, 128) float32."""
        return self._network(torch.from_numpy(patches(sound))).numpy()

    def pool(self, blocks: np.ndarray, kept: np.ndarray) -> np.ndarray:
        """The patches one after the other, silence in place of those left out: (10, 128), (k, 10) bool to (k, 1280)."""
        if self._silence is None:
            self._silence = self.embed_blocks(np.zeros(_NEEDED, np.float32))
        return np.where(kept[:, :, None], blocks[None], self._silence[None]).reshape(len(kept), -1)

    def take_warnings(self) -> tuple[str, ...]:
        """See `Placed.take_warnings`."""
        return self._network.take_warnings()
