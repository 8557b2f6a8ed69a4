"""Videos of a study as a person knows them: by name, by words, by address."""

from typing import Any

import numpy as np

from mtaf_core.study.market import Study


def details(study: Study, rows: np.ndarray) -> list[dict[str, Any]]:
    """What a person wants to know of some videos, in the order of ``rows``.

    Returns
    -------
    list of dict
        ``row``, ``platform``, ``video_id``, ``name`` of the KOL, ``tier``, ``followers``, ``description``,
        ``local_time`` and ``media_path``.
    """
    if not len(rows):
        return []
    found = study.query(
        """, asked AS MATERIALIZED (
                SELECT row, platform, video_id, kol, uploader_id, tier, uploader_follower, local_time FROM market
                WHERE row BETWEEN $first AND $last AND row IN (SELECT unnest($rows::BIGINT[])))
           SELECT a.row, a.platform, a.video_id, coalesce(k.name, a.uploader_id) AS name, a.tier,
               a.uploader_follower AS followers, v.description, a.local_time, v.media_path
           FROM asked a LEFT JOIN kols k USING (kol)
           JOIN videos v ON v.platform = a.platform AND v.video_id = a.video_id""",
        {"rows": [int(row) for row in rows], "first": int(rows.min()), "last": int(rows.max())},
    )
    by_row = {row["row"]: row for row in found.to_pylist()}
    return [by_row[int(row)] for row in rows]


def hashtags(study: Study, row: int) -> list[str]:
    """The hashtags of a video, the most used of the market first."""
    found = study.query(
        "SELECT tag_name FROM tagged JOIN tag_names USING (tag) WHERE tagged.row = $row ORDER BY tag", {"row": row}
    )
    return list(found["tag_name"].to_pylist())


def find_row(study: Study, platform: str, video_id: str) -> int | None:
    """The row of a video in the panel; None where there is no such video."""
    found = study.query(
        "SELECT row FROM market WHERE platform = $platform AND video_id = $video",
        {"platform": platform, "video": video_id},
    )
    return found["row"][0].as_py() if found.num_rows else None
