"""Sentences that a callback, or what stood in a link, leaves for the page to say on its next run."""

import streamlit as st

_SAID = "notices"


def say(sentence: str) -> None:
    """Have the page say a sentence once."""
    st.session_state.setdefault(_SAID, []).append(sentence)


def show() -> None:
    """Say what was left."""
    for sentence in dict.fromkeys(st.session_state.pop(_SAID, ())):
        st.warning(sentence, icon=":material/info:")
