"""Where to draw the nodes of a network so that what is linked stands together."""

import numpy as np

STEPS = 400


def laid_out(nodes: int, one: np.ndarray, other: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Places of nodes, after Fruchterman & Reingold (1991) with a pull to the middle; the same ones every time.

    Nodes push each other off by 1/distance, links pull their ends together by weight times the squared distance, and
    a pull to the middle, which grows with the distance, keeps unlinked parts in the picture.

    Parameters
    ----------
    nodes : int
        N.
    one, other : ndarray of int, (E,)
        Ends of the links.
    weight : ndarray of float, (E,)
        Over 0 to 1, for a link of full strength.

    Returns
    -------
    ndarray, (N, 2)
        Within -1 to 1.
    """
    if nodes == 0:
        return np.zeros((0, 2))
    turn = np.arange(nodes) * np.pi * (3 - np.sqrt(5))  # a sunflower: evenly spread, and no two alike
    place = np.sqrt((np.arange(nodes) + 0.5) / nodes)[:, None] * np.column_stack([np.cos(turn), np.sin(turn)])
    apart = 1.4 / np.sqrt(nodes)
    for step in range(STEPS):
        gap = place[:, None, :] - place[None, :, :]  # (N, N, 2)
        far = np.sqrt((gap**2).sum(axis=2)) + 1e-9
        force = (gap * (apart / far)[:, :, None] ** 2).sum(axis=1)
        along = place[one] - place[other]
        pull = along * (weight * np.sqrt((along**2).sum(axis=1)) / apart)[:, None]
        np.add.at(force, one, -pull)
        np.add.at(force, other, pull)
        force -= 4.0 * place * np.sqrt((place**2).sum(axis=1))[:, None]
        size = np.sqrt((force**2).sum(axis=1))[:, None] + 1e-12
        place += force / size * np.minimum(size, 0.12 * (1 - step / STEPS) ** 1.5)
    place -= (place.max(axis=0) + place.min(axis=0)) / 2
    placed: np.ndarray = place / max(float(np.abs(place).max()), 1e-9)
    return placed
