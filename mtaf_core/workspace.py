"""A workspace: the folder that holds one market's tables, embeddings, media, bundles and logs."""

import json
import os
import re
import shutil
import threading
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mtaf_core.data.frame import Frame, market_frame
from mtaf_core.data.store import Store
from mtaf_core.errors import BadBundle, BadInput, BadWorkspace
from mtaf_core.model import manifest as manifests
from mtaf_core.schema import HORIZON_DAY
from mtaf_core.workspace_info import WorkspaceInfo, read_info

MAX_NAME_CHARS = 60
DEMO_ASSETS = Path(__file__).resolve().parent.parent / "assets" / "demo"
ENVIRONMENT = "MTAF_WORKSPACE"
DEMO_PARTS = ("workspace.json", "tables", "bundles", "samples", "truth.parquet")
"""All that a demo market is made of; nothing else in its folder is ever removed."""
POINTER = "USE"
"""File in this machine's first workspace with the name of the folder beside it that is used instead."""


@dataclass(frozen=True)
class Sample:
    """A clip that comes with the workspace, to try the product on."""

    path: Path
    title: str
    description: str
    tags: tuple[str, ...]
    uploader_id: str | None
    upload_time: datetime | None
    has_product_link: bool | None


class Workspace:
    """One market on disk. Open one with `Workspace.open` or `Workspace.default`.

    Parameters
    ----------
    path : Path
    info : WorkspaceInfo
    """

    def __init__(self, path: Path, info: WorkspaceInfo) -> None:
        self.path = path
        self.info = info
        self._frames: dict[tuple[str, int], Frame] = {}
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: str | Path) -> "Workspace":
        """Open the workspace in the folder ``path``.

        Raises
        ------
        BadWorkspace
            If there is none, or its ``workspace.json`` cannot be read.
        """
        folder = located(path)
        file = folder / "workspace.json"
        if not file.is_file():
            raise BadWorkspace(
                f"There is no workspace in {folder}; make the demo one with: "
                f"python -m mtaf_core demo --workspace {folder}"
            )
        return cls(folder, read_info(file))

    @classmethod
    def create(cls, path: str | Path, info: WorkspaceInfo) -> "Workspace":
        """Make an empty workspace in ``path``, or open the one that is there.

        Raises
        ------
        BadWorkspace
            If the folder cannot be written.
        """
        folder = located(path)
        file = folder / "workspace.json"
        if file.exists():
            return cls.open(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _replace_text(file, json.dumps(asdict(info), indent=1, ensure_ascii=False))
        except OSError as error:
            raise BadWorkspace(
                f"The workspace {folder} cannot be written ({error.strerror}); choose another folder with --workspace."
            ) from error
        return cls(folder, info)

    @classmethod
    def default(cls) -> "Workspace":
        """Open the workspace of this machine, making the demo market where there is none yet.

        It is where `default_path` says.
        """
        folder = default_path()
        if not (folder / "workspace.json").exists():
            install_demo(folder)
        return cls.open(folder)

    @cached_property
    def store(self) -> Store:
        return Store(self.path)

    @property
    def cache_dir(self) -> Path:
        return self.path / "cache"

    @property
    def upload_dir(self) -> Path:
        return self.path / "uploads"

    @property
    def bundle_dir(self) -> Path:
        return self.path / "bundles"

    @property
    def log_dir(self) -> Path:
        return self.path / "logs"

    def frame(self, horizon_day: int = HORIZON_DAY) -> Frame:
        """The market's frame as the tables are now; kept until they change."""
        key = (self.store.state, horizon_day)
        with self._lock:
            if key not in self._frames:
                self._frames = {key: market_frame(self.store, horizon_day, self.info.timezone)}
            return self._frames[key]

    def bundle_path(self) -> Path:
        """The folder of the bundle in use.

        Raises
        ------
        BadBundle
            If nothing has been trained here, or the bundle in use is gone.
        """
        pointer = self.bundle_dir / "CURRENT"
        if not pointer.is_file():
            raise BadBundle(
                f"No bundle has been trained in {self.path}; run: python -m mtaf_core train --workspace {self.path}"
            )
        try:
            name = pointer.read_text(encoding="utf-8").strip()
            folder = self.bundle_dir / name
            there = bool(name) and name != ".." and Path(name).name == name and folder.is_dir()
        except (OSError, ValueError) as error:
            raise BadBundle(
                f"{pointer}, which names the bundle in use, cannot be read; train again with: "
                f"python -m mtaf_core train --workspace {self.path}"
            ) from error
        if not there:
            raise BadBundle(
                f"The bundle in use, {name[:40]}, is missing from {self.bundle_dir}; train again with: "
                f"python -m mtaf_core train --workspace {self.path}"
            )
        return folder

    def use_bundle(self, name: str) -> None:
        """Make the bundle folder ``name`` the one in use, in one step."""
        _replace_text(self.bundle_dir / "CURRENT", name + "\n")

    def manifest(self) -> manifests.Manifest:
        """What the bundle in use says of itself; read without torch."""
        return manifests.read_manifest(self.bundle_path())

    def importance(self) -> manifests.Importance:
        """Feature importances of the bundle in use; read without torch."""
        return manifests.read_importance(self.bundle_path())

    def samples(self) -> list[Sample]:
        """Clips that come with the workspace, in the order of their file names; empty where there are none."""
        found = []
        for sidecar in sorted((self.path / "samples").glob("*.json")):
            says = json.loads(sidecar.read_text(encoding="utf-8"))
            clip = sidecar.with_suffix(".mp4")
            if clip.is_file():
                found.append(_sample(clip, says))
        return found


def home_path() -> Path:
    """Where this machine's first workspace is: MTAF_WORKSPACE, else ``workspace`` in the current folder."""
    return located(os.environ.get(ENVIRONMENT) or "workspace")


def located(path: str | Path) -> Path:
    """The absolute path of a workspace folder, whether or not it is there.

    Raises
    ------
    BadWorkspace
        If there can be no such folder: an unknown home, a current folder that is gone, a name that is too long.
    """
    try:
        folder = Path(path).expanduser().absolute()
        (folder / "workspace.json").stat()
    except (FileNotFoundError, NotADirectoryError):
        return folder
    except (OSError, RuntimeError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        shown = str(path) if len(str(path)) <= 40 else f"{str(path)[:40]}…"
        raise BadWorkspace(
            f"The workspace {shown} cannot be reached ({reason.rstrip('.')}); choose another folder with --workspace "
            f"or {ENVIRONMENT}."
        ) from error
    return folder


def default_path() -> Path:
    """The workspace in use on this machine: the first one, or the one beside it that it was switched to."""
    home = home_path()
    try:
        name = (home / POINTER).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return home
    beside = home.parent / name
    # One folder beside and no other: a pointer is no way to the rest of the disk.
    fits = name and beside.parent == home.parent and name not in (".", "..") and (beside / "workspace.json").is_file()
    return beside if fits else home


def beside() -> list[Workspace]:
    """The workspaces that this machine can switch between: the first one, then those beside it, by folder."""
    home = home_path()
    found = []
    for file in sorted(home.parent.glob("*/workspace.json")):
        try:
            found.append(Workspace.open(file.parent))
        except BadWorkspace:
            continue  # one that cannot be read cannot be switched to
    return sorted(found, key=lambda space: space.path != home)


def start_own(name: str, timezone: str, platform: str) -> Workspace:
    """Make an empty workspace for a market of one's own, in a new folder beside the first workspace.

    Raises
    ------
    BadInput
        If the name is empty or long, or there is no such time zone.
    BadWorkspace
        If the folder cannot be written.
    """
    name, platform = name.strip(), platform.strip()
    if not name or len(name) > MAX_NAME_CHARS:
        raise BadInput(f"A workspace needs a name of at most {MAX_NAME_CHARS} characters.")
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadInput(f"There is no time zone '{timezone}'; give a name such as Asia/Shanghai.") from error
    home = home_path()
    stem = "-".join(re.findall(r"[^\W_]+", name.lower())) or "own"
    folder, copy = home.parent / f"{home.name}-{stem}", 2
    while folder.exists():
        folder, copy = home.parent / f"{home.name}-{stem}-{copy}", copy + 1
    return Workspace.create(folder, WorkspaceInfo(name, timezone=timezone, platform=platform or "douyin"))


def switch_to(folder: Path) -> None:
    """Use the workspace in ``folder`` from now on: in pages, and on the command line without ``--workspace``.

    Raises
    ------
    BadWorkspace
        If it is no workspace beside the first one, or the choice cannot be written down.
    """
    home = home_path()
    chosen = Workspace.open(folder)
    if chosen.path.parent != home.parent:
        raise BadWorkspace(f"{folder} is not beside {home}; name it with --workspace or {ENVIRONMENT} instead.")
    try:
        if chosen.path == home:
            (home / POINTER).unlink(missing_ok=True)
        else:
            _replace_text(home / POINTER, chosen.path.name + "\n")
    except OSError as error:
        raise BadWorkspace(
            f"The choice cannot be written to {home} ({error.strerror}); name it with {ENVIRONMENT} instead."
        ) from error


def install_demo(folder: Path) -> None:
    """Make the shipped demo market a workspace in ``folder``: tables, embeddings, samples and a trained bundle.

    Raises
    ------
    BadWorkspace
        If the folder cannot be written or the shipped market is not there.
    """
    from mtaf_core.data.demo.packing import install

    try:
        install(DEMO_ASSETS, folder)
    except OSError as error:
        raise BadWorkspace(
            f"The demo workspace cannot be written to {folder} ({error.strerror or error}); "
            f"choose another folder with --workspace or {ENVIRONMENT}."
        ) from error


def check_replaceable(folder: Path) -> None:
    """See that a demo market may be put into ``folder``: what is there already is none, or another demo market.

    Raises
    ------
    BadWorkspace
        If the folder holds real data, or files where the demo market's would go.
    """
    if (folder / "workspace.json").exists():
        if not Workspace.open(folder).info.simulated:
            raise BadWorkspace(
                f"The workspace {folder} holds real data, not the demo market; choose another folder with --workspace."
            )
        return
    in_the_way = next((folder / part for part in DEMO_PARTS if (folder / part).exists()), None)
    if in_the_way is not None:
        raise BadWorkspace(f"{in_the_way} is in the way of the demo market; choose another folder with --workspace.")


def replace_demo(built: Path, folder: Path) -> None:
    """Move a demo market built in ``built`` into ``folder``; whatever else is there, uploads and caches too, stays.

    ``workspace.json`` goes first and comes last, so that a half-moved market is never taken for a workspace.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for part in DEMO_PARTS:
        old = folder / part
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(old)
        else:
            old.unlink(missing_ok=True)
    for part in reversed(DEMO_PARTS):
        if (built / part).exists():
            shutil.move(built / part, folder / part)
    shutil.rmtree(built)


def _sample(clip: Path, says: dict[str, Any]) -> Sample:
    time = says.get("upload_time")
    return Sample(
        path=clip,
        title=says.get("title") or clip.stem,
        description=says.get("description", ""),
        tags=tuple(says.get("tags", ())),
        uploader_id=says.get("uploader_id"),
        upload_time=datetime.fromisoformat(time) if time else None,
        has_product_link=says.get("has_product_link"),
    )


def _replace_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
