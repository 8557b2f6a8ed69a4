"""Which past videos are most like a release, by what they hold, by the facts around them, and by both."""

from datetime import UTC, datetime

import numpy as np
import pytest

from mtaf_core.content.extract import Content
from mtaf_core.data.frame import Candidate, embedding_matrix, market_frame
from mtaf_core.insight import kin
from mtaf_core.insight.forecast import Forecaster
from mtaf_core.schema import CONTENT_MODALITIES

NOTHING = Content(None, dict.fromkeys(CONTENT_MODALITIES))


@pytest.fixture(scope="module")
def forecaster(demo):
    return Forecaster(demo, device="cpu")


@pytest.fixture(scope="module")
def frame(demo):
    return market_frame(demo.store, timezone=demo.info.timezone)


@pytest.fixture(scope="module")
def past(demo, forecaster, frame):
    """A video of the market as if it were planned anew: its content, its release, its id."""
    row = len(frame) // 2
    names = forecaster.bundle.manifest.backbone_names
    facts = frame.facts.iloc[[row]]
    vectors = {m: embedding_matrix(demo.store, facts, m, names[m]) for m in CONTENT_MODALITIES}
    content = Content(None, {m: None if v is None else np.asarray(v)[0] for m, v in vectors.items()})
    one = demo.store.query(
        "SELECT * FROM videos WHERE video_id = ?", [facts["video_id"].iloc[0]]
    ).to_pylist()[0]  # fmt: skip
    tags = demo.store.query("SELECT tag_name FROM video_tags WHERE video_id = ?", [one["video_id"]])
    release = Candidate(
        description=one["description"] or "", tags=tuple(tags["tag_name"].to_pylist()), uploader_id=one["uploader_id"],
        upload_time=one["created_at"].replace(tzinfo=UTC),
        video={name: one[name] for name in ("has_product_link", "upload_city", "duration_s", "width_px", "height_px")},
    )  # fmt: skip
    return content, release, one["video_id"]


@pytest.mark.parametrize("by", ["both", "content", "context"])
def test_a_video_of_the_market_is_most_like_itself(demo, forecaster, frame, past, by):
    content, release, own = past
    found = kin.kin(forecaster.case(content, release), demo, by)
    assert found.videos[0].video_id == own
    likeness = [video.likeness for video in found.videos]
    assert likeness == sorted(likeness, reverse=True)
    assert found.compared == kin.COMPARED
    assert found.median == pytest.approx(np.median(frame.score[np.isfinite(frame.score)]))
    assert 0 <= found.beat <= 1


def test_both_is_the_mean_of_the_two_sides(demo, forecaster, past):
    content, release, _ = past
    for video in kin.kin(forecaster.case(content, release), demo).videos:
        assert video.likeness == pytest.approx((video.content + video.context) / 2)


def test_context_alone_finds_kols_of_its_own_size(demo, forecaster, past):
    _, release, _ = past
    case = forecaster.case(NOTHING, release)
    assert kin.kin(case, demo, "content") is None
    found = kin.kin(case, demo)
    assert all(video.content is None for video in found.videos)
    followers = demo.store.query(
        "SELECT ln(follower_count + 1) AS f FROM uploaders WHERE uploader_id = ?", [release.uploader_id]
    )["f"][0].as_py()  # fmt: skip
    alike = demo.store.query(
        f"""SELECT ln(follower_count + 1) AS f FROM videos JOIN uploaders USING (platform, uploader_id)
            WHERE video_id IN ({", ".join(f"'{v.video_id}'" for v in found.videos)})"""
    )["f"].to_numpy()  # fmt: skip
    every = demo.store.query("SELECT ln(follower_count + 1) AS f FROM uploaders")["f"].to_numpy()
    assert np.abs(alike - followers).mean() < 0.6 * np.abs(every - followers).mean()


def test_the_facts_of_a_workspace_without_a_study_are_the_same(demo, forecaster, past, monkeypatch):
    content, release, _ = past
    case = forecaster.case(content, release)
    studied = kin.kin(case, demo, "context")
    monkeypatch.setattr(kin.market, "find", lambda workspace: None)
    assert [v.video_id for v in kin.kin(case, demo, "context").videos] == [v.video_id for v in studied.videos]


def test_a_release_of_which_nothing_is_known_is_compared_by_its_time_alone(demo, forecaster):
    bare = Candidate(upload_time=datetime(2026, 10, 31, 12, tzinfo=UTC))
    found = kin.kin(forecaster.case(NOTHING, bare), demo, "context")
    assert found is not None
    assert found.compared == kin.COMPARED
