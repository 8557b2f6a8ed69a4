"""A table through a mapping into canonical rows, batch by batch."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mtaf_core.data import delta
from mtaf_core.data.importers import values
from mtaf_core.data.importers.columns import Fault, How, convert
from mtaf_core.data.importers.mapping import FileMap, Mapping, Source, Vector
from mtaf_core.data.importers.reasons import Refused, say
from mtaf_core.data.importers.rows import Context, Rejected
from mtaf_core.data.importers.sources import Document
from mtaf_core.data.importers.tables_in import Batch, batches
from mtaf_core.data.tables import EMBEDDINGS, TABLES, Table
from mtaf_core.limits import MAX_TAG_CHARS, MAX_TAGS

MAX_JOINED_ROWS = 5_000_000
_MIN_IDS = 3

Take = Callable[[str, pa.Table], None]
Reject = Callable[[Rejected], None]


def read(
    document: Document,
    mapping: Mapping,
    context: Context,
    others: Sequence[Document],
    scratch: Path,
    take: Take,
    reject: Reject,
    tick: Callable[[], None] = lambda: None,
) -> int:
    """Read one document by a mapping.

    Parameters
    ----------
    others : sequence of Document
        The documents of the import, where joins find theirs.
    take : callable
        Given the name of a table and rows of it, with ``line``.
    reject : callable
        Given each value and row that cannot be used.
    tick : callable
        Called after each batch; may raise to end it.

    Returns
    -------
    int
        How many rows of the document were read.

    Raises
    ------
    BadInput
        If the mapping does not fit the document: a column is missing, a file to join is not there.
    """
    file = mapping.file_for(document.name)
    if file is None:
        raise Refused("mapping_silent", mapping=mapping.name, name=document.name)
    rows = 0
    absent = {source.columns for sources in file.tables.values() for source in sources.values() if source.columns}
    with delta.connect() as connection:
        joined = _Joins(connection, document, file, others, scratch)
        for batch in map(joined.extend, batches(document, scratch, reject)):
            _Reading(document, mapping, file, context, batch, take, reject, rows == 0).go()
            rows += len(batch.lines)
            absent = {columns for columns in absent if not any(name in batch.columns for name in columns)}
            tick()
    for columns in sorted(absent) if rows else ():
        reason = say("column_absent", mapping=mapping.name)
        reject(Rejected(document.name, 0, " + ".join(columns), "", reason, kept=True))
    return rows


@dataclass
class _Reading:
    """One batch on its way into tables."""

    document: Document
    mapping: Mapping
    file: FileMap
    context: Context
    batch: Batch
    take: Take
    reject: Reject
    first: bool
    _converted: dict[Source, tuple[pa.Array, list[Fault]]] = field(default_factory=dict)
    _told: set[Source] = field(default_factory=set)

    def go(self) -> None:
        missing = [name for name in _needed(self.file) if name not in self.batch.columns] if self.first else []
        if missing:
            columns = ", ".join(list(self.batch.columns)[:30])
            name, reads = self.document.name, self.mapping.name
            raise Refused("mapping_column", name=name, column=missing[0], mapping=reads, columns=columns)
        for place, (name, sources) in enumerate(self.file.tables.items()):
            self._table(TABLES[name], dict(sources), main=place == 0)
        for vector in self.file.vectors:
            self._vector(vector)

    def _table(self, table: Table, sources: dict[str, Source], main: bool) -> None:
        split = sources["tag_name"].split if "tag_name" in sources else ""
        columns = {name: self._column(table, name, source) for name, source in sources.items()}
        columns |= self._origin(table, columns)
        keep = np.ones(len(self.batch.lines), dtype=bool)
        for key in table.keys:
            keep[[fault.place for fault in self._faults(sources.get(key))]] = False
            # A record's own table says that a key is missing; the others just have nothing to say then.
            if not main and key in columns:
                keep &= pc.is_valid(columns[key]).to_numpy(zero_copy_only=False)
        rows = pa.table({**columns, "line": self.batch.lines}).filter(pa.array(keep))
        self.take(table.name, _split(rows, split) if split else rows)

    def _column(self, table: Table, name: str, source: Source) -> pa.Array:
        kind = table.columns[name]
        if not source.columns:
            constant = pa.scalar(_constant(source, name, self.mapping), kind)
            return pa.repeat(constant, len(self.batch.lines))
        found, faults = self._read(source)
        if source not in self._told:
            self._told.add(source)
            self._tell(table, name, source, faults)
        if source.transform == "id" and name.endswith("_id") and self.first:
            self._check_ids(source, found)
        return found if found.type == kind else found.cast(kind)

    def _read(self, source: Source) -> tuple[pa.Array, list[Fault]]:
        if source not in self._converted:
            zone = self.mapping.timezone or self.context.timezone
            order: Any = source.order
            how = How(source.transform, zone, self.context.timezone, order, source.missing)
            if source.split:
                how = replace(how, transform="text")
            parts = [self.batch.columns[c] for c in source.columns if c in self.batch.columns]
            if not parts:
                parts = [pa.nulls(len(self.batch.lines))]
            if len(parts) == 1:
                self._converted[source] = convert(parts[0], how)
            else:
                texts = [convert(part, how)[0].cast(pa.string()) for part in parts]
                joined = pc.binary_join_element_wise(*texts, " ", null_handling="skip")
                self._converted[source] = convert(joined, replace(how, missing=()))
        return self._converted[source]

    def _faults(self, source: Source | None) -> list[Fault]:
        return self._converted[source][1] if source in self._converted else []

    def _tell(self, table: Table, name: str, source: Source, faults: list[Fault]) -> None:
        kept = name not in table.keys
        for fault in faults:
            line = self.batch.lines[fault.place].as_py()
            column = " + ".join(source.columns)
            row_of = "" if kept else table.name
            self.reject(Rejected(self.document.name, line, column, fault.value, fault.reason, kept, row_of))

    def _check_ids(self, source: Source, found: pa.Array) -> None:
        ids = pc.unique(found.slice(0, 1000)).to_pylist()
        if values.rounded(one for one in ids if one):
            raise Refused("ids_lost_digits", column=source.columns[0], name=self.document.name)

    def _origin(self, table: Table, columns: dict[str, pa.Array]) -> dict[str, pa.Array]:
        """Columns that every row has: platform, source, when it was collected, and the day where that is a key."""
        n = len(self.batch.lines)
        found: dict[str, pa.Array] = {"source": pa.repeat(pa.scalar(self.mapping.name), n)}
        platform = self.context.platform or self.mapping.platform
        if "platform" not in columns or self.context.platform:
            found["platform"] = pa.repeat(pa.scalar(platform or "unknown"), n)
        moment = pa.scalar(self.context.collected(self.document).astimezone(UTC), pa.timestamp("us", tz="UTC"))
        collected = pc.coalesce(columns["collected_at"], moment) if "collected_at" in columns else pa.repeat(moment, n)
        found["collected_at"] = collected
        if "snapshot_date" in table.keys and "snapshot_date" not in columns:
            local = pc.local_timestamp(collected.cast(pa.timestamp("us", tz=self.context.timezone)))
            found["snapshot_date"] = local.cast(pa.date32(), safe=False)
        return found

    def _vector(self, vector: Vector) -> None:
        numbers = [self._read(Source((name,), "number")) for name in vector.numbers]
        for name, (_, faults) in zip(vector.numbers, numbers, strict=True):
            self._tell(EMBEDDINGS, "vector", Source((name,)), faults)
        parts = [column.to_numpy(zero_copy_only=False).astype(np.float32) for column, _ in numbers]
        for name, words in vector.levels.items():
            found = self._read(Source((name,), "text"))[0]
            parts += [pc.fill_null(pc.equal(found, word), False).to_numpy(zero_copy_only=False) for word in words]
        matrix = np.stack(parts, axis=1).astype(np.float32)
        ids = self._column(EMBEDDINGS, "video_id", vector.video_id)
        whole = pa.array(np.isfinite(matrix).all(axis=1))
        for place in np.flatnonzero(~np.isfinite(matrix).all(axis=1)).tolist():
            line = self.batch.lines[place].as_py()
            reason = say("vector_gap", backbone=vector.backbone)
            self.reject(Rejected(self.document.name, line, "", str(ids[place].as_py()), reason))
        lists = pa.FixedSizeListArray.from_arrays(pa.array(matrix.ravel()), matrix.shape[1])
        columns = {
            "video_id": ids,
            "modality": pa.repeat(pa.scalar(vector.modality), len(ids)),
            "backbone": pa.repeat(pa.scalar(vector.backbone), len(ids)),
            "vector": lists.cast(pa.list_(pa.float32())),
        }
        rows = pa.table({**columns, **self._origin(EMBEDDINGS, columns), "line": self.batch.lines})
        self.take(EMBEDDINGS.name, rows.filter(whole))


class _Joins:
    """The columns that other files lend, looked up by key."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        document: Document,
        file: FileMap,
        others: Sequence[Document],
        scratch: Path,
    ) -> None:
        self._connection = connection
        self._joins = file.joins
        for place, join in enumerate(file.joins):
            lender = FileMap(join.pattern, {})
            beside = [other for other in others if lender.fits(other.name) and other is not document]
            if not beside:
                raise Refused("join_alone", name=document.name, pattern=join.pattern)
            names = ", ".join(f"c{i} VARCHAR" for i in range(len(join.take)))
            connection.execute(f"CREATE TABLE join{place} (k VARCHAR, {names})")
            for other in beside:
                for batch in batches(other, scratch, lambda _: None):
                    self._lend(place, other, batch, (join.key, *join.take))
            if connection.sql(f"SELECT count(*) > {MAX_JOINED_ROWS} FROM join{place}").fetchall()[0][0]:
                raise Refused("join_rows", pattern=join.pattern, most=f"{MAX_JOINED_ROWS:,}")
            rest = ", ".join(f"any_value(c{i}) AS c{i}" for i in range(len(join.take)))
            connection.execute(f"CREATE OR REPLACE TABLE join{place} AS SELECT k, {rest} FROM join{place} GROUP BY k")

    def extend(self, batch: Batch) -> Batch:
        """``batch`` with the columns that are lent, null where there is no such key."""
        columns = dict(batch.columns)
        for place, join in enumerate(self._joins):
            if join.key not in columns:
                raise Refused("join_key", column=join.key, pattern=join.pattern)
            keys = pa.table({"k": columns[join.key].cast(pa.string()), "row": pa.array(range(len(batch.lines)))})
            self._connection.register("asked", keys)
            names = ", ".join(f"c{i}" for i in range(len(join.take)))
            found = self._connection.sql(
                f"SELECT {names} FROM asked LEFT JOIN join{place} USING (k) ORDER BY row"
            ).to_arrow_table()
            for i, name in enumerate(join.take):
                columns[name] = found.column(i).combine_chunks()
        return Batch(columns, batch.lines)

    def _lend(self, place: int, other: Document, batch: Batch, names: tuple[str, ...]) -> None:
        missing = [name for name in names if name not in batch.columns]
        if missing:
            raise Refused("join_column", name=other.name, column=missing[0])
        lent = {f"n{i}": batch.columns[name].cast(pa.string()) for i, name in enumerate(names)}
        self._connection.register("lent", pa.table(lent))
        self._connection.execute(f"INSERT INTO join{place} SELECT * FROM lent WHERE n0 IS NOT NULL")


def _needed(file: FileMap) -> Iterator[str]:
    """The source columns without which a file is not what the mapping is for: keys, and numbers of vectors."""
    for name, sources in file.tables.items():
        for column, source in sources.items():
            if column in TABLES[name].keys:
                yield from source.columns
    for vector in file.vectors:
        yield from (*vector.video_id.columns, *vector.numbers, *vector.levels)


def _constant(source: Source, name: str, mapping: Mapping) -> Any:
    how = How(source.transform, mapping.timezone or "UTC", mapping.timezone or "UTC")
    found, faults = convert(pa.array([source.value]), how)
    if faults:
        raise Refused(
            "mapping_constant", mapping=mapping.name, column=name, value=repr(source.value), reason=faults[0].reason
        )
    return found[0].as_py()


def _split(rows: pa.Table, mark: str) -> pa.Table:
    """One row for each tag in ``tag_name``, with its position; each tag once, without ``#``."""
    names: list[str] = []
    places: list[int] = []
    positions: list[int] = []
    for place, cell in enumerate(rows.column("tag_name").to_pylist()):
        tags = (part.strip().lstrip("#＃").strip() for part in (cell or "").split(mark))
        fit = dict.fromkeys(tag for tag in tags if tag and len(tag) <= MAX_TAG_CHARS)
        for position, tag in enumerate(list(fit)[:MAX_TAGS]):
            names.append(tag)
            places.append(place)
            positions.append(position)
    found = rows.drop_columns("tag_name").take(pa.array(places, pa.int64()))
    found = found.append_column("tag_name", pa.array(names, pa.string()))
    return found.append_column("position", pa.array(positions, pa.int64()))
