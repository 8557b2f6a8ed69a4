"""Other libraries on the very table and split of `evaluate`: RealMLP, TabM, AutoGluon, pytorch-widedeep.

``python -m benchmarks.peers --workspace DIR`` measures those that are installed. What they need is in
``benchmarks/requirements.txt``; where its pins clash with the product's, hand the table over::

    python -m benchmarks.peers --workspace DIR --save-table table.npz
    peers/bin/python -m benchmarks.peers --table table.npz
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peer_table import PeerTable
from mtaf_core.evaluation import bootstrap
from mtaf_core.model.metrics import scorecard

LABEL = "truth"
Fit = Callable[[PeerTable, int, argparse.Namespace], np.ndarray]


def realmlp(table: PeerTable, seed: int, options: argparse.Namespace) -> np.ndarray:
    """RealMLP with its tuned defaults (Holzmüller et al. 2024)."""
    from pytabkit import RealMLP_TD_Regressor

    return _pytabkit(RealMLP_TD_Regressor(device="cpu", random_state=seed, n_threads=options.threads), table)


def tabm(table: PeerTable, seed: int, options: argparse.Namespace) -> np.ndarray:
    """TabM with pytabkit's defaults (Gorishniy et al. 2025)."""
    from pytabkit import TabM_D_Regressor

    return _pytabkit(TabM_D_Regressor(device="cpu", random_state=seed, n_threads=options.threads), table)


def autogluon_tabular(table: PeerTable, seed: int, options: argparse.Namespace) -> np.ndarray:
    """AutoGluon Tabular: everything it can fit in the time, weighed on the latest training videos."""
    from autogluon.tabular import TabularPredictor

    train, test = table.frames(filled=False)
    train[LABEL] = table.train_truth
    later = table.later
    older = np.setdiff1d(np.arange(len(train)), later)
    with tempfile.TemporaryDirectory() as folder:
        predictor = TabularPredictor(
            label=LABEL, problem_type="regression", eval_metric="mean_squared_error", path=folder, verbosity=0
        )
        predictor.fit(
            train.iloc[older], tuning_data=train.iloc[later], time_limit=60 * options.minutes, num_cpus=options.threads
        )
        return np.asarray(predictor.predict(test), dtype=np.float64)


def autogluon_multimodal(table: PeerTable, seed: int, options: argparse.Namespace) -> np.ndarray:
    """AutoGluon MultiModal: the table and the text itself, its own backbone fine-tuned."""
    from autogluon.multimodal import MultiModalPredictor

    train, test = table.frames(filled=False, text=True)
    train[LABEL] = table.train_truth
    later = table.later
    older = np.setdiff1d(np.arange(len(train)), later)
    with tempfile.TemporaryDirectory() as folder:
        predictor = MultiModalPredictor(
            label=LABEL, problem_type="regression", path=folder, verbosity=0, warn_if_exist=False
        )
        predictor.fit(
            train.iloc[older], tuning_data=train.iloc[later], time_limit=round(60 * options.minutes), seed=seed
        )
        return np.asarray(predictor.predict(test), dtype=np.float64).ravel()


def widedeep(table: PeerTable, seed: int, options: argparse.Namespace) -> np.ndarray:
    """pytorch-widedeep's TabMlp on the table, stopped early on the latest training videos."""
    from pytorch_widedeep import Trainer
    from pytorch_widedeep.callbacks import EarlyStopping
    from pytorch_widedeep.models import TabMlp, WideDeep
    from pytorch_widedeep.preprocessing import TabPreprocessor

    train, test = table.frames(filled=True)
    names = list(train.columns)
    words = [name for name, one in zip(names, table.categorical, strict=True) if one and train[name].nunique() > 1]
    numbers = [name for name, one in zip(names, table.categorical, strict=True) if not one and train[name].std() > 0]
    prepared = TabPreprocessor(cat_embed_cols=words, continuous_cols=numbers, cols_to_scale=numbers)
    inputs = prepared.fit_transform(train.astype(dict.fromkeys(words, str)))
    asked = prepared.transform(test.astype(dict.fromkeys(words, str)))
    network = TabMlp(column_idx=prepared.column_idx, cat_embed_input=prepared.cat_embed_input, continuous_cols=numbers)
    trainer = Trainer(
        WideDeep(deeptabular=network), objective="regression", seed=seed, verbose=0,
        callbacks=[EarlyStopping(patience=15, restore_best_weights=True)],
    )  # fmt: skip
    later = table.later
    older = np.setdiff1d(np.arange(len(inputs)), later)
    center = float(table.train_truth.mean())
    target = (table.train_truth - center).astype(np.float32)
    trainer.fit(
        X_train={"X_tab": inputs[older], "target": target[older]},
        X_val={"X_tab": inputs[later], "target": target[later]},
        n_epochs=80, batch_size=64,
    )  # fmt: skip
    return np.asarray(trainer.predict(X_tab=asked), dtype=np.float64).ravel() + center


PEERS: dict[str, Fit] = {
    "RealMLP": realmlp,
    "TabM": tabm,
    "AutoGluon Tabular": autogluon_tabular,
    "AutoGluon MultiModal": autogluon_multimodal,
    "WideDeep": widedeep,
}


def measure(table: PeerTable, options: argparse.Namespace) -> dict[str, Any]:
    """Fit every peer asked for, and measure it as `evaluate` measures its rows.

    Returns
    -------
    dict
        ``rows`` (``method``, the five measures as means over seeds, ``ci95``, ``seconds``, ``seeds``) and ``skipped``
        (``method`` and ``why``): a peer that is not installed or fails costs its own row alone.
    """
    counts = bootstrap.resampled_counts(len(table.test_truth), 1_000, options.seed)
    rows, skipped = [], []
    for name in options.peers:
        started, found = time.perf_counter(), []
        try:
            for number in range(options.seeds):
                print(f"{name}, seed {number + 1} of {options.seeds}", file=sys.stderr)
                found.append(PEERS[name](table, options.seed + number, options))
        except Exception as error:  # whatever another library raises is its row's end, not ours
            skipped.append({"method": name, "why": f"{type(error).__name__}: {error}"})
            continue
        predicted = np.stack(found)
        cards = [scorecard(table.test_truth, one) for one in predicted]
        means = {name: float(np.mean([card[name] or 0.0 for card in cards])) for name in bootstrap.MEASURES}
        rows.append(
            {
                "method": name,
                **means,
                "ci95": bootstrap.intervals(table.test_truth, predicted, counts),
                "of_their_mean": scorecard(table.test_truth, predicted.mean(axis=0)),
                "seconds": time.perf_counter() - started,
                "seeds": len(found),
            }
        )
    return {"split": table.described, "rows": rows, "skipped": skipped}


def main(argv: list[str] | None = None) -> None:
    options = _options(argv)
    table = PeerTable.load(options.table) if options.table else _table(options)
    if options.save_table:
        table.save(options.save_table)
        print(f"{options.save_table}: {table.described}")
        return
    document = measure(table, options)
    if options.json:
        print(json.dumps(document, ensure_ascii=False, indent=1))
        return
    print(document["split"])
    print(f"{'':<22}" + "".join(f"{name:>9}" for name in bootstrap.MEASURES) + "  seconds   MSE, 95% interval")
    for row in document["rows"]:
        told = "".join(f"{row[name]:>9.4f}" for name in bootstrap.MEASURES)
        low, high = row["ci95"]["MSE"]
        print(f"{row['method']:<22}{told}{row['seconds']:>9.1f}   {low:.4f} to {high:.4f}")
    for one in document["skipped"]:
        print(f"{one['method']} was skipped: {one['why']}")


def _pytabkit(model: Any, table: PeerTable) -> np.ndarray:
    train, test = table.frames(filled=True)
    words = [name for name, one in zip(train.columns, table.categorical, strict=True) if one]
    model.fit(train, table.train_truth, val_idxs=table.later, cat_col_names=words)
    return np.asarray(model.predict(test), dtype=np.float64).ravel()


def _table(options: argparse.Namespace) -> PeerTable:
    from mtaf_core.evaluation.protocol import Settings
    from mtaf_core.insight.whatif import parse_time
    from mtaf_core.workspace import Workspace

    workspace = Workspace.open(options.workspace)
    at = parse_time(options.split_at, workspace.info.timezone) if options.split_at else None
    settings = Settings(options.split, options.train_fraction, at, False, options.observed_days, seed=options.seed)
    return PeerTable.of(workspace, settings)


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--workspace", type=Path, metavar="DIR")
    source.add_argument("--table", type=Path, metavar="FILE.npz", help="a table written with --save-table")
    parser.add_argument("--save-table", type=Path, metavar="FILE.npz", help="write the table and stop")
    parser.add_argument("--split", choices=["temporal", "random", "uploader"], default="temporal")
    parser.add_argument("--train-fraction", type=float, default=0.7)
    parser.add_argument("--split-at", metavar="DATE")
    parser.add_argument("--observed-days", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=5.0, help="for each AutoGluon fit")
    parser.add_argument("--peers", type=_names, default=list(PEERS), metavar="A,B", help=f"of: {', '.join(PEERS)}")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(argv)


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in PEERS:
            raise argparse.ArgumentTypeError(f"there is no peer '{name}'; choose from: {', '.join(PEERS)}")
    return names


if __name__ == "__main__":
    main()
