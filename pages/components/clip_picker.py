"""Choosing the clip to judge: an upload, kept on disk and dropped from memory, or a sample of the workspace."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from mtaf_core.content import media
from mtaf_core.errors import BadMedia, MtafError
from mtaf_core.limits import MAX_UPLOAD_BYTES
from mtaf_core.workspace import Sample, Workspace
from pages.components import shell, uploads
from pages.components.words import t

_CLIP, _ROUND, _ERROR = "clip", "upload_round", "clip_error"


@dataclass(frozen=True)
class Clip:
    """The clip on the page: where it is, what it is called, and whether it came as a sample."""

    path: Path
    name: str
    content_hash: str
    is_sample: bool = False


def chosen() -> Clip | None:
    """The clip of this session, if one was chosen."""
    clip: Clip | None = st.session_state.get(_CLIP)
    return clip


def refuse(sentence: str) -> None:
    """Put the clip away and say why where clips are chosen."""
    st.session_state.pop(_CLIP, None)
    st.session_state[_ERROR] = sentence


def show(space: Workspace, on_sample: Callable[[Sample], None]) -> None:
    """The uploader and the shelf of samples; a choice is found by `chosen` on the next run.

    Parameters
    ----------
    on_sample : callable
        Told of a sample before the page runs again, to fill in the form.
    """
    if sentence := st.session_state.pop(_ERROR, None):
        st.error(sentence, icon=":material/error:")
    turn = st.session_state.get(_ROUND, 0)
    file = st.file_uploader(
        t("upload"),
        type=list(uploads.SUFFIXES),
        # Above the limit, so that a file past it is refused in our sentence rather than by the widget's.
        max_upload_size=MAX_UPLOAD_BYTES // 1024**2,
        help=t("upload_help", size=uploads.limit_words()),
        key=f"upload_{turn}",
    )
    if file is not None:
        _take(file, file.name, space, turn)
    samples = space.samples()
    st.markdown(f"##### {t('samples_head')}")
    if not samples:
        st.caption(t("no_samples"))
        return
    with st.container(horizontal=True, wrap=False, key="samples", gap="small"):
        for place, sample in enumerate(samples):
            with st.container(width=132):
                if picture := _poster(str(sample.path), sample.path.stat().st_mtime_ns):
                    st.image(picture, width="stretch")
                st.button(
                    sample.title,
                    key=f"sample_{place}",
                    width="stretch",
                    help=sample.description,
                    on_click=_take_sample,
                    args=[sample, on_sample],
                )


def _take(file: io.BytesIO, name: str, space: Workspace, turn: int) -> None:
    """Move an upload to disk, and give the uploader a new key so that its buffer is let go."""
    try:
        with st.spinner(t("receiving", name=name)):
            stored = uploads.receive(file, name, space.upload_dir)
    except MtafError as error:
        refuse(str(error))
    else:
        st.session_state[_CLIP] = Clip(stored.path, stored.name, stored.content_hash)
    st.session_state[_ROUND] = turn + 1
    st.rerun()


def _take_sample(sample: Sample, on_sample: Callable[[Sample], None]) -> None:
    st.session_state[_CLIP] = Clip(sample.path, sample.title, media.content_hash(sample.path), is_sample=True)
    on_sample(sample)


@st.cache_data(max_entries=64, show_spinner=False)
def _poster(path: str, stamp: int) -> bytes | None:
    """A frame of the clip as JPEG; None where it has no picture."""
    from PIL import Image

    try:
        frames = media.decode(path, window_s=2.0, sample_rates=()).frames
    except BadMedia as error:
        shell.record(error)
        return None
    if frames is None:
        return None
    jpeg = io.BytesIO()
    Image.fromarray(frames[len(frames) // 2]).save(jpeg, "JPEG", quality=82)
    return jpeg.getvalue()
