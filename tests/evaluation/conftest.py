"""A small piece of the demo market, and budgets that take seconds."""

import pytest

from mtaf_core.evaluation.protocol import Settings, run
from mtaf_core.evaluation.task import Budget
from mtaf_core.model.config import TrainConfig
from mtaf_core.model.plus import PlusConfig
from mtaf_core.pipeline import market_evidence


@pytest.fixture(scope="session")
def small(demo):
    """Every seventh video of the demo market, with its vectors."""
    frame, vectors, _, _ = market_evidence(demo)
    rows = list(range(0, len(frame), 7))
    return frame.take(rows), {m: None if v is None else v[rows] for m, v in vectors.items()}


@pytest.fixture(scope="session")
def quick():
    return Budget(
        seeds=2,
        trials=2,
        rounds=30,
        catboost_rounds=20,
        resamples=100,
        training=TrainConfig(device="cpu", epochs=3, width=16, learning_rate=3e-3),
        stack=PlusConfig(networks=0, boosters=1, rounds=20),
    )


@pytest.fixture(scope="session")
def before(small, quick):
    """Everything before release, ablations and the learning curve included."""
    return run(*small, Settings(ablate=True, learning_curve=True), quick)


@pytest.fixture(scope="session")
def after(small, quick):
    """Everything with two days observed, ablations included."""
    return run(*small, Settings(observed_days=2, ablate=True), quick)
