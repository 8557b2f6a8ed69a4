"""The network: five sources of evidence, one dense layer each, attention over them, two dense layers to the score.

Section 2.3 and figure 4 of the paper, read top to bottom. Two things are ours, and both can be switched off:

- *Modalities may be absent.* A video without sound, or one not yet released, is weighed over what is there.
- *The answer starts from the last observed day.* With `MTAFConfig.residual` the network answers in standard
  deviations around "the last known score plus the usual growth from that day on" instead of around the market's
  mean, because early popularity dwarfs everything else once it is known.
"""

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from mtaf_core.model.attention import Fusion, ModalityAttention
from mtaf_core.model.evidence import COLUMN, Evidence
from mtaf_core.schema import HORIZON_DAY, MODALITIES, Modality


class Output(NamedTuple):
    prediction: Tensor  # (batch,), log1p of the popularity score at the horizon day
    attention: Tensor  # (batch, 5), each row sums to 1; 0 where the modality is absent


@dataclass(frozen=True)
class MTAFConfig:
    """The shape of the network.

    Parameters
    ----------
    numeric : int
        Numeric inputs of ``content_agnostic``.
    vocabulary : tuple of int
        Ids of each categorical input of ``content_agnostic``, the unknown id 0 included.
    text, audio, visual : int
        Lengths of the content vectors; 0 leaves the modality out.
    channels : int
        Inputs a day of ``temporal``; 0 leaves it out.
    horizon_day : int, default 6
    width : int, default 128
        Common length of the hidden vectors.
    recurrent_width : int, default 128
        Width of the GRU a direction: 256 for both, as in section 2.3.
    fusion : {"concat", "sum"}, default "concat"
    uniform_attention : bool, default False
        The paper's row MTAF-Att.
    residual : bool, default True
        Start from the last observed day rather than from the market's mean.
    dropout : float, default 0.3
        Of every hidden vector.
    content_dropout : float, default 0.7
        Of the content vectors as they come in: hundreds of numbers that a few thousand videos cannot tell apart.
    """

    numeric: int
    vocabulary: tuple[int, ...]
    text: int
    audio: int
    visual: int
    channels: int
    horizon_day: int = HORIZON_DAY
    width: int = 128
    recurrent_width: int = 128
    fusion: Fusion = "concat"
    uniform_attention: bool = False
    residual: bool = True
    dropout: float = 0.3
    content_dropout: float = 0.7

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "MTAFConfig":
        return cls(**{**values, "vocabulary": tuple(values["vocabulary"])})


class MTAF(nn.Module):
    """Multimodal and Temporal Attention Fusion.

    ``center`` and ``scale``, both (H,), say what is expected of a video whose last known day is ``d``, and how far
    videos stray from it: ``center[0]`` is the mean log score of the market, ``center[d]`` the mean growth of the log
    score from day ``d`` to the horizon. They are set by `mtaf_core.model.fitting` and stored with the weights.
    """

    center: Tensor
    scale: Tensor

    def __init__(self, config: MTAFConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.embed = nn.ModuleList(nn.Embedding(size, embedding_width(size)) for size in config.vocabulary)
        for table in self.embed:
            nn.init.normal_(table.weight, std=0.1)
            nn.init.zeros_(table.weight[0])  # unknown starts as "nothing to say", not as a random city
        self.trend = (
            nn.GRU(config.channels, config.recurrent_width, batch_first=True, bidirectional=True)
            if config.channels
            else None
        )
        inputs = {
            Modality.CONTENT_AGNOSTIC: config.numeric + sum(embedding_width(size) for size in config.vocabulary),
            Modality.TEXT: config.text,
            Modality.AUDIO: config.audio,
            Modality.VISUAL: config.visual,
            Modality.TEMPORAL: 2 * config.recurrent_width if config.channels else 0,
        }
        self.dense = nn.ModuleDict(
            {
                modality: nn.Sequential(nn.Linear(length, width), nn.ReLU(), nn.Dropout(config.dropout))
                for modality, length in inputs.items()
                if length
            }
        )
        self.attention = ModalityAttention(width, config.fusion, config.uniform_attention)
        fused = width * len(MODALITIES) if config.fusion == "concat" else width
        self.head = nn.Sequential(
            nn.Linear(fused, width), nn.ReLU(), nn.Dropout(config.dropout),
            nn.Linear(width, 1),
        )  # fmt: skip
        self.register_buffer("center", torch.zeros(config.horizon_day))
        self.register_buffer("scale", torch.ones(config.horizon_day))

    def forward(self, evidence: Evidence) -> Output:
        """Predict the log score of ``B`` videos from whatever evidence is present."""
        return self.fuse(self.hidden(evidence), evidence)

    def hidden(self, evidence: Evidence) -> Tensor:
        """Give every modality its hidden vector, (B, 5, width); zeros where the network has no such modality."""
        absent = evidence.numeric.new_zeros(len(evidence), self.config.width)
        return torch.stack(
            [
                self.dense[modality](self._input(modality, evidence)) if modality in self.dense else absent
                for modality in MODALITIES
            ],
            dim=1,
        )  # (B, 5, width)

    def fuse(self, hidden: Tensor, evidence: Evidence) -> Output:
        """Weigh hidden vectors, (B, 5, width), over ``evidence.present`` and turn them into log scores."""
        fused = self.attention(hidden, evidence.present)
        deviation = self.head(fused.features).squeeze(-1)  # (B,)
        center, scale = self.expectation(evidence)
        return Output(center + scale * deviation, fused.attention)

    def expectation(self, evidence: Evidence) -> tuple[Tensor, Tensor]:
        """Say what a video's last known day alone leads to expect: center and scale of its log score, (B,) each."""
        seen = evidence.present[:, COLUMN[Modality.TEMPORAL]]
        day = torch.where(seen, evidence.anchor_day, 0)
        start = torch.where(day > 0, evidence.anchor_score, 0.0) if self.config.residual else 0.0
        return start + self.center[day], self.scale[day]

    def _input(self, modality: Modality, evidence: Evidence) -> Tensor:
        if modality is Modality.CONTENT_AGNOSTIC:
            ids = [table(evidence.categorical[:, column]) for column, table in enumerate(self.embed)]
            return torch.cat([evidence.numeric, *ids], dim=1)  # (B, F + widths)
        present = evidence.present[:, COLUMN[modality]]  # (B,)
        if modality is Modality.TEMPORAL:
            return self._trend(evidence, present)
        vectors: Tensor = getattr(evidence, modality.value)  # (B, d)
        shown = vectors.masked_fill(~present.unsqueeze(1), 0.0)
        return nn.functional.dropout(shown, self.config.content_dropout, self.training)

    def _trend(self, evidence: Evidence, present: Tensor) -> Tensor:
        """The last state of both directions over the observed days, (B, 2 * recurrent_width)."""
        assert self.trend is not None
        length = 2 * self.config.recurrent_width
        if not present.any():
            return evidence.series.new_zeros(len(evidence), length)
        # Packing needs a length of at least 1; an absent row reads one day of zeros, and attention drops it.
        series = evidence.series.masked_fill(~present.view(-1, 1, 1), 0.0)
        days = torch.where(present, evidence.days, 1).clamp(min=1).cpu()
        packed = pack_padded_sequence(series, days, batch_first=True, enforce_sorted=False)
        _, last = self.trend(packed)  # (2, B, recurrent_width)
        return last.transpose(0, 1).flatten(1)


def embedding_width(size: int) -> int:
    """Choose the width of an embedding: the square root of its vocabulary, from 2 to 16."""
    return int(min(16, max(2, round(size**0.5))))
