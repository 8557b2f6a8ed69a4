"""The paper's machine-learning baselines and their successors, all on the same table (`Task.features`).

Those named as in the paper keep their library's defaults. Inputs are as each library takes them best: standardised
with categories told apart for SVR and LR; unknown numbers left unknown for trees; categories as such for boosters.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mtaf_core.evaluation.task import NotHere, Outcome, Report, Stopwatch, Task
from mtaf_core.model.plus.learners import Standard

if TYPE_CHECKING:
    import pandas as pd

MOST_SVR_ROWS = 20_000
"""Videos that SVR learns from, at most: the latest. Its time grows with their square."""

ROWS_A_WEIGHT = 2
"""Videos for each weight of LR, at least."""

Fit = Callable[[np.ndarray, np.ndarray, np.ndarray, Task], Any]


class Inputs(NamedTuple):
    """What one fit learns from and is asked."""

    train: np.ndarray  # (seen training videos, columns), NaN unknown
    truth: np.ndarray  # (seen training videos,)
    test: np.ndarray  # (n_test, columns)
    categorical: np.ndarray  # (columns,) bool


def inputs(task: Task) -> Inputs:
    """Rows of the table with what the test videos show, and their log scores."""
    features = task.features
    return Inputs(
        features.train.values[task.seen], task.truth[task.seen], features.test.values, features.train.categorical
    )


def svr(task: Task, report: Report) -> Outcome:
    """Support vector regression (scikit-learn's defaults) on standardised inputs; of many videos the latest."""
    from sklearn.svm import SVR

    return _standardised(task, SVR(), "sklearn.svm.SVR(), standardised inputs", MOST_SVR_ROWS)


def lr(task: Task, report: Report) -> Outcome:
    """Least squares on standardised inputs, clipped at five standard deviations.

    With fewer than `ROWS_A_WEIGHT` videos a column, on as many of their principal components as that allows: least
    squares on about as many columns as videos predicts wildly.
    """
    from sklearn.decomposition import PCA
    from sklearn.linear_model import LinearRegression
    from sklearn.pipeline import make_pipeline

    given = inputs(task)
    columns = Standard.fit(given.train, given.categorical).transform(given.train[:1]).shape[1]
    few = max(1, len(task.seen) // ROWS_A_WEIGHT)
    told = "sklearn.linear_model.LinearRegression(), standardised inputs"
    if columns <= few:
        return _standardised(task, LinearRegression(), told)
    model = make_pipeline(PCA(min(few, columns, len(task.seen)), random_state=task.seed), LinearRegression())
    return _standardised(task, model, f"{told}, {few} principal components of them")


def rfr(task: Task, report: Report) -> Outcome:
    """Random forest (scikit-learn's defaults: 100 trees)."""
    from sklearn.ensemble import RandomForestRegressor

    def fit(values: np.ndarray, truth: np.ndarray, categorical: np.ndarray, task: Task) -> Any:
        return RandomForestRegressor(random_state=task.seed, n_jobs=task.threads).fit(values, truth)

    return _plain(task, fit, "sklearn.ensemble.RandomForestRegressor(), 100 trees")


def xgbr(task: Task, report: Report) -> Outcome:
    """XGBoost (its defaults: 100 rounds, depth 6, learning rate 0.3)."""
    return _plain(task, xgboost_model, "xgboost.XGBRegressor(), 100 rounds")


def lgbm(task: Task, report: Report) -> Outcome:
    """LightGBM (its defaults: 100 rounds, 31 leaves, learning rate 0.1)."""
    return _plain(task, lightgbm_model, "lightgbm.LGBMRegressor(), 100 rounds")


def catboost(task: Task, report: Report) -> Outcome:
    """CatBoost (its defaults: 1,000 rounds)."""
    try:
        from catboost import CatBoostRegressor
    except ImportError as error:
        raise NotHere(f"the package catboost cannot be imported ({error}).") from error
    clock, given = Stopwatch(task.features.seconds), inputs(task)
    chosen = np.flatnonzero(given.categorical).tolist()
    model = CatBoostRegressor(
        iterations=task.budget.catboost_rounds,
        random_seed=task.seed,
        verbose=False,
        allow_writing_files=False,
        thread_count=task.threads,
        cat_features=chosen,
    )
    model.fit(_words(given.train, given.categorical), given.truth)
    clock.fitted()
    found = model.predict(_words(given.test, given.categorical))
    clock.predicted()
    told = {"model": f"catboost.CatBoostRegressor(), {task.budget.catboost_rounds} rounds"}
    return Outcome(_row(found), clock.fit_s, clock.predict_s, told)


def xgboost_model(values: np.ndarray, truth: np.ndarray, categorical: np.ndarray, task: Task, **settings: Any) -> Any:
    """A fitted ``XGBRegressor``; what is not in ``settings`` is the library's default."""
    import xgboost

    types = ["c" if one else "q" for one in categorical]
    model = xgboost.XGBRegressor(
        random_state=task.seed, n_jobs=task.threads, enable_categorical=True, feature_types=types, **settings
    )
    return model.fit(values, truth)


def lightgbm_model(values: np.ndarray, truth: np.ndarray, categorical: np.ndarray, task: Task, **settings: Any) -> Any:
    """A fitted LightGBM booster; what is not in ``settings`` is the library's default."""
    import lightgbm

    fixed = {"objective": "regression", "verbosity": -1, "num_threads": task.threads, "seed": task.seed}
    fixed |= {"deterministic": True, "force_row_wise": True}
    rounds = settings.pop("rounds", 100)
    learnt = lightgbm.Dataset(
        values, truth, categorical_feature=np.flatnonzero(categorical).tolist(), params={"verbosity": -1}
    )
    return lightgbm.train({**fixed, **settings}, learnt, rounds)


def _standardised(task: Task, model: Any, told: str, most: int | None = None) -> Outcome:
    clock, given = Stopwatch(task.features.seconds), inputs(task)
    standard = Standard.fit(given.train, given.categorical)
    latest = slice(-most if most else None, None)
    model.fit(standard.transform(given.train[latest]), given.truth[latest])
    clock.fitted()
    found = model.predict(standard.transform(given.test))
    clock.predicted()
    learnt = len(given.truth[latest])
    return Outcome(_row(found), clock.fit_s, clock.predict_s, {"model": told, "learnt_from": learnt})


def _plain(task: Task, fit: Fit, told: str) -> Outcome:
    clock, given = Stopwatch(task.features.seconds), inputs(task)
    model = fit(given.train, given.truth, given.categorical, task)
    clock.fitted()
    found = model.predict(given.test)
    clock.predicted()
    return Outcome(_row(found), clock.fit_s, clock.predict_s, {"model": told})


def _words(values: np.ndarray, categorical: np.ndarray) -> "pd.DataFrame":
    """The table as CatBoost takes it: codes of categories as words, an unknown one a word of its own."""
    import pandas as pd

    table = pd.DataFrame(values)
    for column in np.flatnonzero(categorical):
        codes = values[:, column]
        table[column] = np.where(np.isfinite(codes), np.nan_to_num(codes).astype(int).astype(str), "unknown")
    return table


def _row(found: Any) -> np.ndarray:
    return np.asarray(found, dtype=np.float64)[None, :]
