"""Charts of hashtags: what is clear stands out, findings carry their interval, nothing claims a cause."""

from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace

import numpy as np
import plotly.graph_objects as go
import pytest

from mtaf_core.charts import theme as themes
from mtaf_core.charts.tag_network import network_chart
from mtaf_core.charts.tags import effects_chart, short, weeks_chart
from mtaf_core.charts.theme import DARK, LIGHT

NAMES = ("glow", "haul", "fyp", "deal")
UNKNOWN = np.full(4, np.nan)
CLEAR = np.array([True, False, False, True])


@dataclass
class Some:
    n: np.ndarray
    effect: np.ndarray
    low: np.ndarray
    high: np.ndarray
    uploaders: np.ndarray | None = None


def some(*effects: float, n: tuple[int, ...] = (40, 10, 900, 25)) -> Some:
    middle = np.array(effects)
    return Some(np.array(n, dtype=float), middle, middle - 0.1, middle + 0.1, np.array(n) // 2)


EFFECTS = some(0.4, 0.05, -0.02, -0.3)


def points(figure: go.Figure) -> dict[str, list[int]]:
    return {trace.name: list(trace.customdata) for trace in figure.data}


def test_clear_hashtags_have_their_colour_name_and_interval() -> None:
    figure = effects_chart(NAMES, EFFECTS, CLEAR, UNKNOWN)
    assert points(figure) == {"not clear": [1, 2], "clearly below": [3], "clearly above": [0]}
    above = figure.data[2]
    assert above.error_y.array[0] == pytest.approx(0.1)
    assert figure.data[0].error_y.array is None
    assert {a.text for a in figure.layout.annotations} == {"#glow", "#deal"}
    assert above.marker.color == LIGHT.accent


def test_the_finding_names_the_best_with_its_interval_and_no_cause() -> None:
    said = themes.finding(effects_chart(NAMES, EFFECTS, CLEAR, UNKNOWN))
    assert said.startswith("Videos with #glow got about ×1.49 (×1.35–×1.65) what comparable videos without it got")
    assert said.endswith("1 clearly above ×1 and 1 clearly below")
    only_below = effects_chart(NAMES, EFFECTS, np.array([False, False, False, True]), UNKNOWN)
    assert "No hashtag is clearly above" in themes.finding(only_below)
    none = effects_chart(NAMES, EFFECTS, np.zeros(4, dtype=bool), UNKNOWN)
    assert themes.finding(none) == "No hashtag is clearly above or below the rest"
    raw = effects_chart(NAMES, EFFECTS, CLEAR, UNKNOWN, "raw")
    assert "the popularity of the average video" in themes.finding(raw)
    zh = effects_chart(NAMES, EFFECTS, CLEAR, UNKNOWN, theme=DARK, lang="zh")
    assert "可比视频" in themes.finding(zh)


def test_where_crowding_is_known_it_is_the_axis_and_the_rest_is_left_out() -> None:
    figure = effects_chart(NAMES, EFFECTS, CLEAR, np.array([2000.0, np.nan, 500.0, 9000.0]))
    assert sorted(place for places in points(figure).values() for place in places) == [0, 2, 3]
    assert "less crowded" in figure.layout.xaxis.title.text
    assert "2k views for each person using it" in figure.data[2].hovertext[0]
    without = effects_chart(NAMES, EFFECTS, CLEAR, UNKNOWN)
    assert without.layout.xaxis.title.text == "Videos with it"
    assert "views" not in without.data[2].hovertext[0]


def test_the_hover_has_the_number_of_videos_and_kols() -> None:
    hover = effects_chart(NAMES, EFFECTS, CLEAR, UNKNOWN).data[2].hovertext[0]
    assert "<b>#glow</b>" in hover
    assert "90% interval ×1.35 to ×1.65" in hover
    assert "40 videos of 20 KOLs" in hover


def test_names_never_lie_on_each_other() -> None:
    random = np.random.default_rng(3)
    effects = some(*random.normal(0.5, 0.05, 200), n=tuple(random.integers(5, 900, 200)))
    figure = effects_chart([f"t{i}" for i in range(200)], effects, np.ones(200, dtype=bool), np.full(200, np.nan))
    places = np.array([(a.x, a.y) for a in figure.layout.annotations])
    assert 2 < len(places) <= 14
    assert len(np.unique(places.round(4), axis=0)) == len(places)
    assert short("x" * 40) == "x" * 19 + "…"


def week(start: date, mean: float, reach: float = 0.1) -> dict:
    return {"start": start, "n": 9, "mean": mean, "low": mean - reach, "high": mean + reach}


def test_weeks_say_how_many_of_them_tell() -> None:
    weeks = [week(date(2026, 9, 7), 1.3), week(date(2026, 9, 14), 1.02), week(date(2026, 9, 21), 0.7)]
    point = {"local_time": datetime(2026, 9, 8, 20, 5), "name": "Mia", "score": 1234.0, "over": 2.0}
    figure = weeks_chart("glow", [point], weeks)
    assert "above what is expected in 1 of 3 weeks and below it in 1" in themes.finding(figure)
    assert figure.data[0].hovertext[0] == "Mia<br>2026-09-08 20:05<br>popularity 1.2k, ×2.00 of expected"
    assert "week of 2026-09-14" in figure.data[2].hovertext[1]
    assert themes.alt(figure).startswith("Videos with #glow over 3 weeks")


@pytest.mark.parametrize("links", [0, 2])
def test_the_network_draws_its_links_and_names_the_closest_pair(links: int) -> None:
    association = SimpleNamespace(
        videos=np.array([8, 5])[:links], lift=np.array([20.0, 3.0])[:links], npmi=np.array([0.6, 0.1])[:links]
    )
    place = np.array([[0.0, 0], [1, 0], [0, 1], [-1, -1]])
    network = SimpleNamespace(
        nodes=np.arange(4), place=place, one=np.array([0, 1])[:links], other=np.array([1, 2])[:links],
        association=association,
    )  # fmt: skip
    figure = network_chart(network, NAMES, np.array([40, 10, 90, 25]), EFFECTS.effect, CLEAR)
    nodes = next(trace for trace in figure.data if trace.name == "tags")
    assert list(nodes.customdata) == [0, 1, 2, 3]
    assert list(nodes.marker.color)[1:3] == [LIGHT.muted] * 2
    drawn = sum(np.isfinite(trace.x).sum() // 2 for trace in figure.data if trace.name != "tags")
    assert drawn == links
    said = themes.finding(figure)
    if links:
        assert said == "#glow and #haul go together most closely: 8 videos have both, ×20.0 what chance would give"
        assert "goes with #glow, #fyp" in nodes.hovertext[1]
    else:
        assert said == "None of these hashtags clearly go together"
