"""How many processor threads torch takes for one piece of work, whatever other threads ask for meanwhile."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_inside = 0
"""How many threads are within a `torch_threads` block."""
_usual = 1
"""The number outside of all blocks; known while any thread is inside."""
_own = threading.local()
"""``wanted``: the numbers of the blocks that this thread is within, outermost first."""


@contextmanager
def torch_threads(count: int | None) -> Iterator[None]:
    """Run torch on ``count`` processor threads inside the block; afterwards everything is as it was.

    torch keeps this number for each thread, and beside it a last one set, which every new thread starts with. Saving
    and restoring one's own is not enough: a thread that starts while another is inside would take that block's number
    for its own, and the last to leave would leave it to the whole process.

    Parameters
    ----------
    count : int or None
        None is the number that the process has outside of all blocks.
    """
    _enter(count)
    try:
        yield
    finally:
        _leave()


@contextmanager
def one_thread() -> Iterator[None]:
    """Run torch on one processor thread inside the block.

    The network is small: a second thread saves a fifth of an epoch on an idle machine, but threads that wait for each
    other on a busy one cost ten times the time. One thread also makes results the same on every machine of a kind.
    """
    with torch_threads(1):
        yield


@contextmanager
def blas_threads(count: int) -> Iterator[None]:
    """Run NumPy's and SciPy's linear algebra on ``count`` processor threads inside the block.

    Matrices of a few thousand rows are not worth a second thread either, for the reason of `one_thread`.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(count, user_api="blas"):
        yield


def _enter(count: int | None) -> None:
    global _inside, _usual
    import torch

    wanted: list[int] = _own.__dict__.setdefault("wanted", [])
    with _lock:
        if not wanted:
            if _inside == 0:
                _usual = _of_a_new_thread()
            _inside += 1
        wanted.append(_usual if count is None else count)
        torch.set_num_threads(wanted[-1])


def _leave() -> None:
    global _inside
    import torch

    wanted: list[int] = _own.wanted
    with _lock:
        wanted.pop()
        if not wanted:
            _inside -= 1
        torch.set_num_threads(wanted[-1] if wanted else _usual)


def _of_a_new_thread() -> int:
    """The process's number. The calling thread's own may be what another's block had when this thread started."""
    import torch

    found: list[int] = []
    fresh = threading.Thread(target=lambda: found.append(torch.get_num_threads()))
    fresh.start()
    fresh.join()
    return found[0]
