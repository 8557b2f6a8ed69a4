"""Importance by every measure, as shares on one order of features."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtaf_core.charts.importance import MEASURES, importance_chart, ranks, shares
from mtaf_core.charts.theme import LIGHT, alt, finding
from mtaf_core.schema import BEFORE_RELEASE, Group

IMPORTANCE = {
    "xgboost": {
        "weight": {"uploader_follower": 60.0, "upload_hour": 30.0, "uploader_verification": 10.0},
        "gain": {"uploader_follower": 5.0, "uploader_verification": 4.0, "upload_hour": 1.0},
        "total_gain": {"uploader_follower": 300.0},
        "shap": {"uploader_follower": 0.6, "upload_hour": 0.2, "uploader_verification": 0.2},
    },
    "lightgbm": {"split": {"uploader_follower": 80.0, "upload_hour": 20.0}},
}


def test_measures_are_shares_that_sum_to_one_in_the_papers_order() -> None:
    table = shares(IMPORTANCE)
    assert list(table.columns) == ["xgboost.weight", "xgboost.gain", "xgboost.shap", "lightgbm.split"]
    assert table.sum().tolist() == pytest.approx([1.0] * 4)
    assert table.loc["uploader_verification", "lightgbm.split"] == 0.0


def test_features_come_by_mean_share() -> None:
    assert list(shares(IMPORTANCE).index) == ["uploader_follower", "upload_hour", "uploader_verification"]


def test_every_panel_shows_the_same_features_in_the_same_order() -> None:
    figure = importance_chart(shares(IMPORTANCE), ["xgboost.weight", "xgboost.gain"], top=2)
    assert [list(bar.y) for bar in figure.data] == [["Followers", "Verified"], ["Followers", "Verified"]]
    assert list(figure.data[0].x) == pytest.approx([0.6, 0.1])
    assert "rank 3" in figure.data[0].customdata[1]


def test_groups_give_the_colours_or_one_colour_does() -> None:
    table = shares(IMPORTANCE)
    grouped = importance_chart(table, ["xgboost.weight"], 3).data[0].marker.color
    assert list(grouped) == [LIGHT.group[Group.UPLOADER], LIGHT.group[Group.TIME], LIGHT.group[Group.UPLOADER]]
    flat = importance_chart(table, ["xgboost.weight"], 3, grouped=False).data[0].marker.color
    assert set(flat) == {LIGHT.accent}


def test_the_finding_names_the_first_three_and_never_says_cause() -> None:
    figure = importance_chart(shares(IMPORTANCE), ["xgboost.weight", "xgboost.gain", "xgboost.shap"], 3)
    assert finding(figure) == "By 3 measures together, the models rely most on Followers, Verified and Hour"
    assert "cause" not in finding(figure) + alt(figure)
    assert "XGBoost |SHAP|" in alt(figure)


@pytest.mark.parametrize("importance", [{}, {"xgboost": {"gain": {}}}, {"xgboost": {"gain": {"uploader_age": 0.0}}}])
def test_a_model_that_used_nothing_gives_no_nan(importance: dict) -> None:
    table = shares(importance)
    figure = importance_chart(table, list(table.columns), 5)
    assert not table.isna().to_numpy().any()
    assert finding(figure)


values = st.dictionaries(st.sampled_from([f.name for f in BEFORE_RELEASE]), st.floats(0, 1e9), min_size=1)


@given(values, values)
def test_shares_sum_to_one_and_rank_one_is_the_largest(gain: dict, split: dict) -> None:
    table = shares({"xgboost": {"gain": gain}, "lightgbm": {"split": split}})
    ranked = ranks(table)
    for column in table:
        assert table[column].sum() == pytest.approx(1.0) or (table[column] == 0).all()
        assert table.loc[ranked[column] == 1, column].iloc[0] == table[column].max()


def test_the_measures_are_those_the_page_promises() -> None:
    assert MEASURES == {"xgboost": ("weight", "gain", "cover", "shap"), "lightgbm": ("split", "gain", "shap")}
    assert isinstance(shares(IMPORTANCE), pd.DataFrame)
