"""Importance by every measure, as shares on one order of features."""

import pandas as pd
import pytest

from mtaf_core.charts.importance import importance_chart, kind_label, lines, measure_label
from mtaf_core.charts.theme import DARK, LIGHT, alt, finding
from mtaf_core.schema import Group

SHARES = pd.DataFrame(
    {
        "xgboost.weight": [0.6, 0.3, 0.1], "xgboost.gain": [0.5, 0.1, 0.4], "xgboost.shap": [0.6, 0.2, 0.2],
        "lightgbm.split": [0.8, 0.2, 0.0],
    },
    index=["uploader_follower", "upload_hour", "uploader_verification"],
)  # fmt: skip
LOW, HIGH = ((SHARES[["xgboost.shap"]] * factor).reindex(columns=SHARES.columns) for factor in (0.9, 1.1))
RANKS = SHARES.rank(ascending=False, method="min").astype(int)


def drawn(top: int = 3, measures: tuple[str, ...] = tuple(SHARES), grouped: bool = True):
    return lines(SHARES, measures, top, grouped)


def test_every_panel_shows_the_same_features_in_the_same_order() -> None:
    measures = ("xgboost.weight", "xgboost.gain")
    figure = importance_chart(SHARES, measures, drawn(2, measures, grouped=False), ranks=RANKS)
    assert [[one[0] for one in bar.customdata] for bar in figure.data] == [
        ["uploader_follower", "uploader_verification"]
    ] * 2
    assert [label.split(" <span")[0] for label in figure.layout.yaxis.ticktext] == ["Followers", "Verified"]
    assert list(figure.data[0].x) == pytest.approx([0.6, 0.1])
    assert "rank 3" in figure.data[0].customdata[1][1]


def test_groups_of_table_1_have_headings_and_colours_or_there_is_one_order() -> None:
    grouped = drawn()
    assert [(line.feature, line.label) for line in grouped] == [
        ("", "KOL"), ("uploader_follower", "Followers"), ("uploader_verification", "Verified"), ("", "Time"),
        ("upload_hour", "Hour"),
    ]  # fmt: skip
    colours = importance_chart(SHARES, ["xgboost.weight"], grouped).data[0].marker.color
    assert list(colours) == [LIGHT.group[Group.UPLOADER], LIGHT.group[Group.UPLOADER], LIGHT.group[Group.TIME]]
    flat = drawn(grouped=False)
    assert [line.feature for line in flat] == ["uploader_follower", "upload_hour", "uploader_verification"]
    assert set(importance_chart(SHARES, ["xgboost.weight"], flat, grouped=False).data[0].marker.color) == {LIGHT.accent}


def test_intervals_are_drawn_and_said_where_there_are_any() -> None:
    figure = importance_chart(SHARES, ["xgboost.weight", "xgboost.shap"], drawn(), low=LOW, high=HIGH)
    assert figure.data[0].error_x.visible is False
    assert list(figure.data[1].error_x.array) == pytest.approx([0.06, 0.02, 0.02])
    assert "90% interval 54.0% to 66.0%" in figure.data[1].customdata[0][1]
    assert "interval" not in figure.data[0].customdata[0][1]


def test_panels_say_what_they_are_about_and_the_chosen_feature_stands_out() -> None:
    figure = importance_chart(
        SHARES, list(SHARES), drawn(), notes={"xgboost.shap": "n = 812"}, chosen="upload_hour", theme=DARK
    )
    assert "n = 812" in figure.layout.xaxis3.title.text
    assert "n =" not in figure.layout.xaxis.title.text
    assert ["<b>Hour</b>" in label for label in figure.layout.yaxis.ticktext] == [False, False, False, False, True]


def test_the_finding_names_the_first_three_and_never_says_cause() -> None:
    figure = importance_chart(SHARES, list(SHARES), drawn())
    assert finding(figure) == "By 4 measures together, the models rely most on Followers, Hour and Verified"
    assert "cause" not in finding(figure) + alt(figure)
    assert "XGBoost |SHAP|" in alt(figure)
    assert finding(importance_chart(SHARES, ["xgboost.gain"], drawn(1))) == (
        "By XGBoost gain, the models rely most on Followers"
    )


def test_where_nothing_is_picked_or_used_the_chart_says_so_without_fault() -> None:
    assert not importance_chart(SHARES, [], drawn()).data
    nothing = SHARES * 0
    assert importance_chart(nothing, ["xgboost.gain"], drawn(), low=nothing, high=nothing).data[0].x.tolist() == [
        0,
        0,
        0,
    ]


def test_measures_are_called_as_the_libraries_call_them() -> None:
    assert measure_label("xgboost.total_gain") == "XGBoost total gain"
    assert measure_label("lightgbm.shap", "zh") == "LightGBM |SHAP|"
    assert kind_label("permutation") == "permuted"
    assert kind_label("permutation", "zh") == "置换"
