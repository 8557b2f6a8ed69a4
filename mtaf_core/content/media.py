"""From a video, a song or a picture to frames and sound, in one pass.

Content is judged by the first ten seconds (paper, section 2.3) of what is released, so decoding stops there: an
hour-long file costs no more than a short one. A part that begins later is sought, not decoded up to.
"""

import hashlib
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError

from mtaf_core.content import stills
from mtaf_core.content.clip import NO_PICTURE, NO_SOUND, PICTURE_ALONE, SONG_ALONE, Clip
from mtaf_core.content.streams import PictureReader, SoundReader
from mtaf_core.errors import BadMedia
from mtaf_core.limits import (
    FRAMES,
    MAX_DURATION_S,
    MAX_SIDE_PX,
    MAX_UPLOAD_BYTES,
    MIN_DURATION_S,
    MIN_SIDE_PX,
    WINDOW_S,
)

_FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,flv,live_flv,mpegts,mpeg,mpegvideo,asf,wmv,ogg,gif,h264,hevc,ivf,"
    "mp3,aac,wav,flac,amr,aiff,caf"
)
"""Containers we open. Playlists and scripts (HLS, concat, SDP) stay out: they make FFmpeg open other files."""

_PICTURES, _SONGS = (".jpg", ".jpeg", ".png", ".webp"), (".mp3", ".m4a", ".wav", ".flac", ".ogg")
"""What a file that cannot be read is meant to be, by its ending."""

_INTERLEAVE_S = 10.0
"""How far one stream may lag behind another in the file before we stop waiting for it."""

_LEAD_S = 1.0
"""How far before a part we seek: decoders of sound need a start, and files index pictures by when they are decoded."""

_SILENCE = 1e-4
"""A peak below -80 dB of full scale cannot be heard."""


def content_hash(path: str | Path) -> str:
    """Hash a file's bytes with sha256; the identity of its content, whatever its name.

    Raises
    ------
    BadMedia
        If the file is missing, is a folder, is empty, is too large or may not be read.
    """
    path = _readable(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def duration(path: str | Path) -> float:
    """The length of a clip's file in seconds; 0 of a picture, which has none.

    Raises
    ------
    BadMedia
        If the file cannot be read.
    """
    path = _readable(path)
    if stills.kind(path) == "picture":
        return 0.0
    try:
        with closing(open_clip(path)) as container:
            return _duration(container, path)
    except FFmpegError as error:
        raise _undecodable(path, error) from error


def decode(
    path: str | Path,
    window_s: float = WINDOW_S,
    sample_rates: Sequence[int] = (16_000,),
    *,
    start_s: float = 0.0,
    end_s: float | None = None,
    digest: str | None = None,
) -> Clip:
    """Read the first ``window_s`` seconds of a video or song, or of a part: even frames, mono sound; or a picture.

    Frames are those on screen at ``min(duration, window_s) * (i + 0.5) / FRAMES`` of the part.

    Parameters
    ----------
    path : str or Path
    window_s : float, default `WINDOW_S`
        How much to read, in seconds.
    sample_rates : sequence of int, default (16000,)
        Sample rates to deliver the sound at, in Hz; all are made from one decode.
    start_s : float, default 0
        Where the part begins, in seconds of the file.
    end_s : float, optional
        Where it ends; at the end of the file where it is not given or lies past that.
    digest : str, optional
        `content_hash` of the file if it is known already; saves reading the file twice.

    Returns
    -------
    Clip
        A missing picture or missing sound is None in the clip plus a sentence in its warnings.

    Raises
    ------
    BadMedia
        If the file cannot be read, is past a limit, ends before the part begins, or neither picture nor sound of it
        can be decoded.
    """
    path = _readable(path)
    digest = digest or content_hash(path)
    if stills.kind(path) is not None:
        if start_s > 0 or end_s is not None:
            raise BadMedia(f"{path.name} is a picture, which has no seconds to choose from; release the whole of it.")
        return _picture(path, digest)
    try:
        with closing(open_clip(path)) as container:
            whole_s = _duration(container, path)
        duration_s = _part(path, whole_s, start_s, end_s)
        window_s = min(duration_s, window_s)
        # Measuring may have read to the end, and a fresh container is safer than a seek in a file of unknown length.
        if start_s > _LEAD_S:
            with closing(open_clip(path)) as container:
                clip = _read(container, path, digest, start_s, duration_s, window_s, sample_rates, seek=True)
            if clip is not None:
                return clip
        with closing(open_clip(path)) as container:
            clip = _read(container, path, digest, start_s, duration_s, window_s, sample_rates)
        assert clip is not None
        return clip
    except FFmpegError as error:
        raise _undecodable(path, error) from error


def _undecodable(path: Path, error: FFmpegError) -> BadMedia:
    return BadMedia(f"{path.name} cannot be decoded ({error.strerror}); export it as MP4 and try again.")


def _part(path: Path, whole_s: float, start_s: float, end_s: float | None) -> float:
    """How long the part lasts, in seconds."""
    last_s = whole_s if end_s is None else min(end_s, whole_s)
    if (start_s > 0 or end_s is not None) and last_s - start_s < MIN_DURATION_S:
        raise BadMedia(
            f"{path.name} lasts {whole_s:.1f} s, so that nothing is left of seconds {start_s:g} to {last_s:g}; "
            "choose a part within it."
        )
    return last_s - start_s


def _picture(path: Path, digest: str) -> Clip:
    found = stills.read(path)
    return Clip(
        path=path,
        content_hash=digest,
        duration_s=None,
        width_px=found.width_px,
        height_px=found.height_px,
        fps=None,
        frames=found.frames,
        frame_times_s=(0.0,),
        sound=None,
        warnings=(PICTURE_ALONE,),
        has_sound=False,
    )


def _read(
    container: InputContainer,
    path: Path,
    digest: str,
    from_s: float,
    duration_s: float,
    window_s: float,
    rates: Sequence[int],
    seek: bool = False,
) -> Clip | None:
    """Read a part; None where it was to be sought and the file does not lead there, or not early enough."""
    start_s = container.start_time / av.time_base if container.start_time is not None else None
    times = tuple(window_s * (i + 0.5) / FRAMES for i in range(FRAMES))
    picture_stream, sound_stream = _streams(container)
    if picture_stream is not None:
        _check_size(path, picture_stream.codec_context.width, picture_stream.codec_context.height)
    picture = PictureReader(picture_stream, start_s, times, from_s) if picture_stream is not None else None
    sound = SoundReader(sound_stream, start_s, window_s, rates, from_s) if sound_stream is not None else None
    if seek and not _sought(container, (start_s or 0.0) + from_s - _LEAD_S):
        return None
    damaged = _drain(container, picture, sound, window_s)
    if seek and any(reader is not None and reader.came_late for reader in (picture, sound)):
        return None

    frames = picture.frames() if picture is not None else None
    if frames is not None and picture is not None:
        _check_size(path, picture.width_px, picture.height_px)
    waves = sound.waves() if sound is not None else None
    if frames is None and waves is None:
        if seek:
            return None
        raise BadMedia(f"{path.name} holds neither a picture nor sound that can be decoded; export it again as MP4.")
    return Clip(
        path=path,
        content_hash=digest,
        duration_s=duration_s,
        width_px=picture.width_px if picture is not None and frames is not None else None,
        height_px=picture.height_px if picture is not None and frames is not None else None,
        fps=picture.fps if picture is not None and frames is not None else None,
        frames=frames,
        frame_times_s=times[: len(frames)] if frames is not None else (),
        sound=waves,
        warnings=_warnings(picture, sound, frames, waves, damaged, window_s),
        has_picture=frames is not None,
        has_sound=waves is not None,
        start_s=from_s,
    )


def _sought(container: InputContainer, stamp_s: float) -> bool:
    """Go to the picture before a time stamp from which decoding can begin; False where the file has no way there."""
    try:
        container.seek(max(round(stamp_s * av.time_base), 0), backward=True)
    except (FFmpegError, ValueError):
        return False
    return True


def _drain(
    container: InputContainer, picture: PictureReader | None, sound: SoundReader | None, window_s: float
) -> bool:
    """Feed packets to the readers until both have what they need; True if the file turned out to be damaged."""
    readers = {reader.stream.index: reader for reader in (picture, sound) if reader is not None}
    damaged = False
    try:
        for packet in container.demux([reader.stream for reader in readers.values()]):
            reader = readers[packet.stream.index]
            if not reader.done:
                reader.take(packet)
            if all(r.done for r in readers.values()):
                break
            if reader.seconds(packet.dts) > window_s + _INTERLEAVE_S:
                break
    except FFmpegError:
        damaged = True
    for reader in readers.values():
        if not reader.done:
            reader.flush()
    return damaged


def _warnings(
    picture: PictureReader | None,
    sound: SoundReader | None,
    frames: np.ndarray | None,
    waves: dict[int, np.ndarray] | None,
    damaged: bool,
    window_s: float,
) -> tuple[str, ...]:
    said: list[str] = []
    if picture is None:
        said.append(SONG_ALONE)
    elif frames is None:
        said.append(NO_PICTURE)
    elif len(frames) < FRAMES:
        said.append(f"The picture stops early: only {len(frames)} of {FRAMES} frames could be read.")
    if waves is None:
        said.append(NO_SOUND)
    else:
        if waves and max(float(np.abs(wave).max()) for wave in waves.values()) < _SILENCE:
            said.append(f"The sound is silent for the first {window_s:.0f} seconds.")
        if sound is not None and sound.damaged:
            said.append(f"The sound is damaged: {sound.damaged} of its packets were skipped, the rest is used.")
    if frames is not None and picture is not None and picture.damaged:
        said.append(f"The picture is damaged: {picture.damaged} of its packets were skipped, the rest is used.")
    if damaged:
        said.append("The file is damaged or cut short; what could be read is used.")
    return tuple(said)


def _readable(path: str | Path) -> Path:
    """Check everything about a file that can be known without opening it as media."""
    path = Path(path).expanduser().absolute()
    try:
        if path.is_dir():
            raise BadMedia(f"{path.name} is a folder; give the path of one file.")
        size = path.stat().st_size
        with path.open("rb"):
            pass
    except FileNotFoundError as error:
        raise BadMedia(f"There is no file at {path}; check the path.") from error
    except PermissionError as error:
        raise BadMedia(f"{path.name} may not be read by this user; change its permissions.") from error
    except OSError as error:
        raise BadMedia(f"{path.name} cannot be opened ({error.strerror}); check the path.") from error
    except ValueError as error:
        raise BadMedia("The path of the video is not a valid path; check it.") from error
    if size == 0:
        raise BadMedia(f"{path.name} is empty; upload or export it again.")
    if size > MAX_UPLOAD_BYTES:
        limit = MAX_UPLOAD_BYTES // 2**20
        raise BadMedia(f"{path.name} is {size / 2**20:.0f} MB, over the limit of {limit} MB; compress or trim it.")
    return path


def open_clip(path: Path) -> InputContainer:
    """Open a file as media: one of `_FORMATS`, from this disk alone. Every clip is opened here.

    Raises
    ------
    BadMedia
        If it is not one.
    """
    try:
        return av.open(str(path), options={"format_whitelist": _FORMATS, "protocol_whitelist": "file"})
    except (FFmpegError, ValueError) as error:
        with path.open("rb") as file:
            is_mp4 = file.read(12)[4:8] == b"ftyp"
        if is_mp4:
            raise BadMedia(f"{path.name} is cut short: its index is missing; export or upload it again.") from error
        kind = path.suffix.lower()
        if kind in _PICTURES:
            raise BadMedia(
                f"{path.name} is not a picture that can be read; export it as JPEG and try again."
            ) from error
        if kind in _SONGS:
            raise BadMedia(f"{path.name} is not a song that can be read; export it as MP3 and try again.") from error
        raise BadMedia(f"{path.name} is not a video that can be read; export it as MP4 and try again.") from error


def _streams(container: InputContainer):  # type: ignore[no-untyped-def]  # PyAV's own stream types, or None
    """Choose the video and the sound stream a player would: the best rated one, cover art left aside."""
    # A stream of a codec unknown to FFmpeg has no context and cannot be decoded.
    pictures = [s for s in container.streams.video if s.codec_context is not None]
    moving = [s for s in pictures if not s.disposition & av.stream.Disposition.attached_pic]
    sounds = [s for s in container.streams.audio if s.codec_context is not None]
    best = container.streams.best("video")
    picture = best if best in moving else next(iter(moving), None)
    best = container.streams.best("audio", related=picture)
    sound = best if best in sounds else next(iter(sounds), None)
    for stream in container.streams:
        if stream is not picture and stream is not sound:
            stream.discard = av.stream.Discard.all
    return picture, sound


def _duration(container: InputContainer, path: Path) -> float:
    """Length of the clip in seconds: what the container states, or the last time stamp where it states nothing."""
    if not any(s.type in ("video", "audio") for s in container.streams):
        raise BadMedia(f"{path.name} holds neither picture nor sound; choose a video file.")
    if container.duration is not None and container.duration > 0:
        seconds = container.duration / av.time_base
    else:
        first, last = np.inf, -np.inf
        for packet in container.demux(video=0) if container.streams.video else container.demux(audio=0):
            if packet.pts is not None and packet.time_base is not None:
                begin = float(packet.pts * packet.time_base)
                first = min(first, begin)
                last = max(last, begin + float((packet.duration or 0) * packet.time_base))
        seconds = last - first
    if not np.isfinite(seconds) or seconds <= 0:
        raise BadMedia(f"{path.name} has no length: it holds no frames; export it again.")
    if seconds < MIN_DURATION_S:
        raise BadMedia(f"{path.name} lasts {seconds:.3f} s; give a clip of at least {MIN_DURATION_S} s.")
    if seconds > MAX_DURATION_S:
        raise BadMedia(
            f"{path.name} lasts {seconds / 60:.0f} minutes, over the limit of {MAX_DURATION_S // 60}; trim it."
        )
    return float(seconds)


def _check_size(path: Path, width: int | None, height: int | None) -> None:
    for side in (width, height):
        if side and not MIN_SIDE_PX <= side <= MAX_SIDE_PX:
            raise BadMedia(
                f"{path.name} is {width}×{height} pixels; each side must be {MIN_SIDE_PX} to {MAX_SIDE_PX}; resize it."
            )
