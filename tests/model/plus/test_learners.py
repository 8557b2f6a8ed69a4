"""Each part of the stack learns a relation that was planted, is stored in the open, and survives unknown columns."""

import numpy as np
import pytest

from mtaf_core.model.plus import learners
from mtaf_core.model.plus.design import Table
from mtaf_core.model.plus.learners import CLIPPED, MOST_KERNEL_ROWS, Boosted, Linear, Process, Standard

N = 400


def made(seed=0, n=N):
    """A table of numbers of two modalities and one category, and a target that both and the category decide."""
    random = np.random.default_rng(seed)
    values = random.normal(size=(n, 6))
    values[:, 2] = random.integers(0, 3, n)
    values[:, 5] = np.nan  # nobody ever knew it
    target = values[:, 0] - 0.5 * values[:, 3] + np.array([0.0, 2.0, -1.0])[values[:, 2].astype(int)]
    values[random.random(n) < 0.05, 1] = np.nan
    names = ("a", "b", "kind", "c", "d", "nobody")
    categorical = np.array([name == "kind" for name in names])
    modality = np.array([0, 0, 0, 1, 1, 4])
    return Table(values, modality, categorical, np.full(n, np.nan), names), target + random.normal(0, 0.2, n)


FITTED = {
    "boosted": lambda table, rows, target: Boosted.fit(table, rows, target, range(2), 250, 1, 0.05),
    "linear": lambda table, rows, target: Linear.fit(table, rows, target, ("a", "c", "not there")),
    "process": Process.fit,
}
KINDS = {"boosted": Boosted, "linear": Linear, "process": Process}


@pytest.fixture(scope="module", params=FITTED)
def part(request):
    return request.param, FITTED[request.param](*split())


def split():
    table, target = made()
    rows = np.arange(300)
    return table, rows, target[rows]


def test_a_planted_relation_is_learnt(part):
    table, target = made()
    error = ((part[1].predict(table.values[300:]) - target[300:]) ** 2).mean()
    assert error < 0.2 * target[300:].var()


def test_what_was_stored_predicts_the_same(part, tmp_path):
    name, learner = part
    table, _ = made(1)
    learner.save(tmp_path)
    np.testing.assert_array_equal(KINDS[name].load(tmp_path).predict(table.values), learner.predict(table.values))
    assert {path.suffix for path in tmp_path.iterdir()} <= {".safetensors", ".txt", ".ubj"}


def test_unknown_columns_give_a_forecast_near_the_mean(part):
    table, target = made()
    nothing = np.full((1, table.values.shape[1]), np.nan)
    (found,) = part[1].predict(nothing)
    assert abs(found - target.mean()) < target.std()
    one_gone = np.where(table.modality == 1, np.nan, table.values)
    assert np.isfinite(part[1].predict(one_gone)).all()


def test_a_column_nobody_knew_says_nothing_once_it_is_known(part):
    table, _ = made()
    told = table.values.copy()
    told[:, 5] = 1e6
    np.testing.assert_array_equal(part[1].predict(told), part[1].predict(table.values))


def test_the_same_seed_learns_the_same(part):
    again = FITTED[part[0]](*split())
    values = made(2)[0].values
    np.testing.assert_array_equal(again.predict(values), part[1].predict(values))


def test_a_process_remembers_the_latest_rows_alone(monkeypatch):
    assert MOST_KERNEL_ROWS == 3_000
    monkeypatch.setattr(learners, "MOST_KERNEL_ROWS", 80)
    table, rows, target = split()
    one = Process.fit(table, rows, target)
    assert len(one.support) == len(one.weights) == 80
    other = Process.fit(table, rows[-80:], target[-80:])
    np.testing.assert_array_equal(one.predict(table.values), other.predict(table.values))


def test_a_process_bends_where_a_line_does_not():
    random = np.random.default_rng(0)
    values = random.uniform(-2, 2, size=(500, 1))
    target = np.abs(values[:, 0])
    table = Table(values, np.zeros(1, int), np.zeros(1, bool), np.full(500, np.nan), ("x",))
    rows = np.arange(400)
    errors = [
        ((fit(table, rows, target[:400]).predict(values[400:]) - target[400:]) ** 2).mean()
        for fit in (Process.fit, Linear.fit)
    ]
    assert errors[0] < 0.1 * errors[1]


def test_products_are_inputs_where_they_are_asked_for():
    random = np.random.default_rng(0)
    values = random.normal(size=(400, 3))
    target = values[:, 0] * values[:, 2]
    table = Table(values, np.zeros(3, int), np.zeros(3, bool), np.full(400, np.nan), ("a", "b", "c"))
    plain, crossed = (Linear.fit(table, np.arange(300), target[:300], names) for names in ((), ("a", "c")))
    errors = [((part.predict(values[300:]) - target[300:]) ** 2).mean() for part in (plain, crossed)]
    assert errors[1] < 0.1 * errors[0]


def test_numbers_are_standardised_clipped_and_filled():
    values = np.array([[0.0, 7, 0], [10, 7, 1], [np.nan, 7, 1], [np.nan, 7, np.nan]])
    standard = Standard.fit(values, np.array([False, False, True]))
    np.testing.assert_allclose(
        standard.transform(np.array([[10.0, 9, 1], [5000, 7, 4], [np.nan] * 3])),
        [[1, 0, 0, -0.5, 0.5], [CLIPPED, 0, 0, -0.5, -0.5], [0, 0, 0, -0.5, -0.5]],
    )


def test_boosters_practise_on_copies_with_modalities_taken_away():
    table, rows, target = split()
    values, wanted, weight = learners._practised(table, rows, target, 0)
    copies, copied = values[300:], weight[300:]
    assert 0.2 * 300 < len(copies) < 0.4 * 300
    assert (weight[:300] == 1).all()
    assert (copied == learners.MASKED_WEIGHT).all()
    gone = np.isnan(copies[:, table.modality == 1])
    assert set(gone.sum(axis=1)) == {0, 2}  # a modality goes as a whole
    assert 0.3 < gone.all(axis=1).mean() < 0.7
    assert set(wanted[300:]) <= set(target)
