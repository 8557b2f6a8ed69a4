"""A small market, really rendered and really extracted: interrupted, resumed, built again, packed and unpacked."""

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from mtaf_core.content import media
from mtaf_core.content.specs import PROFILES
from mtaf_core.data.demo import build, packing, samples
from mtaf_core.data.demo.design import factor_columns
from mtaf_core.data.store import Store
from mtaf_core.data.tables import TABLES
from mtaf_core.errors import BadWorkspace, Cancelled
from mtaf_core.jobs import Step
from mtaf_core.schema import CONTENT_MODALITIES

SIZE = {"seed": 2, "uploaders": 3, "videos": 6}
CHEAP = [name for name in TABLES if name != "embeddings"]


@pytest.fixture(scope="module", autouse=True)
def two_samples():
    """Samples are rendered one by one and all alike: two are enough here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(samples, "PLANS", samples.PLANS[7:9])
        yield


@pytest.fixture(scope="module")
def resumed(tmp_path_factory) -> tuple[Path, list[Step]]:
    """A build stopped at its third video, then started again; and what the second start reported."""
    folder = tmp_path_factory.mktemp("resumed") / "market"

    def impatient(step: Step) -> None:
        if step.stage == "render" and step.done == 3:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        build.build(folder, **SIZE, workers=1, progress=impatient)
    assert not (folder / "workspace.json").exists()
    steps: list[Step] = []
    build.build(folder, **SIZE, workers=1, progress=steps.append)
    return folder, steps


@pytest.fixture(scope="module")
def market(resumed) -> Path:
    return resumed[0]


def embeddings(folder: Path) -> dict[tuple[str, str, str], np.ndarray]:
    rows = Store(folder).query("SELECT * FROM embeddings").to_pylist()
    return {(r["video_id"], r["modality"], r["backbone"]): np.array(r["vector"], np.float32) for r in rows}


def whole(folder: Path, name: str) -> list[dict]:
    return Store(folder).query(f"SELECT * FROM {name} ORDER BY {', '.join(TABLES[name].keys)}").to_pylist()


def test_an_interrupted_build_goes_on_where_it_stopped(resumed):
    folder, steps = resumed
    rendered = [step.done for step in steps if step.stage == "render"]
    assert rendered == [3, 4, 5, 6]
    assert not (folder / "scratch").exists()


def test_every_video_has_a_vector_of_each_kind_it_can_have(market):
    found = embeddings(market)
    videos = whole(market, "videos")
    assert len(videos) == 6
    for modality in CONTENT_MODALITIES:
        spec = PROFILES["compact"][modality]
        kind = [vector for (_, m, backbone), vector in found.items() if (m, backbone) == (modality.value, spec.name)]
        assert len(kind) == (6 if modality.value != "audio" else np.sum([d.sound != "none" for d in designs()]))
        assert all(vector.shape == (spec.dimension,) and np.isfinite(vector).all() for vector in kind)
    assert all(video["media_path"] is None for video in videos)


def designs():
    from mtaf_core.data.demo.simulate import simulate

    return simulate(**SIZE).designs


def test_vectors_are_at_half_precision(market):
    for vector in embeddings(market).values():
        np.testing.assert_array_equal(vector, vector.astype(np.float16).astype(np.float32))


def test_truth_is_beside_the_tables_and_speaks_of_the_same_clips(market):
    truth = pq.read_table(market / "truth.parquet").to_pandas()
    assert truth["video_id"].tolist() == [video["video_id"] for video in whole(market, "videos")]
    for name, column in factor_columns(list(designs())).items():
        np.testing.assert_array_equal(truth[f"factor_{name}"], column)
    assert json.loads((market / "workspace.json").read_text(encoding="utf-8")) == {
        "name": "Demo market (simulated)",
        "simulated": True,
        "timezone": "Asia/Shanghai",
        "platform": "douyin",
        "format": 1,
    }


def test_a_second_build_in_two_processes_is_the_same_market(market, tmp_path):
    build.build(tmp_path / "again", **SIZE, workers=2, keep_clips=True)
    for name in CHEAP:
        first, again = whole(market, name), whole(tmp_path / "again", name)
        for row in again:
            row.pop("media_path", None)
        for row in first:
            row.pop("media_path", None)
        assert first == again, name
    one, two = embeddings(market), embeddings(tmp_path / "again")
    assert one.keys() == two.keys()
    for key, vector in one.items():
        np.testing.assert_allclose(two[key], vector, rtol=1e-3, atol=1e-3)
    for video in whole(tmp_path / "again", "videos"):
        assert (tmp_path / "again" / video["media_path"]).is_file()


def test_samples_are_new_videos_with_the_facts_around_them(market):
    people = {row["uploader_id"] for row in whole(market, "uploaders")}
    last = max(video["created_at"] for video in whole(market, "videos"))
    sidecars = sorted((market / "samples").glob("*.json"))
    assert len(sidecars) == 2
    for sidecar in sidecars:
        says = json.loads(sidecar.read_text(encoding="utf-8"))
        clip = media.decode(sidecar.with_suffix(".mp4"), sample_rates=(16_000,))
        assert clip.frames is not None
        assert (clip.sound is None) == ("silent" in sidecar.stem)
        assert says["uploader_id"] in people
        assert datetime.fromisoformat(says["upload_time"]) > last
        assert says["description"]
        assert isinstance(says["has_product_link"], bool)


def test_a_workspace_is_never_built_over(market):
    with pytest.raises(BadWorkspace, match="already"):
        build.build(market, **SIZE)


def test_a_packed_market_unpacks_to_the_same_workspace(market, tmp_path):
    bundle = tmp_path / "20260101-compact"
    bundle.mkdir()
    (bundle / "manifest.json").write_text("{}", encoding="utf-8")
    size = build.ship(market, tmp_path / "assets", bundle)
    assert 0 < size < 3_000_000
    build.install(tmp_path / "assets", tmp_path / "unpacked")
    for name in TABLES:
        assert whole(tmp_path / "unpacked", name) == whole(market, name), name
    for part in ("workspace.json", "truth.parquet"):
        assert (tmp_path / "unpacked" / part).read_bytes() == (market / part).read_bytes()
    names = {file.name for file in (market / "samples").iterdir()}
    assert {file.name for file in (tmp_path / "unpacked" / "samples").iterdir()} == names
    pointer = tmp_path / "unpacked" / "bundles" / "CURRENT"
    assert (pointer.parent / pointer.read_text(encoding="utf-8").strip() / "manifest.json").is_file()


def test_unpacking_twice_changes_nothing_and_needs_no_torch(market, tmp_path):
    build.ship(market, tmp_path / "assets")
    program = (
        "import sys; from mtaf_core.data.demo.build import install; "
        f"install({str(tmp_path / 'assets')!r}, {str(tmp_path / 'ws')!r}); "
        "sys.exit(any(name in sys.modules for name in ('torch', 'transformers', 'streamlit')))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
    version = Store(tmp_path / "ws").version
    build.install(tmp_path / "assets", tmp_path / "ws")
    assert Store(tmp_path / "ws").version == version


def test_an_incomplete_packing_is_refused_by_name(market, tmp_path):
    build.ship(market, tmp_path / "assets")
    (tmp_path / "assets" / "tables" / "tags.parquet").unlink()
    with pytest.raises(BadWorkspace, match=r"tags\.parquet is missing"):
        build.install(tmp_path / "assets", tmp_path / "ws")
    assert not (tmp_path / "ws" / "workspace.json").exists()


def test_a_market_too_heavy_to_ship_is_refused(market, tmp_path, monkeypatch):
    monkeypatch.setattr(packing, "MAX_BYTES", 1000)
    with pytest.raises(BadWorkspace, match="above the 0 MB"):
        build.ship(market, tmp_path / "assets")


def test_what_is_not_a_demo_market_is_not_shipped(tmp_path):
    with pytest.raises(BadWorkspace, match="not a built demo market"):
        build.ship(tmp_path, tmp_path / "assets")
