"""How far attention can be trusted, over the videos that the model in use did not learn from."""

import math

import pandas as pd
import streamlit as st

from mtaf_core.charts.numbers import percent
from mtaf_core.charts.trust import trust_chart
from mtaf_core.charts.words import modality_label
from mtaf_core.errors import BadInput
from mtaf_core.insight import faithful
from mtaf_core.insight.faithful import Faithfulness
from mtaf_core.jobs import Progress
from mtaf_core.schema import Modality
from mtaf_core.workspace import Workspace
from pages.components import figures, shell, tasks
from pages.components.words import language, t

KIND = "trust"


def show(space: Workspace) -> None:
    """What was found, or the way to find out."""
    told = faithful.found(space)
    job = tasks.jobs().current(KIND)
    look = job.look() if job is not None else None
    if told is None and job is not None and look is not None and look.state == "running":
        tasks.watch(job, t("trust_head"), (KIND,), t("cancel"))
        return
    with st.container(border=True, key="card-trust"):
        st.markdown(f"##### {t('trust_head')}", help=t("trust_help"), anchors=False)
        if told is not None:
            _show(told)
            return
        if look is not None and look.state == "failed":
            tasks.failure(look)
        st.markdown(t("trust_lead"))
        st.button(t("trust_find"), icon=":material/balance:", key="trust-find", on_click=_begin, args=[space])


def _begin(space: Workspace) -> None:
    def work(progress: Progress) -> None:
        faithful.measure(space, progress)

    try:
        tasks.jobs().start(KIND, t("trust_head"), work)
    except BadInput:  # another visitor was first, and this page shows how far that is
        return


def _show(told: Faithfulness) -> None:
    figure = trust_chart(told.curves, told.same, told.videos, theme=shell.theme(), lang=language())
    rows = pd.DataFrame(
        {t("trust_col_order"): t(f"trust_order_{name}"), t("trust_col_gone"): gone, t("why_col_log"): value}
        for name, values in told.curves.items()
        for gone, value in enumerate(values)
    )
    figures.show(figure, "trust", rows)
    rank = "–" if math.isnan(told.rank) else f"{told.rank:+.2f}"
    tops = (
        t("trust_top", name=modality_label(Modality(name), language(), short=True), looks=percent(a), does=percent(c))
        for name, (a, c) in told.top.items()
    )
    st.caption(t("trust_said", rank=rank, tops=t("trust_and").join(tops)))
