"""Videos under way: what is seen of a day is what was counted by it, and where they head is checked on real counts."""

from datetime import date, timedelta
from types import SimpleNamespace

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from given_paths import paths

from mtaf_core.study import early, market, videos
from mtaf_core.study.cohort import WHOLE, Cohort
from mtaf_core.study.early import Hit
from mtaf_core.workspace import Workspace

FIRST = date(2025, 3, 1)


class Given:
    """Stands for a study of ``n`` videos, 20 a day, with the counts of six days each."""

    def __init__(self, n: int = 1_000, known_by: date | None = None, basis: str = "horizon") -> None:
        logs = paths(n, seed=3)
        started = np.array([FIRST + timedelta(days=place // 20) for place in range(n)])
        scores = np.expm1(logs)
        if known_by is not None:
            passed = np.array([(known_by - day).days + 1 for day in started])
            scores[np.arange(1, 7)[None, :] > passed[:, None]] = np.nan
        self.as_of = FIRST + timedelta(days=n // 20 + 5)
        self.about = SimpleNamespace(horizon_day=6, basis=basis)
        self.rows = pa.table(
            {
                "row": np.arange(n), "tier": np.where(np.arange(n) % 3 == 0, "head", "nano"),
                "day_scores": pa.array([[None if np.isnan(v) else float(v) for v in row] for row in scores]),
                "day_one": pa.array(started, pa.date32()), "expected": logs[:, 0] + 0.8,
                "age_day": pa.array([None if basis == "horizon" else 6] * n, pa.int64()),
                "seen_score": scores[:, 5], "seen_day": np.full(n, 6),
            }
        )  # fmt: skip

    def query(self, sql: str, params=None, cohort=WHOLE, **_):
        where, chosen = cohort.where()
        with duckdb.connect() as connection:
            connection.register("market", self.rows)
            text = f"WITH panel AS (SELECT * FROM market WHERE {where}) {sql}"
            return connection.execute(text, {**(params or {}), **chosen}).to_arrow_table()


def test_nothing_counted_later_is_seen() -> None:
    """A look back is the look that was to be had on the day."""
    day = FIRST + timedelta(days=40)
    back, then = early.look(Given(), day), early.look(Given(known_by=day), day)
    for name in ("row", "observed", "scores", "middle", "low", "high", "hit", "threshold", "past"):
        np.testing.assert_array_equal(getattr(back, name), getattr(then, name), err_msg=name)
    assert back.coverage == then.coverage


def test_under_way_are_those_with_a_count_that_are_not_as_old_as_the_day_predicted() -> None:
    day = FIRST + timedelta(days=40)
    seen = early.look(Given(), day)
    assert sorted(seen.row) == list(range(36 * 20, 41 * 20))
    assert (np.bincount(seen.observed) == [0, 20, 20, 20, 20, 20]).all()
    assert len(seen.past) == 36 * 20
    assert (np.diff(seen.hit) <= 0).all()
    assert seen.of_days(2).tolist() == np.flatnonzero(seen.observed == 2).tolist()


def test_chances_come_true() -> None:
    """Over many days: of videos said to be hits with a chance of about p, about the share p are in the end."""
    given = Given(3_000)
    ended = np.array(given.rows["day_scores"].to_pylist())[:, 5]
    said, were, behind, below = [], [], [], []
    for offset in range(60, 145, 7):
        seen = early.look(given, FIRST + timedelta(days=offset), hit=Hit(0.2))
        said += [*seen.hit]
        were += [*(ended[seen.row] >= seen.threshold)]
        behind += [*seen.behind]
        below += [*(ended[seen.row] < seen.expected)]
    for chance, happened in ((np.array(said), np.array(were)), (np.array(behind), np.array(below))):
        for low, high in ((0, 0.15), (0.15, 0.5), (0.5, 0.85), (0.85, 1.01)):
            inside = (chance >= low) & (chance < high)
            share = chance[inside].mean()
            by_chance = np.sqrt(share * (1 - share) / inside.sum())
            assert inside.sum() > 20
            assert happened[inside].mean() == pytest.approx(share, abs=0.05 + 2.5 * by_chance)


def test_a_hit_is_the_top_of_its_tier_or_of_the_market() -> None:
    day = FIRST + timedelta(days=40)
    given = Given()
    tier, whole = early.look(given, day), early.look(given, day, hit=Hit(0.1, "market"))
    ends = tier.past[:, -1]
    assert np.unique(whole.threshold) == pytest.approx([np.expm1(np.quantile(ends, 0.9))])
    assert len(np.unique(tier.threshold)) == 2
    assert early.look(given, day, hit=Hit(0.5)).hit.sum() > tier.hit.sum()


def test_fans_are_of_the_cohort_where_it_has_enough() -> None:
    day = FIRST + timedelta(days=40)
    nano = early.look(Given(), day, Cohort(tiers=("nano",)))
    head = early.look(Given(), day, Cohort(tiers=("head",)))
    assert (nano.of_cohort, len(nano.past)) == (True, 480)
    assert (head.of_cohort, len(head.past)) == (False, 720)
    assert len(nano.row) + len(head.row) == 100


def test_a_course_starts_where_the_video_stands_and_widens() -> None:
    given = Given()
    seen = early.look(given, FIRST + timedelta(days=40))
    place = int(seen.of_days(2)[0])
    found = early.course(given, seen, place)
    assert found.bands.shape == (5, 4)
    assert (np.diff(found.bands, axis=0) >= 0).all()
    assert (np.diff(np.log(found.bands[4] / found.bands[0])) > 0).all()
    assert found.bands[2, -1] == pytest.approx(seen.middle[place], rel=1e-6)
    assert found.came[1] == pytest.approx(seen.scores[place, 1])
    assert np.isfinite(found.came).all()


def test_days_count_what_is_under_way_and_finished() -> None:
    offered = early.days(Given())
    assert offered[0] == early.Day(FIRST, 20, 0)
    assert offered[40] == early.Day(FIRST + timedelta(days=40), 100, 36 * 20)
    assert offered[-1].under_way == 0
    better = early.worth_replaying(offered)
    assert better == FIRST + timedelta(days=49)
    assert early.worth_replaying(offered[:4]) is None


def test_an_expectation_for_a_later_count_is_brought_to_the_day_predicted() -> None:
    day = FIRST + timedelta(days=40)
    given = Given(basis="latest")
    given.rows = given.rows.set_column(given.rows.schema.get_field_index("age_day"), "age_day", pa.array([2] * 1_000))
    moved, plain = early.look(given, day), early.look(Given(), day)
    grown = np.median(plain.past[:, 5] - plain.past[:, 1])
    at = np.argsort(moved.row), np.argsort(plain.row)
    np.testing.assert_allclose(np.log1p(moved.expected[at[0]]), np.log1p(plain.expected[at[1]]) + grown)


def test_real_videos_under_way_have_fans_that_held_on_later_ones(bilibili_daily: Workspace) -> None:
    study = market.find(bilibili_daily)
    seen = early.look(study, study.as_of)
    assert (len(seen.row), len(seen.past)) == (958, 1_287)
    assert np.isfinite(seen.middle).all()
    assert (seen.heading == "hit").sum() > 5
    told = [one for one in seen.coverage if one.videos]
    inside = np.average([one.in_90 for one in told], weights=[one.videos for one in told])
    assert inside == pytest.approx(0.9, abs=0.06)
    detail = videos.details(study, seen.row[:3])
    assert [one["row"] for one in detail] == seen.row[:3].tolist()
    assert videos.find_row(study, "bilibili", detail[0]["video_id"]) == seen.row[0]
    assert videos.find_row(study, "douyin", detail[0]["video_id"]) is None


def test_where_counts_are_too_rare_there_is_no_fan(tiktok_vn: Workspace) -> None:
    study = market.find(tiktok_vn)
    seen = early.look(study, study.as_of)
    assert len(seen.row) == 12
    assert np.isnan(seen.middle).all()
    assert (seen.heading == "open").all()
    assert all(one.videos == 0 for one in seen.coverage)


def test_in_the_demo_market_nothing_is_under_way_but_its_days_can_be_replayed(demo: Workspace) -> None:
    study = market.find(demo)
    assert len(early.look(study, study.as_of).row) == 0
    better = early.worth_replaying(early.days(study))
    assert better is not None
    seen = early.look(study, better)
    came = np.array([early.course(study, seen, place).came[5] for place in range(len(seen.row))])
    assert ((seen.low <= came) & (came <= seen.high)).mean() == pytest.approx(0.9, abs=0.08)
    hits = seen.heading == "hit"
    assert (came[hits] >= seen.threshold[hits]).mean() > 0.7
    tags = videos.hashtags(study, int(seen.row[0]))
    found = demo.store.query(
        "SELECT tag_name FROM video_tags WHERE video_id = $video",
        {"video": videos.details(study, seen.row[:1])[0]["video_id"]},
    )
    assert sorted(tags) == sorted(found["tag_name"].to_pylist())


def test_a_look_of_nothing_is_nothing(demo: Workspace) -> None:
    study = market.find(demo)
    seen = early.look(study, date(2020, 1, 1))
    assert (len(seen.row), len(seen.past)) == (0, 0)
    assert [one.videos for one in seen.coverage] == [0] * 5
    assert early.days(study, Cohort(tiers=("nobody",))) == ()
