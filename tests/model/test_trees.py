import numpy as np
import pytest

from mtaf_core.model.encoders import Preprocessor
from mtaf_core.model.manifest import read_importance, read_shap
from mtaf_core.model.trees import COLUMNS, grow, importance, load_trees, tree_matrix
from mtaf_core.schema import BEFORE_RELEASE

KINDS = [
    *(("xgboost", kind) for kind in ("weight", "gain", "cover", "total_gain", "total_cover", "shap")),
    *(("lightgbm", kind) for kind in ("split", "gain", "shap")),
]


@pytest.fixture(scope="module")
def matrix(market):
    return tree_matrix(market[0].facts, Preprocessor.fit(*market).vocabulary)


@pytest.fixture(scope="module")
def trees(market, matrix):
    return grow(matrix, np.log1p(market[0].score), np.arange(320), np.arange(320, 400))


def test_inputs_are_the_columns_known_before_release(matrix, market):
    assert matrix.shape == (len(market[0]), 28)
    missing = matrix[:, COLUMNS.index("uploader_age")]
    np.testing.assert_array_equal(np.isnan(missing), market[0].facts["uploader_age"].isna())


def test_a_category_never_seen_is_missing(market):
    facts = market[0].facts.assign(upload_city="Atlantis")
    column = tree_matrix(facts, Preprocessor.fit(*market).vocabulary)[:, COLUMNS.index("upload_city")]
    assert np.isnan(column).all()


@pytest.mark.parametrize(("library", "kind"), [k for k in KINDS if k != ("xgboost", "cover")])
def test_the_planted_driver_comes_first(bundle, library, kind):
    scores = read_importance(bundle.path)[library][kind]
    assert max(scores, key=scores.get) == "uploader_follower"


@pytest.mark.parametrize(("library", "kind"), KINDS)
def test_every_row_of_table_1_known_before_release_has_a_value(bundle, library, kind):
    scores = read_importance(bundle.path)[library][kind]
    assert list(scores) == [feature.name for feature in BEFORE_RELEASE]
    assert all(np.isfinite(value) and value >= 0 for value in scores.values())


def test_picture_size_is_its_width_and_height(bundle):
    features = read_importance(bundle.path)["xgboost"]
    columns = read_importance(bundle.path, by="columns")["xgboost"]
    for kind in ("weight", "total_gain"):
        both = columns[kind]["video_width"] + columns[kind]["video_height"]
        assert features[kind]["video_quality"] == pytest.approx(both)
    average = features["total_gain"]["video_quality"] / max(features["weight"]["video_quality"], 1)
    assert features["gain"]["video_quality"] == pytest.approx(average)


def test_gain_by_feature_is_the_libraries_own(trees, matrix):
    scores = importance(trees, trees.shap(matrix))["features"]["xgboost"]["gain"]
    own = trees.xgboost.get_score(importance_type="gain")
    assert scores["uploader_follower"] == pytest.approx(own["uploader_follower"], rel=1e-5)


def test_shap_values_are_those_of_tree_explainer(trees, matrix):
    import shap

    for library, model in (("xgboost", trees.xgboost), ("lightgbm", trees.lightgbm)):
        expected = shap.TreeExplainer(model).shap_values(matrix[:50])
        np.testing.assert_allclose(trees.shap(matrix[:50])[library], expected, atol=1e-5)


def test_stored_shap_values_stand_beside_what_the_videos_had(bundle, market):
    values, shap = read_shap(bundle.path)
    assert list(values.columns) == list(shap["xgboost"].columns) == list(shap["lightgbm"].columns) == list(COLUMNS)
    assert len(values) == len(shap["xgboost"]) == 280
    assert set(values["upload_city"]) <= {"a", "b", "c", "d"}
    followers = np.log1p(values["uploader_follower"])
    assert np.corrcoef(followers, shap["lightgbm"]["uploader_follower"])[0, 1] > 0.9


def test_trees_survive_being_stored(trees, matrix, tmp_path):
    trees.save(tmp_path)
    before, after = trees.predict(matrix), load_trees(tmp_path).predict(matrix)
    for method in ("XGBR", "LGBM"):
        np.testing.assert_allclose(before[method], after[method], rtol=1e-6)
