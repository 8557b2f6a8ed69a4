"""Pages run without a browser, against a copy of the demo market."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from mtaf_core.workspace import ENVIRONMENT, Workspace, WorkspaceInfo  # noqa: E402
from pages.components import analysing  # noqa: E402


@pytest.fixture(scope="session")
def market(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo market that pages may write uploads and caches to."""
    folder = tmp_path_factory.mktemp("pages") / "workspace"
    shutil.copytree(demo_folder, folder)
    return folder


@pytest.fixture
def empty_market(tmp_path: Path) -> Path:
    """A workspace of real data with nothing in it yet."""
    Workspace.create(tmp_path / "mine", WorkspaceInfo("My market"))
    return tmp_path / "mine"


@pytest.fixture
def open_app(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Open the app over a workspace, on a page, with what stands in the address after the question mark."""

    def opened(folder: Path, page: str | None = None, /, **query: str) -> AppTest:
        monkeypatch.setenv(ENVIRONMENT, str(folder))
        monkeypatch.setenv("MTAF_WARM_UP", "off")
        # Without a browser nobody asks again: a clip is waited for, however long it takes to read.
        monkeypatch.setattr(analysing, "PATIENCE_S", 60.0)
        app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        return app.switch_page(f"pages/{page}.py").run() if page else app

    return opened


@pytest.fixture
def said() -> Callable[[AppTest], str]:
    """Everything a page says, in one text."""

    def text(app: AppTest) -> str:
        kinds = (app.title, app.subheader, app.markdown, app.caption, app.info, app.error, app.warning)
        return "\n".join(str(element.value) for kind in kinds for element in kind)

    return text
