"""Reading a clip behind the page: shown, found again, stopped for good; and uploads kept under Recent until they go."""

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mtaf_core.background import Job
from mtaf_core.content.media import content_hash
from mtaf_core.content.pace import LATE
from mtaf_core.errors import ProcessLost
from mtaf_core.insight import recent
from mtaf_core.insight.forecast import Forecaster
from mtaf_core.jobs import Step
from mtaf_core.workspace import Workspace
from pages.components import analysing, tasks

Open = Callable[..., AppTest]
Said = Callable[[AppTest], str]
LONG_S = 1.3
"""A length that no other module's clips have: what was read once is not read again, whoever asked."""


class Gate:
    """Holds back every reading until it is opened; a stop is heard meanwhile."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.asked: list[Path] = []
        self.steps = [Step("decode", 100, 2000)]

    def wait(self, progress: Callable[[Step], None]) -> None:
        while not self.open.wait(0.02):
            for step in self.steps:
                progress(step)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    held, analyse = Gate(), Forecaster.analyse

    def slow(self: Forecaster, path: Path, *rest: object) -> object:
        held.asked.append(path)
        held.wait(rest[2])  # type: ignore[arg-type]
        return analyse(self, path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Forecaster, "analyse", slow)
    yield held
    held.open.set()


@pytest.fixture
def own_market(market: Path) -> Iterator[Path]:
    """The market of the page tests, without the uploads of others."""
    space = Workspace.open(market)
    for one in recent.recents(space):
        recent.delete(space, one.content_hash)
    yield market
    for one in recent.recents(space):
        analysing.stop(one.content_hash)
        recent.delete(space, one.content_hash)


@pytest.fixture
def open_page(open_app: Open, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open the app so that a page waits for a clip no longer than it does in a browser."""

    def opened(folder: Path, **query: str) -> AppTest:
        app = open_app(folder, **query)
        monkeypatch.setattr(analysing, "PATIENCE_S", 0.05)
        return app

    return opened


def upload(app: AppTest, clip: Path) -> AppTest:
    return app.file_uploader[0].set_value((clip.name, clip.read_bytes(), "video/mp4")).run()


def ended(clip: Path) -> Job:
    """The reading of a clip, once it has ended."""
    (job,) = tasks.jobs().of_kind(f"analyse-{content_hash(clip)[:16]}")
    job.wait(60)
    assert not job.is_running
    return job


def has_forecast(app: AppTest) -> bool:
    return any("Expected popularity score" in m.value for m in app.markdown)


def left_of(folder: Path, digest: str) -> list[Path]:
    return [path for path in folder.rglob("*") if digest in path.name]


def test_a_clip_that_takes_long_is_read_behind_the_page(
    open_page: Open, own_market: Path, gate: Gate, make_clip: Callable[..., Path], said: Said
) -> None:
    clip = make_clip("long.mp4", seconds=LONG_S)
    app = upload(open_page(own_market), clip)
    assert not app.error
    assert not has_forecast(app)
    text = said(app)
    assert "Looking at your clip" in text
    assert re.search(
        r"pending:\]&nbsp;Reading the clip.*unchecked:\]&nbsp;Sound.*Picture.*unchecked:\]&nbsp;Text", text
    )
    assert app.get("progress")[0].proto.text == "0:00 so far · about 0:02 left"
    assert app.button(key="stop-analysing").label == "Cancel"
    # The page is alive meanwhile: the form can be filled in, and it is the same reading.
    app.text_area(key="form_description").set_value("Half price today").run()
    assert gate.asked == [own_market / "uploads" / f"{content_hash(clip)}.mp4"]
    gate.open.set()
    ended(clip)
    app.run()
    assert has_forecast(app)
    assert len(gate.asked) == 1
    assert not app.get("progress")


def test_words_changed_while_a_clip_was_read_are_the_ones_that_are_judged(
    open_page: Open, own_market: Path, gate: Gate, make_clip: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = make_clip("words.mp4", seconds=LONG_S)
    app = upload(open_page(own_market), clip)
    app.text_area(key="form_description").set_value("Half price today").run()
    texts: list[str] = []
    retext = Forecaster.retext

    def watched(self: Forecaster, content: object, description: str, tags: object) -> object:
        texts.append(description)
        return retext(self, content, description, tags)  # type: ignore[arg-type]

    monkeypatch.setattr(Forecaster, "retext", watched)
    gate.open.set()
    ended(clip)
    app.run()
    assert has_forecast(app)
    assert texts == ["Half price today"]


def test_another_page_finds_the_reading_by_its_clip(
    open_page: Open, own_market: Path, gate: Gate, make_clip: Callable[..., Path], said: Said
) -> None:
    clip = make_clip("found.mp4", seconds=LONG_S)
    upload(open_page(own_market), clip)
    again = open_page(own_market).button(key="recent_0").click().run()
    assert "Looking at your clip" in said(again)
    assert again.button(key="stop-analysing")
    assert len(gate.asked) == 1
    gate.open.set()
    ended(clip)
    again.run()
    assert has_forecast(again)
    assert len(gate.asked) == 1


def test_cancel_ends_the_reading_on_every_page_and_it_starts_again_only_when_asked(
    open_page: Open, own_market: Path, gate: Gate, make_clip: Callable[..., Path], said: Said
) -> None:
    clip = make_clip("stopped.mp4", seconds=LONG_S)
    app = upload(open_page(own_market), clip)
    app.button(key="stop-analysing").click().run()
    assert ended(clip).look().state == "stopped"
    app.run()
    assert "Stopped." in said(app)
    assert not has_forecast(app)
    app.selectbox(key="form_hour").set_value(3).run()
    assert len(gate.asked) == 1
    assert "stopped.mp4" in said(app)
    gate.open.set()
    app.button(key="analyse-again").click().run()
    ended(clip)
    app.run()
    assert has_forecast(app)


def test_who_waits_is_told_how_many_come_before(
    open_page: Open, own_market: Path, gate: Gate, make_clip: Callable[..., Path]
) -> None:
    gate.steps = [Step("wait", 0, 2)]
    app = upload(open_page(own_market), make_clip("third.mp4", seconds=LONG_S))
    assert app.get("progress")[0].proto.text == "2 clips are read before this one · 0:00 so far"
    gate.steps = [Step("wait", 0, 1)]
    time.sleep(0.1)
    app.run()
    assert app.get("progress")[0].proto.text.startswith("This one is next")


def test_what_takes_longer_than_it_did_is_said_to(
    open_page: Open, own_market: Path, gate: Gate, make_clip: Callable[..., Path]
) -> None:
    gate.steps = [Step("decode", 1900, 2000, LATE)]
    app = upload(open_page(own_market), make_clip("late.mp4", seconds=LONG_S))
    assert app.get("progress")[0].proto.text == "0:00 so far · longer than usual"


def test_a_process_that_broke_is_one_sentence_and_can_be_tried_again(
    open_page: Open, own_market: Path, make_clip: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = make_clip("broken.mp4", seconds=LONG_S)
    analyse = Forecaster.analyse

    def broken(self: Forecaster, *_: object) -> object:
        raise ProcessLost("The process that reads clips ended by itself (signal 9); try again.")

    monkeypatch.setattr(Forecaster, "analyse", broken)
    app = upload(open_page(own_market), clip)
    ended(clip)
    app.run()
    assert [e.value for e in app.error] == ["The process that reads clips ended by itself (signal 9); try again."]
    monkeypatch.setattr(Forecaster, "analyse", analyse)
    app.button(key="analyse-again").click().run()
    ended(clip)
    app.run()
    assert not app.error
    assert has_forecast(app)


def test_what_is_on_disk_is_shown_at_once_by_a_server_that_never_read_it(
    open_page: Open, own_market: Path, gate: Gate, make_clip: Callable[..., Path]
) -> None:
    clip = make_clip("known.mp4", seconds=LONG_S)
    gate.open.set()
    upload(open_page(own_market), clip)
    ended(clip)
    for job in tasks.jobs().of_kind("analyse-"):
        tasks.jobs().put_away(job.kind)
    app = upload(open_page(own_market), clip)
    assert has_forecast(app)
    assert tasks.jobs().of_kind("analyse-") == []


def test_uploads_stand_under_recent_with_their_name_and_score_and_open_again(
    open_app: Open, own_market: Path, make_clip: Callable[..., Path], said: Said
) -> None:
    clip = make_clip("my [best] clip.mp4", seconds=LONG_S)
    upload(open_app(own_market), clip)
    fresh = open_app(own_market)
    text = said(fresh)
    assert "##### Recent" in text
    assert re.search(r"[\d.]+[kM]? on day 6  \njust now", text)
    assert "Kept for 30 days after the last use, at most 8 GB in all" in text
    button = fresh.button(key="recent_0")
    assert button.label == r"my \[best\] clip.mp4"
    opened = button.click().run()
    assert has_forecast(opened)
    assert r"**my \[best\] clip.mp4**" in said(opened)


def test_a_market_without_uploads_has_no_recent(open_app: Open, own_market: Path, said: Said) -> None:
    assert "Recent" not in said(open_app(own_market))


def test_deleting_asks_first_and_leaves_nothing(
    open_app: Open, own_market: Path, make_clip: Callable[..., Path], said: Said
) -> None:
    clips = [make_clip(f"{name}.mp4", seconds=LONG_S, fps=fps) for name, fps in (("keep", 10), ("drop", 11))]
    for clip in clips:
        upload(open_app(own_market), clip)
    keep, drop = map(content_hash, clips)
    assert len(left_of(own_market, drop)) == 5  # the clip, its record, its facts and two vectors
    app = open_app(own_market)
    asked = app.button(key="recent-delete-0").click().run()
    assert "Delete for good?" in said(asked)
    kept = asked.button(key="recent-keep-0").click().run()
    assert len(left_of(own_market, drop)) == 5
    asked = kept.button(key="recent-delete-0").click().run()
    gone = asked.button(key="recent-sure-0").click().run()
    assert left_of(own_market, drop) == []
    assert len(left_of(own_market, keep)) == 5
    assert [t.value for t in gone.toast] == [r"'drop.mp4' is deleted, with all that was read from it."]
    assert gone.button(key="recent_0").label == "keep.mp4"


def test_all_are_deleted_at_once(open_app: Open, own_market: Path, make_clip: Callable[..., Path], said: Said) -> None:
    clips = [make_clip(f"{fps}.mp4", seconds=LONG_S, fps=fps) for fps in (10, 11)]
    for clip in clips:
        upload(open_app(own_market), clip)
    asked = open_app(own_market).button(key="recent-delete-all").click().run()
    assert "Delete all 2 clips for good?" in said(asked)
    gone = asked.button(key="recent-sure-all").click().run()
    assert "Recent" not in said(gone)
    assert [left for clip in clips for left in left_of(own_market, content_hash(clip))] == []
    assert len(list((own_market / "samples").glob("*.mp4"))) > 3


def test_a_clip_that_is_deleted_while_it_is_read_is_read_no_further(
    open_page: Open, own_market: Path, gate: Gate, make_clip: Callable[..., Path]
) -> None:
    clip = make_clip("unwanted.mp4", seconds=LONG_S)
    upload(open_page(own_market), clip)
    (job,) = tasks.jobs().of_kind("analyse-")
    other = open_page(own_market)
    other.button(key="recent-delete-0").click().run().button(key="recent-sure-0").click().run()
    assert job.look().state == "stopped"
    assert left_of(own_market, content_hash(clip)) == []


def test_expired_uploads_go_when_something_new_comes(
    open_app: Open, own_market: Path, make_clip: Callable[..., Path], said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = make_clip("old.mp4", seconds=LONG_S, fps=10), make_clip("new.mp4", seconds=LONG_S, fps=11)
    upload(open_app(own_market), old)
    (path,) = (own_market / "uploads").glob("*.mp4")
    os.utime(path, (time.time() - 8 * 86_400,) * 2)
    monkeypatch.setenv(recent.ENVIRONMENT, "7")
    app = open_app(own_market)
    assert "Kept for 7 days" in said(app)
    upload(app, new)
    assert left_of(own_market, content_hash(old)) == []
    assert len(left_of(own_market, content_hash(new))) == 5


def test_a_wrong_setting_is_said_where_clips_are_chosen(
    open_app: Open, own_market: Path, make_clip: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(recent.ENVIRONMENT, "soon")
    app = upload(open_app(own_market), make_clip("a.mp4", seconds=LONG_S))
    assert has_forecast(app)
    assert [e.value for e in open_app(own_market).error] == [
        "MTAF_KEEP_DAYS is 'soon'; set it to a number of days from 1 to 36500."
    ]


def test_chinese_speaks_chinese(
    open_page: Open, own_market: Path, gate: Gate, make_clip: Callable[..., Path], said: Said
) -> None:
    app = upload(open_page(own_market, lang="zh"), make_clip("zh.mp4", seconds=LONG_S))
    assert "正在分析视频" in said(app)
    assert app.get("progress")[0].proto.text == "已用时 0:00 · 预计还需 0:02"
