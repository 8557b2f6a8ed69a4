"""Which facts around a video made the context's contribution, measured against a typical release of the market."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from mtaf_core.data import facts as sql
from mtaf_core.insight.case import Case
from mtaf_core.insight.salience.game import shared
from mtaf_core.jobs import Progress, silent
from mtaf_core.schema import BEFORE_RELEASE, Kind, Modality
from mtaf_core.study import market
from mtaf_core.workspace import Workspace

HISTORY = "uploader_history"
"""Not a row of Table 1: what the stack remembers of the KOL's past videos."""
_PAIRS = 8
_COLUMNS: tuple[str, ...] = tuple(column for feature in BEFORE_RELEASE for column in feature.columns)
_WORDS = {column for f in BEFORE_RELEASE if f.kind is Kind.CATEGORY for column in f.columns}
_MEDIAN = {column for f in BEFORE_RELEASE if f.kind in (Kind.COUNT, Kind.MEASURE) for column in f.columns}


@dataclass(frozen=True, eq=False)
class Context:
    """The facts of a release, and what each adds to the log score.

    Parameters
    ----------
    names : tuple of str
        Rows of Table 1, and `HISTORY`.
    share : ndarray, (n,), float64
        Log units; with ``typical`` they sum to ``contribution``.
    values, usual : tuple
        What each is in this release and in the market: the median of counts and measures, the most frequent of the
        rest; None where it is unknown. Pairs for the picture's width and height.
    typical : float
        What the facts of a typical release would contribute.
    contribution : float
        The Shapley value of the context.
    """

    names: tuple[str, ...]
    share: np.ndarray
    values: tuple[Any, ...]
    usual: tuple[Any, ...]
    typical: float
    contribution: float


def usual(workspace: Workspace) -> dict[str, Any]:
    """The market's usual value of every column known before release; worked out once a commit.

    The median of counts and measures, as one video has it; of flags, categories, weekdays and hours the most frequent.
    None where no video has one.
    """
    found = over_market(workspace, "usual", ", ".join(f"{_middle(c)} AS {c}" for c in _COLUMNS))
    return {c: v if v is None or c in _WORDS else float(v) for c, v in found.items()}


def over_market(workspace: Workspace, name: str, select: str) -> dict[str, Any]:
    """One row of SQL aggregates over the facts of every video of the market, remembered under ``name`` until a commit.

    Read from the study where there is one, which has the facts worked out.
    """

    def find() -> pa.Table:
        study = market.find(workspace)
        if study is not None:
            return study.query(f"SELECT {select} FROM market")
        bound = {"zone": workspace.info.timezone, "platform": None}
        return workspace.store.query(f"SELECT {select} FROM ({sql.facts_sql(sql.MARKET)})", bound, sql.DERIVED)

    found: dict[str, Any] = workspace.store.remember((name, workspace.info.timezone), find).to_pylist()[0]
    return found


def context(case: Case, typical: Mapping[str, Any], progress: Progress = silent) -> Context | None:
    """Share the context's contribution among the facts around a video.

    A fact that is left out has the value of ``typical``; a KOL's past videos that are left out are those of a KOL who
    has none. A fact that is as usual adds nothing. What is worked out from several facts (likes a follower, say) is
    theirs together, and the date is the release's own throughout.

    Returns
    -------
    Context or None
        None where the model is told nothing around the video.
    """
    if not case.has(Modality.CONTENT_AGNOSTIC):
        return None
    own = case.frame.facts.iloc[0]
    columns = {feature.name: feature.columns for feature in BEFORE_RELEASE} | {HISTORY: ("uploader_id",)}
    base = {**typical, "uploader_id": None}
    values = {name: _known(own, cols) for name, cols in columns.items()}
    common = {name: _known(base, cols) for name, cols in columns.items()}
    differ = [name for name in columns if values[name] != common[name]]

    def contribution(kept: np.ndarray) -> np.ndarray:
        edits: dict[str, np.ndarray] = {}
        for name, cols in columns.items():
            here = kept[:, differ.index(name)] if name in differ else np.ones(len(kept), dtype=bool)
            for column in cols:
                edits[column] = _chosen(case.frame.facts[column], own[column], base[column], here)
        return case.worth(Modality.CONTENT_AGNOSTIC, len(kept), edits, progress=progress).contribution

    found = shared(contribution, len(differ), _PAIRS)
    share = np.array([found[differ.index(name)] if name in differ else 0.0 for name in columns])
    start = float(contribution(np.zeros((1, len(differ)), dtype=bool))[0])
    total = start + float(share.sum())
    return Context(tuple(columns), share, tuple(values.values()), tuple(common.values()), start, total)


def _middle(column: str) -> str:
    return f"quantile_disc({column}, 0.5)" if column in _MEDIAN else f"mode({column})"


def _known(row: Any, columns: tuple[str, ...]) -> Any:
    """A value of Table 1, None where it is unknown; of two columns the pair."""
    found = tuple(None if _missing(row[column]) else row[column] for column in columns)
    if len(found) == 1:
        return found[0]
    return None if all(value is None for value in found) else found


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and value != value)


def _chosen(column: Any, own: Any, other: Any, here: np.ndarray) -> np.ndarray:
    """A column of the frame with its own value where ``here``, and ``other`` elsewhere."""
    if column.dtype == object:
        found = np.empty(len(here), dtype=object)
        found[here], found[~here] = own, other
        return found
    return np.where(here, own, np.nan if other is None else float(other))
