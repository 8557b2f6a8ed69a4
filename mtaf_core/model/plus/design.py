"""One table of numbers a video for everything in the stack that is not a network.

Every column belongs to one modality, so that a coalition of modalities is the same table with the rest unknown. The
columns of the paper's Table 1 come first (logarithms, cycles, categories); vectors are reduced by principal
components; the early curve is told as logarithms and growth; with ``engineered`` come ratios of counts, the length of
the text, what the KOL's past posts did, and what became of similar posts.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mtaf_core.data.vectors import Matrix, known, taken
from mtaf_core.model.encoders import (
    CATEGORICAL,
    CYCLIC,
    NUMERIC,
    Embeddings,
    category_words,
    daily_log_scores,
)
from mtaf_core.model.plus.memory import UPLOADER_COLUMNS, Neighbours, Uploaders, seconds
from mtaf_core.model.plus.reduce import Projection
from mtaf_core.schema import CONTENT_MODALITIES, MODALITIES, SERIES_CHANNELS, Modality

if TYPE_CHECKING:
    import pandas as pd

    from mtaf_core.data.frame import Frame

COMPONENTS = 32
RATIOS = (
    ("uploader_favorited", "uploader_video_count"),
    ("uploader_favorited", "uploader_follower"),
    ("uploader_follower", "uploader_following"),
    ("uploader_follower", "uploader_video_count"),
    ("uploader_favoriting", "uploader_video_count"),
    ("tag_total_view_count", "tag_total_user_count"),
)
"""Pairs of counts whose ratio says what neither does: likes a video, likes a follower, views a user of a hashtag."""
MIN_CATEGORY = 5
_TEXT = MODALITIES.index(Modality.TEXT)
_AGNOSTIC = MODALITIES.index(Modality.CONTENT_AGNOSTIC)
_TEMPORAL = MODALITIES.index(Modality.TEMPORAL)
_DAY = 86_400.0


class Table(NamedTuple):
    """Numbers for ``n`` videos."""

    values: np.ndarray  # (n, columns) float64, NaN unknown
    modality: np.ndarray  # (columns,) int, which of MODALITIES a column belongs to
    categorical: np.ndarray  # (columns,) bool, whether a column holds the codes of a category
    anchor: np.ndarray  # (n,) float64, the last known log score among the days seen; NaN where none is
    names: tuple[str, ...]


@dataclass(frozen=True)
class Design:
    """How videos become a `Table`; everything in it was learnt from the rows it was fitted on.

    Parameters
    ----------
    horizon_day : int
    vocabulary : dict of str to tuple of str
        Words of each category that at least five videos had.
    projections : dict of Modality to Projection
        What makes each modality's vectors short.
    newest : float
        Upload time of the latest video fitted on, in seconds; time stands still after it.
    uploaders, neighbours
        None without ``engineered``.
    """

    horizon_day: int
    vocabulary: dict[str, tuple[str, ...]]
    projections: dict[Modality, Projection]
    newest: float
    uploaders: Uploaders | None = None
    neighbours: dict[Modality, Neighbours] = field(default_factory=dict)

    @classmethod
    def fit(
        cls,
        frame: "Frame",
        embeddings: Embeddings,
        rows: np.ndarray,
        engineered: bool = True,
        components: int = COMPONENTS,
        remembered: np.ndarray | None = None,
    ) -> "Design":
        """Learn from the labelled ``rows`` of ``frame``.

        Parameters
        ----------
        frame : Frame, n videos
        embeddings : dict of Modality to ndarray or Vectors (n, d) float32 or None
        rows : ndarray of int
        engineered : bool, default True
        components : int, default 32
            Principal components kept of each modality's vectors, at most.
        remembered : ndarray of int, optional
            Labelled rows whose KOLs' posts are remembered; ``rows`` where it is not given.
        """
        remembered = rows if remembered is None else remembered
        facts = frame.facts.iloc[rows]
        projections, neighbours = {}, {}
        times, truth = seconds(facts), np.log1p(frame.score[rows])
        for modality in CONTENT_MODALITIES:
            matrix = embeddings.get(modality)
            mine = None if matrix is None else taken(matrix, rows)
            if mine is None or known(mine).sum() < 2:
                continue
            short = projections[modality] = Projection.fit(taken(mine, known(mine)), components)
            if engineered:
                neighbours[modality] = Neighbours.fit(times, short.retrieval(mine), truth, frame.horizon_day)
        return cls(
            horizon_day=frame.horizon_day,
            vocabulary={c: _frequent(category_words(facts, c, f)) for c, f in CATEGORICAL.items()},
            projections=projections,
            newest=float(np.nanmax(times)),
            uploaders=Uploaders.fit(frame.facts.iloc[remembered], np.log1p(frame.score[remembered]), frame.horizon_day)
            if engineered
            else None,
            neighbours=neighbours,
        )

    def table(self, frame: "Frame", embeddings: Embeddings, observed_days: int) -> Table:
        """Lay out ``frame`` as seen with ``observed_days`` days known; 0 is before release."""
        return with_curve(self.before_release(frame, embeddings), frame, observed_days)

    def before_release(self, frame: "Frame", embeddings: Embeddings) -> Table:
        """Lay out what is known of ``frame`` before release."""
        facts = frame.facts
        logged = {c: np.log1p(np.maximum(facts[c].to_numpy(np.float64, na_value=np.nan), 0.0)) for c in NUMERIC}
        columns: list[np.ndarray] = list(logged.values())
        names: list[str] = list(logged)
        owner = [_AGNOSTIC] * len(names)
        for column, feature in CYCLIC.items():
            value = facts[column].to_numpy(np.float64, na_value=np.nan)
            angle = value * (2 * np.pi / float(feature.period or 1))
            columns += [value, np.sin(angle), np.cos(angle)]
            names += [column, f"{column} sine", f"{column} cosine"]
            owner += [_AGNOSTIC] * 3
        start = len(names)
        for column, words in self.vocabulary.items():
            code = {word: float(number) for number, word in enumerate(words)}
            told = category_words(facts, column, CATEGORICAL[column])
            columns.append(np.array([np.nan if w is None else code.get(w, np.nan) for w in told], dtype=np.float64))
        names += list(self.vocabulary)
        owner += [_AGNOSTIC] * len(self.vocabulary)
        categories = range(start, len(names))
        blocks: list[tuple[np.ndarray, int, list[str]]] = []
        if self.uploaders is not None:
            blocks += self._engineered(facts, logged)
        for modality, short in self.projections.items():
            blocks += self._content(modality, short, embeddings.get(modality), seconds(facts))
        values = np.column_stack([*columns, *(block for block, _, _ in blocks)])
        for _, modality_index, told_names in blocks:
            names += told_names
            owner += [modality_index] * len(told_names)
        categorical = np.zeros(len(names), dtype=bool)
        categorical[list(categories)] = True
        return Table(values, np.array(owner), categorical, np.full(len(facts), np.nan), tuple(names))

    def _engineered(
        self, facts: "pd.DataFrame", logged: dict[str, np.ndarray]
    ) -> list[tuple[np.ndarray, int, list[str]]]:
        assert self.uploaders is not None
        ratios = np.column_stack([logged[above] - logged[below] for above, below in RATIOS])
        age = (np.minimum(seconds(facts), self.newest) - self.newest) / _DAY
        own = self.uploaders.columns(facts)
        text = ["" if not isinstance(t, str) else t for t in facts["text"]]
        lengths = np.log1p(np.array([[len(t), len(t.split())] for t in text], dtype=np.float64).reshape(-1, 2))
        lengths[[not t for t in text]] = np.nan  # a video without text has no text modality
        named = [f"{above} / {below}" for above, below in RATIOS]
        return [
            (np.column_stack([ratios, age, own]), _AGNOSTIC, [*named, "age", *(f"KOL {c}" for c in UPLOADER_COLUMNS)]),
            (lengths, _TEXT, ["text characters", "text words"]),
        ]

    def _content(
        self, modality: Modality, short: Projection, matrix: Matrix | None, times: np.ndarray
    ) -> list[tuple[np.ndarray, int, list[str]]]:
        count = short.kept
        if matrix is None:
            matrix = np.full((len(times), len(short.mean)), np.nan, dtype=np.float32)
        position = MODALITIES.index(modality)
        reduced = short.retrieval(matrix)  # (n, components), the leading ones first
        blocks = [(reduced[:, :count], position, [f"{modality.value} {i + 1}" for i in range(count)])]
        if modality in self.neighbours:
            similar = self.neighbours[modality].columns(times, reduced)
            blocks.append((similar, position, [f"{modality.value} neighbours' score", f"{modality.value} likeness"]))
        return blocks

    def to_dict(self) -> dict[str, Any]:
        """Everything but arrays, as plain JSON values."""
        own = self.uploaders
        return {
            "horizon_day": self.horizon_day,
            "vocabulary": {column: list(words) for column, words in self.vocabulary.items()},
            "newest": self.newest,
            "uploaders": None
            if own is None
            else {"mean": own.mean, "strength": own.strength, "names": list(own.posts)},
            "neighbours": [m.value for m in self.neighbours],
        }

    def arrays(self) -> dict[str, np.ndarray]:
        """The learnt arrays by name, to be stored beside `to_dict`."""
        found: dict[str, np.ndarray] = {}
        for modality, short in self.projections.items():
            found |= {f"{modality.value}.{part}": getattr(short, part) for part in ("mean", "rate", "components")}
            found[f"{modality.value}.kept"] = np.array([short.kept])
        for modality, near in self.neighbours.items():
            prefix = f"{modality.value}.near"
            found |= {
                f"{prefix}.times": near.times,
                f"{prefix}.vectors": near.vectors,
                f"{prefix}.outcomes": near.outcomes,
            }
        if self.uploaders is not None:
            found |= {f"uploaders.{name}": values for name, values in self.uploaders.arrays().items()}
        return found

    @classmethod
    def from_dict(cls, values: dict[str, Any], arrays: dict[str, np.ndarray]) -> "Design":
        """Rebuild what `to_dict` and `arrays` stored; raises KeyError where something is missing."""
        horizon, told = values["horizon_day"], values["uploaders"]
        own = None
        if told is not None:
            stored = {name: arrays[f"uploaders.{name}"] for name in ("lengths", "times", "scores")}
            own = Uploaders.from_arrays(horizon, told["mean"], told["strength"], told["names"], stored)
        near = {
            Modality(name): Neighbours(
                horizon * _DAY, *(arrays[f"{name}.near.{part}"] for part in ("times", "vectors", "outcomes"))
            )
            for name in values["neighbours"]
        }
        return cls(
            horizon,
            {column: tuple(words) for column, words in values["vocabulary"].items()},
            {
                m: Projection(
                    arrays[f"{m.value}.mean"],
                    arrays[f"{m.value}.rate"],
                    arrays[f"{m.value}.components"],
                    int(arrays[f"{m.value}.kept"][0]),
                )
                for m in CONTENT_MODALITIES
                if f"{m.value}.mean" in arrays
            },
            values["newest"],
            own,
            near,
        )


def with_curve(table: Table, frame: "Frame", observed_days: int) -> Table:
    """``table``, made of ``frame`` before release, with what its first ``observed_days`` days tell beside it."""
    if observed_days == 0:
        return table
    anchor, values, names = early_curve(frame, observed_days)
    return Table(
        np.column_stack([table.values, values]),
        np.append(table.modality, np.full(len(names), _TEMPORAL)),
        np.append(table.categorical, np.zeros(len(names), dtype=bool)),
        anchor,
        (*table.names, *names),
    )


def early_curve(frame: "Frame", observed_days: int) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Tell the first ``observed_days`` days as numbers.

    Returns
    -------
    (anchor, values, names)
        The last known log score, (n,), NaN where no day is known; and the columns (n, c): how long ago that was, each
        day's log score, growth from day to day, the logarithm of every count on the last known day and its growth.
    """
    daily = daily_log_scores(frame)[:, :observed_days]  # (n, k)
    daily = np.where(frame.observed[:, :observed_days], daily, np.nan)
    there = np.isfinite(daily)
    seen = there.any(axis=1)
    last = np.where(seen, observed_days - 1 - there[:, ::-1].argmax(axis=1), 0)
    rows = np.arange(len(daily))
    anchor = np.where(seen, daily[rows, last], np.nan)
    counts = np.log1p(np.maximum(frame.series[:, :observed_days].astype(np.float64), 0.0))  # (n, k, channels)
    now = counts[rows, last]
    before = counts[rows, np.maximum(last - 1, 0)]
    gap = np.where(seen, observed_days - 1 - last, np.nan)
    growth = np.diff(daily, axis=1)
    step = np.where((last > 0)[:, None], now - before, np.nan)
    share = now[:, :3] - now[:, [3]] if now.shape[1] > 3 else now[:, :0]
    values = np.column_stack([anchor, gap, daily, growth, now, step, share])
    values[~seen] = np.nan
    names = ["last score", "days since"]
    names += [f"score day {d + 1}" for d in range(observed_days)]
    names += [f"growth day {d + 2}" for d in range(observed_days - 1)]
    names += [f"last {c}" for c in SERIES_CHANNELS] + [f"growth {c}" for c in SERIES_CHANNELS]
    names += [f"{c} a view" for c in SERIES_CHANNELS[: share.shape[1]]]
    return anchor, values, names


def _frequent(words: list[str | None]) -> tuple[str, ...]:
    counts = Counter(word for word in words if word is not None)
    return tuple(sorted(word for word, count in counts.items() if count >= MIN_CATEGORY))
