"""The videos that the trees explain one by one: their facts, SHAP values, and what permuting each fact costs.

A study keeps some thousands of them, drawn evenly over time; a cohort has those of them that are in it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pyarrow as pa
from scipy.special import stdtrit

from mtaf_core.schema import BEFORE_RELEASE, Feature
from mtaf_core.study import factors
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.expectation import COLUMNS
from mtaf_core.study.market import Study
from mtaf_core.study.panel import CATEGORIES

Library = Literal["xgboost", "lightgbm"]
LIBRARIES: tuple[Library, ...] = ("xgboost", "lightgbm")
Models = Literal["both", "xgboost", "lightgbm"]
"""Whose SHAP values: of one library, or the mean of both, which are those of the mean of the two models."""

LEVEL = 0.90
"""How often intervals hold what they are for, as everywhere in the studies."""

FEATURE_OF: dict[str, Feature] = {column: feature for feature in BEFORE_RELEASE for column in feature.columns}
"""The row of Table 1 that a column belongs to."""

OF_SCHEMA = tuple(feature.name for feature in BEFORE_RELEASE)


@dataclass(frozen=True)
class Sample:
    """Explained videos, oldest first.

    Parameters
    ----------
    row : (n,) int64
        Of the panel.
    kol : (n,) int64
        Number of the KOL; a negative one of its own where unknown.
    facts : (n, len(COLUMNS)) float64
        In the order of `expectation.COLUMNS`; categories as codes (see ``words``), NaN unknown.
    shap : dict of library to (n, len(COLUMNS)) float32
        Natural-log units of popularity.
    permuted_kol : (m,) int64
    cost : dict of library to (m, len(BEFORE_RELEASE)) float64
        How much larger the squared error of a video gets when a fact is another video's, of videos that the trees did
        not learn from.
    words : dict of str to tuple of str
        What the codes of each category stand for.
    """

    row: np.ndarray
    kol: np.ndarray
    facts: np.ndarray
    shap: dict[Library, np.ndarray]
    permuted_row: np.ndarray
    permuted_kol: np.ndarray
    cost: dict[Library, np.ndarray]
    words: dict[str, tuple[str, ...]]

    def values(self, column: str) -> np.ndarray:
        """The values of a column, (n,)."""
        found: np.ndarray = self.facts[:, COLUMNS.index(column)]
        return found

    def effect(self, column: str, models: Models = "both") -> np.ndarray:
        """The SHAP values of a column, (n,) float64."""
        place = COLUMNS.index(column)
        if models == "both":
            both = np.column_stack([self.shap[library][:, place] for library in LIBRARIES])
            return both.astype(np.float64).mean(axis=1)
        return self.shap[models][:, place].astype(np.float64)

    def among(self, rows: np.ndarray) -> "Sample":
        """Only the videos whose row of the panel is one of ``rows``."""
        kept, permuted = np.isin(self.row, rows), np.isin(self.permuted_row, rows)
        return Sample(
            self.row[kept], self.kol[kept], self.facts[kept], {k: v[kept] for k, v in self.shap.items()},
            self.permuted_row[permuted], self.permuted_kol[permuted],
            {k: v[permuted] for k, v in self.cost.items()}, self.words,
        )  # fmt: skip

    @cached_property
    def varied(self) -> dict[str, int]:
        """How many different known values each column has."""
        return {c: int(np.unique(v[~np.isnan(v)]).size) for c, v in zip(COLUMNS, self.facts.T, strict=True)}


def read(study: Study) -> Sample:
    """The explained videos of a whole market.

    Raises
    ------
    BadInput
        If too few scores were known for trees.
    """
    factors.read_importance(study.path)  # says what is missing where there are no trees
    words = {c: tuple(w) for c, w in json.loads((study.path / factors.WORDS).read_text(encoding="utf-8")).items()}
    kol = "coalesce(m.kol, -1 - m.row) AS kol"
    facts = ", ".join(f"m.{column}" for column in COLUMNS)
    found = study.query(f"SELECT {kol}, {facts}, s.* FROM shap s JOIN market m USING (row) ORDER BY s.row")
    cost = study.query(f"SELECT {kol}, p.* FROM permutation p JOIN market m USING (row) ORDER BY p.row")
    return Sample(
        row=_column(found, "row").astype(np.int64),
        kol=_column(found, "kol").astype(np.int64),
        facts=coded(found, words),
        shap={name: _matrix(found, [f"{name}:{c}" for c in COLUMNS]).astype(np.float32) for name in LIBRARIES},
        permuted_row=_column(cost, "row").astype(np.int64),
        permuted_kol=_column(cost, "kol").astype(np.int64),
        cost={name: _matrix(cost, [f"{name}:{f}" for f in OF_SCHEMA]) for name in LIBRARIES},
        words=words,
    )


def in_cohort(study: Study, whole: Sample, cohort: Cohort) -> Sample:
    """The explained videos of a cohort."""
    if cohort.is_whole:
        return whole
    rows = study.query(
        "SELECT row FROM panel WHERE row IN (SELECT row FROM shap UNION SELECT row FROM permutation)", cohort=cohort
    )
    return whole.among(rows["row"].to_numpy())


def coded(facts: pa.Table, words: dict[str, tuple[str, ...]]) -> np.ndarray:
    """Facts as the trees read them, (n, len(COLUMNS)) float64: categories as codes, NaN where unknown."""
    found = np.empty((len(facts), len(COLUMNS)))
    for place, column in enumerate(COLUMNS):
        if column in CATEGORIES:
            code = {word: float(number) for number, word in enumerate(words.get(column, ()))}
            found[:, place] = [code.get(word, np.nan) for word in facts[column].to_pylist()]
        else:
            found[:, place] = _column(facts, column)
    return found


def mean_of(values: np.ndarray, kol: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means of columns and how far their intervals reach either way, videos of one KOL counted as alike as they are.

    Parameters
    ----------
    values : (n, k)
    kol : (n,) int

    Returns
    -------
    mean, reach : (k,)
        ``mean ± reach`` holds the market's mean `LEVEL` of the time: a cluster-robust standard error (Liang & Zeger
        1986, with G / (G - 1)) and Student's t with G - 1 degrees of freedom for G KOLs. Reach is NaN for one KOL.
    """
    mean = values.mean(axis=0)
    return mean, reach_of((values - mean) / len(values), kol)


def reach_of(influence: np.ndarray, kol: np.ndarray) -> np.ndarray:
    """How far an interval reaches, from what each video adds to the error, (n, k) or (n,); (k,) or a number."""
    _, place = np.unique(kol, return_inverse=True)
    many = int(place.max(initial=-1)) + 1
    wide = influence.reshape(len(influence), -1)
    summed = np.zeros((many, wide.shape[1]))
    np.add.at(summed, place, wide)
    if many < 2:
        return np.full(influence.shape[1:], np.nan)
    error = np.sqrt((summed**2).sum(axis=0) * many / (many - 1))
    found: np.ndarray = (stdtrit(many - 1, (1 + LEVEL) / 2) * error).reshape(influence.shape[1:])
    return found


def _column(rows: pa.Table, name: str) -> np.ndarray:
    return np.asarray(rows[name].to_numpy(), dtype=np.float64)


def _matrix(rows: pa.Table, names: Sequence[str]) -> np.ndarray:
    return np.column_stack([_column(rows, name) for name in names])
