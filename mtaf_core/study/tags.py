"""What goes with a hashtag: more popularity or less, more videos of late or fewer, and which other hashtags.

Two readings of a hashtag's effect, both on the natural log of popularity and both shrunk. *Adjusted*: against the same
video without it, that is the difference to what is expected of the video (by models that know no hashtag), with the
uploader's own strength and the video's other hashtags taken out (`mtaf_core.study.effects`). *Raw*: the mean popularity
of the videos that have it against the average video.

Only the columns needed of the cohort's videos are read, as arrays of numbers, and the pairs of video and hashtag once a
study; a million videos with three million hashtags fit into 60 MB.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa
from scipy import sparse
from scipy.special import ndtr

from mtaf_core.study import variances
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.crossing import Crossing
from mtaf_core.study.effects import crossed, crossed_components
from mtaf_core.study.shrinkage import Components, Effects, clear_signs, judged, one_way, one_way_components

if TYPE_CHECKING:
    from mtaf_core.study.market import Study

Reading = Literal["adjusted", "raw"]
READINGS: tuple[Reading, ...] = ("adjusted", "raw")

MIN_VIDEOS = 5
"""Videos with a known popularity that a hashtag needs before an effect is said of it."""
MOST = 1_000
"""Hashtags whose effects are worked out together: the most used of the cohort. The rest have few videos each."""
LEARN_FROM = 150_000
"""Videos that variances are estimated on at most; whole uploaders are drawn."""
REACH = 1.6448536269514722
"""Standard deviations to either end of a 90% interval."""
TREND_DAYS = 28
"""The latest four weeks are held against the four before."""


@dataclass(frozen=True, eq=False)
class Gathered:
    """The numbers of a cohort that hashtags are judged by.

    Attributes
    ----------
    known : ndarray of bool, (n,)
        Videos whose popularity is known; n videos in all.
    kol : ndarray of int64, (n,)
        Places of uploaders, 0 to ``kols - 1``; a video without one has a place of its own.
    kols : int
    adjusted, raw : ndarray of float64, (n,)
        Log popularity over what is expected without hashtags, and log popularity; 0 where unknown.
    age : ndarray of int64, (n,)
        Days since upload, counted from the cohort's newest video.
    counts, recent, before : ndarray of int64, (T,)
        Of each of the market's T hashtags: the cohort's videos; those of the latest `TREND_DAYS`; those of as many days
        before.
    tags : ndarray of int64, (P,)
        Hashtags whose effects can be said, the most used first; at most `MOST`.
    table : scipy.sparse.csr_array of float32, (n, P)
        1 where the video has the hashtag.
    """

    known: np.ndarray
    kol: np.ndarray
    kols: int
    adjusted: np.ndarray
    raw: np.ndarray
    age: np.ndarray
    counts: np.ndarray
    recent: np.ndarray
    before: np.ndarray
    tags: np.ndarray
    table: sparse.csr_array

    def of(self, videos: np.ndarray) -> "Gathered":
        """Only some of the videos, (n,) bool; what is counted of hashtags stays."""
        return replace(
            self, known=self.known[videos], kol=self.kol[videos], adjusted=self.adjusted[videos],
            raw=self.raw[videos], age=self.age[videos], table=self.table[videos],
        )  # fmt: skip

    @property
    def trend_totals(self) -> tuple[int, int]:
        """Videos of the latest `TREND_DAYS`, and of as many days before."""
        recent = int((self.age < TREND_DAYS).sum())
        return recent, int((self.age < 2 * TREND_DAYS).sum()) - recent


@dataclass(frozen=True, eq=False)
class Board:
    """All that is said of a cohort's hashtags.

    Attributes
    ----------
    videos, scored : int
        Videos of the cohort; those whose popularity is known.
    tags : ndarray of int64, (P,)
        Numbers (`tag_names`) of the hashtags that have effects, the most used first.
    names : tuple of str, (P,)
    adjusted, raw : Effects
        Of P hashtags.
    together : ndarray of int64, (P, P)
        Videos that have both; on the diagonal, videos that have the one.
    listing : pyarrow.Table
        One row for each hashtag of the cohort, the most used first: ``tag``, ``tag_name``, ``videos`` (of the cohort),
        ``views`` and ``users`` (totals of the platform; null where unknown), ``crowding`` (views a user), ``trend``
        (its share of the latest four weeks' videos over that of the four before; null where there are none),
        ``trend_low``, ``trend_high`` (90% interval), ``trend_clear``, and for the readings ``adjusted`` and ``raw``:
        ``…_n``, ``…_effect``, ``…_low``, ``…_high`` (factors) and ``…_clear``; null where no effect is said.
    """

    videos: int
    scored: int
    tags: np.ndarray
    names: tuple[str, ...]
    adjusted: Effects
    raw: Effects
    together: np.ndarray
    listing: pa.Table

    def effects(self, reading: Reading) -> Effects:
        """The effects by one reading."""
        return self.adjusted if reading == "adjusted" else self.raw


def board(study: "Study", cohort: Cohort) -> Board:
    """Everything about the hashtags of a cohort, shrunk by the variances of the whole market."""
    found, known = gather(study, cohort), variances.read(study.path)
    adjusted = effects(found, known[variances.TAG])
    raw = _raw(found, known[variances.TAG_RAW])
    names = study.query("SELECT tag, tag_name, views, users FROM tag_names ORDER BY tag")
    words = names.column("tag_name")
    return Board(
        len(found.known),
        int(found.known.sum()),
        found.tags,
        tuple(words.take(pa.array(found.tags)).to_pylist()),
        adjusted,
        raw,
        together(found.table),
        _listing(found, names, {"adjusted": adjusted, "raw": raw}),
    )


def gather(study: "Study", cohort: Cohort, having: Sequence[int] = ()) -> Gathered:
    """Read a cohort's numbers, and choose the hashtags that effects can be said of.

    Parameters
    ----------
    having : sequence of int, optional
        Only videos with all of these hashtags, which are then no columns themselves.
    """
    rows = study.query(
        """SELECT row, kol, log_score, log_score - expected_untagged AS over,
               local_time::DATE - DATE '1970-01-01' AS day
           FROM panel WHERE len($having) = 0 OR row IN (
               SELECT row FROM tagged WHERE list_contains($having, tag)
               GROUP BY row HAVING count(DISTINCT tag) = len($having))""",
        {"having": list(having)},
        cohort,
    )
    row = rows.column("row").to_numpy()
    if (row[1:] < row[:-1]).any():
        order = np.argsort(row)
        rows, row = rows.take(pa.array(order)), row[order]
    n = len(row)
    place = np.full(study.about.videos, -1, dtype=np.int32)  # of each video of the market, in the cohort
    place[row] = np.arange(n, dtype=np.int32)
    pairs = study.pairs()
    of, tag = place[pairs.column("row").to_numpy()], pairs.column("tag").to_numpy()
    inside = of >= 0
    of, tag = of[inside], tag[inside]
    raw, over = (numbers(rows, name) for name in ("log_score", "over"))
    known = ~(np.isnan(raw) | np.isnan(over))
    day = rows.column("day").to_numpy()
    age = day.max(initial=0) - day
    every = study.about.tags
    lately = age[of]
    recent = np.bincount(tag[lately < TREND_DAYS], minlength=every)
    before = np.bincount(tag[(lately >= TREND_DAYS) & (lately < 2 * TREND_DAYS)], minlength=every)
    scored = np.bincount(tag[known[of]], minlength=every)
    scored[list(having)] = 0
    tags = np.argsort(-scored, kind="stable")[:MOST]
    tags = tags[scored[tags] >= MIN_VIDEOS]
    kol, kols = places(rows)
    return Gathered(
        known, kol, kols, np.where(known, over, 0.0), np.where(known, raw, 0.0), age,
        np.bincount(tag, minlength=every), recent, before, tags, _table(of, tag, tags, n, every),
    )  # fmt: skip


def effects(found: Gathered, components: Components) -> Effects:
    """Adjusted effects of the gathered hashtags."""
    return crossed(crossing(found), components=components)[0]


def crossing(found: Gathered) -> Crossing:
    """The counts and sums that adjusted effects follow from."""
    entry = np.repeat(np.arange(len(found.known)), np.diff(found.table.indptr))
    scored = found.known[entry]
    entry, column = entry[scored], found.table.indices[scored]
    counted = found.table if found.known.all() else found.table[found.known]
    return Crossing(
        np.bincount(found.kol[found.known], minlength=found.kols).astype(np.float64),
        np.bincount(found.kol, found.adjusted, found.kols),
        float(found.adjusted @ found.adjusted),
        np.bincount(column, found.adjusted[entry], len(found.tags)),
        together(counted).astype(np.float64),
        _shared(found.kol[entry], column, found.kols, len(found.tags)),
    )


def market_variances(found: Gathered) -> dict[str, Components]:
    """How far hashtags differ on a whole market, for both readings."""
    drawn = found if len(found.known) <= LEARN_FROM else found.of(drawn_uploaders(found.kol, found.kols))
    return {
        variances.TAG: crossed_components(crossing(drawn)),
        variances.TAG_RAW: one_way_components(*_sums(found), "tag"),
    }


def together(table: sparse.csr_array) -> np.ndarray:
    """Videos that have both of two hashtags, (P, P) int64."""
    counted = sparse.csr_array(table.T @ table)
    return counted.toarray().round().astype(np.int64)


def is_clear(found: Effects) -> np.ndarray:
    """Effects that are clear among all of them (`Effects.clear`) and whose own 90% interval leaves out no effect."""
    apart: np.ndarray = found.clear & ((found.low > 0) | (found.high < 0))
    return apart


def _raw(found: Gathered, components: Components) -> Effects:
    """Shrunk means against the average video; ``one_way`` takes them against the average use of a hashtag."""
    n, total, squares = _sums(found)
    means = one_way(n, total, squares, components)
    if not n.sum():
        return means
    moved = float(total.sum() / n.sum() - found.raw[found.known].mean())
    kols = np.diff(_shared_of(found).tocsc().indptr)
    return judged(
        means.n, means.raw + moved, means.effect + moved, means.sd**2, components.degrees, kols.astype(np.int64)
    )


def _sums(found: Gathered) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Videos of known popularity, the sum of it and of its square, of each hashtag."""
    by_tag = found.table.T
    return by_tag @ found.known.astype(np.float64), by_tag @ found.raw, by_tag @ found.raw**2


def _shared_of(found: Gathered) -> sparse.csr_array:
    entry = np.repeat(np.arange(len(found.known)), np.diff(found.table.indptr))
    scored = found.known[entry]
    return _shared(found.kol[entry[scored]], found.table.indices[scored], found.kols, len(found.tags))


def _shared(kol: np.ndarray, column: np.ndarray, kols: int, columns: int) -> sparse.csr_array:
    counted = sparse.csr_array((np.ones(len(kol)), (kol, column)), shape=(kols, columns))
    counted.sum_duplicates()
    return counted


def _table(of: np.ndarray, tag: np.ndarray, tags: np.ndarray, n: int, every: int) -> sparse.csr_array:
    """1 where a video has one of ``tags``; the pairs come video by video, so that nothing is to be sorted."""
    column = np.full(every, -1, dtype=np.int32)
    column[tags] = np.arange(len(tags), dtype=np.int32)
    kept = column[tag] >= 0
    held = column[tag[kept]]
    ends = np.concatenate([[0], np.cumsum(np.bincount(of[kept], minlength=n))])
    found = sparse.csr_array((np.ones(len(held), dtype=np.float32), held, ends), shape=(n, len(tags)))
    return found


def places(rows: pa.Table) -> tuple[np.ndarray, int]:
    """The uploaders (``kol``) of rows numbered from 0 without gaps, and how many they are.

    A video whose uploader is unknown counts as an uploader of its own.
    """
    kol = numbers(rows, "kol")
    unknown = np.isnan(kol)
    kol = np.where(unknown, np.nanmax(kol, initial=-1.0) + 1 + np.arange(len(kol)), kol).astype(np.int64)
    there = np.flatnonzero(np.bincount(kol, minlength=1))
    place = np.zeros(int(kol.max(initial=0)) + 1, dtype=np.int64)
    place[there] = np.arange(len(there))
    return place[kol], len(there) if len(kol) else 0


def drawn_uploaders(kol: np.ndarray, kols: int) -> np.ndarray:
    """Videos of uploaders drawn so that they have about `LEARN_FROM` videos, (n,) bool; the same ones every time."""
    share = LEARN_FROM / max(len(kol), 1)
    drawn: np.ndarray = (np.random.default_rng(0).random(kols) < share)[kol]
    return drawn


def numbers(rows: pa.Table, name: str) -> np.ndarray:
    """A column as float64; NaN where it is null."""
    return rows.column(name).to_numpy().astype(np.float64)


def _listing(found: Gathered, names: pa.Table, readings: dict[str, Effects]) -> pa.Table:
    order = np.argsort(-found.counts, kind="stable")
    order = order[found.counts[order] > 0]
    taken = names.take(pa.array(order))
    views, users = (numbers(taken, name) for name in ("views", "users"))
    crowding = np.divide(views, users, out=np.full(len(order), np.nan), where=users > 0)
    columns = {
        "tag": taken.column("tag"),
        "tag_name": taken.column("tag_name"),
        "videos": pa.array(found.counts[order]),
    }
    columns |= {"views": taken.column("views"), "users": taken.column("users"), "crowding": _nullable(crowding)}
    columns |= _trend(found.recent[order], found.before[order], *found.trend_totals)
    column = np.full(len(found.counts), -1)
    column[found.tags] = np.arange(len(found.tags))
    at = column[order]
    for name, one in readings.items():
        logs = {"effect": one.effect, "low": one.low, "high": one.high}
        for part, values in {"n": one.n, **{part: np.exp(log) for part, log in logs.items()}}.items():
            columns[f"{name}_{part}"] = _nullable(np.append(values, np.nan)[at])
        columns[f"{name}_clear"] = pa.array(np.append(is_clear(one), False)[at])
    return pa.table(columns)


def _trend(recent: np.ndarray, before: np.ndarray, recent_all: int, before_all: int) -> dict[str, pa.Array]:
    """How a share of videos changed, with its interval; half a video is added to each count (Haldane 1956)."""
    log = np.log((recent + 0.5) / (recent_all + 1)) - np.log((before + 0.5) / (before_all + 1))
    sd = np.sqrt(1 / (recent + 0.5) + 1 / (before + 0.5))
    seen = (recent + before > 0) & (recent_all > 0) & (before_all > 0)
    log, sd = np.where(seen, log, np.nan), np.where(seen, sd, np.nan)
    clear = clear_signs(np.where(seen, ndtr(-np.abs(log) / sd), np.nan)) & (np.abs(log) > REACH * sd)
    reach = REACH * sd
    said = {"trend": log, "trend_low": log - reach, "trend_high": log + reach}
    return {name: _nullable(np.exp(values)) for name, values in said.items()} | {"trend_clear": pa.array(clear)}


def _nullable(values: np.ndarray) -> pa.Array:
    return pa.array(values, mask=np.isnan(values))
