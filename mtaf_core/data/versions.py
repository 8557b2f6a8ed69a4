"""The commit log of a workspace: which Delta version of each table is the one to be seen.

The log is one JSON file, replaced whole: a reader sees the state before a change or after it, never between.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from mtaf_core.errors import BadWorkspace

FORMAT = 1
"""Raised when a commit log written by this product could no longer be read by an older one."""


@dataclass(frozen=True)
class Commit:
    """One change of the workspace.

    Parameters
    ----------
    number : int
        Counts from 1; a higher number is newer.
    time : datetime
        When it was made, UTC.
    what : str
        What was done, as words for a person: ``"demo"``, ``"import posts.json"``.
    tables : mapping of str to int
        The Delta version of every table to be seen from this commit on.
    """

    number: int
    time: datetime
    what: str
    tables: Mapping[str, int] = field(default_factory=dict)


def read(file: Path) -> tuple[Commit, ...]:
    """Read every commit, oldest first.

    Raises
    ------
    FileNotFoundError, NotADirectoryError
        If there is no log yet.
    BadWorkspace
        If the log is damaged, or was written by a newer product.
    """
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        newer = document["format"] > FORMAT
        commits = () if newer else tuple(_commit(entry) for entry in document["commits"])
    except (FileNotFoundError, NotADirectoryError):
        raise
    except OSError as fault:
        raise BadWorkspace(
            f"The commit log {file} cannot be read ({fault.strerror}); check its permissions."
        ) from fault
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as fault:
        raise BadWorkspace(
            f"The commit log {file} is damaged; put it back from a backup, or build the workspace again."
        ) from fault
    if newer:
        raise BadWorkspace(f"The workspace {file.parent.parent} was written by a newer version; update this product.")
    if any(late.number <= early.number for early, late in pairwise(commits)):
        raise BadWorkspace(
            f"The commit log {file} is damaged: its commits are out of order; put it back from a backup."
        )
    return commits


def write(file: Path, commits: tuple[Commit, ...]) -> None:
    """Replace the log in one step: after a crash or power cut it is the old one or the new one, whole.

    Raises
    ------
    OSError
        If the folder cannot be written or is full; the old log is untouched.
    """
    entries = [
        {"number": c.number, "time": c.time.isoformat(), "what": c.what, "tables": dict(c.tables)} for c in commits
    ]
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.name, suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump({"format": FORMAT, "commits": entries}, stream, ensure_ascii=False, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(file.parent)


def _commit(entry: Mapping[str, Any]) -> Commit:
    tables = {str(name): _whole(version) for name, version in entry["tables"].items()}
    return Commit(
        _whole(entry["number"]), datetime.fromisoformat(entry["time"]).astimezone(UTC), str(entry["what"]), tables
    )


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**63:
        raise ValueError("no number of a version")
    return value


def _sync_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut; only POSIX can open a folder for that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
