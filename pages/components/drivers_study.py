"""What the page of drivers asks of the study, kept for the next run of the page."""

import numpy as np
import streamlit as st

from mtaf_core.study import by_value, factors, partial, sample
from mtaf_core.study.by_value import ByValue
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.disagreement import Disagreement, disagreements
from mtaf_core.study.drivers import Effect, Measures, effects, measures
from mtaf_core.study.market import Study
from mtaf_core.study.partial import Partial
from mtaf_core.study.sample import Sample


def explained(study: Study, cohort: Cohort) -> Sample:
    """The explained videos of a cohort.

    Raises
    ------
    BadInput
        If too few scores were known for trees.
    """
    return _explained(str(study.path), study.key, cohort, study)


def measured(study: Study, cohort: Cohort) -> Measures:
    """Importance by every measure."""
    return _measured(str(study.path), study.key, cohort, study)


def moved(study: Study, cohort: Cohort) -> dict[str, Effect]:
    """The effects of features."""
    return _moved(str(study.path), study.key, cohort, study)


def told_apart(study: Study, cohort: Cohort, picked: tuple[str, ...]) -> dict[str, Disagreement]:
    """Where measures disagree."""
    return _told_apart(str(study.path), study.key, cohort, picked, study)


def observed(study: Study, cohort: Cohort, column: str) -> ByValue:
    """What was observed along a column."""
    return _observed(str(study.path), study.key, cohort, column, study)


def varied(study: Study, cohort: Cohort, column: str) -> Partial | None:
    """ICE and partial dependence of a column."""
    return _varied(str(study.path), study.key, cohort, column, study)


@st.cache_resource(max_entries=2, show_spinner=False)
def _whole(path: str, key: str, _study: Study) -> Sample:
    return sample.read(_study)


@st.cache_resource(max_entries=16, show_spinner=False)
def _explained(path: str, key: str, cohort: Cohort, _study: Study) -> Sample:
    return sample.in_cohort(_study, _whole(path, key, _study), cohort)


@st.cache_resource(max_entries=32, show_spinner=False)
def _measured(path: str, key: str, cohort: Cohort, _study: Study) -> Measures:
    return measures(factors.read_importance(_study.path), explained(_study, cohort))


@st.cache_resource(max_entries=32, show_spinner=False)
def _moved(path: str, key: str, cohort: Cohort, _study: Study) -> dict[str, Effect]:
    return effects(explained(_study, cohort))


@st.cache_resource(max_entries=32, show_spinner=False)
def _told_apart(path: str, key: str, cohort: Cohort, picked: tuple[str, ...], _study: Study) -> dict[str, Disagreement]:
    return disagreements(measured(_study, cohort), explained(_study, cohort), picked)


@st.cache_resource(max_entries=64, show_spinner=False)
def _observed(path: str, key: str, cohort: Cohort, column: str, _study: Study) -> ByValue:
    return by_value.by_value(_study, cohort, column)


@st.cache_resource(max_entries=32, show_spinner=False)
def _varied(path: str, key: str, cohort: Cohort, column: str, _study: Study) -> Partial | None:
    return partial.partial(_study, cohort, column, explained(_study, cohort).words)


def ends(values: np.ndarray) -> tuple[float, float]:
    """A low quantile and the highest of the known values, 0 where none is: what an axis is chosen by."""
    known = values[~np.isnan(values)]
    if not len(known):
        return 0.0, 0.0
    low, high = np.quantile(known, [0.05, 1.0])
    return float(low), float(high)
