"""A study: made once a commit, true to the tables, and never half there."""

import json

import numpy as np
import pytest

from mtaf_core.errors import BadInput, Cancelled
from mtaf_core.study import factors, market
from mtaf_core.study.expectation import COLUMNS, LEFT_OUT, expectations, matrix
from mtaf_core.study.panel import quoted
from mtaf_core.workspace import Workspace, WorkspaceInfo


def test_the_panel_is_the_frame_that_models_learn_from(demo: Workspace) -> None:
    study, frame = market.find(demo), demo.frame()
    panel = study.query("SELECT * FROM market ORDER BY row").to_pandas()
    assert panel["video_id"].to_list() == frame.facts["video_id"].to_list()
    for column in COLUMNS:
        given, kept = frame.facts[column], panel[column]
        assert (given.isna() == kept.isna()).all()
        assert (given.dropna() == kept.dropna()).all(), column
    np.testing.assert_allclose(panel["score"], frame.score)
    np.testing.assert_allclose(panel["log_score"], np.log1p(frame.score))
    days = np.array(panel["day_scores"].to_list(), dtype=float)
    assert days.shape == (len(frame), study.about.horizon_day)
    np.testing.assert_allclose(days[:, -1], frame.score)


def test_the_trees_read_rows_in_their_order(tiktok_vn: Workspace, tmp_path) -> None:
    """A market of several row groups, whose rows could arrive in another order than they were asked for."""
    study = market.find(tiktok_vn)
    with tiktok_vn.store.workshop(tmp_path) as connection:
        facts, words = matrix(connection, f"read_parquet({quoted(study.path / 'panel.parquet')})")
    kept = study.query("SELECT uploader_follower, upload_hour FROM market ORDER BY row").to_pandas()
    for column in kept:
        np.testing.assert_array_equal(facts[:, COLUMNS.index(column)], kept[column].to_numpy(np.float32))
    assert set(words) == {"uploader_type", "uploader_rating", "uploader_commerce", "uploader_gender", "upload_city"}


def test_few_counts_of_the_day_predicted_make_the_latest_count_the_popularity(tiktok_vn: Workspace) -> None:
    study = market.find(tiktok_vn)
    assert study.about.basis == "latest"
    assert (study.about.videos, study.about.scored, study.about.kols) == (21_149, 21_149, 5_611)
    row = tiktok_vn.store.query(
        """SELECT video_id, arg_max(score, snapshot_date) AS s FROM (
               SELECT *, (0.2 * favorite_count + 0.3 * comment_count + 0.5 * share_count)::DOUBLE AS score
               FROM snapshots)
           GROUP BY video_id ORDER BY video_id LIMIT 200"""
    ).to_pandas()
    kept = study.query("SELECT video_id, score, age_day FROM market").to_pandas().set_index("video_id")
    np.testing.assert_allclose(kept.loc[row["video_id"], "score"], row["s"])
    assert kept["age_day"].notna().all()


def test_daily_counts_keep_the_day_predicted(demo: Workspace) -> None:
    study = market.find(demo)
    assert study.about.basis == "horizon"
    assert study.query("SELECT count(age_day) AS n FROM market")["n"].to_pylist() == [0]


def test_what_is_expected_of_a_kol_knows_none_of_their_posts() -> None:
    """One KOL's posts are far above all others; what is expected of them stays where the others are."""
    rng = np.random.default_rng(5)
    kol = np.repeat(np.arange(60), 20)
    facts = np.full((1200, len(COLUMNS)), np.nan, dtype=np.float32)
    facts[:, COLUMNS.index("uploader_follower")] = 1000 + 7 * kol  # a number by which each KOL could be known
    truth = rng.normal(0, 0.5, 1200) + 8.0 * (kol == 30)
    found = expectations(facts, np.full(1200, np.nan), truth, kol, lambda step: None)
    assert set(found) == set(LEFT_OUT)
    assert np.abs(found["expected"][kol == 30]).mean() < 0.5


def test_an_expectation_for_hours_does_not_know_the_hour() -> None:
    rng = np.random.default_rng(6)
    hour = rng.integers(0, 24, 3000)
    facts = np.full((3000, len(COLUMNS)), np.nan, dtype=np.float32)
    facts[:, COLUMNS.index("upload_hour")] = hour
    truth = 1.0 * (hour >= 18) + rng.normal(0, 0.3, 3000)
    found = expectations(facts, np.full(3000, np.nan), truth, rng.integers(0, 300, 3000), lambda step: None)
    assert np.corrcoef(found["expected"], truth)[0, 1] > 0.8
    assert np.std(found["expected_untimed"]) < 0.1


def test_without_known_scores_there_is_a_study_without_trees(own_demo: Workspace) -> None:
    with own_demo.store.write("no counts") as change:
        change.replace("snapshots", own_demo.store.query("SELECT * FROM snapshots LIMIT 0"))
    study = market.make(own_demo)
    assert (study.about.scored, study.about.learnt) == (0, 0)
    with pytest.raises(BadInput, match="too few to say what drives it"):
        factors.read_importance(study.path)


def test_a_market_without_videos_cannot_be_studied(tmp_path) -> None:
    empty = Workspace.create(tmp_path / "mine", WorkspaceInfo("Mine"))
    with pytest.raises(BadInput, match="import videos first"):
        market.make(empty)
    assert market.find(empty) is None


def test_a_change_of_the_tables_makes_the_study_old_and_the_next_one_takes_its_place(small_demo: Workspace) -> None:
    assert market.find(small_demo) is None
    first = market.make(small_demo)
    assert market.make(small_demo).path == first.path
    with small_demo.store.write("fewer") as change:
        change.replace("videos", small_demo.store.query("SELECT * FROM videos ORDER BY video_id LIMIT 150"))
    assert market.find(small_demo) is None
    second = market.make(small_demo)
    assert second.about.videos == 150
    assert not first.path.exists()


@pytest.mark.parametrize("stage", market.STAGES)
def test_a_study_that_is_stopped_leaves_nothing_behind(small_demo: Workspace, stage: str) -> None:
    def stop(step) -> None:
        if step.stage == stage:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        market.make(small_demo, progress=stop)
    assert market.find(small_demo) is None
    assert list((small_demo.cache_dir / "study").glob(".*")) == []


def test_a_study_that_cannot_be_read_is_made_again(small_demo: Workspace) -> None:
    made = market.make(small_demo)
    (made.path / market.ABOUT).write_text("{", encoding="utf-8")
    assert market.find(small_demo) is None
    again = market.make(small_demo)
    assert json.loads((again.path / market.ABOUT).read_text(encoding="utf-8"))["videos"] == 200


def test_what_a_fact_costs_when_permuted_is_kept_video_by_video(demo: Workspace) -> None:
    study = market.find(demo)
    cost = study.query("SELECT * FROM permutation").to_pandas()
    assert cost["xgboost:uploader_follower"].mean() > 10 * abs(cost["xgboost:uploader_searchable"].mean())
    latest = study.query("SELECT min(row) AS first FROM (SELECT row FROM market ORDER BY row DESC LIMIT 160)")
    assert cost["row"].min() >= latest["first"][0].as_py()
    shap = study.query("SELECT count(*) AS n FROM shap JOIN market USING (row)")["n"].to_pylist()
    assert shap == [1600]
