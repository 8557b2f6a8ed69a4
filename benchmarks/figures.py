"""What a measurement becomes: medians, tails, memory, and the table in docs/BENCHMARKS.md."""

import os
import platform
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "BENCHMARKS.md"


@dataclass(frozen=True)
class Figure:
    """One row of the table: what was measured, the target as words, and the figure as words."""

    what: str
    target: str
    measured: str


def times(task: Callable[[int], object], runs: int) -> list[float]:
    """Seconds of each of ``runs`` calls of ``task(i)``."""
    taken = []
    for i in range(runs):
        started = time.perf_counter()
        task(i)
        taken.append(time.perf_counter() - started)
    return taken


def seconds(taken: list[float]) -> str:
    unit, scale = ("ms", 1e3) if statistics.median(taken) < 1 else ("s", 1)
    middle = statistics.median(taken) * scale
    spread = f"{min(taken) * scale:.3g} to {max(taken) * scale:.3g}"
    return f"{middle:.3g} {unit} (median of {len(taken)}; {spread})"


def tail(taken: list[float]) -> str:
    ordered = sorted(taken)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    return f"{statistics.median(taken) * 1e3:.3g} ms median, {p95 * 1e3:.3g} ms p95 of {len(taken)}"


def resident_bytes(pid: int) -> int:
    """Memory a process holds, its shared pages included (``VmRSS``)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise ProcessLookupError(pid)


def children(pid: int) -> list[int]:
    """The processes that a process started and that still are."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def together_bytes(pids: Iterable[int]) -> int:
    """Memory that processes hold together: what is each one's own, and the pages of every file once."""
    own, files = 0, dict[str, int]()
    for pid in pids:
        here: Counter[str] = Counter()
        path = ""
        for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
            head, _, rest = line.partition(" ")
            if not head.endswith(":"):
                path = line.split(maxsplit=5)[5] if len(line.split(maxsplit=5)) == 6 else ""
            elif head == "Rss:":
                here[path] += int(rest.split()[0]) * 1024
            elif head == "Anonymous:":
                size = int(rest.split()[0]) * 1024
                own += size
                here[path] -= size
        for path, size in here.items():
            files[path] = max(files.get(path, 0), size)
    return own + sum(files.values())


def machine() -> str:
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.processor(),
    )
    return f"{len(os.sched_getaffinity(0))} cores of {model}, Python {platform.python_version()}, no GPU used"


def write(section: str, command: str, figures: list[Figure]) -> None:
    """Put the table of ``section`` into docs/BENCHMARKS.md, replacing what stood there."""
    start, end = f"<!-- {section} -->", f"<!-- /{section} -->"
    rows = "\n".join(f"| {f.what} | {f.target} | {f.measured} |" for f in figures)
    table = f"{start}\n`{command}` on {machine()}\n\n| what | target | measured |\n|---|---|---|\n{rows}\n{end}"
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(start)
    DOCUMENT.write_text(before + table + rest.partition(end)[2], encoding="utf-8")
