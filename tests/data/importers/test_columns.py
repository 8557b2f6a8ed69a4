"""A column means exactly what its values mean, one by one."""

from datetime import UTC, date, datetime, timedelta, timezone

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtaf_core.data.importers import values
from mtaf_core.data.importers.columns import TRANSFORMS, How, convert, reader

DIGITS = st.text("0123456789", min_size=1, max_size=20)
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2105, 1, 1))
WRITTEN = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        (*values.MISSING, "0", "0.0", "-0", "-1.0", "１２", "'12", "1e5", "6.88E+18", "12e34", "nan", "Null", "inf",
         "1e999", "3.5w", "1.2亿", "21.9K", "10万+", "1,234", "01:05", "1:02:03", "65秒", "PT1M5S", "是", "否", "true",
         "False",
         "男", "female", "2024-02-30", "2024-02-30 10:00:00", "2024-03-01 10:00:60", "2024-03-01 24:00:00",
         "2023-02-29T01:02", "2024-13-01 00:00", "2024-03-10 02:30:00", "2024-11-03 01:30:00", "20240301",
         "2021年9月6日", "06/09/2021", "=1+1", " 12 ", "518200.00000000006", "a/b\\c.mp4", "a,,b", "\x00", "\u2028")
    ),
    DIGITS,
    st.tuples(DIGITS, DIGITS).map(".".join),
    st.integers().map(str),
    st.floats(allow_nan=False).map(repr),
    st.floats(0, 1e7).map(lambda x: f"{x:.2f}"),
    TIMES.map(str),
    TIMES.map(lambda time: time.isoformat(timespec="seconds")),
    TIMES.map(lambda time: time.strftime("%Y-%m-%d %H:%M")),
    TIMES.map(lambda time: str(time.date())),
    st.integers(-10, 4_200_000_000).map(str),
    st.integers(0, 4_200_000_000_000).map(str),
)  # fmt: skip
ZONES = st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York", "Asia/Ho_Chi_Minh"])


def one_by_one(cells, how):
    read, found, wrong = reader(how), [], []
    for place, cell in enumerate(cells):
        try:
            found.append(None if cell is None or cell in how.missing or cell == "" else read(cell))
        except values.Unreadable as fault:
            found.append(None)
            wrong.append((place, str(fault)))
    return found, wrong


@pytest.mark.parametrize("transform", TRANSFORMS)
@settings(max_examples=80, deadline=None)
@given(cells=st.lists(st.none() | WRITTEN, max_size=12), zone=ZONES, market=ZONES)
def test_a_column_of_text_means_what_its_cells_mean(transform, cells, zone, market):
    how = How(transform, zone, market, "dmy", missing=("?",))
    found, faults = convert(pa.array(cells, pa.string()), how)
    expected, wrong = one_by_one(cells, how)
    assert found.to_pylist() == expected
    assert [(fault.place, fault.reason) for fault in faults] == wrong


@pytest.mark.parametrize("transform", ["count", "number", "seconds", "milliseconds", "id", "moment", "day", "flag"])
@settings(max_examples=40, deadline=None)
@given(cells=st.lists(st.none() | st.integers(-5, 5) | st.integers(-(2**63), 2**63 - 1), max_size=8))
def test_a_column_of_whole_numbers_means_what_its_cells_mean(transform, cells):
    how = How(transform, "Asia/Shanghai", "Asia/Shanghai")
    found, faults = convert(pa.array(cells, pa.int64()), how)
    expected, wrong = one_by_one(cells, how)
    assert found.to_pylist() == expected
    assert [fault.place for fault in faults] == [place for place, _ in wrong]


@pytest.mark.parametrize("transform", ["count", "number", "id"])
@settings(max_examples=40, deadline=None)
@given(cells=st.lists(st.none() | st.floats() | st.integers(-2, 10**13).map(float), max_size=8))
def test_a_column_of_decimals_means_what_its_cells_mean(transform, cells):
    how = How(transform)
    found, faults = convert(pa.array(cells, pa.float64()), how)
    expected, wrong = one_by_one(cells, how)
    assert found.to_pylist() == expected
    assert [fault.place for fault in faults] == [place for place, _ in wrong]


def test_times_and_days_that_a_table_types_are_taken_as_they_are():
    how = How("moment", "Asia/Shanghai", "Asia/Shanghai")
    naive = pa.array([datetime(2024, 3, 1, 8), None], pa.timestamp("ns"))
    assert convert(naive, how)[0].to_pylist() == [datetime(2024, 3, 1, tzinfo=UTC), None]
    aware = pa.array([datetime(2024, 3, 1, 23, tzinfo=timezone(timedelta(hours=-1)))], pa.timestamp("us", tz="UTC"))
    assert convert(aware, How("day", "UTC", "Asia/Shanghai"))[0].to_pylist() == [date(2024, 3, 2)]
    assert convert(pa.array([date(2024, 3, 1)]), How("day"))[0].to_pylist() == [date(2024, 3, 1)]


def test_a_day_without_a_time_is_itself_and_a_moment_is_on_the_markets_day():
    how = How("day", zone="UTC", market_zone="Asia/Shanghai")
    found, _ = convert(pa.array(["2024-03-01", "2024-03-01 20:00", "1709323200"]), how)
    assert found.to_pylist() == [date(2024, 3, 1), date(2024, 3, 2), date(2024, 3, 2)]


@pytest.mark.parametrize(
    "cells",
    [
        ["2024-02-30"],
        ["2024-02-30 10:00:00"],
        ["2024-03-01 10:00:60"],
        ["2024-03-01 24:00:00"],
        ["2023-02-29T01:02"],
        ["2024-03-10 02:30:00", "2024-03-01"],
    ],
)
@pytest.mark.parametrize("transform", ["moment", "day"])
def test_days_and_hours_that_do_not_exist_are_treated_alike(transform, cells):
    how = How(transform, "America/New_York", "Asia/Shanghai")
    found, faults = convert(pa.array(cells), how)
    expected, wrong = one_by_one(cells, how)
    assert found.to_pylist() == expected
    assert [fault.place for fault in faults] == [place for place, _ in wrong]


def test_a_million_plain_cells_never_meet_python(monkeypatch):
    def refuse(_):
        raise AssertionError("a plain cell was read one by one")

    for name in ("count", "number", "seconds", "moment", "identifier"):
        monkeypatch.setattr(values, name, lambda *_, **__: refuse(_))
    assert convert(pa.array([str(n) for n in range(1000)]), How("count"))[0].null_count == 0
    assert convert(pa.array([f"{n}.25" for n in range(1000)]), How("number"))[0].null_count == 0
    assert convert(pa.array([f"2024-03-01 10:{n % 60:02}:00" for n in range(1000)]), How("moment"))[0].null_count == 0
    assert convert(pa.array([str(7_300_000_000_000_000_001 + n) for n in range(1000)]), How("id"))[0].null_count == 0
