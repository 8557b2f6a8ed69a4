"""A real server, a real browser: from the table of KOLs to a profile, a comparison, a list and a clip, by clicks."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtaf_core.study import kol_lists
from mtaf_core.workspace import Workspace

sync_api = pytest.importorskip("playwright.sync_api")

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
HEAD_PX, ROW_PX = 35, 35

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def served(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Workspace]]:
    """The address of a server over a copy of the demo market, and the copy."""
    folder = tmp_path_factory.mktemp("kols")
    shutil.copytree(demo_folder, folder / "workspace")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(port),
        "--server.address", "127.0.0.1", "--server.headless", "true",
    ]  # fmt: skip
    settings = os.environ | {"MTAF_WORKSPACE": str(folder / "workspace"), "MTAF_WARM_UP": "off"}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=settings)
        try:
            end = time.monotonic() + 90
            while not _answers(f"http://127.0.0.1:{port}/_stcore/health"):
                assert process.poll() is None
                assert time.monotonic() < end
            yield f"http://127.0.0.1:{port}", Workspace.open(folder / "workspace")
        finally:
            process.terminate()
            process.wait(timeout=20)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=1):
            return True
    except OSError:
        return False


@pytest.fixture
def page() -> Iterator["sync_api.Page"]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        opened = browser.new_page(viewport={"width": 1440, "height": 1000})
        opened.set_default_timeout(90_000)
        yield opened
        browser.close()


def cell(page: "sync_api.Page", x: int, row: int) -> None:
    """Click into a row of the table, ``x`` pixels from its left."""
    grid = page.locator('.st-key-card-kols [data-testid="stDataFrame"] canvas').first
    # What scrolls lies over what is drawn: the click is meant for it.
    grid.click(position={"x": x, "y": HEAD_PX + ROW_PX * row + ROW_PX // 2}, force=True)


def test_rows_are_ticked_listed_compared_and_opened(page: "sync_api.Page", served: tuple[str, Workspace]) -> None:
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


def test_nothing_is_wider_than_a_phone(page: "sync_api.Page", served: tuple[str, Workspace]) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    for query in ("", "?kols_view=map", "?kol=douyin:kol0081", "?compare=douyin:kol0081,douyin:kol0027"):
        page.goto(f"{served[0]}/kols{query}")
        page.locator('[data-testid="stDataFrame"], .js-plotly-plot').first.wait_for()
        wider = page.evaluate(
            "(() => { const m = document.querySelector('[data-testid=stMain]'); "
            "return m.scrollWidth - m.clientWidth })()"
        )
        assert wider <= 0, query
