"""One canonical table on disk: a Delta table read at a pinned version and written past it.

Delta keeps every version until it is vacuumed, and this product never vacuums: an older commit of the workspace can
always be read again. Only `mtaf_core.data.store` decides which version is the one to be seen.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError

from mtaf_core.data.tables import Table
from mtaf_core.errors import BadWorkspace

MAX_FILES = 32
"""A table in more Parquet files than this is compacted by the next write; many small ones make reading slow."""

WORK_MEMORY = "900MB"
"""How much memory DuckDB takes for a merge of any size, beside which Python and Arrow need about as much again."""

_CONFIGURATION = {
    # Delta would drop log entries after 30 days, and with them the versions that older commits point at.
    "delta.enableExpiredLogCleanup": "false",
    "delta.logRetentionDuration": "interval 36500 days",
}
SQL_TYPES = {
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


def connect(spill: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Open a private DuckDB in memory that sees UTC and never goes to the network.

    Parameters
    ----------
    spill : Path, optional
        Where work that is larger than `WORK_MEMORY` goes; with it the order of rows is not kept. Where not given,
        memory is not limited, and spilled work goes to the temporary folder of this machine.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "temp_directory": str(spill or Path(gettempdir()) / "mtaf-duckdb"),
    }
    if spill:
        config |= {"memory_limit": WORK_MEMORY, "preserve_insertion_order": "false"}
    connection = duckdb.connect(config=config)
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    # Drawn on stdout after two seconds, where JSON goes.
    connection.execute("SET enable_progress_bar = false")
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
    found: list[Path] = []
    size = 0
    if version is not None:
        found, size = _data_files(table, folder, version)
    if not found:
        columns = ", ".join(f"CAST(NULL AS {SQL_TYPES[kind]}) AS {name}" for name, kind in table.columns.items())
        return Relation(f"SELECT {columns} WHERE false", 0)
    try:
        return Relation(scan(table, found), size)
    except (OSError, pa.ArrowException) as fault:
        raise damaged(table.name, folder) from fault


def files(table: Table, folder: Path, version: int) -> list[Path]:
    """The data files of one version; errors as `relation`."""
    return _data_files(table, folder, version)[0]


def scan(table: Table, found: Sequence[Path]) -> str:
    """SQL that reads data files with canonical columns and types.

    Raises
    ------
    OSError, pyarrow.ArrowException
        If a file is missing or damaged.
    """
    # A file written before a column existed simply lacks it.
    known = {name for file in found for name in pq.read_schema(file).names}
    columns = ", ".join(
        f"CAST({name if name in known else 'NULL'} AS {SQL_TYPES[kind]}) AS {name}"
        for name, kind in table.columns.items()
    )
    quoted = ", ".join("'" + str(file).replace("'", "''") + "'" for file in found)
    return f"SELECT {columns} FROM read_parquet([{quoted}], union_by_name = true)"


def held(metadata: pq.FileMetaData) -> set[str]:
    """The columns of a Parquet file with any value in them."""
    found = set()
    for group in range(metadata.num_row_groups):
        rows = metadata.row_group(group)
        for place in range(metadata.num_columns):
            column = rows.column(place)
            name, *inner = column.path_in_schema.split(".")
            # Of a list it is the numbers in it that are counted, not the rows.
            if inner or column.statistics is None or column.statistics.null_count != rows.num_rows:
                found.add(name)
    return found


def _data_files(table: Table, folder: Path, version: int) -> tuple[list[Path], int]:
    try:
        actions = DeltaTable(folder, version=version).get_add_actions(flatten=True)
    except (DeltaError, OSError, ValueError, OverflowError) as fault:
        raise damaged(table.name, folder) from fault
    # Not file_uris(): it percent-encodes the folder's own name, and DuckDB opens paths, not addresses.
    found = [folder / name for name in actions.column("path").to_pylist()]
    sizes = actions.column("size_bytes").to_pylist()
    _check_sizes(table, folder, dict(zip(map(str, found), sizes, strict=True)))
    return found, sum(sizes)


def replace(folder: Path, rows: pa.Table) -> int:
    """Write ``rows`` as the whole of the table; return the new Delta version."""
    return _write(folder, rows, "overwrite")


def compact(folder: Path, version: int) -> int:
    """Join many small files into few, if they are many; return the version to pin."""
    delta = DeltaTable(folder, version=version)
    if delta.get_add_actions(flatten=True).num_rows <= MAX_FILES:
        return version
    delta = DeltaTable(folder)
    delta.optimize.compact(writer_properties=_properties())
    return delta.version()


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


def settle(file: Path, place: Path) -> None:
    """Move a finished file to its place so that it is there whole, even after a power cut."""
    with open(file, "rb") as stream:
        os.fsync(stream.fileno())
    os.replace(file, place)


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
