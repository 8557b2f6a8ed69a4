"""Build the demo market: simulate, render every clip, run the real extraction on it, write the workspace.

`ship` and `install` (see `packing`) pack what was built here and unpack it elsewhere in seconds.
"""

import hashlib
import multiprocessing
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mtaf_core.data.demo.clips import render
from mtaf_core.data.demo.design import ClipDesign
from mtaf_core.data.demo.packing import INFO, half_precision, install, ship, write_info
from mtaf_core.data.demo.samples import make_samples
from mtaf_core.data.demo.simulate import PLATFORM, SOURCE, Market, simulate
from mtaf_core.data.store import Store
from mtaf_core.data.tables import EMBEDDINGS, VIDEOS
from mtaf_core.errors import BadWorkspace
from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.schema import CONTENT_MODALITIES

if TYPE_CHECKING:
    from mtaf_core.content.extract import Extractor

__all__ = ["build", "install", "ship"]

PROFILE = "compact"
RENDERING = "1"
"""Changes when the same design would give another clip, so that vectors kept from before are not used."""


@dataclass(frozen=True)
class Job:
    """One video to be rendered and embedded: its clip goes to ``clip``, its vectors to ``vectors``."""

    number: int
    design: ClipDesign
    description: str
    tags: tuple[str, ...]
    clip: Path
    vectors: Path
    keep_clip: bool

    @property
    def done(self) -> bool:
        return self.vectors.exists() and (self.clip.exists() or not self.keep_clip)


def build(
    workspace_dir: str | Path,
    *,
    seed: int = 7,
    uploaders: int = 260,
    videos: int = 1600,
    progress: Progress = silent,
    workers: int = 2,
    keep_clips: bool = False,
) -> None:
    """Build the demo market into ``workspace_dir``: tables, embeddings, samples, truth. No bundle is trained.

    A build that was interrupted goes on where it stopped. The workspace counts as one only when all is done.

    Parameters
    ----------
    workspace_dir : str or Path
    seed, uploaders, videos : int
        See `simulate.simulate`.
    progress : Progress
        Stages ``"simulate"``, ``"render"`` (a clip rendered and embedded), ``"samples"``, ``"store"``.
    workers : int
        Processes that render and embed; with 1 it is done in this process.
    keep_clips : bool
        Keep every clip under ``media/`` (about 150 kB each); else only the samples are kept.

    Raises
    ------
    BadWorkspace
        If there is a workspace already.
    BadInput
        If the sizes do not make a market.
    WeightsMissing
        If the compact backbones are not installed.
    """
    folder = Path(workspace_dir)
    if (folder / INFO).exists():
        raise BadWorkspace(f"There is a workspace in {folder} already; remove it or choose another folder.")
    progress(Step("simulate", 0, 1))
    market = simulate(seed=seed, uploaders=uploaders, videos=videos)
    scratch = folder / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    jobs = _jobs(market, folder, scratch, keep_clips)
    todo = [job for job in jobs if not job.done]
    progress(Step("render", len(jobs) - len(todo), len(jobs)))
    for finished, number in enumerate(_run(todo, workers), start=len(jobs) - len(todo) + 1):
        progress(Step("render", finished, len(jobs), f"video {number + 1}"))
    make_samples(folder / "samples", market.tables["uploaders"], seed, progress)
    progress(Step("store", 0, 1))
    _write(folder, market, jobs, keep_clips)
    write_info(folder)
    shutil.rmtree(scratch)
    progress(Step("store", 1, 1))


def _jobs(market: Market, folder: Path, scratch: Path, keep_clips: bool) -> list[Job]:
    descriptions = market.tables["videos"]["description"].to_pylist()
    ids = market.tables["videos"]["video_id"].to_pylist()
    jobs = []
    for number, (design, description, tags) in enumerate(zip(market.designs, descriptions, market.tags, strict=True)):
        key = hashlib.sha256(repr((RENDERING, PROFILE, design, description, tags)).encode()).hexdigest()[:24]
        clip = folder / "media" / f"{ids[number]}.mp4" if keep_clips else scratch / f"{key}.mp4"
        jobs.append(Job(number, design, description, tags, clip, scratch / f"{key}.npz", keep_clips))
    if keep_clips:
        (folder / "media").mkdir(parents=True, exist_ok=True)
    return jobs


def _run(jobs: list[Job], workers: int) -> Iterator[int]:
    """Do the jobs, in any order; give the number of each as it is done."""
    if workers <= 1 or len(jobs) <= 1:
        extractor = _extractor() if jobs else None
        for job in jobs:
            assert extractor is not None
            yield _embed(job, extractor)
        return
    # Spawned, not forked: torch and the codecs hold threads that a fork would copy in an unknown state.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(workers, len(jobs)), mp_context=context, initializer=_start_worker)
    try:
        for future in as_completed([pool.submit(_work, job) for job in jobs]):
            yield future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_of_this_process: list["Extractor"] = []
"""The extractor of a worker process, made once when it starts."""


def _start_worker() -> None:
    import torch
    from threadpoolctl import threadpool_limits

    # Each worker has one core: more threads would only wait for each other.
    torch.set_num_threads(1)
    threadpool_limits(1)
    _of_this_process.append(_extractor())


def _work(job: Job) -> int:
    return _embed(job, _of_this_process[0])


def _extractor() -> "Extractor":
    from mtaf_core.content.extract import Extractor

    return Extractor(PROFILE, device="cpu")


def _embed(job: Job, extractor: "Extractor") -> int:
    """Render the clip, embed it, and keep its vectors; the vectors file appears only when it is whole."""
    render(job.design, job.clip)
    content = extractor.embed_clip(job.clip, job.description, job.tags)
    if not job.keep_clip:
        job.clip.unlink()
    found = {f"{m.value}|{extractor.specs[m].name}": v for m, v in content.vectors.items() if v is not None}
    part = job.vectors.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(file, **found)  # type: ignore[arg-type]
    part.replace(job.vectors)
    return job.number


def _write(folder: Path, market: Market, jobs: list[Job], keep_clips: bool) -> None:
    tables = dict(market.tables)
    if keep_clips:
        place = tables["videos"].schema.get_field_index("media_path")
        paths = pa.array([job.clip.relative_to(folder).as_posix() for job in jobs], VIDEOS.columns["media_path"])
        tables["videos"] = tables["videos"].set_column(place, "media_path", paths)
    tables[EMBEDDINGS.name] = _embeddings(market, jobs)
    with Store(folder).write("demo") as change:
        for name, rows in tables.items():
            change.replace(name, rows)
    pq.write_table(market.truth, folder / "truth.parquet", compression="zstd")


def _embeddings(market: Market, jobs: Iterable[Job]) -> pa.Table:
    """The vectors of every video as a canonical table, at half precision so that they pack well."""
    ids = market.tables["videos"]["video_id"].to_pylist()
    taken = market.tables["videos"]["collected_at"].to_pylist()
    order = {modality.value: place for place, modality in enumerate(CONTENT_MODALITIES)}
    rows = []
    for job in jobs:
        with np.load(job.vectors, allow_pickle=False) as kept:
            for key in sorted(kept.files, key=lambda k: order[k.split("|")[0]]):
                modality, backbone = key.split("|")
                rows.append(
                    {
                        "platform": PLATFORM,
                        "video_id": ids[job.number],
                        "modality": modality,
                        "backbone": backbone,
                        "vector": half_precision(kept[key]),
                        "source": SOURCE,
                        "collected_at": taken[job.number],
                    }
                )
    return pa.Table.from_pylist(rows, EMBEDDINGS.arrow)
