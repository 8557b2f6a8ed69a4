"""How the numeric features of Table 1 are distributed (the paper's Figure 2), counted by the tables' own engine.

KOL features are counted once a KOL, from the `uploaders` record; the rest once a video. Only bins and moments leave
the database, so a market of any size costs the same memory.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtaf_core.data.facts import DERIVED, known_before, local_day
from mtaf_core.data.frame import scores_relation, zones_refused
from mtaf_core.data.store import Store
from mtaf_core.errors import BadInput
from mtaf_core.schema import HORIZON_DAY, Release

BINS = 30
SCORE = "popularity_score"
"""The target of equation 1; not a row of Table 1, shown with it."""


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
    values : str
        SQL giving one column ``x``; ``$scores`` is `mtaf_core.data.frame.scores_relation`, ``$zone`` the market's zone.
    """

    key: str
    feature: str
    part: str
    unit: str
    release: Release
    values: str


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
        NaN where nothing is known; ``median`` is on the natural scale always.
    ks : float
        Kolmogorov-Smirnov distance between the values (zeros left out where ``log``) and the normal of the same mean
        and standard deviation; a distance in [0, 1], not a test.
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


def _uploader(name: str, column: str) -> Source:
    return Source(name, name, "", "uploader", Release.BEFORE, f"SELECT {column} AS x FROM uploaders")


def _video(name: str, column: str, part: str = "") -> Source:
    key = f"{name}.{part}" if part else name
    return Source(key, name, part, "video", Release.BEFORE, f"SELECT {column} AS x FROM videos")


def _tag_total(name: str, column: str) -> Source:
    """Totals of a video's hashtags as its facts have them (`mtaf_core.data.facts`), added up."""
    return Source(
        name,
        name,
        "",
        "video",
        Release.BEFORE,
        f"""SELECT sum(s.{column}) AS x FROM videos v JOIN video_tags t USING (platform, video_id)
            LEFT JOIN tag_spans s
              ON s.platform = t.platform AND s.tag_name = t.tag_name AND {known_before(local_day("v"), "s")}
            GROUP BY v.platform, v.video_id""",
    )


def _after(name: str, column: str) -> Source:
    return Source(name, name, "", "video", Release.AFTER, f"SELECT {column} AS x FROM $scores")


SOURCES: dict[str, Source] = {
    s.key: s
    for s in (
        _uploader("uploader_follower", "follower_count"),
        _uploader("uploader_favorited", "favorited_count"),
        _uploader("uploader_video_count", "video_count"),
        _uploader("uploader_following", "following_count"),
        _uploader("uploader_favoriting", "favoriting_count"),
        _uploader("uploader_age", "age"),
        _video("video_duration", "duration_s"),
        _video("video_quality", "width_px", "width"),
        _video("video_quality", "height_px", "height"),
        Source(
            "video_tag_count",
            "video_tag_count",
            "",
            "video",
            Release.BEFORE,
            """SELECT count(tag_name) AS x FROM videos LEFT JOIN video_tags USING (platform, video_id)
               GROUP BY platform, video_id""",
        ),
        _tag_total("tag_total_view_count", "views"),
        _tag_total("tag_total_user_count", "users"),
        _after("video_favorite_count", "favorite_count"),
        _after("video_comment_count", "comment_count"),
        _after("video_share_count", "share_count"),
        _after(SCORE, "popularity_score"),
    )
}
"""Every numeric feature of Table 1 by key, in the order shown."""


def distribution(
    store: Store, key: str, *, log: bool = True, horizon_day: int = HORIZON_DAY, timezone: str = "Asia/Shanghai"
) -> Distribution:
    """The distribution of one feature.

    Parameters
    ----------
    store : Store
    key : str
        A key of `SOURCES`.
    log : bool
        Bins of log10, as in the paper, or of the value itself.
    horizon_day : int
        The day that after-release counts are of.
    timezone : str
        IANA name of the market's zone, where a video does not name its own.

    Raises
    ------
    BadInput
        If there is no such feature or time zone, or the horizon is not a day from 2.
    BadWorkspace
        If a table is damaged, or a video names a time zone that does not exist.
    """
    source = SOURCES.get(key)
    if source is None:
        raise BadInput(f"There is no numeric feature called '{key}'; choose among: {', '.join(SOURCES)}.")
    values = _values(store, source, log, horizon_day, timezone)
    scale, keep = values.scale, values.keep
    (row,) = values.ask(
        f"""SELECT count(x) AS n, count(*) - count(x) AS missing, count(*) FILTER (WHERE x = 0) AS zeros,
                   min({scale}) FILTER (WHERE {keep}) AS low, max({scale}) FILTER (WHERE {keep}) AS high,
                   quantile_cont({scale}, 0.99) FILTER (WHERE {keep}) AS most,
                   avg({scale}) FILTER (WHERE {keep}) AS mean,
                   stddev_samp({scale}) FILTER (WHERE {keep}) AS sd,
                   median(x) AS median
            FROM found"""
    )
    if row["low"] is None:
        return _nothing(source, log, row)
    top = row["high"] if log else row["most"]
    edges = _edges(row["low"], top, whole=not log and (top - row["low"]) <= BINS)
    counts, beyond = _counts(values, edges)
    mean, sd = float(row["mean"]), float(row["sd"] or 0.0)
    return Distribution(
        source.feature, source.part, source.unit, source.release, log,
        n=row["n"], missing=row["missing"], zeros=row["zeros"], beyond=beyond,
        edges=edges, counts=counts, mean=mean, sd=sd, median=float(row["median"]), ks=_ks(values, mean, sd),
    )  # fmt: skip


@dataclass(frozen=True)
class _Values:
    """One source's values in a store, as the relation ``found`` with the column ``x``, and how they are binned."""

    store: Store
    sql: str
    derived: dict[str, str]
    scale: str
    keep: str

    def ask(self, question: str) -> list[dict[str, Any]]:
        """The rows of a ``SELECT`` over ``found``, which may have more ``WITH`` parts before it."""
        with zones_refused():
            found = f"WITH found AS (SELECT x::DOUBLE AS x FROM ({self.sql}))"
            return self.store.query(f"{found} {question}", derived=self.derived).to_pylist()


def _values(store: Store, source: Source, log: bool, horizon_day: int, timezone: str) -> _Values:
    scores, made = scores_relation(horizon_day, timezone)
    text = source.values.replace("$scores", scores).replace("$zone", f"'{timezone}'")
    derived = {name: how for name, how in {**DERIVED, **made}.items() if name in text}
    return _Values(store, text, derived, *(("log10(x)", "x > 0") if log else ("x", "x >= 0")))


def _edges(low: float, high: float, whole: bool) -> NDArray[np.float64]:
    if whole:  # few whole numbers: one bin each, centred
        return np.arange(np.floor(low) - 0.5, np.floor(high) + 1.0, 1.0)
    if high <= low:
        return np.linspace(low - 0.5, low + 0.5, 4)
    return np.linspace(low, high, BINS + 1)


def _counts(values: _Values, edges: NDArray[np.float64]) -> tuple[NDArray[np.int64], int]:
    bins, low, high, width = edges.size - 1, float(edges[0]), float(edges[-1]), float(edges[1] - edges[0])
    found = values.ask(
        f"""SELECT CASE WHEN {values.scale} > {high!r}::DOUBLE THEN {bins}
                   ELSE least(greatest(floor(({values.scale} - {low!r}::DOUBLE) / {width!r}::DOUBLE), 0),
                              {bins - 1}) END::INT AS bin, count(*) AS n
            FROM found WHERE {values.keep} GROUP BY bin"""
    )
    counts = np.zeros(bins + 1, dtype=np.int64)
    counts[[row["bin"] for row in found]] = [row["n"] for row in found]
    return counts[:-1], int(counts[-1])


def _ks(values: _Values, mean: float, sd: float) -> float:
    """Largest gap between the empirical and the fitted distribution function, over every value.

    The normal distribution function is Abramowitz and Stegun 7.1.26, good to 2e-7, since the engine has no erf.
    """
    if sd <= 0:
        return 1.0
    (row,) = values.ask(
        f""", z AS (SELECT ({values.scale} - {mean!r}::DOUBLE) / {sd!r}::DOUBLE AS z FROM found WHERE {values.keep}),
             steps AS (SELECT z, count(*) AS ties FROM z GROUP BY z),
             ecdf AS (SELECT z, sum(ties) OVER (ORDER BY z) / sum(ties) OVER () AS at_most,
                             (sum(ties) OVER (ORDER BY z) - ties) / sum(ties) OVER () AS below,
                             1 / (1 + 0.3275911 * abs(z) / sqrt(2)) AS t FROM steps),
             tail AS (SELECT *, 1 - 0.5 * exp(-z * z / 2) * t * (0.254829592 + t * (-0.284496736
                             + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) AS upper FROM ecdf),
             cdf AS (SELECT *, CASE WHEN z < 0 THEN 1 - upper ELSE upper END AS fitted FROM tail)
            SELECT max(greatest(abs(at_most - fitted), abs(below - fitted))) AS ks FROM cdf"""
    )
    return float(row["ks"])


def _nothing(source: Source, log: bool, row: dict[str, int]) -> Distribution:
    nan = float("nan")
    return Distribution(
        source.feature, source.part, source.unit, source.release, log,
        n=row["n"], missing=row["missing"], zeros=row["zeros"], beyond=0,
        edges=np.empty(0), counts=np.empty(0, dtype=np.int64), mean=nan, sd=nan, median=nan, ks=nan,
    )  # fmt: skip
