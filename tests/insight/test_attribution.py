import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mtaf_core.insight.attribution import coalition_masks, shapley, shared

PLAYERS = st.integers(1, 6)
VALUE = st.floats(-1e3, 1e3)


@st.composite
def games(draw):
    players = draw(PLAYERS)
    return players, draw(arrays(float, 2**players, elements=VALUE))


@given(games())
def test_contributions_sum_to_the_full_value_less_the_empty_one(game):
    players, values = game
    assert shapley(values, players).sum() == pytest.approx(values[-1] - values[0], abs=1e-9)


@given(games(), st.data())
def test_a_player_that_changes_nothing_gets_nothing(game, data):
    players, values = game
    idle = data.draw(st.integers(0, players - 1))
    masks = coalition_masks(players)
    values = values[np.arange(len(values)) & ~(1 << idle)]  # worth the same with and without the player
    assert not masks[0].any()
    assert shapley(values, players)[idle] == pytest.approx(0, abs=1e-9)


@given(games())
def test_two_players_that_always_do_the_same_get_the_same(game):
    players, values = game
    masks = coalition_masks(players)
    alike = {}
    for mask, value in zip(masks, values, strict=True):
        key = (int(mask[:2].sum()), *mask[2:])
        alike.setdefault(key, value)
    values = np.array([alike[(int(mask[:2].sum()), *mask[2:])] for mask in masks])
    contributions = shapley(values, players)
    assert players == 1 or contributions[0] == pytest.approx(contributions[1], abs=1e-9)


@given(games(), st.floats(-3, 3))
def test_games_add_up(game, factor):
    players, values = game
    other = np.sin(np.arange(len(values)))
    together = shapley(values + factor * other, players)
    np.testing.assert_allclose(together, shapley(values, players) + factor * shapley(other, players), atol=1e-9)


def test_an_additive_game_gives_each_player_its_own_worth():
    worth = np.array([1.0, -2.0, 0.5])
    assert shapley(lambda masks: masks @ worth, 3) == pytest.approx(worth)


def test_the_glove_game():
    def pairs(masks):
        return np.minimum(masks[:, 0], masks[:, 1] | masks[:, 2])

    assert shapley(pairs, 3) == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_many_games_side_by_side():
    values = np.random.default_rng(0).normal(size=(8, 5))
    together = shapley(values, 3)
    assert together.shape == (3, 5)
    np.testing.assert_allclose(together[:, 2], shapley(values[:, 2], 3))


def test_masks_run_from_nobody_to_everybody():
    masks = coalition_masks(5)
    assert masks.shape == (32, 5)
    assert not masks[0].any()
    assert masks[-1].all()
    assert len({tuple(mask) for mask in masks}) == 32


def test_a_wrong_number_of_values_is_refused():
    with pytest.raises(ValueError, match="3 players make 8 coalitions, but there are 7 values"):
        shapley(np.zeros(7), 3)


def test_those_who_are_not_there_get_nothing_and_the_rest_share_the_value_of_all():
    asked = []

    def value_of(masks):
        asked.append(masks)
        return masks[:, 1] * 3.0 + masks[:, 3] * 4.0

    whole, shares = shared(np.array([False, True, False, True]), value_of)
    np.testing.assert_allclose(shares, [0.0, 3.0, 0.0, 4.0])
    assert whole == 7.0
    assert asked[0].shape == (4, 4)
    assert asked[0][-1].all()
    assert not asked[0][:-1, [0, 2]].any()


def test_with_nobody_there_only_the_whole_is_asked_for():
    whole, shares = shared(np.zeros(5, dtype=bool), lambda masks: masks.sum(axis=1) * 1.0)
    assert whole == 5.0
    assert not shares.any()
