"""What tests in a browser share: Chromium, servers of their own over workspaces, and pages that wait long enough."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from benchmarks import served

sync_api = pytest.importorskip("playwright.sync_api")

PATIENCE_MS = 120_000


@pytest.fixture(scope="session")
def browser() -> Iterator["sync_api.Browser"]:
    if served.CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with served.browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def serve(browser: "sync_api.Browser") -> Iterator[Callable[..., str]]:
    """Serve a workspace until the module's tests end; gives the address. Models stay asleep unless ``warm``."""
    with ExitStack() as stack:

        def start(workspace: Path, warm: bool = False) -> str:
            settings = {} if warm else {"MTAF_WARM_UP": "off"}
            return stack.enter_context(served.server(workspace, patience_s=90, settings=settings)).url

        yield start


@pytest.fixture
def open_page(browser: "sync_api.Browser") -> Iterator[Callable[..., "sync_api.Page"]]:
    """Open a page in a context of its own: width, height, and what else a context takes."""
    with ExitStack() as stack:

        def opened(width: int = 1440, height: int = 1000, **context: object) -> "sync_api.Page":
            made = browser.new_context(viewport={"width": width, "height": height}, **context)
            stack.callback(made.close)
            page = made.new_page()
            page.set_default_timeout(PATIENCE_MS)
            return page

        yield opened


@pytest.fixture
def page(open_page: Callable[..., "sync_api.Page"]) -> "sync_api.Page":
    return open_page()
