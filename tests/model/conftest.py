"""What tests of models share: the small market, and what is trained on it once."""

import pytest
from given_market import BACKBONES, HORIZON, Embeddings, make_market

from mtaf_core.data.frame import Frame
from mtaf_core.model.config import TrainConfig
from mtaf_core.model.train import train


@pytest.fixture(scope="session")
def market() -> tuple[Frame, Embeddings]:
    return make_market()


@pytest.fixture(scope="session")
def quick() -> TrainConfig:
    """Trains in a few seconds."""
    return TrainConfig(
        device="cpu",
        horizon_day=HORIZON,
        epochs=24,
        batch_size=32,
        width=32,
        content_dropout=0.2,
        refit=False,
        networks=1,
        boosters=1,
        rounds=60,
    )


@pytest.fixture(scope="session")
def bundle(market, quick, tmp_path_factory):
    frame, embeddings = market
    return train(frame, embeddings, BACKBONES, "compact", tmp_path_factory.mktemp("bundles") / "one", quick)
