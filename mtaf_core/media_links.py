"""Link the clips in a folder to the videos of a workspace; nothing is copied."""

import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from mtaf_core import limits
from mtaf_core.data.importers import headers
from mtaf_core.data.importers.columns import How, convert
from mtaf_core.data.importers.reasons import Reason, Refused, say
from mtaf_core.data.importers.sources import documents
from mtaf_core.data.importers.tables_in import batches
from mtaf_core.data.store import Store
from mtaf_core.data.tables import VIDEOS
from mtaf_core.errors import BadInput, BadMedia, BadWorkspace
from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.workspace import Workspace

SUFFIXES = (".mp4", ".mov", ".webm", ".m4v", ".mkv", ".avi", ".flv")
"""What is taken for a clip in a folder; a table may name a file of any kind."""
LOCK_TIMEOUT_S = 60.0
ALLOWED = "linked.json"
"""File in a workspace with the clips outside it that were linked; an imported row cannot add to it."""

_PIECES = re.compile(r"[^\W_]+|[\W_]")
_MAX_PIECES = 40


@dataclass(frozen=True)
class LinkReport:
    """What linking did.

    Parameters
    ----------
    commit : int or None
        The version that it made; None where nothing changed.
    linked, unchanged : int
        Videos that have their clip now, and those that had this clip before.
    unmatched : tuple of (str, Reason)
        Files, or ids of a table, that no video was found for, each with the reason.
    missing : tuple of (str, Reason)
        Files that a table names and that are not there, each with the reason.
    """

    commit: int | None
    linked: int
    unchanged: int
    unmatched: tuple[tuple[str, Reason], ...]
    missing: tuple[tuple[str, Reason], ...]

    def to_json(self) -> dict[str, Any]:
        """The document of ``link-media --json``."""
        return {
            "commit": self.commit, "linked": self.linked, "unchanged": self.unchanged,
            "unmatched": [{"what": what, "reason": why} for what, why in self.unmatched],
            "missing": [{"what": what, "reason": why} for what, why in self.missing],
        }  # fmt: skip


@dataclass(frozen=True)
class _Claim:
    """One file, and the ids that it may be the clip of: the likeliest first."""

    shown: str
    path: Path
    ids: tuple[str, ...]


@dataclass(frozen=True)
class _Video:
    """What is on record of a video; linking is no news of it, so where and when it was collected stays."""

    platform: str
    video_id: str
    media_path: str | None
    source: str | None
    collected_at: datetime | None


def link_media(
    workspace: Workspace, folder: Path, table: Path | None = None, progress: Progress = silent
) -> LinkReport:
    """Set `media_path` of the videos whose clips lie in ``folder``, in one commit that can be undone.

    Parameters
    ----------
    workspace : Workspace
    folder : Path
        Looked through with all it holds. A clip belongs to the video whose id is its name without the ending, or else
        the longest id that its name holds as whole words: ``tea [7301].mp4`` is of 7301 and never of 73.
    table : Path, optional
        A table of any kind that can be imported, with a column of video ids (``video_id``, ``作品ID``, …) and one of
        paths (``path``, ``media_path``, ``文件路径``, …); only what it names is linked then. Paths start at ``folder``.
    progress : Progress

    Returns
    -------
    LinkReport

    Raises
    ------
    BadInput
        If the folder or the table cannot be read, or the table has other columns.
    BadWorkspace
        If the workspace cannot be written; nothing has changed then.
    Cancelled
        If ``progress`` stops it; nothing has changed then.
    """
    folder = Path(folder).expanduser().absolute()
    if not folder.is_dir():
        raise BadInput(f"There is no folder {folder}; name the folder that the clips lie in.")
    missing: list[tuple[str, Reason]] = []
    with tempfile.TemporaryDirectory() as scratch:
        found = _named(Path(table), folder, missing, Path(scratch)) if table else _found(folder, progress)
        claims = list(found)
    progress(Step("link", 0, len(claims)))
    known = _known(workspace, {one for claim in claims for one in claim.ids})
    unmatched: list[tuple[str, Reason]] = []
    owners = _owners(claims, known, unmatched)
    linked = [replace(video, media_path=_place(claim.path, workspace.path)) for video, claim in owners.items()]
    fresh = [video for video in linked if video not in owners]
    progress(Step("link", len(claims), len(claims)))
    _allow(workspace.path, [video.media_path for video in linked if video.media_path])
    commit = _write(workspace, fresh, folder.name) if fresh else None
    return LinkReport(commit, len(fresh), len(linked) - len(fresh), tuple(unmatched), tuple(missing))


def clip_path(root: Path, media_path: str) -> Path:
    """The clip that a row of ``videos`` names: in the workspace ``root``, or one outside that its owner linked.

    Raises
    ------
    BadMedia
        If it lies outside and was not linked there.
    """
    path = Path(os.path.normpath(root / media_path))
    if not path.is_relative_to(os.path.normpath(root)) and media_path not in linked_outside(root):
        raise BadMedia(f"The clip '{media_path[:80]}' lies outside the workspace and was not opened; link it there.")
    return path


def linked_outside(root: Path) -> frozenset[str]:
    """Clips outside the workspace ``root`` that its owner linked: the only ones outside that may be opened for it."""
    try:
        return frozenset(str(path) for path in json.loads((root / ALLOWED).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, RecursionError):
        return frozenset()


def _allow(root: Path, paths: Iterable[str]) -> None:
    outside = {path for path in paths if Path(path).is_absolute()}
    before = linked_outside(root)
    if outside <= before:
        return
    part = root / f".{ALLOWED}.{os.getpid()}.part"
    try:
        part.write_text(json.dumps(sorted(before | outside), ensure_ascii=False), encoding="utf-8")
        part.replace(root / ALLOWED)
    except OSError as error:
        raise BadWorkspace(f"The workspace {root} cannot be written ({error.strerror}); nothing was linked.") from error


def _found(folder: Path, progress: Progress) -> Iterator[_Claim]:
    """The clips in a folder, those whose whole name is an id as likely as any other."""
    seen = 0
    for place, folders, names in os.walk(folder, onerror=_unreadable):
        progress(Step("look", seen, note=Path(place).name))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if name.startswith(".") or path.suffix.lower() not in SUFFIXES or not path.is_file():
                continue
            seen += 1
            if seen > limits.MAX_IMPORT_FILES:
                raise BadInput(f"{folder} holds more than {limits.MAX_IMPORT_FILES:,} clips; link it in parts.")
            yield _Claim(path.relative_to(folder).as_posix(), path, _ids(path.stem))


def _unreadable(fault: OSError) -> None:
    raise BadInput(f"{fault.filename} cannot be read ({fault.strerror}); check its permissions.") from fault


def _ids(stem: str) -> tuple[str, ...]:
    """Everything in a name that may be an id, longest first: it begins and ends where words do."""
    pieces = _PIECES.findall(stem)[:_MAX_PIECES]
    inside = {"".join(pieces[a:b]) for a in range(len(pieces)) for b in range(a + 1, len(pieces) + 1)}
    return tuple(sorted({*inside, stem}, key=lambda one: (-len(one), one)))


def _named(table: Path, folder: Path, missing: list[tuple[str, Reason]], scratch: Path) -> Iterator[_Claim]:
    """What a table names; files that are not there go to ``missing``."""
    for document in documents([table]):
        for batch in batches(document, scratch, lambda _: None):
            names = list(batch.columns)
            by_id, by_path = _column(names, "video_id"), _column(names, "path", "media_path")
            if by_id is None or by_path is None:
                raise Refused("clip_columns", name=table, columns=", ".join(names))
            ids = convert(batch.columns[by_id], How("id"))[0].to_pylist()
            paths = convert(batch.columns[by_path], How("text"))[0].to_pylist()
            for video_id, said in zip(ids, paths, strict=True):
                claim = _claim(video_id or "", (said or "").strip(), folder, missing)
                if claim is not None:
                    yield claim


def _column(names: list[str], *wanted: str) -> str | None:
    """The column that is called ``wanted``, else the first whose header means it."""
    exact = (name for name in names if name in wanted)
    return next(exact, None) or next((name for name in names if set(headers.meaning_of(name)) & set(wanted)), None)


def _claim(video_id: str, said: str, folder: Path, missing: list[tuple[str, Reason]]) -> _Claim | None:
    if not video_id and not said:
        return None
    try:
        path = Path(os.path.normpath(folder / Path(said).expanduser()))
        if said and path.is_file():
            return _Claim(video_id, path, (video_id,))
        there = bool(said) and path.exists()
    except (OSError, ValueError, RuntimeError):  # too long a name, a NUL, a home of nobody
        there = False
    missing.append((said or video_id, say("clip_no_file" if there else "clip_gone")))
    return None


def _known(workspace: Workspace, ids: Iterable[str]) -> dict[str, list[_Video]]:
    """Videos on record by id, each on every platform that has it."""
    asked = pa.table({"video_id": pa.array(sorted(ids), pa.string())})
    rows = workspace.store.query(
        "SELECT platform, video_id, media_path, source, collected_at FROM videos SEMI JOIN asked USING (video_id) "
        "ORDER BY platform, video_id",
        asked=asked,
    )
    found: dict[str, list[_Video]] = {}
    for row in rows.to_pylist():
        found.setdefault(row["video_id"], []).append(_Video(**row))
    return found


def _owners(
    claims: list[_Claim], known: dict[str, list[_Video]], unmatched: list[tuple[str, Reason]]
) -> dict[_Video, _Claim]:
    """The file of each video. A name that is the whole id goes before one that only holds it, then the first."""
    owners: dict[_Video, _Claim] = {}
    for claim in sorted(claims, key=lambda claim: claim.path.stem not in known):
        matches = [one for one in claim.ids if one in known]
        best = [one for one in matches if len(one) == len(matches[0])]
        if not best:
            unmatched.append((claim.shown, say("clip_no_video")))
        elif len(best) > 1:
            unmatched.append((claim.shown, say("clip_several", ids=", ".join(best[:3]))))
        elif len(known[best[0]]) > 1:
            places = ", ".join(video.platform for video in known[best[0]])
            unmatched.append((claim.shown, say("clip_platforms", video=best[0], platforms=places)))
        elif (video := known[best[0]][0]) in owners:
            unmatched.append((claim.shown, say("clip_taken", video=best[0], file=owners[video].path.name)))
        else:
            owners[video] = claim
    return owners


def _place(path: Path, root: Path) -> str:
    """As it is stored: from the workspace where the clip lies in it, so that the folder can move; else absolute."""
    root = root.absolute()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _write(workspace: Workspace, videos: list[_Video], name: str) -> int:
    store = Store(workspace.path, LOCK_TIMEOUT_S)
    kinds = {column: VIDEOS.columns[column] for column in _Video.__dataclass_fields__}
    rows = pa.Table.from_pylist([asdict(video) for video in videos], schema=pa.schema(list(kinds.items())))
    with store.write(f"link media {name}") as change:
        change.merge("videos", rows)
    return store.version
