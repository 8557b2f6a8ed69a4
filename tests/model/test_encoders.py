import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from mtaf_core.model.encoders import CATEGORICAL, CYCLIC, DAILY, FARTHEST, NUMERIC, Preprocessor
from mtaf_core.schema import AFTER_RELEASE, BEFORE_RELEASE, Modality


@pytest.fixture(scope="module")
def fitted(market):
    return Preprocessor.fit(*market)


def edited(frame, **columns):
    return replace(frame, facts=frame.facts.assign(**columns))


def numeric(evidence, column):
    return evidence.numeric[:, list(NUMERIC).index(column)]


def test_every_before_release_column_enters_and_no_other():
    entering = {*NUMERIC, *CYCLIC, *CATEGORICAL}
    assert entering == {column for feature in BEFORE_RELEASE for column in feature.columns}
    assert not entering & {column for feature in AFTER_RELEASE for column in feature.columns}


def test_counts_are_standardised_on_the_log_scale(fitted, market):
    frame, embeddings = market
    values = numeric(fitted.transform(frame, embeddings), "uploader_follower").numpy()
    logged = np.log1p(frame.facts["uploader_follower"].to_numpy())
    np.testing.assert_allclose(values, (logged - logged.mean()) / logged.std(), atol=1e-4)


def test_a_missing_number_is_the_average_and_says_so(fitted, market):
    frame, embeddings = market
    evidence = fitted.transform(frame, embeddings)
    missing = frame.facts["uploader_age"].isna().to_numpy()
    told = evidence.numeric[:, len(NUMERIC) + 2 * len(CYCLIC) + list(NUMERIC).index("uploader_age")].numpy()
    assert missing.any()
    np.testing.assert_array_equal(told, missing)
    assert (numeric(evidence, "uploader_age").numpy()[missing] == 0).all()


def test_what_was_never_missing_while_fitting_has_no_say_when_it_is_missing(fitted, market):
    frame, embeddings = market
    blank = fitted.transform(edited(frame, uploader_follower=np.nan), embeddings).numeric
    usual = fitted.transform(frame, embeddings).numeric
    indicators = len(NUMERIC) + 2 * len(CYCLIC)
    assert torch.equal(blank[:, indicators:], usual[:, indicators:])


def test_a_number_that_never_varied_is_blanked(market):
    frame, embeddings = market
    fitted = Preprocessor.fit(edited(frame, video_width=1080.0), embeddings)
    assert (numeric(fitted.transform(frame, embeddings), "video_width") == 0).all()


def test_no_number_lies_farther_than_anything_learnt(fitted, market):
    frame, embeddings = market
    assert (
        numeric(fitted.transform(edited(frame, uploader_follower=1e300), embeddings), "uploader_follower") == FARTHEST
    ).all()


def test_midnight_is_next_to_eleven(fitted, market):
    frame, embeddings = market
    hours = fitted.transform(edited(frame, upload_hour=np.arange(len(frame)) % 24.0), embeddings).numeric
    start = len(NUMERIC) + 2 * list(CYCLIC).index("upload_hour")
    point = hours[:24, start : start + 2]
    assert torch.dist(point[0], point[23]) == pytest.approx(torch.dist(point[0], point[1]).item(), abs=1e-5)
    assert torch.dist(point[0], point[12]) == pytest.approx(2.0, abs=1e-5)


def test_unknown_missing_and_rare_categories_are_id_zero(market):
    frame, embeddings = market
    cities = ["x", *["y", "z"] * 10] + [None] * (len(frame) - 21)
    frame = edited(frame, upload_city=np.array(cities, dtype=object))
    fitted = Preprocessor.fit(frame, embeddings)
    assert fitted.vocabulary["upload_city"] == ("y", "z")
    ids = fitted.transform(frame, embeddings).categorical[:, list(CATEGORICAL).index("upload_city")]
    assert ids[:4].tolist() == [0, 1, 2, 1]
    assert (ids[21:] == 0).all()
    elsewhere = fitted.transform(edited(frame, upload_city="Atlantis"), embeddings)
    assert (elsewhere.categorical[:, list(CATEGORICAL).index("upload_city")] == 0).all()


def test_a_video_without_sound_has_no_audio(fitted, market):
    frame, embeddings = market
    present = fitted.transform(frame, embeddings).present.numpy()
    np.testing.assert_array_equal(present[:, 2], ~np.isnan(embeddings[Modality.AUDIO][:, 0]))
    silent = fitted.transform(frame, {**embeddings, Modality.AUDIO: None})
    assert not silent.present[:, 2].any()


def test_a_modality_no_fitted_video_had_stays_absent(market):
    frame, embeddings = market
    fitted = Preprocessor.fit(frame, {**embeddings, Modality.VISUAL: None})
    evidence = fitted.transform(frame, embeddings)
    assert evidence.visual.shape == (len(frame), 0)
    assert not evidence.present[:, 3].any()


def test_observed_days_move_to_the_front(fitted, market):
    frame, embeddings = market
    observed = frame.observed.copy()
    observed[:] = False
    observed[:, [1, 3]] = True
    series = np.full_like(frame.series, np.nan)
    series[:, [1, 3]] = 10.0
    gappy = replace(frame, observed=observed, series=series)
    evidence = fitted.transform(gappy, embeddings)
    assert (evidence.days == 2).all()
    assert (evidence.anchor_day == 4).all()
    torch.testing.assert_close(evidence.anchor_score, torch.full((len(frame),), np.log1p(10.0)), check_dtype=False)
    day = evidence.series[0, :, 2 * len(DAILY)] * frame.horizon_day
    assert day.tolist() == pytest.approx([2, 4, 0, 0, 0])


def test_a_day_whose_score_is_unknown_is_as_good_as_absent(fitted, market):
    frame, embeddings = market
    series = np.full_like(frame.series, np.nan)
    series[:, 0, 0] = 3.0  # likes alone
    evidence = fitted.transform(replace(frame, series=series, observed=~np.isnan(series).all(axis=2)), embeddings)
    assert not evidence.days.any()
    assert not evidence.present[:, 4].any()
    assert not evidence.series.any()


@pytest.mark.parametrize("k", range(6))
def test_days_past_the_observed_ones_are_never_read(fitted, market, k):
    frame, embeddings = market
    series = frame.series.copy()
    series[:, k:] = 1e9
    one = fitted.transform(frame, embeddings, observed_days=k)
    other = fitted.transform(replace(frame, series=series), embeddings, observed_days=k)
    assert torch.equal(one.series, other.series)
    assert torch.equal(one.days, other.days)
    assert torch.equal(one.anchor_score, other.anchor_score)
    assert (one.days <= k).all()


def test_a_preprocessor_survives_being_stored(fitted, market):
    stored = Preprocessor.from_dict(json.loads(json.dumps(fitted.to_dict())), fitted.arrays())
    one, other = fitted.transform(*market), stored.transform(*market)
    for name in ("numeric", "categorical", "text", "visual", "series", "present"):
        assert torch.equal(getattr(one, name), getattr(other, name)), name


def test_the_fitted_statistics_never_see_other_videos(market):
    frame, embeddings = market
    first = np.arange(200)
    part = {m: x[first] for m, x in embeddings.items()}
    one = Preprocessor.fit(frame.take(first), part)
    assert one.numbers.mean[list(NUMERIC).index("uploader_follower")] == pytest.approx(
        np.log1p(frame.facts["uploader_follower"][:200]).mean(), rel=1e-5
    )
