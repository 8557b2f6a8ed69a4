"""Train everything a bundle holds, on time-ordered blocks of a market, and write it whole or not at all."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch

from mtaf_core import __version__
from mtaf_core.errors import BadInput
from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.model import manifest as manifests
from mtaf_core.model.attention import Fusion
from mtaf_core.model.bundle import Bundle, write_parts
from mtaf_core.model.conformal import Calibration
from mtaf_core.model.encoders import Embeddings, Preprocessor
from mtaf_core.model.fitting import Material, Schedule, fit_network, predict_at
from mtaf_core.model.metrics import interval_card, scorecard
from mtaf_core.model.mtaf import MTAF, MTAFConfig
from mtaf_core.model.split import Blocks, temporal_blocks
from mtaf_core.model.trees import SHAP_ROWS, Trees, grow, importance, shap_table, tree_matrix
from mtaf_core.schema import BEFORE_RELEASE, CONTENT_MODALITIES, HORIZON_DAY, Modality, definition, fingerprint

if TYPE_CHECKING:
    import pandas as pd

    from mtaf_core.data.frame import Frame

LEVEL = 0.9
FEW_VIDEOS = 5_000
"""Below so many fitted videos the batches are smaller, and the latest of them are worth fitting on once more."""


@dataclass(frozen=True)
class TrainConfig:
    """How a bundle is trained.

    Parameters
    ----------
    horizon_day : int, default 6
        The day predicted.
    seed : int, default 0
    device : {"auto", "cpu", "cuda", "mps"}, default "auto"
    epochs, patience : int, default 80, 15
        Most epochs, and how many without improvement end the training.
    batch_size : int, optional
        64 where it is not given, 256 from 5,000 fitted videos on.
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
        See `mtaf_core.model.mtaf`.
    dropout, content_dropout : float, default 0.3, 0.7
        Of hidden vectors, and of content vectors as they come in.
    averaging : float, default 0.99
        How slowly the weights that answer follow those that learn; see `mtaf_core.model.fitting`.
    refit : bool, optional
        Fit once more on all rows once the epoch is chosen; below 5,000 fitted videos where it is not given.
    before_release_share : float, default 0.5
        How often a video is shown as before its release.
    coalition_share : float, default 0.3
        How often a video is shown with a random half of its modalities.
    """

    horizon_day: int = HORIZON_DAY
    seed: int = 0
    device: str = "auto"
    epochs: int = 80
    patience: int = 15
    batch_size: int | None = None
    learning_rate: float = 3e-3
    weight_decay: float = 1e-4
    width: int = 128
    fusion: Fusion = "concat"
    uniform_attention: bool = False
    residual: bool = True
    dropout: float = 0.3
    content_dropout: float = 0.7
    averaging: float = 0.99
    refit: bool | None = None
    before_release_share: float = 0.5
    coalition_share: float = 0.3

    def network(self, preprocessor: Preprocessor) -> MTAFConfig:
        """The shape of the network for inputs such as ``preprocessor`` makes."""
        return MTAFConfig(
            numeric=preprocessor.numeric_width,
            vocabulary=tuple(len(words) + 1 for words in preprocessor.vocabulary.values()),
            text=preprocessor.dimension(Modality.TEXT),
            audio=preprocessor.dimension(Modality.AUDIO),
            visual=preprocessor.dimension(Modality.VISUAL),
            channels=preprocessor.day_width if preprocessor.channels is not None else 0,
            horizon_day=self.horizon_day,
            width=self.width,
            fusion=self.fusion,
            uniform_attention=self.uniform_attention,
            residual=self.residual,
            dropout=self.dropout,
            content_dropout=self.content_dropout,
        )

    def schedule(self, videos: int) -> Schedule:
        """How to fit a network on so many ``videos``."""
        chosen = {name: getattr(self, name) for name in Schedule.__dataclass_fields__}
        few = videos < FEW_VIDEOS
        chosen["batch_size"] = self.batch_size or (64 if few else 256)
        chosen["refit"] = few if self.refit is None else self.refit
        return Schedule(**chosen)


def train(
    frame: "Frame",
    embeddings: Embeddings,
    backbones: dict[Modality, str],
    profile: str,
    out_dir: str | Path,
    config: TrainConfig | None = None,
    progress: Progress = silent,
    provenance: dict[str, Any] | None = None,
) -> Bundle:
    """Train the network, the trees and the ranges, and write them as a bundle.

    The labelled videos are cut by upload time: the oldest 70% are fitted, the next 10% choose the epoch, the next 10%
    calibrate the ranges, and the latest 10% are measured once. The network is not fitted again on everything
    afterwards: its ranges would no longer be honest.

    Parameters
    ----------
    frame : Frame, n videos
        The market.
    embeddings : dict of Modality to ndarray (n, d) float32 or None
        Content vectors, NaN rows where a video has none.
    backbones : dict of Modality to str
        Who made the vectors.
    profile : str
    out_dir : str or Path
        The bundle's folder; replaced when it is there already, and untouched unless the training completes.
    config : TrainConfig, optional
    progress : Progress
        May raise `Cancelled`; then nothing is written.
    provenance : dict, optional
        Anything to keep about the market, as JSON values.

    Raises
    ------
    BadInput
        If fewer than 60 videos have an upload time and a known score, or the frame is for another horizon day.
    """
    config = config or TrainConfig()
    blocks, preprocessor, material = _encoded(frame, embeddings, config, progress)
    network = _fitted(config.network(preprocessor), material, blocks, config, progress)
    grown = _grown(frame, preprocessor, blocks, config.seed, progress)
    progress(Step("measure", 0, 1, "ranges and held-out measures"))
    calibration = _calibrate(network, material, blocks)
    baseline = float(np.log1p(frame.score)[blocks.fit].mean())
    described = manifests.Manifest(
        **_origin(frame, profile, backbones, preprocessor, config, provenance),
        network=network.config.to_dict(),
        preprocessing=preprocessor.to_dict(),
        baseline=baseline,
        metrics=measure(network, material, grown.trees, grown.matrix, calibration, blocks, baseline),
        calibration={"residuals": [len(r) for r in calibration.residuals]},
    )
    with manifests.complete_or_nothing(Path(out_dir)) as folder:
        write_parts(folder, network, preprocessor, calibration, reference(frame))
        grown.write(folder, frame)
        manifests.write_manifest(folder, described)
        progress(Step("measure", 1, 1, "writing the bundle"))
    return Bundle.load(out_dir)


def measure(
    network: MTAF,
    material: Material,
    trees: Trees,
    matrix: np.ndarray,
    calibration: Calibration,
    blocks: Blocks,
    baseline: float,
) -> dict[str, Any]:
    """Measure every method on the test block, which is newer than anything learnt from.

    Returns
    -------
    dict
        For each number of observed days, as a string: ``n_test``, ``rows`` (one a method: ``method`` and the five
        measures of `scorecard`) and ``interval`` (`interval_card` at 90%). Before release the methods are MTAF, XGBR,
        LGBM and Mean (the fitted videos' mean). After it, on videos whose score of some observed day is known: MTAF,
        Persistence (the last known score), and Persistence + growth (plus the mean growth from that day on).
    """
    found: dict[str, Any] = {}
    for k in range(network.config.horizon_day):
        test = torch.from_numpy(blocks.test)
        if k > 0:
            test = test[material.anchor_day[test, k] > 0]
        if len(test) < 2:
            continue
        truth = material.truth[test].double().numpy()
        predicted = {"MTAF": predict_at(network, material, test, k).double().numpy()}
        if k == 0:
            predicted |= trees.predict(matrix[blocks.test])
            predicted["Mean"] = np.full(len(test), baseline)
        else:
            last = material.anchor_score[test, k].double().numpy()
            growth = _mean_growth(material, torch.from_numpy(blocks.fit))
            predicted["Persistence"] = last
            predicted["Persistence + growth"] = last + growth[material.anchor_day[test, k].numpy()]
        low, high = calibration.interval(predicted["MTAF"], k, LEVEL)
        found[str(k)] = {
            "n_test": len(test),
            "rows": [{"method": method, **scorecard(truth, values)} for method, values in predicted.items()],
            "interval": interval_card(np.expm1(truth), low, high, LEVEL),
        }
    return found


def reference(frame: "Frame") -> "pd.DataFrame":
    """Log score and tier of every labelled video: what percentiles are read off."""
    import pandas as pd

    from mtaf_core.data.frame import tiers

    labelled = np.isfinite(frame.score)
    followers = frame.facts["uploader_follower"].to_numpy(dtype=np.float64, na_value=np.nan)
    return pd.DataFrame({"log_score": np.log1p(frame.score[labelled]), "tier": tiers(followers[labelled])})


def _encoded(
    frame: "Frame", embeddings: Embeddings, config: TrainConfig, progress: Progress
) -> tuple[Blocks, Preprocessor, Material]:
    """Cut the market into blocks, and encode all of it by what the fitted block teaches."""
    if frame.horizon_day != config.horizon_day:
        raise BadInput(
            f"The frame is for day {frame.horizon_day} and the training for day {config.horizon_day}; use one day."
        )
    progress(Step("encode", 0, 1, "reading the market"))
    blocks = temporal_blocks(frame.facts["created_at"], np.isfinite(frame.score))
    preprocessor = Preprocessor.fit(frame.take(blocks.fit), _rows(embeddings, blocks.fit))
    return blocks, preprocessor, Material.encode(preprocessor, frame, embeddings)


def _fitted(shape: MTAFConfig, material: Material, blocks: Blocks, config: TrainConfig, progress: Progress) -> MTAF:
    """Fit the network on the device asked for, or from the start again on the CPU if that runs out of memory."""
    device = _device(config.device)
    schedule = config.schedule(len(blocks.fit))

    def fitted(where: str) -> MTAF:
        there = material.to(where)
        fit, stop = (torch.from_numpy(block).to(where) for block in (blocks.fit, blocks.stop))
        return fit_network(shape, there, fit, stop, schedule, progress).to("cpu")

    try:
        return fitted(device)
    except torch.OutOfMemoryError:
        if device == "cpu":
            raise
    # Outside of the handler: its traceback would keep what filled the device alive.
    if device == "cuda":
        torch.cuda.empty_cache()
    note = f"the {device} device ran out of memory; the network is trained on the CPU, from the start"
    progress(Step("train", 0, config.epochs, note))
    return fitted("cpu")


class _Grown(NamedTuple):
    """The trees and what they were grown on."""

    trees: Trees
    matrix: np.ndarray  # (n, columns), as `tree_matrix` makes it
    sample: np.ndarray  # (rows,), of the matrix
    shap: dict[str, np.ndarray]  # of the sample, (rows, columns) each

    def write(self, folder: Path, frame: "Frame") -> None:
        self.trees.save(folder)
        (folder / manifests.IMPORTANCE).write_text(_json(importance(self.trees, self.shap)), encoding="utf-8")
        shap_table(frame.facts.iloc[self.sample], self.shap).to_parquet(folder / manifests.SHAP, index=False)


def _grown(frame: "Frame", preprocessor: Preprocessor, blocks: Blocks, seed: int, progress: Progress) -> _Grown:
    progress(Step("trees", 0, 2, "XGBoost and LightGBM"))
    matrix = tree_matrix(frame.facts, preprocessor.vocabulary)
    trees = grow(matrix, np.log1p(frame.score), blocks.fit, blocks.stop, seed)
    progress(Step("trees", 1, 2, "importances"))
    sample = _sample(blocks, seed)
    return _Grown(trees, matrix, sample, trees.shap(matrix[sample]))


def _calibrate(network: MTAF, material: Material, blocks: Blocks) -> Calibration:
    rows = torch.from_numpy(blocks.calibration)
    days = range(network.config.horizon_day)
    predicted = np.stack([predict_at(network, material, rows, k).double().numpy() for k in days])
    seen = np.stack([(material.days[rows, k] > 0).numpy() | (k == 0) for k in days])
    return Calibration.fit(material.truth[rows].double().numpy(), predicted, seen)


def _mean_growth(material: Material, fit: torch.Tensor) -> np.ndarray:
    """Mean growth of the log score from each day to the horizon, (H,); 0 where nobody was seen."""
    growth = np.zeros(material.anchor_day.shape[1])
    for day in range(1, len(growth)):
        seen = fit[material.anchor_day[fit, day] == day]
        if len(seen):
            growth[day] = float((material.truth[seen] - material.anchor_score[seen, day]).mean())
    return growth


def _rows(embeddings: Embeddings, rows: np.ndarray) -> Embeddings:
    return {m: None if matrix is None else matrix[rows] for m, matrix in embeddings.items()}


def _device(name: str) -> str:
    from mtaf_core.content.devices import resolve_device

    return resolve_device(name)


def _sample(blocks: Blocks, seed: int) -> np.ndarray:
    """Up to 2,000 rows for SHAP, of videos the trees were grown on."""
    grown = blocks.fit
    if len(grown) <= SHAP_ROWS:
        return grown
    return np.sort(np.random.default_rng(seed).choice(grown, SHAP_ROWS, replace=False))


def _origin(
    frame: "Frame",
    profile: str,
    backbones: dict[Modality, str],
    preprocessor: Preprocessor,
    config: TrainConfig,
    provenance: dict[str, Any] | None,
) -> dict[str, Any]:
    """The fields of a manifest that say what a bundle was made of, when, and by which product."""
    return {
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": __version__,
        "profile": profile,
        "backbones": {
            m.value: {"name": backbones.get(m, "unknown"), "dimension": preprocessor.dimension(m)}
            for m in CONTENT_MODALITIES
            if m in preprocessor.content
        },
        "horizon_day": config.horizon_day,
        "training": asdict(config),
        "data": _market(frame),
        "provenance": dict(provenance or {}),
        "schema": fingerprint(),
        "definition": definition(),
    }


def _market(frame: "Frame") -> dict[str, Any]:
    """Which market this was: counts, dates, and a hash over what is known before release and the scores."""
    import pandas as pd

    keys = ["platform", "video_id", "uploader_id", "created_at"]
    columns = keys + [c for f in BEFORE_RELEASE for c in f.columns]
    digest = hashlib.sha256(pd.util.hash_pandas_object(frame.facts[columns], index=False).to_numpy().tobytes())
    digest.update(np.ascontiguousarray(frame.score).tobytes())
    dates = frame.facts["created_at"].dropna()
    return {
        "fingerprint": digest.hexdigest()[:16],
        "videos": len(frame.facts),
        "labelled": int(np.isfinite(frame.score).sum()),
        "from": dates.min().isoformat(),
        "to": dates.max().isoformat(),
    }


def _json(document: Any) -> str:
    import json

    return json.dumps(document, ensure_ascii=False, allow_nan=False)
