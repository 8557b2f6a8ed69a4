"""On the demo market, whose true effects are known: do importance and contributions rank the true drivers first?

The size of a true effect is how far it moves log popularity over the market's videos: the standard deviation of
``effect_…`` in ``truth.parquet``; 0 for a row of Table 1 that the simulator does not read. Sixteen of the 27 rows tie
at 0, so that even a perfect ranking has a Spearman of 0.89 over all of them.
"""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from mtaf_core.data.demo.effects import EFFECTS, NO_EFFECT
from mtaf_core.data.frame import embedding_matrix, market_frame
from mtaf_core.insight.attribution import coalition_masks, shapley
from mtaf_core.model.bundle import Bundle
from mtaf_core.schema import MODALITIES, Modality

DRIVERS = [name for name, effect in EFFECTS.items() if effect.modality is Modality.CONTENT_AGNOSTIC]
SOURCES = MODALITIES[:4]
HELD_OUT = 160
"""The latest tenth of the market: what the shipped bundle did not learn from."""


@pytest.fixture(scope="module")
def bundle(demo):
    return Bundle.load(demo.bundle_path())


@pytest.fixture(scope="module")
def frame(demo):
    return market_frame(demo.store, timezone=demo.info.timezone)


@pytest.fixture(scope="module")
def truth(demo, frame):
    return pd.read_parquet(demo.path / "truth.parquet").set_index("video_id").loc[frame.facts["video_id"]]


def size(truth, name):
    return float(truth[f"effect_{name}"].std()) if name in EFFECTS else 0.0


def agreement(found, truth, names):
    return spearmanr([found[name] for name in names], [size(truth, name) for name in names]).statistic


def test_tree_importance_ranks_the_true_drivers_by_their_size(bundle, truth):
    of = {library: kinds["shap"] for library, kinds in bundle.importance.items()}
    both = {name: (of["xgboost"][name] + of["lightgbm"][name]) / 2 for name in (*DRIVERS, *NO_EFFECT)}
    assert agreement(both, truth, DRIVERS) >= 0.8
    assert agreement(both, truth, [*DRIVERS, *NO_EFFECT]) >= 0.8
    for library in of:  # each for itself is a little noisier
        assert agreement(of[library], truth, DRIVERS) >= 0.75
        assert agreement(of[library], truth, [*DRIVERS, *NO_EFFECT]) >= 0.75


def test_the_largest_drivers_come_first(bundle):
    for kinds in bundle.importance.values():
        ranked = sorted(kinds["shap"], key=lambda name: -kinds["shap"][name])
        assert set(ranked[:2]) == {"uploader_follower", "uploader_favorited"}
        # Users of hashtags have no effect of their own, but rise and fall with the views, which do.
        assert set(ranked[:6]) - {"tag_total_user_count"} <= set(DRIVERS)


@pytest.fixture(scope="module")
def contributions(bundle, demo, frame):
    """Shapley values of the held-out videos before release, (5, videos)."""
    rows = np.arange(len(frame) - HELD_OUT, len(frame))
    latest = frame.take(rows)
    vectors = {
        Modality(name): embedding_matrix(demo.store, latest.facts, name, spec["name"])
        for name, spec in bundle.manifest.backbones.items()
    }
    return shapley(bundle.coalitions(latest, vectors, coalition_masks(5), 0).T, 5)


@pytest.fixture(scope="module")
def true_contributions(truth):
    """What each source truly adds to each held-out video, around its mean, (4, videos)."""
    names = {m: [f"effect_{n}" for n, effect in EFFECTS.items() if effect.modality is m] for m in SOURCES}
    added = np.stack([truth[names[m]].sum(axis=1).to_numpy()[-HELD_OUT:] for m in SOURCES])
    return added - added.mean(axis=1, keepdims=True)


def test_contributions_rank_what_truly_moved_videos_it_had_not_seen(contributions, true_contributions):
    found = contributions[:4] - contributions[:4].mean(axis=1, keepdims=True)
    assert spearmanr(found.ravel(), true_contributions.ravel()).statistic >= 0.8
    each = {m.letter: spearmanr(*pair).statistic for m, *pair in zip(SOURCES, found, true_contributions, strict=True)}
    assert each["N"] >= 0.95
    assert min(each.values()) >= 0.7


def test_contributions_rank_the_sources_by_how_much_they_truly_move(contributions, true_contributions):
    found, true = np.abs(contributions).mean(axis=1), np.abs(true_contributions).mean(axis=1)
    assert spearmanr(found, [*true, 0.0]).statistic >= 0.8
    assert found[0] > 3 * found[1:4].max()  # as in truth, where it is 3.3 times
    assert found[4] == pytest.approx(0, abs=1e-9)  # nothing was seen after release
