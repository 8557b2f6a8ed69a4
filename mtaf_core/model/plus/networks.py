"""The paper's network, fitted from several seeds, as one part of the stack: their mean."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mtaf_core.model.encoders import Embeddings, Preprocessor

if TYPE_CHECKING:
    from mtaf_core.data.frame import Frame
    from mtaf_core.model.mtaf import MTAF

_STOP_SHARE = 0.12
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
    def fit(cls, frame: "Frame", embeddings: Embeddings, rows: np.ndarray, seed: int, count: int) -> "Networks":
        """Fit ``count`` networks on ``rows``, oldest first; the latest eighth of them chooses the epoch."""
        import torch

        from mtaf_core.model.fitting import Material, fit_network
        from mtaf_core.model.train import TrainConfig

        cut = int((1 - _STOP_SHARE) * len(rows))
        taken = frame.take(rows)
        vectors = {m: None if v is None else v[rows] for m, v in embeddings.items()}
        older = {m: None if v is None else v[:cut] for m, v in vectors.items()}
        preprocessor = Preprocessor.fit(taken.take(np.arange(cut)), older)
        material = Material.encode(preprocessor, taken, vectors)
        fit, stop = torch.arange(cut), torch.arange(cut, len(rows))
        made = []
        for number in range(count):
            config = TrainConfig(horizon_day=frame.horizon_day, seed=seed + number, device="cpu")
            made.append(fit_network(config.network(preprocessor), material, fit, stop, config.schedule(cut)))
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
                rows = np.arange(start, min(start + step, len(frame.facts)))
                part = {m: None if v is None else v[rows] for m, v in embeddings.items()}
                evidence = self.preprocessor.transform(frame.take(rows), part, observed_days)
                scores = [coalition_scores(network, evidence, kept, baseline) for network in self.networks]
                found.append(torch.stack(scores).mean(dim=0).numpy())
        return np.concatenate(found) if found else np.zeros((0, len(masks)))
