"""A brief survives being written, as JSON for the disk and as a text for an address; what is malformed is refused."""

import base64
import json
import random
import zlib
from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtaf_core import limits
from mtaf_core.content.take import Take
from mtaf_core.errors import BadInput
from mtaf_core.schema import FEATURE, Kind
from pages.components import brief_text
from pages.components.candidate_form import CHOICES, FLAGS, TYPED, Brief

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def _told(name: str) -> st.SearchStrategy[object]:
    kind = FEATURE[name].kind
    if kind is Kind.FLAG:
        return st.booleans()
    return st.integers(0, limits.MAX_COUNT) if kind is Kind.COUNT else st.sampled_from(CHOICES[name])


takes = st.builds(
    lambda digest, start, length, muted: Take(digest, start, None if length is None else start + length, muted),
    st.sampled_from(["", "ab" * 32]), st.floats(0, 600), st.none() | st.floats(0.5, 60), st.booleans(),
)  # fmt: skip
briefs = st.builds(
    Brief,
    description=words,
    tags=st.lists(words, max_size=5).map(tuple),
    uploader_id=st.none() | words,
    typed=st.fixed_dictionaries({}, optional={column: _told(name) for name, column in TYPED.items()}).map(
        lambda said: tuple(said.items())
    ),
    day=st.none() | st.dates(date(2010, 1, 1), date(2100, 12, 31)),
    hour=st.integers(0, 23),
    product_link=st.none() | st.booleans(),
    city=st.none() | words,
    poi=words,
    flags=st.dictionaries(st.sampled_from(list(FLAGS.values())), st.booleans()).map(lambda said: tuple(said.items())),
    take=takes,
)


@given(brief=briefs)
@settings(max_examples=200, deadline=None)
def test_a_brief_comes_back_from_json_and_from_an_address(brief: Brief) -> None:
    assert brief_text.of_json(json.loads(json.dumps(brief_text.to_json(brief)))) == brief
    text = brief_text.packed(brief)
    assert text is not None
    assert text.replace("-", "").replace("_", "").replace(".", "").isalnum()
    assert brief_text.unpacked(text) == brief


def test_every_field_of_a_brief_can_be_read_back() -> None:
    assert set(brief_text._READ) == {one.name for one in fields(Brief)}


def test_an_empty_brief_is_nothing_and_a_long_one_goes_into_no_address() -> None:
    assert brief_text.to_json(Brief()) == {}
    assert brief_text.packed(Brief(description="x" * 5_000)) is not None
    letters = random.Random(0).choices([chr(code) for code in range(0x4E00, 0x9FA5)], k=11_000)
    tags = tuple("".join(letters[at : at + 100]) for at in range(5_000, 11_000, 100))
    assert brief_text.packed(Brief(description="".join(letters[:5_000]), tags=tags)) is None


def _as_text(plain: bytes) -> str:
    press = zlib.compressobj(9, wbits=-15)
    return "1." + base64.urlsafe_b64encode(press.compress(plain) + press.flush()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "", "1.", "2.q1YqLU4tUrJSKi5JLU4tAgA", "1.!!!!", "1.AAAA", "1." + "A" * 20_000, "hello", "1.é",
        _as_text(b"[1]"), _as_text(b"{"), _as_text(b"\xff\xfe"), _as_text(b'{"hour": 24}'), _as_text(b'{"hour": true}'),
        _as_text(b'{"nobody": 1}'), _as_text(b'{"day": "yesterday"}'), _as_text(b'{"day": "0001-01-01"}'),
        _as_text(b'{"tags": "sale"}'), _as_text(b'{"typed": {"is_topped": true}}'),
        _as_text(b'{"typed": {"follower_count": -1}}'), _as_text(b'{"typed": {"gender": "x"}}'),
        _as_text(b'{"flags": {"is_topped": true}}'), _as_text(b'{"product_link": 1}'),
        _as_text(b'{"take": {"start_s": -1}}'), _as_text(b'{"take": {"start_s": 5, "end_s": 4}}'),
        _as_text(b'{"take": {"start_s": NaN}}'), _as_text(b'{"description": "\\ud800"}'),
        _as_text(b'{"description": "' + b"x" * 5_001 + b'"}'), _as_text(b" " * 1_000_000 + b"{}"),
        _as_text(b"[" * 100_000),
    ],
)  # fmt: skip
def test_what_is_malformed_is_one_sentence(text: str) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        brief_text.unpacked(text)


@given(text=st.text(max_size=60), flip=st.integers(0, 400))
@settings(max_examples=200, deadline=None)
def test_no_text_breaks_it(text: str, flip: int) -> None:
    good = brief_text.packed(Brief(description="Half price", tags=("sale",), day=date(2026, 1, 2)))
    assert good is not None
    at = flip % len(good)
    for tried in (text, good[:at], good[:at] + "x" + good[at + 1 :]):
        try:
            assert isinstance(brief_text.unpacked(tried), Brief)
        except BadInput:
            continue
