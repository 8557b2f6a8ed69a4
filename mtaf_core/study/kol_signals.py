"""Signals that an audience may not be what it seems: numbers of an account that are rare in its tier.

A signal is no proof: every number here has honest reasons too, and of 100 honest accounts a few are rare in something.
Each is told with its value, the median of the tier and its percentile there; where the data does not say, it is
unknown. All are of the whole account, whatever the cohort.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pyarrow as pa

from mtaf_core.study.kols import Table
from mtaf_core.study.market import Study

Name = Literal["jump", "er", "likes_per_comment", "commentless", "identical", "following"]
SIGNALS: tuple[Name, ...] = ("jump", "er", "likes_per_comment", "commentless", "identical", "following")
"""A leap of followers in a day; likes received against followers; likes a comment; liked videos nobody commented;
videos with the very same counts as another; accounts followed against followers."""

RARE = 0.025
"""A value is rare beyond this share of the tier on a side that matters."""
PEERS = 20
"""KOLs of a tier whose number is known, below which all tiers together are compared with."""
FEWEST = 3
"""Videos that signals made of videos need."""
LIKED = 100
"""Likes from which a video counts as liked: with fewer, no comment and equal counts are common."""

_BOTH: tuple[Name, ...] = ("er", "likes_per_comment")
_LEAST: dict[Name, float] = {"jump": 0.05, "commentless": 0.1, "identical": 0.1}
"""Values below which a signal is never called rare: a tenth of the videos, 5% more followers in a day."""


@dataclass(frozen=True)
class Signal:
    """One number of an account beside its tier.

    Parameters
    ----------
    name : Name
    value : float or None
        None where the data does not say. A share of 1 for ``jump`` (a day), ``er``, ``commentless``, ``identical``;
        a ratio for ``likes_per_comment`` and ``following``.
    n : int
        Videos, or counts of followers, that it was made of; 0 where it is of the profile.
    median : float or None
        Of the peers; None where there are fewer than `PEERS`.
    percentile : float or None
        Share of the peers below it, those with the same value counted half.
    peers : int
    of_tier : bool
        Whether the peers are of the tier; of all tiers where it is too small.
    rare : bool
    """

    name: Name
    value: float | None
    n: int
    median: float | None
    percentile: float | None
    peers: int
    of_tier: bool
    rare: bool


@dataclass(frozen=True)
class Jump:
    """The largest leap of a KOL's followers between two neighbouring counts, and the videos around it.

    Parameters
    ----------
    since, until : date
    before, after : int
        Followers.
    posts : int
        Videos from three days before ``since`` to ``until``.
    """

    since: date
    until: date
    before: int
    after: int
    posts: int


def measure(study: Study) -> pa.Table:
    """The numbers behind the signals of every KOL of the market, in the order of ``kol``.

    Returns
    -------
    pyarrow.Table
        ``kol``, ``tier``; a column a signal, null where unknown; and ``<name>_n``.
    """
    return study.query(_SIGNALS)


def signals(numbers: pa.Table, table: Table, key: str) -> list[Signal]:
    """The signals of one KOL, beside their tier.

    Parameters
    ----------
    numbers : pyarrow.Table
        From `measure`.
    table : Table
        Of the whole market, with the same KOLs in the same order.
    """
    place = table.place(key)
    if place is None:
        return []
    tier = numbers.column("tier").to_numpy(zero_copy_only=False)
    return [_signal(numbers, tier == tier[place], place, name) for name in SIGNALS]


def jump(study: Study, kol: int) -> Jump | None:
    """The largest leap of a KOL's followers a day; None where they were counted fewer than three times."""
    found = study.query(
        """, leaps AS (
               SELECT follower_days[i - 1] AS since, follower_days[i] AS until, follower_trend[i - 1] AS before,
                   follower_trend[i] AS after
               FROM kols, unnest(range(2, len(follower_trend) + 1)) AS t(i)
               WHERE kol = $kol AND len(follower_trend) >= 3
           ),
           largest AS (
               SELECT * FROM leaps WHERE before > 0 AND after > 0
               ORDER BY ln(after / before) / (until - since) DESC, until LIMIT 1
           )
           SELECT *, (SELECT count(*) FROM market
                      WHERE kol = $kol AND local_time::DATE BETWEEN since - 3 AND until) AS posts
           FROM largest""",
        {"kol": kol},
    ).to_pylist()
    return Jump(**found[0]) if found else None


def _signal(numbers: pa.Table, same: np.ndarray, place: int, name: Name) -> Signal:
    # A profile's own rate is beside those of profiles, and one made of known videos beside others like it.
    column = "er_posts" if name == "er" and numbers.column("er")[place].as_py() is None else name
    values = np.asarray(numbers.column(column).to_numpy(zero_copy_only=False), dtype=np.float64)
    n = int(numbers.column(f"{column}_n")[place].as_py() or 0)
    value, known = values[place], ~np.isnan(values)
    known[place] = False
    of_tier = int((known & same).sum()) >= PEERS
    peers = values[known & same] if of_tier else values[known]
    if np.isnan(value):
        return Signal(name, None, n, None, None, len(peers), of_tier, False)
    if len(peers) < PEERS:
        return Signal(name, float(value), n, None, None, len(peers), of_tier, False)
    share = float((peers < value).mean() + 0.5 * (peers == value).mean())
    rare = share > 1 - RARE or (name in _BOTH and share < RARE)
    rare = rare and value >= _LEAST.get(name, -np.inf)
    return Signal(name, float(value), n, float(np.median(peers)), share, len(peers), of_tier, bool(rare))


_SIGNALS = f"""
, alike AS (
    SELECT kol, seen_favorite, count(*) AS times FROM market
    WHERE kol IS NOT NULL AND seen_favorite >= {LIKED} AND seen_comment IS NOT NULL AND seen_share IS NOT NULL
    GROUP BY kol, seen_favorite, seen_comment, seen_share
),
twins AS (
    SELECT kol, sum(times) AS n, sum(times) FILTER (WHERE times > 1) AS twins FROM alike GROUP BY kol
),
counted AS (
    SELECT kol, count(*) FILTER (WHERE seen_favorite IS NOT NULL AND seen_comment IS NOT NULL) AS n,
        sum(seen_favorite) FILTER (WHERE seen_comment IS NOT NULL) AS likes,
        sum(seen_comment) FILTER (WHERE seen_favorite IS NOT NULL) AS comments,
        count(*) FILTER (WHERE seen_favorite >= {LIKED} AND seen_comment IS NOT NULL) AS liked,
        count(*) FILTER (WHERE seen_favorite >= {LIKED} AND seen_comment = 0) AS silent,
        count(seen_favorite) AS likes_n, avg(seen_favorite) AS mean_likes
    FROM market WHERE kol IS NOT NULL GROUP BY kol
),
leaps AS (
    SELECT kol, len(follower_trend) AS n, list_max(list_transform(range(2, len(follower_trend) + 1), lambda i:
        CASE WHEN follower_trend[i] > 0 AND follower_trend[i - 1] > 0
            THEN ln(follower_trend[i] / follower_trend[i - 1]) / (follower_days[i] - follower_days[i - 1]) END)) AS leap
    FROM kols WHERE len(follower_trend) >= 3
)
SELECT k.kol, k.tier,
    exp(l.leap) - 1 AS jump, l.n AS jump_n,
    k.favorited_count / nullif(k.video_count, 0) / nullif(k.follower_count, 0) AS er, 0 AS er_n,
    CASE WHEN c.likes_n >= {FEWEST} THEN c.mean_likes / nullif(k.follower_count, 0) END AS er_posts,
    c.likes_n AS er_posts_n,
    CASE WHEN c.n >= {FEWEST} THEN c.likes / nullif(c.comments, 0) END AS likes_per_comment, c.n AS likes_per_comment_n,
    CASE WHEN c.liked >= {FEWEST} THEN c.silent / c.liked END AS commentless, c.liked AS commentless_n,
    CASE WHEN t.n >= {FEWEST} THEN coalesce(t.twins, 0) / t.n END AS identical, t.n AS identical_n,
    k.following_count / nullif(k.follower_count, 0) AS following, 0 AS following_n
FROM kols k LEFT JOIN counted c USING (kol) LEFT JOIN twins t USING (kol) LEFT JOIN leaps l USING (kol)
ORDER BY k.kol
"""
