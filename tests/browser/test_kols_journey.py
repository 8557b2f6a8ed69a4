"""A real server, a real browser: from the table of KOLs to a profile, a comparison, a list and a clip, by clicks."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mtaf_core.study import kol_lists
from mtaf_core.workspace import Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Page


HEAD_PX, ROW_PX = 35, 35

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(
    demo_folder: Path, tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., str]
) -> tuple[str, Workspace]:
    """The address of a server over a copy of the demo market, and the copy."""
    folder = tmp_path_factory.mktemp("kols") / "workspace"
    shutil.copytree(demo_folder, folder)
    return serve(folder), Workspace.open(folder)


def cell(page: "Page", x: int, row: int) -> None:
    """Click into a row of the table, ``x`` pixels from its left."""
    grid = page.locator('.st-key-card-kols [data-testid="stDataFrame"] canvas').first
    # What scrolls lies over what is drawn: the click is meant for it.
    grid.click(position={"x": x, "y": HEAD_PX + ROW_PX * row + ROW_PX // 2}, force=True)


def test_rows_are_ticked_listed_compared_and_opened(page: "Page", served: tuple[str, Workspace]) -> None:
    address, workspace = served
    page.goto(f"{address}/kols")
    page.get_by_text("KOLs ·").first.wait_for()
    cell(page, 16, 0)
    page.get_by_text("1 ticked").wait_for()
    cell(page, 16, 2)
    page.get_by_text("2 ticked").wait_for()

    page.get_by_role("button", name="Add to list").click()
    name = page.get_by_placeholder("Type a name for a new list").or_(page.get_by_role("combobox", name="List")).first
    name.fill("Spring")
    name.press("Enter")
    page.get_by_role("button", name="Add 2").click()
    page.get_by_text("“Spring” now holds 2 KOLs").wait_for()
    members = kol_lists.find(workspace, "Spring").members
    assert len(members) == 2

    page.keyboard.press("Escape")
    page.get_by_role("button", name="Compare").click()
    page.get_by_text("Side by side").wait_for()
    assert all(member.partition(":")[2] in page.url for member in members)
    page.get_by_role("button", name="All KOLs").click()

    page.get_by_text("KOLs ·").first.wait_for()
    page.locator('.st-key-card-kols [data-testid="stDataFrame"] canvas').first.wait_for()
    cell(page, 90, 2)
    page.get_by_text("Authenticity: signals, not proof").wait_for()
    assert members[1].partition(":")[2] in page.url

    page.get_by_role("button", name="Check a clip with this KOL").click()
    page.get_by_text("Release details").wait_for()
    assert members[1].partition(":")[2] in page.url


def test_nothing_is_wider_than_a_phone(page: "Page", served: tuple[str, Workspace]) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    for query in ("", "?kols_view=map", "?kol=douyin:kol0081", "?compare=douyin:kol0081,douyin:kol0027"):
        page.goto(f"{served[0]}/kols{query}")
        page.locator('[data-testid="stDataFrame"], .js-plotly-plot').first.wait_for()
        wider = page.evaluate(
            "(() => { const m = document.querySelector('[data-testid=stMain]'); "
            "return m.scrollWidth - m.clientWidth })()"
        )
        assert wider <= 0, query
