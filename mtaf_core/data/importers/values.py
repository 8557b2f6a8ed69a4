"""One value at a time: what people, apps and exports write for a count, a length, a moment, a flag, an id.

Each function takes a value of any type and answers the canonical one, None where the value says "not known", and
raises `Unreadable` where it says something that is not such a value. The patterns are plain enough for DuckDB's
regular expressions, so that a table of a million rows is read by the same rules (see `tabular`).
"""

import math
import re
import sys
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from mtaf_core.data.importers.reasons import Refused
from mtaf_core.limits import MAX_COUNT, MAX_TAG_CHARS, MAX_TAGS

MISSING = (
    "", "-", "--", "—", "n/a", "na", "nan", "nat", "null", "none", "nil", "无", "暂无", "未知", "unknown", "-1",
    "#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#num!", "#null!",
)  # fmt: skip
"""What stands for "not known", after `plain` and in lower case; in every type but text."""

WIDE = "０１２３４５６７８９．，：－／＋\u3000\u00a0\ufeff\t"
NARROW = "0123456789.,:-/+    "
"""Full-width characters of Chinese input methods and spreadsheets, and what they mean."""

UNITS = {
    "": 1,
    "k": 10**3,
    "千": 10**3,
    "w": 10**4,
    "万": 10**4,
    "萬": 10**4,
    "m": 10**6,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "億": 10**8,
    "b": 10**9,
}
"""What a count may end with, in lower case."""

COUNT = r"([0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,15})(\.[0-9]{1,20})? ?(k|千|w|百万|千万|万|萬|m|亿|億|b)?\+?"
NEGATIVE = r"-[0-9][0-9,.]*"
NUMBER = r"[^0-9.\-+ a-z]?\s*(-?(?:[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,15})(?:\.[0-9]{1,25})?(?:e[+-]?[0-9]{1,3})?)"
CLOCK = r"(?:([0-9]{1,3}):)?([0-9]{1,3}):([0-5][0-9](?:\.[0-9]{1,6})?)"
LENGTH = r"([0-9]{1,9}(?:\.[0-9]{1,9})?) ?(ms|毫秒|s|sec|secs|seconds|秒)?"
SPOKEN = (
    r"(?:pt)?(?:([0-9]{1,3}) ?(?:h|小时|时))? ?(?:([0-9]{1,3}) ?(?:min|m|分钟|分))? ?"
    r"(?:([0-9]{1,3}(?:\.[0-9]{1,6})?) ?(?:s|秒))?"
)
YEAR_FIRST = r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?"
YEAR_LAST = r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})"
COMPACT = r"([0-9]{4})([0-9]{2})([0-9]{2})"
TIME_OF_DAY = r"([0-9]{1,2})[:时]([0-9]{1,2})(?:[:分]([0-9]{1,2})(?:\.([0-9]{1,9}))?)?[分秒]?"
ZONE = r" ?(z|utc|[+-][0-9]{2}:?[0-9]{2})?"

_COUNT, _NEGATIVE, _NUMBER = re.compile(COUNT), re.compile(NEGATIVE), re.compile(NUMBER)
_CLOCK, _LENGTH, _SPOKEN = re.compile(CLOCK), re.compile(LENGTH), re.compile(SPOKEN)
_EPOCH = re.compile(r"([0-9]{9,17})(?:\.([0-9]{1,9}))?")
_TIMES = {
    "ymd": re.compile(rf"{YEAR_FIRST}(?:[t ] ?{TIME_OF_DAY}{ZONE})?"),
    "dmy": re.compile(rf"{YEAR_LAST}(?:,? {TIME_OF_DAY}{ZONE})?"),
}
_COMPACT = re.compile(rf"{COMPACT}(?:[t_ ]?([0-9]{{2}})([0-9]{{2}})([0-9]{{2}})?)?")
# One digit before the exponent and two in it, as floats are written; ids of hexadecimal digits look like 38e849631332.
_ROUNDED = re.compile(r"-?[0-9]+\.[0-9]*(e\+?[0-9]{1,3})?|-?[0-9]e\+?[0-9]{1,2}")
_WIDE = str.maketrans(WIDE, NARROW)
_KEPT_AS_TEXT = re.compile('="[^"]*"')
_SLIP = 1e-6
"""How far a count may be from a whole number: 518.2 thousand becomes 518200.00000000006 in the arithmetic of floats."""
_TRUE = {"true", "yes", "y", "t", "1", "on", "是", "有"}
_FALSE = {"false", "no", "n", "f", "0", "off", "否", "无", "没有"}
_GENDERS = {"1": "male", "2": "female", "m": "male", "f": "female", "男": "male", "女": "female"}
_GENDERS |= {"male": "male", "female": "female"}

FIRST_MOMENT = datetime(2005, 1, 1, tzinfo=UTC)
LAST_MOMENT = datetime(2100, 1, 1, tzinfo=UTC)
MAX_LENGTH_S = 172_800.0
"""Two days: longer than any video, shorter than a length in milliseconds taken for seconds."""

Order = Literal["ymd", "dmy", "mdy"]


class Unreadable(Refused):
    """A value that is not what it should be; the text is the reason, one sentence."""


def plain(value: object) -> str:
    """``value`` as text with narrow digits and no outer spaces, and without what makes a spreadsheet take it for text.

    That is an apostrophe before it, or ``="…"`` around it.
    """
    found = str(value).translate(_WIDE).strip(" \r\n").removeprefix("'").strip(" ")
    return found[2:-1].strip(" ") if _KEPT_AS_TEXT.fullmatch(found) else found


def is_missing(value: object) -> bool:
    """Whether ``value`` says that nothing is known."""
    if isinstance(value, str):
        return plain(value).lower() in MISSING
    if isinstance(value, float):
        return math.isnan(value) or value == -1
    return value is None or (isinstance(value, int) and value == -1)


def count(value: object) -> int | None:
    """A count: ``1234``, ``"1,234"``, ``"3.5w"``, ``"3.5万"``, ``"21.9K"``, ``"1.2亿"``, ``"10万+"``, ``"12.0"``."""
    if is_missing(value):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Unreadable("not_count")
    if isinstance(value, str):
        number = _written_count(plain(value).lower())
    elif isinstance(value, float) and not math.isfinite(value):
        raise Unreadable("not_count")
    elif abs(value - round(value)) >= _SLIP:
        raise Unreadable("count_whole")
    else:
        number = round(value)
    if number < 0:
        raise Unreadable("count_negative")
    if number > MAX_COUNT:
        raise Unreadable("count_above", most=f"{MAX_COUNT:,}")
    return number


def _written_count(text: str) -> int:
    if _NEGATIVE.fullmatch(text):
        return -1  # refused by the caller, whatever it is
    match = _COUNT.fullmatch(text)
    if match is None:
        raise Unreadable("not_count")
    whole, rest, unit = match.groups()
    number = Decimal(whole.replace(",", "") + (rest or "")) * UNITS[unit or ""]
    if not unit and abs(number - round(number)) >= _SLIP:
        raise Unreadable("count_whole")
    return int(number.quantize(Decimal(1), ROUND_HALF_UP))


def number(value: object) -> float | None:
    """A measure: ``12.5``, ``"1,299.00"``, ``"¥99"``."""
    if is_missing(value):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Unreadable("not_number")
    if isinstance(value, str):
        match = _NUMBER.fullmatch(plain(value).lower())
        if match is None:
            raise Unreadable("not_number")
        value = float(match[1].replace(",", ""))
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise Unreadable("not_number")
    return found


def seconds(value: object, unit: Literal["s", "ms"] = "s") -> float | None:
    """A length in seconds: ``15.2``, ``"01:05"``, ``"1:02:03"``, ``"65秒"``, ``"1分5秒"``, ``"PT1M5S"``, ``"15000ms"``.

    Parameters
    ----------
    value : object
        A zero is not a length but a missing one.
    unit : {"s", "ms"}, default "s"
        Of a number that names none.
    """
    if is_missing(value):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Unreadable("not_length")
    length = _written_seconds(plain(value).lower(), unit) if isinstance(value, str) else number(value)
    if isinstance(value, int | float) and unit == "ms":
        length = (length or 0.0) / 1000
    if not length:
        return None
    if not 0 < length <= MAX_LENGTH_S:
        raise Unreadable("length_of_no_video")
    return length


def _written_seconds(text: str, unit: str) -> float:
    match = _LENGTH.fullmatch(text)
    if match:
        thousandth = (match[2] or unit) in ("ms", "毫秒")
        return float(match[1]) / 1000 if thousandth else float(match[1])
    match = _CLOCK.fullmatch(text) or _SPOKEN.fullmatch(text)
    if match is None or not any(match.groups()):
        raise Unreadable("not_length")
    hours, minutes, rest = (float(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + rest


def moment(value: object, zone: str, order: Order = "ymd") -> datetime | None:
    """A moment, in UTC: seconds or milliseconds since 1970, ISO 8601, ``"2021/9/6 12:00"``, ``"2021年9月6日"``.

    Parameters
    ----------
    value : object
        A zero is a missing moment. A day without a time of day is its midnight.
    zone : str
        IANA name of the zone of a time that names none.
    order : {"ymd", "dmy", "mdy"}, default "ymd"
        Of dates that end with the year, such as ``06/09/2021``, which are refused unless the order is told.
    """
    if is_missing(value) or value in (0, "0"):
        return None
    if isinstance(value, date):
        found = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        return _possible(found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone)))
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Unreadable("not_time")
    text = plain(value).lower() if isinstance(value, str) else format(value, "d" if isinstance(value, int) else ".6f")
    compact = _COMPACT.fullmatch(text)
    if compact and len(text) != 10:
        return _local([int(part or 0) for part in compact.groups()], "", "", zone)
    epoch = _EPOCH.fullmatch(text)
    if epoch:
        digits = epoch[1]
        places = 0 if len(digits) <= 11 else 3 if len(digits) <= 14 else 6
        return _possible(datetime.fromtimestamp(0, UTC) + _since(digits, epoch[2] or "", places))
    return _written_moment(text, zone, order)


def _since(digits: str, rest: str, places: int) -> timedelta:
    microseconds = Decimal(f"{digits}.{rest or 0}") * 10 ** (6 - places)
    try:
        return timedelta(microseconds=int(microseconds))
    except OverflowError:
        raise Unreadable("time_out_of_range") from None


def _written_moment(text: str, zone: str, order: Order) -> datetime:
    match = _TIMES["ymd"].fullmatch(text)
    if match:
        year, month, day, hour, minute, second, rest, offset = match.groups()
    else:
        match = _TIMES["dmy"].fullmatch(text)
        if match is None:
            raise Unreadable("not_time")
        if order == "ymd":
            raise Unreadable("day_or_month")
        day, month, year, hour, minute, second, rest, offset = match.groups()
        if order == "mdy":
            day, month = month, day
    parts = [int(part or 0) for part in (year, month, day, hour, minute, second)]
    return _local(parts, rest or "", offset or "", zone)


def _local(parts: list[int], rest: str, offset: str, zone: str) -> datetime:
    year, month, monthday, hour, minute, second = parts
    try:
        found = datetime(year, month, monthday, hour, minute, second, int(rest.ljust(6, "0")[:6]))
    except ValueError:
        raise Unreadable("no_such_time") from None
    if not offset:
        return _possible(found.replace(tzinfo=ZoneInfo(zone)))
    if offset in ("z", "utc"):
        return _possible(found.replace(tzinfo=UTC))
    ahead = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
    return _possible((found - ahead if offset[0] == "+" else found + ahead).replace(tzinfo=UTC))


def _possible(found: datetime) -> datetime:
    if not FIRST_MOMENT <= found < LAST_MOMENT:
        raise Unreadable("year_wrong", year=found.year)
    return found.astimezone(UTC)


def day(value: object, zone: str, order: Order = "ymd") -> date | None:
    """A day: as `moment`, and the day there in ``zone``."""
    found = moment(value, zone, order)
    return None if found is None else found.astimezone(ZoneInfo(zone)).date()


def flag(value: object) -> bool | None:
    """Yes or no: true and false, 1 and 0, yes and no, 是 and 否."""
    if isinstance(value, bool):
        return value
    text = plain(value).lower() if isinstance(value, int | float | str) else ""
    text = text.removesuffix(".0") if isinstance(value, float) else text
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if is_missing(value):
        return None
    raise Unreadable("not_flag")


def gender(value: object) -> str | None:
    """``"male"`` or ``"female"``, from 1 and 2, 男 and 女, or words; None for anything that says neither."""
    return None if isinstance(value, bool) else _GENDERS.get(plain(value).lower())


def identifier(value: object) -> str | None:
    """An id, as text. A number with a point or an exponent has been rounded on its way and is refused.

    Nineteen digits do not fit a float, and a spreadsheet keeps fifteen: the id of another video would come out.
    """
    if is_missing(value) or value in (0, "0"):
        return None
    if isinstance(value, float):
        raise Unreadable("id_rounded")
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise Unreadable("not_id")
    found = text(plain(value)) or ""
    if found.startswith("="):
        raise Unreadable("id_formula")
    if _ROUNDED.fullmatch(found.lower()):
        raise Unreadable("id_rounded")
    if isinstance(value, int) and value < 0:
        raise Unreadable("id_negative")
    return found or None


def rounded(ids: Iterable[str]) -> bool:
    """Whether these ids went through floats or a spreadsheet together, though none shows it by itself.

    By chance one id in a hundred ends with two zeros, and one in 256 is a number that a float can hold; three or more
    ids of 17 digits and up that all do have lost their last digits.
    """
    long = {int(one) for one in ids if len(one) >= 17 and one.isascii() and one.isdigit()}
    if len(long) < 3:
        return False
    return all(n % 100 == 0 for n in long) or all(n >= 2**60 and n == int(float(n)) for n in long)


def text(value: object) -> str | None:
    """Text as it is, without what no table can hold: halves of surrogate pairs, and NUL."""
    if value is None:
        return None
    found = whole(value if isinstance(value, str) else str(value)).replace("\x00", "")
    return found if found.strip() else None


def whole(text: str) -> str:
    """Text with halves of surrogate pairs, which JSON can name and nothing can store, replaced."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def hashtags(description: str | None) -> list[str]:
    """The hashtags in a text, each once, in order, without ``#``."""
    found = dict.fromkeys(name for name in _tag_pattern().findall(description or "") if len(name) <= MAX_TAG_CHARS)
    return list(found)[:MAX_TAGS]


@lru_cache(maxsize=1)
def _tag_pattern() -> re.Pattern[str]:
    """Words of any script: ``\\w`` leaves out the vowel signs of Thai or Hindi, which would end a tag in its middle."""
    marks = "".join(c for c in map(chr, range(min(0x20000, sys.maxunicode))) if unicodedata.category(c)[0] == "M")
    return re.compile(rf"[#＃]([\w{re.escape(marks)}]+)")
