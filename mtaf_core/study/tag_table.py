"""The hashtags of a cohort page by page: searched, put in order, and each with its use over the weeks."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pyarrow as pa

from mtaf_core.study.cohort import Cohort
from mtaf_core.study.tags import Board, Reading

if TYPE_CHECKING:
    from mtaf_core.study.market import Study

Order = Literal["effect", "effect_low", "videos", "views", "crowding", "trend"]
ORDERS: tuple[Order, ...] = ("effect", "effect_low", "videos", "views", "crowding", "trend")
WEEKS = 12
_WEEKS = "[" + ", ".join(f"count(*) FILTER (WHERE week = {week})" for week in range(WEEKS - 1, -1, -1)) + "]"


@dataclass(frozen=True, eq=False)
class Page:
    """Some rows of `Board.listing` in an order.

    Attributes
    ----------
    rows : pyarrow.Table
        With ``kols``, different uploaders of the cohort, and ``weeks``, the share of the videos of each of the latest
        `WEEKS` weeks that have it, the oldest first, null where a week has none.
    found : int
        Hashtags that fit the search.
    """

    rows: pa.Table
    found: int


def page(
    study: "Study", cohort: Cohort, board: Board, find: str, order: Order, reading: Reading, first: int, most: int
) -> Page:
    """Rows ``first`` to ``first + most`` of the hashtags with ``find`` in their name."""
    rows = study.query(
        f""", found AS (SELECT * FROM listing WHERE contains(lower(tag_name), lower($find))),
            chosen AS (SELECT *, row_number() OVER (ORDER BY {_by(order, reading)}, videos DESC, tag) AS rank
                       FROM found ORDER BY rank LIMIT {int(most)} OFFSET {int(first)}),
            newest AS (SELECT max(local_time)::DATE AS day FROM panel),
            aged AS NOT MATERIALIZED (SELECT row, kol, (day - local_time::DATE) // 7 AS week FROM panel, newest),
            totals AS (SELECT {_WEEKS} AS every FROM aged WHERE week < {WEEKS}),
            used AS (SELECT tag, count(DISTINCT kol) AS kols, {_WEEKS} AS counts
                     FROM tagged JOIN aged USING (row) WHERE tag IN (SELECT tag FROM chosen) GROUP BY tag)
        SELECT chosen.*, used.kols,
            list_transform(list_zip(counts, every), lambda x: x[1] / nullif(x[2], 0)) AS weeks,
            (SELECT count(*) FROM found) AS found
        FROM chosen JOIN used USING (tag), totals ORDER BY rank""",
        {"find": find.strip().lstrip("#")},
        cohort,
        listing=board.listing,
    )
    found = rows.column("found")[0].as_py() if rows.num_rows else 0
    return Page(rows.drop_columns(["found", "rank"]), found)


def _by(order: Order, reading: Reading) -> str:
    column = f"{reading}_effect" if order.startswith("effect") else order
    return f"{column} {'ASC' if order == 'effect_low' else 'DESC'} NULLS LAST"
