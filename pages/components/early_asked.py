"""What the Early trend page asks of the study, kept while the tables stay as they are."""

from datetime import date
from typing import Any

import numpy as np
import streamlit as st

from mtaf_core.insight.released import Released, forecast_released
from mtaf_core.study import early, market, videos
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.early import Course, Day, Hit, Look
from mtaf_core.study.market import Study
from pages.components import shell

DRAWN = 2_000
"""Videos on the map at most."""


def _study() -> Study:
    found = market.find(shell.workspace())
    assert found is not None  # a page asks only when it was opened
    return found


@st.cache_data(max_entries=16, show_spinner=False)
def days(path: str, key: str, cohort: Cohort) -> tuple[Day, ...]:
    """What there is to see on each date."""
    return early.days(_study(), cohort)


@st.cache_resource(max_entries=12, show_spinner=False)
def look(path: str, key: str, cohort: Cohort, as_of: date, share: float, of: early.Reach) -> Look:
    """Where the videos under way are heading; shared by sessions and never changed."""
    return early.look(_study(), as_of, cohort, Hit(share, of))


def course(study: Study, seen: Look, place: int) -> Course:
    """The fan of one video."""
    return early.course(study, seen, place)


@st.cache_data(max_entries=64, show_spinner=False)
def details(path: str, key: str, rows: tuple[int, ...]) -> list[dict[str, Any]]:
    """What a person wants to know of videos by their rows."""
    return videos.details(_study(), np.array(rows, dtype=np.int64))


@st.cache_data(max_entries=64, show_spinner=False)
def hashtags(path: str, key: str, row: int) -> list[str]:
    """A video's hashtags."""
    return videos.hashtags(_study(), row)


@st.cache_data(max_entries=64, show_spinner=False)
def row_of(path: str, key: str, platform: str, video_id: str) -> int | None:
    """The row of a video."""
    return videos.find_row(_study(), platform, video_id)


@st.cache_data(max_entries=64, show_spinner=False)
def model_says(path: str, state: str, bundle: str, platform: str, video_id: str, observed: int) -> Released:
    """The forecast of the bundle in use."""
    return forecast_released(shell.forecaster(), platform, video_id, observed)


def drawn(places: np.ndarray) -> np.ndarray:
    """At most `DRAWN` of the places, evenly spread over their order."""
    if len(places) <= DRAWN:
        return places
    return places[np.linspace(0, len(places) - 1, DRAWN).astype(int)]
