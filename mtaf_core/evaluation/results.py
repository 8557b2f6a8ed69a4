"""Evaluations kept in a workspace, so that a page shows them without computing anything.

``evaluations/<id>.json`` is the document that ``evaluate --json`` answers, and ``<id>.parquet`` beside it the forecasts
of every test video (`mtaf_core.evaluation.protocol.Evaluation.videos`).
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from mtaf_core.errors import BadWorkspace
from mtaf_core.evaluation.bootstrap import MEASURES
from mtaf_core.evaluation.diagnostics import KEYS
from mtaf_core.workspace import Workspace

if TYPE_CHECKING:
    from mtaf_core.evaluation.protocol import Evaluation

FOLDER = "evaluations"
_FIELDS = {
    "split": str,
    "observed_days": int,
    "horizon_day": int,
    "n_train": int,
    "n_test": int,
    "created_at": str,
    "rows": list,
}


def save(workspace: Workspace, evaluation: "Evaluation") -> str:
    """Keep an evaluation, whole or not at all.

    Returns
    -------
    str
        Its id: the time, the split and the days observed.

    Raises
    ------
    BadWorkspace
        If the workspace cannot be written.
    """
    document = evaluation.document
    folder = workspace.path / FOLDER
    stem = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{document['split']}-day{document['observed_days']}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        name, copy = stem, 2
        while (folder / f"{name}.json").exists():
            name, copy = f"{stem}-{copy}", copy + 1
        part = folder / f".{name}.{os.getpid()}.part"
        evaluation.videos.to_parquet(part, index=False)
        part.replace(folder / f"{name}.parquet")
        # The document comes last: an evaluation without one is not listed.
        part.write_text(json.dumps({"id": name, **document}, ensure_ascii=False, allow_nan=False), encoding="utf-8")
        part.replace(folder / f"{name}.json")
    except OSError as error:
        raise BadWorkspace(
            f"The evaluation cannot be kept in {folder} ({error.strerror or error}); free space there or make it "
            "writable."
        ) from error
    return name


def listed(workspace: Workspace) -> list[str]:
    """Ids of the evaluations of a workspace, newest first."""
    files = (workspace.path / FOLDER).glob("*.json")
    return sorted((file.stem for file in files if not file.name.startswith(".")), key=_order, reverse=True)


def read(workspace: Workspace, name: str) -> dict[str, Any]:
    """The document of one evaluation.

    Raises
    ------
    BadWorkspace
        If there is none of that id, or it cannot be read.
    """
    file = _file(workspace, name, "json")
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadWorkspace(f"The evaluation {file} cannot be read ({error}); delete it and evaluate again.") from error
    if not _is_document(found):
        raise BadWorkspace(f"{file} is no evaluation; delete it and evaluate again.")
    return {**found, "id": name}


def videos(workspace: Workspace, name: str) -> pd.DataFrame:
    """The forecasts of every test video of one evaluation; raises as `read`."""
    file = _file(workspace, name, "parquet")
    try:
        found = pd.read_parquet(file)
    except (OSError, ValueError) as error:
        raise BadWorkspace(f"The forecasts {file} cannot be read ({error}); evaluate again.") from error
    if not set(KEYS) <= set(found.columns):
        raise BadWorkspace(f"{file} holds no forecasts; evaluate again.")
    return found


def catalogue(workspace: Workspace) -> tuple[list[dict[str, Any]], list[str]]:
    """Every evaluation of a workspace that can be read, newest first, and a sentence for each that cannot."""
    found, refused = [], []
    for name in listed(workspace):
        try:
            found.append(read(workspace, name))
        except BadWorkspace as error:
            refused.append(str(error))
    return found, refused


def latest(workspace: Workspace, split: str | None = None, observed_days: int | None = None) -> dict[str, Any] | None:
    """The newest evaluation, of one split or number of observed days where they are given; None where there is none."""
    for name in listed(workspace):
        document = read(workspace, name)
        if split in (None, document["split"]) and observed_days in (None, document["observed_days"]):
            return document
    return None


def _is_document(found: Any) -> bool:
    """Whether all that readers lean on is there; what only some evaluations hold is not asked for."""
    if not isinstance(found, dict) or not isinstance(found.get("interval"), dict):
        return False
    if not all(isinstance(found.get(name), kind) for name, kind in _FIELDS.items()) or not found["rows"]:
        return False
    return all(isinstance(row, dict) and {"method", "family", "ci95", *MEASURES} <= set(row) for row in found["rows"])


def _file(workspace: Workspace, name: str, ending: str) -> Path:
    file = workspace.path / FOLDER / f"{name}.{ending}"
    if Path(name).name != name or not file.is_file():
        raise BadWorkspace(
            f"There is no evaluation '{name[:60]}' in {workspace.path}; run: python -m mtaf_core evaluate"
        )
    return file


def _order(name: str) -> tuple[str, int, str]:
    """By time, then by the number of a copy made in the same second."""
    time, _, rest = name[:15], name[15:16], name[16:]
    copy = rest.rpartition("-")[2]
    return time, int(copy) if copy.isdigit() else 1, rest
