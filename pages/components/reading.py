"""Adjusted or raw: one choice for every page that tells effects."""

import streamlit as st

from mtaf_core.study.tags import READINGS, Reading
from pages.components import shell
from pages.components.words import t

_KEY = "effects"


def chosen(help_key: str) -> Reading:
    """The reading chosen, with the control to choose another; in the link as ``?effects=raw``."""
    shell.linked(_KEY, READINGS, READINGS[0])
    names: dict[Reading, str] = {"adjusted": "reading_adjusted", "raw": "reading_raw"}
    picked = st.segmented_control(
        t("reading"), READINGS, format_func=lambda one: t(names[one]), key=_KEY, required=True, help=t(help_key),
        persist_state="session", width="content",
    )  # fmt: skip
    shell.publish(_KEY, READINGS[0])
    return picked or READINGS[0]
