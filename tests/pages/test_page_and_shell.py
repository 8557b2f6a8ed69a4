"""The page and the command line are two faces of one forecast: they agree to the last digit."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from mtaf_core.cli import main
from mtaf_core.insight.forecast import Forecast
from mtaf_core.workspace import Workspace

Open = Callable[..., AppTest]
ASKED = ("--description", "Glow serum, today only", "--tags", "skincare,好物推荐", "--uploader", "kol0042")


@pytest.fixture
def clip(real_clips: Path) -> Path:
    return real_clips / "torchcodec_nasa_13013.mp4"


@pytest.fixture
def shell(market: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    def run(*arguments: object) -> Any:
        assert main([*map(str, arguments), "--workspace", str(market), "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def page(open_app: Open, market: Path, clip: Path) -> AppTest:
    """A real clip uploaded and described as `ASKED` has it, at nine in the morning."""
    app = open_app(market)
    app.text_area(key="form_description").set_value(ASKED[1])
    app.multiselect(key="form_tags").set_value(ASKED[3].split(","))
    app.selectbox(key="form_uploader_id").set_value(ASKED[5])
    app.selectbox(key="form_hour").set_value(9)
    app.button_group(key="form_product_link").set_value("yes")
    app = app.file_uploader[0].set_value((clip.name, clip.read_bytes(), "video/mp4")).run()
    assert not app.exception
    assert not app.error
    return app


def first(app: AppTest) -> dict[str, Any]:
    """The forecast that the page compares with, as a document."""
    forecast: Forecast = app.session_state["baseline"].forecast
    return forecast.to_json()


def told(document: dict[str, Any]) -> dict[str, Any]:
    """All of a document but how long it took, and its warnings: the page says some of them beside its fields."""
    return {name: value for name, value in document.items() if name not in ("timings_s", "warnings")}


def test_predict_says_what_the_page_says(
    page: AppTest, shell: Callable[..., Any], clip: Path, market: Path, said: Callable[[AppTest], str]
) -> None:
    zone = Workspace.open(market).info.timezone
    assert zone == "Asia/Shanghai"
    when = f"{page.date_input(key='form_day').value.isoformat()}T09:00"
    asked = (clip, *ASKED, "--upload-time", when, "--product-link")
    answer = shell("predict", *asked)
    assert told(answer) == json.loads(json.dumps(told(first(page))))
    assert answer["warnings"]
    assert [warning for warning in answer["warnings"] if warning not in said(page)] == []


def test_whatif_says_what_a_change_on_the_page_does(page: AppTest, shell: Callable[..., Any], clip: Path) -> None:
    when = f"{page.date_input(key='form_day').value.isoformat()}T09:00"
    before = told(first(page))
    page.selectbox(key="form_hour").set_value(21)
    page.selectbox(key="form_uploader_id").set_value("kol0081")
    page.text_area(key="form_description").set_value("Glow serum, half price")
    app = page.run()
    app = app.button(key="rebase").click().run()
    after = told(first(app))
    answer = shell(
        "whatif", clip, *ASKED, "--upload-time", when, "--product-link", "--set", "upload_hour=21",
        "--set", "uploader=kol0081", "--set", "description=Glow serum, half price",
    )  # fmt: skip
    assert told(answer["before"]) == json.loads(json.dumps(before))
    assert told(answer["after"]) == json.loads(json.dumps(after))
    assert answer["factor"] == (after["score"] + 1) / (before["score"] + 1)
    assert after["score"] != before["score"]
