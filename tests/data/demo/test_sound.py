"""The synthesised sound: a voice that is lively or not, music, a hum, and a jingle at its second."""

from dataclasses import replace

import numpy as np
import pytest

from mtaf_core.data.demo import sound
from mtaf_core.data.demo.design import ClipDesign

VOICE = ClipDesign(11, "mug", 0.1, 0.5, 0.5, False, 0.0, 0.0, "room", "KILN", ("A", "B"), "", None, "voice", 0.9, None)
KINDS = {"lively": VOICE, "music": replace(VOICE, sound="music", energy=0.0), "hum": replace(VOICE, sound="hum")}


def envelope(wave: np.ndarray, per_second: int = 50) -> np.ndarray:
    step = sound.RATE // per_second
    return np.sqrt((wave[: len(wave) // step * step].reshape(-1, step) ** 2).mean(axis=1))


@pytest.mark.parametrize("kind", KINDS)
def test_ten_seconds_that_never_clip(kind):
    wave = sound.synthesise(KINDS[kind])
    assert wave.dtype == np.float32
    assert wave.shape == (10 * sound.RATE,)
    assert np.isfinite(wave).all()
    assert 0.1 < np.abs(wave).max() <= 0.9 + 1e-6


def test_the_same_design_sounds_the_same_and_another_seed_does_not():
    first = sound.synthesise(VOICE)
    np.testing.assert_array_equal(first, sound.synthesise(VOICE))
    assert not np.array_equal(first, sound.synthesise(replace(VOICE, seed=12)))


def test_a_voice_comes_in_syllables_and_a_hum_does_not():
    def swing(design: ClipDesign) -> float:
        loud = envelope(sound.synthesise(design))
        return float(loud.std() / loud.mean())

    assert swing(VOICE) > 0.4
    assert swing(KINDS["hum"]) < 0.1


def test_a_lively_voice_speaks_faster_and_swings_more_than_a_tired_one():
    def crossings(energy: float) -> float:
        found = []
        for seed in range(4):
            loud = sound.loudness(replace(VOICE, seed=seed, energy=energy), 50)
            above = loud > 0.3
            found.append(int(np.count_nonzero(above[1:] & ~above[:-1])))
        return float(np.mean(found))

    def swing(energy: float) -> float:
        return float(
            np.mean([np.std(np.log(sound._speech(replace(VOICE, seed=n, energy=energy))[0])) for n in range(4)])
        )

    assert crossings(0.95) > 1.4 * crossings(0.05)
    assert swing(0.95) > 2 * swing(0.05)


@pytest.mark.parametrize("kind", KINDS)
def test_the_jingle_rings_in_its_second_and_in_no_other(kind):
    def bells(wave: np.ndarray) -> np.ndarray:
        seconds = wave.reshape(10, sound.RATE)
        power = np.abs(np.fft.rfft(seconds, axis=1)) ** 2
        frequency = np.fft.rfftfreq(sound.RATE, 1 / sound.RATE)
        return power[:, (frequency > 1300) & (frequency < 1340)].sum(axis=1)

    rung = bells(sound.synthesise(replace(KINDS[kind], jingle_second=4)))
    plain = bells(sound.synthesise(KINDS[kind]))
    assert rung[4] > 5 * plain[4]
    assert rung[4] > 5 * np.delete(rung, 4).max()
