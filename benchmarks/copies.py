"""A market of any size, cheaply: the demo market over and over, jittered so that no two videos are the same.

Every copy of the market has KOLs and videos of its own. Upload times move by up to an hour, followers, durations and
outcomes by random factors, and vectors by noise, which is kept in half precision, so that the tables are half as large.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mtaf_core.data.change import Change
from mtaf_core.data.tables import TABLES
from mtaf_core.workspace import Workspace

BATCH = 48_000
_VECTOR_ROWS = 8_000

_OF_VIDEOS = {
    "videos": """
SELECT v.* REPLACE (c.name AS video_id, v.uploader_id || '-' || c.copy AS uploader_id,
    v.created_at + to_seconds(c.later_s) AS created_at, round(v.duration_s * c.longer, 1) AS duration_s)
FROM copies c JOIN videos v ON v.video_id = c.video_id""",
    "snapshots": """
SELECT s.* REPLACE (c.name AS video_id, CAST(round(s.favorite_count * c.factor) AS BIGINT) AS favorite_count,
    CAST(round(s.comment_count * c.factor) AS BIGINT) AS comment_count,
    CAST(round(s.share_count * c.factor) AS BIGINT) AS share_count)
FROM copies c JOIN snapshots s ON s.video_id = c.video_id""",
    "video_tags": "SELECT t.* REPLACE (c.name AS video_id) FROM copies c JOIN video_tags t ON t.video_id = c.video_id",
}
_OF_KOLS = {
    "uploaders": """
SELECT u.* REPLACE (u.uploader_id || '-' || k.copy AS uploader_id,
    CAST(round(u.follower_count * k.factor) AS BIGINT) AS follower_count)
FROM kols k JOIN uploaders u ON u.uploader_id = k.uploader_id""",
    "uploader_snapshots": """
SELECT s.* REPLACE (s.uploader_id || '-' || k.copy AS uploader_id,
    CAST(round(s.follower_count * k.factor) AS BIGINT) AS follower_count)
FROM kols k JOIN uploader_snapshots s ON s.uploader_id = k.uploader_id""",
}


class Parts:
    """Rows of tables in files beside them, all merged into a change at the end."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._files: dict[str, list[Path]] = {}

    def add(self, table: str, rows: Iterable[pa.Table]) -> None:
        files = self._files.setdefault(table, [])
        file = self._change.scratch / f"copies-{table}-{len(files)}.parquet"
        with pq.ParquetWriter(file, TABLES[table].arrow, compression="lz4") as writer:
            for some in rows:
                writer.write_table(some.cast(TABLES[table].arrow))
        files.append(file)

    def merge(self) -> None:
        for table, files in self._files.items():
            self._change.merge_files(table, files)
            for file in files:
                file.unlink()


def market(demo: Workspace, path: Path, videos: int, seed: int = 0) -> Workspace:
    """Make a workspace of so many ``videos`` in ``path``; about 6 KB of disk a video."""
    workspace = Workspace.create(path, demo.info)
    rng = np.random.default_rng(seed)
    known = demo.store.query("SELECT video_id FROM videos ORDER BY created_at, video_id").column(0).to_numpy()
    base = _vectors(demo, known)
    with workspace.store.write("copies of the demo market") as change:
        change.replace("tags", demo.store.query("SELECT * FROM tags"))
        parts = Parts(change)
        _kols(demo, parts, -(-videos // len(known)), rng)
        for start in range(0, videos, BATCH):
            numbers = np.arange(start, min(start + BATCH, videos))
            source, copy = numbers % len(known), numbers // len(known)
            copies = pa.table(
                {
                    "name": [f"v{number:07d}" for number in numbers],
                    "video_id": known[source],
                    "copy": copy,
                    "later_s": rng.integers(0, 3_600, len(numbers)),
                    "factor": rng.lognormal(0, 0.3, len(numbers)),
                    "longer": rng.lognormal(0, 0.1, len(numbers)),
                }
            )
            for table, sql in _OF_VIDEOS.items():
                parts.add(table, [demo.store.query(sql, copies=copies)])
            parts.add("embeddings", _embeddings(base, copies.column("name").to_numpy(), source, rng))
        parts.merge()
    return workspace


def _kols(demo: Workspace, parts: Parts, copies: int, rng: np.random.Generator) -> None:
    names = demo.store.query("SELECT uploader_id FROM uploaders ORDER BY uploader_id").column(0).to_numpy()
    for start in range(0, copies, 100):
        copy = np.repeat(np.arange(start, min(start + 100, copies)), len(names))
        told = {"uploader_id": np.resize(names, len(copy)), "copy": copy, "factor": rng.lognormal(0, 0.1, len(copy))}
        for table, sql in _OF_KOLS.items():
            parts.add(table, [demo.store.query(sql, kols=pa.table(told))])


def _vectors(demo: Workspace, known: np.ndarray) -> dict[tuple[str, str], np.ndarray]:
    """The demo's vectors by modality and backbone, a row each of the videos ``known``; NaN where there is none."""
    place = {name: row for row, name in enumerate(known)}
    found: dict[tuple[str, str], np.ndarray] = {}
    for row in demo.store.query("SELECT video_id, modality, backbone, vector FROM embeddings").to_pylist():
        key = row["modality"], row["backbone"]
        if key not in found:
            found[key] = np.full((len(known), len(row["vector"])), np.nan, dtype=np.float32)
        found[key][place[row["video_id"]]] = row["vector"]
    return found


def _embeddings(
    base: dict[tuple[str, str], np.ndarray], names: np.ndarray, source: np.ndarray, rng: np.random.Generator
) -> Iterator[pa.Table]:
    for (modality, backbone), vectors in base.items():
        for start in range(0, len(names), _VECTOR_ROWS):
            part = slice(start, start + _VECTOR_ROWS)
            noise = rng.standard_normal((len(source[part]), vectors.shape[1]), dtype=np.float32)
            values = (vectors[source[part]] + 0.1 * noise).astype(np.float16).astype(np.float32)
            there = np.isfinite(values).all(axis=1)
            yield _rows(names[part][there], modality, backbone, values[there])


def _rows(names: np.ndarray, modality: str, backbone: str, values: np.ndarray) -> pa.Table:
    count, length = values.shape
    offsets = pa.array(np.arange(count + 1) * length, pa.int32())
    told = {
        "platform": ["douyin"] * count,
        "video_id": names,
        "modality": [modality] * count,
        "backbone": [backbone] * count,
        "vector": pa.ListArray.from_arrays(offsets, pa.array(values.ravel())),
        "source": ["copies"] * count,
        "collected_at": [None] * count,
    }
    columns = {n: pa.array(told[n], kind) for n, kind in TABLES["embeddings"].columns.items()}
    return pa.table(columns, schema=TABLES["embeddings"].arrow)
