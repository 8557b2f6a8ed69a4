"""What would change a score: edits shared out, a week of slots, sweeps, KOLs ranked, and the way to a goal."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components import check_levers

Open = Callable[..., AppTest]
Said = Callable[[AppTest], str]
SAMPLE = "03-sneaker-reveal"


@pytest.fixture
def app(open_app: Open, market: Path) -> AppTest:
    opened = open_app(market, sample=SAMPLE, see="change")
    assert not opened.exception
    return opened


def _error(app: AppTest) -> list[str]:
    return [str(one.value) for one in app.error]


def test_slots_a_sweep_and_a_ranking_are_there_at_once(app: AppTest, said: Said) -> None:
    text = said(app)
    assert _error(app) == []
    assert "This clip in every slot of the week" in text
    assert "KOLs, **" in text
    charts = [chart.proto.alt for chart in app.get("plotly_chart")]
    assert any(alt.startswith("Heat map of the forecast by weekday and hour") for alt in charts)
    assert any(alt.startswith("The forecast along 24 values of Hour") for alt in charts)


def test_a_change_in_the_form_is_the_same_forecast_as_the_sweep_said(app: AppTest, said: Said) -> None:
    """The page's verdict and the sweep's hover agree to the digits shown."""
    app = app.selectbox(key="form_hour").set_value(3).run()
    assert _error(app) == []
    headline = next(m.value for m in app.markdown if m.value.startswith("### Expected"))
    score = headline.split("**")[1]
    chart = next(c for c in app.get("plotly_chart") if "values of Hour" in c.proto.alt)
    assert f"<b>03:00</b><br>Forecast {score} " in chart.proto.spec.encode().decode("unicode_escape")


def test_edits_are_shared_out_and_add_up(app: AppTest, said: Said) -> None:
    assert "Which change gave what" not in said(app)
    app = app.selectbox(key="form_hour").set_value(3).run()
    app = app.segmented_control(key="form_product_link").set_value("no").run()
    text = said(app)
    assert _error(app) == []
    assert "Which change gave what" in text
    assert any("waterfall from the first forecast" in c.proto.alt for c in app.get("plotly_chart"))


def test_a_goal_within_reach_is_found_and_can_be_put_into_the_form(app: AppTest, said: Said) -> None:
    app = app.segmented_control(key="goal_kind").set_value("score").run()
    score = app.number_input(key="goal_reach").value / 2
    app = app.number_input(key="goal_reach").set_value(int(1.15 * score)).run()
    app = app.button_group(key="goal_levers").set_value(["hour", "weekday", "kol"]).run()
    app = app.button(key="goal-go").click().run()
    assert _error(app) == []
    assert any("enough to reach" in str(one.value) for one in app.success), said(app)
    before = {key: app.selectbox(key=f"form_{key}").value for key in ("hour", "uploader_id")}
    day = app.date_input(key="form_day").value
    app = app.button(key="goal-apply-0").click().run()
    after = {key: app.selectbox(key=f"form_{key}").value for key in ("hour", "uploader_id")}
    assert (after, app.date_input(key="form_day").value) != (before, day)
    assert "Which change gave what" in said(app)


def test_a_goal_out_of_reach_is_an_honest_no_with_the_best_there_is(app: AppTest, said: Said) -> None:
    app = app.segmented_control(key="goal_kind").set_value("score").run()
    app = app.number_input(key="goal_reach").set_value(10**9).run()
    app = app.button(key="goal-go").click().run()
    assert any("Not reachable" in str(one.value) for one in app.warning)
    assert "of now" in said(app)


def test_every_lever_can_be_swept(app: AppTest) -> None:
    offered = list(app.selectbox(key="along").options)
    assert {"Hour", "One more hashtag", "Length", "Where it begins", "Muted", "Followers of the KOL"} <= set(offered)
    for lever in check_levers.offered(check_levers.Material(15.0, True)):
        if lever == "kol":
            continue  # KOLs are ranked
        app = app.selectbox(key="along").set_value(lever).run()
        assert not app.exception
        assert _error(app) == []


def test_any_two_fields_are_on_one_map_that_a_link_opens(open_app: Open, market: Path, app: AppTest) -> None:
    app = app.selectbox(key="down").set_value("tag").run()
    app = app.selectbox(key="across").set_value("mute").run()
    assert _error(app) == []
    assert (app.query_params["down"], app.query_params["across"]) == ("tag", "mute")
    linked = open_app(market, sample=SAMPLE, see="change", down="product", across="city")
    assert _error(linked) == []
    assert linked.selectbox(key="across").value == "city"
    alts = [chart.proto.alt for chart in linked.get("plotly_chart")]
    assert any(alt.startswith("Heat map of the forecast by Product link and City") for alt in alts)


def test_the_same_field_is_never_on_both_sides(app: AppTest) -> None:
    app = app.selectbox(key="down").set_value("hour").run()
    assert not app.exception
    assert "Hour" not in app.selectbox(key="across").options
    assert app.selectbox(key="across").value != "hour"


def test_a_map_says_what_the_form_would_give(app: AppTest) -> None:
    """Muted and with another product link: the hover of the map beside the headline of the form."""
    app = app.selectbox(key="down").set_value("product").run()
    app = app.selectbox(key="across").set_value("mute").run()
    chart = next(c for c in app.get("plotly_chart") if c.proto.alt.startswith("Heat map of the forecast by Product"))
    spec = chart.proto.spec.encode().decode("unicode_escape")
    app = app.segmented_control(key="form_product_link").set_value("no").run()
    app = app.toggle(key="clip_muted").set_value(True).run()
    score = next(m.value for m in app.markdown if m.value.startswith("### Expected")).split("**")[1]
    cell = next(part for part in spec.split("<b>") if part.startswith("No · Yes"))
    assert f"Forecast {score} " in cell


def test_other_descriptions_are_compared_and_one_put_into_the_form(app: AppTest, said: Said) -> None:
    texts = "Half price for one day only\n\nWhy is everyone asking about these?\n" + "\n".join("abcdef")
    app = app.text_area(key="texts").set_value(texts).run()
    assert _error(app) == []
    assert "Only the first 5 lines are compared." in said(app)
    alts = [chart.proto.alt for chart in app.get("plotly_chart")]
    assert any(alt.startswith("The forecast along 6 values of Description") for alt in alts)
    app = app.button(key="texts-apply-1").click().run()
    assert app.text_area(key="form_description").value == "Why is everyone asking about these?"
    assert "Changed: Description" in said(app)


def test_a_goal_may_cut_and_mute_the_clip_and_what_it_finds_is_put_into_it(app: AppTest, said: Said) -> None:
    app = app.segmented_control(key="goal_kind").set_value("score").run()
    app = app.number_input(key="goal_reach").set_value(10**9).run()
    app = app.button_group(key="goal_levers").set_value(["start", "duration", "mute"]).run()
    app = app.slider(key="rule_least").set_value(8.0).run()
    app = app.button(key="goal-go").click().run(timeout=120)
    assert _error(app) == []
    assert any("Not reachable" in str(one.value) for one in app.warning)
    app = app.button(key="goal-apply-0").click().run()
    assert not app.exception
    start, end = app.slider(key="clip_part").value
    assert end - start >= 8.0
    assert "Changed: Clip:" in said(app)


def test_rules_that_nothing_keeps_are_said(app: AppTest) -> None:
    app = app.number_input(key="rule_followers").set_value(1).run()
    app = app.button(key="goal-go").click().run()
    assert _error(app) == []
    assert any("keeps all the rules" in str(one.value) for one in app.warning)


def test_it_is_said_in_chinese(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, sample=SAMPLE, see="change", lang="zh")
    assert not app.exception
    assert "此视频在一周各时段的预测" in said(app)
