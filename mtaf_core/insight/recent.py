"""The clips that people uploaded: what they are called, what became of them, and their end.

An upload is kept by the hash of its content, and beside it a small record, ``.HASH.json``. What was read of it lies in
the workspace's cache. All of it goes together: when a person deletes it, when it was not used for `keep_days`, or when
it made room for others.
"""

import json
import math
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mtaf_core.content import media
from mtaf_core.errors import BadInput, BadMedia
from mtaf_core.workspace import Workspace

ENVIRONMENT = "MTAF_KEEP_DAYS"
"""Environment variable: for how many days after its last use an upload is kept."""
KEEP_DAYS = 30.0
_DAY_S = 86_400.0
_PART_S = _DAY_S
"""A copy that was begun so long ago will not be finished."""
_NAME_CHARS = 200
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Recent:
    """An upload as it is kept.

    Parameters
    ----------
    content_hash : str
        sha256 of its bytes.
    path : Path
    name : str
        As the person called it.
    used_at : datetime
        When it was last on a page.
    duration_s : float or None
        None where it was not read yet, or has no length.
    score : float or None
        The latest forecast of it, and the day it is for.
    horizon_day : int or None
    """

    content_hash: str
    path: Path
    name: str
    used_at: datetime
    duration_s: float | None = None
    score: float | None = None
    horizon_day: int | None = None


def keep_days() -> float:
    """For how many days after its last use an upload is kept: MTAF_KEEP_DAYS, else 30.

    Raises
    ------
    BadInput
        If the variable is no number of days.
    """
    said = os.environ.get(ENVIRONMENT, "").strip()
    if not said:
        return KEEP_DAYS
    try:
        days = float(said)
    except ValueError:
        days = math.nan
    if not 1 <= days <= 36_500:
        raise BadInput(f"{ENVIRONMENT} is '{said[:40]}'; set it to a number of days from 1 to 36500.")
    return days


def recents(workspace: Workspace) -> tuple[Recent, ...]:
    """Every upload that is kept, the last used first."""
    found = []
    for path in _uploads(workspace.upload_dir):
        with suppress(FileNotFoundError):
            used_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            found.append(_recent(path, used_at, _record(path.parent, path.stem)))
    return tuple(sorted(found, key=lambda one: one.used_at, reverse=True))


def name_of(workspace: Workspace, content_hash: str) -> str:
    """What an upload is called; the beginning of its hash where nobody said."""
    return _name(_record(workspace.upload_dir, content_hash), content_hash)


def arrived(folder: Path, content_hash: str, name: str) -> None:
    """Note that an upload came, into ``folder``, and what it is called."""
    _note(folder, content_hash, name=name[:_NAME_CHARS])


def was_read(workspace: Workspace, content_hash: str, duration_s: float | None) -> None:
    """Note that an upload was read, and that what was read of it is its own: it was not there before.

    Its length stays as it was where ``duration_s`` is None.
    """
    if any(path.stem == content_hash for path in _uploads(workspace.upload_dir)):
        known = {} if duration_s is None else {"duration_s": duration_s}
        _note(workspace.upload_dir, content_hash, own=True, **known)


def was_judged(workspace: Workspace, content_hash: str, score: float, horizon_day: int) -> None:
    """Note the latest forecast of an upload."""
    _note(workspace.upload_dir, content_hash, score=score, horizon_day=horizon_day)


def delete(workspace: Workspace, content_hash: str) -> None:
    """Remove an upload with all that was read of it; what others have the same of stays.

    What was read before the upload came belongs to a video of the market, and what a sample has, to the sample.

    Raises
    ------
    BadInput
        If that is no hash of a clip.
    """
    if not _HASH.fullmatch(content_hash):
        raise BadInput(f"'{content_hash[:80]}' is no clip that was uploaded.")
    own = _record(workspace.upload_dir, content_hash).get("own") is True and not _is_sample(workspace, content_hash)
    gone = [path for path in _uploads(workspace.upload_dir) if path.stem == content_hash]
    gone += (workspace.cache_dir / "excerpts").glob(f"{content_hash}*")
    if own:
        gone += workspace.cache_dir.glob(f"*/{content_hash[:2]}/{content_hash}*")
    gone.append(_file(workspace.upload_dir, content_hash))
    for path in gone:
        path.unlink(missing_ok=True)


def expire(workspace: Workspace, now: float | None = None) -> tuple[str, ...]:
    """Delete uploads that were not used for `keep_days`, and what is left of those that made room.

    Parameters
    ----------
    now : float, optional
        Seconds since 1970.

    Returns
    -------
    tuple of str
        Their hashes.

    Raises
    ------
    BadInput
        If MTAF_KEEP_DAYS is no number of days.
    """
    folder = workspace.upload_dir
    now = time.time() if now is None else now
    since = now - keep_days() * _DAY_S
    used: dict[str, float] = {}
    for path in _uploads(folder):
        with suppress(FileNotFoundError):
            used[path.stem] = path.stat().st_mtime
    noted = [file.name[1 : -len(".json")] for file in folder.glob(".*.json")]
    gone = tuple(
        digest for digest in dict.fromkeys([*used, *noted]) if _HASH.fullmatch(digest) and used.get(digest, 0.0) < since
    )
    for digest in gone:
        delete(workspace, digest)
    for part in folder.glob(".*.part"):
        with suppress(FileNotFoundError):
            if part.stat().st_mtime < now - _PART_S:
                part.unlink(missing_ok=True)
    return gone


def _uploads(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir() if folder.is_dir() else ():
        if _HASH.fullmatch(path.stem) and path.is_file():
            yield path


def _is_sample(workspace: Workspace, content_hash: str) -> bool:
    with suppress(BadMedia):
        return any(media.content_hash(sample.path) == content_hash for sample in workspace.samples())
    return True  # one that cannot be read just now: rather kept than lost


def _recent(path: Path, used_at: datetime, record: dict[str, Any]) -> Recent:
    numbers = {name: _number(record.get(name)) for name in ("duration_s", "score", "horizon_day")}
    day = numbers.pop("horizon_day")
    return Recent(
        path.stem, path, _name(record, path.stem), used_at, **numbers, horizon_day=None if day is None else int(day)
    )


def _name(record: dict[str, Any], content_hash: str) -> str:
    name = record.get("name")
    return name[:_NAME_CHARS] if isinstance(name, str) and name else content_hash[:8]


def _number(value: Any) -> float | None:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if fits else None


def _file(folder: Path, content_hash: str) -> Path:
    return folder / f".{content_hash}.json"


def _record(folder: Path, content_hash: str) -> dict[str, Any]:
    """What is noted of an upload; nothing where its record is absent or damaged."""
    try:
        said = json.loads(_file(folder, content_hash).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _note(folder: Path, content_hash: str, **said: Any) -> None:
    """Add to the record of an upload, in one step. A full disk is no reason to stop: the clip goes without a name."""
    record = {**_record(folder, content_hash), **said}
    file = _file(folder, content_hash)
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    with suppress(OSError):
        part.write_text(json.dumps(record), encoding="utf-8")
        part.replace(file)
