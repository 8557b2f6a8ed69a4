"""How long work reports itself and is stopped."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from mtaf_core.errors import Cancelled


@dataclass(frozen=True)
class Step:
    """One report of a piece of work under way.

    Parameters
    ----------
    stage : str
        What is being done, as a stable word: ``"decode"``, ``"text"``, ``"audio"``, ``"visual"``, ``"predict"``,
        ``"train"``, ``"render"``, ...
    done, total : int
        How much of the stage is finished; ``total`` 0 where it cannot be known.
    note : str
        A few words for a person, for instance ``"epoch 12 of 40, validation MSE 1.21"``.
    """

    stage: str
    done: int = 0
    total: int = 0
    note: str = ""


BEAT_S = 0.1
"""How often progress is told of work that says nothing itself meanwhile, so that a stop never waits longer."""


class Progress(Protocol):
    """Called with each `Step`; raises `Cancelled` to stop the work at that point."""

    def __call__(self, step: Step) -> None: ...


def silent(step: Step) -> None:
    """Report nothing."""


def stoppable(progress: Progress, stopped: Callable[[], bool]) -> Progress:
    """Wrap ``progress`` so that the work ends with `Cancelled` at its next report once ``stopped()`` is true."""

    def report(step: Step) -> None:
        if stopped():
            raise Cancelled(f"Stopped during '{step.stage}'; what was finished before is kept.")
        progress(step)

    return report


def attended(work: Callable[[], object], progress: Progress, stage: str) -> None:
    """Do ``work``, which reports nothing, in a thread of its own, and tell ``progress`` of ``stage`` every `BEAT_S`.

    A stop leaves it alone, to be finished for whoever needs it next. What it raises is raised here.
    """
    failed: list[BaseException] = []

    def kept() -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=kept, name=f"mtaf-{stage}", daemon=True)
    thread.start()
    while thread.is_alive():
        progress(Step(stage))
        thread.join(BEAT_S)
    if failed:
        raise failed[0]
