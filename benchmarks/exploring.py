"""Speed and memory of the exploring pages: `python -m benchmarks.exploring` (half an hour on 2 cores, 6 GB).

Each market is made in the tables, studied once in a process of its own, and then opened in a real browser on a real
server. Interactions are timed in the page's own script, by a test driver that clicks and picks what a person would.
With ``--peer PYTHON``, the interpreter of an environment with explainerdashboard 0.5.8 and the same XGBoost, the same
facts of the smaller market are handed to that library in the same run.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import served
from benchmarks.figures import Figure, resident_bytes, seconds, tail, write
from benchmarks.synthetic_market import build

MB = 1024 * 1024
PATIENCE_MS = 120_000
PAGES: dict[str, tuple[str, str]] = {
    "drivers": ("What drives popularity", ".js-plotly-plot"),
    "distributions": ("Distributions", ".js-plotly-plot"),
    "kols": ("KOLs", "[data-testid=stDataFrame]"),
    "tags": ("Tags", ".js-plotly-plot"),
    "when": ("When to post", ".js-plotly-plot"),
    "early": ("Early trend", ".js-plotly-plot"),
}
"""Pages by address: what the navigation calls them, and what is their first chart."""

_STUDY = """
import json, resource, sys, time
from mtaf_core.study import market
from mtaf_core.workspace import Workspace
workspace = Workspace.open(sys.argv[1])
started = time.perf_counter()
about = market.make(workspace).about
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"s": time.perf_counter() - started, "peak": used.ru_maxrss * 1024}))
"""
_INTERACT = """
import json, os, sys, time
os.environ["MTAF_WORKSPACE"], os.environ["MTAF_WARM_UP"] = sys.argv[1], "off"
from streamlit.testing.v1 import AppTest
taken = {}
def timed(page, app):
    started = time.perf_counter()
    app = app.run()
    taken.setdefault(page, []).append(time.perf_counter() - started)
    assert not app.exception, app.exception
    return app
for page in ("drivers", "distributions", "kols", "tags", "when", "early"):
    app = AppTest.from_file("streamlit_app.py", default_timeout=300).run()
    app = app.switch_page(f"pages/{page}.py").run()
    for tiers in (["head"], ["waist"], ["tail", "nano"], ["waist", "tail"], []):
        app = timed(page, app.multiselect(key="cohort_tiers").set_value(tiers))
    for linked in ("yes", "no", "any"):
        app = timed(page, app.segmented_control(key="cohort_product").set_value(linked))
    for widget, key, values in {
        "drivers": [("selectbox", "driver", ["upload_hour", "video_duration", "uploader_gender"])],
        "distributions": [("selectbox", "feature", ["uploader_follower", "video_duration"])],
        "kols": [("text_input", "kols_search", ["KOL 12", "KOL 3", ""]), ("segmented_control", "kols_view", ["map"])],
        "tags": [("text_input", "find", ["tag1", "tag22", ""])],
    }.get(page, []):
        for value in values:
            app = timed(page, getattr(app, widget)(key=key).set_value(value))
print(json.dumps(taken))
"""


def main() -> None:
    """Measure everything and write the table into docs/BENCHMARKS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[50_000, 1_000_000], help="videos of each market")
    parser.add_argument("--runs", type=int, default=5, help="how often each page is opened (default %(default)s)")
    parser.add_argument("--peer", help="a Python with explainerdashboard 0.5.8")
    parser.add_argument("--folder", type=Path, help="where the markets are made and kept; a temporary folder else")
    parser.add_argument("--no-write", action="store_true", help="print the table only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        figures: list[Figure] = []
        for place, videos in enumerate(options.sizes):
            market = folder / str(videos)
            if not (market / "workspace.json").exists():
                build(market, videos)
            here = explored(market, videos, options.runs)
            if options.peer and place == 0:
                here += peer(market, options.peer, folder)
            for figure in here:
                print(f"{figure.what}: {figure.measured} (target {figure.target})", flush=True)
            figures += here
    if not options.no_write:
        sizes = " ".join(map(str, options.sizes))
        asked = f"python -m benchmarks.exploring --sizes {sizes} --runs {options.runs}"
        write("exploring", asked + (" --peer PYTHON" if options.peer else ""), figures)


def explored(market: Path, videos: int, runs: int) -> list[Figure]:
    """One market: its study, each page's first chart, interactions, and the server's memory."""
    small = videos <= 100_000
    first, each, memory = ("1.5 s", "300 ms p95", "1 GB") if small else ("3 s", "1 s p95", "2 GB")
    size = f"{videos:,} videos"
    study = _answer(_STUDY, market)
    figures = [
        Figure(f"the study of {size}, once an import", "none set", f"{study['s']:.3g} s, {study['peak'] / MB:,.0f} MB")
    ]
    charts, held = opened(market, runs)
    figures += [
        Figure(f"{size}: first chart of {PAGES[page][0]}, by a click", first, seconds(taken))
        for page, taken in charts.items()
    ]
    taken = _answer(_INTERACT, market)
    figures += [
        Figure(f"{size}: interactions on {page.replace('_', ' ')}", each, tail(found)) for page, found in taken.items()
    ]
    every = [one for found in taken.values() for one in found]
    figures.append(Figure(f"{size}: interactions on all six pages", each, tail(every)))
    figures.append(Figure(f"{size}: memory of the server, all pages opened", memory, f"{held / MB:,.0f} MB"))
    return figures


def opened(market: Path, runs: int) -> tuple[dict[str, list[float]], int]:
    """Seconds until the first chart of each page after a click on its name, and the server's memory in the end."""
    found: dict[str, list[float]] = {page: [] for page in PAGES}
    with served.server(market) as server, served.browser() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.goto(f"{server.url}/data", wait_until="commit")
        page.locator(".st-key-card-import").wait_for(timeout=PATIENCE_MS)
        for run in range(runs + 1):
            for name, (words, chart) in PAGES.items():
                taken = _clicked(page, words, chart)
                if run:  # the first time the browser still fetches the scripts of charts
                    found[name].append(taken)
                page.get_by_role("link", name="Data", exact=True).click()
                page.locator(".st-key-card-import").wait_for(timeout=PATIENCE_MS)
        held = resident_bytes(server.pid)
    return found, held


def _clicked(page: Any, words: str, chart: str) -> float:
    started = time.perf_counter()
    page.get_by_role("link", name=words, exact=True).click()
    page.locator(f"[data-testid=stMain] {chart}").first.wait_for(timeout=PATIENCE_MS)
    return time.perf_counter() - started


def peer(market: Path, python: str, folder: Path) -> list[Figure]:
    """explainerdashboard on the same facts: building, a dependence plot, importance, one what-if."""
    from mtaf_core.study import market as studies
    from mtaf_core.study.expectation import COLUMNS
    from mtaf_core.workspace import Workspace

    study = studies.find(Workspace.open(market))
    assert study is not None
    file = folder / "facts.parquet"
    study.query(
        f"SELECT {', '.join(COLUMNS)}, log_score FROM market WHERE log_score IS NOT NULL"
    ).to_pandas().to_parquet(file)
    script = Path(__file__).with_name("explainer_peer.py")
    done = subprocess.run([python, str(script), str(file)], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    size = f"explainerdashboard 0.5.8, {found['rows']:,} rows × {found['columns']} columns"
    return [
        Figure(f"{size}: building the dashboard", "beside", f"{found['build_s']:.3g} s (once)"),
        Figure(f"{size}: importance chart", "beside", seconds(found["importance_s"])),
        Figure(f"{size}: dependence plot", "beside", seconds(found["dependence_s"])),
        Figure(f"{size}: what-if of one row", "beside", tail(found["whatif_s"])),
        Figure(f"{size}: memory", "beside", f"{found['peak'] / MB:,.0f} MB at most"),
    ]


def _answer(code: str, market: Path) -> Any:
    done = subprocess.run([sys.executable, "-c", code, str(market)], capture_output=True, text=True, cwd=served.ROOT)
    if done.returncode:
        raise RuntimeError(done.stderr[-2_000:])
    return json.loads(done.stdout.strip().splitlines()[-1])


if __name__ == "__main__":
    main()
