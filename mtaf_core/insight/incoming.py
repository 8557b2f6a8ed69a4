"""What files are before they are imported: the format of each, and a mapping that fits them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mtaf_core.data.importers import mapping, recognise
from mtaf_core.data.importers.mapping import Mapping
from mtaf_core.data.importers.reasons import Reason, reason_of
from mtaf_core.data.importers.sources import Document, documents
from mtaf_core.data.importers.tables_in import header
from mtaf_core.errors import BadInput
from mtaf_core.workspace import Workspace

MOST = 40
"""Documents that are looked into; of a folder of thousands the first ones say what it is."""


@dataclass(frozen=True)
class Found:
    """One document and what it is.

    Parameters
    ----------
    document : Document
    format : str
        What `recognise.recognise` says; empty where it cannot tell.
    problem : Reason or None
        Why it cannot tell.
    """

    document: Document
    format: str
    problem: Reason | None = None


@dataclass(frozen=True)
class Incoming:
    """Everything that was named.

    Parameters
    ----------
    found : tuple of Found
        The first `MOST` documents.
    total : int
        How many documents there are.
    size_bytes : int
        Of all of them.
    suited : str
        The mapping, shipped or of the workspace, that reads every table among them; empty where there is none.
    """

    found: tuple[Found, ...]
    total: int
    size_bytes: int
    suited: str = ""

    @property
    def tables(self) -> tuple[Document, ...]:
        return tuple(one.document for one in self.found if one.format == recognise.TABLE)

    @property
    def has_arrays(self) -> bool:
        return any(one.format == recognise.ARRAYS for one in self.found)

    @property
    def only_tables(self) -> bool:
        return len(self.tables) == self.total


def look(workspace: Workspace, paths: Sequence[str | Path], scratch: Path) -> Incoming:
    """Look into files, folders, archives and patterns, without importing anything.

    Parameters
    ----------
    scratch : Path
        A folder for a copy of what can only be read from a file.

    Raises
    ------
    BadInput
        If something named is not there, cannot be read, or holds no data.
    """
    every = documents(paths, workspace.info.timezone)
    found = tuple(_recognised(document) for document in every[:MOST])
    incoming = Incoming(found, len(every), sum(document.size for document in every))
    if not incoming.only_tables:
        return incoming
    headers = [(document.name, set(header(document, scratch, rows=1)[0])) for document in incoming.tables]
    for name in saved(workspace):
        try:
            if _fits(load(workspace, name), headers):
                return Incoming(found, incoming.total, incoming.size_bytes, name)
        except BadInput:
            continue  # one that was spoiled by hand suits nothing
    return incoming


def saved(workspace: Workspace) -> tuple[str, ...]:
    """The names of the mappings that can be imported with: those of the workspace, then those that are shipped."""
    own = sorted(path.stem for path in (workspace.path / "mappings").glob("*.toml"))
    return (*own, *(name for name in mapping.shipped() if name not in own))


def load(workspace: Workspace, name: str) -> Mapping:
    """A mapping by its name; raises `BadInput` where there is none or it cannot be read."""
    own = workspace.path / "mappings" / f"{name}.toml"
    return mapping.load(own) if name in saved(workspace) and own.is_file() else mapping.named(name)


def _recognised(document: Document) -> Found:
    try:
        return Found(document, recognise.recognise(document))
    except BadInput as error:
        return Found(document, "", reason_of(error))


def _fits(known: Mapping, headers: Sequence[tuple[str, set[str]]]) -> bool:
    """Whether a mapping says something about every table, and they have each column that it names."""
    for name, columns in headers:
        file = known.file_for(name)
        if file is None:
            return False
        lent = {column for join in file.joins for column in join.take}
        named = {c for sources in file.tables.values() for source in sources.values() for c in source.columns}
        named |= {n for vector in file.vectors for n in (*vector.numbers, *vector.levels, *vector.video_id.columns)}
        if not named - lent <= columns:
            return False
    return True
