"""The form says to the core exactly what was filled in."""

from datetime import UTC, date, datetime
from pathlib import Path

from mtaf_core.data.candidate import _UPLOADER_COLUMNS, _VIDEO_COLUMNS
from mtaf_core.schema import FEATURE, Group
from mtaf_core.workspace import Sample
from pages.components.candidate_form import TYPED, Brief, of_sample

BRIEF = Brief(
    description="Half price", tags=("sale",), uploader_id="u1", day=date(2025, 11, 11), hour=20, product_link=True,
    city="Hangzhou", poi="West Lake",
)  # fmt: skip


def test_the_slot_is_in_the_markets_time_zone() -> None:
    when = BRIEF.candidate("Asia/Shanghai").upload_time
    assert when.astimezone(UTC) == datetime(2025, 11, 11, 12, tzinfo=UTC)


def test_every_typed_and_told_fact_is_a_canonical_column() -> None:
    assert set(TYPED.values()) <= set(_UPLOADER_COLUMNS)
    assert set(BRIEF.candidate("Asia/Shanghai").video) <= set(_VIDEO_COLUMNS)


def test_every_kol_feature_of_table_1_can_be_typed() -> None:
    assert set(TYPED) == {f.name for f in FEATURE.values() if f.group is Group.UPLOADER}


def test_what_is_not_said_stays_unknown() -> None:
    candidate = Brief(day=date(2025, 1, 1)).candidate("Asia/Shanghai")
    assert candidate.uploader is None
    assert candidate.uploader_id is None
    assert candidate.video["upload_city"] is None
    assert candidate.video["poi_name"] is None


def test_changes_are_named_by_field_and_once_each() -> None:
    other = Brief(**{**BRIEF.__dict__, "uploader_id": None, "typed": (("age", 30),), "hour": 8})
    assert other.changes(BRIEF) == ["kol", "hour"]
    assert BRIEF.changes(BRIEF) == []


def test_a_sample_fills_the_form_in_the_markets_time() -> None:
    sample = Sample(Path("a.mp4"), "A", "Words", ("x",), "u2", datetime(2025, 3, 1, 20, 30, tzinfo=UTC), None)
    brief = of_sample(sample, "Asia/Shanghai")
    assert (brief.day, brief.hour, brief.product_link) == (date(2025, 3, 2), 4, False)
