"""Readers of one stream each: they take packets in file order and keep only what the window needs."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

SHORT_SIDE_PX = 256
"""Frames are kept at this size; both visual backbones look at 224 px."""

LONG_SIDE_PX = 2048
"""A long thin picture is kept at this size, however long its pixels make it."""

_MAX_DAMAGED = 200
"""Damaged packets after which a stream is given up."""

_HOLD_S = 0.5
"""How long past the end of the last frame a picture still counts as on screen, in seconds."""


class StreamReader(ABC):
    """What reading picture and sound have in common: time from the start of the clip, and damage.

    Parameters
    ----------
    stream : VideoStream or AudioStream
    start_s : float or None
        Time stamp at which the clip starts, in seconds; None where the container does not say.
    from_s : float, default 0
        Where the part to be read starts, in seconds from the start of the clip; times are counted from there.

    Attributes
    ----------
    first_s : float or None
        Time of the first packet taken.
    """

    def __init__(self, stream: VideoStream | AudioStream, start_s: float | None, from_s: float = 0.0) -> None:
        self.stream = stream
        self.done = False
        self.damaged = 0
        self.first_s: float | None = None
        self._time_base = stream.time_base or Fraction(1, 1_000_000)
        self._start_s = start_s if start_s is not None else float((stream.start_time or 0) * self._time_base)
        self._start_s += from_s

    def seconds(self, stamp: int | None) -> float:
        """Time of a stamp of this stream from the start of the part read; -inf where the packet has none."""
        return float(stamp * self._time_base) - self._start_s if stamp is not None else -np.inf

    @property
    def came_late(self) -> bool:
        """Whether this stream was met after the part begins though it has more before: seeking went too far."""
        if self.first_s is None or self.first_s <= 0:
            return False
        return self.stream.start_time is None or self.seconds(self.stream.start_time) < 0

    def take(self, packet: Packet) -> None:
        """Decode one packet. Damage is counted, not raised: what was read before and after it is kept."""
        if self.first_s is None and packet.pts is not None:
            self.first_s = self.seconds(packet.pts)
        try:
            self._decode(packet)
        except (FFmpegError, ValueError):
            self.damaged += 1
            if self.damaged > _MAX_DAMAGED:
                self.done = True

    def flush(self) -> None:
        """Take what the decoder still holds back."""
        try:
            self._decode(None)
        except (FFmpegError, ValueError):
            # An end-of-file packet has drained this decoder already, or it holds nothing but damage.
            self.done = True

    @abstractmethod
    def _decode(self, packet: Packet | None) -> None:
        """Take what the decoder makes of a packet; None drains it."""


class PictureReader(StreamReader):
    """Keep the frames that are on screen at the given times, small and in RGB.

    Parameters
    ----------
    stream : VideoStream
    start_s, from_s
        See `StreamReader`.
    times_s : sequence of float
        When to sample, ascending, in seconds from the start of the part.
    """

    stream: VideoStream

    def __init__(
        self, stream: VideoStream, start_s: float | None, times_s: Sequence[float], from_s: float = 0.0
    ) -> None:
        super().__init__(stream, start_s, from_s)
        rate = stream.average_rate or stream.guessed_rate
        self.fps = float(rate) if rate else None
        self.width_px: int | None = None
        self.height_px: int | None = None
        self._interval_s = 1.0 / self.fps if self.fps else 1.0 / 25.0
        self._times = list(times_s)
        self._frames: list[np.ndarray] = []
        self._size: tuple[int, int] | None = None
        self._turns = 0
        self._shown: VideoFrame | None = None
        self._shown_s = -np.inf
        self._shown_rgb: np.ndarray | None = None
        self._count = 0
        stream.thread_type = "AUTO"

    def frames(self) -> np.ndarray | None:
        """Sampled frames, (F, H, W, 3) uint8, or None if nothing could be decoded."""
        # The last frame stays on screen for its own duration; times long after it have no picture.
        if self._shown is not None and len(self._frames) < len(self._times):
            shown_for = self._shown.duration or 0
            until = self._shown_s + max(float(shown_for * self._time_base), self._interval_s) + _HOLD_S
            while len(self._frames) < len(self._times) and self._times[len(self._frames)] <= until:
                self._keep()
        self._shown = None
        return np.stack(self._frames) if self._frames else None

    def _decode(self, packet: Packet | None) -> None:
        if packet is not None:
            # Frames nothing else refers to, and which are not sampled, need no decoding: a third of the work saved.
            skip: Literal["DEFAULT", "NONREF"] = "DEFAULT" if self._is_sampled(packet) else "NONREF"
            if self.stream.codec_context.skip_frame != skip:
                self.stream.codec_context.skip_frame = skip
        for frame in self.stream.decode(packet):
            self._show(frame)
            if self.done:
                return

    def _is_sampled(self, packet: Packet) -> bool:
        time = self.seconds(packet.pts)
        if not np.isfinite(time):
            return True
        return any(-0.5 * self._interval_s <= at - time <= 1.5 * self._interval_s for at in self._times)

    def _show(self, frame: VideoFrame) -> None:
        time = self.seconds(frame.pts) if frame.pts is not None else self._count * self._interval_s
        self._count += 1
        if self._shown is None:
            self._measure(frame)
            # Before the first frame there is only the first frame.
            self._shown, self._shown_s = frame, time
        while len(self._frames) < len(self._times) and self._times[len(self._frames)] < time:
            self._keep()
        self._shown, self._shown_s, self._shown_rgb = frame, time, None
        self.done = len(self._frames) == len(self._times)

    def _measure(self, frame: VideoFrame) -> None:
        """Fix the size of the frames kept; a stream that changes size midway is scaled to its first."""
        aspect = float(self.stream.sample_aspect_ratio or 1)
        width, height = max(1, round(frame.width * aspect)), frame.height
        scale = min(1.0, SHORT_SIDE_PX / min(width, height), LONG_SIDE_PX / max(width, height))
        self._size = max(1, round(width * scale)), max(1, round(height * scale))
        self._turns = round(frame.rotation / 90) % 4
        self.width_px, self.height_px = (height, width) if self._turns % 2 else (width, height)

    def _keep(self) -> None:
        assert self._shown is not None
        assert self._size is not None
        if self._shown_rgb is None:
            width, height = self._size
            # One thread: a scaler with its own pool costs more than it saves at ten frames a clip.
            small = self._shown.reformat(width, height, format="rgb24", threads=1)
            self._shown_rgb = np.ascontiguousarray(np.rot90(small.to_ndarray(), self._turns))
        self._frames.append(self._shown_rgb)


class SoundReader(StreamReader):
    """Mix the window's sound down to mono at every sample rate asked for.

    Parameters
    ----------
    stream : AudioStream
    start_s, from_s
        See `StreamReader`; sound before the part is dropped.
    window_s : float
        How much sound to keep, in seconds.
    rates : sequence of int
        Sample rates in Hz.
    """

    stream: AudioStream

    def __init__(
        self,
        stream: AudioStream,
        start_s: float | None,
        window_s: float,
        rates: Sequence[int],
        from_s: float = 0.0,
    ) -> None:
        super().__init__(stream, start_s, from_s)
        self._cut = from_s > 0
        self._early = dict.fromkeys(rates, 0)
        self._wanted = {rate: round(window_s * rate) for rate in rates}
        # Without a bound, FFmpeg mixes two equal channels to 1.4 times their loudness instead of their mean.
        mean = {"rematrix_maxval": "1.0"}
        self._resamplers = {r: AudioResampler(format="flt", layout="mono", rate=r, options=mean) for r in rates}
        self._parts: dict[int, list[np.ndarray]] = {rate: [] for rate in rates}
        self._lengths = dict.fromkeys(rates, 0)
        self._begun = False

    def waves(self) -> dict[int, np.ndarray] | None:
        """Sound in [-1, 1] by sample rate, each (samples,) float32; None if nothing could be decoded."""
        if self._begun and not self.done:
            for rate in self._wanted:
                try:
                    self._append(rate, None)
                except (FFmpegError, ValueError):
                    self.damaged += 1
        waves = {
            rate: np.clip(np.nan_to_num(np.concatenate(parts)), -1.0, 1.0)[: self._wanted[rate]]
            for rate, parts in self._parts.items()
            if parts
        }
        if not self._begun or len(waves) < len(self._wanted) or not all(wave.size for wave in waves.values()):
            return None
        return waves

    def _decode(self, packet: Packet | None) -> None:
        for frame in self.stream.decode(packet):
            if not self._begun:
                self._begin(self.seconds(frame.pts))
            for rate in self._wanted:
                self._append(rate, frame)
        self.done = all(self._lengths[rate] >= wanted for rate, wanted in self._wanted.items())

    def _begin(self, time: float) -> None:
        """Sound that starts after the picture starts with silence, so that seconds mean the same in both."""
        self._begun = True
        for rate, wanted in self._wanted.items():
            late = min(round(time * rate), wanted) if np.isfinite(time) else 0
            if late > 0:
                self._parts[rate].append(np.zeros(late, np.float32))
                self._lengths[rate] += late
            elif self._cut:
                self._early[rate] = -late

    def _append(self, rate: int, frame: AudioFrame | None) -> None:
        for part in self._resamplers[rate].resample(frame):
            samples = part.to_ndarray().reshape(-1)
            dropped = min(self._early[rate], samples.size)
            self._early[rate] -= dropped
            samples = samples[dropped:]
            self._parts[rate].append(samples)
            self._lengths[rate] += samples.size
