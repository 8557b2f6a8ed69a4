"""From a table's columns to `Evidence`: the same steps as `mtaf_core.model.encoders`, for columns of any name.

Everything learnt (means, vocabularies, which numbers are told on the log scale) comes from the rows fitted on.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import torch

from mtaf_core.model.columns import Column, read
from mtaf_core.model.encoders import FARTHEST, MIN_CATEGORY_COUNT, Scaler, Trend, known, lay_out
from mtaf_core.model.evidence import Evidence
from mtaf_core.schema import CONTENT_MODALITIES, SCORE_WEIGHTS, SERIES_CHANNELS, Modality

if TYPE_CHECKING:
    import pandas as pd

    from mtaf_core.model.fitting import Material

NumberScale = Literal["auto", "log", "linear"]
_ODD_SHARE = 0.01
_ROUNDING = 1e-12
"""How far from its mean, in parts of it, rounding alone takes a number that never varies."""


class Encoded(NamedTuple):
    """``n`` rows, and how they look with each number of observed days; ``H`` is the horizon day."""

    evidence: Evidence
    days: np.ndarray  # (n, H) int64
    anchor_day: np.ndarray  # (n, H) int64
    anchor_score: np.ndarray  # (n, H) float32

    def material(self, truth: np.ndarray) -> "Material":
        """What the network is fitted on, in single precision; ``truth``, (n,), is on the log scale."""
        from mtaf_core.model.fitting import Material

        stored = {f.name: getattr(self.evidence, f.name) for f in fields(self.evidence)}
        singles = {name: values.float() for name, values in stored.items() if values.dtype == torch.float64}
        return Material(
            replace(self.evidence, **singles),
            torch.from_numpy(self.days),
            torch.from_numpy(self.anchor_day),
            torch.from_numpy(self.anchor_score),
            torch.from_numpy(truth.astype(np.float32)),
        )


class _Read(NamedTuple):
    numbers: np.ndarray  # (n, numbers) float64, of content_agnostic
    words: list[np.ndarray]  # (n,) of str and None, of each column of words
    content: dict[Modality, np.ndarray]  # (n, d) float32
    daily: np.ndarray  # (n, H - 1, channels + 2) float64; the score and its growth come last


@dataclass(frozen=True)
class ColumnEncoder:
    """Turn tables into `Evidence`. Make one with `ColumnEncoder.fit`.

    Parameters
    ----------
    columns : tuple of Column
    horizon_day : int
    logged : ndarray, (numbers,), bool
        Which numbers are told on the log scale.
    mean, rate : ndarray, (numbers,), float64
        ``(x - mean) * rate``; ``rate`` is 0 where a number never varied while fitting.
    gaps : ndarray, (numbers,), bool
        Which numbers were ever missing while fitting; only these have a missing indicator.
    vocabulary : tuple of tuple of str
        Of each column of words; ids start at 1, and 0 is unknown, missing or met once only.
    content : dict of Modality to Scaler
    channels : Scaler or None
        Of the daily values; None where no early day was known.
    channel_gaps : ndarray, (channels + 2,), bool
    """

    columns: tuple[Column, ...]
    horizon_day: int
    logged: np.ndarray
    mean: np.ndarray
    rate: np.ndarray
    gaps: np.ndarray
    vocabulary: tuple[tuple[str, ...], ...]
    content: dict[Modality, Scaler]
    channels: Scaler | None
    channel_gaps: np.ndarray

    @classmethod
    def fit(
        cls, table: "pd.DataFrame", columns: list[Column], horizon_day: int, scale: NumberScale = "auto"
    ) -> "ColumnEncoder":
        """Learn from the rows of ``table``, whose ``columns`` were recognised."""
        found = _read(table, columns, horizon_day)
        logged = _log_scaled(found.numbers, scale)
        told = _told(found.numbers, logged)
        there = np.isfinite(told)
        counts = np.maximum(there.sum(axis=0), 1)
        mean = np.where(there, told, 0.0).sum(axis=0) / counts
        spread = np.sqrt((np.where(there, told - mean, 0.0) ** 2).sum(axis=0) / counts)
        least = _ROUNDING * np.abs(mean)
        days = found.daily[np.isfinite(found.daily[:, :, -2])]
        return cls(
            columns=tuple(columns),
            horizon_day=horizon_day,
            logged=logged,
            mean=mean,
            rate=np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > least),
            gaps=~there.all(axis=0),
            vocabulary=tuple(_vocabulary(words) for words in found.words),
            content={m: Scaler.fit(matrix) for m, matrix in found.content.items() if known(matrix).any()},
            channels=Scaler.fit(days) if len(days) else None,
            channel_gaps=np.isnan(days).any(axis=0),
        )

    def encode(self, table: "pd.DataFrame") -> Encoded:
        """Encode the rows of ``table``, in double precision, so that a row answers alike alone and among others."""
        found = _read(table, list(self.columns), self.horizon_day)
        n = len(table)
        vectors, here = {}, {}
        for modality in CONTENT_MODALITIES:
            matrix = found.content.get(modality)
            learnt = self.content.get(modality)
            lone = np.zeros((n, self.dimension(modality)), dtype=np.float32)
            vectors[modality] = lone if matrix is None or learnt is None else learnt.transform(matrix)
            here[modality] = np.zeros(n, dtype=bool) if matrix is None or learnt is None else known(matrix)
        trends = [self._trend(found.daily, k) for k in range(self.horizon_day)]
        last = trends[-1]
        # A row of which nothing is known before release is still asked about: the mean of all is its answer.
        agnostic = np.full(n, bool(self.numbers or self.vocabulary)) | ~np.stack([*here.values()]).any(axis=0)
        present = np.stack([agnostic, *here.values(), last.days > 0], axis=1)
        evidence = Evidence(
            numeric=torch.from_numpy(self._numeric(found.numbers)),
            categorical=torch.from_numpy(self._categorical(found.words, n)),
            text=torch.from_numpy(vectors[Modality.TEXT]).double(),
            audio=torch.from_numpy(vectors[Modality.AUDIO]).double(),
            visual=torch.from_numpy(vectors[Modality.VISUAL]).double(),
            series=torch.from_numpy(last.series).double(),
            days=torch.from_numpy(last.days),
            anchor_day=torch.from_numpy(last.anchor_day),
            anchor_score=torch.from_numpy(last.anchor_score).double(),
            present=torch.from_numpy(present),
        )
        days, day, score = (
            np.stack([getattr(trend, name) for trend in trends], axis=1)
            for name in ("days", "anchor_day", "anchor_score")
        )
        return Encoded(evidence, days, day, score)

    @property
    def numbers(self) -> int:
        """How many numbers of ``content_agnostic`` there are."""
        return len(self.mean)

    @property
    def numeric_width(self) -> int:
        """Numeric inputs of ``content_agnostic``: numbers and missing indicators; one that is 0 where there is none."""
        return 2 * self.numbers or 1

    @property
    def day_width(self) -> int:
        """Inputs a day of ``temporal``: values, their missing indicators, and the day itself."""
        return 2 * len(self.channel_gaps) + 1

    def dimension(self, modality: Modality) -> int:
        """Length of a content modality's vectors; 0 where the fitted rows had none."""
        return len(self.content[modality].mean) if modality in self.content else 0

    def to_dict(self) -> dict[str, Any]:
        """Everything but the arrays, as plain JSON values."""
        return {
            "columns": [list(column) for column in self.columns],
            "horizon_day": self.horizon_day,
            "vocabulary": [list(words) for words in self.vocabulary],
        }

    def arrays(self) -> dict[str, np.ndarray]:
        """The learnt arrays by name, to be stored beside `to_dict`."""
        stored = {"mean": self.mean, "rate": self.rate}
        stored |= {name: getattr(self, name).astype(np.uint8) for name in ("logged", "gaps", "channel_gaps")}
        scalers = {m.value: scaler for m, scaler in self.content.items()}
        scalers |= {"channels": self.channels} if self.channels is not None else {}
        for name, scaler in scalers.items():
            stored |= {f"{name}.mean": scaler.mean, f"{name}.rate": scaler.rate}
        return stored

    @classmethod
    def from_dict(cls, values: dict[str, Any], arrays: Mapping[str, np.ndarray]) -> "ColumnEncoder":
        """Rebuild what `to_dict` and `arrays` stored; raises KeyError where something is missing."""
        scalers = {
            name: Scaler(arrays[f"{name}.mean"], arrays[f"{name}.rate"])
            for name in (*CONTENT_MODALITIES, "channels")
            if f"{name}.mean" in arrays
        }
        return cls(
            columns=tuple(Column(p, name, form, Modality(m), *rest) for p, name, form, m, *rest in values["columns"]),
            horizon_day=values["horizon_day"],
            logged=arrays["logged"].astype(bool),
            mean=arrays["mean"],
            rate=arrays["rate"],
            gaps=arrays["gaps"].astype(bool),
            vocabulary=tuple(tuple(words) for words in values["vocabulary"]),
            content={m: scalers[m] for m in CONTENT_MODALITIES if m in scalers},
            channels=scalers.get("channels"),
            channel_gaps=arrays["channel_gaps"].astype(bool),
        )

    def _numeric(self, numbers: np.ndarray) -> np.ndarray:
        if not self.numbers:
            return np.zeros((len(numbers), 1))
        told = _told(numbers, self.logged)
        missing = np.isnan(told)
        scaled = np.clip((told - self.mean) * self.rate, -FARTHEST, FARTHEST)
        return np.hstack([np.where(missing, 0.0, scaled), (missing & self.gaps).astype(np.float64)])

    def _categorical(self, words: list[np.ndarray], n: int) -> np.ndarray:
        ids = np.zeros((n, len(words)), dtype=np.int64)
        for position, (told, vocabulary) in enumerate(zip(words, self.vocabulary, strict=True)):
            id_of = {word: number for number, word in enumerate(vocabulary, start=1)}
            ids[:, position] = [id_of.get(word, 0) for word in told]
        return ids

    def _trend(self, daily: np.ndarray, observed_days: int) -> Trend:
        observed = np.isfinite(daily[:, :, -2])
        observed[:, observed_days:] = False
        return lay_out(daily, observed, daily.shape[2] - 2, self.channels, self.channel_gaps)


def _read(table: "pd.DataFrame", columns: list[Column], horizon_day: int) -> _Read:
    n = len(table)
    numbers, words = [], []
    content: dict[Modality, list[np.ndarray]] = {}
    days: dict[tuple[int, str], np.ndarray] = {}
    for column in columns:
        values = read(table, column)
        if column.form == "day":
            days[column.day, column.value] = values
        elif column.form == "words":
            words.append(values)
        elif column.modality is Modality.CONTENT_AGNOSTIC:
            numbers.append(values)
        else:
            content.setdefault(column.modality, []).append(values.reshape(n, -1).astype(np.float32))
    return _Read(
        np.column_stack(numbers) if numbers else np.zeros((n, 0)),
        words,
        {modality: np.hstack(parts) for modality, parts in content.items()},
        _daily(days, n, horizon_day),
    )


def _daily(days: dict[tuple[int, str], np.ndarray], n: int, horizon_day: int) -> np.ndarray:
    """Log-scaled values of each day before the horizon, (n, H - 1, channels + 2), NaN where unknown.

    The score of a day is its column of that name, or equation 1 over its counts.
    """
    channels = [c for c in SERIES_CHANNELS if any(value == c for _, value in days)]
    unknown = np.full(n, np.nan)
    counts = np.full((n, horizon_day - 1, len(channels)), np.nan)
    score = np.full((n, horizon_day - 1), np.nan)
    for day in range(1, horizon_day):
        for position, channel in enumerate(channels):
            counts[:, day - 1, position] = days.get((day, channel), unknown)
        counted = sum(weight * days.get((day, c), unknown) for c, weight in SCORE_WEIGHTS.items())
        score[:, day - 1] = days.get((day, "score"), counted)
    logged = np.log1p(np.maximum(score, 0.0))
    before = np.concatenate([np.zeros((n, 1)), logged[:, :-1]], axis=1)
    values = [np.log1p(np.maximum(counts, 0.0)), logged[:, :, None], (logged - before)[:, :, None]]
    return np.concatenate(values, axis=2)


def _told(numbers: np.ndarray, logged: np.ndarray) -> np.ndarray:
    """The numbers on the scale that each is told on; a negative one is mirrored."""
    return np.where(logged, np.sign(numbers) * np.log1p(np.abs(numbers)), numbers)


def _log_scaled(numbers: np.ndarray, scale: NumberScale) -> np.ndarray:
    """Which columns the log scale suits, (columns,) bool: with "auto", counts whose logarithm is less skewed."""
    columns = numbers.shape[1]
    if scale != "auto":
        return np.full(columns, scale == "log")
    # A count that overflowed somewhere is a count still: one value in a hundred may be negative.
    hardly_negative = (numbers < 0).sum(axis=0) <= _ODD_SHARE * np.isfinite(numbers).sum(axis=0)
    counted = np.where(numbers < 0, np.nan, numbers)
    flat, logged = (np.abs(_skewness(values)) for values in (counted, np.log1p(counted)))
    found: np.ndarray = hardly_negative & (logged < flat)
    return found


def _skewness(values: np.ndarray) -> np.ndarray:
    there = np.isfinite(values)
    counts = np.maximum(there.sum(axis=0), 1)
    mean = np.where(there, values, 0.0).sum(axis=0) / counts
    off = np.where(there, values - mean, 0.0)
    spread = np.sqrt((off**2).sum(axis=0) / counts)
    standard = np.divide(off, spread, out=np.zeros_like(off), where=spread > _ROUNDING * np.abs(mean))
    found: np.ndarray = (standard**3).sum(axis=0) / counts
    return found


def _vocabulary(words: np.ndarray) -> tuple[str, ...]:
    counts = Counter(word for word in words if word is not None)
    return tuple(sorted(word for word, count in counts.items() if count >= MIN_CATEGORY_COUNT))
