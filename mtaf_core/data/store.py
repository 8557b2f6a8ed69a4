"""The tables of a workspace: written whole or not at all, read with SQL.

``path/tables/<name>`` is a Delta table; ``path/tables/versions.json`` pins the version of each that is to be seen. A
change writes new Delta versions first and replaces the log last, so that whatever happens between leaves the old
state in sight, and every older commit can be gone back to.
"""

import re
import shutil
import threading
import warnings
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from filelock import FileLock, Timeout

from mtaf_core.data import delta, versions
from mtaf_core.data.change import SCRATCH, Change
from mtaf_core.data.tables import TABLES
from mtaf_core.data.versions import Commit
from mtaf_core.errors import BadInput, BadWorkspace

# Said of `execute` at every call; the copy is of the few rows that such a query answers.
warnings.filterwarnings("ignore", "Arrow output on a DB-API result", UserWarning)

SMALL_TABLE_BYTES = 8 * 1024 * 1024
"""Tables of at most this much Parquet are kept in memory, where a query costs a millisecond or so."""

_UNFIT = re.compile(r"[%\[\]^|*?]|\\(?!$)")
"""Characters in a folder's path that the Delta library or DuckDB cannot open."""

MAX_ANSWERS = 64
"""How many answers `Store.remember` keeps."""


@dataclass(frozen=True)
class _Snapshot:
    """One version of the whole workspace, opened."""

    state: str
    connection: duckdb.DuckDBPyConnection
    derived: set[str] = field(default_factory=set)
    answers: dict[Hashable, pa.Table] = field(default_factory=dict)


class Store:
    """The tables under ``path``; safe to share between threads, and to open from several processes.

    Parameters
    ----------
    path : Path
        The workspace folder. It is made by the first write; until then every table is empty.
    lock_timeout_s : float, default 10
        How long a write waits for another one to end.
    """

    def __init__(self, path: Path, lock_timeout_s: float = 10.0) -> None:
        self.path = Path(path).expanduser().absolute()
        self._lock_timeout_s = lock_timeout_s
        self._log_file = self.path / "tables" / "versions.json"
        self._guard = threading.RLock()
        self._log: tuple[object, tuple[Commit, ...]] | None = None
        self._opened: _Snapshot | None = None

    @property
    def version(self) -> int:
        """The number of the newest commit, 0 where there is none.

        Numbers start again where a workspace is built anew in the same folder: what is kept while the tables stay as
        they are is kept by `state`.
        """
        log = self.history()
        return log[-1].number if log else 0

    @property
    def state(self) -> str:
        """A word for the tables as they are; another after every change, and after another workspace took the place."""
        return _state(self.history())

    def history(self) -> tuple[Commit, ...]:
        """Every commit, oldest first.

        Raises
        ------
        BadWorkspace
            If the commit log is damaged, or gone while tables are still there.
        """
        with self._guard:
            stamp = self._stamp()
            if self._log is None or self._log[0] != stamp:
                self._log = (stamp, self._read_log())
            return self._log[1]

    @contextmanager
    def write(self, what: str) -> Iterator[Change]:
        """Change tables together: all of it is seen when the block ends, none of it before or if the block raises.

        Parameters
        ----------
        what : str
            What is being done, for the history: ``"import posts.json"``.

        Raises
        ------
        BadWorkspace
            If another write does not end in time, or the workspace is damaged or cannot be written.

        Examples
        --------
        >>> with store.write("import posts.json") as change:  # doctest: +SKIP
        ...     change.merge("videos", videos)
        ...     change.merge("snapshots", snapshots)
        """
        with self._writer():
            before = self._pins()
            change = Change(self.path, before)
            yield change
            if change.pins != before:
                change.compact(before)
                self._commit(what, change.pins)

    def restore(self, number: int) -> int:
        """Go back to an older commit; 0 is the empty workspace. This is itself a new commit, and can be undone.

        Returns
        -------
        int
            The new `version`.

        Raises
        ------
        BadInput
            If there is no such commit.
        BadWorkspace
            As `write`.
        """
        with self._writer():
            known: dict[int, Mapping[str, int]] = {0: {}, **{c.number: c.tables for c in self.history()}}
            if number not in known:
                raise BadInput(f"There is no version {number}; choose one of 0 to {max(known)}.")
            self._commit(f"restore {number}", known[number])
            return self.version

    def query(
        self,
        sql: str,
        params: Sequence[Any] | Mapping[str, Any] | None = None,
        derived: Mapping[str, str] | None = None,
        **arrow: pa.Table,
    ) -> pa.Table:
        """Run one SQL query over the newest commit.

        Every canonical table is in sight by its name, with all its canonical columns and types, empty if never
        written; each of ``arrow`` by the name it is passed as. Times come back in UTC.

        Parameters
        ----------
        sql : str
            DuckDB SQL.
        params : sequence or mapping, optional
            Values for ``?`` or ``$name`` in it.
        derived : mapping of str to str, optional
            Tables by name and the SQL that makes them; each is made once a commit and then kept in memory. For large
            queries that are asked often and answered in few rows.
        **arrow : pyarrow.Table
            More relations to query.

        Raises
        ------
        BadWorkspace
            If a table is missing or damaged.
        """
        with self._guard:
            snapshot = self._snapshot()
            cursor = snapshot.connection.cursor()
        with cursor, self._files_refused():
            for name, rows in arrow.items():
                cursor.register(name, rows)
            if derived is None:
                return cursor.sql(sql, params=params).to_arrow_table()
            self._derive(snapshot, derived)
            # `sql` plans a query twice, which takes longer than all the rest of a large one; `execute` does not.
            return cursor.execute(_parsed(sql), params).to_arrow_table()

    def batches(self, sql: str, params: Sequence[Any] | None = None, rows: int = 8_192) -> Iterator[pa.RecordBatch]:
        """What `query` answers, at most ``rows`` rows after another, never all of it in memory; errors as `query`."""
        with self._guard:
            cursor = self._snapshot().connection.cursor()
        with cursor, self._files_refused():
            yield from cursor.sql(sql, params=params).to_arrow_reader(rows)

    @contextmanager
    def workshop(self, spill: Path) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection of one's own over the newest commit, with bounded memory, for work that writes large files.

        Parameters
        ----------
        spill : Path
            An existing folder for what does not fit into memory.

        Raises
        ------
        BadWorkspace
            If a table is missing or damaged.
        """
        pins = self._pins()
        with delta.connect(spill) as connection:
            # Without it even rows that were asked for in an order arrive in another where they leave as Arrow.
            connection.execute("SET preserve_insertion_order = true")
            for table in TABLES.values():
                rows = delta.relation(table, self.path / "tables" / table.name, pins.get(table.name))
                try:
                    connection.execute(f"CREATE VIEW {table.name} AS {rows.sql}")
                except duckdb.Error as fault:
                    raise delta.damaged(table.name, self.path / "tables" / table.name) from fault
            yield connection

    def remember(self, key: Hashable, answer: Callable[[], pa.Table]) -> pa.Table:
        """What ``answer()`` returns, kept under ``key`` until the next commit; those asked for last are kept."""
        with self._guard:
            answers = self._snapshot().answers
            if key in answers:
                answers[key] = answers.pop(key)  # what was asked for last stays longest
                return answers[key]
        found = answer()
        with self._guard:
            while len(answers) >= MAX_ANSWERS:
                answers.pop(next(iter(answers)))
            answers[key] = found
        return found

    def forget(self) -> None:
        """Give back the memory that queries hold; the next one opens the tables anew."""
        with self._guard:
            self._opened = None  # queries under way keep it alive

    def counts(self) -> dict[str, int]:
        """Rows in every canonical table."""
        selects = " UNION ALL ".join(f"SELECT '{name}' AS name, count(*) AS n FROM {name}" for name in TABLES)
        rows = self.query(selects).to_pydict()
        found = dict(zip(rows["name"], rows["n"], strict=True))
        return {name: found[name] for name in TABLES}

    @contextmanager
    def _files_refused(self) -> Iterator[None]:
        """Say in words that a data file cannot be read, where a query inside the block meets one."""
        try:
            yield
        except duckdb.IOException as fault:
            raise BadWorkspace(
                f"A data file of the workspace {self.path} is missing or damaged; put the folder back from a "
                "backup, or build the workspace again."
            ) from fault

    def _snapshot(self) -> _Snapshot:
        log = self.history()
        state, pins = _state(log), log[-1].tables if log else {}
        if self._opened is None or self._opened.state != state:
            connection = delta.connect()
            for table in TABLES.values():
                rows = delta.relation(table, self.path / "tables" / table.name, pins.get(table.name))
                kind = "TABLE" if rows.size_bytes <= SMALL_TABLE_BYTES else "VIEW"
                try:
                    connection.execute(f"CREATE {kind} {table.name} AS {rows.sql}")
                except duckdb.Error as fault:  # its SQL is ours and fixed: only the files can be wrong
                    raise delta.damaged(table.name, self.path / "tables" / table.name) from fault
            self._opened = _Snapshot(state, connection)  # queries under way keep the one before alive
        return self._opened

    def _derive(self, snapshot: _Snapshot, derived: Mapping[str, str]) -> None:
        missing = [name for name in derived if name not in snapshot.derived]
        if not missing:
            return
        with self._guard:
            for name in missing:
                if name not in snapshot.derived:  # another thread may just have made it
                    snapshot.connection.execute(f"CREATE TABLE {name} AS {derived[name]}")
                    snapshot.derived.add(name)

    def _pins(self) -> Mapping[str, int]:
        log = self.history()
        return log[-1].tables if log else {}

    def _stamp(self) -> object:
        """Changes whenever the log is replaced, by whichever process."""
        try:
            stat = self._log_file.stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as fault:
            raise BadWorkspace(f"The workspace {self.path} cannot be read ({fault.strerror}).") from fault
        return stat.st_mtime_ns, stat.st_size, stat.st_ino

    def _read_log(self) -> tuple[Commit, ...]:
        try:
            return versions.read(self._log_file)
        except (FileNotFoundError, NotADirectoryError):
            if any((self._log_file.parent / name).is_dir() for name in TABLES):
                raise BadWorkspace(
                    f"The commit log {self._log_file} is missing; put it back from a backup, "
                    "or build the workspace again."
                ) from None
            return ()

    @contextmanager
    def _writer(self) -> Iterator[None]:
        """Be the one writer, in this process and any other."""
        unfit = _UNFIT.search(self.path.as_posix())
        if unfit:
            raise BadWorkspace(f"The workspace path {self.path} holds '{unfit.group()}'; choose a path without it.")
        with delta.writing(self.path):
            self._log_file.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._log_file.parent / "write.lock")
            try:
                lock.acquire(timeout=self._lock_timeout_s)
            except Timeout:
                raise BadWorkspace(
                    f"Another import is running in the workspace {self.path}; wait for it to end, then run it again."
                ) from None
        scratch = self._log_file.parent / SCRATCH
        try:
            with delta.writing(self.path):
                shutil.rmtree(scratch, ignore_errors=True)  # what a killed write left
                scratch.mkdir()
            if not self.history():
                # A log from the start tells a first write that failed (empty log) from a log that was lost (none).
                with delta.writing(self.path):
                    versions.write(self._log_file, ())
            yield
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
            lock.release()

    def _commit(self, what: str, pins: Mapping[str, int]) -> None:
        log = self.history()
        number = log[-1].number + 1 if log else 1
        with delta.writing(self.path):
            versions.write(self._log_file, (*log, Commit(number, datetime.now(UTC), what, dict(pins))))


def _state(log: tuple[Commit, ...]) -> str:
    return f"{log[-1].number} {log[-1].time.isoformat()}" if log else ""


@lru_cache(maxsize=128)
def _parsed(sql: str) -> duckdb.Statement:
    """A query that is asked often, parsed: a third of what the facts of one video cost is this."""
    with duckdb.connect() as connection:
        return connection.extract_statements(sql)[0]
