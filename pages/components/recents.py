"""The uploads that are kept: opened again, deleted, and said how long they stay."""

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from mtaf_core.charts.numbers import compact
from mtaf_core.errors import MtafError
from mtaf_core.insight import recent
from mtaf_core.insight.forecast import Forecast
from mtaf_core.insight.recent import Recent
from mtaf_core.workspace import Workspace
from pages.components import analysing, shell, uploads
from pages.components.plain_text import plain
from pages.components.words import language, t

SHOWN = 8
"""Uploads shown before a person asks for all."""

_SURE, _ALL, _MORE = "recent_sure", "recent_all", "recent_more"
_NOTED = "recent_noted"
_NAME_CHARS = 28
_AGES = (
    ("recent_now", 60, 1), ("recent_minutes", 60, 60), ("recent_hours", 3600, 24), ("recent_days", 86_400, 14),
)  # fmt: skip
"""How long ago is said: the word, its unit in seconds, and how many of these are said so."""


@st.cache_resource(max_entries=4, show_spinner=False)
def _tidied(path: str) -> None:
    tidy(shell.workspace())


def tidy_once(space: Workspace) -> None:
    """Let what has expired go, once a server."""
    _tidied(str(space.path))


def tidy(space: Workspace) -> None:
    """Let what has expired go; where it cannot, that is said where clips are chosen."""
    try:
        for content_hash in recent.expire(space):
            analysing.stop(content_hash)
    except (MtafError, OSError) as error:
        shell.record(error)


def judged(space: Workspace, content_hash: str, forecast: Forecast) -> None:
    """Note the forecast of an upload, where it is another than the last one this session noted."""
    said = (content_hash, forecast.score, forecast.horizon_day)
    if st.session_state.get(_NOTED) != said:
        st.session_state[_NOTED] = said
        recent.was_judged(space, content_hash, forecast.score, forecast.horizon_day)


def show(
    space: Workspace,
    opened: Callable[[str], None],
    deleted: Callable[[str], None],
    poster: Callable[[str, int], bytes | None],
) -> None:
    """The shelf of uploads, the last used first; nothing where there are none.

    Parameters
    ----------
    opened, deleted : callable
        Told of the hash of an upload that a person opens, or that is gone.
    poster : callable
        A picture of the clip at a path, last changed at a time in nanoseconds.
    """
    found = recent.recents(space)
    if not found:
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"##### {t('recent_head')}", anchors=False, width="content")
        _delete_all(space, found, deleted)
    shown = found if st.session_state.get(_MORE) else found[:SHOWN]
    with st.container(horizontal=True, wrap=False, key="recents", gap="small"):
        for place, one in enumerate(shown):
            with st.container(width=132):
                _one(space, place, one, opened, deleted, poster)
    if len(found) > len(shown):
        st.button(
            t("recent_more", n=len(found)), key="recent-more", type="tertiary",
            on_click=st.session_state.__setitem__, args=[_MORE, True],
        )  # fmt: skip
    days = f"{recent.keep_days():g}"
    st.caption(t("recent_kept", days=days, size=f"{uploads.KEPT_BYTES / 1024**3:.0f} GB"))


def _one(
    space: Workspace,
    place: int,
    one: Recent,
    opened: Callable[[str], None],
    deleted: Callable[[str], None],
    poster: Callable[[str, int], bytes | None],
) -> None:
    if picture := poster(str(one.path), 0):  # called by what it holds: it never changes
        st.image(picture, width="stretch")
    else:
        with st.container(key=f"recent-blank-{place}"):
            song = one.path.suffix.lower().lstrip(".") in uploads.SONGS
            st.markdown(f":material/{'music_note' if song else 'movie'}:", width="content")
    st.button(
        _label(one.name), key=f"recent_{place}", width="stretch", help=t("recent_open"), on_click=opened,
        args=[one.content_hash],
    )  # fmt: skip
    score = t("recent_no_score")
    if one.score is not None:
        score = t("recent_score", score=compact(one.score, language()), day=one.horizon_day)
    st.caption(f"{score}  \n{_ago(one.used_at)}")
    if st.session_state.get(_SURE) != one.content_hash:
        st.button(
            t("recent_delete"), key=f"recent-delete-{place}", icon=":material/delete:", type="tertiary",
            on_click=st.session_state.__setitem__, args=[_SURE, one.content_hash],
        )  # fmt: skip
        return
    st.caption(f":red[{t('recent_sure')}]")
    st.button(
        t("recent_delete"), key=f"recent-sure-{place}", type="primary", width="stretch", on_click=_delete,
        args=[space, [one], deleted],
    )  # fmt: skip
    st.button(
        t("recent_keep"), key=f"recent-keep-{place}", width="stretch", on_click=st.session_state.pop, args=[_SURE, None]
    )


def _delete_all(space: Workspace, found: tuple[Recent, ...], deleted: Callable[[str], None]) -> None:
    if len(found) < 2:
        return
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        if st.session_state.get(_SURE) != _ALL:
            st.button(
                t("recent_delete_all"), key="recent-delete-all", icon=":material/delete_sweep:", type="tertiary",
                on_click=st.session_state.__setitem__, args=[_SURE, _ALL],
            )  # fmt: skip
            return
        st.caption(f":red[{t('recent_sure_all', n=len(found))}]")
        st.button(
            t("recent_delete_all"),
            key="recent-sure-all",
            type="primary",
            on_click=_delete,
            args=[space, found, deleted],
        )
        st.button(t("recent_keep"), key="recent-keep-all", on_click=st.session_state.pop, args=[_SURE, None])


def _delete(space: Workspace, gone: "tuple[Recent, ...] | list[Recent]", deleted: Callable[[str], None]) -> None:
    st.session_state.pop(_SURE, None)
    with shell.guarded():
        for one in gone:
            analysing.stop(one.content_hash)
            recent.delete(space, one.content_hash)
            deleted(one.content_hash)
        said = t("recent_deleted_all", n=len(gone)) if len(gone) > 1 else t("recent_deleted", name=plain(gone[0].name))
        st.toast(said, icon=":material/delete:")


def _label(name: str) -> str:
    """A file name as the label of a button: short, its ending kept, and nothing of it taken for markup."""
    stem, dot, ending = name.rpartition(".")
    short = name
    if len(name) > _NAME_CHARS:
        short = f"{stem[: _NAME_CHARS - len(ending) - 2]}…{dot}{ending}" if stem else f"{name[: _NAME_CHARS - 1]}…"
    return plain(short)


def _ago(when: datetime) -> str:
    seconds = (datetime.now(UTC) - when).total_seconds()
    for word, unit, most in _AGES:
        if seconds < unit * most:
            return t(word, n=int(seconds // unit))
    return when.date().isoformat()
