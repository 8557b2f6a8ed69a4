"""Model: how good the forecast is, what else was tried, where it errs, and what the model in use is made of."""

import streamlit as st

from mtaf_core.errors import BadBundle
from mtaf_core.evaluation import tables
from pages.components import (
    cohort,
    measured,
    model_bundle,
    model_headline,
    model_jobs,
    model_methods,
    model_videos,
    shell,
)
from pages.components.words import t

PARTS = ("methods", "videos", "bundle")


def page() -> None:
    """Lay out the page."""
    shell.title("nav_model", t("model_lead"))
    with shell.guarded():
        cohort.note("cohort_on_model")
        found = measured.catalogue()
        part = _part(found.any)
        model_jobs.under_way(part == "bundle")
        for sentence in found.refused:
            st.warning(sentence, icon=":material/broken_image:")
        with shell.guarded():
            if part == "bundle":
                model_bundle.show(shell.workspace())
            elif not found.any:
                model_bundle.show_unmeasured(shell.workspace())
            else:
                _measured(found, part)


def _part(measured_before: bool) -> str:
    shell.linked("part", PARTS, PARTS[0])
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        part = st.segmented_control(
            t("part"), PARTS, format_func=lambda p: t(f"part_{p}"), key="part", required=True,
            label_visibility="collapsed", persist_state="session", width="content",
        )  # fmt: skip
        if part == "bundle":
            model_jobs.train_button(shell.workspace())
        elif measured_before:
            model_jobs.measure_button(shell.workspace(), t("measure_again"))
    shell.publish("part", PARTS[0])
    return part or PARTS[0]


def _measured(found: measured.Found, part: str) -> None:
    document = measured.pick(found)
    told = tables.headline(document, _answering())
    model_headline.show(shell.workspace(), document, told)
    if part == "videos":
        model_videos.show(shell.workspace(), document, told)
    else:
        model_methods.show(found, document, told)


def _answering() -> str | None:
    try:
        return tables.answering(shell.workspace().manifest().metrics)
    except BadBundle:
        return None


if shell.routed():
    page()
