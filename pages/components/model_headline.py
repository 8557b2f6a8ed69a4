"""How good the forecast is, in words and four numbers."""

from typing import Any

import streamlit as st

from mtaf_core.charts.numbers import factor, percent
from mtaf_core.charts.scores import signed
from mtaf_core.evaluation.tables import Headline
from mtaf_core.workspace import Workspace
from pages.components.words import t


def show(space: Workspace, document: dict[str, Any], told: Headline) -> None:
    """Lay out the headline of one evaluation."""
    with st.container(border=True, key="card-headline"):
        said = {"method": told.method, "n": f"{document['n_test']:,}", "videos": t(f"of_{document['split']}")}
        if told.explained is not None and told.explained > 0:
            st.markdown(f"#### {t('answers', explained=percent(told.explained), **said)}")
        else:
            st.markdown(f"#### {t('answers_none', **said)}")
        if sentence := _compared(told):
            st.markdown(sentence)
        _tiles(document, told)
        st.caption(_provenance(document))
        version = (document.get("data") or {}).get("version")
        if version is not None and version != space.store.version and not space.info.simulated:
            st.info(t("stale", then=version, now=space.store.version), icon=":material/update:")


def _tiles(document: dict[str, Any], told: Headline) -> None:
    with st.container(horizontal=True, gap="medium", key="model-tiles"):
        explained = "–" if told.explained is None else f"{100 * told.explained:.0f}%"
        st.metric(t("tile_explained"), explained, width="content", help=t("tile_explained_help"))
        ranking = "–" if told.ranking is None else f"{told.ranking:.2f}"
        st.metric(t("tile_ranking"), ranking, width="content", help=t("tile_ranking_help"))
        st.metric(t("tile_error"), factor(told.typical_factor), width="content", help=t("tile_error_help"))
        if told.coverage is not None and told.level is not None:
            level = percent(told.level)
            st.metric(
                t("tile_held", level=level), percent(told.coverage, 1), width="content",
                help=t("tile_held_help", level=level),
            )  # fmt: skip
        tested, train = f"{document['n_test']:,}", f"{document['n_train']:,}"
        st.metric(t("tile_tested"), tested, width="content", help=t("tile_tested_help", test=tested, train=train))


def _compared(told: Headline) -> str:
    """The method against the best other one; with its interval where that was measured."""
    if told.best_other is None or told.gain is None:
        return ""
    if told.gain < 0 and (told.gain_high is None or told.gain_high < 0):
        return t("worse", other=told.best_other, gain=_share(-told.gain))
    if told.gain_low is None or told.gain_high is None:
        return t("better_plain", other=told.best_other, gain=_share(told.gain))
    if told.gain_low > 0:
        low, high = _share(told.gain_low), _share(told.gain_high)
        return t("better_sure", other=told.best_other, gain=_share(told.gain), low=low, high=high)
    gain = _share(told.gain) if told.gain > 0 else signed(told.gain)
    low, high = signed(told.gain_low), signed(told.gain_high)
    return t("better_unsure", method=told.method, other=told.best_other, gain=gain, low=low, high=high)


def _share(share: float) -> str:
    return signed(share).removeprefix("+").removeprefix("−")


def _provenance(document: dict[str, Any]) -> str:
    said = t(
        "measured_when", date=document["created_at"][:10], test=f"{document['n_test']:,}",
        train=f"{document['n_train']:,}", from_=str(document.get("train_from", "–"))[:10],
        to=str(document.get("test_to", "–"))[:10], day=document["horizon_day"],
    )  # fmt: skip
    late = document.get("known_later") or 0
    return f"{said} {t('known_later', n=f'{late:,}')}" if late else said
