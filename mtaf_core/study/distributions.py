"""How the numeric features of Table 1 are distributed (the paper's Figure 2), for the videos of a cohort.

KOL features are counted once a KOL, as they were known at the KOL's latest video of the cohort; the rest once a video.
Only fine bins leave the database, in one pass over all features together, so that a market of any size costs the same
memory; what is drawn and said is read from them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from mtaf_core.errors import BadInput
from mtaf_core.schema import Release
from mtaf_core.study.cohort import WHOLE, Cohort
from mtaf_core.study.fine_bins import PER_DECADE, Fine, Grid
from mtaf_core.study.market import Study
from mtaf_core.study.popularity import in_order

SCORE = "popularity_score"
"""The target of equation 1; not a row of Table 1, shown with it."""
SHARES: tuple[float, ...] = (0.001, 0.002, 0.005, *(n / 100 for n in range(1, 100)), 0.995, 0.998, 0.999)
"""Of a quantile-quantile plot; only those that a sample of its size can tell."""
MOST_PARTS = 8
FEW_IN_PART = 5


@dataclass(frozen=True)
class Source:
    """Where one histogram's values come from.

    Parameters
    ----------
    key : str
        The feature's name, with the column's after a dot where a feature has two.
    feature : str
        Name in Table 1, or `SCORE`.
    part : str
        Which of a feature's two columns, ``""`` where it has one.
    unit : {"uploader", "video"}
        What is counted.
    release : Release
        Whether the feature is known before release.
    column : str
        Of the panel.
    """

    key: str
    feature: str
    part: str
    unit: str
    release: Release
    column: str


@dataclass(frozen=True)
class Distribution:
    """One feature's histogram, its moments, and its distance from the normal that fits it.

    Parameters
    ----------
    feature, part, unit, release
        As in `Source`.
    log : bool
        Whether ``edges``, ``mean`` and ``sd`` are on the scale of log10; zeros are then counted apart.
    n, missing, zeros, beyond : int
        Known values; unknown ones; zeros; and, on the linear scale, values past the last bin (the 99th percentile).
    edges : (bins + 1,) float64; counts : (bins,) int64
        Empty where nothing is known.
    mean, sd, median : float
        NaN where nothing is known; ``median`` is on the natural scale always, and within a fine bin of the true one.
    ks : float
        Kolmogorov-Smirnov distance between the values (zeros left out where ``log``) and the normal of the same mean
        and standard deviation; a distance in [0, 1], not a test. Exact where a fine bin holds one value, else within
        what a fine bin holds, which is less than 0.002 for values of a smooth distribution.
    """

    feature: str
    part: str
    unit: str
    release: Release
    log: bool
    n: int
    missing: int
    zeros: int
    beyond: int
    edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    mean: float
    sd: float
    median: float
    ks: float


@dataclass(frozen=True)
class Part:
    """The videos, or KOLs, of one value of what a distribution is split by.

    Parameters
    ----------
    word : str or None
        The value; None where it is unknown.
    n, zeros : int
    counts : (bins,) int64
        In the bins of the whole.
    mean, sd, median : float
        As in `Distribution`; NaN where nothing is known.
    """

    word: str | None
    n: int
    zeros: int
    counts: NDArray[np.int64]
    mean: float
    sd: float
    median: float


@dataclass(frozen=True)
class Quantiles:
    """What a quantile-quantile plot draws: ``observed`` against the ``expected`` of the fitted normal, (q,) float64.

    Both are on the scale of the distribution: log10 where that is.
    """

    shares: NDArray[np.float64]
    expected: NDArray[np.float64]
    observed: NDArray[np.float64]


def _source(name: str, unit: str, release: Release = Release.BEFORE, column: str = "", part: str = "") -> Source:
    return Source(f"{name}.{part}" if part else name, name, part, unit, release, column or name)


_KOL = ("uploader_follower", "uploader_favorited", "uploader_video_count", "uploader_following",
        "uploader_favoriting", "uploader_age")  # fmt: skip
SOURCES: dict[str, Source] = {
    s.key: s
    for s in (
        *(_source(name, "uploader") for name in _KOL),
        _source("video_duration", "video"),
        _source("video_quality", "video", column="video_width", part="width"),
        _source("video_quality", "video", column="video_height", part="height"),
        *(_source(name, "video") for name in ("video_tag_count", "tag_total_view_count", "tag_total_user_count")),
        *(_source(f"video_{what}_count", "video", Release.AFTER) for what in ("favorite", "comment", "share")),
        _source(SCORE, "video", Release.AFTER, "score"),
    )
}
"""Every numeric feature of Table 1 by key, in the order shown."""


def distributions(
    study: Study, keys: Iterable[str] = SOURCES, *, log: bool = True, cohort: Cohort = WHOLE
) -> dict[str, Distribution]:
    """The distributions of several features of a cohort, by key.

    Parameters
    ----------
    study : Study
    keys : iterable of str
        Of `SOURCES`.
    log : bool
        Bins of log10, as in the paper, or of the value itself.
    cohort : Cohort

    Raises
    ------
    BadInput
        If there is no such feature.
    """
    asked = [_known(key) for key in keys]
    found: dict[str, Distribution] = {}
    for unit in ("uploader", "video"):
        sources = [source for source in asked if source.unit == unit]
        if sources:
            values = _Values(study, cohort, tuple(sources), log)
            grids = values.grids()
            fine = values.fine(grids)
            found |= {s.key: _distribution(s, grids[s.key], fine[s.key]) for s in sources}
    return {source.key: found[source.key] for source in asked}


def quantiles(study: Study, key: str, whole: Distribution, cohort: Cohort = WHOLE) -> Quantiles:
    """The quantiles of a feature beside those of its fitted normal.

    Parameters
    ----------
    whole : Distribution
        Of the same feature and cohort; says the scale.
    """
    values = _Values(study, cohort, (_known(key),), whole.log)
    held = int(whole.n - whole.zeros if whole.log else whole.n)
    shares = np.array([share for share in SHARES if held * min(share, 1 - share) >= 1])
    if shares.size == 0 or not whole.sd > 0:
        return Quantiles(*(np.empty(0) for _ in range(3)))
    listed = ", ".join(f"{share:g}" for share in shares)
    scale, keep = values.scaled(values.sources[0].column)
    (row,) = values.ask(f"SELECT quantile_cont({scale}, [{listed}]) FILTER (WHERE {keep}) AS at FROM found")
    return Quantiles(shares, whole.mean + whole.sd * ndtri(shares), np.array(row["at"], dtype=np.float64))


def split(study: Study, key: str, by: str, whole: Distribution, cohort: Cohort = WHOLE) -> tuple[Part, ...]:
    """A distribution split by a column of the panel: the `MOST_PARTS` most frequent values, in their order.

    Values with fewer than `FEW_IN_PART` known numbers are left out.

    Parameters
    ----------
    by : str
        A column of the panel; a KOL with videos in two parts is counted in both.
    whole : Distribution
        Of the same feature and cohort, in whose bins the parts are counted.
    """
    if whole.counts.size == 0:
        return ()
    values = _Values(study, cohort, (_known(key),), whole.log, by)
    column = values.sources[0].column
    scale, keep = values.scaled(column)
    rows = values.ask(
        f"""SELECT word, count({column}) AS n, count(*) FILTER (WHERE {column} = 0) AS zeros,
                avg({scale}) FILTER (WHERE {keep}) AS mean, stddev_samp({scale}) FILTER (WHERE {keep}) AS sd,
                median({column}) AS median
            FROM found GROUP BY word HAVING n >= {FEW_IN_PART} ORDER BY n DESC, word LIMIT {MOST_PARTS}"""
    )
    binned = values.ask(
        f"""SELECT word, {_bin(scale, whole.edges)} AS bin, count(*) AS n FROM found WHERE {keep} GROUP BY ALL"""
    )
    bins = whole.counts.size
    counts = {row["word"]: np.zeros(bins + 1, dtype=np.int64) for row in rows}
    for row in binned:
        if row["word"] in counts:
            counts[row["word"]][row["bin"]] = row["n"]
    order = in_order(by, [row["word"] for row in rows])
    return tuple(
        Part(row["word"], row["n"], row["zeros"], counts[row["word"]][:-1],
             *(float("nan") if row[name] is None else float(row[name]) for name in ("mean", "sd", "median")))
        for row in (rows[place] for place in order)
    )  # fmt: skip


def _known(key: str) -> Source:
    if key not in SOURCES:
        raise BadInput(f"There is no numeric feature called '{key}'; choose among: {', '.join(SOURCES)}.")
    return SOURCES[key]


@dataclass(frozen=True)
class _Values:
    """The values of sources of one unit as the relation ``found``, a column each; ``word`` where they are split."""

    study: Study
    cohort: Cohort
    sources: tuple[Source, ...]
    log: bool
    by: str = ""

    def scaled(self, column: str) -> tuple[str, str]:
        """SQL for a column on the scale drawn, and for whether a value has a place on it."""
        return (f"log10({column})", f"{column} > 0") if self.log else (column, f"{column} >= 0")

    def ask(self, question: str) -> list[dict[str, Any]]:
        columns = [source.column for source in self.sources]
        word = f"CAST({self.by} AS VARCHAR) AS word, " if self.by else ""
        if self.sources[0].unit == "uploader":
            latest = ", ".join(f"arg_max({column}, row) AS {column}" for column in columns)
            grouped = "kol, word" if self.by else "kol"
            rows = f"SELECT {word}{latest} FROM panel WHERE kol IS NOT NULL GROUP BY {grouped}"
            found = f"MATERIALIZED ({rows})"
        else:
            found = f"NOT MATERIALIZED (SELECT {word}{', '.join(columns)} FROM panel)"
        return self.study.query(f", found AS {found} {question}", cohort=self.cohort).to_pylist()

    def grids(self) -> dict[str, Grid]:
        """The fine bins of each source: fixed on the log scale; else from the lowest value to the 99th percentile."""
        if self.log:
            return dict.fromkeys((source.key for source in self.sources), Grid(0.0, 1 / PER_DECADE))
        asked = (
            f"min({s.column}) AS low{place}, quantile_cont({s.column}, 0.99) AS high{place}"
            for place, s in enumerate(self.sources)
        )
        (row,) = self.ask(f"SELECT {', '.join(asked)} FROM found")
        return {
            source.key: Grid.linear(row[f"low{place}"] or 0.0, row[f"high{place}"] or 0.0)
            for place, source in enumerate(self.sources)
        }

    def fine(self, grids: dict[str, Grid]) -> dict[str, Fine]:
        """What is in the fine bins of every source."""
        parts = []
        for source in self.sources:
            column = source.column
            scale, keep = self.scaled(column)
            parts.append(
                f"""SELECT '{source.key}' AS key, CASE WHEN {keep} THEN {grids[source.key].cell(scale)} END AS cell,
                        count(*) AS n, count({column}) AS known, count(*) FILTER (WHERE {column} = 0) AS zeros,
                        min({column}) AS low, max({column}) AS high, sum({scale}) FILTER (WHERE {keep}) AS total,
                        sum({scale} * {scale}) FILTER (WHERE {keep}) AS squares
                    FROM found GROUP BY cell"""
            )
        rows: dict[str, list[dict[str, Any]]] = {source.key: [] for source in self.sources}
        for row in self.ask(" UNION ALL ".join(parts) + " ORDER BY key, cell"):
            rows[row["key"]].append(row)
        return {key: Fine.of(own, self.log) for key, own in rows.items()}


def _distribution(source: Source, grid: Grid, fine: Fine) -> Distribution:
    log = not grid.most
    if not fine.n.size:
        nan = float("nan")
        return Distribution(
            source.feature, source.part, source.unit, source.release, log, n=fine.known, missing=fine.missing,
            zeros=fine.zeros, beyond=0, edges=np.empty(0), counts=np.empty(0, dtype=np.int64), mean=nan, sd=nan,
            median=0.0 if fine.zeros else nan, ks=nan,
        )  # fmt: skip
    edges, drawn = grid.drawn(fine.cells)
    counts = np.bincount(drawn, fine.n, edges.size).astype(np.int64)
    middle = np.array(fine.middle(fine.zeros if log else 0))
    return Distribution(
        source.feature, source.part, source.unit, source.release, log, n=fine.known, missing=fine.missing,
        zeros=fine.zeros, beyond=int(counts[-1]), edges=edges, counts=counts[:-1], mean=fine.mean, sd=fine.sd,
        median=float((10.0**middle if log else middle).mean()), ks=fine.ks(),
    )  # fmt: skip


def _bin(scale: str, edges: NDArray[np.float64]) -> str:
    """SQL for the bin drawn that a value falls into; the number of bins for what is past the last."""
    bins, low, high, width = edges.size - 1, float(edges[0]), float(edges[-1]), float(edges[1] - edges[0])
    return (
        f"CASE WHEN {scale} > {high!r}::DOUBLE THEN {bins} "
        f"ELSE least(greatest(floor(({scale} - {low!r}::DOUBLE) / {width!r}::DOUBLE), 0), {bins - 1}) END::INTEGER"
    )
