"""Which of the changes made in the form gave what, each told as what it was and what it is now."""

import html
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from mtaf_core.charts.change import edits_chart
from mtaf_core.content.extract import Content
from mtaf_core.insight.edits import edit_shares
from mtaf_core.insight.forecast import Forecast
from mtaf_core.workspace import Workspace
from pages.components import check_contents, clip_editing, figures, market, shell
from pages.components.candidate_form import Brief
from pages.components.words import language, t

_SHORT = 42
"""Characters of a label at most."""


def show(space: Workspace, brief: Brief, first: Brief, before: Forecast, now: Forecast) -> None:
    """Shapley values over the edits made since the first forecast, the strongest first."""
    st.markdown(f"##### {t('change_edits_head')}", anchors=False)
    shares = shared(space, brief, first)
    ordered = sorted(shares, key=lambda name: -abs(shares[name]))
    named = {label(name, brief, first): shares[name] for name in ordered}
    figure = edits_chart(named, before.log_score, now.log_score, theme=shell.theme(), lang=language())
    rows = pd.DataFrame({t("change_edit"): list(named), t("change_factor"): np.exp(list(named.values()))})
    figures.show(figure, "edits", rows)
    st.caption(t("change_edits_note"))


def shared(space: Workspace, brief: Brief, first: Brief) -> dict[str, float]:
    """What each changed field of the form gave, in log units; who posts is one edit, picked or typed."""
    changed = [name for name in first.__dataclass_fields__ if getattr(first, name) != getattr(brief, name)]
    if {"uploader_id", "typed"} <= set(changed):
        changed.remove("typed")
    ready = shell.forecaster()
    read: dict[tuple[Any, ...], Content] = {}

    def predict(sets: list[Mapping[str, Any]]) -> np.ndarray:
        contents, releases = [], []
        for edits in sets:
            parts = {name: getattr(brief if name in edits else first, name) for name in first.__dataclass_fields__}
            parts["typed"] = brief.typed if {"uploader_id", "typed"} & set(edits) else first.typed
            made = Brief(**parts)
            said = (made.take, made.description, made.tags)
            if said not in read:
                read[said] = check_contents.content_of(space, made)
            contents.append(read[said])
            releases.append(made.candidate(space.info.timezone))
        return np.log1p(ready.score_many(contents, releases).score)

    return edit_shares(predict, dict.fromkeys(changed, True))  # type: ignore[arg-type]


def label(name: str, brief: Brief, first: Brief) -> str:
    """An edit as people say it: the field, what it was and what it is now."""
    if name == "take":
        return clip_editing.difference(brief.take, first.take)
    head, said = t(brief.word(name)), ""
    if name == "tags":
        more = [f"+{tag}" for tag in brief.tags if tag not in first.tags]
        said = " ".join(more + [f"−{tag}" for tag in first.tags if tag not in brief.tags])
    elif name not in ("description", "flags"):
        said = f"{_value(name, first)} → {_value(name, brief)}"
    text = f"{head}: {said}" if said else head
    return html.escape(text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…", quote=False)


def _value(name: str, brief: Brief) -> str:
    value = getattr(brief, name)
    if name in ("uploader_id", "typed"):
        if brief.uploader_id is None:
            return t("edits_typed") if brief.typed else t("unknown")
        return next((k.nickname for k in market.kols() if k.uploader_id == brief.uploader_id), brief.uploader_id)
    if name == "hour":
        return f"{value:02d}:00"
    if isinstance(value, bool):
        return t("yes") if value else t("no")
    return str(value) if value else t("unknown")
