"""Tables as people have them: any delimiter and encoding, English and Chinese headers, broken rows, formulas."""

import gzip
import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtaf_core.data.importers import headers, mapping, tables_in, tabular
from mtaf_core.data.importers.rows import Context
from mtaf_core.data.importers.sources import Document
from mtaf_core.errors import BadInput

NOW = datetime(2024, 3, 9, 4, tzinfo=UTC)
CONTEXT = Context("Asia/Shanghai")


def document(content: bytes | str, name: str = "table.csv") -> Document:
    data = content.encode() if isinstance(content, str) else content
    return Document(name, len(data), NOW, lambda: io.BytesIO(data))


def read(doc, found=None, others=(), context=CONTEXT, scratch=Path("unused")):
    """Rows by table, and what was rejected."""
    tables, rejected = {}, []
    found = found or headers.proposed(doc, scratch, "douyin")[0]
    tabular.read(
        doc, found, context, others, scratch,
        lambda name, rows: tables.setdefault(name, []).extend(rows.to_pylist()), rejected.append,
    )  # fmt: skip
    return tables, rejected


def mapped(text, **files):
    return mapping.parse({"format": 1, "name": "own", **text}, "The mapping")


CHINESE = (
    "作品ID,作品描述,作品话题,视频时长,视频高度,视频宽度,发布时间,点赞数量,评论数量,收藏数量,分享数量,播放数量,"
    "昵称,抖音号,作品数量,获赞数量,喜欢数量,粉丝数量,关注数量\n"
    "7300000000000000123,今天的好物,#好物#种草,01:05,1920,1080,2024-03-01 20:00:00,3.5万,\"1,234\",21,5,0,"
    "小明,xiaoming88,120,1.2亿,33,10万+,7\n"
)  # fmt: skip


def test_chinese_headers_of_downloaders_fill_every_table():
    tables, rejected = read(document(CHINESE))
    assert rejected == []
    (snapshot,) = tables["snapshots"]
    assert snapshot["video_id"] == "7300000000000000123"
    assert (snapshot["favorite_count"], snapshot["comment_count"], snapshot["save_count"]) == (35_000, 1_234, 21)
    assert snapshot["uploader_follower_count"] == 100_000
    assert snapshot["snapshot_date"] == date(2024, 3, 9)  # of the file, as the table names no day
    (video,) = tables["videos"]
    assert (video["duration_s"], video["width_px"], video["height_px"]) == (65.0, 1080, 1920)
    assert video["created_at"] == datetime(2024, 3, 1, 12, tzinfo=UTC)
    assert (video["uploader_id"], video["description"], video["platform"]) == ("xiaoming88", "今天的好物", "douyin")
    (uploader,) = tables["uploaders"]
    assert (uploader["handle"], uploader["nickname"]) == ("xiaoming88", "小明")
    assert (uploader["favorited_count"], uploader["favoriting_count"], uploader["video_count"]) == (
        120_000_000,
        33,
        120,
    )
    assert [(t["tag_name"], t["position"]) for t in tables["video_tags"]] == [("好物", 0), ("种草", 1)]
    assert tables["uploader_snapshots"][0]["follower_count"] == 100_000


def test_flattened_names_of_scrapers_fill_the_same_tables():
    text = (
        "id,authorMeta.id,authorMeta.name,authorMeta.fans,authorMeta.verified,text,createTimeISO,diggCount,playCount,"
        "videoMeta.duration,videoMeta.height,hashtags\n"
        "7300000000000000123,66,maker,21.9K,true,hello,2024-03-01T12:00:00.000Z,12,1.5M,15,1024,a|b\n"
    )
    tables, rejected = read(document(text))
    assert rejected == []
    assert tables["snapshots"][0]["view_count"] == 1_500_000
    assert tables["uploaders"][0]["follower_count"] == 21_900
    assert tables["uploaders"][0]["is_verified"] is True
    assert tables["videos"][0]["created_at"] == datetime(2024, 3, 1, 12, tzinfo=UTC)
    assert [t["tag_name"] for t in tables["video_tags"]] == ["a", "b"]


def test_a_table_of_kols_is_one_of_kols():
    tables, _ = read(document("id,nickname,粉丝数\n66,maker,3.5w\n"))
    assert list(tables) == ["uploaders", "uploader_snapshots"]
    assert tables["uploaders"][0]["uploader_id"] == "66"


def test_a_table_without_ids_asks_for_a_mapping():
    with pytest.raises(BadInput, match="names a video or a KOL"):
        read(document("colour,size\nred,3\n"))


def test_values_go_against_a_header_that_lies():
    tables, _ = read(document("video_id,likes,comments\nv1,lovely,3\nv2,nice,4\nv3,wow,5\n"))
    assert "favorite_count" not in tables["snapshots"][0]
    assert [row["comment_count"] for row in tables["snapshots"]] == [3, 4, 5]


@pytest.mark.parametrize(("cells", "seconds"), [("15000,61000", 15.0), ("15,61", 15.0), ("00:15,01:01", 15.0)])
def test_the_unit_of_a_length_shows_in_its_values(cells, seconds):
    first, second = cells.split(",")
    tables, _ = read(document(f"video_id,duration\nv1,{first}\nv2,{second}\n"))
    assert tables["videos"][0]["duration_s"] == seconds


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_any_delimiter_and_encoding_reads_alike(encoding, delimiter):
    text = (
        delimiter.join(("作品ID", "作品描述", "点赞数量"))
        + "\n"
        + delimiter.join(("v1", "这是一个很好的视频", "3.5万"))
    )
    tables, _ = read(document(text.encode(encoding)))
    assert tables["videos"][0]["description"] == "这是一个很好的视频"
    assert tables["snapshots"][0]["favorite_count"] == 35_000


def test_a_formula_in_a_cell_is_text_and_no_number():
    tables, rejected = read(document('video_id,desc,likes\nv1,=1+1,5\nv2,"=HYPERLINK(""x"")",=2+3\nv3,x,7\n'))
    assert [row["description"] for row in tables["videos"]] == ["=1+1", '=HYPERLINK("x")', "x"]
    assert [(r.line, r.column, r.value, r.kept) for r in rejected] == [(3, "likes", "=2+3", True)]


def test_a_broken_row_is_rejected_with_its_line_and_the_others_come_in():
    text = 'video_id,desc,likes\nv1,"two\nlines",1\nv2,cells\nv3,x,x\nv4,x,4\n'
    tables, rejected = read(document(text))
    assert [row["video_id"] for row in tables["snapshots"]] == ["v1", "v3", "v4"]
    assert [("cells" in r.reason, r.kept) for r in rejected] == [(True, False), (False, True)]


def test_ids_that_went_through_floats_are_refused_row_by_row_or_all():
    tables, rejected = read(document("video_id,likes\n7.3E+18,1\n7300000000000000123,2\n"))
    assert [row["video_id"] for row in tables["snapshots"]] == ["7300000000000000123"]
    assert "rounded" in rejected[0].reason
    with pytest.raises(BadInput, match="lost their last digits"):
        read(document("video_id,likes\n" + "".join(f"73000000000{n}00000000,1\n" for n in range(10, 20))))


def test_parquet_json_lines_and_gzip_read_as_csv_does(tmp_path):
    rows = {"video_id": ["v1", "v2"], "likes": [1, None], "post_time": [NOW, NOW]}
    pq.write_table(pa.table(rows), tmp_path / "t.parquet")
    lines = '{"video_id": "v1", "likes": 1, "post_time": 1709956800}\n{"video_id": "v2", "post_time": 1709956800}\n'
    csv = "video_id,likes,post_time\nv1,1,2024-03-09 12:00\nv2,,2024-03-09 12:00\n"
    packed = Document("t.csv.gz", 0, NOW, lambda: gzip.GzipFile(fileobj=io.BytesIO(gzip.compress(csv.encode()))))
    inside = document((tmp_path / "t.parquet").read_bytes(), "a.zip/t.parquet")
    for doc in (document(csv), packed, document(lines, "t.jsonl"), inside):
        tables, rejected = read(doc, scratch=tmp_path / "scratch")
        assert rejected == []
        assert [row["favorite_count"] for row in tables["snapshots"]] == [1, None]
        assert {row["created_at"] for row in tables["videos"]} == {NOW}


def test_a_sheet_reads_as_csv_does():
    book = openpyxl.Workbook()
    for cells in (
        ["作品ID", "点赞数量", "发布时间"],
        ["7300000000000000123", "3.5万", datetime(2024, 3, 1, 20)],
        [None] * 3,
    ):
        book.active.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    tables, rejected = read(document(stream.getvalue(), "t.xlsx"))
    assert rejected == []
    assert tables["snapshots"][0]["favorite_count"] == 35_000
    assert tables["videos"][0]["created_at"] == datetime(2024, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"PK\x03\x04broken", "t.xlsx", "no XLSX file"),
        (b"PAR1broken", "t.parquet", "cut off or damaged"),
        (b"video_id,likes\nv1,\xff\xfe1\n", "t.csv", "neither UTF-8"),
        (b'video_id,likes\nv1,"' + b"x" * (tables_in.BLOCK_BYTES + 10), "t.csv", "quotation mark may be missing"),
    ],
)  # fmt: skip
def test_a_damaged_table_says_so(content, name, says, tmp_path):
    with pytest.raises(BadInput, match=says):
        read(document(content, name), scratch=tmp_path)


MAPPED = {
    "platform": "tiktok",
    "timezone": "UTC",
    "file": [
        {
            "pattern": "daily*.csv",
            "join": [{"pattern": "videos.csv", "key": "post", "take": ["clip", "maker"]}],
            "snapshots": {"video_id": "clip", "snapshot_date": {"from": "on", "order": "dmy"}, "share_count": "s"},
            "uploaders": {"uploader_id": "maker"},
        },
        {
            "pattern": "videos.csv",
            "videos": {
                "video_id": "clip",
                "description": {"from": ["title", "text"], "missing": ["?"]},
                "product_currency": {"value": "CNY"},
            },
            "vector": [
                {"modality": "audio", "backbone": "loudness", "video_id": "clip", "numbers": ["a", "b"],
                 "levels": {"mood": ["happy", "sad"]}}
            ],
        },
    ],
}  # fmt: skip
VIDEOS = "post,clip,maker,title,text,a,b,mood\np1,c1,m1,one,?,0.5,1,sad\np2,c2,,two,words,,2,happy\n"


def test_a_mapping_joins_files_sets_constants_and_makes_vectors(tmp_path):
    daily = document("post,on,s\np1,02/03/2024,4\np2,03/03/2024,5\np9,03/03/2024,6\n", "daily_1.csv")
    videos = document(VIDEOS, "x/videos.csv")
    found = mapped(MAPPED)
    tables, _ = read(daily, found, [daily, videos])
    assert [(r["video_id"], r["snapshot_date"], r["share_count"]) for r in tables["snapshots"]] == [
        ("c1", date(2024, 3, 2), 4), ("c2", date(2024, 3, 3), 5), (None, date(2024, 3, 3), 6),
    ]  # fmt: skip
    assert [r["uploader_id"] for r in tables["uploaders"]] == ["m1"]
    tables, rejected = read(videos, found, [daily, videos])
    assert [r["description"] for r in tables["videos"]] == ["one", "two words"]
    assert {(r["product_currency"], r["platform"], r["source"]) for r in tables["videos"]} == {("CNY", "tiktok", "own")}
    assert [(r["video_id"], r["vector"]) for r in tables["embeddings"]] == [("c1", [0.5, 1.0, 0.0, 1.0])]
    assert ["vector" in r.reason for r in rejected] == [True]
    with pytest.raises(BadInput, match=r"only be read beside a file videos\.csv"):
        read(daily, found, [daily])
    with pytest.raises(BadInput, match="no column 'clip'"):
        read(document("post\np1\n", "videos.csv"), found)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 2**62), st.text(max_size=20), st.none() | st.integers(0, 10**12)), min_size=1))
def test_what_is_written_as_csv_comes_back(records):
    import csv

    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(("video_id", "desc", "likes"))
    wanted = []
    for number, text, likes in records:
        clean = text.encode("utf-8", "replace").decode().replace("\x00", "").replace("\r", "")
        writer.writerow((f"v{number}", clean, "" if likes is None else likes))
        wanted.append((f"v{number}", clean if clean.strip() else None, likes))
    tables, rejected = read(document(stream.getvalue()), mapped({"file": [{
        "snapshots": {"video_id": "video_id", "favorite_count": "likes"},
        "videos": {"video_id": "video_id", "description": "desc"},
    }]}))  # fmt: skip
    assert rejected == []
    found = zip(tables["videos"], tables["snapshots"], strict=True)
    assert [(v["video_id"], v["description"], s["favorite_count"]) for v, s in found] == wanted


def test_blank_lines_before_the_header_are_no_header():
    tables, rejected = read(document("\n  \r\nvideo_id,likes\nv1,5\n,6\n"))
    assert [(row["video_id"], row["line"]) for row in tables["snapshots"]] == [("v1", 4), (None, 5)]
    assert rejected == []


def workbook(*sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for place, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"sheet {place}")
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return document(file.getvalue(), "book.xlsx")


def test_of_several_sheets_the_first_with_rows_is_read_and_the_others_are_told():
    table = [["video_id", "likes"], ["v1", 5]]
    tables, rejected = read(workbook([], table, table, []))
    assert [row["video_id"] for row in tables["snapshots"]] == ["v1"]
    assert [(one.value, one.kept) for one in rejected] == [("sheet 3", False)]
    assert "first sheet" in rejected[0].reason


def test_errors_of_a_spreadsheet_are_no_ids_and_no_counts():
    doc = workbook(
        [["video_id", "likes", "post_time"], ["#N/A", 5, "#REF!"], ["v2", "#DIV/0!", "#VALUE!"], ["v3", 7, ""]]
    )
    found = mapped({"file": [{"snapshots": {"video_id": "video_id", "favorite_count": "likes"}}]})
    tables, rejected = read(doc, found)
    assert [(r["video_id"], r["favorite_count"]) for r in tables["snapshots"]] == [(None, 5), ("v2", None), ("v3", 7)]
    assert rejected == []


def test_a_workbook_that_is_damaged_inside_is_said():
    whole = workbook([["video_id", "likes"], ["v1", 5]]).open().read()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha" * 10) for n in range(9))
    bomb = b"<!DOCTYPE x [" + laughs + b"]><worksheet><sheetData>&l8;</sheetData></worksheet>"
    sheet = entries["xl/worksheets/sheet1.xml"]
    for damage in (sheet[:-60], b"", b"<worksheet/", bomb):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in {**entries, "xl/worksheets/sheet1.xml": damage}.items():
                archive.writestr(name, content)
        with pytest.raises(BadInput, match=r"is no XLSX file, or damaged"):
            read(document(file.getvalue(), "book.xlsx"), mapped({"file": [{"videos": {"video_id": "video_id"}}]}))


def test_lists_bytes_and_decimals_of_parquet_are_read(tmp_path):
    table = pa.table({
        "video_id": pa.array([b"v1", b"v2"]),
        "likes": pa.array(["12", "7"]).cast(pa.decimal128(20, 0)),
        "tags": [["a", "b"], None],
        "views": [{"n": 1}, {"n": 2}],
        "comments": [[1.5], [2.5]],
    })  # fmt: skip
    pq.write_table(table, tmp_path / "t.parquet")
    doc = Document("t.parquet", 1, NOW, lambda: (tmp_path / "t.parquet").open("rb"), tmp_path / "t.parquet")
    tables, _ = read(doc)
    assert [(r["video_id"], r["favorite_count"]) for r in tables["snapshots"]] == [("v1", 12), ("v2", 7)]
    assert [r["tag_name"] for r in tables["video_tags"]] == ["a", "b"]
    forced = {"video_id": "video_id", "view_count": "views", "comment_count": "comments"}
    tables, rejected = read(doc, mapped({"file": [{"snapshots": forced}]}))
    assert [row["view_count"] for row in tables["snapshots"]] == [None, None]
    assert "{'n': 1}" in [one.value for one in rejected]


def test_a_column_that_a_mapping_reads_and_the_file_has_not_is_told_once():
    columns = {"video_id": "video_id", "description": ["title", "caption"], "music_title": "song"}
    tables, rejected = read(document("video_id,title\nv1,x\nv2,y\n"), mapped({"file": [{"videos": columns}]}))
    assert [row["description"] for row in tables["videos"]] == ["x", "y"]
    assert [(one.column, one.kept) for one in rejected] == [("song", True)]
    assert "'own'" in rejected[0].reason
