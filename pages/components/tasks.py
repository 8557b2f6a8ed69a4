"""Long work behind the pages: started here, watched by whichever page is open, found again after a refresh."""

from collections.abc import Sequence

import streamlit as st

from mtaf_core.background import Job, Jobs, Look
from mtaf_core.workspace import default_path
from pages.components.words import WORDS, t, told

POLL_S = 0.7


@st.cache_resource(max_entries=16, show_spinner=False)
def _jobs(path: str) -> Jobs:
    return Jobs(default_path() / "logs")


def jobs() -> Jobs:
    """The work under way on the workspace in use, shared by every session of this server."""
    return _jobs(str(default_path()))


def watch(job: Job, heading: str, stages: Sequence[str], stop_label: str) -> None:
    """Show how far ``job`` is, with a button to stop it, until it ends; then run the page again."""

    @st.fragment(run_every=POLL_S)
    def tick() -> None:
        look = job.look()
        if look.state != "running":
            st.rerun()
        with st.container(border=True, key=f"card-job-{job.kind}"):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.markdown(f"##### {heading}", anchors=False, width="content")
                st.button(
                    stop_label, icon=":material/stop_circle:", key=f"stop-{job.kind}", on_click=job.stop,
                    disabled=look.stopping,
                )  # fmt: skip
            _draw(look, stages)

    tick()


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
    seconds = round(look.seconds)
    said = [t("job_time", time=f"{seconds // 60}:{seconds % 60:02d}")]
    if step and step.note:
        said.insert(0, t(f"rows_{step.note}") if f"rows_{step.note}" in WORDS else step.note.replace("[", "\\["))
    st.progress(share, t("stopping") if look.stopping else " · ".join(said))
