"""Lists of KOLs that a person keeps in a workspace, by name.

They are one small JSON file, ``kol_lists.json``, replaced whole under a lock, so that two visitors never lose each
other's changes. Members are keys ``platform:uploader_id``: a KOL who leaves the tables stays on the list.
"""

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from mtaf_core.errors import BadInput, BadWorkspace
from mtaf_core.workspace import Workspace

FILE = "kol_lists.json"
FORMAT = 1
MAX_LISTS, MAX_MEMBERS, MAX_NAME_CHARS, MAX_KEY_CHARS = 200, 2_000, 60, 300
_LOCK_S = 5.0


@dataclass(frozen=True)
class KolList:
    """A list by name.

    Parameters
    ----------
    name : str
    members : tuple of str
        Keys ``platform:uploader_id``, in the order they were added.
    changed_at : str
        ISO time in UTC.
    """

    name: str
    members: tuple[str, ...]
    changed_at: str


def lists(workspace: Workspace) -> tuple[KolList, ...]:
    """Every list, by name.

    Raises
    ------
    BadWorkspace
        If the file is damaged.
    """
    return tuple(sorted(_read(_file(workspace)).values(), key=lambda one: one.name.lower()))


def find(workspace: Workspace, name: str) -> KolList | None:
    """The list of a name; None where there is none."""
    return _read(_file(workspace)).get(name)


def save(workspace: Workspace, name: str, members: Iterable[str]) -> KolList:
    """Make a list, or give one of that name these members instead.

    Raises
    ------
    BadInput
        If the name is empty or too long, a member is no key, or there are too many.
    BadWorkspace
        If the file is damaged or cannot be written.
    """

    def change(held: dict[str, KolList]) -> KolList:
        return _put(held, named(name), members)

    return _changed(workspace, change)


def add(workspace: Workspace, name: str, members: Iterable[str]) -> KolList:
    """Add to a list those who are not on it yet; made where there is none. Raises as `save`."""

    def change(held: dict[str, KolList]) -> KolList:
        called = named(name)
        there = held[called].members if called in held else ()
        return _put(held, called, (*there, *members))

    return _changed(workspace, change)


def drop(workspace: Workspace, name: str, members: Iterable[str]) -> KolList:
    """Take members off a list. Raises as `save`, and `BadInput` if there is no such list."""

    def change(held: dict[str, KolList]) -> KolList:
        off = set(members)
        return _put(held, name, [m for m in _there(held, name).members if m not in off])

    return _changed(workspace, change)


def rename(workspace: Workspace, name: str, new: str) -> KolList:
    """Call a list by another name. Raises as `drop`, and `BadInput` if another list has the new name."""

    def change(held: dict[str, KolList]) -> KolList:
        called, old = named(new), _there(held, name)
        if called != name and called in held:
            raise BadInput(f"There is a list '{called}' already; choose another name.")
        del held[name]
        return _put(held, called, old.members)

    return _changed(workspace, change)


def remove(workspace: Workspace, name: str) -> KolList:
    """Delete a list and give it back, for `restore`. Raises as `drop`."""

    def change(held: dict[str, KolList]) -> KolList:
        _there(held, name)
        return held.pop(name)

    return _changed(workspace, change)


def restore(workspace: Workspace, removed: KolList) -> KolList:
    """Undo `remove`; where a list of that name was made since, it gets the members of both. Raises as `save`."""
    return add(workspace, removed.name, removed.members)


def named(name: str) -> str:
    """A name as it is kept, without blanks around it.

    Raises
    ------
    BadInput
        If it is empty, too long, or not of printable characters.
    """
    kept = " ".join(name.split())
    if not kept or len(kept) > MAX_NAME_CHARS or not kept.isprintable():
        raise BadInput(f"A list needs a name of 1 to {MAX_NAME_CHARS} printable characters; type another one.")
    return kept


def _put(held: dict[str, KolList], name: str, members: Iterable[str]) -> KolList:
    kept = tuple(dict.fromkeys(members))
    for key in kept:
        if ":" not in key or len(key) > MAX_KEY_CHARS:
            raise BadInput(f"'{key[:80]}' names no KOL; members of a list are written platform:id.")
    if len(kept) > MAX_MEMBERS:
        raise BadInput(
            f"A list holds at most {MAX_MEMBERS:,} KOLs, and this would be {len(kept):,}; make a second one."
        )
    if name not in held and len(held) >= MAX_LISTS:
        raise BadInput(f"There are {MAX_LISTS} lists already; delete one first.")
    held[name] = KolList(name, kept, datetime.now(UTC).isoformat(timespec="seconds"))
    return held[name]


def _there(held: dict[str, KolList], name: str) -> KolList:
    if name not in held:
        raise BadInput(f"There is no list '{name[:MAX_NAME_CHARS]}'; it may have been deleted or renamed.")
    return held[name]


def _file(workspace: Workspace) -> Path:
    return workspace.path / FILE


def _changed(workspace: Workspace, change: Callable[[dict[str, KolList]], KolList]) -> KolList:
    file = _file(workspace)
    try:
        with FileLock(file.with_name(f".{FILE}.lock"), timeout=_LOCK_S):
            held = _read(file)
            made = change(held)
            _write(file, held)
            return made
    except Timeout:
        raise BadWorkspace("Another change to the lists of KOLs is under way; try again.") from None
    except OSError as error:
        raise BadWorkspace(f"The lists of KOLs cannot be written to {file} ({error.strerror}).") from error


def _read(file: Path) -> dict[str, KolList]:
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise _damaged(file) from error
    try:
        if said["format"] != FORMAT:
            raise _damaged(file)
        return {one["name"]: _one(one) for one in said["lists"]}
    except (KeyError, TypeError) as error:
        raise _damaged(file) from error


def _one(said: dict[str, Any]) -> KolList:
    members = tuple(str(member) for member in said["members"])
    return KolList(str(said["name"]), members, str(said["changed_at"]))


def _damaged(file: Path) -> BadWorkspace:
    return BadWorkspace(f"The lists of KOLs in {file} cannot be read; put the file back from a backup, or remove it.")


def _write(file: Path, held: dict[str, KolList]) -> None:
    kept = [{"name": one.name, "members": one.members, "changed_at": one.changed_at} for one in held.values()]
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    part.write_text(json.dumps({"format": FORMAT, "lists": kept}, ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(file)
