"""A mapping can be proposed, corrected, seen at work, written down and read back as the same mapping."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtaf_core.data.importers import mapping
from mtaf_core.data.importers.mapping import FileMap, Mapping, Source
from mtaf_core.data.importers.rows import Context
from mtaf_core.data.importers.sources import Document, documents
from mtaf_core.errors import BadInput
from mtaf_core.insight import incoming, table_mapping
from mtaf_core.insight.table_mapping import Line
from mtaf_core.workspace import Workspace, WorkspaceInfo

CHINESE = "作品ID,标题,发布时间,点赞数,时长,话题,备注\nv1,好物,2026-11-01 20:00,3.5万,01:05,#美妆#好物,x\n"


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "market", WorkspaceInfo("Market"))


def document(folder: Path, text: str, name: str = "导出 1.csv") -> Document:
    (folder / name).write_text(text, encoding="utf-8")
    return documents([folder / name])[0]


def test_every_column_is_listed_and_known_ones_go_somewhere(tmp_path: Path) -> None:
    proposal = table_mapping.propose(document(tmp_path, CHINESE), tmp_path / "scratch")
    goes = {(line.source, line.target) for line in proposal.lines}
    assert {("作品ID", "videos.video_id"), ("标题", "videos.description"), ("备注", "")} <= goes
    assert proposal.name == "导出-1"
    assert not proposal.problem


def test_the_first_rows_are_converted_as_an_import_would_in_the_markets_time(tmp_path: Path) -> None:
    table = document(tmp_path, CHINESE)
    proposal = table_mapping.propose(table, tmp_path / "scratch")
    known = table_mapping.assemble(proposal.lines, proposal.name, "douyin")
    seen = table_mapping.preview(table, known, Context("Asia/Shanghai"), tmp_path / "scratch")
    video = seen.tables["videos"].to_pylist()[0]
    assert video["duration_s"] == 65.0
    assert f"{video['created_at']:%H:%M}" == "20:00"
    assert seen.tables["snapshots"]["favorite_count"].to_pylist() == [35_000]
    assert seen.tables["video_tags"]["tag_name"].to_pylist() == ["美妆", "好物"]
    assert "collected_at" not in video


def test_values_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    table = document(tmp_path, CHINESE + "v2,二,不知道,很多,00:10,,\n")
    proposal = table_mapping.propose(table, tmp_path / "scratch")
    known = table_mapping.assemble(proposal.lines, proposal.name)
    seen = table_mapping.preview(table, known, Context("Asia/Shanghai"), tmp_path / "scratch")
    assert {one.value for one in seen.rejected} >= {"很多"}
    assert seen.rows == 2


def test_a_table_nobody_understands_still_shows_its_columns(tmp_path: Path) -> None:
    proposal = table_mapping.propose(document(tmp_path, "foo,bar\nx,1\ny,2\n"), tmp_path / "scratch")
    assert [line.source for line in proposal.lines] == ["foo", "bar"]
    assert "id" in proposal.problem
    with pytest.raises(BadInput, match="No column goes anywhere"):
        table_mapping.assemble(proposal.lines, "odd")


def test_a_key_is_taken_from_the_sister_table() -> None:
    lines = [Line("post", "", "videos.video_id"), Line("seen", "", "snapshots.view_count")]
    known = table_mapping.assemble(lines, "mine")
    assert known.files[0].tables["snapshots"]["video_id"].columns == ("post",)


def test_a_missing_key_is_named() -> None:
    with pytest.raises(BadInput, match="video_id"):
        table_mapping.assemble([Line("seen", "", "snapshots.view_count")], "mine")


def test_the_order_of_dates_is_for_dates_alone() -> None:
    lines = [Line("post", "", "videos.video_id"), Line("on", "", "videos.created_at")]
    sources = table_mapping.assemble(lines, "mine", order="dmy").files[0].tables["videos"]
    assert (sources["created_at"].order, sources["video_id"].order) == ("dmy", "ymd")


@pytest.mark.parametrize("name", mapping.shipped())
def test_shipped_mappings_survive_being_written_down(tmp_path: Path, name: str) -> None:
    known = mapping.named(name)
    (tmp_path / "m.toml").write_text(table_mapping.to_toml(known), encoding="utf-8")
    assert mapping.load(tmp_path / "m.toml") == known


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(str.strip)


@given(st.lists(names, min_size=1, max_size=3), st.lists(names, max_size=2), names)
def test_any_headers_survive_being_written_down(columns: list[str], missing: list[str], title: str) -> None:
    sources = {
        "video_id": Source((columns[0],), "id"),
        "description": Source(tuple(columns), "text", missing=tuple(missing)),
        "product_currency": Source(value=title),
    }
    known = Mapping(title, (FileMap("*", {"videos": sources}),), "douyin")
    import tomllib

    assert mapping.parse(tomllib.loads(table_mapping.to_toml(known)), "it") == known


def test_a_saved_mapping_is_found_for_the_next_file_of_its_kind(tmp_path: Path, space: Workspace) -> None:
    table = document(tmp_path, CHINESE)
    proposal = table_mapping.propose(table, tmp_path / "scratch")
    table_mapping.save(space, table_mapping.assemble(proposal.lines, "agency", "douyin"), "agency")
    assert table.path is not None
    looked = incoming.look(space, [table.path], tmp_path / "scratch")
    assert looked.suited == "agency"
    assert looked.only_tables
    assert "agency" in incoming.saved(space)
    assert incoming.load(space, "agency").name == "agency"


@pytest.mark.parametrize("name", ["../out", "a b", "", "smp-video", "x" * 61])
def test_a_name_that_is_no_name_is_refused(space: Workspace, name: str) -> None:
    known = table_mapping.assemble([Line("post", "", "videos.video_id")], "mine")
    with pytest.raises(BadInput):
        table_mapping.save(space, known, name)
    assert not list(space.path.rglob("*.toml"))


def test_what_cannot_be_recognised_says_why(tmp_path: Path, space: Workspace) -> None:
    (tmp_path / "page.json").write_text("<html>")
    (tmp_path / "good.csv").write_text("a,b\n1,2\n")
    looked = incoming.look(space, [tmp_path / "page.json", tmp_path / "good.csv"], tmp_path / "scratch")
    assert [(one.format, bool(one.problem)) for one in looked.found] == [("", True), ("csv", False)]
    assert not looked.only_tables
