from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtaf_core.errors import BadInput
from mtaf_core.model.split import MIN_CALIBRATION, temporal_blocks


def dates(n: int, seed: int = 0) -> pd.Series:
    hours = np.random.default_rng(seed).integers(0, 10 * n, n)
    return pd.Series(pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(hours, unit="h"))


@given(st.integers(60, 2_000), st.integers(0, 100))
def test_blocks_follow_each_other_in_time_and_hold_every_labelled_video_once(n, seed):
    created = dates(n, seed)
    blocks = temporal_blocks(created, np.ones(n, dtype=bool))
    assert sorted(np.concatenate(blocks)) == list(range(n))
    for older, newer in pairwise(blocks):
        assert created[older].max() <= created[newer].min()
    assert len(blocks.calibration) >= MIN_CALIBRATION


def test_shares_are_as_documented():
    assert [len(block) for block in temporal_blocks(dates(1_000), np.ones(1_000, dtype=bool))] == [700, 100, 100, 100]


def test_unlabelled_and_undated_videos_are_in_no_block():
    created, labelled = dates(200), np.ones(200, dtype=bool)
    labelled[:50] = False
    created[50:60] = pd.NaT
    assert min(np.concatenate(temporal_blocks(created, labelled))) >= 60


def test_too_few_videos_are_refused_in_words():
    with pytest.raises(BadInput, match=r"Only 59 videos .* training needs 60"):
        temporal_blocks(dates(59), np.ones(59, dtype=bool))
