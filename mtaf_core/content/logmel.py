"""Log-mel front ends, by definition: frames, Fourier transform, mel bands, logarithm."""

from functools import cache
from typing import Literal

import numpy as np

from mtaf_core.errors import BadInput


def hertz_to_mel(hertz: np.ndarray | float) -> np.ndarray:
    """HTK's mel scale: ``1127 ln(1 + f / 700)``."""
    return np.asarray(1127.0 * np.log1p(np.asarray(hertz, np.float64) / 700.0))


def mel_to_hertz(mel: np.ndarray | float) -> np.ndarray:
    """Inverse of `hertz_to_mel`."""
    return np.asarray(700.0 * np.expm1(np.asarray(mel, np.float64) / 1127.0))


@cache
def mel_bands(
    bands: int, n_fft: int, rate: int, low_hz: float, high_hz: float, slopes: Literal["mel", "hertz"], unit_sum: bool
) -> np.ndarray:
    """Triangular mel filters.

    Parameters
    ----------
    bands : int
    n_fft : int
        Length of the Fourier transform, in samples.
    rate : int
        Sample rate in Hz.
    low_hz, high_hz : float
        Outer edges of the first and the last triangle.
    slopes : {"mel", "hertz"}
        Scale on which the triangles have straight sides: AudioSet's VGGish draws them in mel, most others in Hz.
    unit_sum : bool
        Whether each filter's weights add up to one.

    Returns
    -------
    ndarray of float32, (n_fft // 2 + 1, bands)
    """
    edges = np.linspace(hertz_to_mel(low_hz), hertz_to_mel(high_hz), bands + 2)
    bins = np.arange(n_fft // 2 + 1) * (rate / n_fft)
    at = hertz_to_mel(bins) if slopes == "mel" else bins
    edges = edges if slopes == "mel" else mel_to_hertz(edges)
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    rising = (at[:, None] - low) / (middle - low)
    falling = (high - at[:, None]) / (high - middle)
    weights = np.maximum(0.0, np.minimum(rising, falling))  # (bins, bands)
    if slopes == "mel":
        weights[0] = 0.0  # the reference leaves out the constant part of the sound
    if unit_sum:
        total = weights.sum(0)
        weights = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    weights = weights.astype(np.float32)
    weights.flags.writeable = False
    return weights


def spectrum(sound: np.ndarray, window: int, hop: int, n_fft: int) -> np.ndarray:
    """Magnitudes of the short-time Fourier transform under a periodic Hann window, no padding at the edges.

    Parameters
    ----------
    sound : ndarray, (..., samples)
    window, hop, n_fft : int
        In samples; ``window <= n_fft``.

    Returns
    -------
    ndarray of float32, (..., frames, n_fft // 2 + 1)

    Raises
    ------
    BadInput
        If the sound is shorter than one window.
    """
    if sound.shape[-1] < window:
        raise BadInput(f"The sound has {sound.shape[-1]} samples; at least {window} are needed to analyse it.")
    hann = (0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(window) / window)).astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(sound, window, axis=-1)[..., ::hop, :]
    return np.abs(np.fft.rfft(frames * hann, n_fft)).astype(np.float32)
