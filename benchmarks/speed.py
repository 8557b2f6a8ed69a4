"""Speed and memory of the main job: `python -m benchmarks.speed` (about five minutes on 2 cores)."""

import argparse
import dataclasses
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import footage, served
from benchmarks.figures import Figure, children, seconds, tail, times, together_bytes, write
from mtaf_core.data.frame import Candidate
from mtaf_core.insight.forecast import Forecaster
from mtaf_core.workspace import Workspace, install_demo

MB = 1024 * 1024
DESCRIPTION = "Glow serum, today only, 限时优惠"
TAGS = ("skincare", "glow")


def main() -> None:
    """Measure everything and write the table into docs/BENCHMARKS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="runs behind each median (default %(default)s)")
    parser.add_argument("--skip-browser", action="store_true")
    parser.add_argument("--skip-paper", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        install_demo(folder / "workspace")
        clip = footage.encode(folder / "clip.mp4")
        figures = asked(folder, clip, options.runs)
        if not options.skip_paper:
            figures += paper(folder, clip, options.runs)
        figures += cold(folder, clip, max(3, options.runs // 2))
        if not options.skip_browser:
            figures += app(folder, clip)
    for figure in figures:
        print(f"{figure.what}: {figure.measured} (target {figure.target})")
    write("speed", "make bench", figures)


def asked(folder: Path, clip: Path, runs: int) -> list[Figure]:
    """Upload to prediction and what-if through the core, warm, compact profile."""
    workspace = Workspace.open(folder / "workspace")
    kols = [r["uploader_id"] for r in workspace.store.query("SELECT uploader_id FROM uploaders LIMIT 50").to_pylist()]
    forecaster = Forecaster(workspace, device="cpu")
    forecaster.warm_up()
    new = [footage.varied(clip, folder / f"new{i}.mp4", i) for i in range(runs + 1)]
    now = datetime.now(UTC)

    def candidate(i: int) -> Candidate:
        return Candidate(
            description=DESCRIPTION, tags=TAGS, uploader_id=kols[i % len(kols)], upload_time=now + timedelta(hours=i)
        )

    def question(i: int) -> Any:
        return forecaster.forecast(forecaster.analyse(new[i], DESCRIPTION, TAGS), candidate(i))

    question(runs)
    whole = times(question, runs)
    content = forecaster.analyse(new[0], DESCRIPTION, TAGS)
    edits = times(lambda i: forecaster.forecast(content, candidate(i)), 200)

    def reworded(i: int) -> Any:
        words = f"{DESCRIPTION} {i}"
        return forecaster.forecast(
            forecaster.retext(content, words, TAGS), dataclasses.replace(candidate(i), description=words)
        )

    return [
        Figure("upload to prediction, compact, warm", "2.5 s", seconds(whole)),
        Figure("what-if on a fact, no decode", "50 ms", tail(edits)),
        Figure("what-if on the text", "none set", tail(times(reworded, 100))),
    ]


def paper(folder: Path, clip: Path, runs: int) -> list[Figure]:
    """Upload to prediction with the paper's backbones and a network of their dimensions, warm.

    The weights are random in the published layouts and the network saw one epoch of random vectors: what it says is
    worthless, what it costs is the same.
    """
    from benchmarks.seeded import paper_bundle, paper_weights

    install_demo(folder / "paper")
    workspace = Workspace.open(folder / "paper")
    paper_bundle(workspace)
    forecaster = Forecaster(workspace, device="cpu", weights_dir=paper_weights(folder / "weights"))
    forecaster.warm_up()
    new = [footage.varied(clip, folder / f"paper{i}.mp4", 500 + i) for i in range(runs)]
    candidate = Candidate(description=DESCRIPTION, tags=TAGS)
    taken = times(
        lambda i: forecaster.forecast(forecaster.analyse(new[i], f"{DESCRIPTION} {i}", TAGS), candidate), runs
    )
    return [Figure("upload to prediction, paper profile, warm", "8 s", seconds(taken))]


def cold(folder: Path, clip: Path, runs: int) -> list[Figure]:
    """`predict` in a process of its own, the clip new each time."""
    new = [footage.varied(clip, folder / f"cold{i}.mp4", 100 + i) for i in range(runs)]

    def predict(i: int) -> None:
        command = [sys.executable, "-m", "mtaf_core", "predict", str(new[i]), "--description", DESCRIPTION, "--json"]
        subprocess.run([*command, "--workspace", str(folder / "workspace")], check=True, capture_output=True)

    return [Figure("`predict` in a cold process", "12 s", seconds(times(predict, runs)))]


def app(folder: Path, clip: Path) -> list[Figure]:
    """First page, upload to prediction as seen in the browser, and the server's memory."""
    big = footage.padded(clip, folder / "big.mp4", 200 * MB)
    first_pages = []
    for _ in range(3):
        with served.server(folder / "workspace") as server, served.browser() as browser:
            started = time.perf_counter()
            page = browser.new_page()
            page.goto(server.url)
            page.get_by_test_id("stFileUploaderDropzoneInput").wait_for(state="attached", timeout=30_000)
            first_pages.append(time.perf_counter() - started)
    with served.server(folder / "workspace") as server, served.browser() as browser:
        page = browser.new_page()
        page.goto(server.url)
        upload = page.get_by_test_id("stFileUploaderDropzoneInput")
        upload.wait_for(state="attached", timeout=30_000)
        _settle(server.pid)
        started = time.perf_counter()
        upload.set_input_files(str(footage.varied(clip, folder / "seen.mp4", 999)))
        page.locator(".st-key-card-verdict").wait_for(timeout=60_000)
        seen = time.perf_counter() - started
        loaded = _settle(server.pid)
        page.reload()
        upload.wait_for(state="attached", timeout=30_000)
        before = _settle(server.pid)
        upload.set_input_files(str(big))
        peak = _peak_until(server.pid, lambda: page.locator(".st-key-card-verdict").is_visible())
        after = _settle(server.pid)
    return [
        Figure("first page after the server is up, in a browser", "3 s", seconds(first_pages)),
        Figure("upload to prediction seen in the browser", "2.5 s for the core alone", f"{seen:.2f} s (once)"),
        Figure(
            "memory of the server and the process that reads clips, compact model loaded, one forecast made",
            "1.5 GB",
            f"{loaded / MB:,.0f} MB",
        ),
        Figure("rise during a 200 MB upload", "250 MB", f"{(peak - before) / MB:,.0f} MB"),
        Figure("still held after it", "given back", f"{(after - before) / MB:,.0f} MB"),
    ]


def _held(pid: int) -> int:
    """Memory of a server with the processes it started."""
    return together_bytes([pid, *children(pid)])


def _settle(pid: int, quiet_s: float = 3.0) -> int:
    """Memory once it has not moved by more than 2 MB for ``quiet_s`` seconds."""
    held, since = _held(pid), time.monotonic()
    while time.monotonic() - since < quiet_s:
        time.sleep(0.1)
        now = _held(pid)
        if abs(now - held) > 2 * MB:
            held, since = now, time.monotonic()
    return held


def _peak_until(pid: int, done: Any, patience_s: float = 120.0) -> int:
    peak, deadline = 0, time.monotonic() + patience_s
    while time.monotonic() < deadline:
        peak = max(peak, _held(pid))
        if done():
            return peak
        time.sleep(0.02)
    raise TimeoutError("the upload was not judged in time")


if __name__ == "__main__":
    main()
