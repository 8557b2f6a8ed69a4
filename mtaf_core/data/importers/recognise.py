"""Which format a document is in, from its content; and the reader of each format of JSON."""

import itertools
from functools import partial

from mtaf_core.data.importers import apify, douyin, json_stream, research_api, scraper, shapes, tiktok, ytdlp
from mtaf_core.data.importers.encoding import text_chunks
from mtaf_core.data.importers.reasons import Refused
from mtaf_core.data.importers.rows import Reader, Rejected
from mtaf_core.data.importers.shapes import Shape
from mtaf_core.data.importers.sources import Document, is_workbook

AUTO = "auto"
TABLE = "csv"
ARRAYS = "arrays"

_BY_FORMAT: dict[str, tuple[Shape, ...]] = {
    "douyin": douyin.SHAPES,
    "tiktok": tiktok.SHAPES,
    "tiktok-scraper": scraper.SHAPES,
    "apify": apify.SHAPES,
    "research-api": research_api.SHAPES,
    "ytdlp": ytdlp.SHAPES,
}
JSON_FORMATS = tuple(_BY_FORMAT)
"""The formats that `json_reader` reads; `TABLE` and `ARRAYS` are the others."""

_EVERY = tuple(itertools.chain.from_iterable(_BY_FORMAT.values()))
_LOOKED_AT = 50
"""Records of JSON that are looked at: those of a page of results, and then some that are no records."""
_MAGIC = ((b"PAR1", TABLE), (b"\x93NUMPY", ARRAYS))


def recognise(document: Document) -> str:
    """The format of ``document``: one of `JSON_FORMATS`, `TABLE` or `ARRAYS`.

    JSON of flat objects of no known format is a table; `AUTO` is JSON with an envelope and nothing in it.

    Raises
    ------
    BadInput
        If it is none of them, or cannot be read.
    """
    with document.open() as content:
        head = content.read(512)
    if not head.strip():
        raise Refused("empty", name=document.name)
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    if head.startswith(b"PK"):
        return _zipped(document)
    start = next(text_chunks(document), "").lstrip("\ufeff \t\r\n")
    if start[:1] in ("{", "["):
        return _json_format(document)
    if start[:1] == "<":
        raise Refused("web_page", name=document.name)
    first_line = start.splitlines()[0] if start else ""
    if document.suffix in (".csv", ".tsv") or any(mark in first_line for mark in ",\t;|"):
        return TABLE
    raise Refused("no_format", name=document.name)


def json_reader(format: str = AUTO) -> Reader:
    """The reader of one of `JSON_FORMATS`, or, for `AUTO`, of records of any of them, as they come.

    Raises
    ------
    BadInput
        If there is no such format.
    """
    if format == AUTO:
        return partial(shapes.read, shapes=_EVERY, told=False)
    if format not in _BY_FORMAT:
        raise Refused("no_such_format", format=format, formats=", ".join((AUTO, *JSON_FORMATS)))
    return partial(shapes.read, shapes=_BY_FORMAT[format], told=True)


def _zipped(document: Document) -> str:
    if document.suffix == ".xlsx":
        return TABLE
    if document.suffix == ".npz":
        return ARRAYS
    if document.path is not None and is_workbook(document.path):
        return TABLE
    raise Refused("zip_in_zip", name=document.name)


def _json_format(document: Document) -> str:
    flat = empty = False
    with_records = (value for value in json_stream.values(document) if not isinstance(value, Rejected))
    for value in itertools.islice(with_records, _LOOKED_AT):
        for found in shapes.unfold(value.content, _EVERY, told=False):
            return found.shape.format
        flat = flat or _is_flat(value.content)
        empty = empty or (value.content is not None and shapes.is_empty(value.content))
    if empty:
        return AUTO
    if flat:
        return TABLE
    raise Refused("json_unknown", name=document.name)


def _is_flat(value: object) -> bool:
    """Whether an object could be a row of a table: most of what it holds are plain values."""
    if not isinstance(value, dict) or not value:
        return False
    return sum(not isinstance(inner, dict | list) for inner in value.values()) * 2 > len(value)
