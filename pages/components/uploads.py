"""Uploads: from the browser's buffer to a file in the workspace, in chunks, named by its content."""

import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

from mtaf_core.errors import BadInput, BadWorkspace
from mtaf_core.limits import MAX_UPLOAD_BYTES
from pages.components.words import t

CHUNK = 1 << 20
KEPT_BYTES = 8 * 1024**3
"""Uploads kept on disk; past that, the ones unused for longest make room."""
SUFFIXES = ("mp4", "mov", "webm")


@dataclass(frozen=True)
class Stored:
    """An upload on disk: its name as the person knows it, where it is, and the sha256 of its bytes."""

    name: str
    path: Path
    content_hash: str


def receive(stream: BinaryIO, name: str, folder: Path, limit: int = MAX_UPLOAD_BYTES) -> Stored:
    """Copy ``stream`` to ``folder`` under the hash of its content; the same clip twice is stored once.

    Only the ending of the person's file name reaches the disk, and only one of `SUFFIXES`.

    Raises
    ------
    BadInput
        If it is empty, or longer than ``limit`` bytes.
    BadWorkspace
        If it cannot be written.
    """
    suffix = PurePath(name).suffix.lower().lstrip(".")
    part = folder / f".{secrets.token_hex(8)}.part"
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > limit:
                    break
                digest.update(chunk)
                file.write(chunk)
        if size > limit:
            raise BadInput(t("too_big", name=name, size=f"> {_size(limit)}", limit=_size(limit)))
        if size == 0:
            raise BadInput(t("empty_file", name=name))
        path = folder / f"{digest.hexdigest()}.{suffix if suffix in SUFFIXES else 'mp4'}"
        os.replace(part, path)
        _make_room(folder, path)
    except OSError as error:
        raise BadWorkspace(
            f"The upload cannot be kept in {folder} ({error.strerror}); make room there or choose another workspace."
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return Stored(name, path, digest.hexdigest())


def _make_room(folder: Path, newest: Path, keep: int = KEPT_BYTES) -> None:
    files = sorted((f for f in folder.iterdir() if f.is_file()), key=lambda f: f.stat().st_mtime, reverse=True)
    held = 0
    for file in files:
        held += file.stat().st_size
        if held > keep and file != newest:
            file.unlink(missing_ok=True)


def limit_words() -> str:
    """The upload limit as people say it."""
    return _size(MAX_UPLOAD_BYTES)


def _size(count: int) -> str:
    return f"{count / 1024**2:,.0f} MB" if count >= 1024**2 else f"{count / 1024:,.0f} KB"
