"""What the forecast would be along one field, across two, or with each KOL of a list: everything else as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mtaf_core.content.extract import Content
from mtaf_core.data.frame import Candidate
from mtaf_core.insight.forecast import Forecaster
from mtaf_core.insight.whatif import with_edit
from mtaf_core.jobs import Progress, Step, silent

BATCH = 500
"""Releases scored between two reports of progress."""


@dataclass(frozen=True)
class Line:
    """The forecast along one field.

    Parameters
    ----------
    key : str
        As in `mtaf_core.insight.whatif`.
    values : tuple
        n values, as given.
    score, low, high : ndarray, (n,) float64
        On the natural scale, with the ends of the range.
    """

    key: str
    values: tuple[Any, ...]
    score: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class Grid:
    """The forecast across two fields: ``score``, ``low`` and ``high`` are (rows, columns) float64."""

    row_key: str
    rows: tuple[Any, ...]
    column_key: str
    columns: tuple[Any, ...]
    score: np.ndarray
    low: np.ndarray
    high: np.ndarray


def line(
    forecaster: Forecaster, content: Content, candidate: Candidate, key: str, values: Sequence[Any],
    progress: Progress = silent,
) -> Line:  # fmt: skip
    """Sweep one field over ``values``; ``key`` ``"uploader"`` ranks KOLs.

    Raises
    ------
    BadInput
        If a value does not fit the field, or a KOL is not in the workspace.
    """
    asked = [with_edit(candidate, key, value, forecaster.workspace.info.timezone) for value in values]
    score, low, high = _scored(forecaster, content, asked, progress)
    return Line(key, tuple(values), score, low, high)


def grid(
    forecaster: Forecaster, content: Content, candidate: Candidate, row_key: str, rows: Sequence[Any],
    column_key: str, columns: Sequence[Any], progress: Progress = silent,
) -> Grid:  # fmt: skip
    """Sweep two fields at once; raises as `line`."""
    zone = forecaster.workspace.info.timezone
    asked = [
        with_edit(with_edit(candidate, row_key, row, zone), column_key, column, zone)
        for row in rows
        for column in columns
    ]
    shape = (len(rows), len(columns))
    score, low, high = (part.reshape(shape) for part in _scored(forecaster, content, asked, progress))
    return Grid(row_key, tuple(rows), column_key, tuple(columns), score, low, high)


def _scored(
    forecaster: Forecaster, content: Content, asked: Sequence[Candidate], progress: Progress
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    parts = []
    for start in range(0, len(asked), BATCH):
        progress(Step("sweep", start, len(asked)))
        parts.append(forecaster.score_many([content], asked[start : start + BATCH]))
    progress(Step("sweep", len(asked), len(asked)))
    if not parts:
        return np.empty(0), np.empty(0), np.empty(0)
    score, low, high = (np.concatenate([getattr(p, name) for p in parts]) for name in ("score", "low", "high"))
    return score, low, high
