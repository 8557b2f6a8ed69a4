"""How far hashtags and time slots differ on a market, estimated once a study and used again for any cohort of it.

A cohort may hold too few videos to tell how far hashtags differ, and telling it takes longer than a click may. Its
effects are therefore shrunk by what the whole market taught (`mtaf_core.study.shrinkage.Components`).
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtaf_core.jobs import Progress, Step
from mtaf_core.study.cohort import WHOLE
from mtaf_core.study.shrinkage import Components

if TYPE_CHECKING:
    from mtaf_core.study.market import Study

FILE = "variances.json"

TAG, TAG_RAW = "tag", "tag_raw"
WEEK, WEEKDAY, HOUR = "week", "weekday", "hour"
WEEK_RAW, WEEKDAY_RAW, HOUR_RAW = "week_raw", "weekday_raw", "hour_raw"


def write(study: "Study", progress: Progress) -> None:
    """Estimate the variances of a market and keep them in its study's folder; reports the stage ``effects``."""
    from mtaf_core.study import slots, tags

    parts: tuple[Callable[[], dict[str, Components]], ...] = (
        lambda: tags.market_variances(tags.gather(study, WHOLE)),
        lambda: slots.market_variances(slots.gather(study, WHOLE)),
    )
    found: dict[str, Components] = {}
    for place, part in enumerate(parts):
        progress(Step("effects", place, len(parts)))
        found |= part()
    (study.path / FILE).write_text(
        json.dumps({name: asdict(components) for name, components in found.items()}), encoding="utf-8"
    )
    progress(Step("effects", len(parts), len(parts)))


def read(folder: Path) -> dict[str, Components]:
    """The variances of a study, by the names of this module."""
    said: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return {name: _components(one) for name, one in said.items()}


def _components(said: dict[str, Any]) -> Components:
    doubt = tuple(tuple(row) for row in said["doubt"])
    return Components(
        tuple(said["names"]), tuple(said["between"]), said["within"], said["mean"], doubt, said["degrees"]
    )
