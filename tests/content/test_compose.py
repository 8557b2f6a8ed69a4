"""Given a description and hashtags, then one text comes of them; nothing to say gives nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtaf_core.content.text import compose
from mtaf_core.limits import MAX_DESCRIPTION_CHARS, MAX_TAGS


@pytest.mark.parametrize(
    ("description", "tags", "text"),
    [
        ("Silk dress", ["fashion", "ootd"], "Silk dress #fashion #ootd"),
        ("Silk dress #fashion", ["fashion", "ootd"], "Silk dress #fashion #ootd"),
        ("新款连衣裙 #穿搭", ["#穿搭", "好物推荐"], "新款连衣裙 #穿搭 #好物推荐"),
        ("A #teapot", ["tea"], "A #teapot #tea"),
        ("  two\n\tlines \u0000", [], "two lines"),
        ("", ["sale", "Sale", " ", "#"], "#sale"),
        ("", [], ""),
        (None, None, ""),
        ("cafe\u0301", [], "café"),
    ],
)
def test_text_is_description_then_each_tag_once(description: str, tags: list[str], text: str) -> None:
    assert compose(description, tags) == text


@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=8))
def test_composing_again_changes_nothing(description: str, tags: list[str]) -> None:
    once = compose(description, tags)
    assert compose(once) == once
    assert once == once.strip()
    once.encode("utf-8")


def test_text_beyond_the_limits_is_left_out() -> None:
    assert len(compose("long " * MAX_DESCRIPTION_CHARS)) <= MAX_DESCRIPTION_CHARS
    assert compose("", [str(i) for i in range(200)]).count("#") == MAX_TAGS
