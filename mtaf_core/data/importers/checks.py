"""What a row may not say, whichever format it came from: checked once for all rows of a table, in SQL."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import duckdb
import pyarrow as pa

from mtaf_core.data.importers.reasons import Reason, Refused, say
from mtaf_core.data.tables import Table
from mtaf_core.limits import MAX_COUNT, MAX_TAG_CHARS

FIRST_DAY = date(2010, 1, 1)
"""Before it there was no platform of short videos; a time before it is a mistake."""
MAX_AGE_YEARS = 120

_ZERO_IS_UNKNOWN = ("duration_s", "width_px", "height_px", "age")
_NOT_COUNTS = ("verification_type", "user_rating", "commerce_level", "position", "day_index", "age")
_RANGES = {"poi_lat": (-90, 90), "poi_lon": (-180, 180), "age": (0, MAX_AGE_YEARS)}
_NOT_NEGATIVE = ("duration_s", "width_px", "height_px", "product_price", "quote_fee", "gmv_30d")
_CODES = {
    "gender": ("male", "female", "unknown"),
    "account_type": ("personal", "enterprise", "gov_media", "unknown"),
    "modality": ("text", "audio", "visual"),
}


@dataclass(frozen=True)
class Check:
    """One thing that may not be.

    Parameters
    ----------
    column : str
    wrong : str
        SQL that is true where the value is wrong; null counts as false.
    reason : Reason
    kept : bool
        True where only the value is left out, False where the whole row is.
    """

    column: str
    wrong: str
    reason: Reason
    kept: bool


def checks(table: Table, today: date) -> tuple[Check, ...]:
    """Every check of a table, ``today`` being the market's day."""
    found = [
        Check(key, f"{key} IS NULL OR CAST({key} AS VARCHAR) = ''", say("key_missing", column=key), False)
        for key in table.keys
    ]
    if "snapshot_date" in table.keys:
        found += _day("snapshot_date", today, kept=False)
    if "created_at" in table.columns:
        found += _day("created_at", today, kept=True)
    if "tag_name" in table.keys:
        found.append(Check("tag_name", f"len(tag_name) > {MAX_TAG_CHARS}", say("tag_long", most=MAX_TAG_CHARS), False))
    if "timezone" in table.columns:
        known = "timezone NOT IN (SELECT name FROM pg_timezone_names())"
        found.append(Check("timezone", known, say("no_zone"), True))
    for column, kind in table.columns.items():
        kept = column not in table.keys
        if kind == pa.int64() and column not in _NOT_COUNTS:
            found.append(Check(column, f"{column} < 0", say("below_zero_count"), kept))
            found.append(Check(column, f"{column} > {MAX_COUNT}", say("count_large", most=f"{MAX_COUNT:,}"), kept))
        if kind == pa.float64() and column in _NOT_NEGATIVE:
            found.append(Check(column, f"{column} < 0", say("below_zero"), kept))
        if column in _RANGES:
            low, high = _RANGES[column]
            found.append(
                Check(column, f"{column} NOT BETWEEN {low} AND {high}", say("out_of_range", low=low, high=high), kept)
            )
        if column in _CODES:
            codes = ", ".join(f"'{code}'" for code in _CODES[column])
            found.append(Check(column, f"{column} NOT IN ({codes})", say("no_code", codes=codes), kept))
    return tuple(found)


def clean_sql(table: Table, rows: str, found: tuple[Check, ...], extra: str) -> str:
    """SQL for ``rows`` without what the checks refuse, and without numbers that say "unknown" by a zero."""
    columns = []
    for column, kind in table.columns.items():
        wrong = " OR ".join(f"({check.wrong})" for check in found if check.column == column and check.kept)
        value = f"CASE WHEN {wrong} THEN NULL ELSE {column} END" if wrong else column
        if kind == pa.float64():
            value = f"CASE WHEN isfinite({column}) THEN {value} END"
        columns.append(f"nullif({value}, 0) AS {column}" if column in _ZERO_IS_UNKNOWN else f"{value} AS {column}")
    unfit = " OR ".join(f"({check.wrong})" for check in found if not check.kept)
    where = f" WHERE NOT coalesce({unfit}, false)" if unfit else ""
    return f"SELECT {', '.join(columns)}, {extra} FROM {rows}{where}"


def check_vectors(connection: duckdb.DuckDBPyConnection, arrived: str, known: str) -> None:
    """Refuse vectors of one modality and backbone that differ in length: nothing could be trained on them.

    Parameters
    ----------
    arrived, known : str
        Relations with the columns of ``embeddings``: of this import, and those of the workspace.

    Raises
    ------
    BadInput
        Naming the backbone.
    """
    lengths = f"SELECT modality, backbone, list(DISTINCT len(vector)) FROM {arrived} GROUP BY ALL ORDER BY ALL"
    for modality, backbone, found in connection.sql(lengths).fetchall():
        # One of them stands for all, which came this way as well.
        before = connection.execute(
            f"SELECT len(vector) FROM {known} WHERE modality = ? AND backbone = ? LIMIT 1", [modality, backbone]
        ).fetchall()
        every = sorted({*found, *(length for (length,) in before)})
        if len(every) > 1:
            raise Refused("arrays_mixed", modality=modality, backbone=backbone, lengths=", ".join(map(str, every)))


@cache
def _day(column: str, today: date, kept: bool) -> tuple[Check, Check]:
    # A day ahead for a machine whose clock is behind that of the market.
    last = today + timedelta(days=2)
    return (
        Check(column, f"{column} < '{FIRST_DAY}'", say("before_all"), kept),
        Check(column, f"{column} > '{last}'", say("in_future"), kept),
    )
