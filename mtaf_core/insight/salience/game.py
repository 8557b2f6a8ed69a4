"""Sharing what a whole is worth among its parts: exactly where they are few, by drawn orders where they are many."""

from collections.abc import Callable

import numpy as np

from mtaf_core.insight.attribution import coalition_masks, shapley

EXACT = 10
"""At most this many parts are shared over exactly: 1,024 coalitions."""
PAIRS = 6
"""Orders drawn for more parts than that, each with its reverse."""
_SEED = 20_261_124


def shared(value_of: Callable[[np.ndarray], np.ndarray], parts: int, pairs: int = PAIRS) -> np.ndarray:
    """The Shapley value of each part.

    Over more than `EXACT` parts it is the mean over drawn orders of what each part adds to those before it, every
    order with its reverse (Castro, Gómez and Tejada 2009; Mitchell et al. 2022), from a fixed seed. Orders are turned
    so that every part stands early in some and late in others. Each order's additions sum to the whole, so that the
    mean does, and a part that never adds anything gets nothing.

    Parameters
    ----------
    value_of : callable
        Given distinct coalitions, (k, parts) bool, what each is worth, (k,). The first is the empty one and the last
        the full one.
    parts : int
    pairs : int

    Returns
    -------
    ndarray, (parts,), float64
        They sum to what all parts are worth less what none is.
    """
    if parts == 0:
        return np.zeros(0)
    if parts <= EXACT:
        return shapley(value_of(coalition_masks(parts)), parts)
    orders = drawn_orders(parts, pairs)
    rank = np.argsort(orders, axis=1)  # (orders, parts), the place of each part
    steps = rank[:, None, :] < np.arange(parts + 1)[None, :, None]  # (orders, parts + 1, parts)
    flat = steps.reshape(-1, parts)
    packed = np.packbits(flat, axis=1)
    _, first, where = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    size = flat[first].sum(axis=1)
    by_size = np.argsort(size, kind="stable")
    place = np.empty_like(by_size)
    place[by_size] = np.arange(len(by_size))
    values = np.asarray(value_of(flat[first][by_size]), dtype=np.float64)[place[where.ravel()]]
    added = np.diff(values.reshape(len(orders), parts + 1), axis=1)  # (orders, parts), by place
    return np.take_along_axis(added, rank, axis=1).mean(axis=0)


def drawn_orders(parts: int, pairs: int = PAIRS) -> np.ndarray:
    """``2 * pairs`` orders of the parts, (2 * pairs, parts) int, the same for the same numbers."""
    random = np.random.default_rng([_SEED, parts, pairs])
    drawn = [np.roll(random.permutation(parts), round(number * parts / pairs)) for number in range(pairs)]
    return np.stack([order for one in drawn for order in (one, one[::-1])])
