"""Merge rows into a canonical table file by file: memory stays bounded, and only files that change are written anew.

What a row says goes before what is known, column by column, and a null never goes before a value. Two things turn that
round, so that the order in which files are imported makes no difference: a row collected before what is known only
fills blanks, and so does the stub of an author that a post carries where a profile is on record.
"""

import time
import uuid
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable, Field
from deltalake.transaction import AddAction, RemoveAction

from mtaf_core.data import delta
from mtaf_core.data.delta import Upsert
from mtaf_core.data.tables import Table

STUB = ":author"
"""How the ``source`` of a row ends that comes from a post's stub of its author, not from a profile."""

ROWS_PER_FILE = 1_000_000
"""About how many rows a data file gets: few enough that writing one anew is quick."""

_VECTORS_PER_GROUP = 8_192
"""Rows of vectors that a file compresses together: DuckDB's own 122,880 of them are more than its memory."""

BOOKKEEPING = ("source", "collected_at")
"""Columns that say where a row comes from; a row that differs in nothing else counts as the same."""


def merge(
    connection: duckdb.DuckDBPyConnection, table: Table, folder: Path, version: int, incoming: str, scratch: Path
) -> tuple[int, Upsert]:
    """Merge rows onto one version of a table.

    Parameters
    ----------
    connection : DuckDBPyConnection
        From `delta.connect`.
    folder : Path
        Of the Delta table.
    version : int
        The Delta version to merge onto; what the table may hold past it is dropped.
    incoming : str
        A relation of ``connection`` with the canonical columns, unique by key: a name, or SQL in brackets.
    scratch : Path
        An empty folder on the disk of the workspace, for work under way.

    Returns
    -------
    tuple of int and Upsert
        The version to pin, the same as before where nothing is new.
    """
    known = delta.files(table, folder, version)
    difference = scratch / f"{table.name}-difference.parquet"
    _difference(connection, table, incoming, known, difference)
    total = _one(connection, f"SELECT count(*) FROM {incoming}")
    changes = f"read_parquet({_text(difference)})"
    new, written, changed = connection.sql(
        f"SELECT count(*) FILTER (is_new), count(*), count(*) FILTER (NOT is_new AND says_more) FROM {changes}"
    ).fetchall()[0]
    done = Upsert(new, changed, total - new - changed)
    if written == 0:
        return version, done
    head = _head(table, folder, version)
    found = delta.held(pq.read_metadata(difference))
    held = [name for name in table.columns if name in found]
    fresh = [*_added(connection, table, changes, held, scratch)]
    gone = []
    for (file,) in connection.sql(f"SELECT DISTINCT file FROM {changes} WHERE NOT is_new ORDER BY file").fetchall():
        gone.append(Path(file).name)
        fresh.append(_renewed(connection, table, file, changes, held, scratch))
    _commit(head, folder, fresh, gone)
    difference.unlink()
    return DeltaTable(folder).version(), done


def unique_sql(table: Table, rows: str, columns: Sequence[str] | None = None, ordered: bool = True) -> str:
    """SQL for one row a key of ``rows``, which has canonical columns and ``place``.

    The last known value of every column counts: profiles after stubs, then by ``collected_at``, then by ``place``.

    Parameters
    ----------
    columns : sequence of str, optional
        Those that hold any value; the others come out null without work. All of them where not given.
    ordered : bool, default True
        By ``place``, which takes a sort.
    """
    held = set(table.columns if columns is None else columns)
    picked = [name for name in table.columns if name not in table.keys]
    # One 128-bit number orders faster than three columns: a bit for profiles, 64 for the time, 40 for the place.
    order = (
        f"(CASE WHEN source LIKE '%{STUB}' THEN 0 ELSE 1 END)::HUGEINT * {1 << 105} "
        f"+ coalesce(greatest(epoch_us(collected_at), 0) + 1, 0)::HUGEINT * {1 << 40} + place"
    )
    values = ", ".join(
        f"arg_max({name}, priority) AS {name}"
        if name in held
        else f"CAST(NULL AS {delta.SQL_TYPES[table.columns[name]]}) AS {name}"
        for name in picked
    )
    keys = ", ".join(table.keys)
    return (
        f"SELECT {keys}, {values} FROM (SELECT *, {order} AS priority FROM {rows}) GROUP BY {keys}"
        f"{' ORDER BY min(place)' if ordered else ''}"
    )


def _difference(
    connection: duckdb.DuckDBPyConnection, table: Table, incoming: str, known: Sequence[Path], into: Path
) -> None:
    """Rows that are new or say something new, completed with what is known, and the file that has them now."""
    values = [name for name in table.columns if name not in table.keys]
    if not known:
        columns = ", ".join(table.columns)
        sql = f"SELECT true AS is_new, true AS says_more, CAST(NULL AS VARCHAR) AS file, {columns} FROM {incoming}"
    else:
        stub, profile = f"i.source LIKE '%{STUB}'", f"coalesce(k.source, '') NOT LIKE '%{STUB}'"
        fills = (
            f"coalesce(CASE WHEN {stub} AND {profile} THEN true WHEN NOT {stub} AND NOT ({profile}) THEN false "
            "ELSE i.collected_at < k.collected_at END, false)"
        )
        merged = ", ".join(
            f"CASE WHEN {fills} THEN coalesce(k.{v}, i.{v}) ELSE coalesce(i.{v}, k.{v}) END AS {v}" for v in values
        )
        facts = [v for v in values if v not in BOOKKEEPING]
        says_more = " OR ".join(f"m.{v} IS DISTINCT FROM m.known_{v}" for v in facts) or "false"
        noted = " OR ".join(f"m.{v} IS DISTINCT FROM m.known_{v}" for v in BOOKKEEPING)
        before = ", ".join(f"k.{v} AS known_{v}" for v in values)
        keys = ", ".join(f"i.{key}" for key in table.keys)
        sql = (
            f"SELECT is_new, ({says_more}) AS says_more, file, {', '.join(table.columns)} FROM ("
            f"SELECT k.platform IS NULL AS is_new, k.file, {keys}, {merged}, {before} FROM {incoming} i "
            f"LEFT JOIN ({_scan(table, known, 'file')}) k USING ({', '.join(table.keys)})) m "
            f"WHERE is_new OR {says_more} OR {noted}"
        )
    connection.execute(f"COPY ({sql}) TO {_text(into)} ({_format('lz4', table.columns)})")


def _added(
    connection: duckdb.DuckDBPyConnection, table: Table, changes: str, held: Sequence[str], scratch: Path
) -> Iterator[tuple[Path, int]]:
    """Write the new rows; a table by day keeps each stretch of days together, so that a later change finds it."""
    columns = ", ".join(table.columns)
    total = _one(connection, f"SELECT count(*) FROM {changes} WHERE is_new")
    conditions = ["true"]
    if total > ROWS_PER_FILE:
        conditions = list(_stretches(connection, table, changes, total))
    for condition in conditions if total else ():
        rows = f"SELECT {columns} FROM {changes} WHERE is_new AND {condition}"
        yield _write(connection, rows, held, scratch)


def _stretches(connection: duckdb.DuckDBPyConnection, table: Table, changes: str, total: int) -> Iterator[str]:
    if "snapshot_date" not in table.keys:
        parts = -(-total // ROWS_PER_FILE)
        yield from (f"hash({table.keys[1]}) % {parts} = {part}" for part in range(parts))
        return
    since, rows, last = None, 0, None
    for day, count in connection.sql(
        f"SELECT snapshot_date, count(*) FROM {changes} WHERE is_new GROUP BY 1 ORDER BY 1"
    ).fetchall():
        if rows and rows + count > ROWS_PER_FILE:
            yield f"snapshot_date BETWEEN DATE '{since}' AND DATE '{last}'"
            since, rows = None, 0
        since, rows, last = since or day, rows + count, day
    yield f"snapshot_date BETWEEN DATE '{since}' AND DATE '{last}'"


def _renewed(
    connection: duckdb.DuckDBPyConnection, table: Table, file: str, changes: str, held: Sequence[str], scratch: Path
) -> tuple[Path, int]:
    """Write a data file anew with its changed rows, which hold something in the columns ``held``."""
    before = delta.held(pq.read_metadata(file))
    both = [name for name in table.columns if name in held or name in before]
    columns, keys = ", ".join(table.columns), ", ".join(table.keys)
    mine = f"SELECT {columns} FROM {changes} WHERE NOT is_new AND file = {_text(Path(file))}"
    return _write(
        connection,
        f"SELECT {columns} FROM ({_scan(table, [Path(file)])}) k ANTI JOIN ({mine}) c USING ({keys}) UNION ALL {mine}",
        both,
        scratch,
    )


def _write(connection: duckdb.DuckDBPyConnection, rows: str, held: Sequence[str], scratch: Path) -> tuple[Path, int]:
    """Write a data file of the columns that hold anything: most columns of a market never do, and a reader of Delta
    takes one that a file lacks for null."""
    file = scratch / f"part-{uuid.uuid4()}.zstd.parquet"
    some = f"SELECT {', '.join(held)} FROM ({rows})"
    written = connection.execute(f"COPY ({some}) TO {_text(file)} ({_format('zstd', held)})").fetchall()
    return file, int(written[0][0])


def _format(compression: str, columns: Collection[str]) -> str:
    """How DuckDB writes a data file with these columns."""
    groups = f", ROW_GROUP_SIZE {_VECTORS_PER_GROUP}" if "vector" in columns else ""
    return f"FORMAT parquet, COMPRESSION {compression}{groups}"


def _scan(table: Table, files: Sequence[Path], place: str | None = None) -> str:
    """SQL that reads data files with canonical columns and types, and optionally the name of the file of each row."""
    sql = delta.scan(table, files)
    return sql if place is None else sql.replace(" FROM read_parquet(", f", filename AS {place} FROM read_parquet(", 1)


def _head(table: Table, folder: Path, version: int) -> DeltaTable:
    """The table with its head at ``version`` and every canonical column."""
    head = DeltaTable(folder)
    if head.version() != version:
        # The head is past the pin: a change that never finished, or a commit that was undone.
        head.restore(version)
    known = {field.name for field in head.schema().fields}
    if not known.issuperset(table.columns):
        # A workspace written before a column existed.
        missing = [pa.field(name, kind) for name, kind in table.columns.items() if name not in known]
        head.alter.add_columns([Field.from_arrow(field) for field in missing])
        head = DeltaTable(folder)
    return head


def _commit(head: DeltaTable, folder: Path, fresh: Sequence[tuple[Path, int]], gone: list[str]) -> None:
    """One Delta commit: data files that come and data files that go."""
    came = []
    for file, rows in fresh:
        place = folder / file.name
        delta.settle(file, place)
        stat = place.stat()
        stats = f'{{"numRecords":{rows}}}'
        came.append(AddAction(place.name, stat.st_size, {}, int(stat.st_mtime * 1000), True, stats))
    head.create_write_transaction([*came, *_removed(gone)], mode="append", schema=head.schema())


def _removed(gone: list[str]) -> list[RemoveAction]:
    now = int(time.time() * 1000)
    return [RemoveAction(path=name, data_change=True, deletion_timestamp=now) for name in gone]


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(connection.sql(sql).fetchall()[0][0])


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
