"""Rules of the page: whatever a search finds, no answer breaks one, and no edit leaves what the clip holds."""

import itertools
from datetime import date, timedelta
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mtaf_core.content.take import Take
from mtaf_core.insight.goals import CLOSE, Field, search
from pages.components import check_goal, check_levers, check_sweeps
from pages.components.candidate_form import Brief
from pages.components.check_goal import Asked
from pages.components.check_levers import Material
from pages.components.check_rules import Rules

KOLS = {f"kol{n}": n * 10_000 if n % 4 else None for n in range(8)}
MONDAY = date(2026, 11, 9)
FILE_S = 20.0

VALUES: dict[str, tuple[Any, ...]] = {
    "hour": tuple(range(24)),
    "weekday": tuple(range(7)),
    "product": (True, False),
    "kol": tuple(KOLS),
    "tag": ("", "glow", "sale"),
    "start": (0.0, 1.0, 2.0, 5.0),
    "duration": (6.0, 8.0, 12.0, 20.0),
    "mute": (False, True),
    "mix": (True, False),
}


def followers(brief: Brief) -> int | None:
    return KOLS.get(brief.uploader_id or "")


@st.composite
def questions(draw: st.DrawFn) -> tuple[Asked, Material, dict[tuple[str, Any], float]]:
    """A form, rules, levers and what each value is worth."""
    first, last = sorted(draw(st.lists(st.integers(0, 24), min_size=2, max_size=2, unique=True)))
    rules = Rules(
        hours=(first, last),
        weekend_from=draw(st.none() | st.integers(0, 23)),
        most_followers=draw(st.none() | st.integers(0, 80_000)),
        kols=draw(st.none() | st.lists(st.sampled_from(list(KOLS)), max_size=3, unique=True).map(tuple)),
        least_s=float(draw(st.integers(0, 20))),
    )
    brief = Brief(
        uploader_id=draw(st.sampled_from([*KOLS, None])),
        day=MONDAY + timedelta(days=draw(st.integers(0, 6))),
        hour=draw(st.integers(0, 23)),
        take=Take("clip"),
    )
    levers = tuple(draw(st.lists(st.sampled_from(list(VALUES)), min_size=1, max_size=4, unique=True)))
    worth = {(lever, value): draw(st.floats(-2, 2)) for lever in levers for value in VALUES[lever]}
    asked = Asked("clip", "bundle", brief, draw(st.floats(-2, 6)), False, levers, draw(st.integers(1, 3)), rules)
    return asked, Material(FILE_S, True), worth


@given(questions())
@settings(max_examples=300, deadline=None)
def test_no_answer_breaks_a_rule_or_leaves_the_clip(question: tuple[Asked, Material, dict]) -> None:
    asked, stuff, worth = question
    fields = [Field(key, VALUES[key], check_levers.now(asked.brief, key, stuff)) for key in asked.levers]

    def predict(sets: Any) -> np.ndarray:
        able = [check_levers.possible(asked.brief, one, stuff) for one in sets]
        return np.where(able, [sum(worth[item] for item in one.items()) for one in sets], np.nan)

    rule = check_goal.rule(asked, stuff, followers)
    found = search(predict, fields, asked.target, asked.most, [rule])
    rules = asked.rules
    for answer in found.answers:
        made = check_levers.edited(asked.brief, answer.edits)
        assert rules.hours[0] <= made.hour < rules.hours[1]
        if rules.weekend_from is not None and made.day is not None and made.day.weekday() in (5, 6):
            assert made.hour >= rules.weekend_from
        if rules.most_followers is not None:
            count = followers(made)
            assert count is not None
            assert count <= rules.most_followers
        assert rules.kols is None or made.uploader_id in rules.kols
        end = min(made.take.end_s or FILE_S, FILE_S)
        assert end - made.take.start_s >= min(rules.least_s, FILE_S) - 1e-6
        if "duration" in answer.edits:  # the length that the answer tells is the length that is left
            assert abs(end - made.take.start_s - answer.edits["duration"]) < 0.1
    # and none is missed: against every set of edits there is
    sets = [
        dict(zip(keys, values, strict=True))
        for size in range(min(asked.most, 2) + 1)
        for keys in itertools.combinations(asked.levers, size)
        for values in itertools.product(*(VALUES[key] for key in keys))
    ]
    real = [one for one in sets if all(v != check_levers.now(asked.brief, k, stuff) for k, v in one.items())]
    kept = [score for one, score in zip(real, predict(real), strict=True) if rule(one) and not np.isnan(score)]
    if kept and max(kept) >= asked.target - CLOSE:
        assert found.reached
    assert bool(found.answers) >= bool(kept)


def test_a_rule_that_nothing_keeps_leaves_no_answer_and_not_even_the_form_as_it_is() -> None:
    brief = Brief(hour=3, day=MONDAY, take=Take("clip"))
    asked = Asked("clip", "bundle", brief, 0.0, False, ("product",), 2, Rules(hours=(9, 18)))
    rule = check_goal.rule(asked, Material(FILE_S, True), followers)
    found = search(lambda sets: np.full(len(sets), 5.0), [Field("product", (True, False), None)], 0.0, 2, [rule])
    assert not found.reached
    assert found.answers == ()


def test_a_kol_whose_followers_nobody_knows_is_not_taken_under_a_limit() -> None:
    limit, stuff = Rules(most_followers=50_000), Material()
    assert limit.allow(Brief(uploader_id="kol3"), followers, stuff)
    assert not limit.allow(Brief(uploader_id="kol4"), followers, stuff)
    assert not limit.allow(Brief(uploader_id="kol6"), followers, stuff)


def test_what_of_the_clip_is_kept_counts_and_not_what_is_told() -> None:
    rules, stuff = Rules(least_s=6.0), Material(10.0, True)
    assert rules.allow(Brief(take=Take("a", 4.0)), followers, stuff)
    assert not rules.allow(Brief(take=Take("a", 4.5)), followers, stuff)
    assert not rules.allow(Brief(take=Take("a", 5.0, 60.0)), followers, stuff)
    assert rules.allow(Brief(take=Take("a")), followers, Material(4.0, True))  # a clip that was never so long


def test_edits_reach_the_form_the_clip_and_the_release() -> None:
    brief = Brief(tags=("a",), uploader_id="k", day=MONDAY, flags=(("is_shareable", False),), take=Take("c"))
    facts = {"tag": "b", "weekday": 6, "poi": "Bund", "downloadable": True}
    made = check_levers.edited(brief, {**facts, "start": 2.0, "duration": 6.0, "mute": True})
    assert made.tags == ("a", "b")
    assert made.day == MONDAY + timedelta(days=6)
    assert made.poi == "Bund"
    assert made.flags == (("is_downloadable", True), ("is_shareable", False))
    assert made.take == Take("c", 2.0, 8.0, muted=True)
    assert check_levers.edited(brief, {}) == brief
    assert check_levers.edited(brief, {"tag": ""}) == brief
    picked = check_levers.release(brief, {"followers": 5_000.0}, "Asia/Shanghai")
    assert picked.features == {"uploader_follower": 5_000.0}
    typed = check_levers.edited(Brief(typed=(("follower_count", 10),)), {"followers": 5_000.0, "posts": 3.0})
    assert typed.typed == (("follower_count", 5_000), ("video_count", 3))


def test_a_map_too_large_loses_values_of_its_longer_side_and_never_the_present_one() -> None:
    rows, columns = check_sweeps.capped(list(range(41)), list(range(24)), (17, 5))
    assert len(rows) * len(columns) <= check_sweeps.CELLS
    assert len(columns) == 24
    assert 17 in rows
    assert rows == sorted(rows)
    few = check_sweeps.capped(["a", "b"], [1, 2, 3], ("a", 2))
    assert few == (["a", "b"], [1, 2, 3])


@given(st.integers(2, 90), st.integers(2, 90), st.data())
def test_a_map_is_never_larger_than_it_may_be(rows: int, columns: int, data: st.DataObject) -> None:
    now = (data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, columns - 1)))
    down, across = check_sweeps.capped(list(range(rows)), list(range(columns)), now)
    assert len(down) * len(across) <= check_sweeps.CELLS
    assert now[0] in down
    assert now[1] in across
