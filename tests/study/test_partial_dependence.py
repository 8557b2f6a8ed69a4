"""ICE and partial dependence: the trees' own answers to a changed video."""

import numpy as np
import pytest

from mtaf_core.study import market, partial, sample
from mtaf_core.study.cohort import WHOLE, Cohort
from mtaf_core.study.expectation import COLUMNS
from mtaf_core.workspace import Workspace


@pytest.fixture(scope="module")
def study(demo: Workspace) -> market.Study:
    return market.find(demo)


@pytest.fixture(scope="module")
def words(study: market.Study) -> dict[str, tuple[str, ...]]:
    return sample.read(study).words


def test_a_line_is_what_the_trees_say_with_the_value_changed(study, words) -> None:
    found = partial.partial(study, WHOLE, "uploader_follower", words)
    assert found is not None
    rows = study.query(
        f"""SELECT row, {", ".join(COLUMNS)} FROM market
            WHERE row IN (SELECT row FROM market ORDER BY hash(row) LIMIT {partial.ASKED}) ORDER BY row"""
    )
    facts = sample.coded(rows, words).astype(np.float32)
    grown = partial.trees(study)
    changed = facts.copy()
    changed[:, COLUMNS.index("uploader_follower")] = found.grid[5]
    by_hand = grown.predict(changed)["XGBR"] - grown.predict(facts)["XGBR"]
    np.testing.assert_allclose(found.ice["xgboost"][:, 5], by_hand, atol=1e-5)
    np.testing.assert_allclose(found.mean("xgboost")[5], by_hand.mean(), atol=1e-5)
    assert found.mean("lightgbm")[-1] - found.mean("lightgbm")[0] > np.log(2)
    assert partial.awake(study)


def test_with_its_own_value_a_video_s_forecast_is_as_it_is(study, words) -> None:
    found = partial.partial(study, WHOLE, "video_product", words)
    assert found is not None
    assert found.grid.tolist() == [0.0, 1.0]
    for library in found.ice:
        own = found.ice[library][np.arange(len(found.own)), found.own.astype(int)]
        np.testing.assert_allclose(own, 0, atol=1e-6)


@pytest.mark.parametrize(
    ("column", "grid"),
    [("upload_hour", list(range(24))), ("upload_dayofweek", list(range(7))), ("uploader_gender", [0, 1])],
)
def test_cycles_and_words_are_asked_at_each_of_their_values(study, words, column, grid) -> None:
    found = partial.partial(study, WHOLE, column, words)
    assert found is not None
    assert found.grid.tolist() == grid
    assert len(found.deciles) == 0


def test_a_cohort_asks_its_own_videos_over_its_own_values(study, words) -> None:
    cohort = Cohort(tiers=("head",))
    found = partial.partial(study, cohort, "uploader_follower", words)
    assert found is not None
    ends = study.query("SELECT min(uploader_follower) AS a, max(uploader_follower) AS b FROM panel", cohort=cohort)
    assert [found.grid[0], found.grid[-1]] == [ends["a"][0].as_py(), ends["b"][0].as_py()]
    assert (np.diff(found.grid) > 0).all()
    assert len(found.grid) <= partial.MOST_VALUES
    assert found.own.min() >= ends["a"][0].as_py()
    assert found.deciles[0] > found.grid[0]


def test_where_nothing_is_known_there_is_nothing_to_vary(tiktok_vn: Workspace) -> None:
    real = market.find(tiktok_vn)
    known = sample.read(real).words
    for column in ("upload_city", "video_product", "uploader_age"):
        assert partial.partial(real, WHOLE, column, known) is None
