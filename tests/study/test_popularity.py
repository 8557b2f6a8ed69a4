"""Popularity by category: means as they are, intervals that know that videos of one KOL are alike."""

import numpy as np
import pyarrow as pa
import pytest

from mtaf_core.errors import BadInput
from mtaf_core.study import market
from mtaf_core.study.cohort import CATEGORICAL, Cohort
from mtaf_core.study.popularity import popularity_by
from mtaf_core.workspace import Workspace


class Simulated:
    """Stands for a study: KOLs of their own strength, each with videos in one of eight groups that do not differ."""

    def __init__(self, seed: int, kol_sd: float, groups: int = 8, kols: int = 64, videos: int = 25) -> None:
        rng = np.random.default_rng(seed)
        kol = np.repeat(np.arange(kols), videos)
        self.rows = pa.table(
            {
                "row": np.arange(kols * videos),
                "kol": kol,
                "category": (kol % groups).astype(str),
                "log_score": 5 + kol_sd * rng.normal(size=kols)[kol] + rng.normal(size=kols * videos),
            }
        )

    def query(self, sql: str, params=None, cohort=None, **_):
        import duckdb

        with duckdb.connect() as connection:
            connection.register("panel", self.rows)
            return connection.sql("WITH nothing AS (SELECT 1) " + sql).to_arrow_table()


def test_groups_that_do_not_differ_are_hardly_ever_called_clear_though_kols_do() -> None:
    """200 videos a group are those of 8 KOLs: taken for independent, most groups would be 'clearly different'."""
    called = [popularity_by(Simulated(seed, kol_sd=1.0), "category") for seed in range(40)]
    held = np.mean([((p.effects.low <= 0) & (p.effects.high >= 0)).mean() for p in called])
    assert held >= 0.9
    assert np.mean([p.effects.clear.mean() for p in called]) < 0.05
    assert np.mean([p.alike for p in called]) == pytest.approx(0.5, abs=0.06)
    seeming = np.mean([np.abs(p.effects.raw).mean() for p in called]) / np.sqrt(2 / 200)
    assert seeming > 2  # in standard errors, were the videos independent


def test_where_kols_are_alike_every_video_counts() -> None:
    found = popularity_by(Simulated(1, kol_sd=0.0), "category")
    assert found.alike < 0.02
    np.testing.assert_allclose(found.worth, 200, rtol=0.35)


def test_counts_and_geometric_means_are_those_of_the_rows(demo: Workspace) -> None:
    study = market.find(demo)
    found = popularity_by(study, "category")
    every = study.query("SELECT category, kol, score FROM market").to_pandas().groupby("category")
    for word, videos, kols, typical in zip(found.words, found.videos, found.kols, found.typical, strict=True):
        own = every.get_group(word)
        assert (videos, kols) == (len(own), own["kol"].nunique())
        assert typical == pytest.approx(np.expm1(np.log1p(own["score"]).mean()))
    assert list(found.videos) == sorted(found.videos, reverse=True)


def test_categories_with_an_order_keep_it(tiktok_vn: Workspace) -> None:
    study = market.find(tiktok_vn)
    assert popularity_by(study, "tier").words == ("head", "waist", "tail", "nano", "unknown")
    assert popularity_by(study, "upload_hour").words == tuple(f"{float(hour)}" for hour in range(24))


def test_net_of_the_kol_a_tier_of_strong_kols_is_still_the_strong_one(tiktok_vn: Workspace) -> None:
    study = market.find(tiktok_vn)
    raw, net = (popularity_by(study, "tier", adjusted=adjusted) for adjusted in (False, True))
    assert raw.effects.clear[0]
    assert np.argsort(raw.effects.effect[:4]).tolist() == np.argsort(net.effects.effect[:4]).tolist()
    weekday = popularity_by(study, "upload_dayofweek", adjusted=True).effects
    one_way = popularity_by(study, "upload_dayofweek").effects
    assert (weekday.high - weekday.low).mean() < (one_way.high - one_way.low).mean()


def test_it_obeys_the_cohort(demo: Workspace) -> None:
    study = market.find(demo)
    cohort = Cohort(product=True)
    assert popularity_by(study, "tier", cohort).videos.sum() == study.count(cohort)[0]
    nobody = popularity_by(study, "tier", Cohort(tiers=("nobody",)))
    assert nobody.words == ()


@pytest.mark.parametrize("adjusted", [False, True])
def test_every_category_can_be_asked(demo: Workspace, adjusted: bool) -> None:
    study = market.find(demo)
    for column in CATEGORICAL:
        found = popularity_by(study, column, adjusted=adjusted)
        assert found.videos.sum() == 1600
        known = np.isfinite(found.effects.low)
        assert (found.effects.low[known] <= found.effects.high[known]).all()


def test_an_unknown_category_is_refused_in_words(demo: Workspace) -> None:
    with pytest.raises(BadInput, match="no category called 'charm; DROP"):
        popularity_by(market.find(demo), "charm; DROP TABLE panel")
