"""What the headers of exports mean, in English and Chinese, and a mapping proposed from them and from the values."""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from mtaf_core.data.importers import values
from mtaf_core.data.importers.mapping import FileMap, Mapping, Source, source_of
from mtaf_core.data.importers.reasons import Refused
from mtaf_core.data.importers.sources import Document
from mtaf_core.data.importers.tables_in import header
from mtaf_core.data.tables import TABLES

SYNONYMS = Path(__file__).with_name("headers.toml")
"""Meanings, and the headers that have them, likeliest first."""

_COUNTS = "view_count favorite_count comment_count share_count save_count download_count".split()
_PROFILE = (
    "handle nickname is_verified verify_reason follower_count following_count favorited_count favoriting_count gender "
    "age city region mcn category quote_fee"
).split()
_VIDEO = (
    "description created_at width_px height_px music_id music_title is_ad product_id product_title product_category "
    "product_price has_product_link upload_city upload_region poi_id poi_name media_path transcript"
).split()
_GROWTH = "follower_count favorited_count video_count following_count".split()
_TAG_MARKS = (",", "，", "|", ";", "；", "、", "#", " ")
_MOMENT = partial(values.moment, zone="UTC", order="dmy")
_READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("created_at", "collected_at"), _MOMENT),
    "snapshot_date": partial(values.day, zone="UTC", order="dmy"),
    "duration_s": values.seconds,
    "duration_ms": partial(values.seconds, unit="ms"),
    "music_id": values.identifier,
    **dict.fromkeys(("age", "width_px", "height_px"), values.count),
    **dict.fromkeys(("is_verified", "is_topped", "is_ad", "has_product_link"), values.flag),
    **dict.fromkeys(("product_price", "quote_fee"), values.number),
}
_READABLE = 0.5
"""The least share of a column's values that must read for its header to be believed."""


def plain_header(name: str) -> str:
    """A header without what exports write differently: case, spaces, signs, full-width letters."""
    narrow = unicodedata.normalize("NFKC", name).lower()
    return re.sub(r"[\s_\-./:()\[\]{}#*'\"]+", "", narrow)


@cache
def _headers() -> dict[str, list[str]]:
    """The plain headers of every meaning."""
    says = tomllib.loads(SYNONYMS.read_text(encoding="utf-8"))
    return {meaning: [plain_header(word) for word in words] for meaning, words in says.items()}


def propose(header: Sequence[str], rows: Sequence[dict[str, Any]], name: str, platform: str | None = None) -> Mapping:
    """A mapping for a table nobody has described, from its headers and some of its rows.

    Parameters
    ----------
    header : sequence of str
    rows : sequence of dict
        Some rows by column; values that do not read as what a header says go against it.
    name : str
        What the source is called.
    platform : str, optional

    Raises
    ------
    BadInput
        If no column names a video or a KOL.
    """
    meant = _meanings(header, rows)
    if "video_id" not in meant and "uploader_id" not in meant:
        raise Refused("no_id_column", name=name, columns=", ".join(list(header)[:12]) or "–")
    return Mapping(name, (FileMap("*", dict(_tables(meant, rows))),), platform)


def proposed(document: Document, scratch: Path, platform: str | None = None) -> tuple[Mapping, tuple[str, ...]]:
    """`propose` for a document, and its columns that go nowhere."""
    names, rows = header(document, scratch)
    if not names:
        raise Refused("no_rows", name=document.name)
    found = propose(names, rows, document.name.rsplit("/", 1)[-1].split(".")[0][:80] or "table", platform)
    sources = (source for sources in found.files[0].tables.values() for source in sources.values())
    used = {column for source in sources for column in source.columns}
    return found, tuple(name for name in names if name not in used)


def meaning_of(column: str) -> list[str]:
    """What a header may mean, the likeliest first; for the page, which lets a person choose."""
    wanted = plain_header(column)
    ranked = [(words.index(wanted), meaning) for meaning, words in _headers().items() if wanted in words]
    return [meaning for _, meaning in sorted(ranked)]


def _meanings(header: Sequence[str], rows: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The column for each meaning."""
    plain = {plain_header(name): name for name in reversed(header)}
    meant: dict[str, str] = {}
    for meaning, words in _headers().items():
        for word in words:
            if word in plain and _reads(meaning, [row.get(plain[word]) for row in rows]):
                meant[meaning] = plain[word]
                break
    if "video_id" in meant and plain_header(meant["video_id"]) == "id" and _is_profile(meant):
        meant["uploader_id"] = meant.pop("video_id")
    left = [name for name in header if name not in meant.values()]
    for name in left:
        found = [row.get(name) for row in rows]
        if "duration_s" not in meant and "duration_ms" not in meant and _all(found, r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?"):
            meant["duration_s"] = name
        elif "created_at" not in meant and _all(
            found, r"[0-9]{10}|[0-9]{13}|20[0-9]{2}-[0-9]{2}-[0-9]{2}[ T][0-9:]{5,8}"
        ):
            meant["created_at"] = name
    return meant


def _is_profile(meant: dict[str, str]) -> bool:
    """Whether a table is of KOLs and not of videos: it says how many they follow, and nothing about any post."""
    return "uploader_id" not in meant and "follower_count" in meant and not {"created_at", *_COUNTS} & set(meant)


def _tables(meant: dict[str, str], rows: Sequence[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Source]]]:
    """The canonical tables, the file's own first."""
    when: dict[str, str] = {key: key for key in ("snapshot_date", "collected_at") if key in meant}
    if "video_id" in meant:
        key = {"video_id": "video_id"}
        counts = [name for name in (*_COUNTS, "is_topped") if name in meant]
        if any(name in meant for name in _COUNTS):
            follower = {"uploader_follower_count": "follower_count"} if "follower_count" in meant else {}
            yield _table("snapshots", {**key, **when, **dict(zip(counts, counts, strict=True)), **follower}, meant)
        facts = {name: name for name in (*_VIDEO, "is_topped") if name in meant}
        facts |= {"uploader_id": "uploader_id"} if "uploader_id" in meant else {}
        facts |= _collected(when)
        name, sources = _table("videos", {**key, **facts}, meant)
        if length := _length(meant, rows):
            sources["duration_s"] = length
        yield name, sources
        if "tags" in meant:
            tag_sources = dict(_table("video_tags", {**key, **_collected(when)}, meant)[1])
            mark = _tag_mark([row.get(meant["tags"]) for row in rows])
            tag_sources["tag_name"] = source_of("tag_name", {"from": meant["tags"], "split": mark}, "tag_name")
            yield "video_tags", tag_sources
    if "uploader_id" in meant:
        key = {"uploader_id": "uploader_id"}
        profile = {name: name for name in _PROFILE if name in meant}
        profile |= {"video_count": "account_video_count"} if "account_video_count" in meant else {}
        yield _table("uploaders", {**key, **profile, **_collected(when)}, meant)
        growth = {name: name for name in _GROWTH if name in profile} | (
            {"video_count": "account_video_count"} if "account_video_count" in meant else {}
        )
        if growth:
            yield _table("uploader_snapshots", {**key, **when, **growth}, meant)


def _collected(when: dict[str, str]) -> dict[str, str]:
    """When a row without a day of its own was collected: the moment, else the day, of the record."""
    source = when.get("collected_at") or when.get("snapshot_date")
    return {"collected_at": source} if source else {}


def _table(name: str, columns: dict[str, str], meant: dict[str, str]) -> tuple[str, dict[str, Source]]:
    kinds = TABLES[name].columns
    return name, {
        column: source_of(column, meant[meaning], column, kinds[column]) for column, meaning in columns.items()
    }


def _length(meant: dict[str, str], rows: Sequence[dict[str, Any]]) -> Source | None:
    if "duration_ms" in meant:
        return Source((meant["duration_ms"],), "milliseconds")
    if "duration_s" not in meant:
        return None
    found = sorted(
        float(str(row[meant["duration_s"]]))
        for row in rows
        if re.fullmatch(r"[0-9]+(\.[0-9]+)?", str(row.get(meant["duration_s"], "")))
    )
    # Short videos are minutes long: where half of them are above 50 minutes, the unit is milliseconds.
    milliseconds = bool(found) and found[len(found) // 2] > 3000
    return Source((meant["duration_s"],), "milliseconds" if milliseconds else "seconds")


def _tag_mark(cells: Sequence[Any]) -> str:
    """What parts the tags of a cell."""
    texts = [str(cell) for cell in cells if cell]
    return next((mark for mark in _TAG_MARKS if any(mark in text.strip(" #") for text in texts)), ",")


def _reads(meaning: str, cells: Sequence[Any]) -> bool:
    """Whether most of a column's values can be what its header says."""
    read = _READERS.get(meaning, values.count if meaning.endswith("_count") else None)
    known = [cell for cell in cells if not values.is_missing(cell)]
    if read is None or not known:
        return True
    fine = 0
    for cell in known:
        try:
            read(cell)
            fine += 1
        except values.Unreadable:
            continue
    return fine >= _READABLE * len(known)


def _all(cells: Sequence[Any], pattern: str) -> bool:
    known = [str(cell) for cell in cells if not values.is_missing(cell)]
    return len(known) > 1 and all(re.fullmatch(pattern, cell) for cell in known)
