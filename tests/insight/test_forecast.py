"""The asking journey on the shipped demo market: what a forecast says, and that it says it of one bundle."""

import dataclasses
import shutil
from datetime import UTC, datetime

import numpy as np
import pytest

from mtaf_core.content.extract import MUTED
from mtaf_core.content.take import Take
from mtaf_core.data.frame import Candidate
from mtaf_core.errors import BadBundle
from mtaf_core.insight.forecast import MIN_OWN_VIDEOS, Forecaster
from mtaf_core.pipeline import train_market
from mtaf_core.schema import CONTENT_MODALITIES, SCORE_WEIGHTS, Modality
from mtaf_core.workspace import Workspace

WHEN = datetime(2026, 11, 11, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def forecaster(demo) -> Forecaster:
    return Forecaster(demo, device="cpu")


@pytest.fixture(scope="module")
def content(forecaster, make_clip):
    return forecaster.analyse(make_clip(), "A glow serum", ("skincare",))


@pytest.fixture(scope="module")
def busiest(demo: Workspace) -> str:
    rows = demo.store.query("SELECT uploader_id FROM videos GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1").to_pylist()
    return str(rows[0]["uploader_id"])


def candidate(kol: str | None, **more: object) -> Candidate:
    return Candidate(description="A glow serum", tags=("skincare",), uploader_id=kol, upload_time=WHEN, **more)


def test_contributions_sum_to_the_forecast_less_the_baseline(forecaster, content, busiest):
    forecast = forecaster.forecast(content, candidate(busiest))
    given = [value for value in forecast.contribution.values() if value is not None]
    assert sum(given) == pytest.approx(forecast.log_score - forecast.baseline, abs=1e-4)
    assert sum(value for value in forecast.attention.values() if value is not None) == pytest.approx(1)


def test_a_kols_own_percentile_is_their_share_of_videos_that_scored_less(forecaster, content, busiest, demo):
    forecast = forecaster.forecast(content, candidate(busiest))
    weighted = " + ".join(f"{weight} * {column}" for column, weight in SCORE_WEIGHTS.items())
    scores = demo.store.query(
        f"""SELECT {weighted} AS score FROM snapshots JOIN videos USING (platform, video_id)
            WHERE uploader_id = ? AND day_index = 6""",
        [busiest],
    )["score"].to_numpy()
    assert len(scores) >= MIN_OWN_VIDEOS
    assert forecast.percentile["uploader"] == pytest.approx(np.mean(scores < forecast.score))


def test_without_a_kol_there_is_no_tier_and_a_warning(forecaster, content):
    forecast = forecaster.forecast(content, candidate(None))
    assert (forecast.tier, forecast.percentile["tier"], forecast.percentile["uploader"]) == (None, None, None)
    assert any("KOL" in warning for warning in forecast.warnings)


@pytest.mark.parametrize(
    "nobody",
    [
        {"uploader_id": ""},
        {"uploader": {}},
        {"uploader": {"follower_count": None}},
        {"uploader": {"uploader_id": "x"}},
        {"uploader": {"nickname": "x"}},
    ],
)
def test_a_kol_of_whom_nothing_is_said_is_no_kol(forecaster, content, nobody):
    asked = dataclasses.replace(candidate(None), **nobody)
    assert any("No KOL was given" in warning for warning in forecaster.forecast(content, asked).warnings)


@pytest.mark.parametrize(
    "somebody",
    [{"uploader": {"follower_count": 5}}, {"uploader": {"gender": "female"}}, {"features": {"uploader_follower": 5}}],
)
def test_a_kol_of_whom_something_is_said_is_a_kol(forecaster, content, somebody):
    forecast = forecaster.forecast(content, candidate(None, **somebody))
    assert not any("No KOL was given" in warning for warning in forecast.warnings)


def test_a_category_the_market_does_not_know_is_named(forecaster, content, busiest):
    elsewhere = {"upload_city": "Atlantis", "uploader_type": "Enterprise"}
    warnings = forecaster.forecast(content, candidate(busiest, features=elsewhere)).warnings
    assert "'Atlantis' is no city this market knows, so the city counts as unknown." in warnings
    assert "'Enterprise' is no KOL type this market knows, so the KOL type counts as unknown." in warnings
    (city, *_) = forecaster.bundle.vocabulary["upload_city"]
    assert not forecaster.forecast(content, candidate(busiest, features={"upload_city": city})).warnings


def test_counts_that_fall_are_used_and_questioned(forecaster, content, busiest):
    days = tuple(
        {"day_index": day, "favorite_count": likes, "comment_count": 40, "share_count": 12}
        for day, likes in ((1, 900), (2, 1500), (4, 300))
    )
    forecast = forecaster.forecast(content, candidate(busiest, snapshots=days))
    assert forecast.observed_days == 4
    assert any(warning.startswith("Counts fall from day 2 to day 4,") for warning in forecast.warnings)
    rising = forecaster.forecast(content, candidate(busiest, snapshots=days[:2]))
    assert not rising.warnings


def test_more_followers_raise_the_forecast(forecaster, content):
    scores = [
        forecaster.forecast(content, candidate(None, uploader={"follower_count": n, "favorited_count": 8 * n})).score
        for n in (3_000, 60_000, 2_000_000)
    ]
    assert scores == sorted(scores)
    assert scores[-1] > 3 * scores[0]


def test_days_observed_move_the_forecast_and_narrow_its_range(forecaster, content, busiest):
    days = tuple(
        {"day_index": day, "favorite_count": 40_000 * day, "comment_count": 900 * day, "share_count": 700 * day}
        for day in range(1, 6)
    )
    before = forecaster.forecast(content, candidate(busiest))
    after = [forecaster.forecast(content, candidate(busiest, snapshots=days[:k])) for k in (1, 3, 5)]
    widths = [np.log1p(f.interval.high) - np.log1p(f.interval.low) for f in (before, *after)]
    assert widths == sorted(widths, reverse=True)
    assert [f.observed_days for f in after] == [1, 3, 5]
    assert after[-1].score > 0.2 * 40_000 * 5
    assert Modality.TEMPORAL.value not in after[-1].missing


def test_counts_of_the_day_predicted_are_not_used_and_it_says_so(forecaster, content, busiest):
    day = {"day_index": 6, "favorite_count": 10**6, "comment_count": 10**5, "share_count": 10**5}
    forecast = forecaster.forecast(content, candidate(busiest, snapshots=(day,)))
    assert forecast.score == pytest.approx(forecaster.forecast(content, candidate(busiest)).score)
    assert any("day 6" in warning for warning in forecast.warnings)


def test_other_words_change_the_text_alone(forecaster, content, busiest):
    other = forecaster.retext(content, "Why is nobody talking about this? Half price today", ("sale",))
    assert not np.allclose(other.vectors[Modality.TEXT], content.vectors[Modality.TEXT])
    assert other.vectors[Modality.VISUAL] is content.vectors[Modality.VISUAL]
    words = dataclasses.replace(candidate(busiest), description="Why is nobody talking about this? Half price today")
    assert forecaster.forecast(other, words).score != forecaster.forecast(content, candidate(busiest)).score


def test_a_new_bundle_is_used_from_the_next_question_on(small_demo, make_clip):
    forecaster = Forecaster(small_demo, device="cpu")
    content = forecaster.analyse(make_clip(seconds=1), "A glow serum")
    first = forecaster.forecast(content, candidate(None))
    trained = train_market(small_demo, seed=1)
    second = forecaster.forecast(content, candidate(None))
    assert first.bundle != second.bundle
    assert second.bundle == trained.path.name
    assert second.score != first.score


def test_a_modality_learnt_from_vectors_that_cannot_be_computed_here_is_left_out_and_named(
    own_demo, make_clip, monkeypatch
):
    forecaster = Forecaster(own_demo, device="cpu")
    names = {**forecaster.bundle.manifest.backbones, "audio": {"name": "our-own-sound", "dimension": 512}}
    manifest = dataclasses.replace(forecaster.bundle.manifest, backbones=names)
    monkeypatch.setattr(forecaster.bundle, "manifest", manifest)
    forecast = forecaster.forecast(forecaster.analyse(make_clip(seconds=1)), candidate(None))
    assert "audio" in forecast.missing
    assert any("our-own-sound" in warning for warning in forecast.warnings)


def test_a_bundle_that_goes_away_is_named(own_demo, make_clip):
    forecaster = Forecaster(own_demo, device="cpu")
    shutil.rmtree(own_demo.bundle_path())
    with pytest.raises(BadBundle, match="train"):
        forecaster.analyse(make_clip(seconds=1))


def test_many_releases_are_scored_as_each_alone(forecaster, content, busiest):
    edits = [
        Candidate(uploader_id=busiest, upload_time=WHEN, tags=("glow",), features={"upload_hour": h})
        for h in (3.0, 12.0, 20.0)
    ]
    together = forecaster.score_many([content], edits)
    silent = dataclasses.replace(content, vectors={**content.vectors, Modality.AUDIO: None})
    own = forecaster.score_many([content, silent, content], edits)
    for place, candidate in enumerate(edits):
        alone = forecaster.forecast(content, candidate)
        assert together.score[place] == pytest.approx(alone.score, rel=1e-6)
        assert (together.low[place], together.high[place]) == pytest.approx(
            (alone.interval.low, alone.interval.high), rel=1e-6
        )
    assert own.score[1] == pytest.approx(forecaster.forecast(silent, edits[1]).score, rel=1e-6)
    assert own.score[2] == pytest.approx(together.score[2], rel=1e-6)
    assert forecaster.score_many([content], []).score.shape == (0,)
    with pytest.raises(ValueError, match="2 contents for 3 candidates"):
        forecaster.score_many([content, content], edits)


def test_a_trimmed_clip_is_as_long_as_its_part_and_a_muted_one_is_not_heard(forecaster, make_clip, busiest):
    clip = make_clip("trimmed.mp4", seconds=8.0)
    part = forecaster.analyse(clip, "A glow serum", ("skincare",), take=Take("", 2.0, 7.0))
    case = forecaster.case(part, candidate(busiest))
    assert case.frame.facts["video_duration"].iloc[0] == pytest.approx(5.0)
    mute = part.taken(Take("", 2.0, 7.0, muted=True))
    told = forecaster.forecast(mute, candidate(busiest))
    assert "audio" in told.missing
    assert MUTED in told.warnings
    given = [value for value in told.contribution.values() if value is not None]
    assert sum(given) == pytest.approx(told.log_score - told.baseline, abs=1e-4)


def test_only_what_an_edit_is_about_is_worked_out_again(forecaster, make_clip, busiest, monkeypatch):
    """A spy on each network: context edits ask none, a text edit the text's alone, a mute none, a trim the others."""
    clip = make_clip("spied.mp4", seconds=6.0)
    extractor, ran = forecaster.extractor, []
    for modality in CONTENT_MODALITIES:
        network = extractor.backbone(modality)

        def watched(given, embed=network.embed, modality=modality):
            ran.append(modality)
            return embed(given)

        monkeypatch.setattr(network, "embed", watched)
    content = forecaster.analyse(clip, "words nobody wrote before", ("skincare",))
    assert set(ran) == set(CONTENT_MODALITIES)

    def asked(edit):
        ran.clear()
        edit()
        return sorted(ran)

    def score(content, **more):
        forecaster.forecast(content, candidate(busiest, **more))
        forecaster.score_many([content], [candidate(busiest, **more)])

    take = Take(content.clip.content_hash)
    assert asked(lambda: score(content, features={"upload_hour": 3.0})) == []
    assert asked(lambda: score(content, uploader={"follower_count": 5})) == []
    assert asked(lambda: forecaster.retext(content, "other words nobody wrote", ())) == [Modality.TEXT]
    assert asked(lambda: score(content.taken(dataclasses.replace(take, muted=True)))) == []
    trimmed = dataclasses.replace(take, start_s=2.0)
    again = ("words nobody wrote before", ("skincare",))
    assert asked(lambda: forecaster.analyse(clip, *again, take=trimmed)) == [Modality.AUDIO, Modality.VISUAL]
    assert asked(lambda: forecaster.analyse(clip, *again, take=dataclasses.replace(trimmed, muted=True))) == []
