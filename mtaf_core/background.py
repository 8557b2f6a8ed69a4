"""Work that goes on while pages come and go: one thread a piece, found again by its kind, stopped on request."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from mtaf_core import faults
from mtaf_core.errors import BadInput, Cancelled, MtafError
from mtaf_core.jobs import Progress, Step, stoppable

State = Literal["running", "done", "stopped", "failed"]


@dataclass(frozen=True)
class Look:
    """One piece of work as it is now.

    Parameters
    ----------
    state : {"running", "done", "stopped", "failed"}
    step : Step or None
        The latest report; None before the first.
    stages : tuple of str
        The stages that were reported, in their order.
    seconds : float
        How long it has been, or was, under way.
    stopping : bool
        Whether it was asked to stop and has not yet.
    error : MtafError or None
        Why it failed, where a person can act on it.
    reference : str
        The id of a fault of ours in the log; empty otherwise.
    """

    state: State
    step: Step | None
    stages: tuple[str, ...]
    seconds: float
    stopping: bool
    error: MtafError | None = None
    reference: str = ""


class Job:
    """One piece of work in a thread of its own. Made by `Jobs.start`.

    Parameters
    ----------
    kind : str
    title : str
        What is being done, for a person.
    work : callable
        Given a `Progress`, which stops it; what it returns becomes `result`.
    log_dir : Path
        Where faults of ours are written down.
    """

    def __init__(self, kind: str, title: str, work: Callable[[Progress], Any], log_dir: Path) -> None:
        self.kind = kind
        self.title = title
        self.result: Any = None
        self._work = work
        self._log_dir = log_dir
        self._stop = threading.Event()
        self._guard = threading.Lock()
        self._begun = time.monotonic()
        self._ended: float | None = None
        self._state: State = "running"
        self._step: Step | None = None
        self._stages: list[str] = []
        self._said: tuple[MtafError | None, str] = (None, "")
        self._thread = threading.Thread(target=self._run, name=f"mtaf-{kind}", daemon=True)

    def look(self) -> Look:
        """Where it stands."""
        with self._guard:
            seconds = (self._ended or time.monotonic()) - self._begun
            stopping = self._stop.is_set() and self._state == "running"
            return Look(self._state, self._step, tuple(self._stages), seconds, stopping, *self._said)

    @property
    def is_running(self) -> bool:
        return self.look().state == "running"

    def stop(self) -> None:
        """Ask it to stop at its next report."""
        self._stop.set()

    def wait(self, timeout_s: float | None = None) -> None:
        """Wait until it has ended, or ``timeout_s`` have passed."""
        self._thread.join(timeout_s)

    def _start(self) -> None:
        self._thread.start()

    def _run(self) -> None:
        try:
            self.result = self._work(stoppable(self._report, self._stop.is_set))
        except Cancelled:
            self._end("stopped")
        except MtafError as error:
            self._end("failed", error)
        except Exception as error:
            self._end("failed", reference=faults.record(error, self._log_dir))
        else:
            self._end("done")

    def _report(self, step: Step) -> None:
        with self._guard:
            self._step = step
            if step.stage not in self._stages:
                self._stages.append(step.stage)

    def _end(self, state: State, error: MtafError | None = None, reference: str = "") -> None:
        with self._guard:
            self._ended = time.monotonic()
            self._said = (error, reference)
            self._state = state


class Jobs:
    """The work of one server on one workspace: at most one of a kind at a time, each kept until it is put away.

    Parameters
    ----------
    log_dir : Path
        Where faults of ours are written down.
    """

    def __init__(self, log_dir: Path) -> None:
        self._log_dir = log_dir
        self._guard = threading.Lock()
        self._jobs: dict[str, Job] = {}

    def start(self, kind: str, title: str, work: Callable[[Progress], Any]) -> Job:
        """Begin a piece of work.

        Raises
        ------
        BadInput
            If one of its kind is under way.
        """
        with self._guard:
            running = self._jobs.get(kind)
            if running is not None and running.is_running:
                raise BadInput(f"'{running.title}' is still under way; wait for it to end, or stop it.")
            job = self._jobs[kind] = Job(kind, title, work, self._log_dir)
            job._start()
            return job

    def current(self, kind: str) -> Job | None:
        """The latest of its kind, under way or ended; None where there is none or it was put away."""
        with self._guard:
            return self._jobs.get(kind)

    def put_away(self, kind: str) -> None:
        """Forget one that has ended."""
        with self._guard:
            job = self._jobs.get(kind)
            if job is not None and not job.is_running:
                del self._jobs[kind]
