"""The one way into the tables: rows are collected on disk, checked, made one a key, and written in one commit.

Nothing here grows with the import but files in the staging folder, which lies in the workspace and is removed at the
end; whatever stops the process before the commit leaves the workspace as it was.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mtaf_core.data import delta, merging
from mtaf_core.data.change import Change
from mtaf_core.data.delta import Upsert
from mtaf_core.data.importers import checks, flags
from mtaf_core.data.importers.reasons import say
from mtaf_core.data.importers.report import RejectedFile, TableCounts
from mtaf_core.data.importers.rows import Parsed, Rank, Rejected, shown
from mtaf_core.data.merging import STUB
from mtaf_core.data.store import Store
from mtaf_core.data.tables import EMBEDDINGS, SNAPSHOTS, TABLES, VIDEOS, Table
from mtaf_core.jobs import Progress, Step, silent

BUFFERED_ROWS = 20_000
"""Rows of readers that are held before they go to disk."""

ROWS_A_PART = 1_500_000
"""Rows that are made one a key at a time."""

_EXTRA = {"file_no": pa.int32(), "line": pa.int64(), "place": pa.int64()}


@dataclass(frozen=True)
class Landed:
    """What a landing did.

    Parameters
    ----------
    commit : int or None
        The new version of the store; None where nothing changed.
    tables : dict of str to TableCounts
    rejected_rows, rejected_values : int
    flags : dict of str to int
    """

    commit: int | None
    tables: dict[str, TableCounts]
    rejected_rows: int
    rejected_values: int
    flags: dict[str, int]


class Landing:
    """Collects the rows of one import in ``folder`` and then writes them to the tables.

    Parameters
    ----------
    folder : Path
        An empty folder in the workspace, for work under way; ``rejected.csv`` and ``flags.csv`` come to be in it.
    zone : str
        IANA name of the market's zone: days are its days.
    """

    def __init__(self, folder: Path, zone: str) -> None:
        self.folder = folder
        self.zone = zone
        self.rejected = RejectedFile(folder / "rejected.csv")
        self._files: dict[str, int] = {}
        self._place = 0
        self._buffers: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
        self._buffered = 0
        self._writers: dict[str, pq.ParquetWriter] = {}

    def add(self, found: Parsed | Rejected) -> None:
        """Take what a reader found."""
        if isinstance(found, Rejected):
            self.rejected.add(found, found.table or None)
            return
        number = self._files.setdefault(found.file, len(self._files))
        for table, values, rank in found.rows:
            row = {**values, "file_no": number, "line": found.line, "place": self._place}
            if rank is Rank.STUB:
                row["source"] = f"{values.get('source') or ''}{STUB}"
            self._buffers[table].append(row)
            self._place += 1
        self._buffered += len(found.rows)
        if self._buffered >= BUFFERED_ROWS:
            self._flush()

    def add_arrow(self, name: str, rows: pa.Table, file: str) -> None:
        """Take many rows of one table: canonical columns in their types, and ``line``, from 1."""
        table, n = TABLES[name], rows.num_rows
        if n == 0:
            return
        number = self._files.setdefault(file, len(self._files))
        extra = {
            "file_no": pa.repeat(pa.scalar(number, pa.int32()), n),
            "line": rows.column("line"),
            "place": pa.array(np.arange(self._place, self._place + n, dtype=np.int64)),
        }
        self._place += n
        columns = [
            extra[c] if c in extra else rows.column(c) if c in rows.column_names else pa.nulls(n, kind)
            for c, kind in _staged(table).items()
        ]
        self._write(table, pa.Table.from_arrays(columns, schema=pa.schema(list(_staged(table).items()))))

    def finish(self, store: Store, what: str, progress: Progress = silent) -> Landed:
        """Check everything that was collected and write it to the tables in one commit.

        Raises
        ------
        BadWorkspace
            If the workspace cannot be written, or another import does not end in time; nothing has changed then.
        Cancelled
            If ``progress`` stops it before the commit.
        """
        with delta.writing(store.path):
            self._flush()
            for writer in self._writers.values():
                writer.close()
            ready, duplicates = self._make_ready(progress)
            before = store.version
            with store.write(what) as change:
                done, odd = self._merge(change, ready, progress)
            if duplicates:
                odd = {"duplicates": duplicates, **odd}
            self.rejected.close()
        commit = store.version if store.version != before else None
        names = [name for name in TABLES if name in done or self.rejected.by_table[name]]
        tables = {name: _counts(done.get(name, Upsert()), self.rejected.by_table[name]) for name in names}
        return Landed(commit, tables, self.rejected.rows, self.rejected.values, odd)

    def close(self) -> None:
        """Let go of every file; needed only where `finish` was not reached."""
        for opened in (*self._writers.values(), self.rejected):
            with suppress(OSError):  # a full disk has been said by what met it first
                opened.close()

    def _flush(self) -> None:
        for name, rows in self._buffers.items():
            if rows:
                self._write(TABLES[name], self._as_arrow(TABLES[name], rows))
                rows.clear()
        self._buffered = 0

    def _as_arrow(self, table: Table, rows: list[dict[str, Any]]) -> pa.Table:
        schema = pa.schema(list(_staged(table).items()))
        try:
            return pa.Table.from_pylist(rows, schema)
        except (pa.ArrowException, OverflowError, TypeError, ValueError):
            for row in rows:
                self._leave_out_unfit(schema, row)
            return pa.Table.from_pylist(rows, schema)

    def _leave_out_unfit(self, schema: pa.Schema, row: dict[str, Any]) -> None:
        """Take values from ``row`` that their column cannot hold."""
        names = list(self._files)
        for column, kind in zip(schema.names, schema.types, strict=True):
            try:
                pa.array([row.get(column)], kind)
            except (pa.ArrowException, OverflowError, TypeError, ValueError):
                value = row.pop(column)
                self.rejected.add(
                    Rejected(names[row["file_no"]], row["line"], column, shown(value), say("unfit"), kept=True)
                )

    def _write(self, table: Table, rows: pa.Table) -> None:
        with delta.writing(self.folder.parent.parent):
            if table.name not in self._writers:
                # "staged" is read again once and then removed: quick to write counts more than small.
                self._writers[table.name] = pq.ParquetWriter(
                    self._staged_file(table.name), rows.schema, compression="lz4"
                )
            self._writers[table.name].write_table(rows)

    def _staged_file(self, name: str) -> Path:
        return self.folder / f"staged-{name}.parquet"

    def _make_ready(self, progress: Progress) -> tuple[dict[str, list[Path]], int]:
        """Check the rows and make them one a key: files by table, and how many snapshots came twice."""
        ready: dict[str, list[Path]] = {}
        duplicates = 0
        today = datetime.now(UTC).astimezone(ZoneInfo(self.zone)).date()
        with delta.connect(self.folder / "spill") as connection:
            for done, name in enumerate(self._writers):
                progress(Step("check", done, len(self._writers), TABLES[name].name))
                table, staged = TABLES[name], f"read_parquet('{_quoted(self._staged_file(name))}')"
                found = checks.checks(table, today)
                self._note(connection, name, staged, found)
                clean = checks.clean_sql(table, staged, found, "place")
                ready[name], twice = self._unique(connection, table, clean)
                duplicates += twice if table is SNAPSHOTS else 0
                if table is not SNAPSHOTS:  # whose lines are asked for once more
                    self._staged_file(name).unlink()
        return ready, duplicates

    def _note(
        self, connection: duckdb.DuckDBPyConnection, name: str, staged: str, found: Iterable[checks.Check]
    ) -> None:
        """Write what the checks refuse to the file of rejections."""
        found = tuple(found)
        counted = ", ".join(f"count(*) FILTER ({check.wrong})" for check in found)
        times = connection.sql(f"SELECT {counted} FROM {staged}").fetchall()[0]
        names = list(self._files)
        for check, n in zip(found, times, strict=True):
            if not n:
                continue
            cursor = connection.execute(
                f"SELECT file_no, line, coalesce(CAST({check.column} AS VARCHAR), '') FROM {staged} WHERE {check.wrong}"
            )
            while rows := cursor.fetchmany(10_000):
                for number, line, value in rows:
                    self.rejected.add(
                        Rejected(names[number], line, check.column, shown(value), check.reason, check.kept), name
                    )

    def _unique(self, connection: duckdb.DuckDBPyConnection, table: Table, clean: str) -> tuple[list[Path], int]:
        file = pq.ParquetFile(self._staged_file(table.name))
        parts = -(-file.metadata.num_rows // ROWS_A_PART)
        held = sorted(delta.held(file.metadata))
        keys, twice, ready = ", ".join(table.keys), 0, []
        for part in range(parts):
            mine = f" WHERE hash({table.keys[1]}) % {parts} = {part}" if parts > 1 else ""
            connection.execute(f"CREATE OR REPLACE TEMP TABLE part AS SELECT * FROM ({clean}){mine}")
            rows, distinct = connection.sql(
                f"SELECT (SELECT count(*) FROM part), (SELECT count(*) FROM (SELECT DISTINCT {keys} FROM part))"
            ).fetchall()[0]
            sql = f"SELECT {', '.join(table.columns)} FROM part"
            if distinct < rows:
                sql = merging.unique_sql(table, "part", held, ordered=False)
            twice += rows - distinct
            ready.append(self.folder / f"ready-{table.name}-{part}.parquet")
            connection.execute(f"COPY ({sql}) TO '{_quoted(ready[-1])}' (FORMAT parquet, COMPRESSION lz4)")
        connection.execute("DROP TABLE IF EXISTS part")
        return ready, twice

    def _merge(
        self, change: Change, ready: dict[str, list[Path]], progress: Progress
    ) -> tuple[dict[str, Upsert], dict[str, int]]:
        """Merge every table; snapshots last, for their day counts from the upload time that the videos now have."""
        before = change.relation("videos")
        done: dict[str, Upsert] = {}
        odd: dict[str, int] = {}
        others = [name for name in ready if name != SNAPSHOTS.name]
        with delta.connect(self.folder / "spill") as connection:
            vectors = ready.get(EMBEDDINGS.name)
            if vectors:
                checks.check_vectors(connection, _scan(EMBEDDINGS, vectors), change.relation(EMBEDDINGS.name))
            for step, name in enumerate(others):
                progress(Step("write", step, len(ready), name))
                done[name] = change.merge_files(name, ready[name])
            if vectors:  # asked only then: it goes through every video
                strangers = flags.count_strangers(connection, _scan(EMBEDDINGS, vectors), change.relation(VIDEOS.name))
                odd |= {"no_video": strangers} if strangers else {}
            progress(Step("write", len(others), len(ready), SNAPSHOTS.name))
            files = self._dated(connection, change, before, ready, odd)
            if files and ready.get(SNAPSHOTS.name):
                falls = self._falls(connection, change, files)
                odd |= {"falls": falls} if falls else {}
        if files:
            done[SNAPSHOTS.name] = change.merge_files(SNAPSHOTS.name, files)
        progress(Step("write", len(ready), len(ready)))
        return done, odd

    def _dated(
        self,
        connection: duckdb.DuckDBPyConnection,
        change: Change,
        before: str,
        ready: dict[str, list[Path]],
        odd: dict[str, int],
    ) -> list[Path]:
        """The snapshots with their ``day_index``, and those on record whose video's upload time has become known."""
        arrived = _scan(SNAPSHOTS, ready.get(SNAPSHOTS.name, []))
        day = f"CAST(timezone(coalesce(timezone, '{self.zone}'), created_at) AS DATE)"
        videos = f"SELECT platform, video_id, {day} AS uploaded FROM {{}} WHERE created_at IS NOT NULL"
        known = change.relation("snapshots")
        new = f"(SELECT * FROM ({videos.format(change.relation('videos'))}) "
        connection.execute(
            f"CREATE TEMP TABLE uploads AS {new} SEMI JOIN (SELECT platform, video_id FROM {arrived}) USING "
            "(platform, video_id))"
        )
        columns = ", ".join(
            "coalesce(CASE WHEN day >= 1 THEN day END, day_index) AS day_index" if c == "day_index" else c
            for c in SNAPSHOTS.columns
        )
        dated = (
            f"(SELECT s.*, date_diff('day', uploaded, snapshot_date) + 1 AS day FROM {arrived} s "
            "LEFT JOIN uploads USING (platform, video_id))"
        )
        n = self._note_early(connection, dated)
        odd |= {"before_upload": n} if n else {}
        files = []
        if ready.get(SNAPSHOTS.name):
            rows = f"SELECT {columns} FROM {dated} WHERE coalesce(day >= 0, true)"
            files.append(self._copy(connection, rows, "dated"))
        if "videos" in ready and "snapshots" in change.pins:
            # Only a video of this import can have another upload time than before.
            keys = f"SELECT platform, video_id FROM {_scan(VIDEOS, ready['videos'])}"
            mine = f"SEMI JOIN ({keys}) USING (platform, video_id)"
            was = f"SELECT * FROM ({videos.format(before)}) {mine}"
            connection.execute(f"CREATE TEMP TABLE moved AS {new} {mine}) EXCEPT ({was})")
            late = (
                f"SELECT {_only(('platform', 'video_id', 'snapshot_date', 'day_index'))} FROM ("
                "SELECT k.platform, k.video_id, k.snapshot_date, k.day_index AS had, "
                "date_diff('day', n.uploaded, k.snapshot_date) + 1 AS day_index "
                f"FROM {known} k JOIN moved n USING (platform, video_id) "
                f"ANTI JOIN {arrived} a USING (platform, video_id, snapshot_date)) "
                "WHERE day_index >= 1 AND day_index IS DISTINCT FROM had"
            )
            if connection.sql("SELECT count(*) FROM moved").fetchall()[0][0]:
                files.append(self._copy(connection, late, "late"))
        return files

    def _note_early(self, connection: duckdb.DuckDBPyConnection, dated: str) -> int:
        """Reject snapshots from before the upload; how many are so close to it that time zones may explain it."""
        if not self._staged_file(SNAPSHOTS.name).exists():
            return 0
        connection.execute(f"CREATE TEMP TABLE early AS SELECT * FROM {dated} WHERE day < 1")
        staged = f"read_parquet('{_quoted(self._staged_file(SNAPSHOTS.name))}')"
        names = list(self._files)
        cursor = connection.execute(
            f"SELECT DISTINCT file_no, line, snapshot_date FROM {staged} SEMI JOIN (FROM early WHERE day < 0) USING "
            "(platform, video_id, snapshot_date) ORDER BY ALL"
        )
        while rows := cursor.fetchmany(10_000):
            for number, line, day in rows:
                early = Rejected(names[number], line, "snapshot_date", str(day), say("before_upload"))
                self.rejected.add(early, SNAPSHOTS.name)
        return int(connection.sql("SELECT count(*) FROM early WHERE day = 0").fetchall()[0][0])

    def _copy(self, connection: duckdb.DuckDBPyConnection, rows: str, name: str) -> Path:
        file = self.folder / f"ready-snapshots-{name}.parquet"
        connection.execute(f"COPY ({rows}) TO '{_quoted(file)}' (FORMAT parquet, COMPRESSION lz4)")
        return file

    def _falls(self, connection: duckdb.DuckDBPyConnection, change: Change, files: list[Path]) -> int:
        columns = ", ".join(("platform", "video_id", "snapshot_date", *flags.COUNTS))
        arrived = f"read_parquet('{_quoted(files[0])}')"
        connection.execute(f"CREATE TEMP TABLE touched AS SELECT DISTINCT platform, video_id FROM {arrived}")
        rows = pq.ParquetFile(files[0]).metadata.num_rows
        known = change.relation("snapshots")
        seen = f"(SELECT {columns}, true AS arrived FROM {arrived}"
        if "snapshots" in change.pins:
            connection.execute(
                f"CREATE TEMP TABLE earlier AS SELECT {columns} FROM {known} SEMI JOIN touched USING "
                f"(platform, video_id) ANTI JOIN {arrived} USING (platform, video_id, snapshot_date)"
            )
            rows += connection.sql("SELECT count(*) FROM earlier").fetchall()[0][0]
            seen += " UNION ALL SELECT *, false FROM earlier"
        return flags.list_falls(connection, f"{seen})", rows, self.folder / "flags.csv")


def read_into(landing: Landing, found: Iterable[Parsed | Rejected], stop: Callable[[], None]) -> None:
    """Take all that a reader yields, calling ``stop`` now and then, which may raise to end it."""
    for number, one in enumerate(found):
        if number % 1000 == 0:
            stop()
        landing.add(one)


def _staged(table: Table) -> dict[str, pa.DataType]:
    return {**table.columns, **_EXTRA}


def _scan(table: Table, files: list[Path]) -> str:
    if files:
        return f"({delta.scan(table, files)})"
    return f"({delta.relation(table, Path(), None).sql})"


def _only(columns: tuple[str, ...]) -> str:
    """Every column of ``snapshots``, null but for ``columns``."""
    return ", ".join(
        c if c in columns else f"CAST(NULL AS {delta.SQL_TYPES[kind]}) AS {c}" for c, kind in SNAPSHOTS.columns.items()
    )


def _counts(done: Upsert, rejected: int) -> TableCounts:
    return TableCounts(done.new, done.changed, done.same, rejected)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
