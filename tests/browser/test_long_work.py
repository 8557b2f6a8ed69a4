"""A clip that takes long, in a real browser: stages, Cancel that ends the process, found after a reload, Recent."""

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks import served
from mtaf_core.content.media import content_hash

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

CARD, ENDED, VERDICT = ".st-key-card-analysing", ".st-key-card-analysing-ended", ".st-key-card-verdict"
UPLOAD = '[data-testid="stFileUploader"] input'


@pytest.fixture
def server(demo_folder: Path, tmp_path: Path, browser: object) -> Iterator[served.Server]:
    """A server over a fresh copy of the demo market, its models asleep: the first clip waits for them to be loaded."""
    shutil.copytree(demo_folder, tmp_path / "workspace")
    with served.server(tmp_path / "workspace", patience_s=90, settings={"MTAF_WARM_UP": "off"}) as started:
        yield started


def readers(server_pid: int) -> set[int]:
    """The processes under a server that read clips."""
    found = set()
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            command = (folder / "cmdline").read_bytes()
        except (OSError, ValueError):
            continue
        if parent == server_pid and b"mtaf_core.content.worker" in command:
            found.add(int(folder.name))
    return found


def until(said: Callable[[], object], within_s: float = 60.0) -> None:
    end = time.monotonic() + within_s
    while not said():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)


def left_of(workspace: Path, digest: str) -> list[Path]:
    return [path for path in workspace.rglob("*") if digest in path.name]


def test_a_long_reading_is_shown_found_again_and_ended(
    server: served.Server, page: "Page", open_page: Callable[..., "Page"], real_clips: Path, tmp_path: Path
) -> None:
    first, second = real_clips / "moviepy_chaplin.mp4", real_clips / "torchcodec_nasa_13013.mp4"
    page.goto(server.url)
    page.set_input_files(UPLOAD, first)
    page.locator(CARD).wait_for()
    for stage in ("Loading the models", "Reading the clip", "Sound", "Picture", "Text", "Forecast"):
        assert stage in page.locator(CARD).inner_text()
    page.locator(VERDICT).wait_for()
    (reader,) = readers(server.pid)

    os.kill(reader, signal.SIGSTOP)  # a machine so busy that the next clip takes as long as one likes
    page.get_by_role("button", name="Change clip").click()
    page.set_input_files(UPLOAD, second)
    page.locator(CARD, has_text="longer than usual").wait_for()
    assert "Loading the models" not in page.locator(CARD).inner_text()
    page.get_by_label("Description").fill("Half price for one day only")  # the page is alive meanwhile
    page.keyboard.press("Control+Enter")
    page.wait_for_load_state("networkidle")
    page.locator(CARD).wait_for()

    page.reload()
    page.locator(CARD, has_text="so far").wait_for()
    other = open_page()
    other.goto(page.url)
    other.locator(CARD, has_text="so far").wait_for()
    assert second.name in other.locator('[data-testid="stMain"]').inner_text()

    other.locator(CARD).get_by_role("button", name="Cancel").click()
    until(lambda: reader not in readers(server.pid), within_s=3)
    for seen in (page, other):
        seen.locator(ENDED, has_text="Stopped.").wait_for()
        assert seen.locator(VERDICT).count() == 0

    page.locator(ENDED).get_by_role("button", name="Start again").click()
    page.locator(VERDICT).wait_for()
    (another,) = readers(server.pid)
    assert another != reader
    delete_under_recent(page, server.url, second, first, tmp_path / "workspace")
    os.kill(server.pid, signal.SIGKILL)
    until(lambda: not Path(f"/proc/{another}/cmdline").exists() or not Path(f"/proc/{another}/cmdline").read_bytes())


def delete_under_recent(page: "Page", url: str, gone: Path, stays: Path, workspace: Path) -> None:
    digest = content_hash(gone)
    assert len(left_of(workspace, digest)) == 5  # the clip, its record, its facts and two vectors
    page.goto(url)
    recents = page.locator(".st-key-recents")
    recents.get_by_role("button", name=gone.name).wait_for()
    assert "on day 6" in recents.inner_text()
    page.locator(".st-key-recent-delete-0 button").click()
    page.locator(".st-key-recent-sure-0 button").click()
    recents.get_by_role("button", name=gone.name).wait_for(state="detached")
    assert left_of(workspace, digest) == []
    recents.get_by_role("button", name=stays.name).wait_for()
