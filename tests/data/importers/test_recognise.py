"""The format of a file is seen from its content, whatever it is called."""

import gzip
import io
import json

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from given_records import (
    apify_item,
    document,
    douyin_post,
    douyin_profile,
    research_video,
    scraper_item,
    tiktok_app_post,
    tiktok_web_post,
    tiktok_web_profile,
    ytdlp_info,
)

from mtaf_core.data.importers.recognise import ARRAYS, AUTO, TABLE, json_reader, recognise
from mtaf_core.data.importers.sources import documents
from mtaf_core.errors import BadInput


def saved(write) -> bytes:
    buffer = io.BytesIO()
    write(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "format"),
    [
        ({"aweme_detail": douyin_post()}, "douyin"),
        ({"user": douyin_profile()}, "douyin"),
        (tiktok_app_post(), "tiktok"),
        ({"itemInfo": {"itemStruct": tiktok_web_post()}}, "tiktok"),
        ({"userInfo": tiktok_web_profile()}, "tiktok"),
        ([apify_item()], "apify"),
        ({"collector": [scraper_item()]}, "tiktok-scraper"),
        ({"data": {"videos": [research_video()]}}, "research-api"),
        (json.dumps(ytdlp_info()) + "\n" + json.dumps(ytdlp_info()), "ytdlp"),
        ({"aweme_list": []}, AUTO),
        ('{"pid": "P1", "likes": 3}\n{"pid": "P2", "likes": 4}', TABLE),
        ("video_id,likes\n1,2\n", TABLE),
        ("视频ID\t点赞数\n1\t2\n".encode("gb18030"), TABLE),
        ("作品ID,点赞数量\n1,3.5万\n".encode("utf-16"), TABLE),
        (saved(lambda file: pq.write_table(pa.table({"a": [1]}), file)), TABLE),
        (saved(lambda file: np.save(file, np.zeros(3))), ARRAYS),
    ],
)
def test_the_content_tells(content, format):
    assert recognise(document(content, "export.dat")) == format


def test_archives_of_spreadsheets_and_arrays_are_told_by_their_names():
    npz = saved(lambda file: np.savez(file, v=np.zeros(3)))
    assert recognise(document(npz, "features.npz")) == ARRAYS
    assert recognise(document(npz, "book.xlsx")) == TABLE
    assert recognise(document("id\n1\n", "one_column.csv")) == TABLE
    with pytest.raises(BadInput, match="archive inside an archive"):
        recognise(document(npz, "inner.zip"))


def test_a_workbook_is_told_by_what_is_in_it(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["video_id"])
    book.save(tmp_path / "book.xlsx")
    (tmp_path / "book.xlsx").rename(tmp_path / "export.dat")
    assert [recognise(one) for one in documents([tmp_path / "export.dat"])] == [TABLE]


def test_nothing_among_the_rows_of_a_table_is_no_empty_envelope():
    assert recognise(document([None, {"video_id": "v1", "likes": 5}])) == TABLE


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ({"comments": []}, "without a post or profile"),
        ("<!DOCTYPE html><html>", "web page"),
        ("just words", "no known format"),
        (b"\x00\x00\x00\x18ftypmp42", "is not text"),
        ('{"aweme_detail": ', "ends in the middle"),
    ],
)
def test_what_cannot_be_told_is_said(content, said):
    with pytest.raises(BadInput, match=said):
        recognise(document(content, "export.dat"))


def test_an_unknown_format_is_said_with_those_there_are():
    with pytest.raises(BadInput, match=r"no format 'weibo'.*douyin, tiktok"):
        json_reader("weibo")


def test_gzip_is_unpacked_by_the_document(tmp_path):
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(json.dumps([apify_item()]).encode()))
    assert recognise(documents([tmp_path / "a.json.gz"])[0]) == "apify"
