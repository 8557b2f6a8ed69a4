"""What makes a forecast less sure than it looks, in sentences."""

from collections.abc import Mapping, Sequence

import numpy as np

from mtaf_core.data.candidate import names_a_kol, shown
from mtaf_core.data.frame import Candidate, Frame
from mtaf_core.schema import BEFORE_RELEASE, SCORE_WEIGHTS, SERIES_CHANNELS, Kind


def context_warnings(candidate: Candidate, frame: Frame, vocabulary: Mapping[str, Sequence[str]]) -> list[str]:
    """A sentence for each thing about a candidate, row 0 of ``frame``, that makes its forecast less sure."""
    said, horizon_day = [], frame.horizon_day
    if not names_a_kol(candidate):
        said.append("No KOL was given, so the forecast is for an average KOL and its range is not to be trusted.")
    if any(day.get("day_index") == horizon_day for day in candidate.snapshots):
        said.append(f"The counts of day {horizon_day} are what is being predicted, so they were not used.")
    return [*said, *_unknown_words(frame, vocabulary), *_falling_counts(frame)]


def _unknown_words(frame: Frame, vocabulary: Mapping[str, Sequence[str]]) -> list[str]:
    """A sentence for each category of the video that the bundle never learnt."""
    said = []
    for feature in BEFORE_RELEASE:
        word = frame.facts[feature.columns[0]].iloc[0] if feature.kind is Kind.CATEGORY else None
        if isinstance(word, str) and word not in vocabulary[feature.columns[0]]:
            name = feature.label if feature.label.startswith("KOL") else feature.label.lower()
            said.append(f"'{shown(word)}' is no {name} this market knows, so the {name} counts as unknown.")
    return said


def _falling_counts(frame: Frame) -> list[str]:
    """A sentence if the counts so far, which add up day by day, fall from one observed day to the next."""
    days = np.flatnonzero(frame.observed[0])
    channels = [SERIES_CHANNELS.index(name) for name in SCORE_WEIGHTS]
    fallen = (np.diff(frame.series[0][days][:, channels], axis=0) < 0).any(axis=1)
    if not fallen.any():
        return []
    first = int(fallen.argmax())
    return [
        f"Counts fall from day {days[first] + 1} to day {days[first + 1] + 1}, though they are totals so far; "
        "check that they are not the new ones of each day."
    ]
