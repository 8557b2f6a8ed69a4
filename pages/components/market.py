"""What the form offers from the workspace: its KOLs, hashtags and cities, read by SQL and kept until tables change."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mtaf_core.charts.numbers import compact
from mtaf_core.charts.words import Language
from mtaf_core.data.frame import day_scores, tiers
from pages.components import shell
from pages.components.words import language, t

LISTED = 3_000
"""KOLs in the pick list; past that, the rest are found by name."""


@dataclass(frozen=True)
class Kol:
    """A KOL as the pick list shows one."""

    uploader_id: str
    nickname: str
    follower_count: int | None
    tier: str


@st.cache_resource(max_entries=16, show_spinner=False)
def _kols(path: str, state: str, named: str) -> tuple[Kol, ...]:
    found = (
        shell.workspace()
        .store.query(
            """SELECT uploader_id, coalesce(nickname, handle, uploader_id) AS nickname, follower_count FROM uploaders
               WHERE platform = ? AND contains(lower(coalesce(nickname, '') || ' ' || coalesce(handle, '')), lower(?))
               ORDER BY follower_count DESC NULLS LAST, uploader_id LIMIT ?""",
            [shell.workspace().info.platform, named, LISTED],
        )
        .to_pylist()
    )
    counts = np.array([np.nan if r["follower_count"] is None else r["follower_count"] for r in found], dtype=float)
    return tuple(Kol(**row, tier=str(tier)) for row, tier in zip(found, tiers(counts), strict=True)) if found else ()


@st.cache_resource(max_entries=16, show_spinner=False)
def _kol_words(path: str, state: str, named: str, lang: Language) -> dict[str, str]:
    def said(kol: Kol) -> str:
        return f"{kol.nickname} · {t(f'tier_{kol.tier}')} · {t('followers', n=compact(kol.follower_count, lang))}"

    return {kol.uploader_id: said(kol) for kol in _kols(path, state, named)}


@st.cache_data(max_entries=4, show_spinner=False)
def _column(path: str, state: str, sql: str) -> list[str]:
    return [str(v) for v in shell.workspace().store.query(sql)["x"].to_pylist()]


@st.cache_data(max_entries=4, show_spinner=False)
def _count(path: str, state: str, platform: str) -> int:
    sql = "SELECT count(*) AS n FROM uploaders WHERE platform = ?"
    return int(shell.workspace().store.query(sql, [platform])["n"][0].as_py())


@st.cache_data(max_entries=32, show_spinner=False)
def _knows(path: str, state: str, uploader_id: str) -> bool:
    sql = "SELECT count(*) AS n FROM uploaders WHERE platform = ? AND uploader_id = ?"
    return bool(shell.workspace().store.query(sql, [platform(), uploader_id])["n"][0].as_py())


@st.cache_data(max_entries=4, show_spinner=False)
def _scores(path: str, state: str, horizon_day: int) -> NDArray[np.float64]:
    space = shell.workspace()
    return day_scores(space.store, horizon_day, space.info.timezone)


def kols(named: str = "") -> tuple[Kol, ...]:
    """KOLs whose name contains ``named``, most followers first, `LISTED` at most."""
    return _kols(*_now(), named)


def kol_words(named: str = "") -> dict[str, str]:
    """How each of `kols` is offered, by id, in the language of the page; kept, for there are thousands of them."""
    return _kol_words(*_now(), named, language())


def kol_count() -> int:
    """How many KOLs there are to pick from: those of the workspace's platform."""
    return _count(*_now(), shell.workspace().info.platform)


def platform() -> str:
    """The platform that forecasts here are for."""
    return shell.workspace().info.platform


def knows(uploader_id: str) -> bool:
    """Whether the workspace has a KOL of this id, on its own platform."""
    return _knows(*_now(), uploader_id)


def tags() -> list[str]:
    """Hashtags the market's videos use, most used first, a thousand at most."""
    return _column(
        *_now(), "SELECT tag_name AS x FROM video_tags GROUP BY tag_name ORDER BY count(*) DESC, tag_name LIMIT 1000"
    )


def cities() -> list[str]:
    """Cities the market's videos were uploaded from, most frequent first."""
    return _column(
        *_now(),
        """SELECT upload_city AS x FROM videos WHERE upload_city IS NOT NULL
           GROUP BY upload_city ORDER BY count(*) DESC, upload_city LIMIT 1000""",
    )


def scores(horizon_day: int) -> NDArray[np.float64]:
    """Known popularity scores of the market at ``horizon_day``; (n,)."""
    return _scores(*_now(), horizon_day)


def _now() -> tuple[str, str]:
    space = shell.workspace()
    return str(space.path), space.store.state
