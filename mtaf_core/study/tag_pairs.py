"""Which hashtags go together, as a network and as what to add to those picked."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mtaf_core.study import variances
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.shrinkage import Effects, clear_signs
from mtaf_core.study.spring import laid_out
from mtaf_core.study.tags import MIN_VIDEOS, Board, effects, gather

if TYPE_CHECKING:
    from mtaf_core.study.market import Study

LINKS_A_TAG = 4
"""A hashtag is linked to those that go with it most, so that the one on every video does not hide the rest."""


@dataclass(frozen=True, eq=False)
class Association:
    """How much more often pairs of hashtags share a video than if they were independent; E pairs.

    Attributes
    ----------
    videos : ndarray of int64, (E,)
        With both.
    lift : ndarray of float64, (E,)
        Share of videos with both over the product of the shares.
    npmi : ndarray of float64, (E,)
        Log lift over minus the log share of videos with both: 1 where neither is without the other, 0 independent
        (Bouma 2009).
    risk : ndarray of float64, (E,)
        The chance that the lift is not above 1, were ``videos`` the only number not known for certain (Poisson,
        normal on the log scale).
    """

    videos: np.ndarray
    lift: np.ndarray
    npmi: np.ndarray
    risk: np.ndarray

    @classmethod
    def of(cls, both: np.ndarray, one: np.ndarray, other: np.ndarray, of: int) -> "Association":
        """From counts of videos with both, with one and with the other, ``of`` so many."""
        from scipy.special import ndtr

        with np.errstate(divide="ignore", invalid="ignore"):
            log_lift = np.log(both * float(max(of, 1))) - np.log(one) - np.log(other)
            npmi = np.where(both == of, 1.0, log_lift / -np.log(both / max(of, 1)))
            risk = np.where(both > 0, ndtr(-log_lift * np.sqrt(both)), 1.0)
        return cls(both, np.exp(log_lift), npmi, risk)


@dataclass(frozen=True, eq=False)
class Network:
    """Hashtags and the links between them, placed for drawing.

    Attributes
    ----------
    nodes : ndarray of int64, (N,)
        Places in `Board.tags`.
    place : ndarray, (N, 2)
        Within -1 to 1.
    one, other : ndarray of int64, (E,)
        Ends of the links, places in ``nodes``.
    association : Association
        Of E links, the closest first.
    """

    nodes: np.ndarray
    place: np.ndarray
    one: np.ndarray
    other: np.ndarray
    association: Association


@dataclass(frozen=True, eq=False)
class Suggestions:
    """Hashtags of the videos that have all picked ones; S of them, each on `MIN_VIDEOS` such videos at least.

    Attributes
    ----------
    videos : int
        Videos with all picked hashtags.
    tags : ndarray of int64, (S,)
        Numbers of the hashtags.
    association : Association
        Of all picked ones taken as one, and the suggested.
    beside : Effects
        Of having the suggested one as well, among videos with all picked ones; adjusted.
    """

    videos: int
    tags: np.ndarray
    association: Association
    beside: Effects


def network(board: Board, most: int) -> Network:
    """The ``most`` used hashtags, each linked to those that clearly go with it most."""
    count = min(most, len(board.tags))
    both = board.together[:count, :count]
    one, other = np.triu_indices(count, 1)
    often = both[one, other] >= MIN_VIDEOS
    one, other, n = one[often], other[often], np.diag(both)
    found = Association.of(both[one, other], n[one], n[other], board.videos)
    kept = np.flatnonzero(clear_signs(found.risk) & (found.lift > 1))
    kept = kept[np.argsort(-found.npmi[kept], kind="stable")]
    links = np.zeros(count, dtype=np.int64)
    drawn = []
    for pair in kept:
        if min(links[one[pair]], links[other[pair]]) < LINKS_A_TAG:
            drawn.append(pair)
            links[[one[pair], other[pair]]] += 1
    pairs = np.array(drawn, dtype=np.int64)
    found = Association(found.videos[pairs], found.lift[pairs], found.npmi[pairs], found.risk[pairs])
    usual = float(np.median(found.npmi)) if len(pairs) else 1.0
    place = laid_out(count, one[pairs], other[pairs], np.minimum(found.npmi / usual, 1.0))
    return Network(np.arange(count), place, one[pairs], other[pairs], found)


def suggest(study: "Study", cohort: Cohort, board: Board, picked: Sequence[int]) -> Suggestions:
    """What else the videos with all ``picked`` hashtags have, and how those do that have it."""
    found = gather(study, cohort, picked)
    beside = effects(found, variances.read(study.path)[variances.TAG])
    place = {tag: number for number, tag in enumerate(board.tags.tolist())}
    known = np.array([tag in place for tag in found.tags.tolist()], dtype=bool)
    every = np.diag(board.together)[[place[tag] for tag in found.tags[known].tolist()]]
    videos = len(found.known)
    association = Association.of(found.counts[found.tags[known]], np.full(known.sum(), videos), every, board.videos)
    return Suggestions(videos, found.tags[known], association, _of(beside, known))


def _of(found: Effects, kept: np.ndarray) -> Effects:
    parts = ((field.name, getattr(found, field.name)) for field in fields(found))
    left: dict[str, Any] = {name: None if part is None else part[kept] for name, part in parts}
    return replace(found, **left)
