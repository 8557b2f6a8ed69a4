"""The paper's tables from kept evaluations: nothing is lost, signs are kept, gaps are gaps."""

import math
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from given_evaluation import evaluation, row

from mtaf_core.evaluation import paper, results, tables
from mtaf_core.evaluation.bootstrap import MEASURES


@pytest.fixture
def document():
    return evaluation().document


class TestHeadline:
    def test_it_is_of_the_method_whose_range_was_measured(self, document):
        told = tables.headline(document)
        assert told.method == "MTAF+"
        assert told.explained == pytest.approx(1 - 0.8 / 2.4)
        assert told.typical_factor == pytest.approx(math.exp(0.9 * 0.8**0.5))
        assert (told.level, told.coverage) == (0.9, 0.896)

    def test_the_gain_over_the_best_other_row_has_its_interval_as_shares(self, document):
        told = tables.headline(document)
        assert told.best_other == "CatBoost"
        assert told.gain == pytest.approx(1 - 0.8 / 0.85)
        assert (told.gain_low, told.gain_high) == (pytest.approx(0.01), pytest.approx(0.1))

    def test_a_bundle_that_answers_with_another_method_is_told_of(self, document):
        told = tables.headline(document, answering="MTAF")
        assert told.method == "MTAF"
        assert told.coverage is None, "the range is not that method's"
        assert told.best_other == "MTAF+"
        assert told.gain < 0
        assert told.gain_low is None, "the interval is of another pair"

    def test_a_method_that_was_not_measured_is_not_answered_with(self, document):
        assert tables.headline(document, answering="Mean").method == "MTAF+"

    def test_without_a_stack_it_is_the_smallest_error_and_never_an_ablation(self, document):
        rows = [one for one in document["rows"] if one["method"] != "MTAF+"]
        rows.append(row("MTAF-S", 0.01, "ablation"))
        told = tables.headline(document | {"rows": rows, "interval": {"of": None}, "comparison": None})
        assert told.method == "CatBoost"

    def test_one_row_alone_has_nothing_to_be_compared_with(self, document):
        told = tables.headline(document | {"rows": [row("LR", 1.0)], "interval": {}})
        assert (told.method, told.best_other, told.gain) == ("LR", None, None)


class TestScores:
    def test_every_method_but_the_ablations_has_its_row_in_order(self, document):
        table = tables.scores(document)
        assert table["method"].tolist() == ["LR", "XGBR", "CatBoost", "MTAF", "MTAF+"]

    def test_values_intervals_spread_and_the_papers_stand_in_columns_of_numbers(self, document):
        table = tables.scores(document).set_index("method")
        assert table.loc["XGBR", "MSE"] == 0.9
        assert table.loc["XGBR", ["MSE_low", "MSE_high"]].tolist() == pytest.approx([0.81, 0.99])
        assert table.loc["XGBR", "MSE_paper"] == paper.TABLE_2["XGBR"]["MSE"]
        assert np.isnan(table.loc["CatBoost", "MSE_paper"])
        assert (table.loc["MTAF", "seeds"], table.loc["MTAF", "MSE_sd"]) == (3, 0.02)
        assert np.isnan(table.loc["LR", "MSE_sd"])
        assert all(table[measure].dtype == float for measure in MEASURES)

    def test_with_days_observed_the_paper_is_that_of_table_4(self):
        table = tables.scores(evaluation(2).document).set_index("method")
        assert table.loc["MTAF", "MSE_paper"] == paper.TABLE_4["MTAF"]["MSE"]
        assert np.isnan(table.loc["XGBR", "MSE_paper"])

    def test_a_measure_that_is_not_defined_is_a_gap(self, document):
        first = {**document["rows"][0], "SRCC": None}
        first["ci95"] = first["ci95"] | {"SRCC": None}
        table = tables.scores(document | {"rows": [first, *document["rows"][1:]]})
        assert table[["SRCC", "SRCC_low"]].iloc[0].isna().all()


class TestAblation:
    def test_changes_keep_their_sign(self, document):
        table = tables.ablation(document).set_index("letter")
        assert table.index.tolist() == ["N", "T", "A", "V"]
        assert table.loc["N", "masked_change"] == pytest.approx(2.2 / 0.88 - 1)
        assert table.loc["A", "masked_change"] < 0
        assert table.loc["A", "retrained_change"] == pytest.approx(0.84 / 0.88 - 1)
        assert table.loc["N", "paper_change"] == pytest.approx(2.978 / 1.139 - 1)

    def test_masked_alone_leaves_gaps(self, document):
        rows = [{k: v for k, v in one.items() if k != "retrained"} for one in document["rows"]]
        table = tables.ablation(document | {"rows": rows})
        assert table["retrained_change"].isna().all()
        assert table["masked_change"].notna().all()

    def test_there_is_none_without_the_whole_network(self, document):
        rows = [one for one in document["rows"] if one["method"] != "MTAF"]
        assert tables.ablation(document | {"rows": rows}).empty

    def test_the_paper_reported_none_with_days_observed(self):
        assert tables.ablation(evaluation(2).document)["paper_change"].isna().all()


def test_days_stand_below_each_other():
    table = tables.by_days([evaluation(0).document, evaluation(2).document])
    assert table.groupby("method")["observed_days"].apply(list)["MTAF"] == [0, 2]
    assert table.groupby("method")["observed_days"].apply(list)["Persistence"] == [2]
    assert tables.by_days([]).empty


def test_the_learning_curve_has_a_row_a_size_and_method(document):
    table = tables.learning_curve(document)
    assert table["n_train"].tolist() == [112, 112, 336, 336, 560, 560]
    assert tables.learning_curve(document | {"learning_curve": None}).empty


def test_the_best_depends_on_which_end_is_better():
    values = pd.Series([2.0, np.nan, 1.0, 3.0], index=["a", "b", "c", "d"])
    assert (tables.best(values, "MSE"), tables.best(values, "SRCC")) == (2, 3)
    assert tables.best(pd.Series([np.nan]), "MSE") is None


class TestOfBundle:
    METRICS = {  # noqa: RUF012
        "1": {"n_test": 9, "rows": [{"method": "B", "MSE": 0.5}], "interval": {"coverage": 0.91}},
        "0": {
            "n_test": 10,
            "rows": [{"method": "A", "MSE": 1.0, "SRCC": None}, {"method": "Mean", "MSE": 2.0}],
            "interval": {"level": 0.9, "coverage": 0.88},
        },
        "note": {"rows": 3},
    }

    def test_rows_come_by_day_and_the_range_is_of_the_first(self):
        table = tables.of_bundle(self.METRICS)
        assert table["method"].tolist() == ["A", "Mean", "B"]
        assert table["observed_days"].tolist() == [0, 0, 1]
        assert table["coverage"].tolist()[::2] == [0.88, 0.91]
        assert np.isnan(table["coverage"].iloc[1])

    def test_the_first_row_before_release_answers(self):
        assert tables.answering(self.METRICS) == "A"
        assert tables.answering({}) is None


def test_tables_need_neither_torch_nor_tree_libraries():
    code = (
        "import sys; from mtaf_core.evaluation import tables; from mtaf_core.insight import bundles; "
        "print(sorted({'torch', 'xgboost', 'lightgbm', 'catboost', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_real_evaluation_fits_the_tables(before, after):
    for one in (before, after):
        table = tables.scores(one.document)
        assert table[[*MEASURES, "MSE_low", "MSE_high"]].notna().all().all()
        assert len(tables.ablation(one.document)) == sum(r["family"] == "ablation" for r in one.document["rows"])
        assert tables.headline(one.document).method == "MTAF+"
        assert results._is_document(one.document)
    assert set(tables.learning_curve(before.document)["method"]) >= {"MTAF+"}
