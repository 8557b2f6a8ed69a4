"""What came in but looks odd: counts that fall from one day to the next, vectors of videos that nobody knows."""

import csv
from pathlib import Path

import duckdb

from mtaf_core.data.importers.report import harmless

COUNTS = ("view_count", "favorite_count", "comment_count", "share_count")
MAX_LISTED = 10_000
"""How many oddities are listed one by one; all of them are counted."""

ROWS_A_PART = 2_000_000
_HEADER = ("what", "platform", "video_id", "snapshot_date", "column", "value_before", "value")


def list_falls(connection: duckdb.DuckDBPyConnection, seen: str, rows: int, into: Path) -> int:
    """Count the falls in ``seen`` and list the first of them in a CSV file.

    Parameters
    ----------
    seen : str
        A relation with the columns of ``snapshots``, unique by key, and ``arrived``: whether a row is of this import.
    rows : int
        About how many rows it has; it is gone through in parts of a bounded size.

    Returns
    -------
    int
        Videos' days on which any count is below that of the snapshot before.
    """
    parts, falls, listed = -(-max(rows, 1) // ROWS_A_PART), 0, 0
    for part in range(parts):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE falls AS {_falls_sql(seen, parts, part)}")
        falls += connection.sql("SELECT count(*) FROM falls").fetchall()[0][0]
        if falls and listed < MAX_LISTED:
            listed += _list(connection, into, MAX_LISTED - listed)
    connection.execute("DROP TABLE falls")
    return falls


def count_strangers(connection: duckdb.DuckDBPyConnection, arrived: str, videos: str) -> int:
    """How many videos ``arrived`` has vectors of that ``videos`` does not have."""
    ours = "(platform, video_id)"
    sql = (
        f"SELECT count(DISTINCT {ours}) FROM {arrived} ANTI JOIN (SELECT platform, video_id FROM {videos}) USING {ours}"
    )
    return int(connection.sql(sql).fetchall()[0][0])


def _falls_sql(seen: str, parts: int, part: int) -> str:
    mine = f"WHERE hash(video_id) % {parts} = {part}" if parts > 1 else ""
    before = ", ".join(f"lag({c}) OVER series AS before_{c}" for c in COUNTS)
    fell = " OR ".join(f"{c} < before_{c}" for c in COUNTS)
    return (
        f"SELECT * FROM (SELECT platform, video_id, snapshot_date, {', '.join(COUNTS)}, {before}, "
        f"arrived OR lag(arrived) OVER series AS concerned FROM {seen} {mine} "
        f"WINDOW series AS (PARTITION BY platform, video_id ORDER BY snapshot_date)) WHERE concerned AND ({fell})"
    )


def _list(connection: duckdb.DuckDBPyConnection, into: Path, room: int) -> int:
    each = " UNION ALL ".join(
        f"SELECT platform, video_id, snapshot_date, '{c}' AS what, before_{c} AS before, {c} AS value FROM falls "
        f"WHERE {c} < before_{c}"
        for c in COUNTS
    )
    rows = connection.sql(f"SELECT * FROM ({each}) ORDER BY video_id, snapshot_date, what LIMIT {room}").fetchall()
    fresh = not into.exists()
    with open(into, "a", encoding="utf-8-sig" if fresh else "utf-8", newline="") as stream:
        writer = csv.writer(stream)
        if fresh:
            writer.writerow(_HEADER)
        for platform, video, day, column, before, value in rows:
            writer.writerow(map(harmless, ("fall", platform, video, str(day), column, before, value)))
    return len(rows)
