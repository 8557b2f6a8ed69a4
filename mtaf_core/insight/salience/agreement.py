"""Whether attention tells what the forecast rests on: beside contributions and removals, for one clip."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mtaf_core.schema import Modality


@dataclass(frozen=True)
class Agreement:
    """How attention and contribution rank the modalities of one release.

    Parameters
    ----------
    rank : float
        Spearman correlation of attention with the size of contributions; NaN where one of them ranks nothing.
    looks, does : Modality
        The one with the most attention, and the one with the largest contribution.
    """

    rank: float
    looks: Modality
    does: Modality

    @property
    def same(self) -> bool:
        return self.looks is self.does


def agreement(attention: Mapping[Modality, float], contribution: Mapping[Modality, float]) -> Agreement | None:
    """Compare the ranks of the modalities that are there; None of fewer than two.

    Attention has no sign, so that contributions are taken by their size.
    """
    there = [m for m in Modality if m in attention and m in contribution]
    if len(there) < 2:
        return None
    looks = np.array([attention[m] for m in there])
    does = np.abs([contribution[m] for m in there])
    return Agreement(spearman(looks, does), there[int(looks.argmax())], there[int(does.argmax())])


def spearman(one: np.ndarray, other: np.ndarray) -> float:
    """Rank correlation; ties share the mean of their ranks. NaN where all of one tie."""
    first, second = _ranks(one), _ranks(other)
    spread = float(first.std() * second.std())
    return float(np.mean((first - first.mean()) * (second - second.mean())) / spread) if spread > 0 else float("nan")


def _ranks(values: np.ndarray) -> np.ndarray:
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    found: np.ndarray = (last - (count - 1) / 2)[place]
    return found
