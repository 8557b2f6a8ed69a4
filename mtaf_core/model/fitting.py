"""Fit the network: Adam with an L2 term on the squared error (equation 2, section 3.2), stopped early.

One network answers at every moment: each time a video is met, it is shown with a number of observed days drawn anew
(none half of the time), and now and then with some of its modalities taken away, so that every coalition of
modalities is something the network has practised on.
"""

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.model.descent import Checkpoint, Descent
from mtaf_core.model.encoders import Embeddings, Preprocessor, on_disk, rows_of
from mtaf_core.model.evidence import COLUMN, Evidence
from mtaf_core.model.mtaf import MTAF, MTAFConfig
from mtaf_core.schema import CONTENT_MODALITIES, Modality
from mtaf_core.threads import one_thread

if TYPE_CHECKING:
    from mtaf_core.data.frame import Frame

_CHUNK = 1024
_ENCODED = 65_536
"""Videos encoded at once."""
_MIN_ROWS = 5
_MIN_SCALE = 1e-3


@dataclass(frozen=True)
class Unread:
    """Content vectors on disk, read and standardised when a batch asks for them.

    Parameters
    ----------
    preprocessor : Preprocessor
    embeddings : dict of Modality to Vectors or None
        Of all ``n`` videos.
    """

    preprocessor: Preprocessor
    embeddings: Embeddings

    def of(self, rows: Tensor) -> dict[str, Tensor]:
        """The content of ``rows``, (B,) int64, as `Evidence` holds it, on the same device."""
        asked = rows.cpu().numpy()
        vectors = rows_of(self.embeddings, asked)
        return {
            m.value: torch.from_numpy(self.preprocessor.standardised(m, vectors.get(m), len(asked))).to(rows.device)
            for m in CONTENT_MODALITIES
        }


@dataclass(frozen=True)
class Material:
    """Encoded videos that can be seen with any number of observed days; ``H`` is the horizon day.

    Parameters
    ----------
    evidence : Evidence, n videos
        With every observed day; content of length 0 where it is ``unread``.
    days, anchor_day, anchor_score : Tensor, (n, H)
        Column ``k`` is what `Evidence` holds when ``k`` days are observed.
    truth : Tensor, (n,), float32
        log1p of the popularity score at the horizon day; NaN where unknown.
    unread : Unread, optional
        Content that is too large for memory.
    """

    evidence: Evidence
    days: Tensor
    anchor_day: Tensor
    anchor_score: Tensor
    truth: Tensor
    unread: Unread | None = None

    @classmethod
    def encode(cls, preprocessor: Preprocessor, frame: "Frame", embeddings: Embeddings) -> "Material":
        """Encode ``frame`` once for every number of observed days; vectors on disk stay there."""
        unread = Unread(preprocessor, embeddings) if on_disk(embeddings) else None
        count = len(frame.facts)
        parts = [np.arange(start, min(start + _ENCODED, count)) for start in range(0, count, _ENCODED)]
        told = [_encoded(preprocessor, frame.take(rows), rows_of(embeddings, rows), unread is None) for rows in parts]
        together = {f.name: torch.cat([getattr(part.evidence, f.name) for part in told]) for f in fields(Evidence)}
        days, anchor_day, anchor_score, truth = (
            torch.cat([getattr(part, name) for part in told])
            for name in ("days", "anchor_day", "anchor_score", "truth")
        )
        return cls(Evidence(**together), days, anchor_day, anchor_score, truth, unread)

    def at(self, rows: Tensor, observed_days: Tensor) -> Evidence:
        """The evidence of ``rows``, (B,) int64, each with its own number of observed days, (B,) int64."""
        evidence = self.evidence.take(rows)
        if self.unread is not None:
            evidence = replace(evidence, **self.unread.of(rows))
        days = self.days[rows, observed_days]
        present = evidence.present.clone()
        present[:, COLUMN[Modality.TEMPORAL]] = days > 0
        return replace(
            evidence,
            days=days,
            anchor_day=self.anchor_day[rows, observed_days],
            anchor_score=self.anchor_score[rows, observed_days],
            present=present,
        )

    def to(self, device: torch.device | str) -> "Material":
        names = ("days", "anchor_day", "anchor_score", "truth")
        moved = {name: getattr(self, name).to(device) for name in names}
        return replace(self, evidence=self.evidence.to(device), **moved)


@dataclass(frozen=True)
class Schedule:
    """How the network is fitted; see `mtaf_core.model.config.TrainConfig` for the meaning of each."""

    seed: int
    epochs: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    patience: int
    averaging: float
    refit: bool
    before_release_share: float
    observed_days: int | None
    coalition_share: float


def fit_network(
    config: MTAFConfig,
    material: Material,
    fit: Tensor,
    stop: Tensor,
    schedule: Schedule,
    progress: Progress = silent,
    checkpoint: Checkpoint | None = None,
) -> MTAF:
    """Fit a network on the rows ``fit`` and keep the epoch that does best on the rows ``stop``.

    The network that answers is a running mean of the one that learns (Polyak averaging). With `Schedule.refit` a second
    network learns from ``fit`` and ``stop`` together for as many epochs as were best, for the rows that chose the epoch
    are the latest, and the likest to what is asked.

    Parameters
    ----------
    config : MTAFConfig
    material : Material
        On the device to fit on.
    fit, stop : Tensor, int64
        Row numbers.
    schedule : Schedule
        The same seed on the same processor gives the same network.
    progress : Progress
        A `Step` an epoch; may raise `Cancelled`.
    checkpoint : Checkpoint, optional
        Where the state after each epoch is kept, and taken up from. On the CPU the network is the same as without.
    """
    with torch.random.fork_rng(), one_thread():
        kept = checkpoint or Checkpoint.nowhere()

        def begin(rows: Tensor) -> Descent:
            return Descent.begin(config, expectations(material, rows, config), schedule, material.truth.device)

        descent = kept.resumed("search", lambda: begin(fit))
        _search(descent, material, fit, stop, schedule, progress, kept)
        if not schedule.refit:
            return descent.answer()
        everything = torch.cat([fit, stop])
        again = kept.resumed("refit", lambda: begin(everything))
        for epoch in range(again.epoch + 1, descent.best_epoch + 1):
            _epoch(again, material, everything, schedule)
            progress(Step("refit", epoch, descent.best_epoch, f"all videos, epoch {epoch} of {descent.best_epoch}"))
            kept.keep("refit", again)
        again.keep_best(0.0)
        return again.answer()


def _search(
    descent: Descent,
    material: Material,
    fit: Tensor,
    stop: Tensor,
    schedule: Schedule,
    progress: Progress,
    kept: Checkpoint,
) -> None:
    """Run epochs until none has been better for `Schedule.patience` of them."""
    while descent.epoch < schedule.epochs and descent.epoch - descent.best_epoch < schedule.patience:
        _epoch(descent, material, fit, schedule)
        loss = validation_loss(descent.average, material, stop, schedule.observed_days)
        if loss < descent.best_loss:
            descent.keep_best(loss)
        note = f"epoch {descent.epoch} of {schedule.epochs}, validation MSE {loss:.3f}"
        progress(Step("train", descent.epoch, schedule.epochs, note))
        kept.keep("search", descent)


def expectations(material: Material, fit: Tensor, config: MTAFConfig) -> tuple[Tensor, Tensor]:
    """What each last known day leads to expect of the log score: `MTAF.center` and `MTAF.scale`, (H,) each.

    Without `MTAFConfig.residual` every day expects the market's mean.
    """
    truth = material.truth[fit]
    center = [truth.mean()]
    scale = [truth.std().clamp(min=_MIN_SCALE)]
    for day in range(1, config.horizon_day):
        scored = material.anchor_day[fit, day] == day
        if not config.residual:
            center.append(center[0])
            scale.append(scale[0])
        elif scored.sum() >= _MIN_ROWS:
            growth = (truth - material.anchor_score[fit, day])[scored]
            center.append(growth.mean())
            scale.append(growth.std().clamp(min=_MIN_SCALE))
        else:  # nobody was seen on this day: expect what the day before leads to, and no growth from the first
            center.append(center[-1] if day > 1 else torch.zeros_like(center[0]))
            scale.append(scale[-1])
    return torch.stack(center), torch.stack(scale)


@torch.inference_mode()
@one_thread()
def predict_at(network: MTAF, material: Material, rows: Tensor, observed_days: int) -> Tensor:
    """Predict the log scores of ``rows`` with the same number of observed days each, (B,)."""
    network.eval()
    return torch.cat(
        [network(material.at(chunk, torch.full_like(chunk, observed_days))).prediction for chunk in rows.split(_CHUNK)]
    )


def coalition_scores(network: MTAF, evidence: Evidence, masks: Tensor, baseline: float) -> Tensor:
    """Predict ``B`` videos under ``M`` coalitions of modalities, (B, M) float64; all on the CPU.

    The hidden vectors are made once and only fused again under each mask, (M, 5) bool; ``baseline`` stands where a
    mask leaves nothing.
    """
    hidden = network.hidden(evidence)  # (B, 5, width)
    present = evidence.present[:, None, :] & masks  # (B, M, 5)
    anything = present.any(dim=2)  # (B, M)
    video, mask = torch.nonzero(anything, as_tuple=True)
    scores = torch.full(anything.shape, baseline, dtype=torch.float64)
    if len(video):
        asked = replace(evidence.take(video), present=present[video, mask])
        scores[video, mask] = network.fuse(hidden[video], asked).prediction.double()
    return scores


def validation_loss(network: MTAF, material: Material, rows: Tensor, observed_days: int | None = None) -> float:
    """Mean squared error in units of the expected spread: half before release, half over all observed days.

    In plain log units the days after release would hardly count, for their errors are tens of times smaller. With
    ``observed_days``, of that one moment alone, over the rows that have a day to see.
    """

    def loss(observed_days: int, chosen: Tensor) -> float:
        predicted = predict_at(network, material, chosen, observed_days)
        scale = network.scale[material.anchor_day[chosen, observed_days]]
        return float((((predicted - material.truth[chosen]) / scale) ** 2).mean())

    if observed_days is not None:
        seen = rows[material.days[rows, observed_days] > 0] if observed_days else rows
        return loss(observed_days, seen if len(seen) else rows)
    before = loss(0, rows)
    later = [
        loss(k, seen) for k in range(1, network.config.horizon_day) if len(seen := rows[material.days[rows, k] > 0])
    ]
    return (before + sum(later) / len(later)) / 2 if later else before


def _encoded(preprocessor: Preprocessor, frame: "Frame", embeddings: Embeddings, content: bool) -> Material:
    """Encode some videos, with their content or with vectors of length 0 in its place."""
    trends = [preprocessor.trend(frame, k) for k in range(frame.horizon_day)]
    empty = dict.fromkeys(CONTENT_MODALITIES, np.zeros((len(frame.facts), 0), dtype=np.float32))
    return Material(
        preprocessor.transform(frame, embeddings) if content else preprocessor.beside(empty, frame, embeddings),
        torch.from_numpy(np.stack([trend.days for trend in trends], axis=1)),
        torch.from_numpy(np.stack([trend.anchor_day for trend in trends], axis=1)),
        torch.from_numpy(np.stack([trend.anchor_score for trend in trends], axis=1)),
        torch.from_numpy(np.log1p(frame.score).astype(np.float32)),
    )


def _epoch(descent: Descent, material: Material, fit: Tensor, schedule: Schedule) -> None:
    network = descent.network.train()
    shuffled = fit[torch.randperm(len(fit)).to(fit.device)]
    for rows in shuffled.split(schedule.batch_size):
        evidence = _shown(material, rows, schedule)
        predicted = network(evidence).prediction
        _, scale = network.expectation(evidence)
        loss = (((predicted - material.truth[rows]) / scale) ** 2).mean()
        descent.step(loss)
    descent.end_epoch()


def _shown(material: Material, rows: Tensor, schedule: Schedule) -> Evidence:
    """The evidence of ``rows`` as this batch shows it: observed days and coalition drawn anew for each video."""
    size, horizon = len(rows), material.days.shape[1]
    if schedule.observed_days is None:
        observed = torch.randint(1, horizon, (size,)) * (torch.rand(size) >= schedule.before_release_share)
    else:
        observed = torch.full((size,), schedule.observed_days)
    evidence = material.at(rows, observed.to(rows.device))
    kept = (torch.rand(size, len(COLUMN)) < 0.5) | (torch.rand(size, 1) >= schedule.coalition_share)
    kept = kept.to(rows.device)
    alone = ~(evidence.present & kept).any(dim=1)  # nothing left: show everything instead
    return evidence.keeping(kept | alone.unsqueeze(1))
