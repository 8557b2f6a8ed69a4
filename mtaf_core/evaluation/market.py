"""An evaluation of a whole workspace, kept in it: one call for the command line and for pages."""

from typing import Any

from mtaf_core.evaluation import results
from mtaf_core.evaluation.methods import chosen
from mtaf_core.evaluation.protocol import Settings, run
from mtaf_core.evaluation.task import Budget
from mtaf_core.jobs import Progress, silent
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
