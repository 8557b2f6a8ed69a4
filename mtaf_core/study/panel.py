"""The panel: one row a video with all that exploring asks about it, written once a commit as Parquet.

Everything before release is what `mtaf_core.data.facts` says; popularity is that of the day predicted. Where a market
hardly ever counted that day, popularity is what the latest count says, and how old the video was then is one more
thing to allow for (`Basis`).
"""

from pathlib import Path
from typing import Any, Literal

import duckdb

from mtaf_core.data import facts
from mtaf_core.data.frame import tier_sql, zones_refused
from mtaf_core.schema import BEFORE_RELEASE, SCORE_WEIGHTS, Kind

Basis = Literal["horizon", "latest"]
"""Which day's popularity is explored: that of the day predicted, or that of the latest count."""

FEW_KNOWN, SMALL_SHARE = 200, 0.2
"""Fewer videos counted on the day predicted than this many, or this share of those ever counted, are too few."""

TREND_POINTS = 30
"""How many of the latest counts of a KOL's followers are kept."""

SEEN: dict[str, str] = {
    "seen_favorite": "favorite_count", "seen_comment": "comment_count", "seen_share": "share_count",
    "seen_view": "view_count",
}  # fmt: skip
"""Columns of the panel with the latest counts of a video, and what they are called in ``snapshots``."""

COUNTED: dict[str, str] = {f"video_{column}": column for column in SCORE_WEIGHTS}
"""The counts that popularity is made of (equation 1), of the same day: columns of the panel, and of ``snapshots``."""

NUMERIC: tuple[str, ...] = tuple(c for f in BEFORE_RELEASE if f.kind is not Kind.CATEGORY for c in f.columns)
CATEGORIES: tuple[str, ...] = tuple(c for f in BEFORE_RELEASE if f.kind is Kind.CATEGORY for c in f.columns)

_ANY_DAY = 1_000_000


def measure(connection: duckdb.DuckDBPyConnection, timezone: str, horizon_day: int) -> None:
    """Make the tables ``kol_spans``, ``tag_spans``, ``recorded`` (`facts.DERIVED`) and ``measured``.

    ``measured`` has, a video: ``seen_day`` and ``seen_score`` of its latest count, ``seen_favorite``, ``seen_comment``,
    ``seen_share`` and ``seen_view``, the latest known of each, ``horizon_score`` and the counts it is made of,
    ``day_scores``, the score of each day up to the horizon, null where it was not counted, and ``day_one``, the date
    whose count is that of day 1.
    """
    for name, sql in facts.DERIVED.items():
        connection.execute(f"CREATE TABLE {name} AS {facts.spelled_out(sql, timezone, horizon_day)}")
    days = ", ".join(f"max(score) FILTER (WHERE day = {day})" for day in range(1, horizon_day + 1))
    counts = ", ".join(f"arg_max({column}, day) AS {name}" for name, column in SEEN.items())
    horizon = ", ".join(
        f"max({column}) FILTER (WHERE day = {horizon_day}) AS horizon_{column}" for column in COUNTED.values()
    )
    with zones_refused():
        connection.execute(
            f"""CREATE TABLE measured AS
                SELECT row, max(day) AS seen_day, arg_max(score, day) AS seen_score, {counts},
                    max(score) FILTER (WHERE day = {horizon_day}) AS horizon_score, {horizon}, [{days}] AS day_scores,
                    max(counted_on - CAST(day - 1 AS INTEGER)) AS day_one
                FROM (SELECT *, {facts.SCORE} AS score
                      FROM ({facts.spelled_out(facts.DAYS, timezone, _ANY_DAY)}))
                WHERE score IS NOT NULL GROUP BY row"""
        )


def choose_basis(connection: duckdb.DuckDBPyConnection) -> Basis:
    """The basis that a market's counts allow; needs `measure`."""
    (known, ever), = connection.execute(
        """SELECT count(*) FILTER (WHERE horizon_score IS NOT NULL OR popularity_label IS NOT NULL),
               count(*) FILTER (WHERE seen_score IS NOT NULL OR popularity_label IS NOT NULL)
           FROM (SELECT row_number() OVER (ORDER BY created_at, platform, video_id) - 1 AS row, popularity_label
                 FROM videos WHERE created_at IS NOT NULL) LEFT JOIN measured USING (row)"""
    ).fetchall()  # fmt: skip
    return "horizon" if known >= SMALL_SHARE * ever and (known >= FEW_KNOWN or known == ever) else "latest"


def write(connection: duckdb.DuckDBPyConnection, folder: Path, timezone: str, horizon_day: int, basis: Basis) -> None:
    """Write ``base.parquet``, ``kols.parquet``, ``tag_names.parquet`` and ``tagged.parquet`` into ``folder``.

    Rows of the panel are numbered as `facts.MARKET` numbers them, oldest first; KOLs and hashtags have numbers too, so
    that what is asked often joins integers.
    """
    connection.execute(f"CREATE TABLE kols AS {_KOLS}")
    connection.execute(f"CREATE TABLE tag_names AS {_TAG_NAMES}")
    subject = facts.spelled_out(facts.facts_sql(facts.MARKET), timezone, horizon_day)
    market = facts.spelled_out(facts.MARKET, timezone, horizon_day)
    score = "coalesce(m.horizon_score, exp(f.popularity_label) - 1)"
    counted = {name: f"m.horizon_{column}" for name, column in COUNTED.items()}
    if basis == "latest":
        score = "coalesce(m.seen_score, exp(f.popularity_label) - 1)"
        counted = {name: f"m.seen_{column.removesuffix('_count')}" for name, column in COUNTED.items()}
    named = ", ".join(f"f.{column}" for column in (*NUMERIC, *CATEGORIES))
    with zones_refused():
        _copy(
            connection,
            f"""SELECT v.row, k.kol, f.platform, f.video_id, f.uploader_id, f.created_at,
                    timezone(coalesce(v.timezone, '{timezone}'), f.created_at) AS local_time,
                    {named}, {tier_sql("f.uploader_follower")} AS tier,
                    coalesce(x.product_category, k.category) AS category,
                    m.seen_day, m.seen_score, {", ".join(f"m.{name}" for name in SEEN)}, m.day_scores, m.day_one,
                    {", ".join(f"{sql} AS {name}" for name, sql in counted.items())},
                    {"m.seen_day" if basis == "latest" else "NULL::BIGINT"} AS age_day,
                    {score} AS score, ln(1 + {score}) AS log_score
                FROM ({subject}) f
                JOIN ({market}) v ON v.platform = f.platform AND v.video_id = f.video_id
                JOIN videos x ON x.platform = f.platform AND x.video_id = f.video_id
                LEFT JOIN kols k ON k.platform = f.platform AND k.uploader_id = f.uploader_id
                LEFT JOIN measured m ON m.row = v.row
                ORDER BY v.row""",
            folder / "base.parquet",
        )
    _copy(connection, "SELECT * FROM kols ORDER BY kol", folder / "kols.parquet")
    _copy(connection, "SELECT * FROM tag_names ORDER BY tag", folder / "tag_names.parquet")
    _copy(
        connection,
        f"""SELECT n.tag, v.row FROM video_tags t JOIN tag_names n USING (tag_name)
            JOIN (SELECT row, platform, video_id FROM ({market})) v USING (platform, video_id) ORDER BY n.tag, v.row""",
        folder / "tagged.parquet",
    )


def add_columns(connection: duckdb.DuckDBPyConnection, folder: Path, **columns: Any) -> None:
    """Write ``panel.parquet``: ``base.parquet`` with further columns, arrays in the order of its rows."""
    import pyarrow as pa

    names = list(columns)
    size = len(next(iter(columns.values())))
    connection.register("added", pa.table({"row": pa.array(range(size), pa.int64()), **columns}))
    _copy(
        connection,
        f"""SELECT b.*, {", ".join(f"a.{name}" for name in names)}
            FROM read_parquet({quoted(folder / "base.parquet")}) b JOIN added a USING (row) ORDER BY row""",
        folder / "panel.parquet",
    )
    connection.unregister("added")
    (folder / "base.parquet").unlink()


def quoted(path: Path) -> str:
    """A path as an SQL string."""
    return "'" + path.as_posix().replace("'", "''") + "'"


def _copy(connection: duckdb.DuckDBPyConnection, sql: str, file: Path) -> None:
    connection.execute(f"COPY ({sql}) TO {quoted(file)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)")


_KOLS = f"""
WITH named AS (
    SELECT platform, uploader_id FROM videos WHERE uploader_id IS NOT NULL AND created_at IS NOT NULL
    UNION SELECT platform, uploader_id FROM uploaders
),
latest AS (
    SELECT platform, uploader_id, arg_max(follower_count, snapshot_date) AS followers,
        arg_max(favorited_count, snapshot_date) AS favorited, arg_max(video_count, snapshot_date) AS videos,
        list(follower_count ORDER BY snapshot_date) FILTER (WHERE follower_count IS NOT NULL) AS trend,
        list(snapshot_date ORDER BY snapshot_date) FILTER (WHERE follower_count IS NOT NULL) AS trend_days
    FROM uploader_snapshots GROUP BY ALL
)
SELECT row_number() OVER (ORDER BY n.platform, n.uploader_id)::INTEGER - 1 AS kol, n.platform, n.uploader_id,
    coalesce(u.nickname, u.handle, n.uploader_id) AS name, u.handle,
    coalesce(l.followers, u.follower_count) AS follower_count, u.following_count,
    coalesce(l.favorited, u.favorited_count) AS favorited_count, coalesce(l.videos, u.video_count) AS video_count,
    {tier_sql("coalesce(l.followers, u.follower_count)")} AS tier,
    u.is_verified, u.account_type, u.has_shop, u.gender, u.city, u.region, u.mcn, u.category,
    u.quote_fee, u.quote_currency, u.completion_rate, u.audience_credibility,
    l.trend[-{TREND_POINTS}:] AS follower_trend, l.trend_days[-{TREND_POINTS}:] AS follower_days
FROM named n LEFT JOIN uploaders u USING (platform, uploader_id) LEFT JOIN latest l USING (platform, uploader_id)
"""

_TAG_NAMES = """
WITH used AS (
    SELECT tag_name, count(*) AS videos FROM video_tags JOIN videos USING (platform, video_id)
    WHERE created_at IS NOT NULL GROUP BY tag_name
),
latest AS (
    SELECT tag_name, sum(views)::BIGINT AS views, sum(users)::BIGINT AS users FROM (
        SELECT platform, tag_name, arg_max(total_view_count, snapshot_date) AS views,
            arg_max(total_user_count, snapshot_date) AS users FROM tags GROUP BY ALL
    ) GROUP BY tag_name
)
SELECT row_number() OVER (ORDER BY videos DESC, tag_name)::INTEGER - 1 AS tag, tag_name, videos, views, users
FROM used LEFT JOIN latest USING (tag_name)
"""
