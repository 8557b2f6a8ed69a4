"""Many releases at once: clips and a table go in, a ranking comes out, and what is wrong with a row stops no other."""

from mtaf_core.insight.batch.kept import Batch, Scored, Unscored, batches, delete, find, ranking
from mtaf_core.insight.batch.question import Question, ask
from mtaf_core.insight.batch.run import begin, run
from mtaf_core.insight.batch.table import TEMPLATE, template

__all__ = [
    "TEMPLATE",
    "Batch",
    "Question",
    "Scored",
    "Unscored",
    "ask",
    "batches",
    "begin",
    "delete",
    "find",
    "ranking",
    "run",
    "template",
]
