"""Clips to measure with: encoded on the spot, so that every machine measures the same material."""

import os
from pathlib import Path

import av
import numpy as np


def encode(path: Path, width: int = 1920, height: int = 1080, seconds: float = 15.0, fps: int = 30) -> Path:
    """Write an H.264 + AAC clip of drifting texture with grain, about as hard to decode as filmed footage.

    Parameters
    ----------
    path : Path
    width, height : int
        Pixels.
    seconds : float
    fps : int

    Returns
    -------
    Path
        ``path``.
    """
    random = np.random.default_rng(0)
    texture = random.integers(0, 255, (height // 8, width // 4, 3), dtype=np.uint8).repeat(8, 0).repeat(8, 1)
    grain = random.integers(-12, 12, (height, width, 1), dtype=np.int16)
    sound = (0.2 * random.standard_normal(int(seconds * 44_100))).astype(np.float32)
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=fps, options={"preset": "veryfast", "crf": "26"})
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        audio = container.add_stream("aac", rate=44_100, layout="mono")
        for i in range(int(seconds * fps)):
            window = texture[:, 4 * i % width : 4 * i % width + width].astype(np.int16) + np.roll(grain, 7 * i, axis=1)
            frame = av.VideoFrame.from_ndarray(np.clip(window, 0, 255).astype(np.uint8), "rgb24")
            container.mux(video.encode(frame))
        container.mux(video.encode())
        for start in range(0, len(sound), 1024):
            block = av.AudioFrame.from_ndarray(sound[None, start : start + 1024], "fltp", "mono")
            block.sample_rate, block.pts = 44_100, start
            container.mux(audio.encode(block))
        container.mux(audio.encode())
    return path


def varied(clip: Path, path: Path, number: int) -> Path:
    """A copy of ``clip`` with another content hash: an unused box at its end carries ``number``."""
    path.write_bytes(clip.read_bytes() + _free_box(os.urandom(8) + number.to_bytes(8, "big")))
    return path


def padded(clip: Path, path: Path, size: int) -> Path:
    """A copy of ``clip`` made ``size`` bytes long by an unused box at its end, as an MP4 may have."""
    body = clip.read_bytes()
    with path.open("wb") as file:
        file.write(body)
        rest = size - len(body)
        file.write(rest.to_bytes(4, "big") + b"free")
        file.truncate(size)
    return path


def _free_box(payload: bytes) -> bytes:
    return (8 + len(payload)).to_bytes(4, "big") + b"free" + payload
