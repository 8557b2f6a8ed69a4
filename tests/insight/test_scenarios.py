"""Scenarios: kept whole, changed by several at once, and never lost without a way back."""

import json
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mtaf_core.errors import BadInput, BadWorkspace
from mtaf_core.insight import scenarios
from mtaf_core.insight.scenarios import Scenario
from mtaf_core.workspace import Workspace, WorkspaceInfo

FIGURES = {"clip": "tea.mp4", "bundle": "b1", "score": 120.5, "low": 20.0, "high": 900.0}

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc_", max_size=8), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@pytest.fixture
def space(tmp_path) -> Workspace:
    return Workspace.create(tmp_path / "mine", WorkspaceInfo("Mine"))


def saved(space: Workspace, name: str = "As it is", **brief: object) -> Scenario:
    return scenarios.save(space, name, brief, **FIGURES)


def test_a_scenario_is_saved_renamed_pinned_deleted_and_brought_back(space: Workspace) -> None:
    assert scenarios.scenarios(space) == ()
    first, second = saved(space, "  As   it is ", hour=8), saved(space, "周六 20 点", hour=20)
    again = Workspace.open(space.path)
    assert [one.name for one in scenarios.scenarios(again)] == ["周六 20 点", "As it is"]
    scenarios.pin(again, first.id, True)
    assert [one.id for one in scenarios.scenarios(space)] == [first.id, second.id]
    assert scenarios.rename(space, second.id, "Saturday").brief == {"hour": 20}
    removed = scenarios.remove(space, first.id)
    assert scenarios.find(space, first.id) is None
    assert scenarios.restore(space, removed) == scenarios.find(again, first.id)
    assert scenarios.find(space, first.id).pinned
    assert {one.name for one in scenarios.scenarios(space)} == {"As it is", "Saturday"}


def test_two_may_have_one_name(space: Workspace) -> None:
    assert saved(space).id != saved(space).id
    assert len(scenarios.scenarios(space)) == 2


@given(brief=st.dictionaries(st.text("abc_", max_size=8), _JSON, max_size=6))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_asked_comes_back_to_the_last_digit(space: Workspace, brief: dict[str, object]) -> None:
    made = scenarios.save(space, "Any", brief, **FIGURES)
    found = scenarios.find(Workspace.open(space.path), made.id)
    assert found == made
    assert found.brief == brief
    scenarios.remove(space, made.id)


def test_what_cannot_be_is_refused_in_a_sentence(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("", "   ", "x" * 61, "a\x00b"):
        with pytest.raises(BadInput, match="needs a name"):
            saved(space, name)
    for brief in ({"x": object()}, {"x": float("nan")}, {"x": "\ud800"}):
        with pytest.raises(BadInput, match="cannot be kept"):
            saved(space, **brief)
    with pytest.raises(BadInput, match="shorten it"):
        saved(space, description="x" * 60_000)
    with pytest.raises(BadInput, match="no forecast"):
        scenarios.save(space, "A", {}, **FIGURES | {"score": float("nan")})
    for change in (
        lambda: scenarios.rename(space, "nobody", "A"),
        lambda: scenarios.pin(space, "nobody", True),
        lambda: scenarios.remove(space, "nobody"),
    ):
        with pytest.raises(BadInput, match="not here any more"):
            change()
    monkeypatch.setattr(scenarios, "MAX_SCENARIOS", 1)
    saved(space)
    with pytest.raises(BadInput, match="delete one first"):
        saved(space)
    assert len(scenarios.scenarios(space)) == 1


def test_two_processes_that_save_at_once_lose_nothing(space: Workspace) -> None:
    work = (
        "import sys; from mtaf_core.insight import scenarios; from mtaf_core.workspace import Workspace\n"
        "space = Workspace.open(sys.argv[1])\n"
        "for n in range(15):\n"
        "    scenarios.save(space, f'{sys.argv[2]}-{n}', {'n': n}, clip='c', bundle='b', score=1.0, low=0.0, high=2.0)"
    )
    both = [subprocess.Popen([sys.executable, "-c", work, str(space.path), who]) for who in "ab"]
    assert [one.wait(60) for one in both] == [0, 0]
    assert {one.name for one in scenarios.scenarios(space)} == {f"{who}-{n}" for who in "ab" for n in range(15)}
    assert not list(space.path.glob(".scenarios.json.*.part"))


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", '{"format": 2, "scenarios": []}', '{"format": 1, "scenarios": [{"id": "a"}]}',
        '{"format": 1, "scenarios": [{"id": "a", "name": "A", "brief": 3, "clip": "", "bundle": "", "score": 1, '
        '"low": 1, "high": 1, "made_at": "", "pinned": false}]}',
    ],
)  # fmt: skip
def test_a_damaged_file_is_said_and_left_as_it_is(space: Workspace, text: str) -> None:
    file = space.path / scenarios.FILE
    file.write_text(text)
    for work in (lambda: scenarios.scenarios(space), lambda: saved(space)):
        with pytest.raises(BadWorkspace, match="cannot be read"):
            work()
    assert file.read_text() == text


def test_the_file_is_plain_json(space: Workspace) -> None:
    saved(space, "备选", tags=["护肤"])
    said = json.loads((space.path / scenarios.FILE).read_text(encoding="utf-8"))
    assert said["scenarios"][0]["name"] == "备选"
    assert said["scenarios"][0]["brief"] == {"tags": ["护肤"]}
