"""Vectors and clip facts on disk, so that the same content is never read twice."""

import json
import math
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from mtaf_core.content.clip import Clip
from mtaf_core.content.take import Take
from mtaf_core.limits import MAX_DURATION_S, MAX_SIDE_PX

_FACTS_VERSION = 1


@dataclass(frozen=True)
class VectorCache:
    """Files ``FOLDER/BACKBONE/ab/abcd….npy``, written whole or not at all; a damaged one counts as absent.

    Parameters
    ----------
    folder : Path or None
        None keeps nothing.
    """

    folder: Path | None

    def get(self, backbone: str, key: str, dimension: int) -> np.ndarray | None:
        """The cached vector, (dimension,) float32, or None."""
        path = self._path(backbone, key, ".npy")
        if path is None:
            return None
        try:
            with path.open("rb") as file:
                vector = np.load(file, allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return None
        fits = isinstance(vector, np.ndarray) and vector.shape == (dimension,) and vector.dtype == np.float32
        return vector if fits and np.isfinite(vector).all() else None

    def put(self, backbone: str, key: str, vector: np.ndarray) -> None:
        """Keep a vector.

        Raises
        ------
        OSError
            If the folder cannot be written.
        """
        path = self._path(backbone, key, ".npy")
        if path is not None:
            _write_whole(path, lambda file: np.save(file, vector, allow_pickle=False))

    def get_clip(self, path: Path, take: Take) -> Clip | None:
        """The facts of a take seen before, without its frames and sound, or None; impossible ones count as absent."""
        at = self._path("clips", take.key, ".json")
        if at is None:
            return None
        try:
            facts = json.loads(at.read_text("utf-8"))
            if facts["version"] != _FACTS_VERSION:
                return None
            return Clip(
                path=path,
                content_hash=take.content_hash,
                duration_s=_measure(facts["duration_s"], MAX_DURATION_S) if facts["duration_s"] is not None else None,
                width_px=_side(facts["width_px"]),
                height_px=_side(facts["height_px"]),
                fps=_measure(facts["fps"]) if facts["fps"] is not None else None,
                frames=None,
                frame_times_s=tuple(_moment(at) for at in facts["frame_times_s"]),
                sound=None,
                warnings=tuple(str(said) for said in facts["warnings"]),
                has_picture=bool(facts["has_picture"]),
                has_sound=bool(facts["has_sound"]),
                start_s=take.start_s,
            )
        except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
            return None

    def put_clip(self, clip: Clip, take: Take) -> None:
        """Keep the facts of what was read of a take.

        Raises
        ------
        OSError
            If the folder cannot be written.
        """
        at = self._path("clips", take.key, ".json")
        if at is None:
            return
        names = ("duration_s", "width_px", "height_px", "fps", "frame_times_s", "warnings", "has_picture", "has_sound")
        facts = {"version": _FACTS_VERSION, **{name: getattr(clip, name) for name in names}}
        text = json.dumps(facts, ensure_ascii=False).encode()
        _write_whole(at, lambda file: file.write(text))

    def _path(self, kind: str, key: str, suffix: str) -> Path | None:
        return self.folder / kind / key[:2] / f"{key}{suffix}" if self.folder is not None else None


def _side(value: float | None) -> int | None:
    return int(_measure(value, MAX_SIDE_PX)) if value is not None else None


def _measure(value: float, most: float = math.inf) -> float:
    number = float(value)
    if not math.isfinite(number) or not 0 < number <= most:
        raise ValueError(f"{number} is no measure of a clip")
    return number


def _moment(value: float) -> float:
    return _measure(value) if value != 0 else 0.0


def _write_whole(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a temporary file beside ``path`` and rename it: readers see the old file, the new one, or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
        os.replace(part, path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
