"""The paper's tables from kept evaluations, as frames that a page shows: pure functions that need no heavy library."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mtaf_core.evaluation import paper
from mtaf_core.evaluation.bootstrap import MEASURES

SMALLER_IS_BETTER = frozenset({"MAE", "MSE"})
WHOLE = "MTAF"
"""The row that the ablations of Table 3 are compared with."""


@dataclass(frozen=True)
class Headline:
    """One evaluation in a few numbers.

    Parameters
    ----------
    method : str
        The one that answers: the bundle's, else the one whose range was measured, the stack, or the smallest MSE.
    explained : float or None
        R² on the log scale.
    ranking : float or None
        SRCC.
    typical_factor : float
        e^MAE: by what factor a forecast is off, on (geometric) average.
    level, coverage : float or None
        Of the range of this method, and the share of scores it held; None where it gave none.
    best_other : str or None
        The row with the smallest MSE besides it, ablations left out.
    gain, gain_low, gain_high : float or None
        By what share its MSE is below that of ``best_other``, and the 95% interval of that where it was measured.
    """

    method: str
    explained: float | None
    ranking: float | None
    typical_factor: float
    level: float | None
    coverage: float | None
    best_other: str | None
    gain: float | None
    gain_low: float | None
    gain_high: float | None


def headline(document: Mapping[str, Any], answering: str | None = None) -> Headline:
    """The evaluation that ``document`` describes, in a few numbers.

    Parameters
    ----------
    document : mapping
    answering : str, optional
        The method that the bundle in use answers with; what is told is of it where it was measured.
    """
    rows = {row["method"]: row for row in document["rows"]}
    ranged = document["interval"]
    method = answering if answering and answering in rows else _answering(document["rows"], ranged.get("of"))
    row = rows[method]
    others = [r for r in document["rows"] if r["method"] != method and r["family"] != "ablation"]
    best = min(others, key=lambda r: r["MSE"]) if others else None
    low, high = _gap(document.get("comparison"), method, best)
    own = ranged.get("of") == method
    return Headline(
        method,
        row["R2"],
        row["SRCC"],
        math.exp(row["MAE"]),
        ranged.get("level") if own else None,
        ranged.get("coverage") if own else None,
        best["method"] if best else None,
        1 - row["MSE"] / best["MSE"] if best and best["MSE"] > 0 else None,
        low,
        high,
    )


def scores(document: Mapping[str, Any]) -> pd.DataFrame:
    """Table 2, or Table 4 for one number of observed days: every method but the ablations.

    Returns
    -------
    DataFrame
        A row a method, in the order of the document. ``method``, ``family``, and for each of `MEASURES` its value,
        ``<measure>_low`` and ``<measure>_high`` (95%), ``<measure>_sd`` (over seeds) and ``<measure>_paper``; then
        ``seeds``, ``fit_s`` and ``predict_s``. NaN where there is none.
    """
    k = document["observed_days"]
    found = []
    for row in document["rows"]:
        if row["family"] == "ablation":
            continue
        spread = row.get("seeds") or {}
        reported = paper.reported(row["method"], k) or {}
        line = {"method": row["method"], "family": row["family"]}
        for measure in MEASURES:
            low, high = row["ci95"].get(measure) or (None, None)
            line |= {
                measure: row[measure],
                f"{measure}_low": low,
                f"{measure}_high": high,
                f"{measure}_sd": (spread.get("sd") or {}).get(measure),
                f"{measure}_paper": reported.get(measure),
            }
        found.append(
            line | {"seeds": spread.get("count", 1), "fit_s": row.get("fit_s"), "predict_s": row.get("predict_s")}
        )
    return _numeric(found, ("method", "family"))


def ablation(document: Mapping[str, Any], measure: str = "MSE") -> pd.DataFrame:
    """Table 3: MTAF without each modality, masked and trained again, beside what the paper reported.

    Returns
    -------
    DataFrame
        ``letter`` (the paper's, of what is missing), and for each of ``masked``, ``retrained`` and ``paper`` the
        ``_value`` of the measure and its ``_change`` relative to the whole MTAF, as a share with its sign; the first
        two with ``_low`` and ``_high`` (95%, of the value). Empty where the evaluation has no ablation.
    """
    rows = {row["method"]: row for row in document["rows"]}
    whole = rows.get(WHOLE, {}).get(measure)
    published = paper.TABLE_3 if document["observed_days"] == 0 else {}
    found = []
    for row in document["rows"]:
        if row["family"] != "ablation" or whole is None:
            continue
        line: dict[str, Any] = {"letter": row["method"].removeprefix(f"{WHOLE}-")}
        for part, values in (("masked", row), ("retrained", row.get("retrained") or {})):
            low, high = (values.get("ci95") or {}).get(measure) or (None, None)
            line |= {
                f"{part}_value": values.get(measure),
                f"{part}_low": low,
                f"{part}_high": high,
                f"{part}_change": _change(values.get(measure), whole),
            }
        reported = published.get(row["method"], {}).get(measure)
        line["paper_value"] = reported
        line["paper_change"] = _change(reported, published.get(WHOLE, {}).get(measure))
        found.append(line)
    return _numeric(found, ("letter",))


def by_days(documents: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Table 4 over every number of observed days: ``method``, ``family``, ``observed_days`` and the measures, long."""
    parts = []
    for document in documents:
        table = scores(document)
        table.insert(2, "observed_days", document["observed_days"])
        parts.append(table)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def learning_curve(document: Mapping[str, Any]) -> pd.DataFrame:
    """Every method of the learning curve at every training size: ``share``, ``n_train``, ``method`` and the measures;
    empty where the evaluation has none."""
    found = [
        {"share": point["share"], "n_train": point["n_train"], "method": method, **values}
        for point in document.get("learning_curve") or []
        for method, values in point["methods"].items()
    ]
    return _numeric(found, ("method",))


def of_bundle(metrics: Mapping[str, Any]) -> pd.DataFrame:
    """What a bundle measured of itself when it was trained.

    Parameters
    ----------
    metrics : mapping
        ``metrics`` of its manifest.

    Returns
    -------
    DataFrame
        ``observed_days``, ``method`` and the measures; ``coverage`` of the range, in the rows of the method that
        answers (the first of each number of days); ``n_test``.
    """
    found = []
    for days, measured in metrics.items():
        if not str(days).isdigit() or not isinstance(measured, Mapping) or not measured.get("rows"):
            continue
        for place, row in enumerate(measured["rows"]):
            held = (measured.get("interval") or {}).get("coverage") if place == 0 else None
            values = {measure: row.get(measure) for measure in MEASURES}
            told = {"observed_days": int(days), "method": row["method"], **values}
            found.append({**told, "coverage": held, "n_test": measured.get("n_test")})
    return _numeric(sorted(found, key=lambda row: row["observed_days"]), ("method",))


def answering(metrics: Mapping[str, Any]) -> str | None:
    """The method that a bundle answers with, by what it measured of itself; None where it measured nothing."""
    table = of_bundle(metrics)
    return str(table["method"].iloc[0]) if len(table) else None


def best(values: pd.Series, measure: str) -> int | None:
    """The place of the best value of a measure; None where there is none."""
    known = values.to_numpy(dtype=float)
    if not np.isfinite(known).any():
        return None
    return int(np.nanargmin(known) if measure in SMALLER_IS_BETTER else np.nanargmax(known))


def _answering(rows: list[dict[str, Any]], ranged: str | None) -> str:
    names = [row["method"] for row in rows]
    if ranged in names:
        return str(ranged)
    stacked = [row["method"] for row in rows if row["family"] == "stack"]
    plain = [row for row in rows if row["family"] != "ablation"] or rows
    return str(stacked[0] if stacked else min(plain, key=lambda row: row["MSE"])["method"])


def _gap(
    comparison: Mapping[str, Any] | None, method: str, best: Mapping[str, Any] | None
) -> tuple[float | None, float | None]:
    """The interval of the gain, as shares of the other's MSE."""
    if not comparison or best is None or comparison.get("method") != method:
        return None, None
    if comparison.get("best_other") != best["method"] or not best["MSE"] > 0:
        return None, None
    gap = comparison["MSE"]
    return -gap["high"] / best["MSE"], -gap["low"] / best["MSE"]


def _change(value: float | None, whole: float | None) -> float | None:
    return None if value is None or not whole else value / whole - 1


def _numeric(rows: list[dict[str, Any]], words: tuple[str, ...]) -> pd.DataFrame:
    """A frame whose columns are numbers, but those named in ``words``."""
    table = pd.DataFrame(rows)
    for name in table.columns.difference(list(words)):
        table[name] = pd.to_numeric(table[name]).astype(float)
    return table
