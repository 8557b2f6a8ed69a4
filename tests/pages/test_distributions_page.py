"""Distributions: every numeric feature at a glance, one at a time on demand, and its address can be shared."""

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from mtaf_core.insight.distributions import SOURCES

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


def test_one_feature_large_by_its_address(open_app: Open, market: Path) -> None:
    app = open_app(market, "distributions", feature="uploader_follower")
    assert {m.label for m in app.metric} >= {"Geometric mean", "Spread (sd)", "KS distance", "Zeros"}


def test_linear_axis_on_demand(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "distributions", feature="uploader_follower")
    linear = app.button_group(key="scale").set_value("linear").run()
    assert "half lie below" in said(linear)
    assert "Mean" in {m.label for m in linear.metric}


def test_an_address_that_names_nothing_shows_all(open_app: Open, market: Path) -> None:
    assert open_app(market, "distributions", feature="__import__('os')").selectbox(key="feature").value == "all"


def test_an_empty_market_says_what_to_do(open_app: Open, empty_market: Path, said: Said) -> None:
    app = open_app(empty_market, "distributions")
    assert not app.exception
    assert "This market has no KOLs yet" in said(app)
    assert "python -m mtaf_core import" in said(app)
