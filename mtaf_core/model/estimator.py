"""The paper's network as a scikit-learn estimator, for tables of one's own.

It is the same `MTAF` that `mtaf_core.model.train` fits, fed from any columns: a plain matrix of numbers, or a frame
with numbers, words, vectors of text, sound and picture, and counts of early days.
"""

from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils import check_array, check_random_state, column_or_1d
from sklearn.utils.validation import check_consistent_length, check_is_fitted, validate_data

from mtaf_core.model.attention import Fusion
from mtaf_core.model.column_encoder import ColumnEncoder, NumberScale
from mtaf_core.model.columns import Days, Modalities, recognise

if TYPE_CHECKING:
    import pandas as pd

    from mtaf_core.model.fitting import Schedule
    from mtaf_core.model.mtaf import MTAFConfig

_ROWS = 4_096
_FEWEST_TO_HOLD_OUT = 20
_SCHEDULED = (
    "epochs patience batch_size learning_rate weight_decay averaging refit before_release_share coalition_share"
).split()
_CHOICES = {
    "target": ("log", "score"),
    "numbers": ("auto", "log", "linear"),
    "fusion": ("concat", "sum"),
    "validation": ("random", "tail"),
}
_RANGES: dict[str, tuple[float, float]] = {  # least and most allowed; of whole numbers where these are
    "horizon_day": (2, 366),
    "epochs": (1, 100_000),
    "patience": (1, 100_000),
    "width": (1, 4_096),
    "learning_rate": (1e-8, 10.0),
    "weight_decay": (0.0, 10.0),
    "dropout": (0.0, 0.99),
    "content_dropout": (0.0, 0.99),
    "averaging": (0.0, 0.9999),
    "before_release_share": (0.0, 1.0),
    "coalition_share": (0.0, 1.0),
    "validation_fraction": (0.01, 0.5),
}


class MTAFRegressor(RegressorMixin, BaseEstimator):
    """Multimodal and temporal attention fusion (sections 2.3 and 2.4 of the paper) with scikit-learn's contract.

    X is a matrix of numbers, or a frame whose columns are told apart by what they hold: numbers and words are
    ``content_agnostic`` (N); columns of vectors of one length (arrays or lists in an object column, or Arrow fixed-size
    lists) are ``text``, ``audio`` or ``visual`` (T, A, V); columns named like ``day1_favorite_count`` are ``temporal``
    (S). Several columns of one modality are laid side by side. Anything may be missing: NaN, None, a vector that is not
    there. Rows whose early days are missing are asked about as before release, by the same network.

    Parameters
    ----------
    target : {"log", "score"}, default "log"
        What y is, and what is predicted: a popularity score on the log scale, ``log1p(score)``, as the paper's measures
        are; or the score itself on the natural scale, not negative, which is fitted on the log scale all the same.
        With "log" any real y will do.
    modalities : mapping of column to str or None, optional
        The modality of columns whose names do not say it ("text", "title", "description" or "caption" for T; "audio",
        "sound" or "voice" for A; "visual", "image", "picture" or "frame" for V); None leaves a column out. Columns of
        numbers may be told to be part of a vector. A matrix's columns are called by position.
    days : mapping of column to (int, str), optional
        Day and value of early columns of other names, such as ``{"likes_1": (1, "favorite_count")}``. Values are
        ``favorite_count``, ``comment_count``, ``share_count``, ``view_count``, ``is_topped`` and ``score``. A day
        counts as observed where its score is known: its own column, or equation 1 over the first three.
    horizon_day : int, default 6
        The day that y is of; early days are before it.
    numbers : {"auto", "log", "linear"}, default "auto"
        The scale of numeric columns. The paper takes logarithms of all; "auto" does where a column is hardly ever
        negative and its logarithm is less skewed. The logarithm of a negative number is that of its size, negated.
    epochs, patience : int, default 80, 15
        Most epochs, and how many without improvement end the fitting.
    batch_size : int, optional
        128 where it is not given, 512 from 5,000 fitted rows on.
    learning_rate : float, default 3e-3
        Of Adam, at the start; it falls along a half cosine.
    weight_decay : float, default 1e-4
        The L2 term of section 3.2.
    width : int, default 128
        Of every hidden vector.
    fusion : {"concat", "sum"}, default "concat"
    uniform_attention : bool, default False
        The paper's row MTAF-Att.
    residual : bool, default True
        Start from the last observed day where there is one; see `mtaf_core.model.mtaf`.
    dropout, content_dropout : float, default 0.3, 0.7
        Of hidden vectors, and of content vectors as they come in.
    averaging : float, default 0.99
        How slowly the weights that answer follow those that learn; 0 for not at all.
    refit : bool, optional
        Fit once more on all rows once the epoch is chosen; below 5,000 fitted rows where it is not given.
    before_release_share : float, default 0.5
        How often a row with early days is shown without them while fitting.
    coalition_share : float, default 0.3
        How often a row is shown with a random half of its modalities.
    validation : {"random", "tail"}, default "random"
        Which rows choose the epoch: random ones, or the last ones; "tail" suits rows in order of time.
    validation_fraction : float, default 0.15
        Below 20 rows, all of them fit and choose.
    device : {"cpu", "auto", "cuda", "mps"}, default "cpu"
        To fit on. Predictions are made on the CPU.
    random_state : int, RandomState or None, default None
        With an int, the same data give the same network on the CPU.

    Attributes
    ----------
    n_features_in_ : int
    feature_names_in_ : ndarray of str, (n_features_in_,)
        Only where X has column names that are all strings.
    encoder_ : ColumnEncoder
    network_ : MTAF
        In double precision, in evaluation mode.
    n_iter_ : int
        Epochs run.

    Notes
    -----
    Pickles hold the parameters, JSON and safetensors, not torch modules; `save` and `load` need no pickle at all.

    Examples
    --------
    >>> import numpy as np
    >>> from mtaf_core.model import MTAFRegressor
    >>> X = np.random.default_rng(0).lognormal(8, 1, size=(200, 3))
    >>> y = np.log1p(X[:, 0])
    >>> bool(MTAFRegressor(random_state=0).fit(X, y).score(X, y) > 0.9)
    True
    """

    def __init__(
        self,
        *,
        target: Literal["log", "score"] = "log",
        modalities: Modalities | None = None,
        days: Days | None = None,
        horizon_day: int = 6,
        numbers: NumberScale = "auto",
        epochs: int = 80,
        patience: int = 15,
        batch_size: int | None = None,
        learning_rate: float = 3e-3,
        weight_decay: float = 1e-4,
        width: int = 128,
        fusion: Fusion = "concat",
        uniform_attention: bool = False,
        residual: bool = True,
        dropout: float = 0.3,
        content_dropout: float = 0.7,
        averaging: float = 0.99,
        refit: bool | None = None,
        before_release_share: float = 0.5,
        coalition_share: float = 0.3,
        validation: Literal["random", "tail"] = "random",
        validation_fraction: float = 0.15,
        device: str = "cpu",
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.target = target
        self.modalities = modalities
        self.days = days
        self.horizon_day = horizon_day
        self.numbers = numbers
        self.epochs = epochs
        self.patience = patience
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.width = width
        self.fusion = fusion
        self.uniform_attention = uniform_attention
        self.residual = residual
        self.dropout = dropout
        self.content_dropout = content_dropout
        self.averaging = averaging
        self.refit = refit
        self.before_release_share = before_release_share
        self.coalition_share = coalition_share
        self.validation = validation
        self.validation_fraction = validation_fraction
        self.device = device
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> "MTAFRegressor":
        """Fit the network.

        Parameters
        ----------
        X : array or DataFrame, (n, n_features_in_)
            At least two rows.
        y : array, (n,)
            See ``target``.

        Raises
        ------
        ValueError
            If a parameter, a column or y is not as described; the sentence names it.
        TypeError
            If X is sparse, or a column holds something other than numbers, words or vectors.
        """
        import torch

        from mtaf_core.jobs import Step
        from mtaf_core.model.fitting import fit_network

        self._check_parameters()
        table = self._table(X, fitting=True)
        wanted = self._log_scores(y)
        check_consistent_length(table, wanted)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        chosen, stop = self._held_out(len(wanted), np.random.default_rng(seed))
        columns = recognise(table, self.modalities, self.days, self.horizon_day)
        self.encoder_ = ColumnEncoder.fit(table.iloc[chosen], columns, self.horizon_day, self.numbers)
        epochs: list[int] = []

        def count(step: Step) -> None:
            epochs.append(step.done)

        device = _resolved(self.device)
        material = self.encoder_.encode(table).material(wanted).to(device)
        fit_rows, stop_rows = (torch.from_numpy(rows).to(device) for rows in (chosen, stop))
        schedule = self._schedule(seed, len(chosen))
        network = fit_network(self._shape(), material, fit_rows, stop_rows, schedule, count)
        self.network_ = network.to("cpu").double()
        self.n_iter_ = epochs[-1]
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Predict y of every row of X, (n,) float64."""
        predicted = self._asked(X)[0]
        return np.expm1(np.maximum(predicted, 0.0)) if self.target == "score" else predicted

    def attention(self, X: Any) -> np.ndarray:
        """Say how much each modality weighs for every row of X.

        Returns
        -------
        ndarray, (n, 5), float64
            In the order of `mtaf_core.schema.MODALITIES`; NaN where a modality is absent, the rest of a row sums to 1.
        """
        return self._asked(X)[1]

    def save(self, path: str | Path) -> None:
        """Write the fitted estimator into the folder ``path``: ``estimator.json`` and ``estimator.safetensors``.

        Raises
        ------
        ValueError
            If a parameter cannot be written as JSON, such as a RandomState.
        BadBundle
            If the folder cannot be written.
        """
        from mtaf_core.model import stored_estimator

        check_is_fitted(self)
        stored_estimator.save(self, Path(path))

    @classmethod
    def load(cls, path: str | Path) -> "MTAFRegressor":
        """Read what `save` wrote.

        Raises
        ------
        BadBundle
            If it is missing, damaged, or of another kind.
        """
        from mtaf_core.model import stored_estimator

        return stored_estimator.load(cls, Path(path))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        return tags

    def __getstate__(self) -> dict[str, Any]:
        from mtaf_core.model import stored_estimator

        return stored_estimator.state(self)

    def __setstate__(self, state: dict[str, Any]) -> None:
        from mtaf_core.model import stored_estimator

        stored_estimator.restore(self, state)

    def _check_parameters(self) -> None:
        for name, allowed in _CHOICES.items():
            value = getattr(self, name)
            if value not in allowed:
                raise ValueError(f"{name} is {value!r}; it must be one of {', '.join(map(repr, allowed))}.")
        for name, (least, most) in _RANGES.items():
            value, whole = getattr(self, name), isinstance(least, int)
            if not isinstance(value, Integral if whole else Real) or not least <= float(value) <= most:
                number = "a whole number" if whole else "a number"
                raise ValueError(f"{name} is {value!r}; it must be {number} from {least} to {most}.")
        if self.batch_size is not None and not (isinstance(self.batch_size, Integral) and self.batch_size >= 1):
            raise ValueError(f"batch_size is {self.batch_size!r}; it must be a whole number of at least 1, or None.")

    def _table(self, X: Any, fitting: bool = False) -> "pd.DataFrame":
        """X as a frame; its shape, and its column names where it is one already, are checked or learnt."""
        import pandas as pd

        least = 2 if fitting else 1
        if not isinstance(X, pd.DataFrame) and hasattr(X, "to_pandas"):
            X = X.to_pandas()
        if not isinstance(X, pd.DataFrame):
            options = {"dtype": np.float64, "ensure_all_finite": "allow-nan", "ensure_min_samples": least}
            return pd.DataFrame(validate_data(self, X, reset=fitting, **options))
        validate_data(self, X, reset=fitting, skip_check_array=True)
        if len(X) < least or not X.shape[1]:
            raise ValueError(
                f"Found a frame with {len(X)} sample(s) and {X.shape[1]} feature(s) while a minimum of {least} "
                f"sample(s) and 1 feature is required by {type(self).__name__}."
            )
        return X

    def _log_scores(self, y: Any) -> np.ndarray:
        if y is None:
            raise ValueError(f"This {type(self).__name__} requires y to be passed, but the target y is None.")
        wanted = column_or_1d(y, warn=True)
        wanted = check_array(wanted, ensure_2d=False, dtype=np.float64, input_name="y", estimator=self)
        if self.target == "log":
            return wanted
        if (wanted < 0).any():
            raise ValueError(
                f"y holds {wanted.min():g}, and with target='score' it must not be negative; "
                "give log scores with target='log'."
            )
        return np.log1p(wanted)

    def _held_out(self, n: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Rows to fit on and rows that choose the epoch."""
        rows = np.arange(n)
        if n < _FEWEST_TO_HOLD_OUT:
            return rows, rows
        cut = n - max(round(self.validation_fraction * n), 1)
        order = rows if self.validation == "tail" else random.permutation(n)
        return np.sort(order[:cut]), np.sort(order[cut:])

    def _shape(self) -> "MTAFConfig":
        from mtaf_core.model.mtaf import MTAFConfig
        from mtaf_core.schema import Modality

        encoder = self.encoder_
        return MTAFConfig(
            numeric=encoder.numeric_width,
            vocabulary=tuple(len(words) + 1 for words in encoder.vocabulary),
            text=encoder.dimension(Modality.TEXT),
            audio=encoder.dimension(Modality.AUDIO),
            visual=encoder.dimension(Modality.VISUAL),
            channels=encoder.day_width if encoder.channels is not None else 0,
            horizon_day=int(self.horizon_day),
            width=int(self.width),
            fusion=self.fusion,
            uniform_attention=bool(self.uniform_attention),
            residual=bool(self.residual),
            dropout=float(self.dropout),
            content_dropout=float(self.content_dropout),
        )

    def _schedule(self, seed: int, rows: int) -> "Schedule":
        from mtaf_core.model.config import TrainConfig

        chosen = {name: getattr(self, name) for name in _SCHEDULED}
        return TrainConfig(seed=seed, **chosen).schedule(rows)

    def _asked(self, X: Any) -> tuple[np.ndarray, np.ndarray]:
        """Log scores, (n,), and attention, (n, 5)."""
        import torch

        from mtaf_core.threads import one_thread

        check_is_fitted(self)
        table = self._table(X)
        predicted, weights = [], []
        with torch.inference_mode(), one_thread():
            for start in range(0, len(table), _ROWS):
                evidence = self.encoder_.encode(table.iloc[start : start + _ROWS]).evidence
                output = self.network_(evidence)
                predicted.append(output.prediction.numpy())
                weights.append(np.where(evidence.present.numpy(), output.attention.numpy(), np.nan))
        return np.concatenate(predicted), np.concatenate(weights)


def _resolved(name: str) -> str:
    from mtaf_core.content.devices import resolve_device

    return resolve_device(name)
