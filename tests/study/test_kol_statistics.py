"""What is said of one KOL and of several: patterns, likeness, signals and differences, on data whose truth is known."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from mtaf_core.study import kol_compare, kol_patterns, kol_signals, kols, market
from mtaf_core.study.kol_similar import similar
from mtaf_core.study.kols import Table
from mtaf_core.study.shrinkage import Components
from mtaf_core.workspace import Workspace

NONE = Components(("uploader",), (1.0,), 1.0, 0.0, ((0.0,),))


def table_of(**columns) -> Table:
    return Table(pa.table(columns), NONE, NONE, date(2026, 1, 1), 90)


# patterns


@pytest.mark.parametrize("between", [0.02, 0.3])
def test_contrasts_are_shrunk_as_far_as_they_go_apart_and_their_intervals_hold(between: float) -> None:
    random = np.random.default_rng(3)
    n, others = random.integers(3, 12, 4000), random.integers(3, 40, 4000)
    share = 1 / n + 1 / others
    truth = random.normal(0, np.sqrt(between), 4000)
    raw = truth + random.normal(0, np.sqrt(share * 1.5))
    found = kol_patterns.fitted(raw, share, 1.5)
    assert found.between == pytest.approx(between, rel=0.25, abs=0.02)
    effect, variance = kol_patterns.shrunk(raw, share, found)
    assert (np.abs(effect) < np.abs(raw)).all()
    covered = np.abs(truth - effect) <= 1.645 * np.sqrt(variance)
    assert covered.mean() == pytest.approx(0.9, abs=0.03)
    best = np.argsort(-effect)[:100]
    assert effect[best].mean() == pytest.approx(truth[best].mean(), abs=0.1), "no winner's curse"


def test_without_differences_no_pattern_stands_out() -> None:
    random = np.random.default_rng(4)
    share = np.full(500, 0.5)
    found = kol_patterns.fitted(random.normal(0, np.sqrt(0.5), 500), share, 1.0)
    assert kol_patterns.shrunk(np.array([2.0]), np.array([0.5]), found)[0][0] < 0.4


@pytest.mark.parametrize("family", kol_patterns.FAMILIES)
def test_a_pattern_is_the_contrast_of_a_kol_s_own_videos(tiktok_vn: Workspace, family) -> None:
    study = market.find(tiktok_vn)
    kol = study.query(
        """SELECT kol FROM market JOIN tagged USING (row) GROUP BY kol, tag
           HAVING count(*) BETWEEN 4 AND 8 ORDER BY count(*) DESC, kol LIMIT 1"""
    )["kol"][0].as_py()
    spread = kol_patterns.spread(study, family)
    found = kol_patterns.patterns(study, kol, family, spread)
    assert all(one.n >= 3 and one.others >= 3 for one in found)
    assert [one.effect for one in found] == sorted((one.effect for one in found), reverse=True)
    assert all(one.low <= one.effect <= one.high and abs(one.effect) <= abs(one.raw) for one in found)
    assert all(one.low * one.high > 0 for one in found if one.clear)
    if family == "hours" and found:
        videos = study.query(
            "SELECT upload_hour // 1 AS hour, log_score - expected_untimed AS y FROM market WHERE kol = $kol",
            {"kol": kol},
        ).to_pandas()
        one = found[0]
        inside = videos["hour"].between(int(one.name), int(one.name) + 3)
        assert one.n == inside.sum()
        assert one.raw == pytest.approx(videos["y"][inside].mean() - videos["y"][~inside].mean(), abs=1e-6)


# likeness


def test_the_most_alike_come_first_and_nobody_is_like_themselves(demo: Workspace) -> None:
    study = market.find(demo)
    table = kols.measure(study)
    found = similar(study, table, "douyin:kol0081", 10)
    assert len(found) == 10
    assert "douyin:kol0081" not in [one.key for one in found]
    assert [one.distance for one in found] == sorted(one.distance for one in found)
    assert all(0 <= one.distance <= 1 and 0 <= one.shared_tags <= 1 for one in found)
    own = table.row("douyin:kol0081")
    near = [table.row(one.key) for one in found]
    assert {row["category"] for row in near} == {own["category"]}
    apart = [abs(np.log(row["followers"] / own["followers"])) for row in near]
    every = np.abs(np.log(table.column("followers") / own["followers"]))
    assert np.median(apart) < 0.5 * np.nanmedian(every)
    assert similar(study, table, "douyin:nobody") == []


def test_shared_hashtags_are_the_part_of_the_use_that_is_covered(demo: Workspace) -> None:
    study = market.find(demo)
    table = kols.measure(study)
    one = similar(study, table, "douyin:kol0081", 1)[0]
    used = {}
    for key in ("douyin:kol0081", one.key):
        row = table.row(key)
        counted = study.query(
            "SELECT tag, count(*) AS n FROM tagged JOIN market USING (row) WHERE kol = $kol GROUP BY tag "
            "ORDER BY n DESC, tag", {"kol": row["kol"]},
        ).to_pandas()  # fmt: skip
        used[key] = dict(zip(counted["tag"], counted["n"] / row["videos"], strict=True))
    mine = dict(list(used["douyin:kol0081"].items())[:30])
    covered = sum(min(part, used[one.key].get(tag, 0.0)) for tag, part in mine.items())
    assert one.shared_tags == pytest.approx(covered / sum(mine.values()))


# signals


def planted(**odd) -> tuple[pa.Table, Table]:
    """Sixty waist accounts that are much alike, the first with numbers of its own."""
    random = np.random.default_rng(7)
    usual = {
        "jump": random.uniform(0.001, 0.01, 60), "er": random.uniform(0.02, 0.08, 60),
        "er_posts": random.uniform(0.02, 0.08, 60), "likes_per_comment": random.uniform(20, 60, 60),
        "commentless": np.zeros(60), "identical": np.zeros(60), "following": random.uniform(0.001, 0.01, 60),
    }  # fmt: skip
    columns = {}
    for name, values in usual.items():
        values = values.copy()
        if name in odd:
            values[0] = np.nan if odd[name] is None else odd[name]
        columns[name] = pa.array(values, from_pandas=True)
        columns[f"{name}_n"] = pa.array(np.full(60, 12))
    numbers = pa.table({"kol": np.arange(60), "tier": ["waist"] * 60, **columns})
    return numbers, table_of(key=[f"x:{i}" for i in range(60)], tier=["waist"] * 60)


@pytest.mark.parametrize(
    ("name", "value"),
    [("jump", 0.4), ("er", 0.5), ("er", 0.0001), ("likes_per_comment", 900.0), ("likes_per_comment", 1.0),
     ("commentless", 0.6), ("identical", 0.5), ("following", 3.0)],
)  # fmt: skip
def test_a_number_far_off_the_tier_is_a_signal_and_the_others_are_not(name: str, value: float) -> None:
    found = {one.name: one for one in kol_signals.signals(*planted(**{name: value}), "x:0")}
    assert set(found) == set(kol_signals.SIGNALS)
    assert found[name].rare
    assert found[name].value == pytest.approx(value)
    assert found[name].peers == 59
    share = found[name].percentile
    assert share > 0.975 or share < 0.025
    assert sum(one.rare for one in found.values()) <= 2


def test_a_small_number_is_no_signal_however_rare() -> None:
    found = {one.name: one for one in kol_signals.signals(*planted(jump=0.02, commentless=0.05), "x:0")}
    assert found["jump"].percentile > 0.975
    assert not found["jump"].rare
    assert not found["commentless"].rare
    low = {one.name: one for one in kol_signals.signals(*planted(following=0.0), "x:0")}
    assert not low["following"].rare, "following few is no signal"


def test_what_the_data_does_not_say_is_unknown_and_the_rate_of_known_videos_stands_in() -> None:
    found = {one.name: one for one in kol_signals.signals(*planted(following=None, er=None, er_posts=0.9), "x:0")}
    assert found["following"].value is None
    assert not found["following"].rare
    assert found["er"].value == pytest.approx(0.9)
    assert found["er"].rare


def test_signals_are_counted_from_the_tables(tiktok_vn: Workspace) -> None:
    study = market.find(tiktok_vn)
    table, numbers = kols.measure(study), kol_signals.measure(study)
    assert numbers["kol"].to_pylist() == table.rows["kol"].to_pylist()
    place = int(np.nanargmax(np.array(numbers["likes_per_comment"].to_pylist(), dtype=float)))
    videos = study.query(
        """SELECT seen_favorite, seen_comment, seen_share FROM market
           WHERE kol = $kol AND seen_favorite IS NOT NULL AND seen_comment IS NOT NULL""",
        {"kol": place},
    ).to_pandas()
    ratio = videos["seen_favorite"].sum() / videos["seen_comment"].sum()
    assert numbers["likes_per_comment"][place].as_py() == pytest.approx(ratio)
    liked = videos[(videos["seen_favorite"] >= 100) & videos["seen_share"].notna()]
    assert numbers["identical"][place].as_py() == pytest.approx(liked.duplicated(keep=False).mean())
    assert numbers["commentless"][place].as_py() == pytest.approx((liked["seen_comment"] == 0).mean())
    found = kol_signals.signals(numbers, table, table.rows["key"][place].as_py())
    assert {one.name: one for one in found}["following"].value is None, "this data has no accounts followed"
    leaps = np.array(numbers["jump"].to_pylist(), dtype=float)
    most = int(np.nanargmax(leaps))
    leap = kol_signals.jump(study, most)
    days = (leap.until - leap.since).days
    assert (leap.after / leap.before) ** (1 / days) - 1 == pytest.approx(leaps[most])


# differences


def compared(**lifts) -> Table:
    rows = {name: [float(v[i]) for v in lifts.values()] for i, name in enumerate(("lift", "lift_sd"))}
    return table_of(
        key=list(lifts), **rows, level=rows["lift"], level_sd=rows["lift_sd"],
        explosive=[0.5, 0.1, None][: len(lifts)], explosive_n=[40, 40, 0][: len(lifts)],
    )  # fmt: skip


def test_a_difference_has_an_interval_and_a_probability() -> None:
    found = kol_compare.differences(compared(a=(0.2, 0.3), b=(1.2, 0.4), c=(0.25, 0.3)), ["a", "b", "c"], "lift")
    assert [(one.better, one.other) for one in found] == [("b", "a"), ("b", "c"), ("c", "a")]
    first = found[0]
    assert (first.value, first.low, first.high) == pytest.approx((1.0, 1 - 1.645 * 0.5, 1 + 1.645 * 0.5), abs=1e-3)
    assert first.probability == pytest.approx(0.97725, abs=1e-4)
    assert first.clear
    assert not found[2].clear
    assert found[2].probability == pytest.approx(0.547, abs=0.01)


def test_shares_of_explosive_videos_are_compared_by_how_many_there_were() -> None:
    table = compared(a=(0, 1), b=(0, 1), c=(0, 1))
    found = kol_compare.differences(table, ["a", "b", "c"], "explosive")
    assert len(found) == 1, "nothing is known of c"
    assert (found[0].better, found[0].clear) == ("a", True)
    assert found[0].value == pytest.approx(0.39, abs=0.03)


def test_kols_that_are_not_there_are_not_compared() -> None:
    assert kol_compare.differences(compared(a=(0, 1), b=(0, 1)), ["a", "nobody"], "lift") == []


def test_the_probability_is_right_as_often_as_it_says() -> None:
    """KOLs drawn from a known market, each with a posterior: of orders said with 80 to 90%, that many hold."""
    random = np.random.default_rng(11)
    held = []
    for _ in range(1500):
        truth, sd = random.normal(0, 0.6, 2), random.uniform(0.2, 0.8, 2)
        kept = 0.36 / (0.36 + sd**2)
        mean, spread = kept * (truth + random.normal(0, sd)), np.sqrt(kept) * sd
        table = compared(a=(mean[0], spread[0]), b=(mean[1], spread[1]))
        one = kol_compare.differences(table, ["a", "b"], "lift")[0]
        if 0.8 <= one.probability <= 0.9:
            held.append((truth[0] > truth[1]) == (one.better == "a"))
    assert np.mean(held) == pytest.approx(0.85, abs=0.06)
