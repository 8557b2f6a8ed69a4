"""A model card says what its manifest says, and nothing it does not know."""

import re
from dataclasses import replace

import pytest

from mtaf_core.content.specs import AISFX
from mtaf_core.model.card import card
from mtaf_core.model.manifest import read_manifest
from mtaf_core.schema import AFTER_RELEASE, BEFORE_RELEASE
from mtaf_core.workspace import DEMO_ASSETS


@pytest.fixture(scope="module")
def shipped():
    (path,) = (DEMO_ASSETS / "bundles").glob("*/manifest.json")
    return read_manifest(path.parent)


@pytest.fixture
def fresh(bundle):
    return bundle.manifest


def section(text: str, title: str) -> str:
    return text.split(f"\n## {title}", 1)[1].split("\n## ", 1)[0]


class TestShippedDemo:
    def test_it_says_at_its_head_that_the_market_is_simulated(self, shipped):
        head = card(shipped).split("\n## ")[0]
        assert head.startswith("# Model card: popularity on day 6, Demo market (simulated)\n")
        assert "Made from a simulated market" in head
        assert "0.2 × favorites + 0.3 × comments + 0.5 × shares" in head

    def test_it_names_the_data_with_counts_and_dates(self, shipped):
        data = section(card(shipped), "What it learnt from")
        assert "| videos | 1,600 |" in data
        assert f"| first upload | {shipped.data['from'][:10]} |" in data
        assert f"| last upload | {shipped.data['to'][:10]} |" in data
        assert shipped.data["fingerprint"] in data

    def test_every_feature_is_told_on_its_side_of_the_release(self, shipped):
        before, after = section(card(shipped), "What it looks at").split("After release only")
        assert all(f"`{feature.name}`" in before for feature in BEFORE_RELEASE)
        assert all(f"`{feature.name}`" in after and f"`{feature.name}`" not in before for feature in AFTER_RELEASE)

    def test_backbones_come_with_licence_and_attribution(self, shipped):
        told = section(card(shipped), "Networks that read the content")
        assert all(name in told for name in shipped.backbone_names.values())
        assert "CC BY 4.0" in told
        assert AISFX.attribution in told

    def test_every_measure_and_coverage_of_the_manifest_is_there(self, shipped):
        told = section(card(shipped), "How well it does")
        blocks = re.split(r"\n### ", told)[1:]
        assert len(blocks) == len(shipped.metrics) == 6
        for block, measured in zip(blocks, shipped.metrics.values(), strict=True):
            assert f"({measured['n_test']} videos)" in block
            assert f"The 90% range held the true score of {measured['interval']['coverage']:.1%} of these" in block
            for row in measured["rows"]:
                assert f"| {row['method']} | {row['MAE']:.3f} | {row['MSE']:.3f} |" in block

    def test_how_to_make_it_again_is_a_command_with_its_seed_and_the_fingerprint(self, shipped):
        again = section(card(shipped), "How to make it again")
        assert "python -m mtaf_core extract --backbones compact\n" in again
        assert "python -m mtaf_core train --horizon-day 6 --seed 0 --device auto\n" in again
        assert shipped.data["fingerprint"] in again

    def test_use_misuse_limits_and_ethics_are_spoken_of(self, shipped):
        text = card(shipped)
        assert "Not for" in section(text, "What it is for")
        fewest = min(shipped.calibration["residuals"])
        assert f"rest on {fewest} videos" in section(text, "Where it ends")
        ethics = section(text, "What to keep in mind")
        assert "Association, not cause" in ethics
        assert "bought" in ethics


class TestFreshlyTrained:
    def test_a_market_that_nothing_is_said_of_is_not_called_simulated_or_real(self, fresh):
        text = card(fresh)
        assert "Made from a simulated market" not in text
        assert "| simulated or real | unknown |" in text
        assert "a market without a name" in text

    def test_vectors_of_an_unknown_network_have_an_unknown_licence(self, fresh):
        told = section(card(fresh), "Networks that read the content")
        assert "| Sound | tiny-audio | 8 | unknown: ask who made the vectors | unknown |" in told

    def test_settings_are_those_it_was_trained_with(self, fresh, quick):
        told = section(card(fresh), "How it was trained")
        assert f"| most epochs | {quick.epochs} |" in told
        assert f"| learning rate of Adam at the start | {quick.learning_rate} |" in told
        assert "None" not in told

    def test_more_methods_and_fields_than_known_are_no_harm(self, fresh):
        before = fresh.metrics["0"]
        more = {**before, "rows": [*before["rows"], {"method": "MTAF+", "MAE": 0.5}], "tiers": {"large": 0.1}}
        metrics = {**fresh.metrics, "0": more, "folds": {"networks": 0.3}, "drift": 0.1}
        told = section(card(replace(fresh, metrics=metrics)), "How well it does")
        assert "| MTAF+ | 0.500 | – | – | – | – |" in told
        assert "drift" not in told

    def test_what_learnt_from_the_latest_videos_alone_is_said_where_there_were_more(self, fresh):
        assert "--max-videos" not in card(fresh)
        many = replace(fresh, data={**fresh.data, "labelled": 1_000_000})
        told = section(card(many), "What it learnt from")
        assert "from the latest 200,000 of these videos alone (`--max-videos`)" in told
        assert "| latest videos that the stack's table is of, at most | 200,000 |" in card(many)

    def test_where_nothing_was_measured_it_says_so(self, fresh):
        assert "Nothing was measured" in card(replace(fresh, metrics={}))

    def test_words_of_others_cannot_break_the_page(self, fresh):
        named = replace(fresh, provenance={"market": "tea | <b>cups</b>\n# Heading", "simulated": False})
        text = card(named)
        assert "<b>" not in text
        assert "\n# Heading" not in text
        assert "| market | tea \\| &lt;b>cups&lt;/b> # Heading |" in text
        assert "| simulated or real | not simulated |" in text
