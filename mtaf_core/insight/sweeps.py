"""What the forecast would be along one field, across two, or with each KOL of a list: everything else as it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mtaf_core.content.extract import Content
from mtaf_core.data.frame import Candidate
from mtaf_core.insight.forecast import Forecaster, Scores
from mtaf_core.jobs import Progress, Step, silent

BATCH = 500
"""Releases scored between two reports of progress."""


@dataclass(frozen=True)
class Grid:
    """The forecast across two fields: ``score``, ``low`` and ``high`` are (rows, columns) float64."""

    score: np.ndarray
    low: np.ndarray
    high: np.ndarray


def line(
    forecaster: Forecaster, content: Content, releases: Sequence[Candidate], progress: Progress = silent
) -> Scores:
    """Score a clip released in each of several ways, however many; (n,) each.

    Raises
    ------
    BadInput
        If a fact of a release is impossible, or its KOL is not in the workspace.
    Cancelled
        If ``progress`` stops it.
    """
    parts = []
    for start in range(0, len(releases), BATCH):
        progress(Step("sweep", start, len(releases)))
        parts.append(forecaster.score_many([content], releases[start : start + BATCH]))
    progress(Step("sweep", len(releases), len(releases)))
    if not parts:
        return Scores(*(np.empty(0) for _ in range(3)))
    return Scores(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("score", "low", "high")))


def grid(
    forecaster: Forecaster, content: Content, releases: Sequence[Sequence[Candidate]], progress: Progress = silent
) -> Grid:
    """Score a clip released in each way of a table, rows of equal length; raises as `line`."""
    shape = (len(releases), len(releases[0]) if releases else 0)
    found = line(forecaster, content, [one for row in releases for one in row], progress)
    return Grid(*(part.reshape(shape) for part in (found.score, found.low, found.high)))
