"""The stack as a whole: its weights, coalitions and ranges, what it may see, and that it is stored."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtaf_core.data.frame import Frame
from mtaf_core.errors import BadInput
from mtaf_core.model.config import TrainConfig
from mtaf_core.model.plus import Plus, PlusConfig, stacking
from mtaf_core.model.plus.stacking import FEWEST, cuts, spaced, stack_weights
from mtaf_core.schema import CONTENT_MODALITIES, MODALITIES, SERIES_CHANNELS, Modality

LEARNT = np.arange(300)
LATER = np.arange(300, 400)
MASKS = (np.arange(32)[:, None] >> np.arange(5)) & 1 == 1


def dated(market, step):
    """The market in the order of its rows, a ``step`` apart; with it, two and two share a moment."""
    frame, embeddings = market
    times = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(np.arange(400) // 2 * 2 * step, unit="h")
    return replace(frame, facts=frame.facts.assign(created_at=times)), embeddings


def taken(market, rows):
    frame, embeddings = market
    return frame.take(rows), {m: None if v is None else v[rows] for m, v in embeddings.items()}


def alone(modality):
    return np.array([[modality is other for other in MODALITIES]])


@pytest.fixture(scope="module")
def by_time(market):
    return dated(market, 6)


@pytest.fixture(scope="module")
def config():
    network = TrainConfig(device="cpu", epochs=4, batch_size=64, width=16, refit=False)
    return PlusConfig(networks=1, boosters=1, rounds=40, network=network)


@pytest.fixture(scope="module")
def lean(config):
    """Without networks, which take most of the time."""
    return replace(config, networks=0, rounds=20)


@pytest.fixture(scope="module")
def plus(by_time, config):
    return Plus.fit(*by_time, LEARNT, config=config)


@pytest.fixture(scope="module")
def later(by_time):
    return taken(by_time, LATER)


@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(1, 80))
def test_weights_are_shares(seed, parts, n):
    random = np.random.default_rng(seed)
    truth = random.normal(size=n)
    weights = stack_weights(truth[:, None] + random.normal(size=(n, parts)) * random.uniform(0.01, 9, parts), truth)
    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(1)


def test_the_better_part_weighs_more_and_the_more_so_the_more_videos_say_it():
    random = np.random.default_rng(0)
    truth = random.normal(size=2000)
    told = truth[:, None] + random.normal(size=(2000, 2)) * [0.3, 1.0]
    few, many = stack_weights(told[:20], truth[:20]), stack_weights(told, truth)
    assert 0.5 < few[0] < many[0]
    assert many[0] == pytest.approx(1 / (1 + 0.09), abs=0.03)  # by the inverse of the variance


@pytest.mark.parametrize("bad", [3.0, 30.0, 3_000.0])
def test_a_bad_part_does_not_hold_the_good_ones_to_equal_shares(bad):
    random = np.random.default_rng(1)
    truth = random.normal(size=120)
    told = truth[:, None] + random.normal(size=(120, 3)) * [0.2, 0.6, bad]
    alone, beside = stack_weights(told[:, :2], truth), stack_weights(told, truth)
    np.testing.assert_allclose(beside[:2], alone, atol=0.05)
    assert beside[2] < 0.05


def test_parts_without_an_error_share_alike():
    np.testing.assert_allclose(stack_weights(np.ones((5, 4)), np.ones(5)), 0.25)


@pytest.mark.parametrize(("n", "blocks"), [(60, [33, 9, 9, 9]), (400, [220, 60, 60, 60]), (8_000, [6_800, 1_200])])
def test_each_block_is_foretold_by_all_that_are_older(n, blocks):
    found = cuts(np.arange(n))
    assert [len(found[0][0]), *(len(later) for _, later in found)] == blocks
    for older, later in found:
        assert later[0] == older[-1] + 1 == len(older)
    assert found[-1][1][-1] == n - 1


def test_it_foretells_later_videos_better_than_the_mean(plus, later):
    frame, embeddings = later
    truth = np.log1p(frame.score)
    for day, share in ((0, 0.7), (3, 0.2)):
        seen = frame.observed[:, :day].any(axis=1) if day else np.ones(len(frame), dtype=bool)
        errors = (plus.predict(frame, embeddings, day) - truth)[seen]
        assert (errors**2).mean() < share * ((truth - plus.baseline)[seen] ** 2).mean()


def test_every_day_has_its_parts_and_weights(plus):
    assert sorted(plus.stages) == [0, 1, 2, 3, 4, 5]
    for stage in plus.stages.values():
        assert set(stage.weights) == {"boosted", "linear", "process", "networks"}
        assert sum(stage.weights.values()) == pytest.approx(1)
        assert stage.folds["stack"] < np.mean([stage.folds[name] for name in stage.weights])
        assert (np.diff(stage.residuals) >= 0).all()
    assert json.loads(json.dumps(plus.to_dict()))["stages"]["0"]["weights"] == plus.stages[0].weights


def test_the_forecast_is_the_weighted_sum_of_its_parts(plus, later):
    for day in (0, 2):
        told, weights = plus.parts(*later, day), plus.stages[day].weights
        seen = later[0].observed[:, :day].any(axis=1) if day else slice(None)
        together = sum(weights[name] * told[name] for name in told)
        np.testing.assert_allclose(together[seen], plus.predict(*later, day)[seen])


def test_coalitions_run_from_the_baseline_to_the_forecast(plus, later):
    masks = np.array([[False] * 5, [True] * 5])
    for day in (0, 3, None):
        values = plus.coalitions(*later, masks, day)
        np.testing.assert_array_equal(values[:, 0], plus.baseline)
        np.testing.assert_allclose(values[:, 1], plus.predict(*later, day))


def test_without_the_trend_a_video_is_one_not_released(plus, later):
    found = plus.coalitions(*later, ~alone(Modality.TEMPORAL), 4)[:, 0]
    np.testing.assert_allclose(found, plus.predict(*later, 0))


def test_a_coalition_that_keeps_nothing_a_video_has_is_the_baseline(plus, later):
    frame, embeddings = later
    silent = {**embeddings, Modality.AUDIO: np.full_like(embeddings[Modality.AUDIO], np.nan)}
    for modality in (Modality.AUDIO, Modality.TEMPORAL):
        np.testing.assert_array_equal(plus.coalitions(frame, silent, alone(modality), 0), plus.baseline)
    unseen = ~frame.observed.any(axis=1)
    trend = plus.coalitions(frame, silent, alone(Modality.TEMPORAL), 5)[:, 0]
    assert (trend[unseen] == plus.baseline).all()
    assert (trend[~unseen] != plus.baseline).all()


def test_what_a_video_does_not_have_changes_no_coalition(plus, later):
    frame, embeddings = taken(later, [0, 1, 2])
    values = plus.coalitions(frame, {**embeddings, Modality.AUDIO: None}, MASKS)
    without = (MASKS & ~alone(Modality.AUDIO)) @ (1 << np.arange(5))
    np.testing.assert_allclose(values, values[:, without])


def test_many_rows_at_once_are_told_what_few_are(plus, later, monkeypatch):
    masks = np.array([[True] * 5, [True, False, True, False, True]])
    before = plus.coalitions(*later, masks, 2)
    monkeypatch.setattr(stacking, "_ROWS", 14)
    np.testing.assert_allclose(plus.coalitions(*later, masks, 2), before, rtol=1e-6)


def test_nothing_later_than_the_observed_days_moves_a_forecast(plus, later):
    frame, embeddings = later
    for day in range(6):
        series, observed = frame.series.copy(), frame.observed.copy()
        series[:, day:] = 12_345
        observed[:, day:] = ~observed[:, day:]
        other = replace(frame, series=series, observed=observed, score=frame.score * 9)
        one = plus.predict(frame, embeddings, day)
        np.testing.assert_array_equal(one, plus.predict(other, embeddings, day))


def test_without_a_number_each_video_is_seen_up_to_its_last_day(plus, later):
    seen = later[0].observed.any(axis=1)
    expected = np.where(seen, plus.predict(*later, 5), plus.predict(*later, 0))
    np.testing.assert_allclose(plus.predict(*later), expected)


def test_fitting_reads_no_later_video(by_time, lean):
    frame, embeddings = by_time
    one = Plus.fit(frame, embeddings, LEARNT, 0, lean)
    score, vectors = frame.score.copy(), {m: v.copy() for m, v in embeddings.items()}
    score[LATER] = 1e9
    for vector in vectors.values():
        vector[LATER] = 0
    other = Plus.fit(replace(frame, score=score), vectors, LEARNT, 0, lean)
    older = taken(by_time, LEARNT)
    np.testing.assert_array_equal(one.predict(*older), other.predict(*older))


def test_the_order_that_videos_are_given_in_does_not_matter(market, lean):
    frame, embeddings = market  # no two of one moment
    one, other = (Plus.fit(frame, embeddings, rows, 0, lean) for rows in (LEARNT, LEARNT[::-1]))
    np.testing.assert_array_equal(one.predict(frame, embeddings, 0), other.predict(frame, embeddings, 0))


def test_what_was_saved_answers_the_same(plus, later, tmp_path):
    plus.save(tmp_path / "plus")
    again = Plus.load(tmp_path / "plus")
    for day in (0, 1, 5):
        score = plus.predict(*later, day)
        np.testing.assert_array_equal(again.predict(*later, day), score)
        np.testing.assert_array_equal(again.interval(score, day), plus.interval(score, day))
    assert again.config == plus.config
    assert again.to_dict() == plus.to_dict()
    kinds = {path.suffix for path in (tmp_path / "plus").rglob("*") if path.is_file()}
    assert kinds == {".json", ".safetensors", ".txt", ".ubj"}


def test_ranges_hold_about_their_level_where_videos_are_exchangeable(market, lean):
    market = dated(market, 1)  # in the order of rows, which has nothing to do with anything
    held = []
    for shift in (0, 133, 266):
        rows = np.roll(np.arange(400), shift)
        fitted, rest = Plus.fit(*market, rows[:250], 0, lean), taken(market, rows[250:])
        low, high = fitted.interval(fitted.predict(*rest, 0), 0, 0.8)
        assert (low <= high).all()
        assert (low >= 0).all()
        held.append((low <= rest[0].score) & (rest[0].score <= high))
    assert 0.72 <= np.mean(held) <= 0.9


def test_a_range_out_of_reach_is_refused_in_words(plus):
    with pytest.raises(BadInput, match=r"level of a range is 1\.5"):
        plus.interval(np.array([3.0]), 0, 1.5)


def test_a_bounded_table_is_of_the_latest_videos_and_kols_are_remembered_by_all(by_time, lean, later):
    frame, embeddings = by_time
    bounded = replace(lean, network=replace(lean.network, max_videos=100))
    made = Plus.fit(frame, embeddings, LEARNT, 0, bounded)
    assert sum(len(times) for times, _ in made.design.uploaders.posts.values()) == 300
    assert len(made.design.neighbours[Modality.TEXT].times) == 100
    scores = frame.score.copy()
    scores[:50] += 1e6  # of KOLs' posts, which are remembered
    text = embeddings[Modality.TEXT].copy()
    text[:50] = 9.0  # of the table, which is bounded: no block reaches so far back but the first
    one = Plus.fit(frame, {**embeddings, Modality.TEXT: text}, LEARNT, 0, bounded)
    np.testing.assert_array_equal(one.design.arrays()["text.near.vectors"], made.design.arrays()["text.near.vectors"])
    other = Plus.fit(replace(frame, score=scores), embeddings, LEARNT, 0, bounded)
    assert other.design.uploaders.mean > made.design.uploaders.mean
    assert not np.array_equal(Plus.fit(frame, embeddings, LEARNT, 0, lean).predict(*later, 0), made.predict(*later, 0))


def test_a_bound_that_nothing_comes_near_changes_nothing(by_time, lean, later):
    wide = replace(lean, network=replace(lean.network, max_videos=300))
    one, other = (Plus.fit(*by_time, LEARNT, 0, config).predict(*later, 0) for config in (lean, wide))
    np.testing.assert_array_equal(one, other)


def test_a_bound_below_what_can_be_learnt_from_is_refused_in_words(by_time, lean):
    with pytest.raises(BadInput, match=f"59 videos; allow at least {FEWEST}"):
        Plus.fit(*by_time, LEARNT, 0, replace(lean, network=replace(lean.network, max_videos=59)))


@pytest.mark.parametrize("most", [1, 7, 100])
def test_measures_are_of_rows_evenly_spaced(most):
    chosen = spaced(LATER, most)
    assert len(chosen) == min(most, len(LATER))
    assert set(chosen) <= set(LATER)
    assert len(set(np.diff(chosen))) <= 2


def test_too_few_videos_are_refused_in_words(by_time, lean):
    with pytest.raises(BadInput, match=f"Only 59 videos to learn from, and the stack needs {FEWEST}; import more"):
        Plus.fit(*by_time, np.arange(59), config=lean)
    with pytest.raises(BadInput, match="asked for 0 seeds of its boosters; ask for at least 1"):
        Plus.fit(*by_time, LEARNT, config=replace(lean, boosters=0))


def test_the_fewest_videos_are_enough(by_time, lean):
    made = Plus.fit(*by_time, np.arange(FEWEST), config=lean)
    assert np.isfinite(made.predict(*by_time)).all()
    low, high = made.interval(made.predict(*by_time, 0), 0, 0.9)
    assert (low <= high).all()


def test_a_day_that_too_few_were_seen_on_is_answered_by_the_one_before(by_time, lean):
    frame, embeddings = by_time
    observed = frame.observed.copy()
    observed[:, :2] = False  # nobody looked before day 3
    late = replace(frame, observed=observed, series=np.where(observed[:, :, None], frame.series, np.nan))
    made = Plus.fit(late, embeddings, LEARNT, config=lean)
    assert sorted(made.stages) == [0, 3, 4, 5]
    np.testing.assert_array_equal(made.predict(frame, embeddings, 2), made.predict(frame, embeddings, 0))
    np.testing.assert_array_equal(made.interval(np.array([4.0]), 2), made.interval(np.array([4.0]), 0))


def poorer(frame, embeddings):
    """A market that names no KOL, writes nothing, has no sound and no picture, and one word of a category."""
    facts = frame.facts.assign(uploader_id=None, text="", upload_city=None, uploader_gender="female")
    facts[["uploader_age", "video_duration", "tag_total_view_count"]] = np.nan
    series = frame.series.copy()
    series[:, :, SERIES_CHANNELS.index("view_count")] = np.nan
    return replace(frame, facts=facts, series=series), {**embeddings, Modality.AUDIO: None, Modality.VISUAL: None}


@pytest.mark.parametrize("networks", [0, 1])
def test_a_poor_market_is_learnt_from_all_the_same(by_time, later, config, networks, tmp_path):
    frame, embeddings = poorer(*by_time)
    made = Plus.fit(frame, embeddings, LEARNT, 2, replace(config, networks=networks, rounds=20))
    assert np.isfinite(made.predict(frame, embeddings, 2)).all()
    assert np.isfinite(made.predict(frame, dict.fromkeys(CONTENT_MODALITIES), 0)).all()
    assert np.isfinite(made.predict(*later, 2)).all()  # a video that has what no video learnt from had
    made.save(tmp_path / "plus")
    again = Plus.load(tmp_path / "plus")
    np.testing.assert_array_equal(again.predict(frame, embeddings, 2), made.predict(frame, embeddings, 2))


def test_the_shortest_horizon(by_time, config):
    frame, embeddings = by_time
    short = Frame(frame.facts, frame.series[:, :1], frame.observed[:, :1], frame.score, 2)
    made = Plus.fit(short, embeddings, LEARNT, config=replace(config, rounds=20))
    assert sorted(made.stages) == [0, 1]
    seen = short.observed[:, 0]
    expected = np.where(seen, made.predict(short, embeddings, 1), made.predict(short, embeddings, 0))
    np.testing.assert_allclose(made.predict(short, embeddings), expected)
    assert np.isfinite(expected).all()


def test_no_video_is_nothing(plus, by_time):
    none = taken(by_time, np.arange(0))
    assert plus.predict(*none).shape == (0,)
    assert plus.coalitions(*none, MASKS).shape == (0, 32)
