"""Whoever asks for a number of processor threads gets it, and nobody is left with another's."""

import threading
from collections.abc import Iterator

import pytest
import torch

from mtaf_core.threads import one_thread, torch_threads

USUAL = 3


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(USUAL)
    yield
    torch.set_num_threads(before)


class Other:
    """Another thread, which goes into a block and out of it when told."""

    def __init__(self, count: int | None = 1) -> None:
        self.inside, self.outside = 0, 0
        self._count = count
        self._entered, self._told = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run)

    def enter(self) -> "Other":
        self._thread.start()
        assert self._entered.wait(10)
        return self

    def leave(self) -> None:
        self._told.set()
        self._thread.join(10)

    def _run(self) -> None:
        with torch_threads(self._count):
            self.inside = torch.get_num_threads()
            self._entered.set()
            self._told.wait(10)
        self.outside = torch.get_num_threads()


def of_a_new_thread() -> int:
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(torch.get_num_threads()))
    thread.start()
    thread.join()
    return found[0]


def test_a_block_has_its_number_and_the_process_its_own_again() -> None:
    with one_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == of_a_new_thread() == USUAL


def test_blocks_within_blocks_give_back_what_the_outer_one_asked() -> None:
    with torch_threads(2):
        with one_thread():
            assert torch.get_num_threads() == 1
        assert torch.get_num_threads() == 2
        with torch_threads(None):
            assert torch.get_num_threads() == USUAL
        assert torch.get_num_threads() == 2


@pytest.mark.parametrize("first_out", [0, 1])
def test_two_threads_that_overlap_leave_nothing_behind(first_out: int) -> None:
    pair = [Other().enter(), Other().enter()]
    pair[first_out].leave()
    pair[1 - first_out].leave()
    assert [other.inside for other in pair] == [1, 1]
    assert [other.outside for other in pair] == [USUAL, USUAL]
    assert torch.get_num_threads() == of_a_new_thread() == USUAL


def test_work_of_the_usual_number_has_it_while_another_thread_is_on_one() -> None:
    other = Other().enter()
    usual = Other(None).enter()
    assert usual.inside == USUAL
    usual.leave()
    other.leave()


def test_a_thread_born_while_another_was_on_one_does_not_pass_it_on() -> None:
    other = Other().enter()
    torch_asked, go_on = threading.Event(), threading.Event()
    found: list[int] = []

    def late() -> None:
        torch.get_num_threads()  # takes over what was last set: 1
        torch_asked.set()
        go_on.wait(10)
        with one_thread():
            pass
        found.append(torch.get_num_threads())

    thread = threading.Thread(target=late)
    thread.start()
    assert torch_asked.wait(10)
    other.leave()
    go_on.set()
    thread.join()
    assert found == [USUAL]
    assert of_a_new_thread() == USUAL


def test_a_block_that_fails_gives_the_number_back() -> None:
    with pytest.raises(ValueError, match="no"), one_thread():
        raise ValueError("no")
    assert torch.get_num_threads() == USUAL


def test_many_threads_at_once_leave_nothing_behind() -> None:
    def work() -> None:
        for _ in range(20):
            with one_thread(), torch_threads(2):
                pass

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert torch.get_num_threads() == of_a_new_thread() == USUAL
