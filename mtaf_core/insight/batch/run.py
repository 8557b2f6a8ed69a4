"""Working a batch off: rows are asked, clips read once, forecasts made many at a time and kept as they come."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from mtaf_core import faults
from mtaf_core.content.extract import Content
from mtaf_core.data.candidate import Candidate
from mtaf_core.data.frame import candidate_frame
from mtaf_core.data.importers.reasons import reason_of, say
from mtaf_core.errors import BadInput, BadWorkspace, Cancelled, MtafError, ProcessLost
from mtaf_core.insight import guard
from mtaf_core.insight.attribution import coalition_masks, shapley
from mtaf_core.insight.batch import kept
from mtaf_core.insight.batch.kept import Batch, Scored, Unscored, Writer
from mtaf_core.insight.batch.question import Question, ask
from mtaf_core.insight.batch.table import Problem
from mtaf_core.insight.cautions import context_warnings
from mtaf_core.insight.forecast import LEVEL, WORDS_ALONE, Forecaster
from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.schema import MODALITIES, Modality
from mtaf_core.workspace import Workspace

STAGES = ("read", "score")
AT_ONCE = 64
"""Rows whose forecasts are made together: 3 ms a row with its reasons, where one alone takes 20."""
KEEP_EVERY_S = 2.0
"""How long a row that was read waits for others."""
WORDS_CHARS = 80
"""How much of a description stands beside a result."""
_PLAYERS = [place for place, modality in enumerate(MODALITIES) if modality is not Modality.TEMPORAL]


def begin(
    workspace: Workspace,
    name: str,
    clips: Sequence[tuple[str, Path]],
    table: Path | None,
    common: Candidate,
    *,
    beside: bool = False,
    progress: Progress = silent,
) -> Batch:
    """Ask every row of a batch and keep the questions; `run` answers them. Takes what `ask` takes.

    Raises
    ------
    BadInput
        If the table is none, or there is nothing to score; nothing is kept then.
    BadWorkspace
        If the batch cannot be kept.
    """
    batch = kept.create(workspace, name)
    return fill(workspace, batch, clips, table, common, beside=beside, progress=progress)


def fill(
    workspace: Workspace,
    batch: Batch,
    clips: Sequence[tuple[str, Path]],
    table: Path | None,
    common: Candidate,
    *,
    beside: bool = False,
    progress: Progress = silent,
) -> Batch:
    """As `begin`, for a batch that was made already, so that its id is known before its rows are."""
    scratch = kept.folder(workspace, batch.id) / "scratch"
    if common.upload_time is None:  # now, whenever the batch goes on
        common = replace(common, upload_time=datetime.now(UTC).replace(second=0, microsecond=0))
    unused: list[str] = []
    try:
        progress(Step("read", 0, 0))
        total = 0
        with Writer(workspace, batch.id, "asked") as writer:
            for question in ask(
                workspace, clips, table, common, scratch=scratch, beside=beside, unused=unused, progress=progress
            ):
                writer.question(question)
                total += 1
        if not total:
            raise BadInput("There is nothing to score; give clips, or a table with rows.")
        batch = replace(batch, total=total, unused=tuple(unused))
        kept.write(workspace, batch)
    except OSError as error:
        kept.delete(workspace, batch.id)
        raise BadWorkspace(
            f"The batch cannot be kept in {workspace.path} ({error.strerror or error}); make room there."
        ) from error
    except BaseException:
        kept.delete(workspace, batch.id)
        raise
    return batch


def check_common(workspace: Workspace, common: Candidate) -> None:
    """Refuse common settings that cannot be: what is wrong with them is not wrong with every row.

    Raises
    ------
    BadInput
        With the reason.
    """
    guard.refuse(guard.impossible(common))
    info = workspace.info
    candidate_frame(
        workspace.store, [replace(common, platform=common.platform or info.platform)], timezone=info.timezone
    )


def run(forecaster: Forecaster, batch: Batch, progress: Progress = silent) -> Batch:
    """Answer the questions of a batch that have no answer yet, in their order.

    A row that cannot be scored is kept with the reason, and stops no other. What was answered before `Cancelled`, or
    before the server went away, is kept; calling again goes on behind it.

    Raises
    ------
    BadBundle, WeightsMissing, BadWorkspace
        If nothing can be scored here.
    """
    workspace = forecaster.workspace
    bundle = forecaster.bundle
    batch = replace(batch, state="open", bundle=bundle.path.name, horizon_day=bundle.manifest.horizon_day)
    try:
        kept.write(workspace, batch)
        known = kept.known_rows(workspace, batch.id)
        with Writer(workspace, batch.id, "rows") as writer:
            _Worker(forecaster, batch.total, len(known), writer, progress).work(
                question for question in kept.questions(workspace, batch.id) if question.row not in known
            )
    except Cancelled:
        kept.write(workspace, replace(batch, state="stopped"))
        raise
    except OSError as error:
        raise BadWorkspace(
            f"The batch cannot be kept in {workspace.path} ({error.strerror or error}); make room there."
        ) from error
    except BaseException:
        kept.write(workspace, replace(batch, state="failed"))
        raise
    batch = replace(batch, state="done")
    kept.write(workspace, batch)
    return batch


class _Worker:
    """Reads clips one after another and scores what was read together."""

    def __init__(self, forecaster: Forecaster, total: int, done: int, writer: Writer, progress: Progress) -> None:
        self._forecaster, self._total, self._done = forecaster, total, done
        self._writer, self._progress = writer, progress
        self._read: list[tuple[Question, Content]] = []
        self._kept_at = time.monotonic()

    def work(self, questions: Iterable[Question]) -> None:
        try:
            for question in questions:
                self._one(question)
                if len(self._read) >= AT_ONCE or time.monotonic() - self._kept_at > KEEP_EVERY_S:
                    self._score()
        finally:
            self._score()  # what was read is not lost, however it ends
        self._progress(Step("score", self._total, self._total))

    def _one(self, question: Question) -> None:
        self._tell(question.name)
        if question.problem is not None:
            self._refuse(question, question.problem)
            return
        candidate = question.candidate
        try:
            content = self._forecaster.analyse(
                question.path, candidate.description, candidate.tags, lambda step: self._tell(question.name),
                question.take,
            )  # fmt: skip
        except (BadInput, ProcessLost) as error:
            # On disk an upload is called by its hash.
            sentence = str(error).replace(question.path.name, question.name) if question.path else str(error)
            self._refuse(question, Problem("", "", say("other", sentence=sentence)))
        except MtafError:
            raise
        except Exception as error:
            self._fault(question, error)
        else:
            self._read.append((question, content.light()))

    def _tell(self, name: str) -> None:
        self._progress(Step("score", self._done + len(self._read), self._total, name))

    def _score(self) -> None:
        some, self._read = self._read, []
        self._kept_at = time.monotonic()
        for found in scored(self._forecaster, some):
            self._keep(found)

    def _refuse(self, question: Question, problem: Problem) -> None:
        self._keep(Unscored(question.row, question.line, question.name, problem))

    def _fault(self, question: Question, error: Exception) -> None:
        reference = faults.record(error, self._forecaster.workspace.log_dir)
        self._refuse(question, Problem("", "", say("batch_fault", reference=reference)))

    def _keep(self, found: Scored | Unscored) -> None:
        self._writer.row(found)
        self._done += 1


def scored(forecaster: Forecaster, some: Sequence[tuple[Question, Content]]) -> list[Scored | Unscored]:
    """Forecasts with their strongest reason, made together; where the core refuses some, each half by itself."""
    if not some:
        return []
    try:
        return list(_together(forecaster, some))
    except BadInput as error:
        if len(some) == 1:
            question = some[0][0]
            return [Unscored(question.row, question.line, question.name, Problem("", "", reason_of(error)))]
    middle = len(some) // 2
    return scored(forecaster, some[:middle]) + scored(forecaster, some[middle:])


def _together(forecaster: Forecaster, some: Sequence[tuple[Question, Content]]) -> Iterator[Scored]:
    bundle = forecaster.bundle
    asked = [question.candidate for question, _ in some]
    for question, content in some:
        guard.refuse(guard.impossible(question.candidate, content))
    frame, vectors, unreadable = forecaster.prepared([content for _, content in some], asked)
    masks = np.zeros((2 ** len(_PLAYERS), len(MODALITIES)), dtype=bool)
    masks[:, _PLAYERS] = coalition_masks(len(_PLAYERS))
    values = bundle.coalitions(frame, vectors, masks, 0)  # (n, 16)
    share = shapley(values.T, len(_PLAYERS))  # (4, n); a modality that is not there has 0
    log_score = values[:, -1]
    low, high = bundle.interval(log_score, 0, LEVEL)
    for place, (question, content) in enumerate(some):
        score = float(np.expm1(max(log_score[place], 0.0)))
        yield Scored(
            row=question.row,
            line=question.line,
            name=question.name,
            content_hash=content.clip.content_hash if content.clip else "",
            form=content.clip.form if content.clip else "words",
            score=score,
            log_score=float(log_score[place]),
            low=float(low[place]),
            high=float(high[place]),
            percentile=bundle.percentile(score),
            words=question.candidate.description.strip()[:WORDS_CHARS],
            contribution={MODALITIES[player].value: float(share[row, place]) for row, player in enumerate(_PLAYERS)},
            warnings=(
                *((WORDS_ALONE,) if content.clip is None else ()),
                *content.warnings,
                *unreadable,
                *context_warnings(asked[place], frame.take([place]), bundle.vocabulary),
            ),
        )
