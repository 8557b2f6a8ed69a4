"""The simulated market: the statistics of a real one, and causes that can be found again. No clips here."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mtaf_core.data.demo import effects, report
from mtaf_core.data.demo.hashtags import POWER, TAGS
from mtaf_core.data.demo.simulate import Market, simulate
from mtaf_core.data.frame import market_frame
from mtaf_core.data.store import Store
from mtaf_core.data.tables import TABLES
from mtaf_core.errors import BadInput
from mtaf_core.schema import Modality


@pytest.fixture(scope="module")
def market() -> Market:
    return simulate()


@pytest.fixture(scope="module")
def large() -> Market:
    """Large enough for the statistics to be tight."""
    return simulate(seed=3, uploaders=600, videos=4000)


def table(market: Market, name: str) -> pd.DataFrame:
    return market.tables[name].to_pandas()


def ols(columns: dict[str, np.ndarray], y: np.ndarray) -> pd.DataFrame:
    """Coefficients and standard errors of ordinary least squares with an intercept."""
    X = np.column_stack([*columns.values(), np.ones(len(y))])
    solution, *_ = np.linalg.lstsq(X, y, rcond=None)
    residual = y - X @ solution
    spread = np.sqrt(np.diag(np.linalg.inv(X.T @ X)) * (residual @ residual) / (len(y) - X.shape[1]))
    return pd.DataFrame({"found": solution, "error": spread}, index=[*columns, "intercept"])


def values(market: Market) -> dict[str, np.ndarray]:
    """The value of each cause, from its true contribution."""
    return {
        name: part / effects.EFFECTS[name].coefficient + effects.EFFECTS[name].centre
        for name, part in report.true_parts(market).items()
    }


def test_the_same_seed_gives_the_same_market_and_another_seed_another(market):
    again = simulate()
    assert all(again.tables[name].equals(rows) for name, rows in market.tables.items())
    assert again.designs == market.designs
    assert again.truth.equals(market.truth)
    assert not simulate(seed=8).tables["videos"].equals(market.tables["videos"])


def test_every_table_is_canonical_with_unique_keys(market):
    for name, rows in market.tables.items():
        assert rows.schema.equals(TABLES[name].arrow), name
        keys = rows.select(list(TABLES[name].keys)).to_pandas()
        assert not keys.isna().any().any(), name
        assert not keys.duplicated().any(), name


def test_it_has_the_promised_size(market):
    assert len(table(market, "uploaders")) == 260
    assert len(table(market, "videos")) == 1600
    posts = table(market, "videos")["uploader_id"].value_counts()
    assert len(posts) == 260
    assert 5 <= (posts >= 15).sum() <= 25
    assert posts.between(2, 8).mean() > 0.6


def test_a_market_without_videos_for_its_uploaders_is_refused():
    with pytest.raises(BadInput, match="3 videos for 5"):
        simulate(uploaders=5, videos=3)


def test_counts_of_uploaders_are_log_normal_and_go_together(large):
    people = table(large, "uploaders")
    logs = np.log(people[["follower_count", "favorited_count", "video_count", "favoriting_count", "following_count"]])
    assert (np.abs(stats.skew(logs)) < 0.25).all()
    assert (np.abs(stats.kurtosis(logs)) < 0.5).all()
    together = logs.corr()
    assert together.loc["follower_count", "favorited_count"] > 0.75
    assert 0.3 < together.loc["follower_count", "video_count"] < 0.6
    assert abs(together.loc["follower_count", "favoriting_count"]) < 0.1


def test_views_of_hashtags_follow_a_power_law(market):
    tags = table(market, "tags")
    first = np.sort(tags[tags["snapshot_date"] == tags["snapshot_date"].min()]["total_view_count"])[::-1]
    assert len(first) == TAGS
    slope = np.polyfit(np.log(np.arange(1, TAGS + 1)), np.log(first.astype(float)), 1)[0]
    assert slope == pytest.approx(-POWER, abs=0.12)


def test_popularity_is_roughly_log_normal(large):
    scores = report.log_scores(large)[:, -1]
    assert abs(stats.skew(scores)) < 0.3
    assert 1.2 < scores.std() < 2.2


def test_counts_are_whole_and_never_fall_over_six_days(market):
    rows = table(market, "snapshots").sort_values(["video_id", "day_index"])
    assert (rows.groupby("video_id")["day_index"].agg(list).map(tuple) == (1, 2, 3, 4, 5, 6)).all()
    for column in ("favorite_count", "comment_count", "share_count", "save_count"):
        assert (rows.groupby("video_id")[column].diff().dropna() >= 0).all()
    assert rows["view_count"].isna().all()


def test_totals_of_hashtags_and_likes_received_never_fall(market):
    tags = table(market, "tags").sort_values(["tag_name", "snapshot_date"])
    assert (tags.groupby("tag_name")["total_view_count"].diff().dropna() >= 0).all()
    people = table(market, "uploader_snapshots").sort_values(["uploader_id", "snapshot_date"])
    for column in ("favorited_count", "video_count"):
        assert (people.groupby("uploader_id")[column].diff().dropna() >= 0).all()


def test_early_days_foretell_day_six_strongly_but_not_perfectly(large):
    scores = report.log_scores(large)
    r2 = [np.corrcoef(scores[:, day], scores[:, -1])[0, 1] ** 2 for day in range(5)]
    assert 0.75 < r2[0] < 0.93
    assert r2 == sorted(r2)
    assert r2[2] < 0.99


def test_before_release_three_quarters_can_be_known_and_content_holds_a_visible_share(large):
    assert report.ceiling(large) == pytest.approx(0.75, abs=0.03)
    shares = effects.variance_shares(report.true_parts(large))
    content = sum(shares[name] for name in effects.CONTENT_FACTORS)
    assert 0.12 <= content <= 0.19


def test_least_squares_finds_every_planted_effect(large):
    fit = ols(values(large), report.log_scores(large)[:, -1])
    for name, effect in effects.EFFECTS.items():
        found, error = fit.loc[name]
        assert abs(found - effect.coefficient) < 4 * error, name
        if abs(effect.coefficient) > 5 * error:
            assert np.sign(found) == np.sign(effect.coefficient), name


def test_features_without_effect_have_none(large):
    people = table(large, "uploaders").set_index("uploader_id")
    videos = table(large, "videos")
    owner = people.loc[videos["uploader_id"]]
    idle = {
        "uploader_favoriting": np.log1p(owner["favoriting_count"].to_numpy(float)),
        "uploader_following": np.log1p(owner["following_count"].to_numpy(float)),
        "uploader_rating": owner["user_rating"].to_numpy(float),
        "uploader_searchable": owner["is_searchable"].to_numpy(float),
        "uploader_gender": (owner["gender"] == "female").to_numpy(float),
        "video_downloadable": videos["is_downloadable"].to_numpy(float),
        "video_mix": videos["is_in_mix"].to_numpy(float),
        "upload_poi": videos["poi_id"].notna().to_numpy(float),
    }
    fit = ols({**values(large), **idle}, report.log_scores(large)[:, -1])
    for name in idle:
        assert name in effects.NO_EFFECT
        assert abs(fit.loc[name, "found"]) < 4 * fit.loc[name, "error"], name


def test_the_causes_are_the_very_values_that_a_frame_shows(market, tmp_path):
    store = Store(tmp_path / "demo")
    with store.write("demo") as change:
        for name, rows in market.tables.items():
            change.replace(name, rows)
    frame = market_frame(store)
    facts = frame.facts.set_index("video_id")
    # A count taken on the day of the upload itself moved the video, but a forecast may only see the one before.
    counted = set(table(market, "uploader_snapshots")["snapshot_date"])
    facts = facts[~facts["created_at"].dt.tz_convert("Asia/Shanghai").dt.date.isin(counted)]
    assert len(facts) > 0.7 * len(frame)
    truth = market.truth.to_pandas().set_index("video_id").loc[facts.index]
    shown = {
        "uploader_follower": np.log1p(facts["uploader_follower"]),
        "uploader_favorited": np.log1p(facts["uploader_favorited"]),
        "uploader_video_count": np.log1p(facts["uploader_video_count"]),
        "uploader_verification": facts["uploader_verification"],
        "video_product": facts["video_product"],
        "video_duration": np.log1p(facts["video_duration"]),
        "tag_total_view_count": np.log1p(facts["tag_total_view_count"]).clip(lower=effects.TAG_REACH_FLOOR),
        "upload_hour": pd.Series(effects.hour_curve(facts["upload_hour"].to_numpy(float)), facts.index),
        "upload_dayofweek": facts["upload_dayofweek"].astype(int).map(lambda day: effects.WEEKDAY_CURVE[day]),
        "upload_city": facts["upload_city"].map(lambda city: effects.CITY_EFFECT.get(city, 0.0)),
    }
    for name, value in shown.items():
        effect = effects.EFFECTS[name]
        expected = effect.coefficient * (value.to_numpy(float) - effect.centre)
        np.testing.assert_allclose(truth[f"effect_{name}"], expected, atol=1e-9, err_msg=name)


def test_truth_adds_up(market):
    truth = market.truth.to_pandas()
    total = effects.BASE + truth.filter(like="effect_").sum(axis=1)
    np.testing.assert_allclose(truth["expected_log_popularity"], total)
    np.testing.assert_allclose(truth["log_popularity"], total + truth["noise"])
    assert (truth["reveal_second"].notna() == (truth["factor_visual_reveal"] == 1)).all()
    assert (truth["jingle_second"].notna() == (truth["factor_audio_jingle"] == 1)).all()
    assert truth["reveal_second"].dropna().between(2, 8).all()


def test_content_does_not_depend_on_the_uploader(large):
    parts = report.true_parts(large)
    context = sum(part for n, part in parts.items() if effects.EFFECTS[n].modality is Modality.CONTENT_AGNOSTIC)
    content = sum(parts[name] for name in effects.CONTENT_FACTORS)
    assert abs(np.corrcoef(context, content)[0, 1]) < 0.05


def test_it_has_gaps_as_life_has(market):
    people, videos = table(market, "uploaders"), table(market, "videos")
    assert 0.1 < people["age"].isna().mean() < 0.35
    assert people["age"].min() >= 18
    assert 0.02 < videos["upload_city"].isna().mean() < 0.2
    assert 0.005 < np.mean([design.sound == "none" for design in market.designs]) < 0.04
    assert videos.loc[~videos["has_product_link"], "product_price"].isna().all()


def test_three_in_five_descriptions_are_english(market):
    chinese = table(market, "videos")["description"].str.contains(r"[\u4e00-\u9fff]")
    assert chinese.mean() == pytest.approx(0.40, abs=0.06)
