"""Uploads: from the browser's buffer to a file in the workspace, in chunks, named by its content."""

import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from mtaf_core.content import shelf
from mtaf_core.errors import BadInput, BadWorkspace
from mtaf_core.insight import recent
from mtaf_core.limits import MAX_UPLOAD_BYTES
from pages.components.words import t

CHUNK = 1 << 20
KEPT_BYTES = 8 * 1024**3
"""Uploads kept on disk; past that, the ones unused for longest make room (`mtaf_core.content.shelf`)."""
LEFT_S = 24 * 3600
"""How long an upload of data waits for its import."""
PICTURES = ("jpg", "jpeg", "png", "webp")
SONGS = ("mp3", "m4a", "wav", "flac", "ogg")
SUFFIXES = ("mp4", "mov", "webm", *PICTURES, *SONGS)


@dataclass(frozen=True)
class Stored:
    """An upload on disk: its name as the person knows it, where it is, and the sha256 of its bytes."""

    name: str
    path: Path
    content_hash: str


def receive(stream: BinaryIO, name: str, folder: Path, limit: int = MAX_UPLOAD_BYTES, keep: int = KEPT_BYTES) -> Stored:
    """Copy ``stream`` to ``folder`` under the hash of its content; the same clip twice is stored once.

    No path has more of the person's file name than its ending, and only one of `SUFFIXES`; the name itself is noted.

    Raises
    ------
    BadInput
        If it is empty, or longer than ``limit`` bytes.
    BadWorkspace
        If it cannot be written.
    """
    suffix = PurePath(name).suffix.lower().lstrip(".")
    part = folder / f".{secrets.token_hex(8)}.part"
    try:
        digest = _copy(stream, name, part, limit)
        path = folder / f"{digest}.{suffix if suffix in SUFFIXES else 'mp4'}"
        os.replace(part, path)
        recent.arrived(folder, digest, name)
        shelf.make_room(folder, path, keep)
    except OSError as error:
        raise _unkept(folder, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return Stored(name, path, digest)


def receive_data(files: Iterable[tuple[BinaryIO, str]], folder: Path, limit: int = MAX_UPLOAD_BYTES) -> list[Path]:
    """Copy files of data to ``folder``, which is made, under names as the person knows them, made harmless.

    Mappings go by the names of files, so these are kept; two files of one name come into folders of their own.

    Raises
    ------
    BadInput
        If one is empty, or longer than ``limit`` bytes; nothing is kept then.
    BadWorkspace
        If they cannot be written.
    """
    try:
        _clear_left(folder.parent)
    except OSError as error:
        raise _unkept(folder, error) from error
    return _receive(files, folder, limit, _harmless)


def receive_named(files: Iterable[tuple[BinaryIO, str]], folder: Path, limit: int = MAX_UPLOAD_BYTES) -> list[Path]:
    """Copy files to ``folder``, which is made, under their own names as far as a file system takes them.

    Raises
    ------
    BadInput, BadWorkspace
        As `receive_data`.
    """
    return _receive(files, folder, limit, _own)


def _receive(
    files: Iterable[tuple[BinaryIO, str]], folder: Path, limit: int, called: Callable[[str], str]
) -> list[Path]:
    kept: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for stream, name in files:
            path = folder / called(name)
            if path.exists():
                path = folder / f"more-{len(kept)}" / path.name
                path.parent.mkdir()
            kept.append(path)
            _copy(stream, name, path, limit)
    except OSError as error:
        discard(folder)
        raise _unkept(folder, error) from error
    except BadInput:
        discard(folder)
        raise
    return kept


def _clear_left(parent: Path) -> None:
    """Remove what was uploaded and never imported, once nobody can be about to."""
    for left in parent.iterdir() if parent.is_dir() else ():
        if left.is_dir() and time.time() - left.stat().st_mtime > LEFT_S:
            discard(left)


def discard(folder: Path) -> None:
    """Remove a folder that `receive_data` filled."""
    shutil.rmtree(folder, ignore_errors=True)


def there(key: str) -> list[UploadedFile]:
    """The uploads that the uploader of ``key`` holds; none that was taken already.

    The browser may name an upload once more that was taken, if runs of the page cross.
    """
    held = st.session_state.get(key)
    return [file for file in (held if isinstance(held, list) else [held]) if isinstance(file, UploadedFile)]


def let_go(file: UploadedFile) -> None:
    """Free an upload's memory now: Streamlit itself keeps every upload until the browser tab is closed."""
    context = get_script_run_ctx()
    manager = getattr(context, "uploaded_file_mgr", None)
    if context is not None and isinstance(manager, MemoryUploadedFileManager):
        manager.remove_file(context.session_id, file.file_id)
    file.close()


def _copy(stream: BinaryIO, name: str, path: Path, limit: int) -> str:
    """Copy in chunks and give the sha256 of what was copied."""
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > limit:
                break
            digest.update(chunk)
            file.write(chunk)
    if size > limit:
        raise BadInput(t("too_big", name=name, size=f"> {size_words(limit)}", limit=size_words(limit)))
    if size == 0:
        raise BadInput(t("empty_file", name=name))
    return digest.hexdigest()


def _harmless(name: str) -> str:
    """The last part of a name without what a file system or a pattern could take for more than a name."""
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[^\w.()+ -]+", "_", last).lstrip(". ").rstrip(". ")
    stem, _, ending = plain.rpartition(".")
    return (f"{stem[:100]}.{ending[:12]}" if stem else plain[:100]) or "data"


def _own(name: str) -> str:
    """The last part of a name as it is, but for what no file may be called."""
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[\x00-\x1f<>:\"|?*]+", "_", last).lstrip(". ").rstrip(". ")
    stem, _, ending = plain.rpartition(".")
    return (f"{stem[:60]}.{ending[:12]}" if stem else plain[:60]) or "clip"


def _unkept(folder: Path, error: OSError) -> BadWorkspace:
    return BadWorkspace(
        f"The upload cannot be kept in {folder} ({error.strerror}); make room there or choose another workspace."
    )


def limit_words() -> str:
    """The upload limit as people say it."""
    return size_words(MAX_UPLOAD_BYTES)


def size_words(count: int) -> str:
    """A number of bytes as people say it."""
    return f"{count / 1024**2:,.0f} MB" if count >= 1024**2 else f"{max(count / 1024, min(count, 1)):,.0f} KB"
