"""Train everything a bundle holds, on time-ordered blocks of a market, and write it whole or not at all."""

import hashlib
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mtaf_core import __version__
from mtaf_core.errors import BadInput
from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.model import manifest as manifests
from mtaf_core.model import shelves
from mtaf_core.model.bundle import Bundle
from mtaf_core.model.card import CARD, card
from mtaf_core.model.config import TrainConfig
from mtaf_core.model.encoders import Embeddings, daily_log_scores, rows_of, vocabulary
from mtaf_core.model.metrics import interval_card, scorecard
from mtaf_core.model.plus import Plus
from mtaf_core.model.plus.stacking import MOST_FORETOLD, spaced
from mtaf_core.model.split import Blocks, temporal_blocks
from mtaf_core.model.trees import SHAP_ROWS, Trees, grow, importance, shap_table, tree_matrix
from mtaf_core.schema import BEFORE_RELEASE, CONTENT_MODALITIES, MODALITIES, Modality, definition, fingerprint

if TYPE_CHECKING:
    import pandas as pd

    from mtaf_core.data.frame import Frame

LEVEL = 0.9


def train(
    frame: "Frame",
    embeddings: Embeddings,
    backbones: dict[Modality, str],
    profile: str,
    out_dir: str | Path,
    config: TrainConfig | None = None,
    progress: Progress = silent,
    provenance: dict[str, Any] | None = None,
    shelf_dir: Path | None = None,
) -> Bundle:
    """Train the stack and the trees that rank the factors, and write them as a bundle.

    The labelled videos are cut by upload time: the oldest 90% are learnt from, and the latest 10% are measured once.
    Within the oldest 90% the stack itself lets older videos foretell later ones, and so decides what its parts weigh
    and how wide its ranges are. Nothing is fitted again on everything afterwards: what is measured is what is shipped.

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
        May raise `Cancelled`; then no bundle is written.
    provenance : dict, optional
        Anything to keep about the market, as JSON values.
    shelf_dir : Path, optional
        Where finished parts are kept while the training goes on: the same training asked for again after an
        interruption takes them up. Cleared when it completes. Where it cannot be written nothing is kept.

    Raises
    ------
    BadInput
        If fewer than 60 videos have an upload time and a known score, the frame is for another horizon day, or the
        config wants no network.
    """
    config = config or TrainConfig()
    if frame.horizon_day != config.horizon_day:
        raise BadInput(
            f"The frame is for day {frame.horizon_day} and the training for day {config.horizon_day}; use one day."
        )
    if config.networks < 1:
        raise BadInput(
            f"A bundle is asked for {config.networks} networks; ask for at least 1, whose attention it tells."
        )
    progress(Step("encode", 0, 1, "reading the market"))
    blocks = temporal_blocks(frame.facts["created_at"], np.isfinite(frame.score))
    shelf = shelf_dir and shelves.opened(shelf_dir, shelves.key(frame, embeddings, config))
    plus = Plus.fit(frame, embeddings, blocks.learn, config=config.stack(), progress=progress, shelf=shelf)
    grown = _grown(frame, blocks, config.seed, progress)
    progress(Step("measure", 0, 1, "held-out measures"))
    described = manifests.Manifest(
        **_origin(frame, profile, backbones, plus, config, provenance),
        baseline=plus.baseline,
        metrics=measure(frame, embeddings, plus, grown.trees, grown.matrix, blocks),
        calibration={"residuals": [len(r) for r in plus.calibration.residuals]},
    )
    with manifests.complete_or_nothing(Path(out_dir)) as folder:
        plus.save(folder / manifests.PLUS)
        reference(frame).to_parquet(folder / manifests.REFERENCE, index=False)
        grown.write(folder, frame)
        (folder / CARD).write_text(card(described), encoding="utf-8")
        manifests.write_manifest(folder, described)
        progress(Step("measure", 1, 1, "writing the bundle"))
    if shelf_dir:
        shelves.clear(shelf_dir)
    return Bundle.load(out_dir)


def measure(
    frame: "Frame", embeddings: Embeddings, plus: Plus, trees: Trees, matrix: np.ndarray, blocks: Blocks
) -> dict[str, Any]:
    """Measure every method on the test block, which is newer than anything learnt from; on 20,000 of it, at most.

    Returns
    -------
    dict
        For each number of observed days, as a string: ``n_test``, ``rows`` (one a method: ``method`` and the five
        measures of `scorecard`) and ``interval`` (`interval_card` of MTAF+ at 90%). Before release the methods are
        MTAF+, MTAF (the mean of the stack's networks), XGBR and LGBM (on Table 1 alone) and Mean (of the videos learnt
        from). After it, on videos whose score of some observed day is known: MTAF+, MTAF, Persistence (the last known
        score), and Persistence + growth (plus the mean growth from that day on).
    """
    log_score = np.log1p(frame.score)
    daily = np.where(frame.observed, daily_log_scores(frame), np.nan)
    found: dict[str, Any] = {}
    latest = spaced(blocks.test, MOST_FORETOLD)
    for k in range(frame.horizon_day):
        test = latest if k == 0 else latest[np.isfinite(daily[latest, :k]).any(axis=1)]
        if len(test) < 2:
            continue
        part, vectors, truth = frame.take(test), rows_of(embeddings, test), log_score[test]
        predicted = {"MTAF+": plus.predict(part, vectors, k)}
        if plus.networks is not None:
            everything = np.ones((1, len(MODALITIES)), dtype=bool)
            predicted["MTAF"] = plus.networks.coalitions(part, vectors, everything, k, plus.baseline)[:, 0]
        if k == 0:
            predicted |= trees.predict(matrix[test])
            predicted["Mean"] = np.full(len(test), plus.baseline)
        else:
            day, last = last_known(daily[test, :k])
            growth = _mean_growth(daily, log_score, blocks.learn)
            predicted["Persistence"] = last
            predicted["Persistence + growth"] = last + growth[day]
        low, high = plus.interval(predicted["MTAF+"], k, LEVEL)
        found[str(k)] = {
            "n_test": len(test),
            "rows": [{"method": method, **scorecard(truth, values)} for method, values in predicted.items()],
            "interval": interval_card(np.expm1(truth), low, high, LEVEL),
        }
    return found


def last_known(daily: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The last known of daily log scores (n, k), NaN unknown: its place (n,) and the score (n,).

    Every row knows at least one.
    """
    there = np.isfinite(daily)
    place = daily.shape[1] - 1 - there[:, ::-1].argmax(axis=1)
    return place, daily[np.arange(len(daily)), place]


def reference(frame: "Frame") -> "pd.DataFrame":
    """Log score and tier of every labelled video: what percentiles are read off."""
    import pandas as pd

    from mtaf_core.data.frame import tiers

    labelled = np.isfinite(frame.score)
    followers = frame.facts["uploader_follower"].to_numpy(dtype=np.float64, na_value=np.nan)
    return pd.DataFrame({"log_score": np.log1p(frame.score[labelled]), "tier": tiers(followers[labelled])})


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


def _grown(frame: "Frame", blocks: Blocks, seed: int, progress: Progress) -> _Grown:
    progress(Step("trees", 0, 2, "XGBoost and LightGBM"))
    matrix = tree_matrix(frame.facts, vocabulary(frame.facts.iloc[blocks.fit]))
    trees = grow(matrix, np.log1p(frame.score), blocks.fit, blocks.stop, seed)
    progress(Step("trees", 1, 2, "importances"))
    sample = _sample(blocks, seed)
    return _Grown(trees, matrix, sample, trees.shap(matrix[sample]))


def _mean_growth(daily: np.ndarray, log_score: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Mean growth of the log score of ``rows`` from each day to the horizon, (H - 1,); 0 where nobody was seen."""
    steps = log_score[rows, None] - daily[rows]  # (rows, H - 1), NaN unknown
    there = np.isfinite(steps)
    found: np.ndarray = np.where(there, steps, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)
    return found


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
    plus: Plus,
    config: TrainConfig,
    provenance: dict[str, Any] | None,
) -> dict[str, Any]:
    """The fields of a manifest that say what a bundle was made of, when, and by which product."""
    return {
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": __version__,
        "profile": profile,
        "backbones": {
            m.value: {"name": backbones.get(m, "unknown"), "dimension": plus.design.projections[m].dimension}
            for m in CONTENT_MODALITIES
            if m in plus.design.projections
        },
        "horizon_day": config.horizon_day,
        "training": asdict(config),
        "stack": plus.to_dict(),
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
