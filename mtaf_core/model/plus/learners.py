"""The parts of the stack that are not networks: boosted trees, a linear model, and a Gaussian process.

Each learns a target from a `Table`'s values, and each is stored in the open: the boosters in their own formats, the
rest as arrays. Where a modality is taken away its columns are unknown (NaN): trees send an unknown number down the
branch that suited it in training, and the others put the mean in its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    import lightgbm
    import xgboost

    from mtaf_core.model.plus.design import Table

CLIPPED = 5.0
"""Standardised values stop here."""
MOST_KERNEL_ROWS = 3_000
"""Videos a Gaussian process is fitted on, at most: the latest."""
MASKED_SHARE = 0.3
"""Trees also practise on copies of this share of the videos with some modalities taken away."""
MASKED_WEIGHT = 0.3


class Learner(Protocol):
    """One part of the stack, fitted."""

    def predict(self, values: np.ndarray) -> np.ndarray:
        """Predict the target from ``values``, (n, columns) with NaN unknown; (n,) float64."""

    def save(self, folder: Path) -> None:
        """Write it into ``folder``, which is there."""


@dataclass(frozen=True)
class Standard:
    """Numbers made fit for linear models: standardised, categories told apart, unknown ones the mean.

    Parameters
    ----------
    mean, rate : ndarray, (columns,)
    codes : ndarray, (categories, 2), int64
        Column and code of every category's own 0/1 column.
    """

    mean: np.ndarray
    rate: np.ndarray
    codes: np.ndarray

    @classmethod
    def fit(cls, values: np.ndarray, categorical: np.ndarray) -> "Standard":
        """Learn from ``values``, (n, columns), NaN unknown."""
        there = np.isfinite(values)
        counts = np.maximum(there.sum(axis=0), 1)
        mean = np.where(there, values, 0.0).sum(axis=0) / counts
        spread = np.sqrt((np.where(there, values - mean, 0.0) ** 2).sum(axis=0) / counts)
        rate = np.divide(1.0, spread, out=np.zeros_like(spread), where=(spread > 1e-9) & ~categorical)
        codes = [
            (column, int(code))
            for column in np.flatnonzero(categorical)
            for code in np.unique(values[there[:, column], column])
        ]
        return cls(mean, rate, np.array(codes, dtype=np.int64).reshape(-1, 2))

    def transform(self, values: np.ndarray) -> np.ndarray:
        """(n, columns + categories) float64 without NaN; an unknown number is the mean, an unknown category none."""
        scaled = np.clip((values - self.mean) * self.rate, -CLIPPED, CLIPPED)
        chosen = values[:, self.codes[:, 0]] == self.codes[:, 1]
        return np.hstack([np.where(np.isfinite(scaled), scaled, 0.0), chosen.astype(np.float64) - 0.5])

    def arrays(self) -> dict[str, np.ndarray]:
        return {"mean": self.mean, "rate": self.rate, "codes": self.codes}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Standard":
        return cls(arrays["mean"], arrays["rate"], arrays["codes"])


@dataclass(frozen=True)
class Linear:
    """Ridge regression, its penalty chosen by leave-one-out (Golub, Heath and Wahba 1979), with a few squares.

    Parameters
    ----------
    standard : Standard
    weights : ndarray
        Of the standardised columns, then of the products of ``crossed``.
    intercept : float
    crossed : ndarray, (m,), int64
        Columns whose products with each other are inputs too.
    """

    standard: Standard
    weights: np.ndarray
    intercept: float
    crossed: np.ndarray

    @classmethod
    def fit(cls, table: "Table", rows: np.ndarray, target: np.ndarray, crossed: tuple[str, ...] = ()) -> "Linear":
        """Fit on ``rows`` of the table; ``target`` is (rows,)."""
        from sklearn.linear_model import RidgeCV

        standard = Standard.fit(table.values[rows], table.categorical)
        products = np.array([table.names.index(name) for name in crossed if name in table.names], dtype=np.int64)
        made = cls(standard, np.zeros(0), 0.0, products)
        fitted = RidgeCV(np.logspace(-1, 4, 16)).fit(made._inputs(table.values[rows]), target)
        return cls(standard, fitted.coef_, float(fitted.intercept_), products)

    def predict(self, values: np.ndarray) -> np.ndarray:
        found: np.ndarray = self._inputs(values) @ self.weights + self.intercept
        return found

    def save(self, folder: Path) -> None:
        from safetensors.numpy import save_file

        arrays = {"weights": self.weights, "intercept": np.array([self.intercept]), "crossed": self.crossed}
        save_file({**arrays, **self.standard.arrays()}, folder / "linear.safetensors")

    @classmethod
    def load(cls, folder: Path) -> "Linear":
        from safetensors.numpy import load_file

        arrays = load_file(folder / "linear.safetensors")
        return cls(Standard.from_arrays(arrays), arrays["weights"], float(arrays["intercept"][0]), arrays["crossed"])

    def _inputs(self, values: np.ndarray) -> np.ndarray:
        plain = self.standard.transform(values)
        pairs = [plain[:, a] * plain[:, b] for i, a in enumerate(self.crossed) for b in self.crossed[i:]]
        return np.column_stack([plain, *pairs]) if pairs else plain


@dataclass(frozen=True)
class Process:
    """A Gaussian process with a linear and a smooth kernel (Rasmussen and Williams 2006, chapter 2).

    Its length scale, the weight of the linear kernel and the noise are those of a small grid that predict the latest
    fifth of the rows best.

    Parameters
    ----------
    standard : Standard
    support : ndarray, (m, columns), float16
        Standardised inputs of the rows fitted on.
    weights : ndarray, (m,)
    mean : float
    length, linear : float
        Of the smooth kernel, in units of the square root of the columns; and the weight of the linear one.
    """

    standard: Standard
    support: np.ndarray
    weights: np.ndarray
    mean: float
    length: float
    linear: float

    @cached_property
    def _inputs(self) -> np.ndarray:
        return self.support.astype(np.float64)

    @classmethod
    def fit(cls, table: "Table", rows: np.ndarray, target: np.ndarray) -> "Process":
        """Fit on the latest ``rows`` of the table, which are oldest first; ``target`` is (rows,)."""
        from scipy.linalg import cho_factor, cho_solve

        rows, target = rows[-MOST_KERNEL_ROWS:], target[-MOST_KERNEL_ROWS:]
        standard = Standard.fit(table.values[rows], table.categorical)
        support = standard.transform(table.values[rows]).astype(np.float16)
        inputs = support.astype(np.float64)
        few = slice(max(0, len(rows) - 1_200), len(rows))
        probe, wanted = inputs[few], target[few]
        cut = max(int(0.8 * len(probe)), 1)
        best, chosen = np.inf, (1.0, 0.3, 0.5)
        for length in (0.7, 1.5, 3.0):
            for linear in (0.1, 1.0):
                kernel = _kernel(probe, probe, length, linear)
                for noise in (0.1, 0.3, 1.0, 3.0):
                    mean = wanted[:cut].mean()
                    solved = cho_solve(cho_factor(_noisy(kernel[:cut, :cut], noise)), wanted[:cut] - mean)
                    loss = float(((kernel[cut:, :cut] @ solved + mean - wanted[cut:]) ** 2).mean())
                    if loss < best:
                        best, chosen = loss, (length, linear, noise)
        length, linear, noise = chosen
        mean = float(target.mean())
        kernel = _noisy(_kernel(inputs, inputs, length, linear), noise)
        return cls(standard, support, cho_solve(cho_factor(kernel), target - mean), mean, length, linear)

    def predict(self, values: np.ndarray) -> np.ndarray:
        inputs = self.standard.transform(values)
        found: np.ndarray = _kernel(inputs, self._inputs, self.length, self.linear) @ self.weights + self.mean
        return found

    def save(self, folder: Path) -> None:
        from safetensors.numpy import save_file

        arrays = {"support": self.support, "weights": self.weights, **self.standard.arrays()}
        arrays["settings"] = np.array([self.mean, self.length, self.linear])
        save_file(arrays, folder / "process.safetensors")

    @classmethod
    def load(cls, folder: Path) -> "Process":
        from safetensors.numpy import load_file

        arrays = load_file(folder / "process.safetensors")
        mean, length, linear = map(float, arrays["settings"])
        return cls(Standard.from_arrays(arrays), arrays["support"], arrays["weights"], mean, length, linear)


@dataclass(frozen=True)
class Boosted:
    """LightGBM and XGBoost, several seeds of each, averaged.

    Parameters
    ----------
    lightgbm : tuple of Booster
    xgboost : tuple of Booster
    """

    lightgbm: "tuple[lightgbm.Booster, ...]"
    xgboost: "tuple[xgboost.Booster, ...]"

    @classmethod
    def fit(
        cls,
        table: "Table",
        rows: np.ndarray,
        target: np.ndarray,
        seeds: range,
        rounds: int,
        threads: int,
        rate: float = 0.02,
    ) -> "Boosted":
        """Fit on ``rows`` of the table for so many ``rounds``; ``target`` is (rows,)."""
        import lightgbm
        import xgboost

        values, wanted, weight = _practised(table, rows, target, seeds.start)
        leaves = 8 if len(rows) < 5_000 else 15 if len(rows) < 50_000 else 31
        shared: dict[str, Any] = {"learning_rate": rate, "verbosity": -1, "num_threads": threads}
        light: dict[str, Any] = {
            **shared, "objective": "regression", "num_leaves": leaves, "min_data_in_leaf": 20, "feature_fraction": 0.3,
            "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 5.0, "deterministic": True, "force_row_wise": True,
        }  # fmt: skip
        extreme: dict[str, Any] = {
            "learning_rate": rate, "max_depth": 4, "min_child_weight": 8, "subsample": 0.7, "colsample_bytree": 0.3,
            "lambda": 5.0, "nthread": threads, "tree_method": "hist", "max_bin": 64,
        }  # fmt: skip
        learnt = lightgbm.Dataset(values, wanted, weight=weight, params={"max_bin": 127, "verbosity": -1})
        matrix = xgboost.DMatrix(values, label=wanted, weight=weight)
        return cls(
            tuple(lightgbm.train({**light, "seed": seed}, learnt, rounds) for seed in seeds),
            tuple(xgboost.train({**extreme, "seed": seed}, matrix, rounds) for seed in seeds[:1]),
        )

    def predict(self, values: np.ndarray) -> np.ndarray:
        light = np.mean([booster.predict(values) for booster in self.lightgbm], axis=0)
        extreme = np.mean([booster.inplace_predict(values) for booster in self.xgboost], axis=0)
        found: np.ndarray = (0.6 * light + 0.4 * extreme).astype(np.float64)
        return found

    def save(self, folder: Path) -> None:
        for number, booster in enumerate(self.lightgbm):
            booster.save_model(folder / f"boosted-{number}.lightgbm.txt")
        for number, model in enumerate(self.xgboost):
            model.save_model(folder / f"boosted-{number}.xgboost.ubj")

    @classmethod
    def load(cls, folder: Path) -> "Boosted":
        import lightgbm
        import xgboost

        light = sorted(folder.glob("boosted-*.lightgbm.txt"))
        extreme = sorted(folder.glob("boosted-*.xgboost.ubj"))
        return cls(
            tuple(lightgbm.Booster(model_file=path) for path in light),
            tuple(xgboost.Booster(model_file=path) for path in extreme),
        )


def _practised(table: "Table", rows: np.ndarray, target: np.ndarray, seed: int) -> tuple[np.ndarray, ...]:
    """Values, target and weights of ``rows``, and of copies with a random half of their modalities taken away."""
    random = np.random.default_rng(seed)
    values = table.values[rows]
    copied = np.flatnonzero(random.random(len(rows)) < MASKED_SHARE)
    kept = random.random((len(copied), int(table.modality.max()) + 1)) < 0.5
    masked = np.where(kept[:, table.modality], values[copied], np.nan)
    weight = np.concatenate([np.ones(len(rows)), np.full(len(copied), MASKED_WEIGHT)])
    return np.vstack([values, masked]), np.concatenate([target, target[copied]]), weight


def _kernel(left: np.ndarray, right: np.ndarray, length: float, linear: float) -> np.ndarray:
    columns = left.shape[1]
    inner = left @ right.T
    squares = (left**2).sum(axis=1)[:, None] + (right**2).sum(axis=1)[None, :] - 2 * inner
    smooth: np.ndarray = np.exp(-np.maximum(squares, 0.0) / (2 * columns * length**2))
    return smooth + linear * inner / columns


def _noisy(kernel: np.ndarray, noise: float) -> np.ndarray:
    return kernel + noise * np.eye(len(kernel))
