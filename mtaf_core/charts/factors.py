"""Axes on which an effect is read as what popularity is multiplied by: ×0.5, ×1, ×2 at logarithmic distances."""

import math
from typing import Any

_LADDERS = (
    (1.0, 1.05, 1.1), (1.0, 1.1, 1.2), (1.0, 1.2, 1.5, 2.0), (1.0, 1.5, 2.0, 3.0, 5.0), (1.0, 2.0, 5.0, 10.0),
    (1.0, 3.0, 10.0, 30.0, 100.0), (1.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0),
)  # fmt: skip
_REACHED = 0.7
"""A ladder serves where its last step is at least this share of the way to what lies farthest from ×1."""


def ticks(low: float, high: float, most: int = 9) -> list[float]:
    """Round factors between two natural logarithms, ×1 among them where it lies between, ``most`` at most.

    >>> ticks(-0.8, 0.8)
    [0.5, 0.6666666666666666, 0.8333333333333334, 1.0, 1.2, 1.5, 2.0]
    """
    ladder = next((one for one in _LADDERS if math.log(one[-1]) >= _REACHED * max(high, -low)), _LADDERS[-1])
    while True:
        both = sorted({value for step in ladder for value in (step, 1 / step)})
        found = [value for value in both if low - 1e-9 <= math.log(value) <= high + 1e-9]
        if len(found) <= most or len(ladder) == 2:
            return found
        ladder = (1.0, *ladder[2::2]) if len(ladder) > 3 else (1.0, ladder[-1])


def axis(low: float, high: float, title: str, most: int = 9) -> dict[str, Any]:
    """A Plotly axis over natural logarithms from ``low`` to ``high``, a little wider, that reads as factors.

    There are ``most`` ticks at most: a narrow chart has room for few.
    """
    low, high = min(low, -0.05), max(high, 0.05)
    room = 0.06 * (high - low)
    marks = ticks(low - room, high + room, most)
    return {
        "title": {"text": title}, "range": [low - room, high + room], "zeroline": False, "tickangle": 0,
        "tickvals": [math.log(value) for value in marks], "ticktext": [label(value) for value in marks],
    }  # fmt: skip


def label(value: float) -> str:
    """Two digits below ×1 and as many as tell the steps apart above it: ×1.05 is not ×1.1."""
    return f"×{value:.2g}" if value < 1 else f"×{value:.3g}" if value < 100 else f"×{value:,.0f}"
