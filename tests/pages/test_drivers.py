"""What drives popularity: every measure at once, each fact looked closer at, in words that never say cause."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mtaf_core.charts.axes import value_axis
from mtaf_core.errors import BadInput
from mtaf_core.study import factors, market, partial
from mtaf_core.study.cohort import Range
from mtaf_core.workspace import Workspace
from pages.components import cohort as cohorts
from pages.components import drivers_videos

Open = Callable[..., AppTest]
Said = Callable[[AppTest], str]


def test_all_measures_stand_side_by_side_at_first(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "drivers")
    assert not app.exception
    assert app.button_group(key="xgboost").value == [
        "weight", "gain", "cover", "total_gain", "total_cover", "permutation", "shap",
    ]  # fmt: skip
    assert app.button_group(key="lightgbm").value == ["split", "gain", "permutation", "shap"]
    text = said(app)
    assert "By 11 measures together, the models rely most on Followers, Likes received and Hashtag views" in text
    assert "|SHAP| rests on 1,600 sampled videos, permutation on 160 of the latest" in text
    assert "(simulated)" in text


def test_importance_is_association_and_never_cause(open_app: Open, market: Path, said: Said) -> None:
    text = said(open_app(market, "drivers"))
    assert "association" in text
    assert not re.search(r"\bcauses?\b", text)


def test_fewer_measures_may_be_picked_which_the_link_keeps_and_none_is_said(
    open_app: Open, market: Path, said: Said
) -> None:
    one = open_app(market, "drivers", xgboost="gain", lightgbm="none")
    assert "By XGBoost gain, the models rely most on" in said(one)
    assert one.query_params["xgboost"] == "gain"
    none = one.button_group(key="xgboost").set_value([]).run()
    assert "Pick at least one measure" in said(none)


def test_the_rank_table_marks_disagreement_and_says_why(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "drivers", view="table")
    table = app.dataframe[0].value
    assert list(table.columns[:6]) == ["Feature", "Group", "Mean share", "Effect", "Disagree", "Rank spread"]
    assert len(table) == 12
    assert table["Mean share"].is_monotonic_decreasing
    ranked = table[[name for name in table if name.startswith(("XGB ", "LGBM "))]]
    assert ranked.shape[1] == 11
    assert (table["Rank spread"] == ranked.max(axis=1) - ranked.min(axis=1)).all()
    verified = table.set_index("Feature").loc["Verified"]
    assert verified["Disagree"]
    assert "With 2 values it splits seldom" in verified["Why ranks differ"]
    assert (table["Why ranks differ"][~table["Disagree"]] == "").all()
    assert "**Verified** is" in said(app)


def test_a_cohort_says_what_is_its_own_and_what_is_the_market_s(
    open_app: Open, tiktok_vn: Workspace, said: Said
) -> None:
    text = said(open_app(tiktok_vn.path, "drivers", tier="head"))
    explained = re.search(r"Of the cohort: \|SHAP\| from ([\d,]+) sampled videos, permutation from ([\d,]+)", text)
    study = market_study(tiktok_vn)
    rows = study.query("SELECT count(*) AS n FROM shap JOIN market USING (row) WHERE tier = 'head'")["n"][0].as_py()
    assert explained is not None
    assert explained[1] == f"{rows:,}"
    assert "All other measures belong to the trees and are of the whole market" in text


def test_a_cohort_too_small_for_its_own_measures_says_so(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "drivers", range="uploader_follower:0:20000")
    assert "Too few sampled videos of this cohort for permuted" in said(app)
    assert not app.exception
    assert "the models rely most on" in said(app)


def test_a_feature_of_the_link_is_looked_closer_at_on_real_videos(
    open_app: Open, tiktok_vn: Workspace, said: Said
) -> None:
    partial.trees(market_study(tiktok_vn))  # awake already, as on a server that has shown them before
    app = open_app(tiktok_vn.path, "drivers", feature="video_duration")
    text = said(app)
    assert app.selectbox(key="driver").value == "video_duration"
    assert re.search(r"From the lowest tenth of \*\*Duration\*\* \(\d+ or less\) to the highest \(\d+ or more\)", text)
    assert re.search(
        r"goes with about :primary\[\*\*×0\.\d\d\*\*\] \(XGBoost ×0\.\d\d, LightGBM ×0\.\d\d; 90% interval", text
    )
    assert "What the models credit to Duration runs from" in text
    assert re.search(r"Coloured by \*\*\w+\*\*, which changes it most", text)
    assert re.search(r"Videos with Duration .* got ×\d\.\d\d the popularity of all", text)
    assert re.search(r"the models forecast ×[\d.]+ as much with Duration at", text)
    assert re.search(r"300 videos of the cohort asked at \d\d values", text)
    table = app.dataframe[0].value
    assert list(table.columns) == ["KOL", "Posted", "Duration", "Popularity", "Expected", "Credited", "Video"]
    assert len(table) == 50
    assert not app.exception


def test_another_feature_may_be_picked_and_the_link_follows(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "drivers")
    assert app.selectbox(key="driver").value == "uploader_follower"
    app.selectbox(key="driver").set_value("upload_city").run()
    assert app.query_params["feature"] == "upload_city"
    assert re.search(r"From \*\*City: [\w']+\*\* to \*\*City: [\w']+\*\*", said(app))
    size = app.selectbox(key="driver").set_value("video_quality").run()
    assert size.button_group(key="part").value == "video_width"
    tall = size.button_group(key="part").set_value("video_height").run()
    assert "Picture size (height)" in said(tall)
    assert not tall.exception


def test_the_first_paint_waits_for_no_tree(open_app: Open, market: Path, said: Said, monkeypatch) -> None:
    monkeypatch.setattr(partial, "awake", lambda study: False)
    app = open_app(market, "drivers")
    assert "Asking the models" in said(app)
    assert "What the models credit to Followers" in said(app)


def test_the_videos_of_a_region_are_listed_and_become_the_cohort(
    open_app: Open, tiktok_vn: Workspace, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The browser's test drags the box; here its rows are given."""
    study = market_study(tiktok_vn)
    rows = study.query(
        """SELECT row, video_duration AS x FROM shap JOIN market USING (row)
           WHERE video_duration BETWEEN 20 AND 40 ORDER BY row LIMIT 60"""
    ).to_pandas()
    monkeypatch.setattr(drivers_videos, "selected", lambda selection: rows["row"].to_list())
    app = open_app(tiktok_vn.path, "drivers", feature="video_duration")
    low, high = rows["x"].min(), rows["x"].max()
    every = study.query(
        "SELECT count(*) AS n FROM market WHERE video_duration BETWEEN $a AND $b", {"a": low, "b": high}
    )["n"][0].as_py()
    assert f"60 sampled videos, Duration from {low:.0f} to {high:.0f}. In the whole cohort {every:,}" in said(app)
    table = app.dataframe[0].value
    assert len(table) == 60
    assert table["Popularity"].is_monotonic_decreasing
    narrowed = app.button(key="make-cohort").click().run()
    assert narrowed.session_state["cohort"].ranges == (Range("video_duration", low, high),)
    assert f"**{every:,}** of 21,149 videos" in said(narrowed)


def test_a_video_leads_to_its_kol(tiktok_vn: Workspace) -> None:
    rows = market_study(tiktok_vn).query("SELECT row, uploader_id FROM market ORDER BY score DESC LIMIT 3").to_pandas()
    axis = value_axis("upload_hour")
    asked = (market_study(tiktok_vn), rows["row"].to_numpy(), np.log([2.0, 1.0, 0.5]), "upload_hour", axis)
    table, accounts = drivers_videos.listed(*asked)
    assert accounts == [f"tiktok:{one}" for one in rows["uploader_id"]]
    assert table["Credited"].to_list() == ["×2.00", "×1.00", "×0.50"]


def test_a_city_is_a_cohort_and_a_gender_is_none() -> None:
    city = value_axis("upload_city", ("Hanoi", "Hue"))
    narrowed = drivers_videos.narrower(cohorts.WHOLE, "upload_city", city, np.array([1.0, 1.0]))
    assert narrowed is not None
    assert narrowed.cities == ("Hue",)
    gender = value_axis("uploader_gender", ("f", "m"))
    assert drivers_videos.narrower(cohorts.WHOLE, "uploader_gender", gender, np.zeros(2)) is None


def test_a_cohort_without_known_popularity_offers_the_market(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "drivers", range="uploader_follower:1:2")
    assert "No video of this cohort has a known popularity" in said(app)


def test_a_workspace_without_a_bundle_has_its_drivers_all_the_same(
    open_app: Open, tiktok_vn: Workspace, said: Said
) -> None:
    assert not (tiktok_vn.path / "bundles").exists()
    text = said(open_app(tiktok_vn.path, "drivers"))
    assert "By 11 measures together, the models rely most on Followers, Duration and Hashtags" in text


def test_a_workspace_without_videos_says_where_to_bring_them_in(open_app: Open, empty_market: Path, said: Said) -> None:
    app = open_app(empty_market, "drivers")
    assert "Nothing has been imported into this market yet" in said(app)
    assert not app.exception


def test_too_few_known_scores_are_one_sentence(
    open_app: Open, market: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def few(folder: Path) -> None:
        raise BadInput("Fewer than 80 videos have a known popularity, too few to say what drives it.")

    st.cache_resource.clear()
    monkeypatch.setattr(factors, "read_importance", few)
    assert "too few to say what drives it" in said(open_app(market, "drivers"))


def test_a_fault_of_ours_shows_a_reference(open_app: Open, market: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(folder: Path) -> None:
        raise ZeroDivisionError("planted")

    st.cache_resource.clear()
    monkeypatch.setattr(factors, "read_importance", broken)
    app = open_app(market, "drivers")
    assert "Reference" in app.error[0].value
    assert not app.exception


def test_it_reads_in_chinese(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "drivers", lang="zh", feature="uploader_follower", view="table")
    text = said(app)
    assert "模型预测约为" in text
    assert "度量之间的分歧" in text
    assert not app.exception


def market_study(space: Workspace) -> market.Study:
    found = market.find(space)
    assert found is not None
    return found
