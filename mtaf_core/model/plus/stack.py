"""MTAF+: several networks, boosted trees, a linear model and a Gaussian process, weighed by how well each foretold.

Before release every part predicts the log score itself; once days are known, what the score will add to the last known
one. The weights are those that would have predicted the later blocks of the training videos best, each block by parts
fitted on older videos alone (stacking, Wolpert 1992; non-negative, Breiman 1996), drawn towards equal shares.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mtaf_core.errors import BadInput
from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.model.encoders import Embeddings
from mtaf_core.model.plus.design import Design, Table
from mtaf_core.model.plus.learners import Boosted, Learner, Linear, Process
from mtaf_core.model.plus.networks import Networks
from mtaf_core.schema import MODALITIES, Modality

if TYPE_CHECKING:
    from mtaf_core.data.frame import Frame

PARTS = ("networks", "boosted", "linear", "process")
CROSSED = ("upload_hour", "last score", "last view_count", "growth favorite_count")
"""Columns whose products the linear model also sees once days are known: how old the video was at its first count, and
how fast it grew."""
FEWEST = 60
"""Videos a part is fitted on, at least."""
_FOLDS = (0.55, 0.7, 0.85)
_EQUAL_ROWS = 60.0
_FEW, _MANY = 5_000, 50_000
_TEMPORAL = MODALITIES.index(Modality.TEMPORAL)


@dataclass(frozen=True)
class PlusConfig:
    """How the stack is fitted.

    Parameters
    ----------
    seed : int, default 0
    networks, boosters : int, default 3, 3
        Seeds of each; none of the networks where it is 0.
    rounds : int, optional
        Of boosting; 500 before release where it is not given, 300 after it.
    threads : int, default 2
        Of the boosters; the same number gives the same trees.
    """

    seed: int = 0
    networks: int = 3
    boosters: int = 3
    rounds: int | None = None
    threads: int = 2


class Stage(NamedTuple):
    """The stack at one number of observed days."""

    design: Design
    learners: dict[str, Learner]
    weights: dict[str, float]  # of every part, networks included; they sum to 1
    folds: dict[str, float]  # mean squared error of each part, and of "stack", on the later blocks


@dataclass(frozen=True)
class Plus:
    """The fitted stack. Make one with `Plus.fit`, or read one with `Plus.load`.

    Parameters
    ----------
    horizon_day : int
    stages : dict of int to Stage
        By observed days; 0 is before release, and always there.
    networks : Networks or None
    baseline : float
        Mean log score of the videos fitted on: what is expected of a video nothing is known of.
    config : PlusConfig
    """

    horizon_day: int
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

        Raises
        ------
        BadInput
            If fewer than 60 videos are given.
        """
        config = config or PlusConfig()
        if len(rows) < FEWEST:
            raise BadInput(f"Only {len(rows)} videos to learn from, and the stack needs {FEWEST}; import more videos.")
        times = frame.facts["created_at"].to_numpy()[rows]
        rows = np.asarray(rows)[np.argsort(times, kind="stable")]
        asked = range(frame.horizon_day) if observed_days is None else sorted({0, observed_days})
        progress(Step("networks", 0, 1, "the networks of the stack"))
        blocks = [(rows[: int(a * len(rows))], rows[int(a * len(rows)) : int(b * len(rows))]) for a, b in _spans()]
        networks = Networks.fit(frame, embeddings, rows, config.seed, config.networks) if config.networks else None
        practised = [
            Networks.fit(frame, embeddings, older, config.seed, 1) if networks else None for older, _ in blocks
        ]
        stages: dict[int, Stage] = {}
        for number, day in enumerate(asked):
            progress(Step("stack", number, len(asked), f"the stack with {day} days observed"))
            stage = _stage(frame, embeddings, rows, blocks, practised, day, config)
            if stage is not None:
                stages[day] = stage
        progress(Step("stack", len(asked), len(asked), "the stack"))
        return cls(frame.horizon_day, stages, networks, float(np.log1p(frame.score[rows]).mean()), config)

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
            Log scores; ``baseline`` where a mask keeps nothing. Without the early trend a video is one not released.
        """
        masks = np.asarray(masks, dtype=bool)
        found = np.full((len(frame.facts), len(masks)), self.baseline)
        days = self._days(frame, observed_days)
        for day in np.unique(np.append(days, 0)):
            trend = masks[:, _TEMPORAL] if day > 0 else np.ones(len(masks), dtype=bool)
            of_day = np.flatnonzero(days == day)
            for here, columns in ((of_day, np.flatnonzero(trend & masks.any(axis=1))),):
                if len(here) and len(columns):
                    found[np.ix_(here, columns)] = self._asked(frame, embeddings, here, int(day), masks[columns])
            if day > 0:
                blind = masks.copy()
                blind[:, _TEMPORAL] = False
                columns = np.flatnonzero(~trend & blind.any(axis=1))
                if len(of_day) and len(columns):
                    found[np.ix_(of_day, columns)] = self._asked(frame, embeddings, of_day, 0, masks[columns])
        alone = np.flatnonzero((masks.sum(axis=1) == 1) & masks[:, _TEMPORAL])
        unreleased = np.flatnonzero(days == 0)
        found[np.ix_(unreleased, alone)] = self.baseline
        return found

    def parts(self, frame: "Frame", embeddings: Embeddings, observed_days: int | None = None) -> dict[str, np.ndarray]:
        """What each part alone predicts, (n,) float64 each."""
        everything = np.ones((1, len(MODALITIES)), dtype=bool)
        days = self._days(frame, observed_days)
        found = {name: np.full(len(days), np.nan) for name in self.stages[0].weights}
        for day in np.unique(days):
            here = np.flatnonzero(days == day)
            told = self._told(frame, embeddings, here, int(day), everything)
            for name, values in told.items():
                found.setdefault(name, np.full(len(days), np.nan))[here] = values[:, 0]
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

    def _asked(
        self, frame: "Frame", embeddings: Embeddings, rows: np.ndarray, day: int, masks: np.ndarray
    ) -> np.ndarray:
        told = self._told(frame, embeddings, rows, day, masks)
        weights = self.stages[day].weights
        found: np.ndarray = sum(weights[name] * values for name, values in told.items())  # type: ignore[assignment]
        return found

    def _told(
        self, frame: "Frame", embeddings: Embeddings, rows: np.ndarray, day: int, masks: np.ndarray
    ) -> dict[str, np.ndarray]:
        """Every part's predictions of ``rows`` under each mask, (rows, M)."""
        stage = self.stages[day]
        whole = len(rows) == len(frame.facts)
        part = frame if whole else frame.take(rows)
        vectors = embeddings if whole else {m: None if v is None else v[rows] for m, v in embeddings.items()}
        table = stage.design.table(part, vectors, day)
        told = _learnt(stage.learners, table, masks)
        if self.networks is not None and "networks" in stage.weights:
            told["networks"] = self.networks.coalitions(part, vectors, masks, day, self.baseline)
        return told

    def to_dict(self) -> dict[str, Any]:
        """What a person may want to know of the stack, as plain JSON values."""
        stages = {str(d): {"weights": s.weights, "folds": s.folds} for d, s in self.stages.items()}
        return {"config": asdict(self.config), "baseline": self.baseline, "stages": stages}

    def save(self, folder: Path) -> None:
        """Write the stack into ``folder``, which is made."""
        from mtaf_core.model.plus.stored import save

        save(self, folder)

    @classmethod
    def load(cls, folder: Path) -> "Plus":
        """Read what `save` wrote; raises `BadBundle` where it is not whole."""
        from mtaf_core.model.plus.stored import load

        return load(folder)


def _spans() -> list[tuple[float, float]]:
    return list(zip(_FOLDS, [*_FOLDS[1:], 1.0], strict=True))


def _learnt(learners: dict[str, Learner], table: Table, masks: np.ndarray) -> dict[str, np.ndarray]:
    """Predictions of every learner under each mask, (n, M), on the scale of the log score."""
    n, count = len(table.values), len(masks)
    kept = masks[:, table.modality]  # (M, columns)
    values = np.where(kept[None], table.values[:, None, :], np.nan).reshape(n * count, -1) if not kept.all() else None
    start = np.where(np.isfinite(table.anchor), table.anchor, 0.0)[:, None]
    told = {}
    for name, learner in learners.items():
        found = learner.predict(table.values if values is None else values)
        told[name] = np.broadcast_to(found.reshape(n, -1), (n, count)) + start
    return told


def _stage(
    frame: "Frame",
    embeddings: Embeddings,
    rows: np.ndarray,
    blocks: list[tuple[np.ndarray, np.ndarray]],
    practised: "list[Networks | None]",
    day: int,
    config: PlusConfig,
) -> Stage | None:
    """Fit the stack at ``day`` observed days; None where too few videos have one of them observed."""
    seen = frame.observed[:, :day].any(axis=1) if day else np.ones(len(frame.facts), dtype=bool)
    mine = rows[seen[rows]]
    if len(mine) < FEWEST:
        return None
    truth = np.log1p(frame.score)
    everything = np.ones((1, len(MODALITIES)), dtype=bool)
    foretold: dict[str, list[np.ndarray]] = {}
    wanted: list[np.ndarray] = []
    for (older, later), network in zip(blocks, practised, strict=True):
        older, later = older[seen[older]], later[seen[later]]
        if len(older) < FEWEST // 2 or len(later) == 0:
            continue
        design, learners = _fitted(frame, embeddings, older, truth, day, config, range(config.seed, config.seed + 1))
        part = frame.take(later)
        vectors = {m: None if v is None else v[later] for m, v in embeddings.items()}
        told = {n: v[:, 0] for n, v in _learnt(learners, design.table(part, vectors, day), everything).items()}
        if network is not None:
            told["networks"] = network.coalitions(part, vectors, everything, day, 0.0)[:, 0]
        for name, values in told.items():
            foretold.setdefault(name, []).append(values)
        wanted.append(truth[later])
    design, learners = _fitted(
        frame, embeddings, mine, truth, day, config, range(config.seed, config.seed + config.boosters)
    )
    names = [*learners, *(["networks"] if practised and practised[0] is not None else [])]
    if not wanted:
        return Stage(design, learners, dict.fromkeys(names, 1.0 / len(names)), {})
    told = {name: np.concatenate(values) for name, values in foretold.items()}
    answer = np.concatenate(wanted)
    weights = stack_weights(np.column_stack([told[name] for name in names]), answer)
    folds = {name: float(((told[name] - answer) ** 2).mean()) for name in names}
    folds["stack"] = float(((sum(w * told[n] for n, w in zip(names, weights, strict=True)) - answer) ** 2).mean())
    return Stage(design, learners, dict(zip(names, map(float, weights), strict=True)), folds)


def _fitted(
    frame: "Frame",
    embeddings: Embeddings,
    rows: np.ndarray,
    truth: np.ndarray,
    day: int,
    config: PlusConfig,
    seeds: range,
) -> tuple[Design, dict[str, Learner]]:
    design = Design.fit(frame, embeddings, rows)
    part = frame.take(rows)
    table = design.table(part, {m: None if v is None else v[rows] for m, v in embeddings.items()}, day)
    target = truth[rows] - np.where(np.isfinite(table.anchor), table.anchor, 0.0)
    everyone = np.arange(len(rows))
    rounds = config.rounds or (500 if day == 0 else 300)
    threads = 1 if len(rows) < _FEW else config.threads
    return design, {
        "boosted": Boosted.fit(table, everyone, target, seeds, rounds, threads),
        "linear": Linear.fit(table, everyone, target, CROSSED if day else ()),
        "process": Process.fit(table, everyone, target),
    }


def stack_weights(told: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Weights that sum to 1 and would have predicted ``truth`` best, drawn towards equal ones as by sixty more videos.

    Parameters
    ----------
    told : ndarray, (n, parts)
        What each part foretold.
    truth : ndarray, (n,)

    Returns
    -------
    ndarray, (parts,), float64, none negative
    """
    from scipy.optimize import nnls

    parts = told.shape[1]
    spread = float(np.sqrt(((told - truth[:, None]) ** 2).mean())) or 1.0
    pull = np.sqrt(_EQUAL_ROWS) * spread
    sure = 1e3 * np.sqrt(len(truth)) * spread
    # With weights that sum to 1 the error is the weighted sum of the parts' errors.
    errors = told - truth[:, None]
    left = np.vstack([errors, pull * np.eye(parts), np.full((1, parts), sure)])
    right = np.concatenate([np.zeros(len(truth)), np.full(parts, pull / parts), [sure]])
    weights, _ = nnls(left, right)
    return weights / weights.sum() if weights.sum() > 0 else np.full(parts, 1.0 / parts)
