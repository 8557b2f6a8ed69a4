"""When to post: the finding, the chosen slot in the link, both readings, and the way to Check a video."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from mtaf_core.study import market as studies
from mtaf_core.study import slots
from mtaf_core.study.cohort import WHOLE, Cohort
from mtaf_core.workspace import Workspace

Open = Callable[..., AppTest]
Said = Callable[[AppTest], str]


def test_the_planted_evening_is_found_and_chosen(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "when")
    assert not app.exception
    text = said(app)
    assert "Saturday 21:00 goes with the most: ×1." in text
    assert "21:00 is the best hour" in text
    assert "Tuesday is clearly worse" in text
    assert "Times are of **Asia/Shanghai**" in text
    assert app.query_params["slot"] == "sat-21"
    table = app.dataframe[0].value
    assert len(table) == 168
    assert table["Effect"].is_monotonic_decreasing
    assert table["Few videos"].sum() == (table["Videos"] < slots.THIN).sum() > 0


def test_no_slot_of_the_real_market_is_called_better(open_app: Open, tiktok_vn: Workspace, said: Said) -> None:
    app = open_app(tiktok_vn.path, "when")
    assert not app.exception
    assert "No slot of the week is clearly better than the others" in said(app)
    assert "21,149 videos with a known popularity. Times are of **Asia/Ho_Chi_Minh**" in said(app)
    assert "The difference is not clear." in said(app)
    app.segmented_control(key="effects").set_value("raw").run()
    assert app.query_params["effects"] == "raw"
    assert "No slot of the week is clearly better" not in said(app)


def test_a_slot_of_the_link_is_told_with_its_interval_and_n(open_app: Open, tiktok_vn: Workspace, said: Said) -> None:
    app = open_app(tiktok_vn.path, "when", slot="fri-16")
    week = slots.week(studies.find(tiktok_vn), WHOLE, "adjusted")
    assert f"**Friday 16:00**: ×{2.718281828 ** week.slots.effect[24 * 4 + 16]:.2f} the average video" in said(app)
    assert f"{int(week.slots.n[24 * 4 + 16]):,} videos" in said(app)
    app.selectbox(key="slot_hour").set_value(4).run()
    assert app.query_params["slot"] == "fri-4"
    odd = open_app(tiktok_vn.path, "when", slot="someday-99")
    assert not odd.exception


def test_the_cohort_is_obeyed(open_app: Open, tiktok_vn: Workspace, said: Said) -> None:
    cohort = Cohort(tiers=("head",))
    app = open_app(tiktok_vn.path, "when", **cohort.to_query())
    videos = slots.week(studies.find(tiktok_vn), cohort, "adjusted").videos
    assert 0 < videos < 21_149
    assert f"{videos:,} videos with a known popularity" in said(app)


def test_a_slot_is_carried_into_the_form(open_app: Open, market: Path) -> None:
    app = open_app(market, "when", slot="sun-20")
    app.button(key="carry-slot").click().run()
    assert not app.exception
    assert app.title[0].value == "Check a video"
    assert app.selectbox(key="form_hour").value == 20
    day = app.date_input(key="form_day").value
    assert day.weekday() == 6
    assert 0 <= (day - datetime.now(ZoneInfo("Asia/Shanghai")).date()).days <= 7
    assert not {"hour", "weekday"} & set(app.query_params)


@pytest.mark.parametrize(
    ("query", "hour", "tags"),
    [
        ({"hour": "7"}, 7, []),
        ({"hour": "99", "weekday": "someday"}, None, []),
        ({"tags": "a\\,b,#sale,sale,,", "hour": "3"}, 3, ["a,b", "sale"]),
    ],
)
def test_a_link_fills_the_form_as_far_as_it_can_be_read(
    open_app: Open, market: Path, query: dict[str, str], hour: int | None, tags: list[str]
) -> None:
    app = open_app(market, **query)
    assert not app.exception
    assert app.multiselect(key="form_tags").value == tags
    assert hour is None or app.selectbox(key="form_hour").value == hour
    assert isinstance(app.date_input(key="form_day").value, date)


def test_a_cohort_without_videos_offers_the_whole_market(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "when", city="Atlantis")
    assert not app.exception
    assert "No video of this cohort has a known popularity" in said(app)


def test_in_chinese_too(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "when", lang="zh")
    assert not app.exception
    assert "周六 21:00 最高" in said(app)
    assert app.button(key="carry-slot").label == "将周六 21:00用于检测视频"
