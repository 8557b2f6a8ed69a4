"""A real server, a real browser: start a market of one's own, import real data through the page, read the counts."""

import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks import served

if TYPE_CHECKING:
    from playwright.sync_api import Page


REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data"

pytestmark = pytest.mark.browser

WRITTEN = {
    "smp_video": {"Videos": 3_200, "KOLs": 2_806, "Content vectors": 6_400},
    "bilibili_daily": {"Video daily counts": 24_252},
    "tiktok_vn": {"Videos": 21_149},
}
"""What the description of the data sets says of each."""

OWN = """作品ID,作品标题,发布时间,作者ID,点赞数,评论数,分享数
v1,好物,2026-11-01 20:00,u1,3.5万,12,3
v2,坏行,2026-11-02 20:00,u1,很多,1,0
"""


@pytest.fixture
def page(demo_folder: Path, tmp_path: Path, open_page: Callable[..., "Page"]) -> Iterator["Page"]:
    """The Data page of a fresh copy of the demo market, on a server of its own."""
    shutil.copytree(demo_folder, tmp_path / "workspace")
    with served.server(tmp_path / "workspace", patience_s=90, settings={"MTAF_WARM_UP": "off"}) as server:
        opened = open_page()
        opened.goto(f"{server.url}/data")
        yield opened


def start_own(page: "Page") -> None:
    """From the demo market, which takes no data, to an empty one."""
    page.wait_for_selector("text=(simulated)")
    assert page.locator('[data-testid="stFileUploader"]').count() == 0
    page.get_by_label("Name of your market").first.fill("Mine")
    page.keyboard.press("Enter")
    page.locator(".st-key-card-own").get_by_role("button", name="Start a workspace").click()
    page.locator(".st-key-card-import").wait_for()
    assert page.locator("text=(simulated)").count() == 0
    assert set(counts(page).values()) == {0}


def downloaded(page, button) -> Path:
    """What a button gives. A click while the page is being drawn again is lost; a person then clicks once more."""
    from playwright.sync_api import TimeoutError as Waited

    for attempt in range(5):
        try:
            with page.expect_download(timeout=15_000) as download:
                button.click()
            return Path(download.value.path())
        except Waited:
            if attempt == 4:
                raise
    raise AssertionError("unreachable")


def counts(page: "Page") -> dict[str, int]:
    """The strip of rows by table."""
    lines = page.locator(".data-counts").inner_text().split("\n")
    return {name: int(number.replace(",", "")) for number, name in zip(lines[::2], lines[1::2], strict=True)}


def begin(page: "Page") -> None:
    """Start the import; as with `downloaded`, once more where the click came while the page was being drawn again."""
    from playwright.sync_api import TimeoutError as Waited

    button = page.locator(".st-key-go_import button")
    button.wait_for()
    for _ in range(5):
        if button.is_visible():
            button.click()
        try:
            button.wait_for(state="hidden", timeout=20_000)
            return
        except Waited:
            continue
    raise AssertionError("the import did not start")


def upload(page: "Page", file: Path) -> None:
    """Upload one file, import it as it is recognised, and wait for the report."""
    page.set_input_files('[data-testid="stFileUploader"] input', file)
    begin(page)
    page.locator(".st-key-card-report").wait_for()
    assert f"Imported {file.name}" in page.locator(".st-key-card-report").inner_text()


@pytest.mark.skipif(not REAL.is_dir(), reason=f"no real data sets in {REAL}")
def test_the_real_data_sets_go_in_whole(page: "Page", tmp_path: Path) -> None:
    start_own(page)
    before = counts(page)
    for name, written in WRITTEN.items():
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted((REAL / name).iterdir()):
                archive.write(file, f"{name}/{file.name}")
        upload(page, tmp_path / f"{name}.zip")
        page.get_by_role("button", name="Import more").click()
        page.locator(".st-key-card-import").wait_for()
        after = counts(page)
        assert {table: after[table] - before[table] for table in written} == written
        before = after

    page.get_by_role("radio", name="What arrived").or_(page.get_by_text("What arrived", exact=True)).first.click()
    known = page.locator(".st-key-card-coverage")
    known.locator(".js-plotly-plot").first.wait_for()
    assert re.search(r"\d+ of 31 features are known", known.inner_text())
    assert page.url.endswith("section=arrived")


def test_a_table_is_shown_as_it_will_be_read_and_what_was_left_out_is_told(page: "Page", tmp_path: Path) -> None:
    start_own(page)
    (tmp_path / "导出.csv").write_text(OWN, encoding="gb18030")
    page.set_input_files('[data-testid="stFileUploader"] input', tmp_path / "导出.csv")
    mapping = page.locator(".st-key-card-mapping")
    mapping.locator('[data-testid="stDataFrame"]').nth(1).wait_for()
    assert "很多" in mapping.inner_text()

    begin(page)
    rejected = page.locator(".st-key-card-rejected")
    rejected.wait_for()
    assert "single values 1" in rejected.inner_text()
    assert counts(page)["Videos"] == 2
    file = downloaded(page, rejected.get_by_role("button", name="Download rejected rows"))
    assert "很多" in file.read_text(encoding="utf-8-sig")

    page.reload()
    page.locator(".st-key-card-report").wait_for()
    assert "Imported 导出.csv" in page.locator(".st-key-card-report").inner_text(), "a refreshed page lost the import"
