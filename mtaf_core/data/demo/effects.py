"""The true effects of the demo market: what moves log popularity, by how much, in one table.

The simulator adds these up; docs/DEMO.md prints them; tests ask whether a model can find them again. Nothing else in
the demo decides popularity but `BASE` and the noise.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtaf_core.schema import BEFORE_RELEASE, Modality

Floats = NDArray[np.float64]

BASE = 7.0
"""Log popularity of a video whose every value sits at its centre: a score of about 1,100."""
NOISE_SD = 0.80
"""Luck, in log units: what no one can know before release."""

TAG_REACH_FLOOR = 15.0
"""Log views below which hashtags bring nobody: a video without any does as well as one with unheard-of ones."""


@dataclass(frozen=True)
class Effect:
    """One true cause: it adds ``coefficient * (value - centre)`` to log popularity.

    Parameters
    ----------
    name : str
        A feature of Table 1, or a content factor.
    modality : Modality
        Where a model can see it.
    coefficient : float
        Log units per unit of the value.
    centre : float
        The value at which the effect is nought.
    value : str
        What the value is, for a person.
    """

    name: str
    modality: Modality
    coefficient: float
    centre: float
    value: str


_N, _T, _A, _V = Modality.CONTENT_AGNOSTIC, Modality.TEXT, Modality.AUDIO, Modality.VISUAL

_ALL = (
    Effect("uploader_follower", _N, 0.40, 11.7, "log(1 + followers) at upload"),
    Effect("uploader_favorited", _N, 0.27, 13.6, "log(1 + likes received) at upload"),
    Effect("uploader_video_count", _N, 0.12, 5.8, "log(1 + videos published) at upload"),
    Effect("uploader_verification", _N, 0.30, 0.35, "1 when verified"),
    Effect("uploader_commerce", _N, 0.06, 2.5, "e-commerce level, 0 to 6"),
    Effect("video_product", _N, -0.30, 0.62, "1 when a product link is attached"),
    Effect("video_duration", _N, -0.12, 3.15, "log(1 + seconds)"),
    Effect("tag_total_view_count", _N, 0.13, 20.0, "log(1 + views of the hashtags, added up), never below 15"),
    Effect("upload_dayofweek", _N, 1.0, 0.0, "weekday curve: Saturday best, Tuesday worst"),
    Effect("upload_hour", _N, 1.0, 0.0, "hour curve: peak at 20:30, a small one at 12:30"),
    Effect("upload_city", _N, 1.0, 0.0, "city table, -0.15 to 0.15; unknown 0"),
    Effect("text_offer", _T, 0.36, 0.38, "1 when the description names a concrete offer or discount"),
    Effect("text_question", _T, 0.28, 0.33, "1 when the description opens with a question"),
    Effect("text_filler", _T, -0.36, 0.27, "1 when generic phrases stand where product facts could"),
    Effect("audio_voice_energy", _A, 0.70, 0.24, "0 to 1: how fast and lively a voice speaks; 0 without voice"),
    Effect("audio_music", _A, 0.12, 0.30, "1 when music plays"),
    Effect("audio_dull", _A, -0.30, 0.22, "1 when there is only a monotone hum, or no sound"),
    Effect("audio_jingle", _A, 0.42, 0.20, "1 when a bell jingle rings at one known second"),
    Effect("visual_product_focus", _V, 0.85, 0.28, "0 to 1: closeness of the product times saturation of its colour"),
    Effect("visual_presenter", _V, 0.32, 0.42, "1 when a presenter's face is seen"),
    Effect("visual_dark", _V, -0.50, 0.17, "0 to 1: darkness of the picture"),
    Effect("visual_clutter", _V, -0.34, 0.18, "0 to 1: clutter around the product"),
    Effect("visual_reveal", _V, 0.46, 0.22, "1 when a close-up of the product flashes at one known second"),
)

EFFECTS: dict[str, Effect] = {effect.name: effect for effect in _ALL}

CONTENT_FACTORS: tuple[str, ...] = tuple(e.name for e in _ALL if e.modality is not _N)

NO_EFFECT: tuple[str, ...] = tuple(f.name for f in BEFORE_RELEASE if f.name not in EFFECTS)
"""Features of Table 1 whose true effect is exactly zero, however they correlate with others."""

WEEKDAY_CURVE: tuple[float, ...] = (-0.06, -0.09, -0.05, -0.02, 0.06, 0.12, 0.08)
"""Monday first."""

CITY_EFFECT: dict[str, float] = {
    "Shanghai": 0.12,
    "Beijing": 0.08,
    "Hangzhou": 0.15,
    "Guangzhou": 0.06,
    "Shenzhen": 0.05,
    "Chengdu": 0.10,
    "Chongqing": 0.03,
    "Nanjing": 0.0,
    "Suzhou": -0.02,
    "Wuhan": -0.03,
    "Xi'an": 0.02,
    "Changsha": 0.09,
    "Xiamen": 0.0,
    "Qingdao": -0.06,
    "Tianjin": -0.08,
    "Zhengzhou": -0.10,
    "Shenyang": -0.12,
    "Harbin": -0.15,
}


def hour_curve(hour: Floats) -> Floats:
    """Effect of the local hour of upload, 0-23, in log units: an evening peak and a small one at lunch."""
    evening = 0.24 * np.cos(2 * np.pi * (hour - 20.5) / 24)
    lunch = 0.10 * np.exp(-(((hour - 12.5) / 1.5) ** 2))
    return np.asarray(evening + lunch - 0.08, dtype=np.float64)


def contributions(values: Mapping[str, Floats]) -> dict[str, Floats]:
    """What each cause adds to log popularity.

    Parameters
    ----------
    values : mapping of str to (n,) float64
        One array for each name in `EFFECTS`, in the units of its ``value``.

    Returns
    -------
    dict of str to (n,) float64
        Log units; `BASE` plus their sum is the expected log popularity.
    """
    return {
        name: e.coefficient * (np.asarray(values[name], dtype=np.float64) - e.centre) for name, e in EFFECTS.items()
    }


def variance_shares(parts: Mapping[str, Floats]) -> dict[str, float]:
    """Each cause's share of the explainable variance: its covariance with the sum, over the variance of the sum."""
    total = np.sum(list(parts.values()), axis=0)
    variance = float(np.var(total))
    return {
        name: float(np.mean((part - part.mean()) * (total - total.mean()))) / variance for name, part in parts.items()
    }


def markdown(parts: Mapping[str, Floats]) -> str:
    """The table of true effects for docs/DEMO.md, with the shares of variance found in ``parts``."""
    shares = variance_shares(parts)
    rows = ["| cause | source | value | log units per unit | share of explainable variance |", "|---|---|---|---|---|"]
    for name, e in EFFECTS.items():
        rows.append(f"| `{name}` | {e.modality} | {e.value} | {e.coefficient:+.2f} | {_percent(shares[name])} |")
    rows += ["", "| source | share of explainable variance |", "|---|---|"]
    for modality in (_N, _T, _A, _V):
        share = sum(shares[name] for name, e in EFFECTS.items() if e.modality is modality)
        rows.append(f"| {modality} | {_percent(share)} |")
    return "\n".join(rows)


def _percent(share: float) -> str:
    return f"{round(100 * share, 1) + 0.0:.1f}%"  # adding nought makes minus nought nought
