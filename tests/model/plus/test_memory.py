"""What is remembered of past posts: worked out by hand, and never anything that was not known when a video came out."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtaf_core.model.plus import memory
from mtaf_core.model.plus.memory import UPLOADER_COLUMNS, Neighbours, Uploaders, seconds, unit, uploader_keys

DAY = 86_400.0
HORIZON = 6
START = pd.Timestamp("2026-01-01", tz="UTC")


def posts(days, names, platform="douyin"):
    times = [pd.NaT if np.isnan(day) else START + pd.Timedelta(days=day) for day in days]
    return pd.DataFrame(
        {
            "platform": platform,
            "uploader_id": pd.Series(list(names), dtype=object),
            "created_at": pd.DatetimeIndex(times, tz="UTC"),
        }
    )


def told(uploaders, day, name="a", platform="douyin"):
    (row,) = uploaders.columns(posts([day], [name], platform))
    return dict(zip(UPLOADER_COLUMNS, row, strict=True))


@pytest.fixture
def uploaders():
    """One KOL with posts on days 0, 2 and 40, and another with one; three words each strong, by hand."""
    facts = posts([0, 2, 40, 1], ["a", "a", "a", "b"])
    fitted = Uploaders.fit(facts, np.array([4.0, 6.0, 9.0, 1.0]), HORIZON)
    return Uploaders(HORIZON, fitted.mean, 3.0, fitted.posts)


def test_the_market_s_mean_is_that_of_all_posts(uploaders):
    assert uploaders.mean == (4 + 6 + 9 + 1) / 4


def test_a_post_counts_from_the_moment_its_outcome_is_known(uploaders):
    assert [told(uploaders, day)["known_posts"] for day in (0, 5.999, 6, 7.999, 8, 45.9, 46)] == [0, 0, 1, 1, 2, 2, 3]


def test_the_mean_is_drawn_towards_the_market_s(uploaders):
    assert told(uploaders, 5)["mean_score"] == uploaders.mean
    assert told(uploaders, 7)["mean_score"] == (4 + 3 * 5) / (1 + 3)
    assert told(uploaders, 20)["mean_score"] == (4 + 6 + 3 * 5) / (2 + 3)


def test_last_and_best_are_of_known_posts_alone(uploaders):
    before, after = told(uploaders, 41), told(uploaders, 50)
    assert (before["last_score"], before["best_score"]) == (6, 6)
    assert (after["last_score"], after["best_score"]) == (9, 9)
    assert np.isnan([told(uploaders, 5)[c] for c in ("last_score", "best_score")]).all()


def test_the_pace_is_of_every_earlier_post_whether_known_or_not(uploaders):
    assert told(uploaders, 3)["days_since_post"] == pytest.approx(np.log1p(1))
    assert [told(uploaders, day)["posts_30_days"] for day in (3, 31, 33, 41)] == [2, 1, 0, 1]
    assert np.isnan([told(uploaders, 0)[c] for c in ("days_since_post", "posts_30_days")]).all()


@pytest.mark.parametrize("stranger", [{"name": "c"}, {"name": None}, {"platform": "tiktok"}, {"day": np.nan}])
def test_of_a_stranger_the_market_is_what_is_known(uploaders, stranger):
    found = told(uploaders, **{"day": 50, **stranger})
    assert (found["known_posts"], found["mean_score"]) == (0, uploaders.mean)
    assert np.isnan([found[c] for c in UPLOADER_COLUMNS[2:]]).all()


def test_two_posts_of_one_moment_do_not_tell_of_each_other():
    facts = posts([0, 0, 0], ["a", "a", "a"])
    columns = Uploaders.fit(facts, np.array([1.0, 2.0, 3.0]), HORIZON).columns(facts)
    assert (columns[:, 0] == 0).all()
    assert np.isnan(columns[:, 2:]).all()


def test_kols_who_differ_a_lot_are_believed_sooner():
    random = np.random.default_rng(0)
    names, days = np.repeat(list("abcdefgh"), 10), np.tile(np.arange(10.0), 8)
    level, luck = np.repeat(random.normal(size=8), 10), random.normal(size=80)
    alike, apart = (Uploaders.fit(posts(days, names), size * level + luck, HORIZON).strength for size in (0.1, 5.0))
    assert 0.2 <= apart < 1 < alike <= 50


def test_the_strength_is_the_variance_within_over_the_variance_between():
    scores = np.array([0.0, 2, 4, 6, 8, 10])  # three KOLs of two posts: within 2, between 32 / 3 - 1
    fitted = Uploaders.fit(posts(range(6), list("aabbcc")), scores, HORIZON)
    assert fitted.strength == pytest.approx(2 / (32 / 3 - 1))


def test_a_market_that_names_no_kol_is_remembered_and_read_back():
    facts = posts([0, 1, 9], [None] * 3)
    fitted = Uploaders.fit(facts, np.arange(3.0), HORIZON)
    again = Uploaders.from_arrays(HORIZON, fitted.mean, fitted.strength, list(fitted.posts), fitted.arrays())
    assert again.posts == {}
    np.testing.assert_array_equal(again.columns(facts), fitted.columns(facts))


def test_what_was_stored_tells_the_same(uploaders):
    facts = posts([3, 20, 50, 7, 7], ["a", "a", "a", "b", "c"])
    again = Uploaders.from_arrays(
        HORIZON, uploaders.mean, uploaders.strength, list(uploaders.posts), uploaders.arrays()
    )
    np.testing.assert_array_equal(again.columns(facts), uploaders.columns(facts))


def test_a_platform_and_an_id_make_one_kol():
    facts = posts([0, 1], ["a", "a"]).assign(platform=["douyin", "tiktok"])
    assert len(set(uploader_keys(facts))) == 2


def test_seconds_are_those_since_1970_whatever_the_unit():
    facts = posts([0, np.nan], ["a", "a"])
    for kind in ("datetime64[ns, UTC]", "datetime64[s, UTC]"):
        cast = facts.assign(created_at=facts["created_at"].astype(kind))
        np.testing.assert_array_equal(seconds(cast), [START.timestamp(), np.nan])


market = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from("abc"), st.floats(-5, 5)), min_size=2, max_size=14
)  # days apart, so that ties are common


@given(market, st.data())
def test_no_outcome_younger_than_the_horizon_and_none_of_its_own_changes_what_a_kol_s_post_is_told(rows, data):
    days, names, scores = map(np.array, zip(*rows, strict=True))
    asked = data.draw(st.integers(0, len(rows) - 1))
    facts = posts(days.astype(float), names)
    one = Uploaders.fit(facts, scores, HORIZON)
    unknown = days > days[asked] - HORIZON
    assert unknown[asked]
    changed = {
        name: (times, np.where(times > seconds(facts)[asked] - HORIZON * DAY, 1e6, past))
        for name, (times, past) in one.posts.items()
    }
    other = Uploaders(HORIZON, one.mean, one.strength, changed)  # both are of all posts learnt from, and no one's
    np.testing.assert_array_equal(one.columns(facts)[asked], other.columns(facts)[asked])


def vectors_of(rows):
    return np.random.default_rng(len(rows)).normal(size=(len(rows), 4)).astype(np.float32)


@given(st.lists(st.integers(0, 20), min_size=2, max_size=30), st.data())
def test_no_outcome_younger_than_the_horizon_and_none_of_its_own_changes_what_similar_posts_tell(days, data):
    times, vectors = np.array(days) * DAY, vectors_of(days)
    outcomes = np.arange(len(days), dtype=float)
    asked = data.draw(st.integers(0, len(days) - 1))
    young = times > times[asked] - HORIZON * DAY
    one = Neighbours.fit(times, vectors, outcomes, HORIZON)
    other = Neighbours.fit(times, vectors, np.where(young, 1e6, outcomes), HORIZON)
    told_one, told_other = (near.columns(times[[asked]], vectors[[asked]]) for near in (one, other))
    np.testing.assert_array_equal(told_one, told_other)


def test_similar_posts_tell_their_mean_outcome_the_nearer_the_louder():
    vectors = np.eye(5, dtype=np.float32)
    near = Neighbours.fit(np.arange(5) * DAY, vectors, np.array([10.0, 0, 0, 0, 0]), HORIZON)
    ((score, likeness),) = near.columns(np.array([30 * DAY]), np.array([[2.0, 0, 0, 0, 0]], dtype=np.float32))
    assert score == pytest.approx(10 / (1 + 4 * np.exp(-8)), rel=1e-6)
    assert likeness == pytest.approx(1 / 5)


def test_only_the_twenty_nearest_speak():
    vectors = np.concatenate([np.tile([1.0, 0.0], (20, 1)), np.tile([0.0, 1.0], (50, 1))]).astype(np.float32)
    outcomes = np.concatenate([np.full(20, 3.0), np.full(50, -99.0)])
    near = Neighbours.fit(np.zeros(70), vectors, outcomes, HORIZON)
    np.testing.assert_allclose(near.columns(np.array([9 * DAY]), np.array([[1.0, 0.0]])), [[3.0, 1.0]], rtol=1e-6)


def test_fewer_than_five_known_posts_tell_nothing():
    near = Neighbours.fit(np.arange(6) * DAY, vectors_of(range(6)), np.zeros(6), HORIZON)
    asked = np.array([9.999, 10.0]) * DAY
    assert np.isnan(near.columns(asked, vectors_of(range(2)))).all(axis=1).tolist() == [True, False]


def test_posts_and_videos_without_a_vector_are_left_out():
    vectors = vectors_of(range(8))
    vectors[3] = np.nan
    near = Neighbours.fit(np.arange(8) * DAY, vectors, np.arange(8.0), HORIZON)
    assert len(near.times) == 7
    found = near.columns(np.array([50 * DAY, 50 * DAY, np.nan]), np.stack([vectors[0], vectors[3], vectors[0]]))
    assert np.isfinite(found).all(axis=1).tolist() == [True, False, False]


def test_many_videos_are_told_what_each_alone_is(monkeypatch):
    random = np.random.default_rng(0)
    times, vectors = random.integers(0, 40, 60) * DAY, random.normal(size=(60, 6)).astype(np.float32)
    near = Neighbours.fit(times, vectors, random.normal(size=60), HORIZON)
    alone = np.concatenate([near.columns(times[[i]], vectors[[i]]) for i in range(60)])
    monkeypatch.setattr(memory, "_CHUNK", 7)
    np.testing.assert_allclose(near.columns(times, vectors), alone, rtol=1e-5)


def test_only_the_latest_are_remembered(monkeypatch):
    monkeypatch.setattr(memory, "MOST_REMEMBERED", 5)
    times = np.array([3.0, 1, 9, 7, 5, 8, 2])
    near = Neighbours.fit(times, vectors_of(times), times, HORIZON)
    assert near.outcomes.tolist() == near.times.tolist() == [3, 5, 7, 8, 9]


def test_a_vector_of_nought_points_nowhere_and_stays():
    np.testing.assert_array_equal(unit(np.array([[0.0, 0.0], [3.0, 4.0]])), np.float32([[0, 0], [0.6, 0.8]]))
