"""What one write of the store collects: rows merged or replaced, table by table, pinned when all is done."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from mtaf_core.data import delta, merging
from mtaf_core.data.conform import canonical_table, conform
from mtaf_core.data.delta import Upsert
from mtaf_core.data.tables import Table

SCRATCH = "scratch"
"""The folder beside the tables where a write keeps what is not finished."""


class Change:
    """What one `Store.write` block collects; see there."""

    def __init__(self, root: Path, pins: Mapping[str, int]) -> None:
        self._root = root
        self.pins = dict(pins)

    def merge(self, name: str, arrow: pa.Table) -> Upsert:
        """Add rows to a table, or bring known ones up to date.

        A row whose keys are known overwrites what is known, column by column, but a null never overwrites a value.
        Rows with the same keys within ``arrow`` are first made one: the last value that is not null in each column,
        by ``collected_at`` and then by position.

        Parameters
        ----------
        name : str
            A canonical table.
        arrow : pyarrow.Table
            Any of its columns, the keys at least, in any order.

        Returns
        -------
        Upsert
            How many rows were new, changed, or the same as before.

        Raises
        ------
        BadInput
            If the table or a column is unknown, a key is null, or values do not fit their column.
        BadWorkspace
            If the workspace cannot be written.
        """
        table, rows = canonical_table(name), conform(canonical_table(name), arrow)
        if rows.num_rows == 0:
            return Upsert()
        with delta.writing(self._root), delta.connect(self.scratch) as connection:
            connection.register("handed", rows.append_column("place", pa.array(range(rows.num_rows), pa.int64())))
            connection.execute(f"CREATE TABLE incoming AS {merging.unique_sql(table, 'handed')}")
            return self._merge(connection, table, "incoming")

    def merge_files(self, name: str, files: Sequence[Path]) -> Upsert:
        """Merge rows that lie in Parquet files, as `merge` does, with bounded memory.

        Parameters
        ----------
        name : str
            A canonical table.
        files : sequence of Path
            With exactly its columns and types; no two rows with the same keys.

        Raises
        ------
        BadInput
            If there is no such table.
        BadWorkspace
            If the workspace cannot be written.
        """
        table = canonical_table(name)
        if not files:
            return Upsert()
        with delta.writing(self._root), delta.connect(self.scratch) as connection:
            return self._merge(connection, table, f"({delta.scan(table, files)})")

    def relation(self, name: str) -> str:
        """SQL in brackets that yields the rows of a table as this change has left them so far."""
        return f"({delta.relation(canonical_table(name), self._folder(name), self.pins.get(name)).sql})"

    @property
    def scratch(self) -> Path:
        """A folder on the disk of the workspace for work under way; emptied by the next write."""
        return self._root / "tables" / SCRATCH

    def _merge(self, connection: duckdb.DuckDBPyConnection, table: Table, incoming: str) -> Upsert:
        folder = self._folder(table.name)
        version = self.pins[table.name] if table.name in self.pins else delta.replace(folder, table.arrow.empty_table())
        version, done = merging.merge(connection, table, folder, version, incoming, self.scratch)
        self.pins[table.name] = version
        return done

    def replace(self, name: str, arrow: pa.Table) -> int:
        """Make ``arrow`` the whole content of a table; return its number of rows. Parameters and errors as `merge`."""
        table, rows = canonical_table(name), conform(canonical_table(name), arrow)
        with delta.writing(self._root):
            with delta.connect() as connection:
                connection.register("handed", rows.append_column("place", pa.array(range(rows.num_rows), pa.int64())))
                rows = connection.sql(merging.unique_sql(table, "handed")).to_arrow_table().cast(table.arrow)
            self.pins[name] = delta.replace(self._folder(name), rows)
        return rows.num_rows

    def compact(self, before: Mapping[str, int]) -> None:
        """Join the small files of every table that this change wrote."""
        with delta.writing(self._root):
            for name, version in self.pins.items():
                if before.get(name) != version:
                    self.pins[name] = delta.compact(self._folder(name), version)

    def _folder(self, name: str) -> Path:
        return self._root / "tables" / name
