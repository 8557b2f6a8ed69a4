"""One row a video: the facts before release, the daily counts after it, and the popularity to predict.

Videos of the market and candidates go through the same SQL (`mtaf_core.data.facts`), so that what a model is asked is
made exactly as what it was trained on.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from mtaf_core.content.text import compose
from mtaf_core.data import facts as sql
from mtaf_core.data.candidate import Candidate, overrides, relations, shown, time_zone
from mtaf_core.data.store import Store
from mtaf_core.data.vectors import differing
from mtaf_core.errors import BadInput, BadWorkspace
from mtaf_core.schema import BEFORE_RELEASE, HORIZON_DAY, SCORE_WEIGHTS, SERIES_CHANNELS, Kind

TIERS: dict[str, int] = {"head": 1_000_000, "waist": 100_000, "tail": 10_000, "nano": 0}
"""The fewest followers of a KOL in each tier (头部, 腰部, 尾部, and below), highest first."""

DEFAULT_PLATFORM = "douyin"
"""The platform of a candidate that names none, in a workspace without any KOL."""

MAX_REMEMBERED = 8
"""Facts of at most this many candidates are remembered until the next commit: a what-if edits a few again and again."""

_NUMBERS = ["popularity_label", *(c for f in BEFORE_RELEASE if f.kind is not Kind.CATEGORY for c in f.columns)]
_CATEGORIES = [c for f in BEFORE_RELEASE if f.kind is Kind.CATEGORY for c in f.columns]
_WORDS = ["platform", "video_id", "uploader_id", "description", "tags", "text", "media_path", *_CATEGORIES]
_COUNTED = [SERIES_CHANNELS.index(name) for name in SCORE_WEIGHTS]


@dataclass(frozen=True)
class Frame:
    """Videos as a model sees them.

    Parameters
    ----------
    facts : pandas.DataFrame, n rows
        ``platform``, ``video_id`` (None for a candidate), ``uploader_id``, ``created_at`` (UTC), ``description``,
        ``tags`` (list of str), ``text``, ``media_path``, ``popularity_label``, and every column of
        `schema.BEFORE_RELEASE`: numbers and flags float64 with NaN for unknown, categories str with None.
    series : ndarray, (n, horizon_day - 1, len(SERIES_CHANNELS)), float32
        Counts at the end of day 1, 2, ...; NaN unknown.
    observed : ndarray, (n, horizon_day - 1), bool
        Whether the popularity of that day (equation 1) is known: all of its counts are.
    score : ndarray, (n,), float64
        Popularity at ``horizon_day`` on the natural scale (equation 1); NaN unknown.
    horizon_day : int
    """

    facts: pd.DataFrame
    series: np.ndarray
    observed: np.ndarray
    score: np.ndarray
    horizon_day: int

    def __len__(self) -> int:
        return len(self.facts)

    def take(self, index: npt.ArrayLike | slice) -> "Frame":
        """The rows at ``index``: positions, a boolean mask, or a slice."""
        rows = np.arange(len(self))[index if isinstance(index, slice) else np.asarray(index)]
        facts = self.facts.iloc[rows].reset_index(drop=True)
        return Frame(facts, self.series[rows], self.observed[rows], self.score[rows], self.horizon_day)

    def truncate(self, observed_days: int) -> "Frame":
        """The same videos with every day after ``observed_days`` unknown; 0 is the moment before release."""
        series, observed = self.series.copy(), self.observed.copy()
        series[:, observed_days:] = np.nan
        observed[:, observed_days:] = False
        return Frame(self.facts, series, observed, self.score, self.horizon_day)


def market_frame(
    store: Store, horizon_day: int = HORIZON_DAY, timezone: str = "Asia/Shanghai", platform: str | None = None
) -> Frame:
    """Every video of the workspace whose upload time is known, oldest first.

    Parameters
    ----------
    horizon_day : int
        The day whose popularity is the target.
    timezone : str
        IANA name of the market's zone, where a video does not name its own.
    platform : str, optional
        Only videos of this platform.

    Raises
    ------
    BadInput
        If there is no such time zone, or the horizon is not a day from 2.
    BadWorkspace
        If a table is damaged, or a video names a time zone that does not exist.
    """
    time_zone(timezone)
    bound = {"zone": timezone, "platform": platform}
    rows = _facts(store, sql.MARKET, bound, {})
    days = store.query(sql.DAYS, {**bound, "horizon": _horizon(horizon_day)})
    return _frame(rows, days, horizon_day)


def video_frame(
    store: Store, platform: str, video_id: str, horizon_day: int = HORIZON_DAY, timezone: str = "Asia/Shanghai"
) -> Frame:
    """One video of the workspace, as `market_frame` has it; no row where it is not there. Raises as `market_frame`."""
    time_zone(timezone)
    bound = {"zone": timezone, "platform": platform, "video": video_id}
    rows = _facts(store, sql.ONE, bound, {})
    days = store.query(sql.days_sql(sql.ONE), {**bound, "horizon": _horizon(horizon_day)})
    return _frame(rows, days, horizon_day)


def candidate_frame(
    store: Store,
    candidates: Sequence[Candidate],
    horizon_day: int = HORIZON_DAY,
    timezone: str = "Asia/Shanghai",
) -> Frame:
    """Videos that are not in the workspace, in the order given, by the rules of `market_frame`.

    Raises
    ------
    BadInput
        For a KOL that is not in the workspace, or the first impossible value, naming it.
    BadWorkspace
        If a table is damaged.
    """
    platform = DEFAULT_PLATFORM if all(c.platform for c in candidates) else main_platform(store)
    handed = relations(candidates, platform, _horizon(horizon_day), timezone)
    days = handed.pop("days")
    bound = {"zone": timezone}
    if len(candidates) <= MAX_REMEMBERED:
        key = (timezone, *(repr(relation.to_pylist()) for relation in handed.values()))
        rows = store.remember(key, lambda: _facts(store, sql.CANDIDATES, bound, handed))
    else:
        rows = _facts(store, sql.CANDIDATES, bound, handed)
    _check_uploaders(store, candidates, rows)
    frame = _frame(rows, days, horizon_day)
    columns: dict[str, Any] = {"video_id": pd.Series([None] * len(candidates), dtype=object)}
    for row, candidate in enumerate(candidates):
        for column, value in overrides(candidate).items():
            if column not in columns:
                columns[column] = frame.facts[column].copy()
            columns[column].iat[row] = value
    return Frame(frame.facts.assign(**columns), frame.series, frame.observed, frame.score, horizon_day)


def main_platform(store: Store) -> str:
    """The platform that most KOLs of the workspace are on."""
    rows = store.query("SELECT platform FROM uploaders GROUP BY platform ORDER BY count(*) DESC, platform LIMIT 1")
    return rows.column(0)[0].as_py() if rows.num_rows else DEFAULT_PLATFORM


def embedding_matrix(store: Store, facts: pd.DataFrame, modality: str, backbone: str) -> np.ndarray | None:
    """The vectors of the videos of ``facts``, row by row.

    Returns
    -------
    ndarray, (n, d), float32, or None
        NaN rows where a video has none; None where no video has one.

    Raises
    ------
    BadWorkspace
        If vectors of one backbone differ in length.
    """
    keys = pa.table(
        {
            "platform": pa.array(facts["platform"].to_numpy(object), pa.string()),
            "video_id": pa.array(facts["video_id"].to_numpy(object), pa.string()),
            "row": pa.array(np.arange(len(facts))),
        }
    )
    found = store.query(
        "SELECT k.row, e.vector FROM wanted k JOIN embeddings e USING (platform, video_id) "
        "WHERE e.modality = $modality AND e.backbone = $backbone AND len(e.vector) > 0",
        {"modality": str(modality), "backbone": backbone},
        wanted=keys,
    ).combine_chunks()
    if found.num_rows == 0:
        return None
    vectors = found.column("vector").combine_chunks()
    lengths = np.unique(vectors.value_lengths().to_numpy(zero_copy_only=False))
    if len(lengths) > 1:
        raise differing(backbone, lengths[0], lengths[-1])
    matrix = np.full((len(facts), lengths[0]), np.nan, dtype=np.float32)
    values = vectors.flatten().to_numpy(zero_copy_only=False)
    matrix[found.column("row").to_numpy()] = values.reshape(-1, lengths[0])
    return matrix


def day_scores(
    store: Store,
    horizon_day: int = HORIZON_DAY,
    timezone: str = "Asia/Shanghai",
    uploader: tuple[str, str] | None = None,
) -> np.ndarray:
    """Every known popularity at ``horizon_day``, of the market or of one KOL: what `market_frame` has as ``score``.

    Worked out once a commit, and then read without making a frame.

    Parameters
    ----------
    horizon_day, timezone
        As for `market_frame`.
    uploader : (str, str), optional
        Platform and id of a KOL.

    Returns
    -------
    ndarray, (n,), float64
        On the natural scale, oldest video first; videos without a known score are left out.

    Raises
    ------
    BadInput, BadWorkspace
        As `market_frame`.
    """
    name, derived = scores_relation(horizon_day, timezone)
    bound = dict(zip(("platform", "uploader"), uploader or (None, None), strict=True))
    asked = f"""SELECT popularity_score FROM {name} WHERE popularity_score IS NOT NULL
        AND ($uploader IS NULL OR (platform = $platform AND uploader_id = $uploader)) ORDER BY row"""

    with zones_refused():
        ask = partial(store.query, asked, bound, derived)
        found = ask() if uploader is None else store.remember((name, *uploader), ask)
    return _numbers(found, "popularity_score")


def scores_relation(horizon_day: int, timezone: str) -> tuple[str, dict[str, str]]:
    """The name of a relation of every video's counts and score at one day, and what `Store.query` derives it by.

    Its columns are ``row``, ``platform``, ``video_id``, ``uploader_id``, the counts of equation 1 and
    ``popularity_score``; null unknown. Raises `BadInput` as `market_frame`.
    """
    time_zone(timezone)
    name, text = sql.scores_table(_horizon(horizon_day), timezone)
    return name, {name: text}


def known_after_upload(store: Store, timezone: str = "Asia/Shanghai") -> dict[str, float]:
    """Shares of the market's videos with ``uploader_counts`` or ``tag_totals`` first known on the upload date or later.

    Such numbers may hold what the video itself brought about; see `mtaf_core.data.facts`.
    """
    time_zone(timezone)
    with zones_refused():
        found = store.query(sql.AFTER_UPLOAD, {"zone": timezone, "platform": None}, sql.DERIVED).to_pylist()[0]
    videos = max(found["videos"], 1)
    return {"uploader_counts": found["kol"] / videos, "tag_totals": found["tags"] / videos}


def popularity_score(favorite: npt.ArrayLike, comment: npt.ArrayLike, share: npt.ArrayLike) -> Any:
    """Popularity of a video from its counts: ``0.2 * favorite + 0.3 * comment + 0.5 * share`` (equation 1).

    Parameters
    ----------
    favorite, comment, share : array_like of number
        Counts of one day; NaN unknown.

    Returns
    -------
    ndarray or float, float64
        On the natural scale; NaN where a count is unknown.
    """
    weigh = SCORE_WEIGHTS
    likes, comments, shares = (np.asarray(x, dtype=np.float64) for x in (favorite, comment, share))
    return weigh["favorite_count"] * likes + weigh["comment_count"] * comments + weigh["share_count"] * shares


def tiers(follower_count: npt.ArrayLike) -> np.ndarray:
    """The tier of KOLs by their followers, ``"unknown"`` for NaN: an array of str of the same shape."""
    followers = np.asarray(follower_count, dtype=np.float64)
    return np.select([followers >= fewest for fewest in TIERS.values()], list(TIERS), default="unknown")


def tier_sql(column: str) -> str:
    """`tiers` as an SQL expression over ``column``."""
    cases = " ".join(f"WHEN {column} >= {fewest} THEN '{tier}'" for tier, fewest in TIERS.items())
    return f"CASE {cases} ELSE 'unknown' END"


@contextmanager
def zones_refused() -> Iterator[None]:
    """Say in words that a video names a time zone that does not exist, where a query inside the block meets one."""
    try:
        yield
    except (duckdb.NotImplementedException, duckdb.InvalidInputException) as fault:
        if "timezone" not in str(fault).lower():
            raise
        raise BadWorkspace(f"A video of the workspace names a time zone that does not exist ({fault}).") from fault


def _facts(store: Store, subject: str, bound: dict[str, Any], handed: dict[str, pa.Table]) -> pa.Table:
    with zones_refused():
        return store.query(sql.facts_sql(subject), bound, sql.DERIVED, **handed)


def _frame(rows: pa.Table, days: pa.Table, horizon_day: int) -> Frame:
    facts = _pandas(rows)
    counts = np.full((len(facts), horizon_day, len(SERIES_CHANNELS)), np.nan)
    place = days.column("row").to_numpy(), days.column("day").to_numpy() - 1
    counts[place] = np.stack([_numbers(days, name) for name in SERIES_CHANNELS], axis=1)
    score = popularity_score(*(counts[:, -1, SERIES_CHANNELS.index(name)] for name in SCORE_WEIGHTS))
    # Some data sets publish no counts, only the logarithm of a popularity of their own.
    score = np.where(np.isnan(score), np.expm1(facts["popularity_label"].to_numpy()), score)
    series = counts[:, :-1].astype(np.float32)
    observed = ~np.isnan(series[:, :, _COUNTED].sum(axis=2))
    return Frame(facts, series, observed, score, horizon_day)


def _pandas(rows: pa.Table) -> pd.DataFrame:
    """Facts with NumPy columns: float64 with NaN, and objects with None (pandas' own strings would turn it to NaN)."""
    words = np.empty((len(_WORDS), rows.num_rows), dtype=object)
    for place, name in enumerate(_WORDS):
        if name == "tags":
            words[place, :] = _lists(rows.column(name))
        elif name != "text":
            words[place, :] = _shared(rows.column(name))
    told = zip(words[_WORDS.index("description")], words[_WORDS.index("tags")], strict=True)
    words[_WORDS.index("text"), :] = [compose(description, tags) for description, tags in told]
    facts = pd.DataFrame(words.T, columns=_WORDS, dtype=object)
    times = rows.column("created_at").cast(pa.timestamp("us")).to_numpy()
    facts.insert(3, "created_at", pd.DatetimeIndex(times, tz="UTC"))
    numbers = np.stack([_numbers(rows, name) for name in _NUMBERS], axis=1)
    return pd.concat([facts, pd.DataFrame(numbers, columns=_NUMBERS)], axis=1)


def _shared(column: pa.ChunkedArray) -> np.ndarray:
    """Words of a column, (n,) of str and None; equal words are one object, which most of a large market are."""
    told = column.combine_chunks().dictionary_encode()
    words = np.array([*told.dictionary.to_pylist(), None], dtype=object)
    found: np.ndarray = words[told.indices.fill_null(len(words) - 1).to_numpy(zero_copy_only=False)]
    return found


def _lists(column: pa.ChunkedArray) -> list[list[str]]:
    """Lists of words of a column without nulls, as `_shared` makes the words."""
    lists = column.combine_chunks()
    words, lengths = _shared(pa.chunked_array([lists.flatten()])).tolist(), lists.value_lengths().to_numpy()
    ends = lengths.cumsum()
    return [words[start:end] for start, end in zip((ends - lengths).tolist(), ends.tolist(), strict=True)]


def _numbers(rows: pa.Table, name: str) -> np.ndarray:
    column: np.ndarray = rows.column(name).to_numpy().astype(np.float64, copy=False)
    return column


def _check_uploaders(store: Store, candidates: Sequence[Candidate], rows: pa.Table) -> None:
    """Refuse the first KOL that is named, has no numbers given, and is nowhere in the workspace."""
    recorded = rows.column("has_record").to_pylist()
    doubtful = [bool(c.uploader_id) and not c.uploader and not r for c, r in zip(candidates, recorded, strict=True)]
    if not any(doubtful):
        return
    unknown = store.query(
        "SELECT uploader_id FROM named n WHERE NOT EXISTS ("
        "SELECT 1 FROM videos v WHERE v.platform = n.platform AND v.uploader_id = n.uploader_id) LIMIT 1",
        named=rows.select(["platform", "uploader_id"]).filter(pa.array(doubtful)),
    )
    if unknown.num_rows:
        raise BadInput(
            f"No KOL '{shown(unknown.column(0)[0].as_py())}' in this workspace; pick one that is, "
            "or give their numbers (on the command line with --uploader-json)."
        )


def _horizon(day: int) -> int:
    if day < 2:
        raise BadInput(f"The horizon is day {day}; give a day from 2.")
    return day


__all__ = [
    "TIERS",
    "Candidate",
    "Frame",
    "candidate_frame",
    "day_scores",
    "embedding_matrix",
    "known_after_upload",
    "main_platform",
    "market_frame",
    "popularity_score",
    "scores_relation",
    "tier_sql",
    "tiers",
    "video_frame",
    "zones_refused",
]
