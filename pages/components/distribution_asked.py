"""What the Distributions page asks of the study, kept while the tables stay as they are."""

import streamlit as st

from mtaf_core.study import market
from mtaf_core.study.cohort import CATEGORICAL, Cohort
from mtaf_core.study.distributions import Distribution, Part, Quantiles, distributions, quantiles, split
from mtaf_core.study.market import Study
from mtaf_core.study.popularity import Popularity, popularity_by
from pages.components import shell


def _study() -> Study:
    found = market.find(shell.workspace())
    assert found is not None  # a page asks only when it was opened
    return found


@st.cache_data(max_entries=48, show_spinner=False)
def all_of(path: str, key: str, cohort: Cohort, keys: tuple[str, ...], log: bool) -> dict[str, Distribution]:
    """Distributions of several features."""
    return distributions(_study(), keys, log=log, cohort=cohort)


@st.cache_data(max_entries=48, show_spinner=False)
def quantiles_of(path: str, key: str, cohort: Cohort, feature: str, log: bool) -> Quantiles:
    """The quantiles of one feature beside the normal's."""
    whole = all_of(path, key, cohort, (feature,), log)[feature]
    return quantiles(_study(), feature, whole, cohort)


@st.cache_data(max_entries=48, show_spinner=False)
def parts_of(path: str, key: str, cohort: Cohort, feature: str, log: bool, by: str) -> tuple[Part, ...]:
    """One feature split by a column."""
    whole = all_of(path, key, cohort, (feature,), log)[feature]
    return split(_study(), feature, by, whole, cohort)


@st.cache_data(max_entries=48, show_spinner=False)
def groups_of(path: str, key: str, cohort: Cohort, column: str, adjusted: bool) -> Popularity:
    """Popularity by the values of a column."""
    return popularity_by(_study(), column, cohort, adjusted=adjusted)


@st.cache_data(max_entries=64, show_spinner=False)
def count(path: str, key: str, cohort: Cohort) -> int:
    """Videos of a cohort."""
    return _study().count(cohort)[0]


@st.cache_data(max_entries=4, show_spinner=False)
def divided(path: str, key: str) -> tuple[str, ...]:
    """The columns that divide the market's videos: those with two values at least, unknown being one."""
    asked = ", ".join(f"approx_count_distinct({c}) + (count({c}) < count(*))::INTEGER AS {c}" for c in CATEGORICAL)
    (row,) = _study().query(f"SELECT {asked} FROM market").to_pylist()
    return tuple(column for column in CATEGORICAL if row[column] > 1)
