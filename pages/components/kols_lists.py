"""Lists of KOLs on a page: put somebody on one, rename or delete one, and take a deletion back."""

from collections.abc import Callable, Sequence

import streamlit as st

from mtaf_core.errors import MtafError
from mtaf_core.study import kol_lists
from mtaf_core.study.kol_lists import KolList
from pages.components import shell
from pages.components.words import t, told

_REMOVED, _ERROR = "list_removed", "list_error"


def add_button(keys: Sequence[str], where: str) -> None:
    """A button to put KOLs on a list, an old one or a new one."""
    names = [one.name for one in kol_lists.lists(shell.workspace())]
    with st.popover(t("list_add"), icon=":material/playlist_add:", disabled=not keys, key=f"list-add-{where}"):
        st.selectbox(
            t("list_name"), names, index=0 if names else None, key=f"list_name_{where}", accept_new_options=True,
            placeholder=t("list_name_hint"),
        )  # fmt: skip
        st.button(
            t("list_add_n", n=len(keys)), icon=":material/check:", type="primary", key=f"list-add-go-{where}",
            on_click=_add, args=[list(keys), f"list_name_{where}"],
        )  # fmt: skip


def manage_button(name: str | None) -> None:
    """A button to rename or delete the list that is shown."""
    if name is None:
        return
    with st.popover(t("list_manage"), icon=":material/edit:", key="list-manage"):
        st.text_input(t("list_rename"), value=name, key=f"list_rename_{name}", max_chars=kol_lists.MAX_NAME_CHARS)
        with st.container(horizontal=True):
            st.button(t("list_rename_go"), icon=":material/check:", on_click=_rename, args=[name], key="list-rename")
            st.button(t("list_delete"), icon=":material/delete:", on_click=_remove, args=[name], key="list-delete")


def undo_row() -> None:
    """What went wrong with a list, and the way back from a deletion."""
    if sentence := st.session_state.pop(_ERROR, None):
        st.error(sentence, icon=":material/error:")
    removed: KolList | None = st.session_state.get(_REMOVED)
    if removed is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="list-undo-row"):
        st.markdown(t("list_deleted", name=removed.name, n=len(removed.members)), width="content")
        st.button(t("list_undo"), icon=":material/undo:", on_click=_restore, args=[removed], key="list-undo")


def drop(name: str, keys: Sequence[str]) -> None:
    """Take KOLs off a list; from a callback."""
    _try(lambda: kol_lists.drop(shell.workspace(), name, keys))


def _add(keys: list[str], widget: str) -> None:
    name = st.session_state.get(widget) or ""
    if not name.strip():
        st.session_state[_ERROR] = t("list_name_needed")
        return
    if (made := _try(lambda: kol_lists.add(shell.workspace(), name, keys))) is not None:
        st.toast(t("list_added", name=made.name, n=len(made.members)), icon=":material/playlist_add_check:")


def _rename(name: str) -> None:
    new = st.session_state.get(f"list_rename_{name}") or ""
    if not new.strip():
        st.session_state[_ERROR] = t("list_name_needed")
        return
    if (made := _try(lambda: kol_lists.rename(shell.workspace(), name, new))) is not None:
        st.session_state["kols_list"] = made.name


def _remove(name: str) -> None:
    if (removed := _try(lambda: kol_lists.remove(shell.workspace(), name))) is not None:
        st.session_state[_REMOVED] = removed
        st.session_state["kols_list"] = ""


def _restore(removed: KolList) -> None:
    if (made := _try(lambda: kol_lists.restore(shell.workspace(), removed))) is not None:
        st.session_state.pop(_REMOVED, None)
        st.session_state["kols_list"] = made.name


def _try(work: Callable[[], KolList]) -> KolList | None:
    """Do it; where it cannot be done, the next run says why."""
    try:
        return work()
    except MtafError as error:
        st.session_state[_ERROR] = told(error)
    except Exception as error:
        st.session_state[_ERROR] = t("fault", reference=shell.record(error))
    return None
