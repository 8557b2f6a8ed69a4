"""What may be said of two forecasts beside each other: by which factor they differ, and whether that is clear."""

from dataclasses import dataclass
from typing import Literal

Clarity = Literal["same", "unclear", "overlap", "apart"]

_SAME = 1.005


@dataclass(frozen=True)
class Outlook:
    """A forecast and its 90% range, popularity scores on the natural scale."""

    score: float
    low: float
    high: float


def ratio(one: Outlook, other: Outlook) -> float:
    """By which factor ``one`` is forecast beside ``other``; one is added to both, so that nought can be compared."""
    return (one.score + 1) / (other.score + 1)


def clarity(one: Outlook, other: Outlook) -> Clarity:
    """How sure the order of two forecasts is.

    ``same``: they differ by less than half a percent. ``unclear``: one of them lies within the range of the other, so
    that what really happens may well be the other way round. ``overlap``: neither does, but the ranges share a part.
    ``apart``: the ranges share nothing.

    Ranges are each video's own: the luck of two videos is not the same luck, so nothing finer is claimed.
    """
    if 1 / _SAME < ratio(one, other) < _SAME:
        return "same"
    if other.low <= one.score <= other.high or one.low <= other.score <= one.high:
        return "unclear"
    return "overlap" if one.low <= other.high and other.low <= one.high else "apart"
