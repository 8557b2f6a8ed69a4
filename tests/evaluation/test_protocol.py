import json
import re
from dataclasses import replace

import numpy as np
import pytest

from mtaf_core.errors import BadInput, Cancelled
from mtaf_core.evaluation import methods, paper, tabular
from mtaf_core.evaluation.protocol import Settings, run
from mtaf_core.evaluation.splits import cut
from mtaf_core.evaluation.task import NotHere, Task
from mtaf_core.jobs import stoppable
from mtaf_core.model.metrics import scorecard
from mtaf_core.model.plus import Plus

MEASURES = ("MAE", "MSE", "R2", "SRCC", "NDCG@10")
TABLE_2 = ["SVR", "LR", "RFR", "XGBR", "LGBM", "CatBoost", "MTAF-Att", "MTAF", "MTAF+"]
TABLE_3 = ["MTAF-N", "MTAF-T", "MTAF-A", "MTAF-V", "MTAF"]
TABLE_4 = ["Persistence", "Persistence + growth", "LGBM", "BiGRU", "BiLSTM", "MTAF", "MTAF+"]
NEURAL = {"MTAF", "MTAF-Att", "BiGRU", "BiLSTM"} | {f"MTAF-{letter}" for letter in "NTAVS"}


def rows(evaluation):
    return {row["method"]: row for row in evaluation.document["rows"]}


def test_every_name_of_the_tables_gives_a_row(before, after):
    assert set(TABLE_2 + TABLE_3) <= set(rows(before))
    assert set(TABLE_4) <= set(rows(after))
    assert set(rows(before)) | set(rows(after)) == set(methods.METHODS)
    assert before.document["skipped"] == after.document["skipped"] == []
    for row in [*rows(before).values(), *rows(after).values()]:
        assert all(row[name] is not None and np.isfinite(row[name]) for name in MEASURES)
        assert all(low <= row[name] <= high for name, (low, high) in row["ci95"].items() if name in ("MAE", "MSE"))
        assert row["seconds"] == pytest.approx(row["fit_s"] + row["predict_s"])
        assert row["settings"]


def test_the_document_is_json_and_has_what_the_contract_names(before):
    document = json.loads(json.dumps(before.document, allow_nan=False))
    assert {"split", "n_train", "n_test", "observed_days", "rows", "interval"} <= set(document)
    assert {"level", "coverage", "mean_width"} <= set(document["interval"])
    assert document["n_train"] + document["n_test"] == 229
    assert document["n_test"] == 69


def test_rows_of_networks_are_the_mean_over_seeds_with_their_spread(before, after, small):
    for name, row in [*rows(before).items(), *rows(after).items()]:
        assert ("seeds" in row) == (name in NEURAL)
    row, videos = rows(before)["MTAF"], before.videos
    averaged = scorecard(videos["truth"].to_numpy(), videos["MTAF"].to_numpy())
    assert row["seeds"]["count"] == 2
    assert row["seeds"]["of_their_mean"]["MSE"] == pytest.approx(averaged["MSE"])
    assert averaged["MSE"] < row["MSE"]  # the error of a mean is below the mean of the errors


def test_ablations_are_masked_and_trained_again(before, after):
    for evaluation, letters in ((before, "NTAV"), (after, "NTAVS")):
        for letter in letters:
            row = rows(evaluation)[f"MTAF-{letter}"]
            assert all(np.isfinite(row["retrained"][name]) for name in MEASURES)
            assert row["retrained"]["MSE"] != row["MSE"]
    # Two days of counts tell nearly all; without them a network knows no more than before release.
    assert rows(after)["MTAF-S"]["retrained"]["MSE"] > 2 * rows(after)["MTAF"]["MSE"]


def test_the_early_trend_helps_every_method_that_reads_it(before, after):
    for name in ("LR", "RFR", "XGBR", "LGBM", "MTAF", "MTAF+"):
        assert rows(after)[name]["MSE"] < 0.7 * rows(before)[name]["MSE"]


@pytest.mark.parametrize("k", [0, 2])
def test_no_method_can_see_a_test_outcome_or_a_later_day(small, quick, k):
    frame, vectors = small
    split = cut(frame, observed_days=k)
    random = np.random.default_rng(0)
    score, series = frame.score.copy(), frame.series.copy()
    score[split.test] = random.permutation(score[split.test]) * 7
    series[split.test, k:] = random.permutation(series[split.test, k:]) * 3
    facts = frame.facts.copy()
    facts.loc[split.test, "popularity_label"] = random.normal(5, 1, len(split.test))
    names = [name for name, method in methods.METHODS.items() if method.why_not(k) is None]
    found = []
    for given in (frame, replace(frame, facts=facts, score=score, series=series)):
        task = Task.of(given, vectors, split, k, 0, quick)
        found.append({name: methods.METHODS[name].run(task, lambda share, note: None).predicted for name in names})
    for name in names:
        assert np.isfinite(found[0][name]).all(), name
        np.testing.assert_array_equal(found[0][name], found[1][name], err_msg=name)


def test_the_same_seed_gives_the_same_rows(small, quick):
    settings = Settings(methods="XGBR tuned,MTAF,RFR", seed=4)
    one, two, other = (run(*small, s, quick) for s in (settings, settings, replace(settings, seed=5)))
    kept = [{m: {name: row[name] for name in MEASURES} for m, row in rows(e).items()} for e in (one, two, other)]
    assert kept[0] == kept[1]
    assert all(kept[0][m] != kept[2][m] for m in kept[0])


def test_linear_regression_does_not_explode_on_what_it_has_never_seen(small, quick):
    frame, vectors = small
    split = cut(frame)
    facts = frame.facts.copy()
    facts.loc[split.test, "uploader_follower"] = 1e15
    facts.loc[split.test[:5], "upload_city"] = "a city of tomorrow"
    task = Task.of(replace(frame, facts=facts), vectors, split, 0, 0, quick)
    found = tabular.lr(task, lambda share, note: None).predicted
    assert np.abs(found).max() < 30


def test_linear_regression_does_not_explode_on_more_columns_than_videos(small, quick):
    frame, vectors = small
    split = cut(frame)
    columns = Task.of(frame, vectors, split, 0, 0, quick).features.train.values.shape[1]
    few = replace(split, train=split.train[-columns:])  # as many videos as columns: where least squares is at its worst
    found = tabular.lr(Task.of(frame, vectors, few, 0, 0, quick), lambda share, note: None)
    truth = np.log1p(frame.score[split.test])
    assert "principal components" in found.settings["model"]
    assert ((found.predicted[0] - truth) ** 2).mean() < 4 * truth.var()


def test_the_learning_curve_keeps_the_latest_and_ends_at_the_rows(before):
    curve = before.document["learning_curve"]
    assert [point["share"] for point in curve] == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert [point["n_train"] for point in curve] == [32, 64, 96, 128, 160]
    (tree,) = set(curve[-1]["methods"]) - {"MTAF+"}
    assert curve[-1]["methods"][tree]["MSE"] == rows(before)[tree]["MSE"]
    assert curve[0]["methods"] == {}  # too few to learn from


def test_a_method_that_does_not_apply_is_skipped_with_its_reason(small, quick):
    found = run(*small, Settings(methods="LR,BiGRU"), quick)
    assert list(rows(found)) == ["LR"]
    assert found.document["skipped"][0]["method"] == "BiGRU"
    assert "--observed-days" in found.document["skipped"][0]["why"]
    with pytest.raises(BadInput, match="BiGRU"):
        run(*small, Settings(methods="BiGRU"), quick)


def test_a_library_that_is_not_here_costs_its_row_alone(small, quick, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "catboost", None)
    task = Task.of(*small, cut(small[0]), 0, 0, quick)
    with pytest.raises(NotHere, match="catboost"):
        tabular.catboost(task, lambda share, note: None)
    found = run(*small, Settings(methods="CatBoost,LR"), quick)
    assert list(rows(found)) == ["LR"]
    assert found.document["skipped"][0]["method"] == "CatBoost"


def test_names_are_read_kindly_and_an_unknown_one_is_answered_with_the_choices():
    assert [m.name for m in methods.chosen(" mtaf+ ,LR", 0, False)] == ["LR", "MTAF+"]
    assert "MTAF" in [m.name for m in methods.chosen("LR", 0, True)]
    with pytest.raises(BadInput, match=re.escape("There is no method 'LGBMX'; choose from: all, SVR, LR")):
        methods.chosen("LR,LGBMX", 0, False)
    with pytest.raises(BadInput, match="empty"):
        methods.chosen(" , ", 0, False)


@pytest.mark.parametrize(("changed", "says"), [({"observed_days": 6}, "--observed-days"), ({"seed": -1}, "--seed")])
def test_settings_out_of_range_are_refused(small, quick, changed, says):
    with pytest.raises(BadInput, match=says):
        run(*small, replace(Settings(methods="LR"), **changed), quick)


def test_progress_tells_how_far_it_is_and_can_stop_it(small, quick):
    steps = []
    run(*small, Settings(methods="LR,XGBR tuned,MTAF"), quick, steps.append)
    shares = [step.done for step in steps]
    assert shares == sorted(shares)
    assert shares[-1] <= 100
    assert any("trial 2 of 2" in step.note for step in steps)
    with pytest.raises(Cancelled):
        run(*small, Settings(methods="MTAF"), quick, stoppable(lambda step: None, lambda: len(steps) > 0))


def test_the_range_of_the_stack_is_measured_on_the_test_videos(small, quick, monkeypatch):
    def interval(self, log_score, observed_days, level=0.9):
        assert level == 0.9
        return np.expm1(np.maximum(log_score - 1, 0)), np.expm1(log_score + 1)

    monkeypatch.setattr(Plus, "interval", interval, raising=False)
    found = run(*small, Settings(methods="MTAF+"), quick)
    told, videos = found.document["interval"], found.videos
    held = (videos["truth"] - videos["MTAF+"]).abs() <= 1
    assert told["coverage"] == pytest.approx(held.mean())
    assert told["mean_width"] == pytest.approx(2.0)
    assert told["of"] == "MTAF+"
    assert sum(row["n"] for row in told["by_decile"]) == len(videos)
    assert {row["tier"] for row in told["by_tier"]} == set(videos["tier"])


def test_the_paper_is_quoted_for_its_own_rows():
    assert paper.reported("MTAF", 0)["MSE"] == 1.139
    assert paper.reported("MTAF", 3)["MSE"] == 0.019
    assert paper.reported("MTAF-N", 0)["SRCC"] == 0.538
    assert paper.reported("CatBoost", 0) is None


def test_svr_learns_from_the_latest_videos_of_a_large_market(small, quick, monkeypatch):
    monkeypatch.setattr(tabular, "MOST_SVR_ROWS", 60)
    frame, vectors = small
    split = cut(frame)
    score = frame.score.copy()
    score[split.train[:-60]] *= 50
    found = []
    for given in (frame, replace(frame, score=score)):
        task = Task.of(given, vectors, split, 0, 0, quick)
        found.append(tabular.svr(task, lambda share, note: None))
    assert found[0].settings["learnt_from"] == 60
    np.testing.assert_array_equal(found[0].predicted, found[1].predicted)
