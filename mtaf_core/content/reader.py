"""Reading clips in a process of its own, which can be ended at any moment and takes nobody down when it breaks.

The networks of one process answer one question after another. Where several ask, they wait in the order they came.
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mtaf_core import errors
from mtaf_core.content import worker
from mtaf_core.content.extract import Content, Extractor
from mtaf_core.content.pace import LATE, STAGES, Pace
from mtaf_core.content.take import Take
from mtaf_core.errors import MtafError, ProcessLost
from mtaf_core.jobs import BEAT_S, Progress, Step, silent

_GRACE_S = 0.3
_PACKAGES = Path(__file__).resolve().parents[2]


class WorkerFault(RuntimeError):
    """A fault of ours in the process that reads; its trace is the message."""


class Reader:
    """The process that reads clips: started at the first need, kept, started again where it ended. Safe to share.

    Parameters
    ----------
    command : list of str, optional
        What to run; `mtaf_core.content.worker` by default.
    """

    def __init__(self, command: list[str] | None = None) -> None:
        self._command = command or [sys.executable, "-m", worker.__name__]
        self._process: _Process | None = None
        self._guard = threading.Lock()
        self._turns: list[object] = []
        self._changed = threading.Condition()

    @property
    def pid(self) -> int | None:
        """Of the process; None while there is none."""
        process = self._process
        return process.pid if process is not None and process.lives else None

    def wake(self, extractor: Extractor) -> None:
        """Have a process load the networks of ``extractor``, without waiting for it."""
        self._alive(extractor)

    def close(self) -> None:
        """End the process."""
        with self._guard:
            if self._process is not None:
                self._process.end()
                self._process = None

    def read(self, path: Path, take: Take, extractor: Extractor, progress: Progress = silent) -> Content:
        """Read a take of a clip as ``extractor`` would, its text aside.

        Parameters
        ----------
        path : Path
        take : Take
        extractor : Extractor
            Says which networks and which cache; loads nothing itself.
        progress : Progress
            Told every `BEAT_S`, of "wait" while others are read (``total`` of them come before), then of `pace.STAGES`;
            ``done`` and ``total`` are milliseconds of the whole where former clips tell how long it takes, and the
            note is `pace.LATE` where it takes much longer. What it raises ends the process.

        Returns
        -------
        Content
            Its clip has no frames and no sound.

        Raises
        ------
        BadMedia, WeightsMissing
            As `Extractor.embed_clip`.
        ProcessLost
            If the process ended by itself. The next question starts another.
        """
        question = {"settings": extractor.settings, "path": str(path), "take": asdict(take)}
        with self._turn(progress):
            for again in (True, False):
                process = self._alive(extractor)
                try:
                    said = process.ask(question, _Told(progress, extractor))
                except _Idle:
                    if not again:
                        raise ProcessLost(_lost(process)) from None
                except BaseException:
                    process.end()
                    raise
                else:
                    return _content(said, path)
        raise AssertionError("a clip is read or an error raised")

    def _alive(self, extractor: Extractor) -> "_Process":
        with self._guard:
            if self._process is None or not self._process.lives:
                self._process = _Process(self._command)
                self._process.send({"settings": extractor.settings, "warm": True})
            return self._process

    @contextmanager
    def _turn(self, progress: Progress) -> Iterator[None]:
        """Hold the process, when everybody who came before has had it."""
        mine = object()
        with self._changed:
            self._turns.append(mine)
        try:
            while True:
                with self._changed:
                    ahead = self._turns.index(mine)
                    if ahead:
                        self._changed.wait(BEAT_S)
                if not ahead:
                    break
                progress(Step("wait", 0, ahead))
            yield
        finally:
            with self._changed:
                self._turns.remove(mine)
                self._changed.notify_all()


class _Idle(Exception):
    """The process ended because nobody had asked for long, as the question came."""


class _Process:
    """One process, and what it said so far."""

    def __init__(self, command: list[str]) -> None:
        places = [str(_PACKAGES), *filter(None, [os.environ.get("PYTHONPATH")])]
        # One arena: what the threads of one clip freed serves the next one, rather than being kept by each.
        surroundings = {"MALLOC_ARENA_MAX": "1", **os.environ, "PYTHONPATH": os.pathsep.join(places)}
        self._child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=surroundings, encoding="utf-8"
        )
        self.pid = self._child.pid
        self.ready = False
        self._said: queue.Queue[dict[str, Any] | None] = queue.Queue()
        threading.Thread(target=_hear, args=[self._child, self._said], name="mtaf-reader", daemon=True).start()
        weakref.finalize(self, _end, self._child)

    @property
    def lives(self) -> bool:
        return self._child.poll() is None

    @property
    def status(self) -> int | None:
        return self._child.poll()

    def send(self, question: dict[str, Any]) -> None:
        assert self._child.stdin is not None
        with suppress(OSError):  # it is gone; whoever waits for the answer learns of it
            self._child.stdin.write(json.dumps(question) + "\n")
            self._child.stdin.flush()

    def ask(self, question: dict[str, Any], told: "_Told") -> dict[str, Any]:
        """What it answers; ``told`` hears of every step and every `BEAT_S`."""
        self.send(question)
        told(Step("decode" if self.ready else "wake"))
        while True:
            try:
                said = self._said.get(timeout=BEAT_S)
            except queue.Empty:
                told.beat()
                continue
            if said is None:
                if self._child.returncode == 0:
                    raise _Idle
                raise ProcessLost(_lost(self))
            if "step" in said:
                told(worker.step_of(said["step"]))
            elif self.ready:
                return said
            else:  # the answer to being woken: what is wrong with the networks shows again when they are used
                self.ready = True
                told(Step("wake", 1, 1))
                told(Step("decode"))

    def end(self) -> None:
        _end(self._child)


class _Told:
    """Turns the steps of the process into those of the whole reading, and measures them."""

    def __init__(self, progress: Progress, extractor: Extractor) -> None:
        self._progress = progress
        self._pace = Pace.of(extractor)
        self._stage, self._since = "", time.monotonic()

    def __call__(self, step: Step) -> None:
        if step.stage not in STAGES:
            return
        if step.total and step.done >= step.total:
            self._pace.took(step.stage, time.monotonic() - self._since)
        elif step.stage != self._stage:
            self._stage, self._since = step.stage, time.monotonic()
            self._pace.begin(step.stage)
        self.beat()

    def beat(self) -> None:
        seconds = time.monotonic() - self._since
        done_s, total_s = self._pace.at(self._stage, seconds)
        note = LATE if self._pace.is_late(self._stage, seconds) else ""
        self._progress(Step(self._stage or STAGES[0], round(1000 * done_s), round(1000 * total_s), note))


def _hear(child: "subprocess.Popen[str]", said: "queue.Queue[dict[str, Any] | None]") -> None:
    assert child.stdout is not None
    with suppress(ValueError, OSError):  # a line cut short by its end, or our own closing of the pipe
        for line in child.stdout:
            said.put(json.loads(line))
    child.wait()
    said.put(None)


def _end(child: "subprocess.Popen[str]") -> None:
    """End a process for good: asked first, then made to."""
    child.terminate()
    try:
        child.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    for pipe in (child.stdin, child.stdout):
        with suppress(OSError, ValueError):
            if pipe is not None:
                pipe.close()


def _content(said: dict[str, Any], path: Path) -> Content:
    if "error" in said:
        name, sentence = said["error"]
        kind = getattr(errors, name, MtafError)
        raise kind(sentence)
    if "fault" in said:
        raise WorkerFault(said["fault"])
    return worker.read_back(said["content"], path)


def _lost(process: _Process) -> str:
    status = process.status or 0
    how, number = ("signal", -status) if status < 0 else ("status", status)
    return f"The process that reads clips ended by itself ({how} {number}), perhaps for lack of memory; try again."
