"""KOLs: found and ordered in a table of thousands, read one by one, compared, kept in lists, and taken to a clip."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from mtaf_core.study import kol_lists, kols
from mtaf_core.study import market as studies
from mtaf_core.study.kols import Question
from mtaf_core.workspace import Workspace

Open = Callable[..., AppTest]
Said = Callable[[AppTest], str]
GOOD = "tiktok:a74880141560"


@pytest.fixture
def at(open_app: Open) -> Open:
    """Open the page at what its address says; the app itself opens with another page first."""

    def opened(folder: Path, lang: str = "en", **query: str) -> AppTest:
        app = open_app(folder, "kols", lang=lang)
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    return opened


def names(app: AppTest) -> list[str]:
    return app.dataframe[0].value["KOL"].to_list()


def tick(app: AppTest, *rows: int) -> AppTest:
    """Tick rows of the table; the page forgets it with the next run unless they are ticked again before it."""
    app.session_state[app.dataframe[0].key] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return app.run()


def test_the_table_says_what_it_shows_and_is_ordered_with_care(
    open_app: Open, tiktok_vn: Workspace, said: Said
) -> None:
    app = open_app(tiktok_vn.path, "kols")
    assert not app.exception
    study = studies.find(tiktok_vn)
    first, total = kols.ask(study, kols.measure(study), Question())
    assert f"**1–100** of **{total:,}** KOLs" in said(app)
    assert names(app) == first["name"].to_pylist()
    shown = app.dataframe[0].value
    assert len(shown) == 100
    assert {"Lift", "90% interval", "n", "Growth", "Latest videos", "Explosive", "ER, known videos"} <= set(shown)
    assert not {"Quote", "CPM", "ER", "Category"} & set(shown), "nobody has them in this data"
    assert (shown["n"] >= 5).all()
    assert len(shown["Latest videos"].iloc[0]) > 1


def test_search_order_tier_and_pages_are_asked_of_the_database(
    open_app: Open, tiktok_vn: Workspace, said: Said
) -> None:
    app = open_app(tiktok_vn.path, "kols")
    app = app.text_input(key="kols_search").set_value("7b").run()
    assert all("7b" in name for name in names(app))
    assert app.query_params["q"] == "7b"
    app = app.text_input(key="kols_search").set_value("").run()
    app = app.selectbox(key="kols_order").set_value("followers").run()
    shown = app.dataframe[0].value
    assert shown["Followers"].is_monotonic_decreasing
    app = app.pagination[0].set_value(2).run()
    assert "**101–200** of" in said(app)
    assert app.dataframe[0].value["Followers"].iloc[0] <= shown["Followers"].iloc[-1]
    app = app.button_group(key="kols_tiers").set_value(["nano"]).run()
    assert set(app.dataframe[0].value["Tier"]) == {"nano"}
    assert "**1–" in said(app), "another question starts at its first page"


def test_the_table_opens_from_its_link(open_app: Open, tiktok_vn: Workspace, said: Said) -> None:
    app = open_app(tiktok_vn.path, "kols", sort="followers", size="waist,tail", min="12", q="a")
    shown = app.dataframe[0].value
    assert set(shown["Tier"]) <= {"waist", "tail"}
    assert (shown["n"] >= 12).all()
    assert shown["Followers"].is_monotonic_decreasing
    assert app.number_input(key="kols_fewest").value == 12
    strange = open_app(tiktok_vn.path, "kols", sort="__import__", size="x", min="many", list="none")
    assert not strange.exception
    assert "**1–100** of" in said(strange)


def test_active_and_healthy_is_one_click_and_can_be_cleared(open_app: Open, tiktok_vn: Workspace, said: Said) -> None:
    app = open_app(tiktok_vn.path, "kols")
    before = said(app)
    app = app.button(key="kols-active").click().run()
    shown = app.dataframe[0].value
    assert (shown["Posts a week"] >= 2).all()
    assert (shown["ER, known videos"] >= 4).all()
    app = app.number_input(key="kols_pace").set_value(100.0).run()
    assert "No KOL of this cohort passes these filters" in said(app)
    app = app.button(key="kols-clear-empty").click().run()
    assert said(app) == before


def test_a_cohort_narrows_the_kols(open_app: Open, tiktok_vn: Workspace, said: Said) -> None:
    app = open_app(tiktok_vn.path, "kols", tier="head")
    study = studies.find(tiktok_vn)
    videos = study.query("SELECT count(*) AS n FROM market WHERE tier = 'head'")["n"][0].as_py()
    assert f"**{videos:,}** of" in said(app)
    assert set(app.dataframe[0].value["Tier"]) == {"head"}


def test_the_map_draws_the_kols_of_the_question(open_app: Open, tiktok_vn: Workspace, said: Said) -> None:
    app = open_app(tiktok_vn.path, "kols", kols_view="map")
    assert not app.exception
    assert "on the map, the first in the order chosen" in said(app)
    assert re.search(r"Of \d+ KOLs, \d+ lie above ×1", said(app))


def test_a_profile_says_how_a_kol_stands(at: Open, tiktok_vn: Workspace, said: Said) -> None:
    app = at(tiktok_vn.path, kol=GOOD)
    assert not app.exception
    study = studies.find(tiktok_vn)
    row = kols.measure(study).row(GOOD)
    text = said(app)
    assert app.subheader[0].value == row["name"]
    assert "clearly above" in text
    assert f"{row['n']} videos" in text
    assert re.search(r"percentile\*\* of \d+ other KOLs of the waist tier, whose median is ×\d", text)
    assert "videos got more than expected" in text
    assert "followers gained from" in text
    assert "Association, not proof" in text
    labels = {metric.label: metric.value for metric in app.metric}
    assert {"Lift", "Raw lift", "Typical popularity", "Explosive", "Posts a week", "Followers"} <= set(labels)
    assert "Authenticity: signals, not proof" in text
    signals = app.table[0].value
    assert list(signals["Reading"]).count("Unknown") == 1, "this data does not say whom accounts follow"
    assert "percentile of" in signals["Evidence"].iloc[0]
    assert len(app.dataframe[0].value) == 10


def test_a_row_that_is_ticked_leads_to_its_profile_and_back(open_app: Open, tiktok_vn: Workspace) -> None:
    app = open_app(tiktok_vn.path, "kols")
    second = names(app)[1]
    app = tick(app, 1)
    app = app.button(key="kols-open-one").click().run()
    assert app.query_params["kol"] == f"tiktok:{second}"
    assert app.subheader[0].value == second
    app = app.button(key="kols-back").click().run()
    assert "kol" not in app.query_params
    assert names(app)[1] == second


def test_a_quote_that_is_typed_is_a_price_a_view_and_an_engagement(at: Open, tiktok_vn: Workspace) -> None:
    app = at(tiktok_vn.path, kol=GOOD)
    row = kols.measure(studies.find(tiktok_vn)).row(GOOD)
    app = app.number_input(key=f"kol_fee_{GOOD}").set_value(8_000.0).run()
    prices = {metric.label: metric.value for metric in app.metric}
    assert float(prices["CPM"]) == pytest.approx(8_000 / row["views"] * 1000, abs=0.01)
    assert float(prices["CPE"]) == pytest.approx(8_000 / row["engagements"], abs=0.01)


def test_what_is_usual_is_the_teams_to_say(at: Open, own_demo: Workspace) -> None:
    def rate(app: AppTest) -> str:
        return next(metric.delta for metric in app.metric if metric.label.startswith("ER"))

    app = at(own_demo.path, kol="douyin:kol0081")
    assert rate(app).endswith("the usual 4–6%")
    app.session_state["kol-ranges"] = True
    app = app.run()
    assert app.number_input(key="range_er_low").value == 4
    app.number_input(key="range_er_low").set_value(0.0)
    app.number_input(key="range_er_high").set_value(100.0)
    app = app.button(key="ranges-save").click().run()
    assert rate(app) == "within the usual 0–100%"
    assert rate(at(own_demo.path, kol="douyin:kol0081")) == "within the usual 0–100%", "kept for the next visitor"
    app.session_state["kol-ranges"] = True
    app = app.run()
    app.number_input(key="range_er_low").set_value(7.0)
    app.number_input(key="range_er_high").set_value(2.0)
    app = app.button(key="ranges-save").click().run()
    assert "give the lower number first" in app.error[0].value
    app = app.button(key="ranges-reset").click().run()
    assert rate(app).endswith("the usual 4–6%")


def test_a_comparison_says_who_is_really_better(open_app: Open, tiktok_vn: Workspace, said: Said) -> None:
    app = open_app(tiktok_vn.path, "kols")
    app = tick(app, 0, 1, 60)
    app = app.button(key="kols-compare").click().run()
    assert not app.exception
    assert app.query_params["compare"].count(",") == 2
    text = said(app)
    assert re.search(r"with a probability of \*\*>?\d+%\*\*", text)
    pairs = app.dataframe[0].value
    assert len(pairs) == 3
    assert pairs["Probability"].between(50, 100).all()
    measures = app.dataframe[1].value
    assert {"Lift", "Typical popularity", "Explosive", "Followers"} <= set(measures["Measure"])
    assert measures.shape[1] == 4
    app = app.button_group(key="kols_by").set_value("explosive").run()
    assert app.dataframe[0].value["by"].str.contains("points").all()
    app = app.button(key="compare-drop-0").click().run()
    app = app.button(key="compare-drop-0").click().run()
    assert "Pick two to 5 KOLs" in said(app)


def test_links_to_who_is_not_there_say_so(at: Open, tiktok_vn: Workspace, said: Said) -> None:
    assert "This market knows no KOL “tiktok:gone”" in said(at(tiktok_vn.path, kol="tiktok:gone"))
    alone = at(tiktok_vn.path, compare=f"tiktok:gone,{GOOD}")
    assert "Pick two to 5 KOLs" in said(alone)
    assert not alone.exception


def test_a_kol_outside_the_cohort_keeps_the_account_s_own_facts(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "kols", tier="nano")
    app.query_params["kol"] = "douyin:kol0081"
    app = app.run()
    assert not app.exception
    assert "has no video in this cohort" in said(app)
    assert "followers gained" in said(app)


def test_a_list_is_kept_shown_renamed_deleted_and_brought_back(open_app: Open, own_demo: Workspace, said: Said) -> None:
    kol_lists.save(own_demo, "Spring", [])
    app = open_app(own_demo.path, "kols")
    wanted = [names(app)[0], names(app)[3]]
    app = tick(app, 0, 3)
    app = app.button(key="list-add-go-table").click().run()
    assert len(kol_lists.find(own_demo, "Spring").members) == 2
    app = app.selectbox(key="kols_list").set_value("Spring").run()
    assert names(app) == wanted
    assert app.query_params["list"] == "Spring"
    app = app.text_input(key="list_rename_Spring").set_value("Summer").run()
    app = app.button(key="list-rename").click().run()
    assert app.selectbox(key="kols_list").value == "Summer"
    app = tick(app, 1)
    app = app.button(key="list-drop").click().run()
    assert names(app) == wanted[:1]
    app = app.button(key="list-delete").click().run()
    assert kol_lists.lists(own_demo) == ()
    assert "List “Summer” with 1 KOLs was deleted" in said(app)
    app = app.button(key="list-undo").click().run()
    assert names(app) == wanted[:1]
    assert names(open_app(own_demo.path, "kols", list="Summer")) == wanted[:1]


def test_a_list_without_a_name_is_refused(open_app: Open, own_demo: Workspace, said: Said) -> None:
    app = tick(open_app(own_demo.path, "kols"), 0)
    app = app.button(key="list-add-go-table").click().run()
    assert "type a name for a new one" in said(app)
    assert kol_lists.lists(own_demo) == ()


def test_files_hold_every_kol_of_the_question_and_open_as_they_should(tiktok_vn: Workspace) -> None:
    from mtaf_core.charts.table_file import csv_file, xlsx_file
    from pages.components import kols_state

    study = studies.find(tiktok_vn)
    found = kols.matching(study, kols.measure(study), Question(fewest=8), 100_000)
    taken = kols_state.as_file(found)
    back = pd.read_csv(io.BytesIO(csv_file(taken)), encoding="utf-8-sig")
    assert len(back) == len(found) > 100
    assert back["Lift"].to_numpy() == pytest.approx(np.exp(found["lift"].to_numpy()))
    sheet = pd.read_excel(io.BytesIO(xlsx_file(taken.head(50))))
    assert list(sheet) == list(back)
    assert len(sheet) == 50


def test_a_clip_is_checked_with_the_kol_of_a_profile(at: Open, market: Path) -> None:
    app = at(market, kol="douyin:kol0081")
    app = app.button(key="kol-check").click().run()
    assert app.title[0].value == "Check a video"
    assert app.selectbox(key="form_uploader_id").value == "kol0081"


def test_check_a_video_takes_a_kol_from_its_link_and_keeps_the_link_in_step(open_app: Open, market: Path) -> None:
    app = open_app(market, None, kol="douyin:kol0081")
    assert app.selectbox(key="form_uploader_id").value == "kol0081"
    app = app.selectbox(key="form_uploader_id").set_value("kol0027").run()
    assert app.query_params["kol"] == "douyin:kol0027"
    app = app.button_group(key="form_kol_mode").set_value("type").run()
    assert "kol" not in app.query_params
    for nobody in ("douyin:gone", "tiktok:kol0081"):
        other = open_app(market, None, kol=nobody)
        assert other.selectbox(key="form_uploader_id").value is None


def test_the_page_is_there_in_chinese(at: Open, market: Path, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.components.words.language", lambda: "zh")  # a test writes choices as the page does
    text = said(at(market, lang="zh", kol="douyin:kol0081"))
    assert "真实性：仅为信号，并非证明" in text
    assert "videos" not in text


def test_an_empty_market_says_what_to_do(open_app: Open, empty_market: Path) -> None:
    app = open_app(empty_market, "kols")
    assert not app.exception
    assert app.info
