"""How popular the videos of each value of a category are: counts, and means with intervals that hold up.

Videos of one KOL are alike, so a thousand videos of three KOLs say less than a thousand of three hundred. The design
effect (Kish 1965) of the posts of one KOL, from the correlation within KOLs in the whole cohort (ANOVA estimator,
Donner & Koval 1980), says how many independent videos a group is worth; means are then shrunk as `shrinkage.one_way`
does. Adjusted, each KOL's own strength is taken out, as `effects.crossed` does for hashtags.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mtaf_core.errors import BadInput
from mtaf_core.study.cohort import CATEGORICAL, WHOLE, Cohort
from mtaf_core.study.crossing import Crossing, Layout
from mtaf_core.study.effects import crossed, crossed_components
from mtaf_core.study.market import Study
from mtaf_core.study.shrinkage import Effects, one_way

MOST_KOLS = 5_000
"""From which how far KOLs and groups vary is estimated."""
ORDERED: tuple[str, ...] = ("tier", "upload_dayofweek", "upload_hour", "uploader_rating", "uploader_commerce")
"""Columns of `CATEGORICAL` whose values have an order of their own."""


@dataclass(frozen=True)
class Popularity:
    """The groups of one category, the largest first, or in the category's own order.

    Parameters
    ----------
    column : str
    words : tuple of str or None
        The value of each group; None where it is unknown.
    videos : (G,) int64
        Videos of the group.
    scored : (G,) int64
        Those of them whose popularity is known.
    kols : (G,) int64
        KOLs behind those.
    typical : (G,) float64
        Geometric mean popularity: exp of the mean of ln(1 + score), less 1. NaN where none is known.
    effects : Effects, (G,)
        Of the groups in natural-log units: against the mean of all, and where ``adjusted`` against the average video
        with the KOL's own strength taken out.
    worth : (G,) float64
        How many independent videos those of a group are worth.
    alike : float
        Correlation of the popularity of two videos of one KOL in one group, 0 to 1.
    adjusted : bool
        Whether KOLs' own strength is taken out of the effects.
    """

    column: str
    words: tuple[str | None, ...]
    videos: NDArray[np.int64]
    scored: NDArray[np.int64]
    kols: NDArray[np.int64]
    typical: NDArray[np.float64]
    effects: Effects
    worth: NDArray[np.float64]
    alike: float
    adjusted: bool


def popularity_by(study: Study, column: str, cohort: Cohort = WHOLE, *, adjusted: bool = False) -> Popularity:
    """Popularity of the groups of a category among the videos of a cohort.

    Parameters
    ----------
    column : str
        Of `CATEGORICAL`.
    adjusted : bool
        Take the KOLs' own strength out.

    Raises
    ------
    BadInput
        If there is no such category.
    """
    if column not in CATEGORICAL:
        raise BadInput(f"There is no category called '{column}'; choose among: {', '.join(CATEGORICAL)}.")
    cells = f""", cells AS (
        SELECT CAST({column} AS VARCHAR) AS word, coalesce(kol, -1 - row) AS who, count(*) AS videos,
            count(log_score) AS n, sum(log_score) AS total, sum(log_score * log_score) AS squares
        FROM panel GROUP BY ALL)"""
    rows = study.query(
        f"""{cells} SELECT word, sum(videos)::BIGINT AS videos, sum(n)::BIGINT AS n, sum(total) AS total,
                sum(squares) AS squares, count(*) FILTER (WHERE n > 0) AS kols, sum(n * n)::DOUBLE AS clustered,
                sum(total * total / n) FILTER (WHERE n > 0) AS between
            FROM cells GROUP BY word ORDER BY videos DESC, word""",
        cohort=cohort,
    )
    names = ("videos", "n", "total", "squares", "kols", "clustered", "between")
    videos, n, total, squares, kols, clustered, between = (_floats(rows, name) for name in names)
    alike = _alike(n, total, squares, kols, clustered, between)
    mean, square, size = (
        np.divide(a, n, out=np.full(len(n), np.nan), where=n > 0) for a in (total, squares, clustered)
    )
    worth = np.where(n > 0, n / (1 + alike * (size - 1)), 0.0)
    words = rows["word"].to_pylist()
    if adjusted:
        effects = _net_of_kols(study.query(f"{cells} SELECT * FROM cells WHERE n > 0", cohort=cohort), words)
    else:
        effects = one_way(worth, worth * mean, worth * square)
    order = np.array(in_order(column, words), dtype=np.int64)
    return Popularity(
        column=column, words=tuple(words[place] for place in order), videos=videos.astype(np.int64)[order],
        scored=n.astype(np.int64)[order], kols=kols.astype(np.int64)[order], typical=np.expm1(mean)[order],
        effects=_taken(effects, order), worth=worth[order], alike=alike, adjusted=adjusted,
    )  # fmt: skip


def _net_of_kols(cells: pa.Table, words: list[str | None]) -> Effects:
    """Effects of the groups where every KOL has an effect too.

    How far KOLs and groups vary is estimated on at most `MOST_KOLS` of them: that is what takes time, and more KOLs
    hardly change it.
    """
    who, kol = np.unique(cells["who"].to_numpy(), return_inverse=True)
    place = {word: number for number, word in enumerate(words)}
    group = np.array([place[word] for word in cells["word"].to_pylist()], dtype=np.int64)
    n, total, squares = (_floats(cells, name) for name in ("n", "total", "squares"))
    layout = Layout.apart("group", len(words), every_video_has_one=True)

    def crossing(some: np.ndarray) -> Crossing:
        _, number = np.unique(kol[some], return_inverse=True)
        cell = number, group[some], n[some], total[some]
        videos, sums = np.bincount(number, n[some]), np.bincount(number, total[some])
        return Crossing.of(videos, sums, float(squares[some].sum()), cell, len(words))

    every = np.ones(len(kol), dtype=bool)
    step = -(-len(who) // MOST_KOLS)
    components = crossed_components(crossing(kol % step == 0), layout) if step > 1 else None
    effects, _, _ = crossed(crossing(every), layout, components)
    return effects


def _alike(
    n: np.ndarray, total: np.ndarray, squares: np.ndarray, kols: np.ndarray, clustered: np.ndarray, between: np.ndarray
) -> float:
    """The intraclass correlation within KOLs, pooled over groups; 0 where no KOL has two videos."""
    there = n > 0
    n, total, squares, kols, clustered, between = (a[there] for a in (n, total, squares, kols, clustered, between))
    inner, outer = n.sum() - kols.sum(), kols.sum() - len(kols)
    if inner <= 0 or outer <= 0:
        return 0.0
    within = max(squares.sum() - between.sum(), 0.0) / inner
    among = max((between - total**2 / n).sum(), 0.0) / outer
    size = (n - clustered / n).sum() / outer
    of_kols = max((among - within) / size, 0.0) if size > 0 else 0.0
    return float(of_kols / (of_kols + within)) if of_kols > 0 else 0.0


def in_order(column: str, words: Sequence[str | None]) -> list[int]:
    """Places of a category's values in an order of their own where it has one, else as they are; unknown last."""
    tiers = ("head", "waist", "tail", "nano", "unknown")

    def rank(place: int) -> tuple[bool, float]:
        word = words[place]
        if word is None:
            return True, 0.0
        if column == "tier":
            return False, float(tiers.index(word))
        return False, float(word) if column in ORDERED and word.replace(".", "", 1).isdigit() else float(place)

    return sorted(range(len(words)), key=rank)


def _taken(effects: Effects, order: np.ndarray) -> Effects:
    kept = {name: value[order] for name, value in vars(effects).items() if value is not None}
    return Effects(**kept)


def _floats(rows: pa.Table, name: str) -> np.ndarray:
    return np.nan_to_num(np.asarray(rows.column(name).to_numpy(), dtype=np.float64))
