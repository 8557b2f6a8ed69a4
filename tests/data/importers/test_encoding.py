"""The encoding of a text is told from its bytes."""

import pytest
from given_records import document
from hypothesis import given
from hypothesis import strategies as st

from mtaf_core.data.importers.encoding import CHUNK_BYTES, encoding, text_chunks
from mtaf_core.errors import BadInput

CHINESE = '[{"desc": "早上第一杯咖啡，从手冲开始。今天给大家推荐一款保温杯"}]'


def text(content: bytes) -> str:
    return "".join(text_chunks(document(content)))


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030", "gbk"])
def test_chinese_reads_the_same_in_every_encoding(codec):
    assert text(CHINESE.encode(codec)) == CHINESE
    assert text(b"\xfe\xff" + CHINESE.encode("utf-16-be")) == CHINESE


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff")))
def test_utf8_is_read_as_it_is(written):
    assert text(written.encode()) == written


def test_a_first_chinese_character_far_into_the_file_still_counts():
    plain = "a" * (2 * CHUNK_BYTES + 1)
    assert text((plain + CHINESE).encode("gb18030")) == plain + CHINESE


@pytest.mark.parametrize(
    "content",
    [
        "Café à la crème, déjà vu; größer".encode("latin-1"),
        "早上第一杯咖啡，從手沖開始。今天給大家推薦一款保溫杯".encode("big5"),
        bytes(range(1, 256)),
    ],
    ids=["latin-1", "big5", "noise"],
)
def test_another_encoding_is_refused_rather_than_misread(content):
    with pytest.raises(BadInput, match="save it again as UTF-8"):
        encoding(document(content))


def test_what_is_no_text_is_said():
    with pytest.raises(BadInput, match="is not text"):
        encoding(document(b"\x00\x00\x00\x18ftypmp42"))


def test_utf16_that_is_cut_off_is_said():
    with pytest.raises(BadInput, match="near byte"):
        text(CHINESE.encode("utf-16")[:-1])
