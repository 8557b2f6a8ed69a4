"""How the columns of a table become canonical ones: a mapping, written down as TOML, checked before it is used.

::

    format = 1
    name = "agency-export"
    platform = "douyin"
    timezone = "Asia/Shanghai"

    [[file]]
    pattern = "daily_*.csv*"                    # the name of the files it is for; every other key is optional
    [[file.join]]                               # columns of another file of the import, by a key
    pattern = "videos.csv*"
    key = "post"
    take = ["video"]
    [file.snapshots]                            # a canonical table, the file's own first
    video_id = "video"                          # canonical column = source column
    favorite_count = { from = "likes", missing = ["?"] }
    collected_at = { from = "seen at", order = "dmy" }
    [file.video_tags]
    video_id = "video"
    tag_name = { from = "topics", split = "," }
    [file.videos]
    video_id = "video"
    description = { from = ["title", "text"] }  # several are joined with a space
    product_currency = { value = "CNY" }
    [[file.vector]]                             # numbers that become one embedding
    modality = "audio"
    backbone = "agency-acoustic"
    video_id = "video"
    numbers = ["loudness", "tempo"]
    [file.vector.levels]                        # words, one number each: 1 where it is that word
    mood = ["happy", "sad"]
"""

import fnmatch
import tomllib
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyarrow as pa

from mtaf_core.data.importers.columns import TRANSFORMS
from mtaf_core.data.tables import TABLES
from mtaf_core.errors import BadInput

FORMAT = 1
SHIPPED = Path(__file__).resolve().parent / "mappings"
MAX_FILE_BYTES = 1_000_000
MODALITIES = ("text", "audio", "visual")

_IDS = ("_id", "platform")
_COLUMN_TRANSFORMS = {
    "duration_s": "seconds",
    "gender": "gender",
    "verification_type": "count",
}
_KIND_TRANSFORMS = {
    pa.string(): "text",
    pa.int64(): "count",
    pa.float64(): "number",
    pa.bool_(): "flag",
    pa.timestamp("us", tz="UTC"): "moment",
    pa.date32(): "day",
}
_FIELD_KEYS = {"from", "as", "value", "missing", "order", "split"}
_LENGTH = 200


@dataclass(frozen=True)
class Source:
    """Where one canonical column comes from.

    Parameters
    ----------
    columns : tuple of str
        Source columns; several are joined with a space. Empty for a constant.
    transform : str
        One of `columns.TRANSFORMS`.
    value : str, int, float, bool or None
        The constant.
    missing : tuple of str
        What else stands for "not known".
    order : str
        Of dates that end with the year: ``"dmy"`` or ``"mdy"``; ``"ymd"`` refuses them.
    split : str
        What parts several values in one cell, for ``tag_name``; empty for one value.
    """

    columns: tuple[str, ...] = ()
    transform: str = "text"
    value: str | int | float | bool | None = None
    missing: tuple[str, ...] = ()
    order: str = "ymd"
    split: str = ""


@dataclass(frozen=True)
class Vector:
    """Columns that together are one embedding of a video.

    Parameters
    ----------
    modality, backbone : str
    video_id : Source
    numbers : tuple of str
        Source columns in the order of the vector.
    levels : mapping of str to tuple of str
        Source columns of words, and the words that get a place each after the numbers.
    """

    modality: str
    backbone: str
    video_id: Source
    numbers: tuple[str, ...] = ()
    levels: Dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Join:
    """Columns ``take`` of the file that ``pattern`` names, where its ``key`` is that of the row."""

    pattern: str
    key: str
    take: tuple[str, ...]


@dataclass(frozen=True)
class FileMap:
    """What is taken from files whose name fits ``pattern``: canonical columns by table, vectors, and joins."""

    pattern: str
    tables: Dict[str, Dict[str, Source]]
    vectors: tuple[Vector, ...] = ()
    joins: tuple[Join, ...] = ()

    def fits(self, name: str) -> bool:
        """Whether it is for the document called ``name``."""
        return fnmatch.fnmatchcase(name.rsplit("/", 1)[-1].lower(), self.pattern.lower())


@dataclass(frozen=True)
class Mapping:
    """How the files of one source become canonical tables.

    Parameters
    ----------
    name : str
        Becomes the ``source`` of every row.
    platform : str, optional
    timezone : str, optional
        Of times that name no zone; the market's where not given.
    files : tuple of FileMap
    """

    name: str
    files: tuple[FileMap, ...]
    platform: str | None = None
    timezone: str | None = None

    def file_for(self, name: str) -> FileMap | None:
        """What fits the document called ``name``, None where nothing does."""
        return next((file for file in self.files if file.fits(name)), None)


def shipped() -> tuple[str, ...]:
    """The names of the mappings that come with the product."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def load(path: Path) -> Mapping:
    """Read a mapping from a TOML file.

    Raises
    ------
    BadInput
        If it cannot be read, or says something that no mapping can mean, naming it.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise BadInput(f"The mapping {path} is over a megabyte; that is no mapping.")
        says = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as fault:
        raise BadInput(f"The mapping {path} cannot be read ({fault.strerror}); check the name.") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise BadInput(f"The mapping {path} is not TOML ({fault}).") from fault
    return parse(says, f"The mapping {path.name}")


def named(name: str) -> Mapping:
    """A mapping that comes with the product.

    Raises
    ------
    BadInput
        If there is none of that name.
    """
    if name not in shipped():
        raise BadInput(f"There is no mapping '{name}'; use one of {', '.join(shipped())}, or --mapping FILE.toml.")
    return load(SHIPPED / f"{name}.toml")


def parse(says: Dict[str, Any], where: str) -> Mapping:
    """Check what a TOML document says and make a mapping of it; ``where`` names it in errors.

    Raises
    ------
    BadInput
        For the first thing that no mapping can mean.
    """
    _only(says, {"format", "name", "platform", "timezone", "file"}, where)
    if says.get("format") != FORMAT:
        raise BadInput(f"{where} has format {says.get('format')!r}; this version reads format = {FORMAT}.")
    platform = says.get("platform")
    zone = says.get("timezone")
    if zone is not None:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError, TypeError) as fault:
            raise BadInput(f"{where} has timezone {zone!r}; give a name such as Asia/Shanghai.") from fault
    files = says.get("file")
    if not isinstance(files, list) or not files:
        raise BadInput(f"{where} has no [[file]]; say what is taken from which files.")
    found = tuple(_file(one, f"{where}, file {place}") for place, one in enumerate(files, 1))
    name = _word(says.get("name"), f"{where}: name")
    return Mapping(name, found, None if platform is None else _word(platform, f"{where}: platform"), zone)


def _file(says: Any, where: str) -> FileMap:
    if not isinstance(says, dict):
        raise BadInput(f"{where} is no table of TOML; write [[file]].")
    _only(says, {"pattern", "join", "vector", *TABLES} - {"embeddings"}, where)
    tables = {name: _table(name, says[name], f"{where}, {name}") for name in says if name in TABLES}
    vectors = tuple(_vector(one, f"{where}, vector") for one in _list(says.get("vector", []), f"{where}: vector"))
    if not tables and not vectors:
        raise BadInput(f"{where} fills no table; add one such as [file.videos].")
    joins = tuple(_join(one, f"{where}, join") for one in _list(says.get("join", []), f"{where}: join"))
    return FileMap(_pattern(says.get("pattern", "*"), where), tables, vectors, joins)


def _join(says: Any, where: str) -> Join:
    if not isinstance(says, dict):
        raise BadInput(f"{where} is no table of TOML; write [[file.join]].")
    _only(says, {"pattern", "key", "take"}, where)
    take = tuple(_word(one, f"{where}: take") for one in _list(says.get("take"), f"{where}: take"))
    return Join(_pattern(says.get("pattern"), where), _word(says.get("key"), f"{where}: key"), take)


def _table(name: str, says: Any, where: str) -> dict[str, Source]:
    if not isinstance(says, dict):
        raise BadInput(f"{where} is no table of TOML; write [file.{name}].")
    table = TABLES[name]
    found = {}
    for column, source in says.items():
        if column not in table.columns or column == "source":
            raise BadInput(f"{where} has '{column}', which is no column of it; use {', '.join(table.columns)}.")
        found[column] = source_of(column, source, f"{where}.{column}", table.columns[column])
    for key in table.keys:
        if key not in found and key not in ("platform", "snapshot_date"):
            raise BadInput(f"{where} needs '{key}'; say which column has it.")
    return found


def source_of(column: str, says: Any, where: str, kind: pa.DataType | None = None) -> Source:
    """What a mapping says of one canonical column, checked; a text or a list of texts means ``from``.

    Raises
    ------
    BadInput
        If it means nothing.
    """
    usual = _COLUMN_TRANSFORMS.get(column) or _KIND_TRANSFORMS[kind or pa.string()]
    if usual == "text" and column.endswith(_IDS):
        usual = "id"
    if isinstance(says, str | list):
        says = {"from": says}
    if not isinstance(says, dict):
        raise BadInput(f'{where} is {says!r}; write a column\'s name, or {{ from = "…" }}.')
    _only(says, _FIELD_KEYS, where)
    if ("from" in says) == ("value" in says):
        raise BadInput(f"{where} needs either 'from' or 'value'.")
    if "value" in says:
        if set(says) != {"value"} or not isinstance(says["value"], str | int | float | bool):
            raise BadInput(f'{where} has a value that is no constant; write {{ value = "…" }} and nothing more.')
        return Source(value=says["value"], transform=usual)
    names = [says["from"]] if isinstance(says["from"], str) else says["from"]
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        raise BadInput(f"{where}: 'from' is {says['from']!r}; give a column's name, or a list of them.")
    transform = says.get("as", usual)
    if transform not in TRANSFORMS:
        raise BadInput(f"{where}: there is no way to read as {transform!r}; use one of {', '.join(TRANSFORMS)}.")
    order, split = says.get("order", "ymd"), says.get("split", "")
    if order not in ("ymd", "dmy", "mdy"):
        raise BadInput(f"{where}: 'order' is {order!r}; use ymd, dmy or mdy.")
    if not isinstance(split, str) or (split and column != "tag_name"):
        raise BadInput(f"{where}: only tag_name can be 'split', by a text such as \",\".")
    missing = tuple(str(one) for one in _list(says.get("missing", []), f"{where}: missing"))
    return Source(tuple(names), transform, None, missing, order, split)


def _vector(says: Any, where: str) -> Vector:
    if not isinstance(says, dict):
        raise BadInput(f"{where} is no table of TOML; write [[file.vector]].")
    _only(says, {"modality", "backbone", "video_id", "numbers", "levels"}, where)
    if says.get("modality") not in MODALITIES:
        raise BadInput(f"{where}: modality is {says.get('modality')!r}; use one of {', '.join(MODALITIES)}.")
    levels = says.get("levels", {})
    if not isinstance(levels, dict):
        raise BadInput(f"{where}: levels is no table of TOML; write [file.vector.levels].")
    numbers = tuple(_word(one, f"{where}: numbers") for one in _list(says.get("numbers", []), f"{where}: numbers"))
    words = {name: tuple(map(str, _list(found, f"{where}: levels"))) for name, found in levels.items()}
    if not numbers and not words:
        raise BadInput(f"{where} has no numbers; list the columns that are its vector.")
    video_id = source_of("video_id", says.get("video_id"), f"{where}: video_id")
    return Vector(says["modality"], _word(says.get("backbone"), f"{where}: backbone"), video_id, numbers, words)


def _pattern(says: Any, where: str) -> str:
    pattern = _word(says, f"{where}: pattern")
    if "/" in pattern or "\\" in pattern or ".." in pattern:
        raise BadInput(f"{where}: pattern is '{pattern}'; give the name of a file without folders.")
    return pattern


def _word(says: Any, where: str) -> str:
    if not isinstance(says, str) or not says.strip() or len(says) > _LENGTH:
        raise BadInput(f"{where} is {says!r}; give a text of at most {_LENGTH} characters.")
    return says


def _list(says: Any, where: str) -> list[Any]:
    if not isinstance(says, list):
        raise BadInput(f"{where} is {says!r}; give a list.")
    return says


def _only(says: Dict[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(says) - known)
    if unknown:
        raise BadInput(f"{where} has '{unknown[0]}', which means nothing there; use {', '.join(sorted(known))}.")
