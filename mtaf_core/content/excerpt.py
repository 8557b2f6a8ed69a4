"""The part of a clip that content is read from, as a small file of its own, to play on a page."""

import glob
import os
import tempfile
from pathlib import Path
from typing import NamedTuple

import av
from av.container import InputContainer

from mtaf_core.content import media, shelf
from mtaf_core.errors import BadMedia
from mtaf_core.limits import WINDOW_S

KEPT_BYTES = 2 * 1024**3
"""Excerpts kept in a folder; past that, the ones unused for longest are made again when they are asked for."""


_KINDS = {f".{kind}": kind for kind in ("webm", "mp3", "wav", "flac", "ogg")}
"""Containers that a clip stays in; the others are copied into MP4."""
_SONGS = ("mp3", "wav", "flac", "ogg")


class Part(NamedTuple):
    """A file to play, and how many seconds of it come before the part that was asked for."""

    path: Path
    lead_s: float


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
    return part(path, folder, 0.0, window_s, keep_bytes).path


def part(
    path: Path, folder: Path, start_s: float = 0.0, window_s: float = WINDOW_S, keep_bytes: int = KEPT_BYTES
) -> Part:
    """Copy ``window_s`` seconds from ``start_s`` on, from the picture before that on which can be shown alone.

    Parameters and what it raises are those of `excerpt`.
    """
    kind = _KINDS.get(path.suffix.lower(), "mp4")
    stem = path.stem if start_s == 0 else f"{path.stem}-{start_s:.3f}-"
    # How much comes before the part stands in the name: it is known only once the copy is made.
    for target in sorted(folder.glob(f"{glob.escape(stem)}{'*' if start_s else ''}.{kind}")):
        shelf.touch(target)
        return Part(target, float(target.stem[len(stem) :]) if start_s else 0.0)
    made = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # A name of its own: two sessions may ask for the same clip at once, in one process.
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
        os.close(handle)
        made = Path(name)
        with media.open_clip(path) as source:
            lead_s = _copy(source, made, kind, window_s, start_s)
        target = folder / f"{stem}{f'{lead_s:.3f}' if start_s else ''}.{kind}"
        made.replace(target)
        shelf.make_room(folder, target, keep_bytes)
    except (av.FFmpegError, ValueError) as error:
        raise BadMedia(f"No excerpt of '{path.name}' can be played here ({error}); export it as an mp4.") from error
    except OSError as error:
        raise BadMedia(
            f"No excerpt of '{path.name}' can be kept in {folder} ({error.strerror or error}); make room there."
        ) from error
    finally:
        if made is not None:
            made.unlink(missing_ok=True)
    return Part(target, round(lead_s, 3))


def _copy(source: InputContainer, target: Path, kind: str, window_s: float, from_s: float = 0.0) -> float:
    """Copy packets; how many seconds come before ``from_s``."""
    start_s = (source.start_time or 0) / av.time_base
    lead_s = 0.0
    if from_s > 0:
        source.seek(round((start_s + from_s) * av.time_base), backward=True)
    with av.open(str(target), "w", format=kind) as out:
        # The cover of a song is no part of what is heard.
        picture = None if kind in _SONGS else source.streams.best("video")
        streams = [s for s in (picture, source.streams.best("audio")) if s is not None]
        copies = {s.index: out.add_stream_from_template(s) for s in streams}
        begun = from_s == 0
        for packet in source.demux(streams):
            if packet.dts is None:
                continue
            if not begun:
                if packet.stream is not streams[0]:
                    continue  # sound from before the first picture
                begun = True
                lead_s = max(start_s + from_s - float((packet.pts or packet.dts) * packet.time_base), 0.0)
                start_s += from_s - lead_s
            shift = round(start_s / packet.time_base)
            packet.dts -= shift
            if packet.pts is not None:
                packet.pts -= shift
            if float(packet.dts * packet.time_base) > lead_s + window_s:
                break
            packet.stream = copies[packet.stream.index]
            out.mux(packet)
    return lead_s
