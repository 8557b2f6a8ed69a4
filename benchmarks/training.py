"""Seconds and memory of training at the paper's size: `python -m benchmarks.training` (about ten minutes on 2 cores).

20,445 videos of six days with vectors of text, sound and picture, as many as the paper has: the demo market's videos
over and over, their numbers, vectors and outcomes jittered so that no two are the same. Each training runs in a process
of its own.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.figures import Figure, write
from mtaf_core.workspace import install_demo

PAPER_VIDEOS = 20_445

_TRAIN = """
import dataclasses, json, resource, sys, time
import numpy as np
import pandas as pd
from mtaf_core.data.frame import Frame
from mtaf_core.model.config import TrainConfig
from mtaf_core.model.train import train
from mtaf_core.pipeline import market_evidence
from mtaf_core.schema import BEFORE_RELEASE
from mtaf_core.workspace import Workspace

frame, vectors, profile, names = market_evidence(Workspace.open(sys.argv[1]))
count, rng = int(sys.argv[3]), np.random.default_rng(0)
rows = np.sort(rng.integers(0, len(frame), count))
many = frame.take(rows)
facts = many.facts.assign(video_id=[f"v{i}" for i in range(count)])
facts["created_at"] = facts["created_at"] + pd.to_timedelta(rng.integers(0, 3_600, count), unit="s")
for column in (c for f in BEFORE_RELEASE if f.is_numeric for c in f.columns):
    facts[column] = np.round(facts[column] * rng.lognormal(0, 0.1, count))
factor = rng.lognormal(0, 0.3, count)
many = Frame(facts, many.series * factor[:, None, None].astype(np.float32), many.observed, many.score * factor, 6)
jittered = {m: v[rows] + rng.normal(0, 0.1, (count, v.shape[1])).astype(np.float32) for m, v in vectors.items()}
started = time.perf_counter()
bundle = train(many, jittered, names, profile, sys.argv[2], TrainConfig(device=sys.argv[4]))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
seconds = time.perf_counter() - started
print(json.dumps({"seconds": seconds, "peak": peak, "rows": bundle.manifest.metrics["0"]["rows"]}))
"""


def main() -> None:
    """Train once, or as often as asked, and write the table into docs/BENCHMARKS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--videos", type=int, default=PAPER_VIDEOS, help="how many (default %(default)s)")
    parser.add_argument("--runs", type=int, default=1, help="trainings (default %(default)s)")
    parser.add_argument("--device", default="cpu", help="auto, cpu, cuda or mps (default %(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        install_demo(folder / "demo")
        told = [trained(folder, options.videos, options.device) for _ in range(options.runs)]
    taken = sorted(told[i]["seconds"] for i in range(len(told)))
    middle, peak = taken[len(taken) // 2], max(t["peak"] for t in told)
    said = (
        f"{middle:.0f} s (median of {len(taken)}; {taken[0]:.0f} to {taken[-1]:.0f}), {peak / 1024**2:,.0f} MB at most"
    )
    figure = Figure(
        f"train {options.videos:,} videos × 6 days, all modalities, 3 networks, {options.device}", "300 s", said
    )
    print(f"{figure.what}: {figure.measured}")
    write("training", f"python -m benchmarks.training --videos {options.videos} --device {options.device}", [figure])


def trained(folder: Path, videos: int, device: str) -> dict[str, float]:
    """Train in a process of its own; seconds of the training alone, and the process's peak memory in bytes."""
    arguments = [str(folder / "demo"), str(folder / "bundle"), str(videos), device]
    done = subprocess.run([sys.executable, "-c", _TRAIN, *arguments], stdout=subprocess.PIPE, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    main()
