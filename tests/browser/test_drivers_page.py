"""A real server, a real browser: click a bar, look closer, drag a box over videos, make their range the cohort."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from mtaf_core.workspace import Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Page


IMPORTANCE = ".st-key-card-importance .js-plotly-plot"
DRIVER = ".st-key-card-driver"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tiktok_vn: Workspace, serve: Callable[..., str]) -> str:
    """The address of a server over 21,149 real videos."""
    return serve(tiktok_vn.path)


@pytest.fixture
def page(open_page: Callable[..., "Page"]) -> "Page":
    return open_page(height=2600)


def test_from_a_bar_to_its_videos_to_a_cohort(server: str, page: "Page") -> None:
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
