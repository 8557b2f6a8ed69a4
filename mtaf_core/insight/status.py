"""What a workspace holds: rows, coverage of Table 1, freshness, content, imports, the bundle in use."""

from collections import Counter
from datetime import date, datetime
from typing import Any

from mtaf_core import importing
from mtaf_core.data.frame import known_after_upload
from mtaf_core.data.tables import TABLES
from mtaf_core.errors import BadBundle
from mtaf_core.insight import coverage
from mtaf_core.workspace import Workspace

MAX_IMPORTS = 10
"""How many imports, the newest first, are told one by one."""


def market_status(workspace: Workspace) -> dict[str, Any]:
    """What ``status --json`` answers.

    Returns
    -------
    dict
        ``tables`` (rows), ``coverage`` (of each feature of Table 1: the share present, how many videos miss it, whether
        it is constant), ``known_only_after_upload`` (shares of videos whose KOL's counts or hashtags' totals are first
        known on the upload date or later: high ones make measures before release look too good), ``freshness``
        (snapshots by day, or by week or month where they span long), ``media`` and
        ``embeddings`` (videos that have them), ``flags`` (what looked odd, over all imports), ``imports``, ``bundle``.

    Raises
    ------
    BadWorkspace
        If a table is damaged.
    """
    counts = workspace.store.counts()
    fresh = coverage.freshness(workspace.store)
    content = coverage.content(workspace.store)
    reports = importing.imports(workspace)
    return {
        "workspace": str(workspace.path),
        "market": workspace.info.__dict__ | {},
        "version": workspace.store.version,
        "tables": {name: counts.get(name, 0) for name in TABLES},
        "coverage": {
            one.feature.name: {"present": one.share, "missing": one.missing, "constant": one.constant}
            for one in coverage.kept_coverage(workspace)
        },
        "known_only_after_upload": known_after_upload(workspace.store, workspace.info.timezone),
        "freshness": {
            "snapshot_date": _iso(fresh.last),
            "first_snapshot_date": _iso(fresh.first),
            "upload": _iso(fresh.newest_upload),
            "by": fresh.bucket,
            "snapshots": {_iso(day): n for day, n in zip(fresh.starts, fresh.snapshots, strict=True)},
        },
        "media": {
            "videos": content.videos,
            "with_media": content.with_media,
            "without_upload_time": content.without_upload_time,
        },
        "embeddings": [
            {"modality": modality.value, "backbone": backbone, "videos": n}
            for (modality, backbone), n in sorted(content.embedded.items())
        ],
        "flags": dict(sum((Counter(report.flags) for report in reports if report.commit), Counter())),
        "imports": [report.to_json() for report in reports[: -MAX_IMPORTS - 1 : -1]],
        "bundle": _bundle_status(workspace),
    }


def _bundle_status(workspace: Workspace) -> dict[str, Any]:
    try:
        manifest = workspace.manifest()
        return {
            "name": workspace.bundle_path().name,
            "profile": manifest.profile,
            "horizon_day": manifest.horizon_day,
            "created_at": manifest.created_at,
            "metrics": manifest.metrics,
        }
    except BadBundle as error:
        return {"name": None, "problem": str(error)}


def _iso(value: date | datetime | None) -> str | None:
    return value.isoformat() if value else None
