"""The bundles of a workspace, as a page lists them; read without torch."""

from dataclasses import dataclass
from typing import Any

from mtaf_core.errors import BadBundle
from mtaf_core.model.manifest import MANIFEST, Manifest, read_manifest
from mtaf_core.workspace import Workspace


@dataclass(frozen=True)
class Kept:
    """One bundle on disk.

    Parameters
    ----------
    name : str
        Of its folder.
    in_use : bool
    manifest : Manifest or None
        None where it cannot be read.
    problem : str
        Why it cannot be read, as a sentence; empty otherwise.
    """

    name: str
    in_use: bool
    manifest: Manifest | None
    problem: str = ""

    def before_release(self, measure: str) -> float | None:
        """A measure of the method that answers, before release; None where it was not measured."""
        measured: Any = (self.manifest.metrics if self.manifest else {}).get("0") or {}
        rows = measured.get("rows") or [{}]
        value = rows[0].get(measure)
        return None if value is None else float(value)


def bundles(workspace: Workspace) -> list[Kept]:
    """Every bundle of a workspace, the newest first."""
    try:
        used = workspace.bundle_path().name
    except BadBundle:
        used = ""
    found = []
    for file in workspace.bundle_dir.glob(f"*/{MANIFEST}"):
        name = file.parent.name
        if name.startswith("."):
            continue
        try:
            found.append(Kept(name, name == used, read_manifest(file.parent)))
        except BadBundle as error:
            found.append(Kept(name, name == used, None, str(error)))
    return sorted(found, key=lambda one: (one.manifest.created_at if one.manifest else "", one.name), reverse=True)
