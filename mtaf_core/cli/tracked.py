"""The verbs that follow uploaders and link clips: ``track`` and ``link-media``."""

import argparse
from pathlib import Path

from mtaf_core import followed, media_links, tracking
from mtaf_core.cli.verbs import Answer, Meter, workspace_path
from mtaf_core.workspace import Workspace

_SHOWN = 20


def track(options: argparse.Namespace) -> Answer:
    workspace = Workspace.open(workspace_path(options))
    uploaders = followed.read_uploaders(options.uploaders, workspace.info.platform)
    if options.dry_run:
        plan = tracking.plan(workspace, uploaders)
        document = {"dry_run": True, "due": list(plan.due), "done_today": list(plan.done), "waiting": plan.waiting}
        lines = [f"Would look up {len(plan.due):,} uploaders, at most {options.limit:,} videos of each:"]
        lines += [f"  {page}" for page in plan.due]
        return Answer(document, "\n".join([*lines, f"Done already today: {len(plan.done):,}. Nothing was fetched."]))
    meter = Meter()
    done = tracking.track(workspace, uploaders, options.every_s, options.limit, meter)
    meter.close()
    lines = [
        f"{len(done.fetched):,} uploaders looked up, {sum(done.fetched.values()):,} videos found; "
        f"{len(done.done):,} were done already today."
    ]
    lines += [f"Not read, will be tried again: {page}: {why}" for page, why in done.failed.items()]
    if done.report is not None:
        for name, counts in done.report.tables.items():
            lines.append(f"  {name:<18} {counts.new:>9,} new {counts.updated:>9,} updated")
    return Answer({"dry_run": False, "workspace": str(workspace.path), **done.to_json()}, "\n".join(lines))


def link_media(options: argparse.Namespace) -> Answer:
    workspace = Workspace.open(workspace_path(options))
    meter = Meter()
    report = media_links.link_media(workspace, options.folder, options.table, meter)
    meter.close()
    lines = [f"{report.linked:,} videos linked to their clips, {report.unchanged:,} were linked already."]
    for heading, found in (("Without a video", report.unmatched), ("Missing", report.missing)):
        if found:
            lines.append(f"{heading}: {len(found):,}")
            lines += [f"  {what}: {why}" for what, why in found[:_SHOWN]]
            lines += ["  … (--json lists all)"] if len(found) > _SHOWN else []
    return Answer({"workspace": str(workspace.path), **report.to_json()}, "\n".join(lines))


def add_track(parser: argparse.ArgumentParser) -> None:
    """The options of ``track``."""
    parser.add_argument(
        "--uploaders", type=Path, required=True, metavar="FILE", help="a URL or a handle a line; # begins a comment"
    )
    parser.add_argument(
        "--every-s", type=float, default=tracking.EVERY_S, metavar="N",
        help="seconds from one request to the next (default %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--limit", type=int, default=tracking.LIMIT, metavar="N",
        help="newest videos of each uploader (default %(default)s)",
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="say what would be fetched, and touch nothing")


def add_link_media(parser: argparse.ArgumentParser) -> None:
    """The options of ``link-media``."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the clips lie; nothing is copied")
    parser.add_argument("--table", type=Path, metavar="FILE", help="a table with video_id and path, instead of names")
