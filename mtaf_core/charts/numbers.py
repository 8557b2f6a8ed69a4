"""Numbers as people read them: 1.2k, 34.5k, 1.2M; 1.2万 in Chinese; factors, percents and ranks."""

import math

from mtaf_core.charts.words import Language

_UNITS: dict[Language, tuple[tuple[float, str], ...]] = {
    "en": ((1e9, "B"), (1e6, "M"), (1e3, "k")),
    "zh": ((1e8, "亿"), (1e4, "万")),
}


def compact(value: float | None, lang: Language = "en") -> str:
    """A count in few signs: at most three digits and a unit; an en dash where it is unknown.

    >>> compact(1234), compact(34_540), compact(999_960), compact(0.42), compact(12_340, "zh")
    ('1.2k', '34.5k', '1M', '0.4', '1.2万')
    """
    if value is None or not math.isfinite(value):
        return "–"
    size = abs(value)
    for unit, suffix in _UNITS[lang]:
        # A value that rounds up to the unit is written in it: 999,960 is 1M, not 1000k.
        if size >= 0.9995 * unit:
            return _short(value / unit) + suffix
    return _short(value) if size < 10 else f"{value:.0f}"


def _short(value: float) -> str:
    text = f"{value:.1f}" if abs(value) < 99.95 else f"{value:.0f}"
    return text.removesuffix(".0")


def factor(ratio: float) -> str:
    """A change as a factor: ``×1.32``.

    >>> factor(1.318), factor(0.5), factor(12.34)
    ('×1.32', '×0.50', '×12.3')
    """
    return f"×{ratio:.2f}" if ratio < 10 else f"×{ratio:.1f}" if ratio < 100 else f"×{ratio:,.0f}"


def percent(share: float, digits: int = 0) -> str:
    """A share of 1 in percent; small ones never read as nothing.

    >>> percent(0.414), percent(0.003), percent(0)
    ('41%', '<1%', '0%')
    """
    if 0 < share < 10 ** -(digits + 2):
        return f"<{10**-digits:g}%"
    return f"{100 * share:.{digits}f}%"


def change(ratio: float) -> str:
    """A factor as a change in percent, with its sign: ``▲32%``, ``▼8%``, ``±0%``.

    >>> change(1.32), change(0.92), change(1.0)
    ('▲32%', '▼8%', '±0%')
    """
    points = round(100 * (ratio - 1))
    return "±0%" if points == 0 else f"{'▲' if points > 0 else '▼'}{abs(points):,}%"


def ordinal(rank: int, lang: Language = "en") -> str:
    """A rank as it is said: 71st, 64th; 第 71 in Chinese.

    >>> ordinal(71), ordinal(12), ordinal(3), ordinal(71, "zh")
    ('71st', '12th', '3rd', '第 71')
    """
    if lang == "zh":
        return f"第 {rank}"
    suffix = "th" if 10 <= rank % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank}{suffix}"


def percentile_rank(share: float) -> int:
    """A share of 1 as a percentile a person would say: 1 to 99, since nothing is the 0th or the 100th."""
    return min(99, max(1, round(100 * share)))
