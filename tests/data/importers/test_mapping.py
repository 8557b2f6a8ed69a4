"""A mapping says what it means or is refused, with the place; those that are shipped read."""

import copy

import pytest

from mtaf_core.data.importers import mapping
from mtaf_core.errors import BadInput

GOOD = {
    "format": 1,
    "name": "agency",
    "platform": "douyin",
    "timezone": "Asia/Shanghai",
    "file": [
        {
            "pattern": "*.csv",
            "join": [{"pattern": "other.csv", "key": "id", "take": ["x"]}],
            "videos": {"video_id": "id", "duration_s": {"from": "ms", "as": "milliseconds"}},
            "vector": [{"modality": "audio", "backbone": "b", "video_id": "id", "numbers": ["n"]}],
        }
    ],
}


def spoilt(change):
    says = copy.deepcopy(GOOD)
    change(says, says["file"][0])
    return says


def test_a_good_mapping_reads_with_what_each_column_usually_is():
    found = mapping.parse(GOOD, "The mapping")
    videos = found.files[0].tables["videos"]
    assert (videos["video_id"].transform, videos["duration_s"].transform) == ("id", "milliseconds")
    assert found.file_for("some/folder/DAY.csv") is found.files[0]
    assert found.file_for("day.json") is None


@pytest.mark.parametrize("name", mapping.shipped())
def test_mappings_that_are_shipped_read(name):
    assert mapping.named(name).name == name


def test_three_mappings_are_shipped():
    assert mapping.shipped() == ("bilibili-daily", "smp-video", "tiktok-vn")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda m, f: m.update(format=2), "format = 1"),
        (lambda m, f: m.update(colour="red"), "'colour'"),
        (lambda m, f: m.update(timezone="Mars/Olympus"), "Mars/Olympus"),
        (lambda m, f: m.update(name=""), "name"),
        (lambda m, f: m.update(file=[]), r"\[\[file\]\]"),
        (lambda m, f: m.update(file=[{"pattern": "*"}]), "fills no table"),
        (lambda m, f: f.update(pattern="../secrets.csv"), "without folders"),
        (lambda m, f: f.update(pattern="/etc/passwd"), "without folders"),
        (lambda m, f: f["join"][0].update(pattern="..\\x.csv"), "without folders"),
        (lambda m, f: f.update(films={}), "'films'"),
        (lambda m, f: f.update(embeddings={"video_id": "id"}), "'embeddings'"),
        (lambda m, f: f["videos"].update(plays="n"), "'plays'"),
        (lambda m, f: f["videos"].update(source="n"), "'source'"),
        (lambda m, f: f["videos"].pop("video_id"), "needs 'video_id'"),
        (lambda m, f: f["videos"].update(description=3), "write a column's name"),
        (lambda m, f: f["videos"].update(description=[]), "'from'"),
        (lambda m, f: f["videos"].update(description={"from": "a", "value": "b"}), "either 'from' or 'value'"),
        (lambda m, f: f["videos"].update(description={"from": "a", "as": "sum"}), "'sum'"),
        (lambda m, f: f["videos"].update(description={"from": "a", "sql": "1"}), "'sql'"),
        (lambda m, f: f["videos"].update(description={"from": "a", "split": ","}), "only tag_name"),
        (lambda m, f: f["videos"].update(created_at={"from": "a", "order": "ydm"}), "ymd, dmy or mdy"),
        (lambda m, f: f["vector"][0].update(modality="smell"), "smell"),
        (lambda m, f: f["vector"][0].update(numbers=[]), "no numbers"),
    ],
)
def test_what_no_mapping_can_mean_is_refused_by_name(change, says):
    with pytest.raises(BadInput, match=says):
        mapping.parse(spoilt(change), "The mapping agency.toml")


def test_a_file_that_is_no_mapping_is_refused(tmp_path):
    (tmp_path / "m.toml").write_text("a = [", encoding="utf-8")
    with pytest.raises(BadInput, match="not TOML"):
        mapping.load(tmp_path / "m.toml")
    with pytest.raises(BadInput, match="cannot be read"):
        mapping.load(tmp_path / "none.toml")
    with pytest.raises(BadInput, match="no mapping 'x'"):
        mapping.named("x")
