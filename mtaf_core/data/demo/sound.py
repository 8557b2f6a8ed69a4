"""The sound of the demo clips, synthesised: a voice with syllables and prosody, music, a hum, and a bell jingle."""

import numpy as np
from numpy.typing import NDArray

from mtaf_core.data.demo.design import HUM, MUSIC, VOICE, ClipDesign
from mtaf_core.data.demo.effects import Floats

RATE = 44_100
SECONDS = 10
N = RATE * SECONDS
_CONTROL = 200
"""Control points a second: pitch, loudness and formants are drawn this finely and interpolated."""

# First three formants of vowels in Hz (after Peterson and Barney 1952, rounded).
_VOWELS = np.array([[730, 1090, 2440], [530, 1840, 2480], [270, 2290, 3010], [570, 840, 2410], [300, 870, 2240]], float)
_CHORDS = ((0, 4, 7, 11), (9, 12, 16, 19), (5, 9, 12, 16), (7, 11, 14, 17))


def synthesise(design: ClipDesign) -> NDArray[np.float32]:
    """Ten seconds of mono sound at `RATE`, peak at most 0.9.

    Parameters
    ----------
    design : ClipDesign
        Its ``sound`` is "voice", "music" or "hum".
    """
    make = {VOICE: _voice, MUSIC: _music, HUM: _hum}[design.sound]
    wave = make(design)
    wave *= 0.6 / np.abs(wave).max()
    if design.jingle_second is not None:
        start = design.jingle_second * RATE
        wave[start : start + RATE] *= 0.25
        wave[start : start + RATE] += _jingle()
    return np.asarray(wave / max(1.0, np.abs(wave).max() / 0.9), dtype=np.float32)


def loudness(design: ClipDesign, per_second: int) -> Floats:
    """How loud the voice of a design is, ``per_second`` times a second; the presenter's mouth follows it."""
    _, loud, _, _ = _speech(design)
    step = _CONTROL // per_second
    return np.asarray(loud[: per_second * SECONDS * step].reshape(-1, step).mean(axis=1))


def _speech(design: ClipDesign) -> tuple[Floats, Floats, Floats, Floats]:
    """Pitch in Hz, loudness, formants in Hz (points, 3), and hiss, all at `_CONTROL` points a second."""
    rng = np.random.default_rng([design.seed, 3])
    energy = design.energy
    points = _CONTROL * SECONDS
    base = float(rng.choice([118.0, 205.0])) * rng.uniform(0.92, 1.08)
    rate = 2.4 + 3.8 * energy  # syllables a second: tired to lively
    pause = 0.30 - 0.24 * energy
    pitch, loud, hiss = np.full(points, base), np.zeros(points), np.zeros(points)
    formants = np.tile(_VOWELS[0], (points, 1))
    at, phrase = 0, 0
    while at < points:
        length = max(8, int(_CONTROL / rate * rng.uniform(0.75, 1.25)))
        span = slice(at, min(points, at + length))
        here = np.linspace(0, 1, length)[: span.stop - at]
        # Lively speech swings in pitch; every phrase falls towards its end.
        swing = (0.03 + 0.38 * energy) * rng.standard_normal() - 0.02 * phrase
        pitch[span] = base * np.exp(0.5 * swing + 0.25 * energy * np.sin(np.pi * here))
        loud[span] = np.sin(np.pi * here**0.7) ** 0.8 * rng.uniform(0.7, 1.0)
        formants[span] = _VOWELS[int(rng.integers(len(_VOWELS)))]
        if rng.random() < 0.45:
            hiss[span] = (here < 0.28) * rng.uniform(0.5, 1.0)
        at, phrase = at + length, phrase + 1
        if rng.random() < pause:
            at, phrase = at + int(_CONTROL * rng.uniform(0.15, 0.5)), 0
    smooth = np.ones(9) / 9
    formants = np.stack([np.convolve(f, smooth, mode="same") for f in formants.T], axis=1)
    return np.convolve(pitch, smooth, mode="same"), loud, formants, hiss


def _voice(design: ClipDesign) -> Floats:
    rng = np.random.default_rng([design.seed, 4])
    pitch, loud, formants, hiss = _speech(design)
    time = np.arange(N) / RATE * _CONTROL
    points = np.arange(len(pitch))
    pitch[:8], pitch[-8:] = pitch[8], pitch[-9]
    phase = np.cumsum(np.interp(time, points, pitch)) / RATE
    source = 2 * (phase % 1.0) - 1.0 + 0.02 * rng.standard_normal(N)
    source *= np.interp(time, points, loud)
    noise = rng.standard_normal(N) * np.interp(time, points, hiss)
    # Effort tilts the spectrum: a lively voice is brighter.
    return (
        _resonate(source, formants, 0.35 + 0.65 * design.energy)
        + 0.10 * _highpass(noise)
        + 0.002 * rng.standard_normal(N)
    )


def _resonate(source: Floats, formants: Floats, bright: float) -> Floats:
    """Filter by moving formants: each half-overlapping window is weighed in frequency and added back."""
    size, hop = 2048, 1024
    padded = np.concatenate([np.zeros(hop), source, np.zeros(size)])
    starts = np.arange(0, N + hop, hop)
    window = np.hanning(size + 1)[:-1]
    blocks = np.lib.stride_tricks.sliding_window_view(padded, size)[starts] * window
    frequency = np.fft.rfftfreq(size, 1 / RATE)
    at = np.clip(((starts - hop / 2) / RATE * _CONTROL).astype(int), 0, len(formants) - 1)
    gain = np.full((len(starts), len(frequency)), 0.01)
    for order, (width, level) in enumerate(((90.0, 1.0), (110.0, 0.65 * bright), (170.0, 0.4 * bright))):
        gain += level / (1 + ((frequency[None, :] - formants[at, order, None]) / width) ** 2)
    gain += 0.06 * bright * (frequency > 3000) * np.exp(-frequency / 6000)
    shaped = np.fft.irfft(np.fft.rfft(blocks, axis=1) * gain, axis=1)
    out = np.zeros(len(starts) * hop + size)
    out[: len(starts) * hop] += shaped[:, :hop].ravel()
    out[hop : hop + len(starts) * hop] += shaped[:, hop:].ravel()
    return np.asarray(out[hop : hop + N])


def _highpass(noise: Floats) -> Floats:
    return np.diff(noise, n=2, prepend=np.zeros(2))


def _music(design: ClipDesign) -> Floats:
    """Four chords, arpeggiated over a bass, a kick and a hat."""
    rng = np.random.default_rng([design.seed, 5])
    beat = int(RATE * 60 / rng.uniform(88, 124))
    key = 220.0 * 2 ** (rng.integers(-5, 6) / 12)
    wave = np.zeros(N + 2 * RATE)
    pattern = rng.permutation(4)
    hat = _highpass(rng.standard_normal(2200)) * np.exp(-np.arange(2200) / 500)
    for step, start in enumerate(range(0, N, beat // 2)):
        chord = _CHORDS[step // 8 % 4]
        _add(wave, start, _pluck(key * 2 ** (chord[pattern[step % 4]] / 12), 0.9), 0.5)
        _add(wave, start, hat, 0.06)
        if step % 2 == 0:
            _add(wave, start, _kick(), 0.7)
        if step % 8 == 0:
            for tone in chord:
                _add(wave, start, _pad(key / 2 * 2 ** (tone / 12), 4 * beat), 0.14)
    return wave[:N]


def _add(wave: Floats, start: int, note: Floats, level: float) -> None:
    stop = min(len(wave), start + len(note))
    wave[start:stop] += level * note[: stop - start]


def _pluck(pitch: float, seconds: float) -> Floats:
    t = np.arange(int(seconds * RATE)) / RATE
    tones = sum(np.sin(2 * np.pi * pitch * k * t) * np.exp(-(3.0 + 1.5 * k) * t) / k for k in (1, 2, 3, 4))
    return np.asarray(tones * np.minimum(1, t * 300))


def _pad(pitch: float, samples: int) -> Floats:
    t = np.arange(samples) / RATE
    swell = np.sin(np.pi * np.arange(samples) / samples) ** 0.5
    return np.asarray((np.sin(2 * np.pi * pitch * t) + 0.4 * np.sin(4.01 * np.pi * pitch * t)) * swell)


def _kick() -> Floats:
    t = np.arange(9000) / RATE
    return np.asarray(np.sin(2 * np.pi * (48 * t + 9 * (1 - np.exp(-t * 30)) / 3)) * np.exp(-t * 16))


def _hum(design: ClipDesign) -> Floats:
    """A machine in a room: mains harmonics that hardly move, and a little air."""
    rng = np.random.default_rng([design.seed, 6])
    t = np.arange(N) / RATE
    base = float(rng.choice([50.0, 60.0, 100.0])) * rng.uniform(0.97, 1.03)
    wave = sum(np.sin(2 * np.pi * base * k * t + rng.uniform(0, 6)) / k**1.2 for k in (1, 2, 3, 5, 7))
    air = np.convolve(rng.standard_normal(N), np.ones(24) / 24, mode="same")
    return np.asarray((wave + 0.25 * air) * (1 + 0.05 * np.sin(2 * np.pi * 0.3 * t)))


def _jingle() -> Floats:
    """One second of rising bells."""
    wave = np.zeros(RATE)
    for note, semitones in enumerate((0, 4, 7, 12, 16)):
        t = np.arange(RATE) / RATE
        pitch = 1318.5 * 2 ** (semitones / 12)
        bell = sum(
            level * np.sin(2 * np.pi * pitch * ratio * t) * np.exp(-decay * t)
            for ratio, level, decay in ((1.0, 1.0, 5), (2.76, 0.5, 8), (5.4, 0.25, 12))
        )
        _add(wave, note * RATE // 8, np.asarray(bell) * np.minimum(1, t * 800), 0.4)
    fade = np.minimum(1, (RATE - np.arange(RATE)) / (0.05 * RATE))
    return np.asarray(wave * fade)
