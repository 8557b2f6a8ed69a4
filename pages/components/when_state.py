"""What the page on upload times keeps between its runs, by study and cohort, and the slot it is about."""

import numpy as np
import streamlit as st

from mtaf_core.study import slots
from mtaf_core.study.cohort import Cohort
from mtaf_core.study.market import Study
from mtaf_core.study.slots import HOURS, SLOTS, Week
from mtaf_core.study.tags import Reading
from pages.components.candidate_form import WEEKDAYS

_DAY, _HOUR, _LINK, _NEXT = "slot_day", "slot_hour", "slot", "slot_next"


def week(study: Study, cohort: Cohort, reading: Reading) -> Week:
    """The effects of slots, days and hours."""
    return _week(study.key, cohort, reading, study)


@st.cache_resource(max_entries=16, show_spinner=False)
def _week(key: str, cohort: Cohort, reading: Reading, _study: Study) -> Week:
    return slots.week(_study, cohort, reading)


def chosen(found: Week) -> int:
    """The slot chosen, from the link (``?slot=sat-20``) on the first run; the best one to begin with."""
    if _NEXT in st.session_state:
        choose(st.session_state.pop(_NEXT))
    elif _DAY not in st.session_state:
        day, _, hour = st.query_params.get(_LINK, "").partition("-")
        if day in WEEKDAYS and hour.isdecimal() and int(hour) < HOURS:
            choose(HOURS * WEEKDAYS.index(day) + int(hour))
        else:
            best = found.best()
            choose(int(best[0]) if len(best) else int(np.argmax(np.where(found.slots.n > 0, found.slots.effect, -9))))
    slot: int = HOURS * st.session_state[_DAY] + st.session_state[_HOUR]
    st.query_params[_LINK] = f"{WEEKDAYS[slot // HOURS]}-{slot % HOURS}"
    return slot


def choose_next(slot: int) -> None:
    """Make a slot the chosen one on the next run."""
    st.session_state[_NEXT] = slot


def choose(slot: int) -> None:
    """Make a slot the chosen one; before its widgets are made."""
    assert 0 <= slot < SLOTS
    st.session_state[_DAY], st.session_state[_HOUR] = divmod(slot, HOURS)
