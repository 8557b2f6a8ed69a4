"""The cohort: narrowed part by part, carried by a link, and never more than what was asked."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtaf_core.study import market
from mtaf_core.study.cohort import RANGED, WHOLE, Cohort, Range
from mtaf_core.workspace import Workspace

WORDS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8), max_size=3, unique=True)
DAYS = st.none() | st.dates()
FLAGS = st.none() | st.booleans()
BOUNDS = st.tuples(*[st.floats(-1e12, 1e12)] * 2).map(sorted)
RANGES = st.dictionaries(st.sampled_from(RANGED), BOUNDS, max_size=3).map(
    lambda found: tuple(Range(column, low, high) for column, (low, high) in found.items())
)
COHORTS = st.builds(
    Cohort, WORDS.map(tuple), DAYS, DAYS, WORDS.map(tuple), WORDS.map(tuple), FLAGS, FLAGS, WORDS.map(tuple),
    WORDS.map(tuple), RANGES,
)  # fmt: skip


@given(COHORTS)
def test_a_link_brings_back_the_same_cohort(cohort: Cohort) -> None:
    assert Cohort.from_query(cohort.to_query()) == cohort


@given(st.dictionaries(st.sampled_from(["from", "to", "range", "product", "tier", "tag"]), st.text(max_size=40)))
def test_any_link_is_read_and_what_cannot_be_is_left_out(said: dict[str, str]) -> None:
    found = Cohort.from_query(said)
    assert all(one.column in RANGED and one.low <= one.high for one in found.ranges)
    assert Cohort.from_query(found.to_query()) == found


def test_a_range_names_only_columns_of_the_panel() -> None:
    assert Cohort.from_query({"range": "video_duration:1:2,1=1);--:0:1,score:nan:2,score:9:1"}).ranges == (
        Range("video_duration", 1.0, 2.0),
    )


@pytest.mark.parametrize(
    "cohort",
    [
        Cohort(tiers=("head", "waist")),
        Cohort(since=date(2026, 10, 1), until=date(2026, 10, 20)),
        Cohort(product=True),
        Cohort(product=False, verified=True),
        Cohort(ranges=(Range("video_duration", 10, 20), Range("score", 5, 1e9))),
        Cohort(tags=("skincare", "glow")),
    ],
)
def test_every_video_of_a_cohort_fits_and_no_other_does(demo: Workspace, cohort: Cohort) -> None:
    study = market.find(demo)
    columns = "row, tier, local_time, video_product, uploader_verification, video_duration, score, video_id"
    every = study.query(f"SELECT {columns} FROM market ORDER BY row").to_pandas()
    tagged = demo.store.query(
        "SELECT DISTINCT video_id FROM video_tags WHERE tag_name IN (SELECT unnest($tags))", {"tags": list(cohort.tags)}
    )
    fits = every["score"].notna() | True
    if cohort.tiers:
        fits &= every["tier"].isin(cohort.tiers)
    if cohort.since:
        fits &= every["local_time"].dt.date.between(cohort.since, cohort.until)
    if cohort.product is not None:
        fits &= every["video_product"] == float(cohort.product)
    if cohort.verified is not None:
        fits &= every["uploader_verification"] == float(cohort.verified)
    for one in cohort.ranges:
        fits &= every[one.column].between(one.low, one.high)
    if cohort.tags:
        fits &= every["video_id"].isin(tagged["video_id"].to_pylist())
    found = study.query("SELECT row FROM panel ORDER BY row", cohort=cohort)["row"].to_pylist()
    assert found == every.loc[fits, "row"].to_list()
    assert 0 < len(found) < len(every)
    assert study.count(cohort)[0] == len(found)


def test_parts_are_dropped_one_by_one() -> None:
    cohort = Cohort(tiers=("head", "tail"), product=True).within("score", 1, 2).within("score", 3, 4)
    assert cohort.ranges == (Range("score", 3, 4),)
    assert cohort.without("tiers", "head").tiers == ("tail",)
    assert cohort.without("product").product is None
    assert cohort.without("tiers").without("product").without("ranges", cohort.ranges[0]) == WHOLE
    assert WHOLE.is_whole
    assert not cohort.is_whole
