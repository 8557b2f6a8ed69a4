"""Samples of explained videos with known effects, made without growing trees."""

import numpy as np

from mtaf_core.schema import BEFORE_RELEASE
from mtaf_core.study.expectation import COLUMNS
from mtaf_core.study.sample import LIBRARIES, Sample


def given(
    n: int = 400,
    facts: dict[str, np.ndarray] | None = None,
    shap: dict[str, np.ndarray] | None = None,
    cost: dict[str, np.ndarray] | None = None,
    kol: np.ndarray | None = None,
    words: dict[str, tuple[str, ...]] | None = None,
) -> Sample:
    """``n`` videos that know ``facts`` alone; both libraries credit ``shap`` and lose ``cost``."""
    values, effect = np.full((n, len(COLUMNS)), np.nan), np.zeros((n, len(COLUMNS)), dtype=np.float32)
    for column, found in (facts or {}).items():
        values[:, COLUMNS.index(column)] = found
    for column, found in (shap or {}).items():
        effect[:, COLUMNS.index(column)] = found
    lost = np.zeros((n, len(BEFORE_RELEASE)))
    for feature, found in (cost or {}).items():
        lost[:, [f.name for f in BEFORE_RELEASE].index(feature)] = found
    who = np.arange(n) if kol is None else kol
    return Sample(
        np.arange(n), who, values, dict.fromkeys(LIBRARIES, effect), np.arange(n), who,
        dict.fromkeys(LIBRARIES, lost), words or {},
    )  # fmt: skip
