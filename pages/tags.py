"""Tags: which hashtags go with more, how crowded they are, which rise, and which go together."""

import streamlit as st

from pages.components import cohort as cohorts
from pages.components import reading, shell, studied, tags_detail, tags_effects, tags_state, tags_together
from pages.components.words import t

VIEWS = {"effects": "tags_view_effects", "together": "tags_view_together"}


def page() -> None:
    """Lay out the page: one hashtag, or all of them, as the link says."""
    shell.title("nav_tags", t("tags_lead"))
    with shell.guarded():
        found = studied.opened()
        if found is None:
            return
        study, cohort = found
        if study.about.tags == 0:
            st.info(t("tags_empty"), icon=":material/tag:")
            st.page_link("pages/data.py", label=t("nav_data"), icon=":material/database:")
            return
        board = tags_state.board(study, cohort)
        if board.scored == 0:
            cohorts.nothing_left()
            return
        if name := st.query_params.get(tags_state.OPENED):
            tags_detail.show(study, cohort, board, name)
            return
        shell.linked("tags_view", list(VIEWS), "effects")
        with st.container(horizontal=True, gap="large", vertical_alignment="bottom"):
            view = st.segmented_control(
                t("tags_view"), list(VIEWS), format_func=lambda one: t(VIEWS[one]), key="tags_view", required=True,
                persist_state="session", width="content",
            )  # fmt: skip
            chosen = reading.chosen("reading_tags_help")
        shell.publish("tags_view", "effects")
        (tags_together if view == "together" else tags_effects).show(study, cohort, board, chosen)


if shell.routed():
    page()
