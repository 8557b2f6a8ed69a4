"""Axes of a fact's values: where values stand, and how they are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtaf_core.charts.numbers import compact
from mtaf_core.charts.values import column_label, value_label
from mtaf_core.charts.words import Language, say
from mtaf_core.schema import FEATURES, Feature, Kind

_FEATURE_OF: dict[str, Feature] = {column: feature for feature in FEATURES for column in feature.columns}
_WIDE = 20.0
"""A number that grows by more than this from a low quantile to the highest stands on a log axis."""


@dataclass(frozen=True)
class ValueAxis:
    """How the values of one column are drawn and read.

    Parameters
    ----------
    label : str
        What the column is called, with its unit.
    names : tuple of str
        Names of the values 0, 1, 2, …; empty for numbers.
    log : bool
        Whether numbers stand at ``log10(1 + value)``, so that 0 has a place.
    """

    label: str
    names: tuple[str, ...]
    log: bool
    lang: Language

    def place(self, values: ArrayLike) -> NDArray[np.float64]:
        """Where values stand, same shape."""
        found = np.asarray(values, dtype=np.float64)
        return np.log10(1 + np.maximum(found, 0)) if self.log else found

    def said(self, value: float) -> str:
        """A value in words."""
        if not np.isfinite(value):
            return say(self.lang, "value_unknown")
        if self.names:
            return self.names[int(value)] if 0 <= int(value) < len(self.names) else "–"
        return compact(value, self.lang)

    def layout(self, low: float, high: float, most: int = 7) -> dict[str, Any]:
        """Plotly's settings of the axis for values from ``low`` to ``high``: title, ticks and range."""
        axis: dict[str, Any] = {"title": {"text": self.label}, "showgrid": False, "zeroline": False}
        if self.names:
            codes = range(max(int(low), 0), min(int(high), len(self.names) - 1) + 1)
            step = max(1, -(-len(codes) // 24)) if len(self.names) != 24 else 3
            shown = list(codes)[::step]
            long = max((len(self.names[code]) for code in shown), default=0) * len(shown) > 44
            axis |= {"tickvals": shown, "ticktext": [self.names[code] for code in shown]}
            return axis | {"range": [low - 0.6, high + 0.6], "tickangle": -40 if long else 0}
        first, last = (float(self.place(end)) for end in (low, high))
        margin = 0.03 * max(last - first, 1e-3 * abs(last), 1e-3)
        ticks = _round_values(low, high, self.log, most)
        return axis | {
            "tickvals": self.place(ticks).tolist(),
            "ticktext": [compact(tick, self.lang) for tick in ticks],
            "range": [first - margin, last + margin],
            "tickangle": 0,
        }


def value_axis(
    column: str, words: Sequence[str] = (), low: float = 0.0, high: float = 0.0, lang: Language = "en"
) -> ValueAxis:
    """The axis of a column.

    Parameters
    ----------
    words : sequence of str
        What the codes of a category stand for.
    low, high : float
        A low quantile of the values and the highest, which tell whether numbers need a log axis.
    """
    feature = _FEATURE_OF[column]
    label = column_label(column, lang)
    names: tuple[str, ...] = ()
    if feature.kind is Kind.CATEGORY:
        names = tuple(words)
    elif feature.kind in (Kind.FLAG, Kind.CYCLE):
        names = tuple(value_label(column, str(code), lang) for code in range(feature.period or 2))
    elif feature.unit:
        label = f"{label} ({say(lang, f'axis_unit_{feature.unit}')})"
    log = not names and (1 + max(high, 0)) / (1 + max(low, 0)) > _WIDE
    return ValueAxis(label, names, log, lang)


def _round_values(low: float, high: float, log: bool, most: int) -> list[float]:
    """At most ``most`` round values from ``low`` to ``high``, evenly spread on the axis."""
    if log:
        decades = [10.0**power for power in range(13)]
        for steps in ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,)):
            found = [step * decade for decade in decades for step in steps if low <= step * decade <= high]
            if len(found) <= most:
                break
        found = found[:: -(-len(found) // most)] if found else []
        return ([0.0] if low <= 0 and (not found or found[0] >= 1) else []) + found or [low, high]
    rough = max(high - low, 1e-9) / most
    size = 10.0 ** np.floor(np.log10(rough))
    step = next(s * size for s in (1.0, 2.0, 5.0, 10.0) if s * size >= rough)
    return [float(k * step) for k in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1)] or [low]
