"""The week as a heat map: thin cells are hatched, the best are named with intervals, or none is."""

from types import SimpleNamespace

import numpy as np
import pytest

from mtaf_core.charts import theme as themes
from mtaf_core.charts.slots import margin_chart, slot_label, week_chart

NOTHING = np.zeros(168, dtype=bool)


def week(**changed: float) -> SimpleNamespace:
    n, effect = np.full(168, 50.0), np.zeros(168)
    for name, value in changed.items():
        effect[int(name[1:])] = value
    return SimpleNamespace(n=n, effect=effect, low=effect - 0.05, high=effect + 0.05, uploaders=n.astype(int) // 5)


def trace(figure, name: str):
    return next(one for one in figure.data if one.name == name)


def test_a_slot_is_called_by_its_day_and_hour() -> None:
    assert slot_label(24 * 5 + 9) == "Saturday 09:00"
    assert slot_label(24 * 5 + 9, "zh") == "周六 09:00"


def test_the_best_slots_are_named_with_intervals_and_framed() -> None:
    effects = week(s141=0.3, s20=0.2)
    figure = week_chart(effects, effects.effect > 0, [141, 20], 10, chosen=3)
    said = themes.finding(figure)
    assert said.startswith("Saturday 21:00 goes with the most: ×1.35 (×1.28–×1.42) the average video")
    assert "then Monday 20:00 ×1.22 (×1.16–×1.28)" in said
    frames = {(shape.x0 + 0.5, shape.y0 + 0.5): shape.line.width for shape in figure.layout.shapes}
    assert frames == {(21, 5): 1.5, (20, 0): 1.5, (3, 0): 3.0}
    assert figure.data[0].z[5][21] == pytest.approx(0.3)


def test_where_none_is_better_the_finding_says_so() -> None:
    assert (
        themes.finding(week_chart(week(), NOTHING, [], 10)) == "No slot of the week is clearly better than the others"
    )
    empty = week()
    empty.n[:] = 0
    assert themes.finding(week_chart(empty, NOTHING, [], 10)) == "No video has a known popularity here"


def test_thin_cells_are_hatched_within_their_borders_and_said_so() -> None:
    effects = week()
    effects.n[[30, 167]] = 3
    figure = week_chart(effects, NOTHING, [], 10)
    strokes = trace(figure, "thin")
    cells = {(round(x), round(y)) for x, y in zip(strokes.x, strokes.y, strict=True) if x is not None}
    assert cells == {(6, 1), (23, 6)}
    spread = [abs(x - round(x)) for x in strokes.x if x is not None]
    assert max(spread) <= 0.4501
    hover = trace(figure, "slots").hovertext
    assert "few videos: leans on its weekday and hour" in hover[30]
    assert "few videos" not in hover[31]
    assert (
        "drawn towards the average" in trace(week_chart(effects, NOTHING, [], 10, None, "raw"), "slots").hovertext[30]
    )
    assert "2 slots have fewer than 10 videos and are hatched" in themes.alt(figure)


def test_every_cell_can_be_chosen_and_tells_its_numbers() -> None:
    cells = trace(week_chart(week(), NOTHING, [], 10), "slots")
    assert list(cells.customdata) == list(range(168))
    assert (cells.x[45], cells.y[45]) == (21, 1)
    assert cells.hovertext[45] == "<b>Tuesday 21:00</b><br>×1.00 (90% interval ×0.95 to ×1.05)<br>50 videos of 10 KOLs"


@pytest.mark.parametrize(
    ("of", "effect", "said"),
    [
        ("hours", 0.3, "21:00 is the best hour: ×1.35 (×1.28–×1.42)"),
        ("hours", -0.3, "No hour is clearly better; 21:00 is clearly worse: ×0.74 (×0.70–×0.78)"),
        ("hours", 0.0, "No hour is clearly better or worse"),
        ("days", 0.3, "Thursday is the best day: ×1.35 (×1.28–×1.42)"),
        ("days", 0.0, "No day is clearly better or worse"),
    ],
)
def test_days_and_hours_say_what_is_clear(of: str, effect: float, said: str) -> None:
    size, place = (24, 21) if of == "hours" else (7, 3)
    values = np.zeros(size)
    values[place] = effect
    effects = SimpleNamespace(
        n=np.full(size, 9.0), effect=values, low=values - 0.05, high=values + 0.05, uploaders=None
    )
    figure = margin_chart(effects, values != 0, of)
    assert themes.finding(figure) == said
    assert len(figure.data[-1].x) == size
    assert themes.finding(margin_chart(effects, values != 0, of, lang="zh")) != said
