"""How often the ranges of MTAF+ hold what they promise, over many cuts by time: `python -m benchmarks.coverage`.

A single test block says little: of 150 videos, what a perfect 90% range holds is between 85 and 95% nineteen times in
twenty.
Here the stack is fitted on the earliest videos of the training part of ``evaluate`` and asked about the tenth that
follows, again and again; the test block of ``evaluate`` is never touched, so ranges may be chosen by this.
"""

import argparse
import sys
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mtaf_core.evaluation.splits import FEWEST_TRAIN, cut
from mtaf_core.evaluation.stack import LEVEL
from mtaf_core.model.encoders import rows_of
from mtaf_core.model.plus import Plus, PlusConfig
from mtaf_core.pipeline import market_evidence
from mtaf_core.workspace import Workspace


class Held(NamedTuple):
    """What became of the ranges of one block."""

    learnt: int  # videos fitted on
    day: int
    held: np.ndarray  # (n,) bool


def measure(options: argparse.Namespace) -> list[Held]:
    """Fit on each share of the training part, and see what the ranges hold of the videos that follow."""
    frame, vectors, _, _ = market_evidence(Workspace.open(options.workspace))
    rows = cut(frame, train_fraction=options.train_fraction).train
    truth = np.log1p(frame.score)
    found = []
    for share, end in pairwise([*options.shares, 1.0]):
        learnt, later = (rows[: int(share * len(rows))], rows[int(share * len(rows)) : int(end * len(rows))])
        if len(learnt) < FEWEST_TRAIN:
            continue
        print(f"{len(learnt)} videos learnt from, {len(later)} asked about", file=sys.stderr)
        only = options.days[0] if len(options.days) == 1 else None
        plus = Plus.fit(frame, vectors, learnt, only, PlusConfig(seed=options.seed))
        for day in (day for day in options.days if day in plus.stages):
            seen = later[frame.observed[later, :day].any(axis=1)] if day else later
            if len(seen):
                told = plus.predict(frame.take(seen), rows_of(vectors, seen), day)
                low, high = (np.log1p(end) for end in plus.interval(told, day, LEVEL))
                found.append(Held(len(learnt), day, (truth[seen] >= low) & (truth[seen] <= high)))
    return found


def main(argv: list[str] | None = None) -> None:
    options = _options(argv)
    blocks = measure(options)
    days = sorted({block.day for block in blocks})
    print(f"{'learnt from':<14}" + "".join(f"{f'k = {day}':>9}" for day in days))
    for learnt in sorted({block.learnt for block in blocks}):
        told = {block.day: block.held.mean() for block in blocks if block.learnt == learnt}
        print(f"{learnt:<14}" + "".join(f"{told[day]:>9.1%}" if day in told else f"{'-':>9}" for day in days))
    together = {day: np.concatenate([block.held for block in blocks if block.day == day]) for day in days}
    print(f"{'together':<14}" + "".join(f"{together[day].mean():>9.1%}" for day in days))
    print(f"{'videos':<14}" + "".join(f"{len(together[day]):>9}" for day in days))


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage", description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True, metavar="DIR")
    parser.add_argument("--train-fraction", type=float, default=0.7, help="of evaluate; the rest is never touched")
    parser.add_argument("--days", type=_days, default=[0], metavar="K,K", help="observed days, 0 to 5")
    parser.add_argument(
        "--shares", type=_shares, default=[0.5, 0.6, 0.7, 0.8, 0.9], metavar="S,S",
        help="of the training part to learn from, ascending; each is asked about the videos up to the next",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(argv)


def _days(text: str) -> list[int]:
    return [int(word) for word in text.split(",")]


def _shares(text: str) -> list[float]:
    return [float(word) for word in text.split(",")]


if __name__ == "__main__":
    main()
