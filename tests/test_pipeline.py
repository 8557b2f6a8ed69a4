"""The training journey: clips become embeddings, embeddings and tables become a bundle in use."""

import shutil
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from mtaf_core import pipeline
from mtaf_core.data.tables import EMBEDDINGS, VIDEOS
from mtaf_core.data.vectors import Vectors, vectors_on_disk
from mtaf_core.errors import BadInput, Cancelled
from mtaf_core.jobs import stoppable
from mtaf_core.media_links import link_media
from mtaf_core.model.config import TrainConfig
from mtaf_core.model.train import train
from mtaf_core.schema import Modality
from mtaf_core.workspace import Workspace, WorkspaceInfo

UPLOADED = datetime(2026, 9, 6, 12, tzinfo=UTC)


@pytest.fixture
def market(tmp_path: Path, make_clip) -> Workspace:
    """Four videos: a clip with sound, one without, one that is damaged, and one with words alone."""
    workspace = Workspace.create(tmp_path / "market", WorkspaceInfo("Ours", platform="tiktok"))
    media = workspace.path / "media"
    media.mkdir()
    shutil.copy(make_clip("loud.mp4", seconds=2), media / "loud.mp4")
    shutil.copy(make_clip("mute.mp4", seconds=2, sound=False), media / "mute.mp4")
    (media / "damaged.mp4").write_bytes((media / "loud.mp4").read_bytes()[:900])
    rows = [
        {
            "platform": "tiktok",
            "video_id": name,
            "description": "A glow serum",
            "created_at": UPLOADED + timedelta(hours=i),
            "media_path": f"media/{name}.mp4" if name != "words" else None,
        }
        for i, name in enumerate(["loud", "mute", "damaged", "words"])
    ]
    with workspace.store.write("videos") as change:
        change.merge("videos", pa.Table.from_pylist(rows, VIDEOS.arrow))
    return workspace


def embedded(workspace: Workspace) -> dict[str, set[str]]:
    rows = workspace.store.query("SELECT video_id, list(modality) AS m FROM embeddings GROUP BY ALL").to_pylist()
    return {row["video_id"]: set(row["m"]) for row in rows}


def test_every_video_gets_what_it_has_and_a_damaged_one_is_named(market):
    done = pipeline.extract_market(market)
    assert embedded(market) == {
        "loud": {"text", "audio", "visual"},
        "mute": {"text", "visual"},
        "damaged": {"text"},
        "words": {"text"},
    }
    assert (done.embedded, done.already, done.without_media) == (3, 0, 1)
    assert list(done.refused) == ["damaged"]
    assert "damaged.mp4" in done.refused["damaged"]


@pytest.mark.parametrize("path", ["../secret.mp4", "media/../../secret.mp4", "{outside}/secret.mp4"])
def test_a_row_cannot_name_a_clip_outside_the_workspace(market, make_clip, path):
    shutil.copy(make_clip(seconds=1), market.path.parent / "secret.mp4")
    row = {"platform": "tiktok", "video_id": "loud", "media_path": path.format(outside=market.path.parent)}
    with market.store.write("a row") as change:
        change.merge("videos", pa.Table.from_pylist([row]))
    assert "outside the workspace" in pipeline.extract_market(market).refused["loud"]
    assert embedded(market)["loud"] == {"text"}


def test_a_clip_outside_that_its_owner_linked_is_read(market, make_clip):
    folder = market.path.parent / "clips"
    folder.mkdir()
    shutil.copy(make_clip(seconds=1), folder / "words.mp4")
    assert link_media(market, folder).linked == 1
    pipeline.extract_market(market)
    assert embedded(market)["words"] == {"text", "audio", "visual"}


def test_a_second_run_does_only_what_is_not_done(market):
    pipeline.extract_market(market)
    version = market.store.version
    again = pipeline.extract_market(market)
    assert (again.embedded, again.already) == (0, 3)
    assert market.store.version == version


@pytest.mark.parametrize("batch", [1, 64])
def test_an_extraction_that_is_stopped_keeps_what_was_done_and_goes_on_from_there(market, monkeypatch, batch):
    monkeypatch.setattr(pipeline, "BATCH", batch)
    done = []
    with pytest.raises(Cancelled):
        pipeline.extract_market(market, progress=stoppable(done.append, lambda: len(done) == 2))
    assert set(embedded(market)) == {"loud", "mute", "damaged"}, "the video under way when it was stopped is kept"
    again = pipeline.extract_market(market)
    assert (again.already, set(embedded(market))) == (2, {"loud", "mute", "damaged", "words"})


def test_the_backbone_that_embedded_most_videos_is_trained_on(market):
    pipeline.extract_market(market)
    assert pipeline.market_backbones(market) == (
        "compact",
        {Modality.TEXT: "use-multilingual-v3", Modality.AUDIO: "aisfx-cnn", Modality.VISUAL: "efficientnet-lite0"},
    )
    rows = [
        {"platform": "tiktok", "video_id": name, "modality": "text", "backbone": "ours", "vector": [1.0, 2.0]}
        for name in ("a", "b", "c", "d", "e")
    ]
    with market.store.write("our own vectors") as change:
        change.merge("embeddings", pa.Table.from_pylist(rows, EMBEDDINGS.arrow))
    profile, chosen = pipeline.market_backbones(market)
    assert (profile, chosen[Modality.TEXT]) == ("custom", "ours")


def test_a_market_too_small_to_learn_from_is_refused_and_nothing_changes(market):
    with pytest.raises(BadInput, match="videos"):
        pipeline.train_market(market)
    assert not (market.bundle_dir / "CURRENT").exists()


@pytest.mark.parametrize("day", [1, 0, 999])
def test_an_impossible_horizon_is_refused(market, day):
    with pytest.raises(BadInput, match=str(day)):
        pipeline.train_market(market, horizon_day=day)


@pytest.fixture
def quick(monkeypatch):
    """Trainings of a few seconds, with vectors on disk however small the market is; every epoch is kept."""
    settings = partial(TrainConfig, networks=1, boosters=1, epochs=3, patience=3, rounds=20)
    monkeypatch.setattr("mtaf_core.model.config.TrainConfig", settings)
    monkeypatch.setattr("mtaf_core.model.descent._KEPT_EVERY_S", 0.0)
    monkeypatch.setattr(pipeline, "IN_MEMORY_BYTES", 0)


class Killed(BaseException):
    """Ends a training as a signal would."""


def cached(workspace: Workspace) -> set[str]:
    return {path.name for path in workspace.cache_dir.iterdir()} if workspace.cache_dir.exists() else set()


def test_vectors_on_disk_train_the_same_bundle_as_those_in_memory(small_demo, quick, monkeypatch):
    before = cached(small_demo)
    read: list[type] = []
    monkeypatch.setattr(
        "mtaf_core.model.train.train",
        lambda *given, **named: read.append(type(given[1]["visual"])) or train(*given, **named),
    )
    on_disk = pipeline.train_market(small_demo).manifest
    assert cached(small_demo) == before - {"training"}
    monkeypatch.setattr(pipeline, "IN_MEMORY_BYTES", 2**30)
    in_memory = pipeline.train_market(small_demo).manifest
    assert read == [Vectors, np.ndarray]
    assert on_disk.files == in_memory.files
    assert on_disk.metrics == in_memory.metrics


@pytest.mark.parametrize("fault", [Cancelled("Stopped"), ValueError("a bug"), Killed()])
def test_vectors_on_disk_are_gone_however_a_training_ends_and_it_goes_on_all_the_same(small_demo, quick, fault):
    opened: list[Vectors] = []
    notes: list[str] = []
    before = cached(small_demo) | {"training"}

    def ended(step):
        if step.stage == "stack":
            raise fault

    def kept(*given):
        opened.append(vectors_on_disk(*given))
        return opened[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "vectors_on_disk", kept)
        with pytest.raises(type(fault)):
            pipeline.train_market(small_demo, progress=ended)
    assert len(opened) == 3
    for vectors in opened:
        with pytest.raises(ValueError, match="closed"):
            vectors[:1]
    assert cached(small_demo) == before
    pipeline.train_market(small_demo, progress=lambda step: notes.append(step.note))
    assert notes
    assert not any("network 1 of 4, epoch 1 " in note for note in notes), "the networks were kept"


def test_a_market_that_fits_is_trained_in_memory(demo):
    facts, chosen = demo.frame().facts, pipeline.market_backbones(demo)[1]
    with pipeline.content_vectors(demo, facts, chosen) as vectors:
        assert all(isinstance(matrix, np.ndarray) for matrix in vectors.values())
    with pipeline.content_vectors(demo, facts, {}) as vectors:
        assert list(vectors.values()) == [None, None, None]


def test_fewer_videos_than_can_be_learnt_from_are_refused(market):
    with pytest.raises(BadInput, match="--max-videos is 59"):
        pipeline.train_market(market, max_videos=59)


def test_the_demo_is_left_alone_unless_it_is_to_be_rebuilt(own_demo):
    version = own_demo.store.version
    (own_demo.path / "uploads").mkdir(exist_ok=True)
    (own_demo.path / "uploads" / "mine.mp4").write_bytes(b"kept")
    again = pipeline.demo_market(own_demo.path)
    assert again.store.version == version
    assert (own_demo.path / "uploads" / "mine.mp4").exists()
