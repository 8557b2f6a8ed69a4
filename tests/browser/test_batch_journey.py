"""A real server, a real browser, real footage: three clips and a table with one bad row become a ranking."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mtaf_core.insight import batch as core
from mtaf_core.workspace import Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
CLIPS = ("moviepy_chaplin.mp4", "moviepy_doc_long_example.mp4", "moviepy_smpte-2997.mp4")


@pytest.fixture(scope="module")
def market(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("batch") / "workspace"
    shutil.copytree(demo_folder, folder)
    return folder


def test_clips_and_a_table_are_ranked_and_found_again(
    market: Path, serve: Callable[..., str], page: "Page", real_clips: Path, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.csv"
    rows = [f"{name},Half price for one day only,2026-11-11 20:00" for name in CLIPS]
    plan.write_text("\n".join(["clip,description,upload_time", *rows, f"{CLIPS[0]},Half price,whenever"]) + "\n")
    page.goto(f"{serve(market)}/batch")
    inputs = page.locator('[data-testid="stFileUploader"] input')
    inputs.nth(0).set_input_files([real_clips / name for name in CLIPS])
    page.get_by_text("3 clips chosen").wait_for()
    inputs.nth(1).set_input_files(plan)
    page.get_by_text("reads clip, description, upload_time").wait_for()
    page.get_by_role("button", name="Rank them").click()

    page.get_by_text("3 of 4 rows").wait_for()
    page.locator(".st-key-batch-ranking .js-plotly-plot").wait_for()
    drawn = page.locator(".st-key-batch-ranking .ytick text").all_text_contents()
    assert sorted(name.split(". ")[1].rstrip("…") for name in drawn) == sorted(name[:25].rstrip("…") for name in CLIPS)
    assert "One row could not be scored" in page.locator(".st-key-card-batch-errors").inner_text()

    found = core.ranking(Workspace.open(market), core.batches(Workspace.open(market))[0])
    assert [one.rank for one in found.scored] == [1, 2, 3]
    assert [(one.line, one.problem.column, one.problem.value) for one in found.unscored] == [
        (5, "upload_time", "whenever")
    ]
    with page.expect_download() as download:
        page.locator(".st-key-batch-csv button").click()
    assert len(Path(download.value.path()).read_text("utf-8-sig").splitlines()) == 4

    page.reload()
    page.get_by_text("3 of 4 rows").wait_for()
    page.get_by_role("button", name="New batch").click()
    page.get_by_text("Earlier batches").wait_for()


def test_a_batch_is_stopped_after_a_refresh_and_goes_on(
    market: Path, serve: Callable[..., str], page: "Page", make_clip: Callable[..., Path]
) -> None:
    clips = [make_clip(f"{n}.mp4", seconds=2.0 + 0.1 * n, size=(540, 960), fps=25) for n in range(12)]
    page.goto(f"{serve(market)}/batch")
    page.locator('[data-testid="stFileUploader"] input').nth(0).set_input_files(clips)
    page.get_by_text("12 clips chosen").wait_for()
    page.get_by_role("button", name="Rank them").click()
    page.locator(".st-key-card-job-batch").wait_for()
    page.reload()
    page.locator(".st-key-card-job-batch", has_text="of 12 rows").wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("ended before all rows were scored").wait_for()
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("12 of 12 rows").wait_for()
