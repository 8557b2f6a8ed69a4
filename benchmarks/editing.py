"""Speed of what-if: `python -m benchmarks.editing --peer PYTHON` (a quarter of an hour on 2 cores).

The market is 50,000 videos with every modality (`benchmarks.copies`) and a predictor trained on it, its networks for
one epoch: what an edit costs does not depend on how long they learned. With ``--peer PYTHON``, the interpreter of an
environment with explainerdashboard 0.5.8, the facts of the same videos are handed to that library in the same run.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import served
from benchmarks.copies import market
from benchmarks.figures import Figure, seconds, tail, times, write
from mtaf_core.data.frame import Candidate
from mtaf_core.insight import goals, sweeps
from mtaf_core.insight.forecast import Forecaster
from mtaf_core.insight.whatif import with_edit
from mtaf_core.schema import BEFORE_RELEASE
from mtaf_core.workspace import Sample, Workspace, install_demo

VIDEOS = 50_000
KOLS = 1_000
MOST_KOLS, MOST_CITIES = 40, 20
"""How many the page offers a search for a goal."""

_TRAIN = """
import sys
from mtaf_core.model.config import TrainConfig
from mtaf_core.model.train import train
from mtaf_core.pipeline import content_vectors, market_backbones
from mtaf_core.workspace import Workspace
workspace = Workspace.open(sys.argv[1])
frame = workspace.frame()
profile, chosen = market_backbones(workspace)
with content_vectors(workspace, frame.facts, chosen) as vectors:
    train(frame, vectors, chosen, profile, sys.argv[2], TrainConfig(epochs=1, device="cpu"))
"""
_PAGE = """
import json, os, sys, time
os.environ["MTAF_WORKSPACE"], os.environ["MTAF_WARM_UP"] = sys.argv[1], "off"
from pages.components import analysing
from streamlit.testing.v1 import AppTest
analysing.PATIENCE_S = 60.0
taken = {}
app = AppTest.from_file("streamlit_app.py", default_timeout=300)
app.query_params["sample"] = sys.argv[2]
app = app.run()
app = app.selectbox(key="form_uploader_id").set_value(sys.argv[3]).run()
def timed(what, app):
    started = time.perf_counter()
    app = app.run()
    taken.setdefault(what, []).append(time.perf_counter() - started)
    assert not app.exception, app.exception
    assert any("Expected popularity score" in one.value for one in app.markdown), [one.value for one in app.error]
    return app
for n in range(40):
    app = timed("facts", app.selectbox(key="form_hour").set_value((5 * n + 1) % 24))
for n in range(20):
    app = timed("words", app.text_area(key="form_description").set_value(f"Glow serum, today only, {n} left"))
print(json.dumps(taken))
"""


def main() -> None:
    """Measure everything and write the table into docs/BENCHMARKS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--videos", type=int, default=VIDEOS)
    parser.add_argument("--peer", help="a Python with explainerdashboard 0.5.8")
    parser.add_argument("--folder", type=Path, help="where the market is made and kept; a temporary folder else")
    parser.add_argument("--no-write", action="store_true", help="print the table only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        workspace = made(folder, options.videos)
        figures = edits(workspace) + many(workspace) + page(workspace)
        if options.peer:
            figures += peer(workspace, options.peer, folder)
    for figure in figures:
        print(f"{figure.what}: {figure.measured} (target {figure.target})", flush=True)
    if not options.no_write:
        asked = f"python -m benchmarks.editing --videos {options.videos}"
        write("editing", asked + (" --peer PYTHON" if options.peer else ""), figures)


def made(folder: Path, videos: int) -> Workspace:
    """The market with its predictor and the samples of the demo; from before, where it is there."""
    path, demo = folder / "copies", folder / "demo"
    if not (folder / "ready").exists():
        for old in (path, demo):
            shutil.rmtree(old, ignore_errors=True)
        install_demo(demo)
        market(Workspace.open(demo), path, videos)
        bundle = path / "bundles" / "edited"
        subprocess.run([sys.executable, "-c", _TRAIN, str(path), str(bundle)], check=True, cwd=served.ROOT)
        Workspace.open(path).use_bundle(bundle.name)
        shutil.copytree(demo / "samples", path / "samples", dirs_exist_ok=True)
        (folder / "ready").touch()
    return Workspace.open(path)


def edits(workspace: Workspace) -> list[Figure]:
    """One edit, in the core: the forecast with its range and the contributions of every modality."""
    forecaster, sample, kols = _asked(workspace, 200)
    content = forecaster.analyse(sample.path, sample.description, sample.tags).light()
    first = _release(sample, kols[0])
    picked, when = random.Random(0), sample.upload_time
    assert when is not None

    def fact(i: int) -> Any:
        hours = timedelta(hours=picked.randrange(168))
        return forecaster.forecast(content, replace(_release(sample, kols[i]), upload_time=when + hours))

    def words(i: int) -> Any:
        said = f"{sample.description} {i}"
        return forecaster.forecast(forecaster.retext(content, said, sample.tags), replace(first, description=said))

    fact(0), words(-1)
    return [
        Figure("an edit of facts: forecast, range and contributions", "50 ms p95", tail(times(fact, 200))),
        Figure("an edit of the words: the same, with the text embedded anew", "300 ms", tail(times(words, 100))),
    ]


def many(workspace: Workspace) -> list[Figure]:
    """Questions about many releases of one clip."""
    forecaster, sample, kols = _asked(workspace, KOLS)
    content = forecaster.analyse(sample.path, sample.description, sample.tags).light()
    assert sample.upload_time is not None
    hours = [sample.upload_time + timedelta(hours=h) for h in range(168)]
    slots = [replace(_release(sample, kols[0]), upload_time=when) for when in hours]
    week = [slots[start : start + 24] for start in range(0, 168, 24)]
    each = [_release(sample, kol) for kol in kols]
    first = _release(sample, kols[0])
    zone = workspace.info.timezone

    def predict(sets: Sequence[Mapping[str, Any]]) -> np.ndarray:
        releases = []
        for one in sets:
            release = first
            for key, value in one.items():
                release = with_edit(release, key, value, zone)
            releases.append(release)
        return sweeps.line(forecaster, content, releases).score

    cities = workspace.store.query(
        "SELECT upload_city AS c FROM videos WHERE upload_city IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT ?",
        [MOST_CITIES],
    ).to_pylist()
    fields = [
        goals.Field("upload_hour", now=20, values=tuple(range(24))),
        goals.Field("upload_dayofweek", now=2, values=tuple(range(7))),
        goals.Field("video_product", now=None, values=(True, False)),
        goals.Field("upload_city", now=None, values=tuple(row["c"] for row in cities)),
        goals.Field("uploader", now=kols[0], values=tuple(kols[:MOST_KOLS])),
    ]
    now = float(predict([{}])[0])
    found: list[goals.Found] = []
    near = times(lambda i: found.append(goals.search(predict, fields, 1.3 * now + 1)), 5)
    far = times(lambda i: found.append(goals.search(predict, fields, 1e12)), 3)
    asked = f"{found[-1].asked:,}"
    sweeps.grid(forecaster, content, week)
    map_of = times(lambda i: sweeps.grid(forecaster, content, week), 7)
    ranked = times(lambda i: sweeps.line(forecaster, content, each), 7)
    return [
        Figure("the 168 slots of a week", "500 ms", seconds(map_of)),
        Figure(f"{KOLS:,} KOLs ranked", "1 s", seconds(ranked)),
        Figure("a goal within reach, five fields, up to three changes", "3 s", seconds(near)),
        Figure(f"a goal out of reach, {asked} releases tried", "3 s", seconds(far)),
    ]


def page(workspace: Workspace) -> list[Figure]:
    """An edit on Check a video: the whole script of the page, by a test driver."""
    _, sample, (kol,) = _asked(workspace, 1)
    asked = [sys.executable, "-c", _PAGE, str(workspace.path), sample.path.stem, kol]
    done = subprocess.run(asked, capture_output=True, text=True, cwd=served.ROOT)
    if done.returncode:
        raise RuntimeError(done.stderr[-2_000:])
    taken = json.loads(done.stdout.strip().splitlines()[-1])
    return [
        Figure("an edit of the hour: the page's whole script", "none set", tail(taken["facts"])),
        Figure("an edit of the words: the page's whole script", "none set", tail(taken["words"])),
    ]


def peer(workspace: Workspace, python: str, folder: Path) -> list[Figure]:
    """explainerdashboard on the facts of the same videos."""
    frame = workspace.frame()
    columns = [column for feature in BEFORE_RELEASE for column in feature.columns]
    facts = frame.facts[[name for name in columns if frame.facts[name].nunique() > 1]]
    table = facts.assign(log_score=np.log1p(frame.score)).dropna(subset=["log_score"])
    file = folder / "facts.parquet"
    table.to_parquet(file)
    script = Path(__file__).with_name("explainer_whatif.py")
    done = subprocess.run([python, str(script), str(file)], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    size = f"explainerdashboard 0.5.8, {found['rows']:,} rows × {found['columns']} columns"
    return [
        Figure(f"{size}: {said}", "beside", tail(found[part]))
        for part, said in {
            "all": "an edit, all that its What-if tab works out",
            "prediction": "– the prediction",
            "chart": "– contributions, chart",
            "table": "– contributions, table",
            "dependence": "– partial dependence",
        }.items()
    ]


def _asked(workspace: Workspace, kols: int) -> tuple[Forecaster, Sample, list[str]]:
    forecaster, sample = Forecaster(workspace, device="cpu"), workspace.samples()[0]
    forecaster.warm_up()
    rows = workspace.store.query("SELECT DISTINCT uploader_id AS k FROM uploaders ORDER BY 1 LIMIT ?", [kols])
    return forecaster, sample, [row["k"] for row in rows.to_pylist()]


def _release(sample: Sample, kol: str) -> Candidate:
    return Candidate(description=sample.description, tags=sample.tags, uploader_id=kol, upload_time=sample.upload_time)


if __name__ == "__main__":
    main()
