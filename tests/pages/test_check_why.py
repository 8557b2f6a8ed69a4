"""Why this score: every reason reachable, on samples and on a real clip, with moments that can be linked to."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mtaf_core.charts.theme import LIGHT
from mtaf_core.insight.salience import Explainer, Unit, Words
from pages.components import check_why, check_words, tasks

Open = Callable[..., AppTest]
Said = Callable[[AppTest], str]

CHARTS = ("why-modalities", "why-moments", "why-words", "why-context", "why-heat")


def drawn(app: AppTest) -> set[str]:
    """Keys of the charts on the page."""
    return {key for chart in app.get("plotly_chart") for key in CHARTS if chart.proto.id.endswith(f"-{key}")}


@pytest.fixture(scope="module")
def why(market: Path) -> Callable[..., AppTest]:
    """The section, opened from a link."""

    def opened(open_app: Open, **query: str) -> AppTest:
        app = open_app(market, see="why", **query)
        app.default_timeout = 180
        return app

    return opened


def test_every_reason_of_a_sample_is_on_the_page(why: Callable[..., AppTest], open_app: Open, said: Said) -> None:
    app = why(open_app, sample="03-sneaker-reveal")
    assert not app.exception
    assert not app.error
    assert drawn(app) == set(CHARTS)
    text = said(app)
    assert "Attention looks most at Context, but Picture moves this forecast most" in text
    assert "The picture at 0:07" in text
    assert "At 0:07, what is" in text
    assert re.search(r"Around the video, .+ (raises|lowers) the forecast most \(×[\d.]+\)", text)
    assert "Finding the reasons" not in text
    assert re.search(r"\*\*\d+ of the 20\*\* most similar beat the market's median", text)
    assert len(app.dataframe[0].value) == 6
    assert re.search(r"Picture: (like what the model has seen|unusual|unlike)", text)
    assert re.search(r"This KOL's \d+ past videos were missed by a factor of [\d.]+", text)
    tinted = next(h.proto.body for h in app.get("html") if "color-mix" in h.proto.body)
    assert re.sub(r"<[^>]+>", "", tinted).startswith("Testing the pair of cushioned running shoes")


def test_a_linked_moment_chooses_the_frame_and_where_the_player_stands(
    why: Callable[..., AppTest], open_app: Open, said: Said
) -> None:
    app = why(open_app, sample="03-sneaker-reveal", moment="2")
    assert "At 0:02, what is" in said(app)
    assert app.get("video")[0].proto.start_time == 2
    odd = why(open_app, sample="03-sneaker-reveal", moment="soon")
    assert not odd.exception
    assert odd.get("video")[0].proto.start_time == 0


def test_reasons_of_a_real_clip_in_chinese(
    why: Callable[..., AppTest], open_app: Open, said: Said, real_clips: Path
) -> None:
    clip = min(real_clips.glob("*.mp4"), key=lambda path: path.stat().st_size)
    app = why(open_app, lang="zh")
    app.file_uploader[0].set_value((clip.name, clip.read_bytes(), "video/mp4")).run(timeout=180)
    app.text_area(key="form_description").set_value("限时7折，口红好用吗？").run(timeout=180)
    assert not app.exception
    assert not app.error
    assert {"why-modalities", "why-moments", "why-words", "why-context"} <= drawn(app)
    assert "按信息来源" in said(app)
    assert any("7折" in h.proto.body for h in app.get("html"))


def test_work_that_was_cancelled_is_not_begun_again_until_it_is_asked_for(
    why: Callable[..., AppTest], open_app: Open, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    begin = check_why.Bar.__init__

    def watched(self: check_why.Bar, release: str) -> None:
        asked.append(release)
        begin(self, release)

    with monkeypatch.context() as patched:
        patched.setattr(check_why.Bar, "__init__", watched)
        patched.setattr(Explainer, "explained", lambda *_: iter(()))
        app = why(open_app, sample="04-mug-plain")
    app.session_state[check_why.STOPPED] = asked[-1]  # what the button of the bar does
    stopped = app.run(timeout=180)
    assert "Stopped" in said(stopped)
    assert drawn(stopped) == {"why-modalities"}
    on = stopped.button(key="why-go-on").click().run(timeout=180)
    assert not on.exception
    assert drawn(on) == set(CHARTS)
    assert "Stopped" not in said(on)


def test_the_overview_comes_first_and_does_no_such_work(
    open_app: Open, market: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("reasons nobody asked for")

    monkeypatch.setattr(Explainer, "explained", never)
    app = open_app(market, sample="01-serum-strong")
    assert not app.error
    assert app.segmented_control(key="see").value == "overview"


def test_what_a_person_types_is_text_on_the_page() -> None:
    units = (Unit("<script>alert(1)</script> ", False), Unit("#a&b", True))
    words = Words(units, np.array([0.2, -0.1]), np.zeros(2), 0.1)
    found = check_words.tinted(words, LIGHT)
    assert "<script" not in found
    assert "&lt;script&gt;" in found
    assert "#a&amp;b" in found
    assert re.findall(r'title="×([\d.]+)"', found) == ["1.22", "0.90"]


def test_the_model_page_says_how_far_attention_can_be_trusted(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "model", part="bundle")
    if any(button.key == "trust-find" for button in app.button):  # kept, once another test has asked
        app.button(key="trust-find").click().run()
        job = tasks.jobs().current("trust")
        assert job is not None
        job.wait(120)
        app = open_app(market, "model", part="bundle")
    text = said(app)
    assert re.search(r"Attention names the same top source as the contributions on \d+% of 160 later videos", text)
    assert "Mean rank correlation" in text
