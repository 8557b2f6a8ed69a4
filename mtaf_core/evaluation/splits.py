"""Which videos are learnt from and which are measured: at random (the paper's), by time, or by uploader."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from mtaf_core.errors import BadInput
from mtaf_core.model.plus.memory import seconds, uploader_keys

if TYPE_CHECKING:
    from mtaf_core.data.frame import Frame

SplitName = Literal["temporal", "random", "uploader"]
SPLITS: tuple[SplitName, ...] = get_args(SplitName)
TRAIN_FRACTION = 0.7
"""The paper's share of videos that are learnt from (section 3.2)."""
FEWEST_TRAIN, FEWEST_TEST = 60, 10
_DAY_S = 86_400.0


@dataclass(frozen=True)
class Split:
    """Row numbers of a frame, each side oldest first.

    Parameters
    ----------
    name : {"temporal", "random", "uploader"}
    train, test : ndarray of int
        Only videos whose upload time and score at the horizon day are known.
    boundary : float
        Upload time of the oldest test video, in seconds since 1970.
    known_later : int
        Training videos whose outcome was not known yet when the oldest test video had to be forecast; see `cut`.
    embargoed : int
        Videos left out of training for that reason.
    """

    name: SplitName
    train: np.ndarray
    test: np.ndarray
    boundary: float
    known_later: int
    embargoed: int


def cut(
    frame: "Frame",
    name: SplitName = "temporal",
    train_fraction: float = TRAIN_FRACTION,
    split_at: datetime | None = None,
    observed_days: int = 0,
    embargo: bool = False,
    seed: int = 0,
) -> Split:
    """Cut a market in two.

    Under ``temporal`` every test video was uploaded after every training video. A training video's outcome is known
    ``horizon_day`` days after its upload, and a test video is forecast ``observed_days`` days after its own; so the
    last few days of training videos have outcomes that a forecaster of the oldest test videos could not have had.
    Published comparisons keep them, and so does this one unless ``embargo`` is set; how many there are is told in any
    case (``known_later``). What is told of past posts inside a method never uses an outcome before it was known.

    Under ``random`` the past is predicted from the future and an uploader may be on both sides, which flatters every
    method. Under ``uploader`` no uploader is on both sides; a video that names none counts as one of its own.

    With ``observed_days`` only test videos are kept that have one of those days observed.

    Parameters
    ----------
    frame : Frame
    name : {"temporal", "random", "uploader"}
    train_fraction : float, default 0.7
    split_at : datetime, optional
        Aware; videos uploaded before it are learnt from. Only with ``temporal``, instead of ``train_fraction``.
    observed_days : int, default 0
    embargo : bool, default False
        Leave training videos out whose outcome was known too late. Only with ``temporal``.
    seed : int, default 0
        Of ``random`` and ``uploader``.

    Raises
    ------
    BadInput
        If an option does not go with the split, or too few videos fall on a side.
    """
    if split_at is not None and name != "temporal":
        raise BadInput(f"--split-at goes with --split temporal, not with {name}; leave one of them out.")
    if embargo and name != "temporal":
        raise BadInput(f"--embargo goes with --split temporal, not with {name}; leave one of them out.")
    if not 0.05 <= train_fraction <= 0.95:
        raise BadInput(f"--train-fraction is {train_fraction:g}; give a share from 0.05 to 0.95.")
    times = seconds(frame.facts)
    rows = np.flatnonzero(np.isfinite(frame.score) & np.isfinite(times))
    rows = rows[np.argsort(times[rows], kind="stable")]
    if name == "temporal":
        training = _by_time(times[rows], train_fraction, split_at)
    elif name == "random":
        training = _at_random(len(rows), train_fraction, np.random.default_rng(seed))
    else:
        training = _by_uploader(frame, rows, train_fraction, np.random.default_rng(seed))
    train, test = rows[training], rows[~training]
    boundary = float(times[test].min()) if len(test) else np.inf
    late = times[train] + frame.horizon_day * _DAY_S > boundary + observed_days * _DAY_S
    if embargo:
        train = train[~late]
    if observed_days > 0:
        test = test[frame.observed[test, :observed_days].any(axis=1)]
    _check(train, test, observed_days)
    known_later = int(late.sum()) if name == "temporal" else 0
    return Split(name, train, test, boundary, 0 if embargo else known_later, known_later if embargo else 0)


def _by_time(times: np.ndarray, train_fraction: float, split_at: datetime | None) -> np.ndarray:
    """Which of ``times``, ascending, are before the cut; equal times stay together."""
    if split_at is not None:
        return times < split_at.timestamp()
    place = min(round(train_fraction * len(times)), len(times) - 1)
    return times < times[place] if len(times) else np.zeros(0, dtype=bool)


def _at_random(count: int, train_fraction: float, random: np.random.Generator) -> np.ndarray:
    training = np.zeros(count, dtype=bool)
    training[random.permutation(count)[: round(train_fraction * count)]] = True
    return training


def _by_uploader(frame: "Frame", rows: np.ndarray, train_fraction: float, random: np.random.Generator) -> np.ndarray:
    """Uploaders in random order, until the training side holds its share of the videos."""
    named = uploader_keys(frame.facts.iloc[rows])
    keys = np.array([key if key is not None else f"\x1e{row}" for key, row in zip(named, rows, strict=True)])
    if len(keys) == 0:
        return np.zeros(0, dtype=bool)
    _, group, sizes = np.unique(keys, return_inverse=True, return_counts=True)
    order = random.permutation(len(sizes))
    before = np.cumsum(sizes[order]) - sizes[order]
    chosen = np.zeros(len(sizes), dtype=bool)
    chosen[order[before < train_fraction * len(rows)]] = True
    training: np.ndarray = chosen[group]
    return training


def _check(train: np.ndarray, test: np.ndarray, observed_days: int) -> None:
    if len(train) < FEWEST_TRAIN:
        raise BadInput(
            f"Only {len(train)} videos with a known score fall on the training side, and {FEWEST_TRAIN} are needed; "
            "train on a larger share, split at a later date, or import more videos."
        )
    if len(test) < FEWEST_TEST:
        seen = f" and one of their first {observed_days} days observed" if observed_days else ""
        raise BadInput(
            f"Only {len(test)} videos with a known score{seen} fall on the test side, and {FEWEST_TEST} are needed; "
            "train on a smaller share, split at an earlier date, or import more videos."
        )
