"""Rules that every answer to a goal keeps, as a person sets them."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from mtaf_core.limits import MAX_COUNT
from mtaf_core.study import kol_lists
from mtaf_core.workspace import Workspace
from pages.components import check_levers, market
from pages.components.candidate_form import Brief
from pages.components.check_levers import Material
from pages.components.words import t

SATURDAY = 5
WEEKEND_FROM = 10
LISTED = 200
"""KOLs of a list that a search tries at most."""
Followers = Callable[[Brief], int | None]


@dataclass(frozen=True)
class Rules:
    """What may be; two of them reach across fields.

    Parameters
    ----------
    hours : (int, int), default (0, 24)
        The first hour at which a video may come out, and the first at which it may no more.
    weekend_from : int, optional
        On Saturdays and Sundays, the first hour at which it may.
    most_followers : int, optional
        That the KOL may have; one whose number is not known is then not taken.
    kols : tuple of str, optional
        Ids of those who may post it.
    least_s : float, default 0
        Seconds of the clip that must be kept, wherever it begins.
    """

    hours: tuple[int, int] = (0, 24)
    weekend_from: int | None = None
    most_followers: int | None = None
    kols: tuple[str, ...] | None = None
    least_s: float = 0.0

    def allow(self, brief: Brief, followers: Followers, stuff: Material) -> bool:
        """Whether a release, as a form says it, keeps every rule.

        Parameters
        ----------
        followers : callable
            How many the KOL of a form has; None where that is not known.
        """
        if not self.hours[0] <= brief.hour < self.hours[1]:
            return False
        at_weekend = brief.day is not None and brief.day.weekday() >= SATURDAY
        if self.weekend_from is not None and at_weekend and brief.hour < self.weekend_from:
            return False
        if self.kols is not None and brief.uploader_id not in self.kols:
            return False
        if self.most_followers is not None:
            count = followers(brief)
            if count is None or count > self.most_followers:
                return False
        return not stuff.file_s or check_levers.kept_s(brief.take, stuff) >= min(self.least_s, stuff.file_s) - 1e-6


def show(space: Workspace, stuff: Material) -> Rules:
    """Where rules are set; what they are now."""
    with st.expander(t("rules_head"), icon=":material/rule:"):
        st.caption(t("rules_lead"))
        hours = st.slider(t("rules_hours"), 0, 24, (0, 24), format="%d:00", key="rule_hours", persist_state="session")
        late = st.toggle(
            t("rules_weekend", hour=f"{WEEKEND_FROM}:00"), False, key="rule_weekend", persist_state="session"
        )
        left, right = st.columns(2, gap="medium")
        with left:
            most = st.number_input(
                t("rules_followers"), 0, MAX_COUNT, value=None, step=1_000, key="rule_followers",
                placeholder=t("rules_any"), persist_state="session",
            )  # fmt: skip
        with right:
            kols = _listed(space)
        least = 0.0
        if stuff.file_s > check_levers.LEAST_S:
            least = st.slider(
                t("rules_least"), 0.0, float(int(stuff.file_s)), 0.0, step=1.0, format="%.0f s", key="rule_least"
            )
    first, last = (hours[0], hours[1]) if hours[1] > hours[0] else (min(hours[0], 23), min(hours[0], 23) + 1)
    return Rules((first, last), WEEKEND_FROM if late else None, most, kols, float(least))


def _listed(space: Workspace) -> tuple[str, ...] | None:
    kept = {one.name: one for one in kol_lists.lists(space) if one.members}
    choice = st.selectbox(
        t("rules_list"), ["", *kept], format_func=lambda name: name or t("rules_any"), key="rule_list",
        help=t("rules_list_help"), persist_state="session",
    )  # fmt: skip
    return tuple(members(space, kept[choice].members, LISTED)) if choice else None


def members(space: Workspace, keys: tuple[str, ...], most: int) -> list[str]:
    """Ids of the KOLs of a list whom this market knows."""
    parts = [key.partition(":") for key in keys]
    return [one for home, _, one in parts if home == space.info.platform and market.knows(one)][:most]


def followers(brief: Brief) -> int | None:
    """How many followers the KOL of a form has; None where that is not known."""
    value = check_levers.now(brief, "followers", Material())
    return None if value is None else int(value)
