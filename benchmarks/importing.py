"""Speed and memory of imports: `python -m benchmarks.importing` (about ten minutes on 2 cores, 5 GB of disk).

Every import and every reading with pandas into SQLite runs in a process of its own, on the same file.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from benchmarks.figures import Figure, write

MB = 1024 * 1024
DAYS = 6
FIRST_DAY = date(2024, 3, 1)
BLOCK = 200_000

_IMPORT = """
import json, resource, sys, time
from mtaf_core import importing
from mtaf_core.workspace import Workspace, WorkspaceInfo
started = time.perf_counter()
report = importing.import_paths(Workspace.create(sys.argv[2], WorkspaceInfo(name="benchmark")), [sys.argv[1]])
taken = time.perf_counter() - started
done, used = report.tables["snapshots"], resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"s": taken, "peak": used.ru_maxrss * 1024, "cpu": used.ru_utime + used.ru_stime,
                  "new": done.new, "updated": done.updated, "unchanged": done.unchanged}))
"""
_PANDAS = """
import json, resource, sqlite3, sys, time
started = time.perf_counter()
import pandas as pd
frame = pd.read_csv(sys.argv[1], dtype={"video_id": str, "uploader_id": str})
with sqlite3.connect(sys.argv[2]) as database:
    frame.to_sql("snapshots", database, index=False, if_exists="append")
taken = time.perf_counter() - started
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"s": taken, "peak": used.ru_maxrss * 1024, "cpu": used.ru_utime + used.ru_stime}))
"""


def main() -> None:
    """Measure everything and write the table into docs/BENCHMARKS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--videos", type=int, default=1_000_000, help="videos of the large import")
    parser.add_argument("--no-write", action="store_true", help="print the table only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        figures = [*paper(folder), *large(folder, options.videos)]
    for figure in figures:
        print(f"{figure.what}: {figure.measured} ({figure.target})")
    if not options.no_write:
        write("importing", "python -m benchmarks.importing", figures)


def paper(folder: Path) -> list[Figure]:
    """The size of the paper's data: 122,670 snapshots of 20,445 videos."""
    file = table(folder / "paper.csv", 20_445, range(DAYS))
    ours, theirs = ratio(folder, file, "paper")
    again = measure(_IMPORT, file, folder / "paper")
    return [
        Figure("122,670 snapshots of 20,445 videos (CSV, 11 columns)", "< 5 s", told(ours, theirs)),
        Figure("the same file again: nothing changes", "", told(again)),
    ]


def large(folder: Path, videos: int) -> list[Figure]:
    """Six days of a million videos, and one more day of some of them."""
    file = table(folder / "large.csv", videos, range(DAYS))
    ours, theirs = ratio(folder, file, "large")
    day = table(folder / "day.csv", videos, [DAYS], every=max(1, videos * DAYS // 720_000))
    rows = f"{videos * DAYS:,}"
    increment, increment_theirs = ratio(folder, day, "large")
    changed = table(folder / "changed.csv", videos, [DAYS], every=max(1, videos * DAYS // 720_000), more=7)
    update = measure(_IMPORT, changed, folder / "large")
    size = f"{increment['new']:,}"
    return [
        Figure(f"{rows} snapshots of {videos:,} videos", "< 180 s, < 2 GB", told(ours, theirs)),
        Figure(f"{size} snapshots of the next day into them", "< 10 s", told(increment, increment_theirs)),
        Figure(f"the same day again with other counts ({update['updated']:,} rows change)", "< 10 s", told(update)),
    ]


def ratio(folder: Path, file: Path, workspace: str) -> tuple[dict[str, float], dict[str, float]]:
    """What an import of ``file`` takes, and what pandas into SQLite takes."""
    return measure(_IMPORT, file, folder / workspace), measure(_PANDAS, file, folder / f"{workspace}.sqlite")


def measure(code: str, file: Path, into: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", code, str(file), str(into)], check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def told(ours: dict[str, float], theirs: dict[str, float] | None = None) -> str:
    words = f"{ours['s']:.3g} s ({ours['cpu']:.3g} s of processor time), {ours['peak'] / MB:,.0f} MB at most"
    if theirs:
        words += (
            f"; pandas into SQLite {theirs['s']:.3g} s, {theirs['peak'] / MB:,.0f} MB: ×{ours['s'] / theirs['s']:.2f}"
        )
    return words


def table(path: Path, videos: int, days: range | list[int], every: int = 1, more: int = 0) -> Path:
    """A CSV file as a daily export has it: the facts of each video beside the counts of the day."""
    random = np.random.default_rng(1)
    likes = random.lognormal(6, 2, videos)
    with pacsv.CSVWriter(path, _block(np.arange(1), likes[:1], FIRST_DAY, 0).schema) as writer:
        for day in days:
            chosen = np.arange(0, videos, every)
            for start in range(0, len(chosen), BLOCK):
                some = chosen[start : start + BLOCK]
                writer.write_table(_block(some, likes[some], FIRST_DAY + timedelta(days=day), day + 1, more))
    return path


def _block(ids: np.ndarray, likes: np.ndarray, day: date, age: int, more: int = 0) -> pa.Table:
    counts = {
        "play_count": likes * 40 * age + more,
        "digg_count": likes * age + more,
        "comment_count": likes * age / 20 + more,
        "share_count": likes * age / 30 + more,
        "follower_count": likes * 100 + ids % 7,
    }
    upload = np.datetime64(FIRST_DAY.isoformat()) + (ids % 86_400).astype("timedelta64[s]")
    return pa.table(
        {
            "aweme_id": (7_300_000_000_000_000_001 + ids * 7).astype(str),
            "author_id": (60_000_000_000 + ids % 50_000).astype(str),
            "desc": [f"今天的好物分享 number {i} #好物 #种草" for i in ids.tolist()],
            "create_time": np.char.replace(upload.astype("datetime64[s]").astype(str), "T", " "),
            "duration": (10 + ids % 50).astype(str),
            "snapshot_date": np.full(len(ids), day.isoformat()),
            **{name: np.maximum(values, 0).astype(np.int64) for name, values in counts.items()},
        }
    )


if __name__ == "__main__":
    main()
