"""``evaluate`` as a shell script meets it; methods that take a second stand for all of them."""

import json

import pytest

from mtaf_core.cli import main
from mtaf_core.evaluation import results

QUICK = "LR,LGBM,Ridge residual"


@pytest.fixture
def run(capsys):
    def verb(*arguments):
        status = main(["evaluate", *map(str, arguments)])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return verb


def test_the_json_is_the_contract_and_is_kept(run, own_demo):
    status, out, said = run("--workspace", own_demo.path, "--methods", QUICK, "--json")
    assert status == 0, said
    document = json.loads(out)
    assert document["split"] == "temporal"
    assert document["observed_days"] == 0
    assert document["n_train"] + document["n_test"] == own_demo.store.counts()["videos"]
    assert [row["method"] for row in document["rows"]] == ["LR", "LGBM"]
    assert {"method", "MAE", "MSE", "R2", "SRCC", "NDCG@10", "seconds"} <= set(document["rows"][0])
    assert document["interval"]["level"] == 0.9
    assert document["skipped"][0]["method"] == "Ridge residual"
    assert document["data"]["simulated"] is True
    assert results.latest(own_demo) == document
    assert "evaluate 0/100" in said


def test_words_are_a_table(run, own_demo):
    status, out, _ = run("--workspace", own_demo.path, "--methods", QUICK, "--observed-days", 3, "--split", "random")
    assert status == 0
    lines = out.splitlines()
    assert lines[0].startswith("Day 6, with 3 observed days; random split: 1,120 videos to learn from, 480")
    assert lines[2].split()[:6] == ["MAE", "MSE", "R2", "SRCC", "NDCG@10", "seconds"]
    assert [line[:14].strip() for line in lines[3:6]] == ["LR", "LGBM", "Ridge residual"]
    assert lines[-1] == f"Kept as {results.listed(own_demo)[0]}."


def test_a_date_splits_in_the_zone_of_the_market(run, own_demo):
    status, out, _ = run("--workspace", own_demo.path, "--methods", "LR", "--split-at", "2026-10-10", "--json")
    assert status == 0
    document = json.loads(out)
    assert document["split_at"] >= "2026-10-09T16:00:00"  # Shanghai's midnight
    assert document["known_later"] > 0
    status, out, _ = run(
        "--workspace", own_demo.path, "--methods", "LR", "--split-at", "2026-10-10", "--embargo", "--json"
    )
    strict = json.loads(out)
    assert strict["embargoed"] == document["known_later"] == document["n_train"] - strict["n_train"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--methods", "LR,magic"], "There is no method 'magic'; choose from: all, SVR"),
        (["--split", "random", "--split-at", "2026-10-10"], "--split-at goes with --split temporal"),
        (["--split-at", "soon"], "--split-at is 'soon'"),
        (["--split-at", "2026-10-10", "--train-fraction", "0.5"], "not allowed with"),
        (["--train-fraction", "2"], "--train-fraction is 2; give a share"),
        (["--observed-days", "6"], "--observed-days is 6; give a day from 0"),
        (["--observed-days", "-1"], "--observed-days is -1; give a day from 0"),
        (["--split", "alphabetical"], "invalid choice"),
        (["--seed", "-1"], "--seed is out of range"),
        (["--methods", "Persistence"], "No method asked for applies"),
    ],
)
def test_a_bad_option_is_one_sentence(run, demo_folder, capsys, arguments, says):
    before = sorted((demo_folder / "evaluations").iterdir())
    try:
        status, _, said = run("--workspace", demo_folder, *arguments)
    except SystemExit as left:
        status, said = left.code, capsys.readouterr().err
    assert status == 2
    assert says in said
    assert len([line for line in said.splitlines() if line.startswith("mtaf:")]) == 1
    assert sorted((demo_folder / "evaluations").iterdir()) == before


def test_a_workspace_that_is_not_there_is_named(run, tmp_path):
    status, _, said = run("--workspace", tmp_path / "none", "--methods", "LR")
    assert status == 2
    assert "There is no workspace" in said
