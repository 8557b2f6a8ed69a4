"""The model in use: what it measured of itself, its card, and the others that the workspace keeps."""

import re
from typing import Any

import pandas as pd
import streamlit as st

from mtaf_core.charts.scores import measure_name, written
from mtaf_core.errors import BadBundle
from mtaf_core.evaluation import tables
from mtaf_core.evaluation.bootstrap import MEASURES
from mtaf_core.insight.bundles import Kept, bundles
from mtaf_core.model.card import CARD, card
from mtaf_core.model.manifest import Manifest
from mtaf_core.workspace import Workspace
from pages.components import model_jobs, model_trust, shell
from pages.components.measured import observed
from pages.components.words import WORDS, t, told


def show(space: Workspace) -> None:
    """Lay out the section."""
    kept = bundles(space)
    try:
        manifest = space.manifest()
    except BadBundle as error:
        st.info(t("nothing_at_all", reason=told(error)), icon=":material/model_training:")
    else:
        with st.container(border=True, key="card-bundle"):
            st.markdown(f"##### {t('bundle_head', name=space.bundle_path().name)}", anchors=False)
            _facts(manifest)
        _own_measures(manifest)
        model_trust.show(space)
        with st.container(border=True, key="card-card"):
            st.markdown(f"##### {t('card')}", anchors=False)
            st.markdown(t("card_lead"))
            text = card(manifest)
            st.download_button(
                t("card_download"), bytes(text, "utf-8"), CARD, "text/markdown", icon=":material/download:",
                on_click="ignore",
            )  # fmt: skip
            with st.expander(t("card_read"), icon=":material/article:"):
                st.markdown(_lower(text))
    if kept:
        _list(space, kept)


def show_unmeasured(space: Workspace) -> None:
    """What there is to say before anything was measured, and the way to measure."""
    try:
        manifest = space.manifest()
    except BadBundle as error:
        st.info(t("nothing_at_all", reason=told(error)), icon=":material/model_training:")
        if space.store.counts()["videos"]:
            model_jobs.measure_button(space, t("measure_first"), primary=True)
        return
    own = tables.of_bundle(manifest.metrics)
    with st.container(border=True, key="card-nothing"):
        st.markdown(f"##### {t('nothing_head')}", anchors=False)
        tested = f"{own['n_test'].iloc[0]:,.0f}" if len(own) else "0"
        st.markdown(t("nothing_lead", n=tested))
        model_jobs.measure_button(space, t("measure_first"), primary=True)
    _own_measures(manifest)


def _facts(manifest: Manifest) -> None:
    videos = manifest.data.get("labelled")
    facts = {
        "bundle_answers": tables.answering(manifest.metrics) or "–",
        "bundle_trained": str(manifest.created_at)[:10],
        "bundle_videos": t("bundle_videos_n", n=f"{videos:,}") if isinstance(videos, int) else "–",
        "bundle_day": str(manifest.horizon_day),
        "bundle_profile": _profile(manifest.profile),
        "bundle_seed": str(manifest.training.get("seed", "–")),
    }
    with st.container(horizontal=True, gap="large", key="bundle-tiles"):
        for key, value in facts.items():
            st.metric(t(key), value, width="content")
    names = ", ".join(manifest.backbone_names.values()) or "–"
    st.caption(t("bundle_made", backbones=names, version=manifest.version))


def _own_measures(manifest: Manifest) -> None:
    own = tables.of_bundle(manifest.metrics)
    if own.empty:
        return
    shown = pd.DataFrame(
        {
            t("col_days"): [observed(int(days)) for days in own["observed_days"]],
            t("col_method"): own["method"],
            **{measure_name(measure): own[measure] for measure in MEASURES},
            t("col_held"): own["coverage"],
            t("col_tested"): own["n_test"],
        }
    )
    formats: dict[str, Any] = {measure_name(measure): written for measure in MEASURES}
    formats |= {t("col_held"): "{:.1%}", t("col_tested"): "{:,.0f}"}
    with st.container(border=True, key="card-own"):
        st.markdown(f"##### {t('self_table')}", anchors=False)
        st.dataframe(
            shown.style.format(formats, na_rep="–"),
            hide_index=True,
            height=min(38 + 35 * len(shown), 420),
            placeholder="–",
        )


def _list(space: Workspace, kept: list[Kept]) -> None:
    said = st.session_state.pop("bundle_said", "")
    with st.container(border=True, key="card-bundles"):
        st.markdown(f"##### {t('bundles_head')}", anchors=False)
        if said:
            st.success(said, icon=":material/check:")
        made = [one.manifest for one in kept]
        shown = pd.DataFrame(
            {
                t("col_bundle"): [one.name for one in kept],
                t("col_state"): [_state(one) for one in kept],
                t("col_trained"): [str(m.created_at)[:16].replace("T", " ") if m else None for m in made],
                t("bundle_answers"): [tables.answering(m.metrics) if m else None for m in made],
                "R²": [one.before_release("R2") for one in kept],
                "MSE": [one.before_release("MSE") for one in kept],
                t("col_profile"): [_profile(m.profile) if m else None for m in made],
                t("col_seed"): [m.training.get("seed") if m else None for m in made],
                t("col_day"): [m.horizon_day if m else None for m in made],
                t("col_learnt"): [m.data.get("labelled") if m else None for m in made],
            }
        )
        st.dataframe(shown.style.format({"R²": written, "MSE": written}, na_rep="–"), hide_index=True, placeholder="–")
        for one in kept:
            if one.problem:
                st.caption(f":material/broken_image: {one.problem}")
        others = [one.name for one in kept if one.manifest is not None and not one.in_use]
        if others:
            with st.container(horizontal=True, vertical_alignment="bottom"):
                name = st.selectbox(t("pick_bundle"), others, key="other_bundle", width=340)
                st.button(t("use_bundle"), icon=":material/undo:", key="use_bundle", on_click=_use, args=[space, name])


def _use(space: Workspace, name: str) -> None:
    with shell.guarded():
        space.use_bundle(name)
        st.session_state["bundle_said"] = t("bundle_used", name=name)


def _state(one: Kept) -> str:
    return t("state_used" if one.in_use else "state_kept" if one.manifest else "state_bad")


def _profile(profile: str) -> str:
    key = f"profile_{profile}"
    return t(key) if key in WORDS else profile


def _lower(text: str) -> str:
    """Markdown with its headings four levels lower, to stand inside a page; code is left alone."""
    return re.sub(r"(?m)^(#{1,3}) ", r"###\1 ", text)
