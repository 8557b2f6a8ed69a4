"""Exact Shapley values: what each source of evidence adds to one prediction."""

from collections.abc import Callable
from functools import cache
from math import factorial

import numpy as np

MAX_PLAYERS = 12


def coalition_masks(players: int) -> np.ndarray:
    """Every coalition of ``players``, (2 ** players, players) bool: the empty one first, the full one last.

    Row ``i`` holds player ``p`` when bit ``p`` of ``i`` is set.
    """
    return (np.arange(2**players)[:, None] >> np.arange(players)) & 1 == 1


def shapley(value_of: np.ndarray | Callable[[np.ndarray], np.ndarray], players: int) -> np.ndarray:
    """Share the value of the full coalition among its players (Shapley 1953).

    Parameters
    ----------
    value_of : ndarray, (2 ** players, ...) float, or callable
        The value of every coalition in the order of `coalition_masks`, for any number of games side by side; or a
        function from those masks to such values.
    players : int

    Returns
    -------
    ndarray, (players, ...) float64
        Contributions; they sum to the value of the full coalition less that of the empty one.

    Raises
    ------
    ValueError
        If the values do not number ``2 ** players``, or there are more than 12 players.
    """
    if not 0 <= players <= MAX_PLAYERS:
        raise ValueError(f"players is {players}; exact values are for 0 to {MAX_PLAYERS}")
    values = np.asarray(value_of(coalition_masks(players)) if callable(value_of) else value_of, dtype=np.float64)
    if len(values) != 2**players:
        raise ValueError(f"{players} players make {2**players} coalitions, but there are {len(values)} values")
    return np.tensordot(_weights(players), values, axes=1)


def shared(present: np.ndarray, value_of: Callable[[np.ndarray], np.ndarray]) -> tuple[float, np.ndarray]:
    """The value of all players who are there, and the Shapley value of each.

    Parameters
    ----------
    present : ndarray of bool, (players,)
    value_of : callable
        From coalitions, (2 ** k, players) bool for k players who are there, to their values, (2 ** k,). The last
        coalition has everybody in it, so that its value is the one that is asked for beside the shares.

    Returns
    -------
    (float, ndarray, (players,) float64)
        Zeros where a player is not there.
    """
    players = np.flatnonzero(present)
    masks = np.zeros((2 ** len(players), len(present)), dtype=bool)
    masks[:, players] = coalition_masks(len(players))
    masks[-1] = True
    values = np.asarray(value_of(masks))
    contributions = np.zeros(len(present))
    contributions[players] = shapley(values, len(players))
    return float(values[-1]), contributions


@cache
def _weights(players: int) -> np.ndarray:
    """The matrix, (players, coalitions), that turns coalition values into contributions."""
    masks = coalition_masks(players)
    size = masks.sum(axis=1)  # (coalitions,)
    orders = np.array([factorial(n) for n in range(players + 1)], dtype=np.float64)
    joined = orders[np.maximum(size - 1, 0)] * orders[players - size] / orders[players]
    missed = orders[size] * orders[np.maximum(players - size - 1, 0)] / orders[players]
    return np.where(masks, joined[:, None], -missed[:, None]).T
