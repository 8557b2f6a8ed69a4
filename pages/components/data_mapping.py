"""How the columns of a table are read: proposed, shown on its first rows, corrected, kept."""

from collections.abc import Sequence
from glob import escape
from typing import Any

import pandas as pd
import streamlit as st

from mtaf_core.data.importers.columns import TRANSFORMS
from mtaf_core.data.importers.mapping import Mapping
from mtaf_core.data.importers.rows import Context
from mtaf_core.data.importers.sources import Document
from mtaf_core.errors import MtafError
from mtaf_core.insight import table_mapping
from mtaf_core.insight.table_mapping import Line, Proposal
from mtaf_core.workspace import Workspace
from pages.components import data_import, shell
from pages.components.words import t, told

MOST = 8
"""Tables that are shown one by one; more are read as proposed."""
ORDERS = ("ymd", "dmy", "mdy")
_USUAL = "usual"
_SAVED, _PROPOSED = "mapping_saved", "proposals"


def show(space: Workspace, tables: Sequence[Document], platform: str) -> Mapping | None:
    """Lay out the mapping of each table.

    Returns
    -------
    Mapping or None
        Of all of them; None where one cannot be read yet, which is then said.
    """
    with st.container(border=True, key="card-mapping"):
        st.markdown(f"##### {t('map_head')}", anchors=False)
        st.markdown(f":gray[{t('map_lead')}]")
        order = st.selectbox(t("map_order"), ORDERS, format_func=lambda o: t(f"order_{o}"), key="map_order", width=280)
        shown = tables[:MOST]
        places = st.tabs([_short(one.name) for one in shown]) if len(shown) > 1 else [st.container()]
        parts = []
        for number, (place, document) in enumerate(zip(places, shown, strict=True)):
            with place, shell.guarded():
                pattern = "*" if len(tables) == 1 else escape(document.name.rsplit("/", 1)[-1])
                parts.append(_one(space, document, number, platform, str(order), pattern))
        if len(parts) < len(shown) or None in parts:
            return None
        return _kept(space, [part for part in parts if part is not None], shown[0])


def _one(space: Workspace, document: Document, number: int, platform: str, order: str, pattern: str) -> Mapping | None:
    proposal = _proposal(space, document)
    if proposal.problem:
        st.info(told(proposal.problem), icon=":material/help:")
    lines = _edit(proposal, f"map-{number}")
    try:
        found = table_mapping.assemble(lines, proposal.name, platform, order=order, pattern=pattern)
        seen = table_mapping.preview(document, found, Context(space.info.timezone), data_import.scratch(space))
    except MtafError as error:
        st.warning(told(error), icon=":material/help:")
        return None
    st.markdown(f"**{t('map_preview')}**")
    for place, rows in zip(st.tabs([t(f"rows_{name}") for name in seen.tables]), seen.tables.values(), strict=True):
        place.dataframe(rows.to_pandas(), hide_index=True, height=38 + 35 * min(rows.num_rows, 10))
    if seen.rejected:
        first = seen.rejected[0]
        st.warning(
            t("map_refused", n=f"{len(seen.rejected):,}", rows=f"{seen.rows:,}", column=first.column,
              value=f"“{first.value}”", reason=told(first.reason)),
            icon=":material/filter_alt_off:",
        )  # fmt: skip
    return found


def _edit(proposal: Proposal, key: str) -> list[Line]:
    sources = list(dict.fromkeys(line.source for line in proposal.lines))
    examples = {line.source: line.example for line in proposal.lines}
    given: Any = pd.DataFrame(
        [(one.source, one.example, one.target or None, one.transform or _USUAL) for one in proposal.lines]
    )
    given.columns = pd.Index(["source", "example", "target", "transform"])
    edited: pd.DataFrame = st.data_editor(
        given,
        key=key,
        num_rows="dynamic",
        hide_index=True,
        height=min(38 + 35 * (len(given) + 1), 480),
        column_config={
            "source": st.column_config.SelectboxColumn(t("map_source"), options=sources, required=True, width="small"),
            "example": st.column_config.TextColumn(t("map_example"), disabled=True, width="medium"),
            "target": st.column_config.SelectboxColumn(
                t("map_target"), options=list(table_mapping.targets()), format_func=_target,
                width="large",
            ),
            "transform": st.column_config.SelectboxColumn(
                t("map_transform"), options=[_USUAL, *TRANSFORMS], format_func=lambda f: t(f"tf_{f}"),
                default=_USUAL, required=True, width="small",
            ),
        },
    )  # fmt: skip
    rows = edited.fillna("").itertuples(index=False, name=None)
    return [
        Line(source, examples.get(source, ""), target, table_mapping.USUAL if how == _USUAL else how)
        for source, _, target, how in rows
        if source
    ]


def _kept(space: Workspace, parts: list[Mapping], first: Document) -> Mapping:
    """Name, save and download; gives the whole mapping under its name."""
    whole = parts[0] if len(parts) == 1 else table_mapping.together(parts, parts[0].name)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(t("map_name"), whole.name, max_chars=60, key=f"map_name-{first.name}", width=280).strip()
        whole = Mapping(name or whole.name, whole.files, whole.platform, whole.timezone)
        st.button(t("map_save"), icon=":material/save:", key="map_save", on_click=_save, args=[space, whole])
        st.download_button(
            t("map_download"), table_mapping.to_toml(whole), f"{whole.name}.toml", "application/toml",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
    kind, sentence = st.session_state.pop(_SAVED, ("", ""))
    if kind == "saved":
        st.success(sentence, icon=":material/check:")
    elif kind:
        st.error(sentence, icon=":material/error:")
    return whole


def _save(space: Workspace, whole: Mapping) -> None:
    try:
        table_mapping.save(space, whole, whole.name)
    except MtafError as error:
        st.session_state[_SAVED] = ("refused", told(error))
    else:
        st.session_state[_SAVED] = ("saved", t("map_saved", name=f"`{whole.name}`"))


def _proposal(space: Workspace, document: Document) -> Proposal:
    """What is proposed for a table, worked out once, so that the editor keeps what was changed."""
    kept: dict[str, Proposal] = st.session_state.setdefault(_PROPOSED, {})
    key = f"{document.path or ''}|{document.name}|{document.size}"
    if key not in kept:
        if len(kept) > 4 * MOST:
            kept.clear()
        kept[key] = table_mapping.propose(document, data_import.scratch(space))
    return kept[key]


def _target(target: object) -> str:
    table, column = str(target).split(".")
    return f"{t(f'rows_{table}')} · {column}"


def _short(name: str) -> str:
    last = name.rsplit("/", 1)[-1]
    return last if len(last) <= 28 else last[:27] + "…"
