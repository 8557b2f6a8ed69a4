"""Work behind the pages: it reports itself, stops when asked, and fails in one sentence."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from mtaf_core.background import Jobs
from mtaf_core.errors import BadInput
from mtaf_core.jobs import Progress, Step


def wait_until(so: Callable[[], bool]) -> None:
    for _ in range(1000):
        if so():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not come to that in ten seconds")


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    return Jobs(tmp_path / "logs")


def test_what_the_work_returns_is_kept_with_its_stages(jobs: Jobs) -> None:
    def work(progress: Progress) -> str:
        progress(Step("read", 1, 2))
        progress(Step("write", 2, 2))
        return "done"

    job = jobs.start("import", "posts.json", work)
    job.wait(10)
    assert (job.look().state, job.result, job.look().stages) == ("done", "done", ("read", "write"))
    assert jobs.current("import") is job


def test_a_second_of_its_kind_is_refused_while_one_is_under_way_and_a_stop_ends_it(jobs: Jobs) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work(progress: Progress) -> None:
        begun.set()
        go_on.wait(10)
        progress(Step("read"))

    job = jobs.start("import", "posts.json", work)
    assert begun.wait(10)
    with pytest.raises(BadInput, match=r"posts\.json"):
        jobs.start("import", "more.json", work)
    jobs.put_away("import")
    assert jobs.current("import") is job, "work under way was forgotten"
    job.stop()
    assert job.look().stopping
    go_on.set()
    job.wait(10)
    assert job.look().state == "stopped"
    jobs.put_away("import")
    assert jobs.current("import") is None


def test_a_pause_holds_the_work_where_it_is_and_a_resume_lets_it_go_on(jobs: Jobs) -> None:
    asked, done = threading.Semaphore(0), []

    def work(progress: Progress) -> str:
        for number in range(1, 4):
            asked.acquire(timeout=10)
            done.append(number)
            progress(Step("extract", number, 3))
        return "whole"

    job = jobs.start("extract", "market", work)
    job.pause()
    assert job.look().pausing
    asked.release()
    wait_until(lambda: job.look().paused)
    asked.release(2)
    seconds = job.look().seconds
    job.wait(0.2)
    assert (done, job.is_running) == ([1], True), "it went on though it was paused"
    assert job.look().seconds == seconds, "time stands still in a pause"
    job.resume()
    job.wait(10)
    assert (job.look().state, job.result, done) == ("done", "whole", [1, 2, 3])


def test_a_paused_piece_of_work_can_be_cancelled_and_does_nothing_more(jobs: Jobs) -> None:
    done = []

    def work(progress: Progress) -> None:
        for number in range(3):
            done.append(number)
            progress(Step("extract", number, 3))

    gate = threading.Event()
    job = jobs.start("extract", "market", lambda progress: (gate.wait(10), work(progress)))
    job.pause()
    gate.set()
    wait_until(lambda: job.look().paused)
    job.stop()
    job.wait(10)
    assert (job.look().state, done) == ("stopped", [0])


def test_the_time_left_is_told_from_how_fast_it_went(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("mtaf_core.background.time.monotonic", lambda: now[0])
    seen: list[float | None] = []

    def work(progress: Progress) -> None:
        for number in (0, 1, 3):
            now[0] += 2.0
            progress(Step("extract", number, 10))
            seen.append(job.look().left_s)
        progress(Step("write", 0, 5))
        seen.append(job.look().left_s)

    started = threading.Event()
    job = jobs.start("extract", "market", lambda progress: (started.wait(10), work(progress)))
    started.set()
    job.wait(10)
    assert job.look().state == "done"
    assert seen == [None, 18.0, pytest.approx(4 / 3 * 7), None]


def test_a_failure_is_a_sentence_and_a_fault_of_ours_a_reference(jobs: Jobs, tmp_path: Path) -> None:
    def refuse(progress: Progress) -> None:
        raise BadInput("It is empty.")

    def break_down(progress: Progress) -> None:
        raise ZeroDivisionError

    refused, broken = jobs.start("a", "a", refuse), jobs.start("b", "b", break_down)
    refused.wait(10)
    broken.wait(10)
    assert (refused.look().state, str(refused.look().error)) == ("failed", "It is empty.")
    assert broken.look().reference in (tmp_path / "logs" / "faults.log").read_text()
