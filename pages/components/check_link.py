"""The address of Check a video: whoever opens or refreshes it finds the clip, the form and the edits again.

============ ==========================================================================================
``sample``   the sample on the page, by file name
``clip``     the upload on the page: the first 16 digits of its sha256; ``words`` for words without a clip
``scenario`` a saved scenario, while the form is as it was saved; it names its clip
``brief``    the form, where it is not what the sample or the first visit gives
``was``      the history of edits that the server keeps (`pages.components.edit_history`)
============ ==========================================================================================
"""

import dataclasses

import streamlit as st

from mtaf_core.content.take import Take
from mtaf_core.errors import BadInput
from mtaf_core.insight import scenarios
from mtaf_core.insight.scenarios import Scenario
from mtaf_core.workspace import Workspace
from pages.components import brief_text, candidate_form, clip_picker, edit_history, notices
from pages.components.candidate_form import Brief
from pages.components.clip_picker import Clip
from pages.components.plain_text import plain
from pages.components.words import t

BRIEF, SCENARIO = "brief", "scenario"
_TAKEN, _OPENED, _UNTOUCHED = "link_taken", "scenario_opened", "form_untouched"


def take_linked(space: Workspace) -> None:
    """Take what the address says, on the first run of a session and before the form; what cannot be is said."""
    if _TAKEN in st.session_state:
        return
    st.session_state[_TAKEN] = True
    edit_history.take_linked()
    asked = st.query_params.get(SCENARIO)
    if asked is not None:
        found = scenarios.find(space, asked)
        if found is None:
            st.query_params.pop(SCENARIO)
            notices.say(t("link_scenario_gone", id=asked[:20]))
        else:
            opened(space, found)
            return
    text = st.query_params.get(BRIEF)
    if text is not None:
        try:
            brief = brief_text.unpacked(text)
        except BadInput:
            st.query_params.pop(BRIEF)
            notices.say(t("link_brief_bad"))
        else:
            clip = clip_picker.chosen()
            take = dataclasses.replace(brief.take, content_hash="" if clip is None else clip.content_hash)
            candidate_form.fill(dataclasses.replace(brief, take=take))
            st.session_state[_UNTOUCHED] = None
            _start_with_sample(space, clip)


def _start_with_sample(space: Workspace, clip: Clip | None) -> None:
    """Compare with the sample as it comes, where the server keeps no history of what the link was made after."""
    history = edit_history.of_session()
    if clip is not None and history.first is None and (brief := _of_sample(space, clip)) is not None:
        history.first = dataclasses.replace(brief, take=Take(clip.content_hash))


def opened(space: Workspace, scenario: Scenario) -> None:
    """Put a scenario on the page, and its name in the address while nothing is changed. From a callback, too."""
    try:
        brief = brief_text.of_json(scenario.brief)
    except BadInput:
        notices.say(t("scenario_unread", name=plain(scenario.name)))
        return
    edit_history.put(space, brief)
    st.session_state[_OPENED] = (scenario.id, brief)


def keep(scenario: Scenario, brief: Brief) -> None:
    """Put a scenario that was just made of ``brief`` in the address."""
    st.session_state[_OPENED] = (scenario.id, brief)


def arrive(brief: Brief) -> None:
    """Begin with a form, and the clip put beside it, that another page brings."""
    candidate_form.fill(brief)
    st.session_state[_TAKEN], st.session_state[_UNTOUCHED] = True, None
    edit_history.start_over()


def publish(space: Workspace, clip: Clip | None, brief: Brief) -> None:
    """Keep the address in step with the page; call after the form, with the clip in the brief."""
    untouched: Brief | None = st.session_state.setdefault(_UNTOUCHED, edit_history.forget_clip(brief))
    scenario: tuple[str, Brief] | None = st.session_state.get(_OPENED)
    alone = clip is None and clip_picker.words_alone(brief.description, brief.tags)
    if (alone or clip is not None) and scenario is not None and scenario[1] == brief:
        clip_picker.publish(None)
        _say(BRIEF, None)
        _say(SCENARIO, scenario[0])
        return
    _say(SCENARIO, None)
    clip_picker.publish(clip, alone=alone)
    plain = edit_history.forget_clip(brief)
    started_with = untouched if clip is None else _of_sample(space, clip)
    known = plain == started_with
    _say(BRIEF, None if known else brief_text.packed(plain))


def _of_sample(space: Workspace, clip: Clip) -> Brief | None:
    """What comes with a sample; None for an upload, which nothing comes with."""
    if not clip.is_sample:
        return None
    sample = next((one for one in space.samples() if one.path == clip.path), None)
    return None if sample is None else candidate_form.of_sample(sample, space.info.timezone)


def _say(name: str, value: str | None) -> None:
    if value is None:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value
