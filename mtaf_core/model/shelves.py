"""Where a training under way keeps what is finished, so that the same training asked for again goes on from there."""

import hashlib
import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mtaf_core import __version__

if TYPE_CHECKING:
    from mtaf_core.data.frame import Frame
    from mtaf_core.model.config import TrainConfig
    from mtaf_core.model.encoders import Embeddings

_ROWS = 4_096


def key(frame: "Frame", embeddings: "Embeddings", config: "TrainConfig") -> str:
    """A short word for one training: its videos, vectors, settings and version."""
    import pandas as pd

    numbers = frame.facts.drop(columns=["tags"], errors="ignore")
    digest = hashlib.sha256(pd.util.hash_pandas_object(numbers, index=False).to_numpy().tobytes())
    for array in (frame.score, frame.series, frame.observed):
        digest.update(np.ascontiguousarray(array).tobytes())
    for modality, matrix in sorted(embeddings.items()):
        if matrix is not None:
            digest.update(f"{modality.value}{matrix.shape}".encode())
            for start in range(0, len(matrix), _ROWS):
                digest.update(np.ascontiguousarray(matrix[start : start + _ROWS]).data)
    digest.update(json.dumps([asdict(config), __version__], sort_keys=True).encode())
    return digest.hexdigest()[:20]


def opened(folder: Path, name: str) -> Path | None:
    """The shelf of the training ``name``, which is made; shelves of other trainings are cleared away.

    None where the folder cannot be written: a training goes on without.
    """
    shelf = folder / name
    try:
        for other in folder.iterdir() if folder.is_dir() else ():
            if other.name != name:
                shutil.rmtree(other, ignore_errors=True)
        shelf.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return shelf


def clear(folder: Path) -> None:
    """Forget everything; the training is complete."""
    shutil.rmtree(folder, ignore_errors=True)
