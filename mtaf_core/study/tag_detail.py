"""One hashtag: its videos against what is expected of them, over time, and who uses it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from mtaf_core.study.cohort import Cohort
from mtaf_core.study.shrinkage import one_way
from mtaf_core.study.tags import numbers

if TYPE_CHECKING:
    from mtaf_core.study.market import Study

DRAWN = 1_500
"""Videos that are drawn at most, an even sample; the weeks are of all."""
WEEKS = 26
KOLS = 15


@dataclass(frozen=True, eq=False)
class Detail:
    """What is known of one hashtag in a cohort.

    Attributes
    ----------
    videos, recent, kols : int
        Videos with it and a known popularity; those of the latest `WEEKS` weeks; different uploaders of all.
    points : pyarrow.Table
        At most `DRAWN` of the recent: ``local_time``, ``video_id``, ``name`` of the uploader, ``score``, ``over``
        (times what is expected without hashtags).
    weeks : pyarrow.Table
        ``start`` (date), ``n``, ``mean``, ``low``, ``high`` (times what is expected, geometric mean of the week's
        videos, drawn towards the mean of the weeks, with its 90% interval), in the order of time.
    tiers : pyarrow.Table
        ``tier``, ``videos``, ``kols``, ``share`` of its videos and ``usual``, that of all videos of the cohort.
    users : pyarrow.Table
        The `KOLS` uploaders with most videos of it: ``kol``, ``uploader_id``, ``platform``, ``name``, ``tier``,
        ``followers``, ``videos`` with it, ``of`` all of theirs in the cohort, ``median`` score, ``latest`` date.
    """

    videos: int
    recent: int
    kols: int
    points: pa.Table
    weeks: pa.Table
    tiers: pa.Table
    users: pa.Table


def detail(study: "Study", cohort: Cohort, tag: int) -> Detail:
    """Everything about hashtag number ``tag``."""
    given = {"tag": tag}
    mine = "mine AS (SELECT panel.* FROM panel JOIN tagged USING (row) WHERE tag = $tag AND log_score IS NOT NULL)"
    late = f"""late AS (SELECT *, exp(log_score - expected_untagged) AS over, log_score - expected_untagged AS log_over
                   FROM mine, (SELECT max(local_time)::DATE AS newest FROM panel)
                   WHERE newest - local_time::DATE < {7 * WEEKS})"""
    counted = study.query(
        f""", {mine}, {late}
            SELECT count(*) AS videos, count(DISTINCT kol) AS kols, (SELECT count(*) FROM late) AS recent FROM mine""",
        given,
        cohort,
    ).to_pylist()[0]
    points = study.query(
        f""", {mine}, {late} SELECT local_time, video_id, coalesce(k.name, uploader_id) AS name, score, over
            FROM late LEFT JOIN (SELECT kol, name FROM kols) k USING (kol)
            ORDER BY hash(row), row LIMIT {DRAWN}""",
        given,
        cohort,
    )
    weeks = study.query(
        f""", {mine}, {late} SELECT date_trunc('week', local_time)::DATE AS start, count(*) AS n,
                sum(log_over) AS total, sum(log_over * log_over) AS squares FROM late GROUP BY start ORDER BY start""",
        given,
        cohort,
    )
    tiers = study.query(
        f""", {mine}, every AS (SELECT tier, count(*) AS n FROM panel WHERE log_score IS NOT NULL GROUP BY tier)
            SELECT tier, count(mine.row) AS videos, count(DISTINCT mine.kol) AS kols,
                count(mine.row) / (SELECT count(*) FROM mine) AS share,
                any_value(n) / (SELECT sum(n) FROM every) AS usual
            FROM every LEFT JOIN mine USING (tier) GROUP BY tier ORDER BY share DESC""",
        given,
        cohort,
    )
    users = study.query(
        f""", {mine}, top AS (SELECT kol, count(*) AS videos, median(score) AS median, max(local_time)::DATE AS latest
                FROM mine WHERE kol IS NOT NULL GROUP BY kol ORDER BY videos DESC, kol LIMIT {KOLS})
            SELECT kol, k.uploader_id, k.platform, k.name, k.tier, k.follower_count AS followers, top.videos,
                (SELECT count(*) FROM panel p WHERE p.kol = top.kol AND log_score IS NOT NULL) AS of, median, latest
            FROM top JOIN kols k USING (kol) ORDER BY top.videos DESC, kol""",
        given,
        cohort,
    )
    return Detail(
        counted["videos"], counted["recent"], counted["kols"], points, _weekly(weeks), tiers, users
    )  # fmt: skip


def _weekly(weeks: pa.Table) -> pa.Table:
    n, total, squares = (numbers(weeks, name) for name in ("n", "total", "squares"))
    kept = weeks.select(["start", "n"])
    if not len(n):
        nothing = pa.array([], pa.float64())
        return kept.append_column("mean", nothing).append_column("low", nothing).append_column("high", nothing)
    found = one_way(n, total, squares)
    centre = total.sum() / n.sum()
    for name, log in (("mean", found.effect), ("low", found.low), ("high", found.high)):
        values = np.exp(log + centre)
        kept = kept.append_column(name, pa.array(values, mask=np.isnan(values)))
    return kept
