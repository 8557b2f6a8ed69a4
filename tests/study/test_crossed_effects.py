"""Effects of hashtags and slots beside the uploader's own: simulated markets, and the equations written out."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, sparse
from scipy.stats import spearmanr

from mtaf_core.study.crossing import WEEK, Crossing, Layout
from mtaf_core.study.effects import crossed, crossed_components
from mtaf_core.study.shrinkage import Components, one_way, one_way_components

NOISE = 1.2


@dataclass
class Market:
    """Videos one by one, as the effects never see them."""

    uploader: np.ndarray  # (N,)
    X: np.ndarray  # (N, P), which columns a video has
    y: np.ndarray  # (N,)
    strength: np.ndarray  # (U,), true
    gain: np.ndarray  # (P,), true

    def crossing(self) -> Crossing:
        U, P = len(self.strength), len(self.gain)
        video, column = np.nonzero(self.X)
        cell, which = np.unique(self.uploader[video] * P + column, return_inverse=True)
        sums = np.bincount(which, self.y[video], len(cell))
        pairs = sparse.triu(sparse.csr_array(self.X).T @ sparse.csr_array(self.X), 1).tocoo()
        return Crossing.of(
            np.bincount(self.uploader, minlength=U),
            np.bincount(self.uploader, self.y, U),
            float(self.y @ self.y),
            (cell // P, cell % P, np.bincount(which, minlength=len(cell)), sums),
            P,
            (pairs.coords[0], pairs.coords[1], pairs.data),
        )

    def true_uploaders(self):
        return self.strength - self.strength[self.uploader].mean()

    def true_slots(self):
        return self.gain - (self.X @ self.gain).mean()


def released(random, uploader, X, strength, gain):
    return Market(
        uploader, X, 5 + strength[uploader] + X @ gain + random.normal(0, NOISE, len(uploader)), strength, gain
    )


def tagged(random, uploaders=60, tags=40, spread=1.0, gains=0.5, videos=8, use=0.6):
    """Each uploader has hashtags that it likes, so that hashtags and uploaders are mixed up."""
    uploader = np.repeat(np.arange(uploaders), random.geometric(1 / videos, uploaders))
    likes = random.random((uploaders, tags)) ** 6
    X = (random.random((len(uploader), tags)) < use * likes[uploader]).astype(float)
    return released(random, uploader, X, random.normal(0, spread, uploaders), random.normal(0, gains, tags))


def weekly(random, videos=900, uploaders=50):
    """Uploaders keep to hours of their own, few of them at night: some slots are thin, some empty."""
    uploader = random.integers(0, uploaders, videos)
    hour = random.normal(14, 4, uploaders)[uploader] + random.normal(0, 2, videos)
    slot = random.integers(0, 7, videos) * 24 + hour.astype(int) % 24
    gain = np.repeat(random.normal(0, 0.3, 7), 24) + np.tile(random.normal(0, 0.5, 24), 7) + random.normal(0, 0.2, 168)
    X = (slot[:, None] == np.arange(168)).astype(float)
    return released(random, uploader, X, random.normal(0, 1.0, uploaders), gain)


def known(names, *ratios, doubt=0.0):
    between = tuple(NOISE**2 * ratio for ratio in ratios)
    doubts = tuple(tuple(row) for row in (doubt * np.eye(len(ratios))).tolist())
    return Components(names, between, NOISE**2, 0.0, doubts)


def directly(market, layout, ratios):
    """Henderson's equations of all effects at once, dense: their solution, its covariance, the families."""
    U = len(market.strength)
    Z = (market.uploader[:, None] == np.arange(U)).astype(float)
    blocks = [np.ones((len(market.y), 1)), Z]
    blocks += [market.X @ np.eye(member.max() + 1)[member] for member in layout.member]
    W = np.hstack(blocks)
    family = np.repeat(np.arange(len(blocks)), [block.shape[1] for block in blocks])
    inverse = np.linalg.inv(W.T @ W + np.diag(np.array([0.0, *(1 / np.array(ratios))])[family]))
    return inverse @ W.T @ market.y, inverse * NOISE**2, family


def read(solution, inverse, of):
    """Means and standard deviations of linear combinations, the rows of ``of``."""
    return of @ solution, np.sqrt(np.diag(of @ inverse @ of.T))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.02, 4), st.floats(0.02, 4))
def test_hashtags_and_uploaders_solve_the_mixed_model_equations(seed, one, two):
    market = tagged(np.random.default_rng(seed), uploaders=9, tags=7)
    layout = Layout.apart("tag", 7)
    tags, uploaders, _ = crossed(market.crossing(), None, known(("uploader", "tag"), one, two))
    solution, inverse, family = directly(market, layout, (one, two))
    mean, sd = read(solution, inverse, np.eye(len(solution))[family == 2])
    np.testing.assert_allclose(tags.effect, mean, atol=1e-8)
    np.testing.assert_allclose(tags.sd, sd, atol=1e-8)
    against = np.eye(9) - np.bincount(market.uploader, minlength=9) / len(market.y)
    mean, sd = read(solution, inverse, against @ np.eye(len(solution))[family == 1])
    np.testing.assert_allclose(uploaders.effect, mean, atol=1e-8)
    np.testing.assert_allclose(uploaders.sd, sd, atol=1e-8)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.floats(0.01, 3), min_size=4, max_size=4))
def test_slots_are_the_sum_of_weekday_hour_and_their_own_with_all_covariances(seed, ratios):
    market = weekly(np.random.default_rng(seed), videos=150, uploaders=8)
    slots, uploaders, _ = crossed(market.crossing(), WEEK, known(("uploader", *WEEK.names), *ratios))
    solution, inverse, family = directly(market, WEEK, ratios)
    everything = np.eye(len(solution))
    total = sum(everything[family == 2 + k][member] for k, member in enumerate(WEEK.member))
    mean, sd = read(solution, inverse, total - market.X.mean(axis=0) @ total)
    np.testing.assert_allclose(slots.effect, mean, atol=1e-8)
    np.testing.assert_allclose(slots.sd, sd, atol=1e-8)
    against = np.eye(8) - np.bincount(market.uploader, minlength=8) / len(market.y)
    mean, sd = read(solution, inverse, against @ everything[family == 1])
    np.testing.assert_allclose(uploaders.effect, mean, atol=1e-8)
    np.testing.assert_allclose(uploaders.sd, sd, atol=1e-8)


def test_the_variances_are_the_mode_of_the_restricted_likelihood_written_out():
    market = tagged(np.random.default_rng(7), uploaders=12, tags=6)
    Z = (market.uploader[:, None] == np.arange(12)).astype(float)
    one = np.ones(len(market.y))

    def loss(x):
        V = np.eye(len(one)) + np.exp(x[0]) * Z @ Z.T + np.exp(x[1]) * market.X @ market.X.T
        Vi = np.linalg.inv(V)
        left = market.y @ Vi @ market.y - (one @ Vi @ market.y) ** 2 / (one @ Vi @ one)
        likelihood = (len(one) - 1) * np.log(left) + np.linalg.slogdet(V)[1] + np.log(one @ Vi @ one)
        return 0.5 * likelihood + (np.logaddexp(0, x) - 0.5 * x).sum()

    best = optimize.minimize(loss, [-1.0, -1.0], method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-10}).x
    found = crossed_components(market.crossing())
    np.testing.assert_allclose(found.log_ratios, best, atol=1e-3)
    # the doubt is the inverse of the average information: near that of the likelihood's own curve
    steps = 0.02 * np.eye(2)
    curve = [
        [(loss(best + a + b) - loss(best + a - b) - loss(best - a + b) + loss(best - a - b)) for b in steps]
        for a in steps
    ]
    np.testing.assert_allclose(
        np.sqrt(np.diag(found.doubt)), np.sqrt(np.diag(np.linalg.inv(np.array(curve) / 0.0016))), rtol=0.3
    )


def covered(found, truth):
    return ((found.low <= truth) & (truth <= found.high)).mean()


@pytest.mark.parametrize(("gains", "videos"), [(0.5, 8), (0.8, 3)])
def test_intervals_of_hashtags_and_uploaders_hold_the_truth_90_times_in_100(gains, videos):
    random, shares = np.random.default_rng(11), []
    for _ in range(80):
        market = tagged(random, gains=gains, videos=videos)
        tags, uploaders, _ = crossed(market.crossing())
        shares.append((covered(tags, market.gain), covered(uploaders, market.true_uploaders())))
    assert np.mean(shares, axis=0) == pytest.approx(0.90, abs=0.03)


def test_intervals_of_slots_hold_the_truth_90_times_in_100_also_where_there_is_no_video():
    random, shares = np.random.default_rng(13), []
    for _ in range(40):
        market = weekly(random)
        slots, _, _ = crossed(market.crossing(), WEEK)
        inside = (slots.low <= market.true_slots()) & (market.true_slots() <= slots.high)
        shares.append((inside[slots.n > 0].mean(), inside[slots.n == 0].mean()))
    used, empty = np.mean(shares, axis=0)
    assert used == pytest.approx(0.90, abs=0.03)
    assert empty == pytest.approx(
        0.90, abs=0.05
    )  # a market has a dozen, all resting on the same two or three variances


def test_hashtags_that_do_nothing_get_careful_intervals_and_are_not_called_clear():
    random, shares, called = np.random.default_rng(17), [], []
    for _ in range(60):
        market = tagged(random, gains=0.0)
        tags, _, _ = crossed(market.crossing())
        shares.append(covered(tags, market.gain))
        called.append(tags.clear.mean())
        assert (tags.sd > 0.01).all()
    assert np.mean(shares) >= 0.87
    assert np.mean(called) < 0.01


def test_variances_are_found():
    random = np.random.default_rng(19)
    found = [crossed_components(tagged(random, uploaders=120, tags=60).crossing()) for _ in range(40)]
    assert np.mean([one.between for one in found], axis=0) == pytest.approx([1.0, 0.25], rel=0.1)
    assert np.mean([one.within for one in found]) == pytest.approx(NOISE**2, rel=0.03)


def test_a_hashtag_is_not_credited_with_the_strength_of_the_few_who_use_it():
    random, raw, adjusted = np.random.default_rng(23), [], []
    for _ in range(40):
        market = tagged(random, videos=25)
        strongest = np.argsort(-market.strength)[:4]
        market.X[:, 0] = np.isin(market.uploader, strongest) & (random.random(len(market.y)) < 0.5)
        market.gain[0] = 0.0
        market = released(random, market.uploader, market.X, market.strength, market.gain)
        tags, _, _ = crossed(market.crossing())
        raw.append(tags.raw[0])
        adjusted.append(tags.effect[0])
        assert tags.uploaders[0] <= 4
    assert np.mean(raw) > 1.2  # about x4, all of it the uploaders'
    assert abs(np.mean(adjusted)) < 0.2
    assert np.mean(np.abs(adjusted)) < 0.3 * np.mean(np.abs(raw))


def test_the_order_of_hashtags_and_slots_is_found_better_than_by_their_means():
    random, better = np.random.default_rng(29), []
    for _ in range(15):
        market, week = tagged(random), weekly(random)
        tags = crossed(market.crossing())[0]
        slots = crossed(week.crossing(), WEEK)[0]
        there = slots.n > 0
        better.append(
            [
                spearmanr(found.effect[at], truth[at]).statistic - spearmanr(found.raw[at], truth[at]).statistic
                for found, truth, at in ((tags, market.gain, tags.n > 0), (slots, week.gain, there))
            ]
        )
    assert (np.mean(better, axis=0) > 0.1).all()


def test_a_thin_slot_borrows_from_its_weekday_and_its_hour():
    random, errors = np.random.default_rng(31), []
    for _ in range(15):
        market = weekly(random)
        crossing, truth = market.crossing(), market.true_slots()
        thin = crossing.together.diagonal() < 5
        found = [crossed(crossing, layout)[0].effect for layout in (WEEK, Layout.apart("slot", 168, True))]
        errors.append([np.mean((effect - truth)[thin] ** 2) for effect in found])
    week, apart = np.mean(errors, axis=0)
    assert week < 0.8 * apart


def test_the_best_hashtags_of_few_videos_are_as_good_as_promised():
    random, promised, there, raw = np.random.default_rng(37), [], [], []
    for _ in range(60):
        market = tagged(random, uploaders=120, tags=150, gains=0.7, videos=3, use=0.06)
        tags = crossed(market.crossing())[0]
        few = np.flatnonzero((tags.n > 0) & (tags.n < 5))
        best, loudest = few[np.argsort(-tags.effect[few])[:5]], few[np.argsort(-tags.raw[few])[:5]]
        promised.append(tags.effect[best].mean())
        there.append(market.gain[best].mean())
        raw.append(tags.raw[loudest].mean() - market.gain[loudest].mean())
    missed = np.array(promised) - there
    assert abs(missed.mean()) < 3 * missed.std() / np.sqrt(len(missed))
    assert np.mean(promised) > 0.2
    assert np.mean(raw) > 1.0


def test_of_what_is_called_clear_at_most_one_in_twenty_has_the_wrong_sign():
    random, wrong, called = np.random.default_rng(41), [], 0
    for _ in range(80):
        market = tagged(random)
        tags, uploaders, _ = crossed(market.crossing())
        for found, truth in ((tags, market.gain), (uploaders, market.true_uploaders())):
            wrong.append((found.clear & (np.sign(found.effect) != np.sign(truth))).sum() / max(found.clear.sum(), 1))
            called += found.clear.sum()
    wrong = np.reshape(wrong, (-1, 2))
    assert (wrong.mean(axis=0) <= 0.05 + 2 * wrong.std(axis=0) / np.sqrt(len(wrong))).all()
    assert called > 500


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(-6, 6))
def test_order_and_zero_of_y_do_not_matter(seed, shift):
    random = np.random.default_rng(seed)
    market = tagged(random, uploaders=15, tags=8)
    first = crossed(market.crossing())
    people, tags = random.permutation(15), random.permutation(8)
    moved = Market(
        np.argsort(people)[market.uploader],
        market.X[:, tags],
        market.y + shift,
        market.strength[people],
        market.gain[tags],
    )
    second = crossed(moved.crossing())
    for one, other, order in zip(first[:2], second[:2], (tags, people), strict=True):
        for name in ("raw", "effect", "sd", "sign_risk", "n"):
            np.testing.assert_allclose(getattr(other, name), getattr(one, name)[order], atol=1e-5, err_msg=name)


def test_without_columns_it_is_the_one_way_model():
    market = tagged(np.random.default_rng(43), tags=0)
    crossing = market.crossing()
    squares = np.bincount(market.uploader, market.y**2, len(market.strength))
    tags, _, found = crossed(crossing, Layout((), np.zeros((0, 0), dtype=int), False))
    assert len(tags.effect) == 0
    alone = one_way_components(crossing.n, crossing.total, squares, "uploader")
    for name in ("between", "within", "mean", "degrees"):
        assert getattr(found, name) == pytest.approx(getattr(alone, name), rel=1e-3)
    assert found.doubt[0][0] == pytest.approx(alone.doubt[0][0], rel=1e-3)
    same = crossed(crossing, Layout((), np.zeros((0, 0), dtype=int), False), alone)[1]
    expected = one_way(crossing.n, crossing.total, squares, alone)
    np.testing.assert_allclose(same.effect, expected.effect, atol=1e-9)
    np.testing.assert_allclose(same.sd, expected.sd, atol=1e-9)


def test_a_market_s_variances_serve_its_cohorts():
    random = np.random.default_rng(47)
    market = tagged(random)
    found = crossed_components(market.crossing())
    part = market.uploader < 3
    cohort = Market(market.uploader[part], market.X[part], market.y[part], market.strength[:3], market.gain)
    tags, uploaders, used = crossed(cohort.crossing(), None, found)
    assert used is found
    unused = tags.n == 0
    assert unused.any()
    assert tags.effect[unused] == pytest.approx(0)
    assert tags.sd[unused] == pytest.approx(found.between[1] ** 0.5)
    assert np.isnan(tags.raw[unused]).all()
    assert not tags.clear[unused].any()
    assert np.isfinite(uploaders.sd).all()


def test_what_is_not_known_of_the_variances_widens_the_intervals():
    crossing = tagged(np.random.default_rng(53)).crossing()
    sure = crossed(crossing, None, known(("uploader", "tag"), 0.7, 0.2))
    unsure = crossed(crossing, None, known(("uploader", "tag"), 0.7, 0.2, doubt=0.5))
    for one, other in zip(sure[:2], unsure[:2], strict=True):
        np.testing.assert_array_equal(one.effect, other.effect)
        assert (other.sd > one.sd).all()


@pytest.mark.parametrize("videos", [0, 1])
def test_with_nothing_to_learn_from_nothing_is_claimed(videos):
    n = np.array([videos, 0])
    crossing = Crossing.of(n, np.where(n > 0, 3.0, np.nan), 9.0 * videos, ([], [], [], []), 4)
    for found in crossed(crossing)[:2]:
        assert (found.effect == 0).all()
        assert np.isnan(found.sd).all()
        assert not found.clear.any()
    tags = crossed(crossing, None, known(("uploader", "tag"), 0.7, 0.2))[0]
    assert tags.sd == pytest.approx(NOISE * 0.2**0.5)
    assert not tags.clear.any()


def test_videos_that_are_all_alike_have_no_effects():
    market = tagged(np.random.default_rng(59), uploaders=10, tags=5)
    market.y[:] = 4.0
    for found in crossed(market.crossing())[:2]:
        assert found.effect == pytest.approx(0, abs=1e-6)
        assert not found.clear.any()


def test_variances_of_other_families_are_refused():
    crossing = tagged(np.random.default_rng(61), uploaders=5, tags=5).crossing()
    with pytest.raises(ValueError, match="slot"):
        crossed(crossing, None, known(("uploader", *WEEK.names), 1, 1, 1, 1))


def test_counts_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="counts"):
        Crossing.of(np.array([2, -1]), np.zeros(2), 1.0, ([], [], [], []), 1)
    with pytest.raises(ValueError, match="finite"):
        Crossing.of(np.array([2, 1]), np.array([np.nan, 1.0]), 1.0, ([], [], [], []), 1)
