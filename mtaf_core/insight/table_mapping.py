"""A mapping as lines that a person can correct, what it makes of the first rows, and its TOML."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Dict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from mtaf_core.data import delta
from mtaf_core.data.importers import headers, mapping, tabular
from mtaf_core.data.importers.mapping import FORMAT, FileMap, Mapping, Source
from mtaf_core.data.importers.reasons import Reason, Refused, reason_of
from mtaf_core.data.importers.rows import Context, Rejected
from mtaf_core.data.importers.sources import Document
from mtaf_core.data.importers.tables_in import header
from mtaf_core.data.tables import TABLES
from mtaf_core.errors import BadInput
from mtaf_core.workspace import Workspace

EXAMPLES = 3
"""Values of a column that are shown beside it."""
SHOWN_CHARS = 60

USUAL = ""
"""Read as the canonical column is usually read."""

_BETWEEN = " · "
_TAG_MARKS = (",", "，", "|", ";", "；", "、", "#", " ")
_HIDDEN = ("source", "platform")


@dataclass(frozen=True)
class Line:
    """One source column, and where it goes.

    Parameters
    ----------
    source : str
        The column as the file calls it.
    example : str
        A few of its values.
    target : str
        ``"table.column"``, empty where it is left out.
    transform : str
        One of `columns.TRANSFORMS`, or `USUAL`.
    """

    source: str
    example: str
    target: str = ""
    transform: str = USUAL


@dataclass(frozen=True)
class Proposal:
    """What a table looks like and how it could be read.

    Parameters
    ----------
    name : str
        What the mapping is called.
    lines : tuple of Line
        Every source column at least once, in its order; one that goes to several places has as many lines.
    problem : Reason or None
        Why nothing could be proposed.
    """

    name: str
    lines: tuple[Line, ...]
    problem: Reason | None = None


@dataclass(frozen=True)
class Preview:
    """What a mapping makes of the first rows of a table.

    Parameters
    ----------
    tables : mapping of str to pyarrow.Table
        Canonical rows, only the columns that the mapping fills; times in the market's zone.
    rejected : tuple of Rejected
        Values and rows among the first thousands that cannot be used.
    rows : int
        How many rows were tried.
    """

    tables: Dict[str, pa.Table]
    rejected: tuple[Rejected, ...] = field(default=())
    rows: int = 0


class _EnoughError(Exception):
    """Ends a reading after its first batch."""


def targets() -> tuple[str, ...]:
    """Everywhere a source column can go, as ``table.column``."""
    return tuple(
        f"{table.name}.{column}"
        for table in TABLES.values()
        if table.name != "embeddings"
        for column in table.columns
        if column not in _HIDDEN
    )


def propose(document: Document, scratch: Path) -> Proposal:
    """Look at the headers and first rows of a table, and propose where each column goes.

    Raises
    ------
    BadInput
        If it is no table, is damaged, or has no rows.
    """
    names, rows = header(document, scratch)
    if not names:
        raise Refused("no_rows", name=document.name)
    title = re.sub(r"[^\w-]+", "-", document.name.rsplit("/", 1)[-1].split(".")[0])[:60].strip("-") or "table"
    try:
        found, problem = headers.propose(names, rows, title).files[0], None
    except BadInput as error:
        found, problem = FileMap("*", {}), reason_of(error)
    goes: dict[str, list[tuple[str, str]]] = {}
    for table, sources in found.tables.items():
        for column, source in sources.items():
            for name in source.columns:
                as_usual = mapping.source_of(column, name, "", TABLES[table].columns[column]).transform
                said = USUAL if source.transform == as_usual else source.transform
                goes.setdefault(name, []).append((f"{table}.{column}", said))
    lines = [
        Line(name, _example(row.get(name) for row in rows), target, transform)
        for name in names
        for target, transform in goes.get(name, [("", USUAL)])
    ]
    return Proposal(title, tuple(lines), problem)


def assemble(
    lines: Iterable[Line],
    name: str,
    platform: str | None = None,
    timezone: str | None = None,
    order: str = "ymd",
    pattern: str = "*",
) -> Mapping:
    """Make a mapping of corrected lines. A table's keys that no line names are taken from its sister tables.

    Parameters
    ----------
    order : {"ymd", "dmy", "mdy"}
        Of dates that end with the year.

    Raises
    ------
    BadInput
        If the lines mean nothing: no column goes anywhere, a key is missing, a text goes where it cannot.
    """
    tables: dict[str, dict[str, Any]] = {}
    for line in lines:
        if not line.target:
            continue
        if line.target not in targets():
            raise BadInput(f"There is no column '{line.target}'; choose one of the list.")
        table, column = line.target.split(".")
        says = tables.setdefault(table, {}).setdefault(column, {"from": []})
        says["from"].append(line.source)
        if line.transform:
            says["as"] = line.transform
        usual = mapping.source_of(column, line.source, "", TABLES[table].columns[column]).transform
        if (line.transform or usual) in ("moment", "day") and order != "ymd":
            says["order"] = order
        if line.target == "video_tags.tag_name":
            says["split"] = _mark(line.example)
    if not tables:
        raise BadInput("No column goes anywhere yet; say at least which one is the video's or the KOL's id.")
    known = {column: says for sources in tables.values() for column, says in sources.items()}
    for table, sources in tables.items():
        for key in TABLES[table].keys:
            if key not in sources and key in known:
                sources[key] = known[key]
    head: dict[str, Any] = {"format": FORMAT, "name": name, "file": [{"pattern": pattern, **_own_first(tables)}]}
    head |= {"platform": platform} if platform else {}
    head |= {"timezone": timezone} if timezone else {}
    return mapping.parse(head, f"The mapping '{name}'")


def together(parts: Sequence[Mapping], name: str) -> Mapping:
    """One mapping of several, each for its own files."""
    return Mapping(name, tuple(file for part in parts for file in part.files), parts[0].platform, parts[0].timezone)


def preview(document: Document, known: Mapping, context: Context, scratch: Path, rows: int = 10) -> Preview:
    """Convert the first rows of a table, as an import would.

    Raises
    ------
    BadInput
        If the mapping does not fit the table.
    """
    tables: dict[str, pa.Table] = {}
    rejected: list[Rejected] = []
    tried = Counter[str]()

    def take(name: str, found: pa.Table) -> None:
        file = known.file_for(document.name)
        told = file.tables.get(name, {}) if file else {}
        tried[name] = 0 if name == "video_tags" else found.num_rows
        # What every row has anyway says nothing about how the columns are read.
        shown = [c for c in found.column_names if c in told or (c in TABLES[name].keys and c not in _HIDDEN)]
        first = found.slice(0, rows).select([c for c in TABLES[name].columns if c in shown])
        tables[name] = first.cast(pa.schema([_local(one, context.timezone) for one in first.schema]))

    def stop() -> None:
        raise _EnoughError

    with suppress(_EnoughError):
        tabular.read(document, known, context, (document,), scratch, take, rejected.append, stop)
    return Preview(tables, tuple(rejected), max(tried.values(), default=0))


def to_toml(known: Mapping) -> str:
    """A mapping as the TOML that `mapping.load` reads back as the same mapping."""
    lines = [f"format = {FORMAT}", f"name = {_text(known.name)}"]
    lines += [f"platform = {_text(known.platform)}"] if known.platform else []
    lines += [f"timezone = {_text(known.timezone)}"] if known.timezone else []
    for file in known.files:
        lines += ["", "[[file]]", f"pattern = {_text(file.pattern)}"]
        for join in file.joins:
            lines += ["[[file.join]]", f"pattern = {_text(join.pattern)}", f"key = {_text(join.key)}"]
            lines.append(f"take = {_texts(join.take)}")
        for table, sources in file.tables.items():
            lines.append(f"[file.{table}]")
            lines += [f"{column} = {_source(table, column, source)}" for column, source in sources.items()]
        for vector in file.vectors:
            lines += ["[[file.vector]]", f"modality = {_text(vector.modality)}", f"backbone = {_text(vector.backbone)}"]
            lines += [f"video_id = {_source('videos', 'video_id', vector.video_id)}"]
            lines += [f"numbers = {_texts(vector.numbers)}"] if vector.numbers else []
            lines += ["[file.vector.levels]"] if vector.levels else []
            lines += [f"{_text(column)} = {_texts(words)}" for column, words in vector.levels.items()]
    return "\n".join(lines) + "\n"


def save(workspace: Workspace, known: Mapping, name: str) -> Path:
    """Keep a mapping in the workspace, where it can be imported with by its name.

    Raises
    ------
    BadInput
        If the name is no plain word, or that of a mapping or a format of the product.
    BadWorkspace
        If it cannot be written.
    """
    if not re.fullmatch(r"[\w-]{1,60}", name):
        raise BadInput(f"'{name}' is no name for a mapping; use letters, digits, - and _, at most 60.")
    if name in mapping.shipped():
        raise BadInput(f"'{name}' is a mapping of the product; choose another name.")
    path = workspace.path / "mappings" / f"{name}.toml"
    with delta.writing(workspace.path):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{name}.part")
        part.write_text(to_toml(known), encoding="utf-8")
        part.replace(path)
    return path


def _local(column: pa.Field, zone: str) -> pa.Field:
    """Times in the market's zone, as whoever looks at the file reads them."""
    return column.with_type(pa.timestamp("us", tz=zone)) if pa.types.is_timestamp(column.type) else column


def _own_first(tables: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The table that the file is about first: the one whose missing keys are worth telling."""
    order = ("snapshots", "videos", "video_tags", "uploaders", "uploader_snapshots", "tags")
    return {name: tables[name] for name in order if name in tables}


def _source(table: str, column: str, source: Source) -> str:
    if not source.columns:
        constant = source.value
        return f"{{ value = {_text(constant) if isinstance(constant, str) else json.dumps(constant)} }}"
    usual = mapping.source_of(column, source.columns[0], "", TABLES[table].columns[column]).transform
    name = _text(source.columns[0]) if len(source.columns) == 1 else _texts(source.columns)
    more = [f"as = {_text(source.transform)}"] if source.transform != usual else []
    more += [f"missing = {_texts(source.missing)}"] if source.missing else []
    more += [f"order = {_text(source.order)}"] if source.order != "ymd" else []
    more += [f"split = {_text(source.split)}"] if source.split else []
    return f"{{ {', '.join([f'from = {name}', *more])} }}" if more else name


def _text(text: str) -> str:
    """A basic string of TOML, whose escapes are those of JSON but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _texts(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


def _example(cells: Iterable[Any]) -> str:
    found = list(dict.fromkeys(str(cell) for cell in cells if cell not in (None, "")))[:EXAMPLES]
    text = _BETWEEN.join(found)
    return text if len(text) <= SHOWN_CHARS else text[: SHOWN_CHARS - 1] + "…"


def _mark(example: str) -> str:
    """What parts the tags of a cell."""
    cells = [cell.strip(" #") for cell in example.split(_BETWEEN)]
    return next((mark for mark in _TAG_MARKS if any(mark in cell for cell in cells)), ",")
