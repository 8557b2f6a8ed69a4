"""A fitted estimator as JSON and safetensors: in a folder, and inside of a pickle."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mtaf_core.errors import BadBundle
from mtaf_core.model.column_encoder import ColumnEncoder
from mtaf_core.model.manifest import complete_or_nothing

if TYPE_CHECKING:
    from mtaf_core.model.estimator import MTAFRegressor

FORMAT = 1
DESCRIBED = "estimator.json"
TENSORS = "estimator.safetensors"
_LIVE = ("encoder_", "network_")
_MAPPINGS = ("modalities", "days")


def state(estimator: "MTAFRegressor") -> dict[str, Any]:
    """What a pickle of ``estimator`` holds: its attributes, and ``fitted``, JSON and the bytes of safetensors."""
    plain = {name: value for name, value in vars(estimator).items() if name not in _LIVE}
    if not hasattr(estimator, "network_"):
        return plain
    described, tensors = _parts(estimator)
    return {**plain, "fitted": (json.dumps(described), tensors)}


def restore(estimator: "MTAFRegressor", stored: dict[str, Any]) -> None:
    """Make ``estimator`` what `state` was taken of."""
    fitted = stored.get("fitted")
    for name, value in stored.items():
        if name != "fitted":
            setattr(estimator, name, value)
    if fitted is not None:
        described, tensors = fitted
        _revive(estimator, json.loads(described), tensors)


def save(estimator: "MTAFRegressor", folder: Path) -> None:
    """See `MTAFRegressor.save`."""
    from mtaf_core import __version__

    described, tensors = _parts(estimator)
    names = getattr(estimator, "feature_names_in_", None)
    document = {
        "format": FORMAT,
        "estimator": type(estimator).__name__,
        "version": __version__,
        "parameters": {n: _plain(n, v) for n, v in estimator.get_params(deep=False).items()},
        "n_features_in": estimator.n_features_in_,
        "feature_names_in": None if names is None else list(names),
        "n_iter": estimator.n_iter_,
        **described,
    }
    with complete_or_nothing(folder) as part:
        (part / DESCRIBED).write_text(json.dumps(document, indent=1, ensure_ascii=False), encoding="utf-8")
        (part / TENSORS).write_bytes(tensors)


def load(kind: "type[MTAFRegressor]", folder: Path) -> "MTAFRegressor":
    """See `MTAFRegressor.load`."""
    from safetensors import SafetensorError

    if not (folder / DESCRIBED).is_file():
        raise BadBundle(f"There is no estimator in {folder}: {DESCRIBED} is missing; save one there first.")
    try:
        document = json.loads((folder / DESCRIBED).read_text(encoding="utf-8"))
        if (document["format"], document["estimator"]) != (FORMAT, kind.__name__):
            raise BadBundle(
                f"{folder} holds a {document['estimator']} of format {document['format']}, and this is "
                f"{kind.__name__} of format {FORMAT}; load it as what it is or fit again."
            )
        found = kind(**{name: _read(name, value) for name, value in document["parameters"].items()})
        found.n_features_in_, found.n_iter_ = document["n_features_in"], document["n_iter"]
        if document["feature_names_in"] is not None:
            found.feature_names_in_ = np.array(document["feature_names_in"], dtype=object)
        _revive(found, document, (folder / TENSORS).read_bytes())
    except (OSError, KeyError, TypeError, ValueError, RuntimeError, SafetensorError) as error:
        raise BadBundle(f"The estimator in {folder} is damaged and cannot be read ({error}); fit it again.") from error
    return found


def _parts(estimator: "MTAFRegressor") -> tuple[dict[str, Any], bytes]:
    from safetensors.numpy import save as to_bytes

    network = {f"network.{n}": t.float().numpy() for n, t in estimator.network_.state_dict().items()}
    arrays = {f"encoder.{n}": np.ascontiguousarray(a) for n, a in estimator.encoder_.arrays().items()}
    described = {"network": estimator.network_.config.to_dict(), "encoder": estimator.encoder_.to_dict()}
    return described, to_bytes({**network, **arrays})


def _revive(estimator: "MTAFRegressor", described: dict[str, Any], tensors: bytes) -> None:
    import torch
    from safetensors.numpy import load as from_bytes

    from mtaf_core.model.mtaf import MTAF, MTAFConfig

    found: dict[str, dict[str, np.ndarray]] = {"network": {}, "encoder": {}}
    for name, array in from_bytes(tensors).items():
        part, _, rest = name.partition(".")
        found[part][rest] = array
    estimator.encoder_ = ColumnEncoder.from_dict(described["encoder"], found["encoder"])
    with torch.random.fork_rng(devices=[]):
        network = MTAF(MTAFConfig.from_dict(described["network"]))
    network.load_state_dict({name: torch.from_numpy(array) for name, array in found["network"].items()})
    estimator.network_ = network.double().eval().requires_grad_(False)


def _plain(name: str, value: Any) -> Any:
    """A parameter as JSON: mappings as pairs, for their keys may be numbers."""
    if isinstance(value, np.generic):
        return value.item()
    if name in _MAPPINGS and value is not None:
        return [[key.item() if isinstance(key, np.generic) else key, told] for key, told in value.items()]
    if value is None or isinstance(value, str | int | float):
        return value
    raise ValueError(f"{name} is {value!r}, which cannot be saved as JSON; give a number or None before saving.")


def _read(name: str, value: Any) -> Any:
    if name not in _MAPPINGS or value is None:
        return value
    return {key: tuple(told) if name == "days" else told for key, told in value}
