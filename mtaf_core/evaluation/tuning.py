"""Boosted trees tuned as a careful user would: a random search inside the training part, judged on its latest."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from mtaf_core.evaluation.tabular import Inputs, inputs, lightgbm_model, xgboost_model
from mtaf_core.evaluation.task import Outcome, Report, Stopwatch, Task

TAIL = 0.15
"""The latest share of the training videos, which judges each trial and is learnt from in the end as well."""
PATIENCE = 50

Draw = Callable[[np.random.Generator], dict[str, Any]]


class Trial(NamedTuple):
    """Settings that were tried, how many rounds did best with them, and the mean squared error on the tail."""

    settings: dict[str, Any]
    rounds: int
    loss: float
    residual: bool  # whether the target was the growth over the last known score


def xgbr_tuned(task: Task, report: Report) -> Outcome:
    """XGBoost with the best of ``Budget.trials`` random settings."""
    return _tuned(task, report, _xgboost_settings, _xgboost_trial, _xgboost_final)


def lgbm_tuned(task: Task, report: Report) -> Outcome:
    """LightGBM with the best of ``Budget.trials`` random settings."""
    return _tuned(task, report, _lightgbm_settings, _lightgbm_trial, _lightgbm_final)


def _tuned(task: Task, report: Report, draw: Draw, attempt: Any, finish: Any) -> Outcome:
    clock, given = Stopwatch(task.features.seconds), inputs(task)
    anchors = task.features.train.anchor[task.seen], task.features.test.anchor
    random = np.random.default_rng(task.seed)
    cut = len(given.train) - max(1, round(TAIL * len(given.train)))
    best: Trial | None = None
    for number in range(task.budget.trials):
        report(number / (task.budget.trials + 1), f"trial {number + 1} of {task.budget.trials}")
        residual = task.observed_days > 0 and bool(random.random() < 0.5)
        settings = draw(random)
        target = given.truth - anchors[0] if residual else given.truth
        rounds, loss = attempt(given, target, cut, settings, task)
        if best is None or loss < best.loss:
            best = Trial(settings, rounds, loss, residual)
    assert best is not None, "a tuned row needs at least one trial"
    target = given.truth - anchors[0] if best.residual else given.truth
    model = finish(given, target, best, task)
    clock.fitted()
    found = np.asarray(model.predict(given.test), dtype=np.float64) + (anchors[1] if best.residual else 0.0)
    clock.predicted()
    told = {
        "trials": task.budget.trials,
        "judged_on": f"latest {TAIL:.0%} of the training videos",
        "validation_MSE": best.loss,
        "rounds": best.rounds,
        "target": "growth over the last known score" if best.residual else "log score",
        **best.settings,
    }
    return Outcome(found[None, :], clock.fit_s, clock.predict_s, told)


def _xgboost_settings(random: np.random.Generator) -> dict[str, Any]:
    return {
        "learning_rate": _log_uniform(random, 0.01, 0.1),
        "max_depth": int(random.integers(2, 8)),
        "min_child_weight": _log_uniform(random, 1, 30),
        "subsample": float(random.uniform(0.5, 1)),
        "colsample_bytree": float(random.uniform(0.2, 1)),
        "reg_lambda": _log_uniform(random, 0.3, 30),
    }


def _xgboost_trial(
    given: Inputs, target: np.ndarray, cut: int, settings: dict[str, Any], task: Task
) -> tuple[int, float]:
    import xgboost

    types = ["c" if one else "q" for one in given.categorical]
    older, later = (
        xgboost.DMatrix(given.train[part], label=target[part], feature_types=types, enable_categorical=True)
        for part in (slice(cut), slice(cut, None))
    )
    booster = xgboost.train(
        {**settings, "seed": task.seed, "nthread": task.threads, "tree_method": "hist"},
        older,
        task.budget.rounds,
        evals=[(later, "later")],
        early_stopping_rounds=PATIENCE,
        verbose_eval=False,
    )
    return booster.best_iteration + 1, float(booster.best_score) ** 2


def _xgboost_final(given: Inputs, target: np.ndarray, best: Trial, task: Task) -> Any:
    return xgboost_model(given.train, target, given.categorical, task, n_estimators=best.rounds, **best.settings)


def _lightgbm_settings(random: np.random.Generator) -> dict[str, Any]:
    return {
        "learning_rate": _log_uniform(random, 0.01, 0.1),
        "num_leaves": int(_log_uniform(random, 4, 64)),
        "min_data_in_leaf": int(_log_uniform(random, 5, 60)),
        "feature_fraction": float(random.uniform(0.2, 1)),
        "bagging_fraction": float(random.uniform(0.5, 1)),
        "bagging_freq": 1,
        "lambda_l2": _log_uniform(random, 0.1, 30),
    }


def _lightgbm_trial(
    given: Inputs, target: np.ndarray, cut: int, settings: dict[str, Any], task: Task
) -> tuple[int, float]:
    import lightgbm

    chosen = np.flatnonzero(given.categorical).tolist()
    older = lightgbm.Dataset(
        given.train[:cut], target[:cut], categorical_feature=chosen, params={"verbosity": -1}, free_raw_data=False
    )
    later = older.create_valid(given.train[cut:], target[cut:])
    fixed = {"objective": "regression", "verbosity": -1, "num_threads": task.threads, "seed": task.seed}
    booster = lightgbm.train(
        {**fixed, **settings, "deterministic": True, "force_row_wise": True},
        older,
        task.budget.rounds,
        valid_sets=[later],
        callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
    )
    return booster.best_iteration, float(booster.best_score["valid_0"]["l2"])


def _lightgbm_final(given: Inputs, target: np.ndarray, best: Trial, task: Task) -> Any:
    return lightgbm_model(given.train, target, given.categorical, task, rounds=best.rounds, **best.settings)


def _log_uniform(random: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(random.uniform(np.log(low), np.log(high))))
