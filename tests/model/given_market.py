"""A small market made up from known rules, so that a test can say what should be learnt from it."""

import numpy as np
import pandas as pd

from mtaf_core.data.frame import Frame
from mtaf_core.schema import BEFORE_RELEASE, SERIES_CHANNELS, Kind, Modality

HORIZON = 6
DIMENSIONS = {Modality.TEXT: 12, Modality.AUDIO: 8, Modality.VISUAL: 16}
BACKBONES = {Modality.TEXT: "tiny-text", Modality.AUDIO: "tiny-audio", Modality.VISUAL: "tiny-visual"}

Embeddings = dict[Modality, np.ndarray | None]


def make_market(n: int = 400, seed: int = 0) -> tuple[Frame, Embeddings]:
    """A market whose log score is followers and one direction of the text vectors, plus noise.

    A tenth of the sounds and numbers are missing; the score grows by a known curve; a quarter of the videos have no
    snapshot before the horizon.
    """
    rng = np.random.default_rng(seed)
    facts = _facts(n, rng)
    text = rng.normal(size=(n, DIMENSIONS[Modality.TEXT])).astype(np.float32)
    log_score = 0.8 * np.log1p(facts["uploader_follower"].to_numpy()) - 3 + text[:, 0] + rng.normal(0, 0.4, n)
    log_score = np.maximum(log_score, 0.3)
    audio = rng.normal(size=(n, DIMENSIONS[Modality.AUDIO])).astype(np.float32)
    audio[rng.random(n) < 0.1] = np.nan
    visual = rng.normal(size=(n, DIMENSIONS[Modality.VISUAL])).astype(np.float32)
    facts.loc[rng.random(n) < 0.1, "uploader_age"] = np.nan

    score = np.expm1(log_score)
    share = (np.arange(1, HORIZON) / HORIZON) ** rng.uniform(0.3, 0.7, (n, 1))  # of the final score, each day
    series = np.repeat((score[:, None] * share)[:, :, None], len(SERIES_CHANNELS), axis=2).astype(np.float32)
    series[:, :, SERIES_CHANNELS.index("view_count")] *= 50
    series[:, :, SERIES_CHANNELS.index("is_topped")] = rng.random((n, 1)) < 0.1
    observed = np.repeat(rng.random((n, 1)) < 0.75, HORIZON - 1, axis=1)
    series[~observed] = np.nan
    frame = Frame(facts=facts, series=series, observed=observed, score=score, horizon_day=HORIZON)
    return frame, {Modality.TEXT: text, Modality.AUDIO: audio, Modality.VISUAL: visual}


def _facts(n: int, rng: np.random.Generator) -> pd.DataFrame:
    facts = pd.DataFrame(
        {
            "platform": "douyin",
            "video_id": [f"v{i}" for i in range(n)],
            "uploader_id": [f"u{i % 37}" for i in range(n)],
            "text": [f"clip {i} glow" if i % 9 else "" for i in range(n)],
            "created_at": pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(rng.permutation(n), unit="h"),
        }
    )
    for feature in BEFORE_RELEASE:
        for column in feature.columns:
            match feature.kind:
                case Kind.FLAG:
                    facts[column] = (rng.random(n) < 0.5).astype(float)
                case Kind.CATEGORY:
                    facts[column] = rng.choice(["a", "b", "c", "d"], n)
                case Kind.CYCLE:
                    facts[column] = rng.integers(0, feature.period, n).astype(float)
                case _:
                    facts[column] = np.floor(rng.lognormal(8, 1.5, n))
    return facts
