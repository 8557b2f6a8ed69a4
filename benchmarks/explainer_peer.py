"""explainerdashboard on a table of facts, in an environment of its own: `PYTHON benchmarks/explainer_peer.py FILE`.

The file is Parquet with the facts and `log_score`. The model is XGBoost with 200 trees, as its users have it.
"""

import contextlib
import json
import resource
import sys
import time

import pandas as pd
import xgboost

RUNS = 5


def main() -> None:
    model, facts, truth = fitted(sys.argv[1])
    with contextlib.redirect_stdout(sys.stderr):
        found = measure(model, facts, truth)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({**found, "rows": len(facts), "columns": facts.shape[1], "peak": used.ru_maxrss * 1024}))


def fitted(file: str) -> tuple[xgboost.XGBRegressor, pd.DataFrame, pd.Series]:
    """The model on the facts of a file, the facts as numbers, and the log scores."""
    facts = pd.read_parquet(file)
    truth = facts.pop("log_score")
    words = facts.select_dtypes(exclude="number").columns
    facts[words] = facts[words].apply(lambda column: column.astype("category").cat.codes)
    facts = facts.fillna(-1).astype(float)
    model = xgboost.XGBRegressor(n_estimators=200, max_depth=5, learning_rate=0.05, n_jobs=2)
    return model.fit(facts, truth), facts, truth


def measure(model: xgboost.XGBRegressor, facts: pd.DataFrame, truth: pd.Series) -> dict[str, object]:
    from explainerdashboard import ExplainerDashboard, RegressionExplainer

    started = time.perf_counter()
    explainer = RegressionExplainer(model, facts, truth)
    ExplainerDashboard(explainer, shap_interaction=False)
    build = time.perf_counter() - started
    names = list(facts.columns[:RUNS])
    return {
        "build_s": build,
        "importance_s": [timed(explainer.plot_importances) for _ in range(RUNS)],
        "dependence_s": [timed(explainer.plot_dependence, name) for name in names],
        "whatif_s": [timed(explainer.plot_contributions, X_row=facts.iloc[[i]]) for i in range(20)],
    }


def timed(task, *given, **named) -> float:
    started = time.perf_counter()
    task(*given, **named)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
