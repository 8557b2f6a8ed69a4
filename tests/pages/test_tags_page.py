"""Tags: the effects and their table, what goes together, one hashtag, and the way to Check a video."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mtaf_core.study import market as studies
from mtaf_core.study import tags
from mtaf_core.study.cohort import WHOLE, Cohort
from mtaf_core.workspace import Workspace

Open = Callable[..., AppTest]
Said = Callable[[AppTest], str]


class TestRealMarket:
    def test_what_is_clear_is_said_and_crowding_is_not_made_up(
        self, open_app: Open, tiktok_vn: Workspace, said: Said
    ) -> None:
        app = open_app(tiktok_vn.path, "tags")
        assert not app.exception
        board = tags.board(studies.find(tiktok_vn), WHOLE)
        clear = np.flatnonzero(tags.is_clear(board.adjusted))
        best = clear[np.argmax(board.adjusted.effect[clear])]
        text = said(app)
        assert f"Videos with #{board.names[best]} got about ×{np.exp(board.adjusted.effect[best]):.2f}" in text
        assert "This market has no totals of hashtags" in text
        assert "the 1,000 most used of 14,944 hashtags" in text
        shown = app.dataframe[0].value
        assert shown["tag_col_tag"].iloc[0] == f"#{board.names[np.argmax(board.adjusted.effect)]}"
        assert "tag_col_views" not in shown
        assert "order_views" not in app.selectbox(key="order").options

    def test_fourteen_thousand_hashtags_are_searched_and_paged(
        self, open_app: Open, tiktok_vn: Workspace, said: Said
    ) -> None:
        app = open_app(tiktok_vn.path, "tags", order="videos")
        assert app.dataframe[0].value["tag_col_tag"].tolist()[:3] == ["#fyp", "#xuhuong", "#viral"]
        app.get("pagination")[0].set_value(3).run()
        assert "14,944 hashtags, 51 to 75 shown." in said(app)
        assert app.query_params["page"] == "3"
        linked = open_app(tiktok_vn.path, "tags", order="videos", page="3")
        assert "14,944 hashtags, 51 to 75 shown." in said(linked)
        assert "1 to 25 shown" in said(open_app(tiktok_vn.path, "tags", page="99999"))
        app.text_input(key="find").set_value("#NHAC").run()
        assert all("nhac" in name for name in app.dataframe[0].value["tag_col_tag"])
        assert "1 to 25 shown" in said(app)
        app.text_input(key="find").set_value("no such hashtag").run()
        assert "No hashtag of this cohort has “no such hashtag”" in said(app)

    def test_raw_is_another_reading_and_stands_in_the_link(
        self, open_app: Open, tiktok_vn: Workspace, said: Said
    ) -> None:
        app = open_app(tiktok_vn.path, "tags")
        adjusted = app.dataframe[0].value
        app.segmented_control(key="effects").set_value("raw").run()
        assert app.query_params["effects"] == "raw"
        assert "the popularity of the average video" in said(app)
        assert app.dataframe[0].value["tag_col_effect"].max() > adjusted["tag_col_effect"].max()

    def test_the_cohort_is_obeyed(self, open_app: Open, tiktok_vn: Workspace, said: Said) -> None:
        cohort = Cohort(tiers=("head",))
        app = open_app(tiktok_vn.path, "tags", **cohort.to_query(), order="videos")
        board = tags.board(studies.find(tiktok_vn), cohort)
        assert app.dataframe[0].value["tag_col_videos"].tolist() == board.listing["videos"].to_pylist()[:25]
        assert f"{board.listing.num_rows:,} hashtags" in said(app)

    def test_what_goes_together_is_drawn_and_suggested(self, open_app: Open, tiktok_vn: Workspace, said: Said) -> None:
        app = open_app(tiktok_vn.path, "tags", tags_view="together")
        assert not app.exception
        assert "#viralvideo and #viraltiktok go together most closely: 84 videos have both" in said(app)
        assert "Pick one or more hashtags" in said(app)
        app.multiselect(key="with").set_value(["music", "lyrics"]).run()
        assert app.query_params["with"] == "music,lyrics"
        assert "**40** videos have #music #lyrics" in said(app)
        shown = app.dataframe[0].value
        assert (shown["together"] >= tags.MIN_VIDEOS).all()
        assert shown["npmi"].is_monotonic_decreasing
        app.segmented_control(key="with-rows-order").set_value("effect").run()
        assert app.dataframe[0].value["beside"].is_monotonic_decreasing
        assert app.button(key="carry-with").label == "Use 2 in Check a video"

    def test_a_link_opens_one_hashtag(self, open_app: Open, tiktok_vn: Workspace, said: Said) -> None:
        app = open_app(tiktok_vn.path, "tags", hashtag="vietnam")
        assert not app.exception
        assert app.subheader[0].value == "#vietnam"
        tiles = {metric.label: metric for metric in app.metric}
        board = tags.board(studies.find(tiktok_vn), WHOLE)
        row = {one["tag_name"]: one for one in board.listing.to_pylist()}["vietnam"]
        assert tiles["Effect, adjusted"].value == f"×{row['adjusted_effect']:.2f}"
        assert tiles["Effect, adjusted"].delta.startswith(f"×{row['adjusted_low']:.2f}–×{row['adjusted_high']:.2f}")
        assert tiles["Videos"].value == "290"
        assert "above what is expected in" in said(app)
        assert "of its videos are by" in said(app)
        app.button(key="back-to-tags").click().run()
        assert "hashtag" not in app.query_params
        assert "Every hashtag" in said(app)

    def test_a_hashtag_too_rare_for_an_effect_is_still_told(
        self, open_app: Open, tiktok_vn: Workspace, said: Said
    ) -> None:
        board = tags.board(studies.find(tiktok_vn), WHOLE)
        rare = board.listing["tag_name"][board.listing.num_rows - 1].as_py()
        app = open_app(tiktok_vn.path, "tags", hashtag=rare)
        assert not app.exception
        assert {metric.label: metric.value for metric in app.metric}["Effect, adjusted"] == "–"


class TestDemo:
    def test_reach_and_crowding_are_there_where_the_market_has_totals(
        self, open_app: Open, market: Path, said: Said
    ) -> None:
        app = open_app(market, "tags", order="views")
        shown = app.dataframe[0].value
        assert shown["tag_col_views"].is_monotonic_decreasing
        assert shown["tag_col_tag"].iloc[0] == "#省钱攻略"
        assert "no totals" not in said(app)

    def test_a_hashtag_that_the_cohort_lacks_is_said_to_be_missing(
        self, open_app: Open, market: Path, said: Said
    ) -> None:
        app = open_app(market, "tags", hashtag="nowhere")
        assert not app.exception
        assert "no video with #nowhere" in said(app)

    def test_hashtags_are_carried_into_the_form(self, open_app: Open, market: Path) -> None:
        app = open_app(market, "tags", tags_view="together", **{"with": "recommend,giftideas"})
        app.button(key="carry-with").click().run()
        assert not app.exception
        assert app.title[0].value == "Check a video"
        assert app.multiselect(key="form_tags").value == ["recommend", "giftideas"]

    def test_one_hashtag_is_carried_too_and_added_to_those_there(self, open_app: Open, market: Path) -> None:
        app = open_app(market)
        app.multiselect(key="form_tags").set_value(["sale"]).run()
        app.query_params["hashtag"] = "recommend"
        app.switch_page("pages/tags.py").run()
        app.button(key="carry-tag").click().run()
        assert app.multiselect(key="form_tags").value == ["sale", "recommend"]

    def test_a_cohort_of_few_videos_has_no_effects_and_says_so(self, open_app: Open, market: Path, said: Said) -> None:
        app = open_app(market, "tags", **{"from": "2026-09-05", "to": "2026-09-05", "tier": "head"})
        assert not app.exception
        assert "no effect can be said yet" in said(app) or "No video of this cohort" in said(app)

    def test_in_chinese_too(self, open_app: Open, market: Path, said: Said) -> None:
        for query, words in (
            ({}, "可比视频"),
            ({"tags_view": "together"}, "最常同时出现"),
            ({"hashtag": "recommend"}, "按达人层级"),
        ):
            app = open_app(market, "tags", lang="zh", **query)
            assert not app.exception
            assert words in said(app)


@pytest.fixture
def untagged(demo_folder: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    shutil.copytree(demo_folder, folder)
    space = Workspace.open(folder)
    videos = space.store.query("SELECT * FROM videos ORDER BY video_id LIMIT 90")
    with space.store.write("no hashtags") as change:
        change.replace("videos", videos)
        change.replace("video_tags", space.store.query("SELECT * FROM video_tags LIMIT 0"))
    studies.make(space)
    return folder


def test_a_market_without_hashtags_says_what_to_do(open_app: Open, untagged: Path, said: Said) -> None:
    app = open_app(untagged, "tags")
    assert not app.exception
    assert "No video of this market has a hashtag" in said(app)


def test_an_empty_market_leads_to_the_data_page(open_app: Open, empty_market: Path) -> None:
    app = open_app(empty_market, "tags")
    assert not app.exception
    assert app.get("page_link")
