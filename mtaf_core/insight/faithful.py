"""How far attention can be trusted: over the videos that the model in use did not learn from, beside contributions."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from mtaf_core.data.frame import embedding_matrix, market_frame
from mtaf_core.errors import BadInput
from mtaf_core.insight.attribution import coalition_masks, shapley
from mtaf_core.insight.salience.agreement import spearman
from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.model.bundle import Bundle
from mtaf_core.model.split import temporal_blocks
from mtaf_core.schema import MODALITIES, Modality
from mtaf_core.workspace import Workspace

FORMAT = 1
MOST = 600
"""Videos asked about, at most: the latest."""
FEWEST = 10
ORDERS: tuple[str, ...] = ("contribution", "attention", "random")
_ROWS = 40


@dataclass(frozen=True)
class Faithfulness:
    """How attention compares with contributions over many videos, before release.

    Parameters
    ----------
    format : int
    bundle : str
    videos : int
        With at least two modalities, none of them learnt from.
    same : float
        Share of them on which attention and contribution name the same modality first.
    rank : float
        Mean rank correlation of attention with the size of contributions; NaN where none can be ranked.
    top : dict of str to (float, float)
        For every modality, on which share of videos it comes first by attention, and by contribution.
    curves : dict of str to list of float
        Mean distance of the forecast, in log units, from the whole one when 0, 1, 2, … modalities are taken away, those
        first that come first in `ORDERS`; over videos with as many modalities as most have.
    """

    format: int
    bundle: str
    videos: int
    same: float
    rank: float
    top: dict[str, tuple[float, float]]
    curves: dict[str, list[float]]


def found(workspace: Workspace) -> Faithfulness | None:
    """What `measure` kept of the bundle in use and the tables as they are; None where it did not yet."""
    try:
        document = json.loads(_place(workspace).read_text("utf-8"))
        if document.pop("format") != FORMAT:
            return None
        document["top"] = {name: (float(a), float(c)) for name, (a, c) in document["top"].items()}
        return Faithfulness(FORMAT, **document)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def measure(workspace: Workspace, progress: Progress = silent) -> Faithfulness:
    """Ask the bundle in use about its latest videos under every combination of modalities, and keep what came out.

    Raises
    ------
    BadInput
        If fewer than ten videos can be asked about.
    BadBundle, BadWorkspace
        If the bundle or a table is damaged.
    """
    bundle = Bundle.load(workspace.bundle_path())
    frame = market_frame(workspace.store, bundle.manifest.horizon_day, workspace.info.timezone)
    rows = temporal_blocks(frame.facts["created_at"], np.isfinite(frame.score)).test[-MOST:]
    if len(rows) < FEWEST:
        raise BadInput(f"Only {len(rows)} videos to ask about, and {FEWEST} are needed; import more videos.")
    latest = frame.take(rows)
    vectors = {
        Modality(name): embedding_matrix(workspace.store, latest.facts, name, spec["name"])
        for name, spec in bundle.manifest.backbones.items()
    }
    masks = coalition_masks(len(MODALITIES))
    values, attention = np.empty((len(rows), len(masks))), np.empty((len(rows), len(MODALITIES)))
    for start in range(0, len(rows), _ROWS):
        progress(Step("trust", start, len(rows)))
        part = np.arange(start, min(start + _ROWS, len(rows)))
        some = {m: None if v is None else v[part] for m, v in vectors.items()}
        values[part] = bundle.coalitions(latest.take(part), some, masks, 0)
        attention[part] = bundle.attention(latest.take(part), some, 0)[0]
    told = compared(values, attention, bundle.path.name)
    progress(Step("trust", len(rows), len(rows)))
    place = _place(workspace)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(asdict(told)), "utf-8")
    return told


def compared(values: np.ndarray, attention: np.ndarray, bundle: str = "") -> Faithfulness:
    """Compare attention with contributions.

    Parameters
    ----------
    values : ndarray, (n, 2 ** 5)
        The log score of every video under every mask of `attribution.coalition_masks`.
    attention : ndarray, (n, 5)
        NaN where a modality is absent.
    """
    present = np.isfinite(attention)
    several = present.sum(axis=1) > 1
    values, attention, present = values[several], attention[several], present[several]
    looks = np.where(present, attention, 0.0)
    does = np.abs(np.where(present, shapley(values.T, len(MODALITIES)).T, 0.0))
    first = looks.argmax(axis=1), does.argmax(axis=1)
    ranks = [spearman(a[p], c[p]) for a, c, p in zip(looks, does, present, strict=True)]
    ranked = [rank for rank in ranks if np.isfinite(rank)]
    top = {
        m.value: (float((first[0] == place).mean()), float((first[1] == place).mean()))
        for place, m in enumerate(MODALITIES)
        if present[:, place].any()
    }
    return Faithfulness(
        FORMAT, bundle, len(values), float((first[0] == first[1]).mean()) if len(values) else float("nan"),
        float(np.mean(ranked)) if ranked else float("nan"), top, _curves(values, looks, does, present),
    )  # fmt: skip


def _curves(values: np.ndarray, looks: np.ndarray, does: np.ndarray, present: np.ndarray) -> dict[str, list[float]]:
    """How far the forecast moves as modalities are taken away in three orders; the random one is the mean over all."""
    if not len(values):
        return {}
    count = int(np.bincount(present.sum(axis=1)).argmax())
    usual = present.sum(axis=1) == count
    values, looks, does, present = values[usual], looks[usual], does[usual], present[usual]
    bits = 1 << np.arange(len(MODALITIES))
    whole = values[np.arange(len(values)), present @ bits]
    curves = {}
    for name, weight in (("contribution", does), ("attention", looks)):
        order = np.argsort(-np.where(present, weight, -np.inf), axis=1, kind="stable")
        left = present.copy()
        curve = [0.0]
        for step in range(count):
            left[np.arange(len(left)), order[:, step]] = False
            curve.append(float(np.abs(values[np.arange(len(left)), left @ bits] - whole).mean()))
        curves[name] = curve
    masks = coalition_masks(len(MODALITIES))
    within = (~masks[None] | present[:, None]).all(axis=2)  # (n, masks), of what is there alone
    size = masks.sum(axis=1)
    moved = np.abs(values - whole[:, None])
    curves["random"] = [float(moved[within & (size == count - gone)].mean()) for gone in range(count + 1)]
    return {name: curves[name] for name in ORDERS}


def _place(workspace: Workspace) -> Path:
    return workspace.cache_dir / "faithful" / f"{workspace.bundle_path().name}-{workspace.store.state}.json"
