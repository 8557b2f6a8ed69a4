"""What was observed along a fact: how many videos have each value, and how popular they were, nothing allowed for."""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from mtaf_core.schema import Kind
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.market import Study
from mtaf_core.study.panel import CATEGORIES
from mtaf_core.study.sample import FEATURE_OF, LEVEL

MOST_LEVELS = 24
MOST_WORDS = 15
BINS = 12
FALSE_DISCOVERIES = 0.05
FEW = 10
"""Fewer videos with a known popularity than this have no mean."""


@dataclass(frozen=True)
class ByValue:
    """Videos of a cohort by the value of one column.

    Parameters
    ----------
    column : str
    binned : bool
        Whether bins of numbers are given, or single values.
    low, high : (b,)
        The lowest and the highest value of each bin; the same, and codes of words, where not binned.
    words : tuple of str, (b,)
        The words of a category, most frequent first, of which ``low`` and ``high`` are the places; else empty.
    n, scored : (b,) int64
        Videos, and those whose popularity is known.
    mean, mean_low, mean_high : (b,)
        Mean log popularity minus that of all videos with a known value, and its 90% interval with videos of one KOL
        counted as alike as they are; NaN with fewer than `FEW` known.
    clear : (b,) bool
        Where ``mean`` is not 0 by the false-discovery rate of Benjamini & Hochberg (1995) at 5%, over the values given.
    videos, known, levels : int
        Videos of the cohort; those whose value is known; how many different values there are.
    """

    column: str
    binned: bool
    low: np.ndarray
    high: np.ndarray
    words: tuple[str, ...]
    n: np.ndarray
    scored: np.ndarray
    mean: np.ndarray
    mean_low: np.ndarray
    mean_high: np.ndarray
    clear: np.ndarray
    videos: int
    known: int
    levels: int


def by_value(study: Study, cohort: Cohort, column: str) -> ByValue:
    """Count the videos of a cohort by a column, and say how popular they were."""
    (about,) = study.query(
        f"SELECT count(*) AS videos, count({column}) AS known, approx_count_distinct({column}) AS levels FROM panel",
        cohort=cohort,
    ).to_pylist()
    numeric = FEATURE_OF[column].kind in (Kind.COUNT, Kind.MEASURE)
    binned = numeric and about["levels"] > MOST_LEVELS
    place, order, params = column, "low", dict[str, float]()
    if column in CATEGORIES:
        order = "n DESC, word"
    elif binned:
        shares = [share / BINS for share in range(1, BINS)]
        edges = study.query(
            f"SELECT quantile_disc({column}, $shares) AS q FROM panel", {"shares": shares}, cohort=cohort
        )["q"].to_pylist()[0]
        params = {f"edge{number}": edge for number, edge in enumerate(sorted(set(edges)))}
        place = " + ".join(f"CAST({column} > ${name} AS INTEGER)" for name in params)
    rows = study.query(_SQL.format(place=place, column=column, order=order), params, cohort=cohort).to_pydict()
    return _of(column, binned, rows, about)


_SQL = """
, placed AS (SELECT {place} AS bin, {column} AS x, log_score AS y, coalesce(kol, -1 - row) AS kol
             FROM panel WHERE {column} IS NOT NULL),
by_kol AS (SELECT bin, kol, min(x) AS low, max(x) AS high, count(*) AS n, count(y) AS k, sum(y) AS s
           FROM placed GROUP BY bin, kol)
SELECT bin::VARCHAR AS word, min(low) AS low, max(high) AS high, sum(n)::BIGINT AS n, sum(k)::BIGINT AS scored,
    sum(s) AS total, sum(s * s) AS ss, sum(s * k) AS sk, sum(k * k)::DOUBLE AS kk,
    count(*) FILTER (WHERE k > 0) AS kols
FROM by_kol GROUP BY bin ORDER BY {order}
"""


def _of(column: str, binned: bool, rows: dict[str, list], about: dict[str, int]) -> ByValue:
    words: tuple[str, ...] = ()
    n, scored = (np.asarray(rows[name], dtype=np.int64) for name in ("n", "scored"))
    total, ss, sk, kk, kols = (
        np.array([np.nan if v is None else v for v in rows[name]], dtype=np.float64)
        for name in ("total", "ss", "sk", "kk", "kols")
    )
    all_scored = max(int(scored.sum()), 1)
    overall = np.nansum(total) / all_scored
    with np.errstate(all="ignore"):
        mean = total / scored
        error = np.sqrt(np.maximum(ss - 2 * mean * sk + mean**2 * kk, 0) / scored**2 * kols / (kols - 1))
        reach = stdtrit(kols - 1, (1 + LEVEL) / 2) * error
        chance = 2 * stdtr(kols - 1, -np.abs(mean - overall) / error)
    few = (scored < FEW) | (kols < 2)
    mean[few], reach[few], chance[few] = np.nan, np.nan, np.nan
    mean = mean - overall
    if column in CATEGORIES:
        words = tuple(rows["word"][:MOST_WORDS])
        low = high = np.arange(len(words), dtype=np.float64)
    else:
        low, high = (np.asarray(rows[name], dtype=np.float64) for name in ("low", "high"))
    kept = slice(0, len(low))
    return ByValue(
        column, binned, low, high, words, n[kept], scored[kept], mean[kept], (mean - reach)[kept],
        (mean + reach)[kept], discovered(chance[kept]), about["videos"], about["known"], about["levels"],
    )  # fmt: skip


def discovered(chance: np.ndarray, allowed: float = FALSE_DISCOVERIES) -> np.ndarray:
    """Which of many differences to believe: of those, ``allowed`` may be chance (Benjamini & Hochberg 1995).

    Parameters
    ----------
    chance : (b,)
        P values; NaN is never believed.

    Returns
    -------
    (b,) bool
    """
    tested = np.sort(chance[~np.isnan(chance)])
    below = np.flatnonzero(tested <= allowed * np.arange(1, len(tested) + 1) / max(len(tested), 1))
    found: np.ndarray = chance <= (tested[below[-1]] if len(below) else -1.0)
    return found
