"""Histograms with a fitted normal: bars as counted, zeros apart, and a finding that follows the KS distance."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy import stats

from mtaf_core.charts.distributions import brushed_range, distribution_chart, fitted_counts, zero_place
from mtaf_core.charts.groups import groups_chart
from mtaf_core.charts.parts import parts_chart
from mtaf_core.charts.quantiles import quantile_chart
from mtaf_core.charts.theme import alt, finding


@dataclass(frozen=True)
class Counted:
    feature: str = "uploader_follower"
    part: str = ""
    unit: str = "uploader"
    log: bool = True
    n: int = 110
    zeros: int = 10
    edges: np.ndarray = None
    counts: np.ndarray = None
    mean: float = 4.0
    sd: float = 0.5
    median: float = 9_000.0
    ks: float = 0.03


@pytest.fixture
def counted() -> Counted:
    edges = np.linspace(2.5, 5.5, 13)
    bell = np.exp(-0.5 * (((edges[:-1] + edges[1:]) / 2 - 4.0) / 0.5) ** 2)
    return Counted(edges=edges, counts=np.round(100 * bell / bell.sum()).astype(np.int64))


def trace(figure, name: str):
    return next((t for t in figure.data if t.name == name), None)


def test_bars_are_the_counts_and_zeros_have_their_own(counted: Counted) -> None:
    figure = distribution_chart(counted)
    assert list(trace(figure, "values").y) == counted.counts.tolist()
    assert list(trace(figure, "zeros").y) == [10]
    assert trace(figure, "zeros").x[0] < counted.edges[0]
    assert trace(distribution_chart(replace(counted, zeros=0)), "zeros") is None


def test_the_fitted_normal_holds_as_many_values_as_the_bars(counted: Counted) -> None:
    middles = (counted.edges[:-1] + counted.edges[1:]) / 2
    assert fitted_counts(counted, middles).sum() == pytest.approx(counted.counts.sum(), rel=0.01)


@pytest.mark.parametrize(("ks", "said"), [(0.03, "close to"), (0.07, "roughly"), (0.3, "far from")])
def test_the_finding_follows_the_distance(counted: Counted, ks: float, said: str) -> None:
    assert finding(distribution_chart(replace(counted, ks=ks))) == f"Followers: {said} log-normal"


def test_the_finding_on_a_linear_axis_is_about_skew(counted: Counted) -> None:
    linear = replace(counted, log=False, mean=30_000.0, sd=2e4, edges=np.linspace(0, 1e5, 13))
    assert finding(distribution_chart(linear)) == "Followers: half lie below 9k, the mean is 30k"


def test_log_ticks_are_round_counts(counted: Counted) -> None:
    axis = distribution_chart(counted).layout.xaxis
    assert list(axis.ticktext) == ["0", "1k", "10k", "100k"]
    narrow = replace(counted, zeros=0, edges=np.linspace(np.log10(18), np.log10(44), 13))
    assert set(distribution_chart(narrow).layout.xaxis.ticktext) <= {"20", "30", "40"}


def test_the_words_for_those_who_do_not_see_it(counted: Counted) -> None:
    assert alt(distribution_chart(counted)) == (
        "Histogram of Followers over 110 KOLs; 10 are zero. Mean 10k, KS distance to the fitted normal 0.03."
    )


def test_nothing_known_is_said(counted: Counted) -> None:
    empty = replace(counted, n=0, edges=np.empty(0), counts=np.empty(0, dtype=np.int64))
    assert finding(distribution_chart(empty, lang="zh")) == "暂无数据"


def test_a_brush_becomes_a_range_of_values_rounded_outwards(counted: Counted) -> None:
    low, high = brushed_range(counted, np.log10(1234), np.log10(56_789))
    assert (low, high) == (1230, 56_800)
    assert brushed_range(counted, 4.0, 3.0) == (1000, 10_000)


def test_a_brush_over_the_bar_of_zeros_takes_them_in(counted: Counted) -> None:
    zero = zero_place(counted)
    assert brushed_range(counted, zero - 0.1, 4.0) == (0, 10_000)
    assert brushed_range(counted, zero - 0.1, zero + 0.1) == (0, 0)
    assert brushed_range(replace(counted, zeros=0), zero - 0.1, zero + 0.1) is None
    assert brushed_range(counted, 6.0, 7.0) is None


def test_a_brush_on_a_linear_axis_is_the_range_itself(counted: Counted) -> None:
    linear = replace(counted, log=False, edges=np.linspace(0, 1e5, 13))
    assert brushed_range(linear, -500, 12_345) == (0, 12_400)
    assert brushed_range(linear, 2e5, 3e5) is None


def test_large_ones_can_be_brushed_sideways(counted: Counted) -> None:
    layout = distribution_chart(counted, large=True).layout
    assert (layout.dragmode, layout.selectdirection) == ("select", "h")


@dataclass(frozen=True)
class Piece:
    word: str | None
    n: int
    zeros: int
    counts: np.ndarray
    median: float


def test_parts_stand_one_under_the_other_as_shares_of_themselves(counted: Counted) -> None:
    small = np.round(counted.counts / 10).astype(np.int64)
    parts = [
        Piece("head", int(counted.counts.sum()) + 10, 10, counted.counts, 1e4),
        Piece(None, int(small.sum()), 0, small, 2e3),
    ]
    figure = parts_chart(counted, parts, "tier")
    head, unknown = figure.data[:2]
    assert (head.base, unknown.base) == (1, 0)
    assert len(head.x) == np.count_nonzero(counted.counts) + 1
    assert max(head.y) == pytest.approx(max(unknown.y), rel=0.25)
    assert list(figure.layout.yaxis.ticktext) == [f"head · {parts[0].n}", f"unknown · {parts[1].n}"]
    assert finding(figure) == "Followers: highest for head (median 10k), lowest for unknown (2k)"
    medians = trace(figure, "medians")
    assert list(medians.x) == pytest.approx([4.0, np.log10(2e3)])


@dataclass(frozen=True)
class Pairs:
    shares: np.ndarray
    expected: np.ndarray
    observed: np.ndarray


@pytest.mark.parametrize(
    ("bend", "said"),
    [
        (lambda z: z, "as the fitted normal over 100% of the range"),
        (lambda z: np.where(z > 1, z + 3 * (z - 1), z), "the largest are larger than a normal would have them"),
        (lambda z: np.where(z > 0, 0.3 * z, z), "the largest are smaller than a normal would have them"),
        (lambda z: np.where(z < -1, z + 3 * (z + 1), z), "the smallest are smaller than a normal would have them"),
        (lambda z: np.where(z < 0, 0.3 * z, z), "the smallest are larger than a normal would have them"),
    ],
)
def test_the_finding_of_quantiles_says_where_the_normal_is_left(counted: Counted, bend, said: str) -> None:
    shares = np.arange(1, 100) / 100
    z = stats.norm.ppf(shares)
    figure = quantile_chart(counted, Pairs(shares, 4 + 0.5 * z, 4 + 0.5 * bend(z)))
    assert said in finding(figure)
    line, points = figure.data
    assert line.x == line.y
    assert list(points.y) == pytest.approx(list(4 + 0.5 * bend(z)))
    assert "median is 10k" in alt(figure)


def test_without_spread_there_are_no_quantiles_to_draw(counted: Counted) -> None:
    nothing = np.empty(0)
    assert not quantile_chart(counted, Pairs(nothing, nothing, nothing)).data


@dataclass(frozen=True)
class Effects:
    effect: np.ndarray
    low: np.ndarray
    high: np.ndarray
    clear: np.ndarray


@dataclass(frozen=True)
class Groups:
    words: tuple
    effects: Effects
    column: str = "upload_dayofweek"
    videos: np.ndarray = None
    scored: np.ndarray = None
    kols: np.ndarray = None
    adjusted: bool = False


@pytest.fixture
def groups() -> Groups:
    n = np.array([30, 20, 5])
    effect = np.log([1.5, 0.6, 1.1])
    clear = np.array([True, True, False])
    return Groups(("5.0", "0.0", None), Effects(effect, effect - 0.2, effect + 0.2, clear), videos=n, scored=n, kols=n)


def test_groups_are_bars_of_counts_and_dots_with_intervals(groups: Groups) -> None:
    figure = groups_chart(groups)
    bars, dots = figure.data
    assert list(bars.x) == [30, 20, 5]
    assert np.exp(dots.x) == pytest.approx([1.5, 0.6, 1.1])
    assert dots.error_x.array[0] == pytest.approx(0.2)
    assert "×1" in figure.layout.xaxis2.ticktext
    assert list(dots.marker.symbol) == ["circle", "circle", "circle-open"]
    assert list(figure.layout.yaxis.ticktext) == ["Sat", "Mon", "unknown"]
    assert finding(figure) == "Weekday: “Sat” goes with the most popularity, about ×1.50 the typical video"
    assert "could be chance" in dots.customdata[2]


def test_what_could_be_chance_is_no_finding(groups: Groups) -> None:
    unclear = replace(groups, effects=replace(groups.effects, clear=np.zeros(3, dtype=bool)))
    assert finding(groups_chart(unclear)) == (
        "Weekday: no value is clearly more or less popular than the typical video"
    )
    low = replace(groups, effects=replace(groups.effects, clear=np.array([False, True, False])))
    assert "“Mon” goes with the least popularity, about ×0.60" in finding(groups_chart(low))
    assert finding(groups_chart(low, lang="zh")).startswith("星期")
