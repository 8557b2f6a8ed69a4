"""JSON of any size comes a record at a time, and nothing is held but the record."""

import io
import json
import tracemalloc
from itertools import islice

import pytest
from given_records import SAVED, document
from hypothesis import given, settings
from hypothesis import strategies as st

from mtaf_core import limits
from mtaf_core.data.importers import encoding
from mtaf_core.data.importers.json_stream import Value, values
from mtaf_core.data.importers.rows import Rejected
from mtaf_core.data.importers.sources import Document
from mtaf_core.errors import BadInput

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
ANY = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
OBJECTS = st.lists(st.dictionaries(st.text(), ANY), max_size=5)


def contents(content: object) -> list[object]:
    return [value.content for value in values(document(content)) if isinstance(value, Value)]


@given(OBJECTS, st.integers(3, 60), st.sampled_from([None, 2]), st.booleans())
@settings(max_examples=50, deadline=None)
def test_records_come_out_as_they_went_in_wherever_chunks_end(records, chunk, indent, ascii_only):
    listed = json.dumps(records, indent=indent, ensure_ascii=ascii_only)
    lines = "\n".join(json.dumps(record, ensure_ascii=ascii_only) for record in records)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "CHUNK_BYTES", chunk)
        assert contents(listed.encode("utf-8", "surrogatepass").decode("utf-8", "replace")) == records
        if records:
            assert contents(lines) == records


def test_each_record_has_its_line():
    found = list(values(document('[\n {"a": 1},\n {"a":\n 2}\n, {"a": 3}]')))
    assert [(value.content["a"], value.line) for value in found] == [(1, 2), (2, 3), (3, 5)]
    assert [value.line for value in values(document('{"a": 1}\n\n{"a": 2}\n'))] == [1, 3]


def test_whole_numbers_keep_every_digit_and_nan_is_null():
    assert contents('[{"id": 7500000000000000123, "n": NaN, "m": -Infinity}]') == [
        {"id": 7500000000000000123, "n": None, "m": None}
    ]


def test_a_line_that_is_not_json_among_lines_that_are_is_rejected_alone():
    first, broken, last, also = values(document('{"a": 1}\n{"a": tru\n{"a": 3}\n{"a" 5}'))
    assert (first.content, last.content) == ({"a": 1}, {"a": 3})
    assert isinstance(broken, Rejected)
    assert (broken.line, broken.value, broken.kept) == (2, '{"a": tru', False)
    assert isinstance(also, Rejected)
    assert also.line == 4


@pytest.mark.parametrize("last", ['{"a": ', '{"a": "x', '{"a": tr', '{"a": "\\u00', '{"a": 1', '{"a": 1,', "{"])
def test_lines_that_end_in_the_middle_of_the_last_one_are_a_file_that_is_cut_off(last):
    with pytest.raises(BadInput, match="line 3: the file ends in the middle"):
        list(values(document(f'{{"a": 1}}\n{{"a": 2}}\n{last}')))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        (" \n ", "is empty"),
        ('[{"a": 1}, {"b"', "line 1: the file ends in the middle"),
        ('[{"a": 1},\n{"b": "x', "line 2: the file ends in the middle"),
        ('{"a": 1', "ends in the middle"),
        ('[{"a": 1} {"b": 2}]', "is not JSON"),
        ("[1,,2]" + " " * 100, "is not JSON"),
        ("hello" + " " * 100, r"is not JSON \(hello"),
        ('[{"a": 1},]', r"is not JSON \(\]"),
        ('var data = [{"a": 1}];', r"is not JSON \(var data"),
        ('{"a" 1}', "is not JSON"),
        ("[" * 100_000, "is not JSON|ends in the middle"),
        ('{"a": ' * 50_000, "is not JSON|ends in the middle"),
        ("[" + "9" * 10_000 + "]", "is not JSON"),
    ],
)
def test_what_is_not_json_is_said(content, said):
    with pytest.raises(BadInput, match=said):
        list(values(document(content)))


def endless(start: bytes, again: bytes) -> Document:
    """A document without end."""

    class Endless(io.RawIOBase):
        sent = False

        def readable(self) -> bool:
            return True

        def readinto(self, buffer) -> int:
            block = b"" if self.sent else start
            block += again * ((len(buffer) - len(block)) // len(again))
            self.sent = True
            buffer[:] = block[: len(buffer)].ljust(len(buffer), b" ")
            return len(buffer)

    return Document("endless.json", 0, SAVED, lambda: io.BufferedReader(Endless(), 1 << 20))


@pytest.mark.parametrize(
    ("start", "again"),
    [(b'{"a": "', b"x"), (b"[", b"["), (b'[{"a": "', b"x"), (b"", b'{"a":'), (b'{"b": {"c": [[', b"1,"), (b"[", b"9")],
)
def test_a_record_without_end_is_refused_in_little_memory(monkeypatch, start, again):
    monkeypatch.setattr(limits, "MAX_RECORD_CHARS", 400_000)
    monkeypatch.setattr(encoding, "SAMPLED_BYTES", 2_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(BadInput):
            list(values(endless(start, again)))
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("start", [b"[", b'{"status": 0, "data": {"cursor": {"a": 1}, "videos": ['])
def test_a_list_without_end_is_read_in_little_memory(monkeypatch, start):
    monkeypatch.setattr(limits, "MAX_RECORD_CHARS", 100_000)
    monkeypatch.setattr(encoding, "SAMPLED_BYTES", 2_000_000)
    tracemalloc.start()
    try:
        for value in islice(values(endless(start, b'{"id": 7, "text": "abc"},')), 30_000):
            assert isinstance(value, Value)
            assert value.content == {"id": 7, "text": "abc"}
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()


def test_an_envelope_too_large_for_memory_is_read_like_a_small_one(monkeypatch):
    records = [{"id": str(n), "tags": ["a"]} for n in range(50)]
    envelope = {"code": 0, "data": {"ids": [1, 2], "videos": records, "more": {}}, "log": "x"}
    assert contents(envelope) == [envelope]
    monkeypatch.setattr(limits, "MAX_RECORD_CHARS", 500)
    monkeypatch.setattr(encoding, "CHUNK_BYTES", 100)
    assert contents(envelope) == records
