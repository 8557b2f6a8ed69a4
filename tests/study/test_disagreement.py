"""Where measures disagree: marked only where it matters, with a reason that the data gives."""

import numpy as np
import pandas as pd
import pytest
from given_sample import given

from mtaf_core.schema import BEFORE_RELEASE
from mtaf_core.study import factors, market, sample
from mtaf_core.study.disagreement import correlations, disagreements, marked, ranks
from mtaf_core.study.drivers import Measures, measures
from mtaf_core.workspace import Workspace

NAMES = [f.name for f in BEFORE_RELEASE][:12]
ALL = ["xgboost.weight", "xgboost.gain", "xgboost.cover", "xgboost.permutation", "xgboost.shap", "lightgbm.split"]


def given_measures(feature: str, places: dict[str, int]) -> Measures:
    """Twelve features whose measures agree, but for one, which each measure puts at its place of 1 to 12."""
    columns = {}
    for measure in ALL:
        order = [name for name in NAMES if name != feature]
        order.insert(places.get(measure, 6) - 1, feature)
        columns[measure] = {name: float(12 - place) for place, name in enumerate(order)}
    values = pd.DataFrame(columns).loc[NAMES]
    shares = values / values.sum()
    return Measures(values, shares, shares * 0.9, shares * 1.1, 400, 400)


def codes(feature: str, places: dict[str, int], held: sample.Sample) -> list[str]:
    return [why.code for why in disagreements(given_measures(feature, places), held, ALL)[feature].reasons]


def test_a_number_with_many_values_is_favoured_by_weight_and_split() -> None:
    held = given(400, {"uploader_follower": np.arange(400.0)})
    places = {"xgboost.weight": 1, "lightgbm.split": 1, "xgboost.gain": 9, "xgboost.cover": 9}
    found = disagreements(given_measures("uploader_follower", places), held, ALL)["uploader_follower"]
    assert (found.best, found.worst, found.spread) == ("xgboost.weight", "xgboost.gain", 8)
    assert [(why.code, why.values) for why in found.reasons] == [("many_values", {"values": 400})]
    assert marked(found, 12)


def test_a_flag_is_favoured_by_gain_and_cover() -> None:
    held = given(400, {"uploader_verification": np.arange(400) % 2.0})
    places = {"xgboost.weight": 12, "lightgbm.split": 12, "xgboost.gain": 2, "xgboost.cover": 2}
    assert codes("uploader_verification", places, held) == ["few_values"]


def test_a_category_of_many_words_is_split_often() -> None:
    held = given(400, {"uploader_rating": np.arange(400) % 30.0}, words={"uploader_rating": tuple("abc")})
    places = {"xgboost.weight": 1, "lightgbm.split": 1, "xgboost.gain": 9, "xgboost.cover": 9}
    assert codes("uploader_rating", places, held) == ["many_words"]


def test_permutation_is_low_where_another_fact_says_the_same() -> None:
    rng = np.random.default_rng(0)
    followers = rng.lognormal(10, 2, 400)
    held = given(400, {"uploader_follower": followers, "uploader_favorited": 9 * followers + rng.normal(0, 1, 400)})
    places = dict.fromkeys(ALL, 2) | {"xgboost.permutation": 10}
    found = disagreements(given_measures("uploader_follower", places), held, ALL)["uploader_follower"]
    (why,) = found.reasons
    assert why.code == "moves_with"
    assert why.values["other"] == "uploader_favorited"
    assert why.values["correlation"] > 0.99


def test_permutation_is_low_where_the_latest_videos_do_not_bear_it_out() -> None:
    held = given(400, {"uploader_follower": np.arange(400.0)})
    places = dict.fromkeys(ALL, 2) | {"xgboost.permutation": 10}
    found = given_measures("uploader_follower", places)
    assert [w.code for w in disagreements(found, held, ALL)["uploader_follower"].reasons] == ["not_carried"]
    found.low.loc["uploader_follower", "xgboost.permutation"] = 0.0
    assert [w.code for w in disagreements(found, held, ALL)["uploader_follower"].reasons] == ["within_chance"]


def test_gain_and_cover_of_one_fact_differ_by_how_many_videos_its_splits_concern() -> None:
    held = given(400, {"uploader_follower": np.arange(400.0)})
    assert codes("uploader_follower", dict.fromkeys(ALL, 5) | {"xgboost.cover": 3, "xgboost.gain": 7}, held) == [
        "wide_splits"
    ]
    assert codes("uploader_follower", dict.fromkeys(ALL, 5) | {"xgboost.cover": 7, "xgboost.gain": 3}, held) == [
        "narrow_splits"
    ]


def test_measures_that_agree_need_no_reason_and_small_facts_no_mark() -> None:
    held = given(400, {"uploader_follower": np.arange(400.0)})
    found = disagreements(given_measures("uploader_follower", dict.fromkeys(ALL, 3)), held, ALL)
    assert found["uploader_follower"].spread == 0
    assert all(not one.reasons and not marked(one, 12) for one in found.values())
    unimportant = {measure: 8 + number % 2 * 4 for number, measure in enumerate(ALL)}
    last = disagreements(given_measures("uploader_follower", unimportant), held, ALL)["uploader_follower"]
    assert last.spread == 4
    assert not marked(last, 12)


def test_words_go_with_numbers_by_the_correlation_ratio_and_not_by_chance() -> None:
    rng = np.random.default_rng(1)
    city = rng.integers(0, 20, 600).astype(float)
    held = given(
        600,
        {"upload_city": city, "uploader_age": rng.normal(0, 1, 600), "uploader_follower": city + rng.normal(0, 1, 600)},
    )
    found = correlations(held)
    assert found["upload_city"][0] == "uploader_follower"
    assert 0.9 < found["upload_city"][1] <= 1.0
    assert abs(found["uploader_age"][1]) < 0.2


def test_on_real_videos_every_reason_names_what_is_there(tiktok_vn: Workspace) -> None:
    study = market.find(tiktok_vn)
    held = sample.read(study)
    found = measures(factors.read_importance(study.path), held)
    told = disagreements(found, held, list(found.shares.columns))
    assert set(told) == {name for name in found.shares.index if (found.shares.loc[name] > 0).any()}
    ranked = ranks(found.shares.loc[list(told)])
    for name, one in told.items():
        assert one.ranks == ranked.loc[name].to_dict()
        assert one.ranks[one.best] == min(one.ranks.values())
    assert not disagreements(found, held, [])


@pytest.mark.parametrize("spread", [2, 8])
def test_ties_share_the_better_rank(spread: int) -> None:
    table = pd.DataFrame({"a": [3.0, 1.0, 1.0, float(spread)]}, index=list("wxyz"))
    assert ranks(table)["a"].tolist() == ([1, 3, 3, 2] if spread == 2 else [2, 3, 3, 1])
