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
    forecaster: Forecaster,
    contents: Content | Sequence[Content],
    releases: Sequence[Candidate],
    progress: Progress = silent,
) -> Scores:
    """Score a clip released in each of several ways, however many; (n,) each.

    Parameters
    ----------
    contents : Content or sequence of Content
        One for all, or one for each release.

    Raises
    ------
    BadInput
        If a fact of a release is impossible, or its KOL is not in the workspace.
    Cancelled
        If ``progress`` stops it.
    """
    parts, each = [], [contents] if isinstance(contents, Content) else contents
    for start in range(0, len(releases), BATCH):
        progress(Step("sweep", start, len(releases)))
        own = each if len(each) == 1 else each[start : start + BATCH]
        parts.append(forecaster.score_many(own, releases[start : start + BATCH]))
    progress(Step("sweep", len(releases), len(releases)))
    if not parts:
        return Scores(*(np.empty(0) for _ in range(3)))
    return Scores(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("score", "low", "high")))


def grid(
    forecaster: Forecaster, content: Content, releases: Sequence[Sequence[Candidate]], progress: Progress = silent
) -> Grid:
    """Score a clip released in each way of a table, rows of equal length; raises as `line`."""
    shape = (len(releases), len(releases[0]) if releases else 0)
    return tabled(line(forecaster, content, [one for row in releases for one in row], progress), *shape)


def tabled(found: Scores, rows: int, columns: int) -> Grid:
    """Scores told row by row, as a table."""
    return Grid(*(part.reshape(rows, columns) for part in (found.score, found.low, found.high)))
