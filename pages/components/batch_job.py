"""The batch under way on this server, if there is one: started, found again, and told apart from others."""

from collections.abc import Callable

import streamlit as st

from mtaf_core.background import Job
from mtaf_core.errors import BadInput
from mtaf_core.insight import batch as core
from mtaf_core.insight.batch import Batch
from mtaf_core.jobs import Progress
from mtaf_core.workspace import Workspace, default_path
from pages.components import shell, tasks
from pages.components.batch_given import Given
from pages.components.words import t

KIND = "batch"


@st.cache_resource(max_entries=16, show_spinner=False)
def _ids(path: str) -> dict[str, str]:
    """The id of the batch that the job of a workspace works on."""
    return {}


def job_of(batch_id: str) -> Job | None:
    """The job that works, or worked, on a batch; None where this server knows of none."""
    job = tasks.jobs().current(KIND)
    return job if job is not None and _ids(str(default_path())).get(KIND) == batch_id else None


def start(space: Workspace, given: Given) -> Batch:
    """Make a batch of what was given and begin to work on it.

    Raises
    ------
    BadInput
        If another is under way, or the common settings cannot be.
    BadWorkspace
        If it cannot be kept.
    """
    _check_free()
    core.check_common(space, given.common)
    batch = core.create(space, given.name)
    ready = shell.forecaster()

    def work(progress: Progress) -> Batch:
        filled = core.fill(space, batch, given.clips, given.table, given.common, progress=progress)
        given.let_go()
        return core.run(ready, filled, progress)

    _begin(batch, work)
    return batch


def go_on(batch: Batch) -> None:
    """Work on a batch again, behind what is done. Raises as `start`."""
    _check_free()
    ready = shell.forecaster()
    _begin(batch, lambda progress: core.run(ready, batch, progress))


def _check_free() -> None:
    job = tasks.jobs().current(KIND)
    if job is not None and job.is_running:
        raise BadInput(t("batch_busy"))


def _begin(batch: Batch, work: Callable[[Progress], Batch]) -> None:
    _ids(str(default_path()))[KIND] = batch.id
    tasks.jobs().start(KIND, batch.name, work)
