"""Pack a built demo market into a folder small enough to ship, and make a ready workspace of it in seconds."""

import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock
from numpy.typing import NDArray

from mtaf_core.data.demo.simulate import PLATFORM, TIMEZONE
from mtaf_core.data.store import Store
from mtaf_core.data.tables import EMBEDDINGS, TABLES
from mtaf_core.errors import BadWorkspace

INFO = "workspace.json"
CURRENT = "CURRENT"
EVALUATIONS = "evaluations"
"""Where `mtaf_core.evaluation.results` keeps what was measured."""
MAX_BYTES = 34 * 1024 * 1024
"""What a shipped demo market may weigh."""

_ABOUT = """# The demo market

A simulated market, made by `python -m mtaf_core demo --rebuild --ship`; docs/DEMO.md says how and with which true
effects. Nothing here was taken from any platform; names, numbers, pictures and sounds are generated.

| what | where |
|---|---|
| canonical tables, one Parquet file each | `tables/` |
| true effect of every cause on every video | `truth.parquet` |
| candidate clips to try, each with a JSON sidecar | `samples/` |
| the trained bundle | `bundles/` |
| how well every method does on it, as `evaluate` measured | `evaluations/` |
"""


def half_precision(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Round float32 numbers to what float16 can say; they stay float32, and their zero bits pack to nothing."""
    top = float(np.finfo(np.float16).max)
    return np.clip(vector, -top, top).astype(np.float16).astype(np.float32)


def write_info(folder: Path) -> None:
    """Write ``workspace.json``; a folder is a workspace from that moment on."""
    info = {
        "name": "Demo market (simulated)",
        "simulated": True,
        "timezone": TIMEZONE,
        "platform": PLATFORM,
        "format": 1,
    }
    part = folder / f"{INFO}.part"
    part.write_text(json.dumps(info, indent=1) + "\n", encoding="utf-8")
    part.replace(folder / INFO)


def ship(workspace_dir: str | Path, assets_dir: str | Path, bundle_dir: str | Path | None = None) -> int:
    """Pack a demo workspace into ``assets_dir``: tables, truth, samples, a bundle, and what was measured.

    Parameters
    ----------
    workspace_dir : str or Path
        Built by `build.build`.
    assets_dir : str or Path
        Made anew; files of an earlier packing are removed first.
    bundle_dir : str or Path, optional
        The bundle to ship; by default the one in use in the workspace, none where nothing was trained.

    Returns
    -------
    int
        Bytes in ``assets_dir``.

    Raises
    ------
    BadWorkspace
        If ``workspace_dir`` is no demo workspace, or the packed market is above `MAX_BYTES`.
    """
    workspace, assets = Path(workspace_dir), Path(assets_dir)
    if not (workspace / "truth.parquet").is_file():
        raise BadWorkspace(
            f"{workspace} is not a built demo market; build one with: python -m mtaf_core demo --rebuild"
        )
    for stale in ("tables", "samples", "bundles", EVALUATIONS):
        shutil.rmtree(assets / stale, ignore_errors=True)
    (assets / "tables").mkdir(parents=True)
    store = Store(workspace)
    for name, table in TABLES.items():
        rows = store.query(f"SELECT {', '.join(table.columns)} FROM {name} ORDER BY {', '.join(table.keys)}")
        _write_table(rows.cast(table.arrow), assets / "tables" / f"{name}.parquet")
    shutil.copytree(workspace / "samples", assets / "samples")
    shutil.copyfile(workspace / "truth.parquet", assets / "truth.parquet")
    bundle = Path(bundle_dir) if bundle_dir is not None else _bundle_in_use(workspace)
    if bundle is not None:
        shutil.copytree(bundle, assets / "bundles" / bundle.name)
        (assets / "bundles" / CURRENT).write_text(bundle.name + "\n", encoding="utf-8")
    if (workspace / EVALUATIONS).is_dir():
        shutil.copytree(workspace / EVALUATIONS, assets / EVALUATIONS)
    (assets / "README.md").write_text(_ABOUT, encoding="utf-8")
    size = sum(file.stat().st_size for file in assets.rglob("*") if file.is_file())
    if size > MAX_BYTES:
        raise BadWorkspace(
            f"The packed demo market in {assets} has {size / 2**20:.0f} MB, above the {MAX_BYTES / 2**20:.0f} MB "
            "it may have; ship a smaller bundle or fewer videos."
        )
    return size


def install(assets_dir: str | Path, workspace_dir: str | Path) -> None:
    """Make a ready workspace of a packed demo market, without torch.

    Several processes may ask at once: one does it, the others find it done. An existing workspace is left as it is.

    Raises
    ------
    BadWorkspace
        If nothing was packed in ``assets_dir``.
    OSError
        If ``workspace_dir`` cannot be written.
    """
    assets, workspace = Path(assets_dir), Path(workspace_dir)
    missing = [name for name in TABLES if not (assets / "tables" / f"{name}.parquet").is_file()]
    if missing:
        raise BadWorkspace(
            f"The shipped demo market in {assets} is not whole ({missing[0]}.parquet is missing); "
            "make it again with: python -m mtaf_core demo --rebuild"
        )
    workspace.mkdir(parents=True, exist_ok=True)
    with FileLock(workspace / ".install.lock"):
        if (workspace / INFO).exists():
            return
        with Store(workspace).write("demo") as change:
            for name in TABLES:
                change.replace(name, pq.read_table(assets / "tables" / f"{name}.parquet"))
        for part in ("samples", "bundles", EVALUATIONS):
            if (assets / part).is_dir():
                shutil.copytree(assets / part, workspace / part, dirs_exist_ok=True)
        shutil.copyfile(assets / "truth.parquet", workspace / "truth.parquet")
        write_info(workspace)


def _write_table(rows: pa.Table, path: Path) -> None:
    if path.stem == EMBEDDINGS.name:
        # The bytes of each number's high half lie together, then the rounded low half, which is all zeros.
        pq.write_table(
            rows,
            path,
            compression="zstd",
            compression_level=19,
            use_dictionary=["platform", "video_id", "modality", "backbone", "source"],
            use_byte_stream_split=["vector.list.element"],
        )
    else:
        pq.write_table(rows, path, compression="zstd", compression_level=19)


def _bundle_in_use(workspace: Path) -> Path | None:
    pointer = workspace / "bundles" / CURRENT
    return pointer.parent / pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else None
