"""An evaluation of a whole workspace, kept in it: one call for the command line and for pages."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mtaf_core.evaluation import results
from mtaf_core.evaluation.methods import chosen
from mtaf_core.evaluation.protocol import Settings, run
from mtaf_core.evaluation.task import Budget
from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.pipeline import market_evidence
from mtaf_core.workspace import Workspace


def evaluate_market(
    workspace: Workspace, settings: Settings, budget: Budget | None = None, progress: Progress = silent
) -> dict[str, Any]:
    """Measure every method on a workspace's market and keep what came out.

    Parameters
    ----------
    workspace : Workspace
    settings : Settings
    budget : Budget, optional
    progress : Progress
        May raise `Cancelled`; then nothing is kept.

    Returns
    -------
    dict
        The document of ``evaluate --json``: `protocol.run`'s, with its ``id`` and the ``data`` it is of.

    Raises
    ------
    BadInput
        If a setting cannot be, or too few videos fall on a side of the split.
    BadWorkspace
        If a table is damaged, or the workspace cannot be written.
    """
    chosen(settings.methods, settings.observed_days, settings.ablate)  # a wrong name is told before the market is read
    frame, vectors, profile, backbones = market_evidence(workspace)
    evaluation = run(frame, vectors, settings, budget, progress)
    evaluation.document["data"] = {
        "market": workspace.info.name,
        "simulated": workspace.info.simulated,
        "version": workspace.store.version,
        "profile": profile,
        "backbones": {m.value: name for m, name in backbones.items()},
    }
    return {"id": results.save(workspace, evaluation), **evaluation.document}


def evaluate_days(
    workspace: Workspace,
    settings: Settings,
    days: Sequence[int],
    budget: Budget | None = None,
    progress: Progress = silent,
) -> list[str]:
    """Measure before release and with days observed, one after another; each is kept as soon as it is done.

    Parameters
    ----------
    workspace : Workspace
    settings : Settings
        Its ``observed_days`` is not asked.
    days : sequence of int
        Numbers of observed days.
    budget : Budget, optional
    progress : Progress
        Told the share of all of them, with the method and no other words: ``"MTAF 2/3"``, with the day where there are
        several. May raise `Cancelled`; what was kept before stays.

    Returns
    -------
    list of str
        Their ids.

    Raises
    ------
    BadInput, BadWorkspace
        As `evaluate_market`.
    """
    parts = 2 if settings.learning_curve else 1
    found = []
    for number, day in enumerate(days):
        prefix = f"k = {day} · " if len(days) > 1 else ""
        told = _together(progress, number * parts, len(days) * parts, prefix)
        document = evaluate_market(workspace, replace(settings, observed_days=day), budget, told)
        found.append(document["id"])
    return found


def _together(progress: Progress, part: int, parts: int, prefix: str) -> Progress:
    """Reports of one part of ``parts`` as shares of them all; the learning curve, which starts from 0, is the next."""
    state = {"part": part, "last": 0.0}

    def report(step: Step) -> None:
        done = step.done / step.total if step.total else 0.0
        if done < state["last"] - 0.5:
            state["part"] += 1
        state["last"] = done
        whole = min((state["part"] + done) / parts, 1.0)
        progress(Step(step.stage, round(1000 * whole), 1000, prefix + _in_short(step.note)))

    return report


def _in_short(note: str) -> str:
    """The method and which of its seeds: what needs no translation."""
    method = re.split(r": |, about ", note, maxsplit=1)[0].replace(" on ", " · ")
    seed = re.search(r"seed (\d+) of (\d+)", note)
    return f"{method} {seed[1]}/{seed[2]}" if seed else method
