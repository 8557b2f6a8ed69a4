"""Many releases at once: clips and a table go in, a ranking comes out, and what is wrong with a row stops no other."""

from mtaf_core.insight.batch.kept import (
    Batch,
    Ranking,
    Scored,
    Unscored,
    batches,
    create,
    delete,
    find,
    question,
    ranking,
)
from mtaf_core.insight.batch.question import Question, ask
from mtaf_core.insight.batch.run import STAGES, begin, check_common, fill, run
from mtaf_core.insight.batch.shown import against_median, apart, rows_of, to_json
from mtaf_core.insight.batch.table import SUFFIXES, TEMPLATE, look, template

__all__ = [
    "STAGES",
    "SUFFIXES",
    "TEMPLATE",
    "Batch",
    "Question",
    "Ranking",
    "Scored",
    "Unscored",
    "against_median",
    "apart",
    "ask",
    "batches",
    "begin",
    "check_common",
    "create",
    "delete",
    "fill",
    "find",
    "look",
    "question",
    "ranking",
    "rows_of",
    "run",
    "template",
    "to_json",
]
