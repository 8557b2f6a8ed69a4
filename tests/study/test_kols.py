"""The table of KOLs: true to the videos, careful in its order, and asked by the database."""

from datetime import date, timedelta

import numpy as np
import pytest

from mtaf_core.study import kol_profile, kols, market
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.kols import PAGE, Question
from mtaf_core.workspace import Workspace


@pytest.fixture(scope="module")
def vn(tiktok_vn: Workspace):
    study = market.find(tiktok_vn)
    return study, kols.measure(study)


def test_what_a_kol_is_said_to_be_is_what_their_videos_say(demo: Workspace) -> None:
    study = market.find(demo)
    table = kols.measure(study)
    assert len(table.rows) == 260
    row = table.row("douyin:kol0081")
    videos = study.query("SELECT * FROM market WHERE uploader_id = 'kol0081'").to_pandas()
    lift = videos["log_score"] - videos["expected"]
    assert row["n"] == row["videos"] == len(videos)
    np.testing.assert_allclose(row["median"], videos["score"].median())
    low, high = videos["score"].quantile([0.25, 0.75])
    np.testing.assert_allclose(row["spread"], np.sqrt((1 + high) / (1 + low)))
    every = study.query("SELECT log_score - expected AS lift FROM market")["lift"].to_numpy()
    np.testing.assert_allclose(row["lift_raw"], lift.mean() - every.mean(), atol=1e-6)
    assert 0 < row["lift"] < row["lift_raw"]
    assert row["lift_low"] < row["lift"] < row["lift_high"]
    since = table.as_of - timedelta(days=table.window_days)
    recent = videos[videos["local_time"].dt.date > since]
    assert row["pace"] == pytest.approx(len(recent) / (table.window_days / 7))
    assert row["explosive"] == pytest.approx((recent["score"] > 3 * videos["score"].median()).mean())
    assert row["explosive_n"] == len(recent)
    assert row["last_post"] == videos["local_time"].max().date()
    account = demo.store.query("SELECT * FROM uploaders WHERE uploader_id = 'kol0081'").to_pylist()[0]
    latest = demo.store.query(
        "SELECT * FROM uploader_snapshots WHERE uploader_id = 'kol0081' ORDER BY snapshot_date DESC LIMIT 1"
    ).to_pylist()[0]
    assert row["name"] == account["nickname"]
    assert row["er"] == pytest.approx(
        latest["favorited_count"] / latest["video_count"] / latest["follower_count"], rel=1e-9
    )  # fmt: skip


def test_the_true_effect_of_a_simulated_kol_beyond_their_numbers_is_none_so_lifts_stay_small(demo: Workspace) -> None:
    """The demo's KOLs differ by what is known of them alone, so almost no lift may be called clear."""
    table = kols.measure(market.find(demo))
    assert table.lift.between[0] < 0.15 * table.lift.within
    assert (table.column("lift_clear") != 0).mean() < 0.05


def test_the_first_of_the_table_are_there_for_more_than_luck(vn) -> None:
    study, table = vn
    first, total = kols.ask(study, table, Question())
    assert (np.diff(first["lift_low"].to_numpy()) <= 0).all()
    assert min(first["n"].to_pylist()) >= 5
    assert total == (table.column("n") >= 5).sum()
    every, total = kols.ask(study, table, Question(fewest=0))
    assert total == len(table.rows) == 5_611
    raw, n = table.column("lift_raw"), table.column("n")
    loudest = np.argsort(-np.nan_to_num(raw, nan=-9))[:20]
    assert np.mean(every["n"].to_numpy()[:20]) > 2 * np.mean(n[loudest]), "plain means put one or two videos first"
    assert (table.column("lift")[loudest] < raw[loudest]).all()
    clear = table.column("lift_clear")
    assert (clear > 0).any()
    assert (table.column("lift_low")[clear > 0] > 0).all()
    assert (table.column("lift_high")[clear < 0] < 0).all()


def test_pages_hold_every_kol_once(vn) -> None:
    study, table = vn
    question = Question(fewest=12, order="followers")
    first, total = kols.ask(study, table, question)
    every = [
        key
        for page in range(1, -(-total // PAGE) + 1)
        for key in kols.ask(study, table, Question(fewest=12, order="followers", page=page))[0]["key"].to_pylist()
    ]
    assert len(first) == PAGE
    assert len(every) == len(set(every)) == total
    assert kols.ask(study, table, Question(fewest=12, page=99))[1] == total
    assert kols.matching(study, table, question, 10)["key"].to_pylist() == every[:10]


def test_rows_come_with_their_sparklines(vn) -> None:
    study, table = vn
    row = kols.ask(study, table, Question(search="a74880141560"))[0].to_pylist()[0]
    videos = study.query("SELECT score FROM market WHERE uploader_id = 'a74880141560' ORDER BY row")["score"]
    assert row["latest"] == videos.to_pylist()[-kols.LATEST :]
    assert row["follower_trend"][-1] == row["followers"]


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        (Question(tiers=("head", "nano")), lambda r: r["tier"] in ("head", "nano")),
        (Question(clear=True), lambda r: r["lift_low"] > 0),
        (Question(posted_within=14), lambda r: r["last_post"] >= date(2025, 5, 28)),
        (Question(pace=2.0), lambda r: r["pace"] >= 2.0),
        (Question(er=0.5), lambda r: (r["er"] if r["er"] is not None else r["er_posts"]) >= 0.5),
        (Question(search="A7"), lambda r: "a7" in r["name"]),
        (Question(keys=("tiktok:a74880141560", "tiktok:nobody")), lambda r: r["uploader_id"] == "a74880141560"),
        (Question(fewest=20), lambda r: r["n"] >= 20),
    ],
)
def test_filters_keep_exactly_those_asked_for(vn, question, holds) -> None:
    study, table = vn
    kept = kols.matching(study, table, question, 10_000).to_pylist()
    assert kept
    assert all(holds(row) for row in kept)
    wanted = {r["key"] for r in table.rows.to_pylist() if r["n"] >= question.fewest and _safe(holds, r)}
    assert {row["key"] for row in kept} == wanted


def _safe(holds, row) -> bool:
    try:
        return bool(holds(row))
    except TypeError:
        return False  # unknown is never what was asked for


def test_a_search_is_text_and_nothing_else(vn) -> None:
    study, table = vn
    for text in ("%", "_", "' OR 1=1 --", "\\", '"'):
        assert kols.ask(study, table, Question(search=text))[1] == 0


def test_a_cohort_has_its_own_kols_and_the_market_s_variances(vn) -> None:
    study, table = vn
    cohort = Cohort(tiers=("head",), until=date(2025, 5, 20))
    part = kols.measure(study, cohort)
    assert part.as_of == date(2025, 5, 20)
    assert 0 < len(part.rows) < len(table.rows)
    assert part.lift.between == table.lift.between
    assert sum(part.rows["videos"].to_pylist()) == study.count(cohort)[0]
    assert max(day for day in part.rows["last_post"].to_pylist()) <= date(2025, 5, 20)


def test_a_quote_gives_the_price_of_a_view_and_of_an_engagement(small_demo: Workspace) -> None:
    store = small_demo.store
    uploader = store.query("SELECT uploader_id FROM videos GROUP BY ALL ORDER BY count(*) DESC, 1 LIMIT 1")
    who = uploader["uploader_id"][0].as_py()
    with store.write("a quote") as change:
        change.merge("uploaders", store.query(
            "SELECT * REPLACE (8000.0 AS quote_fee, 'CNY' AS quote_currency) FROM uploaders WHERE uploader_id = ?",
            [who],
        ))  # fmt: skip
        change.merge("snapshots", store.query(
            "SELECT s.* REPLACE (1000 * s.favorite_count AS view_count) FROM snapshots s JOIN videos USING (video_id) "
            "WHERE uploader_id = ?", [who]
        ))  # fmt: skip
    study = market.make(small_demo)
    table = kols.measure(study)
    row = table.row(f"douyin:{who}")
    videos = study.query("SELECT * FROM market WHERE uploader_id = $who", {"who": who}).to_pandas()
    engaged = (videos["seen_favorite"] + videos["seen_comment"] + videos["seen_share"]).median()
    assert row["currency"] == "CNY"
    assert row["cpe"] == pytest.approx(8000 / engaged)
    assert row["cpm"] == pytest.approx(8000 / (1000 * videos["seen_favorite"].median()) * 1000)
    assert sum(fee is not None for fee in table.rows["fee"].to_pylist()) == 1
    cheapest = kols.matching(study, table, Question(fewest=1, order="cpe"), 5)
    assert cheapest["uploader_id"][0].as_py() == who
    assert kols.ask(study, table, Question(fewest=1, dearest=7_999.0))[1] == 0


def test_a_kol_stands_among_those_of_the_tier(vn) -> None:
    table = vn[1]
    found = kol_profile.standing(table, "tiktok:a74880141560")
    lift, n = table.column("lift"), table.column("n")
    tier = np.array(table.rows["tier"].to_pylist())
    own = table.place("tiktok:a74880141560")
    peers = (tier == "waist") & (n >= 5) & (np.arange(len(n)) != own)
    assert found.peers == peers.sum()
    assert found.share == pytest.approx((lift[peers] < lift[own]).mean())
    assert found.tier_lift == pytest.approx(np.median(lift[peers]))
    with pytest.raises(KeyError):
        kol_profile.standing(table, "tiktok:nobody")


def test_a_profile_has_every_video_beside_what_was_expected(vn) -> None:
    study, table = vn
    row = table.row("tiktok:a74880141560")
    posts = kol_profile.posts(study, row["kol"]).to_pandas()
    assert len(posts) == row["n"]
    assert posts["local_time"].is_monotonic_increasing
    np.testing.assert_allclose(posts["lift"], np.log1p(posts["score"]) - np.log1p(posts["expected"]), rtol=1e-4)
    growth = kol_profile.growth(study, "tiktok", "a74880141560")
    assert growth["followers"].to_pylist()[-1] == row["followers"]
    assert kol_profile.split("tiktok:a:b") == ("tiktok", "a:b")
