"""The table of a batch: headers in two languages, cells as people write them, and what is wrong with each."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtaf_core.charts.table_file import csv_file, xlsx_file
from mtaf_core.data.candidate import Candidate
from mtaf_core.errors import BadInput
from mtaf_core.insight.batch import table
from mtaf_core.insight.batch.table import Line, columns_of, lines, with_line
from mtaf_core.insight.whatif import editable

ZONE = "Asia/Shanghai"


def read(path: Path, tmp_path: Path) -> tuple[list[Line], tuple[str, ...]]:
    left: list[str] = []
    return list(lines(path, tmp_path / "scratch", ZONE, left.extend)), tuple(left)


def one(tmp_path: Path, header: str, cell: str) -> Line:
    (tmp_path / "t.csv").write_text(f'{header},description\n"{cell}",A serum\n', encoding="utf-8")
    return read(tmp_path / "t.csv", tmp_path)[0][0]


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("clip", "clip"), ("File Name", "clip"), ("文件名", "clip"), ("视频", "clip"),
        ("文案", "description"), ("Caption", "description"), ("话题", "tags"), ("hashtags", "tags"),
        ("KOL", "uploader"), ("达人昵称", "uploader"), ("作者ID", "uploader"), ("发布时间", "upload_time"),
        ("date", "upload_time"), ("商品链接", "product_link"), ("城市", "city"), ("地点", "poi"),
        ("粉丝数", "uploader_follower"), ("upload_hour", "upload_hour"), ("Upload Hour", "upload_hour"),
        ("时长", "video_duration"),
    ],
)  # fmt: skip
def test_headers_in_two_languages(header: str, key: str) -> None:
    assert columns_of([header]) == ({key: header}, ())


def test_every_editable_column_is_a_header() -> None:
    for column in editable():
        assert columns_of([column]) == ({column: column}, ())


def test_an_id_goes_before_a_nickname_and_what_is_known_after_release_is_left() -> None:
    keys, left = columns_of(["达人昵称", "达人ID", "点赞数", "标题"])
    assert keys == {"uploader": "达人ID", "description": "标题"}
    assert left == ("达人昵称", "点赞数")


@pytest.mark.parametrize(
    ("header", "cell", "key", "value"),
    [
        ("粉丝数", "3.5万", "uploader_follower", 35_000),
        ("uploader_follower", "1,234", "uploader_follower", 1234),
        ("带货", "是", "product_link", True),
        ("product_link", "https://example.com/p/1", "product_link", True),
        ("product_link", "no", "product_link", False),
        ("duration", "1:05", "video_duration", 65.0),
        ("tags", "#glow #skincare，护肤", "tags", ("glow", "skincare", "护肤")),
        ("tags", "glow|skincare；护肤", "tags", ("glow", "skincare", "护肤")),
        ("upload_hour", "20", "upload_hour", 20),
        ("gender", "女", "uploader_gender", "female"),
        ("uploader_rating", "3", "uploader_rating", "3"),
        ("发布时间", "2026/11/11 20:30", "upload_time", datetime(2026, 11, 11, 12, 30, tzinfo=UTC)),
    ],
)
def test_cells_as_people_write_them(tmp_path: Path, header: str, cell: str, key: str, value: object) -> None:
    found = one(tmp_path, header, cell)
    assert found.problem is None
    assert found.told[key] == value
    assert with_line(Candidate(), found.told, ZONE).description == "A serum"


@pytest.mark.parametrize(
    ("header", "cell", "words"),
    [
        ("upload_time", "soon", "not a time"),
        ("发布时间", "06/09/2026 10:00", "Day and month"),
        ("upload_time", "1999-01-01 10:00", "year 1999"),
        ("upload_hour", "31", "upload_hour"),
        ("粉丝数", "many", "not a count"),
        ("uploader_follower", "-5", "negative"),
        ("product_link", "perhaps", "neither yes nor no"),
        ("age", "400", "uploader_age"),
        ("tags", "x" * 200, "longer than 100"),
        ("video_duration", "9:59:59", "video_duration"),
        ("start", "-1", "begin at second -1"),
    ],
)
def test_a_bad_cell_is_named_with_its_line_column_value_and_reason(
    tmp_path: Path, header: str, cell: str, words: str
) -> None:
    found = one(tmp_path, header, cell)
    assert found.number == 2
    assert found.problem is not None
    assert found.problem.column == header
    assert found.problem.value == cell
    assert words in found.problem.reason


def test_a_date_alone_takes_the_usual_time_of_day(tmp_path: Path) -> None:
    found = one(tmp_path, "date", "2026-11-11")
    usual = datetime(2026, 1, 1, 19, 30, tzinfo=ZoneInfo(ZONE))
    assert with_line(Candidate(upload_time=usual), found.told, ZONE).upload_time == datetime(
        2026, 11, 11, 19, 30, tzinfo=ZoneInfo(ZONE)
    )


@pytest.mark.parametrize("kind", ["csv", "tsv", "xlsx", "parquet"])
def test_every_kind_of_table_says_the_same(tmp_path: Path, kind: str) -> None:
    rows = pd.DataFrame({"文件名": ["a.mp4", None], "文案": ["Glow", "只有文案"], "粉丝数": ["3.5w", "12"]})
    path = tmp_path / f"t.{kind}"
    if kind == "xlsx":
        path.write_bytes(xlsx_file(rows))
    elif kind == "parquet":
        rows.to_parquet(path)
    else:
        rows.to_csv(path, index=False, sep="\t" if kind == "tsv" else ",")
    found, _ = read(path, tmp_path)
    assert [line.told for line in found] == [
        {"clip": "a.mp4", "description": "Glow", "uploader_follower": 35_000},
        {"description": "只有文案", "uploader_follower": 12},
    ]


def test_empty_rows_are_no_rows_and_a_row_of_too_many_cells_is_one_problem(tmp_path: Path) -> None:
    text = 'clip,description\na.mp4,"Two\nlines"\n,\n\nb.mp4,Glow,more,and more\nc.mp4,Glow,,\nd.mp4\n'
    (tmp_path / "t.csv").write_text(text)
    found, _ = read(tmp_path / "t.csv", tmp_path)
    assert sorted((line.number, line.problem is None) for line in found) == [
        (2, True),
        (6, False),
        (7, True),
        (8, False),
    ]
    assert "4 cells where the header has 2" in next(line.problem.reason for line in found if line.number == 6)


def test_a_table_that_says_nothing_here_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("likes,views\n1,2\n")
    with pytest.raises(BadInput, match=r"t\.csv has no column that a batch reads .*likes, views"):
        read(tmp_path / "t.csv", tmp_path)


@pytest.mark.parametrize("sheets", [{"plan": ["clip"]}, {"notes": ["Read me"], "plan": ["clip", "a.mp4"]}])
def test_a_workbook_without_rows_on_its_first_sheet_says_so(tmp_path: Path, sheets: dict[str, list[str]]) -> None:
    with pd.ExcelWriter(tmp_path / "t.xlsx") as book:
        for name, cells in sheets.items():
            pd.DataFrame(cells).to_excel(book, sheet_name=name, index=False, header=False)
    with pytest.raises(BadInput, match=r"t\.xlsx has no rows under its header; .* first sheet"):
        read(tmp_path / "t.xlsx", tmp_path)


def test_a_table_that_is_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_ROWS", 2)
    (tmp_path / "t.csv").write_text("description\na\nb\nc\n")
    with pytest.raises(BadInput, match="more than 2 rows"):
        read(tmp_path / "t.csv", tmp_path)


def test_the_template_reads_as_itself(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(csv_file(table.template()))
    found, left = read(tmp_path / "t.csv", tmp_path)
    assert left == ()
    assert [line.problem for line in found] == [None, None]
    assert [set(line.told) for line in found] == [
        {"clip", "description", "tags", "upload_time", "product_link", "city"},
        {"description", "tags", "upload_time", "product_link"},
    ]


CELLS = st.one_of(
    st.text(max_size=30), st.integers(-(10**18), 10**18).map(str), st.floats(allow_nan=False).map(str), st.sampled_from(
        ["", "-", "未知", "=1+1", "1e308", "3.5万", "2026-11-11", "24:00", "true", "\ud800", "\x00", "a" * 6_000]
    ),
)  # fmt: skip
HEADERS = st.one_of(st.sampled_from([*editable(), "文案", "粉丝数", "发布时间", "clip"]), st.text(max_size=12))


@given(st.lists(HEADERS, min_size=1, max_size=6), st.data())
@settings(max_examples=80, deadline=None)
def test_any_table_gives_lines_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, header: list[str], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("any")
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(header), max_size=len(header)), max_size=5))
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    (folder / "t.csv").write_bytes(text.getvalue().encode("utf-8", "surrogatepass"))
    try:
        found, _ = read(folder / "t.csv", folder)
    except BadInput:
        return
    for line in found:
        assert line.number >= 2
        if line.problem is None:
            with_line(Candidate(), line.told, ZONE)
