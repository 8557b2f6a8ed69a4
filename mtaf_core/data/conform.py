"""Bring Arrow data of any origin to the canonical schema, or say which column does not fit."""

import pyarrow as pa
import pyarrow.compute as pc

from mtaf_core.data.tables import TABLES, Table
from mtaf_core.errors import BadInput


def canonical_table(name: str) -> Table:
    """Look up a canonical table by name.

    Raises
    ------
    BadInput
        If there is no such table.
    """
    try:
        return TABLES[name]
    except KeyError:
        raise BadInput(f"There is no table '{name}'; use one of {', '.join(TABLES)}.") from None


def conform(table: Table, arrow: pa.Table) -> pa.Table:
    """Cast ``arrow`` to the canonical schema of ``table``.

    Columns may come in any order and any but the keys may be left out (they become null). A NaN is a missing number
    and becomes null. Floats never become ids, and a time without a zone is refused: neither can be put right later.

    Returns
    -------
    pyarrow.Table
        With exactly the schema ``table.arrow``.

    Raises
    ------
    BadInput
        For an unknown column, a missing or null key, or values that do not fit, naming the table and the column.
    """
    names = arrow.column_names
    unknown = [name for name in names if name not in table.columns]
    if unknown:
        raise BadInput(f"Table '{table.name}' has no column '{unknown[0]}'; rename it or leave it out.")
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise BadInput(f"Column '{twice}' comes twice for table '{table.name}'; keep one of them.")
    columns = []
    for name, kind in table.columns.items():
        column = _fit(table, name, arrow.column(name), kind) if name in names else pa.nulls(arrow.num_rows, kind)
        if name in table.keys and column.null_count:
            raise BadInput(f"Column '{name}' of table '{table.name}' is a key and may not be empty; fill it in.")
        columns.append(column)
    return pa.Table.from_arrays(columns, schema=table.arrow)


def _fit(table: Table, name: str, column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    """One column in its canonical type."""
    if column.type == kind and not pa.types.is_floating(kind):
        return column
    where = f"Column '{name}' of table '{table.name}'"
    if pa.types.is_string(kind) and pa.types.is_floating(column.type):
        raise BadInput(f"{where} must be text, not a decimal number: long ids lose digits that way; pass strings.")
    if pa.types.is_timestamp(kind) and not _has_zone(column.type):
        raise BadInput(f"{where} must be times with a time zone, not {column.type}; give them one.")
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
        if not pc.all(pc.is_finite(column)).as_py() and pc.any(pc.is_inf(column)).as_py():
            raise BadInput(f"{where} holds an infinite number; leave such values empty.")
    # A finer clock than microseconds is cut, and a vector may lose digits; whole numbers may lose nothing.
    safe = not (pa.types.is_timestamp(kind) or pa.types.is_list(kind))
    try:
        return column.cast(kind, safe=safe)
    except pa.ArrowException as fault:
        raise BadInput(f"{where} must be {_words(kind)}, not {column.type}: {_first_line(fault)}.") from fault


def _has_zone(kind: pa.DataType) -> bool:
    return pa.types.is_null(kind) or (pa.types.is_timestamp(kind) and kind.tz is not None)


def _words(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return "lists of numbers"
    if pa.types.is_timestamp(kind):
        return "times"
    plain = {pa.string(): "text", pa.int64(): "whole numbers", pa.float64(): "numbers", pa.bool_(): "true or false"}
    return plain.get(kind, "dates")


def _first_line(fault: Exception) -> str:
    return str(fault).splitlines()[0].rstrip(".")
