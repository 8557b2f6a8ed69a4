"""A real server, a real browser: the Model page on a desk and on a phone, and what its buttons give."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from given_evaluation import evaluation

from mtaf_core.evaluation import results
from mtaf_core.workspace import Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., str]) -> str:
    """The address of a server over the demo market with two evaluations, which are not the shipped ones."""
    folder = tmp_path_factory.mktemp("model") / "workspace"
    shutil.copytree(demo_folder, folder, ignore=shutil.ignore_patterns("evaluations"))
    for days in (0, 2):
        results.save(Workspace.open(folder), evaluation(days))
    return serve(folder)


@pytest.fixture(params=[1440, 390])
def page(open_page: Callable[..., "Page"], request: pytest.FixtureRequest) -> "Page":
    return open_page(request.param)


def overflow(page: "Page") -> int:
    """How many pixels the page is wider than the window."""
    return page.evaluate(
        "(() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth })()"
    )


def test_tables_and_charts_fit_the_window_and_can_be_taken_away(server: str, page: "Page") -> None:
    page.goto(f"{server}/model")
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


def test_an_address_opens_what_was_looked_at(server: str, page: "Page") -> None:
    page.goto(f"{server}/model?part=videos&days=2&by=tier")
    page.locator(".st-key-card-time .js-plotly-plot").wait_for()
    for card in ("fit", "reliability", "groups"):
        page.locator(f".st-key-card-{card} .js-plotly-plot").wait_for()
    assert {"part=videos", "days=2", "by=tier"} <= set(page.url.partition("?")[2].split("&"))
    assert overflow(page) <= 0
