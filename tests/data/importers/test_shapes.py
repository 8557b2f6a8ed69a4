"""Records are found in any envelope; what is none is said."""

import json

import pytest
from given_records import (
    all_rows,
    apify_item,
    douyin_post,
    douyin_profile,
    read,
    rejections,
    research_video,
    rows,
    tiktok_app_post,
    tiktok_web_post,
    tiktok_web_profile,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from mtaf_core.data.importers.recognise import JSON_FORMATS
from mtaf_core.data.importers.rows import Parsed
from mtaf_core.data.tables import TABLES
from mtaf_core.errors import BadInput

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
RECORDS = {
    "douyin": douyin_post(),
    "tiktok": tiktok_web_post(),
    "apify": apify_item(),
    "research-api": research_video(),
}


@pytest.mark.parametrize(
    "wrap",
    [
        lambda post: post,
        lambda post: [post],
        lambda post: {"aweme_detail": post},
        lambda post: {"data": {"aweme_detail": post}},
        lambda post: {"aweme_list": [post], "has_more": 1},
        lambda post: {"data": [{"type": 1, "aweme_info": post}]},
        lambda post: [{"status_code": 0, "aweme_list": [post]}],
        lambda post: json.dumps(post) + "\n",
        lambda post: {"collector": [post]},
        lambda post: {"code": 200, "data": {"data": {"videos": [post]}}},
    ],
)
def test_a_post_is_found_in_every_envelope(wrap):
    assert [row["video_id"] for row in rows(wrap(douyin_post()), "videos")] == ["7500000000000000123"]


def test_one_file_may_hold_posts_and_profiles_of_several_formats():
    mixed = [
        douyin_post(),
        {"user": douyin_profile()},
        {"userInfo": tiktok_web_profile()},
        tiktok_app_post(),
        apify_item(),
    ]
    found = [(row.table, row.values["source"]) for row in all_rows(mixed) if row.table in ("videos", "uploaders")]
    assert found == [
        ("videos", "douyin"),
        ("uploaders", "douyin"),
        ("uploaders", "douyin"),
        ("uploaders", "tiktok"),
        ("videos", "tiktok"),
        ("uploaders", "tiktok"),
        ("videos", "apify"),
        ("uploaders", "apify"),
    ]


def test_every_row_fits_its_table():
    for content in (*RECORDS.values(), douyin_profile(), tiktok_app_post(), tiktok_web_profile()):
        for row in all_rows(content):
            table = TABLES[row.table]
            assert set(row.values) <= set(table.columns)
            assert set(table.keys) <= set(row.values)
            assert None not in row.values.values()


def test_what_is_no_record_is_rejected_with_its_line():
    content = "\n".join(json.dumps(one) for one in (douyin_post(), {"comment": "nice"}, 7))
    assert [(found.line, found.value) for found in rejections(content)] == [(2, "{comment}"), (3, "7")]


def test_a_file_without_a_record_is_refused():
    with pytest.raises(BadInput, match="no post or profile"):
        read({"comments": [{"text": "nice"}]})


def test_the_page_after_the_last_is_no_fault():
    assert read({"aweme_list": [], "has_more": 0}) == []
    assert read({"data": {"videos": None}}) == []


def test_ids_that_lost_their_digits_together_are_refused():
    videos = [research_video(id=7094000000000000000 + n * 1000) for n in range(1, 4)]
    with pytest.raises(BadInput, match="rounded"):
        read({"data": {"videos": videos}})
    assert len(read({"data": {"videos": videos[:2]}})) == 2
    as_text = [research_video(id=str(video["id"])) for video in videos]
    assert len(read({"data": {"videos": as_text}})) == 3, "what is written as text has not been through a float"


@pytest.mark.parametrize("format", RECORDS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_a_field_holds_the_record_is_read_or_rejected(format, data):
    record = json.loads(json.dumps(RECORDS[format]))
    name = data.draw(st.sampled_from(sorted(record)))
    if isinstance(record[name], dict) and data.draw(st.booleans()):
        record[name][data.draw(st.sampled_from(sorted(record[name])))] = data.draw(JSON)
    else:
        record[name] = data.draw(JSON)
    for found in read([record, RECORDS[format]], format):
        for row in found.rows if isinstance(found, Parsed) else ():
            assert set(TABLES[row.table].keys) <= set(row.values)


def test_every_format_is_tried_here_or_in_its_own_tests():
    assert set(JSON_FORMATS) == {*RECORDS, "tiktok-scraper", "ytdlp"}
