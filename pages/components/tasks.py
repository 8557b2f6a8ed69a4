"""Long work behind the pages: started here, watched by whichever page is open, found again after a refresh."""

from collections.abc import Sequence

import streamlit as st

from mtaf_core.background import Job, Jobs, Look
from mtaf_core.jobs import Step
from mtaf_core.workspace import default_path
from pages.components.words import WORDS, t, told

POLL_S = 0.7


@st.cache_resource(max_entries=16, show_spinner=False)
def _jobs(path: str) -> Jobs:
    return Jobs(default_path() / "logs")


def jobs() -> Jobs:
    """The work under way on the workspace in use, shared by every session of this server."""
    return _jobs(str(default_path()))


def watch(job: Job, heading: str, stages: Sequence[str], stop_label: str, pauses: bool = False, note: str = "") -> None:
    """Show how far ``job`` is until it ends; then run the page again.

    Parameters
    ----------
    stop_label : str
        Of the button that ends it.
    pauses : bool, default False
        Whether it can stand still for a while: then there is a button to pause and to resume it.
    note : str
        What stopping, or pausing, means for what is done so far.
    """

    @st.fragment(run_every=POLL_S)
    def tick() -> None:
        look = job.look()
        if look.state != "running":
            st.rerun()
        with st.container(border=True, key=f"card-job-{job.kind}"):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.markdown(f"##### {heading}", anchors=False, width="content")
                _buttons(job, look, stop_label, pauses)
            _draw(look, stages)
            if note:
                st.caption(note)

    tick()


def _buttons(job: Job, look: Look, stop_label: str, pauses: bool) -> None:
    with st.container(horizontal=True, width="content"):
        if pauses and (look.paused or look.pausing):
            st.button(
                t("resume"), icon=":material/play_arrow:", key=f"resume-{job.kind}", on_click=job.resume, type="primary"
            )
        elif pauses:
            st.button(
                t("pause"), icon=":material/pause:", key=f"pause-{job.kind}", on_click=job.pause,
                disabled=look.stopping,
            )  # fmt: skip
        st.button(
            stop_label, icon=":material/stop_circle:", key=f"stop-{job.kind}", on_click=job.stop,
            disabled=look.stopping,
        )  # fmt: skip


def failure(look: Look) -> None:
    """Say why a piece of work failed, in one sentence."""
    if look.error:
        st.error(told(look.error), icon=":material/error:")
    else:
        st.error(t("fault", reference=look.reference), icon=":material/bug_report:")


def _draw(look: Look, stages: Sequence[str]) -> None:
    step = look.step
    at = stages.index(step.stage) if step and step.stage in stages else 0
    if len(stages) > 1:
        marks = [("check_circle", "green")] * at + [("pending", "primary")]
        marks += [("radio_button_unchecked", "gray")] * (len(stages) - at - 1)
        st.markdown(
            "&emsp;".join(
                f":{colour}[:material/{icon}:] {t(f'stage_{stage}')}"
                for stage, (icon, colour) in zip(stages, marks, strict=True)
            )
        )
    share = min(step.done / step.total, 1.0) if step and step.total else 0.0
    st.progress(share, _said(look))


def _said(look: Look) -> str:
    """What stands over the bar: how far, for how long, and how long it still takes."""
    if look.stopping:
        return t("stopping")
    said = [t("job_time", time=clock(look.seconds))]
    counted = f"count_{look.step.stage}" if look.step else ""
    if look.step and counted in WORDS:
        done, total = f"{look.step.done:,}", f"{look.step.total:,}"
        said.insert(0, t(counted, done=done, total=total, note=_note(look.step)).removesuffix(" · "))
        if look.left_s is not None:
            said.append(t("job_left", time=clock(look.left_s)))
    elif note := _note(look.step):
        said.insert(0, note)
    if look.paused or look.pausing:
        said.insert(0, t("paused" if look.paused else "pausing"))
    return " · ".join(said)


def _note(step: Step | None) -> str:
    if step is None or not step.note:
        return ""
    return t(f"rows_{step.note}") if f"rows_{step.note}" in WORDS else step.note.replace("[", "\\[")


def clock(seconds: float) -> str:
    """A length of time as people read it off a clock: ``0:07``, ``12:30``, ``1:02:03``."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
