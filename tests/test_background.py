"""Work behind the pages: it reports itself, stops when asked, and fails in one sentence."""

import threading
from pathlib import Path

import pytest

from mtaf_core.background import Jobs
from mtaf_core.errors import BadInput
from mtaf_core.jobs import Progress, Step


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
