"""One KOL: where they stand among their tier, how their audience grew, and every video beside what was expected."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from mtaf_core.study.cohort import WHOLE, Cohort
from mtaf_core.study.kols import FEWEST, Table
from mtaf_core.study.market import Study

MOST_POSTS = 1_000
"""The latest videos of a KOL that are shown; more would be a cloud."""
MOST_COUNTS = 1_500
"""The latest counts of followers that are shown: four years of days."""


@dataclass(frozen=True)
class Standing:
    """Where a KOL's lift is among KOLs of the same tier who have videos enough to be ranked.

    Parameters
    ----------
    peers : int
        KOLs of the tier with at least `kols.FEWEST` videos of known lift, this one left out.
    share : float
        Share of them whose lift is lower; NaN where there are none.
    tier_lift : float
        The median of their lifts, on the natural log; NaN where there are none.
    tier_median : float
        The median of the median popularity of their videos.
    """

    peers: int
    share: float
    tier_lift: float
    tier_median: float


def split(key: str) -> tuple[str, str]:
    """Platform and id of a key ``platform:uploader_id``; a key without a colon is an id alone."""
    platform, colon, uploader_id = key.partition(":")
    return (platform, uploader_id) if colon else ("", key)


def standing(table: Table, key: str) -> Standing:
    """Where a KOL stands in their tier.

    Raises
    ------
    KeyError
        If the table has no such KOL.
    """
    place = table.place(key)
    if place is None:
        raise KeyError(key)
    tier = table.rows.column("tier").to_numpy(zero_copy_only=False)
    lift, n, median = table.column("lift"), table.column("n"), table.column("median")
    peer = (tier == tier[place]) & (n >= FEWEST)
    peer[place] = False
    peers = int(peer.sum())
    if not peers:
        return Standing(0, np.nan, np.nan, np.nan)
    lower = float((lift[peer] < lift[place]).mean()) if not np.isnan(lift[place]) else np.nan
    return Standing(peers, lower, float(np.median(lift[peer])), float(np.nanmedian(median[peer])))


def posts(study: Study, kol: int, cohort: Cohort = WHOLE) -> pa.Table:
    """The latest videos of a KOL whose popularity is known, `MOST_POSTS` at most, oldest first.

    Returns
    -------
    pyarrow.Table
        ``video_id``, ``local_time``, ``description``, ``score``, ``expected`` (a score too: what such a video gets from
        such an account), ``lift`` (their distance on the natural log), ``likes``, ``comments``, ``shares``, ``views``.
    """
    return study.query(
        f"""SELECT p.video_id, p.local_time, v.description, p.score, exp(p.expected) - 1 AS expected,
                p.log_score - p.expected AS lift, p.seen_favorite AS likes, p.seen_comment AS comments,
                p.seen_share AS shares, p.seen_view AS views
            FROM (SELECT * FROM panel WHERE kol = $kol AND score IS NOT NULL ORDER BY row DESC LIMIT {MOST_POSTS}) p
            JOIN videos v ON v.platform = p.platform AND v.video_id = p.video_id ORDER BY p.row""",
        {"kol": kol}, cohort,
    )  # fmt: skip


def growth(study: Study, platform: str, uploader_id: str) -> pa.Table:
    """Every known count of a KOL's followers, the latest `MOST_COUNTS`: ``day``, ``followers``; oldest first."""
    return study.query(
        f"""SELECT * FROM (
                SELECT snapshot_date AS day, follower_count AS followers FROM uploader_snapshots
                WHERE platform = $platform AND uploader_id = $id AND follower_count > 0
                ORDER BY snapshot_date DESC LIMIT {MOST_COUNTS}) ORDER BY day""",
        {"platform": platform, "id": uploader_id},
    )


def record(study: Study, platform: str, uploader_id: str) -> dict[str, Any]:
    """What the tables hold of a KOL that no query makes: profile and what was supplied; empty where there is none."""
    found = study.query(
        """SELECT is_verified, verify_reason, account_type, has_shop, gender, age, city, region, mcn, quote_fee,
               quote_currency, quote_min_s, quote_max_s, gmv_30d, completion_rate, audience_credibility
           FROM uploaders WHERE platform = $platform AND uploader_id = $id""",
        {"platform": platform, "id": uploader_id},
    ).to_pylist()
    return {name: value for name, value in found[0].items() if value is not None} if found else {}
