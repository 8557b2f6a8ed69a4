"""How a bundle is trained: every setting, with its meaning and its default."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mtaf_core.model.attention import Fusion
from mtaf_core.schema import HORIZON_DAY, Modality

if TYPE_CHECKING:
    from mtaf_core.model.encoders import Preprocessor
    from mtaf_core.model.fitting import Schedule
    from mtaf_core.model.mtaf import MTAFConfig
    from mtaf_core.model.plus.stacking import PlusConfig

LOOKS = 4_000_000
"""Videos shown to a network, counted each time, from 200,000 fitted videos on: so many decide the number of epochs."""
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
    epochs, patience : int, optional
        Most epochs, and how many without improvement end the training; where they are not given 80 and 15, and 20 and 5
        from 5,000 fitted videos on, where an epoch is many steps; past 200,000 so many epochs that 4,000,000 videos are
        shown, at least 3.
    batch_size : int, optional
        128 where it is not given, 512 from 5,000 fitted videos on.
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
    observed_days : int, optional
        Learn for this one moment, as the paper does, instead of for every number of observed days at once.
    coalition_share : float, default 0.3
        How often a video is shown with a random half of its modalities.
    networks, boosters : int, default 3, 2
        Of the stack: seeds of each.
    rounds : int, optional
        Of the stack's boosters; see `mtaf_core.model.plus.stacking.PlusConfig`.
    max_videos : int, default 200,000
        The latest videos that the stack's boosters, linear model and similar posts learn from, at most: their table is
        in memory. The networks, what is remembered of KOLs, and the trees that rank the factors learn from all.
    """

    horizon_day: int = HORIZON_DAY
    seed: int = 0
    device: str = "auto"
    epochs: int | None = None
    patience: int | None = None
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
    observed_days: int | None = None
    coalition_share: float = 0.3
    networks: int = 3
    boosters: int = 2
    rounds: int | None = None
    max_videos: int = 200_000

    def network(self, preprocessor: "Preprocessor") -> "MTAFConfig":
        """The shape of the network for inputs such as ``preprocessor`` makes."""
        from mtaf_core.model.mtaf import MTAFConfig

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

    def stack(self) -> "PlusConfig":
        """The stack that this training fits, its networks as this config says."""
        from mtaf_core.model.plus.stacking import PlusConfig

        return PlusConfig(self.seed, self.networks, self.boosters, self.rounds, network=self)

    def schedule(self, videos: int) -> "Schedule":
        """How to fit a network on so many ``videos``."""
        from mtaf_core.model.fitting import Schedule

        chosen = {name: getattr(self, name) for name in Schedule.__dataclass_fields__}
        few = videos < FEW_VIDEOS
        chosen["epochs"] = self.epochs or (80 if few else max(3, min(20, LOOKS // videos)))
        chosen["patience"] = self.patience or (15 if few else 5)
        chosen["batch_size"] = self.batch_size or (128 if few else 512)
        chosen["refit"] = few if self.refit is None else self.refit
        return Schedule(**chosen)
