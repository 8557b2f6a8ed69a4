"""Reading the clip on the page as work behind it: begun, found again by any page that shows the clip, stopped."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from mtaf_core.background import Job, Look
from mtaf_core.content.extract import Content
from mtaf_core.content.pace import LATE
from mtaf_core.content.pace import STAGES as READING
from mtaf_core.errors import BadInput, BadMedia
from mtaf_core.insight import recent
from mtaf_core.jobs import Progress
from mtaf_core.workspace import Workspace
from pages.components import shell, tasks
from pages.components.candidate_form import Brief
from pages.components.words import t

PATIENCE_S = 0.3
"""How long a page waits for a clip before it shows how far it is: what is quick is shown at once, without a flicker."""
POLL_S = 0.25
LOADING_POLL_S = 1.0
"""How often a page looks how far a reading is; seldom while models load, since every look costs them time."""
KEPT = 32
"""Clips that were read whose vectors are kept in memory, for the pages that wait for them."""

STAGES = (*READING, "text", "predict")
_PREFIX = "analyse-"


@dataclass(frozen=True, eq=False)
class Read:
    """What was read, and the words it was read with."""

    words: tuple[str, tuple[str, ...]]
    content: Content


def has(space: Workspace, brief: Brief) -> bool:
    """Whether a take is read now, or was and is remembered."""
    job = tasks.jobs().current(_kind(space, brief))
    return job is not None and job.look().state in ("running", "done")


def attend(space: Workspace, brief: Brief, path: Path, name: str) -> Read | None:
    """What is read of a take; None where the page shows how far that is, or why it ended.

    Raises
    ------
    BadMedia
        If the clip cannot be read.
    """
    jobs, kind = tasks.jobs(), _kind(space, brief)
    job = jobs.current(kind) or _start(space, brief, path, name)
    job.wait(max(PATIENCE_S - job.look().seconds, 0.0))
    look = job.look()
    if look.state == "done":
        return job.result if isinstance(job.result, Read) else None
    if isinstance(look.error, BadMedia):
        jobs.put_away(kind)
        raise look.error
    if look.state == "running":
        _watch(job, name)
    else:
        _ended(job, look)
    return None


def afresh(content_hash: str) -> None:
    """Forget readings of a clip that were stopped or failed: whoever chooses it now wants it read."""
    jobs = tasks.jobs()
    for job in jobs.of_kind(_prefix(content_hash)):
        if job.look().state in ("stopped", "failed"):
            jobs.put_away(job.kind)


def stop(content_hash: str) -> None:
    """Stop whatever is read of a clip, and forget what was; for one that is deleted."""
    jobs = tasks.jobs()
    for job in jobs.of_kind(_prefix(content_hash)):
        job.stop()
        job.wait(2.0)
        jobs.put_away(job.kind)


def _start(space: Workspace, brief: Brief, path: Path, name: str) -> Job:
    forecaster, words, take = shell.forecaster(), (brief.description, brief.tags), brief.take.read

    def work(progress: Progress) -> Read:
        content = forecaster.analyse(path, *words, progress, take).light()
        recent.was_read(space, take.content_hash, content.clip.duration_s if content.clip and take.is_whole else None)
        return Read(words, content)

    jobs = tasks.jobs()
    jobs.put_away_old(_PREFIX, KEPT)
    try:
        return jobs.start(_kind(space, brief), name, work)
    except BadInput:  # another page began at the same moment
        job = jobs.current(_kind(space, brief))
        if job is None:
            raise
        return job


def _kind(space: Workspace, brief: Brief) -> str:
    # Another bundle may read clips with other backbones; a part of a clip is read by itself.
    rest = hashlib.sha256(repr((space.bundle_path().name, brief.take.read)).encode()).hexdigest()[:8]
    return f"{_prefix(brief.take.content_hash)}{rest}"


def _prefix(content_hash: str) -> str:
    return f"{_PREFIX}{content_hash[:16]}-"


def _watch(job: Job, name: str) -> None:
    """Show how far the reading is until it ends; then run the page again."""

    loads = _loads(job.look())

    @st.fragment(run_every=LOADING_POLL_S if loads else POLL_S)
    def tick() -> None:
        look = job.look()
        if look.state != "running" or _loads(look) != loads:
            st.rerun()
        with st.container(border=True, key="card-analysing"):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.markdown(f"##### {t('analysing')}", anchors=False, width="content")
                st.button(
                    t("cancel"), icon=":material/stop_circle:", key="stop-analysing", on_click=job.stop,
                    disabled=look.stopping,
                )  # fmt: skip
            _draw(look)
            st.caption(t("analysing_note"))

    tick()


def _loads(look: Look) -> bool:
    return look.step is None or look.step.stage == "wake"


def _draw(look: Look) -> None:
    step = look.step
    stages = [stage for stage in STAGES if stage != "wake" or "wake" in look.stages]
    at = stages.index(step.stage) if step is not None and step.stage in stages else -1
    marks = [("check_circle", "green")] * max(at, 0) + [("pending", "primary")] * (at >= 0)
    marks += [("radio_button_unchecked", "gray")] * (len(stages) - len(marks))
    st.markdown(
        "&emsp;".join(
            f":{colour}[:material/{icon}:]&nbsp;{t(f'stage_{stage}')}"
            for stage, (icon, colour) in zip(stages, marks, strict=True)
        )
    )
    timed = step is not None and step.stage in READING and step.total > 0
    st.progress(min(step.done / step.total, 1.0) if step is not None and timed else 0.0, _said(look))


def _said(look: Look) -> str:
    """What stands over the bar: how long it has been, and how long it still takes, or how many come before."""
    step = look.step
    if look.stopping:
        return t("analysing_stopping")
    said = [t("job_time", time=tasks.clock(look.seconds))]
    if step is not None and step.stage == "wait":
        said.insert(0, t("analysing_ahead", n=step.total) if step.total > 1 else t("analysing_next"))
    elif step is not None and step.note == LATE:
        said.append(t("analysing_late"))
    elif step is not None and step.stage in READING and step.total:
        said.append(t("job_left", time=tasks.clock(max((step.total - step.done) / 1000, 1.0))))
    return " · ".join(said)


def _ended(job: Job, look: Look) -> None:
    """Say why it ended without a result, with a way to begin anew."""
    with st.container(border=True, key="card-analysing-ended"):
        if look.state == "stopped":
            st.markdown(f":material/cancel: {t('analysing_stopped')}")
        else:
            tasks.failure(look)
        st.button(
            t("analysing_again"), icon=":material/refresh:", key="analyse-again", on_click=tasks.jobs().put_away,
            args=[job.kind],
        )  # fmt: skip
