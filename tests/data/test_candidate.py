"""What a person may say of a video, and the sentence that answers what cannot be."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtaf_core import limits
from mtaf_core.data.candidate import MAX_SHOWN_CHARS, Candidate, clean_tags, overrides, relations, shown
from mtaf_core.errors import BadInput
from mtaf_core.schema import BEFORE_RELEASE, Kind

UPLOAD = datetime(2024, 3, 10, 12, tzinfo=UTC)
NOW = datetime.now(UTC)
COUNTS = {"favorite_count": 5, "comment_count": 1, "share_count": 0}


def told(**says):
    return relations([Candidate(**says)], "douyin", 6, "Asia/Shanghai")


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ({"description": "x" * (limits.MAX_DESCRIPTION_CHARS + 1)}, "description has 5001 characters"),
        ({"description": 3}, "description must be text"),
        ({"tags": "ab"}, "hashtags must be a list"),
        ({"tags": tuple(map(str, range(limits.MAX_TAGS + 1)))}, "61 hashtags; give at most 60"),
        ({"tags": ("x" * 101,)}, "longer than 100 characters"),
        ({"upload_time": datetime(2024, 3, 1, 12)}, "needs a time zone"),
        ({"upload_time": "2024-03-01"}, "needs a time zone"),
        ({"upload_time": datetime(2009, 12, 31, tzinfo=UTC)}, "out of range"),
        ({"upload_time": NOW + timedelta(days=3 * 366)}, "out of range"),
        ({"uploader": {"follower_count": -1}}, "'follower_count' is -1"),
        ({"uploader": {"follower_count": 10**13}}, "'follower_count' is 10000000000000"),
        ({"uploader": {"follower_count": 1.5}}, "'follower_count' is 1.5; give a whole number"),
        ({"uploader": {"follower_count": "many"}}, "'follower_count' is 'many'; give a number"),
        ({"uploader": {"follower_count": True}}, "'follower_count' is 'True'; give a number"),
        ({"uploader": {"age": 200}}, "'age' is 200"),
        ({"uploader": {"is_verified": "yes"}}, "'is_verified' is 'yes'; give true or false"),
        ({"uploader": {"gender": 1}}, "'gender' is '1'; give text"),
        ({"uploader": {"fans": 1}}, "'fans' is no column of a KOL"),
        ({"video": {"duration_s": float("nan")}}, "'duration_s' is 'nan'; give a number"),
        ({"video": {"duration_s": 0}}, "'duration_s' is 0"),
        ({"video": {"width_px": 10**5}}, "'width_px' is 100000"),
        ({"video": {"poi_lat": 91}}, "'poi_lat' is 91"),
        ({"video": {"timezone": "Mars/Olympus"}}, "no time zone 'Mars/Olympus'"),
        ({"video": {"length": 3}}, "'length' is no column of a video"),
        ({"video": {"is_topped": True}}, "'is_topped' is known only after release"),
        ({"video": {"popularity_label": 1.0}}, "'popularity_label' is known only after release"),
        ({"snapshots": ({"favorite_count": 1},)}, "needs a day_index"),
        ({"snapshots": ({"day_index": 0, "favorite_count": 1},)}, "day_index 0; give days 1 to 6"),
        ({"snapshots": ({"day_index": -1, "favorite_count": 1},)}, "has day_index -1; give days 1 to 6"),
        ({"snapshots": ({"day_index": 7, "favorite_count": 1},)}, "has day_index 7; give days 1 to 6"),
        ({"snapshots": ({"day_index": 1, "favorite_count": -4},)}, "'favorite_count' is -4"),
        ({"snapshots": ({"day_index": 1},)}, "Day 1 has no favorite_count and no comment_count"),
        ({"snapshots": ({"day_index": 1, **COUNTS}, {"day_index": 1, **COUNTS})}, "two snapshots of day 1"),
        ({"snapshots": ({"day_index": 1, "favorite_count": 3},)}, "no comment_count and no share_count; give favorite"),
        ({"snapshots": ({"day_index": 1, "view_count": 5},)}, "0 where there are none"),
        ({"snapshots": ({"snapshot_date": "soon"},)}, "'snapshot_date' is 'soon'; give a date"),
        ({"snapshots": ({"snapshot_date": "2024-03-09"},), "upload_time": UPLOAD}, "day 0 of an upload on 2024-03-10"),
        ({"snapshots": ({"day_index": 1, "likes": 4},)}, "'likes' is no column of a snapshot"),
        ({"description": "glow \udce9"}, "The description holds characters that are not Unicode"),
        ({"tags": ("glow\udce9",)}, r"The hashtag 'glow\\udce9' holds characters that are not Unicode"),
        ({"uploader_id": "u\udce9"}, "'uploader_id' holds characters that are not Unicode"),
        ({"platform": "\ud83d"}, "'platform' holds characters that are not Unicode"),
        ({"uploader_id": 5}, "'uploader_id' is '5'; give text"),
        ({"uploader": {"gender": "\ud83d"}}, "'gender' holds characters that are not Unicode"),
        ({"video": {"upload_city": "\ud83d"}}, "'upload_city' holds characters that are not Unicode"),
        ({"video": {"timezone": "\ud83d"}}, "'timezone' holds characters that are not Unicode"),
        ({"snapshots": ({"day_index": 2, **COUNTS},)}, "lies ahead of now; give the right upload time"),
        ({"snapshots": ({"day_index": 1, **COUNTS},), "upload_time": NOW + timedelta(days=3)}, "lies ahead of now"),
        (
            {"snapshots": ({"day_index": 1, "snapshot_date": "2024-03-15", **COUNTS},), "upload_time": UPLOAD},
            "has day_index 1 and the date 2024-03-15, but that is day 6 of an upload on 2024-03-10",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence_that_names_it(says, sentence):
    with pytest.raises(BadInput, match=sentence) as caught:
        told(**says)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value).encode()) < 300


LONG = "x\n" * 50_000


@pytest.mark.parametrize(
    "says",
    [
        {"tags": (LONG,)},
        {"upload_time": LONG},
        {"uploader": {"gender": [LONG]}},
        {"uploader": {"is_verified": LONG}},
        {"uploader": {"follower_count": LONG}},
        {"uploader": {"follower_count": 10**5000}},
        {"uploader": {LONG: 1}},
        {"video": {"timezone": LONG[:4000]}},
        {"snapshots": ({"day_index": 10**300},)},
        {"snapshots": ({"snapshot_date": LONG},)},
        {"snapshots": ({"day_index": 1, LONG: 4},)},
    ],
)
def test_a_long_value_is_not_said_back_whole(says):
    with pytest.raises(BadInput) as caught:
        told(**says)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


@given(st.text(st.characters()))
def test_what_is_said_back_is_one_short_line_that_can_be_printed(text):
    said = shown(text)
    assert len(said) <= MAX_SHOWN_CHARS
    assert len(said.splitlines()) <= 1
    said.encode("utf-8")


def test_a_name_that_is_no_column_is_answered_with_the_nearest_ones():
    with pytest.raises(BadInput, match="'followers' is no column of a KOL; the nearest ones are follower_count"):
        told(uploader={"followers": 1})
    with pytest.raises(BadInput, match="'followers' is no feature of Table 1; the nearest ones are uploader_follower"):
        overrides(Candidate(features={"followers": 1}))


@pytest.mark.parametrize("date_of_day_two", ["2024-03-11", "2024-03-12"])  # the second day, and where its 24 h end
def test_a_date_and_an_index_may_name_the_same_day(date_of_day_two):
    day = {"day_index": 2, "snapshot_date": date_of_day_two, **COUNTS}
    assert told(upload_time=UPLOAD, snapshots=(day,))["days"].column("day").to_pylist() == [2]


def test_hashtags_lose_their_signs_and_doubles_and_keep_their_order():
    assert clean_tags(["#护肤", " summer sale ", "＃护肤", "##b", "", "#"]) == ["护肤", "summer sale", "b"]


def test_a_candidate_without_a_time_is_uploaded_now():
    (created,) = told()["candidate_videos"].column("created_at").to_pylist()
    assert abs(created - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_planned_video_may_lie_two_years_ahead():
    told(upload_time=NOW + timedelta(days=730))


def test_the_day_of_a_snapshot_is_counted_in_the_market_s_zone():
    late = datetime(2024, 3, 10, 20, tzinfo=UTC)  # 11 March in Shanghai
    days = told(upload_time=late, snapshots=({"snapshot_date": date(2024, 3, 11), **COUNTS},))["days"]
    assert days.column("day").to_pylist() == [1]


def test_ids_and_sources_in_a_file_about_a_kol_are_no_fault():
    relation = told(
        uploader={"platform": "tiktok", "uploader_id": "x", "source": "file", "age": None, "is_verified": 1}
    )
    assert relation["candidate_videos"].column("told_is_verified").to_pylist() == [True]


@pytest.mark.parametrize("column", [c for f in BEFORE_RELEASE for c in f.columns])
def test_every_feature_known_before_release_can_be_set_and_unset(column):
    (feature,) = (f for f in BEFORE_RELEASE if column in f.columns)
    value = {Kind.CATEGORY: "x", Kind.FLAG: True}.get(feature.kind, 3)
    assert overrides(Candidate(features={column: value})) == {
        column: "x" if feature.kind is Kind.CATEGORY else float(value)
    }
    (unset,) = overrides(Candidate(features={column: None})).values()
    assert unset is None if feature.kind is Kind.CATEGORY else np.isnan(unset)


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("video_favorite_count", 5, "known only after release"),
        ("video_topped", True, "known only after release"),
        ("video_quality", 5, "set video_width or video_height"),
        ("colour", "red", "'colour' is no feature of Table 1"),
        ("upload_hour", 24, "'upload_hour' is 24; give a whole number from 0 to 23"),
        ("upload_hour", 3.5, "whole number from 0 to 23"),
        ("upload_dayofweek", -1, "'upload_dayofweek' is -1"),
        ("uploader_follower", float("inf"), "'uploader_follower' is 'inf'; give a number"),
        ("uploader_follower", -1, "'uploader_follower' is -1"),
        ("video_product", "yes", "give true or false"),
        ("upload_city", ["Hangzhou"], "give text"),
        ("upload_city", "x" * 101, "longer than 100"),
    ],
)
def test_a_what_if_that_cannot_be_is_refused(column, value, sentence):
    with pytest.raises(BadInput, match=sentence):
        overrides(Candidate(features={column: value}))
