"""The evaluations that a workspace keeps, and which of them is looked at."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from mtaf_core.evaluation import results
from mtaf_core.workspace import Workspace
from pages.components import shell
from pages.components.words import t

SPLITS = ("temporal", "random", "uploader")


@dataclass(frozen=True)
class Found:
    """Evaluations, newest first, and why others cannot be read."""

    documents: list[dict[str, Any]]
    refused: list[str]

    @property
    def any(self) -> bool:
        return bool(self.documents)

    def splits(self) -> list[str]:
        """The splits there are, the honest one first."""
        there = {document["split"] for document in self.documents}
        return [split for split in SPLITS if split in there]

    def days(self, split: str) -> list[int]:
        """The numbers of observed days that were measured under a split."""
        return sorted({document["observed_days"] for document in self.documents if document["split"] == split})

    def newest(self, split: str, days: int, holding: str = "rows") -> dict[str, Any] | None:
        """The newest evaluation under a split with so many days observed which holds something; None without one."""
        for document in self.documents:
            if (document["split"], document["observed_days"]) == (split, days) and document.get(holding):
                return document
        return None

    def of_each_day(self, split: str) -> list[dict[str, Any]]:
        """The newest evaluation of every number of observed days under a split."""
        newest = [self.newest(split, days) for days in self.days(split)]
        return [document for document in newest if document is not None]


@st.cache_data(max_entries=4, show_spinner=False)
def _catalogue(path: str, kept: tuple[tuple[str, int], ...]) -> tuple[list[dict[str, Any]], list[str]]:
    return results.catalogue(shell.workspace())


@st.cache_data(max_entries=4, show_spinner=False)
def _videos(path: str, name: str) -> pd.DataFrame:
    return results.videos(shell.workspace(), name)


def catalogue() -> Found:
    """What the workspace in use keeps; read again when a file of it changes."""
    space = shell.workspace()
    documents, refused = _catalogue(str(space.path), _kept(space))
    return Found([document for document in documents if document["split"] in SPLITS], refused)


def videos(document: dict[str, Any]) -> pd.DataFrame:
    """The forecasts of every test video of one evaluation."""
    return _videos(str(shell.workspace().path), document["id"])


def pick(found: Found) -> dict[str, Any]:
    """Let a person choose among the evaluations there are: the split, and how many days are observed."""
    splits = found.splits()
    _keep_known("split", splits)
    shell.linked("split", splits, splits[0])
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        split = st.segmented_control(
            t("split"), splits, format_func=lambda s: t(f"split_{s}"), key="split", required=True,
            persist_state="session", help=t("split_help"),
        )  # fmt: skip
        split = split or splits[0]
        days = [str(day) for day in found.days(split)]
        _keep_known("days", days)
        shell.linked("days", days, days[0])
        day = st.segmented_control(
            t("observed"), days, format_func=lambda d: observed(int(d)), key="days", required=True,
            persist_state="session",
        )  # fmt: skip
    shell.publish("split", splits[0])
    shell.publish("days", days[0])
    document = found.newest(split, int(day or days[0]))
    return document if document is not None else found.documents[0]


def observed(days: int) -> str:
    """So many observed days, in words."""
    return t(f"observed_{days}") if days < 2 else t("observed_n", n=days)


def _keep_known(key: str, allowed: list[str]) -> None:
    """Forget a choice that is not there any more, as after a switch of the workspace."""
    if st.session_state.get(key) not in (None, *allowed):
        del st.session_state[key]


def _kept(space: Workspace) -> tuple[tuple[str, int], ...]:
    return tuple((file.name, file.stat().st_mtime_ns) for file in sorted((space.path / results.FOLDER).glob("*.json")))
