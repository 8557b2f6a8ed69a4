"""From a frame to tensors: log scale, vocabularies, cycles, standardised vectors and observed days (section 2.3).

Everything is generated from `schema.BEFORE_RELEASE`, and everything learnt (means, vocabularies) comes from the videos
the network is fitted on, so that asking and training can never differ. A column that never varied while fitting is
blanked for good: its weights were never learnt.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch

from mtaf_core.data.vectors import Matrix, Vectors, blocks, known, taken
from mtaf_core.model.evidence import Evidence
from mtaf_core.schema import (
    BEFORE_RELEASE,
    CONTENT_MODALITIES,
    SCORE_WEIGHTS,
    SERIES_CHANNELS,
    Feature,
    Kind,
    Modality,
    Transform,
)

if TYPE_CHECKING:
    import pandas as pd

    from mtaf_core.data.frame import Frame

Embeddings = Mapping[Modality, Matrix | None]

MIN_CATEGORY_COUNT = 2
"""A category seen once while fitting is unknown: one video teaches nothing about it."""
FARTHEST = 6.0
"""Standardised values stop here: past six standard deviations nothing was learnt."""


class Trend(NamedTuple):
    """The early curve of each video, as `Evidence` holds it."""

    series: np.ndarray  # (n, H - 1, channels) float32
    days: np.ndarray  # (n,) int64
    anchor_day: np.ndarray  # (n,) int64
    anchor_score: np.ndarray  # (n,) float32


@dataclass(frozen=True)
class Scaler:
    """Standardise the columns of a matrix; a column that never varied becomes 0.

    Parameters
    ----------
    mean, rate : ndarray, (columns,), float32
        ``(x - mean) * rate``; ``rate`` is one over the standard deviation, or 0.
    """

    mean: np.ndarray
    rate: np.ndarray

    @classmethod
    def fit(cls, values: Matrix) -> "Scaler":
        """Learn from ``values``, (n, columns), NaN where unknown."""
        counts, total, squares = (np.zeros(values.shape[1]) for _ in range(3))
        for part in blocks(values):
            there = np.isfinite(part)
            counts += there.sum(axis=0)
            total += np.where(there, part, 0.0).sum(axis=0, dtype=np.float64)
        mean = total / np.maximum(counts, 1)
        for part in blocks(values):
            squares += (np.where(np.isfinite(part), part - mean, 0.0) ** 2).sum(axis=0)
        deviation = np.sqrt(squares / np.maximum(counts, 1))
        rate = np.divide(1.0, deviation, out=np.zeros_like(deviation), where=deviation > 1e-6)
        return cls(mean.astype(np.float32), rate.astype(np.float32))

    def transform(self, values: np.ndarray) -> np.ndarray:
        """Standardise ``values``, (..., columns); NaN stays NaN."""
        return np.clip((values.astype(np.float32) - self.mean) * self.rate, -FARTHEST, FARTHEST)


@dataclass(frozen=True)
class Preprocessor:
    """Turn frames and content vectors into `Evidence`. Make one with `Preprocessor.fit`.

    Parameters
    ----------
    horizon_day : int
    numbers : Scaler
        Of the log-scaled columns.
    gaps : ndarray, (numeric columns + cyclic columns,), bool
        Which columns were ever missing while fitting; only these have a missing indicator.
    vocabulary : dict of str to tuple of str
        Words of each categorical column; ids start at 1, and 0 is unknown or missing.
    content : dict of Modality to Scaler
        Of each content modality the videos had.
    channels : Scaler or None
        Of the daily values; None when no video had an observed day.
    channel_gaps : ndarray, (daily values,), bool
        Which daily values were ever missing while fitting.
    """

    horizon_day: int
    numbers: Scaler
    gaps: np.ndarray
    vocabulary: dict[str, tuple[str, ...]]
    content: dict[Modality, Scaler]
    channels: Scaler | None
    channel_gaps: np.ndarray

    @classmethod
    def fit(cls, frame: "Frame", embeddings: Embeddings) -> "Preprocessor":
        """Learn means and vocabularies from the videos of ``frame``.

        Parameters
        ----------
        frame : Frame, n videos
        embeddings : dict of Modality to ndarray or Vectors (n, d) float32 or None
            Content vectors; a NaN row where a video has none.
        """
        logged, cycles = _numbers(frame.facts), _cycles(frame.facts)
        matrices = {m: embeddings.get(m) for m in CONTENT_MODALITIES}
        days = _daily(frame)[frame.observed & ~np.isnan(daily_log_scores(frame))]  # (observed days, values)
        return cls(
            horizon_day=frame.horizon_day,
            numbers=Scaler.fit(logged),
            gaps=np.isnan(np.hstack([logged, cycles[:, ::2]])).any(axis=0),
            vocabulary=vocabulary(frame.facts),
            content={
                m: Scaler.fit(matrix) for m, matrix in matrices.items() if matrix is not None and known(matrix).any()
            },
            channels=Scaler.fit(days) if len(days) else None,
            channel_gaps=np.isnan(days).any(axis=0),
        )

    def transform(self, frame: "Frame", embeddings: Embeddings, observed_days: int | None = None) -> Evidence:
        """Encode the videos of ``frame``.

        Parameters
        ----------
        frame : Frame, n videos
        embeddings : dict of Modality to ndarray (n, d) float32 or None
        observed_days : int, optional
            See only days up to this one: 0 is before release. All observed days where it is not given.

        Returns
        -------
        Evidence
            On the CPU. A modality the fitted videos never had is absent.
        """
        vectors = {m: self.standardised(m, embeddings.get(m), len(frame.facts)) for m in CONTENT_MODALITIES}
        return self.beside(vectors, frame, embeddings, observed_days)

    def beside(
        self,
        vectors: Mapping[Modality, np.ndarray],
        frame: "Frame",
        embeddings: Embeddings,
        observed_days: int | None = None,
    ) -> Evidence:
        """What `transform` gives, with ``vectors`` for content; ``embeddings`` say which videos have any."""
        trend = self.trend(frame, observed_days)
        here = [np.ones(len(frame.facts), dtype=bool)]
        for modality in CONTENT_MODALITIES:
            matrix = embeddings.get(modality) if modality in self.content else None
            here.append(np.zeros(len(frame.facts), dtype=bool) if matrix is None else known(matrix))
        return Evidence(
            numeric=torch.from_numpy(self._numeric(frame.facts)),
            categorical=torch.from_numpy(self._categorical(frame.facts)),
            text=torch.from_numpy(vectors[Modality.TEXT]),
            audio=torch.from_numpy(vectors[Modality.AUDIO]),
            visual=torch.from_numpy(vectors[Modality.VISUAL]),
            series=torch.from_numpy(trend.series),
            days=torch.from_numpy(trend.days),
            anchor_day=torch.from_numpy(trend.anchor_day),
            anchor_score=torch.from_numpy(trend.anchor_score),
            present=torch.from_numpy(np.stack([*here, trend.days > 0], axis=1)),
        )

    def trend(self, frame: "Frame", observed_days: int | None = None) -> Trend:
        """Encode the observed days of ``frame`` up to ``observed_days``, moved to the front of the series.

        A day whose score is unknown is not observed: an unknown score would be read as an average one.
        """
        observed = frame.observed & ~np.isnan(daily_log_scores(frame))
        if observed_days is not None:
            observed[:, observed_days:] = False
        daily = _daily(frame) if observed.any() else np.full((*observed.shape, len(DAILY)), np.nan)
        return lay_out(daily, observed, SCORE, self.channels, self.channel_gaps)

    def standardised(self, modality: Modality, matrix: Matrix | None, n: int) -> np.ndarray:
        """The vectors of ``n`` videos as the network reads them, (n, `dimension`) float32; zeros without ``matrix``."""
        if modality not in self.content or matrix is None:
            return np.zeros((n, self.dimension(modality)), dtype=np.float32)
        return self.content[modality].transform(matrix[:])

    @property
    def numeric_width(self) -> int:
        """Numeric inputs of ``content_agnostic``: numbers, sines and cosines, and missing indicators."""
        return len(NUMERIC) + 2 * len(CYCLIC) + len(self.gaps)

    @property
    def day_width(self) -> int:
        """Inputs a day of ``temporal``: values, their missing indicators, and the day itself."""
        return 2 * len(DAILY) + 1

    def dimension(self, modality: Modality) -> int:
        """Length of a content modality's vectors; 0 when the fitted videos had none."""
        return len(self.content[modality].mean) if modality in self.content else 0

    def to_dict(self) -> dict[str, Any]:
        """Everything but the arrays, as plain JSON values."""
        return {
            "horizon_day": self.horizon_day,
            "vocabulary": {column: list(words) for column, words in self.vocabulary.items()},
        }

    def arrays(self) -> dict[str, np.ndarray]:
        """The learnt arrays by name, to be stored beside `to_dict`."""
        scalers: dict[str, Scaler | None] = {"numbers": self.numbers, "channels": self.channels}
        scalers |= {m.value: scaler for m, scaler in self.content.items()}
        stored = {"gaps": self.gaps.astype(np.uint8), "channel_gaps": self.channel_gaps.astype(np.uint8)}
        for name, scaler in scalers.items():
            if scaler is not None:
                stored |= {f"{name}.mean": scaler.mean, f"{name}.rate": scaler.rate}
        return stored

    @classmethod
    def from_dict(cls, values: dict[str, Any], arrays: Mapping[str, np.ndarray]) -> "Preprocessor":
        """Rebuild what `to_dict` and `arrays` stored.

        Raises
        ------
        KeyError
            If a value or an array is missing.
        """

        def scaler(name: str) -> Scaler:
            return Scaler(arrays[f"{name}.mean"], arrays[f"{name}.rate"])

        return cls(
            horizon_day=values["horizon_day"],
            numbers=scaler("numbers"),
            gaps=arrays["gaps"].astype(bool),
            vocabulary={column: tuple(values["vocabulary"][column]) for column in CATEGORICAL},
            content={m: scaler(m) for m in CONTENT_MODALITIES if f"{m}.mean" in arrays},
            channels=scaler("channels") if "channels.mean" in arrays else None,
            channel_gaps=arrays["channel_gaps"].astype(bool),
        )

    def _numeric(self, facts: "pd.DataFrame") -> np.ndarray:
        logged, cycles = _numbers(facts), _cycles(facts)
        missing = np.isnan(np.hstack([logged, cycles[:, ::2]])) & self.gaps
        values = np.hstack([self.numbers.transform(logged), cycles])
        return np.hstack([np.where(np.isnan(values), 0.0, values), missing]).astype(np.float32)

    def _categorical(self, facts: "pd.DataFrame") -> np.ndarray:
        ids = np.zeros((len(facts), len(CATEGORICAL)), dtype=np.int64)
        for position, (column, feature) in enumerate(CATEGORICAL.items()):
            id_of: dict[str | None, int] = {
                word: number for number, word in enumerate(self.vocabulary[column], start=1)
            }
            ids[:, position] = [id_of.get(word, 0) for word in category_words(facts, column, feature)]
        return ids


def _columns(*transforms: Transform) -> dict[str, Feature]:
    return {c: f for f in BEFORE_RELEASE if f.transform in transforms for c in f.columns}


NUMERIC: dict[str, Feature] = _columns(Transform.LOG1P)
CYCLIC: dict[str, Feature] = _columns(Transform.CYCLIC)
CATEGORICAL: dict[str, Feature] = _columns(Transform.EMBEDDING)
DAILY: tuple[str, ...] = (*SERIES_CHANNELS, "score", "growth")
"""What is told of each observed day, on the log scale: the counts, the score, and its growth since the day before."""
SCORE = DAILY.index("score")


def lay_out(daily: np.ndarray, observed: np.ndarray, score: int, channels: Scaler | None, gaps: np.ndarray) -> Trend:
    """Move the observed days of each video to the front of its series, scaled, with what is missing and the day.

    Parameters
    ----------
    daily : ndarray, (n, H - 1, values), float64
        Log-scaled values of each day, NaN where unknown; ``H`` is the horizon day.
    observed : ndarray, (n, H - 1), bool
        The days that count; their score is known.
    score : int
        Which of the values is the log score.
    channels : Scaler or None
        Of the daily values; with None no day counts.
    gaps : ndarray, (values,), bool
        Which daily values were ever missing while fitting.
    """
    n, length, width = daily.shape
    observed = observed & (channels is not None)
    days = observed.sum(axis=1)
    series = np.zeros((n, length, 2 * width + 1), dtype=np.float32)
    anchor_day, anchor_score = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.float32)
    if channels is None or not observed.any():
        return Trend(series, days, anchor_day, anchor_score)
    missing = np.isnan(daily)
    scaled = np.where(missing, 0.0, channels.transform(daily))
    day = np.broadcast_to(np.arange(1, length + 1)[None, :, None] / (length + 1), (n, length, 1))
    encoded = np.concatenate([scaled, missing & gaps, day], axis=2).astype(np.float32)
    video, position = np.nonzero(observed)
    series[video, (observed.cumsum(axis=1) - 1)[video, position]] = encoded[video, position]
    rows = np.flatnonzero(days)
    last = length - 1 - observed[rows, ::-1].argmax(axis=1)
    anchor_day[rows], anchor_score[rows] = last + 1, daily[rows, last, score]
    return Trend(series, days, anchor_day, anchor_score)


def rows_of(embeddings: Embeddings, rows: np.ndarray) -> Embeddings:
    """The vectors of ``rows`` alone; what is on disk stays there."""
    return {m: None if v is None else taken(v, rows) for m, v in embeddings.items()}


def on_disk(embeddings: Embeddings) -> bool:
    """Whether the vectors of any modality are too large for memory."""
    return any(isinstance(matrix, Vectors) for matrix in embeddings.values())


def vocabulary(facts: "pd.DataFrame") -> dict[str, tuple[str, ...]]:
    """Words of each categorical column that at least two videos have."""
    return {column: _words(facts, column, feature) for column, feature in CATEGORICAL.items()}


def category_words(facts: "pd.DataFrame", column: str, feature: Feature) -> list[str | None]:
    """Read a category or a flag as words, None where it is unknown; a flag's words are "0" and "1"."""
    values = facts[column]
    if feature.kind is Kind.FLAG:
        return [None if v != v else str(int(v)) for v in values.to_numpy(dtype=np.float64, na_value=np.nan).tolist()]
    return [v if isinstance(v, str) else None for v in values.tolist()]


def daily_log_scores(frame: "Frame") -> np.ndarray:
    """log1p of the popularity score (equation 1) of each day before the horizon, (n, H - 1); NaN where unknown."""
    weights = np.array([SCORE_WEIGHTS.get(channel, 0.0) for channel in SERIES_CHANNELS])
    counted = weights > 0
    return np.log1p(np.maximum(frame.series[:, :, counted].astype(np.float64) @ weights[counted], 0.0))


def _daily(frame: "Frame") -> np.ndarray:
    """The values named by `DAILY`, (n, H - 1, values) float64, NaN where unknown."""
    score = daily_log_scores(frame)
    before = np.concatenate([np.zeros((len(score), 1)), score[:, :-1]], axis=1)
    counts = np.log1p(np.maximum(frame.series.astype(np.float64), 0.0))
    values = np.concatenate([counts, score[:, :, None], (score - before)[:, :, None]], axis=2)
    return np.where(frame.observed[:, :, None], values, np.nan)


def _numbers(facts: "pd.DataFrame") -> np.ndarray:
    """Counts and measures on the log scale, (n, len(NUMERIC)) float64, NaN where unknown."""
    return np.log1p(np.maximum(_floats(facts, NUMERIC), 0.0))


def _cycles(facts: "pd.DataFrame") -> np.ndarray:
    """Sine and cosine of each point on a cycle, side by side, (n, 2 * len(CYCLIC)) float64, NaN where unknown."""
    periods = np.array([feature.period for feature in CYCLIC.values()], dtype=np.float64)
    angle = _floats(facts, CYCLIC) * (2 * np.pi / periods)
    return np.stack([np.sin(angle), np.cos(angle)], axis=2).reshape(len(facts), -1)


def _floats(facts: "pd.DataFrame", columns: Mapping[str, Feature]) -> np.ndarray:
    return np.stack([facts[c].to_numpy(dtype=np.float64, na_value=np.nan) for c in columns], axis=1)


def _words(facts: "pd.DataFrame", column: str, feature: Feature) -> tuple[str, ...]:
    counts = Counter(word for word in category_words(facts, column, feature) if word is not None)
    return tuple(sorted(word for word, count in counts.items() if count >= MIN_CATEGORY_COUNT))
