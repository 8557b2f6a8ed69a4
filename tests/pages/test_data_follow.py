"""Data: uploaders followed every day, clips linked, extraction paused and resumed."""

import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from mtaf_core import tracking
from mtaf_core.background import Job
from mtaf_core.jobs import Progress, Step
from mtaf_core.pipeline import Extraction
from mtaf_core.workspace import Workspace
from pages.components import data_link, data_media, data_track, tasks

Open = Callable[..., AppTest]
Said = Callable[[AppTest], str]


@pytest.fixture(autouse=True)
def server_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTAF_SERVER_FILES", "on")


@pytest.fixture
def videos(empty_market: Path) -> Path:
    """A market of two videos without clips."""
    with Workspace.open(empty_market).store.write("test") as change:
        change.merge("videos", pa.table({"platform": ["douyin"] * 2, "video_id": ["7301", "7302"]}))
    return empty_market


def job(kind: str) -> Job:
    found = tasks.jobs().current(kind)
    assert found is not None
    return found


def ended(kind: str, app: AppTest) -> AppTest:
    job(kind).wait(60)
    return app.run()


def until(so: Callable[[], bool]) -> None:
    for _ in range(2000):
        if so():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not come to that in twenty seconds")


def asked_for(app: AppTest, pages: list[str]) -> AppTest:
    app.text_area(key="track_list").set_value("\n".join(pages)).run()
    return app.number_input(key="track_every").set_value(0.0).run()


def test_a_dry_run_says_whom_it_would_ask_and_fetches_nothing(
    open_app: Open, empty_market: Path, site, said: Said
) -> None:
    app = asked_for(open_app(empty_market, "data", section="track"), [f"{site.url}/feed/mei", f"{site.url}/feed/mei"])
    app.button(key="track_dry").click().run()
    assert not app.exception
    assert "Would look up 1 uploaders, at most 100 videos" in said(app)
    assert "Nothing was fetched" in said(app)
    assert not site.asked
    assert not (empty_market / "tracking").exists()


def test_uploaders_are_looked_up_and_what_the_run_appended_is_told(
    open_app: Open, empty_market: Path, site, said: Said
) -> None:
    pytest.importorskip("yt_dlp", reason="yt-dlp is not installed; see requirements/track.txt")
    site.gone = {"/feed/gone"}
    app = asked_for(open_app(empty_market, "data", section="track"), [f"{site.url}/feed/mei", f"{site.url}/feed/gone"])
    app = ended("track", app.button(key="track_go").click().run())
    assert not app.exception
    text = said(app)
    assert "1 uploaders looked up, 3 videos found" in text
    assert "will be tried again: 1" in text
    counts = app.dataframe[-1].value.set_index("Table")
    assert counts.loc["Video daily counts", "New"] == 3
    assert Workspace.open(empty_market).store.counts()["snapshots"] == 3

    later = open_app(empty_market, "data", section="track")
    assert later.text_area(key="track_list").value.splitlines()[0] == f"{site.url}/feed/mei", "the list was lost"
    assert "3 videos found" in said(later)
    later.button(key="track_dry").click().run()
    assert "Would look up 1 uploaders" in said(later)
    assert "Done already today: 1" in said(later)


def test_a_run_is_stopped_on_the_page_and_goes_on_where_it_was(
    open_app: Open, empty_market: Path, site, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("yt_dlp", reason="yt-dlp is not installed; see requirements/track.txt")
    pages = [f"{site.url}/feed/{name}" for name in ("ann", "bo")]
    reached, go_on, answer = threading.Event(), threading.Event(), site.answer

    def slow(path: str):
        if path == "/feed/bo":
            reached.set()
            go_on.wait(20)
        return answer(path)

    monkeypatch.setattr(site, "answer", slow)
    app = asked_for(open_app(empty_market, "data", section="track"), pages)
    app.button(key="track_go").click().run()
    assert reached.wait(20)
    app = open_app(empty_market, "data", section="track")
    assert "1 of 2 uploaders" in app.get("progress")[0].text, "a page opened anew lost the run"
    app.button(key="stop-track").click().run()
    go_on.set()
    app = ended("track", app)
    assert "Stopped. What was looked up waits" in said(app)
    assert Workspace.open(empty_market).store.version == 0
    asked = site.asked["/feed/ann"]
    app = ended("track", app.button(key="track_go").click().run())
    assert site.asked["/feed/ann"] == asked
    assert Workspace.open(empty_market).store.counts()["snapshots"] == 6


@pytest.mark.parametrize(("text", "words"), [("", "names no uploader"), ("two words", "line 1"), ("@mei", "douyin")])
def test_a_list_that_cannot_be_followed_is_one_sentence(
    open_app: Open, empty_market: Path, text: str, words: str
) -> None:
    app = open_app(empty_market, "data", section="track")
    app.text_area(key="track_list").set_value(text).run()
    app.button(key="track_dry").click().run()
    assert not app.exception
    assert words in app.error[0].value


def test_a_list_from_a_file_goes_into_the_field_whatever_wrote_it(
    open_app: Open, empty_market: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_app(empty_market, "data", section="track")
    app.file_uploader[0].set_value(("名单.txt", "# 我们的\nhttps://www.tiktok.com/@茶".encode("gb18030"), "text/plain"))
    app.run()
    assert not app.exception
    assert app.text_area(key="track_list").value.splitlines() == ["# 我们的", "https://www.tiktok.com/@茶"]
    app.file_uploader[0].set_value(("a.txt", b"\x00\x01", "text/plain")).run()
    assert "a.txt is not text" in app.error[0].value
    monkeypatch.setattr(data_track, "MAX_CHARS", 10)
    app.file_uploader[0].set_value(("b.txt", b"https://www.tiktok.com/@mei", "text/plain")).run()
    assert "b.txt is over 1 MB" in app.error[0].value


def test_strangers_cannot_send_the_server_to_its_own_network(
    open_app: Open, empty_market: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTAF_SERVER_FILES", "off")
    app = asked_for(open_app(empty_market, "data", section="track"), ["http://169.254.169.254/latest"])
    app.button(key="track_go").click().run()
    assert "none of the sites" in app.error[0].value
    assert tasks.jobs().current("track") is None


def test_without_yt_dlp_the_page_says_how_to_install_it(
    open_app: Open, empty_market: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking, "is_installed", lambda: False)
    app = open_app(empty_market, "data", section="track")
    assert "pip install -r requirements/track.txt" in app.info[0].value
    assert app.button(key="track_go").disabled
    assert "requirements/track.txt" in open_app(empty_market, "data", section="track", lang="zh").info[0].value


def test_is_installed_follows_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yt_dlp", None)
    assert not tracking.is_installed()


def test_clips_of_a_folder_are_linked_and_the_others_are_listed(
    open_app: Open, videos: Path, tmp_path: Path, said: Said
) -> None:
    (tmp_path / "clips").mkdir()
    for name in ("7301.mp4", "tea [7302].mov", "other.mp4"):
        (tmp_path / "clips" / name).write_bytes(b"clip")
    app = open_app(videos, "data", section="media")
    app.text_input(key="link_folder").set_value(str(tmp_path / "clips")).run()
    app = ended("link", app.button(key="link").click().run())
    assert not app.exception
    assert "2 videos were linked" in app.success[0].value
    assert app.dataframe[0].value.to_numpy().tolist() == [["other.mp4", "No video has such an id."]]
    zh = open_app(videos, "data", section="media", lang="zh")
    assert zh.dataframe[0].value.to_numpy().tolist() == [["other.mp4", "没有视频使用这个 id。"]]


def test_uploaded_clips_stay_in_the_workspace_and_strays_do_not(open_app: Open, videos: Path, said: Said) -> None:
    app = open_app(videos, "data", section="media")
    app.button_group(key="link_way").set_value("upload").run()
    app.button_group(key="link_by").set_value("table").run()
    clips, table = app.file_uploader
    clips.set_value([("第一[1].mp4", b"clip", "video/mp4"), ("stray.mp4", b"clip", "video/mp4")])
    table.set_value(("链接.csv", "视频ID,文件\n7301,第一[1].mp4\n7302,gone.mp4\n".encode("gb18030"), "text/csv")).run()
    app = ended("link", app.button(key="link").click().run())
    assert not app.exception
    assert "1 videos were linked" in app.success[0].value
    assert "Named by the table and not there: 1" in said(app)
    found = Workspace.open(videos).store.query("SELECT media_path FROM videos WHERE video_id = '7301'").to_pylist()
    assert (videos / found[0]["media_path"]).read_bytes() == b"clip"
    assert found[0]["media_path"].startswith("media/")


def test_clips_that_no_video_has_are_not_kept(videos: Path, tmp_path: Path) -> None:
    folder = videos / "media" / "x"
    folder.mkdir(parents=True)
    for name in ("7301.mp4", "stray.mp4"):
        (folder / name).write_bytes(b"clip")
    data_link._work(Workspace.open(videos), folder, None, True, tmp_path / "none", lambda step: None)
    assert [path.name for path in folder.iterdir()] == ["7301.mp4"]


@pytest.mark.parametrize(("way", "words"), [("server", "Name the folder"), ("upload", "Choose the clips")])
def test_linking_nothing_says_what_is_missing(open_app: Open, videos: Path, way: str, words: str) -> None:
    app = open_app(videos, "data", section="media")
    app.button_group(key="link_way").set_value(way).run()
    app.button(key="link").click().run()
    assert words in app.error[0].value


class Slow:
    """An extraction of four videos that goes on when it is let."""

    def __init__(self) -> None:
        self.gate = threading.Semaphore(0)
        self.done: list[int] = []

    def __call__(self, space: Workspace, device: str, progress: Progress) -> Extraction:
        for number in range(1, 5):
            assert self.gate.acquire(timeout=20)
            self.done.append(number)
            progress(Step("extract", number, 4))
        return Extraction("compact", 4, 0, 0, {})


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    made = Slow()
    monkeypatch.setattr(data_media, "extract_market", made)
    return made


def test_an_extraction_is_paused_found_again_and_resumed_where_it_was(
    open_app: Open, videos: Path, slow: Slow, said: Said
) -> None:
    app = open_app(videos, "data", section="media")
    app.button(key="extract").click().run()
    slow.gate.release(2)
    until(lambda: slow.done == [1, 2])
    app.run()
    app.button(key="pause-extract").click().run()
    slow.gate.release()
    until(lambda: job("extract").look().paused)
    slow.gate.release()

    again = open_app(videos, "data", section="media")
    assert again.get("progress")[0].text.startswith("Paused · 3 of 4 videos"), "a refreshed page lost the pause"
    assert not any(button.key == "pause-extract" for button in again.button)
    assert slow.done == [1, 2, 3], "it went on in the pause"
    again.button(key="resume-extract").click().run()
    again = ended("extract", again)
    assert slow.done == [1, 2, 3, 4]
    assert "4 videos were extracted" in again.success[-1].value


def test_a_paused_extraction_can_be_cancelled_and_says_how_far_it_came(
    open_app: Open, videos: Path, slow: Slow, said: Said
) -> None:
    app = open_app(videos, "data", section="media")
    app.button(key="extract").click().run()
    job("extract").pause()
    slow.gate.release()
    until(lambda: job("extract").look().paused)
    app.run()
    app.button(key="stop-extract").click().run()
    app = ended("extract", app)
    assert "Cancelled after 1 of 4 videos" in said(app)
    assert app.button(key="extract")
    assert slow.done == [1]


def test_time_left_is_said_once_it_can_be_told(open_app: Open, videos: Path, slow: Slow) -> None:
    app = open_app(videos, "data", section="media")
    app.button(key="extract").click().run()
    slow.gate.release(2)
    until(lambda: job("extract").look().left_s is not None)
    app.run()
    assert "left" in app.get("progress")[0].text
    job("extract").stop()
    slow.gate.release(2)
    job("extract").wait(20)
    assert job("extract").look().left_s is None
