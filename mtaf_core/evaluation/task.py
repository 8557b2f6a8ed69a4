"""What every method is given: training videos with their outcomes, and test videos without."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mtaf_core.model.config import TrainConfig
from mtaf_core.model.plus import PlusConfig
from mtaf_core.model.plus.design import Design, Table

if TYPE_CHECKING:
    from mtaf_core.data.frame import Frame
    from mtaf_core.evaluation.splits import Split
    from mtaf_core.model.encoders import Embeddings

_FEW_VIDEOS = 5_000

Report = Callable[[float, str], None]
"""Called with the share of a method's work that is done, and a few words; may raise `Cancelled`."""


@dataclass(frozen=True)
class Budget:
    """How much work each method may do.

    Parameters
    ----------
    seeds : int, default 3
        Of every row that is one network.
    trials : int, default 24
        Settings that a tuned row tries.
    rounds : int, default 1500
        Of boosting in a tuned row, at most.
    catboost_rounds : int, default 1000
        The library's default.
    resamples : int, default 1000
        Of the bootstrap.
    training : TrainConfig
        Of the networks.
    stack : PlusConfig
    """

    seeds: int = 3
    trials: int = 24
    rounds: int = 1_500
    catboost_rounds: int = 1_000
    resamples: int = 1_000
    training: TrainConfig = field(default_factory=lambda: TrainConfig(device="cpu"))
    stack: PlusConfig = field(default_factory=PlusConfig)


@dataclass
class Task:
    """Learn from some videos and forecast others.

    Parameters
    ----------
    train : Frame
        Oldest first, with every day observed and every outcome.
    train_vectors : dict of Modality to ndarray or None
    test : Frame
        Oldest first; days after ``observed_days`` and all outcomes are blanked, so that no method can see them.
    test_vectors : dict of Modality to ndarray or None
    observed_days : int
    seed : int
    budget : Budget
    kept : dict
        What one method made and another goes on with, such as the networks that ablation masks.
    """

    train: "Frame"
    train_vectors: "Embeddings"
    test: "Frame"
    test_vectors: "Embeddings"
    observed_days: int
    seed: int
    budget: Budget
    kept: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls, frame: "Frame", vectors: "Embeddings", split: "Split", observed_days: int, seed: int, budget: Budget
    ) -> "Task":
        """The task that ``split`` sets."""
        taken = {m: (None, None) if v is None else (v[split.train], v[split.test]) for m, v in vectors.items()}
        return cls(
            frame.take(split.train),
            {m: pair[0] for m, pair in taken.items()},
            blanked(frame.take(split.test), observed_days),
            {m: pair[1] for m, pair in taken.items()},
            observed_days,
            seed,
            budget,
        )

    @cached_property
    def truth(self) -> np.ndarray:
        """log1p of the training videos' scores, (n_train,) float64."""
        return np.log1p(self.train.score)

    @cached_property
    def seen(self) -> np.ndarray:
        """Training rows that show what the test videos show: all, or those with one of the days observed."""
        if self.observed_days == 0:
            return np.arange(len(self.train))
        return np.flatnonzero(self.train.observed[:, : self.observed_days].any(axis=1))

    @cached_property
    def features(self) -> "Features":
        """The table that every method but the networks and MTAF+ learns from, made once."""
        started = time.perf_counter()
        design = Design.fit(self.train, self.train_vectors, np.arange(len(self.train)), engineered=False)
        train = design.table(self.train, self.train_vectors, self.observed_days)
        test = design.table(self.test, self.test_vectors, self.observed_days)
        return Features(train, test, time.perf_counter() - started)

    @property
    def seeds(self) -> list[int]:
        """One for each network of a row."""
        return [self.seed + i for i in range(self.budget.seeds)]

    @property
    def threads(self) -> int:
        """One thread for few videos, where threads only wait for each other; two for many."""
        return 1 if len(self.train) < _FEW_VIDEOS else 2

    def latest(self, share: float) -> "Task":
        """The same test videos, learnt from the latest ``share`` of the training videos alone."""
        rows = np.arange(len(self.train) - round(share * len(self.train)), len(self.train))
        vectors = {m: None if v is None else v[rows] for m, v in self.train_vectors.items()}
        return Task(
            self.train.take(rows), vectors, self.test, self.test_vectors, self.observed_days, self.seed, self.budget
        )


class Features(NamedTuple):
    """The flat tables: logarithms, cycles and categories of Table 1, principal components of each content modality,
    and with days observed the early curve."""

    train: Table
    test: Table
    seconds: float


class Outcome(NamedTuple):
    """What a method foretold."""

    predicted: np.ndarray  # (seeds, n_test) float64, log scores; one row where the method is fitted once
    fit_s: float
    predict_s: float
    settings: dict[str, Any]  # as plain JSON values
    interval: tuple[np.ndarray, np.ndarray] | None = None  # low and high on the natural scale, (n_test,) each
    retrained: np.ndarray | None = None  # (seeds, n_test), of an ablation row


class NotHere(Exception):
    """A method that cannot be run here, and why, as a sentence."""


def blanked(frame: "Frame", observed_days: int) -> "Frame":
    """The same videos as they are known when they are forecast: no outcome, no later day."""
    facts = frame.facts.assign(popularity_label=np.nan)
    return replace(frame.truncate(observed_days), facts=facts, score=np.full(len(frame), np.nan))


class Stopwatch:
    """Seconds of the two halves of a method: call `fitted` between them, `predicted` at the end."""

    def __init__(self, before_s: float = 0.0) -> None:
        self.started = time.perf_counter() - before_s
        self.fit_s = 0.0
        self.predict_s = 0.0

    def fitted(self) -> None:
        self.fit_s = time.perf_counter() - self.started

    def predicted(self) -> None:
        self.predict_s = time.perf_counter() - self.started - self.fit_s
