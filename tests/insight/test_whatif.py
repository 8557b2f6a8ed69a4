"""Edits are named by Table 1 and mean the same everywhere."""

from datetime import datetime, timedelta

import pytest

from mtaf_core.content.take import Take
from mtaf_core.data.frame import Candidate
from mtaf_core.errors import BadInput
from mtaf_core.insight.hashtags import parse_tags
from mtaf_core.insight.whatif import editable, edited, parse_time, retaken
from mtaf_core.schema import AFTER_RELEASE, BEFORE_RELEASE

ZONE = "Asia/Shanghai"


def test_every_feature_known_before_release_can_be_edited_and_none_of_the_others():
    assert {column for f in BEFORE_RELEASE for column in f.columns} <= set(editable())
    for feature in AFTER_RELEASE:
        with pytest.raises(BadInput, match="after release"):
            edited(Candidate(), feature.name, "1", ZONE)


def test_an_edit_changes_one_thing_and_leaves_the_original_alone():
    before = Candidate(description="old", tags=("a",))
    after = edited(before, "video_product", "true", ZONE)
    assert after.features == {"video_product": True}
    assert (after.description, after.tags) == ("old", ("a",))
    assert before.features == {}


def test_free_fields_are_edited_by_their_own_names():
    assert edited(Candidate(), "description", "new", ZONE).description == "new"
    assert edited(Candidate(), "tags", "#a，#b", ZONE).tags == ("a", "b")
    assert edited(Candidate(uploader={"age": 3}), "uploader", "u1", ZONE).uploader_id == "u1"


def test_a_time_without_an_offset_is_the_markets():
    assert parse_time("2026-11-11T20:00", ZONE).utcoffset() == timedelta(hours=8)
    assert parse_time("2026-11-11T20:00+00:00", ZONE) == datetime.fromisoformat("2026-11-11T20:00+00:00")
    with pytest.raises(BadInput, match="half past"):
        parse_time("half past eight", ZONE)


def test_an_hour_or_a_weekday_moves_the_upload_time_where_there_is_one():
    planned = Candidate(upload_time=datetime.fromisoformat("2026-11-11T20:15:00+00:00"))  # Thursday 04:15 in Shanghai
    moved = edited(edited(planned, "upload_hour", "21", ZONE), "upload_dayofweek", "2", ZONE)
    assert moved.upload_time.isoformat() == "2026-11-18T21:15:00+08:00"  # the next Wednesday
    assert moved.features == {}
    assert edited(Candidate(), "upload_hour", "21", ZONE).features == {"upload_hour": 21}
    assert edited(planned, "upload_hour", "31", ZONE).features == {"upload_hour": 31}, (
        "left to be refused with a reason"
    )
    assert edited(planned, "upload_hour", "", ZONE).features == {"upload_hour": None}
    out = Candidate(upload_time=planned.upload_time, snapshots=({"day_index": 1, "favorite_count": 3},))
    assert edited(out, "upload_hour", "21", ZONE).upload_time == out.upload_time


def test_an_empty_value_means_unknown_and_a_wrong_one_is_named():
    assert edited(Candidate(), "uploader_age", " ", ZONE).features == {"uploader_age": None}
    with pytest.raises(BadInput, match="uploader_age.*old"):
        edited(Candidate(), "uploader_age", "old", ZONE)
    with pytest.raises(BadInput, match="video_width or video_height"):
        edited(Candidate(), "video_quality", "720", ZONE)


def test_hashtags_are_read_the_way_people_type_them():
    assert parse_tags("#skincare #glow, summer sale，护肤、#skincare") == ("skincare", "glow", "summer sale", "护肤")
    assert parse_tags("  ") == ()


def test_a_take_is_edited_as_a_whole_whatever_the_order():
    take = Take("ab", 0.0, 9.0)
    assert retaken(take, {"start": "12", "end": "20", "upload_hour": "3"}) == Take("ab", 12.0, 20.0)
    assert retaken(take, {"end": "", "mute": "yes"}) == Take("ab", muted=True)
    assert retaken(Take("ab", 3.0, muted=True), {"start": "", "mute": ""}) == Take("ab")
    assert retaken(take, {}) == take
    with pytest.raises(BadInput, match="end at second 9 when it begins at 12"):
        retaken(take, {"start": "12"})
