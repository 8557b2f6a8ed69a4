"""What the form offers from the workspace: its KOLs, hashtags and cities, read by SQL and kept until tables change."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mtaf_core.data.frame import tiers
from mtaf_core.insight.distributions import SCORE, SOURCES
from pages.components import shell

LISTED = 3_000
"""KOLs in the pick list; past that, the rest are found by name."""


@dataclass(frozen=True)
class Kol:
    """A KOL as the pick list shows one."""

    uploader_id: str
    nickname: str
    follower_count: int | None
    tier: str


@st.cache_data(max_entries=16, show_spinner=False)
def _kols(path: str, version: int, named: str) -> list[Kol]:
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
    return [Kol(**row, tier=str(tier)) for row, tier in zip(found, tiers(counts), strict=True)] if found else []


@st.cache_data(max_entries=4, show_spinner=False)
def _column(path: str, version: int, sql: str) -> list[str]:
    return [str(v) for v in shell.workspace().store.query(sql)["x"].to_pylist()]


@st.cache_data(max_entries=4, show_spinner=False)
def _scores(path: str, version: int, horizon_day: int) -> NDArray[np.float64]:
    sql = SOURCES[SCORE].values.replace("$horizon", str(int(horizon_day)))
    return np.asarray(shell.workspace().store.query(sql)["x"].to_numpy(zero_copy_only=False), dtype=float)


def kols(named: str = "") -> list[Kol]:
    """KOLs whose name contains ``named``, most followers first, `LISTED` at most."""
    return _kols(*_now(), named)


def kol_count() -> int:
    """How many KOLs the workspace knows."""
    return int(_column(*_now(), "SELECT count(*) AS x FROM uploaders")[0])


def followers(uploader_id: str) -> int | None:
    """Followers of one KOL on record; None where they are unknown."""
    listed = next((kol for kol in kols() if kol.uploader_id == uploader_id), None)
    if listed is not None:
        return listed.follower_count
    space = shell.workspace()
    found = space.store.query(
        "SELECT follower_count FROM uploaders WHERE platform = ? AND uploader_id = ?",
        [space.info.platform, uploader_id],
    )["follower_count"].to_pylist()
    return found[0] if found else None


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
    """Known popularity scores of the market at ``horizon_day``; (n,), NaN where a count is unknown."""
    return _scores(*_now(), horizon_day)


def _now() -> tuple[str, int]:
    space = shell.workspace()
    return str(space.path), space.store.version
