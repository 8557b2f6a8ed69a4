"""What popularity to expect of a video from the facts around it, by models that never saw a post of its KOL.

The difference to what came is what KOLs, hashtags and hours are compared by: a KOL with ten million followers is not
"better" for having many likes, but for having more than accounts of that size get with such videos. The models are
fitted across folds of KOLs, so that no KOL's own posts, nor their numbers learnt by heart, are part of what is expected
of them.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

import duckdb
import numpy as np

from mtaf_core.jobs import Progress, Step
from mtaf_core.schema import BEFORE_RELEASE, Group
from mtaf_core.study.panel import CATEGORIES

FOLDS = 4
FEW = 80
"""With fewer known scores than this nothing is fitted: the mean is what to expect."""
MOST = 60_000
"""Videos that one model learns from at most, drawn evenly; more adds little to a model of this size."""
ROUNDS = 200

LEFT_OUT: dict[str, tuple[Group, ...]] = {
    "expected": (),
    "expected_untagged": (Group.TAG,),
    "expected_untimed": (Group.TIME,),
}
"""The expectations kept, and the groups of Table 1 that each must not know, because they are what is asked about."""

COLUMNS: tuple[str, ...] = tuple(c for f in BEFORE_RELEASE for c in f.columns)


def matrix(connection: duckdb.DuckDBPyConnection, source: str) -> tuple[np.ndarray, dict[str, tuple[str, ...]]]:
    """The before-release columns as trees read them, and the words that codes stand for.

    Parameters
    ----------
    source : str
        SQL relation with the columns and ``row``.

    Returns
    -------
    ndarray, (n, len(COLUMNS)), float32
        In the order of ``row``. Numbers as they are, categories as codes; NaN where unknown.
    dict of str to tuple of str
        The words of each category, the most frequent first; a code is the place in it.
    """
    ((n,),) = connection.execute(f"SELECT count(*) FROM {source}").fetchall()
    found = np.empty((n, len(COLUMNS)), dtype=np.float32)
    words: dict[str, tuple[str, ...]] = {}
    for place, column in enumerate(COLUMNS):  # one at a time, so that a large market never lies here twice
        if column in CATEGORIES:
            counted = connection.execute(
                f"SELECT {column} FROM {source} WHERE {column} IS NOT NULL GROUP BY {column} "
                f"ORDER BY count(*) DESC, {column}"
            ).fetchall()
            words[column] = tuple(word for (word,) in counted)
            sql = f"""SELECT code FROM {source} s LEFT JOIN (
                          SELECT {column} AS word, row_number() OVER (ORDER BY count(*) DESC, {column}) - 1 AS code
                          FROM {source} WHERE {column} IS NOT NULL GROUP BY {column}) w ON w.word = s.{column}
                      ORDER BY s.row"""
        else:
            sql = f"SELECT {column} FROM {source} ORDER BY row"
        values = connection.sql(sql).to_arrow_table().column(0)
        found[:, place] = values.to_numpy().astype(np.float32)
    return found, words


def expectations(
    facts: np.ndarray, age_day: np.ndarray, truth: np.ndarray, kol: np.ndarray, progress: Progress
) -> dict[str, np.ndarray]:
    """Expected log scores of every video, from models fitted on other KOLs' videos.

    Parameters
    ----------
    facts : ndarray, (n, len(COLUMNS)), float32
        From `matrix`.
    age_day : ndarray, (n,)
        The day of the count that is the score, NaN where all are of the same day.
    truth : ndarray, (n,)
        log1p of the score; NaN unknown.
    kol : ndarray of int, (n,)
        Number of the KOL; negative where unknown, which is a KOL of its own each.

    Returns
    -------
    dict of str to ndarray, (n,), float32
        By the names of `LEFT_OUT`. Where too little is known (`FEW`), the mean of all.
    """
    fold = _folds(kol)
    known = ~np.isnan(truth)
    mean = np.nanmean(truth) if known.any() else np.nan
    found = {name: np.full(len(truth), mean, dtype=np.float32) for name in LEFT_OUT}
    if known.sum() < FEW:
        return found

    def learn(name: str, out: int) -> None:
        fit, asked = np.flatnonzero(known & (fold != out)), np.flatnonzero(fold == out)
        if not len(fit) or not len(asked):
            return
        kept = [c for f in BEFORE_RELEASE if f.group not in LEFT_OUT[name] for c in f.columns]
        columns = [COLUMNS.index(c) for c in kept]
        expect = _fitted(facts, age_day, truth, evenly(fit, MOST), columns)
        for start in range(0, len(asked), MOST):
            rows = asked[start : start + MOST]
            found[name][rows] = expect(_seen(facts, age_day, rows, columns))

    # A model a thread: threads of one model wait for each other, ten times as long where others use the machine too.
    with ThreadPoolExecutor(max_workers=_cores()) as pool:
        under_way = [pool.submit(learn, name, out) for name in LEFT_OUT for out in range(FOLDS)]
        try:
            for done, one in enumerate(as_completed(under_way), 1):
                one.result()
                progress(Step("expect", done, len(under_way)))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return found


def _folds(kol: np.ndarray) -> np.ndarray:
    """The fold of each video: the same for all of a KOL's."""
    rng = np.random.default_rng(0)
    whole = np.where(kol < 0, kol.max(initial=0) + 1 + np.arange(len(kol)), kol)
    names, place = np.unique(whole, return_inverse=True)
    order = rng.permutation(len(names)) % FOLDS
    folds: np.ndarray = order[place]
    return folds


def _cores() -> int:
    """Processors that this process may use, eight at most."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(there, 8)


def _seen(facts: np.ndarray, age_day: np.ndarray, rows: np.ndarray, columns: Sequence[int]) -> np.ndarray:
    return np.column_stack([facts[np.ix_(rows, np.asarray(columns))], age_day[rows]]).astype(np.float32)


def evenly(rows: np.ndarray, most: int) -> np.ndarray:
    """At most ``most`` of ``rows``, evenly spread."""
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).astype(int)]


def _fitted(
    facts: np.ndarray, age_day: np.ndarray, truth: np.ndarray, fit: np.ndarray, columns: Sequence[int]
) -> Callable[[np.ndarray], np.ndarray]:
    import lightgbm

    settings = {
        "objective": "regression", "learning_rate": 0.05, "num_leaves": 15, "min_data_in_leaf": 20,
        "feature_fraction": 0.8, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5.0, "cat_smooth": 20.0,
        "seed": 0, "deterministic": True, "force_row_wise": True, "verbosity": -1, "num_threads": 1,
    }  # fmt: skip
    names = [*(COLUMNS[place] for place in columns), "age_day"]
    learnt = lightgbm.Dataset(
        _seen(facts, age_day, fit, columns), truth[fit], feature_name=names,
        categorical_feature=[c for c in names if c in CATEGORIES],
    )  # fmt: skip
    booster = lightgbm.train(settings, learnt, ROUNDS)
    return lambda rows: np.asarray(booster.predict(rows, num_threads=1), dtype=np.float32)
