"""Speed of the reasons of a forecast: `python -m benchmarks.reasoning` (about two minutes on 2 cores).

Processor time of one thread is told beside the time on the clock: on a machine with other work only the first says what
the reasons cost.
"""

import argparse
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.figures import Figure, seconds, write
from mtaf_core.data.frame import Candidate
from mtaf_core.insight import faithful
from mtaf_core.insight.forecast import Forecaster
from mtaf_core.insight.salience import Explainer
from mtaf_core.workspace import Workspace, install_demo

CLIP_STAGES = ("words", "sound", "picture")
SAID = {
    "words": "words of a text",
    "sound": "seconds of sound, with frames and blocks read one by one",
    "picture": "frames of the picture",
    "heat": "places in one frame",
    "context": "facts around a video",
}


def main() -> None:
    """Measure the reasons of every sample clip and write the table into docs/BENCHMARKS.md."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "workspace"
        install_demo(folder)
        figures = measured(Workspace.open(folder))
    for figure in figures:
        print(f"{figure.what}: {figure.measured} (target {figure.target})")
    write("reasoning", "python -m benchmarks.reasoning", figures)


def measured(workspace: Workspace) -> list[Figure]:
    """Every stage over the samples, each clip new, the networks warm; and attention over the test videos."""
    forecaster = Forecaster(workspace, device="cpu")
    forecaster.warm_up()
    clock: dict[str, list[float]] = defaultdict(list)
    cpu: dict[str, list[float]] = defaultdict(list)
    whole: list[float] = []
    whole_cpu: list[float] = []
    for number, sample in enumerate(workspace.samples()):
        content = forecaster.analyse(sample.path, sample.description, sample.tags)
        candidate = Candidate(
            description=sample.description, tags=sample.tags, uploader_id=sample.uploader_id,
            upload_time=sample.upload_time,
        )  # fmt: skip
        seen, used = time.perf_counter(), time.process_time()
        case = forecaster.case(content, candidate)
        case.contributions(), case.removals()
        if number:  # the first one wakes things
            clock["modalities"].append(time.perf_counter() - seen)
            cpu["modalities"].append(time.process_time() - used)
            whole.append(0.0)
            whole_cpu.append(0.0)
        seen, used = time.perf_counter(), time.process_time()
        for stage, _ in Explainer(forecaster).explained(content, candidate):
            if number:
                clock[stage].append(time.perf_counter() - seen)
                cpu[stage].append(time.process_time() - used)
                if stage in CLIP_STAGES:
                    whole[-1] += clock[stage][-1]
                    whole_cpu[-1] += cpu[stage][-1]
            seen, used = time.perf_counter(), time.process_time()
    begun = time.process_time()
    told = faithful.measure(workspace)
    trust = time.process_time() - begun
    return [
        Figure("contributions and removals of all modalities", "200 ms", _both(clock["modalities"], cpu["modalities"])),
        Figure("words, seconds and frames together", "5 s", _both(whole, whole_cpu)),
        *(Figure(f"– {SAID[stage]}", "none set", _both(clock[stage], cpu[stage])) for stage in SAID),
        Figure(f"attention beside contributions over {told.videos} videos", "none set", f"{trust:.1f} s of processor"),
    ]


def _both(clock: list[float], cpu: list[float]) -> str:
    return f"{seconds(cpu)} of processor; {seconds(clock)} on the clock"


if __name__ == "__main__":
    main()
