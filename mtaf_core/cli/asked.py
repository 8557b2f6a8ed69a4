"""What the options of a question mean: files read, values checked, as the core's own types."""

import argparse
import csv
import dataclasses
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtaf_core.content.take import Take
from mtaf_core.data.frame import Candidate
from mtaf_core.data.tables import SNAPSHOTS, UPLOADERS
from mtaf_core.errors import BadInput
from mtaf_core.jobs import Progress, silent
from mtaf_core.workspace import Workspace

if TYPE_CHECKING:
    from mtaf_core.content.backbones import WeightsStatus
    from mtaf_core.content.extract import Content
    from mtaf_core.insight.forecast import Forecast, Forecaster

_MAX_FILE_BYTES = 10_000_000


def question(options: argparse.Namespace, workspace: Workspace) -> "tuple[Forecaster, Candidate]":
    """The forecaster and the release that the options describe."""
    from mtaf_core.insight.forecast import Forecaster
    from mtaf_core.insight.hashtags import parse_tags
    from mtaf_core.insight.whatif import parse_time

    for option, given in (("--uploader", options.uploader), ("--upload-time", options.upload_time)):
        if given is not None and not given.strip():
            raise BadInput(f"{option} is empty; give a value or leave it out.")
    told = getattr(options, "snapshots", None)
    days = _snapshots(told) if told else ()
    time = parse_time(options.upload_time, workspace.info.timezone) if options.upload_time else _released(days)
    link = {} if options.product_link is None else {"has_product_link": options.product_link}
    candidate = Candidate(
        description=options.description,
        tags=parse_tags(options.tags),
        uploader_id=options.uploader,
        uploader=_uploader(options.uploader_json) if options.uploader_json else None,
        upload_time=time,
        video=link,
        snapshots=days,
    )
    return Forecaster(workspace, device=options.device), candidate


def take(options: argparse.Namespace) -> Take:
    """What of the clip ``predict`` and ``whatif`` ask about."""
    return Take("", options.start, options.end, options.mute)


def guarded(
    forecaster: "Forecaster", content: "Content", candidate: Candidate, progress: Progress = silent
) -> "Forecast":
    """A forecast whose warnings say what is outside of what was learnt; what cannot be is refused."""
    from mtaf_core.insight import guard

    forecast = forecaster.forecast(content, candidate, progress)
    marks = guard.examine(forecaster, candidate, content)
    guard.refuse(marks)
    said = dict.fromkeys([*forecast.warnings, *map(guard.sentence, marks)])
    return dataclasses.replace(forecast, warnings=tuple(said))


def of_something(options: argparse.Namespace, candidate: Candidate, take: Take) -> Path | None:
    """The clip that ``predict`` and ``whatif`` are asked about; None for words alone, of which there must be some."""
    clip: Path | None = options.video
    if clip is not None:
        return clip
    if not (candidate.description.strip() or candidate.tags):
        raise BadInput("There is nothing to judge; give a video, a picture or a song, or words with --description.")
    if not take.is_whole:
        raise BadInput("There is no clip to cut or to mute; give one, or leave start, end and mute out.")
    return None


def _released(days: tuple[dict[str, Any], ...]) -> datetime | None:
    """When a video with these ``days`` was released, its upload time not being told: the last day is today."""
    known = [day["day_index"] for day in days if isinstance(day.get("day_index"), int) and day["day_index"] > 0]
    return datetime.now(UTC) - timedelta(days=min(max(known), 60)) if known else None


def weights_row(found: "WeightsStatus") -> dict[str, Any]:
    """What is known of one backbone's weights, as JSON has it."""
    spec = found.spec
    return {
        "modality": spec.modality.value,
        "name": spec.name,
        "dimension": spec.dimension,
        "present": found.present,
        "folder": str(found.folder) if found.folder else None,
        "size_bytes": found.size_bytes,
        "missing": list(found.missing),
        "licence": spec.licence,
        "attribution": spec.attribution,
    }


def weights_line(row: dict[str, Any]) -> str:
    """The same as one line for a person."""
    here = row["folder"] if row["present"] else f"missing {', '.join(row['missing'])}"
    return f"{row['modality']:<7} {row['name']:<30} {row['size_bytes'] / 1e6:>6.0f} MB  {here}"


def _uploader(path: Path) -> dict[str, Any]:
    says = _json(path, "--uploader-json")
    if not isinstance(says, dict):
        raise BadInput(f'{path} holds no JSON object; write a KOL\'s numbers as {{"follower_count": 120000, …}}.')
    unknown = sorted(set(says) - set(UPLOADERS.columns))
    if unknown:
        known = ", ".join(c for c in UPLOADERS.columns if c not in ("platform", "source", "collected_at"))
        raise BadInput(f"{path} has '{unknown[0]}', which is no column of a KOL; use: {known}.")
    return says


def _snapshots(path: Path) -> tuple[dict[str, Any], ...]:
    if path.suffix.lower() == ".csv":
        rows: Any = _rows(path)
    else:
        rows = _json(path, "--snapshots")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadInput(f'{path} is not a list of days; write [{{"day_index": 1, "favorite_count": 120, …}}, …].')
    if not rows:
        raise BadInput(f"{path} has no days in it; give at least one, or leave --snapshots out.")
    return tuple(_snapshot(row, path) for row in rows)


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        return list(csv.DictReader(_read(path, "--snapshots").splitlines()))
    except csv.Error as error:
        raise BadInput(f"{path}, given with --snapshots, is no CSV that can be read ({error}).") from error


def _snapshot(row: dict[str, Any], path: Path) -> dict[str, Any]:
    unknown = sorted(str(key) for key in set(row) - set(SNAPSHOTS.columns))
    if unknown:
        raise BadInput(
            f"{path} has '{unknown[0]}', which is no column of a snapshot; use day_index (or snapshot_date), "
            "favorite_count, comment_count, share_count, view_count."
        )
    return {key: _number(key, value, path) for key, value in row.items() if value not in (None, "")}


def _number(key: str, value: Any, path: Path) -> Any:
    if not isinstance(value, str) or key in ("platform", "video_id", "source", "collected_at"):
        return value
    if key == "snapshot_date":
        return value
    if value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    try:
        return int(value)
    except ValueError:
        raise BadInput(f"{path} has {key} '{value}'; give a whole number.") from None


def _json(path: Path, option: str) -> Any:
    try:
        return json.loads(_read(path, option))
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{path}, given with {option}, is not JSON ({error}).") from error


def _read(path: Path, option: str) -> str:
    try:
        if path.stat().st_size > _MAX_FILE_BYTES:
            raise BadInput(f"{path}, given with {option}, is over {_MAX_FILE_BYTES // 10**6} MB; that is no such file.")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise BadInput(f"{path}, given with {option}, cannot be read: {reason}.") from error
