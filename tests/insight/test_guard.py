"""Guard rails: what cannot be is refused, what is unlike the market is marked with its range, the rest is let be."""

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mtaf_core.content.extract import Content
from mtaf_core.content.media import Clip
from mtaf_core.data.frame import Candidate, market_frame
from mtaf_core.errors import BadInput
from mtaf_core.insight import guard
from mtaf_core.insight.forecast import Forecaster
from mtaf_core.insight.guard import Mark
from mtaf_core.insight.whatif import edited
from mtaf_core.schema import AFTER_RELEASE, CONTENT_MODALITIES, FEATURE

WHEN = datetime(2026, 10, 31, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def forecaster(demo):
    return Forecaster(demo, device="cpu")


@pytest.fixture(scope="module")
def known(demo):
    return guard.ranges(demo)


@pytest.fixture(scope="module")
def usual(demo):
    """A release as the market has thousands: nothing about it is unusual."""
    facts = market_frame(demo.store, timezone=demo.info.timezone).facts.iloc[-1]
    return Candidate(uploader_id=facts["uploader_id"], tags=tuple(facts["tags"]), upload_time=WHEN)


def marks(forecaster, candidate, content=None):
    return {mark.field: mark for mark in guard.examine(forecaster, candidate, content)}


def clip_of(seconds):
    clip = Clip(Path("a.mp4"), "0" * 64, seconds, 270, 480, 12.0, None, (), None)
    return Content(clip, dict.fromkeys(CONTENT_MODALITIES))


def test_what_the_market_has_is_not_marked(forecaster, usual):
    assert guard.examine(forecaster, usual) == ()


def test_a_number_past_the_market_says_the_range_seen(forecaster, known):
    least, most = known.ends["uploader_follower"]
    above = marks(forecaster, Candidate(uploader={"follower_count": 250_000_000}, upload_time=WHEN))
    assert above == {"uploader_follower": Mark("uploader_follower", False, "above", 250e6, least, most)}
    assert guard.sentence(above["uploader_follower"]) == "Followers 250M: the market's largest is 4.9M."
    assert guard.sentence(above["uploader_follower"], "zh") == "粉丝数 2.5亿：本市场最大为 485万。"
    below = marks(forecaster, Candidate(uploader={"follower_count": 3}, upload_time=WHEN))
    assert guard.sentence(below["uploader_follower"]) == "Followers 3: the market's smallest is 4k."


@given(share=st.floats(0, 1), column=st.sampled_from(["uploader_follower", "uploader_age", "video_duration"]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_number_within_the_market_is_marked(forecaster, known, usual, share, column):
    least, most = known.ends[column]
    inside = dataclasses.replace(usual, features={column: float(round(least + share * (most - least)))})
    assert guard.examine(forecaster, inside) == ()
    for wrong in (most + 1, max(least - 1, 1)):
        outside = dataclasses.replace(usual, features={column: float(round(wrong))})
        assert {mark.field for mark in guard.examine(forecaster, outside)} == {column}


def test_words_nobody_knows_are_marked(forecaster, usual):
    odd = dataclasses.replace(usual, tags=("护肤", "zzz-nobody"), video={"upload_city": "Atlantis"})
    found = marks(forecaster, odd)
    assert guard.sentence(found["upload_city"]).startswith("'Atlantis' is no city this market knows")
    assert found[guard.TAGS].value[-1] == "zzz-nobody"
    assert "#zzz-nobody" in guard.sentence(found[guard.TAGS])


def test_times_outside_of_the_market_are_marked(forecaster, known, usual):
    early = dataclasses.replace(usual, upload_time=datetime(2012, 1, 1, tzinfo=UTC))
    assert marks(forecaster, early)[guard.TIME].reason == "early"
    late = dataclasses.replace(usual, upload_time=known.last + guard.STALE + timedelta(days=1))
    assert marks(forecaster, late)[guard.TIME].reason == "late"
    assert known.last.date().isoformat() in guard.sentence(marks(forecaster, late)[guard.TIME])


def test_a_release_before_the_kols_first_video_is_marked(demo, forecaster):
    row = demo.store.query(
        "SELECT uploader_id, min(created_at) AS first FROM videos GROUP BY 1 ORDER BY first DESC, 1 LIMIT 1"
    ).to_pylist()[0]
    before = Candidate(uploader_id=row["uploader_id"], upload_time=row["first"] - timedelta(days=2))
    assert marks(forecaster, before)[guard.TIME].reason == "before_kol"
    after = dataclasses.replace(before, upload_time=row["first"] + timedelta(hours=1))
    assert guard.TIME not in marks(forecaster, after)


@pytest.mark.parametrize(
    ("candidate", "field", "words"),
    [
        (Candidate(uploader={"age": 400}), "uploader_age", "0 to 120"),
        (Candidate(uploader={"follower_count": -1}), "uploader_follower", "cannot be -1"),
        (Candidate(features={"upload_hour": 24}), "upload_hour", "0 to 23"),
        (Candidate(video={"duration_s": 5_000}), "video_duration", "3.6k s"),
        (Candidate(video={"is_topped": True}), "video_topped", "only after release"),
        (Candidate(features={"video_favorite_count": 5}), "video_favorite_count", "only after release"),
        (
            Candidate(features={"tag_total_view_count": 5, "tag_total_user_count": 10, "video_tag_count": 2}),
            "tag_total_view_count", "when hashtag users are 10",
        ),
        (Candidate(features={"tag_total_user_count": 7}), "tag_total_user_count", "without hashtags"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(forecaster, candidate, field, words):
    found = marks(forecaster, candidate)
    assert found[field].impossible
    with pytest.raises(BadInput, match=words):
        guard.refuse(tuple(found.values()))
    assert guard.sentence(found[field], "zh")


def test_a_clip_can_be_cut_and_not_drawn_out(forecaster, usual):
    content = clip_of(12.0)
    for seconds, impossible in ((11.0, False), (12.05, False), (13.0, True)):
        found = marks(forecaster, dataclasses.replace(usual, features={"video_duration": seconds}), content)
        assert any(mark.impossible for mark in found.values()) == impossible
    assert "the clip lasts 12 s" in guard.sentence(found["video_duration"])


def test_what_was_refused_of_one_is_no_matter_of_another(forecaster, usual):
    city = dataclasses.replace(usual, video={"upload_city": "Atlantis"})
    assert [len(one) for one in guard.examine_many(forecaster, [usual, city, usual])] == [0, 1, 0]
    guard.refuse(guard.examine(forecaster, city))


def test_facts_after_release_are_not_editable():
    for feature in AFTER_RELEASE:
        assert FEATURE[feature.name] is feature
        with pytest.raises(BadInput, match="only after release"):
            edited(Candidate(), feature.columns[0], "1", "Asia/Shanghai")
