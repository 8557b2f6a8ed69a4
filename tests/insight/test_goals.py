"""Goals: the fewest edits, inside every range and rule, or an honest no."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtaf_core.errors import Cancelled
from mtaf_core.insight import goals
from mtaf_core.insight.goals import Field, search

NUMBERS = st.lists(st.integers(-50, 50) | st.floats(-50, 50).map(lambda x: round(x, 3)), min_size=1, max_size=5)
WORDS = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=4)
FLAGS = st.just([True, False])


@st.composite
def questions(draw):
    """Fields of numbers, words and flags, or of one kind alone, and weights that say what each value is worth."""
    kinds = draw(st.sampled_from([(NUMBERS,), (WORDS,), (FLAGS,), (NUMBERS, WORDS, FLAGS)]))
    fields, worth = [], {}
    for place in range(draw(st.integers(1, 5))):
        values = draw(st.sampled_from(kinds).flatmap(lambda kind: kind))
        key = f"field{place}"
        fields.append(Field(key, tuple(values), draw(st.sampled_from(values))))
        for value in values:
            worth[key, value] = draw(st.floats(-3, 3))
    target = draw(st.floats(-4, 12))
    return fields, worth, target, draw(st.integers(1, 3))


def _predictor(fields, worth, asked=None):
    base = {field.key: field.now for field in fields}

    def predict(sets):
        if asked is not None:
            asked.extend(sets)
        return np.array([sum(worth[k, v] for k, v in {**base, **edits}.items()) for edits in sets])

    return predict


@given(questions())
@settings(max_examples=1000, deadline=None)
def test_no_answer_breaks_a_range_a_rule_or_the_number_of_changes_and_none_is_missed(question) -> None:
    fields, worth, target, most = question
    allowed = {field.key: field.values for field in fields}
    both = {fields[0].key, fields[-1].key}

    def rule(edits):  # the first and the last field are not both edited, unless they are the same
        return len(both) == 1 or not both <= set(edits)

    asked: list = []
    found = search(_predictor(fields, worth, asked), fields, target, most, [rule])
    for edits in asked:
        assert all(value in allowed[key] for key, value in edits.items())
    for answer in found.answers:
        assert len(answer.edits) <= most
        assert rule(answer.edits)
        assert answer.score == pytest.approx(_predictor(fields, worth)([answer.edits])[0])
        assert (answer.score >= target - goals.CLOSE) == found.reached
    # against every possible set of edits
    sets = [
        dict(zip(keys, values, strict=True))
        for size in range(most + 1)
        for keys in itertools.combinations([f.key for f in fields], size)
        for values in itertools.product(*[dict.fromkeys(allowed[key]) for key in keys])
    ]
    sets = [edits for edits in sets if rule(edits)]
    scores = _predictor(fields, worth)(sets)
    assert found.exhausted
    reach = [len(edits) for edits, score in zip(sets, scores, strict=True) if score >= target - goals.CLOSE]
    assert found.reached == bool(reach)
    if reach:
        assert len(found.answers[0].edits) == min(reach)
        assert len({len(answer.edits) for answer in found.answers}) == 1
    else:
        assert found.answers[0].score == pytest.approx(max(scores))


def test_a_goal_that_is_met_already_needs_nothing() -> None:
    found = search(lambda sets: np.full(len(sets), 5.0), [Field("hour", tuple(range(24)), 9)], 4.0)
    assert found.reached
    assert found.answers[0].edits == {}
    assert found.asked == 1


def test_the_nearest_value_that_reaches_it_is_the_first_answer() -> None:
    hours = Field("hour", tuple(range(24)), 9)
    found = search(lambda sets: np.array([edits.get("hour", 9) for edits in sets], float), [hours], 12.0)
    assert [answer.edits["hour"] for answer in found.answers] == [12, 13, 14, 15, 16]


def test_different_fields_come_before_more_of_the_same() -> None:
    fields = [Field("hour", tuple(range(24)), 9), Field("kol", ("a", "b"), "a"), Field("link", (True, False), False)]
    found = search(lambda sets: np.array([float(bool(edits)) for edits in sets]), fields, 1.0, answers=4)
    assert [tuple(answer.edits) for answer in found.answers[:3]] == [("hour",), ("kol",), ("link",)]


def test_what_one_edit_breaks_another_may_mend() -> None:
    """Views of a tag are never below its users: raising users alone is not allowed, raising both is."""
    fields = [Field("users", (10, 100), 10), Field("views", (20, 200), 20)]
    now = {"users": 10, "views": 20}

    def rule(edits):
        said = {**now, **edits}
        return said["views"] >= said["users"]

    found = search(lambda sets: np.array([{**now, **e}["users"] for e in sets], float), fields, 100, rules=[rule])
    assert [answer.edits for answer in found.answers] == [{"users": 100, "views": 200}]


def test_a_large_search_stays_within_what_it_may_ask_and_says_that_it_was_not_all() -> None:
    fields = [Field(f"f{n}", tuple(range(60)), 0) for n in range(8)]
    found = search(lambda sets: np.array([sum(e.values()) for e in sets], float), fields, 59 * 3, 3)
    assert found.reached
    assert found.asked <= goals.MAX_ASKED + 1
    beyond = search(lambda sets: np.array([sum(e.values()) for e in sets], float), fields, 59 * 3 + 1, 3)
    assert not beyond.reached
    assert not beyond.exhausted
    assert beyond.answers[0].score == 59 * 3


def test_what_cannot_be_predicted_is_no_answer() -> None:
    kols = Field("kol", ("a", "b", "gone"), "a")

    def predict(sets):
        return np.array([{"a": 1.0, "b": 2.0, "gone": np.nan}[edits.get("kol", "a")] for edits in sets])

    found = search(predict, [kols], 9.0)
    assert found.answers[0].edits == {"kol": "b"}


def test_a_search_can_be_stopped() -> None:
    def stop(step) -> None:
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        search(lambda sets: np.zeros(len(sets)), [Field("hour", (1, 2), 1)], 1.0, progress=stop)


def test_what_makes_no_sense_is_refused() -> None:
    twice = [Field("hour", (1, 2), 1), Field("hour", (1, 2), 1)]
    with pytest.raises(ValueError, match="same key"):
        search(lambda sets: np.zeros(len(sets)), twice, 1.0)
    with pytest.raises(ValueError, match="max_changes is 0"):
        search(lambda sets: np.zeros(len(sets)), twice[:1], 1.0, max_changes=0)
