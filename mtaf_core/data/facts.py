"""The SQL that makes facts of tables: one text for videos of the market and for candidates.

Everything in it existed when the video was posted. Counts of a KOL and totals of a hashtag come from the snapshot
nearest at or before the upload date; only where there is none, from the earliest one after it.
"""

from mtaf_core.schema import SERIES_CHANNELS

MARKET = """
    SELECT *, row_number() OVER (ORDER BY created_at, platform, video_id) - 1 AS row
    FROM videos WHERE created_at IS NOT NULL AND ($platform IS NULL OR platform = $platform)
"""
"""Every video of the market, oldest first. One without an upload time has no before and after, and stays out."""

CANDIDATES = "SELECT * FROM candidate_videos"
"""Videos that are not in the tables; `mtaf_core.data.candidate` makes the relations."""

_FACTS = """
WITH subject AS ({subject}),
dated AS (
    SELECT *, timezone(coalesce(timezone, $zone), created_at) AS local_time, CAST(local_time AS DATE) AS day
    FROM subject
),
tag_totals AS (
    SELECT platform, tag_name, snapshot_date, total_view_count AS views, total_user_count AS users
    FROM tags WHERE total_view_count IS NOT NULL OR total_user_count IS NOT NULL
),
tagged AS (
    SELECT d.row, d.platform, d.day, t.tag_name, t.position
    FROM dated d JOIN {video_tags} t ON t.platform = d.platform AND t.video_id = d.video_id
),
hashtags AS (
    SELECT g.row, count(*) AS n, list(g.tag_name ORDER BY g.position NULLS LAST, g.tag_name) AS names,
        sum(coalesce(past.views, next.views)) AS views, sum(coalesce(past.users, next.users)) AS users
    FROM tagged g
    ASOF LEFT JOIN tag_totals past
        ON past.platform = g.platform AND past.tag_name = g.tag_name AND g.day >= past.snapshot_date
    ASOF LEFT JOIN tag_totals next
        ON next.platform = g.platform AND next.tag_name = g.tag_name AND g.day < next.snapshot_date
    GROUP BY g.row
),
recorded AS (
    SELECT EXISTS (SELECT 1 FROM video_tags) AS tags,
        EXISTS (SELECT 1 FROM videos WHERE poi_id IS NOT NULL OR poi_name IS NOT NULL) AS poi
)
SELECT d.platform, d.video_id, d.uploader_id, d.created_at, d.description,
    coalesce(h.names, []) AS tags, d.media_path, d.popularity_label,
    CAST(coalesce(o.is_verified, u.is_verified) AS DOUBLE) AS uploader_verification,
    nullif(coalesce(o.account_type, u.account_type), 'unknown') AS uploader_type,
    CAST(coalesce(o.user_rating, u.user_rating) AS VARCHAR) AS uploader_rating,
    CAST(coalesce(o.commerce_level, u.commerce_level) AS VARCHAR) AS uploader_commerce,
    {counts},
    CAST(coalesce(o.favoriting_count, u.favoriting_count) AS DOUBLE) AS uploader_favoriting,
    CAST(coalesce(o.is_searchable, u.is_searchable) AS DOUBLE) AS uploader_searchable,
    CAST(coalesce(o.is_nearby_visible, u.is_nearby_visible) AS DOUBLE) AS uploader_visible,
    nullif(coalesce(o.gender, u.gender), 'unknown') AS uploader_gender,
    CAST(coalesce(o.age, u.age) AS DOUBLE) AS uploader_age,
    d.duration_s AS video_duration,
    CAST(d.width_px AS DOUBLE) AS video_width,
    CAST(d.height_px AS DOUBLE) AS video_height,
    CAST(d.is_downloadable AS DOUBLE) AS video_downloadable,
    CAST(d.is_shareable AS DOUBLE) AS video_shareable,
    CAST(d.is_commentable AS DOUBLE) AS video_commentable,
    CASE WHEN d.mix_id IS NOT NULL THEN 1 ELSE CAST(d.is_in_mix AS DOUBLE) END AS video_mix,
    CASE WHEN d.product_id IS NOT NULL THEN 1 ELSE CAST(d.has_product_link AS DOUBLE) END AS video_product,
    CAST(CASE WHEN h.n IS NULL AND r.tags THEN 0 ELSE h.n END AS DOUBLE) AS video_tag_count,
    CAST(CASE WHEN h.n IS NULL AND r.tags THEN 0 ELSE h.views END AS DOUBLE) AS tag_total_view_count,
    CAST(CASE WHEN h.n IS NULL AND r.tags THEN 0 ELSE h.users END AS DOUBLE) AS tag_total_user_count,
    CAST(isodow(d.local_time) - 1 AS DOUBLE) AS upload_dayofweek,
    CAST(hour(d.local_time) AS DOUBLE) AS upload_hour,
    d.upload_city,
    CASE WHEN d.poi_id IS NOT NULL OR d.poi_name IS NOT NULL THEN 1.0 WHEN r.poi THEN 0.0 END AS upload_poi
FROM dated d
CROSS JOIN recorded r
LEFT JOIN overlays o ON o.row = d.row
LEFT JOIN uploaders u ON u.platform = d.platform AND u.uploader_id = d.uploader_id
ASOF LEFT JOIN uploader_snapshots past
    ON past.platform = d.platform AND past.uploader_id = d.uploader_id AND d.day >= past.snapshot_date
ASOF LEFT JOIN uploader_snapshots next
    ON next.platform = d.platform AND next.uploader_id = d.uploader_id AND d.day < next.snapshot_date
LEFT JOIN hashtags h ON h.row = d.row
ORDER BY d.row
"""

_COUNTS = {
    "uploader_video_count": "video_count",
    "uploader_follower": "follower_count",
    "uploader_following": "following_count",
    "uploader_favorited": "favorited_count",
}

_DAYS = """
WITH subject AS ({subject}),
dated AS (SELECT *, CAST(timezone(coalesce(timezone, $zone), created_at) AS DATE) AS day FROM subject),
counted AS (
    SELECT d.row, s.snapshot_date, {channels},
        coalesce(s.day_index, date_diff('day', d.day, s.snapshot_date) + 1) AS day_index
    FROM dated d JOIN {snapshots} s ON s.platform = d.platform AND s.video_id = d.video_id
)
SELECT row, day_index, {latest} FROM counted WHERE day_index BETWEEN 1 AND $horizon GROUP BY row, day_index
"""


def facts_sql(subject: str) -> str:
    """SQL for one row of facts a video of ``subject`` (`MARKET` or `CANDIDATES`), in its order.

    Takes ``$zone`` and, for the market, ``$platform``; and a relation ``overlays``: what a person typed about a KOL,
    by ``row``, which goes before all that is on record.

    Every hashtag counts for 0 where a video has none, and a video without a point of interest has none; but in a
    market that never recorded either, they are unknown.
    """
    counts = ",\n    ".join(
        f"CAST(coalesce(o.{column}, past.{column}, next.{column}, u.{column}) AS DOUBLE) AS {feature}"
        for feature, column in _COUNTS.items()
    )
    return _FACTS.format(subject=subject, counts=counts, video_tags=_of(subject, "video_tags"))


def days_sql(subject: str) -> str:
    """SQL for one row a video and day up to ``$horizon``: the counts of `SERIES_CHANNELS` as doubles.

    The upload date is day 1 where a snapshot does not say its ``day_index``; of two snapshots of one day the later
    one counts.
    """
    channels = ", ".join(f"CAST(s.{name} AS DOUBLE) AS {name}" for name in SERIES_CHANNELS)
    latest = ", ".join(f"arg_max({name}, snapshot_date) AS {name}" for name in SERIES_CHANNELS)
    return _DAYS.format(subject=subject, channels=channels, latest=latest, snapshots=_of(subject, "snapshots"))


def _of(subject: str, table: str) -> str:
    return table if subject == MARKET else f"candidate_{table}"
