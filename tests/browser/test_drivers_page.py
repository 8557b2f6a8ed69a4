"""A real server, a real browser: click a bar, look closer, drag a box over videos, make their range the cohort."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtaf_core.workspace import Workspace

sync_api = pytest.importorskip("playwright.sync_api")

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
IMPORTANCE = ".st-key-card-importance .js-plotly-plot"
DRIVER = ".st-key-card-driver"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def server(tiktok_vn: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of its own over 21,149 real videos."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [
        sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(port),
        "--server.address", "127.0.0.1", "--server.headless", "true",
    ]  # fmt: skip
    settings = os.environ | {"MTAF_WORKSPACE": str(tiktok_vn.path), "MTAF_WARM_UP": "off"}
    with (tmp_path_factory.mktemp("drivers") / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=settings)
        try:
            end = time.monotonic() + 60
            while time.monotonic() < end and process.poll() is None:
                try:
                    with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                        break
                except OSError:
                    continue
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture
def page() -> Iterator["sync_api.Page"]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        opened = browser.new_page(viewport={"width": 1440, "height": 2600})
        opened.set_default_timeout(120_000)
        yield opened
        browser.close()


def test_from_a_bar_to_its_videos_to_a_cohort(server: str, page: "sync_api.Page") -> None:
    page.goto(f"{server}/drivers")
    bars = page.locator(f"{IMPORTANCE} .subplot.xy .bars .point")
    bars.nth(1).wait_for()
    driver = page.locator(DRIVER)
    driver.get_by_text("From the lowest tenth of Followers").wait_for()
    driver.get_by_text("All else as it is, the models forecast").wait_for()  # the trees wake behind the page

    second = bars.nth(1).bounding_box()
    assert second is not None
    page.mouse.click(second["x"] + second["width"] / 2, second["y"] + second["height"] / 2)
    driver.get_by_text("From the lowest tenth of Duration").wait_for()
    assert "feature=video_duration" in page.url

    driver.get_by_text("as much with Duration at").wait_for()  # the last chart is out, and nothing moves any more
    plot = driver.locator(".js-plotly-plot", has_text="Duration (s)").first.locator(".nsewdrag")
    plot.wait_for()
    box = plot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.45 * box["width"], box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.60 * box["width"], box["y"] + box["height"] - 30, steps=5)
    page.mouse.up()
    said = driver.get_by_text(re.compile(r"[\d,]+ sampled videos, Duration from \d+ to \d+"))
    said.wait_for()
    found = re.search(r"from (\d+) to (\d+)\. In the whole cohort ([\d,]+) videos", said.inner_text())
    assert found is not None

    driver.get_by_role("button", name="Make this range the cohort").click()
    page.locator(".st-key-chips").get_by_text(f"Duration {found[1]}–{found[2]}").first.wait_for()
    page.locator(".st-key-chips").get_by_text(f"{found[3]} of 21,149 videos").first.wait_for()
    assert "range=video_duration" in page.url
    assert page.locator('[data-testid="stAlert"]').count() == 0
