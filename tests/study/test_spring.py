"""Networks are drawn the same every time, with what is linked close together."""

import numpy as np
import pytest

from mtaf_core.study.spring import laid_out


def test_two_groups_stand_apart_and_the_same_every_time():
    one, other = np.triu_indices(8, 1)
    one, other = np.concatenate([one, one + 8]), np.concatenate([other, other + 8])
    place = laid_out(16, one, other, np.ones(len(one)))
    np.testing.assert_array_equal(place, laid_out(16, one, other, np.ones(len(one))))
    far = np.sqrt(((place[:, None] - place[None]) ** 2).sum(axis=2))
    within = np.mean([far[:8, :8][np.triu_indices(8, 1)].mean(), far[8:, 8:][np.triu_indices(8, 1)].mean()])
    assert within < 0.6 * far[:8, 8:].mean()
    assert np.abs(place).max() == pytest.approx(1)


@pytest.mark.parametrize("nodes", [0, 1, 5])
def test_nodes_without_links_stand_apart(nodes):
    place = laid_out(nodes, np.array([], dtype=int), np.array([], dtype=int), np.array([]))
    assert place.shape == (nodes, 2)
    assert np.isfinite(place).all()
    assert len({tuple(one) for one in place.round(6)}) == nodes
