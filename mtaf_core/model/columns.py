"""What the columns of any table hold: numbers, words, vectors of a modality, or counts of an early day.

This is for tables of a user's own (`mtaf_core.model.estimator`); the product's own frames have the columns of Table 1
and go through `mtaf_core.model.encoders`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from mtaf_core.schema import SERIES_CHANNELS, Modality

if TYPE_CHECKING:
    import pandas as pd

Name = str | int
Form = Literal["number", "words", "vector", "day"]
Modalities = Mapping[Name, str | None]
Days = Mapping[Name, tuple[int, str]]

DAY_VALUES: tuple[str, ...] = (*SERIES_CHANNELS, "score")
"""What a column of an early day may hold: a count of a snapshot, or the score itself where the counts are not known."""
_DAY_NAME = re.compile(rf"day_?(\d+)_({'|'.join(DAY_VALUES)})")
_HINTS = {
    Modality.TEXT: ("text", "title", "description", "caption"),
    Modality.AUDIO: ("audio", "sound", "voice"),
    Modality.VISUAL: ("visual", "image", "picture", "frame"),
}


class Column(NamedTuple):
    """One column that is read."""

    position: int
    name: Name
    form: Form
    modality: Modality
    width: int = 1  # numbers in a vector
    day: int = 0  # for "day": which one, from 1
    value: str = ""  # for "day": one of DAY_VALUES


def recognise(table: "pd.DataFrame", modalities: Modalities | None, days: Days | None, horizon: int) -> list[Column]:
    """Say what each column of ``table`` holds, leaving out those that ``modalities`` maps to None.

    Parameters
    ----------
    table : DataFrame
    modalities : mapping of column name to modality or None, optional
        What is told goes before what the names say. Every column of vectors that is not told must say in its name
        which modality it is.
    days : mapping of column name to (day, value), optional
        Columns of early days that are not named like ``day1_favorite_count``.
    horizon : int
        The day predicted; an early day is before it.

    Raises
    ------
    ValueError
        If a column is told that is not there, told what it cannot be, or cannot be told by its name.
    TypeError
        If a column holds something other than numbers, words or vectors.
    """
    names = list(table.columns)
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"X has more than one column named {twice!r}; give each column a name of its own.")
    told, early = dict(modalities or {}), dict(days or {})
    for parameter, mapping in (("modalities", told), ("days", early)):
        for name in mapping:
            if name not in names:
                raise ValueError(f"{parameter} names a column {name!r} that X does not have; X has {_listed(names)}.")
    found = []
    for position, name in enumerate(names):
        if name in told and told[name] is None:
            continue
        day = _early_day(name, told, early, horizon)
        if day is not None:
            found.append(Column(position, name, "day", Modality.TEMPORAL, 1, *day))
        else:
            found.append(_described(table.iloc[:, position], position, name, told.get(name)))
    return found


def read(table: "pd.DataFrame", column: Column) -> np.ndarray:
    """Read one column: (n,) float64 with NaN unknown, (n,) of str and None, or (n, width) float32 with NaN rows.

    Raises
    ------
    ValueError, TypeError
        If it does not hold what it held when the table was recognised.
    """
    series = table.iloc[:, column.position]
    if column.form == "vector":
        return _vectors(series, column.name, column.width)
    return _words(series) if column.form == "words" else _numbers(series, column.name)


def _early_day(name: Name, told: dict[Name, Any], early: dict[Name, Any], horizon: int) -> tuple[int, str] | None:
    """The day and the value of a column of an early day; None where it is not one."""
    matched = _DAY_NAME.fullmatch(name) if isinstance(name, str) and name not in told else None
    if name not in early and matched is None:
        if told.get(name) == Modality.TEMPORAL:
            raise ValueError(
                f"modalities calls the column {name!r} temporal, and which day it is of is not known; "
                f"name its day and value in days, such as days={{{name!r}: (1, 'favorite_count')}}."
            )
        return None
    day, value = early[name] if name in early else (int(matched[1]), matched[2])  # type: ignore[index]
    if value not in DAY_VALUES:
        raise ValueError(f"days says that {name!r} holds {value!r}; it may be one of {', '.join(DAY_VALUES)}.")
    if not 1 <= day < horizon:
        raise ValueError(
            f"The column {name!r} is of day {day}, and an early day is one from 1 to {horizon - 1}, before "
            f"horizon_day; leave the column out with modalities={{{name!r}: None}} or predict a later day."
        )
    return int(day), str(value)


def _described(series: "pd.Series", position: int, name: Name, told: str | None) -> Column:
    form = _form(series, name)
    if told is not None and told not in {*_HINTS, Modality.CONTENT_AGNOSTIC}:
        allowed = ", ".join(repr(str(m)) for m in Modality)
        raise ValueError(f"modalities says that {name!r} is {told!r}; it may be None or one of {allowed}.")
    if form == "words":
        if told is not None and told != Modality.CONTENT_AGNOSTIC:
            raise ValueError(
                f"modalities says that {name!r} is {told}, and it holds words; give vectors made from them instead."
            )
        return Column(position, name, form, Modality.CONTENT_AGNOSTIC)
    if form == "number":
        return Column(position, name, form, Modality(told) if told else Modality.CONTENT_AGNOSTIC)
    if told == Modality.CONTENT_AGNOSTIC:
        raise ValueError(
            f"modalities says that {name!r} is {told}, and it holds vectors; those are text, audio or visual."
        )
    modality = Modality(told) if told else _hinted(name)
    return Column(position, name, form, modality, _width(series, name))


def _hinted(name: Name) -> Modality:
    found = [m for m, words in _HINTS.items() if any(word in str(name).lower() for word in words)]
    if len(found) != 1:
        says = " and ".join(found) if found else "none of text, audio and visual"
        raise ValueError(
            f"The column {name!r} holds vectors, and its name says {says}; say which in modalities, such as "
            f"modalities={{{name!r}: 'text'}}."
        )
    return found[0]


def _form(series: "pd.Series", name: Name) -> Form:
    from pandas.api import types

    kind = series.dtype
    if _fixed_width(series) is not None:
        return "vector"
    if types.is_bool_dtype(kind) or (types.is_numeric_dtype(kind) and not types.is_complex_dtype(kind)):
        return "number"
    if isinstance(kind, types.CategoricalDtype) or (types.is_string_dtype(kind) and not types.is_object_dtype(kind)):
        return "words"
    first = next((value for value in series.tolist() if not _nothing(value)), None)
    if first is None or isinstance(first, int | float | np.number | np.bool_):
        return "number"
    if isinstance(first, str):
        return "words"
    if isinstance(first, list | tuple | np.ndarray):
        return "vector"
    raise TypeError(
        f"The column {name!r} holds {type(first).__name__} values; a column must be of numbers, of words or of vectors."
    )


def _nothing(value: Any) -> bool:
    import pandas as pd

    return value is None or value is pd.NA or (isinstance(value, float) and value != value)


def _numbers(series: "pd.Series", name: Name) -> np.ndarray:
    try:
        values = series.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise ValueError(f"The column {name!r} was read as numbers, and holds something else: {error}") from error
    if np.isinf(values).any():
        raise ValueError(f"The column {name!r} holds infinity; leave such values unknown (NaN).")
    return values


def _words(series: "pd.Series") -> np.ndarray:
    unknown = series.isna().to_numpy()
    words = [None if gone else str(value) for value, gone in zip(series.tolist(), unknown, strict=True)]
    return np.array(words, dtype=object)


def _fixed_width(series: "pd.Series") -> int | None:
    """The length of the lists of an Arrow column of fixed-size lists; None of any other column."""
    import pandas as pd
    import pyarrow as pa

    kind = series.dtype
    if not isinstance(kind, pd.ArrowDtype) or not pa.types.is_fixed_size_list(kind.pyarrow_dtype):
        return None
    return int(kind.pyarrow_dtype.list_size)


def _width(series: "pd.Series", name: Name) -> int:
    fixed = _fixed_width(series)
    if fixed:
        return fixed
    first = next(value for value in series.tolist() if isinstance(value, list | tuple | np.ndarray))
    width = np.ndim(first) and len(first)
    if np.ndim(first) != 1 or width == 0:
        raise ValueError(f"The column {name!r} must hold vectors, all of one length of at least 1.")
    return int(width)


def _vectors(series: "pd.Series", name: Name, width: int) -> np.ndarray:
    fast = _arrow_vectors(series, width)
    if fast is None:
        fast = np.full((len(series), width), np.nan, dtype=np.float32)
        for row, value in enumerate(series.tolist()):
            if isinstance(value, list | tuple | np.ndarray):
                if np.shape(value) != (width,):
                    raise ValueError(
                        f"The column {name!r} holds vectors of {width} numbers, and that of row {row} has the shape "
                        f"{np.shape(value)}; all must have the same length."
                    )
                fast[row] = value
    if np.isinf(fast).any():
        raise ValueError(f"The column {name!r} holds infinity; leave such vectors out (None).")
    return fast


def _arrow_vectors(series: "pd.Series", width: int) -> np.ndarray | None:
    """Read an Arrow column of fixed-size lists without making a Python object of each number."""
    import pyarrow as pa

    if _fixed_width(series) != width:
        return None
    stored = pa.array(series.array)
    if isinstance(stored, pa.ChunkedArray):
        stored = stored.combine_chunks()
    there = np.asarray(stored.is_valid())
    found = np.full((len(stored), width), np.nan, dtype=np.float32)
    found[there] = stored.flatten().to_numpy(zero_copy_only=False).reshape(-1, width)
    return found


def _listed(names: Sequence[Name]) -> str:
    shown = ", ".join(repr(name) for name in names[:8])
    return f"{shown} and {len(names) - 8} more" if len(names) > 8 else shown
