"""Precomputed features: arrays keyed by video id become embeddings under a name of the person's choice."""

import io
import itertools
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mtaf_core import limits
from mtaf_core.data.importers import values
from mtaf_core.data.importers.columns import How, convert
from mtaf_core.data.importers.reasons import Refused
from mtaf_core.data.importers.rows import Context
from mtaf_core.data.importers.sources import Document
from mtaf_core.data.importers.tables_in import batches
from mtaf_core.data.tables import EMBEDDINGS

MAX_DIMENSION = 65_536
BATCH_ROWS = 4_096
ID_NAMES = ("video_id", "id", "ids", "vid", "video_ids", "aweme_id", "bvid")
VECTOR_NAMES = ("vector", "vectors", "embedding", "embeddings", "feature", "features")


class _Vectors(Protocol):
    @property
    def modality(self) -> str: ...
    @property
    def backbone(self) -> str: ...


def read(
    document: Document,
    vectors: _Vectors | None,
    context: Context,
    scratch: Path,
    take: Callable[[str, pa.Table, str], None],
) -> int:
    """Read the arrays of a document into ``embeddings``.

    Parameters
    ----------
    vectors : object with ``modality`` and ``backbone``
        What they are.
    take : callable
        Given the table's name, rows with ``line``, and the document's name.

    Returns
    -------
    int
        How many vectors were read.

    Raises
    ------
    BadInput
        If it is not told what they are, or they are not numbers, differ in length, have no ids, or ids that come
        twice or have been rounded.
    """
    if vectors is None or not vectors.backbone.strip():
        raise Refused("arrays_of_what", name=document.name)
    if vectors.modality not in ("text", "audio", "visual"):
        raise Refused("arrays_modality", name=document.name, modality=vectors.modality)
    done = width = 0
    for names, found in _parts(document, scratch):
        ids, matrix = _checked(document, names, found)
        if width not in (0, matrix.shape[1]):
            raise Refused("arrays_lengths", name=document.name)
        width = matrix.shape[1]
        for start in range(0, len(ids), BATCH_ROWS):
            some = slice(start, start + BATCH_ROWS)
            take(
                EMBEDDINGS.name, _rows(document, vectors, context, ids[some], matrix[some], done + start), document.name
            )
        done += len(ids)
    if not done:
        raise Refused("arrays_empty", name=document.name)
    return done


def _rows(
    document: Document, vectors: _Vectors, context: Context, ids: list[str], matrix: np.ndarray, before: int
) -> pa.Table:
    n = len(ids)
    flat = pa.array(np.ascontiguousarray(matrix, dtype=np.float32).ravel())
    moment = context.collected(document)
    return pa.table(
        {
            "platform": pa.repeat(pa.scalar(context.platform or "unknown"), n),
            "video_id": pa.array(ids, pa.string()),
            "modality": pa.repeat(pa.scalar(vectors.modality), n),
            "backbone": pa.repeat(pa.scalar(vectors.backbone), n),
            "vector": pa.FixedSizeListArray.from_arrays(flat, matrix.shape[1]).cast(pa.list_(pa.float32())),
            "source": pa.repeat(pa.scalar("arrays"), n),
            "collected_at": pa.repeat(pa.scalar(moment, pa.timestamp("us", tz="UTC")), n),
            "line": pa.array(range(before + 1, before + n + 1), pa.int64()),
        }
    )


def _parts(document: Document, scratch: Path) -> Iterator[tuple[list[str], np.ndarray]]:
    with document.open() as content:
        head = content.read(6)
    if head.startswith(b"PK"):
        yield from _npz(document)
    elif head == b"\x93NUMPY":
        stem = Path(document.name).name.removesuffix(".npy")
        array = _load(document, _content(document), stem)
        if array.ndim != 1:
            raise Refused("arrays_axes", name=document.name, n=array.ndim)
        yield [stem], array[None, :]
    else:
        yield from _table(document, scratch)


def _npz(document: Document) -> Iterator[tuple[list[str], np.ndarray]]:
    content = _content(document)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sizes = sum(entry.file_size for entry in archive.infolist())
            if sizes > max(limits.FREE_UNPACKED_BYTES, len(content) * limits.MAX_PACKING):
                raise Refused("bomb", name=document.name, times=limits.MAX_PACKING)
            names = [name.removesuffix(".npy") for name in archive.namelist()]
            arrays = {name: _load(document, archive.read(f"{name}.npy"), name) for name in names}
    except (zipfile.BadZipFile, KeyError, RuntimeError) as fault:
        raise Refused("not_npz", name=document.name, fault=fault) from fault
    keyed = next((name for name in ID_NAMES if name in arrays), None)
    if keyed is None:
        for name, array in arrays.items():
            yield [name], np.atleast_2d(np.asarray(array).squeeze())
        return
    rest = [name for name in arrays if name != keyed]
    held = next((name for name in VECTOR_NAMES if name in arrays), rest[0] if len(rest) == 1 else None)
    if held is None:
        raise Refused("arrays_which", name=document.name, arrays=", ".join(arrays))
    yield _ids(document, arrays[keyed]), arrays[held]


def _table(document: Document, scratch: Path) -> Iterator[tuple[list[str], np.ndarray]]:
    for batch in batches(document, scratch, lambda _: None):
        lower = {name.lower(): name for name in batch.columns}
        keyed = next((lower[name] for name in ID_NAMES if name in lower), None)
        if keyed is None:
            raise Refused("arrays_no_column", name=document.name)
        ids, faults = convert(batch.columns[keyed], How("id"))
        if faults or ids.null_count:
            raise Refused("arrays_id", name=document.name, column=keyed)
        held = next((lower[name] for name in VECTOR_NAMES if name in lower), None)
        yield ids.to_pylist(), _matrix(document, batch.columns, keyed, held)


def _matrix(document: Document, columns: dict[str, pa.Array], keyed: str, held: str | None) -> np.ndarray:
    if held is None:
        numbers = [convert(column, How("number"))[0] for name, column in columns.items() if name != keyed]
        if not numbers:
            raise Refused("arrays_ids_only", name=document.name)
        return np.stack([column.to_numpy(zero_copy_only=False) for column in numbers], axis=1)
    column = columns[held]
    if not pa.types.is_list(column.type) and not pa.types.is_fixed_size_list(column.type):
        raise Refused("arrays_lists", column=held, name=document.name, kind=column.type)
    lengths = pc.unique(pc.list_value_length(column)).to_pylist()
    if len(lengths) != 1 or not lengths[0]:
        raise Refused("arrays_lengths", name=document.name)
    return pc.list_flatten(column).to_numpy(zero_copy_only=False).reshape(len(column), lengths[0])


def _content(document: Document) -> bytes:
    with document.open() as stream:
        content = stream.read(limits.MAX_UPLOAD_BYTES * 4 + 1)
    if len(content) > limits.MAX_UPLOAD_BYTES * 4:
        raise Refused("arrays_big", name=document.name, gb=limits.MAX_UPLOAD_BYTES * 4 // 2**30)
    return content


def _load(document: Document, content: bytes, name: str) -> np.ndarray:
    try:
        array = np.load(io.BytesIO(content), allow_pickle=False)
    except (ValueError, OSError, EOFError) as fault:
        raise Refused("arrays_plain", array=name, name=document.name, fault=fault) from fault
    return np.asarray(array)


def _ids(document: Document, array: np.ndarray) -> list[str]:
    if array.dtype.kind not in "USiu" or array.ndim != 1:
        raise Refused("arrays_id_kind", name=document.name, kind=array.dtype, n=array.ndim)
    if array.dtype.kind == "S":
        return [one.decode("utf-8", "replace") for one in array.tolist()]
    return [str(one) for one in array.astype("U").tolist()]


def _checked(document: Document, names: list[str], found: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Ids and vectors as they are kept; refused where any of them is none."""
    if found.dtype.kind not in "fiu" or found.ndim != 2 or not 1 <= found.shape[1] <= MAX_DIMENSION:
        shape = "x".join(map(str, found.shape))
        raise Refused("arrays_shape", name=document.name, kind=found.dtype, shape=shape)
    if len(names) != len(found):
        raise Refused("arrays_count", name=document.name, ids=f"{len(names):,}", vectors=f"{len(found):,}")
    with np.errstate(over="ignore"):  # what is too large for the number kept is told as not finite
        matrix = found.astype(np.float32)
    unfit = np.flatnonzero(~np.isfinite(matrix).all(axis=1))
    if len(unfit):
        raise Refused("arrays_infinite", video=names[unfit[0]], name=document.name)
    if any(map(str.__eq__, names, itertools.repeat(""))):
        raise Refused("arrays_no_id", name=document.name)
    kept, faults = convert(pa.array(names, pa.string()), How("id"))
    ids = kept.to_pylist()
    if faults or kept.null_count or values.rounded(ids):
        raise Refused("arrays_id", name=document.name, column="ids")
    twice = next((one for one, times in Counter(ids).items() if times > 1), None)
    if twice is not None:
        raise Refused("arrays_twice", video=twice, name=document.name)
    return ids, matrix
