"""What many tests share: the shipped demo market as a workspace, real footage, and clips encoded on the spot."""

import atexit
import json
import os
import shutil
import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import av
import numpy as np
import pytest

from mtaf_core import importing
from mtaf_core.study import market
from mtaf_core.workspace import Workspace, install_demo

REAL_DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
REAL_CLIPS = REAL_DATA / "videos"


def pytest_configure() -> None:
    # Once hypothesis has run, DuckDB's binding prints pages about leaked types while the interpreter goes down, past
    # pytest's summary. The exit status still tells of a crash there.
    atexit.register(lambda: os.dup2(os.open(os.devnull, os.O_WRONLY), 2))


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped demo market, installed once and studied, as `demo` leaves it; for tests that only read it."""
    folder = tmp_path_factory.mktemp("demo") / "workspace"
    install_demo(folder)
    market.make(Workspace.open(folder))
    return folder


@pytest.fixture(scope="session")
def demo(demo_folder: Path) -> Workspace:
    return Workspace.open(demo_folder)


@pytest.fixture
def own_demo(demo_folder: Path, tmp_path: Path) -> Workspace:
    """A copy of the demo market that a test may change."""
    folder = tmp_path / "workspace"
    shutil.copytree(demo_folder, folder)
    return Workspace.open(folder)


@pytest.fixture
def unmeasured_demo(own_demo: Workspace) -> Workspace:
    """A copy of the demo market in which nothing was evaluated yet."""
    shutil.rmtree(own_demo.path / "evaluations")
    return own_demo


@pytest.fixture
def small_demo(own_demo: Workspace) -> Workspace:
    """The latest eighth of the demo market's videos: enough to learn from, and quickly learnt."""
    videos = own_demo.store.query("SELECT * FROM videos ORDER BY created_at DESC, video_id LIMIT 200")
    with own_demo.store.write("fewer videos") as change:
        change.replace("videos", videos)
    return own_demo


def _studied(name: str, format: str, folder: Path) -> Workspace:
    """A public table, imported whole and studied; a test that needs it is skipped where it is not there."""
    source = REAL_DATA / name
    if not source.exists():
        pytest.skip(f"no real data in {source}")
    with importing.opened(folder, format=format) as workspace:
        importing.import_paths(workspace, [source], format=format)
    market.make(workspace)
    return workspace


@pytest.fixture(scope="session")
def tiktok_vn(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """21,149 real videos of 5,611 KOLs with irregular counts and 14,944 hashtags, studied; for tests that only read."""
    return _studied("tiktok_vn", "tiktok-vn", tmp_path_factory.mktemp("vn") / "workspace")


@pytest.fixture(scope="session")
def bilibili_daily(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """24,252 daily counts of real videos, studied; for tests that only read."""
    return _studied("bilibili_daily", "bilibili-daily", tmp_path_factory.mktemp("bilibili") / "workspace")


@pytest.fixture(scope="session")
def real_clips() -> Path:
    """The folder of real footage; a test that needs it is skipped where it is not beside the project."""
    if not REAL_CLIPS.is_dir():
        pytest.skip(f"no real footage in {REAL_CLIPS}")
    return REAL_CLIPS


@pytest.fixture(scope="session")
def make_clip(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Encode a small real clip: a moving gradient in H.264, a tone in AAC."""

    def make(
        name: str = "clip.mp4",
        seconds: float = 3.0,
        size: tuple[int, int] = (270, 480),
        fps: int = 12,
        sound: bool = True,
    ) -> Path:
        path = tmp_path_factory.mktemp("clips") / name
        width, height = size
        with av.open(str(path), "w") as container:
            video = container.add_stream("libx264", rate=fps, options={"preset": "ultrafast"})
            video.width, video.height, video.pix_fmt = width, height, "yuv420p"
            audio = container.add_stream("aac", rate=44_100, layout="mono") if sound else None
            ramp = np.linspace(0, 255, width, dtype=np.uint8)
            for i in range(int(seconds * fps)):
                picture = np.broadcast_to(np.roll(ramp, 5 * i)[None, :, None], (height, width, 3))
                container.mux(video.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")))
            container.mux(video.encode())
            if audio is not None:
                tone = 0.3 * np.sin(2 * np.pi * 330 * np.arange(int(seconds * 44_100)) / 44_100)
                for start in range(0, len(tone), 1024):
                    block = av.AudioFrame.from_ndarray(
                        tone[None, start : start + 1024].astype(np.float32), "fltp", "mono"
                    )
                    block.sample_rate, block.pts = 44_100, start
                    container.mux(audio.encode(block))
                container.mux(audio.encode())
        return path

    return make


class Site:
    """Uploaders as feeds of pages that say their counts; what was asked of it, and what it refuses."""

    def __init__(self):
        self.likes = 10
        self.asked = Counter()
        self.gone = set()
        self.url = ""

    def answer(self, path):
        kind, _, name = path.strip("/").partition("/")
        if path in self.gone or kind not in ("feed", "video", "clip"):
            return None
        if kind == "feed":
            items = "".join(
                f"<item><title>{name} {n}</title><guid>{name}-{n}</guid><link>{self.url}/video/{name}-{n}</link></item>"
                for n in range(3)
            )
            return "application/rss+xml", f'<rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'
        if kind == "clip":
            return "video/mp4", "clip"
        said = {
            "@context": "https://schema.org", "@type": "VideoObject", "name": name, "description": f"Tea {name} #tea",
            "uploadDate": "2026-01-01T10:00:00Z", "contentUrl": f"{self.url}/clip/{name}.mp4", "duration": "PT15S",
            "interactionStatistic": [
                {"@type": "InteractionCounter", "interactionType": f"https://schema.org/{action}",
                 "userInteractionCount": count}
                for action, count in (("LikeAction", self.likes), ("WatchAction", 900), ("CommentAction", 4))
            ],
        }  # fmt: skip
        page = f'<html><head><script type="application/ld+json">{json.dumps(said)}</script></head></html>'
        return "text/html", page


@pytest.fixture
def site(monkeypatch):
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            site.asked[self.path] += 1
            found = site.answer(self.path)
            self.send_response(200 if found else 404)
            kind, body = found or ("text/plain", "gone")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body.encode())

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_): ...

    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield site
    server.shutdown()
    server.server_close()
