"""Charts of how good the forecast is: they say what they found, in both languages, and draw what they were given."""

import math

import numpy as np
import pandas as pd
import pytest
from given_evaluation import evaluation, forecasts

from mtaf_core.charts.ablation import ablation_chart
from mtaf_core.charts.fit import MOST_POINTS, fit_chart, reliability_chart, sampled
from mtaf_core.charts.residuals import BY, group_name, groups_chart, residuals_chart
from mtaf_core.charts.scores import measure_name, scores_chart, signed, written
from mtaf_core.charts.theme import DARK, LIGHT, alt, finding
from mtaf_core.charts.trends import curve_chart, days_chart
from mtaf_core.charts.words import LANGUAGES
from mtaf_core.evaluation import diagnostics, tables
from mtaf_core.evaluation.bootstrap import MEASURES


@pytest.fixture
def table():
    return tables.scores(evaluation().document)


@pytest.fixture
def videos():
    return forecasts(2_400)


class TestScores:
    def test_the_best_method_is_named_and_on_top(self, table):
        figure = scores_chart(table)
        assert finding(figure) == "MTAF+ has the lowest MSE, 0.800; next is CatBoost with 0.850"
        assert figure.data[0].y[0] == "MTAF+"
        assert figure.layout.yaxis.categoryarray[0] == "MTAF+"
        assert "MTAF+ 0.800, CatBoost 0.850" in alt(figure)

    def test_for_a_measure_that_should_be_large_the_highest_is_best(self, table):
        assert finding(scores_chart(table, "R2")).startswith("MTAF+ has the highest R²")

    def test_whiskers_are_the_intervals(self, table):
        bar = scores_chart(table).data[0].error_x
        assert bar.array[0] == pytest.approx(0.08)
        assert bar.arrayminus[0] == pytest.approx(0.08)

    def test_the_paper_has_a_panel_of_its_own_only_where_it_reported(self, table):
        paper = [trace for trace in scores_chart(table).data if trace.name == "paper"]
        assert list(paper[0].y) == ["MTAF", "XGBR", "LR"]
        assert paper[0].xaxis == "x2"
        alone = scores_chart(table[table["method"] == "CatBoost"])
        assert not [trace for trace in alone.data if trace.name == "paper"]
        assert finding(alone) == "CatBoost has MSE 0.850"

    def test_an_axis_of_very_different_errors_is_logarithmic(self, table):
        assert scores_chart(table).layout.xaxis.type is None
        wide = table.assign(MSE=[90.0, *table["MSE"][1:]], MSE_high=[95.0, *table["MSE_high"][1:]])
        axis = scores_chart(wide).layout.xaxis
        assert axis.type == "log"
        assert axis.range[0] < math.log10(0.72) < math.log10(95) < axis.range[1]


class TestAblation:
    def test_what_matters_most_is_named_and_what_is_better_left_out_too(self):
        said = finding(ablation_chart(tables.ablation(evaluation().document)))
        assert said.startswith("Context matters most: without it MSE changes by +150% (masked) or +161% (trained")
        assert said.endswith("without Sound it gets better (−4.5%)")

    def test_both_kinds_and_the_paper_stand_side_by_side_with_their_signs(self):
        figure = ablation_chart(tables.ablation(evaluation().document))
        assert [trace.name for trace in figure.data] == ["masked", "trained without", "the paper, masked"]
        assert figure.data[0].text[2] == "−1.1%"
        assert figure.layout.xaxis.range[0] < -0.045

    def test_for_a_measure_that_should_be_large_a_fall_is_what_matters(self):
        assert finding(ablation_chart(tables.ablation(evaluation().document, "R2"), "R2")).startswith("Context matters")


class TestTrends:
    def test_more_days_are_a_line_a_method(self):
        table = tables.by_days([evaluation(0).document, evaluation(2).document])
        figure = days_chart(table, "MTAF+", also=("MTAF",))
        assert finding(figure) == "With 2 days observed, MTAF+ has MSE 0.200; before any it had 0.800"
        assert {trace.name for trace in figure.data} == set(table["method"])
        assert figure.data[-1].name == "MTAF+", "the line the finding is about lies on top"
        assert {trace.name for trace in figure.data if trace.showlegend} == {"MTAF", "MTAF+"}

    def test_more_videos_help_or_have_levelled_off(self):
        table = tables.learning_curve(evaluation().document)
        assert "more data still helps" in finding(curve_chart(table, "MTAF+"))
        flat = table.assign(MSE=0.8)
        assert "it has levelled off" in finding(curve_chart(flat, "MTAF+"))

    def test_a_method_that_is_not_in_the_curve_gives_way_to_one_that_is(self):
        assert "MTAF+" in finding(curve_chart(tables.learning_curve(evaluation().document), "another"))


class TestFit:
    def test_at_most_two_thousand_points_are_drawn_the_same_each_time(self, videos):
        figure = fit_chart(videos, "MTAF", 6)
        (points,) = [trace for trace in figure.data if trace.mode == "markers"]
        assert len(points.x) == MOST_POINTS
        assert sampled(videos)["video_id"].tolist() == sampled(videos)["video_id"].tolist()
        assert len(sampled(videos.head(10))) == 10

    def test_the_finding_is_of_all_videos(self, videos):
        off = np.exp(np.abs(videos["MTAF"] - videos["truth"]))
        assert f"within ×{off.median():.2f} of the real score" in finding(fit_chart(videos, "MTAF", 6))

    def test_points_are_told_apart_by_the_range_where_there_is_one(self, videos):
        figure = fit_chart(videos, "MTAF+", 6, level=0.9)
        inside, outside = (trace for trace in figure.data if trace.mode == "markers")
        held = len(inside.x) / (len(inside.x) + len(outside.x))
        assert held == pytest.approx(0.9, abs=0.02)
        assert all(abs(x - y) <= 1.0 + 1e-6 for x, y in zip(inside.x, inside.y, strict=True))
        assert "lie in the 90% range" in alt(figure)

    def test_scores_of_zero_have_a_place(self):
        few = forecasts(20).assign(truth=0.0, MTAF=0.0)
        figure = fit_chart(few, "MTAF", 6)
        assert "0" in figure.layout.xaxis.ticktext

    def test_reliability_names_the_largest_gap_or_that_there_is_none(self, videos):
        good = reliability_chart(diagnostics.calibration(videos, "MTAF+"), "MTAF+")
        assert "Groups do as foretold" in finding(good) or "the largest gap" in finding(good)
        off = diagnostics.calibration(videos.assign(MTAF=videos["MTAF"] + 1), "MTAF")
        assert "the largest gap, ×0." in finding(reliability_chart(off, "MTAF"))
        exact = diagnostics.calibration(videos.assign(MTAF=videos["truth"]), "MTAF")
        assert finding(reliability_chart(exact, "MTAF")).startswith("Groups do as foretold")


class TestGroups:
    @pytest.mark.parametrize("by", BY)
    def test_every_group_has_its_error_and_how_often_the_range_held(self, videos, by):
        errors = diagnostics.errors_by(videos, "MTAF+", by)
        held = diagnostics.coverage(videos)[f"by_{by}"]
        figure = groups_chart(errors, held, by, 0.9)
        bars, dots = figure.data
        assert len(bars.x) == len(dots.x) == len(errors)
        assert sorted(bars.x) == pytest.approx(sorted(errors["MAE"]))
        named = {group_name(by, one[by], 10): one["coverage"] for one in held}
        assert dict(zip(dots.y, dots.x, strict=True)) == pytest.approx(named)

    def test_without_a_range_only_errors_are_drawn(self, videos):
        figure = groups_chart(diagnostics.errors_by(videos, "MTAF", "tier"), [], "tier", None)
        assert len(figure.data) == 1
        assert list(figure.data[0].y) == ["head", "waist", "tail", "nano", "unknown followers"]

    def test_a_group_of_few_is_never_the_finding(self):
        errors = pd.DataFrame(
            {"group": ["head", "tail", "nano"], "n": [200, 300, 3], "MAE": [0.5, 0.9, 3.0], "bias": [0, 0, 0]}
        )
        assert finding(groups_chart(errors, [], "tier", None)).startswith("Typical error is largest in “tail” (×2.46)")

    def test_groups_that_do_not_differ_are_said_to_be_alike(self):
        errors = pd.DataFrame({"group": [False, True], "n": [90, 90], "MAE": [0.5, 0.52], "bias": [0, 0]})
        assert "much the same in every group" in finding(groups_chart(errors, [], "uploader_seen", None))


class TestOverTime:
    def test_a_lean_of_the_latest_videos_is_told_with_its_direction(self, videos):
        late = videos["created_at"] > videos["created_at"].quantile(0.7)
        for shift, said in ((0.0, "No drift"), (0.5, "do better than foretold"), (-0.5, "do worse than foretold")):
            moved = videos.assign(truth=videos["truth"] + shift * late)
            assert said in finding(residuals_chart(diagnostics.residuals_over_time(moved, "MTAF+")))

    def test_few_videos_that_lean_by_chance_are_no_lean(self):
        groups = pd.DataFrame(
            {
                "from": pd.to_datetime(["2026-10-01", "2026-10-02"], utc=True),
                "to": pd.to_datetime(["2026-10-02", "2026-10-03"], utc=True),
                "n": [4, 4], "mean": [0.0, 0.3], "q10": [-1.0, -1.0], "q50": [0.0, 0.3], "q90": [1.0, 1.4],
            }
        )  # fmt: skip
        assert "No drift" in finding(residuals_chart(groups))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_every_chart_speaks_both_languages_and_is_drawn_in_both_modes(lang, theme, videos):
    document, looks = evaluation().document, {"theme": theme, "lang": lang}
    figures = [scores_chart(tables.scores(document), measure, **looks) for measure in MEASURES]
    figures += [
        ablation_chart(tables.ablation(document), **looks),
        days_chart(tables.by_days([document]), "MTAF+", **looks),
        curve_chart(tables.learning_curve(document), "MTAF+", **looks),
        fit_chart(videos, "MTAF+", 6, level=0.9, **looks),
        reliability_chart(diagnostics.calibration(videos, "MTAF+"), "MTAF+", **looks),
        residuals_chart(diagnostics.residuals_over_time(videos, "MTAF+"), **looks),
        groups_chart(diagnostics.errors_by(videos, "MTAF+", "decile"), [], "decile", None, **looks),
    ]
    for figure in figures:
        assert finding(figure)
        assert len(alt(figure)) > 20
        assert ("热" in alt(figure) + finding(figure) or any("一" <= c <= "鿿" for c in alt(figure))) == (lang == "zh")


def test_nothing_to_show_is_said():
    empty = pd.DataFrame()
    figures = [
        scores_chart(empty), ablation_chart(empty), days_chart(empty, "MTAF"), curve_chart(empty, "MTAF"),
        fit_chart(forecasts(0), "MTAF", 6), reliability_chart(empty, "MTAF"), residuals_chart(empty),
        groups_chart(empty, [], "tier", None),
    ]  # fmt: skip
    for figure in figures:
        assert finding(figure) == "Nothing to show yet"
        assert not figure.data


def test_numbers_keep_what_matters():
    assert (written(0.87751), written(0.00181), written(0.0), written(float("nan"))) == (
        "0.878",
        "0.0018",
        "0.000",
        "–",
    )
    assert (signed(0.7234), signed(-0.0258), signed(0.0), signed(None)) == ("+72%", "−2.6%", "0.0%", "–")
    assert measure_name("R2") == "R²"
