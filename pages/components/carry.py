"""What a page of the market carries to Check a video: hashtags, or a slot of the week."""

from collections.abc import Sequence

import streamlit as st

from mtaf_core.study.cohort import in_link
from pages.components.candidate_form import WEEKDAYS


def button(label: str, key: str, tags: Sequence[str] = (), slot: int | None = None, disabled: bool = False) -> None:
    """A button that opens Check a video with these hashtags, or this slot (``24 * weekday + hour``), in the form."""
    if st.button(label, key=key, icon=":material/movie:", type="primary", disabled=disabled):
        said = {"tags": in_link(tags)} if tags else {}
        if slot is not None:
            said |= {"weekday": WEEKDAYS[slot // 24], "hour": str(slot % 24)}
        st.switch_page("pages/check_video.py", query_params=said)
