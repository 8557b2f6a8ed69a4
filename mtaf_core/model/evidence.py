"""What the network reads about a batch of videos: one tensor a source, and which sources are there at all."""

from dataclasses import dataclass, fields, replace

import torch
from torch import Tensor

from mtaf_core.schema import MODALITIES, Modality

COLUMN: dict[Modality, int] = {modality: column for column, modality in enumerate(MODALITIES)}
"""Where each modality stands in ``present``, in attention and in coalition masks."""


@dataclass(frozen=True)
class Evidence:
    """The encoded evidence of ``B`` videos; ``H`` is the horizon day.

    Parameters
    ----------
    numeric : Tensor, (B, F), float32
        Log-scaled, standardised numbers, points on cycles, and missing indicators (N).
    categorical : Tensor, (B, G), int64
        Vocabulary ids of categories and flags; 0 is unknown or missing (N).
    text, audio, visual : Tensor, (B, d), float32
        Standardised content vectors (T, A, V); ``d`` is 0 where the network was trained without that source. A row
        whose modality is absent may hold NaN.
    series : Tensor, (B, H - 1, C), float32
        The observed days, moved to the front (S); what stands at or past ``days`` is never read.
    days : Tensor, (B,), int64
        How many rows of ``series`` count.
    anchor_day : Tensor, (B,), int64
        The last observed day whose score is known; 0 before release.
    anchor_score : Tensor, (B,), float32
        log1p of the score on ``anchor_day``; 0 before release.
    present : Tensor, (B, 5), bool
        Which modalities there are, in the order of `MODALITIES`.
    """

    numeric: Tensor
    categorical: Tensor
    text: Tensor
    audio: Tensor
    visual: Tensor
    series: Tensor
    days: Tensor
    anchor_day: Tensor
    anchor_score: Tensor
    present: Tensor

    def __len__(self) -> int:
        return len(self.present)

    def take(self, rows: Tensor) -> "Evidence":
        """Return the evidence of ``rows`` (int64 or bool) alone."""
        return Evidence(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    def to(self, device: torch.device | str) -> "Evidence":
        """Return the same evidence on ``device``."""
        return Evidence(**{f.name: getattr(self, f.name).to(device) for f in fields(self)})

    def keeping(self, kept: Tensor) -> "Evidence":
        """Return the evidence as if only the modalities ``kept``, (B, 5) or (5,) bool, were there."""
        return replace(self, present=self.present & kept)
