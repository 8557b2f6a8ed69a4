"""Attention over modalities: how much each source of evidence counts for one video."""

from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn

Fusion = Literal["concat", "sum"]


class Fused(NamedTuple):
    features: Tensor  # (batch, width), or (batch, modalities * width) for "concat"
    attention: Tensor  # (batch, modalities), each row sums to 1; 0 where the modality is absent


class ModalityAttention(nn.Module):
    """Weigh and fuse the hidden vectors of several modalities.

    Scores each modality's hidden vector ``h_m`` by ``s_m = v · tanh(W h_m + b)``, normalises the scores of
    the modalities present by softmax, and fuses the weighted vectors. This is a reconstruction: the paper
    (section 2.4) follows Xu et al. 2020, whose equations are not public.

    Parameters
    ----------
    width : int
        Length of every modality's hidden vector.
    fusion : {"concat", "sum"}, default "concat"
        Lay the weighted vectors side by side, or add them up.
    uniform : bool, default False
        Give every modality present the same weight instead of a learned one: the paper's row MTAF-Att (table 2).
    """

    def __init__(self, width: int, fusion: Fusion = "concat", uniform: bool = False) -> None:
        super().__init__()
        self.fusion = fusion
        self.uniform = uniform
        if not uniform:
            self.project = nn.Linear(width, width)
            self.score = nn.Linear(width, 1, bias=False)
            nn.init.zeros_(self.score.weight)  # all modalities start alike, and only the data tells them apart

    def forward(self, hidden: Tensor, present: Tensor) -> Fused:
        """Fuse ``hidden`` over the modalities that are ``present``.

        Parameters
        ----------
        hidden : Tensor, (batch, modalities, width), float
        present : Tensor, (batch, modalities), bool

        Returns
        -------
        Fused

        Raises
        ------
        ValueError
            If a video has no modality at all: there is nothing to weigh.
        """
        if not present.any(dim=1).all():
            raise ValueError("every video needs at least one modality; drop the empty rows first")
        # An absent modality may hold NaN, and 0 * NaN would still poison values and gradients: blank it first.
        hidden = hidden.masked_fill(~present.unsqueeze(-1), 0.0)
        attention = self._weights(hidden, present)  # (batch, modalities)
        weighted = attention.unsqueeze(-1) * hidden  # (batch, modalities, width)
        fused = weighted.flatten(1) if self.fusion == "concat" else weighted.sum(dim=1)
        return Fused(fused, attention)

    def _weights(self, hidden: Tensor, present: Tensor) -> Tensor:
        if self.uniform:
            return present / present.sum(dim=1, keepdim=True)
        score = self.score(torch.tanh(self.project(hidden))).squeeze(-1)  # (batch, modalities)
        return score.masked_fill(~present, -torch.inf).softmax(dim=1)
