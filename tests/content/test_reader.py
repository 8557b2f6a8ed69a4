"""Clips read in a process of their own: the same answers, ended for real, replaced where it breaks, left by none."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from mtaf_core.content.apart import ExtractorApart
from mtaf_core.content.extract import Extractor
from mtaf_core.content.media import content_hash
from mtaf_core.content.reader import Reader, WorkerFault
from mtaf_core.content.take import Take
from mtaf_core.errors import BadMedia, Cancelled, ProcessLost
from mtaf_core.jobs import Step
from mtaf_core.schema import CONTENT_MODALITIES, Modality

ODD = """
import json, os, time
print(json.dumps({"ready": True}), flush=True)
print(json.dumps({"step": ["decode", 0, 1]}), flush=True)
"""
"""A process that is woken, begins to read, and then does something else than to finish."""


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    made = Reader()
    yield made
    made.close()


@pytest.fixture
def odd() -> Iterator[Callable[[str], Reader]]:
    """Readers whose process does what the test says."""
    made: list[Reader] = []

    def make(then: str) -> Reader:
        made.append(Reader([sys.executable, "-c", ODD + then]))
        return made[-1]

    yield make
    for one in made:
        one.close()


def is_gone(pid: int, within_s: float = 5.0) -> bool:
    """Whether a process ended; one that waits to be buried counts as gone."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def once_at(stage: str) -> Callable[[Step], None]:
    """A progress that stops the work as soon as ``stage`` is under way."""

    def progress(step: Step) -> None:
        if step.stage == stage:
            raise Cancelled("Stopped.")

    return progress


def test_it_reads_what_the_extractor_reads(reader: Reader, make_clip: Callable[..., Path], tmp_path: Path) -> None:
    clip = make_clip("a.mp4", seconds=2.0)
    here = Extractor("compact", "cpu").embed_clip(clip, "Glow serum", ["skincare"])
    stages: list[str] = []
    apart = ExtractorApart(reader, "compact", "cpu", tmp_path)
    there = apart.embed_clip(clip, "Glow serum", ["skincare"], lambda step: stages.append(step.stage))
    assert here.clip is not None
    assert there.clip is not None
    for name in ("content_hash", "duration_s", "width_px", "height_px", "fps", "frame_times_s", "warnings"):
        assert getattr(there.clip, name) == getattr(here.clip, name)
    assert there.clip.frames is None
    assert there.clip.sound is None
    for modality in CONTENT_MODALITIES:
        np.testing.assert_allclose(there.vectors[modality], here.vectors[modality], rtol=1e-5, atol=1e-6)
    assert there.warnings == here.warnings
    assert list(dict.fromkeys(stages)) == ["wake", "decode", "audio", "visual", "text"]
    assert set(there.timings_s) == {"decode", "text", "audio", "visual"}


def test_what_was_read_before_asks_nobody(make_clip: Callable[..., Path], reader: Reader, tmp_path: Path) -> None:
    clip = make_clip("b.mp4", seconds=1.0)
    first = ExtractorApart(reader, "compact", "cpu", tmp_path).embed_clip(clip)
    asleep = Reader()
    again = ExtractorApart(asleep, "compact", "cpu", tmp_path).embed_clip(clip)
    assert asleep.pid is None
    for modality in (Modality.AUDIO, Modality.VISUAL):
        np.testing.assert_array_equal(again.vectors[modality], first.vectors[modality])
    assert ExtractorApart(asleep, "compact", "cpu", tmp_path).recall(clip, Take(content_hash(clip))) is not None
    assert ExtractorApart(asleep, "compact", "cpu", tmp_path / "other").recall(clip, Take(content_hash(clip))) is None


def test_time_is_told_once_a_clip_was_read(reader: Reader, make_clip: Callable[..., Path], tmp_path: Path) -> None:
    apart = ExtractorApart(reader, "compact", "cpu", tmp_path)
    apart.embed_clip(make_clip("first.mp4", seconds=2.0))
    told: list[Step] = []
    apart.embed_clip(make_clip("second.mp4", seconds=2.0, fps=11), progress=told.append)
    reading = [step for step in told if step.stage in ("decode", "audio", "visual")]
    assert all(0 <= step.done <= step.total for step in reading)
    assert len({step.total for step in reading}) == 1
    assert [step.done for step in reading] == sorted(step.done for step in reading)


def test_a_file_that_is_no_video_is_refused_and_the_process_goes_on(
    reader: Reader, make_clip: Callable[..., Path], tmp_path: Path
) -> None:
    notes = tmp_path / "notes.mp4"
    notes.write_text("these are my notes")
    apart = ExtractorApart(reader, "compact", "cpu")
    with pytest.raises(BadMedia, match=r"notes\.mp4 is not a video that can be read"):
        apart.embed_clip(notes)
    pid = reader.pid
    apart.embed_clip(make_clip("c.mp4", seconds=1.0))
    assert reader.pid == pid is not None


def test_a_stop_ends_the_process_within_a_second_and_the_next_question_starts_another(
    make_clip: Callable[..., Path], reader: Reader
) -> None:
    apart = ExtractorApart(reader, "compact", "cpu")
    clip = make_clip("d.mp4", seconds=8.0, size=(480, 848), fps=24)
    reader.wake(apart)
    pid = reader.pid
    assert pid is not None
    with pytest.raises(Cancelled):
        apart.embed_clip(clip, progress=once_at("visual"))
    began = time.monotonic()
    assert is_gone(pid)
    assert time.monotonic() - began < 1.0
    assert reader.pid is None
    apart.embed_clip(clip)
    assert reader.pid not in (None, pid)


@pytest.mark.parametrize(
    "then", ["time.sleep(600)", "import signal; signal.signal(15, signal.SIG_IGN); time.sleep(600)"]
)
def test_one_that_hangs_or_will_not_go_is_ended_too(odd: Callable[[str], Reader], then: str, tmp_path: Path) -> None:
    reader = odd(then)
    pids: list[int | None] = []
    began: list[float] = []

    def progress(step: Step) -> None:
        pids.append(reader.pid)
        if len(pids) > 4:
            began.append(time.monotonic())
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        reader.read(tmp_path / "x.mp4", Take(), Extractor(), progress)
    assert time.monotonic() - began[0] < 1.0
    assert pids[-1] is not None
    assert is_gone(pids[-1])


@pytest.mark.parametrize(
    ("then", "said"),
    [("os.kill(os.getpid(), 11)", "signal 11"), ("os.kill(os.getpid(), 9)", "signal 9"), ("os._exit(3)", "status 3")],
)
def test_one_that_breaks_is_one_sentence(odd: Callable[[str], Reader], then: str, said: str, tmp_path: Path) -> None:
    reader = odd(then)
    for _ in range(2):  # the next question starts another, which here breaks as well
        with pytest.raises(ProcessLost, match=rf"^The process that reads clips ended by itself \({said}\)"):
            reader.read(tmp_path / "x.mp4", Take(), Extractor())


def test_a_crash_is_over_with_the_next_question(reader: Reader, make_clip: Callable[..., Path]) -> None:
    apart = ExtractorApart(reader, "compact", "cpu")

    def crash(step: Step) -> None:
        if step.stage == "audio" and reader.pid:
            os.kill(reader.pid, signal.SIGKILL)

    with pytest.raises(ProcessLost, match="signal 9"):
        apart.embed_clip(make_clip("e.mp4", seconds=2.0), progress=crash)
    assert apart.embed_clip(make_clip("f.mp4", seconds=1.0)).clip is not None


def test_a_fault_of_ours_brings_its_trace(odd: Callable[[str], Reader], tmp_path: Path) -> None:
    reader = odd("""print(json.dumps({"fault": "ZeroDivisionError: planted"}), flush=True); time.sleep(60)""")
    with pytest.raises(WorkerFault, match="planted"):
        reader.read(tmp_path / "x.mp4", Take(), Extractor())


def test_one_that_went_to_sleep_is_woken_without_a_word(make_clip: Callable[..., Path]) -> None:
    reader = Reader()
    apart = ExtractorApart(reader, "compact", "cpu")
    reader.wake(apart)
    sleeper = reader._process
    assert sleeper is not None
    assert sleeper._child.stdin is not None
    sleeper._child.stdin.close()  # its input ends: it leaves, as after a quarter of an hour without a question
    assert is_gone(sleeper.pid, 60)
    assert apart.embed_clip(make_clip("g.mp4", seconds=1.0)).clip is not None
    reader.close()


def test_who_comes_later_waits_and_can_leave_the_queue(reader: Reader, make_clip: Callable[..., Path]) -> None:
    apart = ExtractorApart(reader, "compact", "cpu")
    clips = [make_clip(f"{i}.mp4", seconds=4.0, size=(480, 848), fps=24) for i in range(3)]
    apart.embed_clip(make_clip("warm.mp4", seconds=1.0))
    begun, release = threading.Event(), threading.Event()
    waited: list[list[int]] = [[], []]
    left: list[BaseException] = []

    def first(step: Step) -> None:
        begun.set()
        release.wait(30)

    def second(step: Step) -> None:
        if step.stage == "wait":
            waited[0].append(step.total)

    def third(step: Step) -> None:
        if step.stage == "wait":
            waited[1].append(step.total)
            if step.total == 2:
                raise Cancelled("Stopped.")

    def leaving() -> None:
        try:
            apart.embed_clip(clips[2], progress=third)
        except Cancelled as error:
            left.append(error)

    one = threading.Thread(target=apart.embed_clip, args=[clips[0]], kwargs={"progress": first})
    one.start()
    assert begun.wait(30)
    pid = reader.pid
    two = threading.Thread(target=apart.embed_clip, args=[clips[1]], kwargs={"progress": second})
    two.start()
    while not waited[0]:
        time.sleep(0.01)
    three = threading.Thread(target=leaving)
    three.start()
    three.join(30)
    assert len(left) == 1  # it left the queue, and nobody else was disturbed
    assert waited[1] == [2]
    release.set()
    one.join(60)
    two.join(60)
    assert set(waited[0]) == {1}
    assert reader.pid == pid


def test_it_dies_with_a_parent_that_was_killed(make_clip: Callable[..., Path]) -> None:
    """Even in the middle of a clip: nothing is left of a server that was killed."""
    clip = make_clip("long.mp4", seconds=9.0, size=(720, 1280), fps=30)
    code = """
        import sys, threading
        from mtaf_core.content.apart import ExtractorApart
        from mtaf_core.content.reader import Reader
        reader = Reader()
        def told(step):
            if step.stage == "decode":
                print(reader.pid, flush=True)
        ExtractorApart(reader, "compact", "cpu").embed_clip(sys.argv[1], progress=told)
        threading.Event().wait()
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), str(clip)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    assert is_gone(pid)
    parent.stdout.close()
