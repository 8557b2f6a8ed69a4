"""MTAF+, the stack that the product forecasts with, as a row of the tables."""

from dataclasses import asdict, replace

import numpy as np

from mtaf_core.evaluation.task import Outcome, Report, Stopwatch, Task
from mtaf_core.jobs import Step
from mtaf_core.model.plus import Plus

LEVEL = 0.9


def mtaf_plus(task: Task, report: Report) -> Outcome:
    """The stack with all that it makes itself: features, several seeds, weights from folds of the training videos."""
    clock, k = Stopwatch(), task.observed_days
    config = replace(task.budget.stack, seed=task.seed)

    def progress(step: Step) -> None:
        # The networks of all folds come first and take about half of the time.
        done = step.done / max(step.total, 1)
        report(0.5 * done if step.stage == "networks" else 0.5 + 0.5 * done, step.note)

    stack = Plus.fit(
        task.train, task.train_vectors, np.arange(len(task.train)), observed_days=k, config=config, progress=progress
    )
    clock.fitted()
    found = stack.predict(task.test, task.test_vectors, k)
    clock.predicted()
    stages = stack.to_dict()["stages"]
    told = {**asdict(config), "weights": stages.get(str(k), stages["0"])["weights"]}
    return Outcome(found[None, :], clock.fit_s, clock.predict_s, told, stack.interval(found, k, LEVEL))
