"""Other descriptions a person has in mind, compared with the one in the form."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from mtaf_core import limits
from mtaf_core.charts.change import sweep_chart
from mtaf_core.charts.numbers import factor
from mtaf_core.workspace import Workspace
from pages.components import candidate_form, check_ask, figures, shell
from pages.components.candidate_form import Brief
from pages.components.check_ask import Asker
from pages.components.words import language, t

MOST = 5
_SHORT = 24


def show(space: Workspace, asker: Asker) -> None:
    """Lay out the card."""
    st.markdown(f"##### {t('texts_head')}", anchors=False)
    said = st.text_area(
        t("texts_lead", n=MOST), key="texts", height=120, placeholder=t("texts_hint"), persist_state="session",
        max_chars=MOST * limits.MAX_DESCRIPTION_CHARS,
    )  # fmt: skip
    lines = [line.strip()[: limits.MAX_DESCRIPTION_CHARS] for line in (said or "").splitlines() if line.strip()]
    texts = [text for text in dict.fromkeys(lines) if text != asker.brief.description]
    if len(texts) > MOST:
        st.caption(t("texts_more", n=MOST))
        texts = texts[:MOST]
    if not texts:
        return
    made = [asker.brief, *(replace(asker.brief, description=text) for text in texts)]
    found = check_ask.kept(space, (asker.brief, "texts", tuple(texts)), lambda: asker.briefs(made))
    names = [t("texts_now"), *(_short(place + 1, text) for place, text in enumerate(texts))]
    figure = sweep_chart(
        t("description"), names, found.score, found.low, found.high, 0, theme=shell.theme(), lang=language()
    )
    rows = pd.DataFrame(
        {
            t("description"): [one.description for one in made], t("change_forecast"): found.score,
            t("change_low"): found.low, t("change_high"): found.high,
        }
    )  # fmt: skip
    figures.show(figure, "texts-line", rows)
    for place, text in enumerate(texts):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            ratio = factor((found.score[place + 1] + 1) / (found.score[0] + 1))
            st.markdown(f"**{place + 1}** · {t('texts_factor', factor=ratio)}", width="content")
            st.text(text if len(text) <= 120 else f"{text[:119]}…", width="stretch")
            st.button(
                t("goal_apply"), icon=":material/edit:", key=f"texts-apply-{place}", on_click=_use,
                args=[asker.brief, text],
            )  # fmt: skip


def _short(number: int, text: str) -> str:
    return f"{number}. {text if len(text) <= _SHORT else f'{text[: _SHORT - 1]}…'}".replace("<", "‹")


def _use(brief: Brief, text: str) -> None:
    candidate_form.fill(replace(brief, description=text))
