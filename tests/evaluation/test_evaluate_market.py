"""Several evaluations of a workspace, one after another, told as one piece of work."""

import pytest

from mtaf_core.errors import Cancelled
from mtaf_core.evaluation import market, results
from mtaf_core.evaluation.protocol import Settings
from mtaf_core.jobs import Step, stoppable


def test_every_number_of_days_is_kept_and_the_share_only_grows(unmeasured_demo, quick):
    steps = []
    names = market.evaluate_days(unmeasured_demo, Settings(methods="LR"), [0, 2], quick, steps.append)
    assert results.listed(unmeasured_demo) == sorted(names, reverse=True)
    assert [results.read(unmeasured_demo, name)["observed_days"] for name in names] == [0, 2]
    done = [step.done / step.total for step in steps]
    assert done == sorted(done)
    assert steps[0].note == "k = 0 · LR"
    assert steps[-1].note == "k = 2 · LR"
    assert done[-1] >= 0.5


def test_a_cancelled_one_keeps_what_was_complete(unmeasured_demo, quick):
    kept = lambda: bool(results.listed(unmeasured_demo))  # noqa: E731
    with pytest.raises(Cancelled):
        market.evaluate_days(unmeasured_demo, Settings(methods="LR"), [0, 2], quick, stoppable(lambda step: None, kept))
    assert len(results.listed(unmeasured_demo)) == 1


def test_the_learning_curve_is_the_second_half():
    steps = []
    told = market._together(steps.append, 0, 2, "")
    for done in (0, 50, 100, 0, 40, 100):
        told(Step("evaluate", done, 100, "MTAF+ on 20%: network 1 of 6, seed 2 of 3, epoch 3, about 30 min left"))
    assert [step.done for step in steps] == [0, 250, 500, 500, 700, 1_000]
    assert steps[0].note == "MTAF+ · 20% 2/3"
