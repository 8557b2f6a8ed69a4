"""Two forecasts beside each other: a difference is called clear only where the ranges leave no doubt."""

import pytest

from mtaf_core.insight.compared import Outlook, clarity, ratio


@pytest.mark.parametrize(
    ("one", "other", "word"),
    [
        (Outlook(100, 50, 200), Outlook(100.2, 40, 300), "same"),
        (Outlook(140, 60, 400), Outlook(100, 50, 200), "unclear"),
        (Outlook(300, 90, 900), Outlook(100, 50, 200), "unclear"),
        (Outlook(300, 150, 900), Outlook(100, 50, 200), "overlap"),
        (Outlook(3_000, 900, 9_000), Outlook(100, 50, 200), "apart"),
    ],
)
def test_clarity_is_the_same_from_either_side(one: Outlook, other: Outlook, word: str) -> None:
    assert clarity(one, other) == clarity(other, one) == word


def test_nought_can_be_compared() -> None:
    assert ratio(Outlook(9, 1, 20), Outlook(0, 0, 3)) == 10
