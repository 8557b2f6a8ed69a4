from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtaf_core.data.frame import (
    Candidate,
    candidate_frame,
    day_scores,
    embedding_matrix,
    main_platform,
    market_frame,
    popularity_score,
    tier_sql,
    tiers,
)
from mtaf_core.data.store import Store
from mtaf_core.errors import BadInput, BadWorkspace
from mtaf_core.schema import SERIES_CHANNELS, Modality

UPLOAD = datetime(2024, 3, 10, 12, tzinfo=UTC)
VIDEO = {"video_id": "v", "created_at": UPLOAD}
FAVORITE, COMMENT, SHARE = (SERIES_CHANNELS.index(f"{name}_count") for name in ("favorite", "comment", "share"))


def counted(day, favorite=None, comment=None, share=None, **more):
    counts = {"favorite_count": favorite, "comment_count": comment, "share_count": share}
    return {"video_id": "v", "snapshot_date": UPLOAD.date() + timedelta(days=day), "day_index": day, **counts, **more}


def test_the_popularity_score_is_equation_1():
    assert popularity_score(100, 10, 2) == pytest.approx(0.2 * 100 + 0.3 * 10 + 0.5 * 2)
    np.testing.assert_allclose(popularity_score([1, 10], [0, np.nan], [0, 1]), [0.2, np.nan])


def test_days_before_the_horizon_are_the_series_and_the_horizon_is_the_score(store, fill):
    fill(
        store, videos=[VIDEO], snapshots=[counted(1, 10, 1, 0), counted(3, 30), counted(6, 100, 10, 2), counted(7, 999)]
    )
    frame = market_frame(store, horizon_day=6)
    assert frame.series.shape == (1, 5, len(SERIES_CHANNELS))
    assert (frame.series.dtype, frame.score.dtype, frame.observed.dtype) == (np.float32, np.float64, np.bool_)
    np.testing.assert_array_equal(frame.series[0, :, FAVORITE], [10, np.nan, 30, np.nan, np.nan])
    np.testing.assert_array_equal(frame.observed, [[True, False, False, False, False]])  # likes alone are not a score
    np.testing.assert_allclose(frame.score, [24.0])
    early = market_frame(store, horizon_day=3)
    assert early.series.shape[1] == 2
    assert np.isnan(early.score).all()  # likes alone are not a score


@pytest.mark.parametrize(
    "known", [{"is_topped": True}, {"view_count": 5}, {"favorite": 3}, {"favorite": 3, "comment": 0, "view_count": 9}]
)
def test_a_day_whose_score_is_unknown_is_not_observed(store, fill, known):
    fill(store, videos=[VIDEO], snapshots=[counted(1, **known)])
    frame = market_frame(store)
    assert np.isfinite(frame.series[0, 0]).any()
    assert not frame.observed.any()


def test_a_snapshot_that_does_not_say_its_day_counts_from_the_upload_date_of_the_market(store, fill):
    late = {**VIDEO, "created_at": datetime(2024, 3, 10, 20, tzinfo=UTC)}  # 11 March in Shanghai
    fill(store, videos=[late], snapshots=[{**counted(0, 5), "snapshot_date": date(2024, 3, 12), "day_index": None}])
    np.testing.assert_array_equal(
        market_frame(store, timezone="Asia/Shanghai").series[0, :3, FAVORITE], [np.nan, 5, np.nan]
    )
    np.testing.assert_array_equal(market_frame(store, timezone="UTC").series[0, :3, FAVORITE], [np.nan, np.nan, 5])


def test_of_two_snapshots_of_one_day_the_later_known_count_stands(store, fill):
    later = {**counted(1, 12), "snapshot_date": UPLOAD.date() + timedelta(days=2)}
    fill(store, videos=[VIDEO], snapshots=[counted(1, 10, 1), later])
    series = market_frame(store).series[0, 0]
    assert (series[FAVORITE], series[COMMENT]) == (12, 1)


def test_a_ready_made_label_stands_where_a_data_set_has_no_counts(store, fill):
    fill(store, videos=[{**VIDEO, "popularity_label": 3.0}, {"video_id": "w", "created_at": UPLOAD}])
    np.testing.assert_allclose(market_frame(store).score, [np.expm1(3.0), np.nan])
    fill(store, snapshots=[counted(6, 100, 10, 2)])
    np.testing.assert_allclose(market_frame(store).score, [24.0, np.nan])


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
@pytest.mark.parametrize("day", [3, 6])
def test_scores_of_a_day_are_those_of_the_frame(store, fill, market, zone, day):
    """By their day, by their date alone, and by a label."""
    rows = market(5, 40, 6)
    for i, row in enumerate(rows["snapshots"]):
        row["day_index"] = row["day_index"] if i % 3 else None
    fill(store, **rows)
    labelled = {"created_at": UPLOAD, "uploader_id": "u1", "popularity_label": 3.0}
    fill(store, videos=[{"video_id": "label", **labelled}, {"video_id": "none", "created_at": UPLOAD}])
    frame = market_frame(store, day, zone)
    known = np.isfinite(frame.score)
    assert 20 < known.sum() < len(frame)
    np.testing.assert_allclose(day_scores(store, day, zone), frame.score[known], rtol=1e-12)
    own = known & (frame.facts["uploader_id"] == "u1").to_numpy()
    np.testing.assert_allclose(day_scores(store, day, zone, ("douyin", "u1")), frame.score[own], rtol=1e-12)
    assert len(day_scores(store, day, zone, ("tiktok", "u1"))) == 0


def test_scores_of_a_day_follow_the_tables_and_refuse_what_a_frame_does(store, fill):
    assert day_scores(store).shape == (0,)
    fill(store, videos=[VIDEO], snapshots=[counted(6, 100, 10, 2)])
    assert day_scores(store).tolist() == [24.0]
    with pytest.raises(BadInput, match="no time zone"):
        day_scores(store, timezone="Mars/Olympus'")
    with pytest.raises(BadInput, match="horizon is day 1"):
        day_scores(store, 1)
    fill(store, videos=[{**VIDEO, "timezone": "Mars/Olympus"}], snapshots=[{**counted(5), "day_index": None}])
    with pytest.raises(BadWorkspace, match="time zone that does not exist"):
        day_scores(store, 5)


def test_truncating_forgets_later_days_and_leaves_the_rest(small_market):
    frame = market_frame(small_market)
    early = frame.truncate(2)
    np.testing.assert_array_equal(early.series[:, :2], frame.series[:, :2])
    assert np.isnan(early.series[:, 2:]).all()
    assert not early.observed[:, 2:].any()
    assert frame.observed[:, 2:].all()  # the frame it came from is as it was
    np.testing.assert_array_equal(early.score, frame.score)
    assert np.isnan(frame.truncate(0).series).all()


@pytest.mark.parametrize("index", [[3, 1, 1], slice(2, 5), np.arange(60) % 7 == 0])
def test_taking_rows_keeps_facts_series_and_score_together(small_market, index):
    frame = market_frame(small_market)
    some = frame.take(index)
    rows = np.arange(len(frame))[index]
    assert len(some) == len(rows)
    assert list(some.facts["video_id"]) == list(frame.facts["video_id"].iloc[rows])
    assert list(some.facts.index) == list(range(len(rows)))
    np.testing.assert_array_equal(some.series, frame.series[rows])
    np.testing.assert_array_equal(some.score, frame.score[rows])


def as_candidates(store):
    """Every video of the market, told as if it were not in it."""
    settled = {"platform", "video_id", "uploader_id", "created_at", "description", "source", "collected_at"}
    after = {"is_topped", "popularity_label"}
    days = {}
    for row in store.query("SELECT * FROM snapshots").to_pylist():
        days.setdefault(row["video_id"], []).append(row)
    rows = {row["video_id"]: row for row in store.query("SELECT * FROM videos").to_pylist()}
    for fact in market_frame(store).facts.itertuples():
        row = rows[fact.video_id]
        yield Candidate(
            platform=row["platform"],
            description=row["description"] or "",
            tags=tuple(fact.tags),
            uploader_id=row["uploader_id"],
            upload_time=row["created_at"],
            video={name: value for name, value in row.items() if name not in settled | after},
            snapshots=tuple(days[fact.video_id]),
        )


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_a_video_of_the_market_told_as_a_candidate_has_the_very_same_facts(small_market, zone):
    known = market_frame(small_market, timezone=zone)
    asked = candidate_frame(small_market, list(as_candidates(small_market)), timezone=zone)
    told = known.facts.assign(description=known.facts["description"].fillna("").astype(object))
    pd.testing.assert_frame_equal(asked.facts.drop(columns="video_id"), told.drop(columns="video_id"), check_exact=True)
    np.testing.assert_array_equal(asked.series, known.series)
    np.testing.assert_array_equal(asked.observed, known.observed)
    np.testing.assert_array_equal(asked.score, known.score)


def test_candidates_come_in_the_order_given(small_market):
    names = [f"number {i}" for i in range(40)]
    frame = candidate_frame(small_market, [Candidate(description=name) for name in names])
    assert list(frame.facts["description"]) == names
    assert set(frame.facts["video_id"]) == {None}


def test_no_candidate_is_an_empty_frame_and_an_empty_workspace_answers_too(store):
    assert len(candidate_frame(store, [])) == 0
    frame = candidate_frame(store, [Candidate(tags=("a", "#b"))])
    assert frame.facts["platform"].tolist() == ["douyin"]
    assert frame.facts["video_tag_count"].tolist() == [2]
    assert frame.facts["text"].tolist() == ["#a #b"]


def test_what_a_person_tells_of_a_kol_goes_before_all_records(small_market):
    told = Candidate(uploader_id="u1", uploader={"follower_count": 7, "gender": "male"}, upload_time=UPLOAD)
    plain = Candidate(uploader_id="u1", upload_time=UPLOAD)
    frame = candidate_frame(small_market, [told, plain])
    assert frame.facts["uploader_follower"][0] == 7
    assert frame.facts["uploader_gender"].tolist() == ["male", "female"]
    assert frame.facts["uploader_favorited"][0] == frame.facts["uploader_favorited"][1] > 0


def test_a_kol_nobody_knows_needs_numbers(small_market):
    with pytest.raises(BadInput, match=r"No KOL 'nobody' in this workspace; .* --uploader-json"):
        candidate_frame(small_market, [Candidate(uploader_id="u1"), Candidate(uploader_id="nobody")])
    frame = candidate_frame(small_market, [Candidate(uploader_id="nobody", uploader={"follower_count": 12})])
    assert frame.facts["uploader_follower"][0] == 12


def test_a_kol_known_by_videos_alone_is_known(store, fill):
    fill(store, videos=[{**VIDEO, "uploader_id": "u"}])
    assert np.isnan(candidate_frame(store, [Candidate("douyin", uploader_id="u")]).facts["uploader_follower"][0])


def test_what_if_sets_a_feature_whatever_the_rest_says(small_market):
    edit = {"upload_hour": 3, "uploader_follower": 5e6, "video_product": True, "upload_city": None, "video_width": None}
    plain, edited = Candidate(uploader_id="u1"), Candidate(uploader_id="u1", features={**edit, "uploader_rating": 4})
    facts = candidate_frame(small_market, [plain, edited]).facts
    assert facts.loc[1, ["upload_hour", "uploader_follower", "video_product"]].tolist() == [3.0, 5e6, 1.0]
    assert facts.loc[1, "uploader_rating"] == "4"
    assert facts.loc[1, "upload_city"] is None
    assert np.isnan(facts.loc[1, "video_width"])
    assert facts.loc[0, "uploader_follower"] != 5e6
    assert facts["upload_hour"].dtype == np.float64


def test_the_same_question_after_a_commit_sees_what_is_new(store, fill):
    asked = [Candidate("douyin", uploader_id="u", upload_time=UPLOAD)]
    for followers in (10, 20):
        fill(store, uploaders=[{"uploader_id": "u", "follower_count": followers}])
        for _ in range(2):
            assert candidate_frame(store, asked).facts["uploader_follower"][0] == followers


def test_edits_in_any_order_never_mix(small_market):
    one, other = Candidate(uploader_id="u1", upload_time=UPLOAD), Candidate(uploader_id="u2", upload_time=UPLOAD)
    first = candidate_frame(small_market, [one]).facts["uploader_follower"][0]
    candidate_frame(small_market, [Candidate(uploader_id="u1", upload_time=UPLOAD, features={"uploader_follower": 1})])
    assert candidate_frame(small_market, [other]).facts["uploader_follower"][0] != first
    assert candidate_frame(small_market, [one]).facts["uploader_follower"][0] == first
    assert candidate_frame(small_market, [one], timezone="UTC").facts["upload_hour"][0] == UPLOAD.hour


def test_the_first_days_of_a_candidate_are_its_series(small_market):
    some = {"favorite_count": 10, "comment_count": 0, "share_count": 4}
    days = ({"day_index": 1, **some}, {"snapshot_date": date(2024, 3, 12), **some})
    frame = candidate_frame(small_market, [Candidate(), Candidate(upload_time=UPLOAD, snapshots=days)], horizon_day=4)
    np.testing.assert_array_equal(frame.series[1, :, FAVORITE], [10, np.nan, 10])
    np.testing.assert_array_equal(frame.series[1, :, SHARE], [4, np.nan, 4])
    np.testing.assert_array_equal(frame.observed, [[False] * 3, [True, False, True]])
    assert np.isnan(frame.score).all()


def test_a_horizon_of_one_day_has_nothing_before_it(store):
    with pytest.raises(BadInput, match="horizon is day 1"):
        market_frame(store, horizon_day=1)


def test_a_candidate_is_of_the_platform_that_most_kols_are_on(store, fill):
    assert main_platform(store) == "douyin"
    fill(
        store,
        uploaders=[{"platform": p, "uploader_id": u} for p, u in [("tiktok", "a"), ("tiktok", "b"), ("douyin", "c")]],
    )
    assert main_platform(store) == "tiktok"
    assert candidate_frame(store, [Candidate(uploader_id="a")]).facts["platform"].tolist() == ["tiktok"]


def embed(store, arrow, vectors, backbone="use", modality="text"):
    rows = [
        {"platform": "douyin", "video_id": v, "modality": modality, "backbone": backbone, "vector": x}
        for v, x in vectors.items()
    ]
    with store.write("vectors") as change:
        change.merge("embeddings", arrow("embeddings", rows))


def test_vectors_stand_in_the_rows_of_their_videos(store, fill, arrow):
    fill(store, videos=[{"video_id": v, "created_at": UPLOAD} for v in "abc"])
    facts = market_frame(store).facts
    assert embedding_matrix(store, facts, Modality.TEXT, "use") is None
    embed(store, arrow, {"c": [5.0, 6.0], "a": [1.0, 2.0], "elsewhere": [9.0, 9.0]})
    embed(store, arrow, {"b": [7.0, 7.0, 7.0]}, backbone="bert")
    embed(store, arrow, {"b": [8.0, 8.0]}, modality="audio")
    matrix = embedding_matrix(store, facts, Modality.TEXT, "use")
    assert matrix.dtype == np.float32
    np.testing.assert_array_equal(matrix, [[1, 2], [np.nan, np.nan], [5, 6]])
    np.testing.assert_array_equal(
        embedding_matrix(store, facts.iloc[[2, 2, 0]], "text", "use"), [[5, 6], [5, 6], [1, 2]]
    )
    assert embedding_matrix(store, candidate_frame(store, [Candidate()]).facts, "text", "use") is None


def test_vectors_of_different_lengths_under_one_name_are_refused(store, fill, arrow):
    fill(store, videos=[{"video_id": v, "created_at": UPLOAD} for v in "ab"])
    embed(store, arrow, {"a": [1.0, 2.0], "b": [1.0]})
    with pytest.raises(BadWorkspace, match=r"'use' .* differ in length \(1 and 2\)"):
        embedding_matrix(store, market_frame(store).facts, "text", "use")


@pytest.mark.parametrize(
    ("followers", "tier"),
    [
        (1_000_000, "head"), (999_999, "waist"), (100_000, "waist"), (99_999, "tail"), (10_000, "tail"),
        (9_999, "nano"), (0, "nano"), (np.nan, "unknown"),
    ],
)  # fmt: skip
def test_tiers_are_the_trade_s(followers, tier):
    assert tiers([followers]).tolist() == [tier]


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    return Store(tmp_path_factory.mktemp("empty"))


@given(followers=st.lists(st.integers(0, 3_000_000), min_size=1))
def test_tiers_are_the_same_in_sql(empty, followers):
    found = empty.query(f"SELECT {tier_sql('f')} AS t FROM (SELECT unnest($f) AS f)", {"f": followers})
    assert found.column("t").to_pylist() == tiers(followers).tolist()
