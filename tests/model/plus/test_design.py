"""The table of the stack: which column is whose, what an unknown thing is, and that it is kept and never sees ahead."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from mtaf_core.data.frame import Frame
from mtaf_core.model.plus.design import MIN_CATEGORY, RATIOS, Design, early_curve, with_curve
from mtaf_core.model.plus.memory import UPLOADER_COLUMNS
from mtaf_core.model.plus.reduce import SHORT, Projection
from mtaf_core.schema import CONTENT_MODALITIES, MODALITIES, SERIES_CHANNELS, Modality

AGNOSTIC, TEXT, AUDIO, VISUAL, TEMPORAL = map(
    MODALITIES.index,
    (Modality.CONTENT_AGNOSTIC, Modality.TEXT, Modality.AUDIO, Modality.VISUAL, Modality.TEMPORAL),
)


@pytest.fixture(scope="module")
def design(market):
    frame, embeddings = market
    return Design.fit(frame, embeddings, np.arange(300))


@pytest.fixture(scope="module")
def table(design, market):
    return design.table(*market, 3)


def column(table, name):
    return table.values[:, table.names.index(name)]


def of(table, modality):
    return table.values[:, table.modality == modality]


def same(one, other):
    assert one.names == other.names
    for left, right in zip(one[:-1], other[:-1], strict=True):
        np.testing.assert_array_equal(left, right)


def test_every_column_has_a_name_of_its_own_and_one_modality(table):
    assert len(set(table.names)) == len(table.names) == table.values.shape[1] == len(table.modality)
    owner = dict(zip(table.names, table.modality, strict=True))
    assert all(owner[name] == AGNOSTIC for name in ("uploader_follower", "upload_hour sine", "upload_city", "age"))
    assert all(owner[f"{above} / {below}"] == AGNOSTIC for above, below in RATIOS)
    assert all(owner[f"KOL {name}"] == AGNOSTIC for name in UPLOADER_COLUMNS)
    for modality, index in ((Modality.TEXT, TEXT), (Modality.AUDIO, AUDIO), (Modality.VISUAL, VISUAL)):
        assert {owner[f"{modality.value} 1"], owner[f"{modality.value} neighbours' score"]} == {index}
    assert {owner[name] for name in ("text characters", "text words")} == {TEXT}
    assert {owner[n] for n in ("last score", "score day 2", "growth share_count", "share_count a view")} == {TEMPORAL}
    assert table.values[:, table.categorical].shape[1] == len(table.values.T[table.categorical])


def test_categories_are_codes_and_what_was_never_seen_is_unknown(design, market):
    frame, embeddings = market
    facts = frame.facts.assign(upload_city=["d", "elsewhere", None, *frame.facts["upload_city"][3:]])
    table = design.before_release(replace(frame, facts=facts), embeddings)
    np.testing.assert_array_equal(column(table, "upload_city")[:3], [3, np.nan, np.nan])
    assert table.categorical[table.names.index("upload_city")]
    assert table.categorical.sum() == len(design.vocabulary)


def test_a_word_that_few_videos_had_is_no_category(market):
    frame, embeddings = market
    for count, known in ((MIN_CATEGORY - 1, False), (MIN_CATEGORY, True)):
        facts = frame.facts.assign(upload_city=["rare"] * count + ["usual"] * (len(frame) - count))
        fitted = Design.fit(replace(frame, facts=facts), embeddings, np.arange(len(frame)))
        assert ("rare" in fitted.vocabulary["upload_city"]) == known


def test_an_hour_is_a_place_on_a_circle(design, market):
    frame, embeddings = market
    facts = frame.facts.assign(upload_hour=[6.0, np.nan, *frame.facts["upload_hour"][2:]])
    table = design.before_release(replace(frame, facts=facts), embeddings)
    told = np.column_stack([column(table, name) for name in ("upload_hour", "upload_hour sine", "upload_hour cosine")])
    np.testing.assert_allclose(told[:2], [[6, 1, 0], [np.nan] * 3], atol=1e-12)


def test_counts_are_logarithms_and_their_ratios_differences(design, market):
    frame, embeddings = market
    table = design.before_release(frame, embeddings)
    followers, following = (frame.facts[f"uploader_{c}"].to_numpy() for c in ("follower", "following"))
    np.testing.assert_allclose(column(table, "uploader_follower"), np.log1p(followers))
    ratio = column(table, "uploader_follower / uploader_following")
    np.testing.assert_allclose(ratio, np.log1p(followers) - np.log1p(following))


def test_time_stands_still_after_the_newest_video_learnt_from(design, market):
    frame, _ = market
    newest = pd.Timestamp(design.newest, unit="s", tz="UTC")
    times = [newest - pd.Timedelta(days=2), newest, newest + pd.Timedelta(days=900)]
    frame = frame.take([0, 1, 2])
    frame = replace(frame, facts=frame.facts.assign(created_at=pd.DatetimeIndex(times)))
    np.testing.assert_allclose(column(design.before_release(frame, {}), "age"), [-2, 0, 0])


def test_a_video_without_text_or_vector_has_nothing_of_that_modality(design, market):
    frame, embeddings = market
    some = frame.take([1, 2, 3])
    some = replace(some, facts=some.facts.assign(text=["", "two words", None]))
    vectors = {m: v[1:4].copy() for m, v in embeddings.items()}
    vectors[Modality.TEXT][0] = np.nan
    table = design.before_release(some, vectors)
    assert np.isnan(of(table, TEXT)[0]).all()
    told = np.column_stack([column(table, name) for name in ("text 1", "text characters")])
    np.testing.assert_array_equal(np.isfinite(told), [[False, False], [True, True], [True, False]])
    nothing = design.before_release(some, dict.fromkeys(CONTENT_MODALITIES))
    assert np.isnan(of(nothing, VISUAL)).all()
    lengths = [column(nothing, f"text {what}")[1] for what in ("characters", "words")]
    np.testing.assert_allclose(lengths, np.log1p([9, 2]))
    assert nothing.values.shape[1] == design.before_release(some, vectors).values.shape[1]


def test_a_modality_that_no_video_had_makes_no_columns(market):
    frame, embeddings = market
    fitted = Design.fit(frame, {**embeddings, Modality.AUDIO: None}, np.arange(300))
    assert AUDIO not in fitted.before_release(frame, embeddings).modality
    one = embeddings[Modality.AUDIO].copy()
    one[1:] = np.nan  # a single sound tells nothing
    assert Modality.AUDIO not in Design.fit(frame, {**embeddings, Modality.AUDIO: one}, np.arange(300)).projections


def test_without_engineering_the_table_remembers_nobody(market):
    frame, embeddings = market
    plain = Design.fit(frame, embeddings, np.arange(300), engineered=False)
    names = plain.before_release(frame, embeddings).names
    assert not [n for n in names if n.startswith("KOL") or "neighbours" in n or " / " in n or n == "age"]


@pytest.mark.parametrize("engineered", [True, False])
def test_what_was_stored_makes_the_same_table(market, engineered):
    frame, embeddings = market
    vectors = {**embeddings, Modality.VISUAL: np.random.default_rng(0).normal(size=(400, SHORT + 8)).astype(np.float32)}
    fitted = Design.fit(frame, vectors, np.arange(300), engineered)
    told = json.loads(json.dumps(fitted.to_dict()))
    again = Design.from_dict(told, {name: array.copy() for name, array in fitted.arrays().items()})
    same(again.table(frame, vectors, 3), fitted.table(frame, vectors, 3))


def test_what_is_missing_from_a_store_is_named(design):
    arrays = design.arrays()
    del arrays["text.near.times"]
    with pytest.raises(KeyError, match=r"text\.near\.times"):
        Design.from_dict(design.to_dict(), arrays)


def spread_out(frame):
    """The same videos, a quarter of a day apart, so that many outcomes are known and many are not."""
    times = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(np.arange(len(frame)) * 6, unit="h")
    return replace(frame, facts=frame.facts.assign(created_at=times))


def test_no_outcome_younger_than_the_horizon_changes_a_row(market):
    frame, embeddings = market
    frame, rows = spread_out(frame), np.arange(400)
    one = Design.fit(frame, embeddings, rows)
    asked = 200
    young = frame.facts["created_at"] > frame.facts["created_at"][asked] - pd.Timedelta(days=frame.horizon_day)
    assert young.sum() == 400 - 200 + 4 * frame.horizon_day - 1
    # The market's mean and its spread between KOLs are of all posts: swapping outcomes of one KOL leaves both be.
    score = frame.score.copy()
    score[young] = 1e6
    other = Design.fit(replace(frame, score=score), embeddings, rows)
    other = replace(other, uploaders=replace(other.uploaders, mean=one.uploaders.mean, strength=one.uploaders.strength))
    before, after = (design.before_release(frame, embeddings).values for design in (one, other))
    np.testing.assert_array_equal(before[: asked + 1], after[: asked + 1])
    assert not np.array_equal(before, after, equal_nan=True)


def curve(days, observed=None):
    """A video with so many likes and views on each day before day 6; NaN on a day that nobody looked."""
    series = np.full((1, 5, len(SERIES_CHANNELS)), np.nan, dtype=np.float32)
    for day, (likes, views) in enumerate(days):
        series[0, day] = [likes, 0, 0, views, 0]
    there = np.isfinite(series[:, :, :3].sum(axis=2)) if observed is None else observed
    return Frame(pd.DataFrame(index=[0]), series, there, np.array([np.nan]), 6)


GAP = (np.nan, np.nan)


def test_the_early_curve_by_hand():
    frame = curve([(10, 100), (40, 200), GAP, (90, 300)])
    anchor, values, names = early_curve(frame, 3)
    told = dict(zip(names, values[0], strict=True))
    day_1, day_2 = np.log1p(0.2 * 10), np.log1p(0.2 * 40)
    assert anchor == pytest.approx(day_2)
    assert told["last score"] == anchor
    assert told["days since"] == 1
    assert [told["score day 1"], told["score day 2"]] == pytest.approx([day_1, day_2])
    assert told["growth day 2"] == pytest.approx(day_2 - day_1)
    assert np.isnan([told["score day 3"], told["growth day 3"]]).all()
    assert told["last favorite_count"] == pytest.approx(np.log(41))
    assert told["growth favorite_count"] == pytest.approx(np.log(41 / 11))
    assert told["growth view_count"] == pytest.approx(np.log(201 / 101))
    assert told["favorite_count a view"] == pytest.approx(np.log(41 / 201))
    assert told["comment_count a view"] == pytest.approx(-np.log(201))
    assert "score day 4" not in told


def test_growth_across_a_day_that_nobody_looked_is_unknown():
    _, values, names = early_curve(curve([(10, 100), GAP, (40, 200)]), 3)
    told = dict(zip(names, values[0], strict=True))
    assert told["days since"] == 0
    assert np.isnan([told[n] for n in ("score day 2", "growth day 3", "growth favorite_count")]).all()
    _, values, names = early_curve(curve([(10, 100)]), 1)
    told = dict(zip(names, values[0], strict=True))
    assert np.isnan(told["growth favorite_count"])
    assert np.isfinite(told["last favorite_count"])


def test_a_video_without_an_early_day_is_told_nothing_of_it():
    anchor, values, _ = early_curve(curve([GAP, GAP, (40, 200)]), 2)
    assert np.isnan(anchor).all()
    assert np.isnan(values).all()


def test_the_early_curve_reads_no_later_day(market):
    frame, _ = market
    later = replace(frame, series=frame.series.copy(), observed=frame.observed.copy())
    later.series[:, 2:] = 7
    later.observed[:, 2:] = True
    for one, other in zip(early_curve(frame, 2)[:2], early_curve(later, 2)[:2], strict=True):
        np.testing.assert_array_equal(one, other)


def test_before_release_nothing_stands_beside_the_table(design, market):
    frame, embeddings = market
    before = design.before_release(frame, embeddings)
    assert with_curve(before, frame, 0) is before
    assert TEMPORAL not in before.modality
    assert np.isnan(before.anchor).all()
    same(design.table(frame, embeddings, 0), before)


def test_the_shortest_horizon_has_one_day_to_tell(market):
    frame, embeddings = market
    short = Frame(frame.facts, frame.series[:, :1], frame.observed[:, :1], frame.score, 2)
    table = Design.fit(short, embeddings, np.arange(300)).table(short, embeddings, 1)
    assert [n for n in table.names if "day 2" in n] == []
    np.testing.assert_array_equal(np.isfinite(table.anchor), frame.observed[:, 0])


def test_measures_are_standardised_and_one_that_never_varied_is_nought():
    random = np.random.default_rng(0)
    vectors = (random.normal(size=(50, 3)) * [5, 0, 1] + [100, 7, 0]).astype(np.float32)
    found = Projection.fit(vectors, 2).retrieval(vectors)
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(found.std(axis=0), [1, 0, 1], atol=1e-5)


def test_long_vectors_point_so_that_their_length_does_not_matter():
    random = np.random.default_rng(0)
    vectors = random.normal(size=(60, SHORT + 20)).astype(np.float32)
    short = Projection.fit(vectors, 5)
    assert short.kept == 5
    assert len(short.components) == SHORT + 20
    np.testing.assert_allclose(short.retrieval(3 * vectors), short.retrieval(vectors), atol=1e-5)
    np.testing.assert_allclose(short.components @ short.components.T, np.eye(SHORT + 20), atol=1e-5)
    few = Projection.fit(vectors[:3], 5)
    assert few.kept == len(few.components) == 2
