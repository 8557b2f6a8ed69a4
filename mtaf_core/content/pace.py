"""How long the stages of reading a clip take on this machine, learnt from the clips read before."""

import json
import math
import os
from contextlib import suppress
from pathlib import Path

from mtaf_core.content.extract import Extractor

STAGES = ("wake", "decode", "audio", "visual")
"""What is told of a clip: loading the networks where they are not, then what `Extractor.embed_clip` does."""
LATE = "late"
"""What is noted of a stage that takes much longer than it did."""
_LATE_S = 5.0
_LEARNT = 0.4
"""How much of the latest clip goes into what is expected of the next one."""


class Pace:
    """Seconds of each stage, as remembered beside the vectors of a profile. One reading's own; not shared.

    Parameters
    ----------
    usual : dict of str to float
        Seconds by stage, in the order of the stages; empty where no clip was read yet.
    file : Path or None
        Where what was learnt is kept; None keeps nothing.
    """

    def __init__(self, usual: dict[str, float], file: Path | None = None) -> None:
        self._usual = usual
        self._file = file
        self._took: dict[str, float] = {}
        self._woken = False

    @classmethod
    def of(cls, extractor: Extractor) -> "Pace":
        """What is known of the networks of ``extractor``; nothing where its file is absent or damaged."""
        folder = extractor.settings["cache_dir"]
        if folder is None:
            return cls({})
        file = Path(folder) / f"pace-{extractor.profile}.json"
        try:
            usual = {str(stage): _bounded(s) for stage, s in json.loads(file.read_text()).items()}
        except (OSError, ValueError, TypeError, AttributeError):
            usual = {}
        return cls(usual, file)

    def begin(self, stage: str) -> None:
        """Note that a stage has begun."""
        self._woken = self._woken or stage == "wake"

    def took(self, stage: str, seconds: float) -> None:
        """Note how long a stage took; with the last of them, what was learnt is kept."""
        self._took[stage] = seconds
        if stage == STAGES[-1] and self._file is not None:
            learnt = {
                name: _LEARNT * s + (1 - _LEARNT) * self._usual.get(name, s)
                for name, s in {**self._usual, **self._took}.items()
            }
            part = self._file.with_name(f".{self._file.name}.{os.getpid()}.part")
            with suppress(OSError):  # a full disk: the next clip is told no time
                part.write_text(json.dumps({name: round(s, 3) for name, s in learnt.items()}))
                part.replace(self._file)

    def is_late(self, stage: str, seconds: float) -> bool:
        """Whether a stage under way for so long takes much longer than it did."""
        return stage not in self._took and seconds > self._usual.get(stage, seconds) + _LATE_S

    def at(self, stage: str, seconds: float) -> tuple[float, float]:
        """How many seconds are behind after ``seconds`` of a stage, and how many there are; (0, 0) where unknown."""
        stages = [name for name in STAGES if name != "wake" or self._woken]
        if stage not in stages or any(name not in self._usual for name in stages):
            return 0.0, 0.0
        before = stages[: stages.index(stage)]
        behind = sum(self._usual[name] for name in before)
        # What takes longer than it did is nearly done, not more than done.
        within = 0.0 if stage in self._took else min(seconds, 0.95 * self._usual[stage])
        behind += self._usual[stage] if stage in self._took else within
        return behind, sum(self._usual[name] for name in stages)


def _bounded(value: object) -> float:
    seconds = float(value)  # type: ignore[arg-type]  # what is no number is damage
    if not math.isfinite(seconds):
        raise ValueError(f"{seconds} is no time")
    return min(max(seconds, 0.0), 3600.0)
