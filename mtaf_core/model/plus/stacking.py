"""How the stack is fitted: every part on older videos foretells later ones, and that decides how much each counts.

The weights are those that would have predicted the later blocks of the training videos best, each block by parts fitted
on older videos alone (stacking, Wolpert 1992; non-negative, Breiman 1996), drawn towards equal shares. What the parts
got wrong on the latest of these blocks is how wide the ranges are.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mtaf_core.jobs import Progress, Step
from mtaf_core.model.config import TrainConfig
from mtaf_core.model.encoders import Embeddings, rows_of
from mtaf_core.model.plus.design import Design, Table, with_curve
from mtaf_core.model.plus.learners import Boosted, Learner, Linear, Process
from mtaf_core.model.plus.networks import Networks
from mtaf_core.schema import MODALITIES

if TYPE_CHECKING:
    from mtaf_core.data.frame import Frame

CROSSED = ("upload_hour", "last score", "last view_count", "growth favorite_count")
"""Columns whose products the linear model also sees once days are known: how old the video was at its first count, and
how fast it grew."""
FEWEST = 60
"""Videos a part is fitted on, at least."""
MANY = 8_000
"""From so many videos on one later block is enough to weigh the parts by."""
MOST_FORETOLD = 20_000
"""Videos that a measure is of, at most, evenly spaced: so many tell a mean squared error to about one percent."""
FEWEST_RESIDUALS = 200
"""Ranges are of the latest block; blocks before it are taken in where it has fewer videos.

Of so many, what a 90% range holds of later videos like them strays from 90% by two points (one standard deviation)."""
_CUTS_OF_FEW = (0.55, 0.7, 0.85, 1.0)
_CUTS_OF_MANY = (0.85, 1.0)
_EQUAL_ROWS = 60.0
_FEW = 5_000
_ROWS = 4_096
"""Rows that the parts are asked about at once, copies under masks among them: what bounds the memory of asking."""


@dataclass(frozen=True)
class PlusConfig:
    """How the stack is fitted.

    Parameters
    ----------
    seed : int, default 0
    networks, boosters : int, default 3, 2
        Seeds of each; no networks where it is 0. From 8,000 videos on the boosters have one seed.
    rounds : int, optional
        Of boosting; 500 before release where it is not given, 300 after it, and half of it from 8,000 videos on, where
        a round goes twice as far.
    threads : int, default 2
        Of boosters and linear algebra from 5,000 videos on, and one below; the same number gives the same trees.
    network : TrainConfig
        How each network is fitted, but for its seed.
    """

    seed: int = 0
    networks: int = 3
    boosters: int = 2
    rounds: int | None = None
    threads: int = 2
    network: TrainConfig = field(default_factory=lambda: TrainConfig(device="cpu"))

    def threads_for(self, videos: int) -> int:
        """Processor threads worth taking for so many videos."""
        return 1 if videos < _FEW else self.threads


class Stage(NamedTuple):
    """The stack at one number of observed days."""

    learners: dict[str, Learner]
    weights: dict[str, float]  # of every part, networks included; they sum to 1
    folds: dict[str, float]  # mean squared error of each part, and of "stack", on the later blocks
    residuals: np.ndarray  # (m,), true minus foretold log scores of the latest blocks, ascending


@dataclass(frozen=True)
class Fold:
    """Videos to learn from and later ones to foretell, laid out once for every number of days.

    Parameters
    ----------
    older, later : ndarray of int
        Rows of the frame, oldest first.
    design : Design
        Learnt from ``older``.
    learnt, foretold : Table
        Of ``older`` and ``later`` before release.
    networks : Networks or None
        Fitted on ``older``.
    """

    older: np.ndarray
    later: np.ndarray
    design: Design
    learnt: Table
    foretold: Table
    networks: Networks | None

    @classmethod
    def fit(
        cls,
        frame: "Frame",
        embeddings: Embeddings,
        older: np.ndarray,
        later: np.ndarray,
        networks: Networks | None,
        most: int,
    ) -> "Fold":
        """Lay out the latest ``most`` of the older videos, and what they foretell; KOLs are remembered by all."""
        remembered, older = older, older[-most:]
        later = spaced(later, MOST_FORETOLD)
        design = Design.fit(frame, embeddings, older, remembered=remembered)
        learnt, foretold = (
            design.before_release(frame.take(rows), rows_of(embeddings, rows)) for rows in (older, later)
        )
        return cls(older, later, design, learnt, foretold, networks)


def spaced(rows: np.ndarray, most: int) -> np.ndarray:
    """At most so many of ``rows``, evenly spaced."""
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).astype(int)]


def cuts(rows: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Older and later blocks of ``rows``, which are oldest first; each later block ends where the next begins."""
    shares = _CUTS_OF_FEW if len(rows) < MANY else _CUTS_OF_MANY
    places = [int(share * len(rows)) for share in shares]
    return [(rows[:a], rows[a:b]) for a, b in pairwise(places)]


def fit_networks(
    frame: "Frame",
    embeddings: Embeddings,
    rows: np.ndarray,
    blocks: list[tuple[np.ndarray, np.ndarray]],
    config: PlusConfig,
    progress: Progress,
    shelf: Path | None,
) -> tuple[Networks | None, list[Networks | None]]:
    """The networks of the whole, and one for each block that foretells it; none where the config wants none."""
    if not config.networks:
        return None, [None] * len(blocks)
    total = config.networks + len(blocks)

    def reporting(done: int) -> Progress:
        def report(step: Step) -> None:
            progress(Step("networks", done, total, f"network {done + 1} of {total}, {step.note}"))

        return report

    whole = Networks.fit(frame, embeddings, rows, config, config.networks, reporting, shelf and shelf / "networks")
    practised: list[Networks | None] = []
    for number, (older, _) in enumerate(blocks):
        done = config.networks + number
        place = shelf and shelf / f"practice-{number}"
        practised.append(
            Networks.fit(frame, embeddings, older, config, 1, lambda i, d=done: reporting(d + i), place)  # type: ignore[misc]
        )
    progress(Step("networks", total, total))
    return whole, practised


def fit_stage(
    frame: "Frame",
    whole: Fold,
    folds: list[Fold],
    vectors: Embeddings,
    day: int,
    config: PlusConfig,
) -> Stage | None:
    """Fit the stack at ``day`` observed days; None where too few videos have one of them observed."""
    truth = np.log1p(frame.score)
    seen = _seen(frame, day)
    if seen[whole.older].sum() < FEWEST:
        return None
    foretold: list[dict[str, np.ndarray]] = []
    wanted: list[np.ndarray] = []
    for fold in folds:
        if seen[fold.older].sum() < FEWEST // 2 or not seen[fold.later].any():
            continue
        foretold.append(_foretell(frame, fold, vectors, truth, seen, day, config))
        wanted.append(truth[fold.later[seen[fold.later]]])
    learners = _learners(frame, whole, truth, seen, day, config, config.boosters if len(whole.older) < MANY else 1)
    names = [*learners, *(["networks"] if whole.networks is not None else [])]
    if not wanted:
        return Stage(learners, dict.fromkeys(names, 1.0 / len(names)), {}, np.zeros(0))
    tables = [np.column_stack([told[name] for name in names]) for told in foretold]
    together, answer = np.concatenate(tables), np.concatenate(wanted)
    weights = stack_weights(together, answer)
    errors = {name: float(((together[:, i] - answer) ** 2).mean()) for i, name in enumerate(names)}
    errors["stack"] = float(((together @ weights - answer) ** 2).mean())
    return Stage(learners, dict(zip(names, map(float, weights), strict=True)), errors, _residuals(tables, wanted))


def learnt(learners: dict[str, Learner], table: Table, masks: np.ndarray) -> dict[str, np.ndarray]:
    """Predictions of every learner under each mask of modalities, (n, M), on the scale of the log score."""
    n, count = len(table.values), len(masks)
    kept = masks[:, table.modality]  # (M, columns)
    start = np.where(np.isfinite(table.anchor), table.anchor, 0.0)[:, None]
    found = {name: np.empty((n, count)) for name in learners}
    step = max(1, _ROWS // count)
    for first in range(0, n, step):
        rows = slice(first, first + step)
        values = table.values[rows]
        size = len(values)
        if not kept.all():
            values = np.where(kept[None], values[:, None, :], np.nan).reshape(size * count, -1)
        for name, learner in learners.items():
            found[name][rows] = learner.predict(values).reshape(size, -1) + start[rows]
    return found


def left(table: Table, masks: np.ndarray) -> np.ndarray:
    """Whether each mask keeps anything that a video has, (n, M) bool."""
    known = np.isfinite(table.values)
    has = np.stack([known[:, table.modality == index].any(axis=1) for index in range(len(MODALITIES))], axis=1)
    found: np.ndarray = (has[:, None, :] & masks).any(axis=2)
    return found


def stack_weights(told: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Weights that sum to 1 and would have predicted ``truth`` best, drawn towards equal ones as by sixty more videos.

    Those sixty are as far off as the best part is.

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
    # With weights that sum to 1 the error is the weighted sum of the parts' errors.
    errors = told - truth[:, None]
    each = np.sqrt((errors**2).mean(axis=0))
    # A part far off must not hold the good ones to equal shares.
    pull = np.sqrt(_EQUAL_ROWS) * float(each.min() or each.max() or 1.0)
    sure = 1e3 * np.sqrt(len(truth)) * float(each.max() or 1.0)
    left = np.vstack([errors, pull * np.eye(parts), np.full((1, parts), sure)])
    right = np.concatenate([np.zeros(len(truth)), np.full(parts, pull / parts), [sure]])
    weights, _ = nnls(left, right)
    return weights / weights.sum() if weights.sum() > 0 else np.full(parts, 1.0 / parts)


def _foretell(
    frame: "Frame", fold: Fold, vectors: Embeddings, truth: np.ndarray, seen: np.ndarray, day: int, config: PlusConfig
) -> dict[str, np.ndarray]:
    """What parts fitted on the fold's older videos say of its later ones, (m,) each."""
    learners = _learners(frame, fold, truth, seen, day, config, 1)
    here = seen[fold.later]
    later = fold.later[here]
    part = frame.take(later)
    everything = np.ones((1, len(MODALITIES)), dtype=bool)
    told = {
        n: v[:, 0] for n, v in learnt(learners, with_curve(_taken(fold.foretold, here), part, day), everything).items()
    }
    if fold.networks is not None:
        told["networks"] = fold.networks.coalitions(part, rows_of(vectors, later), everything, day, 0.0)[:, 0]
    return told


def _learners(
    frame: "Frame", fold: Fold, truth: np.ndarray, seen: np.ndarray, day: int, config: PlusConfig, boosters: int
) -> dict[str, Learner]:
    here = seen[fold.older]
    rows = fold.older[here]
    table = with_curve(_taken(fold.learnt, here), frame.take(rows), day)
    target = truth[rows] - np.where(np.isfinite(table.anchor), table.anchor, 0.0)
    everyone = np.arange(len(rows))
    many = len(rows) >= MANY
    rounds = config.rounds or ((500 if day == 0 else 300) // (2 if many else 1))
    threads = config.threads_for(len(rows))
    seeds = range(config.seed, config.seed + boosters)
    return {
        "boosted": Boosted.fit(table, everyone, target, seeds, rounds, threads, 0.04 if many else 0.02),
        "linear": Linear.fit(table, everyone, target, CROSSED if day else ()),
        "process": Process.fit(table, everyone, target),
    }


def _seen(frame: "Frame", day: int) -> np.ndarray:
    """Whether any of the first ``day`` days was observed of each video; all videos before release."""
    if day == 0:
        return np.ones(len(frame.observed), dtype=bool)
    found: np.ndarray = np.logical_or.reduce(frame.observed[:, :day], axis=1)
    return found


def _taken(table: Table, rows: np.ndarray) -> Table:
    return table._replace(values=table.values[rows], anchor=table.anchor[rows])


def _residuals(tables: list[np.ndarray], wanted: list[np.ndarray]) -> np.ndarray:
    """True minus foretold log scores of the latest blocks, each by weights that the blocks before it would give.

    The first block has none before it and takes those of the blocks after it.
    """
    found: list[np.ndarray] = []
    for number in range(len(tables) - 1, -1, -1):
        before = slice(0, number) if number else slice(1, None)
        others = tables[before]
        parts = tables[number].shape[1]
        weights = (
            stack_weights(np.concatenate(others), np.concatenate(wanted[before]))
            if others
            else np.full(parts, 1.0 / parts)
        )
        found.append(wanted[number] - tables[number] @ weights)
        if sum(map(len, found)) >= FEWEST_RESIDUALS:
            break
    return np.sort(np.concatenate(found))
