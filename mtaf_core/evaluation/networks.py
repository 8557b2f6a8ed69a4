"""The paper's network as rows of the tables: MTAF, MTAF-Att, and MTAF with a modality taken away (Table 3).

A modality is taken away twice over: *masked*, as the paper does, when the vectors of a network that knew it are fused;
and *retrained*, in networks that never had it. Masking says how much this network leans on a modality, retraining how
much the modality adds.
"""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import torch

from mtaf_core.evaluation.task import Outcome, Report, Stopwatch, Task
from mtaf_core.jobs import Step
from mtaf_core.model.config import TrainConfig
from mtaf_core.model.encoders import Preprocessor
from mtaf_core.model.fitting import Material, coalition_scores, fit_network, predict_at
from mtaf_core.model.mtaf import MTAF
from mtaf_core.schema import MODALITIES, Modality
from mtaf_core.threads import one_thread

STOP_SHARE = 0.12
"""The latest share of the training videos, which chooses the epoch."""
LETTERS: dict[str, Modality] = {
    "N": Modality.CONTENT_AGNOSTIC,
    "T": Modality.TEXT,
    "A": Modality.AUDIO,
    "V": Modality.VISUAL,
    "S": Modality.TEMPORAL,
}
"""The paper's letters of the modalities (section 3.2)."""
_TEMPORAL = MODALITIES.index(Modality.TEMPORAL)


class Encoded(NamedTuple):
    """Both sides of a task as the networks read them."""

    preprocessor: Preprocessor
    train: Material
    test: Material
    cut: int  # training rows from here on choose the epoch


def encoded(task: Task) -> Encoded:
    """Encode a task once; scales and vocabularies are learnt from the rows that weights are fitted on."""
    if "encoded" not in task.kept:
        cut = len(task.train) - max(1, round(STOP_SHARE * len(task.train)))
        older = {m: None if v is None else v[:cut] for m, v in task.train_vectors.items()}
        preprocessor = Preprocessor.fit(task.train.take(np.arange(cut)), older)
        train = Material.encode(preprocessor, task.train, task.train_vectors)
        test = Material.encode(preprocessor, task.test, task.test_vectors)
        task.kept["encoded"] = Encoded(preprocessor, train, test, cut)
    found: Encoded = task.kept["encoded"]
    return found


def mtaf(task: Task, report: Report) -> Outcome:
    """The paper's network, each seed measured on its own."""
    return _row(task, report, uniform=False)


def mtaf_att(task: Task, report: Report) -> Outcome:
    """The same without attention: every modality weighs alike (the paper's MTAF-Att)."""
    return _row(task, report, uniform=True)


def without(letter: str, task: Task, report: Report, retrain: bool) -> Outcome:
    """MTAF without a modality: masked, and retrained as well where asked.

    Parameters
    ----------
    letter : {"N", "T", "A", "V", "S"}
    task : Task
    report : Report
    retrain : bool
    """
    kept = np.array([m is not LETTERS[letter] for m in MODALITIES])
    share = 0.5 if retrain else 1.0
    clock = Stopwatch()
    networks = _networks(task, _config(task), lambda done, note: report(done * share, note))
    clock.fitted()  # at once where the row MTAF has fitted them already
    told = {"masked": f"{letter} taken away where the vectors of MTAF's networks are fused"}
    everyone = torch.arange(len(task.test))
    with torch.inference_mode(), one_thread():
        evidence = encoded(task).test.at(everyone, torch.full_like(everyone, task.observed_days))
        masks = torch.from_numpy(kept)[None, :]
        masked = [coalition_scores(network, evidence, masks, float(task.truth.mean()))[:, 0] for network in networks]
    clock.predicted()
    found = torch.stack(masked).numpy()
    if not retrain:
        return Outcome(found, clock.fit_s, clock.predict_s, told)
    again = Stopwatch()
    retrained = _retrained(task, kept, lambda done, note: report(0.5 + done / 2, note))
    again.fitted()
    told["retrained"] = f"{len(retrained)} networks that never had {letter}"
    return Outcome(found, clock.fit_s + again.fit_s, clock.predict_s, told, retrained=retrained)


def _row(task: Task, report: Report, uniform: bool) -> Outcome:
    clock, config = Stopwatch(), _config(task, uniform)
    networks = _networks(task, config, report)
    clock.fitted()
    found = _asked(networks, encoded(task).test, np.arange(len(task.test)), task.observed_days)
    clock.predicted()
    return Outcome(found, clock.fit_s, clock.predict_s, _told(task, config))


def _networks(task: Task, config: TrainConfig, report: Report) -> list[MTAF]:
    """One network a seed, learnt from the videos that have a day to see; kept for the rows that mask them."""
    key = f"networks {config.uniform_attention}"
    if key not in task.kept:
        task.kept[key] = _fitted(task, config, encoded(task).train, task.seen, report)
    found: list[MTAF] = task.kept[key]
    return found


def _fitted(task: Task, config: TrainConfig, material: Material, rows: np.ndarray, report: Report) -> list[MTAF]:
    ready = encoded(task)
    fit, stop = (torch.from_numpy(rows[part]) for part in (rows < ready.cut, rows >= ready.cut))
    shape = config.network(ready.preprocessor)
    found = []
    for number, seed in enumerate(task.seeds):
        schedule = replace(config, seed=seed).schedule(len(fit))

        def progress(step: Step, number: int = number, twice: bool = schedule.refit) -> None:
            share = step.done / max(step.total, 1)
            if twice:  # the search for the epoch, and then the fitting on everything
                share = (share + (step.stage == "refit")) / 2
            report((number + share) / len(task.seeds), f"seed {number + 1} of {len(task.seeds)}, {step.note}")

        found.append(fit_network(shape, material, fit, stop, schedule, progress))
    return found


def _retrained(task: Task, kept: np.ndarray, report: Report) -> np.ndarray:
    """Predictions, (seeds, n_test), of networks that never had the modalities not ``kept``.

    Before release a video must have something else to go by to be learnt from; a test video that has nothing at all is
    expected to be as the mean.
    """
    ready = encoded(task)
    train, test = _lacking(ready.train, kept), _lacking(ready.test, kept)
    something = train.evidence.present.clone()
    something[:, _TEMPORAL] = False
    rows = np.flatnonzero(something.any(dim=1).numpy())
    found = np.full((len(task.seeds), len(task.test)), float(task.truth.mean()))
    if not (rows < ready.cut).any() or not (rows >= ready.cut).any():
        return found
    networks = _fitted(task, _config(task), train, rows, report)
    everyone = torch.arange(len(task.test))
    shown = test.at(everyone, torch.full_like(everyone, task.observed_days)).present.any(dim=1)
    told = np.flatnonzero(shown.numpy())
    if len(told):
        found[:, told] = _asked(networks, test, told, task.observed_days)
    return found


def _lacking(material: Material, kept: np.ndarray) -> Material:
    """The same videos as if they had never had the modalities not ``kept``."""
    lesser = replace(material, evidence=material.evidence.keeping(torch.from_numpy(kept)))
    if kept[_TEMPORAL]:
        return lesser
    blank = torch.zeros_like(material.days)
    return replace(lesser, days=blank, anchor_day=blank, anchor_score=torch.zeros_like(material.anchor_score))


def _asked(networks: list[MTAF], material: Material, rows: np.ndarray, observed_days: int) -> np.ndarray:
    asked = torch.from_numpy(rows)
    return np.stack([predict_at(network, material, asked, observed_days).double().numpy() for network in networks])


def _config(task: Task, uniform: bool = False) -> TrainConfig:
    return replace(
        task.budget.training,
        horizon_day=task.train.horizon_day,
        uniform_attention=uniform,
        seed=task.seed,
        observed_days=task.observed_days,
    )


def _told(task: Task, config: TrainConfig) -> dict[str, Any]:
    return {
        "seeds": task.seeds,
        "epochs_at_most": config.schedule(len(task.train)).epochs,
        "patience": config.schedule(len(task.train)).patience,
        "epoch_chosen_on": f"latest {STOP_SHARE:.0%} of the training videos",
        "learning_rate": config.learning_rate,
        "weight_decay": config.weight_decay,
        "width": config.width,
        "fusion": config.fusion,
    }
