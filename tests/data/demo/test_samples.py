"""The twelve samples: a spread of good and bad, dark and bright, with and without sound, Chinese and English."""

import re

from mtaf_core.data.demo import effects
from mtaf_core.data.demo.samples import PLANS, SamplePlan


def expected(plan: SamplePlan) -> float:
    """True effect of a sample's picture and sound, in log units."""
    factors = plan.design(seed=1).factors
    return sum(effects.EFFECTS[n].coefficient * (v - effects.EFFECTS[n].centre) for n, v in factors.items())


def test_there_are_twelve_with_names_in_order():
    assert [plan.name[:2] for plan in PLANS] == [f"{n:02d}" for n in range(1, 13)]
    assert all(re.fullmatch(r"[a-z0-9-]+", plan.name) for plan in PLANS)


def test_they_are_a_spread():
    chinese = [plan for plan in PLANS if re.search("[\u4e00-\u9fff]", plan.description)]
    assert 2 <= len(chinese) <= 6
    assert {plan.sound for plan in PLANS} == {"voice", "music", "hum", "none"}
    assert any(plan.dark > 0.7 for plan in PLANS)
    assert any(plan.clutter > 0.7 for plan in PLANS)
    assert len({plan.shelf for plan in PLANS}) == 8
    assert any(plan.reveal is not None for plan in PLANS)
    assert any(plan.jingle is not None for plan in PLANS)


def test_the_strong_one_is_worth_far_more_than_the_weak_one():
    by_name = {plan.name: expected(plan) for plan in PLANS}
    assert by_name["01-serum-strong"] == max(by_name.values())
    assert by_name["12-candle-dark-clutter"] == min(by_name.values())
    assert max(by_name.values()) - min(by_name.values()) > 2.0
