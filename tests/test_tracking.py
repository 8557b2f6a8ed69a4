"""Uploaders are followed through yt-dlp, here against a server of this machine."""

import json
import sys
from datetime import UTC, datetime, timedelta

import pytest

from mtaf_core import followed, tracking
from mtaf_core.cli.main import main
from mtaf_core.errors import BadInput, BadWorkspace, Cancelled
from mtaf_core.workspace import Workspace, WorkspaceInfo

pytest.importorskip("yt_dlp", reason="yt-dlp is not installed; see requirements/track.txt")

NOW = datetime.now(UTC)


@pytest.fixture
def workspace(tmp_path):
    return Workspace.create(tmp_path / "market", WorkspaceInfo(name="market", timezone="UTC"))


def rows(workspace, sql):
    return workspace.store.query(sql).to_pylist()


def files(workspace):
    return {p: p.read_bytes() for p in workspace.path.rglob("*") if p.is_file() and not p.name.endswith("lock")}


def test_what_yt_dlp_finds_of_an_uploader_becomes_snapshots_of_today(workspace, site):
    report = tracking.track(workspace, [f"{site.url}/feed/mei"], every_s=0)
    assert dict(report.fetched) == {f"{site.url}/feed/mei": 3}
    assert not report.failed
    assert report.report.rejected_rows == 0
    found = rows(workspace, "SELECT video_id, favorite_count, view_count, comment_count FROM snapshots ORDER BY ALL")
    assert found == [
        {"video_id": f"mei-{n}", "favorite_count": 10, "view_count": 900, "comment_count": 4} for n in range(3)
    ]
    assert rows(workspace, "SELECT DISTINCT duration_s, year(created_at) AS year FROM videos") == [
        {"duration_s": 15.0, "year": 2026}
    ]
    assert not list((workspace.path / "tracking").rglob("*.jsonl"))


def test_nobody_is_asked_twice_on_a_day_and_everybody_again_on_the_next(workspace, site):
    page = f"{site.url}/feed/mei"
    tracking.track(workspace, [page], every_s=0, now=NOW)
    before = dict(site.asked)
    again = tracking.track(workspace, [page], every_s=0, now=NOW)
    assert (again.done, dict(again.fetched), again.report) == ((page,), {}, None)
    assert dict(site.asked) == before
    site.likes = 25
    tracking.track(workspace, [page], every_s=0, now=NOW + timedelta(days=1))
    assert rows(workspace, "SELECT max(favorite_count) AS likes FROM snapshots") == [{"likes": 25}]


def test_a_run_that_is_stopped_goes_on_where_it_was(workspace, site):
    pages = [f"{site.url}/feed/{name}" for name in ("ann", "bo")]

    def stop(step):
        if step.stage == "track" and step.note == pages[1]:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        tracking.track(workspace, pages, every_s=0, progress=stop)
    assert workspace.store.version == 0
    assert tracking.plan(workspace, pages) == tracking.Plan((pages[1],), (pages[0],), 1)
    asked = site.asked["/feed/ann"]
    report = tracking.track(workspace, pages, every_s=0)
    assert dict(report.fetched) == {pages[1]: 3}
    assert site.asked["/feed/ann"] == asked
    assert rows(workspace, "SELECT count(*) AS n FROM snapshots") == [{"n": 6}]
    assert workspace.store.version == 1


def test_work_is_stopped_between_the_videos_of_one_uploader(workspace, site):
    calls = []

    def stop(step):
        calls.append(step)
        if len(calls) == 2:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        tracking.track(workspace, [f"{site.url}/feed/mei"], every_s=0, progress=stop)
    assert site.asked["/video/mei-2"] == 0


def test_one_uploader_that_is_gone_does_not_stop_the_others(workspace, site):
    site.gone = {"/feed/gone"}
    report = tracking.track(workspace, [f"{site.url}/feed/{name}" for name in ("gone", "mei")], every_s=0)
    assert list(report.fetched) == [f"{site.url}/feed/mei"]
    assert "404" in report.failed[f"{site.url}/feed/gone"]
    assert tracking.plan(workspace, [f"{site.url}/feed/gone"]).due


def test_one_video_that_is_gone_does_not_stop_the_others(workspace, site):
    site.gone = {"/video/mei-1"}
    tracking.track(workspace, [f"{site.url}/feed/mei"], every_s=0)
    assert [row["video_id"] for row in rows(workspace, "SELECT video_id FROM snapshots ORDER BY ALL")] == [
        "mei-0", "mei-2",
    ]  # fmt: skip


def test_where_nobody_can_be_read_that_is_said_and_nothing_changes(workspace, site):
    site.gone = {"/feed/gone"}
    with pytest.raises(BadInput, match="None of the 1 uploaders could be read.*404"):
        tracking.track(workspace, [f"{site.url}/feed/gone"], every_s=0)
    assert workspace.store.version == 0


def test_only_the_newest_videos_are_looked_up(workspace, site):
    report = tracking.track(workspace, [f"{site.url}/feed/mei"], every_s=0, limit=2)
    assert sum(report.fetched.values()) == 2
    assert site.asked["/video/mei-2"] == 0


def test_requests_keep_their_distance(workspace, site, monkeypatch):
    slept = []
    monkeypatch.setattr("yt_dlp.extractor.common.time.sleep", slept.append)
    tracking.track(workspace, [f"{site.url}/feed/mei"], every_s=7)
    assert slept.count(7) >= 3  # the feed and three videos


def test_two_runs_at_once_do_not_ask_twice(workspace, site):
    def second(step):
        with pytest.raises(BadWorkspace, match="another run"):
            tracking.track(workspace, [f"{site.url}/feed/mei"], every_s=0)

    tracking.track(workspace, [f"{site.url}/feed/mei"], every_s=0, progress=second)


def test_a_dry_run_says_whom_it_would_ask_and_touches_nothing(workspace, site, tmp_path, capsys):
    listed = tmp_path / "uploaders.txt"
    listed.write_text(f"# ours\n{site.url}/feed/mei  # the tea one\n\n{site.url}/feed/mei\n", encoding="utf-8")
    before = files(workspace)
    arguments = ["track", "--uploaders", str(listed), "--workspace", str(workspace.path), "--json"]
    assert main([*arguments, "--dry-run"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["due"] == [f"{site.url}/feed/mei"]
    assert files(workspace) == before
    assert not site.asked
    assert main([*arguments, "--every-s", "0"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["import"]["tables"]["snapshots"]["new"] == 3


def test_what_the_last_run_did_is_found_again(workspace, site):
    assert tracking.last(workspace) is None
    site.gone = {"/feed/gone"}
    did = tracking.track(workspace, [f"{site.url}/feed/{name}" for name in ("gone", "mei")], every_s=0)
    found = tracking.last(workspace)
    assert found.report == did
    assert found.report.report.rejected_file == did.report.rejected_file
    site.asked.clear()
    tracking.track(workspace, [f"{site.url}/feed/mei"], every_s=0)
    assert tracking.last(workspace) == found, "a run that had nothing to do is no news"
    (workspace.path / "tracking" / "last.json").write_text("{")
    assert tracking.last(workspace) is None


def test_a_list_is_kept_as_it_was_written(workspace):
    assert followed.kept(workspace) == ""
    followed.keep(workspace, "# ours\n@mei\n")
    assert followed.kept(workspace) == "# ours\n@mei\n"


@pytest.mark.parametrize(
    ("page", "fine"),
    [
        ("https://www.tiktok.com/@mei", True),
        ("https://tiktok.com/@mei", True),
        ("http://169.254.169.254/latest", False),
        ("http://127.0.0.1:9/feed", False),
        ("https://eviltiktok.com/@mei", False),
        ("https://www.tiktok.com:8080/@mei", False),
        ("https://www.tiktok.com:99999/@mei", False),
        ("https://[", False),
        ("https://www.tiktok.com@10.0.0.1/", False),
    ],
)
def test_strangers_cannot_send_the_server_anywhere(page, fine):
    if fine:
        followed.only_known([page])
    else:
        with pytest.raises(BadInput, match="none of the sites"):
            followed.only_known([page])


def test_without_yt_dlp_one_sentence_says_what_to_install(workspace, monkeypatch):
    monkeypatch.setitem(sys.modules, "yt_dlp", None)
    with pytest.raises(BadInput, match=r"pip install -r requirements/track\.txt"):
        tracking.track(workspace, ["http://127.0.0.1:9/feed"], every_s=0)


@pytest.mark.parametrize(
    ("line", "platform", "page"),
    [
        ("@mei.tea", "tiktok", "https://www.tiktok.com/@mei.tea"),
        ("mei", "youtube", "https://www.youtube.com/@mei/videos"),
        ("12345", "bilibili", "https://space.bilibili.com/12345/video"),
        ("https://www.tiktok.com/@mei#top", "douyin", "https://www.tiktok.com/@mei#top"),
    ],
)
def test_a_line_is_a_url_or_a_handle_of_the_platform(tmp_path, line, platform, page):
    (tmp_path / "list.txt").write_text(f"\ufeff# head\n  {line}   # note\n", encoding="utf-8")
    assert followed.read_uploaders(tmp_path / "list.txt", platform) == (page,)


@pytest.mark.parametrize("text", ["", "# nobody\n", "file:///etc/passwd\n", "two words\n", "@mei\n"])
def test_a_list_that_cannot_be_followed_is_refused_with_its_name(tmp_path, text):
    (tmp_path / "list.txt").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=r"list\.txt"):
        followed.read_uploaders(tmp_path / "list.txt", "douyin")
