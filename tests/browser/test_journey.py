"""A real server, a real browser: upload a clip, read the forecast, change one thing, read the difference."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mtaf_core.charts.theme import DARK, LIGHT

if TYPE_CHECKING:
    from playwright.sync_api import Page


ROOT = Path(__file__).resolve().parents[2]
VERDICT = ".st-key-card-verdict"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., str]) -> str:
    """The address of a server over a fresh copy of the demo market, its models awake."""
    folder = tmp_path_factory.mktemp("browser") / "workspace"
    shutil.copytree(demo_folder, folder)
    return serve(folder, warm=True)


@pytest.fixture(scope="module")
def clip(make_clip: Callable[..., Path]) -> Path:
    """Real footage where it stands beside the project, else a clip encoded here."""
    real = ROOT.parent / "shared" / "data" / "videos" / "moviepy_chaplin.mp4"
    return real if real.is_file() else make_clip("upload.mp4", seconds=4.0)


def test_upload_forecast_and_what_if(server: str, page: "Page", clip: Path) -> None:
    page.goto(server)
    page.wait_for_selector("text=(simulated)")
    page.set_input_files('[data-testid="stFileUploader"] input', clip)

    verdict = page.locator(VERDICT)
    verdict.wait_for()
    assert re.search(
        r"Expected popularity score [\d.]+[kMB]? on day 6 \([\d.]+[kMB]?–[\d.]+[kMB]?, 90% range\)",
        verdict.inner_text(),
    )
    attention = page.locator(".st-key-card-attention")
    attention.locator(".js-plotly-plot").wait_for()
    assert re.search(r"The model looks most at \w+ \(\d+%\)", attention.inner_text())
    assert re.search(r"the forecast most \(×[\d.]+\)", page.locator(".st-key-card-contribution").inner_text())
    page.locator(".st-key-foot", has_text=re.compile("Device: (CPU|CUDA|MPS)")).wait_for()
    assert page.locator("video").count() == 1
    assert clip.name in page.locator('[data-testid="stMain"]').inner_text()

    page.get_by_label("Description").fill("Half price for one day only: the serum everyone asks about!")
    page.keyboard.press("Control+Enter")
    difference = page.locator(".st-key-card-whatif")
    difference.wait_for()
    assert re.search(r"×\d+\.\d+ [▲▼]\d+%|No change to the forecast", difference.inner_text())
    assert "Changed: Description" in difference.inner_text()

    page.get_by_role("button", name="Reset").click()
    difference.wait_for(state="detached")


def test_a_click_on_a_moment_moves_the_player_there_and_the_link_keeps_it(
    server: str, page: "Page", clip: Path
) -> None:
    page.set_default_timeout(180_000)
    page.goto(f"{server}/?see=why")
    page.wait_for_selector("text=(simulated)")
    page.get_by_label("Description").fill("Half price, today only. 限时7折")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Score the words alone").wait_for()
    page.set_input_files('[data-testid="stFileUploader"] input', clip)
    page.locator(".st-key-why-heat .js-plotly-plot").wait_for()
    chart = page.locator(".st-key-why-moments .js-plotly-plot")
    assert chart.locator("image").count() == 10
    chart.scroll_into_view_if_needed()
    plot = chart.locator(".draglayer .nsewdrag").first.bounding_box()
    assert plot
    page.mouse.click(plot["x"] + 0.45 * plot["width"], plot["y"] + 0.5 * plot["height"])
    page.wait_for_function("() => Math.floor(document.querySelector('video')?.currentTime ?? -1) === 4")
    page.wait_for_function("() => new URL(location).searchParams.get('moment') === '4'")
    page.get_by_text("At 0:04, what is").wait_for()
    for card in ("modalities", "words", "context"):
        page.locator(f".st-key-card-why-{card} .js-plotly-plot").wait_for()
    assert "限时" in page.locator(".st-key-card-why-words").inner_text()


def test_a_file_that_is_no_video_is_one_sentence(server: str, page: "Page", tmp_path: Path) -> None:
    fake = tmp_path / "notes.mp4"
    fake.write_text("these are my notes")
    page.goto(server)
    page.set_input_files('[data-testid="stFileUploader"] input', fake)
    alert = page.locator('[data-testid="stAlert"]')
    alert.wait_for()
    sentence = alert.locator('[data-testid="stMarkdownContainer"]').inner_text()
    assert sentence == "notes.mp4 is not a video that can be read; export it as MP4 and try again."
    assert "Traceback" not in page.locator("body").inner_text()
    assert page.locator('[data-testid="stException"]').count() == 0


def test_every_page_opens_by_its_address_in_either_language(server: str, page: "Page") -> None:
    for path in ("/drivers", "/distributions", "/kols", "/tags", "/when", "/early?asof=2026-10-30", "/model", "/"):
        page.goto(f"{server}{path}{'&' if '?' in path else '?'}lang=zh")
        page.locator("h1", has_text=re.compile("[一-龥]")).wait_for()
        page.wait_for_selector("text=模拟数据")
        page.locator(".js-plotly-plot, .st-key-samples img, [data-testid=stDataFrame]").first.wait_for()


def test_charts_follow_the_browser_from_light_to_dark(server: str, page: "Page") -> None:
    page.emulate_media(color_scheme="light")
    page.goto(f"{server}/distributions?feature=uploader_follower")
    drawn = "name => getComputedStyle(document.querySelector('.js-plotly-plot .scatterlayer path')).stroke === name"
    page.wait_for_selector(".js-plotly-plot .scatterlayer path")
    page.wait_for_function(drawn, arg=stroke(LIGHT.accent))
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(drawn, arg=stroke(DARK.accent))


def stroke(colour: str) -> str:
    return "rgb({}, {}, {})".format(*(int(colour[i : i + 2], 16) for i in (1, 3, 5)))


def test_it_fits_a_phone(server: str, open_page: Callable[..., "Page"]) -> None:
    phone = open_page(390, 844, color_scheme="dark")
    for path in ("/", "/drivers", "/distributions", "/kols", "/tags", "/when", "/early?asof=2026-10-30"):
        phone.goto(server + path)
        phone.locator("h1").wait_for()
        phone.locator(".js-plotly-plot, .st-key-samples img, [data-testid=stDataFrame]").first.wait_for()
        main = phone.locator('[data-testid="stMain"]')
        assert main.evaluate("e => e.scrollWidth <= e.clientWidth"), f"{path} scrolls sideways"


def test_every_section_of_a_clip_is_in_sight_on_a_phone(server: str, open_page: Callable[..., "Page"]) -> None:
    phone = open_page(390, 844)
    phone.goto(f"{server}/?sample=01-serum-strong")
    phone.locator(".st-key-card-verdict h3").wait_for()
    sections = phone.locator(".st-key-see button")
    ends = [box["x"] + box["width"] for one in sections.all() if (box := one.bounding_box())]
    assert len(ends) == 4
    assert max(ends) <= 390


def test_dragging_across_bars_narrows_the_cohort(server: str, page: "Page") -> None:
    page.goto(f"{server}/distributions?feature=video_duration")
    plot = page.locator(".st-key-spread-video_duration .nsewdrag").first
    plot.wait_for()
    page.wait_for_load_state("networkidle")
    box = plot.bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.6 * box["height"], steps=8)
    page.mouse.up()
    low = page.locator(".st-key-range-low-video_duration input")
    page.wait_for_function("held => Number(held.value) > 8", arg=low.element_handle())
    page.locator(".st-key-make-cohort button").click()
    page.locator(".st-key-chips button", has_text="Duration").first.wait_for()
    page.wait_for_url(re.compile(r"range=video_duration"))
    page.locator(".st-key-chip-0 button").first.click()
    page.get_by_text("All 1,600 videos of the market").wait_for()


def test_a_click_on_a_point_shows_the_video(server: str, page: "Page") -> None:
    page.goto(f"{server}/early?asof=2026-10-30")
    page.locator(".st-key-card-course .js-plotly-plot").wait_for()
    points = page.locator(".st-key-outlook .scatterlayer .trace").nth(1).locator(".point")
    points.first.wait_for()
    page.wait_for_load_state("networkidle")
    box = points.nth(3).bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url(re.compile(r"early_video=douyin"))
    assert "Page not found" not in page.content()
