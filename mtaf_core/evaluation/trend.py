"""What the early counts alone foretell: nothing more, the usual growth, or a model of the growth still to come.

Early popularity dwarfs the choice of a model once it is known, so that these stand beside every neural number.
"""

from typing import TYPE_CHECKING

import numpy as np

from mtaf_core.evaluation.tabular import inputs, lightgbm_model
from mtaf_core.evaluation.task import Outcome, Report, Stopwatch, Task
from mtaf_core.model.encoders import daily_log_scores
from mtaf_core.model.plus.learners import Linear

if TYPE_CHECKING:
    from mtaf_core.data.frame import Frame

_FEWEST = 5


def persistence(task: Task, report: Report) -> Outcome:
    """The last known log score."""
    clock = Stopwatch()
    clock.fitted()
    _, last = last_known(task.test, task.observed_days)
    clock.predicted()
    return Outcome(last[None, :], clock.fit_s, clock.predict_s, {"model": "the last known score"})


def persistence_growth(task: Task, report: Report) -> Outcome:
    """The last known log score, plus the training videos' mean growth from that day to the horizon."""
    clock = Stopwatch()
    days, scores = last_known(task.train, task.observed_days)
    grown = task.truth - scores
    everyone = float(grown[task.seen].mean())
    by_day = np.full(task.observed_days + 1, everyone)
    for day in range(1, task.observed_days + 1):
        there = days == day
        if there.sum() >= _FEWEST:
            by_day[day] = grown[there].mean()
    clock.fitted()
    days, scores = last_known(task.test, task.observed_days)
    found = scores + by_day[days]
    clock.predicted()
    told = {"model": "the last known score plus the mean growth from its day on"}
    return Outcome(found[None, :], clock.fit_s, clock.predict_s, told)


def ridge_residual(task: Task, report: Report) -> Outcome:
    """Ridge regression of the growth over the last known score on the whole table; penalty by leave-one-out."""
    clock, train, test = Stopwatch(task.features.seconds), task.features.train, task.features.test
    model = Linear.fit(train, task.seen, task.truth[task.seen] - train.anchor[task.seen])
    clock.fitted()
    found = model.predict(test.values) + test.anchor
    clock.predicted()
    told = {"model": "sklearn.linear_model.RidgeCV, 16 penalties, of the growth over the last known score"}
    return Outcome(found[None, :], clock.fit_s, clock.predict_s, told)


def lgbm_residual(task: Task, report: Report) -> Outcome:
    """LightGBM (its defaults) of the growth over the last known score."""
    clock, given = Stopwatch(task.features.seconds), inputs(task)
    anchor = task.features.train.anchor[task.seen]
    model = lightgbm_model(given.train, given.truth - anchor, given.categorical, task)
    clock.fitted()
    found = model.predict(given.test) + task.features.test.anchor
    clock.predicted()
    told = {"model": "lightgbm.LGBMRegressor(), 100 rounds, of the growth over the last known score"}
    return Outcome(found[None, :], clock.fit_s, clock.predict_s, told)


def last_known(frame: "Frame", observed_days: int) -> tuple[np.ndarray, np.ndarray]:
    """The last known day up to ``observed_days``, (n,) int, 0 where none is; and its log score, (n,), NaN there."""
    daily = np.where(frame.observed, daily_log_scores(frame), np.nan)[:, :observed_days]
    there = np.isfinite(daily)
    days = np.where(there.any(axis=1), observed_days - there[:, ::-1].argmax(axis=1), 0)
    scores = np.where(days > 0, daily[np.arange(len(daily)), np.maximum(days, 1) - 1], np.nan)
    return days, scores
