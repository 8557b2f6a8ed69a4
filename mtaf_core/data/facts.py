"""The SQL that makes facts of tables: one text for videos of the market and for candidates.

Everything in it existed when the video was posted. Counts of a KOL and totals of a hashtag come from the latest
snapshot of a day before the upload date that knows them: one of the upload date itself may have been taken hours after
the upload, and would hold the likes of the very video that is judged.

Only where no earlier snapshot knows a number does the earliest other one stand in, and where no snapshot does, the
KOL's undated record: real data often has a single profile of each KOL. `AFTER_UPLOAD` counts the videos it is so for.
"""

import pyarrow as pa

from mtaf_core.data.tables import UPLOADERS, VIDEOS
from mtaf_core.schema import SCORE_WEIGHTS, SERIES_CHANNELS

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
    "has_product_link", "product_id", "upload_city", "upload_region", "poi_id", "poi_name",
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

ONE = f"{MARKET} AND video_id = $video"
"""One video of the market."""

CANDIDATES = "SELECT * FROM candidate_videos"
"""Videos that are not in the tables; `mtaf_core.data.candidate` makes the relations."""


def local_day(video: str) -> str:
    """SQL for the date on which ``video`` (an alias) was posted, where the market is; takes ``$zone``."""
    return f"CAST(timezone(coalesce({video}.timezone, $zone), {video}.created_at) AS DATE)"


def known_before(day: str, span: str) -> str:
    """SQL for whether the row ``span`` (an alias) of a table of `DERIVED` is what was known before the date ``day``."""
    return f"{day} > {span}.since AND {day} <= {span}.until"


def _nearest(column: str) -> str:
    """The last known value up to this snapshot, else the first known one after it."""
    past = f"last_value({column} IGNORE NULLS) OVER (days ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    later = f"first_value({column} IGNORE NULLS) OVER (days ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)"
    return f"coalesce({past}, {later})"


def _since(*columns: str) -> str:
    """The first date on which the last to be known of ``columns`` was; of those that ever were."""
    dates = (f"min(snapshot_date) FILTER (WHERE {c} IS NOT NULL) OVER (days RANGE BETWEEN UNBOUNDED PRECEDING AND "
             "UNBOUNDED FOLLOWING)" for c in columns)  # fmt: skip
    return f"greatest({', '.join(dates)})"


# What is known for every upload date after `since` up to and including `until`: the first snapshot of all also stands
# for the days before it.
_SPAN = """CASE WHEN row_number() OVER days = 1 THEN DATE '-infinity' ELSE snapshot_date END AS since,
        coalesce(lead(snapshot_date) OVER days, DATE 'infinity') AS until"""

DERIVED: dict[str, str] = {
    "kol_spans": f"""
WITH spans AS (
    SELECT platform, uploader_id, {_SPAN},
        {", ".join(f"{_nearest(column)} AS {column}" for column in COUNTS.values())},
        {_since(*COUNTS.values())} AS known_since
    FROM uploader_snapshots WINDOW days AS (PARTITION BY platform, uploader_id ORDER BY snapshot_date)
)
SELECT platform, uploader_id, coalesce(s.since, DATE '-infinity') AS since, coalesce(s.until, DATE 'infinity') AS until,
    {", ".join(f"u.{column}" for column in _RECORD)},
    {", ".join(f"coalesce(s.{column}, u.{column}) AS {column}" for column in COUNTS.values())},
    s.known_since, u.collected_at,
    {" OR ".join(f"(s.{column} IS NULL AND u.{column} IS NOT NULL)" for column in COUNTS.values())} AS from_record
FROM uploaders u FULL JOIN spans s USING (platform, uploader_id)
""",
    "tag_spans": f"""
SELECT platform, tag_name, {_SPAN},
    {_nearest("total_view_count")} AS views, {_nearest("total_user_count")} AS users,
    {_since("total_view_count", "total_user_count")} AS known_since
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
    SELECT *, timezone(coalesce(timezone, $zone), created_at) AS local_time, {day} AS day FROM subject
),
hashtags AS (
    SELECT d.row, count(*) AS n, list(t.tag_name ORDER BY t.position NULLS LAST, t.tag_name) AS names,
        sum(s.views) AS views, sum(s.users) AS users
    FROM dated d
    JOIN {video_tags} t ON t.platform = d.platform AND t.video_id = d.video_id
    LEFT JOIN tag_spans s
        ON s.platform = t.platform AND s.tag_name = t.tag_name AND {known_tag}
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
    coalesce(d.upload_city, d.upload_region) AS upload_city,
    CAST(CASE WHEN d.poi_id IS NOT NULL OR d.poi_name IS NOT NULL THEN 1 WHEN r.poi THEN 0 END AS DOUBLE) AS upload_poi
FROM dated d
CROSS JOIN recorded r
LEFT JOIN kol_spans k
    ON k.platform = d.platform AND k.uploader_id = d.uploader_id AND {known_kol}
LEFT JOIN hashtags h ON h.row = d.row
ORDER BY d.row
"""

_COUNTED = (
    "coalesce(view_count, 0) + coalesce(favorite_count, 0) + coalesce(comment_count, 0) + coalesce(share_count, 0)"
)

DAYS = f"""
WITH subject AS ({MARKET}),
counted AS (
    SELECT d.row, s.*,
        coalesce(s.day_index, date_diff('day', {local_day("d")}, s.snapshot_date) + 1) AS day,
        max({_COUNTED}) OVER (PARTITION BY d.row ORDER BY s.snapshot_date) AS most
    FROM subject d JOIN snapshots s ON s.platform = d.platform AND s.video_id = d.video_id
)
SELECT row, day, {", ".join(f"CAST(arg_max({c}, snapshot_date) AS DOUBLE) AS {c}" for c in SERIES_CHANNELS)},
    max(snapshot_date) AS counted_on
FROM counted WHERE day BETWEEN 1 AND $horizon AND ({_COUNTED} > 0 OR coalesce(most, 0) = 0) GROUP BY row, day
"""
"""One row a video of the market and day up to ``$horizon``: the counts of `SERIES_CHANNELS`, and their date.

The upload date is day 1 where a snapshot does not say its ``day_index``; of two snapshots of one day the later counts.
A day on which every count is 0 although one was not before is a failed reading, and as unknown as a missing day.
"""

SCORE = " + ".join(f"{weight} * {column}" for column, weight in SCORE_WEIGHTS.items())
"""Equation 1 as SQL over a day's counts."""

SCORES = f"""
SELECT v.row, v.platform, v.video_id, v.uploader_id, {", ".join(f"c.{column}" for column in SCORE_WEIGHTS)},
    coalesce({SCORE}, exp(v.popularity_label) - 1) AS popularity_score
FROM ({MARKET}) v LEFT JOIN ({DAYS}) c ON c.row = v.row AND c.day = $horizon
"""
"""One row a video of the market: its counts of day ``$horizon`` and its popularity (equation 1), null unknown.

Some data sets publish no counts, only the logarithm of a popularity of their own; `frame.Frame.score` is the same.
"""

AFTER_UPLOAD = f"""
WITH dated AS (SELECT *, {local_day("v")} AS day FROM ({MARKET}) v),
kols AS (
    SELECT d.row, coalesce(d.day <= k.known_since, false)
        OR (k.from_record AND coalesce(k.collected_at >= d.created_at, true)) AS late
    FROM dated d JOIN kol_spans k
        ON k.platform = d.platform AND k.uploader_id = d.uploader_id AND {known_before("d.day", "k")}
),
hashtags AS (
    SELECT d.row, bool_or(d.day <= s.known_since) AS late
    FROM dated d JOIN video_tags t ON t.platform = d.platform AND t.video_id = d.video_id
    JOIN tag_spans s ON s.platform = t.platform AND s.tag_name = t.tag_name AND {known_before("d.day", "s")}
    GROUP BY d.row
)
SELECT count(*) AS videos, count(*) FILTER (WHERE k.late) AS kol, count(*) FILTER (WHERE h.late) AS tags
FROM dated d LEFT JOIN kols k USING (row) LEFT JOIN hashtags h USING (row)
"""
"""How many videos there are, and how many have a count of their KOL, or a total of a hashtag, from after the upload.

From the upload date on counts as after; so does a record that does not say when it was collected.
"""


def spelled_out(text: str, timezone: str, horizon_day: int) -> str:
    """SQL of this module for the whole market with its parameters written into it, for what takes none.

    Parameters
    ----------
    timezone : str
        A zone that exists; the caller has seen to that.
    """
    bound = {"$zone": f"'{timezone}'", "$platform": "CAST(NULL AS VARCHAR)", "$horizon": str(horizon_day)}
    for name, value in bound.items():
        text = text.replace(name, value)
    return text


def days_sql(subject: str) -> str:
    """`DAYS` of other videos than those of `MARKET`."""
    return DAYS.replace(MARKET, subject)


def scores_table(horizon_day: int, timezone: str) -> tuple[str, str]:
    """The name of the derived table of `SCORES` of one day, and the SQL that makes it, for `Store.query`.

    Parameters
    ----------
    horizon_day : int
    timezone : str
        A zone that exists; the caller has seen to that.
    """
    text = spelled_out(SCORES, timezone, horizon_day)
    return f'"scores of day {horizon_day} in {timezone}"', text


def facts_sql(subject: str) -> str:
    """SQL for one row of facts a video of ``subject`` (`MARKET`, `ONE` or `CANDIDATES`), in its order.

    Takes ``$zone`` and, for the market, ``$platform``; reads the tables of `DERIVED`. What a person told about a KOL
    goes before all that is on record.

    A video without hashtags has 0 of them, and one without a point of interest has none; but in a market that never
    recorded either, they are unknown.
    """
    counts = ",\n    ".join(
        f"CAST(coalesce(d.told_{column}, k.{column}) AS DOUBLE) AS {feature}" for feature, column in COUNTS.items()
    )
    tags = "candidate_video_tags" if subject == CANDIDATES else "video_tags"
    return _FACTS.format(
        subject=subject,
        day=local_day("subject"),
        counts=counts,
        video_tags=tags,
        known_kol=known_before("d.day", "k"),
        known_tag=known_before("d.day", "s"),
    )
