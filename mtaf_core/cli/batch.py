"""The verb that ranks many releases: ``batch``."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mtaf_core.charts.table_file import csv_file, xlsx_file
from mtaf_core.cli import asked
from mtaf_core.cli.verbs import Answer, Meter, open_workspace
from mtaf_core.errors import BadInput
from mtaf_core.schema import MODALITY_LABELS, Modality

_SHOWN = 20
_MEDIA = (
    ".mp4", ".mov", ".webm", ".mkv", ".avi", ".m4v", ".gif", ".jpg", ".jpeg", ".png", ".webp", ".mp3", ".m4a", ".wav",
    ".flac", ".ogg",
)  # fmt: skip
"""What is taken from a folder; a file that is named itself may be called anything but what is surely no clip."""
_NO_CLIPS = (".zip", ".xls", ".xlsm", ".ods", ".numbers", ".json", ".jsonl")


def batch(options: argparse.Namespace) -> Answer:
    from mtaf_core.insight import batch as core

    if options.out is not None and options.out.suffix.lower() not in (".csv", ".xlsx"):
        raise BadInput(f"--out is {options.out}; give a file that ends in .csv or .xlsx.")
    workspace = open_workspace(options)
    forecaster, common = asked.question(options, workspace)
    core.check_common(workspace, common)
    tables, clips = _sorted(options.paths)
    if len(tables) > 1:
        raise BadInput(f"There are {len(tables)} tables, {tables[0].name} and {tables[1].name}; give one.")
    table = tables[0] if tables else None
    meter = Meter()
    name = table.stem if table else f"{len(clips)} clips"
    begun = core.begin(
        workspace, name, [(path.name, path) for path in clips], table, common, beside=True, progress=meter
    )
    found = core.ranking(workspace, core.run(forecaster, begun, meter))
    meter.close()
    if options.out is not None:
        _write(options.out, core.rows_of(found))
    return Answer(core.to_json(workspace, found), "\n".join(_in_words(found, options.out)))


def _sorted(paths: list[Path]) -> tuple[list[Path], list[Path]]:
    """Tables and clips among what was named, every file once."""
    from mtaf_core.insight.batch.table import SUFFIXES

    files = list(dict.fromkeys(file for path in paths for file in _files(path)))
    tables = [file for file in files if file.suffix.lower() in SUFFIXES]
    return tables, [file for file in files if file.suffix.lower() not in SUFFIXES]


def _files(path: Path) -> Iterator[Path]:
    try:
        if path.is_dir():
            yield from sorted(file.absolute() for file in path.rglob("*") if file.suffix.lower() in _MEDIA)
        elif path.is_file():
            if path.suffix.lower() in _NO_CLIPS:
                raise BadInput(f"{path} is neither a clip nor a table that can be ranked; save it as CSV or XLSX.")
            yield path.absolute()
        else:
            raise BadInput(f"There is no file or folder {path}; check the name.")
    except (OSError, ValueError) as error:
        raise BadInput(
            f"{path} cannot be read ({getattr(error, 'strerror', None) or error}); check the path."
        ) from error


def _write(path: Path, rows: Any) -> None:
    try:
        path.write_bytes(xlsx_file(rows) if path.suffix.lower() == ".xlsx" else csv_file(rows))
    except OSError as error:
        raise BadInput(f"--out {path} cannot be written ({error.strerror}); choose another folder.") from error


def _in_words(found: Any, out: Path | None) -> list[str]:
    batch = found.batch
    lines = [f"{len(found.scored):,} of {batch.total:,} rows ranked by the popularity score of day {batch.horizon_day}"]
    for one in found.scored[:_SHOWN]:
        why = f"{MODALITY_LABELS[Modality(one.why)]} ×{one.factor:.2f}"
        name = one.name or (f"line {one.line}" if one.line else "words")
        lines.append(f"{one.rank:>5}  {one.score:>10,.0f}  ({one.low:,.0f} to {one.high:,.0f})  {name[:44]:<44}  {why}")
    if len(found.scored) > _SHOWN:
        lines.append(f"       … {len(found.scored) - _SHOWN:,} more; --json or --out FILE.csv has all")
    for one in found.unscored[:_SHOWN]:
        place = f"line {one.line}" if one.line else one.name
        cell = f", {one.problem.column} '{one.problem.value}'" if one.problem.column else ""
        lines.append(f"Not scored: {place}{cell}: {one.problem.reason}")
    if len(found.unscored) > _SHOWN:
        lines.append(f"Not scored: {len(found.unscored) - _SHOWN:,} more; --json lists all")
    if batch.unused:
        lines.append(f"Nothing was read from these columns: {', '.join(batch.unused)}")
    if out is not None:
        lines.append(f"Written to {out}")
    return lines


def add_batch(parser: argparse.ArgumentParser) -> None:
    """The options of ``batch`` that are its own."""
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="TABLE_OR_CLIP",
        help="one table (CSV, TSV, XLSX, Parquet), and clips or folders of clips",
    )  # fmt: skip
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the ranking to a .csv or .xlsx file")
