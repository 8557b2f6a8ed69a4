"""The verbs that bring data in and take it back: ``import`` and ``undo``."""

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from mtaf_core import importing
from mtaf_core.cli.verbs import Answer, Meter, workspace_path
from mtaf_core.errors import BadInput
from mtaf_core.importing import ImportReport, Vectors, Version
from mtaf_core.workspace import Workspace

_FLAGS = {
    "duplicates": "snapshots of a day that came more than once (the latest counts)",
    "falls": "days on which a count fell (kept)",
    "before_upload": "snapshots of the day before the upload",
    "no_video": "videos that vectors came for but that are not in the market (kept)",
}


def import_(options: argparse.Namespace) -> Answer:
    if (options.modality is None) != (options.backbone is None):
        raise BadInput("--modality and --backbone go together: they say what arrays are, and what made them.")
    vectors = Vectors(options.modality, options.backbone) if options.modality else None
    meter = Meter()
    with importing.opened(
        workspace_path(options), options.format, options.mapping, options.name, options.timezone, options.platform
    ) as workspace:
        report = importing.import_paths(
            workspace,
            options.paths,
            format=options.format,
            mapping=options.mapping,
            platform=options.platform,
            collected_at=_moment(options.collected_at, workspace.info.timezone) if options.collected_at else None,
            vectors=vectors,
            progress=meter,
        )
    meter.close()
    return Answer({"workspace": str(workspace.path), **report.to_json()}, _in_words(workspace, report))


def undo(options: argparse.Namespace) -> Answer:
    workspace = Workspace.open(workspace_path(options))
    if options.list:
        versions = importing.history(workspace)
        listed = [_version(version) for version in versions]
        return Answer({"versions": listed}, "\n".join(map(_line, versions)) or "Nothing has been imported yet.")
    before = workspace.store.version
    now = importing.undo(workspace, options.number)
    went = workspace.store.history()[-1].what.removeprefix("restore ")
    document: dict[str, Any] = {"workspace": str(workspace.path), "from": before, "to": int(went), "version": now}
    document["tables"] = workspace.store.counts()
    return Answer(document, f"The tables are again as in version {went}; this is version {now}, and can be undone too.")


def _moment(text: str, zone: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"--collected-at is '{text}'; give a time such as 2026-11-11T20:00.") from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))


def _in_words(workspace: Workspace, report: ImportReport) -> str:
    lines = [f"Imported {report.what} into {workspace.info.name} ({workspace.path})"]
    if workspace.info.simulated:
        lines.append("This is the demo market; use --workspace DIR for a market of your own.")
    for name, counts in report.tables.items():
        line = f"  {name:<18} {counts.new:>9,} new {counts.updated:>9,} updated {counts.unchanged:>9,} unchanged"
        lines.append(line + (f" {counts.rejected:>9,} rejected" if counts.rejected else ""))
    for flag, n in report.flags.items():
        lines.append(f"  {_FLAGS.get(flag, flag)}: {n:,}")
    if report.rejected_rows or report.rejected_values:
        lines.append(
            f"Left out: {report.rejected_rows:,} rows and {report.rejected_values:,} values, listed with their reasons "
            f"in {report.rejected_file}"
        )
    for name, columns in report.unused.items():
        lines.append(f"Nothing was read from these columns of {name}: {', '.join(columns)} (a mapping can)")
    if report.commit is None:
        lines.append(
            "Nothing changed: all of it was known." if report.found_rows else "Nothing came in: no row could be used."
        )
    else:
        lines.append(f"This is version {report.commit}; go back with: python -m mtaf_core undo")
    return "\n".join(lines)


def _version(version: Version) -> dict[str, object]:
    report = version.report.to_json() if version.report else None
    return {"number": version.number, "time": version.time.isoformat(), "what": version.what, "report": report}


def _line(version: Version) -> str:
    line = f"{version.number:>5}  {version.time:%Y-%m-%d %H:%M} UTC  {version.what}"
    if version.report is None:
        return line
    new = sum(counts.new for counts in version.report.tables.values())
    updated = sum(counts.updated for counts in version.report.tables.values())
    return f"{line}: {new:,} rows new, {updated:,} updated"


def add_import(parser: argparse.ArgumentParser) -> None:
    """The options of ``import``."""
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="files, folders, ZIP archives, patterns such as '*.csv'"
    )
    parser.add_argument("--format", default="auto", metavar="NAME", help="default: auto, by the content of each file")
    parser.add_argument("--mapping", type=Path, metavar="FILE.toml", help="how the columns of a table are read")
    parser.add_argument("--platform", metavar="NAME", help="overrules the platform that a format stands for")
    parser.add_argument("--collected-at", metavar="ISO", help="when the data was collected, where it does not say")
    parser.add_argument("--modality", choices=["text", "audio", "visual"], help="what precomputed arrays stand for")
    parser.add_argument("--backbone", metavar="NAME", help="a name for what made them")
    parser.add_argument("--name", help="what a new workspace is called")
    parser.add_argument("--timezone", metavar="ZONE", help="the market's zone of a new workspace")


def add_undo(parser: argparse.ArgumentParser) -> None:
    """The options of ``undo``."""
    parser.add_argument("number", nargs="?", type=int, metavar="VERSION", help="default: the version before the newest")
    parser.add_argument("--list", action="store_true", help="list the versions, and change nothing")
