"""What has arrived in a market: which features are known, how fresh the counts are, which videos have content.

Counted by the tables' own engine, without ever making a frame, so that a million videos answer in about a second. A
feature counts as known where `mtaf_core.data.facts` would know it.
"""

import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from mtaf_core.data.facts import COUNTS
from mtaf_core.data.store import Store
from mtaf_core.schema import CONTENT_MODALITIES, FEATURES, HORIZON_DAY, Feature, Modality, fingerprint
from mtaf_core.workspace import Workspace

MAX_DAYS, MAX_WEEKS = 92, 104
"""How many bars are drawn by day and by week; longer spans go by the month."""

Bucket = Literal["day", "week", "month"]


@dataclass(frozen=True)
class Coverage:
    """How much of one feature of Table 1 is known.

    Parameters
    ----------
    feature : Feature
    known, videos : int
        Videos that it is known of, and all that have an upload time. A feature of two columns is known where both are.
    constant : bool
        Whether every known value is the same, so that nothing can be learned from it.
    """

    feature: Feature
    known: int
    videos: int
    constant: bool

    @property
    def share(self) -> float:
        """Known videos, of 1."""
        return self.known / self.videos if self.videos else 0.0

    @property
    def missing(self) -> int:
        return self.videos - self.known


@dataclass(frozen=True)
class Freshness:
    """Snapshots by day, week or month.

    Parameters
    ----------
    bucket : {"day", "week", "month"}
    starts : tuple of date
        The first day of each bar; bars without a snapshot are left out.
    snapshots : tuple of int
    first, last : date or None
        The oldest and newest day with a snapshot.
    newest_upload : datetime or None
        When the newest video was uploaded, UTC.
    """

    bucket: Bucket
    starts: tuple[date, ...]
    snapshots: tuple[int, ...]
    first: date | None
    last: date | None
    newest_upload: datetime | None


@dataclass(frozen=True)
class Content:
    """Which videos have media and embeddings.

    Parameters
    ----------
    videos, with_media, without_upload_time : int
    embedded : mapping of (Modality, str) to int
        Videos with a vector, by modality and backbone.
    """

    videos: int
    with_media: int
    without_upload_time: int
    embedded: Mapping[tuple[Modality, str], int]


def coverage(store: Store, horizon_day: int = HORIZON_DAY) -> tuple[Coverage, ...]:
    """Every row of Table 1, in its order; those known only after release as of ``horizon_day``.

    Raises
    ------
    BadWorkspace
        If a table is damaged.
    """
    row = store.query("SELECT count(created_at) AS n, count(*) AS every FROM videos").to_pylist()[0]
    n = row["n"]
    # Those without an upload time stay out of a market's frame; where there are none, that costs nothing.
    dated = "" if n == row["every"] else "SEMI JOIN dated USING (platform, video_id)"
    found: dict[str, tuple[int, bool]] = {}
    for sql in (
        _OF_VIDEOS,
        _OF_KOLS,
        _OF_TAGS.replace("$dated", dated),
        _AFTER.replace("$horizon", str(int(horizon_day))),
    ):
        row = store.query(sql).to_pylist()[0]
        found |= {name: (int(row[name] or 0), bool(row[f"{name}_same"])) for name in row if f"{name}_same" in row}
    return tuple(_of(feature, found, n) for feature in FEATURES)


def kept_coverage(workspace: Workspace, horizon_day: int = HORIZON_DAY) -> tuple[Coverage, ...]:
    """`coverage`, written down beside the tables, so that a large market is gone through once a version.

    Raises
    ------
    BadWorkspace
        If a table is damaged.
    """
    file = workspace.cache_dir / "coverage.json"
    version = workspace.store.version
    stamp = [version, horizon_day, fingerprint()]
    try:
        says = json.loads(file.read_text(encoding="utf-8"))
        if says["stamp"] == stamp:
            rows = zip(FEATURES, says["rows"], strict=True)
            return tuple(Coverage(feature, int(k), int(n), bool(c)) for feature, (k, n, c) in rows)
    except (OSError, ValueError, KeyError, TypeError):
        pass  # nothing was written down, or nothing that can be read: count again
    found = coverage(workspace.store, horizon_day)
    if workspace.store.version == version:
        with suppress(OSError):  # a workspace that cannot be written is still read
            file.parent.mkdir(parents=True, exist_ok=True)
            part = file.with_name(f".coverage.{secrets.token_hex(4)}.part")
            part.write_text(json.dumps({"stamp": stamp, "rows": [[c.known, c.videos, c.constant] for c in found]}))
            part.replace(file)
    return found


def freshness(store: Store) -> Freshness:
    """How many snapshots there are of each day; of each week or month where they span long.

    Raises
    ------
    BadWorkspace
        If a table is damaged.
    """
    ends = store.query(
        "SELECT min(snapshot_date) AS first, max(snapshot_date) AS last, "
        "(SELECT max(created_at) FROM videos) AS upload FROM snapshots"
    ).to_pylist()[0]
    days = (ends["last"] - ends["first"]).days + 1 if ends["last"] else 0
    bucket: Bucket = "day" if days <= MAX_DAYS else "week" if days <= 7 * MAX_WEEKS else "month"
    rows = store.query(
        f"""SELECT CAST(date_trunc('{bucket}', snapshot_date) AS DATE) AS start, count(*) AS n
            FROM snapshots GROUP BY start ORDER BY start"""
    ).to_pydict()
    return Freshness(bucket, tuple(rows["start"]), tuple(rows["n"]), ends["first"], ends["last"], ends["upload"])


def content(store: Store) -> Content:
    """How many videos have a clip, and vectors by modality and backbone.

    Raises
    ------
    BadWorkspace
        If a table is damaged.
    """
    row = store.query(
        "SELECT count(*) AS videos, count(media_path) AS media, count(created_at) AS dated FROM videos"
    ).to_pylist()[0]
    embedded = store.query(
        "SELECT modality, backbone, count(*) AS n FROM embeddings SEMI JOIN videos USING (platform, video_id) "
        "GROUP BY ALL ORDER BY modality, n DESC, backbone"
    ).to_pylist()
    counts = {(Modality(one["modality"]), str(one["backbone"])): int(one["n"]) for one in embedded}
    return Content(row["videos"], row["media"], row["videos"] - row["dated"], counts)


def incomplete(store: Store, most: int = 200) -> list[dict[str, Any]]:
    """Videos that lack a clip or a vector, the newest first.

    Returns
    -------
    list of dict
        ``video_id``, ``created_at``, ``media`` and each content modality: whether it is there.
    """
    has = ", ".join(f"coalesce(bool_or(modality = '{m}'), false) AS {m}" for m in CONTENT_MODALITIES)
    lacks = " OR ".join(f"NOT {m}" for m in CONTENT_MODALITIES)
    # Only so many of the newest are looked at, that a market of any size answers at once.
    return store.query(
        f"""WITH newest AS (
                SELECT platform, video_id, created_at, media_path IS NOT NULL AS media FROM videos
                ORDER BY created_at DESC NULLS LAST, video_id LIMIT {50 * int(most)}
            )
            SELECT n.video_id, n.created_at, n.media, {has}
            FROM newest n LEFT JOIN embeddings e USING (platform, video_id)
            GROUP BY n.platform, n.video_id, n.created_at, n.media HAVING NOT n.media OR {lacks}
            ORDER BY n.created_at DESC NULLS LAST, n.video_id LIMIT {int(most)}"""
    ).to_pylist()


def _of(feature: Feature, found: Mapping[str, tuple[int, bool]], n: int) -> Coverage:
    known, same = zip(*(found[column] for column in feature.columns), strict=True)
    return Coverage(feature, min(n, *known), n, all(same))


def _column(name: str, value: str, weight: str = "") -> str:
    """SQL for how many know a value, and whether all that do know the same."""
    counted = f"sum({weight}) FILTER ({value} IS NOT NULL)" if weight else f"count({value})"
    return f"{counted} AS {name}, coalesce(min({value}) = max({value}), false) AS {name}_same"


_POI = "poi_id IS NOT NULL OR poi_name IS NOT NULL"
_OF_VIDEOS = f"""
SELECT {_column("video_duration", "duration_s")}, {_column("video_width", "width_px")},
    {_column("video_height", "height_px")}, {_column("video_downloadable", "is_downloadable")},
    {_column("video_shareable", "is_shareable")}, {_column("video_commentable", "is_commentable")},
    {_column("video_mix", "(mix_id IS NOT NULL OR is_in_mix)")},
    {_column("video_product", "(product_id IS NOT NULL OR has_product_link)")},
    {_column("upload_city", "upload_city")},
    count(*) AS upload_dayofweek, coalesce(min(weekday) = max(weekday), false) AS upload_dayofweek_same,
    count(*) AS upload_hour, coalesce(min(hour) = max(hour), false) AS upload_hour_same,
    CASE WHEN bool_or({_POI}) THEN count(*) ELSE 0 END AS upload_poi, coalesce(bool_and({_POI}), false)
        AS upload_poi_same
FROM (SELECT *, isodow(created_at) AS weekday, hour(created_at) AS hour FROM videos WHERE created_at IS NOT NULL)
"""

_RECORD = {
    "uploader_verification": "is_verified",
    "uploader_type": "nullif(account_type, 'unknown')",
    "uploader_rating": "user_rating",
    "uploader_commerce": "commerce_level",
    "uploader_favoriting": "favoriting_count",
    "uploader_searchable": "is_searchable",
    "uploader_visible": "is_nearby_visible",
    "uploader_gender": "nullif(gender, 'unknown')",
    "uploader_age": "age",
}


def _tracked(name: str, column: str) -> str:
    """A count that the record or any snapshot of the KOL may know."""
    known = f"sum(n) FILTER (coalesce(u.{column}, s.low_{column}) IS NOT NULL) AS {name}"
    low = f"least(min(u.{column}), min(s.low_{column}))"
    high = f"greatest(max(u.{column}), max(s.high_{column}))"
    return f"{known}, coalesce({low} = {high}, false) AS {name}_same"


_OF_KOLS = f"""
WITH posted AS (
    SELECT platform, uploader_id, count(*) AS n FROM videos
    WHERE created_at IS NOT NULL AND uploader_id IS NOT NULL GROUP BY ALL
),
seen AS (
    SELECT platform, uploader_id,
        {", ".join(f"min({c}) AS low_{c}, max({c}) AS high_{c}" for c in COUNTS.values())}
    FROM uploader_snapshots GROUP BY ALL
)
SELECT {", ".join(_column(name, value, "n") for name, value in _RECORD.items())},
    {", ".join(_tracked(name, column) for name, column in COUNTS.items())}
FROM posted p LEFT JOIN uploaders u USING (platform, uploader_id) LEFT JOIN seen s USING (platform, uploader_id)
"""

# A video without hashtags has 0 of them, unless none was ever recorded; see `facts.facts_sql`.
_OF_TAGS = """
WITH totals AS (
    SELECT platform, tag_name, min(total_view_count) AS views, min(total_user_count) AS users FROM tags GROUP BY ALL
),
dated AS (SELECT platform, video_id FROM videos WHERE created_at IS NOT NULL),
tagged AS (
    SELECT count(*) AS n, sum(t.views) AS views, sum(t.users) AS users
    FROM video_tags v LEFT JOIN totals t USING (platform, tag_name) $dated
    GROUP BY hash(v.platform, v.video_id)
),
counted AS (
    SELECT (SELECT count(*) FROM dated) AS videos, count(*) AS tagged, count(views) AS views, count(users) AS users,
        min(n) AS low_n, max(n) AS high_n, min(views) AS low_views, max(views) AS high_views,
        min(users) AS low_users, max(users) AS high_users
    FROM tagged
)
SELECT CASE WHEN tagged > 0 THEN videos ELSE 0 END AS video_tag_count,
    CASE WHEN tagged > 0 THEN videos - tagged + views ELSE 0 END AS tag_total_view_count,
    CASE WHEN tagged > 0 THEN videos - tagged + users ELSE 0 END AS tag_total_user_count,
    tagged = videos AND coalesce(low_n = high_n, false) AS video_tag_count_same,
    (views = 0 OR tagged = videos) AND coalesce(low_views = high_views, tagged < videos AND tagged > 0)
        AS tag_total_view_count_same,
    (users = 0 OR tagged = videos) AND coalesce(low_users = high_users, tagged < videos AND tagged > 0)
        AS tag_total_user_count_same
FROM counted
"""

_AFTER = f"""
SELECT {_column("video_favorite_count", "favorite_count")}, {_column("video_comment_count", "comment_count")},
    {_column("video_share_count", "share_count")}, {_column("video_topped", "is_topped")}
FROM snapshots WHERE day_index = $horizon
"""
