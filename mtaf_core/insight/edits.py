"""Which of several edits changed the forecast by how much, whatever the order they were made in."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from mtaf_core.errors import BadInput
from mtaf_core.insight.attribution import MAX_PLAYERS, shapley

Predict = Callable[[Sequence[Mapping[str, Any]]], np.ndarray]


def edit_shares(predict: Predict, edits: Mapping[str, Any]) -> dict[str, float]:
    """Share the change of the log score among the edits that made it: exact Shapley values over all their subsets.

    Parameters
    ----------
    predict : callable
        Given k sets of edits, the log score after each, (k,); the empty set is the forecast before.
    edits : mapping of str to any
        Every edit made, by its field.

    Returns
    -------
    dict of str to float
        In log units, in the order of ``edits``; they sum to the log score after all edits less that before any.

    Raises
    ------
    BadInput
        If there are more than 12 edits, which are too many subsets to try.
    """
    keys = list(edits)
    if len(keys) > MAX_PLAYERS:
        raise BadInput(
            f"There are {len(keys)} edits, and at most {MAX_PLAYERS} can be told apart; keep some as the new start."
        )

    def value_of(masks: np.ndarray) -> np.ndarray:
        return np.asarray(predict([{key: edits[key] for key, held in zip(keys, mask, strict=True) if held}
                                   for mask in masks]))  # fmt: skip

    return dict(zip(keys, map(float, shapley(value_of, len(keys))), strict=True))
