"""Sharing a whole among its parts: sums, nothing for what does nothing, the same for the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtaf_core.insight.salience.agreement import agreement, spearman
from mtaf_core.insight.salience.game import EXACT, drawn_orders, shared
from mtaf_core.insight.salience.units import units
from mtaf_core.schema import Modality


def game(weights, pair=0.0):
    """Parts add their weight; the first two add ``pair`` more where both are there."""

    def value_of(kept):
        return kept @ weights + pair * (kept[:, 0] & kept[:, 1]) + np.sqrt(kept.sum(axis=1))

    return value_of


@pytest.mark.parametrize("parts", [1, 2, EXACT, EXACT + 1, 30])
def test_shares_sum_to_the_whole_less_nothing(parts):
    random = np.random.default_rng(parts)
    value_of = (
        game(random.normal(size=parts), 0.7 if parts > 1 else 0.0) if parts > 1 else lambda kept: kept[:, 0] * 2.0
    )
    ends = value_of(np.array([np.zeros(parts, bool), np.ones(parts, bool)]))
    assert shared(value_of, parts).sum() == pytest.approx(ends[1] - ends[0], abs=1e-9)


@pytest.mark.parametrize("parts", [6, 28])
def test_a_part_that_changes_nothing_gets_nothing(parts):
    def value_of(kept):
        return np.sin(kept[:, :-1] @ np.arange(1, parts)) * kept[:, 1]

    assert shared(value_of, parts)[-1] == pytest.approx(0.0, abs=1e-12)


def test_parts_that_do_the_same_get_the_same():
    def value_of(kept):
        return np.maximum(kept[:, 2], kept[:, 7]) * (1.0 + kept[:, 0]) - 0.3 * kept[:, 4]

    share = shared(value_of, EXACT)
    assert share[2] == pytest.approx(share[7], abs=1e-12)
    assert share[2] > 0.5


def test_drawn_orders_come_close_to_the_exact_values_and_are_the_same_again():
    weights = np.random.default_rng(0).normal(size=24)

    def value_of(kept):
        return np.tanh(kept @ weights)

    few, many = shared(value_of, 24), shared(value_of, 24, pairs=2_000)
    assert np.corrcoef(few, many)[0, 1] > 0.97
    assert (shared(value_of, 24) == few).all()
    orders = drawn_orders(24)
    assert (np.sort(orders, axis=1) == np.arange(24)).all()
    assert (orders[1::2] == orders[::2, ::-1]).all()


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_units_in_a_row_are_the_text(text):
    found = units(text)
    assert "".join(unit.text for unit in found) == text
    assert all(unit.text for unit in found)


def test_words_hashtags_and_spans_of_chinese_are_units():
    assert [u.text for u in units("Is it worth £9.50? Yes, 30% off #fyp #今日好物")] == [
        "Is ", "it ", "worth ", "£9.50? ", "Yes, ", "30% ", "off ", "#fyp ", "#今日好物",
    ]  # fmt: skip
    assert [u.text for u in units("这个丝绒口红你会回购吗？今天限时7折。")] == [
        "这", "个丝", "绒口", "红", "你", "会回", "购", "吗？", "今天", "限时", "7折。",
    ]  # fmt: skip
    assert [u.is_tag for u in units("a #b")] == [False, True]


def test_a_tokenizers_pieces_of_several_characters_stay_whole():
    pieces = {"办公室零食好吃": ["办公室", "零", "食", "好", "吃"]}.__getitem__
    assert [u.text for u in units("办公室零食好吃", pieces)] == ["办公室", "零食", "好吃"]
    assert [u.text for u in units("办公室", lambda run: ["something", "else"])] == ["办公", "室"]


def test_a_long_text_is_told_in_a_readable_number_of_spans():
    text = " ".join(f"word{n}" for n in range(700))
    found = units(text, most=48)
    assert len(found) == 48
    assert "".join(unit.text for unit in found) == text


def test_agreement_compares_ranks_by_size_and_names_the_tops():
    attention = {Modality.CONTENT_AGNOSTIC: 0.7, Modality.TEXT: 0.2, Modality.VISUAL: 0.1}
    found = agreement(attention, {Modality.CONTENT_AGNOSTIC: 0.1, Modality.TEXT: 0.2, Modality.VISUAL: -0.9})
    assert found.rank == pytest.approx(-1.0)
    assert (found.looks, found.does, found.same) == (Modality.CONTENT_AGNOSTIC, Modality.VISUAL, False)
    assert agreement(attention, attention).same
    assert agreement({Modality.TEXT: 1.0}, {Modality.TEXT: 0.4}) is None
    assert np.isnan(spearman(np.ones(4), np.arange(4.0)))
