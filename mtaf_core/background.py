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
        How long it has been, or was, under way; pauses do not count.
    stopping : bool
        Whether it was asked to stop and has not yet.
    pausing, paused : bool
        Whether it was asked to pause and has not yet, and whether it stands still.
    left_s : float or None
        About how long the stage has still to go, by how fast it went so far; None where that cannot be told.
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
    pausing: bool = False
    paused: bool = False
    left_s: float | None = None
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
        self._go = threading.Event()
        self._go.set()
        self._paused_s = 0.0
        self._paused_at: float | None = None
        self._marks: tuple[tuple[float, int], tuple[float, int]] | None = None
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
            running, stopping = self._state == "running", self._stop.is_set()
            paused = self._paused_at is not None
            pausing = running and not stopping and not paused and not self._go.is_set()
            return Look(
                self._state, self._step, tuple(self._stages), self._active(), stopping and running,
                pausing, paused and not stopping, self._left(), *self._said,
            )  # fmt: skip

    @property
    def is_running(self) -> bool:
        return self.look().state == "running"

    def stop(self) -> None:
        """Ask it to stop at its next report, or where it stands still."""
        self._stop.set()
        self._go.set()

    def pause(self) -> None:
        """Ask it to stand still at its next report, with all that it has in memory, until `resume` or `stop`."""
        self._go.clear()

    def resume(self) -> None:
        """Let it go on where it stands."""
        self._go.set()

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
            now = (self._active(), step.done)
            same = self._step is not None and self._step.stage == step.stage and self._marks is not None
            self._marks = (self._marks[0] if same and self._marks else now, now)
            self._step = step
            if step.stage not in self._stages:
                self._stages.append(step.stage)
        if not self._go.is_set():
            self._stand_still(step)

    def _stand_still(self, step: Step) -> None:
        with self._guard:
            self._paused_at = time.monotonic()
        self._go.wait()
        with self._guard:
            self._paused_s += time.monotonic() - (self._paused_at or 0.0)
            self._paused_at = None
        if self._stop.is_set():
            raise Cancelled(f"Stopped during '{step.stage}'; what was finished before is kept.")

    def _active(self) -> float:
        """Seconds under way, without the pauses."""
        return (self._ended or self._paused_at or time.monotonic()) - self._begun - self._paused_s

    def _left(self) -> float | None:
        """Seconds that the stage has still to go."""
        if self._marks is None or self._step is None or self._state != "running":
            return None
        (since, done_then), (until, done) = self._marks
        if done <= done_then or self._step.total < done:
            return None
        whole = (until - since) / (done - done_then) * (self._step.total - done)
        return max(whole - (self._active() - until), 0.0)

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
            self._jobs.pop(kind, None)  # the latest comes last
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

    def of_kind(self, prefix: str) -> list[Job]:
        """Every one whose kind begins with ``prefix``, in the order they were started."""
        with self._guard:
            return [job for kind, job in self._jobs.items() if kind.startswith(prefix)]

    def put_away_old(self, prefix: str, keep: int) -> None:
        """Forget those that have ended and whose kind begins with ``prefix``, but for the latest ``keep``."""
        ended = [job for job in self.of_kind(prefix) if not job.is_running]
        for job in ended[: max(len(ended) - keep, 0)]:
            self.put_away(job.kind)
