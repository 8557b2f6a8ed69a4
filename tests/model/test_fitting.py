"""What the networks are fitted on: encoded together or block by block, its content in memory or on disk."""

from dataclasses import fields

import numpy as np
import pytest
import torch

from mtaf_core.data import vectors
from mtaf_core.data.vectors import Mapped, Vectors
from mtaf_core.model import fitting
from mtaf_core.model.config import LOOKS, TrainConfig
from mtaf_core.model.encoders import Preprocessor, known, on_disk, rows_of
from mtaf_core.model.fitting import Material, predict_at, validation_loss
from mtaf_core.model.mtaf import MTAF

DAYS = torch.tensor([0, 1, 2, 5])


@pytest.fixture
def stored(market, tmp_path):
    """The market's vectors on disk."""
    found = {}
    for modality, matrix in market[1].items():
        mapped = Mapped(tmp_path, *matrix.shape)
        mapped.write(np.arange(len(matrix)), matrix)
        found[modality] = Vectors(mapped, np.arange(len(matrix)), known(matrix))
    yield found
    for matrix in found.values():
        matrix.mapped.close()


def same(one, other):
    for field in fields(one):
        left, right = getattr(one, field.name), getattr(other, field.name)
        assert torch.equal(torch.nan_to_num(left), torch.nan_to_num(right)), field.name


def test_content_on_disk_is_shown_as_content_in_memory(market, stored):
    frame, embeddings = market
    learnt, again = Preprocessor.fit(frame, embeddings), Preprocessor.fit(frame, stored)
    assert all(np.array_equal(learnt.arrays()[name], array) for name, array in again.arrays().items())
    whole, lazy = Material.encode(learnt, frame, embeddings), Material.encode(again, frame, stored)
    assert whole.unread is None
    assert lazy.evidence.text.shape == (len(frame), 0)
    rows = torch.tensor([7, 7, 399, 0])
    same(whole.at(rows, DAYS), lazy.at(rows, DAYS))
    same(whole.at(rows, DAYS), lazy.to("cpu").at(rows, DAYS))
    torch.manual_seed(0)
    network = MTAF(TrainConfig(width=8).network(learnt)).eval()
    assert torch.equal(predict_at(network, whole, rows, 2), predict_at(network, lazy, rows, 2))
    assert validation_loss(network, whole, rows) == validation_loss(network, lazy, rows)


def test_rows_of_content_on_disk_stay_there(stored):
    some = rows_of(stored, np.array([3, 1]))
    assert on_disk(some)
    assert not on_disk({modality: matrix[:] for modality, matrix in some.items()})


def test_videos_encoded_block_by_block_are_those_encoded_together(market, monkeypatch):
    preprocessor = Preprocessor.fit(*market)
    whole = Material.encode(preprocessor, *market)
    monkeypatch.setattr(fitting, "_ENCODED", 64)
    parts = Material.encode(preprocessor, *market)
    same(whole.evidence, parts.evidence)
    for name in ("days", "anchor_day", "anchor_score", "truth"):
        assert torch.equal(torch.nan_to_num(getattr(whole, name)), torch.nan_to_num(getattr(parts, name)))


def test_scales_learnt_block_by_block_are_those_learnt_together(market, monkeypatch):
    whole = Preprocessor.fit(*market).arrays()
    monkeypatch.setattr(vectors, "BLOCK", 32)
    for name, array in Preprocessor.fit(*market).arrays().items():
        np.testing.assert_allclose(array, whole[name], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("videos", "epochs"), [(100, 80), (5_000, 20), (200_000, 20), (400_000, 10), (10**7, 3)])
def test_a_large_market_is_shown_so_often_that_the_looks_are_bounded(videos, epochs):
    assert TrainConfig().schedule(videos).epochs == epochs
    assert epochs * videos <= max(LOOKS, 3 * videos)
    assert TrainConfig(epochs=7).schedule(videos).epochs == 7
