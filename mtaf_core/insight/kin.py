"""The past videos most like a release, by what they hold and by the facts around them, and what became of them."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa

from mtaf_core.data import facts as sql
from mtaf_core.data.frame import scores_relation
from mtaf_core.insight.case import Case
from mtaf_core.insight.salience.context import over_market
from mtaf_core.schema import BEFORE_RELEASE, CONTENT_MODALITIES, Feature, Kind
from mtaf_core.study import market
from mtaf_core.workspace import Workspace

By = Literal["both", "content", "context"]

LATEST = 20_000
"""Past videos looked through, at most: the latest whose popularity is known."""
COMPARED = 20
"""The most similar ones that the share above the market is told of."""
_KEYS = ["platform", "video_id"]
_SPREAD = (Kind.COUNT, Kind.MEASURE)


@dataclass(frozen=True)
class Neighbour:
    """One past video.

    Parameters
    ----------
    likeness : float
        What it was ranked by: standard deviations above the mean likeness of the videos looked through.
    content, context : float or None
        The same of each side, of which ``likeness`` is the mean; None where that side cannot be compared.
    """

    video_id: str
    kol: str
    description: str
    score: float
    likeness: float
    content: float | None
    context: float | None


@dataclass(frozen=True)
class Kin:
    """The past videos most like a release, the most similar first, and which share of the first 20 beat the median."""

    videos: tuple[Neighbour, ...]
    compared: int
    beat: float
    median: float


def kin(case: Case, workspace: Workspace, by: By = "both", most: int = 6) -> Kin | None:
    """Find the past videos most like a release among the latest `LATEST` with a known score.

    By content: the cosine of vectors, standardised within each modality so that text, sound and picture count the
    same; a modality that either lacks does not count. By context: Gower's similarity (1971) of the facts of Table 1
    known before release, counts on a log scale over the market's whole range, and facts unknown on either side left
    out. Both together: the mean of the two, standardised.

    Returns
    -------
    Kin or None
        None where nothing can be compared.
    """
    known = _known(case, workspace)
    sides = {"content": _content(case, workspace), "context": _context(case, workspace)}
    chosen = [name for name in sides if by in ("both", name)]
    for name in sides:
        found = sides[name]
        known = known.assign(**{name: np.nan}) if found is None else known.merge(found, on=_KEYS, how="left")
        known[name] = _standard(known[name])
    known["likeness"] = known[chosen].mean(axis=1)
    if known["likeness"].isna().all():
        return None
    first = known.sort_values(["likeness", "row"], ascending=[False, True]).dropna(subset=["likeness"]).head(COMPARED)
    median = float(known["score"].median())
    told = _told(workspace, first)
    return Kin(tuple(told[:most]), len(first), float((first["score"] > median).mean()), median)


def _known(case: Case, workspace: Workspace) -> pd.DataFrame:
    scores, derived = scores_relation(case.bundle.manifest.horizon_day, workspace.info.timezone)
    return workspace.store.query(
        f"""SELECT row, platform, video_id, popularity_score AS score FROM {scores}
            WHERE popularity_score IS NOT NULL ORDER BY row DESC LIMIT {LATEST}""",
        derived=derived,
    ).to_pandas()


def _content(case: Case, workspace: Workspace) -> pd.DataFrame | None:
    """Likeness of vectors by video, each modality standardised; None where the release has none."""
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
    return workspace.store.query(
        f"""WITH latest AS (SELECT row, platform, video_id FROM {scores}
                           WHERE popularity_score IS NOT NULL ORDER BY row DESC LIMIT {LATEST}),
        alike AS (SELECT platform, video_id, e.modality, list_cosine_similarity(e.vector, w.own) AS likeness
                  FROM latest l JOIN embeddings e USING (platform, video_id)
                  JOIN wanted w ON w.modality = e.modality AND w.backbone = e.backbone
                  WHERE len(e.vector) = len(w.own)),
        ranked AS (SELECT platform, video_id,
                       (likeness - avg(likeness) OVER m) / nullif(stddev_pop(likeness) OVER m, 0) AS likeness
                   FROM alike WINDOW m AS (PARTITION BY modality))
        SELECT platform, video_id, avg(likeness) AS content FROM ranked GROUP BY ALL""",
        derived=derived,
        wanted=wanted,
    ).to_pandas()


def _context(case: Case, workspace: Workspace) -> pd.DataFrame | None:
    """Likeness of facts by video, 0 to 1; None where nothing is known of the release."""
    own = case.frame.facts.iloc[0]
    spread = [c for f in BEFORE_RELEASE if f.kind in _SPREAD for c in f.columns]
    ends = over_market(
        workspace, "spread", ", ".join(f"ln(1 + greatest(max({c}), 0)) - ln(1 + greatest(min({c}), 0)) AS {c}"
                                       for c in spread),
    )  # fmt: skip
    parts, given = [], {}
    for feature in BEFORE_RELEASE:
        for column in feature.columns:
            value = own[column]
            if value is None or value != value:
                continue
            given[f"v_{column}"] = value if isinstance(value, str) else float(value)
            parts.append(_alike(feature, column, ends.get(column)))
    if not parts:
        return None
    select = f"SELECT platform, video_id, list_avg([{', '.join(parts)}]) AS context"
    study = market.find(workspace)
    if study is not None:
        return study.query(f"{select} FROM market", given).to_pandas()
    bound: dict[str, Any] = {"zone": workspace.info.timezone, "platform": None, **given}
    return workspace.store.query(f"{select} FROM ({sql.facts_sql(sql.MARKET)})", bound, sql.DERIVED).to_pandas()


def _alike(feature: Feature, column: str, spread: float | None) -> str:
    """SQL: how alike a column is to ``$v_column``, 0 to 1; null where it is unknown."""
    own = f"$v_{column}"
    if feature.kind in _SPREAD:
        if not spread:
            return f"CASE WHEN {column} IS NOT NULL THEN 1.0 END"
        apart = f"abs(ln(1 + greatest({column}, 0)) - ln(1 + greatest({own}, 0)))"
        return f"greatest(1 - {apart} / {spread!r}, 0)"
    if feature.kind is Kind.CYCLE:
        apart = f"abs({column} - {own})"
        return f"1 - least({apart}, {feature.period} - {apart}) / {feature.period / 2}"
    return f"CAST({column} = {own} AS DOUBLE)"


def _standard(values: pd.Series) -> pd.Series:
    spread = float(values.std(ddof=0))
    return (values - values.mean()) / (spread if spread > 0 else np.nan)


def _told(workspace: Workspace, first: pd.DataFrame) -> list[Neighbour]:
    words = workspace.store.query(
        """SELECT f.row, coalesce(u.nickname, v.uploader_id, '') AS kol, coalesce(v.description, '') AS description
           FROM first f LEFT JOIN videos v USING (platform, video_id)
           LEFT JOIN uploaders u ON u.platform = v.platform AND u.uploader_id = v.uploader_id""",
        first=pa.Table.from_pandas(first[["row", *_KEYS]], preserve_index=False),
    ).to_pandas()
    return [
        Neighbour(
            one["video_id"], one["kol"], one["description"], float(one["score"]), float(one["likeness"]),
            _or_none(one["content"]), _or_none(one["context"]),
        )
        for one in first.merge(words, on="row").to_dict("records")
    ]  # fmt: skip


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
