"""What a workspace holds: rows, coverage of Table 1, embeddings, the bundle in use, freshness."""

from datetime import date, datetime
from typing import Any

from mtaf_core.data.frame import known_after_upload
from mtaf_core.data.tables import TABLES
from mtaf_core.errors import BadBundle
from mtaf_core.schema import BEFORE_RELEASE
from mtaf_core.workspace import Workspace


def market_status(workspace: Workspace) -> dict[str, Any]:
    """What ``status --json`` answers: rows a table, coverage of Table 1, the bundle in use, the newest day.

    ``known_only_after_upload`` are the shares of videos whose KOL's counts, or whose hashtags' totals, are first known
    on the upload date or later (`mtaf_core.data.facts`): high ones make measures before release look too good.
    """
    facts = workspace.frame().facts
    n = len(facts)
    coverage = {}
    for feature in BEFORE_RELEASE:
        for column in feature.columns:
            known = facts[column].notna()
            coverage[column] = {
                "present": float(known.mean()) if n else 0.0,
                "missing": int(n - known.sum()),
                "constant": bool(n and facts.loc[known, column].nunique() <= 1),
            }
    newest = workspace.store.query(
        "SELECT (SELECT max(snapshot_date) FROM snapshots) AS day, (SELECT max(created_at) FROM videos) AS upload"
    ).to_pylist()[0]
    return {
        "workspace": str(workspace.path),
        "market": workspace.info.__dict__ | {},
        "version": workspace.store.version,
        "tables": {name: workspace.store.counts().get(name, 0) for name in TABLES},
        "coverage": coverage,
        "known_only_after_upload": known_after_upload(workspace.store, workspace.info.timezone),
        "embeddings": workspace.store.query(
            "SELECT modality, backbone, count(*) AS videos FROM embeddings GROUP BY ALL ORDER BY ALL"
        ).to_pylist(),
        "bundle": _bundle_status(workspace),
        "freshness": {"snapshot_date": _iso(newest["day"]), "upload": _iso(newest["upload"])},
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
