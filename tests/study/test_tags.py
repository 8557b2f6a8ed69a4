"""Hashtags: counted as the tables have them, effects that find what was planted, and what goes with what."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from mtaf_core.study import market, tag_detail, tag_pairs, tag_table, tags, variances
from mtaf_core.study.cohort import WHOLE, Cohort
from mtaf_core.study.crossing import Crossing
from mtaf_core.study.effects import crossed
from mtaf_core.study.market import Study
from mtaf_core.workspace import Workspace

PART = Cohort(tiers=("waist",), product=True)


@pytest.fixture(scope="module")
def study(demo: Workspace) -> Study:
    found = market.find(demo)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def pairs(study: Study) -> pd.DataFrame:
    """Every pair of a video and a hashtag, with the video's facts."""
    return study.query(
        "SELECT tag, tag_name, market.* FROM tagged JOIN tag_names USING (tag) JOIN market USING (row)"
    ).to_pandas()


def of(pairs: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    return pairs if cohort == WHOLE else pairs[(pairs["tier"] == "waist") & (pairs["video_product"] == 1)]


@pytest.mark.parametrize("cohort", [WHOLE, PART])
def test_the_crossing_is_what_three_group_bys_give(study: Study, cohort: Cohort) -> None:
    gathered = tags.gather(study, cohort)
    made = tags.crossing(gathered)
    y = "log_score - expected_untagged"
    one = study.query(
        f"""SELECT coalesce(kol, -1) AS kol, count(*) AS n, sum({y}) AS s, sum(({y}) ** 2) AS q FROM panel
            GROUP BY ALL ORDER BY kol""",
        cohort=cohort,
    ).to_pandas()
    kept = f"(SELECT tag, row FROM tagged WHERE tag IN ({', '.join(map(str, gathered.tags))}))"
    cells = study.query(
        f"SELECT kol, tag, count(*) AS n, sum({y}) AS s FROM {kept} JOIN panel USING (row) GROUP BY ALL", cohort=cohort
    ).to_pandas()
    both = study.query(
        f"""SELECT a.tag AS one, b.tag AS other, count(*) AS n FROM {kept} a JOIN {kept} b USING (row)
            JOIN panel USING (row) WHERE a.tag < b.tag GROUP BY ALL""",
        cohort=cohort,
    ).to_pandas()
    kol = {name: place for place, name in enumerate(one["kol"])}
    column = {tag: place for place, tag in enumerate(gathered.tags)}
    wanted = Crossing.of(
        one["n"], one["s"], one["q"].sum(), (cells["kol"].map(kol), cells["tag"].map(column), cells["n"], cells["s"]),
        len(gathered.tags), (both["one"].map(column), both["other"].map(column), both["n"]),
    )  # fmt: skip
    for name in ("n", "total", "squares", "column_total", "together"):
        np.testing.assert_allclose(getattr(made, name), getattr(wanted, name), atol=1e-6, err_msg=name)
    assert abs(made.shared - wanted.shared).max() == 0


@pytest.mark.parametrize("cohort", [WHOLE, PART])
def test_the_listing_counts_each_hashtag_of_the_cohort(study: Study, pairs: pd.DataFrame, cohort: Cohort) -> None:
    board, mine = tags.board(study, cohort), of(pairs, cohort)
    listing = board.listing.to_pandas().set_index("tag_name")
    assert listing["videos"].to_dict() == mine["tag_name"].value_counts().to_dict()
    assert listing["videos"].is_monotonic_decreasing
    newest = mine["local_time"].max().normalize()
    age = (newest - mine["local_time"].dt.normalize()).dt.days
    every = study.query("SELECT local_time FROM panel", cohort=cohort).to_pandas()["local_time"]
    ages = (every.max().normalize() - every.dt.normalize()).dt.days
    name = listing.index[0]
    recent, before = (((age // 28 == part) & (mine["tag_name"] == name)).sum() for part in (0, 1))
    share = (recent + 0.5) / ((ages // 28 == 0).sum() + 1) / ((before + 0.5) / ((ages // 28 == 1).sum() + 1))
    assert listing["trend"].iloc[0] == pytest.approx(share)
    assert ((listing["trend_low"] > 1) | (listing["trend_high"] < 1))[listing["trend_clear"]].all()
    known = listing["crowding"].notna()
    np.testing.assert_allclose(listing["crowding"][known], (listing["views"] / listing["users"])[known])


def test_effects_are_said_of_hashtags_with_enough_videos_and_of_no_other(study: Study) -> None:
    listing = tags.board(study, PART).listing.to_pandas()
    said = listing["adjusted_effect"].notna()
    assert (said == (listing["videos"] >= tags.MIN_VIDEOS)).all()
    assert 0 < said.sum() < len(listing)
    assert (listing["adjusted_low"] <= listing["adjusted_effect"])[said].all()
    assert ((listing["adjusted_low"] > 1) | (listing["adjusted_high"] < 1))[listing["adjusted_clear"]].all()


def test_the_hashtags_with_most_views_which_the_demo_market_rewards_are_found(study: Study, demo: Workspace) -> None:
    board = tags.board(study, WHOLE)
    truth = pd.read_parquet(demo.path / "truth.parquet")
    order = study.query("SELECT video_id FROM market ORDER BY row").to_pandas().merge(truth, on="video_id")
    planted = order["effect_tag_total_view_count"].to_numpy()
    table = tags.gather(study, WHOLE).table
    true = (table.T @ planted) / np.diff(table.tocsc().indptr) - planted.mean()
    often = board.adjusted.n >= 40
    assert spearmanr(true[often], board.adjusted.effect[often]).statistic > 0.4
    clear = tags.is_clear(board.adjusted)
    views = board.listing.to_pandas().set_index("tag")["views"]
    most = views.nlargest(12).index
    assert clear.any()
    assert (board.adjusted.effect[clear] > 0).all()
    assert set(board.tags[clear]) <= set(most)


def test_raw_effects_are_against_the_average_video(study: Study, pairs: pd.DataFrame) -> None:
    board = tags.board(study, WHOLE)
    average = study.query("SELECT avg(log_score) AS y FROM market")["y"][0].as_py()
    means = pairs.groupby("tag")["log_score"].mean()[board.tags].to_numpy() - average
    np.testing.assert_allclose(board.raw.raw, means, atol=1e-9)
    thin, thick = board.raw.n < 10, board.raw.n >= 50
    assert np.std(board.raw.effect[thin]) < 0.5 * np.std(means[thin])  # few videos: drawn towards the middle
    np.testing.assert_allclose(board.raw.effect[thick], means[thick], atol=0.2)


def test_a_cohort_is_shrunk_by_the_variances_of_its_market(study: Study) -> None:
    kept = variances.read(study.path)
    assert json.loads((study.path / variances.FILE).read_text(encoding="utf-8")).keys() == kept.keys()
    gathered = tags.gather(study, PART)
    wanted = crossed(tags.crossing(gathered), components=kept[variances.TAG])[0]
    np.testing.assert_allclose(tags.board(study, PART).adjusted.effect, wanted.effect)
    assert kept[variances.TAG].names == ("uploader", "tag")


def test_a_hashtag_of_a_video_that_is_not_counted_yet_has_no_part_in_effects(small_demo: Workspace) -> None:
    with small_demo.store.write("half the counts") as change:
        some = "SELECT video_id FROM videos ORDER BY video_id LIMIT 100"
        change.replace("snapshots", small_demo.store.query(f"SELECT * FROM snapshots WHERE video_id IN ({some})"))
    study = market.make(small_demo)
    board = tags.board(study, WHOLE)
    assert (board.videos, board.scored) == (200, 100)
    scored = study.query(
        "SELECT tag, count(*) AS n FROM tagged JOIN market USING (row) WHERE score IS NOT NULL GROUP BY tag"
    ).to_pandas()
    np.testing.assert_array_equal(board.adjusted.n, scored.set_index("tag")["n"][board.tags])
    every = study.query("SELECT tag, count(*) AS n FROM tagged GROUP BY tag").to_pandas().set_index("tag")["n"]
    np.testing.assert_array_equal(np.diag(board.together), every[board.tags])
    assert (np.diag(board.together) > board.adjusted.n).any()


class TestTogether:
    def test_links_are_of_hashtags_that_share_videos_more_often_than_chance(self, study: Study) -> None:
        board = tags.board(study, WHOLE)
        found = tag_pairs.network(board, 30)
        n, both = np.diag(board.together), board.together[found.one, found.other]
        assert len(found.nodes) == 30
        assert len(found.one) > 10
        np.testing.assert_array_equal(found.association.videos, both)
        np.testing.assert_allclose(found.association.lift, both * board.videos / (n[found.one] * n[found.other]))
        assert (found.association.lift > 1).all()
        assert (np.diff(found.association.npmi) <= 0).all()
        assert np.abs(found.place).max() <= 1

    def test_npmi_is_one_for_inseparable_hashtags_and_zero_for_strangers(self) -> None:
        found = tag_pairs.Association.of(np.array([10, 10, 0]), np.array([10, 100, 10]), np.array([10, 100, 10]), 1000)
        np.testing.assert_allclose(found.npmi[:2], [1, 0], atol=1e-12)
        assert found.risk[0] < 1e-6
        assert found.risk[1] == pytest.approx(0.5)
        assert found.risk[2] == 1

    def test_suggestions_are_of_the_videos_that_have_all_picked_ones(self, study: Study, pairs: pd.DataFrame) -> None:
        board = tags.board(study, WHOLE)
        picked = [int(tag) for tag in board.tags[:2]]
        with_both = set.intersection(*(set(pairs.loc[pairs["tag"] == tag, "row"]) for tag in picked))
        found = tag_pairs.suggest(study, WHOLE, board, picked[:1])
        assert found.videos == (pairs["tag"] == picked[0]).sum()
        assert not set(found.tags) & set(picked[:1])
        together = {int(tag): len(with_both) for tag in picked[1:]}
        assert found.association.videos[list(found.tags).index(picked[1])] == together[picked[1]]
        narrow = tag_pairs.suggest(study, WHOLE, board, picked)
        assert narrow.videos == len(with_both)
        assert (narrow.association.videos >= tags.MIN_VIDEOS).all()
        assert (narrow.beside.low < narrow.beside.high).all()


class TestTable:
    def test_rows_are_searched_put_in_order_and_given_page_by_page(self, study: Study, pairs: pd.DataFrame) -> None:
        board = tags.board(study, WHOLE)
        first = tag_table.page(study, WHOLE, board, "", "effect", "adjusted", 0, 20)
        second = tag_table.page(study, WHOLE, board, "", "effect", "adjusted", 20, 20)
        assert first.found == second.found == board.listing.num_rows
        effects = [*first.rows["adjusted_effect"].to_pylist(), *second.rows["adjusted_effect"].to_pylist()]
        assert effects == sorted(effects, reverse=True)
        names = [*first.rows["tag_name"].to_pylist(), *second.rows["tag_name"].to_pylist()]
        assert len(set(names)) == 40
        kols = pairs.groupby("tag_name")["kol"].nunique()
        assert first.rows["kols"].to_pylist() == [kols[name] for name in names[:20]]
        found = tag_table.page(study, WHOLE, board, "#HAUL", "videos", "raw", 0, 50)
        assert found.found == found.rows.num_rows == sum("haul" in name for name in pairs["tag_name"].unique())
        assert tag_table.page(study, WHOLE, board, "no such", "views", "raw", 0, 50).found == 0

    def test_the_weeks_are_shares_of_each_weeks_videos(self, study: Study, pairs: pd.DataFrame) -> None:
        board = tags.board(study, WHOLE)
        row = tag_table.page(study, WHOLE, board, "", "videos", "adjusted", 0, 1).rows.to_pylist()[0]
        every = study.query("SELECT local_time FROM market").to_pandas()["local_time"].dt.normalize()
        mine = pairs.loc[pairs["tag_name"] == row["tag_name"], "local_time"].dt.normalize()
        weeks = [((every.max() - days).dt.days // 7).value_counts() for days in (mine, every)]
        wanted = [weeks[0].get(week, 0) / weeks[1][week] for week in range(11, -1, -1) if week in weeks[1].index]
        np.testing.assert_allclose(row["weeks"], wanted)


def test_one_hashtag_is_told_by_its_videos_weeks_and_users(study: Study, pairs: pd.DataFrame) -> None:
    tag = int(pairs["tag"].value_counts().index[0])
    mine = pairs[pairs["tag"] == tag]
    found = tag_detail.detail(study, WHOLE, tag)
    assert (found.videos, found.kols) == (len(mine), mine["kol"].nunique())
    over = np.exp(mine["log_score"] - mine["expected_untagged"])
    assert found.points.num_rows == len(mine)
    np.testing.assert_allclose(sorted(found.points["over"].to_pylist()), sorted(over), rtol=1e-5)
    weeks = found.weeks.to_pandas()
    assert weeks["n"].sum() == len(mine)
    assert ((weeks["low"] < weeks["mean"]) & (weeks["mean"] < weeks["high"])).all()
    tiers = found.tiers.to_pandas()
    assert tiers["share"].sum() == pytest.approx(1)
    assert tiers["usual"].sum() == pytest.approx(1)
    top = found.users.to_pandas()
    assert top["videos"].tolist() == mine["kol"].value_counts().head(len(top)).tolist()
    assert (top["of"] >= top["videos"]).all()


def test_a_market_of_fifteen_thousand_hashtags_is_listed_whole(tiktok_vn: Workspace) -> None:
    study = market.find(tiktok_vn)
    board = tags.board(study, WHOLE)
    assert board.listing.num_rows == study.about.tags == 14_944
    assert len(board.tags) == tags.MOST
    assert board.listing["crowding"].null_count == board.listing.num_rows
    assert 0 < tags.is_clear(board.adjusted).sum() < tags.MOST / 10
    last = tag_table.page(study, WHOLE, board, "", "effect", "adjusted", 14_925, 25)
    assert last.rows.num_rows == 19
    assert last.rows["adjusted_effect"].null_count == 19
