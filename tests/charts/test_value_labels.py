"""What columns and their values are called, in either language."""

import pytest

from mtaf_core.charts.values import column_label, value_label
from mtaf_core.study.cohort import CATEGORICAL


@pytest.mark.parametrize(
    ("column", "word", "english", "chinese"),
    [
        ("tier", "head", "head", "头部"),
        ("tier", "unknown", "unknown", "未知"),
        ("upload_dayofweek", "6.0", "Sun", "周日"),
        ("upload_hour", "9.0", "09:00", "09:00"),
        ("video_product", "0.0", "no", "否"),
        ("category", "shoes", "shoes", "shoes"),
        ("upload_city", None, "unknown", "未知"),
    ],
)
def test_values_are_said_as_people_say_them(column: str, word: str | None, english: str, chinese: str) -> None:
    assert value_label(column, word) == english
    assert value_label(column, word, "zh") == chinese


@pytest.mark.parametrize("column", CATEGORICAL)
def test_every_category_has_a_name(column: str) -> None:
    assert column_label(column)
    assert column_label(column, "zh") != column_label(column)
