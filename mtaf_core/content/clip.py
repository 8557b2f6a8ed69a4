"""What is read of one file: its facts, and, where they are not dropped, its frames and its sound."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

PICTURE_ALONE = "A picture has no sound and no length; the forecast is made without them."
SONG_ALONE = "A song has no picture; the forecast is made without it."
NO_PICTURE = "The file has no picture that can be read; the forecast is made without it."
NO_SOUND = "The file has no sound that can be read; the forecast is made without it."

Form = Literal["video", "picture", "song"]


@dataclass(frozen=True, eq=False)
class Clip:
    """What is read from one file: a video, a picture or a song.

    Parameters
    ----------
    path : Path
    content_hash : str
        sha256 of the file's bytes.
    duration_s : float or None
        Length of the whole clip, or of the part asked for, in seconds; not only of the window that was read. None of a
        picture, which has none.
    width_px, height_px : int or None
        Size as displayed, rotation and pixel shape applied; None when there is no picture.
    fps : float or None
        Average frames a second as the container states it.
    frames : ndarray of uint8, (F, H, W, 3), or None
        RGB frames evenly spaced over the window, shorter side at most 256 px; one of a picture. None when there is no
        picture, or when the clip came from a cache that keeps facts only (then `has_picture` still tells).
    frame_times_s : tuple of float
        When each frame is on screen, in seconds from the start of the part; 0 of a picture.
    sound : dict of int to ndarray of float32, (samples,), or None
        Mono sound in [-1, 1] of the window for every sample rate asked for. None as for `frames`.
    warnings : tuple of str
        Sentences for a person: what was missing or damaged and what was done about it.
    has_picture, has_sound : bool
        Whether the file holds a picture and sound that could be read.
    start_s : float
        Where the part begins, in seconds of the file.
    """

    path: Path
    content_hash: str
    duration_s: float | None
    width_px: int | None
    height_px: int | None
    fps: float | None
    frames: np.ndarray | None
    frame_times_s: tuple[float, ...]
    sound: dict[int, np.ndarray] | None
    warnings: tuple[str, ...] = ()
    has_picture: bool = True
    has_sound: bool = True
    start_s: float = 0.0

    @property
    def form(self) -> Form:
        """What a person would call it."""
        if self.duration_s is None:
            return "picture"
        return "video" if self.has_picture else "song"


def is_about_sound(warning: str) -> bool:
    """Whether a warning of a clip is about its sound, and so of no matter where the sound is taken away."""
    return warning.startswith(("The file has no sound", "The sound is"))
