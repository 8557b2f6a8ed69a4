"""The SQL that makes facts of tables: one text for videos of the market and for candidates.

Everything in it existed when the video was posted. Counts of a KOL and totals of a hashtag come from the snapshot
nearest at or before the upload date that knows them; only where there is none, from the earliest one after it.
"""

import pyarrow as pa

from mtaf_core.data.tables import UPLOADERS, VIDEOS
from mtaf_core.schema import SERIES_CHANNELS

COUNTS: dict[str, str] = {
    "uploader_video_count": "video_count",
    "uploader_follower": "follower_count",
    "uploader_following": "following_count",
    "uploader_favorited": "favorited_count",
}
"""Features of a KOL that change by the day, and their column in ``uploaders`` and ``uploader_snapshots``."""

_RECORD = (
    "is_verified", "account_type", "user_rating", "commerce_level", "favoriting_count", "is_searchable",
    "is_nearby_visible", "gender", "age",
)  # fmt: skip
_KOL = (*_RECORD, *COUNTS.values())
_VIDEO = (
    "platform", "video_id", "uploader_id", "created_at", "timezone", "description", "media_path", "popularity_label",
    "duration_s", "width_px", "height_px", "is_downloadable", "is_shareable", "is_commentable", "is_in_mix", "mix_id",
    "has_product_link", "product_id", "upload_city", "poi_id", "poi_name",
)  # fmt: skip
_SQL_TYPES = {pa.bool_(): "BOOLEAN", pa.int64(): "BIGINT", pa.string(): "VARCHAR"}

CANDIDATE_SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        *((name, VIDEOS.columns[name]) for name in _VIDEO),
        *((f"told_{name}", UPLOADERS.columns[name]) for name in _KOL),
    ]
)
"""The relation ``candidate_videos``: a row a video, with what a person told about its KOL."""

_UNTOLD = ", ".join(f"CAST(NULL AS {_SQL_TYPES[UPLOADERS.columns[name]]}) AS told_{name}" for name in _KOL)

MARKET = f"""
    SELECT row_number() OVER (ORDER BY created_at, platform, video_id) - 1 AS row, {", ".join(_VIDEO)}, {_UNTOLD}
    FROM videos WHERE created_at IS NOT NULL AND ($platform IS NULL OR platform = $platform)
"""
"""Every video of the market, oldest first. One without an upload time has no before and after, and stays out."""

CANDIDATES = "SELECT * FROM candidate_videos"
"""Videos that are not in the tables; `mtaf_core.data.candidate` makes the relations."""


def _nearest(column: str) -> str:
    """The last known value up to this snapshot, else the first known one after it."""
    past = f"last_value({column} IGNORE NULLS) OVER (days ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    later = f"first_value({column} IGNORE NULLS) OVER (days ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)"
    return f"coalesce({past}, {later})"


# What is known for every upload date from `since` up to, not including, `until`: the first snapshot of all also
# stands for the days before it.
_SPAN = """CASE WHEN row_number() OVER days = 1 THEN DATE '-infinity' ELSE snapshot_date END AS since,
        coalesce(lead(snapshot_date) OVER days, DATE 'infinity') AS until"""

DERIVED: dict[str, str] = {
    "kol_spans": f"""
WITH spans AS (
    SELECT platform, uploader_id, {_SPAN},
        {", ".join(f"{_nearest(column)} AS {column}" for column in COUNTS.values())}
    FROM uploader_snapshots WINDOW days AS (PARTITION BY platform, uploader_id ORDER BY snapshot_date)
)
SELECT platform, uploader_id, coalesce(s.since, DATE '-infinity') AS since, coalesce(s.until, DATE 'infinity') AS until,
    {", ".join(f"u.{column}" for column in _RECORD)},
    {", ".join(f"coalesce(s.{column}, u.{column}) AS {column}" for column in COUNTS.values())}
FROM uploaders u FULL JOIN spans s USING (platform, uploader_id)
""",
    "tag_spans": f"""
SELECT platform, tag_name, {_SPAN},
    {_nearest("total_view_count")} AS views, {_nearest("total_user_count")} AS users
FROM tags WINDOW days AS (PARTITION BY platform, tag_name ORDER BY snapshot_date)
""",
    "recorded": """
SELECT EXISTS (SELECT 1 FROM video_tags) AS tags,
    EXISTS (SELECT 1 FROM videos WHERE poi_id IS NOT NULL OR poi_name IS NOT NULL) AS poi
""",
}
"""Tables worked out once a commit, that the facts of any video are then looked up in."""

_FACTS = """
WITH subject AS ({subject}),
dated AS (
    SELECT *, timezone(coalesce(timezone, $zone), created_at) AS local_time, CAST(local_time AS DATE) AS day
    FROM subject
),
hashtags AS (
    SELECT d.row, count(*) AS n, list(t.tag_name ORDER BY t.position NULLS LAST, t.tag_name) AS names,
        sum(s.views) AS views, sum(s.users) AS users
    FROM dated d
    JOIN {video_tags} t ON t.platform = d.platform AND t.video_id = d.video_id
    LEFT JOIN tag_spans s
        ON s.platform = t.platform AND s.tag_name = t.tag_name AND d.day >= s.since AND d.day < s.until
    GROUP BY d.row
)
SELECT d.platform, d.video_id, d.uploader_id, d.created_at, d.description,
    coalesce(h.names, []) AS tags, d.media_path, d.popularity_label, k.uploader_id IS NOT NULL AS has_record,
    CAST(coalesce(d.told_is_verified, k.is_verified) AS DOUBLE) AS uploader_verification,
    nullif(coalesce(d.told_account_type, k.account_type), 'unknown') AS uploader_type,
    CAST(coalesce(d.told_user_rating, k.user_rating) AS VARCHAR) AS uploader_rating,
    CAST(coalesce(d.told_commerce_level, k.commerce_level) AS VARCHAR) AS uploader_commerce,
    {counts},
    CAST(coalesce(d.told_favoriting_count, k.favoriting_count) AS DOUBLE) AS uploader_favoriting,
    CAST(coalesce(d.told_is_searchable, k.is_searchable) AS DOUBLE) AS uploader_searchable,
    CAST(coalesce(d.told_is_nearby_visible, k.is_nearby_visible) AS DOUBLE) AS uploader_visible,
    nullif(coalesce(d.told_gender, k.gender), 'unknown') AS uploader_gender,
    CAST(coalesce(d.told_age, k.age) AS DOUBLE) AS uploader_age,
    d.duration_s AS video_duration,
    CAST(d.width_px AS DOUBLE) AS video_width,
    CAST(d.height_px AS DOUBLE) AS video_height,
    CAST(d.is_downloadable AS DOUBLE) AS video_downloadable,
    CAST(d.is_shareable AS DOUBLE) AS video_shareable,
    CAST(d.is_commentable AS DOUBLE) AS video_commentable,
    CAST(d.mix_id IS NOT NULL OR d.is_in_mix AS DOUBLE) AS video_mix,
    CAST(d.product_id IS NOT NULL OR d.has_product_link AS DOUBLE) AS video_product,
    CAST(CASE WHEN h.n IS NULL AND r.tags THEN 0 ELSE h.n END AS DOUBLE) AS video_tag_count,
    CAST(CASE WHEN h.n IS NULL AND r.tags THEN 0 ELSE h.views END AS DOUBLE) AS tag_total_view_count,
    CAST(CASE WHEN h.n IS NULL AND r.tags THEN 0 ELSE h.users END AS DOUBLE) AS tag_total_user_count,
    CAST(isodow(d.local_time) - 1 AS DOUBLE) AS upload_dayofweek,
    CAST(hour(d.local_time) AS DOUBLE) AS upload_hour,
    d.upload_city,
    CAST(CASE WHEN d.poi_id IS NOT NULL OR d.poi_name IS NOT NULL THEN 1 WHEN r.poi THEN 0 END AS DOUBLE) AS upload_poi
FROM dated d
CROSS JOIN recorded r
LEFT JOIN kol_spans k
    ON k.platform = d.platform AND k.uploader_id = d.uploader_id AND d.day >= k.since AND d.day < k.until
LEFT JOIN hashtags h ON h.row = d.row
ORDER BY d.row
"""

DAYS = f"""
WITH subject AS ({MARKET}),
counted AS (
    SELECT d.row, s.*,
        coalesce(s.day_index, date_diff('day', CAST(timezone(coalesce(d.timezone, $zone), d.created_at) AS DATE),
            s.snapshot_date) + 1) AS day
    FROM subject d JOIN snapshots s ON s.platform = d.platform AND s.video_id = d.video_id
)
SELECT row, day, {", ".join(f"CAST(arg_max({c}, snapshot_date) AS DOUBLE) AS {c}" for c in SERIES_CHANNELS)}
FROM counted WHERE day BETWEEN 1 AND $horizon GROUP BY row, day
"""
"""One row a video of the market and day up to ``$horizon``: the counts of `SERIES_CHANNELS`.

The upload date is day 1 where a snapshot does not say its ``day_index``; of two snapshots of one day the later counts.
"""


def facts_sql(subject: str) -> str:
    """SQL for one row of facts a video of ``subject`` (`MARKET` or `CANDIDATES`), in its order.

    Takes ``$zone`` and, for the market, ``$platform``; reads the tables of `DERIVED`. What a person told about a KOL
    goes before all that is on record.

    A video without hashtags has 0 of them, and one without a point of interest has none; but in a market that never
    recorded either, they are unknown.
    """
    counts = ",\n    ".join(
        f"CAST(coalesce(d.told_{column}, k.{column}) AS DOUBLE) AS {feature}" for feature, column in COUNTS.items()
    )
    tags = "video_tags" if subject == MARKET else "candidate_video_tags"
    return _FACTS.format(subject=subject, counts=counts, video_tags=tags)
