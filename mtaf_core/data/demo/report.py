"""What the demo market is, in numbers: the part of docs/DEMO.md that is generated, and how learnable its content is.

``python -m mtaf_core.data.demo.report`` prints the first; with a workspace folder behind it, the second.
"""

import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from mtaf_core.data.demo import effects
from mtaf_core.data.demo.effects import Floats
from mtaf_core.data.demo.growth import DAYS
from mtaf_core.data.demo.simulate import Market, simulate
from mtaf_core.data.store import Store
from mtaf_core.schema import SCORE_WEIGHTS, Modality


def log_scores(market: Market) -> Floats:
    """Log popularity (``log1p`` of equation 1) of each video on each day, (n, DAYS) float64."""
    rows = market.tables["snapshots"].sort_by([("video_id", "ascending"), ("day_index", "ascending")])
    score = sum(weight * np.asarray(rows[column], dtype=np.float64) for column, weight in SCORE_WEIGHTS.items())
    return np.asarray(np.log1p(score).reshape(-1, DAYS), dtype=np.float64)


def true_parts(market: Market) -> dict[str, Floats]:
    """The true contribution of every cause to every video, (n,) float64 each, in log units."""
    return {name: np.asarray(market.truth[f"effect_{name}"], dtype=np.float64) for name in effects.EFFECTS}


def ceiling(market: Market) -> float:
    """R² on day 6 of someone who knows every cause and no luck: the most a before-release forecast can reach."""
    return _r2(np.asarray(market.truth["expected_log_popularity"], dtype=np.float64), log_scores(market)[:, -1])


def markdown(market: Market) -> str:
    """Sizes, true effects, ceiling and early days of a market, as Markdown."""
    scores = log_scores(market)
    sizes = ", ".join(f"{table.num_rows:,} {name}" for name, table in market.tables.items())
    days = "\n".join(
        f"| {day + 1} | {100 * float(np.mean(np.exp(scores[:, day] - scores[:, -1]))):.0f}% "
        f"| {_r2(scores[:, day], scores[:, -1]):.3f} |"
        for day in range(DAYS)
    )
    none = ", ".join(f"`{name}`" for name in effects.NO_EFFECT)
    return "\n\n".join(
        (
            f"Rows: {sizes}.",
            effects.markdown(true_parts(market)),
            f"True effect exactly zero: {none}.",
            f"Knowing every cause and no luck gives R² {ceiling(market):.2f} on day 6, before release.",
            "| day | share of the day-6 score gathered | R² of that day's log score with day 6 |\n"
            "|---|---|---|\n" + days,
        )
    )


def learnable(workspace_dir: str | Path) -> dict[str, float]:
    """How well a linear model finds each planted content factor in the embeddings of its own modality.

    Parameters
    ----------
    workspace_dir : str or Path
        A demo workspace with embeddings.

    Returns
    -------
    dict of str to float
        Five-fold cross-validated R² of ridge regression, by factor of `effects.CONTENT_FACTORS`.
    """
    from sklearn.linear_model import RidgeCV
    from sklearn.model_selection import KFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    folder = Path(workspace_dir)
    truth = pq.read_table(folder / "truth.parquet").to_pandas().set_index("video_id")
    store = Store(folder)
    found = {}
    for modality in (Modality.TEXT, Modality.AUDIO, Modality.VISUAL):
        rows = store.query("SELECT video_id, vector FROM embeddings WHERE modality = ? ORDER BY ALL", [modality.value])
        vectors = np.array(rows["vector"].to_pylist(), dtype=np.float32)
        known = truth.loc[rows["video_id"].to_pylist()]
        for name in effects.CONTENT_FACTORS:
            if effects.EFFECTS[name].modality is modality:
                model = make_pipeline(StandardScaler(), RidgeCV(np.logspace(1, 5, 9)))
                y = known[f"factor_{name}"].to_numpy()
                guess = cross_val_predict(model, vectors, y, cv=KFold(5, shuffle=True, random_state=0))
                found[name] = 1 - float(np.mean((guess - y) ** 2) / np.var(y))
    return found


def _r2(x: Floats, y: Floats) -> float:
    return float(np.corrcoef(x, y)[0, 1] ** 2)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        for factor, r2 in learnable(sys.argv[1]).items():
            print(f"| `{factor}` | {r2:.2f} |")
    else:
        print(markdown(simulate()))
