"""What people, apps and exports write for a value, and what it means."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mtaf_core.data.importers import values
from mtaf_core.data.importers.values import Unreadable
from mtaf_core.limits import MAX_COUNT

SHANGHAI = "Asia/Shanghai"
MOMENTS = st.datetimes(datetime(2005, 1, 2), datetime(2099, 12, 30), timezones=st.just(UTC))
ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (1234, 1234),
        ("1234", 1234),
        ("1,234", 1234),
        ("1,234,567", 1_234_567),
        (541200.0, 541_200),
        ("541200.0", 541_200),
        ("3.5w", 35_000),
        ("3.5W", 35_000),
        ("3.5万", 35_000),
        ("3.5 万", 35_000),
        ("10万+", 100_000),
        ("1.2亿", 120_000_000),
        ("2千", 2_000),
        ("1.5M", 1_500_000),
        ("21.9K", 21_900),
        ("1.1b", 1_100_000_000),
        ("３．５万", 35_000),
        (" 7 ", 7),
        ("0", 0),
    ],
)
def test_a_count(written, meant):
    assert values.count(written) == meant


@pytest.mark.parametrize(
    "written", ["", "-", "--", "N/A", "null", "NaN", "无", "暂无", " ", None, -1, "-1", float("nan")]
)
def test_what_stands_for_not_known_is_null_in_every_type(written):
    for read in (values.count, values.number, values.seconds, values.identifier):
        assert read(written) is None
    assert values.moment(written, SHANGHAI) is None


@pytest.mark.parametrize(
    "written",
    ["-2147483", -5, "12.5", 0.5, "1,23", "1.234.567", "lots", "3.5x", True, [1], MAX_COUNT + 1, "inf", 1e300],
)
def test_what_is_no_count_is_said_not_guessed(written):
    with pytest.raises(Unreadable):
        values.count(written)


@given(st.integers(0, MAX_COUNT))
def test_a_count_reads_back_however_it_is_written(n):
    assert values.count(n) == values.count(str(n)) == values.count(f"{n:,}") == values.count(f"{n}.0") == n


@given(st.integers(0, 9_999), st.sampled_from(["k", "w", "万", "m", "亿", "b"]))
def test_a_count_with_a_unit_is_exact_to_its_last_digit(tenths, unit):
    assert values.count(f"{tenths // 10}.{tenths % 10}{unit}") * 10 == tenths * values.UNITS[unit]


@given(ANYTHING)
def test_any_value_is_read_or_refused(value):
    readers = (values.count, values.number, values.seconds, values.flag, values.identifier)
    for read in (*readers, lambda value: values.moment(value, SHANGHAI)):
        with suppress(Unreadable):
            read(value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (15, 15.0),
        ("15.25", 15.25),
        ("01:05", 65.0),
        ("00:31", 31.0),
        ("1:02:03", 3723.0),
        ("90:00", 5400.0),
        ("65秒", 65.0),
        ("65s", 65.0),
        ("1分5秒", 65.0),
        ("1小时2分3秒", 3723.0),
        ("PT1M5S", 65.0),
        ("15000ms", 15.0),
    ],
)
def test_a_length_in_seconds(written, meant):
    assert values.seconds(written) == meant


def test_a_length_in_milliseconds_and_one_of_zero():
    assert values.seconds(15_320, "ms") == values.seconds("15320", "ms") == 15.32
    assert values.seconds("01:05", "ms") == 65.0
    assert values.seconds(0) is None
    with pytest.raises(Unreadable, match="milliseconds"):
        values.seconds(6_451_549)


@pytest.mark.parametrize("written", ["99:99", "1:60", "1:02:75", ":05", "1:2:3:4"])
def test_what_no_clock_shows_is_no_length(written):
    with pytest.raises(Unreadable, match="not a length"):
        values.seconds(written)


@given(st.integers(1, 172_800))
def test_a_length_reads_back_as_a_clock_shows_it(total):
    hours, rest = divmod(total, 3600)
    assert values.seconds(f"{hours}:{rest // 60:02}:{rest % 60:02}") == total
    assert values.seconds(f"{total // 60}:{total % 60:02}") == total if total < 60_000 else True


@pytest.mark.parametrize(
    "written",
    [
        1_630_900_800,
        "1630900800",
        1_630_900_800_000,
        "1630900800000",
        1_630_900_800.0,
        "2021-09-06T04:00:00Z",
        "2021-09-06T04:00:00.000Z",
        "2021-09-06T12:00:00+08:00",
        "2021-09-06T12:00:00+0800",
        "2021-09-06 12:00",
        "2021-09-06 12:00:00",
        "2021/9/6 12:00",
        "2021.09.06 12:00",
        "2021年9月6日 12:00",
        "2021年09月06日12时00分".replace("日", "日 "),
        "20210906120000",
        "20210906 120000",
        datetime(2021, 9, 6, 12),
        datetime(2021, 9, 6, 4, tzinfo=UTC),
    ],
)
def test_a_moment(written):
    assert values.moment(written, SHANGHAI) == datetime(2021, 9, 6, 4, tzinfo=UTC)


def test_a_day_is_the_midnight_of_the_market():
    for written in ("20210906", 20210906, "2021-09-06", "2021年9月6日", date(2021, 9, 6)):
        assert values.moment(written, SHANGHAI) == datetime(2021, 9, 5, 16, tzinfo=UTC)
        assert values.day(written, SHANGHAI) == date(2021, 9, 6)
    assert values.day("2021-09-06T20:00:00Z", SHANGHAI) == date(2021, 9, 7)


def test_day_and_month_are_not_guessed():
    with pytest.raises(Unreadable, match="comes first"):
        values.moment("06/09/2021", SHANGHAI)
    assert values.day("06/09/2021", SHANGHAI, "dmy") == date(2021, 9, 6)
    assert values.day("06/09/2021 10:30", SHANGHAI, "mdy") == date(2021, 6, 9)


@pytest.mark.parametrize(
    "written", ["2021-13-06", "2021-02-30", "2021-09-06 25:00", "1999-01-01", 99, 10**17, "昨天", True]
)
def test_what_is_no_moment_is_said(written):
    with pytest.raises(Unreadable):
        values.moment(written, SHANGHAI)


@given(MOMENTS, st.sampled_from(["Asia/Shanghai", "America/New_York", "UTC"]))
def test_a_moment_reads_back_in_every_form(moment, zone):
    whole = moment.replace(microsecond=0)
    local = whole.astimezone(ZoneInfo(zone))
    assert values.moment(moment.isoformat(), zone) == moment
    assert values.moment(int(whole.timestamp()), zone) == whole
    assert values.moment(int(whole.timestamp()) * 1000, zone) == whole
    if local.fold == 0 and (local + timedelta(hours=3)).utcoffset() == (local - timedelta(hours=3)).utcoffset():
        assert values.moment(local.strftime("%Y-%m-%d %H:%M:%S"), zone) == whole


@pytest.mark.parametrize(
    ("written", "meant"), [(1, True), ("0", False), ("是", True), ("否", False), ("TRUE", True), (0.0, False)]
)
def test_a_flag(written, meant):
    assert values.flag(written) is meant


def test_a_flag_that_is_neither():
    assert values.flag("") is None
    with pytest.raises(Unreadable):
        values.flag("maybe")
    with pytest.raises(Unreadable):
        values.flag(7)


def test_gender_is_told_or_null():
    assert [values.gender(v) for v in (1, 2, "男", "Female", 0, None, "?", True)] == [
        "male", "female", "male", "female", None, None, None, None,
    ]  # fmt: skip


@given(st.integers(1, 10**25))
def test_an_id_keeps_every_digit(n):
    assert (
        values.identifier(n)
        == values.identifier(str(n))
        == values.identifier(f"'{n}")
        == values.identifier(f"\t{n}")
        == values.identifier(f'="{n}"')
        == str(n)
    )


@pytest.mark.parametrize("written", [6.88e18, 12.0, "6.88e18", "1.23E+18", "7123456789012345678.0", "7e18"])
def test_an_id_that_went_through_a_float_is_refused(written):
    with pytest.raises(Unreadable, match="rounded"):
        values.identifier(written)


@given(st.lists(st.integers(2 * 10**18, 9 * 10**18), min_size=3, max_size=20, unique_by=lambda n: n // 10_000))
def test_ids_that_were_rounded_together_are_seen(ids):
    spreadsheet = [f"{str(n)[:15]}0000" for n in ids]
    floats = [str(int(float(n))) for n in ids]
    script = [str(n // 1000) + "000" for n in ids]
    assume(all(len(set(ones)) >= 3 for ones in (spreadsheet, floats, script)))
    assert values.rounded(spreadsheet)
    assert values.rounded(floats)
    assert values.rounded(script)
    assert not values.rounded([str(n // 10) + "7" for n in ids])
    assert not values.rounded(spreadsheet[:2] * 5)


def test_hashtags_of_any_script():
    assert values.hashtags("x #咖啡#好物推荐 ＃茶 #a_b, #สวัสดีครับ #việtnam #咖啡 no#tag # 1") == [
        "咖啡", "好物推荐", "茶", "a_b", "สวัสดีครับ", "việtnam", "tag",
    ]  # fmt: skip
    assert values.hashtags(None) == []


@given(st.text())
def test_text_can_always_be_stored(text):
    found = values.text(text + "\ud83d\x00")
    assert found is not None
    assert "\x00" not in found
    found.encode()


def test_blank_text_is_null():
    assert values.text("  ") is None
    assert values.text("-") == "-"
