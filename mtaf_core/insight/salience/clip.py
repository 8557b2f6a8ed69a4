"""Which frames and which seconds made the contributions of picture and sound, and what in a frame."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mtaf_core.content.clip import Clip
from mtaf_core.insight.case import Case
from mtaf_core.insight.salience.game import shared
from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.schema import Modality

if TYPE_CHECKING:
    from mtaf_core.content.backbones import AudioBackbone, VisualBackbone

CELLS = 7
"""Cells along each side of the square a network sees; a patch covers two by two of them."""
POINTS_A_SECOND = 20
"""Of the envelope of a sound."""
_BATCH = 6
_Pool = Callable[[np.ndarray], np.ndarray]
"""From coalitions of moments, (k, n) bool, to vectors, (k, d)."""


@dataclass(frozen=True, eq=False)
class Seen:
    """The frames of a clip, each read by itself.

    Parameters
    ----------
    frames : ndarray, (F, H, W, 3), uint8
    times_s : ndarray, (F,)
    vectors : ndarray, (F, d), float32
        The clip's vector is their mean.
    window : tuple of int
        Top, left, bottom and right of what the network sees of a frame, in its pixels.
    """

    frames: np.ndarray
    times_s: np.ndarray
    vectors: np.ndarray
    window: tuple[int, int, int, int]


@dataclass(frozen=True, eq=False)
class Heard:
    """The sound of a clip, block by block.

    Parameters
    ----------
    vectors : ndarray, (B, width), float32
    block_s : float
        Seconds a block lasts.
    envelope : ndarray, (n,), float32
        Loudest sample, 0 to 1, of each twentieth of a second.
    """

    vectors: np.ndarray
    block_s: float
    envelope: np.ndarray


@dataclass(frozen=True, eq=False)
class Moments:
    """What the moments of a clip add to the log score.

    Parameters
    ----------
    times_s : ndarray, (n,)
        The middle of each moment, in seconds.
    share : ndarray, (n,), float64
        Log units; they sum to ``contribution``.
    without : ndarray, (n,), float64
        What the forecast loses, in log units, when that one alone is left out.
    contribution : float
        The Shapley value of the modality.
    """

    times_s: np.ndarray
    share: np.ndarray
    without: np.ndarray
    contribution: float


@dataclass(frozen=True, eq=False)
class Heat:
    """What the places of one frame do.

    Parameters
    ----------
    frame : int
    cells : ndarray, (CELLS, CELLS), float64
        What the forecast loses, in log units, when a patch around that cell is covered in this frame alone: the mean
        over the patches that cover it.
    window : tuple of int
        Top, left, bottom and right of the cells in the frame; outside of it the network sees nothing.
    """

    frame: int
    cells: np.ndarray
    window: tuple[int, int, int, int]


def seen(clip: Clip, backbone: "VisualBackbone", progress: Progress = silent) -> Seen | None:
    """Read every frame of a decoded clip by itself; None where it has no picture."""
    if clip.frames is None:
        return None
    rows = []
    for start in range(0, len(clip.frames), _BATCH):
        progress(Step("frames", start, len(clip.frames)))
        rows.append(backbone.embed_frames(clip.frames[start : start + _BATCH]))
    window = backbone.window(*clip.frames.shape[1:3])
    return Seen(clip.frames, np.array(clip.frame_times_s), np.concatenate(rows), window)


def heard(clip: Clip, backbone: "AudioBackbone", progress: Progress = silent) -> Heard | None:
    """Read every block of a decoded clip's sound by itself; None where it has none."""
    rate = backbone.spec.sample_rate or 0
    if clip.sound is None:
        return None
    progress(Step("blocks", 0, 1))
    sound = clip.sound[rate]
    step = max(1, rate // POINTS_A_SECOND)
    peaks = np.abs(np.pad(sound, (0, -len(sound) % step))).reshape(-1, step).max(axis=1)
    return Heard(backbone.embed_blocks(sound), backbone.block_s, peaks.astype(np.float32))


def frames(case: Case, read: Seen, progress: Progress = silent) -> Moments | None:
    """Share the picture's contribution among the frames; None where the model does not see it.

    A clip is seen as the mean of its frames, so that one left out is the mean over the others. Exact: every coalition
    of at most ten frames goes through the whole stack.
    """
    if not case.has(Modality.VISUAL):
        return None
    return _moments(case, Modality.VISUAL, lambda kept: _mean(read.vectors, kept), read.times_s, progress)


def seconds(case: Case, read: Heard, backbone: "AudioBackbone", progress: Progress = silent) -> Moments | None:
    """Share the sound's contribution among its blocks of about a second; None where the model does not hear it."""
    if not case.has(Modality.AUDIO):
        return None
    middle = (np.arange(len(read.vectors)) + 0.5) * read.block_s
    return _moments(case, Modality.AUDIO, lambda kept: backbone.pool(read.vectors, kept), middle, progress)


def heat(case: Case, read: Seen, frame: int, backbone: "VisualBackbone", progress: Progress = silent) -> Heat:
    """Cover one frame of a clip patch by patch, with the mean colour of what the network sees of it.

    The clip's other frames stay as they are, so that effects are those of this frame in this clip. Overlapping patches
    of two by two cells (Zeiler and Fergus 2014).
    """
    top, left, bottom, right = read.window
    rows = np.linspace(top, bottom, CELLS + 1).round().astype(int)
    columns = np.linspace(left, right, CELLS + 1).round().astype(int)
    picture = read.frames[frame]
    fill = picture[top:bottom, left:right].reshape(-1, 3).mean(axis=0).round().astype(np.uint8)
    places = [(row, column) for row in range(CELLS - 1) for column in range(CELLS - 1)]
    vectors = []
    for start in range(0, len(places), _BATCH):
        progress(Step("heat", start, len(places)))
        covered = np.repeat(picture[None], len(places[start : start + _BATCH]), axis=0)
        for copy, (row, column) in zip(covered, places[start : start + _BATCH], strict=True):
            copy[rows[row] : rows[row + 2], columns[column] : columns[column + 2]] = fill
        vectors.append(backbone.embed_frames(covered))
    others = np.delete(read.vectors, frame, axis=0).sum(axis=0)
    matrix = ((others + np.concatenate(vectors)) / len(read.vectors)).astype(np.float32)
    lost = case.log_score - case.worth(Modality.VISUAL, len(places), matrix=matrix, progress=progress).log_score
    total, count = np.zeros((CELLS, CELLS)), np.zeros((CELLS, CELLS))
    for (row, column), effect in zip(places, lost, strict=True):
        total[row : row + 2, column : column + 2] += effect
        count[row : row + 2, column : column + 2] += 1
    return Heat(frame, total / count, read.window)


def _moments(case: Case, modality: Modality, vector_of: _Pool, times_s: np.ndarray, progress: Progress) -> Moments:
    parts = len(times_s)

    def contribution(kept: np.ndarray) -> np.ndarray:
        matrix = _or_nothing(vector_of, kept)
        return case.worth(modality, len(kept), matrix=matrix, progress=progress).contribution

    share = shared(contribution, parts)
    left_out = _or_nothing(vector_of, ~np.eye(parts, dtype=bool))
    without = case.log_score - case.worth(modality, parts, matrix=left_out, progress=progress).log_score
    return Moments(times_s, share, without, float(share.sum()))


def _or_nothing(vector_of: _Pool, kept: np.ndarray) -> np.ndarray:
    """The vectors of coalitions, (k, d) float32; NaN of the empty one."""
    matrix: np.ndarray = np.asarray(vector_of(kept), dtype=np.float32)
    matrix[~kept.any(axis=1)] = np.nan
    return matrix


def _mean(vectors: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """The mean of the kept vectors, (k, d)."""
    weights = kept / np.maximum(kept.sum(axis=1, keepdims=True), 1)
    found: np.ndarray = weights @ vectors.astype(np.float64)
    return found
