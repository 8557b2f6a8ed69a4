"""A ranking to take away: as one table, and as plain JSON values."""

from typing import Any

import numpy as np
import pandas as pd

from mtaf_core.insight.batch.kept import Ranking, Scored
from mtaf_core.workspace import Workspace


def against_median(scored: tuple[Scored, ...]) -> list[float]:
    """What every score is as a factor of the batch's median."""
    if not scored:
        return []
    median = float(np.median([one.score for one in scored]))
    return [(one.score + 1) / (median + 1) for one in scored]


def apart(scored: tuple[Scored, ...]) -> list[tuple[str, float]]:
    """For every row the source that sets it apart most from the batch, and by what factor.

    It is the largest difference, in log units, between what a source contributes here and the median of the batch.
    """
    if not scored:
        return []
    names = list(scored[0].contribution)
    shares = np.array([[one.contribution[name] for name in names] for one in scored])  # (n, 4)
    away = shares - np.median(shares, axis=0)
    most = np.abs(away).argmax(axis=1)
    return [(names[source], float(np.exp(row[source]))) for row, source in zip(away, most, strict=True)]


def rows_of(found: Ranking) -> pd.DataFrame:
    """Every row of a batch: the ranked ones first, then the others with the column, the value and the reason."""
    ranked = [
        {
            "rank": one.rank, "clip": one.name, "words": one.words, "line": one.line, "kind": one.form,
            "score": round(one.score, 1), "low": round(one.low, 1), "high": round(one.high, 1),
            "against_median": round(factor, 3), "percentile": one.percentile, "why": one.why,
            "why_factor": round(one.factor, 3), "apart": source, "apart_factor": round(away, 3),
            "warnings": " ".join(one.warnings),
        }
        for one, factor, (source, away) in zip(
            found.scored, against_median(found.scored), apart(found.scored), strict=True
        )
    ]  # fmt: skip
    others = [
        {
            "clip": one.name, "line": one.line, "column": one.problem.column, "value": one.problem.value,
            "reason": str(one.problem.reason),
        }
        for one in found.unscored
    ]  # fmt: skip
    names = [
        "rank", "clip", "words", "line", "kind", "score", "low", "high", "against_median", "percentile", "why",
        "why_factor", "apart", "apart_factor", "warnings", "column", "value", "reason",
    ]  # fmt: skip
    table = pd.DataFrame([*ranked, *others], columns=names)
    return table.astype({"rank": "Int64", "line": "Int64"})


def to_json(workspace: Workspace, found: Ranking) -> dict[str, Any]:
    """A ranking as the document of ``batch --json``."""
    batch = found.batch
    return {
        "batch": batch.id,
        "workspace": str(workspace.path),
        "bundle": batch.bundle,
        "horizon_day": batch.horizon_day,
        "rows": [
            {
                "rank": one.rank, "clip": one.name or None, "line": one.line, "kind": one.form, "score": one.score,
                "log_score": one.log_score, "interval": {"level": 0.9, "low": one.low, "high": one.high},
                "percentile": one.percentile, "against_median": factor,
                "contribution": one.contribution, "why": {"modality": one.why, "factor": one.factor},
                "apart": {"modality": source, "factor": away}, "warnings": list(one.warnings),
            }
            for one, factor, (source, away) in zip(
                found.scored, against_median(found.scored), apart(found.scored), strict=True
            )
        ],
        "errors": [
            {
                "clip": one.name or None, "line": one.line, "column": one.problem.column or None,
                "value": one.problem.value or None, "reason": str(one.problem.reason),
            }
            for one in found.unscored
        ],
        "unused": list(batch.unused),
    }  # fmt: skip
