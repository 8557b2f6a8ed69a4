"""What an edit costs explainerdashboard, in its own environment: `PYTHON benchmarks/explainer_whatif.py FILE`.

The file is Parquet with the facts and `log_score`. One edit is what its What-if tab works out when an input changes:
the prediction, the contributions as a chart and as a table, and the partial dependence of a feature with the tab's
defaults.
"""

import contextlib
import json
import sys
import time

import numpy as np
import pandas as pd
import xgboost
from explainer_peer import timed

EDITS = 60


def main() -> None:
    facts = pd.read_parquet(sys.argv[1])
    truth = facts.pop("log_score")
    words = facts.select_dtypes(exclude="number").columns
    facts[words] = facts[words].apply(lambda column: column.astype("category").cat.codes)
    facts = facts.fillna(-1).astype(float)
    model = xgboost.XGBRegressor(n_estimators=200, max_depth=5, learning_rate=0.05, n_jobs=2).fit(facts, truth)
    with contextlib.redirect_stdout(sys.stderr):
        found = measure(model, facts, truth)
    print(json.dumps({**found, "rows": len(facts), "columns": facts.shape[1]}))


def measure(model: xgboost.XGBRegressor, facts: pd.DataFrame, truth: pd.Series) -> dict[str, object]:
    from explainerdashboard import ExplainerDashboard, RegressionExplainer

    started = time.perf_counter()
    explainer = RegressionExplainer(model, facts, truth)
    ExplainerDashboard(explainer, shap_interaction=False)
    build = time.perf_counter() - started
    order = explainer.columns_ranked_by_shap()
    random, row = np.random.default_rng(0), facts.iloc[[0]].copy()
    parts: dict[str, list[float]] = {"prediction": [], "chart": [], "table": [], "dependence": [], "all": []}
    for number in range(EDITS + 1):
        name = order[number % len(order)]
        row[name] = facts[name].iloc[random.integers(len(facts))]
        taken = {
            "prediction": timed(explainer.prediction_result_df, X_row=row),
            "chart": timed(explainer.plot_contributions, X_row=row),
            "table": timed(explainer.get_contrib_summary_df, X_row=row),
            "dependence": timed(
                explainer.plot_pdp, order[0], X_row=row, sample=100, gridlines=50, gridpoints=10
            ),
        }  # fmt: skip
        if number:  # the first one wakes things
            for part, seconds in {**taken, "all": sum(taken.values())}.items():
                parts[part].append(seconds)
    return {"build_s": build, **parts}


if __name__ == "__main__":
    main()
