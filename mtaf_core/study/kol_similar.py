"""Which KOLs are most like one: by audience, tier, category, hashtags, length of videos and level of popularity.

The distance of two KOLs is the root of the weighted mean of squared parts, each from 0 (alike) to 1 (as far as it
counts): followers and popularity by the log of their ratio, a tenfold being 1; length likewise, a fourfold being 1;
tier and category 0 or 1; hashtags 1 - the share of this KOL's use of hashtags that the other one's covers, the sum
over hashtags of min(a, b) / the sum of a, with a and b the shares of each KOL's videos. What is not known of this KOL
is left out; what is not known of the other one counts as half way.
"""

import math
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from mtaf_core.study.kols import Table
from mtaf_core.study.market import Study

MOST_TAGS = 30
"""Hashtags of a KOL that are compared, those used most."""
WEIGHTS: dict[str, float] = {
    "followers": 1.0, "tier": 0.5, "category": 1.0, "tags": 1.0, "duration": 0.5, "level": 1.0,
}  # fmt: skip
_UNKNOWN = 0.5
_TENFOLD, _FOURFOLD = math.log(10.0), math.log(4.0)


@dataclass(frozen=True)
class Similar:
    """A KOL who is like another one.

    Parameters
    ----------
    key : str
    distance : float
        0 (alike in everything) to 1.
    shared_tags : float
        Share of the first KOL's use of hashtags that this one's covers; NaN where the first uses none.
    """

    key: str
    distance: float
    shared_tags: float


def similar(study: Study, table: Table, key: str, most: int = 10) -> list[Similar]:
    """The KOLs of ``table`` most like the one of ``key``, nearest first; those without a video are left out."""
    place = table.place(key)
    if place is None:
        return []
    shared = _shared_tags(study, table, place)
    parts = {
        "followers": _apart(np.log1p(table.column("followers")), place, _TENFOLD),
        "tier": _differs(table.rows.column("tier"), place, "unknown"),
        "category": _differs(table.rows.column("category"), place),
        "tags": None if shared is None else 1 - shared,
        "duration": _apart(np.log(table.column("duration")), place, _FOURFOLD),
        "level": _apart(table.column("level_mean"), place, _TENFOLD),
    }
    square, weight = np.zeros(len(table.rows)), 0.0
    for name, part in parts.items():
        if part is not None:
            square += WEIGHTS[name] * part**2
            weight += WEIGHTS[name]
    if not weight:
        return []
    distance = np.sqrt(square / weight)
    distance[place] = np.inf
    distance[table.column("videos") == 0] = np.inf
    nearest = np.argsort(distance, kind="stable")[:most]
    keys = table.rows.column("key")
    return [
        Similar(keys[int(i)].as_py(), float(distance[i]), float("nan") if shared is None else float(shared[i]))
        for i in nearest
        if np.isfinite(distance[i])
    ]


def _apart(values: np.ndarray, place: int, whole: float) -> np.ndarray | None:
    if not np.isfinite(values[place]):
        return None
    far = np.minimum(np.abs(values - values[place]) / whole, 1.0)
    return np.where(np.isfinite(far), far, _UNKNOWN)


def _differs(words: pa.ChunkedArray, place: int, unknown: str | None = None) -> np.ndarray | None:
    coded = words.combine_chunks().dictionary_encode()
    names = coded.dictionary.to_pylist()
    code = coded.indices.to_numpy(zero_copy_only=False).astype(float)  # NaN where unknown
    if unknown in names:
        code[code == names.index(unknown)] = np.nan
    if np.isnan(code[place]):
        return None
    return np.where(np.isnan(code), _UNKNOWN, (code != code[place]).astype(float))


def _shared_tags(study: Study, table: Table, place: int) -> np.ndarray | None:
    """The share of the KOL's use of hashtags that each KOL's covers, (K,); None where they use none."""
    kol = int(table.rows.column("kol")[place].as_py())
    found = study.query(
        f""", owners AS (SELECT row, kol FROM market WHERE kol IS NOT NULL),
            theirs AS (
                SELECT tag, count(*) AS used FROM tagged
                WHERE row IN (SELECT row FROM owners WHERE kol = $kol)
                GROUP BY tag ORDER BY used DESC, tag LIMIT {MOST_TAGS}
            ),
            each AS (
                SELECT kol, tag, count(*) AS used FROM tagged JOIN owners USING (row)
                WHERE tag IN (SELECT tag FROM theirs) GROUP BY kol, tag
            )
            SELECT e.kol, sum(least(e.used / m.videos, t.used / $videos)) AS covered,
                (SELECT sum(used / $videos) FROM theirs) AS whole
            FROM each e JOIN theirs t USING (tag) JOIN measured m ON m.kol = e.kol GROUP BY e.kol""",
        {"kol": kol, "videos": max(int(table.column("videos")[place]), 1)},
        measured=table.rows.select(["kol", "videos"]),
    )
    if not len(found):
        return None
    kols = table.rows.column("kol").to_numpy()
    shared = np.zeros(len(kols))
    where = np.searchsorted(kols, found.column("kol").to_numpy())
    shared[where] = found.column("covered").to_numpy() / found.column("whole").to_numpy()
    return np.minimum(shared, 1.0)
