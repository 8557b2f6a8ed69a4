"""The table that other libraries get, and what becomes of one that is not installed."""

import json

import numpy as np
import pytest

from benchmarks import peers
from benchmarks.peer_table import PeerTable
from mtaf_core.evaluation.protocol import Settings, run
from mtaf_core.evaluation.tabular import lightgbm_model
from mtaf_core.evaluation.task import Task


@pytest.fixture(scope="module")
def table(demo):
    return PeerTable.of(demo, Settings(observed_days=1))


def test_the_table_survives_the_disk(table, tmp_path):
    table.save(tmp_path / "table.npz")
    back = PeerTable.load(tmp_path / "table.npz")
    for name, values in table.__dict__.items():
        np.testing.assert_array_equal(getattr(back, name), values, err_msg=name)


def test_a_peer_learns_from_what_the_baselines_learn_from(table, demo, quick):
    from mtaf_core.pipeline import market_evidence

    frame, vectors, _, _ = market_evidence(demo)
    row = run(frame, vectors, Settings(observed_days=1, methods="LGBM"), quick).document["rows"][0]
    task = Task(frame, vectors, frame, vectors, 1, 0, quick)
    model = lightgbm_model(table.train, table.train_truth, table.categorical, task)
    error = ((model.predict(table.test) - table.test_truth) ** 2).mean()
    assert error == pytest.approx(row["MSE"])


def test_frames_hold_categories_as_words_and_fill_what_is_unknown(table):
    assert np.isnan(table.train).any()
    train, test = table.frames(filled=True, text=True)
    assert not train.isna().any().any()
    assert list(train.columns) == list(test.columns)
    assert train.shape == (len(table.train), len(table.names) + 1)
    kinds = [train.iloc[:, place].dtype == "category" for place in range(len(table.names))]
    assert kinds == table.categorical.tolist()
    bare, _ = table.frames(filled=False)
    assert bare.isna().any().any()
    assert "text" not in bare


def test_early_stopping_is_judged_on_the_latest(table):
    assert table.later[-1] == len(table.train) - 1
    assert len(table.later) == round(0.15 * len(table.train))


def test_a_peer_that_is_missing_costs_its_row_alone(table, monkeypatch):
    def absent(table, seed, options):
        raise ImportError("No module named 'elsewhere'")

    def mean(table, seed, options):
        return np.full(len(table.test), table.train_truth.mean()) + np.arange(len(table.test)) * 1e-6

    monkeypatch.setattr(peers, "PEERS", {"Absent": absent, "Mean": mean})
    options = peers._options(["--table", "unused.npz", "--seeds", "2"])
    found = peers.measure(table, replace_peers(options, ["Absent", "Mean"]))
    assert found["skipped"] == [{"method": "Absent", "why": "ImportError: No module named 'elsewhere'"}]
    assert [row["method"] for row in found["rows"]] == ["Mean"]
    assert found["rows"][0]["seeds"] == 2
    assert found["rows"][0]["ci95"]["MSE"][0] < found["rows"][0]["MSE"] < found["rows"][0]["ci95"]["MSE"][1]


def replace_peers(options, names):
    options.peers = names
    return options


def test_the_command_saves_a_table_and_prints_rows_of_one(table, demo_folder, tmp_path, capsys, monkeypatch):
    file = tmp_path / "table.npz"
    peers.main(["--workspace", str(demo_folder), "--observed-days", "1", "--save-table", str(file)])
    assert "temporal split, 1 observed days" in capsys.readouterr().out
    monkeypatch.setitem(peers.PEERS, "TabM", lambda table, seed, options: table.test[:, 0])
    peers.main(["--table", str(file), "--peers", "TabM", "--json"])
    assert json.loads(capsys.readouterr().out)["rows"][0]["method"] == "TabM"
    peers.main(["--table", str(file), "--peers", "TabM"])
    assert "TabM" in capsys.readouterr().out


def test_an_unknown_peer_is_answered_with_the_choices(capsys):
    with pytest.raises(SystemExit) as left:
        peers.main(["--table", "unused.npz", "--peers", "Magic"])
    assert left.value.code == 2
    assert "there is no peer 'Magic'; choose from: RealMLP" in capsys.readouterr().err
