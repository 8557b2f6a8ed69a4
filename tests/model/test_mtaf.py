from dataclasses import replace

import pytest
import torch

from mtaf_core.model.config import TrainConfig
from mtaf_core.model.encoders import Preprocessor
from mtaf_core.model.mtaf import MTAF, MTAFConfig


@pytest.fixture(scope="module")
def evidence(market):
    frame, embeddings = market
    return Preprocessor.fit(frame, embeddings).transform(frame, embeddings).take(torch.arange(64))


@pytest.fixture(scope="module")
def config(market) -> MTAFConfig:
    return TrainConfig(width=16).network(Preprocessor.fit(*market))


@pytest.fixture
def network(config) -> MTAF:
    torch.manual_seed(0)
    return MTAF(config).eval()


def without(evidence, column):
    present = evidence.present.clone()
    present[:, column] = False
    return replace(evidence, present=present)


def test_every_video_gets_one_number_and_five_weights(network, evidence):
    output = network(evidence)
    assert output.prediction.shape == (64,)
    assert output.attention.shape == (64, 5)
    torch.testing.assert_close(output.attention.sum(dim=1), torch.ones(64))
    assert (output.attention[~evidence.present] == 0).all()


@pytest.mark.parametrize(("column", "name"), [(1, "text"), (2, "audio"), (3, "visual"), (4, "series")])
def test_an_absent_modality_may_hold_nan_and_changes_nothing(network, evidence, column, name):
    absent = without(evidence, column)
    garbage = replace(absent, **{name: torch.full_like(getattr(absent, name), torch.nan)})
    if name == "series":
        garbage = replace(garbage, anchor_score=torch.full_like(absent.anchor_score, torch.nan))
    torch.testing.assert_close(network(garbage).prediction, network(absent).prediction, rtol=0, atol=0)
    network.train()(garbage).prediction.sum().backward()
    assert all(p.grad is None or torch.isfinite(p.grad).all() for p in network.parameters())


@pytest.mark.parametrize("column", range(5))
def test_every_modality_counts(network, evidence, column):
    with_it, without_it = network(evidence), network(without(evidence, column))
    rows = evidence.present[:, column]
    assert (with_it.prediction != without_it.prediction)[rows].all()
    assert torch.equal(with_it.prediction[~rows], without_it.prediction[~rows])


def test_the_trend_ends_at_the_observed_days(network, evidence):
    series = evidence.series.clone()
    for video, days in enumerate(evidence.days.tolist()):
        series[video, days:] = 99.0
    shorter = replace(evidence, days=evidence.days.clamp(max=2))
    changed = replace(shorter, series=torch.where(torch.arange(5)[None, :, None] >= 2, 99.0, shorter.series))
    assert torch.equal(network(replace(evidence, series=series)).prediction, network(evidence).prediction)
    assert torch.equal(network(changed).prediction, network(shorter).prediction)


def test_the_answer_starts_from_the_last_known_score(network, evidence):
    network.center[:] = torch.arange(6.0)
    center, _ = network.expectation(evidence)
    day = evidence.anchor_day
    torch.testing.assert_close(center, torch.where(day > 0, evidence.anchor_score, 0.0) + day)
    before, _ = network.expectation(without(evidence, 4))
    assert (before == 0).all()


def test_a_network_without_some_modalities_has_no_layers_for_them(config, evidence):
    small = MTAF(replace(config, audio=0, visual=0, channels=0))
    assert set(small.dense) == {"content_agnostic", "text"}
    present = evidence.present.clone()
    present[:, 2:] = False
    assert torch.isfinite(small(replace(evidence, present=present)).prediction).all()


def test_the_shape_survives_being_stored(config):
    assert MTAFConfig.from_dict({**config.to_dict(), "vocabulary": list(config.vocabulary)}) == config
