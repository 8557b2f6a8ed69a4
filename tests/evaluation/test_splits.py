from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtaf_core.data.frame import Frame
from mtaf_core.errors import BadInput
from mtaf_core.evaluation.splits import cut

DAY = pd.Timedelta(days=1)


def market(hours, uploaders, known, observed=None):
    """Videos uploaded at ``hours`` after the first of January, by ``uploaders``."""
    n = len(hours)
    facts = pd.DataFrame(
        {
            "platform": "douyin",
            "video_id": [f"v{i}" for i in range(n)],
            "uploader_id": pd.Series(uploaders, dtype=object),
            "created_at": pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(np.asarray(hours), unit="h"),
        }
    )
    score = np.where(known, 10.0, np.nan)
    observed = np.ones((n, 5), dtype=bool) if observed is None else observed
    return Frame(facts, np.ones((n, 5, 5), dtype=np.float32), observed, score, 6)


@st.composite
def markets(draw):
    n = draw(st.integers(200, 300))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    hours = random.integers(0, draw(st.sampled_from([40, 5_000])), n)  # few hours: many videos at the same time
    names = [None if u == 0 else f"u{u}" for u in random.integers(0, 60, n)]
    return market(hours, names, random.random(n) < 0.9)


@settings(max_examples=40, deadline=None)
@given(markets(), st.sampled_from(["temporal", "random", "uploader"]), st.floats(0.4, 0.8), st.integers(0, 5))
def test_sides_are_disjoint_known_and_oldest_first(frame, name, fraction, seed):
    split = cut(frame, name, fraction, seed=seed)
    assert not set(split.train) & set(split.test)
    times = frame.facts["created_at"]
    for side in (split.train, split.test):
        assert np.isfinite(frame.score[side]).all()
        assert times.iloc[side].is_monotonic_increasing
    assert len(split.train) + len(split.test) == np.isfinite(frame.score).sum()
    assert abs(len(split.train) / (len(split.train) + len(split.test)) - fraction) < 0.15


@settings(max_examples=30, deadline=None)
@given(markets(), st.floats(0.4, 0.8))
def test_under_temporal_every_test_video_is_newer(frame, fraction):
    split = cut(frame, "temporal", fraction)
    times = frame.facts["created_at"]
    assert times.iloc[split.train].max() < times.iloc[split.test].min()
    assert split.boundary == times.iloc[split.test].min().timestamp()


@settings(max_examples=30, deadline=None)
@given(markets(), st.integers(0, 1_000))
def test_under_uploader_nobody_is_on_both_sides(frame, seed):
    split = cut(frame, "uploader", seed=seed)
    sides = [set(frame.facts["uploader_id"].iloc[rows].dropna()) for rows in (split.train, split.test)]
    assert not sides[0] & sides[1]


def test_a_seed_decides_a_random_split():
    frame = market(range(200), ["u"] * 200, np.ones(200, dtype=bool))
    one, same, other = (cut(frame, "random", seed=seed).test.tolist() for seed in (1, 1, 2))
    assert one == same
    assert one != other
    assert len(one) == 60


def test_a_date_splits_where_it_says():
    frame = market(range(0, 2_400, 12), ["u"] * 200, np.ones(200, dtype=bool))
    split = cut(frame, split_at=datetime(2026, 2, 10, tzinfo=UTC))
    assert frame.facts["created_at"].iloc[split.train[-1]] < pd.Timestamp("2026-02-10", tz="UTC")
    assert frame.facts["created_at"].iloc[split.test[0]] == pd.Timestamp("2026-02-10", tz="UTC")


@pytest.mark.parametrize("k", [0, 2])
def test_an_embargo_leaves_out_what_was_not_known_yet(k):
    frame = market(range(0, 2_400, 12), ["u"] * 200, np.ones(200, dtype=bool))
    plain, strict = cut(frame, observed_days=k), cut(frame, observed_days=k, embargo=True)
    times = frame.facts["created_at"]
    assert plain.test.tolist() == strict.test.tolist()
    assert (times.iloc[strict.train] + 6 * DAY <= times.iloc[strict.test[0]] + k * DAY).all()
    assert plain.known_later == strict.embargoed == len(plain.train) - len(strict.train) == (6 - k) * 2 - 1
    assert strict.known_later == 0


def test_with_observed_days_only_videos_that_show_one_are_measured():
    observed = np.zeros((200, 5), dtype=bool)
    observed[::2, 0] = True
    observed[1::4, 3] = True
    frame = market(range(200), ["u"] * 200, np.ones(200, dtype=bool), observed)
    assert observed[cut(frame, observed_days=1).test, 0].all()
    assert len(cut(frame, observed_days=1).test) == 30
    assert len(cut(frame, observed_days=4).test) == 45


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({"name": "random", "split_at": datetime(2026, 1, 3, tzinfo=UTC)}, "--split-at"),
        ({"name": "uploader", "embargo": True}, "--embargo"),
        ({"train_fraction": 1.5}, "--train-fraction"),
        ({"train_fraction": 0.1}, "training side"),
        ({"split_at": datetime(2030, 1, 1, tzinfo=UTC)}, "test side"),
        ({"split_at": datetime(2020, 1, 1, tzinfo=UTC)}, "training side"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(options, names):
    frame = market(range(200), ["u"] * 200, np.ones(200, dtype=bool))
    with pytest.raises(BadInput, match=names):
        cut(frame, **options)


def test_videos_of_one_time_cannot_be_split_by_time():
    with pytest.raises(BadInput, match="training side"):
        cut(market([5] * 200, ["u"] * 200, np.ones(200, dtype=bool)))
