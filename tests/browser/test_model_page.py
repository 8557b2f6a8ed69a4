"""A real server, a real browser: the Model page on a desk and on a phone, and what its buttons give."""

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
from given_evaluation import evaluation

from mtaf_core.evaluation import results
from mtaf_core.workspace import Workspace

sync_api = pytest.importorskip("playwright.sync_api")

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def server(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the demo market with two evaluations, which are not the shipped ones."""
    folder = tmp_path_factory.mktemp("model")
    shutil.copytree(demo_folder, folder / "workspace", ignore=shutil.ignore_patterns("evaluations"))
    for days in (0, 2):
        results.save(Workspace.open(folder / "workspace"), evaluation(days))
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
            wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)


def wait_for(address: str, process: subprocess.Popen, limit_s: float = 60.0) -> None:
    end = time.monotonic() + limit_s
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            continue
    raise RuntimeError(f"the server did not answer at {address}")


@pytest.fixture(params=[1440, 390])
def page(server: str, request: pytest.FixtureRequest) -> Iterator["sync_api.Page"]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        opened = browser.new_page(viewport={"width": request.param, "height": 1000})
        opened.set_default_timeout(90_000)
        opened.server = server  # type: ignore[attr-defined]
        yield opened
        browser.close()


def overflow(page: "sync_api.Page") -> int:
    """How many pixels the page is wider than the window."""
    return page.evaluate(
        "(() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth })()"
    )


def test_tables_and_charts_fit_the_window_and_can_be_taken_away(page: "sync_api.Page") -> None:
    page.goto(f"{page.server}/model")
    page.locator(".st-key-card-curve .js-plotly-plot").wait_for()
    assert "MTAF+ has the lowest MSE" in page.locator(".st-key-card-methods").inner_text()
    for card in ("methods", "ablation", "days"):
        page.locator(f'.st-key-card-{card} [data-testid="stDataFrame"]').wait_for()
        page.locator(f".st-key-card-{card} .js-plotly-plot").wait_for()
    assert overflow(page) <= 0
    with page.expect_download() as download:
        page.locator(".st-key-card-methods").get_by_role("button", name="Download CSV").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("method,family,MAE,MAE_low,MAE_high,MAE_sd,MAE_paper")
    assert [line.split(",")[0] for line in lines[1:]] == ["LR", "XGBR", "CatBoost", "MTAF", "MTAF+"]


def test_an_address_opens_what_was_looked_at(page: "sync_api.Page") -> None:
    page.goto(f"{page.server}/model?part=videos&days=2&by=tier")
    page.locator(".st-key-card-time .js-plotly-plot").wait_for()
    for card in ("fit", "reliability", "groups"):
        page.locator(f".st-key-card-{card} .js-plotly-plot").wait_for()
    assert {"part=videos", "days=2", "by=tier"} <= set(page.url.partition("?")[2].split("&"))
    assert overflow(page) <= 0
