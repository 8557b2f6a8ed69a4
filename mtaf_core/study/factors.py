"""Which facts the tree models rely on, kept so that any cohort's answer is a query: importances, SHAP, permutation.

XGBoost and LightGBM are those of `mtaf_core.model.trees`, grown on the panel. Weight, gain, cover and split belong to
the trees and are one number for the whole market. SHAP values and what permuting a fact costs are kept video by video,
for an even sample, so that a cohort has its own.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mtaf_core.errors import BadInput
from mtaf_core.jobs import Progress, Step
from mtaf_core.model.manifest import Importance
from mtaf_core.schema import BEFORE_RELEASE
from mtaf_core.study.expectation import COLUMNS, evenly

if TYPE_CHECKING:
    from mtaf_core.model.trees import Trees

FEW = 80
MOST = 200_000
"""Videos that the trees learn from at most, drawn evenly over time."""
MANY = 30_000
"""From this many videos on, fewer and larger rounds of boosting do."""
EXPLAINED = 5_000
"""Videos whose SHAP values are kept, drawn evenly over time."""
PERMUTED = 4_000
"""Of the latest tenth, which the trees did not learn from: videos on which a permutation's cost is measured."""
REPEATS = 5
HELD_OUT = 0.1

IMPORTANCE, WORDS, SHAP, PERMUTATION = "importance.json", "words.json", "shap.parquet", "permutation.parquet"
LIBRARIES: dict[str, str] = {"xgboost": "XGBR", "lightgbm": "LGBM"}


def write(
    folder: Path, facts: np.ndarray, words: dict[str, tuple[str, ...]], truth: np.ndarray, progress: Progress
) -> int:
    """Grow the trees and write what they rely on into ``folder``.

    Parameters
    ----------
    facts : ndarray, (n, len(COLUMNS)), float32
        From `expectation.matrix`, oldest video first.
    words : dict of str to tuple of str
        What codes stand for.
    truth : ndarray, (n,)
        log1p of the score; NaN unknown.

    Returns
    -------
    int
        How many videos the trees learnt from; 0 where too few are known, and then nothing is written.
    """
    from mtaf_core.model import trees

    known = np.flatnonzero(~np.isnan(truth))
    if len(known) < FEW:
        return 0
    late = max(int(HELD_OUT * len(known)), FEW // 4)
    fit, stop = evenly(known[:-late], MOST), known[-late:]
    progress(Step("trees", 0, 3))
    # A large market would take all the rounds there are, and each of them again for every row explained.
    pace = trees.PACE if len(fit) < MANY else trees.Pace(0.12, 400)
    grown = trees.grow(facts, truth, fit, stop, pace=pace)
    grown.save(folder)
    progress(Step("trees", 1, 3))
    rows = evenly(known, EXPLAINED)
    shap = grown.shap(facts[rows])
    table = {"row": rows} | {
        f"{library}:{column}": values[:, place].astype(np.float32)
        for library, values in shap.items()
        for place, column in enumerate(COLUMNS)
    }
    pq.write_table(pa.table(table), folder / SHAP)
    (folder / IMPORTANCE).write_text(json.dumps(trees.importance(grown, shap)["features"]), encoding="utf-8")
    (folder / WORDS).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
    progress(Step("trees", 2, 3))
    pq.write_table(_permuted(grown, facts, truth, evenly(stop, PERMUTED)), folder / PERMUTATION)
    progress(Step("trees", 3, 3))
    return len(fit)


def read_importance(folder: Path) -> Importance:
    """What the trees rely on, by library, measure and row of Table 1.

    Raises
    ------
    BadInput
        If too few scores were known for trees.
    """
    file = folder / IMPORTANCE
    if not file.is_file():
        raise BadInput(
            f"Fewer than {FEW} videos have a known popularity, too few to say what drives it; import more counts."
        )
    found: Importance = json.loads(file.read_text(encoding="utf-8"))
    return found


def _permuted(grown: "Trees", facts: np.ndarray, truth: np.ndarray, rows: np.ndarray) -> pa.Table:
    """How much larger the squared error of each video gets when one fact is another video's; (n, 1 + 2 x features).

    The mean over `REPEATS` shufflings (Breiman 2001); all columns of a fact are shuffled together.
    """
    rng = np.random.default_rng(0)
    seen, real = facts[rows], truth[rows]
    before = {name: (value - real) ** 2 for name, value in grown.predict(seen).items()}
    table: dict[str, np.ndarray] = {"row": rows}
    for feature in BEFORE_RELEASE:
        places = [COLUMNS.index(column) for column in feature.columns]
        cost = {name: np.zeros(len(rows)) for name in before}
        if any(np.unique(seen[:, place]).size > 1 for place in places):
            for _ in range(REPEATS):
                shuffled = seen.copy()
                shuffled[:, places] = seen[rng.permutation(len(rows))][:, places]
                for name, value in grown.predict(shuffled).items():
                    cost[name] += ((value - real) ** 2 - before[name]) / REPEATS
        table |= {f"{library}:{feature.name}": cost[name] for library, name in LIBRARIES.items()}
    return pa.table(table)
