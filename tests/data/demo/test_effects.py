"""The true effects: stated once, complete, and the same in the document as in the code."""

from pathlib import Path

import numpy as np
import pytest

from mtaf_core.data.demo import effects, report
from mtaf_core.data.demo.design import ClipDesign
from mtaf_core.data.demo.simulate import simulate
from mtaf_core.schema import BEFORE_RELEASE, Modality

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "DEMO.md"


def test_every_before_release_feature_has_an_effect_or_is_said_to_have_none():
    context = {name for name, e in effects.EFFECTS.items() if e.modality is Modality.CONTENT_AGNOSTIC}
    assert context | set(effects.NO_EFFECT) == {feature.name for feature in BEFORE_RELEASE}
    assert not context & set(effects.NO_EFFECT)


def test_at_its_centre_a_cause_adds_nothing_and_one_unit_more_adds_its_coefficient():
    centres = {name: np.array([e.centre, e.centre + 1.0]) for name, e in effects.EFFECTS.items()}
    for name, part in effects.contributions(centres).items():
        assert part == pytest.approx([0.0, effects.EFFECTS[name].coefficient])


def test_the_shares_of_variance_add_up_to_one():
    rng = np.random.default_rng(0)
    shares = effects.variance_shares({name: rng.normal(size=50) for name in "abc"})
    assert sum(shares.values()) == pytest.approx(1.0)


def test_the_hour_curve_is_a_cycle_with_its_peak_in_the_evening():
    hours = np.arange(24.0)
    assert hours[np.argmax(effects.hour_curve(hours))] in (20, 21)
    assert effects.hour_curve(np.array([0.0])) == pytest.approx(effects.hour_curve(np.array([24.0])), abs=1e-9)


def test_the_picture_and_sound_causes_are_what_a_design_declares():
    seen = {n for n, e in effects.EFFECTS.items() if e.modality in (Modality.AUDIO, Modality.VISUAL)}
    design = ClipDesign(1, "mug", 0.1, 0.5, 0.5, True, 0.2, 0.3, "room", "KILN", ("A", "B"), "", 4, "voice", 0.6, None)
    assert set(design.factors) == seen
    assert design.factors["visual_product_focus"] == pytest.approx(0.25)
    assert (design.factors["visual_reveal"], design.factors["audio_jingle"]) == (1.0, 0.0)


def test_the_document_says_what_the_simulator_does():
    text = DOCUMENT.read_text(encoding="utf-8")
    stated = text.split("<!-- generated: python -m mtaf_core.data.demo.report -->")[1].split("<!-- end of generated")[0]
    assert stated.strip() == report.markdown(simulate()).strip()
    assert f"standard deviation\nof {effects.NOISE_SD:.2f}" in text
    assert f"Log popularity is {effects.BASE:.2f}" in text
