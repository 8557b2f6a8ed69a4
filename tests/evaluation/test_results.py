import subprocess
import sys
from datetime import datetime

import pytest

from mtaf_core.errors import BadWorkspace
from mtaf_core.evaluation import results
from mtaf_core.evaluation.protocol import Evaluation
from mtaf_core.workspace import Workspace
from mtaf_core.workspace_info import WorkspaceInfo


@pytest.fixture
def empty(tmp_path):
    return Workspace.create(tmp_path / "market", WorkspaceInfo("market", timezone="UTC", platform="douyin"))


def test_what_is_kept_is_read_back(empty, before):
    name = results.save(empty, before)
    assert results.listed(empty) == [name]
    assert results.read(empty, name) == {"id": name, **before.document}
    assert results.latest(empty)["id"] == name
    table = results.videos(empty, name)
    assert len(table) == before.document["n_test"]
    assert list(table.columns) == list(before.videos.columns)
    assert table["video_id"].tolist() == before.videos["video_id"].tolist()


def test_the_newest_comes_first_and_can_be_asked_for_by_kind(empty, before, after, monkeypatch):
    minutes = iter([0, 1, 2, 2])  # the last two are made within one second

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 11, 1, 12, next(minutes), tzinfo=tz)

    monkeypatch.setattr(results, "datetime", Clock)
    names = [results.save(empty, one) for one in (before, after, before, before)]
    assert results.listed(empty) == names[::-1]
    assert results.latest(empty)["id"] == names[3] == "20261101-120200-temporal-day0-2"
    assert results.latest(empty, observed_days=2)["id"] == names[1]
    assert results.latest(empty, split="random") is None


def test_a_table_without_its_document_is_not_listed(empty, before):
    name = results.save(empty, before)
    (empty.path / "evaluations" / f"{name}.json").unlink()
    assert results.listed(empty) == []
    assert results.latest(empty) is None


@pytest.mark.parametrize("name", ["none", "../workspace", "", ".."])
def test_one_that_is_not_there_is_named(empty, name):
    with pytest.raises(BadWorkspace, match="There is no evaluation"):
        results.read(empty, name)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"rows": []}', '{"rows": [{"method": "LR"}], "split": 3}'])
def test_a_damaged_one_is_named(empty, before, text):
    name = results.save(empty, before)
    (empty.path / "evaluations" / f"{name}.json").write_text(text)
    with pytest.raises(BadWorkspace, match=name):
        results.read(empty, name)


def test_the_catalogue_has_what_can_be_read_and_says_what_cannot(empty, before, after):
    first, second = (results.save(empty, one) for one in (before, after))
    (empty.path / "evaluations" / f"{first}.json").write_text('{"rows": 1}')
    found, refused = results.catalogue(empty)
    assert [document["id"] for document in found] == [second]
    assert len(refused) == 1
    assert first in refused[0]


def test_a_table_of_something_else_is_no_forecasts(empty, before):
    name = results.save(empty, before)
    before.videos.drop(columns="truth").to_parquet(empty.path / "evaluations" / f"{name}.parquet")
    with pytest.raises(BadWorkspace, match="holds no forecasts"):
        results.videos(empty, name)


def test_nothing_half_written_is_left(empty, before):
    broken = Evaluation({**before.document, "rows": [float("nan")]}, before.videos)
    with pytest.raises(ValueError, match="JSON"):
        results.save(empty, broken)
    assert results.listed(empty) == []
    assert not list((empty.path / "evaluations").glob(".*"))


def test_reading_needs_neither_torch_nor_tree_libraries():
    code = (
        "import sys; from mtaf_core.evaluation import results, diagnostics, paper; "
        "print(sorted({'torch', 'xgboost', 'lightgbm', 'catboost', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
