"""The part of a clip that content is read from, as a small file of its own, to play on a page."""

import os
from pathlib import Path

import av

from mtaf_core.errors import BadMedia
from mtaf_core.limits import WINDOW_S


def excerpt(path: Path, folder: Path, window_s: float = WINDOW_S) -> Path:
    """Copy the first ``window_s`` seconds of a clip to ``folder``, without encoding them again.

    A page that plays a clip holds all of it in memory; this keeps that to what the forecast has looked at.

    Parameters
    ----------
    path : Path
    folder : Path
        Where the excerpt is kept, under the clip's own name; one that is there already is used again.
    window_s : float
        Seconds.

    Returns
    -------
    Path

    Raises
    ------
    BadMedia
        If the clip cannot be copied into a container that browsers play.
    """
    kind = "webm" if path.suffix.lower() == ".webm" else "mp4"
    target = folder / f"{path.stem}.{kind}"
    if target.is_file():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{path.stem}.{os.getpid()}.part"
    try:
        _copy(path, part, kind, window_s)
        part.replace(target)
    except (av.FFmpegError, ValueError) as error:
        raise BadMedia(f"No excerpt of '{path.name}' can be played here ({error}); export it as an mp4.") from error
    finally:
        part.unlink(missing_ok=True)
    return target


def _copy(path: Path, target: Path, kind: str, window_s: float) -> None:
    with av.open(str(path)) as source, av.open(str(target), "w", format=kind) as out:
        streams = [s for s in (source.streams.best("video"), source.streams.best("audio")) if s is not None]
        copies = {s.index: out.add_stream_from_template(s) for s in streams}
        for packet in source.demux(streams):
            if packet.dts is None:
                continue
            if float(packet.dts * packet.time_base) > window_s:
                break
            packet.stream = copies[packet.stream.index]
            out.mux(packet)
