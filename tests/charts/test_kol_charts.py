"""Charts of KOLs draw what they are given and say it in words."""

import numpy as np
import pandas as pd
import pytest

from mtaf_core.charts import factors, theme
from mtaf_core.charts.kol_compare import audiences_chart, lifts_chart
from mtaf_core.charts.kols import growth_chart, map_chart, patterns_chart, posts_chart

POSTS = pd.DataFrame(
    {
        "video_id": ["a", "b", "c"],
        "local_time": pd.to_datetime(["2026-01-02 10:00", "2026-01-05 20:30", "2026-01-09 08:00"]),
        "description": ["Glow <b>serum</b> " * 20, None, "Tea"],
        "score": [99.0, 9.0, 0.0],
        "expected": [49.0, 19.0, 3.0],
        "lift": np.log([100 / 50, 10 / 20, 1 / 4]),
    }
)
COUNTS = pd.DataFrame(
    {"day": pd.to_datetime(["2026-01-01", "2026-01-08", "2026-01-15"]), "followers": [1000, 1100, 1210]}
)


def test_growth_says_how_much_and_marks_the_videos() -> None:
    figure = growth_chart(COUNTS, POSTS)
    assert theme.finding(figure) == "210 followers gained from 2026-01-01 to 2026-01-15, 10.0% a week; 1.2k now"
    assert list(figure.data[0].y) == [1000, 1100, 1210]
    assert len(figure.data[1].x) == 3
    assert "3 videos" in theme.alt(figure)
    down = growth_chart(COUNTS.assign(followers=[1210, 1100, 1000]), POSTS, lang="zh")
    assert "掉粉" in theme.finding(down)
    assert "Steady" in theme.finding(growth_chart(COUNTS.assign(followers=[1000, 1000, 1000]), POSTS))
    assert not growth_chart(COUNTS.head(1), POSTS).data


def test_every_video_has_a_line_from_what_was_expected_to_what_it_got() -> None:
    figure = posts_chart(POSTS)
    assert theme.finding(figure).startswith("1 of 3 videos got more than expected")
    assert "×0.50 or more" in theme.finding(figure)
    above, below = figure.data[0], figure.data[1]
    assert list(above.y[:2]) == [50.0, 100.0]
    assert list(below.y[:2]) == [20.0, 10.0]
    dots = {name: trace for trace in figure.data if (name := trace.name)}
    assert list(dots["got more"].customdata) == ["a"]
    assert list(dots["got less"].customdata) == ["b", "c"]
    words = dots["got more"].hovertext[0]
    assert "‹b›" in words
    assert len(words.split("<br>")[1]) <= 70
    assert not posts_chart(POSTS.head(0)).data


def test_effects_are_dots_with_intervals_on_an_axis_of_factors() -> None:
    rows = pd.DataFrame(
        {"name": ["#a", "#b"], "n": [7, 3], "effect": np.log([1.8, 0.9]), "low": np.log([1.2, 0.5]),
         "high": np.log([2.7, 1.6]), "clear": [True, False]}
    )  # fmt: skip
    figure = patterns_chart(rows, "The finding", "Axis")
    dots = figure.data[0]
    assert theme.finding(figure) == "The finding"
    assert np.exp(dots.x + dots.error_x.array) == pytest.approx([2.7, 1.6])
    assert list(dots.marker.symbol) == ["circle", "circle-open"]
    assert "n=7" in dots.y[0]
    assert "#a ×1.80 (×1.20–×2.70, n=7)" in theme.alt(figure)
    assert "×1" in figure.layout.xaxis.ticktext


def test_the_map_holds_every_kol_that_has_both_numbers() -> None:
    rows = pd.DataFrame(
        {"key": ["x:1", "x:2", "x:3"], "name": ["A", "B", "C"], "tier": ["head", "nano", "nano"],
         "followers": [2e6, 500, np.nan], "lift": [0.5, -0.2, 0.1], "lift_low": [0.1, -0.5, -0.2],
         "lift_high": [0.9, 0.1, 0.4], "n": [9, 5, 6]}
    )  # fmt: skip
    figure = map_chart(rows, ("head", "waist", "nano"), 40)
    assert [trace.name for trace in figure.data] == ["head", "nano"]
    assert sum(len(trace.x) for trace in figure.data) == 2
    assert theme.finding(figure).startswith("Of 2 KOLs, 1 lie above ×1")
    assert "2 of 40" in theme.alt(figure)


def test_audiences_start_together_and_the_fastest_is_named() -> None:
    late = COUNTS.iloc[1:].assign(followers=[100, 200])
    figure = audiences_chart([("A", COUNTS), ("B", late), ("C", COUNTS.head(1))])
    assert [trace.name for trace in figure.data] == ["A", "B"]
    assert figure.data[0].y[1] == 0
    assert figure.data[1].y[-1] == pytest.approx(1.0)
    assert theme.finding(figure) == "B’s audience grew most since 2026-01-08: +100.0%"


def test_videos_of_several_kols_stand_in_rows_with_their_medians() -> None:
    many = pd.concat([POSTS] * 200, ignore_index=True)
    figure = lifts_chart([("A", POSTS), ("B", many.assign(lift=many["lift"] + 1)), ("C", POSTS.head(0))])
    drawn = [trace for trace in figure.data if trace.name in ("A", "B")]
    assert [len(trace.x) for trace in drawn] == [3, 250]
    assert "Half of B’s 600 videos got ×1.36" in theme.finding(figure)
    assert list(figure.layout.yaxis.ticktext) == ["A<br>n=3", "B<br>n=600"]


@pytest.mark.parametrize(("low", "high"), [(-0.01, 0.01), (-0.3, 0.2), (-2.5, 0.1), (-5, 9), (-0.05, 3)])
@pytest.mark.parametrize("most", [5, 9])
def test_ticks_are_round_factors_within_the_axis_and_few(low: float, high: float, most: int) -> None:
    marks = factors.ticks(low, high, most)
    assert 1.0 in marks
    assert len(marks) <= most
    assert all(low - 1e-6 <= np.log(one) <= high + 1e-6 for one in marks)
    axis = factors.axis(low, high, "Effect", most)
    assert len(axis["tickvals"]) == len(axis["ticktext"]) == len(set(axis["ticktext"]))
    assert axis["range"][0] < min(low, 0) <= max(high, 0) < axis["range"][1]
