"""Two gradient-boosted tree models of the before-release columns, and what they rely on (section 2.1, figure 3).

XGBoost and LightGBM are trained on the same blocks as the network, with native categories and native missing values.
They answer "which facts matter"; content vectors are not among their inputs.

The importance types are the libraries' own. XGBoost: ``weight`` (how often a column splits), ``gain`` and ``cover``
(loss reduction and videos a split, on average), ``total_gain`` and ``total_cover`` (the same, added up). LightGBM:
``split`` and ``gain`` (total). ``shap`` is the mean absolute SHAP value in log units: tree SHAP (Lundberg et al. 2018)
by the libraries' own ``pred_contribs``, which ``shap.TreeExplainer`` itself hands these models to; a test holds the two
equal, and going straight there spares the import of shap.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mtaf_core.model.encoders import CATEGORICAL, category_words
from mtaf_core.model.manifest import LIGHTGBM, XGBOOST, Importance
from mtaf_core.schema import BEFORE_RELEASE

if TYPE_CHECKING:
    import lightgbm
    import pandas as pd
    import xgboost

COLUMNS: tuple[str, ...] = tuple(column for feature in BEFORE_RELEASE for column in feature.columns)
SHAP_ROWS = 2_000
_PATIENCE = 60
_FEW_VIDEOS = 5_000


@dataclass(frozen=True)
class Pace:
    """How far each round of boosting goes, and how many there are at most."""

    learning_rate: float
    rounds: int


PACE = Pace(0.04, 1_500)


@dataclass(frozen=True)
class Trees:
    """The two fitted models."""

    xgboost: "xgboost.Booster"
    lightgbm: "lightgbm.Booster"

    def predict(self, matrix: np.ndarray) -> dict[str, np.ndarray]:
        """Predict log scores from `tree_matrix` rows; ``{"XGBR": (n,), "LGBM": (n,)}``."""
        return {
            "XGBR": np.asarray(self.xgboost.predict(_dmatrix(matrix)), dtype=np.float64),
            "LGBM": np.asarray(self.lightgbm.predict(matrix), dtype=np.float64),
        }

    def shap(self, matrix: np.ndarray) -> dict[str, np.ndarray]:
        """SHAP values of `tree_matrix` rows for each library, (n, columns), in log units."""
        return {
            "xgboost": self.xgboost.predict(_dmatrix(matrix), pred_contribs=True)[:, :-1],
            "lightgbm": np.asarray(self.lightgbm.predict(matrix, pred_contrib=True))[:, :-1],
        }

    def save(self, folder: Path) -> None:
        """Write both models in their own formats."""
        self.xgboost.save_model(folder / XGBOOST)
        self.lightgbm.save_model(folder / LIGHTGBM)


def load_trees(folder: Path) -> Trees:
    """Read both models back; the caller has compared their checksums."""
    import lightgbm
    import xgboost

    booster = xgboost.Booster()
    booster.load_model(folder / XGBOOST)
    return Trees(booster, lightgbm.Booster(model_file=folder / LIGHTGBM))


def tree_matrix(facts: "pd.DataFrame", vocabulary: dict[str, tuple[str, ...]]) -> np.ndarray:
    """Lay the before-release columns out for the trees.

    Parameters
    ----------
    facts : DataFrame, n rows
    vocabulary : dict of str to tuple of str
        `Preprocessor.vocabulary`: what the code of a category is its place in.

    Returns
    -------
    ndarray, (n, len(COLUMNS)), float32
        Numbers as they are and categories as codes; NaN where missing or unknown.
    """
    matrix = np.full((len(facts), len(COLUMNS)), np.nan, dtype=np.float32)
    for position, column in enumerate(COLUMNS):
        if column in CATEGORICAL:
            code = {word: float(number) for number, word in enumerate(vocabulary[column])}
            words = category_words(facts, column, CATEGORICAL[column])
            matrix[:, position] = [np.nan if word is None else code.get(word, np.nan) for word in words]
        else:
            matrix[:, position] = facts[column].to_numpy(dtype=np.float64, na_value=np.nan)
    return matrix


def grow(
    matrix: np.ndarray, truth: np.ndarray, fit: np.ndarray, stop: np.ndarray, seed: int = 0, pace: Pace = PACE
) -> Trees:
    """Fit both models on the rows ``fit``, as many rounds as do best on the rows ``stop``.

    Parameters
    ----------
    matrix : ndarray, (n, len(COLUMNS)), float32
        From `tree_matrix`.
    truth : ndarray, (n,)
        log1p of the popularity score.
    fit, stop : ndarray of int
    seed : int, default 0
    pace : Pace
    """
    given = (matrix, truth, fit, stop, seed, pace)
    return Trees(_grow_xgboost(*given), _grow_lightgbm(*given))


def importance(trees: Trees, shap: dict[str, np.ndarray]) -> dict[str, Importance]:
    """Say what the trees rely on.

    Parameters
    ----------
    trees : Trees
    shap : dict of str to ndarray, (n, len(COLUMNS))
        From `Trees.shap`.

    Returns
    -------
    dict
        ``{"features": Importance, "columns": Importance}``. A feature of several columns ("Video quality") is their
        sum; an average over splits is averaged over the splits of all its columns; its SHAP value for a video is the
        sum of its columns'.
    """
    columns: Importance = {"xgboost": _scores_xgboost(trees.xgboost), "lightgbm": _scores_lightgbm(trees.lightgbm)}
    for library, values in shap.items():
        columns[library]["shap"] = dict(zip(COLUMNS, np.abs(values).mean(axis=0).tolist(), strict=True))
    features = {
        library: {kind: _summed(values) for kind, values in kinds.items()} for library, kinds in columns.items()
    }
    scores = features["xgboost"]
    for average, total in (("gain", "total_gain"), ("cover", "total_cover")):
        splits = scores["weight"]
        scores[average] = {name: value / splits[name] if splits[name] else 0.0 for name, value in scores[total].items()}
    for library, values in shap.items():
        features[library]["shap"] = {
            feature.name: float(np.abs(values[:, [COLUMNS.index(c) for c in feature.columns]].sum(axis=1)).mean())
            for feature in BEFORE_RELEASE
        }
    return {"features": features, "columns": columns}


def shap_table(facts: "pd.DataFrame", shap: dict[str, np.ndarray]) -> "pd.DataFrame":
    """Lay values and SHAP values out side by side, as ``shap.parquet`` holds them."""
    import pandas as pd

    parts = {f"value:{column}": facts[column].to_numpy() for column in COLUMNS}
    for library, values in shap.items():
        parts |= {f"{library}:{column}": values[:, i].astype(np.float32) for i, column in enumerate(COLUMNS)}
    return pd.DataFrame(parts)


def _summed(values: dict[str, float]) -> dict[str, float]:
    return {feature.name: sum(values[column] for column in feature.columns) for feature in BEFORE_RELEASE}


def _scores_xgboost(booster: "xgboost.Booster") -> dict[str, dict[str, float]]:
    kinds = ("weight", "gain", "cover", "total_gain", "total_cover")
    found: dict[str, dict[str, Any]] = {kind: booster.get_score(importance_type=kind) for kind in kinds}
    return {kind: {c: float(scores.get(c, 0.0)) for c in COLUMNS} for kind, scores in found.items()}


def _scores_lightgbm(booster: "lightgbm.Booster") -> dict[str, dict[str, float]]:
    return {
        kind: dict(zip(COLUMNS, map(float, booster.feature_importance(importance_type=kind)), strict=True))
        for kind in ("split", "gain")
    }


def _dmatrix(matrix: np.ndarray, truth: np.ndarray | None = None) -> "xgboost.DMatrix":
    import xgboost

    types = ["c" if column in CATEGORICAL else "q" for column in COLUMNS]
    return xgboost.DMatrix(
        matrix, label=truth, feature_names=list(COLUMNS), feature_types=types, enable_categorical=True
    )


def _grow_xgboost(
    matrix: np.ndarray, truth: np.ndarray, fit: np.ndarray, stop: np.ndarray, seed: int, pace: Pace
) -> "xgboost.Booster":
    import xgboost

    settings = {
        "objective": "reg:squarederror",
        "tree_method": "hist",
        "learning_rate": pace.learning_rate,
        "max_depth": 5,
        "min_child_weight": 5,
        "subsample": 0.8,
        "colsample_bytree": 0.7,
        "lambda": 5.0,
        "seed": seed,
        "nthread": _threads(fit),
    }
    booster = xgboost.train(
        settings,
        _dmatrix(matrix[fit], truth[fit]),
        pace.rounds,
        evals=[(_dmatrix(matrix[stop], truth[stop]), "stop")],
        early_stopping_rounds=_PATIENCE,
        verbose_eval=False,
    )
    return booster[: booster.best_iteration + 1]


def _grow_lightgbm(
    matrix: np.ndarray, truth: np.ndarray, fit: np.ndarray, stop: np.ndarray, seed: int, pace: Pace
) -> "lightgbm.Booster":
    import lightgbm

    settings = {
        "objective": "regression",
        "learning_rate": pace.learning_rate,
        "num_leaves": 15,
        "min_data_in_leaf": 15,
        "feature_fraction": 0.7,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "lambda_l2": 5.0,
        "cat_smooth": 20.0,
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "verbosity": -1,
        "num_threads": _threads(fit),
    }
    learnt = lightgbm.Dataset(
        matrix[fit],
        truth[fit],
        feature_name=list(COLUMNS),
        categorical_feature=[c for c in COLUMNS if c in CATEGORICAL],
        free_raw_data=False,
    )
    booster = lightgbm.train(
        settings,
        learnt,
        pace.rounds,
        valid_sets=[learnt.create_valid(matrix[stop], truth[stop])],
        callbacks=[lightgbm.early_stopping(_PATIENCE, verbose=False)],
    )
    return lightgbm.Booster(model_str=booster.model_to_string(num_iteration=booster.best_iteration))


def _threads(fit: np.ndarray) -> int:
    """One thread for few videos, where threads only wait for each other; all of them (0) for many."""
    return 1 if len(fit) < _FEW_VIDEOS else 0
