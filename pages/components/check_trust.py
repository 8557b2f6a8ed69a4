"""How far a forecast can be trusted, in words, and the past videos most like the clip with what became of them."""

import numpy as np
import pandas as pd
import streamlit as st

from mtaf_core.charts.numbers import compact, factor, percent
from mtaf_core.charts.words import feature_label, modality_label
from mtaf_core.insight import familiar, kin
from mtaf_core.insight.case import Case
from mtaf_core.insight.forecast import Forecast
from mtaf_core.workspace import Workspace
from pages.components import shell
from pages.components.words import language, t

_ALIKE: tuple[kin.By, ...] = ("both", "content", "context")
_MARKS = {
    "usual": ("check_circle", "green"),
    "unusual": ("info", "orange"),
    "strange": ("warning", "red"),
}


def badge(case: Case, space: Workspace, forecast: Forecast) -> None:
    """One line for each thing that makes the forecast more or less sure."""
    told = familiar.trust(case, space)
    st.markdown(f"##### {t('sure_head')}", help=t("sure_help"), anchors=False)
    lines = []
    for modality, share in told.content.items():
        word = familiar.familiarity(share)
        name = modality_label(modality, language(), short=True)
        lines.append(_line(word, t(f"sure_{word}", name=name, share=percent(share))))
    if told.outside:
        names = t("sure_and").join(feature_label(name, language()) for name in told.outside)
        lines.append(_line("strange", t("sure_outside", names=names)))
    else:
        lines.append(_line("usual", t("sure_inside")))
    wide = float(np.sqrt((forecast.interval.high + 1) / (forecast.interval.low + 1)))
    lines.append(_line("usual" if wide < 10 else "unusual", t("sure_range", factor=factor(wide)[1:])))
    if told.past is not None:
        missed = float(np.exp(told.past[1]))
        word = "usual" if missed < 3 else "unusual"
        lines.append(_line(word, t("sure_past", n=told.past[0], factor=factor(missed)[1:])))
    else:
        lines.append(_line("unusual", t("sure_no_past")))
    st.markdown("  \n".join(lines))


def similar(case: Case, space: Workspace) -> None:
    """The most similar past videos."""
    st.markdown(f"##### {t('kin_head')}", help=t("kin_help", n=f"{kin.LATEST:,}"), anchors=False)
    shell.linked("alike", _ALIKE, _ALIKE[0])
    by: kin.By = st.segmented_control(
        t("kin_by"), _ALIKE, format_func=lambda one: t(f"kin_by_{one}"), key="alike", required=True,
        label_visibility="collapsed", persist_state="session",
    ) or _ALIKE[0]  # fmt: skip
    shell.publish("alike", _ALIKE[0])
    found = kin.kin(case, space, by)
    if found is None:
        st.caption(t("kin_none"))
        return
    beat = round(found.beat * found.compared)
    st.markdown(t("kin_said", n=found.compared, beat=beat, median=compact(found.median, language())))
    st.dataframe(
        pd.DataFrame(
            {
                t("kin_col_video"): [n.description or n.video_id for n in found.videos],
                t("kin_col_kol"): [n.kol for n in found.videos],
                t("kin_col_score"): [compact(n.score, language()) for n in found.videos],
                t("kin_col_against"): [factor((n.score + 1) / (found.median + 1)) for n in found.videos],
                t("kin_col_content"): ["–" if n.content is None else f"{n.content:+.1f}" for n in found.videos],
                t("kin_col_context"): ["–" if n.context is None else f"{n.context:+.1f}" for n in found.videos],
            }
        ),
        hide_index=True,
        key="kin",
        column_config={t("kin_col_video"): st.column_config.TextColumn(width=230)},
    )


def _line(word: str, sentence: str) -> str:
    icon, colour = _MARKS[word]
    return f":{colour}[:material/{icon}:] {sentence}"
