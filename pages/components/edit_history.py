"""Undo and redo of what was changed on Check a video, the clip included, in the order it was asked.

A history belongs to a session. It is also kept in the memory of this server under a short random name that stands in
the address (``?was=…``), so that a refreshed page goes on with it; after a restart of the server it begins anew.
"""

import dataclasses
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

import streamlit as st

from mtaf_core.workspace import Workspace
from pages.components import candidate_form, clip_picker, notices
from pages.components.candidate_form import Brief
from pages.components.words import t

LINK = "was"
MOST = 50
"""Briefs that can be gone back to."""
SESSIONS = 300
"""Histories that the server keeps for refreshed pages: those used last."""

_HISTORY, _PUT = "edit_history", "edit_history_put"


@dataclass
class History:
    """The briefs that the page ran with, each once in a row, and which of them it is at.

    Parameters
    ----------
    briefs : list of Brief
        The oldest first.
    at : int
    first : Brief, optional
        What changes are compared with.
    name : str
        What the server keeps it under.
    """

    briefs: list[Brief] = field(default_factory=list)
    at: int = -1
    first: Brief | None = None
    name: str = field(default_factory=lambda: secrets.token_hex(4))

    @property
    def can_undo(self) -> bool:
        return self.at > 0

    @property
    def can_redo(self) -> bool:
        return self.at < len(self.briefs) - 1

    def note(self, brief: Brief) -> None:
        """Take in what the page runs with now; a new brief ends what could be done again."""
        if self.briefs and self.briefs[self.at] == brief:
            return
        self.briefs = [*self.briefs[: self.at + 1], brief][-MOST:]
        self.at = len(self.briefs) - 1

    def settle(self, brief: Brief) -> None:
        """Take in what became of a brief that was put back: the form, or a clip that is gone, may have changed it."""
        if self.briefs:
            self.briefs[self.at] = brief
        else:
            self.note(brief)

    def step(self, by: int) -> Brief:
        """Go back (-1) or on (+1), as far as there is anything."""
        self.at = min(max(self.at + by, 0), len(self.briefs) - 1)
        return self.briefs[self.at]


class _Shelf:
    """The histories of this server, by name."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[str, History] = OrderedDict()

    def keep(self, history: History) -> None:
        with self._lock:
            self._held[history.name] = history
            self._held.move_to_end(history.name)
            while len(self._held) > SESSIONS:
                self._held.popitem(last=False)

    def copy(self, name: str) -> History | None:
        """A history to go on with under another name: a link may be open twice."""
        with self._lock:
            held = self._held.get(name)
            return None if held is None else History(list(held.briefs), held.at, held.first)


@st.cache_resource(max_entries=1, show_spinner=False)
def _shelf() -> _Shelf:
    return _Shelf()


def of_session() -> History:
    """The history of this session."""
    found: History = st.session_state.setdefault(_HISTORY, History())
    return found


def take_linked() -> None:
    """Go on with the history that the address names, on the first run of a session."""
    name = st.query_params.get(LINK)
    history = None if name is None else _shelf().copy(name)
    if history is not None:
        st.session_state[_HISTORY] = history


def start_over() -> None:
    """Compare with what comes next, not with what was first; what was done can still be undone."""
    of_session().first = None


def note(brief: Brief, first: Brief) -> None:
    """Take in what the page runs with now and what it is compared with, and keep the address in step."""
    history = of_session()
    if st.session_state.pop(_PUT, False):
        history.settle(brief)
    else:
        history.note(brief)
    history.first = first
    if len(history.briefs) > 1:
        _shelf().keep(history)
        if st.query_params.get(LINK) != history.name:
            st.query_params[LINK] = history.name
    else:
        st.query_params.pop(LINK, None)


def put(space: Workspace, brief: Brief) -> None:
    """Put a brief back: its form, and its clip where that is still kept, else a sentence says so. From a callback."""
    candidate_form.fill(brief)
    if not clip_picker.choose(space, brief.take.content_hash):
        notices.say(t("link_clip_gone"))


def buttons(space: Workspace) -> None:
    """Undo and redo; off where there is nothing."""
    history = of_session()
    for by, word, icon, there in ((-1, "undo", "undo", history.can_undo), (1, "redo", "redo", history.can_redo)):
        st.button(
            "", icon=f":material/{icon}:", key=f"edit-{word}", help=t(f"edit_{word}"), disabled=not there,
            on_click=_step, args=[space, by],
        )  # fmt: skip


def _step(space: Workspace, by: int) -> None:
    st.session_state[_PUT] = True
    put(space, of_session().step(by))


def forget_clip(brief: Brief) -> Brief:
    """A brief without which clip it is about, for comparison and for addresses that name the clip themselves."""
    return dataclasses.replace(brief, take=dataclasses.replace(brief.take, content_hash=""))
