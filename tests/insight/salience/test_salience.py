"""Reasons on the demo market, whose truth is known: right sums, the right modality, the right second, honest zeros."""

import dataclasses
import json

import numpy as np
import pytest

from mtaf_core.data.frame import Candidate
from mtaf_core.errors import Cancelled
from mtaf_core.insight.case import Case
from mtaf_core.insight.forecast import Forecaster
from mtaf_core.insight.salience import HISTORY, Explainer
from mtaf_core.insight.salience.clip import frames, seconds
from mtaf_core.insight.salience.context import context, usual
from mtaf_core.schema import MODALITIES, Modality

TOLERANCE = 1e-4


@pytest.fixture(scope="module")
def forecaster(demo):
    return Forecaster(demo, device="cpu")


@pytest.fixture(scope="module")
def explainer(forecaster):
    return Explainer(forecaster)


def asked(forecaster, name, **changes):
    sample = next(s for s in forecaster.workspace.samples() if s.path.stem == name)
    candidate = Candidate(
        description=sample.description, tags=sample.tags, uploader_id=sample.uploader_id,
        upload_time=sample.upload_time, video={"has_product_link": sample.has_product_link},
    )  # fmt: skip
    candidate = dataclasses.replace(candidate, **changes)
    return forecaster.analyse(sample.path, candidate.description, candidate.tags), candidate


def truth(forecaster, name):
    return json.loads((forecaster.workspace.path / "samples" / f"{name}.json").read_text("utf-8"))["truth"]


@pytest.fixture(scope="module")
def sneaker(forecaster, explainer):
    """A clip with music and a reveal at a known second: its forecast, its case, and all of its reasons."""
    content, candidate = asked(forecaster, "03-sneaker-reveal")
    return (
        forecaster.forecast(content, candidate),
        forecaster.case(content, candidate),
        dict(explainer.explained(content, candidate)),
    )


def test_every_kind_of_reason_sums_to_the_contribution_of_its_modality(sneaker):
    forecast, _, reasons = sneaker
    assert list(reasons) == ["context", "words", "sound", "picture", "heat"]
    told = forecast.contribution
    context = reasons["context"]
    assert context.typical + context.share.sum() == pytest.approx(told["content_agnostic"], abs=TOLERANCE)
    assert reasons["words"].share.sum() == pytest.approx(told["text"], abs=TOLERANCE)
    assert reasons["sound"].moments.share.sum() == pytest.approx(told["audio"], abs=TOLERANCE)
    assert reasons["picture"].moments.share.sum() == pytest.approx(told["visual"], abs=TOLERANCE)


def test_all_reasons_together_are_the_forecast_less_the_baseline(sneaker):
    forecast, _, reasons = sneaker
    context = reasons["context"]
    total = context.typical + context.share.sum() + reasons["words"].share.sum()
    total += reasons["sound"].moments.share.sum() + reasons["picture"].moments.share.sum()
    assert total == pytest.approx(forecast.log_score - forecast.baseline, abs=TOLERANCE)


def test_a_case_tells_what_the_forecast_tells(sneaker):
    forecast, case, _ = sneaker
    assert case.log_score == pytest.approx(forecast.log_score, abs=TOLERANCE)
    for modality, value in case.contributions().items():
        assert value == pytest.approx(forecast.contribution[modality.value], abs=TOLERANCE)
    assert set(case.removals()) == {Modality(m) for m, v in forecast.contribution.items() if v is not None}


def test_the_planted_reveal_is_found_in_the_picture_at_its_second(forecaster, sneaker):
    forecast, _, reasons = sneaker
    second = truth(forecaster, "03-sneaker-reveal")["reveal_second"]
    share = reasons["picture"].moments.share
    assert int(share.argmax()) == second
    assert share[second] > 0.5 * share.sum()
    assert int(reasons["picture"].moments.times_s[second]) == second
    assert reasons["heat"].frame == second
    content = {m: v for m, v in forecast.contribution.items() if v is not None and m != "content_agnostic"}
    assert max(content, key=content.get) == "visual"


def test_the_planted_jingle_is_found_in_the_sound_at_its_second(forecaster, explainer):
    second = truth(forecaster, "08-candle-jingle")["jingle_second"]
    reasons = dict(explainer.explained(*asked(forecaster, "08-candle-jingle")))
    share = reasons["sound"].moments.share
    assert int(share.argmax()) == second
    assert reasons["sound"].moments.contribution > 0.1
    picture = reasons["picture"].moments.share
    assert picture.max() < 0.5 * picture.sum()  # no moment of the picture stands out


def test_the_planted_offer_is_found_in_its_words_in_chinese(forecaster, explainer):
    reasons = dict(explainer.explained(*asked(forecaster, "02-lipstick-zh")))
    words = reasons["words"]
    share = {unit.text.strip(" ，。？"): value for unit, value in zip(words.units, words.share, strict=True)}
    assert words.contribution > 0.1
    assert share["7折"] > 0
    assert share["69元"] > np.quantile(words.share, 0.8)
    assert share["吗"] > np.quantile(words.share, 0.8)  # the opening question was planted too


def test_what_the_model_ignores_gets_nothing(sneaker):
    _, case, reasons = sneaker
    usual_facts = dict(zip(reasons["context"].names, reasons["context"].share, strict=True))
    same = [
        n
        for n, v, u in zip(*[getattr(reasons["context"], a) for a in ("names", "values", "usual")], strict=True)
        if v == u
    ]
    assert same
    assert all(usual_facts[name] == 0.0 for name in same)

    deaf = dataclasses.replace(
        case, vectors={**case.vectors, Modality.AUDIO: None}, present=without(case, Modality.AUDIO)
    )
    assert seconds(deaf, reasons["sound"].heard, None) is None
    assert Modality.AUDIO not in deaf.contributions()


def without(case, modality):
    present = case.present.copy()
    present[MODALITIES.index(modality)] = False
    return present


def test_frames_that_are_the_same_get_the_same(sneaker):
    _, case, reasons = sneaker
    seen = reasons["picture"].seen
    still = dataclasses.replace(seen, vectors=np.repeat(seen.vectors.mean(axis=0, keepdims=True), 10, axis=0))
    moments = frames(case, still)
    assert np.ptp(moments.share) < 1e-6
    assert moments.contribution == pytest.approx(reasons["picture"].moments.contribution, abs=TOLERANCE)


def test_a_typical_release_owes_nothing_to_any_fact(forecaster):
    typical = usual(forecaster.workspace)
    content, candidate = asked(forecaster, "04-mug-plain", uploader_id=None, features=typical)
    found = context(forecaster.case(content, candidate), typical)
    assert np.abs(found.share).max() == 0.0
    assert found.names[-1] == HISTORY
    assert found.typical == pytest.approx(found.contribution, abs=1e-9)


def test_usual_values_are_the_markets(demo):
    typical = usual(demo)
    median = demo.store.query("SELECT quantile_disc(duration_s, 0.5) AS m FROM videos").to_pylist()[0]["m"]
    assert typical["video_duration"] == pytest.approx(median)
    assert typical["upload_hour"] in range(24)
    assert isinstance(typical["upload_city"], str)


def test_reasons_are_kept_and_told_again_without_any_network(forecaster, explainer, sneaker, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("worked out again")

    content, candidate = asked(forecaster, "03-sneaker-reveal")
    monkeypatch.setattr(Case, "worth", refuse)
    again = dict(explainer.explained(content, candidate))
    assert again["words"] is sneaker[2]["words"]
    with pytest.raises(AssertionError, match="again"):
        list(explainer.explained(content, dataclasses.replace(candidate, uploader_id=None)))


def test_work_can_be_stopped_between_its_steps_and_keeps_what_was_finished(forecaster):
    explainer = Explainer(forecaster)
    content, candidate = asked(forecaster, "04-mug-plain")
    got = []

    def until_words(step):
        if step.stage == "words" and step.done == 0 and got:
            raise Cancelled("stopped")

    stages = (stage for stage, _ in explainer.explained(content, candidate, progress=until_words))
    got.append(next(stages))
    with pytest.raises(Cancelled):
        next(stages)
    assert got == ["context"]
    assert next(explainer.explained(content, candidate))[0] == "context"


def test_a_silent_clip_and_one_without_words_leave_their_reasons_out(forecaster, explainer):
    reasons = dict(explainer.explained(*asked(forecaster, "09-sunscreen-silent", description="", tags=())))
    assert "words" not in reasons
    assert "sound" not in reasons
    assert reasons["picture"].moments is not None
