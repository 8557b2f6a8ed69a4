"""One release as the stack sees it, and what any other version of one of its modalities would have added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import factorial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mtaf_core.insight.attribution import coalition_masks, shapley
from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.schema import MODALITIES, Modality

if TYPE_CHECKING:
    from mtaf_core.data.frame import Frame
    from mtaf_core.model.bundle import Bundle

_ROWS = 256
"""Versions asked about between two reports: about a tenth of a second."""


class Worth(NamedTuple):
    """What n versions of one modality are worth."""

    contribution: np.ndarray  # (n,) float64, the Shapley value of the modality in log units
    log_score: np.ndarray  # (n,) float64, the forecast with everything else there


@dataclass(frozen=True, eq=False)
class Case:
    """A release before its forecast is explained. Get one from `Forecaster.case`.

    Parameters
    ----------
    bundle : Bundle
    frame : Frame
        One row.
    vectors : mapping of Modality to ndarray (1, d) float32 or None
    observed : int
        Days observed; 0 is before release.
    present : ndarray, (5,), bool
        The modalities it has, in the order of `MODALITIES`.
    """

    bundle: "Bundle"
    frame: "Frame"
    vectors: Mapping[Modality, np.ndarray | None]
    observed: int
    present: np.ndarray

    def has(self, modality: Modality) -> bool:
        return bool(self.present[MODALITIES.index(modality)])

    @cached_property
    def coalitions(self) -> tuple[np.ndarray, np.ndarray]:
        """Every coalition of what is there, (2 ** p, 5) bool, and the log score under each, (2 ** p,)."""
        players = np.flatnonzero(self.present)
        masks = np.zeros((2 ** len(players), len(MODALITIES)), dtype=bool)
        masks[:, players] = coalition_masks(len(players))
        return masks, self.bundle.coalitions(self.frame, dict(self.vectors), masks, self.observed)[0]

    @property
    def log_score(self) -> float:
        """The forecast in log units."""
        return float(self.coalitions[1][-1])

    def contributions(self) -> dict[Modality, float]:
        """Exact Shapley value of every modality that is there; they sum to the forecast less the baseline."""
        players = np.flatnonzero(self.present)
        found = shapley(self.coalitions[1], len(players))
        return {MODALITIES[p]: float(value) for p, value in zip(players, found, strict=True)}

    def removals(self) -> dict[Modality, float]:
        """What the forecast loses, in log units, when a modality alone is taken away."""
        masks, values = self.coalitions
        found = {}
        for player in np.flatnonzero(self.present):
            others = self.present.copy()
            others[player] = False
            without = values[(masks == others).all(axis=1)][0]
            found[MODALITIES[player]] = float(values[-1] - without)
        return found

    def worth(
        self,
        modality: Modality,
        n: int,
        facts: Mapping[str, Sequence[Any] | np.ndarray] | None = None,
        matrix: np.ndarray | None = None,
        progress: Progress = silent,
    ) -> Worth:
        """What ``n`` other versions of ``modality`` would contribute, everything else as it is.

        The contribution is the Shapley value that the modality would have: the mean over the coalitions of the
        others, by Shapley's weights, of what it adds to them. A version that is nothing contributes nothing.

        Parameters
        ----------
        n : int
        facts : mapping of column to n values, optional
            Columns of the frame that differ between the versions.
        matrix : ndarray, (n, d), float32, optional
            Vectors of the modality; a row of NaN where a version has none.
        progress : Progress
            Told how many were asked about; may raise `Cancelled`.
        """
        player = MODALITIES.index(modality)
        others = np.flatnonzero(self.present & (np.arange(len(MODALITIES)) != player))
        without = np.zeros((2 ** len(others), len(MODALITIES)), dtype=bool)
        without[:, others] = coalition_masks(len(others))
        together = without.copy()
        together[:, player] = True
        size, players = without.sum(axis=1), len(others) + 1
        weights = np.array([factorial(s) * factorial(players - s - 1) / factorial(players) for s in size])
        alone = self.bundle.coalitions(self.frame, dict(self.vectors), without, self.observed)[0] @ weights
        contribution, log_score = np.empty(n), np.empty(n)
        for start in range(0, n, _ROWS):
            progress(Step(modality.value, start, n))
            rows = slice(start, min(start + _ROWS, n))
            values = self._scored(modality, rows, facts or {}, matrix, together)
            contribution[rows], log_score[rows] = values @ weights - alone, values[:, -1]
        return Worth(contribution, log_score)

    def _scored(
        self,
        modality: Modality,
        rows: slice,
        facts: Mapping[str, Sequence[Any] | np.ndarray],
        matrix: np.ndarray | None,
        masks: np.ndarray,
    ) -> np.ndarray:
        size = rows.stop - rows.start
        frame = self.frame.take(np.zeros(size, dtype=np.int64))
        if facts:
            frame = replace(frame, facts=frame.facts.assign(**{name: values[rows] for name, values in facts.items()}))
        vectors = {m: None if v is None else np.repeat(v, size, axis=0) for m, v in self.vectors.items()}
        if matrix is not None:
            vectors[modality] = matrix[rows]
        return self.bundle.coalitions(frame, vectors, masks, self.observed)
