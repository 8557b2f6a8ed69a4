"""Histograms with a fitted normal: bars as counted, zeros apart, and a finding that follows the KS distance."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from mtaf_core.charts.distributions import distribution_chart, fitted_counts
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
