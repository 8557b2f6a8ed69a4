"""Lists of KOLs: kept whole, changed by several at once, and never lost without a way back."""

import json
import threading

import pytest

from mtaf_core.errors import BadInput, BadWorkspace
from mtaf_core.study import kol_lists
from mtaf_core.workspace import Workspace, WorkspaceInfo


@pytest.fixture
def space(tmp_path) -> Workspace:
    return Workspace.create(tmp_path / "mine", WorkspaceInfo("Mine"))


def test_a_list_is_made_added_to_taken_from_renamed_and_deleted(space: Workspace) -> None:
    assert kol_lists.lists(space) == ()
    kol_lists.save(space, "  Spring   sale ", ["douyin:1", "douyin:2", "douyin:1"])
    assert kol_lists.find(space, "Spring sale").members == ("douyin:1", "douyin:2")
    kol_lists.add(space, "Spring sale", ["douyin:2", "douyin:3"])
    kol_lists.drop(space, "Spring sale", ["douyin:1", "douyin:9"])
    kol_lists.add(space, "备选", ["tiktok:a:b"])
    assert kol_lists.rename(space, "Spring sale", "Summer").members == ("douyin:2", "douyin:3")
    assert [one.name for one in kol_lists.lists(Workspace.open(space.path))] == ["Summer", "备选"]
    removed = kol_lists.remove(space, "Summer")
    assert kol_lists.find(space, "Summer") is None
    kol_lists.add(space, "Summer", ["douyin:7"])
    assert kol_lists.restore(space, removed).members == ("douyin:7", "douyin:2", "douyin:3")


def test_what_cannot_be_is_refused_in_a_sentence(space: Workspace) -> None:
    kol_lists.save(space, "A", ["douyin:1"])
    kol_lists.save(space, "B", [])
    for name in ("", "   ", "x" * 61, "a\x00b"):
        with pytest.raises(BadInput, match="needs a name"):
            kol_lists.save(space, name, [])
    with pytest.raises(BadInput, match="no KOL"):
        kol_lists.save(space, "C", ["nobody"])
    with pytest.raises(BadInput, match="at most 2,000"):
        kol_lists.save(space, "C", [f"douyin:{i}" for i in range(2_001)])
    with pytest.raises(BadInput, match="already"):
        kol_lists.rename(space, "A", "B")
    for change in (lambda: kol_lists.remove(space, "Z"), lambda: kol_lists.drop(space, "Z", [])):
        with pytest.raises(BadInput, match="no list 'Z'"):
            change()
    assert [one.name for one in kol_lists.lists(space)] == ["A", "B"]


def test_two_who_change_lists_at_once_lose_nothing(space: Workspace) -> None:
    def work(who: int) -> None:
        for i in range(8):
            kol_lists.add(Workspace.open(space.path), "Shared", [f"douyin:{who}-{i}"])

    threads = [threading.Thread(target=work, args=[who]) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kol_lists.find(space, "Shared").members) == 32
    assert not list(space.path.glob(".kol_lists.json.*.part"))


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": 2, "lists": []}', '{"format": 1, "lists": [{"name": "A"}]}']
)
def test_a_damaged_file_is_said_and_left_as_it_is(space: Workspace, text: str) -> None:
    file = space.path / kol_lists.FILE
    file.write_text(text)
    for work in (lambda: kol_lists.lists(space), lambda: kol_lists.add(space, "A", ["douyin:1"])):
        with pytest.raises(BadWorkspace, match="cannot be read"):
            work()
    assert file.read_text() == text


def test_the_file_is_plain_json(space: Workspace) -> None:
    kol_lists.save(space, "备选", ["douyin:1"])
    said = json.loads((space.path / kol_lists.FILE).read_text(encoding="utf-8"))
    assert said["lists"][0]["name"] == "备选"
    assert said["lists"][0]["members"] == ["douyin:1"]
