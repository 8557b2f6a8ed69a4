"""Editing the clip: a part of it, without its sound, another one in its place; and that the page says what it did."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mtaf_core.cli import main
from mtaf_core.content.take import Take
from mtaf_core.insight.forecast import Forecaster
from mtaf_core.schema import Modality
from pages.components import check_edits, clip_editing, clip_picker
from pages.components.candidate_form import Brief

Open = Callable[..., AppTest]
Said = Callable[[AppTest], str]
SAMPLE, OTHER = "03-sneaker-reveal", "04-mug-plain"


def _headline(app: AppTest) -> str:
    return next(m.value for m in app.markdown if m.value.startswith("### Expected"))


def _clip_facts(app: AppTest) -> str:
    return next(str(m.value) for m in app.markdown if ":material/movie:" in str(m.value))


def _forecast_log(app: AppTest) -> float:
    """The present forecast, made the new start and read from there."""
    app = app.button(key="rebase").click().run()
    assert not app.exception
    return float(app.session_state["baseline"].forecast.log_score)


def test_a_real_clip_is_trimmed_muted_and_put_back(open_app: Open, market: Path, said: Said, real_clips: Path) -> None:
    clip = real_clips / "moviepy_chaplin.mp4"
    app = open_app(market)
    app.file_uploader[0].set_value((clip.name, clip.read_bytes(), "video/mp4")).run(timeout=180)
    first = _headline(app)
    app = app.slider(key="clip_part").set_value((2.0, 7.0)).run()
    assert not app.exception
    assert not app.error
    assert "Changed: Clip: seconds 2–7" in said(app)
    assert "0:05" in _clip_facts(app)
    assert "seconds 2–7" in _clip_facts(app)
    player = app.get("video")[0].proto
    assert (player.start_time, player.end_time, player.muted) == (2, 7, False)
    app = app.toggle(key="clip_muted").set_value(True).run()
    assert "Changed: Clip: seconds 2–7, no sound" in said(app)
    assert "The sound is muted, so the model leaves it out" in said(app)
    assert "No sound was given" not in said(app)
    assert app.get("video")[0].proto.muted
    trimmed = _headline(app)
    assert trimmed != first
    app = app.button(key="reset").click().run()
    assert _headline(app) == first
    assert "Changed:" not in said(app)
    assert app.slider(key="clip_part").value == (0.0, 10.0)


def test_page_and_command_line_agree_to_the_last_digit(
    open_app: Open, market: Path, real_clips: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clip = real_clips / "moviepy_chaplin.mp4"
    app = open_app(market)
    app.file_uploader[0].set_value((clip.name, clip.read_bytes(), "video/mp4")).run(timeout=180)
    app = app.slider(key="clip_part").set_value((2.0, 7.0)).run()
    app = app.toggle(key="clip_muted").set_value(True).run()
    app = app.selectbox(key="form_hour").set_value(20).run()
    app = app.text_area(key="form_description").set_value("Half price for one day only").run()
    when = f"{app.date_input(key='form_day').value.isoformat()}T20:00"
    words = ["--description", "Half price for one day only", "--upload-time", when]
    capsys.readouterr()
    asked = ["predict", str(clip), *words, "--start", "2", "--end", "7", "--mute", "--workspace", str(market), "--json"]
    assert main(asked) == 0
    predicted = json.loads(capsys.readouterr().out)
    sets = [arg for edit in ("start=2", "end=7", "mute=true") for arg in ("--set", edit)]
    assert main(["whatif", str(clip), *words, *sets, "--workspace", str(market), "--json"]) == 0
    edited = json.loads(capsys.readouterr().out)
    assert predicted["log_score"] == edited["after"]["log_score"] == _forecast_log(app)


def test_a_part_shorter_than_a_step_is_a_step_long(open_app: Open, market: Path) -> None:
    app = open_app(market, sample=SAMPLE)
    app = app.slider(key="clip_part").set_value((10.0, 10.0)).run()
    assert app.slider(key="clip_part").value == (9.5, 10.0)
    assert not app.error
    app = app.button(key="clip-reset").click().run()
    assert app.slider(key="clip_part").value == (0.0, 10.0)
    assert app.button(key="clip-reset").disabled


def test_another_sample_takes_the_place_of_the_clip_and_leaves_the_form(
    open_app: Open, market: Path, said: Said
) -> None:
    app = open_app(market, sample=SAMPLE, see="change")
    words = app.text_area(key="form_description").value
    app.session_state[clip_picker.CHANGING] = True
    app = app.run()
    assert app.toggle(key=clip_picker.KEEP).value
    place = next(n for n, s in enumerate(_samples(market)) if s == OTHER)
    app = app.button(key=f"sample_{place}").click().run()
    assert not app.exception
    assert app.text_area(key="form_description").value == words
    assert "Changed: Clip: another one" in said(app)
    assert any("Clip: another one" in c.proto.alt for c in app.get("plotly_chart") if "waterfall" in c.proto.alt)
    app = app.button(key="reset").click().run()
    assert "Changed:" not in said(app)


def test_a_sample_that_is_not_to_keep_the_form_becomes_the_new_start(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, sample=SAMPLE)
    words = app.text_area(key="form_description").value
    app.session_state[clip_picker.CHANGING] = True
    app = app.run()
    app = app.toggle(key=clip_picker.KEEP).set_value(False).run()
    place = next(n for n, s in enumerate(_samples(market)) if s == OTHER)
    app = app.button(key=f"sample_{place}").click().run()
    assert app.text_area(key="form_description").value != words
    assert "Changed:" not in said(app)


def _samples(market: Path) -> list[str]:
    from mtaf_core.workspace import Workspace

    return [sample.path.stem for sample in Workspace.open(market).samples()]


def test_reasons_are_those_of_the_part(open_app: Open, market: Path, said: Said) -> None:
    """The reveal at 0:07 of the sample comes at 0:03 of a clip that begins at 4, and the player goes to second 7."""
    app = open_app(market, sample=SAMPLE, see="why")
    app.default_timeout = 180
    app = app.slider(key="clip_part").set_value((4.0, 10.0)).run()
    assert not app.exception
    assert not app.error
    text = said(app)
    assert "The picture at 0:03" in text
    assert "why_moment" not in app.session_state
    app.query_params["moment"] = "3"
    app = app.run()
    assert app.get("video")[0].proto.start_time == 7
    assert "At 0:03, what is" in said(app)
    muted = app.toggle(key="clip_muted").set_value(True).run()
    assert not muted.exception
    charts = [c.proto.alt for c in muted.get("plotly_chart") if c.proto.id.endswith("-why-moments")]
    assert charts
    assert all("Sound: none." in alt for alt in charts)


def test_edits_of_the_clip_are_told_in_words() -> None:
    whole = Take("a")
    assert clip_editing.words(whole) == ""
    assert clip_editing.difference(Take("a", 2.0, 9.0, muted=True), whole) == "Clip: seconds 2–9, no sound"
    assert clip_editing.difference(Take("a", 2.5), whole) == "Clip: from second 2.5"
    assert clip_editing.difference(Take("b", 0.0, 4.0), whole) == "Clip: another one, seconds 0–4"
    assert clip_editing.difference(whole, Take("a", muted=True)) == "Clip: whole, as it is"
    assert clip_editing.changes(Brief(hour=3, take=Take("b")), Brief(take=whole)) == ["Hour", "Clip: another one"]
    assert check_edits.label("hour", Brief(hour=3), Brief(hour=20)) == "Hour: 20:00 → 03:00"
    assert check_edits.label("tags", Brief(tags=("a", "b")), Brief(tags=("b", "c"))) == "Hashtags: +a −c"
    assert len(check_edits.label("poi", Brief(poi="x" * 90), Brief())) <= 42


def test_on_the_page_too_only_what_an_edit_is_about_is_read(
    open_app: Open, market: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_app(market, sample="01-serum-strong")
    ran: list[Modality] = []
    read: list[Take | None] = []
    analyse = Forecaster.analyse

    def watched(self: Forecaster, *args: object, **named: object) -> object:
        read.append(args[4] if len(args) > 4 else named.get("take"))  # type: ignore[arg-type]
        return analyse(self, *args, **named)  # type: ignore[arg-type]

    def spied(network: object, modality: Modality) -> Callable[..., np.ndarray]:
        embed = network.embed  # type: ignore[attr-defined]

        def run(given: object) -> np.ndarray:
            ran.append(modality)
            return embed(given)  # type: ignore[no-any-return]

        return run

    from pages.components import shell

    extractor = shell._make_forecaster(str(market)).extractor
    for modality in (Modality.TEXT, Modality.AUDIO, Modality.VISUAL):
        network = extractor.backbone(modality)
        monkeypatch.setattr(network, "embed", spied(network, modality))
    monkeypatch.setattr(Forecaster, "analyse", watched)
    app = app.selectbox(key="form_hour").set_value(4).run()
    app = app.segmented_control(key="form_kol_mode").set_value("type").run()
    app = app.toggle(key="clip_muted").set_value(True).run()
    assert (ran, read) == ([], [])
    app = app.text_area(key="form_description").set_value("words that nobody has written yet, at all").run()
    assert (ran, read) == ([Modality.TEXT], [])
    ran.clear()
    app = app.slider(key="clip_part").set_value((1.5, 6.5)).run()
    assert not app.exception
    # Sound and picture of the part are read by the process that reads clips; the words are known.
    assert [(one.start_s, one.end_s) for one in read if one] == [(1.5, 6.5)]
    assert ran == []
