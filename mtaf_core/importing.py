"""Import what people have into a workspace, list what was imported, and go back."""

import json
import os
import re
import shutil
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from mtaf_core.data import delta
from mtaf_core.data.candidate import time_zone
from mtaf_core.data.importers import arrays, headers, mapping, recognise, sources, tabular
from mtaf_core.data.importers.land import Landed, Landing, read_into
from mtaf_core.data.importers.mapping import Mapping
from mtaf_core.data.importers.reasons import Reason, Refused, reason_of, say
from mtaf_core.data.importers.report import ImportReport
from mtaf_core.data.importers.rows import Context, Rejected
from mtaf_core.data.importers.sources import Document
from mtaf_core.data.store import Store
from mtaf_core.errors import BadInput
from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.workspace import Workspace, WorkspaceInfo

LOCK_TIMEOUT_S = 60.0
"""How long an import waits for another one to write its rows."""

MAX_WHAT_CHARS = 80
MAX_UNUSED = 50
"""Files, and columns of each, that a report lists as understood by nobody."""

_NAME = re.compile(r"[\w-]{1,80}")
_BROKEN = ("damaged", "disk", "bomb", "zip_cut", "json_cut", "parquet_damaged", "no_permission")
"""What is wrong with a file of data that is not whole: going on without it would leave a day half imported."""
_PLATFORMS = dict.fromkeys(("tiktok", "tiktok-scraper", "apify", "research-api", "ytdlp"), "tiktok")


@dataclass(frozen=True)
class Version:
    """One version of a workspace's tables.

    Parameters
    ----------
    number : int
        To go back to it with `undo`.
    time : datetime
    what : str
    report : ImportReport or None
        What the import did; None for versions that were not made by an import.
    """

    number: int
    time: datetime
    what: str
    report: ImportReport | None = None


@dataclass(frozen=True)
class Vectors:
    """What precomputed arrays are: the modality they stand for, and a name for what made them."""

    modality: str
    backbone: str


@dataclass
class _Import:
    """One import on its way."""

    workspace: Workspace
    documents: Sequence[Document]
    context: Context
    format: str
    mapping: Mapping | None
    vectors: Vectors | None
    progress: Progress
    formats: Counter[str] = field(default_factory=Counter)
    unread: list[Rejected] = field(default_factory=list)
    unused: dict[str, tuple[str, ...]] = field(default_factory=dict)


def formats() -> tuple[str, ...]:
    """Everything that ``format`` may be: ``auto``, the formats of JSON, ``csv``, and the mappings that are shipped."""
    return (recognise.AUTO, *recognise.JSON_FORMATS, recognise.TABLE, *mapping.shipped())


def import_paths(
    workspace: Workspace,
    paths: Iterable[str | Path],
    format: str = recognise.AUTO,
    mapping: Mapping | Path | None = None,
    platform: str | None = None,
    collected_at: datetime | None = None,
    vectors: Vectors | None = None,
    progress: Progress = silent,
) -> ImportReport:
    """Import files, folders, ZIP archives and patterns: rows are added or brought up to date, in one commit.

    Parameters
    ----------
    workspace : Workspace
    paths : iterable of str or Path
    format : str, default "auto"
        One of `formats`; ``"auto"`` looks at the content of each file.
    mapping : Mapping or Path, optional
        How tables are read; a path is one of TOML.
    platform : str, optional
        Overrules the platform that a format stands for.
    collected_at : datetime, optional
        When the data was collected, for records that do not say; with a zone.
    vectors : Vectors, optional
        What arrays (``.npy``, ``.npz``, Parquet with ``vector``) are.
    progress : Progress

    Returns
    -------
    ImportReport

    Raises
    ------
    BadInput
        If something named is not there, cannot be read, or is in no known format; the workspace is untouched.
    BadWorkspace
        If the workspace cannot be written, or another import does not end in time; it is untouched.
    Cancelled
        If ``progress`` stops it; the workspace is untouched.
    """
    paths = list(paths)
    if not paths:
        raise BadInput("Nothing was named to import; name files, folders or archives.")
    zone = workspace.info.timezone
    home = platform or workspace.info.platform
    found = sources.documents(paths, zone)
    chosen = _mapping(format, mapping, workspace.path)
    if chosen is not None and chosen.platform is None:
        chosen = replace(chosen, platform=home)
    work = _Import(workspace, found, Context(zone, platform, collected_at), format, chosen, vectors, progress)
    with delta.writing(workspace.path), _work_folder(workspace) as folder:
        landing = Landing(folder, zone)
        try:
            _read_all(work, landing)
            landed = landing.finish(Store(workspace.path, LOCK_TIMEOUT_S), f"import {_what(paths)}", progress)
        finally:
            landing.close()
        return _settle(work, landed, _what(paths), folder)


@contextmanager
def opened(
    folder: Path,
    format: str = recognise.AUTO,
    mapping: Path | None = None,
    name: str | None = None,
    timezone: str | None = None,
    platform: str | None = None,
) -> Iterator[Workspace]:
    """The workspace in ``folder`` to import into; a new one is made, and removed again where the block raises.

    Parameters
    ----------
    name, timezone, platform : str, optional
        Of a new workspace; by default the folder's name, and what the format or the mapping says, else
        Asia/Shanghai and douyin.

    Raises
    ------
    BadInput
        If there is no such time zone or format, or ``name`` or ``timezone`` is given for a workspace that exists.
    BadWorkspace
        If the folder cannot be written.
    """
    if (folder / "workspace.json").exists():
        if name or timezone:
            raise BadInput(f"The workspace {folder} exists; --name and --timezone are for a new one.")
        yield Workspace.open(folder)
        return
    chosen = _mapping(format, mapping, folder)
    usual = WorkspaceInfo(name=name or folder.name)
    info = replace(
        usual,
        timezone=time_zone(timezone or (chosen and chosen.timezone) or usual.timezone).key,
        platform=platform or (chosen and chosen.platform) or _PLATFORMS.get(format, usual.platform),
    )
    fresh = not folder.exists()
    ours = [place for place in (folder / "imports", folder / "tables") if not place.exists()]
    workspace = Workspace.create(folder, info)
    try:
        yield workspace
    except BaseException:
        if not any((folder / "imports").glob(".work-*")):  # another import may have found the new workspace
            (folder / "workspace.json").unlink(missing_ok=True)
            for place in ours:
                shutil.rmtree(place, ignore_errors=True)
            if fresh and not any(folder.iterdir()):
                folder.rmdir()
        raise


def history(workspace: Workspace) -> tuple[Version, ...]:
    """Every version of the tables, oldest first, with what each import did."""
    reports = {report.commit: report for report in imports(workspace) if report.commit is not None}
    return tuple(Version(c.number, c.time, c.what, reports.get(c.number)) for c in workspace.store.history())


def imports(workspace: Workspace) -> tuple[ImportReport, ...]:
    """What every import did, oldest first, those that changed nothing included."""
    found = []
    for file in (workspace.path / "imports").glob("*/report.json"):
        try:
            found.append(ImportReport.from_json(json.loads(file.read_text(encoding="utf-8")), file.parent))
        except (OSError, ValueError, KeyError, TypeError):
            continue  # a report is a record of the past; the tables do not need it
    return tuple(sorted(found, key=lambda report: report.number))


def undo(workspace: Workspace, number: int | None = None) -> int:
    """Make the tables what they were at version ``number``; 0 is empty. This is a new version, and can be undone.

    Parameters
    ----------
    number : int, optional
        By default the version before the newest.

    Returns
    -------
    int
        The new version.

    Raises
    ------
    BadInput
        If there is no such version, or nothing to undo.
    BadWorkspace
        If the workspace cannot be written.
    """
    commits = workspace.store.history()
    if number is None:
        if not commits:
            raise BadInput(f"Nothing has been imported into {workspace.path} yet; there is nothing to undo.")
        number = commits[-2].number if len(commits) > 1 else 0
    return workspace.store.restore(number)


def _mapping(format: str, given: Mapping | Path | None, folder: Path) -> Mapping | None:
    """The mapping that tables are read by, None where each is looked at."""
    if given is not None:
        if format not in (recognise.AUTO, recognise.TABLE):
            raise BadInput(f"Format '{format}' needs no mapping; leave one of the two out.")
        return given if isinstance(given, Mapping) else mapping.load(Path(given))
    if format in mapping.shipped():
        return mapping.named(format)
    if format in formats():
        return None
    own = folder / "mappings" / f"{format}.toml"
    if _NAME.fullmatch(format) and own.is_file():
        return mapping.load(own)
    raise BadInput(f"There is no format '{format}'; use one of {', '.join(formats())}, or --mapping FILE.toml.")


def _read_all(work: _Import, landing: Landing) -> None:
    total = sum(document.size for document in work.documents)
    done = 0
    for document in work.documents:
        step = Step("read", done, total, document.name)
        work.progress(step)
        _read(work, document, landing, step)
        done += document.size
    if not work.formats:
        raise Refused("nothing_read", reason=work.unread[0].reason if work.unread else say("other_files"))
    for one in work.unread:
        landing.add(one)
    work.progress(Step("read", total, total))


def _read(work: _Import, document: Document, landing: Landing, step: Step) -> None:
    found = work.mapping
    if found is not None:
        if found.file_for(document.name) is None:
            work.unread.append(_unread(document, say("mapping_silent", mapping=found.name, name=document.name)))
            return
        kind = recognise.TABLE
    else:
        try:
            kind = recognise.recognise(document) if work.format == recognise.AUTO else work.format
            if kind == recognise.TABLE and work.vectors is None:
                found, unused = headers.proposed(document, landing.folder / "copy", work.workspace.info.platform)
                if unused and len(work.unused) < MAX_UNUSED:
                    work.unused[document.name] = unused[:MAX_UNUSED]
        except BadInput as fault:
            if len(work.documents) == 1 or reason_of(fault).code in _BROKEN:
                raise
            # One stray file in a folder of thousands is no reason to refuse them all.
            work.unread.append(_unread(document, reason_of(fault)))
            return
    if kind == recognise.ARRAYS or (work.vectors is not None and found is None):
        work.formats[recognise.ARRAYS] += 1
        home = replace(work.context, platform=work.context.platform or work.workspace.info.platform)
        arrays.read(document, work.vectors, home, landing.folder / "copy", landing.add_arrow)
    elif found is not None:
        work.formats[found.name] += 1
        tabular.read(
            document, found, work.context, work.documents, landing.folder / "copy",
            take=lambda table, rows: landing.add_arrow(table, rows, document.name),
            reject=landing.add, tick=lambda: work.progress(step),
        )  # fmt: skip
    else:
        work.formats[kind] += 1
        reader = recognise.json_reader(work.format)  # not the kind: one file may hold records of several formats
        read_into(landing, reader(document, work.context), lambda: work.progress(step))


def _unread(document: Document, reason: Reason) -> Rejected:
    return Rejected(document.name, 0, "", "", reason)


@contextmanager
def _work_folder(workspace: Workspace) -> Iterator[Path]:
    """A folder for the work of one import, removed at its end; what killed imports left is removed as well."""
    parent = workspace.path / "imports"
    with delta.writing(workspace.path):
        parent.mkdir(parents=True, exist_ok=True)
        for left in parent.glob(".work-*"):
            _discard(left)
        folder = parent / f".work-{uuid.uuid4().hex[:12]}"
        # Taken before the folder is seen under its name, so that no other import can take it for one that was left.
        making = parent / f".making-{folder.name[6:]}"
        making.mkdir()
        lock = FileLock(making / "lock")
        lock.acquire()
        making.rename(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()


def _discard(left: Path) -> None:
    lock = FileLock(left / "lock")
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError):
        return  # its import is under way
    shutil.rmtree(left, ignore_errors=True)
    lock.release()


def _settle(work: _Import, landed: Landed, what: str, folder: Path) -> ImportReport:
    """Put the report where `imports` finds it."""
    with delta.writing(work.workspace.path):
        parent = work.workspace.path / "imports"
        place = _claim(parent)
        for name in ("rejected.csv", "flags.csv"):
            if (folder / name).exists():
                (folder / name).replace(place / name)
        report = ImportReport(
            number=int(place.name), commit=landed.commit, what=what, time=datetime.now(UTC),
            files=tuple(document.name for document in work.documents[:1000]), formats=dict(work.formats),
            tables=landed.tables, rejected_rows=landed.rejected_rows, rejected_values=landed.rejected_values,
            flags=landed.flags, folder=place, unused=work.unused,
        )  # fmt: skip
        part = place / ".report.part"
        part.write_text(json.dumps(report.to_json(), ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(part, place / "report.json")
    return report


def _claim(parent: Path) -> Path:
    """The folder of the next number; two imports at once get two numbers."""
    number = max((int(path.name) for path in parent.iterdir() if path.name.isdigit()), default=0)
    while True:
        number += 1
        try:
            (parent / str(number)).mkdir()
        except FileExistsError:
            continue
        return parent / str(number)


def _what(paths: Sequence[str | Path]) -> str:
    name = Path(paths[0]).name or str(paths[0])
    name = name if len(name) <= MAX_WHAT_CHARS else name[: MAX_WHAT_CHARS - 1] + "…"
    return name if len(paths) == 1 else f"{name} and {len(paths) - 1} more"
