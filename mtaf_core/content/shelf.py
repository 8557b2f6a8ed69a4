"""A folder of files named by what they hold, kept to a size: those unused for longest make room for new ones."""

import os
from contextlib import suppress
from pathlib import Path


def touch(file: Path) -> None:
    """Note that ``file`` is used now, so that it outlives what nobody asks for; one that is gone is no concern."""
    with suppress(OSError):
        os.utime(file)


def make_room(folder: Path, newest: Path, keep_bytes: int) -> None:
    """Remove the files of ``folder`` unused for longest until the rest fit into ``keep_bytes``.

    ``newest`` stays whatever its size, and so does what others are still writing: names that start with a dot. Other
    sessions tidy the same folder, so a file may vanish at any moment.
    """
    found = []
    for file in folder.iterdir():
        with suppress(OSError):
            if not file.name.startswith(".") and file.is_file():
                says = file.stat()
                found.append((file == newest, says.st_mtime_ns, says.st_size, file))
    held = 0
    for is_newest, _, size, file in sorted(found, reverse=True):
        held += size
        if held > keep_bytes and not is_newest:
            with suppress(OSError):
                file.unlink()
