"""The compact profile's ear: aiSFX's convolutional network over one-second blocks at 44.1 kHz.

The front end follows the published description, not the package's code. VGGish is in `vggish`.
"""

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

RATE = 44_100
_N_FFT, _HOP, _BANDS = 2048, 1024, 96
_TOP = 9.457798957824707
"""Largest log-mel value of the network's training set."""
MAX_BLOCKS = 10


def log_mel(blocks: np.ndarray) -> np.ndarray:
    """The network's view of sound: ``log10(10^4 x + 1)`` of the power in 96 mel bands, scaled by its largest value.

    Parameters
    ----------
    blocks : ndarray of float32, (blocks, samples)
        Sound at 44.1 kHz, normalised to a peak of one over the whole clip.

    Returns
    -------
    ndarray of float32, (blocks, frames, 96)
    """
    around = np.pad(blocks, ((0, 0), (_N_FFT // 2, _N_FFT // 2)), mode="reflect")  # frames centred on their time
    power = spectrum(around, _N_FFT, _HOP, _N_FFT) ** 2
    bands = power @ mel_bands(_BANDS, _N_FFT, RATE, 0.0, RATE / 2, "hertz", True)
    return (np.log10(1e4 * bands + 1.0) / _TOP).astype(np.float32)


def split_seconds(sound: np.ndarray, rate: int = RATE, at_most: int = MAX_BLOCKS) -> np.ndarray:
    """Cut sound into whole seconds, (blocks, rate); a last piece of half a second or more is filled up with silence."""
    seconds = min(at_most, max(1, int(sound.size / rate + 0.5)))
    sound = sound[: seconds * rate]
    return np.pad(sound, (0, seconds * rate - sound.size)).reshape(seconds, rate)


class _Block(nn.Module):
    """Two 3×3 convolutions, each normalised and rectified."""

    def __init__(self, channels_in: int, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, padding=1, bias=False)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        x = self.bn1(self.conv1(x)).relu_()
        return self.bn2(self.conv2(x)).relu_()


class SoundNet(nn.Module):
    """Nine-layer network of aiSFX: 512 numbers for a block of log-mel frames.

    Kong et al. 2018 (DCASE cross-task baseline) with max pooling; module names are those of the published weights.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_block1 = _Block(1, 64)
        self.conv_block2 = _Block(64, 128)
        self.conv_block3 = _Block(128, 256)
        self.conv_block4 = _Block(256, 512)

    def forward(self, log_mel: Tensor) -> Tensor:
        """(batch, frames, bands) to (batch, 512): mean over bands, then the strongest moment."""
        x = log_mel.unsqueeze(1)  # (B, 1, frames, bands)
        for block in (self.conv_block1, self.conv_block2, self.conv_block3):
            x = nn.functional.max_pool2d(block(x), 2)
        x = self.conv_block4(x)  # (B, 512, frames / 8, bands / 8)
        return x.mean(3).amax(2)


class AisfxAudio:
    """aiSFX's embedding of the first ten seconds, one vector a second.

    Parameters
    ----------
    spec : BackboneSpec
    files : dict of str to Path
        ``checkpoint.pth``: weights under ``embedding_net.``; its classification heads ``fc.`` are not used.
    device : str, default "cpu"

    Raises
    ------
    WeightsMissing
        If the weights do not fit.
    """

    def __init__(self, spec: BackboneSpec, files: Mapping[str, Path], device: str = "cpu") -> None:
        self.spec = spec
        path = files["checkpoint.pth"]
        held = weights.read_state(path)
        state = held[0] if isinstance(held, tuple) else held
        if not isinstance(state, dict):
            raise WeightsMissing(f"The weights in {path} are not a table of named tensors; install aisfx again.")
        network = SoundNet()
        body = {key: value for key, value in state.items() if not key.startswith("fc.")}
        weights.load_strictly(network, {key.removeprefix("embedding_net."): v for key, v in body.items()}, path)
        self._network = Placed(network, device, spec.name, threads=1)

    @property
    def device(self) -> str:
        return self._network.device

    @property
    def block_s(self) -> float:
        return 1.0

    def embed(self, sound: np.ndarray) -> np.ndarray:
        """Embed sound, (samples,) float32 at 44.1 kHz, to (512,): the mean over its seconds."""
        return self.embed_blocks(sound).mean(0)

    def embed_blocks(self, sound: np.ndarray) -> np.ndarray:
        """Embed each second of the first ten, (seconds, 512) float32."""
        peak = float(np.abs(sound).max(initial=0.0))
        blocks = split_seconds(sound / peak if peak > 0 else sound)
        return self._network(torch.from_numpy(log_mel(blocks.astype(np.float32)))).numpy()

    def pool(self, blocks: np.ndarray, kept: np.ndarray) -> np.ndarray:
        """The mean over the kept seconds: (seconds, 512) and (k, seconds) bool to (k, 512); zeros where none is."""
        weights = kept / np.maximum(kept.sum(axis=1, keepdims=True), 1)
        return np.asarray(weights @ blocks.astype(np.float64), np.float32)

    def take_warnings(self) -> tuple[str, ...]:
        """See `Placed.take_warnings`."""
        return self._network.take_warnings()
