"""What the views of the KOLs page share: measures kept while the tables stay, and the way from one view to another."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from mtaf_core.charts.numbers import compact, factor, percent
from mtaf_core.study import kol_patterns, kol_signals, kols
from mtaf_core.study.cohort import WHOLE, Cohort
from mtaf_core.study.kol_compare import MOST_COMPARED
from mtaf_core.study.kol_patterns import Family, Spread
from mtaf_core.study.kols import Table
from mtaf_core.study.market import Study
from mtaf_core.study.shrinkage import Components
from pages.components.words import language, t

KOL, COMPARE, LIST = "kol", "compare", "list"
TIERS = ("head", "waist", "tail", "nano", "unknown")


@st.cache_resource(max_entries=6, show_spinner=False)
def _table(_study: Study, path: str, key: str, cohort: Cohort) -> Table:
    known = None if cohort.is_whole else _components(_study, path, key)
    return kols.measure(_study, cohort, known)


@st.cache_resource(max_entries=2, show_spinner=False)
def _components(_study: Study, path: str, key: str) -> tuple[Components, Components]:
    return kols.components(_study)


@st.cache_resource(max_entries=2, show_spinner=False)
def _numbers(_study: Study, path: str, key: str) -> pa.Table:
    return kol_signals.measure(_study)


@st.cache_data(max_entries=8, show_spinner=False)
def _spread(_study: Study, path: str, key: str, family: Family) -> Spread | None:
    return kol_patterns.spread(_study, family)


def table(study: Study, cohort: Cohort = WHOLE) -> Table:
    """Every KOL of a cohort, measured once while the tables stay as they are."""
    return _table(study, str(study.path), study.key, cohort)


def signal_numbers(study: Study) -> pa.Table:
    """What signals are made of, of every KOL of the market."""
    return _numbers(study, str(study.path), study.key)


def spread(study: Study, family: Family) -> Spread | None:
    """How far patterns of a family go apart in this market."""
    return _spread(study, str(study.path), study.key, family)


def open_kol(key: str) -> None:
    """Show the profile of a KOL; from a callback."""
    leave()
    st.query_params[KOL] = key


def open_compare(keys: Sequence[str]) -> None:
    """Show KOLs beside each other; from a callback."""
    leave()
    st.query_params[COMPARE] = ",".join(dict.fromkeys(keys))


def leave() -> None:
    """Go back to the table; from a callback."""
    for name in (KOL, COMPARE):
        st.query_params.pop(name, None)


def compared() -> list[str]:
    """The KOLs that the link compares, `MOST_COMPARED` at most."""
    asked = st.query_params.get(COMPARE, "")
    return list(dict.fromkeys(key.strip() for key in asked.split(",") if key.strip()))[:MOST_COMPARED]


def known(value: Any) -> bool:
    """Whether a number or a word is there."""
    return value is not None and not (isinstance(value, float) and value != value)


def as_factor(value: Any) -> str:
    """A natural logarithm as a factor; – where it is unknown."""
    import math

    return factor(math.exp(value)) if known(value) else "–"


def as_interval(low: Any, high: Any) -> str:
    """An interval of natural logarithms as factors."""
    return f"{as_factor(low)}–{as_factor(high)}" if known(low) and known(high) else "–"


def as_count(value: Any) -> str:
    return compact(value, language()) if known(value) else "–"


def as_share(value: Any, digits: int = 0) -> str:
    return percent(value, digits) if known(value) else "–"


def as_date(value: date | None) -> str:
    return value.isoformat() if value is not None else "–"


def money(value: Any, currency: str | None) -> str:
    """An amount with its currency."""
    if not known(value):
        return "–"
    amount = f"{value:,.0f}" if value >= 100 else f"{value:,.2f}"
    return f"{amount} {currency}" if currency else amount


def tier_word(tier: str) -> str:
    return t(f"tier_{tier}")


def frame(rows: pa.Table, names: Sequence[str]) -> pd.DataFrame:
    """Columns of a small Arrow table as a data frame."""
    return rows.select(list(names)).to_pandas()


def as_file(rows: pa.Table) -> pd.DataFrame:
    """KOLs as a spreadsheet has them: headings a person understands, lifts as factors, shares as shares of 1."""
    import numpy as np

    shown = rows.to_pandas()
    made: dict[str, Any] = {}
    for name in EXPORTED:
        if name not in shown or (shown[name].isna().all() and name not in ("lift", "followers")):
            continue
        values = shown[name]
        if name in ("lift", "lift_low", "lift_high", "lift_raw"):
            values = np.exp(values)
        elif name == "tier":
            values = values.map(tier_word)
        made[t(f"kol_col_{name}")] = values
    return pd.DataFrame(made)


EXPORTED = (
    "name", "platform", "uploader_id", "tier", "category", "followers", "growth", "lift", "lift_low", "lift_high",
    "lift_clear", "lift_raw", "n", "videos", "median", "spread", "explosive", "explosive_n", "pace", "last_post", "er",
    "er_posts", "views", "engagements", "fee", "currency", "cpm", "cpe",
)  # fmt: skip
"""Columns of `kols.Table.rows` that a file has, where they are known of anybody."""
