"""What an edit costs explainerdashboard, in its own environment: `PYTHON benchmarks/explainer_whatif.py FILE`.

The file is Parquet with the facts and `log_score`. One edit is everything that its What-if tab asks of its server when
an input changes: the prediction, the contributions as a chart and as a table, and a partial dependence, each as the tab
asks for it and as the server answers it.
"""

import contextlib
import json
import sys
import time
from typing import Any

import numpy as np
import pandas as pd
import xgboost
from explainer_peer import fitted

EDITS = 60
PARTS = {"reg-prediction": "prediction", "contributions-graph": "chart", "contributions-table": "table",
         "pdp-graph": "dependence"}  # fmt: skip
"""Callbacks of the tab, by the beginning of what they fill in."""


def main() -> None:
    model, facts, truth = fitted(sys.argv[1])
    with contextlib.redirect_stdout(sys.stderr):
        found = measure(model, facts, truth)
    print(json.dumps({**found, "rows": len(facts), "columns": facts.shape[1]}))


def measure(model: xgboost.XGBRegressor, facts: pd.DataFrame, truth: pd.Series) -> dict[str, object]:
    from explainerdashboard import ExplainerDashboard, RegressionExplainer

    explainer = RegressionExplainer(model, facts, truth)
    app = ExplainerDashboard(explainer, shap_interaction=False).app
    client, values = app.server.test_client(), {one.id: one for one in app.layout._traverse() if hasattr(one, "id")}
    asked = {part: name for name in app.callback_map for begins, part in PARTS.items() if name.startswith(begins)
             and any("feature-input" in one["id"] for one in app.callback_map[name]["inputs"])}  # fmt: skip
    assert len(asked) == len(PARTS), asked
    random, row = np.random.default_rng(0), facts.iloc[0].to_dict()
    names = list(row)
    taken: dict[str, list[float]] = {part: [] for part in (*asked, "all")}
    for number in range(EDITS + 1):
        name = names[number % len(names)]
        row[name] = float(facts[name].iloc[random.integers(len(facts))])
        each = {part: posted(client, app, output, values, row, name) for part, output in asked.items()}
        if number:  # the first one wakes things
            for part, seconds in {**each, "all": sum(each.values())}.items():
                taken[part].append(seconds)
    return dict(taken)


def posted(client: Any, app: Any, output: str, values: dict[str, Any], row: dict[str, float], name: str) -> float:
    """Seconds until the server has answered what the browser would ask."""
    inputs, changed = [], []
    for one in app.callback_map[output]["inputs"]:
        told = getattr(values.get(one["id"]), one["property"], None)
        if one["id"].startswith("feature-input-"):
            column = one["id"].removeprefix("feature-input-").rsplit("-input-", 1)[0]
            told = row[column]
            changed += [f"{one['id']}.{one['property']}"] if column == name else []
        inputs.append({**one, "value": told})
    where, what = output.rsplit(".", 1)
    body = {"output": output, "outputs": {"id": where, "property": what}, "inputs": inputs, "changedPropIds": changed,
            "state": []}  # fmt: skip
    started = time.perf_counter()
    answer = client.post("/_dash-update-component", json=body)
    taken = time.perf_counter() - started
    assert answer.status_code == 200, answer.data[:500]
    assert len(answer.data) > 100, answer.data
    return taken


if __name__ == "__main__":
    main()
