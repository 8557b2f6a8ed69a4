"""Measuring and training as work in the background: what to do, how far it is, how it went."""

import streamlit as st

from mtaf_core.background import Job
from mtaf_core.jobs import Progress
from mtaf_core.workspace import Workspace
from pages.components import shell, tasks
from pages.components.measured import SPLITS, observed
from pages.components.words import t

MEASURE, TRAIN = "evaluate", "train"
_STAGES = {MEASURE: ("evaluate",), TRAIN: ("encode", "networks", "stack", "trees", "measure")}
_NOTES = {MEASURE: "measure_note", TRAIN: "train_note"}
_MINUTES = (2.0, 4.0)
"""What measuring costs, at least and at most, for a thousand videos on two cores, for each number of days."""


def under_way(of_bundle: bool) -> None:
    """Show the work that is going on; and how the last one went, training beside the bundle and measuring elsewhere."""
    for kind in (MEASURE, TRAIN):
        job = tasks.jobs().current(kind)
        if job is None:
            continue
        if job.is_running:
            tasks.watch(job, t(f"job_{kind}"), _STAGES[kind], t("cancel"), note=t(_NOTES[kind]))
        elif of_bundle == (kind == TRAIN):
            _ended(kind, job)


def _ended(kind: str, job: Job) -> None:
    look = job.look()
    if look.state == "done":
        done = t("measure_done") if kind == MEASURE else t("train_done", name=job.result)
        st.success(done, icon=":material/check:")
    elif look.state == "stopped":
        st.info(t("measure_stopped" if kind == MEASURE else "train_stopped"), icon=":material/cancel:")
    else:
        tasks.failure(look)


def measure_button(space: Workspace, label: str, primary: bool = False) -> None:
    """A button that opens what can be measured; none while that is under way."""
    if _busy(MEASURE):
        return
    with st.popover(
        label, icon=":material/speed:", key="measure-form", type="primary" if primary else "secondary", width="content"
    ):
        st.markdown(t("measure_lead"))
        split = st.segmented_control(
            t("split"), SPLITS, default=SPLITS[0], format_func=lambda s: t(f"split_{s}"), key="ask_split",
            required=True, help=t("split_help"),
        )  # fmt: skip
        days = st.pills(
            t("ask_days"), list(range(shell.horizon_day())), selection_mode="multi", default=[0],
            format_func=observed, key="ask_days",
        )  # fmt: skip
        ablate = st.toggle(t("ask_ablate"), True, key="ask_ablate")
        curve = st.toggle(t("ask_curve"), False, key="ask_curve")
        count = space.store.counts()["videos"]
        if days:
            low, high = (_minutes(share, count, len(days), ablate, curve) for share in _MINUTES)
            st.caption(t("ask_cost", low=low, high=high))
        else:
            st.caption(t("ask_none"))
        st.button(
            t("go_measure"), type="primary", icon=":material/play_arrow:", key="go_measure", disabled=not days,
            on_click=_measure, args=[space, split or SPLITS[0], sorted(days), ablate, curve],
        )  # fmt: skip


def train_button(space: Workspace) -> None:
    """A button that opens training; none while that is under way."""
    if _busy(TRAIN):
        return
    with st.popover(t("train_head"), icon=":material/model_training:", key="train-form", width="content"):
        st.markdown(t("train_lead"))
        with st.container(horizontal=True):
            seed = st.number_input(t("ask_seed"), 0, 2**31 - 1, 0, key="ask_seed", width=150)
            day = st.number_input(t("ask_day"), 2, 60, shell.horizon_day(), key="ask_day", width=150)
        empty = space.store.counts()["videos"] == 0
        if empty:
            st.info(t("empty_market"), icon=":material/inbox:")
        st.button(
            t("go_train"), type="primary", icon=":material/play_arrow:", key="go_train", disabled=empty,
            on_click=_train, args=[space, int(seed), int(day)],
        )  # fmt: skip


def _busy(kind: str) -> bool:
    job = tasks.jobs().current(kind)
    return job is not None and job.is_running


def _measure(space: Workspace, split: str, days: list[int], ablate: bool, curve: bool) -> None:
    def work(progress: Progress) -> list[str]:
        from mtaf_core.evaluation.market import evaluate_days
        from mtaf_core.evaluation.protocol import Settings

        asked = Settings(split=split, ablate=ablate, learning_curve=curve)  # type: ignore[arg-type]
        return evaluate_days(space, asked, days, progress=progress)

    with shell.guarded():
        tasks.jobs().start(MEASURE, space.info.name, work)


def _train(space: Workspace, seed: int, day: int) -> None:
    device = shell.forecaster().device

    def work(progress: Progress) -> str:
        from mtaf_core.pipeline import train_market

        return train_market(space, day, seed, device, progress).path.name

    with shell.guarded():
        tasks.jobs().start(TRAIN, space.info.name, work)


def _minutes(each: float, videos: int, days: int, ablate: bool, curve: bool) -> int:
    """A guess of the minutes it takes: never none, and rounded up."""
    parts = 1.0 + 0.5 * ablate + 1.0 * curve
    return max(1, round(0.5 + each * max(videos, 300) / 1_000 * days * parts))
