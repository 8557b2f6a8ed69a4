"""The training journey: a market's clips become embeddings, its tables and embeddings become a bundle."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from mtaf_core.content import backbones
from mtaf_core.content.extract import Extractor
from mtaf_core.data.frame import Frame, embedding_matrix
from mtaf_core.data.tables import EMBEDDINGS
from mtaf_core.data.vectors import Matrix, Vectors, vector_length, vectors_on_disk
from mtaf_core.errors import BadInput, BadMedia, Cancelled
from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.media_links import clip_path
from mtaf_core.schema import CONTENT_MODALITIES, HORIZON_DAY, Modality
from mtaf_core.workspace import DEMO_ASSETS, Workspace, check_replaceable, install_demo, replace_demo

if TYPE_CHECKING:
    from mtaf_core.model.bundle import Bundle

BATCH = 64
"""Videos whose vectors are written in one change: what a crash can lose of an extraction."""
IN_MEMORY_BYTES = 1024**3
"""Content vectors of a market up to this size are trained on in memory; those of a larger one stay on disk."""
PAPER_PROFILES = ("paper", "paper-multilingual")
CHINESE_PLATFORMS = ("douyin", "kwai")
"""Markets whose text the paper's Chinese BERT reads; any other gets the multilingual one."""


@dataclass(frozen=True)
class Extraction:
    """What an extraction did: videos embedded, found done already, without a clip on disk, and refused with why."""

    profile: str
    embedded: int
    already: int
    without_media: int
    refused: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        return self.__dict__ | {"refused": dict(self.refused)}


class _Video(NamedTuple):
    key: tuple[str, str]  # platform, video_id
    description: str
    tags: tuple[str, ...]
    media_path: str | None


def extract_market(
    workspace: Workspace, profile: str = "compact", device: str = "auto", progress: Progress = silent
) -> Extraction:
    """Embed the text, sound and picture of every video that has none yet under the profile's backbones.

    Where ``progress`` stops it, what was embedded until then is in the tables.

    A video without a clip still gets its text. A clip that cannot be read is counted and named, and the rest go on.

    Raises
    ------
    WeightsMissing
        If the profile's backbones are not on this machine.
    """
    language = "zh" if workspace.info.platform in CHINESE_PLATFORMS else ""
    profile = backbones.profile_for(profile, language) if profile in ("compact", "paper") else profile
    extractor = Extractor(profile=profile, device=device, cache_dir=workspace.cache_dir)
    facts = workspace.frame().facts
    names = {m: extractor.specs[m].name for m in CONTENT_MODALITIES}
    done = _embedded(workspace, names)
    todo = [video for video in _videos(facts) if not _is_done(done.get(video.key, set()), video)]
    embedded, refused = 0, {}
    for batch in _batches(todo, BATCH):
        rows: list[dict[str, Any]] = []
        try:
            for video in batch:
                try:
                    vectors = _vectors(extractor, workspace.path, video)
                except BadMedia as error:
                    refused[video.key[1]] = str(error)
                    vectors = {Modality.TEXT: extractor.embed_text(video.description, video.tags)}
                held = done.get(video.key, set())
                rows += [
                    _embedding_row(video, m, names[m], v) for m, v in vectors.items() if v is not None and m not in held
                ]
                embedded += 1
                progress(Step("extract", embedded, len(todo), f"{embedded} of {len(todo)} videos"))
        except Cancelled:
            _keep(workspace, profile, rows)  # whoever stops it keeps what was done
            raise
        _keep(workspace, profile, rows)
    without_media = int(facts["media_path"].isna().sum())
    return Extraction(profile, embedded - len(refused), len(facts) - len(todo), without_media, refused)


def _keep(workspace: Workspace, profile: str, rows: list[dict[str, Any]]) -> None:
    with workspace.store.write(f"extract {profile}") as change:
        change.merge("embeddings", pa.Table.from_pylist(rows, EMBEDDINGS.arrow))  # none at all is no commit


def market_backbones(workspace: Workspace) -> tuple[str, dict[Modality, str]]:
    """The backbone to learn from for each modality, and the profile they make together.

    A profile that embedded as many videos as any other backbone in every modality is taken whole, the paper's first;
    else each modality's backbone is the one that embedded most videos.

    Returns
    -------
    (str, dict of Modality to str)
        A key of `backbones.PROFILES`, or ``"custom"``. A modality that no video has vectors for is not in the dict.
    """
    counted = workspace.store.query("SELECT modality, backbone, count(*) AS n FROM embeddings GROUP BY ALL")
    counts: dict[Modality, dict[str, int]] = {}
    for row in counted.to_pylist():
        counts.setdefault(Modality(row["modality"]), {})[row["backbone"]] = row["n"]
    most = {modality: max(found.values()) for modality, found in counts.items()}
    for profile in sorted(backbones.PROFILES, key=lambda name: name not in PAPER_PROFILES):
        specs = backbones.PROFILES[profile]
        if all(found.get(specs[m].name) == most[m] for m, found in counts.items()):
            return profile if counts else "compact", {m: specs[m].name for m in counts}
    return "custom", {m: max(found, key=lambda name: (found[name], name)) for m, found in counts.items()}


def market_evidence(
    workspace: Workspace, horizon_day: int = HORIZON_DAY
) -> tuple[Frame, dict[Modality, np.ndarray | None], str, dict[Modality, str]]:
    """Frame, content vectors, profile and backbone names: all that evaluation learns from, in memory."""
    frame = workspace.frame(horizon_day)
    profile, chosen = market_backbones(workspace)
    vectors = {
        m: embedding_matrix(workspace.store, frame.facts, m, chosen[m]) if m in chosen else None
        for m in CONTENT_MODALITIES
    }
    return frame, vectors, profile, chosen


@contextmanager
def content_vectors(
    workspace: Workspace, facts: pd.DataFrame, chosen: Mapping[Modality, str]
) -> Iterator[dict[Modality, Matrix | None]]:
    """The content vectors of a market's videos, in memory or, past `IN_MEMORY_BYTES`, on disk.

    What is on disk has no name in the workspace's cache, and is gone when the block ends, however it ends.

    Parameters
    ----------
    facts : DataFrame, n rows
        Of `data.frame.market_frame`.
    chosen : dict of Modality to str
        The backbone of each modality; one that is not in it has no vectors.
    """
    lengths = {m: vector_length(workspace.store, m, name) for m, name in chosen.items()}
    large = sum(lengths.values()) * len(facts) * np.dtype(np.float32).itemsize > IN_MEMORY_BYTES
    found: dict[Modality, Matrix | None] = dict.fromkeys(CONTENT_MODALITIES)
    try:
        for modality, name in chosen.items():
            if large:
                found[modality] = vectors_on_disk(workspace.store, facts, modality, name, workspace.cache_dir)
            else:
                found[modality] = embedding_matrix(workspace.store, facts, modality, name)
        if large:
            workspace.store.forget()
        yield found
    finally:
        for matrix in found.values():
            if isinstance(matrix, Vectors):
                matrix.mapped.close()


def train_market(
    workspace: Workspace,
    horizon_day: int = HORIZON_DAY,
    seed: int = 0,
    device: str = "auto",
    progress: Progress = silent,
    max_videos: int | None = None,
) -> "Bundle":
    """Train the network and the trees on the whole market and put the bundle in use.

    The bundle in use stays in use until the new one is complete on disk. A training that was interrupted is taken up
    where it was when the same one is asked for again. ``max_videos`` is `TrainConfig.max_videos`.

    Raises
    ------
    BadInput
        If the market has too few videos whose score at the horizon day is known.
    """
    from mtaf_core.model.config import TrainConfig
    from mtaf_core.model.plus.stacking import FEWEST
    from mtaf_core.model.train import train

    if not 2 <= horizon_day <= 60:
        raise BadInput(f"--horizon-day is {horizon_day}; give a day from 2 to 60.")
    config = TrainConfig(horizon_day=horizon_day, seed=seed, device=device)
    if max_videos is not None:
        if max_videos < FEWEST:
            raise BadInput(f"--max-videos is {max_videos}; allow at least {FEWEST}.")
        config = replace(config, max_videos=max_videos)
    progress(Step("encode", 0, 1, "reading the market"))
    frame = workspace.frame(horizon_day)
    profile, chosen = market_backbones(workspace)
    name = datetime.now(UTC).strftime(f"%Y%m%d-%H%M%S-{profile}")
    with content_vectors(workspace, frame.facts, chosen) as vectors:
        bundle = train(
            frame,
            vectors,
            chosen,
            profile,
            workspace.bundle_dir / name,
            config=config,
            progress=progress,
            provenance={"market": workspace.info.name, "simulated": workspace.info.simulated},
            shelf_dir=workspace.cache_dir / "training",
        )
    workspace.use_bundle(name)
    return bundle


def demo_market(folder: Path, rebuild: bool = False, progress: Progress = silent) -> Workspace:
    """A ready demo workspace in ``folder``: the shipped one in seconds, or all of it made again.

    It is made beside ``folder`` and put in its place when it is whole; an interrupted rebuild goes on where it stopped.

    Raises
    ------
    BadWorkspace
        If ``folder`` holds a workspace with real data, or cannot be written.
    """
    if not rebuild:
        if not (folder / "workspace.json").exists():
            install_demo(folder)
        return Workspace.open(folder)
    from mtaf_core.data.demo.build import build

    folder = folder.resolve()
    check_replaceable(folder)
    beside = folder.with_name(f".{folder.name}.building")
    if not (beside / "workspace.json").exists():
        build(beside, progress=progress)
    train_market(Workspace.open(beside), progress=progress)
    replace_demo(beside, folder)
    return Workspace.open(folder)


def ship_demo(workspace: Workspace, assets: Path = DEMO_ASSETS) -> None:
    """Pack a rebuilt demo workspace into ``assets``, replacing what is shipped."""
    from mtaf_core.data.demo.packing import ship

    ship(workspace.path, assets)


def _embedded(workspace: Workspace, names: dict[Modality, str]) -> dict[tuple[str, str], set[str]]:
    rows = workspace.store.query(
        """SELECT platform, video_id, list(modality) AS modalities
           FROM embeddings WHERE backbone IN (?, ?, ?) GROUP BY ALL""",
        [names[m] for m in CONTENT_MODALITIES],
    ).to_pylist()
    return {(row["platform"], row["video_id"]): set(row["modalities"]) for row in rows}


def _videos(facts: pd.DataFrame) -> Iterator[_Video]:
    columns = ["platform", "video_id", "description", "tags", "media_path"]
    for platform, video_id, description, tags, media_path in facts[columns].itertuples(index=False, name=None):
        yield _Video((platform, video_id), description or "", tuple(tags), media_path)


def _is_done(modalities: set[str], video: _Video) -> bool:
    """Any vector of the clip counts: a clip without sound will never have one for sound."""
    media = bool(modalities & {Modality.AUDIO, Modality.VISUAL}) or not video.media_path
    return media and (Modality.TEXT in modalities or not (video.description or video.tags))


def _vectors(extractor: Extractor, root: Path, video: _Video) -> dict[Modality, np.ndarray | None]:
    if not video.media_path:
        return {Modality.TEXT: extractor.embed_text(video.description, video.tags)}
    return extractor.embed_clip(clip_path(root, video.media_path), video.description, video.tags).vectors


def _embedding_row(video: _Video, modality: Modality, backbone: str, vector: np.ndarray) -> dict[str, Any]:
    platform, video_id = video.key
    return {
        "platform": platform,
        "video_id": video_id,
        "modality": modality.value,
        "backbone": backbone,
        "vector": vector.astype(np.float32).tolist(),
        "source": "extract",
        "collected_at": datetime.now(UTC),
    }


def _batches(items: list[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
