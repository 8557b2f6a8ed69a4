"""A market of one's own: a new empty workspace beside the demo's, and the way between the two."""

from pathlib import Path
from zoneinfo import available_timezones

import streamlit as st

from mtaf_core import workspace as workspaces
from mtaf_core.errors import MtafError
from mtaf_core.workspace import Workspace
from pages.components import shell
from pages.components.words import t, told

PLATFORMS = ("douyin", "tiktok", "kwai", "xiaohongshu", "bilibili", "instagram", "youtube")
COMMON_ZONES = ("Asia/Shanghai", "Asia/Ho_Chi_Minh", "Asia/Bangkok", "Europe/London", "America/New_York", "UTC")
_ERROR, _KEPT = "own_error", ("lang", "routed")


def invite() -> None:
    """Say that the demo market takes no real data, and start a workspace that does."""
    with st.container(border=True, key="card-own"):
        st.markdown(f"##### {t('own_head')}", anchors=False)
        st.markdown(t("own_lead"))
        form("invite")


def form(key: str) -> None:
    """Name, time zone and platform of a new workspace, and the button that makes it and switches to it."""
    if sentence := st.session_state.pop(_ERROR, None):
        st.error(sentence, icon=":material/error:")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(t("own_name"), placeholder=t("own_name_hint"), max_chars=60, key=f"{key}-name", width=280)
        others = sorted(available_timezones() - set(COMMON_ZONES))
        st.selectbox(
            t("own_zone"), [*COMMON_ZONES, *others], help=t("own_zone_help"), key=f"{key}-zone", width=220
        )  # fmt: skip
        st.selectbox(t("own_platform"), PLATFORMS, accept_new_options=True, key=f"{key}-platform", width=180)
        st.button(
            t("own_start"), type="primary", icon=":material/add_circle:", key=f"{key}-start", on_click=_start,
            args=[key],
        )  # fmt: skip
    st.caption(t("own_note", folder=f"`{workspaces.home_path().name}-…`"))


def switcher(space: Workspace) -> None:
    """A popover with the workspaces of this machine and a form for a new one."""
    every = workspaces.beside()
    # With the folder, since two markets may have one name, and what is chosen goes by what it is called.
    names = {str(one.path): f"{one.info.name} · {one.path.name}" for one in every}
    with st.popover(t("switch"), icon=":material/swap_horiz:", type="tertiary"):
        if len(every) > 1:
            here = list(names).index(str(space.path)) if str(space.path) in names else None
            chosen = st.radio(t("switch_to"), list(names), index=here, format_func=lambda p: names[p], key="switch")
            st.button(
                t("switch_go"), key="switch_go", on_click=_switch, args=[chosen],
                disabled=chosen in (None, str(space.path)),
            )  # fmt: skip
        st.markdown(f"**{t('switch_new')}**")
        form("beside")


def _start(key: str) -> None:
    said = st.session_state
    try:
        made = workspaces.start_own(
            said.get(f"{key}-name") or t("own_name_hint"), said[f"{key}-zone"], said[f"{key}-platform"] or ""
        )
        workspaces.switch_to(made.path)
    except MtafError as error:
        said[_ERROR] = told(error)
        return
    _forget()


def _switch(folder: str) -> None:
    try:
        workspaces.switch_to(Path(folder))
    except MtafError as error:
        st.session_state[_ERROR] = told(error)
        return
    _forget()


def _forget() -> None:
    """What this session remembers is of the other market."""
    for key in [key for key in st.session_state if key not in _KEPT]:
        del st.session_state[key]
    shell.workspace()
