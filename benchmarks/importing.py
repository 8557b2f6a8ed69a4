"""Speed and memory of imports, and the Data page: `python -m benchmarks.importing` (ten minutes on 2 cores, 5 GB).

Every import and every reading with pandas into SQLite runs in a process of its own, on the same file. The page is
opened in a real browser on a real server, by turns for the large market and for an empty one, so that whatever else the
machine does weighs on both alike.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from benchmarks import served
from benchmarks.figures import Figure, write
from mtaf_core.workspace import Workspace, WorkspaceInfo

MB = 1024 * 1024
DAYS = 6
FIRST_DAY = date(2024, 3, 1)
BLOCK = 200_000
PATIENCE_MS = 60_000

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
    parser.add_argument("--runs", type=int, default=9, help="how often the page is opened (default %(default)s)")
    parser.add_argument("--skip-browser", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        figures = [*paper(folder), *large(folder, options.videos)]
        if not options.skip_browser:
            figures += opening(folder, options.videos, options.runs)
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


def opening(folder: Path, videos: int, runs: int) -> list[Figure]:
    """The Data page of the large market in a browser, beside that of an empty one."""
    Workspace.create(folder / "empty", WorkspaceInfo(name="empty"))
    taken: dict[tuple[str, str], list[float]] = {}
    with ExitStack() as stack:
        browser = stack.enter_context(served.browser())
        servers = {name: stack.enter_context(served.server(folder / name)) for name in ("large", "empty")}
        for _ in range(runs + 1):
            for name, server in servers.items():
                context = browser.new_context(viewport={"width": 1440, "height": 1000})
                for way, seconds in _opened(context.new_page(), f"{server.url}/data"):
                    taken.setdefault((way, name), []).append(seconds)
                context.close()
    cold = taken["address", "large"][0]
    size = f"the Data page at {videos:,} videos"
    return [
        Figure(f"{size}, by its address, nothing in the browser's cache", "1.5 s", _beside(taken, "address")),
        Figure(f"{size}, by its address again, the app's scripts in the cache", "1.5 s", _beside(taken, "again")),
        Figure(f"{size}, by a click in the navigation", "1.5 s", _beside(taken, "click")),
        Figure(f"{size}, by its address, first visitor after the server is up", "none set", f"{cold:.2f} s (once)"),
    ]


def _opened(page: Any, address: str) -> list[tuple[str, float]]:
    """Seconds until the page's first card is there: by its address, again, and by a click from another page."""
    card = page.locator(".st-key-card-import")

    def until_there(act: Callable[[], Any]) -> float:
        started = time.perf_counter()
        act()
        card.wait_for(timeout=PATIENCE_MS)
        return time.perf_counter() - started

    found = [("address", until_there(lambda: page.goto(address, wait_until="commit")))]
    page.wait_for_load_state("networkidle")
    page.goto("about:blank")
    found.append(("again", until_there(lambda: page.goto(address, wait_until="commit"))))
    page.get_by_role("link", name="Check a video").click()
    card.wait_for(state="detached", timeout=PATIENCE_MS)
    page.wait_for_load_state("networkidle")
    return [*found, ("click", until_there(page.get_by_role("link", name="Data").click))]


def _beside(taken: dict[tuple[str, str], list[float]], way: str) -> str:
    """Medians without the first visitor, who waits for the server to wake."""
    large, empty = (taken[way, name][1:] for name in ("large", "empty"))
    middle, other = statistics.median(large), statistics.median(empty)
    spread = f"median of {len(large)}; {min(large):.2f} to {max(large):.2f}"
    return f"{middle:.2f} s ({spread}); of an empty market {other:.2f} s: ×{middle / other:.2f}"


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
