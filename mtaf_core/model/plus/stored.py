"""The stack on disk: JSON and safetensors, and the boosters in their own formats.

====================== ==========================================================================
plus.json              settings, vocabularies, weights of the parts and how well each foretold
design.safetensors     components, past posts of KOLs and of content
networks.safetensors   weights of every network, ``0.`` before the names of the first, and so on
preprocessing.safetensors   means and rates of the networks' inputs
day-K/                 the parts that answer with K days observed, and their residuals
====================== ==========================================================================
"""

import hashlib
import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mtaf_core.model.config import TrainConfig
from mtaf_core.model.encoders import Preprocessor
from mtaf_core.model.plus.design import Design
from mtaf_core.model.plus.learners import Boosted, Linear, Process
from mtaf_core.model.plus.networks import Networks
from mtaf_core.model.plus.stacking import PlusConfig, Stage

if TYPE_CHECKING:
    from mtaf_core.model.plus.stack import Plus

ABOUT = "plus.json"
DESIGN = "design.safetensors"
NETWORKS = "networks.safetensors"
PREPROCESSING = "preprocessing.safetensors"
_STAGE = "stage.json"
_RESIDUALS = "residuals.safetensors"
_WHOLE = "whole.sha256"
_LEARNERS: dict[str, Any] = {"boosted": Boosted, "linear": Linear, "process": Process}


def save(plus: "Plus", folder: Path) -> None:
    """Write the stack into ``folder``."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    about: dict[str, Any] = {
        "config": asdict(plus.config),
        "baseline": plus.baseline,
        "design": plus.design.to_dict(),
        "days": sorted(plus.stages),
    }
    save_file(_contiguous(plus.design.arrays()), folder / DESIGN)
    if plus.networks is not None:
        about["networks"] = [network.config.to_dict() for network in plus.networks.networks]
        about["preprocessing"] = plus.networks.preprocessor.to_dict()
        _save_networks(plus.networks, folder)
    for day, stage in plus.stages.items():
        _write_stage(stage, folder / f"day-{day}")
    (folder / ABOUT).write_text(json.dumps(about, indent=1, ensure_ascii=False), encoding="utf-8")


def load(folder: Path) -> "Plus":
    """Read what `save` wrote."""
    from safetensors.numpy import load_file

    from mtaf_core.model.plus.stack import Plus

    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    return Plus(
        Design.from_dict(about["design"], load_file(folder / DESIGN)),
        {day: _read_stage(folder / f"day-{day}") for day in about["days"]},
        _load_networks(about, folder) if "networks" in about else None,
        about["baseline"],
        PlusConfig(**{**about["config"], "network": TrainConfig(**about["config"]["network"])}),
    )


def keep_stage(stage: Stage, folder: Path) -> None:
    """Keep a finished stage for a training that is taken up again; whole, or not at all where there is no room."""
    from safetensors import SafetensorError

    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        _write_stage(stage, part)
        (part / _WHOLE).write_text(_digest(part), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    except (OSError, SafetensorError):  # a full disk is the latter
        shutil.rmtree(part, ignore_errors=True)


def kept_stage(folder: Path | None) -> Stage | None:
    """What `keep_stage` kept, if anything; None where it is no longer what was written, after a failing disk say."""
    if folder is None or not folder.is_dir():
        return None
    told = folder / _WHOLE
    if not told.is_file() or told.read_bytes() != _digest(folder).encode():
        return None
    return _read_stage(folder)


def _digest(folder: Path) -> str:
    """One word for the names and contents of a kept stage's files."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.name != _WHOLE:
            digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _write_stage(stage: Stage, folder: Path) -> None:
    from safetensors.numpy import save_file

    folder.mkdir(parents=True)
    for learner in stage.learners.values():
        learner.save(folder)
    told = {"weights": stage.weights, "folds": stage.folds, "learners": list(stage.learners)}
    (folder / _STAGE).write_text(json.dumps(told, indent=1), encoding="utf-8")
    save_file({"residuals": stage.residuals}, folder / _RESIDUALS)


def _read_stage(folder: Path) -> Stage:
    from safetensors.numpy import load_file

    told = json.loads((folder / _STAGE).read_text(encoding="utf-8"))
    learners = {name: _LEARNERS[name].load(folder) for name in told["learners"]}
    return Stage(learners, told["weights"], told["folds"], load_file(folder / _RESIDUALS)["residuals"])


def _save_networks(networks: Networks, folder: Path) -> None:
    from safetensors.numpy import save_file
    from safetensors.torch import save_file as save_tensors

    tensors = {
        f"{number}.{name}": tensor.contiguous()
        for number, network in enumerate(networks.networks)
        for name, tensor in network.state_dict().items()
    }
    save_tensors(tensors, folder / NETWORKS)
    save_file(_contiguous(networks.preprocessor.arrays()), folder / PREPROCESSING)


def _load_networks(about: dict[str, Any], folder: Path) -> Networks:
    from safetensors.numpy import load_file
    from safetensors.torch import load_file as load_tensors

    from mtaf_core.model.mtaf import MTAF, MTAFConfig

    tensors = load_tensors(folder / NETWORKS)
    made = []
    for number, config in enumerate(about["networks"]):
        network = MTAF(MTAFConfig.from_dict(config))
        prefix = f"{number}."
        mine = {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
        network.load_state_dict(mine)
        made.append(network.eval().requires_grad_(False))
    preprocessor = Preprocessor.from_dict(about["preprocessing"], load_file(folder / PREPROCESSING))
    return Networks(preprocessor, tuple(made))


def _contiguous(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: np.ascontiguousarray(array) for name, array in arrays.items()}
