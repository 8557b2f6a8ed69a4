"""What per-video forecasts say of a method: pure functions of the table that an evaluation keeps.

They need neither torch nor the tree libraries, so that a page can ask them.
"""

from typing import Any

import numpy as np
import pandas as pd

DECILES = 10
KEYS = ("platform", "video_id", "created_at", "tier", "uploader_seen", "truth", "low", "high")
"""Columns of the table that are no method's forecasts."""


def predicted_methods(videos: pd.DataFrame) -> list[str]:
    """The methods whose forecasts the table holds."""
    return [column for column in videos.columns if column not in KEYS]


def coverage(videos: pd.DataFrame) -> dict[str, Any]:
    """How often the range held the score: ``by_decile`` of the true score, ``by_tier``, ``by_uploader_seen``."""
    log_low, log_high = np.log1p(videos["low"]), np.log1p(videos["high"])
    marked = videos.assign(
        held=(log_low <= videos["truth"] + 1e-9) & (videos["truth"] <= log_high + 1e-9),
        width=log_high - log_low,
        decile=deciles(videos["truth"].to_numpy()),
    )
    marked = marked[marked["low"].notna()]

    def by(column: str) -> list[dict[str, Any]]:
        return [
            {
                column: _plain(group),
                "n": len(part),
                "coverage": float(part["held"].mean()),
                "mean_width": float(part["width"].mean()),
            }
            for group, part in marked.groupby(column)
        ]

    return {"by_decile": by("decile"), "by_tier": by("tier"), "by_uploader_seen": by("uploader_seen")}


def errors_by(videos: pd.DataFrame, method: str, column: str) -> pd.DataFrame:
    """Error of one method by ``"decile"`` (of the true score), ``"tier"`` or ``"uploader_seen"``.

    Returns
    -------
    DataFrame
        ``group``, ``n``, ``MAE``, ``MSE`` and ``bias`` (mean of forecast minus truth), in log units.
    """
    error = videos[method] - videos["truth"]
    group = deciles(videos["truth"].to_numpy()) if column == "decile" else videos[column].to_numpy()
    table = pd.DataFrame({"group": group, "error": error, "absolute": error.abs(), "square": error**2})
    found = table.groupby("group").agg(
        n=("error", "size"), MAE=("absolute", "mean"), MSE=("square", "mean"), bias=("error", "mean")
    )
    return found.reset_index()


def calibration(videos: pd.DataFrame, method: str, bins: int = DECILES) -> pd.DataFrame:
    """Mean forecast beside mean truth in groups of equal size, by forecast: ``n``, ``predicted``, ``truth``, ``sd``."""
    group = deciles(videos[method].to_numpy(), bins)
    table = pd.DataFrame({"group": group, "predicted": videos[method], "truth": videos["truth"]})
    found = table.groupby("group").agg(
        n=("truth", "size"), predicted=("predicted", "mean"), truth=("truth", "mean"), sd=("truth", "std")
    )
    return found.reset_index(drop=True)


def residuals_over_time(videos: pd.DataFrame, method: str, bins: int = 12) -> pd.DataFrame:
    """Truth minus forecast over upload time, in groups of equal size.

    Returns
    -------
    DataFrame
        ``from``, ``to`` (upload times), ``n``, ``mean``, and the quantiles ``q10``, ``q50`` and ``q90``.
    """
    ordered = videos.sort_values("created_at", kind="stable")
    residual = (ordered["truth"] - ordered[method]).to_numpy()
    found = []
    for rows in np.array_split(np.arange(len(ordered)), min(bins, len(ordered))):
        times = ordered["created_at"].iloc[rows]
        low, middle, high = np.quantile(residual[rows], [0.1, 0.5, 0.9])
        mean = float(residual[rows].mean())
        found.append((times.iloc[0], times.iloc[-1], len(rows), mean, float(low), float(middle), float(high)))
    return pd.DataFrame(found, columns=["from", "to", "n", "mean", "q10", "q50", "q90"])


def deciles(values: np.ndarray, bins: int = DECILES) -> np.ndarray:
    """The group of each value, 1 to ``bins``, by rank: groups of equal size, equal values in the same group."""
    if len(values) == 0:
        return np.zeros(0, dtype=int)
    ranked = pd.Series(values).rank(method="min").to_numpy() - 1
    return np.minimum((ranked * bins / len(values)).astype(int), bins - 1) + 1


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
