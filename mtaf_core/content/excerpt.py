"""The part of a clip that content is read from, as a small file of its own, to play on a page."""

import os
import tempfile
from pathlib import Path

import av
from av.container import InputContainer

from mtaf_core.content import media, shelf
from mtaf_core.errors import BadMedia
from mtaf_core.limits import WINDOW_S

KEPT_BYTES = 2 * 1024**3
"""Excerpts kept in a folder; past that, the ones unused for longest are made again when they are asked for."""


def excerpt(path: Path, folder: Path, window_s: float = WINDOW_S, keep_bytes: int = KEPT_BYTES) -> Path:
    """Copy the first ``window_s`` seconds of a clip to ``folder``, without encoding them again.

    A page that plays a clip holds all of it in memory; this keeps that to what the forecast has looked at.

    Parameters
    ----------
    path : Path
    folder : Path
        Where the excerpt is kept, under the clip's own name; one that is there already is used again.
    window_s : float
        Seconds, counted from where the clip's own clock starts.
    keep_bytes : int
        How much the folder may hold.

    Returns
    -------
    Path

    Raises
    ------
    BadMedia
        If the clip cannot be read, or not be copied into a container that browsers play, or the folder not written.
    """
    kind = "webm" if path.suffix.lower() == ".webm" else "mp4"
    target = folder / f"{path.stem}.{kind}"
    if target.is_file():
        shelf.touch(target)
        return target
    part = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # A name of its own: two sessions may ask for the same clip at once, in one process.
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
        os.close(handle)
        part = Path(name)
        with media.open_clip(path) as source:
            _copy(source, part, kind, window_s)
        part.replace(target)
        shelf.make_room(folder, target, keep_bytes)
    except (av.FFmpegError, ValueError) as error:
        raise BadMedia(f"No excerpt of '{path.name}' can be played here ({error}); export it as an mp4.") from error
    except OSError as error:
        raise BadMedia(
            f"No excerpt of '{path.name}' can be kept in {folder} ({error.strerror or error}); make room there."
        ) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)
    return target


def _copy(source: InputContainer, target: Path, kind: str, window_s: float) -> None:
    start_s = (source.start_time or 0) / av.time_base
    with av.open(str(target), "w", format=kind) as out:
        streams = [s for s in (source.streams.best("video"), source.streams.best("audio")) if s is not None]
        copies = {s.index: out.add_stream_from_template(s) for s in streams}
        for packet in source.demux(streams):
            if packet.dts is None:
                continue
            shift = round(start_s / packet.time_base)
            packet.dts -= shift
            if packet.pts is not None:
                packet.pts -= shift
            if float(packet.dts * packet.time_base) > window_s:
                break
            packet.stream = copies[packet.stream.index]
            out.mux(packet)
