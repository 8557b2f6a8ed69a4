"""Early trend: what is under way today, any day again, and one video on its fan beside the model's own forecast."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mtaf_core.insight import released
from mtaf_core.insight.forecast import Forecaster
from mtaf_core.insight.released import forecast_released
from mtaf_core.study import early, videos
from mtaf_core.study import market as studies
from mtaf_core.workspace import Workspace

Open = Callable[..., AppTest]
Said = Callable[[AppTest], str]
DAY = "2026-10-30"


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def test_real_videos_under_way_are_mapped_with_how_far_to_trust_it(
    open_app: Open, bilibili_daily: Workspace, said: Said
) -> None:
    app = open_app(bilibili_daily.path, "early")
    assert not app.exception
    told = metrics(app)
    assert told["Under way"] == "958"
    assert 5 < int(told["On track to be hits"]) < 60
    assert "958 videos under way are on track to be hits" in said(app)
    assert "later videos, **" in said(app)
    assert "1,287 finished videos of the market" in said(app)
    assert "Looking back" not in said(app)


def test_only_those_with_so_many_days_observed(open_app: Open, bilibili_daily: Workspace) -> None:
    app = open_app(bilibili_daily.path, "early", early_day="5")
    assert metrics(app)["Under way"] == "36"
    assert app.button_group(key="early_day").value == "5"


def test_a_larger_share_of_hits_has_more_on_track(open_app: Open, bilibili_daily: Workspace) -> None:
    app = open_app(bilibili_daily.path, "early")
    few = int(metrics(app)["On track to be hits"])
    app = app.button_group(key="early_top").set_value("50").run()
    assert int(metrics(app)["On track to be hits"]) > 3 * few
    assert app.query_params["early_top"] == "50"


def test_those_falling_behind_are_listed_the_farthest_first(open_app: Open, bilibili_daily: Workspace) -> None:
    app = open_app(bilibili_daily.path, "early", early_view="behind")
    rows = app.dataframe[0].value
    assert len(rows) == int(metrics(app)["Falling behind"])
    assert (np.diff(rows["÷ expected"]) >= 0).all()
    assert (rows["Ends below expected"] >= 90).all()
    assert metrics(app)["÷ expected"] == f"×{rows['÷ expected'].iloc[0]:.2f}"


def test_the_cohort_is_obeyed(open_app: Open, bilibili_daily: Workspace) -> None:
    tail = int(metrics(open_app(bilibili_daily.path, "early", tier="tail"))["Under way"])
    assert 0 < tail < 958


def test_a_market_that_was_followed_to_the_end_is_replayed_by_a_click(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "early")
    assert "No video of this cohort is under way as of 2026-11-05" in said(app)
    app = app.button(key="do-replay").click().run()
    assert not app.exception
    assert app.query_params["asof"] == "2026-10-31"
    assert "Looking back: today is **2026-10-31**" in said(app)
    assert metrics(app)["Under way"] == "136"


def test_any_day_is_in_the_link_and_moved_by_the_slider(open_app: Open, market: Path) -> None:
    app = open_app(market, "early", asof=DAY)
    assert app.slider(key="asof").value == date(2026, 10, 30)
    assert metrics(app)["Under way"] == "139"
    app = app.slider(key="asof").set_value(date(2026, 10, 15)).run()
    assert app.query_params["asof"] == "2026-10-15"


@pytest.mark.parametrize("asked", ["yesterday", "1999-01-01", "2999-01-01"])
def test_a_day_that_is_not_there_is_the_nearest_that_is(open_app: Open, market: Path, asked: str) -> None:
    app = open_app(market, "early", asof=asked)
    assert not app.exception
    assert date(2026, 9, 1) <= app.slider(key="asof").value <= date(2026, 11, 5)


def test_a_video_opens_by_its_link(open_app: Open, market: Path, said: Said) -> None:
    study = studies.find(Workspace.open(market))
    seen = early.look(study, date(2026, 10, 30))
    (video,) = videos.details(study, seen.row[[7]])
    app = open_app(market, "early", asof=DAY, early_video=f"{video['platform']}:{video['video_id']}")
    assert " ".join(video["description"].split())[:100] in app.text[0].value
    assert metrics(app)["Hit chance"] in (f"{100 * seen.hit[7]:.0f}%", "<1%")
    gone = open_app(market, "early", asof=DAY, early_video="douyin:nobody")
    assert "not under way as of 2026-10-30" in said(gone)


def test_the_model_s_own_forecast_stands_beside_the_fan_on_demand(
    open_app: Open, market: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def answer(forecaster, platform, video_id, observed):
        asked.append((platform, observed))
        return released.Released(1234.0, 600.0, 2500.0, True, "a bundle")

    monkeypatch.setattr("pages.components.early_asked.forecast_released", answer)
    app = open_app(market, "early", asof=DAY)
    assert asked == []
    app = app.toggle(key="early_model").set_value(True).run()
    assert "says **1.2k** (600 to 2.5k with 90%)" in said(app)
    assert "learnt from how this very video ended" in said(app)
    assert len(asked) == 1
    assert 1 <= asked[0][1] <= 5


def test_the_model_sees_no_day_past_those_observed(demo: Workspace) -> None:
    study = studies.find(demo)
    seen = early.look(study, date(2026, 10, 30))
    place = int(seen.of_days(3)[0])
    (video,) = videos.details(study, seen.row[[place]])
    forecaster = Forecaster(demo)
    found = forecast_released(forecaster, video["platform"], video["video_id"], 3)
    assert found.low < found.score < found.high
    assert found.learnt
    with_more = forecast_released(forecaster, video["platform"], video["video_id"], 5)
    assert with_more.high / with_more.low < found.high / found.low


def test_where_counts_are_too_rare_it_says_what_would_help(open_app: Open, tiktok_vn: Workspace, said: Said) -> None:
    app = open_app(tiktok_vn.path, "early")
    assert not app.exception
    assert metrics(app)["Under way"] == "12"
    assert "Follow uploaders daily on the Data page" in said(app)
    assert "too few finished videos to say where it is heading" in said(app)


def test_it_speaks_chinese(open_app: Open, market: Path, said: Said) -> None:
    assert "回放：假定今天是 **2026-10-30**" in said(open_app(market, "early", asof=DAY, lang="zh"))


def test_an_empty_market_says_what_to_do(open_app: Open, empty_market: Path, said: Said) -> None:
    app = open_app(empty_market, "early")
    assert not app.exception
    assert "Nothing has been imported into this market yet" in said(app)
