"""A trained predictor on disk: loaded whole and checked, then asked.

This module imports neither torch nor the tree libraries until a bundle is loaded.
"""

import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mtaf_core.errors import BadBundle
from mtaf_core.model import manifest as manifests
from mtaf_core.schema import Modality

if TYPE_CHECKING:
    import pandas as pd

    from mtaf_core.data.frame import Frame
    from mtaf_core.model.encoders import Embeddings
    from mtaf_core.model.plus import Plus
    from mtaf_core.model.plus.networks import Networks


class Prediction(NamedTuple):
    """What is expected of ``n`` videos."""

    log_score: np.ndarray  # (n,) float64, log1p of the popularity score at the horizon day
    attention: np.ndarray  # (n, 5) float64, in the order of MODALITIES; NaN where absent, the rest of a row sums to 1
    present: np.ndarray  # (n, 5) bool


class Bundle:
    """A trained predictor. Get one with `Bundle.load` or `mtaf_core.model.train.train`; any thread may ask it.

    Parameters
    ----------
    path : Path
        Its folder.
    manifest : Manifest
        What it says of itself.
    plus : Plus
        The stack that answers, its networks in evaluation mode on the CPU.
    reference : DataFrame
        ``log_score`` and ``tier`` of every labelled video of its market.
    """

    def __init__(self, path: Path, manifest: manifests.Manifest, plus: "Plus", reference: "pd.DataFrame") -> None:
        self.path = path
        self.manifest = manifest
        self.plus = plus
        self.reference = reference
        self._lock = threading.Lock()
        self._ranked = {None: np.sort(reference["log_score"].to_numpy(dtype=np.float64))} | {
            str(tier): np.sort(rows.to_numpy(dtype=np.float64)) for tier, rows in reference.groupby("tier")["log_score"]
        }

    @classmethod
    def load(cls, path: str | Path, device: str = "cpu") -> "Bundle":
        """Read the bundle in the folder ``path`` after comparing every checksum.

        Parameters
        ----------
        path : str or Path
        device : str, default "cpu"
            Not used: the networks are small, and always asked on the CPU. There they are faster for one video than on
            any other device, and cannot run out of a device's memory. The backbones are what a device is for.

        Raises
        ------
        BadBundle
            If a file is missing or damaged, or the bundle was made for another format or other features; the sentence
            names which.
        """
        folder = Path(path)
        manifest = manifests.read_manifest(folder)
        for name in dict.fromkeys((*manifests.FILES, *(manifest.files or {}))):
            manifests.verified(folder, name, manifest)
        manifests.nothing_else(folder / manifests.PLUS, folder, manifest)
        import pandas as pd

        from mtaf_core.model.plus import Plus

        try:
            plus = Plus.load(folder / manifests.PLUS)
            reference = pd.read_parquet(folder / manifests.REFERENCE)
        except (OSError, KeyError, TypeError, ValueError, RuntimeError) as error:
            raise BadBundle(
                f"The parts of the bundle {folder} do not fit each other ({error}); "
                "train again with: python -m mtaf_core train"
            ) from error
        return cls(folder, manifest, plus, reference)

    @staticmethod
    def read_manifest(path: str | Path) -> manifests.Manifest:
        """`mtaf_core.model.manifest.read_manifest`."""
        return manifests.read_manifest(path)

    @staticmethod
    def read_importance(path: str | Path) -> manifests.Importance:
        """`mtaf_core.model.manifest.read_importance`."""
        return manifests.read_importance(path)

    @staticmethod
    def read_shap(path: str | Path) -> manifests.ShapSample:
        """`mtaf_core.model.manifest.read_shap`."""
        return manifests.read_shap(path)

    @property
    def importance(self) -> manifests.Importance:
        """What the trees rely on, by row of Table 1."""
        return manifests.read_importance(self.path)

    @property
    def vocabulary(self) -> dict[str, tuple[str, ...]]:
        """Words of each category that the networks learnt."""
        return self._networks().preprocessor.vocabulary

    def predict(self, frame: "Frame", embeddings: "Embeddings", observed_days: int | None = None) -> Prediction:
        """Predict the log score of every video of ``frame``.

        Parameters
        ----------
        frame : Frame, n videos
        embeddings : dict of Modality to ndarray (n, d) float32 or None
            Content vectors made by the bundle's backbones; None or a NaN row where there is none.
        observed_days : int, optional
            See only days up to this one; 0 is before release. All days the frame has where it is not given.

        Raises
        ------
        BadBundle
            If the vectors are not of the length the bundle was trained on, or the frame is for another horizon day.
        """
        from mtaf_core.threads import one_thread

        self._check(frame, embeddings)
        with self._lock, one_thread():
            log_score = self.plus.predict(frame, embeddings, observed_days)
            weights, present = self._networks().attention(frame, embeddings, observed_days)
        return Prediction(log_score, np.where(present, weights, np.nan), present)

    def attention(
        self, frame: "Frame", embeddings: "Embeddings", observed_days: int | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """`Prediction.attention` and `Prediction.present` alone; takes what `predict` takes."""
        from mtaf_core.threads import one_thread

        self._check(frame, embeddings)
        with self._lock, one_thread():
            weights, present = self._networks().attention(frame, embeddings, observed_days)
        return np.where(present, weights, np.nan), present

    def coalitions(
        self, frame: "Frame", embeddings: "Embeddings", masks: np.ndarray, observed_days: int | None = None
    ) -> np.ndarray:
        """Predict every video as if only some of its modalities were known.

        Parameters
        ----------
        frame, embeddings, observed_days
            As for `predict`.
        masks : ndarray, (M, 5), bool
            The modalities kept, in the order of `MODALITIES`.

        Returns
        -------
        ndarray, (n, M), float64
            Log scores; the bundle's baseline where nothing is left.
        """
        from mtaf_core.threads import one_thread

        self._check(frame, embeddings)
        with self._lock, one_thread():
            return self.plus.coalitions(frame, embeddings, masks, observed_days)

    def interval(
        self, log_score: np.ndarray | float, observed_days: int, level: float = 0.9
    ) -> tuple[np.ndarray, np.ndarray]:
        """Give the range of the popularity score, on the natural scale, that holds it with probability ``level``.

        Parameters
        ----------
        log_score : ndarray, (n,), or float
            From `predict`.
        observed_days : int
            How many days the prediction saw.
        level : float, default 0.9
            Above 0.5 and up to 0.99.

        Returns
        -------
        (ndarray, ndarray)
            ``low`` and ``high``, (n,) each, ``0 <= low <= high``.

        Raises
        ------
        BadInput
            If the level is out of reach of the calibration videos.
        """
        return self.plus.calibration.interval(
            np.atleast_1d(np.asarray(log_score, dtype=np.float64)), observed_days, level
        )

    def percentile(self, score: float, tier: str | None = None) -> float | None:
        """Say which share of the market's labelled videos, or of one ``tier``'s, scored less than ``score``.

        None where the tier has no labelled video.
        """
        ranked = self._ranked.get(tier)
        if ranked is None or not len(ranked):
            return None
        return float(np.searchsorted(ranked, np.log1p(max(score, 0.0)), side="left") / len(ranked))

    def score_at(self, share: float, tier: str | None = None) -> float | None:
        """Say which score ``share`` of the market's labelled videos, or of one ``tier``'s, stay below.

        The inverse of `percentile`; None where the tier has no labelled video.
        """
        ranked = self._ranked.get(tier)
        if ranked is None or not len(ranked):
            return None
        return float(np.expm1(np.quantile(ranked, share, method="higher")))

    def _networks(self) -> "Networks":
        assert self.plus.networks is not None  # `train` fits at least one
        return self.plus.networks

    def _check(self, frame: "Frame", embeddings: "Embeddings") -> None:
        if frame.horizon_day != self.manifest.horizon_day:
            raise BadBundle(
                f"The bundle {self.path.name} predicts day {self.manifest.horizon_day}, not day {frame.horizon_day}; "
                f"ask for day {self.manifest.horizon_day} or train again for day {frame.horizon_day}."
            )
        for name, spec in self.manifest.backbones.items():
            matrix = embeddings.get(Modality(name))
            if matrix is not None and matrix.shape[1] != spec["dimension"]:
                raise BadBundle(
                    f"The bundle {self.path.name} was trained on {name} vectors of {spec['dimension']} numbers "
                    f"({spec['name']}), and these have {matrix.shape[1]}; use that backbone or train again with "
                    "this one."
                )
