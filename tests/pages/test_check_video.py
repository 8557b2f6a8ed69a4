"""Check a video: one click on a sample gives a forecast, and every change after it is a what-if."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.runtime.uploaded_file_manager import DeletedFile
from streamlit.testing.v1 import AppTest

from mtaf_core.content.media import content_hash
from mtaf_core.data.frame import Candidate
from mtaf_core.insight.forecast import Forecaster
from mtaf_core.workspace import Workspace
from pages.components import clip_picker

Open = Callable[..., AppTest]
Said = Callable[[AppTest], str]


@pytest.fixture
def judged(open_app: Open, market: Path) -> AppTest:
    """The page after one click on the first sample."""
    return open_app(market).button(key="sample_0").click().run()


def headline(app: AppTest) -> str:
    return next(m.value for m in app.markdown if "Expected popularity score" in m.value)


def test_a_newcomer_sees_what_to_do(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market)
    assert not app.exception
    assert app.title[0].value == "Check a video"
    assert "(simulated)" in said(app)
    assert len([b for b in app.button if str(b.key).startswith("sample_")]) >= 3


def test_one_click_gives_score_range_rank_and_attention(judged: AppTest, said: Said) -> None:
    assert not judged.exception
    assert not judged.error
    assert re.search(r"\[\*\*[\d.]+[kM]?\*\*\] on day 6 \([\d.]+[kM]?–[\d.]+[kM]?, 90% range\)", headline(judged))
    text = said(judged)
    assert re.search(r"\*\*\d+(st|nd|rd|th) percentile\*\* of this market", text)
    assert "The model looks most at" in text
    assert re.search(r"(raises|lowers) the forecast most \(×[\d.]+\)", text)
    assert "compact profile" in text


def test_a_change_is_compared_with_the_first_forecast_without_reading_the_clip_again(
    judged: AppTest, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the clip was read again")

    monkeypatch.setattr(Forecaster, "analyse", refuse)
    monkeypatch.setattr(Forecaster, "retext", refuse)
    hour = judged.selectbox(key="form_hour")
    changed = hour.set_value((hour.value + 12) % 24).run()
    assert not changed.error
    assert "Compared with the first forecast" in said(changed)
    assert "Changed: Hour" in said(changed)
    assert re.search(r"×\d+\.\d+ (▲|▼)\d+%|No change to the forecast", said(changed))


def test_new_words_are_embedded_again_and_only_they(
    judged: AppTest, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    retext = Forecaster.retext

    def watched(self: Forecaster, content: object, description: str, tags: object) -> object:
        read.append(description)
        return retext(self, content, description, tags)

    monkeypatch.setattr(Forecaster, "retext", watched)
    changed = judged.text_area(key="form_description").set_value("Half price, today only!").run()
    assert read == ["Half price, today only!"]
    assert "Changed: Description" in said(changed)


def test_reset_brings_the_first_forecast_back(judged: AppTest, said: Said) -> None:
    first = headline(judged)
    changed = judged.text_area(key="form_description").set_value("Something else entirely").run()
    back = changed.button(key="reset").click().run()
    assert headline(back) == first
    assert "Compared with" not in said(back)


def test_a_new_baseline_is_what_later_changes_are_compared_with(judged: AppTest, said: Said) -> None:
    changed = judged.segmented_control(key="form_product_link").set_value("yes").run()
    assert "Changed: Product link" in said(changed)
    based = changed.button(key="rebase").click().run()
    assert "Compared with" not in said(based)
    again = based.text_input(key="form_poi").set_value("Oriental Plaza").run()
    assert "Changed: Point of interest" in said(again)


def test_a_kol_can_be_typed(judged: AppTest, said: Said) -> None:
    typing = judged.segmented_control(key="form_kol_mode").set_value("type").run()
    assert "No KOL was given" in said(typing)
    known = typing.number_input(key="form_follower_count").set_value(2_500_000).run()
    assert "No KOL was given" not in said(known)
    assert "in the head tier" in said(known)
    unknown = known.number_input(key="form_follower_count").set_value(None).run()
    assert " tier" not in said(unknown)


def test_a_fact_that_cannot_be_is_one_sentence(judged: AppTest) -> None:
    typing = judged.segmented_control(key="form_kol_mode").set_value("type").run()
    wrong = typing.number_input(key="form_age").set_value(400).run()
    assert len(wrong.error) == 1
    assert "age" in wrong.error[0].value.lower()
    assert not wrong.exception


def test_a_fault_of_ours_shows_a_reference_and_leaves_its_trace_in_the_log(
    open_app: Open, market: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a fault planted by a test")

    monkeypatch.setattr(Forecaster, "analyse", broken)
    app = open_app(market).button(key="sample_1").click().run()
    reference = re.search(r"Reference \*\*([0-9a-f]{8})\*\*", app.error[0].value)
    assert reference
    assert "planted" not in app.error[0].value
    log = (market / "logs" / "faults.log").read_text()
    assert reference[1] in log
    assert "a fault planted by a test" in log


def test_nothing_is_asserted_that_nobody_said(
    open_app: Open, market: Path, make_clip: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Candidate] = []
    forecast = Forecaster.forecast

    def watched(self: Forecaster, content: object, candidate: Candidate, *rest: object) -> object:
        asked.append(candidate)
        return forecast(self, content, candidate, *rest)

    monkeypatch.setattr(Forecaster, "forecast", watched)
    app = open_app(market)
    app.file_uploader[0].set_value(("a.mp4", make_clip("a.mp4", seconds=1.0).read_bytes(), "video/mp4")).run()
    assert all(value is None for value in asked[-1].video.values())
    app.selectbox(key="form_is_shareable").set_value(False).run()
    assert asked[-1].video["is_shareable"] is False
    assert "is_downloadable" not in asked[-1].video


def test_a_sample_fills_in_what_it_says(judged: AppTest) -> None:
    assert judged.segmented_control(key="form_product_link").value == "no"
    assert judged.selectbox(key="form_is_shareable").value is None


def test_another_bundle_reads_the_clip_anew_and_starts_a_baseline_of_its_own(
    judged: AppTest, own_bundle: Callable[[], str], said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []
    analyse = Forecaster.analyse

    def watched(self: Forecaster, path: Path, *rest: object) -> object:
        read.append(path)
        return analyse(self, path, *rest)

    monkeypatch.setattr(Forecaster, "analyse", watched)
    name = own_bundle()
    again = judged.selectbox(key="form_hour").set_value(3).run()
    assert len(read) == 1
    assert f"Bundle {name}" in said(again)
    assert "Compared with" not in said(again)


@pytest.fixture
def own_bundle(market: Path) -> Iterator[Callable[[], str]]:
    """Puts a copy of the market's bundle, under a name of its own, in use until the test ends."""
    space = Workspace.open(market)
    before = space.bundle_path()

    def use() -> str:
        shutil.copytree(before, before.with_name("another"))
        space.use_bundle("another")
        return "another"

    yield use
    space.use_bundle(before.name)
    shutil.rmtree(before.with_name("another"), ignore_errors=True)


def test_an_upload_that_made_room_for_others_is_one_sentence(
    open_app: Open, market: Path, make_clip: Callable[..., Path]
) -> None:
    clip = make_clip("mine.mp4", seconds=1.5)
    app = open_app(market)
    app.file_uploader[0].set_value(("mine.mp4", clip.read_bytes(), "video/mp4")).run()
    (market / "uploads" / f"{content_hash(clip)}.mp4").unlink()
    app.selectbox(key="form_hour").set_value(3).run()
    assert [e.value for e in app.error] == [
        "'mine.mp4' is no longer kept here: it was deleted, expired or made room for others; upload it again."
    ]
    assert len(app.file_uploader) == 1


def test_a_clip_on_the_page_counts_as_used(open_app: Open, market: Path, make_clip: Callable[..., Path]) -> None:
    clip = make_clip("used.mp4", seconds=1.0)
    app = open_app(market)
    app.file_uploader[0].set_value(("used.mp4", clip.read_bytes(), "video/mp4")).run()
    kept = market / "uploads" / f"{content_hash(clip)}.mp4"
    os.utime(kept, (1, 1))
    app.selectbox(key="form_hour").set_value(3).run()
    assert kept.stat().st_mtime > 1


def test_a_file_that_is_no_video_is_refused_where_clips_are_chosen(open_app: Open, market: Path) -> None:
    app = open_app(market)
    app.file_uploader[0].set_value(("holiday.mp4", b"this is not a video" * 100, "video/mp4")).run()
    assert [e.value for e in app.error] == [
        "holiday.mp4 is not a video that can be read; export it as MP4 and try again."
    ]
    assert not app.exception
    assert len(app.file_uploader) == 1  # still there to try another


def test_an_upload_that_was_taken_already_is_not_taken_again(market: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = {"upload_0": DeletedFile("gone"), "upload_round": 1, "clip": "the clip"}
    monkeypatch.setattr(st, "session_state", dict(state))
    clip_picker._take(Workspace.open(market), 0)
    assert st.session_state == state


def test_an_upload_is_judged_at_once(open_app: Open, market: Path, make_clip: Callable[..., Path]) -> None:
    clip = make_clip("mine.mp4", seconds=2.0)
    app = open_app(market)
    app.file_uploader[0].set_value(("mine.mp4", clip.read_bytes(), "video/mp4")).run()
    assert not app.error
    assert "Expected popularity score" in headline(app)
    assert any("mine.mp4" in m.value for m in app.markdown)


def test_a_sample_can_be_linked_to(open_app: Open, market: Path) -> None:
    name = sorted((market / "samples").glob("*.mp4"))[0].stem
    app = open_app(market, sample=name)
    assert "Expected popularity score" in headline(app)


def test_chinese_speaks_chinese(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, lang="zh").button(key="sample_0").click().run()
    assert app.title[0].value == "检测视频"
    assert "天预计热度值" in said(app)


def test_a_workspace_without_a_model_says_how_to_get_one(
    open_app: Open, empty_market: Path, make_clip: Callable[..., Path], said: Said
) -> None:
    app = open_app(empty_market)
    assert "no sample clips" in said(app)
    assert "(simulated)" not in said(app)
    app.file_uploader[0].set_value(("a.mp4", make_clip("a.mp4", seconds=1.0).read_bytes(), "video/mp4")).run()
    assert "python -m mtaf_core train" in app.error[0].value
