"""Check a video takes what is no video too: a picture, a song, or words alone, and says once what it did without."""

import io
import re
import wave
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from mtaf_core.workspace import Workspace

Open = Callable[..., AppTest]
Said = Callable[[AppTest], str]
PATIENCE_S = 180


def picture() -> bytes:
    """A face of light in the upper left of a dark picture."""
    found = np.zeros((480, 360, 3), np.uint8)
    found[60:200, 60:200] = (250, 220, 180)
    jpeg = io.BytesIO()
    Image.fromarray(found).save(jpeg, "JPEG")
    return jpeg.getvalue()


def song() -> bytes:
    wav = io.BytesIO()
    with wave.open(wav, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        tone = 9000 * np.sin(2 * np.pi * 440 * np.arange(4 * 16_000) / 16_000)
        file.writeframes(tone.astype("<i2").tobytes())
    return wav.getvalue()


def taken(app: AppTest, name: str, content: bytes, kind: str) -> AppTest:
    return app.file_uploader[0].set_value((name, content, kind)).run()


def headline(app: AppTest) -> str:
    return next(m.value for m in app.markdown if "Expected popularity score" in m.value)


@pytest.fixture
def worded(open_app: Open, market: Path) -> AppTest:
    """The page with a description and no clip."""
    return open_app(market).text_area(key="form_description").set_value("A new serum, half price today").run()


def test_a_picture_is_judged_and_what_it_lacks_is_said_once(open_app: Open, market: Path, said: Said) -> None:
    app = taken(open_app(market), "poster.jpg", picture(), "image/jpeg")
    assert not app.exception
    assert not app.error
    text = said(app)
    assert text.count("A picture has no sound and no length") == 1
    assert "No sound was given" not in text
    assert "poster.jpg** · Picture · 360×480" in text
    assert [p.proto.imgs[0].alt for p in app.get("image")] == ["poster.jpg"]
    assert len(app.get("video")) == 0


def test_a_picture_of_sixteen_bits_is_shown(open_app: Open, market: Path) -> None:
    png = io.BytesIO()
    Image.fromarray(np.linspace(0, 65_535, 300 * 300, dtype=np.uint16).reshape(300, 300)).save(png, "PNG")
    app = taken(open_app(market), "grey.png", png.getvalue(), "image/png")
    assert not app.error
    assert [p.proto.imgs[0].alt for p in app.get("image")] == ["grey.png"]


def test_why_shows_places_of_a_picture_and_no_seconds(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, see="why")
    app.default_timeout = PATIENCE_S
    app = taken(app, "poster.jpg", picture(), "image/jpeg")
    assert not app.exception
    assert not app.error
    text = said(app)
    assert "In the picture" in text
    assert re.search(r"What is .+ of the picture moves the forecast most|No place of the picture", text)
    assert "In the clip" not in text
    keys = [chart.proto.id for chart in app.get("plotly_chart")]
    assert any("why-heat" in key for key in keys)
    assert not any("why-moments" in key for key in keys)


def test_a_song_is_played_and_told_by_its_seconds(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, see="why")
    app.default_timeout = PATIENCE_S
    app = taken(app, "jingle.wav", song(), "audio/wav")
    assert not app.exception
    assert not app.error
    text = said(app)
    assert text.count("A song has no picture") == 1
    assert "No picture was given" not in text
    assert "jingle.wav** · Song · 0:04" in text
    assert "In the song" in text
    assert len(app.get("audio")) == 1
    assert any("why-moments" in chart.proto.id for chart in app.get("plotly_chart"))
    assert not any("why-heat" in chart.proto.id for chart in app.get("plotly_chart"))


def test_words_alone_are_offered_only_where_there_are_words(open_app: Open, market: Path) -> None:
    app = open_app(market)
    assert app.button(key="score-words").disabled
    app = app.multiselect(key="form_tags").set_value(["glow"]).run()
    assert not app.button(key="score-words").disabled


def test_words_alone_are_judged_in_every_section(worded: AppTest, said: Said) -> None:
    app = worded.button(key="score-words").click().run()
    assert not app.error
    assert "Words alone" in said(app)
    assert said(app).count("There are words alone") == 1
    assert "was given or found" not in said(app)
    first = headline(app)
    app.default_timeout = PATIENCE_S
    for section in ("why", "change"):
        app = app.segmented_control(key="see").set_value(section).run()
        assert not app.exception
        if section == "change":
            assert "Length" not in app.selectbox(key="along").options
        assert not app.error
        assert headline(app) == first
    app = app.segmented_control(key="see").set_value("overview").run()
    app = app.text_area(key="form_description").set_value("Sold out").run()
    assert headline(app) != first
    assert "Changed: Description" in said(app)


def test_a_clip_after_words_alone_is_a_change_that_reset_takes_back(worded: AppTest, said: Said) -> None:
    app = worded.button(key="score-words").click().run()
    first = headline(app)
    app.session_state["change_clip"] = True
    app = taken(app.run(), "poster.png", picture(), "image/png")
    assert "Compared with the first forecast" in said(app)
    app = app.button(key="reset").click().run()
    assert headline(app) == first
    assert "Words alone" in said(app)


def test_a_picture_that_cannot_be_read_is_one_sentence_under_its_own_name(open_app: Open, market: Path) -> None:
    app = taken(open_app(market), "flyer.jpg", b"%PDF-1.7 " + bytes(200), "image/jpeg")
    assert [e.value for e in app.error] == [
        "flyer.jpg is a PDF document; export the page as JPEG or PNG and try again."
    ]
    assert len(app.file_uploader) == 1


def test_chinese_says_it_in_chinese(open_app: Open, market: Path, said: Said) -> None:
    app = taken(open_app(market, lang="zh"), "poster.jpg", picture(), "image/jpeg")
    assert "图片没有声音和时长" in said(app)
    assert "A picture has" not in said(app)


def test_the_command_line_and_the_page_agree_on_a_picture(
    open_app: Open, market: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mtaf_core.insight.forecast import Forecaster

    made: list[tuple[object, object, float]] = []
    forecast = Forecaster.forecast

    def watched(self: Forecaster, content: object, candidate: object, *rest: object) -> object:
        found = forecast(self, content, candidate, *rest)
        made.append((content, candidate, found.score))
        return found

    monkeypatch.setattr(Forecaster, "forecast", watched)
    taken(open_app(market), "poster.jpg", picture(), "image/jpeg")
    _, candidate, score = made[-1]
    path = market / "uploads" / f"{sha256(picture()).hexdigest()}.jpg"
    fresh = Forecaster(Workspace.open(market), device="cpu")
    assert forecast(fresh, fresh.analyse(path, candidate.description, candidate.tags), candidate).score == score


def test_a_video_without_sound_says_so_once(open_app: Open, market: Path, real_clips: Path, said: Said) -> None:
    clip = real_clips / "moviepy_doc_long_example.mp4"
    text = said(taken(open_app(market), clip.name, clip.read_bytes(), "video/mp4"))
    assert "The file has no sound that can be read" in text
    assert "No sound was given" not in text
