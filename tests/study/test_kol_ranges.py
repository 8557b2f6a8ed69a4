"""What is usual of a KOL: defaults, a workspace's own, and no range that cannot be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtaf_core.errors import BadInput, BadWorkspace
from mtaf_core.study import kol_ranges
from mtaf_core.study.kol_ranges import Ranges, place
from mtaf_core.workspace import Workspace, WorkspaceInfo

PAIRS = st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)).map(lambda ends: (min(ends), max(ends)))


@pytest.fixture(scope="module")
def space(tmp_path_factory) -> Workspace:
    return Workspace.create(tmp_path_factory.mktemp("ranges") / "mine", WorkspaceInfo("Mine"))


def test_the_trades_defaults_hold_until_a_workspace_has_its_own(space: Workspace) -> None:
    kol_ranges.reset(space)
    held = kol_ranges.load(space)
    assert held.er == (0.04, 0.06)
    assert held.cpm == {"CNY": (20, 80), "USD": (10, 20)}
    assert held.cpe == {"USD": (0.02, 0.12)}
    kol_ranges.save(space, held.with_currency("EUR", (8, 18), None).with_currency("USD", None, (0.1, 0.2)))
    again = kol_ranges.load(Workspace.open(space.path))
    assert again.cpm == {"CNY": (20, 80), "EUR": (8, 18)}
    assert again.cpe == {"USD": (0.1, 0.2)}
    kol_ranges.reset(space)
    assert kol_ranges.load(space) == Ranges()


@given(PAIRS, PAIRS, PAIRS, st.integers(1, 3650), st.floats(0, 100))
def test_what_is_kept_comes_back(space: Workspace, er, cpm, cpe, days, pace) -> None:
    ranges = Ranges(er, {"CNY": cpm}, {"USD": cpe}, days, pace)
    kol_ranges.save(space, ranges)
    assert kol_ranges.load(space) == ranges


@pytest.mark.parametrize("er", [(0.06, 0.04), (-0.1, 0.2), (0.1, float("nan")), (0.1, float("inf"))])
def test_a_range_that_cannot_be_is_refused_and_nothing_is_lost(space: Workspace, er) -> None:
    kol_ranges.save(space, Ranges((0.01, 0.02)))
    with pytest.raises(BadInput, match="lower number first"):
        kol_ranges.save(space, Ranges(er))
    assert kol_ranges.load(space).er == (0.01, 0.02)


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"format": 2}', '{"format": 1, "er": [1]}', '{"format": 1, "er": [2, 1]}']
)
def test_a_damaged_file_is_named(space: Workspace, text: str) -> None:
    (space.path / kol_ranges.FILE).write_text(text)
    with pytest.raises(BadWorkspace, match=kol_ranges.FILE):
        kol_ranges.load(space)
    kol_ranges.reset(space)


def test_the_ends_of_a_range_belong_to_it() -> None:
    assert [place(value, (1, 2)) for value in (0.99, 1, 1.5, 2, 2.01)] == [
        "below", "within", "within", "within", "above",
    ]  # fmt: skip
