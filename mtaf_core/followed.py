"""Whom to follow: a list of pages and handles that a person writes, and the one that a workspace keeps."""

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from mtaf_core.data import delta
from mtaf_core.data.importers.reasons import Refused
from mtaf_core.workspace import Workspace

MAX_LIST_BYTES = 10_000_000
LIST = "uploaders.txt"
"""File in the folder `TRACKING` of a workspace with the list that its page follows."""
TRACKING = "tracking"

_HANDLE = re.compile(r"@?([\w.-]{1,100})")
_HOMES = {
    "tiktok": "https://www.tiktok.com/@{}",
    "youtube": "https://www.youtube.com/@{}/videos",
    "bilibili": "https://space.bilibili.com/{}/video",
}
SITES = ("tiktok.com", "youtube.com", "bilibili.com", "douyin.com", "instagram.com", "kuaishou.com", "xiaohongshu.com")
"""Where a server that strangers use may be sent to."""


def read_uploaders(path: Path, platform: str) -> tuple[str, ...]:
    """The pages that a list names, each once, in order.

    Parameters
    ----------
    path : Path
        Text with a URL or a handle a line; ``#`` begins a comment.
    platform : str
        Where a handle is at home.

    Raises
    ------
    BadInput
        If the file cannot be read, names nobody, or holds a line that is neither.
    """
    try:
        if path.stat().st_size > MAX_LIST_BYTES:
            raise Refused("list_big", where=path, mb=MAX_LIST_BYTES // 10**6)
        text = path.read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise Refused("list_unreadable", where=path, fault=fault.strerror or fault) from fault
    except UnicodeDecodeError as fault:
        raise Refused("list_not_text", where=path) from fault
    return listed(text, platform, str(path))


def listed(text: str, platform: str, where: str) -> tuple[str, ...]:
    """As `read_uploaders`, of text; ``where`` names it in errors."""
    found: dict[str, None] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        said = re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip()
        if said:
            found[_page(said, platform, f"{where}, line {number}")] = None
    if not found:
        raise Refused("list_nobody", where=where)
    return tuple(found)


def only_known(pages: Sequence[str]) -> None:
    """Refuse pages that are on none of `SITES`, so that nobody can make the server ask what only it can reach.

    Raises
    ------
    BadInput
        For the first one that is not.
    """
    for page in pages:
        if not _is_known(page):
            raise Refused("list_stranger", page=page[:200], sites=", ".join(SITES))


def _is_known(page: str) -> bool:
    try:
        address = urlsplit(page)
        plain = address.port is None and address.username is None
    except ValueError:  # no port, no address
        return False
    host = (address.hostname or "").lower()
    return plain and any(host == site or host.endswith(f".{site}") for site in SITES)


def kept(workspace: Workspace) -> str:
    """The list that the workspace keeps, as it was written; empty where there is none."""
    try:
        return (workspace.path / TRACKING / LIST).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def keep(workspace: Workspace, text: str) -> None:
    """Keep a list for the next day.

    Raises
    ------
    BadWorkspace
        If the workspace cannot be written.
    """
    with delta.writing(workspace.path):
        path = workspace.path / TRACKING / LIST
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{LIST}.part")
        part.write_text(text, encoding="utf-8")
        part.replace(path)


def _page(said: str, platform: str, where: str) -> str:
    if re.match(r"https?://[^\s/]+", said) and not re.search(r"\s", said):
        return said
    handle = _HANDLE.fullmatch(said)
    if handle is None:
        raise Refused("list_line", where=where, said=said[:80])
    if platform not in _HOMES:
        raise Refused("list_home", where=where, platform=platform)
    return _HOMES[platform].format(handle[1])
