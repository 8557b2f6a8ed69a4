"""What a person names becomes documents; what archives say of themselves is not believed."""

import gzip
import os
import struct
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mtaf_core import limits
from mtaf_core.data.importers.sources import documents
from mtaf_core.errors import BadInput


def write(path: Path, content: bytes = b"{}") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def zipped(path: Path, **entries: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def names(*paths: object) -> list[str]:
    return [document.name for document in documents(paths)]  # type: ignore[arg-type]


def content(path: Path) -> bytes:
    (document,) = documents([path])
    with document.open() as file:
        return file.read()


def test_a_file_is_itself_whatever_it_is_called(tmp_path):
    (document,) = documents([write(tmp_path / "export.dat", b"abc")])
    assert (document.name, document.size, document.path) == ("export.dat", 3, tmp_path / "export.dat")
    assert document.open().read() == b"abc"
    assert document.open().read() == b"abc", "a document can be opened again"


def test_a_folder_gives_its_data_by_name_and_leaves_the_rest(tmp_path):
    for name in (
        "b.json",
        "a/c.csv",
        "a/d.jsonl.gz",
        "clip.mp4",
        "readme.md",
        ".hidden.json",
        ".git/x.json",
        "~$a.xlsx",
    ):
        write(tmp_path / "data" / name)
    assert names(tmp_path / "data") == ["data/b.json", "data/a/c.csv", "data/a/d.jsonl.gz"]


def test_a_pattern_gives_what_it_matches_once(tmp_path):
    one = write(tmp_path / "1.json")
    write(tmp_path / "2.json")
    assert names(tmp_path / "*.json", one, tmp_path) == ["1.json", "2.json"]


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path):
    for name in ("a/posts.csv", "b/posts.csv", "b/other.csv"):
        write(tmp_path / name)
    assert names(tmp_path / "*" / "*.csv") == ["a/posts.csv", "other.csv", "b/posts.csv"]
    for name in ("a", "b"):
        zipped(tmp_path / name / "day.zip", **{"x.csv": name.encode()})
    both = documents([tmp_path / "a" / "day.zip", tmp_path / "b" / "day.zip", tmp_path / "a" / "day.zip"])
    assert [(one.name, one.open().read()) for one in both] == [("a/day.zip/x.csv", b"a"), ("b/day.zip/x.csv", b"b")]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_two_files(tmp_path):
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        archive.writestr("a.csv", "one")
        archive.writestr("a.csv", "two")
    assert sorted(document.open().read() for document in documents([tmp_path / "e.zip"])) == [b"one", b"two"]


def test_an_archive_in_an_archive_is_refused_and_not_passed_over(tmp_path):
    inner = zipped(tmp_path / "inner.zip", **{"a.csv": b"x"})
    path = zipped(tmp_path / "e.zip", **{"b.csv": b"x", "in/inner.zip": inner.read_bytes()})
    with pytest.raises(BadInput, match=r"e\.zip/in/inner\.zip is an archive inside an archive"):
        documents([path])


def test_an_archive_gives_its_data(tmp_path):
    path = zipped(
        tmp_path / "e.zip",
        **{"day1/p.json": b"[1]", "__MACOSX/p.json": b"", "a.mp4": b"", "p.csv.gz": gzip.compress(b"x")},
    )
    one, two = documents([path])
    assert (one.name, one.path) == ("e.zip/day1/p.json", None)
    assert one.open().read() == b"[1]"
    assert (two.suffix, two.open().read()) == (".csv", b"x")


def test_a_packed_file_comes_out_unpacked(tmp_path):
    assert content(write(tmp_path / "a.csv.gz", gzip.compress(b"a,b\n1,2\n"))) == b"a,b\n1,2\n"


def test_names_in_an_archive_lead_nowhere(tmp_path):
    path = zipped(tmp_path / "e.zip", **{"../../evil.json": b"[]", "/etc/evil.json": b"[]"})
    before = sorted(tmp_path.rglob("*"))
    for document in documents([path]):
        assert document.path is None
        assert document.open().read() == b"[]"
    assert sorted(tmp_path.rglob("*")) == before


def test_names_written_by_chinese_windows_are_shown_as_meant(tmp_path):
    path = zipped(tmp_path / "e.zip", **{"NAME.json": b"[]"})
    path.write_bytes(path.read_bytes().replace(b"NAME", "作品".encode("gbk")))
    assert names(path) == ["e.zip/作品.json"]


def test_the_time_of_an_entry_is_in_the_markets_zone_unless_it_says_utc(tmp_path):
    local = zipfile.ZipInfo("local.json", (2026, 5, 1, 20, 0, 0))
    stamped = zipfile.ZipInfo("stamped.json", (2026, 5, 1, 20, 0, 0))
    stamped.extra = struct.pack("<HHBi", 0x5455, 5, 1, int(datetime(2026, 5, 1, 3, tzinfo=UTC).timestamp()))
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        archive.writestr(local, b"")
        archive.writestr(stamped, b"")
    one, two = documents([tmp_path / "e.zip"], "Asia/Shanghai")
    assert one.modified == datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert two.modified == datetime(2026, 5, 1, 3, tzinfo=UTC)


def test_a_file_was_collected_when_it_was_last_changed(tmp_path):
    path = write(tmp_path / "a.json")
    os.utime(path, (1_770_000_000, 1_770_000_000))
    assert documents([path])[0].modified == datetime.fromtimestamp(1_770_000_000, UTC)


@pytest.mark.parametrize(
    ("name", "said"), [("missing.json", "There is no file"), ("*.json", "No file matches"), (".", "holds no data")]
)
def test_what_is_not_there_is_said(tmp_path, name, said):
    with pytest.raises(BadInput, match=said):
        documents([tmp_path / name])


def test_a_pipe_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(BadInput, match="neither a file nor a folder"):
        documents([tmp_path / "pipe.json"])


def test_a_file_that_may_not_be_read_is_said_before_anything_else(tmp_path, monkeypatch):
    write(tmp_path / "a.json")

    def refuse(self, *args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(BadInput, match="Permission denied"):
        documents([tmp_path / "a.json"])


def test_half_an_archive_is_said(tmp_path):
    path = zipped(tmp_path / "e.zip", **{"a.json": os.urandom(10_000)})
    path.write_bytes(path.read_bytes()[:5_000])
    with pytest.raises(BadInput, match="not a whole ZIP"):
        documents([path])
    write(tmp_path / "none.zip", b"no archive")
    with pytest.raises(BadInput, match="not a ZIP"):
        documents([tmp_path / "none.zip"])


def test_a_damaged_entry_is_said_when_it_is_read(tmp_path):
    path = zipped(tmp_path / "e.zip", **{"a.json": bytes(range(256)) * 200})
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(BadInput, match=r"e.zip/a.json is cut off or damaged"):
        content(path)


def test_half_a_packed_file_is_said(tmp_path):
    with pytest.raises(BadInput, match="cut off or damaged"):
        content(write(tmp_path / "a.csv.gz", gzip.compress(os.urandom(100_000))[:50_000]))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "FREE_UNPACKED_BYTES", 1_000_000)
    with pytest.raises(BadInput, match="bomb"):
        documents([zipped(tmp_path / "e.zip", **{"a.json": bytes(3_000_000)})])


def test_a_packed_bomb_is_refused_while_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "FREE_UNPACKED_BYTES", 1_000_000)
    with pytest.raises(BadInput, match="bomb"):
        content(write(tmp_path / "a.csv.gz", gzip.compress(bytes(3_000_000))))
    inside = zipped(tmp_path / "e.zip", **{"a.csv.gz": gzip.compress(bytes(3_000_000))})
    with pytest.raises(BadInput, match="bomb"):
        content(inside)


def test_an_archive_of_too_much_is_refused(tmp_path, monkeypatch):
    path = zipped(tmp_path / "e.zip", **{"a.json": b"12345", "b.json": b"12345"})
    monkeypatch.setattr(limits, "MAX_UNPACKED_BYTES", 9)
    with pytest.raises(BadInput, match="unpacks to more than"):
        documents([path])
    monkeypatch.setattr(limits, "MAX_IMPORT_FILES", 1)
    with pytest.raises(BadInput, match="more than 1 files"):
        documents([path])


def test_a_locked_archive_is_said(tmp_path):
    path = zipped(tmp_path / "e.zip", **{"a.json": b"[]"})
    data = path.read_bytes()
    at = data.index(b"PK\x01\x02") + 8
    path.write_bytes(data[:at] + b"\x01" + data[at + 1 :])
    with pytest.raises(BadInput, match="password"):
        documents([path])
