"""The table that peers learn from, on disk: so that a library whose pins clash with ours can be measured."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from mtaf_core.evaluation.protocol import Settings
    from mtaf_core.workspace import Workspace

TAIL = 0.15
"""The latest share of the training videos, which early stopping is judged on: as for the tuned rows of `evaluate`."""


@dataclass(frozen=True)
class PeerTable:
    """Both sides of one split.

    Parameters
    ----------
    train, test : ndarray, (n, columns), float64
        Oldest first, NaN unknown: `mtaf_core.evaluation.task.Features`.
    categorical : ndarray, (columns,), bool
    names : ndarray of str, (columns,)
    train_truth, test_truth : ndarray, (n,)
        Log scores.
    train_text, test_text : ndarray of str, (n,)
    described : str
        The split in words.
    """

    train: np.ndarray
    test: np.ndarray
    categorical: np.ndarray
    names: np.ndarray
    train_truth: np.ndarray
    test_truth: np.ndarray
    train_text: np.ndarray
    test_text: np.ndarray
    described: str

    @classmethod
    def of(cls, workspace: "Workspace", settings: "Settings") -> "PeerTable":
        """The table of a workspace, exactly as ``evaluate`` with the same settings hands it to its baselines."""
        from mtaf_core.evaluation.splits import cut
        from mtaf_core.evaluation.task import Budget, Task
        from mtaf_core.pipeline import market_evidence

        frame, vectors, _, _ = market_evidence(workspace)
        k = settings.observed_days
        split = cut(
            frame, settings.split, settings.train_fraction, settings.split_at, k, settings.embargo, settings.seed
        )
        task = Task.of(frame, vectors, split, k, settings.seed, Budget())
        features = task.features
        train_text, test_text = (
            np.array([text if isinstance(text, str) else "" for text in side.facts["text"]], dtype=np.str_)
            for side in (task.train, task.test)
        )
        return cls(
            features.train.values[task.seen],
            features.test.values,
            features.train.categorical,
            np.array(features.train.names, dtype=np.str_),
            task.truth[task.seen],
            np.log1p(frame.score[split.test]),
            train_text[task.seen],
            test_text,
            f"{settings.split} split, {k} observed days: {len(task.seen)} videos to learn from, "
            f"{len(split.test)} measured",
        )

    def save(self, path: Path) -> None:
        """Write it as plain arrays."""
        np.savez_compressed(path, allow_pickle=False, **self.__dict__)

    @classmethod
    def load(cls, path: Path) -> "PeerTable":
        """Read what `save` wrote; nothing in it is ever executed."""
        with np.load(path, allow_pickle=False) as stored:
            return cls(**{**{name: stored[name] for name in stored.files}, "described": str(stored["described"])})

    @property
    def later(self) -> np.ndarray:
        """Training rows that early stopping is judged on."""
        return np.arange(len(self.train) - max(1, round(TAIL * len(self.train))), len(self.train))

    def frames(self, filled: bool, text: bool = False) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Both sides as data frames, categories as words.

        Parameters
        ----------
        filled : bool
            Put the training mean where a number is unknown.
        text : bool, default False
            Add the text of the posts as a column.
        """
        mean = np.nanmean(np.where(np.isfinite(self.train).any(axis=0), self.train, 0.0), axis=0)
        sides = []
        for values, words in ((self.train, self.train_text), (self.test, self.test_text)):
            numbers = np.where(np.isfinite(values), values, mean) if filled else values
            columns: dict[str, object] = {}
            for place, name in enumerate(self.names):
                codes = values[:, place]
                told = np.where(np.isfinite(codes), np.nan_to_num(codes).astype(int).astype(str), "unknown")
                columns[f"{place} {name}"] = pd.Categorical(told) if self.categorical[place] else numbers[:, place]
            if text:
                columns["text"] = words.astype(object)
            sides.append(pd.DataFrame(columns))
        return sides[0], sides[1]
