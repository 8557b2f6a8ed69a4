"""Batches on disk: ``batches/<id>/`` of a workspace, written row by row, so that nothing is lost with a server.

``manifest.json`` says what was asked of which bundle, ``asked.jsonl`` has the rows, ``rows.jsonl`` what came of them.
"""

import json
import math
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from mtaf_core.errors import BadInput, BadWorkspace
from mtaf_core.insight.batch.question import Question, problem_from, problem_json
from mtaf_core.insight.batch.table import Problem
from mtaf_core.workspace import Workspace

FOLDER = "batches"
FORMAT = 1
MAX_NAME_CHARS = 80
State = Literal["open", "done", "stopped", "failed"]
_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{6}")
_ASKED, _ROWS, _MANIFEST = "asked.jsonl", "rows.jsonl", "manifest.json"


@dataclass(frozen=True)
class Batch:
    """What a batch is.

    Parameters
    ----------
    id : str
        Its folder.
    name : str
    created_at : str
        ISO time in UTC.
    state : {"open", "done", "stopped", "failed"}
        ``open`` from its beginning until it ends; where nobody works on it, its server has gone, and `run` goes on.
    total : int
        Rows asked about; 0 until all were read.
    bundle : str
        What made the forecasts.
    horizon_day : int
    unused : tuple of str
        Columns of the table that nothing was read from.
    """

    id: str
    name: str
    created_at: str
    state: State = "open"
    total: int = 0
    bundle: str = ""
    horizon_day: int = 0
    unused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scored:
    """One row with its forecast.

    Parameters
    ----------
    rank : int
        From 1; 0 until the rows are ranked.
    name : str
        Of the clip; empty of words alone.
    content_hash : str
        Of the clip; empty of words alone.
    form : str
        "video", "picture", "song" or "words".
    score, low, high : float
        Popularity score and the ends of its range.
    percentile : float or None
        Share of the market's videos below ``score``.
    contribution : dict of str to float
        Exact Shapley value, in log units, of every source there is before release; 0 of one that is missing.
    words : str
        How its description begins.
    """

    row: int
    line: int | None
    name: str
    content_hash: str
    form: str
    score: float
    log_score: float
    low: float
    high: float
    percentile: float | None
    contribution: dict[str, float]
    warnings: tuple[str, ...] = ()
    words: str = ""
    rank: int = 0

    @property
    def why(self) -> str:
        """The modality with the largest contribution."""
        return max(self.contribution, key=lambda name: abs(self.contribution[name]))

    @property
    def factor(self) -> float:
        """What that one multiplies the forecast by."""
        return math.exp(self.contribution[self.why])


@dataclass(frozen=True)
class Unscored:
    """One row that could not be scored, and why."""

    row: int
    line: int | None
    name: str
    problem: Problem


@dataclass(frozen=True)
class Ranking:
    """What came of a batch so far: rows with the highest score first, and the others in their order."""

    batch: Batch
    scored: tuple[Scored, ...] = ()
    unscored: tuple[Unscored, ...] = field(default_factory=tuple)

    @property
    def done(self) -> int:
        return len(self.scored) + len(self.unscored)


def create(workspace: Workspace, name: str) -> Batch:
    """Make the folder of a new batch.

    Raises
    ------
    BadWorkspace
        If it cannot be written.
    """
    now = datetime.now(UTC)
    batch = Batch(f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}", name[:MAX_NAME_CHARS], now.isoformat())
    try:
        folder(workspace, batch.id).mkdir(parents=True)
        write(workspace, batch)
    except OSError as error:
        raise BadWorkspace(
            f"The batch cannot be kept in {workspace.path} ({error.strerror}); make room there."
        ) from error
    return batch


def folder(workspace: Workspace, batch_id: str) -> Path:
    """Where a batch is kept.

    Raises
    ------
    BadInput
        If that is no id of a batch.
    """
    if not _ID.fullmatch(batch_id):
        raise BadInput("There is no such batch; it may have been deleted.")
    return workspace.path / FOLDER / batch_id


def write(workspace: Workspace, batch: Batch) -> None:
    """Keep what a batch is, in one step."""
    path = folder(workspace, batch.id) / _MANIFEST
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(json.dumps({"format": FORMAT, **asdict(batch)}, ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(path)


def find(workspace: Workspace, batch_id: str) -> Batch | None:
    """A batch by its id; None where there is none that can be read."""
    try:
        says = json.loads((folder(workspace, batch_id) / _MANIFEST).read_text(encoding="utf-8"))
        if says.pop("format") != FORMAT:
            return None
        return replace(Batch(**{**says, "unused": tuple(says["unused"])}), id=batch_id)
    except (BadInput, OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def batches(workspace: Workspace) -> list[Batch]:
    """Every batch, the newest first."""
    at = workspace.path / FOLDER
    ids = sorted((one.name for one in at.iterdir() if _ID.fullmatch(one.name)), reverse=True) if at.is_dir() else []
    return [batch for one in ids if (batch := find(workspace, one)) is not None]


def delete(workspace: Workspace, batch_id: str) -> None:
    """Remove a batch; its clips stay where they are. Raises as `folder`."""
    shutil.rmtree(folder(workspace, batch_id), ignore_errors=True)


def questions(workspace: Workspace, batch_id: str) -> Iterator[Question]:
    """The rows of a batch, one at a time, in the order asked."""
    for says in _records(folder(workspace, batch_id) / _ASKED):
        yield Question.from_json(says)


def question(workspace: Workspace, batch_id: str, row: int) -> Question | None:
    """One row of a batch as it was asked."""
    return next((one for one in questions(workspace, batch_id) if one.row == row), None)


def ranking(workspace: Workspace, batch: Batch) -> Ranking:
    """What came of a batch so far."""
    scored, unscored = [], []
    for says in _records(folder(workspace, batch.id) / _ROWS):
        problem = says.pop("problem")
        if problem is None:
            scored.append(Scored(**{**says, "warnings": tuple(says["warnings"])}))
        else:
            unscored.append(Unscored(says["row"], says["line"], says["name"], problem_from(problem)))  # type: ignore[arg-type]
    scored.sort(key=lambda one: (-one.score, one.row))
    return Ranking(
        batch,
        tuple(replace(one, rank=rank) for rank, one in enumerate(scored, 1)),
        tuple(sorted(unscored, key=lambda one: one.row)),
    )


def known_rows(workspace: Workspace, batch_id: str) -> set[int]:
    """The rows that something came of."""
    return {says["row"] for says in _records(folder(workspace, batch_id) / _ROWS)}


class Writer:
    """Appends records to a file of a batch; a context manager.

    A record that a crash has cut off is taken away first, so that what follows it can be read.
    """

    def __init__(self, workspace: Workspace, batch_id: str, kind: Literal["asked", "rows"]) -> None:
        self._path = folder(workspace, batch_id) / f"{kind}.jsonl"

    def __enter__(self) -> "Writer":
        if self._path.is_file():
            with self._path.open("rb+") as file:
                content = file.read()
                file.truncate(content.rfind(b"\n") + 1)
        self._file = self._path.open("a", encoding="utf-8")
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def question(self, asked: Question) -> None:
        self._put(asked.to_json())

    def row(self, found: Scored | Unscored) -> None:
        """Keep what came of one row, on disk before anything else is done."""
        if isinstance(found, Scored):
            says = {k: v for k, v in asdict(found).items() if k != "rank"} | {"problem": None}
        else:
            says = {"row": found.row, "line": found.line, "name": found.name, "problem": problem_json(found.problem)}
        self._put(says)
        self._file.flush()

    def _put(self, says: dict[str, Any]) -> None:
        self._file.write(json.dumps(says, ensure_ascii=False, default=str) + "\n")


def _records(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a file; one that is being written, or was cut off, is left out."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.endswith("\n"):
                yield json.loads(line)
