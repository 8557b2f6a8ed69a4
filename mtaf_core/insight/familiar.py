"""How far a release is from what the model has seen."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from mtaf_core.insight import guard
from mtaf_core.insight.case import Case
from mtaf_core.schema import CONTENT_MODALITIES, Modality
from mtaf_core.study import market
from mtaf_core.workspace import Workspace

if TYPE_CHECKING:
    from mtaf_core.model.plus.memory import Neighbours

Familiarity = Literal["usual", "unusual", "strange"]

UNUSUAL, STRANGE = 0.2, 0.05
"""Less alike than this share of the model's own videos are to each other."""
_NEAREST, _SAMPLED = 5, 256


@dataclass(frozen=True)
class Trust:
    """How sure a forecast can be.

    Parameters
    ----------
    content : dict of Modality to float
        The share of the model's own videos that are less like their nearest ones than this is like its nearest.
    outside : tuple of str
        Rows of Table 1 with a number below the least or above the most of the market.
    past : (int, float) or None
        How many videos of this KOL have a known popularity, and by how much the market's expectation missed them on
        average, in log units: it never learnt from this KOL.
    """

    content: dict[Modality, float]
    outside: tuple[str, ...]
    past: tuple[int, float] | None


def familiarity(share: float) -> Familiarity:
    """A share of `Trust.content` in a word."""
    return "strange" if share < STRANGE else "unusual" if share < UNUSUAL else "usual"


def trust(case: Case, workspace: Workspace) -> Trust:
    """Compare a release with what the bundle learnt from."""
    design = case.bundle.plus.design
    content = {}
    for modality in CONTENT_MODALITIES:
        vector, near = case.vectors.get(modality), design.neighbours.get(modality)
        if vector is not None and near is not None and case.has(modality) and len(near.vectors) > _NEAREST + 1:
            content[modality] = _familiar(near, design.projections[modality].retrieval(vector))
    outside = tuple(guard.outside_numbers(case.frame, 0, guard.ranges(workspace)))
    return Trust(content, outside, _past(case, workspace))


def _familiar(near: "Neighbours", vector: np.ndarray) -> float:
    """The share of remembered posts, evenly sampled, that are less like their nearest ones than ``vector`` is."""
    from mtaf_core.model.plus.memory import unit

    remembered = near.vectors.astype(np.float32)
    own = float(_nearest(unit(vector) @ remembered.T)[0])
    sample = np.unique(np.linspace(0, len(remembered) - 1, _SAMPLED).astype(int))
    likeness = remembered[sample] @ remembered.T
    likeness[np.arange(len(sample)), sample] = -np.inf
    return float((_nearest(likeness) <= own).mean())


def _nearest(likeness: np.ndarray) -> np.ndarray:
    """Mean likeness to the nearest few, (rows,)."""
    few = min(_NEAREST, likeness.shape[1] - 1)
    found: np.ndarray = -np.partition(-likeness, few - 1, axis=1)[:, :few].mean(axis=1)
    return found


def _past(case: Case, workspace: Workspace) -> tuple[int, float] | None:
    study, row = market.find(workspace), case.frame.facts.iloc[0]
    if study is None or not row["uploader_id"]:
        return None
    found = study.query(
        """SELECT count(*) AS n, avg(abs(log_score - expected)) AS missed FROM market
           WHERE platform = $platform AND uploader_id = $uploader AND log_score IS NOT NULL AND expected IS NOT NULL""",
        {"platform": row["platform"], "uploader": row["uploader_id"]},
    ).to_pylist()[0]
    return (found["n"], float(found["missed"])) if found["n"] else None
