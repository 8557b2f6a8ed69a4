"""What of a clip is released: the whole of it or a part, with its sound or without."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Take:
    """One way to use a clip; two takes are equal when they give the same content.

    Parameters
    ----------
    content_hash : str
        sha256 of the clip's bytes; empty where there are words alone.
    start_s : float, default 0
        Where the released clip begins, in seconds of the file.
    end_s : float, optional
        Where it ends; at the end of the file where it is not given.
    muted : bool, default False
        Whether its sound is taken away.
    """

    content_hash: str = ""
    start_s: float = 0.0
    end_s: float | None = None
    muted: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it is the file as it is."""
        return self.start_s == 0 and self.end_s is None and not self.muted
