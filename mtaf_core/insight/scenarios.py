"""Scenarios that a person keeps in a workspace: what was asked about a video, by name, and what was forecast then.

They are one small JSON file, ``scenarios.json``, replaced whole under a lock, so that two visitors never lose each
other's changes. They hold no clip, only which one it is: a scenario outlives the file that it is about.
"""

import dataclasses
import json
import math
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from mtaf_core.errors import BadInput, BadWorkspace
from mtaf_core.workspace import Workspace

FILE = "scenarios.json"
FORMAT = 1
MAX_SCENARIOS, MAX_NAME_CHARS, MAX_BRIEF_CHARS = 500, 60, 60_000
_LOCK_S = 5.0

Held = dict[str, "Scenario"]


@dataclass(frozen=True)
class Scenario:
    """One saved question with its answer of that day.

    Parameters
    ----------
    id : str
        Short and random; what links name.
    name : str
    brief : mapping
        Everything that was asked, the take included, as plain JSON. Whoever saves it knows how to read it.
    clip : str
        What the clip is called.
    bundle : str
        That made the forecast.
    score, low, high : float
        The forecast then and its 90% range; popularity scores on the natural scale.
    made_at : str
        ISO time in UTC.
    pinned : bool, default False
        Pinned ones come first, and others are compared with them.
    """

    id: str
    name: str
    brief: Mapping[str, Any]
    clip: str
    bundle: str
    score: float
    low: float
    high: float
    made_at: str
    pinned: bool = False


def scenarios(workspace: Workspace) -> tuple[Scenario, ...]:
    """Every scenario: the pinned ones first, then the latest first.

    Raises
    ------
    BadWorkspace
        If the file is damaged.
    """
    # Of two made in one moment, the one that was written last is the later one.
    found = enumerate(_read(_file(workspace)).values())
    latest = sorted(found, key=lambda one: (one[1].made_at, one[0]), reverse=True)
    return tuple(sorted((one for _, one in latest), key=lambda one: not one.pinned))


def find(workspace: Workspace, scenario_id: str) -> Scenario | None:
    """The scenario of an id; None where there is none. Raises as `scenarios`."""
    return _read(_file(workspace)).get(scenario_id)


def save(
    workspace: Workspace, name: str, brief: Mapping[str, Any], *, clip: str, bundle: str,
    score: float, low: float, high: float,
) -> Scenario:  # fmt: skip
    """Keep a scenario under a new id; another one may have the same name.

    Raises
    ------
    BadInput
        If the name is empty or too long, the brief is no JSON or too long, a number is not finite, or there are too
        many scenarios.
    BadWorkspace
        If the file is damaged or cannot be written.
    """
    made_at = datetime.now(UTC).isoformat(timespec="milliseconds")

    def change(held: Held) -> Scenario:
        scenario_id = secrets.token_hex(4)
        while scenario_id in held:
            scenario_id = secrets.token_hex(4)
        made = Scenario(scenario_id, named(name), _plain(brief), clip, bundle, score, low, high, made_at)
        return _put(held, made)

    return _changed(workspace, change)


def rename(workspace: Workspace, scenario_id: str, name: str) -> Scenario:
    """Call a scenario by another name. Raises as `save`, and `BadInput` if there is no such scenario."""
    return _changed(workspace, lambda held: _put(held, _with(held, scenario_id, name=named(name))))


def pin(workspace: Workspace, scenario_id: str, pinned: bool) -> Scenario:
    """Pin a scenario, or let it go. Raises as `rename`."""
    return _changed(workspace, lambda held: _put(held, _with(held, scenario_id, pinned=pinned)))


def remove(workspace: Workspace, scenario_id: str) -> Scenario:
    """Delete a scenario and give it back, for `restore`. Raises as `rename`."""

    def change(held: Held) -> Scenario:
        _with(held, scenario_id)
        return held.pop(scenario_id)

    return _changed(workspace, change)


def restore(workspace: Workspace, removed: Scenario) -> Scenario:
    """Undo `remove`: links to it work again. Raises as `save`."""
    return _changed(workspace, lambda held: _put(held, removed))


def named(name: str) -> str:
    """A name as it is kept, without blanks around it.

    Raises
    ------
    BadInput
        If it is empty, too long, or not of printable characters.
    """
    kept = " ".join(name.split())
    if not kept or len(kept) > MAX_NAME_CHARS or not kept.isprintable():
        raise BadInput(f"A scenario needs a name of 1 to {MAX_NAME_CHARS} printable characters; type another one.")
    return kept


def _plain(brief: Mapping[str, Any]) -> dict[str, Any]:
    """The brief as a file gives it back, so that what is saved and what is read are the same."""
    try:
        text = json.dumps(brief, ensure_ascii=False, allow_nan=False)
        text.encode("utf-8")
    except (TypeError, ValueError) as error:
        raise BadInput(
            "This scenario holds something that cannot be kept as text; change it and save again."
        ) from error
    if len(text) > MAX_BRIEF_CHARS:
        raise BadInput(f"This scenario has {len(text):,} characters, more than {MAX_BRIEF_CHARS:,}; shorten it.")
    plain: dict[str, Any] = json.loads(text)
    return plain


def _put(held: Held, made: Scenario) -> Scenario:
    if not all(math.isfinite(value) for value in (made.score, made.low, made.high)):
        raise BadInput("This scenario has no forecast that could be kept; make one first.")
    if made.id not in held and len(held) >= MAX_SCENARIOS:
        raise BadInput(f"There are {MAX_SCENARIOS} scenarios already; delete one first.")
    held[made.id] = made
    return made


def _with(held: Held, scenario_id: str, **changed: Any) -> Scenario:
    if scenario_id not in held:
        raise BadInput("This scenario is not here any more; somebody may have deleted it.")
    return dataclasses.replace(held[scenario_id], **changed)


def _file(workspace: Workspace) -> Path:
    return workspace.path / FILE


def _changed(workspace: Workspace, change: Callable[[Held], Scenario]) -> Scenario:
    file = _file(workspace)
    try:
        with FileLock(file.with_name(f".{FILE}.lock"), timeout=_LOCK_S):
            held = _read(file)
            made = change(held)
            _write(file, held)
            return made
    except Timeout:
        raise BadWorkspace("Another change to the scenarios is under way; try again.") from None
    except OSError as error:
        raise BadWorkspace(f"The scenarios cannot be written to {file} ({error.strerror}).") from error


def _read(file: Path) -> Held:
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(file) from error
    try:
        if said["format"] != FORMAT:
            raise _damaged(file)
        return {one["id"]: _one(one) for one in said["scenarios"]}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(file) from error


def _one(said: dict[str, Any]) -> Scenario:
    return Scenario(
        id=str(said["id"]), name=str(said["name"]), brief=dict(said["brief"].items()), clip=str(said["clip"]),
        bundle=str(said["bundle"]), score=float(said["score"]), low=float(said["low"]), high=float(said["high"]),
        made_at=str(said["made_at"]), pinned=said["pinned"] is True,
    )  # fmt: skip


def _damaged(file: Path) -> BadWorkspace:
    return BadWorkspace(f"The scenarios in {file} cannot be read; put the file back from a backup, or remove it.")


def _write(file: Path, held: Held) -> None:
    kept = [dataclasses.asdict(one) for one in held.values()]
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    part.write_text(json.dumps({"format": FORMAT, "scenarios": kept}, ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(file)
