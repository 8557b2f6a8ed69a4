"""What a buyer takes for usual or healthy of a KOL: defaults of the trade, which a workspace can change.

They are one small JSON file, ``kol_ranges.json``, replaced whole.
"""

import dataclasses
import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from mtaf_core.errors import BadInput, BadWorkspace
from mtaf_core.workspace import Workspace

FILE = "kol_ranges.json"
FORMAT = 1
Range = tuple[float, float]
Place = Literal["below", "within", "above"]


@dataclass(frozen=True)
class Ranges:
    """The ranges in use; the defaults are common rules of thumb of media buyers.

    Parameters
    ----------
    er : (low, high)
        Engagement rate, as shares.
    cpm, cpe : mapping of currency to (low, high)
        What a thousand views and one engagement usually cost; a currency that is absent has no range.
    active_days : int
        A KOL is active who posted within so many days,
    pace : float
        and at least so many videos a week.
    """

    er: Range = (0.04, 0.06)
    cpm: Mapping[str, Range] = field(default_factory=lambda: {"CNY": (20.0, 80.0), "USD": (10.0, 20.0)})
    cpe: Mapping[str, Range] = field(default_factory=lambda: {"USD": (0.02, 0.12)})
    active_days: int = 30
    pace: float = 2.0

    def with_currency(self, currency: str, cpm: Range | None, cpe: Range | None) -> "Ranges":
        """The same with what is usual in one currency; None takes it away."""
        return dataclasses.replace(self, cpm=_put(self.cpm, currency, cpm), cpe=_put(self.cpe, currency, cpe))


def place(value: float, usual: Range) -> Place:
    """Where a value stands to a range, its ends included."""
    return "below" if value < usual[0] else "above" if value > usual[1] else "within"


def load(workspace: Workspace) -> Ranges:
    """The ranges of a workspace; the defaults where it has none of its own.

    Raises
    ------
    BadWorkspace
        If the file is damaged.
    """
    file = workspace.path / FILE
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        if said["format"] != FORMAT:
            raise ValueError(f"format {said['format']}")
        return _checked(
            Ranges(
                _pair(said["er"]), {k: _pair(v) for k, v in said["cpm"].items()},
                {k: _pair(v) for k, v in said["cpe"].items()}, int(said["active_days"]), float(said["pace"]),
            )
        )  # fmt: skip
    except FileNotFoundError:
        return Ranges()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, BadInput) as error:
        raise BadWorkspace(
            f"The usual ranges in {file} cannot be read; put the file back from a backup, or remove it."
        ) from error


def save(workspace: Workspace, ranges: Ranges) -> None:
    """Keep ranges for every visitor of a workspace.

    Raises
    ------
    BadInput
        If a range ends before it begins, or is negative.
    BadWorkspace
        If they cannot be written.
    """
    _checked(ranges)
    file = workspace.path / FILE
    part = file.with_name(f".{FILE}.{os.getpid()}.part")
    document: dict[str, Any] = {"format": FORMAT, **dataclasses.asdict(ranges)}
    try:
        part.write_text(json.dumps(document, indent=1), encoding="utf-8")
        part.replace(file)
    except OSError as error:
        raise BadWorkspace(f"The usual ranges cannot be written to {file} ({error.strerror}).") from error


def reset(workspace: Workspace) -> None:
    """Go back to the defaults."""
    Path(workspace.path / FILE).unlink(missing_ok=True)


def _checked(ranges: Ranges) -> Ranges:
    for low, high in (ranges.er, *ranges.cpm.values(), *ranges.cpe.values()):
        if not (math.isfinite(high) and 0 <= low <= high):
            raise BadInput(f"A range from {low:g} to {high:g} cannot be; give the lower number first, none below 0.")
    if not (0 < ranges.active_days <= 3650 and 0 <= ranges.pace <= 100):
        raise BadInput("Active means days from 1 to 3650 and videos a week from 0 to 100; correct them.")
    return ranges


def _pair(said: Any) -> Range:
    low, high = said
    return float(low), float(high)


def _put(held: Mapping[str, Range], currency: str, usual: Range | None) -> dict[str, Range]:
    rest = {name: one for name, one in held.items() if name != currency}
    return rest if usual is None else {**rest, currency: usual}
