"""Distributions: every number at a glance, one closer, split and narrowed to a range; categories with intervals."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mtaf_core.study import market as studies
from mtaf_core.study.distributions import SOURCES, distributions
from mtaf_core.workspace import Workspace
from pages.components import distribution_one

Open = Callable[..., AppTest]
Said = Callable[[AppTest], str]


def test_every_numeric_feature_is_shown_with_its_ks_distance(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "distributions")
    assert not app.exception
    assert said(app).count("KS distance") == len(SOURCES)
    assert "(simulated)" in said(app)


def test_counts_known_only_after_release_are_labelled(open_app: Open, market: Path, said: Said) -> None:
    text = said(open_app(market, "distributions"))
    assert "Known only after release, on day 6" in text
    assert "Never used for a forecast before release" in text


def test_what_a_market_does_not_know_is_named_and_not_drawn(open_app: Open, tiktok_vn: Workspace, said: Said) -> None:
    text = said(open_app(tiktok_vn.path, "distributions"))
    assert "Known only after release, as of the latest count" in text
    assert text.count("KS distance") == 7
    assert "Nothing but zeros, or nothing at all, is known of: Likes received, Videos published" in text


def test_a_small_one_is_looked_at_closer_by_a_click(open_app: Open, market: Path) -> None:
    app = open_app(market, "distributions")
    app = app.button(key="open-uploader_follower").click().run()
    assert app.selectbox(key="feature").value == "uploader_follower"
    assert {m.label for m in app.metric} >= {"Geometric mean", "Spread (sd)", "KS distance", "Zeros"}
    assert app.query_params["feature"] == "uploader_follower"


def test_one_feature_large_by_its_address_with_its_quantiles(open_app: Open, market: Path, said: Said) -> None:
    text = said(open_app(market, "distributions", feature="uploader_follower"))
    assert "Followers: close to log-normal" in text
    assert "Followers: as the fitted normal over" in text
    assert "Counted once a KOL" in text


def test_linear_axis_on_demand(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "distributions", feature="uploader_follower")
    linear = app.button_group(key="scale").set_value("linear").run()
    assert "half lie below" in said(linear)
    assert "Mean" in {m.label for m in linear.metric}
    assert "past the 99th percentile are not drawn" in said(linear)


def test_split_by_a_category_in_the_link(open_app: Open, tiktok_vn: Workspace, said: Said) -> None:
    app = open_app(tiktok_vn.path, "distributions", feature="video_favorite_count", split_by="tier")
    assert "Likes: highest for head (median" in said(app)
    assert "lowest for nano" in said(app)
    app = app.selectbox(key="split_by").select("upload_dayofweek").run()
    assert not app.exception
    assert app.query_params["split_by"] == "upload_dayofweek"


def test_a_range_is_made_the_cohort_and_dropped_by_its_chip(open_app: Open, tiktok_vn: Workspace, said: Said) -> None:
    app = open_app(tiktok_vn.path, "distributions", feature="video_duration")
    app.number_input(key="range-low-video_duration").set_value(15.0)
    app = app.number_input(key="range-high-video_duration").set_value(30.0).run()
    (n,) = tiktok_vn.store.query("SELECT count(*) FROM videos WHERE duration_s BETWEEN 15 AND 30").to_pydict().values()
    assert f"{n[0]:,} videos" in said(app)
    app = app.button(key="make-cohort").click().run()
    assert f"**{n[0]:,}** of 21,149 videos" in said(app)
    assert {m.label: m.value for m in app.metric}["Videos"] == f"{n[0]:,}"
    assert app.query_params["range"] == "video_duration:15:30"
    app = app.button(key="chip-0").click().run()
    assert "All **21,149** videos" in said(app)


def test_a_range_that_ends_before_it_begins_is_refused_in_words(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "distributions", feature="video_duration")
    app = app.number_input(key="range-low-video_duration").set_value(9e6).run()
    assert "ends before it begins" in said(app)


def test_a_brush_fills_the_range_in(demo: Workspace) -> None:
    found = distributions(studies.find(demo), ["video_duration"])["video_duration"]
    box = {"x": [float(np.log10(15.2)), float(np.log10(30.4))], "y": [0, 10]}
    assert distribution_one._brushed(found, {"box": [box]}) == (15.2, 30.4)
    assert distribution_one._brushed(found, {"box": []}) is None


def test_a_category_shows_how_popular_its_videos_are(open_app: Open, tiktok_vn: Workspace, said: Said) -> None:
    app = open_app(tiktok_vn.path, "distributions", feature="tier")
    assert "KOL tier: “unknown” goes with the most popularity, about ×5" in said(app)
    rows = app.dataframe[0].value
    assert rows["Value"].to_list() == ["head", "waist", "tail", "nano", "unknown"]
    assert rows["Videos"].sum() == 21_149
    assert (rows["90% low"] <= rows["÷ typical video"]).all()
    net = app.button_group(key="compare").set_value("net").run()
    assert not net.exception
    assert net.query_params["compare"] == "net"
    assert (net.dataframe[0].value["90% low"] != rows["90% low"]).any()


@pytest.mark.parametrize(("column", "expected"), [("video_product", "product"), ("tier", "tier")])
def test_a_value_of_a_category_is_made_the_cohort(open_app: Open, market: Path, column: str, expected: str) -> None:
    app = open_app(market, "distributions", feature=column)
    app = app.button(key="make-cohort").click().run()
    assert not app.exception
    assert expected in app.query_params


def test_an_hour_is_made_the_cohort_and_its_chip_reads_well(open_app: Open, market: Path) -> None:
    app = open_app(market, "distributions", feature="upload_hour")
    app = app.selectbox(key="narrow-upload_hour").select("20.0").run()
    app = app.button(key="make-cohort").click().run()
    assert app.button(key="chip-0").label == "Hour 20:00"


def test_a_category_with_one_value_is_not_offered(open_app: Open, tiktok_vn: Workspace) -> None:
    offered = open_app(tiktok_vn.path, "distributions").selectbox(key="feature").options
    assert "Weekday (category)" in offered
    assert "City (category)" not in offered


def test_a_cohort_without_videos_says_so(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "distributions", feature="category", range="video_duration:9999:99999")
    assert not app.exception
    assert "No video of this cohort has a known popularity" in said(app)
    app = open_app(market, "distributions", feature="video_duration", range="video_duration:9999:99999")
    assert "Not known of any of these videos" in said(app)


def test_an_address_that_names_nothing_shows_all(open_app: Open, market: Path) -> None:
    app = open_app(market, "distributions", feature="__import__('os')", split_by="x; DROP TABLE panel")
    assert app.selectbox(key="feature").value == "all"
    assert not app.exception


def test_it_speaks_chinese(open_app: Open, market: Path, said: Said) -> None:
    text = said(open_app(market, "distributions", feature="uploader_follower", split_by="tier", lang="zh"))
    assert "粉丝数中位数以头部最高" in text


def test_an_empty_market_says_what_to_do(open_app: Open, empty_market: Path, said: Said) -> None:
    app = open_app(empty_market, "distributions")
    assert not app.exception
    assert "Nothing has been imported into this market yet" in said(app)
