"""What a bundle says of itself, read and checked without torch, so that pages can show it at once.

A bundle is a folder:

====================== ==========================================================================
manifest.json          `Manifest`, with a checksum of itself and the sha256 of every other file
MODEL_CARD.md          the same in words
plus/                  the stack that answers; see `mtaf_core.model.plus.stored`
xgboost.ubj, lightgbm.txt   the two tree models, in their own formats
importance.json        what the trees rely on
shap.parquet           SHAP values of a sample of videos
reference.parquet      log score and tier of every labelled video, for percentiles
====================== ==========================================================================

No file is a pickle, and none is opened before its checksum was compared.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mtaf_core.errors import BadBundle
from mtaf_core.schema import Modality, difference, fingerprint

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 2
MANIFEST = "manifest.json"
PLUS = "plus"
XGBOOST = "xgboost.ubj"
LIGHTGBM = "lightgbm.txt"
IMPORTANCE = "importance.json"
SHAP = "shap.parquet"
REFERENCE = "reference.parquet"
FILES = (XGBOOST, LIGHTGBM, IMPORTANCE, SHAP, REFERENCE)
"""What every bundle has beside its stack."""

_AGAIN = "train again with: python -m mtaf_core train"

Importance = dict[str, dict[str, dict[str, float]]]
"""Library → importance type → Table 1 name → value; see `mtaf_core.model.trees`."""


class ShapSample(NamedTuple):
    """SHAP values of up to 2,000 videos, a row each, a column per before-release column of Table 1."""

    values: "pd.DataFrame"  # what the video had: floats, or words for categories
    shap: "dict[str, pd.DataFrame]"  # library → log units added to the prediction


@dataclass(frozen=True)
class Manifest:
    """What ``manifest.json`` holds.

    Parameters
    ----------
    created_at : str
        UTC, ISO 8601.
    version : str
        Of the product that trained it.
    profile : str
        Of the backbones: ``"compact"``, ``"paper"`` or ``"custom"``.
    backbones : dict of str to dict
        Modality → ``{"name", "dimension"}``; content modalities the videos had.
    horizon_day : int
    training, stack : dict
        `TrainConfig`, and `Plus.to_dict`: what each part weighs and how well it foretold.
    baseline : float
        Mean log score of the fitted videos: what is expected of a video nothing is known about.
    metrics : dict
        See `mtaf_core.model.train.measure`.
    calibration : dict
        ``{"residuals": [how many for each number of observed days]}``.
    data : dict
        ``fingerprint``, ``videos``, ``labelled``, ``from`` and ``to`` (UTC) of the market it was trained on.
    provenance : dict
        What the caller said of the market, for instance ``{"simulated": true}``.
    schema : str
        `mtaf_core.schema.fingerprint` of the product that trained it.
    definition : dict, optional
        `mtaf_core.schema.definition` of it, to name what differs; None in bundles made before this was kept.
    format : int
    files : dict of str to str
        Path in the bundle → sha256, of all files but the manifest.
    """

    created_at: str
    version: str
    profile: str
    backbones: dict[str, dict[str, Any]]
    horizon_day: int
    training: dict[str, Any]
    stack: dict[str, Any]
    baseline: float
    metrics: dict[str, Any]
    calibration: dict[str, Any]
    data: dict[str, Any]
    provenance: dict[str, Any]
    schema: str
    definition: dict[str, Any] | None = None
    format: int = FORMAT
    files: dict[str, str] | None = None

    @property
    def backbone_names(self) -> dict[Modality, str]:
        """The backbone of each content modality."""
        return {Modality(m): str(spec["name"]) for m, spec in self.backbones.items()}

    @property
    def simulated(self) -> bool:
        """Whether it was trained on a simulated market."""
        return bool(self.provenance.get("simulated"))

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


_FIELDS = {field.name for field in fields(Manifest)}


def read_manifest(path: str | Path) -> Manifest:
    """Read what the bundle in the folder ``path`` says of itself.

    Raises
    ------
    BadBundle
        If it is missing or damaged, or made for another format or other features; the sentence names which.
    """
    folder = Path(path)
    if not (folder / MANIFEST).is_file():
        raise BadBundle(f"There is no bundle in {folder}: {MANIFEST} is missing; {_AGAIN}")
    try:
        says = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        made = says.get("format")
        checksum = says.pop("checksum", None)
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise BadBundle(f"{MANIFEST} in {folder} is damaged and cannot be read; {_AGAIN}") from error
    if made != FORMAT:
        raise BadBundle(f"The bundle {folder} has format {made}, and this version reads format {FORMAT}; {_AGAIN}")
    if checksum != _checksum(says) or not _FIELDS - {"definition"} <= set(says) <= _FIELDS:
        raise BadBundle(f"{MANIFEST} in {folder} is damaged: its checksum differs; {_AGAIN}")
    manifest = Manifest(**says)
    if manifest.schema != fingerprint():
        differs = difference(manifest.definition) if manifest.definition else None
        hashes = f"its schema is {manifest.schema}, and this version's is {fingerprint()}"
        raise BadBundle(f"The bundle {folder} was made for other features: {differs or hashes}; {_AGAIN}")
    return manifest


def verified(path: str | Path, name: str, manifest: Manifest) -> Path:
    """Give the path of one file of a bundle after comparing its checksum.

    Raises
    ------
    BadBundle
        If the file is missing or damaged.
    """
    file = Path(path) / name
    try:
        found = sha256(file)
    except OSError as error:
        raise BadBundle(f"{name} is missing from the bundle {file.parent} or cannot be read; {_AGAIN}") from error
    if found != (manifest.files or {}).get(name):
        raise BadBundle(f"{name} in the bundle {file.parent} is damaged: its checksum differs; {_AGAIN}")
    return file


def nothing_else(part: Path, path: Path, manifest: Manifest) -> None:
    """See that ``part`` of the bundle in the folder ``path`` holds no file that its manifest does not know.

    A stack reads whatever boosters lie in its folders, and none of them may be one that no checksum is of.

    Raises
    ------
    BadBundle
        Naming the first such file.
    """
    for file in sorted(part.rglob("*")):
        name = file.relative_to(path).as_posix()
        if file.is_file() and not file.name.startswith(".") and name not in (manifest.files or {}):
            raise BadBundle(f"{name} is no file of the bundle {path}; take it away, or {_AGAIN}")


def read_importance(path: str | Path, by: str = "features") -> Importance:
    """Read what the trees rely on.

    Parameters
    ----------
    path : str or Path
    by : {"features", "columns"}, default "features"
        By row of Table 1, or by frame column ("Video quality" is the two columns width and height).

    Returns
    -------
    Importance
        ``{"xgboost": {"weight", "gain", "cover", "total_gain", "total_cover", "shap"}, "lightgbm": {"split", "gain",
        "shap"}}``, each name → value.
    """
    file = verified(path, IMPORTANCE, read_manifest(path))
    importance: Importance = json.loads(file.read_text(encoding="utf-8"))[by]
    return importance


def read_shap(path: str | Path) -> ShapSample:
    """Read the SHAP values of the sampled videos."""
    import pandas as pd

    table = pd.read_parquet(verified(path, SHAP, read_manifest(path)))
    parts = {
        part: table[[c for c in table.columns if c.startswith(f"{part}:")]].rename(columns=lambda c: c.split(":", 1)[1])
        for part in ("value", "xgboost", "lightgbm")
    }
    return ShapSample(parts.pop("value"), parts)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write ``manifest.json``, with the sha256 of every other file of the folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    says = replace(manifest, files={path.relative_to(folder).as_posix(): sha256(path) for path in files}).to_dict()
    text = json.dumps({**says, "checksum": _checksum(says)}, indent=1, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(text, encoding="utf-8")


@contextmanager
def complete_or_nothing(out_dir: Path) -> Iterator[Path]:
    """Give a folder to write in that becomes ``out_dir`` when the block ends well, and vanishes when it does not.

    Raises
    ------
    BadBundle
        If the disk is full or the folder cannot be written.
    """
    part = out_dir.with_name(f".{out_dir.name}.{os.getpid()}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        yield part
        if out_dir.exists():
            old = out_dir.with_name(f".{out_dir.name}.{os.getpid()}.old")
            out_dir.rename(old)
            part.rename(out_dir)
            shutil.rmtree(old)
        else:
            part.rename(out_dir)
    except Exception as error:
        # safetensors says a full disk in an error of its own; known by name, as it comes with torch.
        if not isinstance(error, OSError) and type(error).__name__ != "SafetensorError":
            raise
        raise BadBundle(
            f"The bundle cannot be written to {out_dir} ({getattr(error, 'strerror', None) or error}); "
            "free some space there or choose another folder."
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def sha256(file: Path) -> str:
    """The sha256 of a file's bytes, in hex."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _checksum(says: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(says, sort_keys=True).encode()).hexdigest()
