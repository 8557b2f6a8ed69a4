"""Numbers read as people write them, and never as something they are not."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtaf_core.charts import numbers
from mtaf_core.charts.numbers import change, compact, factor, percent, percentile_rank


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(numbers).failed == 0


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (0, "0", "0"),
        (7.25, "7.2", "7.2"),
        (999, "999", "999"),
        (1_000, "1k", "1000"),
        (9_999, "10k", "1万"),
        (12_345, "12.3k", "1.2万"),
        (1_200_000, "1.2M", "120万"),
        (345_000_000, "345M", "3.5亿"),
        (None, "–", "–"),
        (float("nan"), "–", "–"),
    ],
)
def test_counts_in_both_languages(value: float | None, english: str, chinese: str) -> None:
    assert (compact(value), compact(value, "zh")) == (english, chinese)


@given(st.floats(10, 9e11))
def test_a_compact_count_is_within_six_percent_of_the_count(value: float) -> None:
    text = compact(value)
    unit = {"k": 1e3, "M": 1e6, "B": 1e9}.get(text[-1], 1.0)
    assert float(text.rstrip("kMB")) * unit == pytest.approx(value, rel=0.06)


@given(st.floats(1, 9e11), st.floats(1, 9e11))
def test_a_factor_and_its_change_point_the_same_way(before: float, after: float) -> None:
    ratio = after / before
    assert factor(ratio).startswith("×")
    assert change(ratio)[0] in ("±" if round(100 * (ratio - 1)) == 0 else "▲" if ratio > 1 else "▼")


def test_a_small_share_is_never_nothing_and_a_rank_never_0_or_100() -> None:
    assert (percent(0.0004), percent(0.0004, 1), percent(1.0)) == ("<1%", "<0.1%", "100%")
    assert (percentile_rank(0.0), percentile_rank(0.714), percentile_rank(1.0)) == (1, 71, 99)
