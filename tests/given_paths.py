"""Simulated popularity by day, with known laws of growth."""

import numpy as np


def paths(n: int, seed: int = 0, noise: float = 0.2) -> np.ndarray:
    """Log scores of six days: fast starters go on growing fast, and spread is larger at the bottom; (n, 6)."""
    rng = np.random.default_rng(seed)
    level, pace = rng.normal(5, 1.5, n), np.exp(rng.normal(-0.7, 0.6, n))
    spread = noise * np.where(level < 5, 2.0, 0.5)
    steps = [pace * 0.6**day * np.exp(spread * rng.normal(size=n)) for day in range(5)]
    return np.column_stack([level, *(level + np.cumsum(steps, axis=0)[day] for day in range(5))])
