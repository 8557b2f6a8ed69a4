"""What many tests share: the shipped demo market as a workspace, real footage, and clips encoded on the spot."""

import atexit
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from mtaf_core.workspace import Workspace, install_demo

REAL_CLIPS = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "videos"


def pytest_configure() -> None:
    # Once hypothesis has run, DuckDB's binding prints pages about leaked types while the interpreter goes down, past
    # pytest's summary. The exit status still tells of a crash there.
    atexit.register(lambda: os.dup2(os.open(os.devnull, os.O_WRONLY), 2))


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped demo market, installed once; for tests that only read it."""
    folder = tmp_path_factory.mktemp("demo") / "workspace"
    install_demo(folder)
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
