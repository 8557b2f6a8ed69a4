"""Descriptions hold what they were asked to hold, in both languages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont

from mtaf_core.data.demo import words
from mtaf_core.data.demo.products import CATEGORIES
from mtaf_core.limits import MAX_DESCRIPTION_CHARS

pairs = st.sampled_from([(category, product) for category in CATEGORIES for product in category.products])


@given(pairs, st.sampled_from(["en", "zh"]), st.booleans(), st.booleans(), st.booleans(), st.integers(0, 2**32))
def test_a_description_says_what_it_was_asked_to_say(pair, language, offer, question, filler, seed):
    category, product = pair
    rng = np.random.default_rng(seed)
    wording = words.describe(category, product, language, offer=offer, question=question, filler=filler, rng=rng)
    text = wording.description
    assert 10 < len(text) <= MAX_DESCRIPTION_CHARS
    assert "{" not in text
    assert (("?" in text) or ("？" in text)) == question
    assert any(phrase in text for phrase in words.FILLER[language]) == filler
    facts = category.facts_english if language == "en" else category.facts_chinese
    assert any(fact in text for fact in facts) != filler
    assert (product.english if language == "en" else product.chinese) in text


@given(pairs, st.integers(0, 2**32))
def test_an_offer_is_never_dearer_than_the_price(pair, seed):
    _, product = pair
    rng = np.random.default_rng(seed)
    terms = words._terms(product, rng)
    assert int(terms["now"]) < product.price
    assert int(terms["now"]) + int(terms["cut"]) == product.price


@pytest.mark.parametrize("pair", [(c, p) for c in CATEGORIES for p in c.products], ids=lambda pair: pair[1].brand)
def test_captions_can_be_drawn_with_the_typeface_that_is_everywhere(pair):
    font = ImageFont.load_default(20)
    missing = bytes(font.getmask("\uffff"))
    rng = np.random.default_rng(0)
    wording = words.describe(*pair, "zh", offer=True, question=True, filler=False, rng=rng)
    for letter in set("".join(wording.captions) + wording.sticker) - {" "}:
        assert bytes(font.getmask(letter)) != missing, letter
