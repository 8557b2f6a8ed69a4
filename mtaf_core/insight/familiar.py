"""How far a release is from what the model has seen, and the past videos most like it with what became of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa

from mtaf_core.data.frame import scores_relation
from mtaf_core.insight.case import Case
from mtaf_core.insight.salience.context import over_market
from mtaf_core.schema import BEFORE_RELEASE, CONTENT_MODALITIES, Modality
from mtaf_core.study import market
from mtaf_core.workspace import Workspace

if TYPE_CHECKING:
    from mtaf_core.model.plus.memory import Neighbours

Familiarity = Literal["usual", "unusual", "strange"]

UNUSUAL, STRANGE = 0.2, 0.05
"""Less alike than this share of the model's own videos are to each other."""
LATEST = 20_000
"""Past videos looked through, at most: the latest whose popularity is known."""
COMPARED = 20
"""The most similar ones that the share above the market is told of."""
_NEAREST, _SAMPLED = 5, 256
_NUMBERS = {column: feature.name for feature in BEFORE_RELEASE if feature.is_numeric for column in feature.columns}


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


@dataclass(frozen=True)
class Neighbour:
    """One past video; ``likeness`` is in standard deviations above the mean likeness, over the modalities."""

    video_id: str
    kol: str
    description: str
    score: float
    likeness: float


@dataclass(frozen=True)
class Kin:
    """The past videos most like a clip, the most similar first, and which share of the first 20 beat the median."""

    videos: tuple[Neighbour, ...]
    compared: int
    beat: float
    median: float


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
    return Trust(content, _outside(case, workspace), _past(case, workspace))


def kin(case: Case, workspace: Workspace, most: int = 6) -> Kin | None:
    """Find the past videos whose vectors are most like those of a clip.

    Likeness is the cosine of vectors, standardised within each modality over the latest `LATEST` videos with a known
    score, so that text, sound and picture count the same; a modality that either lacks does not count.

    Returns
    -------
    Kin or None
        None where nothing can be compared.
    """
    names = case.bundle.manifest.backbone_names
    there = [m for m in CONTENT_MODALITIES if case.vectors.get(m) is not None and case.has(m) and m in names]
    if not there:
        return None
    vectors = [np.asarray(case.vectors[m], dtype=np.float32)[0].tolist() for m in there]
    wanted = pa.table(
        {
            "modality": [m.value for m in there],
            "backbone": [names[m] for m in there],
            "own": pa.array(vectors, pa.list_(pa.float32())),
        }
    )
    scores, derived = scores_relation(case.bundle.manifest.horizon_day, workspace.info.timezone)
    rows = workspace.store.query(
        f"""WITH latest AS (SELECT row, platform, video_id, uploader_id, popularity_score AS score FROM {scores}
                           WHERE popularity_score IS NOT NULL ORDER BY row DESC LIMIT {LATEST}),
        alike AS (SELECT l.row, e.modality, list_cosine_similarity(e.vector, w.own) AS likeness
                  FROM latest l JOIN embeddings e USING (platform, video_id)
                  JOIN wanted w ON w.modality = e.modality AND w.backbone = e.backbone
                  WHERE len(e.vector) = len(w.own)),
        ranked AS (SELECT row, (likeness - avg(likeness) OVER m) / nullif(stddev_pop(likeness) OVER m, 0) AS likeness
                   FROM alike WINDOW m AS (PARTITION BY modality)),
        nearest AS (SELECT row, avg(likeness) AS likeness FROM ranked GROUP BY row
                    ORDER BY likeness DESC NULLS LAST, row LIMIT {COMPARED})
        SELECT n.likeness, l.video_id, l.score, coalesce(u.nickname, l.uploader_id, '') AS kol,
            coalesce(v.description, '') AS description, (SELECT median(score) FROM latest) AS median
        FROM nearest n JOIN latest l USING (row)
        LEFT JOIN videos v ON v.platform = l.platform AND v.video_id = l.video_id
        LEFT JOIN uploaders u ON u.platform = l.platform AND u.uploader_id = l.uploader_id
        WHERE n.likeness IS NOT NULL ORDER BY n.likeness DESC, n.row""",
        derived=derived,
        wanted=wanted,
    ).to_pylist()
    if not rows:
        return None
    median = float(rows[0]["median"])
    found = tuple(Neighbour(r["video_id"], r["kol"], r["description"], r["score"], r["likeness"]) for r in rows[:most])
    return Kin(found, len(rows), float(np.mean([r["score"] > median for r in rows])), median)


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


def _outside(case: Case, workspace: Workspace) -> tuple[str, ...]:
    """Rows of Table 1 with a number below the least or above the most of the market."""
    asked = ", ".join(f"min({c}) AS least_{c}, max({c}) AS most_{c}" for c in _NUMBERS)
    ends, row = over_market(workspace, "ends", asked), case.frame.facts.iloc[0]
    found = []
    for column, name in _NUMBERS.items():
        least, most, value = ends[f"least_{column}"], ends[f"most_{column}"], row[column]
        if least is not None and value is not None and (value < least or value > most):
            found.append(name)
    return tuple(dict.fromkeys(found))


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
