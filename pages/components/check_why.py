"""Why this score: reasons by source, by fact, by word and by moment, each shown as soon as it is there."""

import time
from typing import Any

import pandas as pd
import streamlit as st

from mtaf_core.charts import reasons as charts
from mtaf_core.charts.words import modality_label
from mtaf_core.content.extract import Content
from mtaf_core.data.frame import Candidate
from mtaf_core.errors import Cancelled
from mtaf_core.insight.case import Case
from mtaf_core.insight.forecast import Forecast
from mtaf_core.insight.salience import STAGES, Context, Explainer, agreement
from mtaf_core.jobs import Step
from mtaf_core.schema import Modality
from mtaf_core.workspace import Workspace, default_path
from pages.components import check_moments, check_trust, check_words, figures, shell
from pages.components.clip_picker import Clip
from pages.components.words import language, t

STOPPED = "why_stopped_at"
"""Where a session keeps which release it wants no more reasons of."""
_SHOWN_EVERY_S = 0.15


@st.cache_resource(max_entries=2, show_spinner=False)
def _explainer(path: str) -> Explainer:
    return Explainer(shell.forecaster())


class Bar:
    """How far the reasons are, with a button that ends them; a `Progress`.

    Everything a person does on the page ends them too: drawing the bar is where the page looks whether it should run
    again. What was finished is kept.
    """

    def __init__(self, asked: str) -> None:
        self._stopped = st.session_state.get(STOPPED) == asked
        self._box = st.empty()
        self._bar: Any = None
        self._asked = asked
        self._drawn = 0.0
        self._at = 0

    def __call__(self, step: Step) -> None:
        if self._stopped:
            raise Cancelled("Stopped.")
        if self._bar is None:
            with self._box.container(horizontal=True, vertical_alignment="center", key="why-bar"):
                self._bar = st.empty()
                st.button(
                    t("why_stop"), key="why-stop", icon=":material/stop_circle:", type="tertiary",
                    on_click=st.session_state.__setitem__, args=[STOPPED, self._asked],
                )  # fmt: skip
        if step.stage in STAGES:
            self._at = STAGES.index(step.stage)
        now = time.monotonic()
        if now - self._drawn > _SHOWN_EVERY_S:
            self._drawn = now
            share = (self._at + (step.done / step.total if step.total else 0.0)) / len(STAGES)
            self._bar.progress(min(share, 1.0), f"{t('why_working')}: {t(f'why_stage_{STAGES[self._at]}')}")

    def end(self) -> None:
        self._box.empty()

    def say_stopped(self) -> None:
        with self._box.container(horizontal=True, vertical_alignment="center"):
            st.caption(t("why_stopped"), width="content")
            st.button(t("why_go_on"), key="why-go-on", type="tertiary", on_click=st.session_state.pop, args=[STOPPED])


def show(space: Workspace, clip: Clip | None, content: Content, candidate: Candidate, forecast: Forecast) -> None:
    """Lay out the section."""
    case = shell.forecaster().case(content, candidate)
    asked = repr((forecast.bundle, clip.content_hash if clip else "", candidate))
    bar = Bar(asked)
    with st.container(border=True, key="card-why-modalities"):
        _modalities(case, forecast)
    boxes = {name: st.empty() for name in ("moments", "words", "context")}
    with st.container(border=True, key="card-why-kin"):
        check_trust.similar(case, space)
    with st.container(border=True, key="card-why-trust"):
        check_trust.badge(case, space, forecast)
    second = check_moments.chosen_second(clip) if clip else None
    moments = check_moments.card(boxes["moments"], space, clip, content, case, second)
    if not case.frame.facts["text"].iloc[0]:
        boxes["words"].caption(t("why_no_words"))
    frame = check_moments.chosen_frame(content, second)
    try:
        for stage, found in _explainer(str(default_path())).explained(content, candidate, frame, bar):
            if stage == "context":
                with boxes["context"].container(border=True, key="card-why-context"):
                    _context(found)
            elif stage == "words":
                with boxes["words"].container(border=True, key="card-why-words"):
                    check_words.show(found)
            elif moments is not None:
                moments.take(stage, found)
    except Cancelled:
        bar.say_stopped()
    else:
        if moments is not None:
            moments.done()
        bar.end()


def _modalities(case: Case, forecast: Forecast) -> None:
    contribution, removal = case.contributions(), case.removals()
    attention = {Modality(name): value for name, value in forecast.attention.items() if value is not None}
    compared = agreement(attention, contribution)
    st.markdown(f"##### {t('why_modalities')}", help=t("why_modalities_help"), anchors=False)
    rows = pd.DataFrame(
        {
            t("why_col_kind"): [modality_label(m, language(), short=True) for m in contribution],
            t("why_col_attention"): [attention.get(m) for m in contribution],
            t("why_col_log"): list(contribution.values()),
            t("why_col_without"): [-removal[m] for m in contribution],
        }
    )
    figure = charts.modality_reasons(
        attention, contribution, removal, compared.rank if compared else None, theme=shell.theme(), lang=language()
    )
    figures.show(figure, "why-modalities", rows)


def _context(found: Context) -> None:
    st.markdown(f"##### {t('why_context')}", help=t("why_context_help"), anchors=False)
    reasons = [charts.Reason(*row) for row in zip(found.names, found.share, found.values, found.usual, strict=True)]
    rows = pd.DataFrame(
        {
            t("why_col_name"): [charts.reason_label(r.name, language()) for r in reasons],
            t("why_col_value"): [charts.reason_value(r.name, r.value, language()) for r in reasons],
            t("why_col_usual"): [charts.reason_value(r.name, r.usual, language()) for r in reasons],
            t("why_col_factor"): [charts.said(r.share) for r in reasons],
            t("why_col_log"): [float(r.share) for r in reasons],
        }
    ).sort_values(t("why_col_log"), key=abs, ascending=False)
    figure = charts.context_reasons(reasons, found.typical, theme=shell.theme(), lang=language())
    figures.show(figure, "why-context", rows)
