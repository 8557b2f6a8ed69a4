"""The cohort in the sidebar: set once, obeyed by every page, carried by the link, dropped chip by chip."""

import shutil
from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from mtaf_core.study import market as studies
from mtaf_core.study.cohort import Cohort, Range
from mtaf_core.workspace import Workspace

Open = Callable[..., AppTest]
Said = Callable[[AppTest], str]


def _chips(app: AppTest) -> list[str]:
    return [button.label for button in app.button if str(button.key).startswith("chip-")]


def test_a_link_opens_a_page_with_its_cohort(open_app: Open, tiktok_vn: Workspace, said: Said) -> None:
    cohort = Cohort(tiers=("head", "waist"), tags=("xuhuong",), ranges=(Range("video_duration", 5, 60),))
    app = open_app(tiktok_vn.path, "drivers", **cohort.to_query())
    assert not app.exception
    assert _chips(app) == ["head", "waist", "#xuhuong", "Duration 5–60"]
    n = studies.find(tiktok_vn).count(cohort)[0]
    assert f"**{n:,}** of 21,149 videos" in said(app)


def test_what_is_picked_in_the_sidebar_is_obeyed_by_the_next_page_and_by_the_link(
    open_app: Open, market: Path, said: Said
) -> None:
    app = open_app(market, "drivers")
    assert "All **1,600** videos of the market" in said(app)
    app = app.multiselect(key="cohort_tiers").set_value(["head"]).run()
    app = app.segmented_control(key="cohort_product").set_value("yes").run()
    assert _chips(app) == ["head", "with a product link"]
    assert (app.query_params["tier"], app.query_params["product"]) == ("head", "yes")
    there = app.switch_page("pages/distributions.py").run()
    assert there.multiselect(key="cohort_tiers").value == ["head"]


def test_a_chip_drops_its_part_and_the_button_all(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "drivers", tier="head,tail", to="2026-10-20")
    assert _chips(app) == ["head", "tail", "to 2026-10-20"]
    app = app.button(key="chip-0").click().run()
    assert _chips(app) == ["tail", "to 2026-10-20"]
    assert app.multiselect(key="cohort_tiers").value == ["tail"]
    app = app.button(key="cohort-clear").click().run()
    assert _chips(app) == []
    assert "All **1,600** videos of the market" in said(app)
    assert "tier" not in app.query_params


def test_a_value_that_the_market_does_not_have_is_a_cohort_of_none(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "drivers", city="Atlantis")
    assert not app.exception
    assert "**0** of 1,600 videos" in said(app)


def test_a_market_without_a_study_gets_one_while_the_page_says_how_far_it_is(
    open_app: Open, market: Path, tmp_path: Path, said: Said
) -> None:
    fresh = tmp_path / "fresh"
    shutil.copytree(market, fresh)
    shutil.rmtree(fresh / "cache" / "study")
    app = open_app(fresh, "drivers")
    assert "Studying the market" in said(app)
    from pages.components import tasks

    tasks.jobs().current("study").wait(120)
    assert "All **1,600** videos of the market" in said(app.run())


def test_an_empty_market_says_where_to_begin(open_app: Open, empty_market: Path, said: Said) -> None:
    app = open_app(empty_market, "drivers")
    assert not app.exception
    assert "Start on the Data page" in said(app)


def test_the_closer_look_at_errors_is_of_the_cohorts_test_videos(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "model", part="videos", tier="head")
    assert not app.exception
    assert "The closer look below is of the test videos in this cohort" in said(app)
    whole = open_app(market, "model", part="videos")
    drawn = [len(a.get("plotly_chart")) for a in (app, whole)]
    assert drawn[0] == drawn[1] > 0
    assert said(app) != said(whole)
    none = open_app(market, "model", part="videos", city="Atlantis")
    assert "No test video of this evaluation is in the cohort" in said(none)


def test_the_data_page_says_that_it_is_about_the_whole_workspace(open_app: Open, market: Path, said: Said) -> None:
    assert "whatever the cohort" in said(open_app(market, "data", tier="head"))
    assert "whatever the cohort" not in said(open_app(market, "data"))
