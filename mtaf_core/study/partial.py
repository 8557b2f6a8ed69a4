"""What the trees would forecast if one fact of a video were another: ICE and partial dependence.

Individual conditional expectation (Goldstein et al. 2015): for each of some hundred videos, the forecast at every value
of a grid, all else as it is. Their mean is the partial dependence (Friedman 2001). Lines are read against the forecast
with the video's own value, as factors of popularity. Where facts move together, a grid asks for videos that do not
exist: what lies outside the bulk of the data is extrapolation.
"""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mtaf_core.schema import Kind
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.expectation import COLUMNS
from mtaf_core.study.factors import LIBRARIES as NAMES
from mtaf_core.study.market import Study
from mtaf_core.study.panel import CATEGORIES
from mtaf_core.study.sample import FEATURE_OF, LIBRARIES, Library, coded

if TYPE_CHECKING:
    from mtaf_core.model.trees import Trees

ASKED = 300
"""Videos that are asked about."""
MOST_VALUES = 24
"""Values of a grid: all of them where there are no more, else quantiles."""
MOST_WORDS = 15
_KEPT_TREES = 2

_loaded: dict[Path, "Trees"] = {}
_loading = threading.Lock()


@dataclass(frozen=True)
class Partial:
    """Forecasts of videos with another value of one column.

    Parameters
    ----------
    column : str
    grid : (g,)
        Values, or codes of words, rising.
    own : (n,)
        The videos' own values; NaN unknown.
    ice : dict of library to (n, g)
        Forecast at a value of the grid minus the forecast as the video is; natural log of popularity.
    deciles : (9,)
        Of the column in the whole cohort; empty for words, flags, hours and weekdays, and where nothing is known.
    """

    column: str
    grid: np.ndarray
    own: np.ndarray
    ice: dict[Library, np.ndarray]
    deciles: np.ndarray

    def mean(self, library: Library) -> np.ndarray:
        """The partial dependence of one library, (g,)."""
        found: np.ndarray = self.ice[library].mean(axis=0)
        return found

    @property
    def both(self) -> np.ndarray:
        """ICE of the mean of both libraries, (n, g)."""
        found: np.ndarray = np.mean([self.ice[library] for library in LIBRARIES], axis=0)
        return found


def awake(study: Study) -> bool:
    """Whether the study's trees are in memory already: the libraries that read them take seconds to load."""
    return study.path in _loaded


def trees(study: Study) -> "Trees":
    """The study's trees, kept in memory for the next question."""
    with _loading:
        if study.path not in _loaded:
            from mtaf_core.model.trees import load_trees

            while len(_loaded) >= _KEPT_TREES:
                _loaded.pop(next(iter(_loaded)))
            _loaded[study.path] = load_trees(study.path)
        return _loaded[study.path]


def partial(study: Study, cohort: Cohort, column: str, words: dict[str, tuple[str, ...]]) -> Partial | None:
    """ICE and partial dependence of a column among the videos of a cohort; None where nobody knows two values of it.

    Parameters
    ----------
    words : dict of str to tuple of str
        What codes stand for, `sample.Sample.words`.
    """
    grid, deciles = _grid(study, cohort, column, words)
    if len(grid) < 2:
        return None
    picked = study.query(
        f"""SELECT row, {", ".join(COLUMNS)} FROM panel
            WHERE row IN (SELECT row FROM panel ORDER BY hash(row) LIMIT {ASKED}) ORDER BY row""",
        cohort=cohort,
    )
    facts = coded(picked, words).astype(np.float32)
    place = COLUMNS.index(column)
    asked = np.repeat(facts, len(grid), axis=0)
    asked[:, place] = np.tile(grid, len(facts))
    grown = trees(study)
    as_is, changed = grown.predict(facts), grown.predict(asked)
    ice = {
        library: changed[NAMES[library]].reshape(len(facts), len(grid)) - as_is[NAMES[library]][:, None]
        for library in LIBRARIES
    }
    return Partial(column, grid, facts[:, place].astype(np.float64), ice, deciles)


def _grid(
    study: Study, cohort: Cohort, column: str, words: dict[str, tuple[str, ...]]
) -> tuple[np.ndarray, np.ndarray]:
    kind, none = FEATURE_OF[column].kind, np.empty(0)
    if kind is Kind.CYCLE:
        return np.arange(FEATURE_OF[column].period, dtype=np.float64), none
    if column in CATEGORIES:
        code = {word: number for number, word in enumerate(words[column])}
        found = study.query(
            f"""SELECT {column} AS word, count(*) AS n FROM panel WHERE {column} IS NOT NULL
                GROUP BY word ORDER BY n DESC, word LIMIT {MOST_WORDS}""",
            cohort=cohort,
        )
        return np.sort([float(code[word]) for word in found["word"].to_pylist() if word in code]), none
    levels = study.query(
        f"SELECT DISTINCT {column} AS x FROM panel WHERE {column} IS NOT NULL LIMIT {MOST_VALUES + 1}", cohort=cohort
    )["x"].to_numpy()
    if kind is Kind.FLAG:
        return np.sort(levels).astype(np.float64), none
    shares = np.linspace(0, 1, MOST_VALUES).tolist()
    tenths = [tenth / 10 for tenth in range(1, 10)]
    found = study.query(
        f"SELECT quantile_disc({column}, $shares) AS q, quantile_disc({column}, $tenths) AS t FROM panel",
        {"shares": shares, "tenths": tenths},
        cohort=cohort,
    ).to_pylist()[0]
    if found["q"] is None:
        return none, none
    grid = np.sort(levels) if len(levels) <= MOST_VALUES else np.unique(found["q"])
    return grid.astype(np.float64), np.asarray(found["t"], dtype=np.float64)
