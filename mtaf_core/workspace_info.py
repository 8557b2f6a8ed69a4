"""What ``workspace.json`` says of a market."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mtaf_core.errors import BadWorkspace

FORMAT = 1


@dataclass(frozen=True)
class WorkspaceInfo:
    """What ``workspace.json`` says.

    Parameters
    ----------
    name : str
        What the interface calls the market.
    simulated : bool
        True for the demo market: every page says so while it is in use.
    timezone : str
        IANA name; weekdays, hours and days are in this zone.
    platform : str
        The platform of a candidate video that names none.
    """

    name: str
    simulated: bool = False
    timezone: str = "Asia/Shanghai"
    platform: str = "douyin"
    format: int = FORMAT


def read_info(file: Path) -> WorkspaceInfo:
    """Read ``workspace.json``.

    Raises
    ------
    BadWorkspace
        If it cannot be read, a field is of another type, or a newer version wrote it.
    """
    try:
        says: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        _check_types(says)
        info = WorkspaceInfo(**{k: v for k, v in says.items() if k in WorkspaceInfo.__dataclass_fields__})
        ZoneInfo(info.timezone)
    except (OSError, ValueError, TypeError, AttributeError, RecursionError, ZoneInfoNotFoundError) as error:
        raise BadWorkspace(f"The workspace file {file} cannot be read ({error}); restore it from a backup.") from error
    if info.format > FORMAT:
        raise BadWorkspace(
            f"The workspace {file.parent} has format {info.format}, newer than the {FORMAT} this version reads; "
            "update MTAF."
        )
    return info


def _check_types(says: dict[str, Any]) -> None:
    """Raise ValueError where a field is not of its own type: ``"false"`` would be taken as true."""
    kinds = {"name": str, "simulated": bool, "timezone": str, "platform": str, "format": int}
    for key, kind in kinds.items():
        if key in says and type(says[key]) is not kind:
            raise ValueError(f"its {key} is no {kind.__name__}")
    if says.get("timezone") == "localtime":
        raise ValueError("its timezone is 'localtime', not the name of a zone")
