"""One canonical table on disk: a Delta table read at a pinned version and written past it.

Delta keeps every version until it is vacuumed, and this product never vacuums: an older commit of the workspace can
always be read again. Only `mtaf_core.data.store` decides which version is the one to be seen.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError

from mtaf_core.data.tables import Table
from mtaf_core.errors import BadWorkspace

MAX_FILES = 32
"""A table in more Parquet files than this is compacted by the next write; many small ones make reading slow."""

_CONFIGURATION = {
    # Delta would drop log entries after 30 days, and with them the versions that older commits point at.
    "delta.enableExpiredLogCleanup": "false",
    "delta.logRetentionDuration": "interval 36500 days",
}
_SQL_TYPES = {
    pa.string(): "VARCHAR",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.timestamp("us", tz="UTC"): "TIMESTAMPTZ",
    pa.list_(pa.float32()): "FLOAT[]",
}


@dataclass(frozen=True)
class Upsert:
    """What a merge did: how many rows were ``new``, ``changed``, or left as they were (``same``)."""

    new: int = 0
    changed: int = 0
    same: int = 0


@dataclass(frozen=True)
class Relation:
    """SQL that yields the rows of a table at one version, and the bytes of Parquet behind it."""

    sql: str
    size_bytes: int


def connect() -> duckdb.DuckDBPyConnection:
    """Open a private DuckDB in memory that sees UTC, spills outside the workspace and never goes to the network."""
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "temp_directory": str(Path(gettempdir()) / "mtaf-duckdb"),
        }
    )
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    # A query must find tables and the relations handed to it, never some Python variable that shares the name.
    connection.execute("SET GLOBAL python_enable_replacements = false")
    return connection


def relation(table: Table, folder: Path, version: int | None) -> Relation:
    """Describe the rows of ``table`` at ``version`` (None: the table is empty) with canonical columns and types.

    Raises
    ------
    BadWorkspace
        If that version cannot be opened.
    """
    files: list[str] = []
    known: set[str] = set()
    size = 0
    if version is not None:
        try:
            delta = DeltaTable(folder, version=version)
            known = {field.name for field in delta.schema().fields}
            actions = delta.get_add_actions(flatten=True)
        except (DeltaError, OSError, ValueError, OverflowError) as fault:
            raise damaged(table.name, folder) from fault
        # Not file_uris(): it percent-encodes the folder's own name, and DuckDB opens paths, not addresses.
        files = [str(folder / name) for name in actions.column("path").to_pylist()]
        sizes = actions.column("size_bytes").to_pylist()
        _check_sizes(table, folder, dict(zip(files, sizes, strict=True)))
        size = sum(sizes)
    if not files:
        columns = ", ".join(f"CAST(NULL AS {_SQL_TYPES[kind]}) AS {name}" for name, kind in table.columns.items())
        return Relation(f"SELECT {columns} WHERE false", 0)
    # A workspace written before a column existed simply lacks it.
    columns = ", ".join(
        f"CAST({name if name in known else 'NULL'} AS {_SQL_TYPES[kind]}) AS {name}"
        for name, kind in table.columns.items()
    )
    quoted = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    return Relation(f"SELECT {columns} FROM read_parquet([{quoted}], union_by_name = true)", size)


def replace(folder: Path, rows: pa.Table) -> int:
    """Write ``rows`` as the whole of the table; return the new Delta version."""
    return _write(folder, rows, "overwrite")


def upsert(table: Table, folder: Path, version: int, rows: pa.Table) -> tuple[int, Upsert]:
    """Merge ``rows`` (unique by key) onto ``version``; return the version to pin and what was done.

    Rows that would change nothing are not written, and where none is left no new version is made.
    """
    with connect() as connection:
        difference = _difference(connection, table, rows, relation(table, folder, version).sql)
    is_new = difference.column("is_new")
    changes = difference.drop_columns("is_new").cast(table.arrow)
    new = int(pc.sum(is_new).as_py() or 0)
    done = Upsert(new, changes.num_rows - new, rows.num_rows - changes.num_rows)
    if changes.num_rows == 0:
        return version, done
    delta = DeltaTable(folder)
    if delta.version() != version:
        # The head is past the pin: a change that never finished, or a commit that was undone.
        delta.restore(version)
    if done.changed == 0:
        return _write(folder, changes, "append"), done
    keys = " AND ".join(f"known.{key} = incoming.{key}" for key in table.keys)
    delta.merge(
        changes, keys, source_alias="incoming", target_alias="known", merge_schema=True, writer_properties=_properties()
    ).when_matched_update_all().when_not_matched_insert_all().execute()
    return delta.version(), done


def compact(folder: Path, version: int) -> int:
    """Join many small files into few, if they are many; return the version to pin."""
    delta = DeltaTable(folder, version=version)
    if delta.get_add_actions(flatten=True).num_rows <= MAX_FILES:
        return version
    delta = DeltaTable(folder)
    delta.optimize.compact(writer_properties=_properties())
    return delta.version()


def unique(table: Table, rows: pa.Table) -> pa.Table:
    """One row a key: the last known value of every column, by ``collected_at`` and then by position."""
    keys = ", ".join(table.keys)
    with connect() as connection:
        connection.register("incoming", rows)
        distinct = connection.sql(f"SELECT DISTINCT {keys} FROM incoming").count("*").to_arrow_table()
        if distinct.column(0)[0].as_py() == rows.num_rows:
            return rows
        columns = ", ".join(
            name
            if name in table.keys
            else f"last({name} ORDER BY collected_at NULLS FIRST, place) FILTER ({name} IS NOT NULL) AS {name}"
            for name in table.columns
        )
        connection.register("placed", rows.append_column("place", pa.array(range(rows.num_rows), pa.int64())))
        # "collected_at" in ORDER BY is the input column, not the alias of the output.
        joined = connection.sql(f"SELECT {columns} FROM placed GROUP BY {keys} ORDER BY min(place)")
        return joined.to_arrow_table().cast(table.arrow)


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """Turn what the disk, Delta or DuckDB says about a write into one sentence."""
    try:
        yield
    except (OSError, DeltaError, duckdb.IOException, duckdb.OutOfMemoryException) as fault:
        reason = getattr(fault, "strerror", None) or str(fault).splitlines()[0]
        raise BadWorkspace(
            f"The workspace {root} cannot be written ({reason}); check its permissions and the free space, "
            "then run it again: nothing was changed."
        ) from fault


def _difference(connection: duckdb.DuckDBPyConnection, table: Table, rows: pa.Table, known: str) -> pa.Table:
    """Rows of ``rows`` that are new or say something new, completed with what is known, and a flag ``is_new``."""
    connection.register("incoming", rows)
    values = [name for name in table.columns if name not in table.keys]
    columns = [f"i.{key}" for key in table.keys] + [f"coalesce(i.{v}, k.{v}) AS {v}" for v in values]
    says_more = " OR ".join(f"(i.{v} IS NOT NULL AND i.{v} IS DISTINCT FROM k.{v})" for v in values)
    return connection.sql(
        f"SELECT k.platform IS NULL AS is_new, {', '.join(columns)} FROM incoming i "
        f"LEFT JOIN ({known}) k USING ({', '.join(table.keys)}) WHERE k.platform IS NULL OR {says_more}"
    ).to_arrow_table()


def _write(folder: Path, rows: pa.Table, mode: str) -> int:
    fresh = not DeltaTable.is_deltatable(str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    write_deltalake(
        folder,
        rows,
        mode="overwrite" if mode == "overwrite" else "append",
        schema_mode=None if fresh else ("overwrite" if mode == "overwrite" else "merge"),
        configuration=_CONFIGURATION if fresh else None,
        writer_properties=_properties(),
    )
    return DeltaTable(folder).version()


def _properties() -> WriterProperties:
    return WriterProperties(compression="ZSTD", compression_level=3)


def _check_sizes(table: Table, folder: Path, expected: dict[str, int]) -> None:
    """Raise where a file is not as long as it was written: a large table is read late, and would fail in a query."""
    try:
        whole = all(Path(file).stat().st_size == size for file, size in expected.items())
    except OSError as fault:
        raise damaged(table.name, folder) from fault
    if not whole:
        raise damaged(table.name, folder)


def damaged(name: str, folder: Path) -> BadWorkspace:
    """The error of a table that cannot be read."""
    return BadWorkspace(
        f"Table '{name}' is missing or damaged in {folder}; put the folder back from a backup, "
        "or build the workspace again."
    )
