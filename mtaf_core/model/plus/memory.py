"""What a market remembers of its past posts, told only as it was known when a video came out.

A post's outcome is known ``horizon_day`` days after its upload; a post less old than that when a video is released
says nothing about it. The same rule holds for the posts learnt from and for those asked about, so that no number tells
of the future, and nothing of a post is ever told to itself.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

UPLOADER_COLUMNS = ("known_posts", "mean_score", "last_score", "best_score", "days_since_post", "posts_30_days")
NEIGHBOURS = 20
MOST_REMEMBERED = 20_000
"""Posts whose vectors are kept for retrieval: the latest ones."""
_DAY = 86_400.0
_FEWEST = 5
_CHUNK = 512
"""Videos asked about at once: their likeness to all that is remembered is in memory together."""


@dataclass(frozen=True)
class Uploaders:
    """Past posts of every KOL.

    Parameters
    ----------
    horizon_day : int
    mean : float
        Mean log score of all remembered posts.
    strength : float
        How many posts of their own it takes for a KOL's mean to count as much as the market's: the variance within
        KOLs over the variance between them (empirical Bayes by the method of moments).
    posts : dict of str to (times, scores)
        Upload times in seconds, ascending, and log scores; (m,) float64 each.
    """

    horizon_day: int
    mean: float
    strength: float
    posts: dict[str, tuple[np.ndarray, np.ndarray]]

    @classmethod
    def fit(cls, facts: "pd.DataFrame", log_score: np.ndarray, horizon_day: int) -> "Uploaders":
        """Remember the posts of ``facts``; ``log_score`` is (n,) without NaN."""
        times, names = seconds(facts), uploader_keys(facts)
        order = np.argsort(times, kind="stable")
        grouped: dict[str, list[int]] = {}
        for row in order:
            if names[row] is not None:
                grouped.setdefault(str(names[row]), []).append(int(row))
        posts = {name: (times[rows], log_score[rows]) for name, rows in grouped.items()}
        mean = float(log_score.mean())
        return cls(horizon_day, mean, _strength([scores for _, scores in posts.values()], mean), posts)

    def columns(self, facts: "pd.DataFrame") -> np.ndarray:
        """What was known of each video's KOL when it came out, (n, len(UPLOADER_COLUMNS)), NaN unknown.

        ``mean_score`` is the mean log score of the KOL's posts shrunk towards the market's; of a KOL without known
        posts it is the market's mean itself.
        """
        found = np.full((len(facts), len(UPLOADER_COLUMNS)), np.nan)
        found[:, 0], found[:, 1] = 0.0, self.mean
        lag = self.horizon_day * _DAY
        for row, (time, name) in enumerate(zip(seconds(facts), uploader_keys(facts), strict=True)):
            posts = self.posts.get(name) if name is not None else None
            if posts is None or not np.isfinite(time):
                continue
            times, scores = posts
            before, known = int(np.searchsorted(times, time)), int(np.searchsorted(times, time - lag, side="right"))
            if known:
                past = scores[:known]
                found[row, 0] = known
                found[row, 1] = (past.sum() + self.strength * self.mean) / (known + self.strength)
                found[row, 2], found[row, 3] = past[-1], past.max()
            if before:
                found[row, 4] = np.log1p((time - times[before - 1]) / _DAY)
                found[row, 5] = before - np.searchsorted(times, time - 30 * _DAY)
        return found

    def arrays(self) -> dict[str, np.ndarray]:
        """All posts as flat arrays, in the order of ``posts``."""
        lengths = np.array([len(times) for times, _ in self.posts.values()], dtype=np.int64)
        pairs = list(self.posts.values())
        empty = np.zeros(0)
        return {
            "lengths": lengths,
            "times": np.concatenate([times for times, _ in pairs]) if pairs else empty,
            "scores": np.concatenate([scores for _, scores in pairs]) if pairs else empty,
        }

    @classmethod
    def from_arrays(
        cls, horizon_day: int, mean: float, strength: float, names: list[str], arrays: dict[str, np.ndarray]
    ) -> "Uploaders":
        """Rebuild what `arrays` stored."""
        cuts = np.cumsum(arrays["lengths"])[:-1]
        pairs = zip(np.split(arrays["times"], cuts), np.split(arrays["scores"], cuts), strict=True)
        return cls(horizon_day, mean, strength, dict(zip(names, pairs, strict=True)) if names else {})


@dataclass(frozen=True)
class Neighbours:
    """Past posts by a vector of theirs, to look up what became of the most similar ones.

    Parameters
    ----------
    lag_s : float
        A post counts for videos released at least so many seconds after it.
    times : ndarray, (m,), float64, ascending
    vectors : ndarray, (m, d), float16
        Of unit length.
    outcomes : ndarray, (m,), float64
    """

    lag_s: float
    times: np.ndarray
    vectors: np.ndarray
    outcomes: np.ndarray

    @classmethod
    def fit(cls, times: np.ndarray, vectors: np.ndarray, outcomes: np.ndarray, horizon_day: int) -> "Neighbours":
        """Remember the latest `MOST_REMEMBERED` posts that have a vector; a row of NaN is one that has none."""
        rows = np.flatnonzero(np.isfinite(vectors).all(axis=1) & np.isfinite(outcomes) & np.isfinite(times))
        rows = rows[np.argsort(times[rows], kind="stable")][-MOST_REMEMBERED:]
        return cls(horizon_day * _DAY, times[rows], unit(vectors[rows]).astype(np.float16), outcomes[rows])

    def columns(self, times: np.ndarray, vectors: np.ndarray) -> np.ndarray:
        """Mean outcome of the `NEIGHBOURS` most similar posts known by then, and how similar they are.

        Returns
        -------
        ndarray, (n, 2), float64
            NaN where a video has no vector or fewer than five posts were known when it came out.
        """
        found = np.full((len(times), 2), np.nan)
        asked = np.flatnonzero(np.isfinite(vectors).all(axis=1) & np.isfinite(times))
        known = np.searchsorted(self.times, times[asked] - self.lag_s, side="right")
        asked, known = asked[known >= _FEWEST], known[known >= _FEWEST]
        # Releases of one clip have one vector, and mostly the same past: each question is asked once.
        questions = [(int(upto), vectors[row].tobytes()) for row, upto in zip(asked, known, strict=True)]
        first = {question: place for place, question in reversed(list(enumerate(questions)))}
        once = np.array(sorted(first.values()), dtype=int)
        self._look_up(found, asked[once], known[once], vectors)
        found[asked] = found[asked[[first[question] for question in questions]]]
        return found

    @cached_property
    def _single(self) -> np.ndarray:
        """The vectors in the precision that they are compared in."""
        return self.vectors.astype(np.float32)

    def _look_up(self, found: np.ndarray, asked: np.ndarray, known: np.ndarray, vectors: np.ndarray) -> None:
        """Fill in the rows ``asked`` of `columns`, each from its ``known`` first posts."""
        for start in range(0, len(asked), _CHUNK):
            rows, upto = asked[start : start + _CHUNK], known[start : start + _CHUNK]
            most = int(upto.max())
            similar = unit(vectors[rows]) @ self._single[:most].T  # (rows, posts)
            similar[np.arange(most)[None, :] >= upto[:, None]] = -np.inf
            few = min(NEIGHBOURS, most)
            nearest = np.argpartition(-similar, few - 1, axis=1)[:, :few]
            closeness = np.take_along_axis(similar, nearest, axis=1)
            there = np.isfinite(closeness)
            weights = np.where(there, np.exp(8.0 * np.where(there, closeness - 1.0, 0.0)), 0.0)
            found[rows, 0] = (weights * self.outcomes[nearest]).sum(axis=1) / weights.sum(axis=1)
            found[rows, 1] = np.where(there, closeness, 0.0).sum(axis=1) / there.sum(axis=1)


def unit(vectors: np.ndarray) -> np.ndarray:
    """Scale rows to length 1; a row of zeros stays."""
    values = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(values, axis=1, keepdims=True)
    return np.divide(values, lengths, out=np.zeros_like(values), where=lengths > 0)


def seconds(facts: "pd.DataFrame") -> np.ndarray:
    """Upload times in seconds since 1970, (n,) float64; NaN unknown."""
    times = facts["created_at"]
    values: np.ndarray = times.astype("datetime64[us, UTC]").astype("int64").to_numpy(np.float64) / 1e6
    return np.where(times.isna().to_numpy(), np.nan, values)


def uploader_keys(facts: "pd.DataFrame") -> list[str | None]:
    """One word a KOL, unique over platforms; None where a video names no KOL."""
    pairs = zip(facts["platform"].tolist(), facts["uploader_id"].tolist(), strict=True)
    return [f"{platform}\x1f{uploader}" if isinstance(uploader, str) else None for platform, uploader in pairs]


def _strength(groups: list[np.ndarray], mean: float) -> float:
    several = [scores for scores in groups if len(scores) > 1]
    if len(several) < 3:
        return 5.0
    within = sum(float(((s - s.mean()) ** 2).sum()) for s in several) / sum(len(s) - 1 for s in several)
    means = np.array([s.mean() for s in several])
    noise = float(np.mean([within / len(s) for s in several]))
    between = max(float(((means - mean) ** 2).mean()) - noise, 1e-3)
    return float(np.clip(within / between, 0.2, 50.0))
