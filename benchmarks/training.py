"""Seconds and memory of training: `python -m benchmarks.training` (about ten minutes on 2 cores).

A workspace of 20,445 videos of six days with vectors of text, sound and picture, as many as the paper has, or of as
many as asked: copies of the demo market (`benchmarks.copies`). Each training runs in a process of its own and is
measured from opening the workspace to the bundle on disk. Its memory is told apart: what is its own (`RssAnon`), and
what is pages of files, which the system takes back before anything else (`RssFile`).
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.copies import market
from benchmarks.figures import Figure, write
from mtaf_core.workspace import Workspace, install_demo

PAPER_VIDEOS = 20_445
MB = 1024

_TRAIN = """
import json, sys, threading, time

KINDS = ("RssAnon", "RssFile", "VmRSS", "VmHWM")
stage, found = ["start"], {}

def look():
    lines = (line.split(":") for line in open("/proc/self/status"))
    now = {name: int(value.split()[0]) for name, value in lines if name in KINDS}
    now["Stage"] = now["RssAnon"]
    for kind, kb in now.items():
        key = stage[0] if kind == "Stage" else kind
        found[key] = max(found.get(key, 0), kb)
    found["Now"] = now["RssAnon"]

def watch():
    while True:
        look()
        time.sleep(0.02)

threading.Thread(target=watch, daemon=True).start()

from mtaf_core.model.config import TrainConfig
from mtaf_core.model.train import train
from mtaf_core.pipeline import content_vectors, market_backbones
from mtaf_core.workspace import Workspace

settings = json.loads(sys.argv[3])
started, told = time.perf_counter(), ""

def progress(step):
    global told
    stage[0] = step.stage
    if step.note != told:
        told = step.note
        taken = time.perf_counter() - started
        peak, now = found["RssAnon"] / 1024, found["Now"] / 1024
        print(f"{taken:6.0f} s, {now:6,.0f} MB, {peak:6,.0f} MB at most, {step.stage}: {step.note}", file=sys.stderr)

stage[0] = "market"
workspace = Workspace.open(sys.argv[1])
frame = workspace.frame()
profile, chosen = market_backbones(workspace)
stage[0] = "vectors"
with content_vectors(workspace, frame.facts, chosen) as vectors:
    read = time.perf_counter() - started
    bundle = train(frame, vectors, chosen, profile, sys.argv[2], TrainConfig(**settings), progress)
look()
seconds = time.perf_counter() - started
print(json.dumps({"seconds": seconds, "read": read, "kb": found, "metrics": bundle.manifest.metrics}))
"""


def main() -> None:
    """Train once, or as often as asked, and write the table into docs/BENCHMARKS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--videos", type=int, default=PAPER_VIDEOS, help="how many (default %(default)s)")
    parser.add_argument("--runs", type=int, default=1, help="trainings (default %(default)s)")
    parser.add_argument("--device", default="cpu", help="auto, cpu, cuda or mps (default %(default)s)")
    parser.add_argument("--networks", type=int, help="fewer networks than a bundle has; said in the row")
    parser.add_argument("--epochs", type=int, help="fewer epochs than a network has; said in the row")
    parser.add_argument("--rounds", type=int, help="fewer rounds than the stack's boosters have; said in the row")
    parser.add_argument("--max-videos", type=int, help="as `python -m mtaf_core train --max-videos`; said in the row")
    parser.add_argument("--workspace", type=Path, help="where the copies are made, or are from before, and stay")
    parser.add_argument("--no-write", action="store_true", help="print the row only")
    options = parser.parse_args()
    settings = {name: getattr(options, name) for name in ("networks", "epochs", "rounds", "max_videos")}
    chosen = {name: value for name, value in settings.items() if value is not None}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        install_demo(folder / "demo")
        path = options.workspace or folder / "copies"
        if not (path / "tables" / "versions.json").exists():
            market(Workspace.open(folder / "demo"), path, options.videos)
        told = [trained(path, folder, {"device": options.device, **chosen}) for _ in range(options.runs)]
    figure = row(told, options.videos, options.device, chosen)
    print(f"{figure.what}: {figure.measured}")
    if not options.no_write:
        section = "training" if options.videos == PAPER_VIDEOS else f"training {options.videos}"
        write(section, f"python -m benchmarks.training --videos {options.videos} --device {options.device}", [figure])


def row(told: list[dict[str, Any]], videos: int, device: str, chosen: dict[str, int]) -> Figure:
    """One row of the table; whatever was set otherwise than a bundle has it is said."""
    taken = sorted(one["seconds"] for one in told)
    most = {kind: max(one["kb"][kind] for one in told) / MB for kind in ("RssAnon", "RssFile", "VmHWM")}
    reduced = "".join(f", only {value} {name.replace('_', ' ')}" for name, value in chosen.items())
    target = {PAPER_VIDEOS: "300 s"}.get(videos, "< 8,192 MB" if videos == 1_000_000 else "none set")
    return Figure(
        f"train {videos:,} videos × 6 days, all modalities, {chosen.get('networks', 3)} networks, {device}{reduced}",
        target,
        f"{taken[len(taken) // 2]:,.0f} s (median of {len(taken)}; {taken[0]:,.0f} to {taken[-1]:,.0f}); "
        f"{most['RssAnon']:,.0f} MB of its own at most, {most['RssFile']:,.0f} MB of files, "
        f"{most['VmHWM']:,.0f} MB together",
    )


def trained(workspace: Path, folder: Path, settings: dict[str, Any]) -> dict[str, Any]:
    """Train in a process of its own: seconds, kilobytes at most by kind and by stage, and the bundle's measures."""
    arguments = [str(workspace), str(folder / "bundle"), json.dumps(settings)]
    done = subprocess.run([sys.executable, "-c", _TRAIN, *arguments], stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    stages = {name: f"{kb / MB:,.0f}" for name, kb in found["kb"].items()}
    print(f"MB at most by kind and stage: {stages}; {found['read']:.0f} s to read the market", file=sys.stderr)
    measured = {row["method"]: round(row["MSE"], 4) for row in found["metrics"]["0"]["rows"]}
    print(f"MSE before release: {measured}", file=sys.stderr)
    return found


if __name__ == "__main__":
    main()
