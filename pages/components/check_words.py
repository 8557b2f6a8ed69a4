"""The text of a release with what each of its words does, drawn on the text itself."""

import html

import numpy as np
import pandas as pd
import streamlit as st

from mtaf_core.charts import reasons as charts
from mtaf_core.charts.theme import Theme
from mtaf_core.insight.salience import Words
from pages.components import figures, shell
from pages.components.words import language, t


def show(found: Words) -> None:
    """Draw the text, and its strongest words as bars."""
    st.markdown(f"##### {t('why_words')}", help=t("why_words_help"), anchors=False)
    st.html(tinted(found, shell.theme()))
    st.caption(t("why_words_key"))
    names = [unit.text.strip() for unit in found.units]
    rows = pd.DataFrame(
        {
            t("why_col_word"): names,
            t("why_col_factor"): [charts.said(v) for v in found.share],
            t("why_col_log"): found.share,
            t("why_col_without"): -found.without,
        }
    )
    words = list(zip(names, found.share.tolist(), found.without.tolist(), strict=True))
    figures.show(charts.word_reasons(words, theme=shell.theme(), lang=language()), "why-words", rows)


def tinted(found: Words, theme: Theme) -> str:
    """The text as HTML, every word on a tint as strong as its share; whatever a person typed stays plain text."""
    reach = float(np.abs(found.share).max()) or 1.0
    parts = []
    for unit, share in zip(found.units, found.share, strict=True):
        colour = charts.up(theme) if share >= 0 else charts.down(theme)
        strength = round(55 * min(abs(share) / reach, 1.0))
        word = unit.text.rstrip()
        rest = html.escape(unit.text[len(word) :])
        parts.append(
            f'<span title="{charts.said(share)}" style="background: color-mix(in srgb, {colour} {strength}%, '
            f'transparent); border-radius: 4px; padding: 2px 1px">{html.escape(word)}</span>{rest}'
        )
    return f'<p style="font-size: 1.05rem; line-height: 2; margin: 0">{"".join(parts)}</p>'
