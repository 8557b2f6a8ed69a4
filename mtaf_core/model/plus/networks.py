"""The paper's network, fitted from several seeds, as one part of the stack: their mean."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mtaf_core.jobs import Progress, Step
from mtaf_core.model.encoders import Embeddings, Preprocessor, rows_of

if TYPE_CHECKING:
    import torch

    from mtaf_core.data.frame import Frame
    from mtaf_core.model.config import TrainConfig
    from mtaf_core.model.fitting import Material
    from mtaf_core.model.mtaf import MTAF
    from mtaf_core.model.plus.stacking import PlusConfig

_STOP_SHARE = 0.12
_MOST_STOP = 20_000
_ROWS = 4_096


@dataclass(frozen=True)
class Networks:
    """Networks that read the same encoding.

    Parameters
    ----------
    preprocessor : Preprocessor
    networks : tuple of MTAF
        In evaluation mode on the CPU.
    """

    preprocessor: Preprocessor
    networks: "tuple[MTAF, ...]"

    @classmethod
    def fit(
        cls,
        frame: "Frame",
        embeddings: Embeddings,
        rows: np.ndarray,
        plus: "PlusConfig",
        count: int,
        reporting: Callable[[int], Progress],
        shelf: Path | None = None,
    ) -> "Networks":
        """Fit ``count`` networks on ``rows``, oldest first; their latest eighth, at most 20,000, chooses the epoch.

        Parameters
        ----------
        plus : PlusConfig
            The stack that they are part of.
        reporting : callable
            Given the number of a network, the `Progress` of fitting it.
        shelf : Path, optional
            Where the state of each is kept, to go on from after an interruption.
        """
        import torch

        from mtaf_core.model.fitting import Material

        cut = max(int((1 - _STOP_SHARE) * len(rows)), len(rows) - _MOST_STOP)
        preprocessor = Preprocessor.fit(frame.take(rows[:cut]), rows_of(embeddings, rows[:cut]))
        material = Material.encode(preprocessor, frame.take(rows), rows_of(embeddings, rows))
        made = []
        for number in range(count):
            config = replace(plus.network, horizon_day=frame.horizon_day, seed=plus.seed + number)
            parts = torch.arange(cut), torch.arange(cut, len(rows))
            place = shelf and shelf / str(number)
            made.append(_fitted(preprocessor, material, parts, config, reporting(number), place))
        return cls(preprocessor, tuple(made))

    def coalitions(
        self, frame: "Frame", embeddings: Embeddings, masks: np.ndarray, observed_days: int, baseline: float
    ) -> np.ndarray:
        """Mean log score of every video under each mask, (n, M) float64; ``baseline`` where nothing is left."""
        import torch

        from mtaf_core.model.fitting import coalition_scores
        from mtaf_core.threads import one_thread

        kept = torch.from_numpy(np.asarray(masks, dtype=bool))
        step = max(1, _ROWS // len(kept))
        found = []
        with torch.inference_mode(), one_thread():
            for start in range(0, len(frame.facts), step):
                evidence = self.preprocessor.transform(*_part(frame, embeddings, start, step), observed_days)
                scores = [coalition_scores(network, evidence, kept, baseline) for network in self.networks]
                found.append(torch.stack(scores).mean(dim=0).numpy())
        return np.concatenate(found) if found else np.zeros((0, len(masks)))

    def attention(
        self, frame: "Frame", embeddings: Embeddings, observed_days: int | None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Mean attention over the networks, (n, 5) float64, and which modalities each video has, (n, 5) bool."""
        import torch

        from mtaf_core.threads import one_thread

        weights, present = [], []
        with torch.inference_mode(), one_thread():
            for start in range(0, len(frame.facts), _ROWS):
                evidence = self.preprocessor.transform(*_part(frame, embeddings, start, _ROWS), observed_days)
                told = [network(evidence).attention.double() for network in self.networks]
                weights.append(torch.stack(told).mean(dim=0).numpy())
                present.append(evidence.present.numpy())
        if not weights:
            return np.zeros((0, 5)), np.zeros((0, 5), dtype=bool)
        return np.concatenate(weights), np.concatenate(present)


def _fitted(
    preprocessor: Preprocessor,
    material: "Material",
    parts: "tuple[torch.Tensor, torch.Tensor]",
    config: "TrainConfig",
    progress: Progress,
    shelf: Path | None,
) -> "MTAF":
    """Fit one network on the device asked for, or from the start again on the CPU if that runs out of memory."""
    import torch

    from mtaf_core.content.devices import resolve_device
    from mtaf_core.model.descent import Checkpoint
    from mtaf_core.model.fitting import fit_network

    device = resolve_device(config.device)
    schedule = config.schedule(len(parts[0]))

    def fitted(where: str) -> "MTAF":
        there = material.to(where)
        fit, stop = (part.to(where) for part in parts)
        kept = Checkpoint(shelf, where)
        return fit_network(config.network(preprocessor), there, fit, stop, schedule, progress, kept).to("cpu")

    try:
        return fitted(device)
    except torch.OutOfMemoryError:
        if device == "cpu":
            raise
    # Outside of the handler: its traceback would keep what filled the device alive.
    if device == "cuda":
        torch.cuda.empty_cache()
    note = f"the {device} device ran out of memory; the network is trained on the CPU, from the start"
    progress(Step("train", 0, schedule.epochs, note))
    return fitted("cpu")


def _part(frame: "Frame", embeddings: Embeddings, start: int, size: int) -> "tuple[Frame, Embeddings]":
    """Rows ``start`` to ``start + size`` of a frame and its vectors; the whole when it is no longer than that."""
    if start == 0 and len(frame.facts) <= size:
        return frame, embeddings
    rows = np.arange(start, min(start + size, len(frame.facts)))
    return frame.take(rows), rows_of(embeddings, rows)
