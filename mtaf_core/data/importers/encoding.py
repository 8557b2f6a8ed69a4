"""The text of a document: UTF-8, UTF-16 and 32 by their mark, or GB18030, which old Chinese tools write."""

import codecs
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache

from mtaf_core.data.importers.reasons import Refused
from mtaf_core.data.importers.sources import Document

CHUNK_BYTES = 1024 * 1024
SAMPLED_BYTES = 64 * CHUNK_BYTES
"""How much is looked at to tell UTF-8 from GB18030: the first Chinese character may come late."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_COMMON = 0.85
"""Least share of first-level GB2312 characters in Chinese text; it is about 0.99 there, and near 0 in Latin-1."""


@lru_cache(maxsize=4)
def encoding(document: Document) -> str:
    """The name of the codec that reads ``document``.

    Raises
    ------
    BadInput
        If it is not text, or in an encoding that cannot be told.
    """
    with document.open() as content:
        block = content.read(CHUNK_BYTES)
        for mark, name in _MARKS:
            if block.startswith(mark):
                return name
        if b"\x00" in block:
            raise Refused("not_text", name=document.name)
        first, seen, decoder = block, 0, codecs.getincrementaldecoder("utf-8")()
        try:
            while block and seen < SAMPLED_BYTES:
                decoder.decode(block)
                seen += len(block)
                block = content.read(CHUNK_BYTES)
            decoder.decode(b"", final=not block)
        except UnicodeDecodeError:
            # The block at fault is the one with characters other than ASCII to judge by.
            if _is_chinese(block or first):
                return "gb18030"
            raise Refused("no_encoding", name=document.name) from None
    return "utf-8"


def decoded(content: bytes, name: str) -> str:
    """Some bytes as text, read as `text_chunks` reads a document called ``name``.

    Raises
    ------
    BadInput
        As `encoding`.
    """
    document = Document(name, len(content), datetime.now(UTC), lambda: io.BytesIO(content))
    return "".join(text_chunks(document))


def text_chunks(document: Document) -> Iterator[str]:
    """The text of ``document`` in chunks of about a million characters, without its mark.

    Raises
    ------
    BadInput
        As `encoding`, and where the text stops being in the encoding it began in.
    """
    name = encoding(document)
    decoder = codecs.getincrementaldecoder(name)()
    done = 0
    with document.open() as content:
        while True:
            block = content.read(CHUNK_BYTES)
            try:
                chunk = decoder.decode(block, final=not block)
            except UnicodeDecodeError as fault:
                at = f"{done + fault.start:,}"
                raise Refused("stops_encoding", name=document.name, encoding=name, byte=at) from fault
            if chunk:
                yield chunk
            if not block:
                return
            done += len(block)


def _is_chinese(block: bytes) -> bool:
    try:
        text = codecs.getincrementaldecoder("gb18030")().decode(block)
    except UnicodeDecodeError:
        try:  # the block may begin in the middle of a character
            text = codecs.getincrementaldecoder("gb18030")().decode(block[1:])
        except UnicodeDecodeError:
            return False
    characters = [c for c in text if "\u3400" <= c <= "\u9fff"]
    common = sum(b"\xb0" <= c.encode("gb2312", "ignore")[:1] <= b"\xd7" for c in characters)
    return bool(characters) and common >= _COMMON * len(characters)
