"""Cut a market by time, so that every measure is of videos newer than all the network learnt from."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mtaf_core.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd

MIN_VIDEOS = 60
MIN_CALIBRATION = 20
"""A 90% interval needs at least 19 calibration videos."""
_SHARE = {"stop": 0.10, "calibration": 0.10, "test": 0.10}
_LEAST = {"stop": 6, "calibration": MIN_CALIBRATION, "test": 6}


class Blocks(NamedTuple):
    """Row numbers of each block, oldest first: no video of a block is older than any of the block before it."""

    fit: np.ndarray  # weights, means and vocabularies are learnt here: about 70%
    stop: np.ndarray  # chooses the epoch: 10%
    calibration: np.ndarray  # widths of intervals: 10%, at least 20 videos
    test: np.ndarray  # measured once, never learnt from: the latest 10%

    @property
    def learn(self) -> np.ndarray:
        """All but the test block."""
        return np.concatenate([self.fit, self.stop, self.calibration])


def temporal_blocks(created_at: "pd.Series", labelled: np.ndarray) -> Blocks:
    """Cut the labelled videos into four blocks by ``created_at``.

    Parameters
    ----------
    created_at : Series, (n,)
        Upload times.
    labelled : ndarray, (n,), bool
        Whether the score at the horizon day is known.

    Raises
    ------
    BadInput
        If fewer than 60 videos are labelled and dated.
    """
    rows = np.flatnonzero(labelled & created_at.notna().to_numpy())
    if len(rows) < MIN_VIDEOS:
        raise BadInput(
            f"Only {len(rows)} videos have an upload time and a known score at the horizon day, and training needs "
            f"{MIN_VIDEOS}; import more videos with snapshots up to that day."
        )
    rows = rows[np.argsort(created_at.to_numpy()[rows], kind="stable")]
    sizes = [max(round(_SHARE[block] * len(rows)), _LEAST[block]) for block in ("stop", "calibration", "test")]
    cuts = len(rows) - np.cumsum(sizes[::-1])[::-1]
    return Blocks(*np.split(rows, cuts))
