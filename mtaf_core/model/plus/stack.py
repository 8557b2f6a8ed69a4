"""MTAF+: several networks, boosted trees, a linear model and a Gaussian process, weighed by how well each foretold.

Before release every part predicts the log score itself; once days are known, what the score will add to the last known
one. `mtaf_core.model.plus.stacking` says how the parts are fitted and weighed.
"""

from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mtaf_core.errors import BadInput
from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.model.conformal import MIN_RESIDUALS, Calibration
from mtaf_core.model.encoders import Embeddings, rows_of
from mtaf_core.model.plus.design import Design
from mtaf_core.model.plus.networks import Networks
from mtaf_core.model.plus.stacking import (
    FEWEST,
    Fold,
    PlusConfig,
    Stage,
    cuts,
    fit_networks,
    fit_stage,
    learnt,
    left,
)
from mtaf_core.schema import MODALITIES, Modality
from mtaf_core.threads import blas_threads

if TYPE_CHECKING:
    from mtaf_core.data.frame import Frame

_TEMPORAL = MODALITIES.index(Modality.TEMPORAL)


@dataclass(frozen=True)
class Plus:
    """The fitted stack. Make one with `Plus.fit`, or read one with `Plus.load`.

    Parameters
    ----------
    design : Design
        How videos become the table that all parts but the networks read.
    stages : dict of int to Stage
        By observed days; 0 is before release, and always there.
    networks : Networks or None
    baseline : float
        Mean log score of the videos fitted on: what is expected of a video nothing is known of.
    config : PlusConfig
    """

    design: Design
    stages: dict[int, Stage]
    networks: Networks | None
    baseline: float
    config: PlusConfig

    @classmethod
    def fit(
        cls,
        frame: "Frame",
        embeddings: Embeddings,
        rows: np.ndarray,
        observed_days: int | None = None,
        config: PlusConfig | None = None,
        progress: Progress = silent,
        shelf: Path | None = None,
    ) -> "Plus":
        """Fit the stack on labelled videos.

        Parameters
        ----------
        frame : Frame, n videos
        embeddings : dict of Modality to ndarray (n, d) float32 or None
        rows : ndarray of int
            The videos to learn from; their score at the horizon day is known.
        observed_days : int, optional
            Prepare for this many observed days alone (and for none); for every number of days where it is not given.
        config : PlusConfig, optional
        progress : Progress
            May raise `Cancelled`.
        shelf : Path, optional
            A folder for what is finished, to go on from after an interruption; of this very fitting, and no other.

        Raises
        ------
        BadInput
            If fewer than 60 videos are given or allowed, or no booster is wanted.
        """
        config = config or PlusConfig()
        if config.network.max_videos < FEWEST:
            raise BadInput(f"The stack may learn from {config.network.max_videos} videos; allow at least {FEWEST}.")
        if config.boosters < 1:
            raise BadInput(f"The stack is asked for {config.boosters} seeds of its boosters; ask for at least 1.")
        if len(rows) < FEWEST:
            raise BadInput(f"Only {len(rows)} videos to learn from, and the stack needs {FEWEST}; import more videos.")
        rows = np.asarray(rows)[np.argsort(frame.facts["created_at"].to_numpy()[rows], kind="stable")]
        with blas_threads(config.threads_for(len(rows))):
            return cls._fit(frame, embeddings, rows, observed_days, config, progress, shelf)

    @classmethod
    def _fit(
        cls,
        frame: "Frame",
        embeddings: Embeddings,
        rows: np.ndarray,
        observed_days: int | None,
        config: PlusConfig,
        progress: Progress,
        shelf: Path | None,
    ) -> "Plus":
        from mtaf_core.model.plus import stored

        days = list(range(frame.horizon_day)) if observed_days is None else sorted({0, observed_days})
        blocks = cuts(rows)
        networks, practised = fit_networks(frame, embeddings, rows, blocks, config, progress, shelf)
        folds: list[Fold] = []
        total = len(blocks) + 1 + len(days)
        for number, ((older, later), network) in enumerate(zip(blocks, practised, strict=True)):
            progress(Step("stack", number, total, "what earlier blocks tell of later ones"))
            folds.append(Fold.fit(frame, embeddings, older, later, network, config.network.max_videos))
        progress(Step("stack", len(blocks), total, "everything that is known before release"))
        whole = Fold.fit(frame, embeddings, rows, rows[:0], networks, config.network.max_videos)
        stages: dict[int, Stage] = {}
        for number, day in enumerate(days):
            progress(Step("stack", len(blocks) + 1 + number, total, f"the stack with {day} days observed"))
            place = shelf and shelf / f"day-{day}"
            stage = stored.kept_stage(place) or fit_stage(frame, whole, folds, embeddings, day, config)
            if stage is not None:
                stages[day] = stage
                if place:
                    stored.keep_stage(stage, place)
        progress(Step("stack", total, total, "the stack"))
        return cls(whole.design, stages, networks, float(np.log1p(frame.score[rows]).mean()), config)

    @property
    def horizon_day(self) -> int:
        return self.design.horizon_day

    @cached_property
    def calibration(self) -> Calibration:
        """Residuals for each number of observed days; of a day less where there are too few."""
        kept: list[np.ndarray] = []
        for day in range(self.horizon_day):
            stage = self.stages.get(day)
            enough = stage is not None and (len(stage.residuals) >= MIN_RESIDUALS or not kept)
            kept.append(stage.residuals if stage is not None and enough else kept[-1])
        return Calibration(tuple(kept))

    def interval(self, log_score: np.ndarray, observed_days: int, level: float = 0.9) -> tuple[np.ndarray, np.ndarray]:
        """Ranges of popularity scores on the natural scale that hold them with probability ``level``, (n,) each.

        Raises
        ------
        BadInput
            If the level is out of reach of the videos it was calibrated on.
        """
        return self.calibration.interval(np.atleast_1d(np.asarray(log_score, dtype=np.float64)), observed_days, level)

    def predict(self, frame: "Frame", embeddings: Embeddings, observed_days: int | None = None) -> np.ndarray:
        """Predict the log score of every video of ``frame``, (n,) float64.

        Parameters
        ----------
        frame : Frame, n videos
        embeddings : dict of Modality to ndarray (n, d) float32 or None
        observed_days : int, optional
            See only days up to this one; 0 is before release. All days where it is not given.
        """
        everything = np.ones((1, len(MODALITIES)), dtype=bool)
        return self.coalitions(frame, embeddings, everything, observed_days)[:, 0]

    def coalitions(
        self, frame: "Frame", embeddings: Embeddings, masks: np.ndarray, observed_days: int | None = None
    ) -> np.ndarray:
        """Predict every video as if only some of its modalities were known.

        Parameters
        ----------
        masks : ndarray, (M, 5), bool
            The modalities kept, in the order of `MODALITIES`.

        Returns
        -------
        ndarray, (n, M), float64
            Log scores; ``baseline`` where a mask keeps nothing that the video has. Without the early trend a video is
            one not released.
        """
        masks = np.asarray(masks, dtype=bool)
        found = np.full((len(frame.facts), len(masks)), self.baseline)
        days = self._days(frame, observed_days)
        unreleased = masks & (np.arange(len(MODALITIES)) != _TEMPORAL)
        for day in np.unique(days):
            rows = np.flatnonzero(days == day)
            trend = masks[:, _TEMPORAL] & (day > 0)
            for columns, stage, kept in ((trend, int(day), masks), (~trend & unreleased.any(axis=1), 0, unreleased)):
                chosen = np.flatnonzero(columns)
                if len(chosen):
                    told, there = self._told(frame, embeddings, rows, stage, kept[chosen])
                    together = sum(self.stages[stage].weights[n] * v for n, v in told.items())
                    found[np.ix_(rows, chosen)] = np.where(there, together, self.baseline)
        return found

    def parts(self, frame: "Frame", embeddings: Embeddings, observed_days: int | None = None) -> dict[str, np.ndarray]:
        """What each part alone predicts, (n,) float64 each."""
        everything = np.ones((1, len(MODALITIES)), dtype=bool)
        days = self._days(frame, observed_days)
        found = {name: np.full(len(days), np.nan) for name in self.stages[0].weights}
        for day in np.unique(days):
            here = np.flatnonzero(days == day)
            told, _ = self._told(frame, embeddings, here, int(day), everything)
            for name, values in told.items():
                found[name][here] = values[:, 0]
        return found

    def _days(self, frame: "Frame", observed_days: int | None) -> np.ndarray:
        """The stage that answers for each video: the latest prepared one up to its last observed day, (n,) int."""
        limit = self.horizon_day - 1 if observed_days is None else observed_days
        observed = frame.observed[:, :limit]
        if limit == 0 or not observed.any():
            return np.zeros(len(observed), dtype=int)
        last = np.where(observed.any(axis=1), limit - observed[:, ::-1].argmax(axis=1), 0)
        asked = last if observed_days is None else np.where(last > 0, observed_days, 0)
        prepared = np.array(sorted(self.stages))
        found: np.ndarray = prepared[np.searchsorted(prepared, asked, side="right") - 1]
        return found

    def _told(
        self, frame: "Frame", embeddings: Embeddings, rows: np.ndarray, day: int, masks: np.ndarray
    ) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """Every part's predictions of ``rows`` under each mask, (rows, M), and whether it keeps anything they have."""
        stage = self.stages[day]
        whole = len(rows) == len(frame.facts)
        part = frame if whole else frame.take(rows)
        vectors = embeddings if whole else rows_of(embeddings, rows)
        table = self.design.table(part, vectors, day)
        told = learnt(stage.learners, table, masks)
        if self.networks is not None and "networks" in stage.weights:
            told["networks"] = self.networks.coalitions(part, vectors, masks, day, self.baseline)
        return told, left(table, masks)

    def to_dict(self) -> dict[str, Any]:
        """What a person may want to know of the stack, as plain JSON values."""
        stages = {str(d): {"weights": s.weights, "folds": s.folds} for d, s in self.stages.items()}
        return {"config": asdict(self.config), "baseline": self.baseline, "stages": stages}

    def save(self, folder: Path) -> None:
        """Write the stack into ``folder``, which is made."""
        from mtaf_core.model.plus import stored

        stored.save(self, folder)

    @classmethod
    def load(cls, folder: Path) -> "Plus":
        """Read what `save` wrote; raises OSError, KeyError, ValueError or RuntimeError where it is not whole."""
        from mtaf_core.model.plus import stored

        return stored.load(folder)
