"""Follow uploaders day by day: what yt-dlp finds of them lands in the tables as any other import does.

yt-dlp is optional: it is imported where it is used. What was fetched waits on disk until it lands, so a run that is
stopped goes on where it was, and asks nobody twice on one day of the market.
"""

import hashlib
import importlib.util
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from mtaf_core.data import delta
from mtaf_core.data.importers.reasons import Refused
from mtaf_core.data.importers.report import ImportReport
from mtaf_core.errors import BadWorkspace
from mtaf_core.followed import TRACKING
from mtaf_core.importing import import_paths
from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.workspace import Workspace

EVERY_S = 2.0
"""Seconds between two requests where nothing else is asked for."""
LIMIT = 100
"""Newest videos of one uploader that are looked at."""
MAX_DEPTH = 3
"""Lists in lists: a channel holds tabs, a tab holds videos."""

_LARGE = (
    "formats", "requested_formats", "requested_downloads", "subtitles", "automatic_captions", "thumbnails",
    "http_headers", "heatmap", "comments", "chapters", "entries",
)  # fmt: skip
_OF_THE_LIST = ("uploader", "uploader_id", "channel", "channel_id", "channel_follower_count", "channel_is_verified")


@dataclass(frozen=True)
class Plan:
    """Whom a run would ask.

    Parameters
    ----------
    due : tuple of str
        Pages that would be fetched, in order.
    done : tuple of str
        Pages that were fetched already on this day of the market.
    waiting : int
        Uploaders that an earlier run fetched and that have not landed yet.
    """

    due: tuple[str, ...]
    done: tuple[str, ...]
    waiting: int


@dataclass(frozen=True)
class TrackReport:
    """What a run did.

    Parameters
    ----------
    fetched : mapping of str to int
        Videos found, by page.
    done : tuple of str
        Pages that were left alone because they were fetched earlier on this day.
    failed : mapping of str to str
        Why a page could not be read; the next run tries it again.
    report : ImportReport or None
        What landed; None where nothing was found.
    """

    fetched: Mapping[str, int]
    done: tuple[str, ...]
    failed: Mapping[str, str]
    report: ImportReport | None

    def to_json(self) -> dict[str, Any]:
        """The document of ``track --json``."""
        return {
            "fetched": dict(self.fetched), "done_today": list(self.done), "failed": dict(self.failed),
            "import": self.report.to_json() if self.report else None,
        }  # fmt: skip


@dataclass(frozen=True)
class LastRun:
    """A run that ended: when, in UTC, and what it did."""

    time: datetime
    report: TrackReport


def is_installed() -> bool:
    """Whether yt-dlp is there to look up uploaders with."""
    return importlib.util.find_spec("yt_dlp") is not None


def plan(workspace: Workspace, uploaders: Sequence[str], now: datetime | None = None) -> Plan:
    """Whom `track` would ask; nothing is fetched or written."""
    done = _done(workspace, _day(workspace, now))
    waiting = len(list((_folder(workspace) / "found").glob("*.jsonl")))
    return Plan(tuple(u for u in uploaders if u not in done), tuple(u for u in uploaders if u in done), waiting)


def track(
    workspace: Workspace,
    uploaders: Sequence[str],
    every_s: float = EVERY_S,
    limit: int = LIMIT,
    progress: Progress = silent,
    now: datetime | None = None,
) -> TrackReport:
    """Look up the newest videos of each uploader and add today's counts to the tables, in one commit at the end.

    Parameters
    ----------
    workspace : Workspace
    uploaders : sequence of str
        Pages, from `followed.read_uploaders`.
    every_s : float
        Seconds from one request of a page to the next.
    limit : int
        Newest videos of each uploader.
    progress : Progress
        Called before each video, with the page and how many videos of it were found so far.
    now : datetime, optional
        What day it is, with a zone.

    Raises
    ------
    BadInput
        If yt-dlp is not installed, a number is not one, or not one page could be read.
    BadWorkspace
        If the workspace cannot be written, or another run is under way.
    Cancelled
        If ``progress`` stops it; what was fetched waits for the next run, the tables are untouched.
    """
    if not 0 <= every_s <= 3600 or limit < 1:
        raise Refused("track_numbers")
    folder, day = _folder(workspace), _day(workspace, now)
    with _alone(workspace), _extractor(every_s, limit) as extractor:
        asked = plan(workspace, uploaders, now)
        done = _done(workspace, day)
        fetched: dict[str, int] = {}
        failed: dict[str, str] = {}
        for number, page in enumerate(asked.due):
            step = Step("track", number, len(asked.due), page)
            progress(step)
            try:
                found = extractor.posts(page, progress, step)
            except extractor.refusals as fault:
                failed[page] = _sentence(fault)
                continue
            fetched[page] = len(found)
            done.add(page)
            with delta.writing(workspace.path):
                _keep(folder / "found", page, day, found)
                _replace(folder / "state.json", json.dumps({"day": day, "done": sorted(done)}, ensure_ascii=False))
        progress(Step("track", len(asked.due), len(asked.due)))
        if failed and not (fetched or asked.done or asked.waiting):
            page, why = next(iter(failed.items()))
            raise Refused("track_nobody_read", n=len(failed), page=page, why=why)
        report = TrackReport(fetched, asked.done, failed, _land(workspace, folder / "found", progress))
        _note(workspace, report)
        return report


def last(workspace: Workspace) -> LastRun | None:
    """The last run that ended, whoever started it; None before the first, or where what was noted cannot be read."""
    try:
        says = json.loads((_folder(workspace) / "last.json").read_text(encoding="utf-8"))
        landed = says["import"]
        report = ImportReport.from_json(landed, workspace.path / "imports" / str(landed["number"])) if landed else None
        done = TrackReport(dict(says["fetched"]), tuple(says["done_today"]), dict(says["failed"]), report)
        return LastRun(datetime.fromisoformat(says["time"]).astimezone(UTC), done)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _note(workspace: Workspace, report: TrackReport) -> None:
    """Write down what a run did; one that did nothing leaves the one before."""
    if report.fetched or report.failed or report.report:
        says = {"time": datetime.now(UTC).isoformat(), **report.to_json()}
        with delta.writing(workspace.path):
            _replace(_folder(workspace) / "last.json", json.dumps(says, ensure_ascii=False))


def _land(workspace: Workspace, folder: Path, progress: Progress) -> ImportReport | None:
    """Import everything that waits; it is removed only once it is in the tables."""
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        return None
    report = import_paths(workspace, files, format="ytdlp", progress=progress)
    for file in files:
        file.unlink()
    return report


class _Extractor:
    """yt-dlp, asked for what it knows of videos and never for the clips."""

    def __init__(self, downloader: Any, refusals: tuple[type[Exception], ...], limit: int) -> None:
        self.downloader = downloader
        self.refusals = refusals
        self.limit = limit

    def posts(self, page: str, progress: Progress, step: Step) -> list[dict[str, Any]]:
        """The newest videos of a page, each as an info dict that the importer reads."""
        found: dict[str, dict[str, Any]] = {}
        for info in self._walk(self.downloader.extract_info(page, download=False), {}, MAX_DEPTH):
            progress(replace(step, note=f"{page} · {len(found)}") if found else step)
            post = self._post(info)
            if post is not None:
                found[str(post["id"])] = post
            if len(found) >= self.limit:
                break
        return list(found.values())

    def _walk(self, info: dict[str, Any] | None, above: dict[str, Any], depth: int) -> Iterator[dict[str, Any]]:
        if not info:
            return
        known = above | {name: info[name] for name in _OF_THE_LIST if info.get(name) is not None}
        if info.get("_type") not in ("playlist", "multi_video"):
            yield {**known, **{name: value for name, value in info.items() if value is not None}}
            return
        for entry in info.get("entries") or ():
            if entry and depth and entry.get("_type") in ("url", "url_transparent") and not _counted(entry):
                try:
                    whole = self.downloader.process_ie_result(dict(entry), download=False)
                except self.refusals:
                    whole = entry  # one video that is gone; what the list says of it stays good
                yield from self._walk(whole, known, depth - 1)
            else:
                yield from self._walk(entry, known, depth - 1)

    def _post(self, info: dict[str, Any]) -> dict[str, Any] | None:
        if info.get("id") is None or not any(info.get(name) for name in ("extractor_key", "extractor", "ie_key")):
            return None
        small = {name: value for name, value in info.items() if name not in _LARGE and not name.startswith("_")}
        small.setdefault("epoch", int(datetime.now(UTC).timestamp()))
        post: dict[str, Any] = self.downloader.sanitize_info(small)
        return post


@contextmanager
def _extractor(every_s: float, limit: int) -> Iterator[_Extractor]:
    try:
        import yt_dlp
    except ImportError as fault:
        raise Refused("track_missing") from fault
    options = {
        "quiet": True, "no_warnings": True, "noprogress": True, "color": "never", "logger": _Quiet(), "cachedir": False,
        "skip_download": True, "ignore_no_formats_error": True, "extract_flat": "in_playlist", "playlistend": limit,
        "sleep_interval_requests": every_s, "socket_timeout": 20, "retries": 2, "extractor_retries": 1,
    }  # fmt: skip
    with yt_dlp.YoutubeDL(options) as downloader:
        yield _Extractor(downloader, (yt_dlp.utils.YoutubeDLError,), limit)


class _Quiet:
    """What yt-dlp says to a console; refusals come as exceptions."""

    def debug(self, message: str) -> None: ...

    def info(self, message: str) -> None: ...

    def warning(self, message: str) -> None: ...

    def error(self, message: str) -> None: ...


def _counted(entry: Mapping[str, Any]) -> bool:
    """Whether the list itself says all that is followed, so that no request for the video is needed."""
    return all(entry.get(name) is not None for name in ("id", "ie_key", "timestamp", "like_count", "comment_count"))


def _sentence(fault: Exception) -> str:
    said = " ".join(str(fault).split()).removeprefix("ERROR: ")
    return said.split("; please report this issue")[0][:300] or type(fault).__name__


def _folder(workspace: Workspace) -> Path:
    return workspace.path / TRACKING


def _day(workspace: Workspace, now: datetime | None) -> str:
    return (now or datetime.now(UTC)).astimezone(ZoneInfo(workspace.info.timezone)).date().isoformat()


def _done(workspace: Workspace, day: str) -> set[str]:
    """Pages fetched on ``day``; a state that is of another day or damaged only means asking again."""
    try:
        says = json.loads((_folder(workspace) / "state.json").read_text(encoding="utf-8"))
        return set(says["done"]) if says["day"] == day else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()


@contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    with delta.writing(workspace.path):
        _folder(workspace).mkdir(parents=True, exist_ok=True)
        lock = FileLock(_folder(workspace) / "lock")
        try:
            lock.acquire(timeout=0)
        except Timeout as fault:
            raise BadWorkspace(f"{workspace.path} is being tracked by another run; wait until it ends.") from fault
    try:
        yield
    finally:
        lock.release()


def _keep(folder: Path, page: str, day: str, found: Iterable[dict[str, Any]]) -> None:
    lines = "".join(json.dumps(post, ensure_ascii=False, default=str) + "\n" for post in found)
    if lines:
        folder.mkdir(parents=True, exist_ok=True)
        slug = re.sub(r"[^\w.-]+", "_", page.partition("://")[2])[:60]
        _replace(folder / f"{slug}-{day}-{hashlib.sha256(page.encode()).hexdigest()[:8]}.jsonl", lines)


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)
