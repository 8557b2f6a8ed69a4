"""What a batch asks, row by row: a clip or words, and the release around them; or why a row cannot be asked."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from mtaf_core.content.take import Take
from mtaf_core.data.candidate import Candidate
from mtaf_core.data.importers.reasons import Reason, reason_of, say
from mtaf_core.errors import BadInput
from mtaf_core.insight.batch.table import Line, Problem, lines, take_of, with_line
from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.workspace import Workspace

_LOOKED_UP = 500
"""Rows whose KOLs are looked up at once."""


@dataclass(frozen=True)
class Question:
    """One row of a batch.

    Parameters
    ----------
    row : int
        From 0, in the order asked.
    name : str
        Of the clip as the person knows it; empty where there are words alone.
    candidate : Candidate
    line : int or None
        Of the table; None of a clip that no row names.
    path : Path or None
        Where the clip is; None where there are words alone.
    problem : Problem or None
        Why it cannot be scored.
    take : Take
        What of the clip is released; it names no clip.
    """

    row: int
    name: str
    candidate: Candidate
    line: int | None = None
    path: Path | None = None
    problem: Problem | None = None
    take: Take = field(default_factory=Take)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        asked = {k: v for k, v in asdict(self.candidate).items() if k != "snapshots"}
        when = self.candidate.upload_time
        return {
            "row": self.row,
            "name": self.name,
            "line": self.line,
            "path": str(self.path) if self.path else None,
            "candidate": {
                **asked,
                "tags": list(self.candidate.tags),
                "upload_time": when.isoformat() if when else None,
            },
            "problem": problem_json(self.problem),
            "take": [self.take.start_s, self.take.end_s, self.take.muted],
        }

    @classmethod
    def from_json(cls, says: Mapping[str, Any]) -> "Question":
        """What `to_json` wrote."""
        asked = dict(says["candidate"])
        when = asked.pop("upload_time")
        candidate = Candidate(
            **{**asked, "tags": tuple(asked["tags"])}, upload_time=datetime.fromisoformat(when) if when else None
        )
        path = Path(says["path"]) if says["path"] else None
        take, problem = Take("", *says["take"]), problem_from(says["problem"])
        return cls(says["row"], says["name"], candidate, says["line"], path, problem, take)


def problem_json(problem: Problem | None) -> dict[str, Any] | None:
    """A problem as plain JSON values; its sentence in English, and what it is made of for other languages."""
    if problem is None:
        return None
    reason = problem.reason
    plain = {name: str(value) for name, value in reason.values.items()}
    return {"column": problem.column, "value": problem.value, "reason": str(reason), "code": reason.code, "with": plain}


def problem_from(says: Mapping[str, Any] | None) -> Problem | None:
    """What `problem_json` wrote."""
    return None if says is None else Problem(says["column"], says["value"], Reason(says["code"], says["with"]))


def ask(
    workspace: Workspace,
    clips: Sequence[tuple[str, Path]],
    table: Path | None,
    common: Candidate,
    *,
    scratch: Path,
    beside: bool = False,
    unused: list[str] | None = None,
    progress: Progress = silent,
) -> Iterator[Question]:
    """Every row of ``table``, then every clip that no row names.

    Parameters
    ----------
    clips : sequence of (str, Path)
        Names as the person knows them, and where they are.
    table : Path or None
        Without one every clip is asked about with the common settings.
    common : Candidate
        What rows do not say.
    beside : bool, default False
        Whether a row may name a file that lies where the table does. Never for a table from a browser.
    unused : list of str, optional
        Columns that nothing is read from are put here.

    Raises
    ------
    BadInput
        As `mtaf_core.insight.batch.table.lines`.
    """
    zone, row = workspace.info.timezone, 0
    known = _Clips(clips, table.parent if table is not None and beside else None)
    if table is not None:
        found = lines(table, scratch, zone, (unused if unused is not None else []).extend)
        while some := list(islice(found, _LOOKED_UP)):
            kols = _Kols(workspace, [line.told["uploader"] for line in some if "uploader" in line.told])
            for line in some:
                yield _question(row, line, known, kols, common, zone)
                row += 1
            progress(Step("read", row, 0))
    for name, path in known.unnamed():
        yield Question(row, name, common, path=path)
        row += 1


def _question(row: int, line: Line, clips: "_Clips", kols: "_Kols", common: Candidate, zone: str) -> Question:
    told, problem, path = dict(line.told), line.problem, None
    name = told.get("clip", "")
    if name:
        found = clips.find(name)
        path = found if isinstance(found, Path) else None
        if isinstance(found, Reason) and problem is None:
            problem = line.wrong("clip", name, found)
    if "uploader" in told:
        kol = kols.find(told["uploader"])
        if isinstance(kol, Reason):
            problem = problem or line.wrong("uploader", told["uploader"], kol)
            del told["uploader"]
        else:
            told["uploader"] = kol
    candidate, take = with_line(common, told, zone), Take()
    try:
        take = take_of(told)
    except BadInput as error:
        problem = problem or line.wrong("end", told.get("end"), reason_of(error))
    if problem is None and path is None and not (candidate.description.strip() or candidate.tags):
        problem = Problem("", "", say("batch_nothing"))
    return Question(row, name, candidate, line.number, path, problem, take)


class _Clips:
    """The clips of a batch by name, and which of them were named."""

    def __init__(self, clips: Sequence[tuple[str, Path]], folder: Path | None) -> None:
        self._clips, self._folder = list(clips), folder
        self._named: set[Path] = set()
        self._by_name: dict[str, list[Path]] = {}
        for name, path in self._clips:
            whole = Path(name).name.casefold()
            for key in dict.fromkeys((whole, Path(whole).stem)):
                self._by_name.setdefault(key, []).append(path)

    def find(self, name: str) -> Path | Reason:
        """The clip that a cell names: its file name, with its ending or without, whatever folders stand before it."""
        last = name.replace("\\", "/").rsplit("/", 1)[-1].casefold()
        found = list(dict.fromkeys(self._by_name.get(last, [])))
        if not found and self._folder is not None:
            path = self._folder / name
            with suppress(OSError, ValueError):  # no name that a file can have
                if path.is_file():
                    return path
        if not found:
            return say("batch_no_clip", n=len(self._clips)) if self._clips else say("batch_no_clips")
        self._named.update(found)
        return found[0] if len(found) == 1 else say("batch_clips", n=len(found))

    def unnamed(self) -> Iterator[tuple[str, Path]]:
        """Clips that no row named."""
        return ((name, path) for name, path in self._clips if path not in self._named)


class _Kols:
    """KOLs of the workspace that some cells name, by id or, where that is clear, by nickname."""

    def __init__(self, workspace: Workspace, named: Sequence[str]) -> None:
        wanted = sorted({name.lower() for name in named})
        self._ids: dict[str, str] = {}
        self._nicknames: dict[str, list[str]] = {}
        if not wanted:
            return
        rows = workspace.store.query(
            "SELECT uploader_id, nickname FROM uploaders WHERE platform = $platform "
            "AND (list_contains($names, lower(uploader_id)) OR list_contains($names, lower(nickname)))",
            {"platform": workspace.info.platform, "names": wanted},
        )
        for found in rows.to_pylist():
            self._ids[found["uploader_id"]] = found["uploader_id"]
            self._nicknames.setdefault((found["nickname"] or "").lower(), []).append(found["uploader_id"])

    def find(self, name: str) -> str | Reason:
        """The id, or why there is none."""
        if name in self._ids:
            return self._ids[name]
        called = self._nicknames.get(name.lower(), [])
        if len(called) == 1:
            return called[0]
        return say("batch_kols", n=len(called)) if called else say("batch_no_kol")
