"""The forecast on the page: the headline, its range, where the model looks, and what a change did."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from mtaf_core.charts.forecast import Estimate, attention_chart, contribution_chart, interval_chart
from mtaf_core.charts.numbers import change, compact, factor, ordinal, percent, percentile_rank
from mtaf_core.charts.words import modality_label
from mtaf_core.content.clip import NO_PICTURE, NO_SOUND, PICTURE_ALONE, SONG_ALONE
from mtaf_core.content.extract import MUTED
from mtaf_core.insight.forecast import WORDS_ALONE, Forecast
from mtaf_core.schema import Modality
from pages.components import cohort, market, shell
from pages.components.words import language, t, told

_FORMS: dict[str, tuple[str, tuple[Modality, ...]]] = {
    PICTURE_ALONE: ("without_picture", (Modality.AUDIO,)),
    SONG_ALONE: ("without_song", (Modality.VISUAL,)),
    WORDS_ALONE: ("without_clip", (Modality.AUDIO, Modality.VISUAL)),
}
"""The core's sentence about what is no video: the page's own, and the modalities it says to be missing."""
_UNREAD = {NO_PICTURE: Modality.VISUAL, NO_SOUND: Modality.AUDIO}
"""The core's sentence about what a file lacks, which says enough of that modality."""


def headline(forecast: Forecast, first: Forecast | None, muted: bool = False) -> None:
    """The sentence a media buyer reads, and the range on the market's distribution.

    Parameters
    ----------
    first : Forecast, optional
        Drawn beside it where the form was changed since.
    muted : bool
        Whether it is the person who took the sound away.
    """
    lang = language()
    st.markdown(
        "### "
        + t(
            "headline",
            score=compact(forecast.score, lang),
            day=forecast.horizon_day,
            low=compact(forecast.interval.low, lang),
            high=compact(forecast.interval.high, lang),
            level=percent(forecast.interval.level),
        ),
        anchors=False,
    )
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(_ranks(forecast), width="content")
        with st.popover(t("score_what"), type="tertiary", icon=":material/help:"):
            st.markdown(t("score_help", day=forecast.horizon_day, level=percent(forecast.interval.level)))
    chosen = cohort.scores()
    scores = market.scores(forecast.horizon_day) if chosen is None else chosen
    if not np.isfinite(scores).any():
        st.caption(t("no_market", day=forecast.horizon_day))
    figure = interval_chart(
        scores,
        _estimate(forecast),
        forecast.horizon_day,
        first=_estimate(first) if first else None,
        theme=shell.theme(),
        lang=lang,
    )
    shell.chart(figure, "interval", heading=False)
    _notes(forecast, muted)


def comparison(
    forecast: Forecast, first: Forecast, changed: list[str], on_reset: Callable[[], None], on_rebase: Callable[[], None]
) -> None:
    """What the changes since the first forecast did to it, and what to do with them; ``changed`` is in words."""
    ratio = (forecast.score + 1) / (first.score + 1)
    said = f"{factor(ratio)} {change(ratio)}" if change(ratio) != "±0%" else t("whatif_same")
    colour = "gray" if change(ratio) == "±0%" else "green" if ratio > 1 else "red"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(width="content", gap=None):
            st.caption(t("whatif_head", first=compact(first.score, language())))
            st.markdown(f"### :{colour}[{said}]", anchors=False)
            st.caption(t("whatif_changed", fields=" · ".join(changed)))
        with st.container(horizontal=True, width="content"):
            st.button(t("reset"), icon=":material/undo:", on_click=on_reset, key="reset")
            st.button(t("rebase"), icon=":material/flag:", on_click=on_rebase, key="rebase")


def where_it_looks(forecast: Forecast) -> None:
    """Attention by modality."""
    st.markdown(f"##### {t('where_looks')}", help=t("where_help"), anchors=False)
    shell.chart(attention_chart(forecast.attention, theme=shell.theme(), lang=language()), "attention")


def what_it_does(forecast: Forecast) -> None:
    """Contribution by modality, as a factor."""
    baseline = compact(float(np.expm1(forecast.baseline)), language())
    st.markdown(f"##### {t('what_it_does')}", help=t("what_help", baseline=baseline), anchors=False)
    shell.chart(contribution_chart(forecast.contribution, theme=shell.theme(), lang=language()), "contribution")


def footnote(forecast: Forecast, profile: str) -> None:
    """What made the forecast."""
    stages = ("decode", "text", "audio", "visual", "predict")
    timings = ", ".join(f"{t(f'stage_{s}')} {forecast.timings_s[s]:.2f} s" for s in stages if s in forecast.timings_s)
    st.caption(
        t(
            "made_with",
            bundle=forecast.bundle,
            profile=t(f"profile_{profile}"),
            backbones=", ".join(forecast.backbones.values()),
            device=forecast.device.upper(),
            timings=timings,
        )
    )


def _notes(forecast: Forecast, muted: bool) -> None:
    """What was missing and what the core warned of, in words. The early trend is never there before release.

    What a picture, a song or words alone cannot have is said once, together.
    """
    lang = language()
    form = next((said for said in forecast.warnings if said in _FORMS), "")
    word, covers = _FORMS.get(form, ("", ()))
    covers += tuple(_UNREAD[said] for said in forecast.warnings if said in _UNREAD)
    gone = [Modality(m) for m in forecast.missing if m != Modality.TEMPORAL and m not in covers]
    notes = [t(word)] if word else []
    notes += [
        t("missing_muted")
        if muted and m is Modality.AUDIO
        else t("missing_one", modality=modality_label(m, lang, short=True).lower())
        for m in gone
    ]
    for note in [*notes, *(told(said) for said in forecast.warnings if said not in (MUTED, form))]:
        st.markdown(f":orange[:material/info:] {note}")


def _ranks(forecast: Forecast) -> str:
    said = []
    for name, key in (("market", "rank_market"), ("tier", "rank_tier"), ("uploader", "rank_own")):
        share = forecast.percentile.get(name)
        if share is None or (name == "tier" and forecast.tier is None):
            continue
        rank = ordinal(percentile_rank(share), language())
        said.append(t(key, rank=rank, tier=t(f"tier_{forecast.tier}") if forecast.tier else ""))
    if (chosen := cohort.scores()) is not None:
        below = float(np.mean(chosen < forecast.score))
        said.append(t("rank_cohort", rank=ordinal(percentile_rank(below), language())))
    return " · ".join(said)


def _estimate(forecast: Forecast) -> Estimate:
    interval = forecast.interval
    return Estimate(forecast.score, interval.low, interval.high, interval.level)
