"""A scenario of a real clip, saved in a real browser: after a refresh the form, the clip and the scenario are there."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from mtaf_core.charts.numbers import compact

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

VERDICT, CHANGED = ".st-key-card-verdict h3", ".st-key-card-whatif"
NAME = "[data-testid=stPopoverBody] input"
WORDS = "Half price for one day only: the film everyone asks about!"


@pytest.fixture(scope="module")
def server(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., str]) -> str:
    folder = tmp_path_factory.mktemp("scenarios") / "workspace"
    shutil.copytree(demo_folder, folder)
    return serve(folder, warm=True)


def test_a_saved_scenario_survives_a_refresh_with_its_clip_and_form(
    server: str, page: "Page", open_page: Callable[..., "Page"], real_clips: Path
) -> None:
    page.goto(server)
    page.wait_for_selector("text=(simulated)")
    page.set_input_files('[data-testid="stFileUploader"] input', real_clips / "moviepy_chaplin.mp4")
    verdict = page.locator(VERDICT)
    verdict.wait_for()
    page.wait_for_function("() => new URL(location).searchParams.get('clip')?.length === 16")

    page.get_by_label("Description").fill(WORDS)
    page.keyboard.press("Control+Enter")
    page.locator(CHANGED).wait_for()
    there = verdict.inner_text()
    page.wait_for_function("() => new URL(location).searchParams.has('was')")
    page.reload()
    page.locator(CHANGED, has_text="Changed: Description").wait_for()
    assert verdict.inner_text() == there
    _says(page, WORDS)
    page.locator("video").wait_for()

    page.get_by_role("button", name="Save as scenario").click()
    name = page.locator(NAME)
    page.wait_for_function(f"() => document.querySelector('{NAME}')?.value === 'new description'")
    name.fill("Half price")
    name.press("Enter")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_function("() => new URL(location).searchParams.has('scenario')")
    address = page.url

    page.locator(".st-key-edit-undo button").first.click()
    page.locator(CHANGED).wait_for(state="detached")
    _says(page, "")
    page.locator(".st-key-edit-redo button").first.click()
    page.locator(CHANGED).wait_for()

    fresh = open_page()
    fresh.goto(re.sub(r"was=\w+&?", "", address))
    fresh.locator(VERDICT).wait_for()
    assert fresh.locator(VERDICT).inner_text() == there
    _found_again(fresh)


def _says(page: "Page", words: str) -> None:
    """The description in the form is, or soon becomes, ``words``."""
    page.wait_for_function("words => document.querySelector('textarea')?.value === words", arg=words)


def _found_again(fresh: "Page") -> None:
    """The scenario's form and clip are on the page, and it is in the list and the comparison, after a refresh too."""
    _says(fresh, WORDS)
    assert "moviepy_chaplin.mp4" in fresh.locator('[data-testid="stMain"]').inner_text()
    fresh.get_by_text("Scenarios", exact=True).click()
    card = fresh.locator(".st-key-card-scenarios")
    card.wait_for()
    assert "Half price" in card.inner_text()
    fresh.locator(".st-key-card-scenario-chart .js-plotly-plot").wait_for()
    fresh.reload()
    fresh.locator(".st-key-card-scenario-chart .js-plotly-plot").wait_for()
    _says(fresh, WORDS)
    for kind, read in (("csv", pd.read_csv), ("xlsx", pd.read_excel)):
        with fresh.expect_download() as download:
            fresh.locator(f".st-key-scenarios-{kind} button").click()
        rows = read(download.value.path())
        assert rows["Scenario"].tolist() == ["Half price"]
        assert rows["Description"].tolist() == [WORDS]
        assert f" {compact(rows['Forecast'][0], 'en')} on day 6" in fresh.locator(VERDICT).inner_text()
