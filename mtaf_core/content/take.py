"""What of a clip is released: the whole of it or a part, with its sound or without."""

import math
from dataclasses import dataclass, replace

from mtaf_core.errors import BadInput
from mtaf_core.limits import MAX_DURATION_S, WINDOW_S


@dataclass(frozen=True)
class Take:
    """One way to use a clip; two takes are equal when they give the same content.

    Parameters
    ----------
    content_hash : str
        sha256 of the clip's bytes; empty where there are words alone, or where the file is still to be hashed.
    start_s : float, default 0
        Where the released clip begins, in seconds of the file.
    end_s : float, optional
        Where it ends; at the end of the file where it is not given or lies past that.
    muted : bool, default False
        Whether its sound is taken away.

    Raises
    ------
    BadInput
        If it begins before the file, or does not end after it begins.
    """

    content_hash: str = ""
    start_s: float = 0.0
    end_s: float | None = None
    muted: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.start_s <= MAX_DURATION_S:
            raise BadInput(f"The clip cannot begin at second {self.start_s:g}; give one from 0 to {MAX_DURATION_S}.")
        if self.end_s is not None and not (math.isfinite(self.end_s) and self.end_s > self.start_s):
            raise BadInput(
                f"The clip cannot end at second {self.end_s:g} when it begins at {self.start_s:g}; give a later end."
            )

    @property
    def is_whole(self) -> bool:
        """Whether it is the file as it is."""
        return self.start_s == 0 and self.end_s is None and not self.muted

    @property
    def read(self) -> "Take":
        """The take that has to be read for this one.

        Content is judged by its first ten seconds, so an end beyond them changes the length alone, and sound that is
        taken away need not be read again. All takes that read the same share what was read.
        """
        short = self.end_s is not None and self.end_s - self.start_s < WINDOW_S
        return replace(self, end_s=self.end_s if short else None, muted=False)

    @property
    def key(self) -> str:
        """What anything read of it is kept by: the hash alone for the whole file, the part beside it for a part."""
        if self.start_s == 0 and self.end_s is None:
            return self.content_hash
        end = "" if self.end_s is None else f"{self.end_s:.3f}"
        return f"{self.content_hash}-{self.start_s:.3f}-{end}"
