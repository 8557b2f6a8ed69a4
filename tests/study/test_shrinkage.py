"""Effects of groups are what they are said to be, on simulated markets whose true effects are known."""

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from mtaf_core.study.shrinkage import Components, clear_signs, multiplied, one_way, one_way_components

NOISE = 1.2


def few(random, groups):
    return random.geometric(0.25, groups)


def pairs(random, groups):
    return np.full(groups, 2)


def uneven(random, groups):
    return np.concatenate([random.integers(1, 5, groups - groups // 4), random.integers(50, 900, groups // 4)])


def market(random, n, spread, tails=None):
    """Aggregates of a simulated market, and the true effects against its average video."""
    group = np.repeat(np.arange(len(n)), n)
    level = random.normal(0, spread, len(n))
    error = random.normal(0, NOISE, len(group)) if tails is None else NOISE * random.standard_t(tails, len(group))
    y = 5 + level[group] + error
    total = np.bincount(group, y, len(n))
    squares = np.bincount(group, y**2, len(n))
    return (n, total, squares), level - n @ level / n.sum()


def markets(seed, count, sizes, groups, spread, tails=None):
    random = np.random.default_rng(seed)
    for _ in range(count):
        given_, truth = market(random, sizes(random, groups), spread, tails)
        yield one_way(*given_), truth


def covered(found, truth):
    return ((found.low <= truth) & (truth <= found.high)).mean()


@pytest.mark.parametrize("sizes", [few, pairs, uneven])
@pytest.mark.parametrize(("groups", "spread"), [(6, 1.0), (40, 0.6), (200, 1.0)])
def test_the_90_percent_interval_holds_the_truth_90_times_in_100(sizes, groups, spread):
    share = np.mean([covered(*one) for one in markets(groups, 4000 // groups + 60, sizes, groups, spread)])
    assert share == pytest.approx(0.90, abs=0.03)


def test_errors_with_heavy_tails_leave_the_intervals_right():
    """Student's t with 5 degrees: a group's mean of few videos strays further than a normal one, now and then."""
    share = np.mean([covered(*one) for one in markets(5, 80, few, 150, 0.8, tails=5)])
    assert share == pytest.approx(0.90, abs=0.03)


@pytest.mark.parametrize("spread", [0.0, 0.03])
def test_groups_that_hardly_differ_get_intervals_that_are_careful_but_not_empty(spread):
    for sizes in (few, uneven):
        found = list(markets(11, 150, sizes, 40, spread))
        assert np.mean([covered(*one) for one in found]) >= 0.87
        for effects, _ in found:
            assert (effects.sd > 0.003).all()
            assert (effects.sd <= NOISE * 1.6 / np.sqrt(effects.n)).all()  # never wider than the group read alone


def test_the_order_of_groups_is_found_better_than_by_their_means():
    better = []
    for found, truth in markets(21, 60, uneven, 120, 0.5):
        better.append(spearmanr(found.effect, truth).statistic - spearmanr(found.raw, truth).statistic)
    assert np.mean(better) > 0.05
    assert np.mean(np.array(better) > 0) > 0.9


def test_the_best_of_groups_with_few_videos_are_as_good_as_promised():
    """No winner's curse at n < 5, where the means of the best promise about twice what is there."""
    promised, raw, true = [], [], []
    random = np.random.default_rng(31)
    for _ in range(150):
        given_, truth = market(random, random.integers(1, 5, 200), 0.7)
        found = one_way(*given_)
        best, loudest = np.argsort(-found.effect)[:10], np.argsort(-found.raw)[:10]
        promised.append(found.effect[best].mean())
        true.append(truth[best].mean())
        raw.append((found.raw[loudest].mean(), truth[loudest].mean()))
    missed = np.array(promised) - true
    assert abs(missed.mean()) < 3 * missed.std() / np.sqrt(len(missed)) + 0.01
    assert np.mean(promised) > 0.5
    claimed, there = np.mean(raw, axis=0)
    assert claimed > 1.8 * there


@pytest.mark.parametrize(("sizes", "groups", "spread"), [(few, 150, 0.6), (pairs, 50, 0.5), (uneven, 60, 0.3)])
def test_of_the_groups_called_clear_at_most_one_in_twenty_has_the_wrong_sign(sizes, groups, spread):
    wrong, called = [], 0
    for found, truth in markets(41, 400, sizes, groups, spread):
        wrong.append((found.clear & (np.sign(found.effect) != np.sign(truth))).sum() / max(found.clear.sum(), 1))
        called += found.clear.sum()
    assert np.mean(wrong) <= 0.05 + 2 * np.std(wrong) / np.sqrt(len(wrong))
    assert called > 40


def test_where_groups_do_not_differ_almost_nothing_is_called_clear():
    called = [found.clear.mean() for found, _ in markets(43, 150, few, 100, 0.0)]
    assert np.mean(called) < 0.005
    # a market of ten groups of two videos may take a lucky pair for the way things are, one time in ten
    assert np.mean([found.clear.any() for found, _ in markets(44, 400, pairs, 10, 0.0)]) < 0.15


def test_variances_are_found():
    random = np.random.default_rng(51)
    found = [one_way_components(*market(random, few(random, 150), 0.8)[0]) for _ in range(80)]
    assert np.mean([one.between[0] for one in found]) == pytest.approx(0.8**2, rel=0.05)
    assert np.mean([one.within for one in found]) == pytest.approx(NOISE**2, rel=0.02)
    errors = [np.log(one.between[0] / one.within) - np.log((0.8 / NOISE) ** 2) for one in found]
    assert np.std(errors) == pytest.approx(np.mean([one.doubt[0][0] for one in found]) ** 0.5, rel=0.25)


def directly(n, total, known):
    """The posterior of the effects against the average video, by inverting the model's whole covariance matrix."""
    group = np.repeat(np.arange(len(n)), n)
    Z = (group[:, None] == np.arange(len(n))).astype(float)
    V = known.within * np.eye(len(group)) + known.between[0] * Z @ Z.T
    y = (total / np.maximum(n, 1))[group]  # the videos' own y do not matter once variances are known
    Vi = np.linalg.inv(V)
    P = Vi - np.outer(Vi.sum(1), Vi.sum(1)) / Vi.sum()
    against = np.eye(len(n)) - np.outer(np.ones(len(n)), n / n.sum())
    mean = known.between[0] * against @ Z.T @ P @ y
    cov = known.between[0] * np.eye(len(n)) - known.between[0] ** 2 * Z.T @ P @ Z
    return mean, np.sqrt(np.diag(against @ cov @ against.T))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.floats(0.01, 3))
def test_with_known_variances_it_is_the_posterior_written_out(seed, groups, between):
    random = np.random.default_rng(seed)
    (n, total, squares), _ = market(random, random.integers(0, 8, groups) + (np.arange(groups) == 0), 1.0)
    known = Components(("group",), (between,), NOISE**2, 0.0, ((0.0,),))
    found = one_way(n, total, squares, known)
    mean, sd = directly(n, total, known)
    np.testing.assert_allclose(found.effect, mean, atol=1e-9)
    np.testing.assert_allclose(found.sd, sd, atol=1e-7)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(-8, 8), st.floats(0.3, 3))
def test_order_of_groups_and_unit_and_zero_of_y_do_not_matter(seed, shift, scale):
    random = np.random.default_rng(seed)
    (n, total, squares), _ = market(random, random.integers(0, 9, 30) + 1, 0.7)
    first = one_way(n, total, squares)
    order = random.permutation(30)
    moved = n * shift + scale * total, n * shift**2 + 2 * shift * scale * total + scale**2 * squares
    second = one_way(n[order], moved[0][order], moved[1][order])
    for name in ("raw", "effect", "sd", "low", "high"):
        np.testing.assert_allclose(
            getattr(second, name), scale * getattr(first, name)[order], atol=1e-4 * scale, err_msg=name
        )
    np.testing.assert_allclose(second.sign_risk, first.sign_risk[order], atol=1e-4)


def test_a_market_s_variances_serve_its_cohorts():
    random = np.random.default_rng(61)
    (n, total, squares), _ = market(random, few(random, 400), 0.8)
    components = one_way_components(n, total, squares, "uploader")
    assert components.names == ("uploader",)
    np.testing.assert_array_equal(one_way(n, total, squares, components).effect, one_way(n, total, squares).effect)
    kept = json.loads(json.dumps(dataclasses.asdict(components)))
    assert kept["between"] == list(components.between)
    cohort = one_way(n[:3], total[:3], squares[:3], components)
    assert np.isfinite(cohort.sd).all()
    assert (cohort.sd < np.sqrt(components.between[0]) * 1.5).all()


def test_an_empty_group_is_not_known_and_not_clear():
    found = one_way([40, 0, 50], [80.0, np.nan, 20.0], [200.0, np.nan, 60.0])
    assert np.isnan(found.raw[1])
    assert not found.clear[1]
    assert found.sd[1] > 2 * max(found.sd[0], found.sd[2])
    assert found.low[1] < 0 < found.high[1]


@pytest.mark.parametrize(
    ("n", "total", "squares"),
    [([], [], []), ([0, 0], [np.nan, np.nan], [np.nan, np.nan]), ([1], [3.0], [9.0])],
    ids=["no groups", "no videos", "one video"],
)
def test_with_nothing_to_learn_from_nothing_is_claimed(n, total, squares):
    found = one_way(n, total, squares)
    assert len(found.effect) == len(n)
    assert (found.effect == 0).all()
    assert np.isnan(found.sd).all()
    assert (found.sign_risk == 0.5).all()
    assert not found.clear.any()


def test_without_videos_a_cohort_has_the_market_s_prior():
    market_ = Components(("group",), (0.25,), 1.0, 5.0, ((0.0,),))
    found = one_way([0, 0], [np.nan, 0], [np.nan, 0], market_)
    assert found.sd == pytest.approx([0.5, 0.5])
    assert not found.clear.any()


def test_one_video_a_group_says_little():
    y = np.random.default_rng(71).normal(5, 1, 60)
    found = one_way(np.ones(60), y, y**2)
    assert not found.clear.any()
    assert (np.abs(found.effect) < np.abs(found.raw)).all()


def test_videos_that_are_all_alike_have_no_effects():
    n = np.array([3, 5, 9])
    found = one_way(n, n * 4.0, n * 16.0)
    assert found.effect == pytest.approx(0, abs=1e-6)
    assert found.sd == pytest.approx(0, abs=1e-5)
    assert not found.clear.any()


@pytest.mark.parametrize("n", [[-1, 3], [np.nan, 3]])
def test_counts_that_cannot_be_are_refused(n):
    with pytest.raises(ValueError, match="counts"):
        one_way(n, [1.0, 2.0], [1.0, 2.0])


def test_sums_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="finite"):
        one_way([2, 3], [np.nan, 2.0], [1.0, 2.0])


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from([0.0, 0.01, 0.04, 0.05, 0.08, 0.2, 0.5, np.nan]), max_size=12))
def test_the_clear_set_is_the_largest_of_its_mean_risk_that_splits_no_ties(risks):
    risk = np.array(risks, dtype=float)
    inside = clear_signs(risk)
    sets = [risk <= edge for edge in np.unique(risk[~np.isnan(risk)])]
    sizes = [one.sum() for one in sets if risk[one].mean() <= 0.05 + 1e-12]
    assert inside.sum() == max(sizes, default=0)
    assert not inside[np.isnan(risk)].any()
    if inside.any():
        assert risk[inside].mean() <= 0.05 + 1e-12


def test_an_effect_reads_as_what_popularity_is_multiplied_by():
    assert multiplied(np.log(np.array([1.8, 0.5]))) == pytest.approx([1.8, 0.5])
