"""How far a release is from what was learnt."""

import dataclasses
from datetime import UTC, datetime

import numpy as np
import pytest

from mtaf_core.content.extract import Content
from mtaf_core.data.frame import Candidate, embedding_matrix, market_frame
from mtaf_core.insight import familiar
from mtaf_core.insight.forecast import Forecaster
from mtaf_core.schema import CONTENT_MODALITIES, MODALITIES, Modality

WHEN = datetime(2026, 10, 31, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def forecaster(demo):
    return Forecaster(demo, device="cpu")


@pytest.fixture(scope="module")
def past(demo, forecaster):
    """A video of the market as if it were a new clip, and its row."""
    frame = market_frame(demo.store, timezone=demo.info.timezone)
    row = len(frame) // 2
    names = forecaster.bundle.manifest.backbone_names
    vectors = {m: embedding_matrix(demo.store, frame.facts.iloc[[row]], m, names[m]) for m in CONTENT_MODALITIES}
    content = Content(None, {m: None if v is None else np.asarray(v)[0] for m, v in vectors.items()})
    return content, frame.facts.iloc[row]


def candidate(facts, **more):
    return Candidate(description=facts["description"], uploader_id=facts["uploader_id"], upload_time=WHEN, **more)


def test_what_the_model_has_seen_is_usual_and_noise_is_strange(demo, forecaster, past):
    content, facts = past
    case = forecaster.case(content, candidate(facts))
    told = familiar.trust(case, demo)
    assert set(told.content) == set(CONTENT_MODALITIES)
    assert all(familiar.familiarity(share) == "usual" for share in told.content.values())

    noise = np.random.default_rng(0).normal(size=case.vectors[Modality.VISUAL].shape).astype(np.float32)
    odd = dataclasses.replace(case, vectors={**case.vectors, Modality.VISUAL: noise})
    assert familiar.familiarity(familiar.trust(odd, demo).content[Modality.VISUAL]) == "strange"
    unheard = case.present & (np.array(MODALITIES) != Modality.AUDIO)
    assert Modality.AUDIO not in familiar.trust(dataclasses.replace(case, present=unheard), demo).content


def test_numbers_outside_of_what_was_learnt_are_named(demo, forecaster, past):
    content, facts = past
    assert familiar.trust(forecaster.case(content, candidate(facts)), demo).outside == ()
    odd = candidate(facts, features={"uploader_follower": 10**11, "video_duration": 3_599.0})
    assert set(familiar.trust(forecaster.case(content, odd), demo).outside) == {"uploader_follower", "video_duration"}


def test_the_past_of_a_kol_is_held_against_what_was_expected(demo, forecaster, past):
    content, facts = past
    videos, missed = familiar.trust(forecaster.case(content, candidate(facts)), demo).past
    counted = demo.store.query("SELECT count(*) AS n FROM videos WHERE uploader_id = ?", [facts["uploader_id"]])
    assert videos == counted.to_pylist()[0]["n"]
    assert 0.05 < missed < 3
    assert familiar.trust(forecaster.case(content, Candidate(upload_time=WHEN)), demo).past is None
