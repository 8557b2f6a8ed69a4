"""How many processor threads the network takes."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def one_thread() -> Iterator[None]:
    """Run torch on one processor thread inside the block.

    The network is small: a second thread saves a fifth of an epoch on an idle machine, but threads that wait for each
    other on a busy one cost ten times the time. One thread also makes results the same on every machine of a kind.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
