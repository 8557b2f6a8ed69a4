"""What arrived: how much is known of each feature, how fresh the counts are, which videos have content."""

import pandas as pd
import streamlit as st

from mtaf_core.charts.arrivals import coverage_chart, coverage_finding, freshness_chart
from mtaf_core.charts.words import group_label, modality_label
from mtaf_core.insight import coverage
from mtaf_core.insight.coverage import Content, Coverage, Freshness
from mtaf_core.schema import CONTENT_MODALITIES, HORIZON_DAY, Group
from mtaf_core.workspace import Workspace
from pages.components import shell
from pages.components.words import language, t

COLUMNS = ((Group.UPLOADER,), (Group.VIDEO,), (Group.TAG, Group.TIME, Group.LOCATION))
GAPS = 200


@st.cache_data(max_entries=4, show_spinner=False)
def _coverage(path: str, version: int) -> tuple[Coverage, ...]:
    return coverage.kept_coverage(shell.workspace())


@st.cache_data(max_entries=4, show_spinner=False)
def _freshness(path: str, version: int) -> Freshness:
    return coverage.freshness(shell.workspace().store)


@st.cache_data(max_entries=4, show_spinner=False)
def _content(path: str, version: int) -> Content:
    return coverage.content(shell.workspace().store)


def show(space: Workspace) -> None:
    """Lay out the section."""
    now = str(space.path), space.store.version
    if not any(space.store.counts().values()):
        st.info(t("empty_market"), icon=":material/inbox:")
        return
    below = st.container()  # drawn before the bars above it are counted, which takes a large market longest
    fresh, content = st.columns(2, gap="small")
    with fresh, st.container(border=True, height="stretch", key="card-fresh"):
        _show_freshness(_freshness(*now))
    with content, st.container(border=True, height="stretch", key="card-content"):
        found = _content(*now)
        _show_content(found)
    _show_gaps(space)
    with below, st.container(border=True, key="card-coverage"):
        _show_coverage(_coverage(*now), found)


def _show_coverage(found: tuple[Coverage, ...], content: Content) -> None:
    st.markdown(f"##### {t('coverage_head')}", anchors=False)
    st.markdown(f"**{coverage_finding(found, language())}**")
    for place, groups in zip(st.columns(len(COLUMNS), gap="medium"), COLUMNS, strict=True):
        with place:
            for group in groups:
                st.caption(f"**{group_label(group, language())}**")
                figure = coverage_chart(found, group, theme=shell.theme(), lang=language())
                shell.chart(figure, f"coverage-{group}", heading=False)
    st.caption(t("coverage_note", n=f"{found[0].videos:,}", day=HORIZON_DAY))
    if content.without_upload_time:
        st.markdown(f":orange[:material/flag:] {t('undated', n=f'{content.without_upload_time:,}')}")


def _show_freshness(found: Freshness) -> None:
    st.markdown(f"##### {t('fresh_head')}", anchors=False)
    shell.chart(freshness_chart(found, theme=shell.theme(), lang=language()), "freshness")
    if found.newest_upload is not None:
        st.caption(t("newest_upload", day=f"{found.newest_upload:%Y-%m-%d %H:%M} UTC"))


def _show_content(found: Content) -> None:
    st.markdown(f"##### {t('content_head')}", anchors=False)
    rows = [(t("content_media"), found.with_media)]
    for modality in CONTENT_MODALITIES:
        held = {backbone: n for (m, backbone), n in found.embedded.items() if m is modality}
        label = modality_label(modality, language(), short=True)
        rows += [(t("content_vectors", modality=label, backbone=name), n) for name, n in held.items()] or [(label, 0)]
    for label, n in rows:
        share = min(n / found.videos, 1.0) if found.videos else 0.0
        st.progress(share, f"{label} · {t('content_of', n=f'{n:,}', all=f'{found.videos:,}')}")


def _show_gaps(space: Workspace) -> None:
    if not st.toggle(t("gaps"), key="gaps"):
        return
    rows = coverage.incomplete(space.store, GAPS)
    if not rows:
        st.caption(t("gaps_none"))
        return
    columns = {
        "video_id": t("col_video"),
        "created_at": t("col_uploaded"),
        "media": t("content_media"),
        **{m.value: modality_label(m, language(), short=True) for m in CONTENT_MODALITIES},
    }
    st.dataframe(pd.DataFrame(rows)[list(columns)].rename(columns=columns), hide_index=True, height=360)
    st.caption(t("gaps_note", n=len(rows)))
