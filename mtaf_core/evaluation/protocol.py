"""The protocol: cut a market, run every method on the same task, measure what each foretold, and keep it all."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mtaf_core import __version__
from mtaf_core.data.frame import tiers
from mtaf_core.errors import BadInput
from mtaf_core.evaluation import bootstrap, diagnostics
from mtaf_core.evaluation.methods import Method, chosen
from mtaf_core.evaluation.splits import TRAIN_FRACTION, Split, SplitName, cut
from mtaf_core.evaluation.stack import LEVEL
from mtaf_core.evaluation.task import Budget, NotHere, Outcome, Report, Task
from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.model.metrics import interval_card, scorecard
from mtaf_core.model.plus.memory import uploader_keys

if TYPE_CHECKING:
    from mtaf_core.data.frame import Frame
    from mtaf_core.model.encoders import Embeddings

CURVE_SHARES = (0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True)
class Settings:
    """What to evaluate.

    Parameters
    ----------
    split, train_fraction, split_at, embargo
        See `mtaf_core.evaluation.splits.cut`.
    observed_days : int, default 0
        Days of counts that a forecast may see; 0 is before release.
    methods : str or sequence of str, default "all"
        See `mtaf_core.evaluation.methods.chosen`.
    ablate : bool, default False
        Table 3: without each modality, masked and trained again.
    learning_curve : bool, default False
        MTAF+ and the best tree on the latest 20, 40, 60, 80 and 100% of the training videos. The latest are kept, as
        in a market that began to be watched later; the test videos stay the same.
    seed : int, default 0
        Of the split, of the methods (networks take this and the next ones), and of the bootstrap.
    """

    split: SplitName = "temporal"
    train_fraction: float = TRAIN_FRACTION
    split_at: datetime | None = None
    embargo: bool = False
    observed_days: int = 0
    methods: str | Sequence[str] = "all"
    ablate: bool = False
    learning_curve: bool = False
    seed: int = 0


@dataclass(frozen=True)
class Evaluation:
    """What came out.

    Parameters
    ----------
    document : dict
        What ``evaluate --json`` answers.
    videos : DataFrame, a row a test video
        ``platform``, ``video_id``, ``created_at``, ``tier``, ``uploader_seen``, ``truth`` and a column a method of
        `PREDICTED` that was run, all log scores; ``low`` and ``high`` of MTAF+ on the natural scale.
    """

    document: dict[str, Any]
    videos: pd.DataFrame


def run(
    frame: "Frame",
    vectors: "Embeddings",
    settings: Settings,
    budget: Budget | None = None,
    progress: Progress = silent,
) -> Evaluation:
    """Evaluate methods on a market.

    Parameters
    ----------
    frame : Frame
    vectors : dict of Modality to ndarray or None
    settings : Settings
    budget : Budget, optional
    progress : Progress
        Told the share done and the time left; may raise `Cancelled`.

    Raises
    ------
    BadInput
        If a setting cannot be, or too few videos fall on a side of the split.
    """
    if not 0 <= settings.observed_days < frame.horizon_day:
        raise BadInput(
            f"--observed-days is {settings.observed_days}; give a day from 0 (before release) to "
            f"{frame.horizon_day - 1}."
        )
    if not 0 <= settings.seed < 2**31:
        raise BadInput("--seed is out of range; give a whole number from 0 to 2147483647.")
    budget = budget or Budget()
    k = settings.observed_days
    methods = chosen(settings.methods, k, settings.ablate)
    split = cut(frame, settings.split, settings.train_fraction, settings.split_at, k, settings.embargo, settings.seed)
    task = Task.of(frame, vectors, split, k, settings.seed, budget)
    outcomes, skipped = _outcomes(task, methods, settings, progress)
    truth = np.log1p(frame.score[split.test])
    counts = bootstrap.resampled_counts(len(truth), budget.resamples, settings.seed)
    rows = [_measured(method, outcomes[method.name], truth, counts) for method in methods if method.name in outcomes]
    videos = _videos(frame, split, truth, outcomes, rows)
    document = {
        **_described(frame, split, settings, task, budget),
        "rows": rows,
        "interval": _interval(videos),
        "skipped": skipped,
        "comparison": _comparison(outcomes, rows, truth, counts),
    }
    if settings.learning_curve:
        document["learning_curve"] = _curve(task, methods, rows, truth, progress)
    return Evaluation(document, videos)


class Clock:
    """Tells the share of all work done, and the time left at the pace so far."""

    def __init__(self, costs: dict[str, float], progress: Progress) -> None:
        self.costs = costs
        self.progress = progress
        self.done = 0.0
        self.started = time.monotonic()

    def report(self, name: str) -> Report:
        """What a method reports to."""

        def told(share: float, note: str) -> None:
            total = sum(self.costs.values())
            done = self.done + self.costs[name] * min(max(share, 0.0), 1.0)
            spent = time.monotonic() - self.started
            left = f", about {_duration(spent * (total - done) / done)} left" if spent > 5 and done > 0 else ""
            words = f"{name}: {note}" if note else name
            self.progress(Step("evaluate", round(100 * done / total), 100, f"{words}{left}"))

        return told

    def finished(self, name: str) -> None:
        self.done += self.costs[name]


def _outcomes(
    task: Task, methods: list[Method], settings: Settings, progress: Progress
) -> tuple[dict[str, Outcome], list[dict[str, str]]]:
    clock = Clock({method.name: method.cost for method in methods}, progress)
    outcomes: dict[str, Outcome] = {}
    skipped: list[dict[str, str]] = []
    # MTAF's networks are fitted before anything masks them, so that their time is counted where it belongs.
    for method in sorted(methods, key=lambda one: one.family == "ablation"):
        report = clock.report(method.name)
        reason = method.why_not(settings.observed_days)
        if reason is None:
            report(0.0, "")
            try:
                outcomes[method.name] = method.run(task, report)
            except NotHere as error:
                reason = str(error)
        if reason is not None:
            skipped.append({"method": method.name, "why": reason})
        clock.finished(method.name)
    if not outcomes:
        raise BadInput(f"No method asked for applies: {skipped[0]['method']}: {skipped[0]['why']}")
    return outcomes, skipped


def _measured(method: Method, outcome: Outcome, truth: np.ndarray, counts: np.ndarray) -> dict[str, Any]:
    row: dict[str, Any] = {
        "method": method.name,
        **_means(outcome.predicted, truth),
        "seconds": outcome.fit_s + outcome.predict_s,
        "fit_s": outcome.fit_s,
        "predict_s": outcome.predict_s,
        "family": method.family,
        "ci95": bootstrap.intervals(truth, outcome.predicted, counts),
        "settings": outcome.settings,
    }
    if len(outcome.predicted) > 1:
        row["seeds"] = _spread(outcome.predicted, truth)
    if outcome.retrained is not None:
        row["retrained"] = {
            **_means(outcome.retrained, truth),
            "ci95": bootstrap.intervals(truth, outcome.retrained, counts),
            "seeds": _spread(outcome.retrained, truth),
        }
    return row


def _means(predicted: np.ndarray, truth: np.ndarray) -> dict[str, float | None]:
    """The mean over seeds of every measure; None where one is not defined."""
    cards = [scorecard(truth, one) for one in predicted]
    return {name: _mean([card[name] for card in cards]) for name in cards[0]}


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if len(known) == len(values) else None


def _spread(predicted: np.ndarray, truth: np.ndarray) -> dict[str, Any]:
    """How far seeds differ: the standard deviation of each measure, and of their average forecast every measure."""
    cards = [scorecard(truth, one) for one in predicted]
    deviations = {}
    for name in cards[0]:
        known = [value for card in cards if (value := card[name]) is not None]
        deviations[name] = float(np.std(known, ddof=1)) if len(known) > 1 else None
    return {"count": len(predicted), "sd": deviations, "of_their_mean": scorecard(truth, predicted.mean(axis=0))}


def _videos(
    frame: "Frame", split: Split, truth: np.ndarray, outcomes: dict[str, Outcome], rows: list[dict[str, Any]]
) -> pd.DataFrame:
    facts = frame.facts.iloc[split.test]
    known = {key for key in uploader_keys(frame.facts.iloc[split.train]) if key is not None}
    followers = facts["uploader_follower"].to_numpy(dtype=np.float64, na_value=np.nan)
    table = pd.DataFrame(
        {
            "platform": facts["platform"].to_numpy(object),
            "video_id": facts["video_id"].to_numpy(object),
            "created_at": facts["created_at"].to_numpy(),
            "tier": tiers(followers),
            "uploader_seen": [key in known for key in uploader_keys(facts)],
            "truth": truth,
        }
    )
    trees = [row for row in rows if row["family"] == "tree"]
    best = min(trees, key=lambda row: row["MSE"])["method"] if trees else None
    for name in ("MTAF", "MTAF+", best):
        if name in outcomes:
            table[name] = outcomes[name].predicted.mean(axis=0)
    ranged = outcomes["MTAF+"].interval if "MTAF+" in outcomes else None
    table["low"], table["high"] = ranged if ranged is not None else (np.nan, np.nan)
    return table


def _interval(videos: pd.DataFrame) -> dict[str, Any]:
    if videos["low"].isna().all():
        return {"level": LEVEL, "coverage": None, "mean_width": None, "of": None}
    low, high = videos["low"].to_numpy(), videos["high"].to_numpy()
    return {
        **interval_card(np.expm1(videos["truth"].to_numpy()), low, high, LEVEL),
        "of": "MTAF+",
        **diagnostics.coverage(videos),
    }


def _comparison(
    outcomes: dict[str, Outcome], rows: list[dict[str, Any]], truth: np.ndarray, counts: np.ndarray
) -> dict[str, Any] | None:
    """MTAF+ against the best of the other rows, on the same resamples."""
    others = [row for row in rows if row["family"] not in ("stack", "ablation")]
    if "MTAF+" not in outcomes or not others:
        return None
    best = min(others, key=lambda row: row["MSE"])["method"]
    gap = bootstrap.difference(truth, outcomes["MTAF+"].predicted, outcomes[best].predicted, counts)
    return {"method": "MTAF+", "best_other": best, "MSE": gap}


def _described(frame: "Frame", split: Split, settings: Settings, task: Task, budget: Budget) -> dict[str, Any]:
    times = frame.facts["created_at"]
    return {
        "split": settings.split,
        "n_train": len(split.train),
        "n_test": len(split.test),
        "observed_days": settings.observed_days,
        "horizon_day": frame.horizon_day,
        "n_train_seen": len(task.seen),
        "train_fraction": None if settings.split_at else settings.train_fraction,
        "split_at": datetime.fromtimestamp(split.boundary, UTC).isoformat() if settings.split == "temporal" else None,
        "known_later": split.known_later,
        "embargoed": split.embargoed,
        "train_from": times.iloc[split.train[0]].isoformat(),
        "test_to": times.iloc[split.test[-1]].isoformat(),
        "seed": settings.seed,
        "ablate": settings.ablate,
        "resamples": budget.resamples,
        "version": __version__,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _curve(
    task: Task, methods: list[Method], rows: list[dict[str, Any]], truth: np.ndarray, progress: Progress
) -> list[dict[str, Any]]:
    from mtaf_core.evaluation.methods import METHODS

    trees = [row for row in rows if row["family"] == "tree"]
    names = ["MTAF+", min(trees, key=lambda row: row["MSE"])["method"] if trees else "LGBM"]
    run = {row["method"]: row for row in rows}
    costs = {f"{name} on {s:.0%}": METHODS[name].cost * s for s in CURVE_SHARES for name in names}
    clock, found = Clock(costs, progress), []
    for share in CURVE_SHARES:
        lesser = task if share == 1.0 else task.latest(share)
        point: dict[str, Any] = {"share": share, "n_train": len(lesser.train), "methods": {}}
        for name in names:
            label = f"{name} on {share:.0%}"
            if share == 1.0 and name in run:
                point["methods"][name] = {measure: run[name][measure] for measure in bootstrap.MEASURES}
            elif len(lesser.seen) >= _FEWEST_CURVE:
                found_here: Callable[..., Outcome] = METHODS[name].run
                point["methods"][name] = _means(found_here(lesser, clock.report(label)).predicted, truth)
            clock.finished(label)
        found.append(point)
    return found


_FEWEST_CURVE = 60


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
