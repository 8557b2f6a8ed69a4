"""Choosing the clip to judge: an upload, kept on disk and dropped from memory, or a sample of the workspace."""

import io
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st

from mtaf_core.content import media, shelf, stills
from mtaf_core.content.excerpt import part
from mtaf_core.errors import BadMedia, MtafError
from mtaf_core.insight import recent
from mtaf_core.limits import MAX_UPLOAD_BYTES
from mtaf_core.workspace import Sample, Workspace
from pages.components import analysing, candidate_form, notices, recents, shell, uploads
from pages.components.plain_text import plain
from pages.components.words import t, told

PLAYED_WHOLE = 16 * 1024**2
"""Clips up to this many bytes are played whole; of longer ones, the part that the forecast looked at."""

CHANGING = "change_clip"
"""Key of the popover in which another clip is chosen; it closes when one was."""
KEEP = "keep_form"
"""Key of the toggle by which a sample takes the clip's place and leaves the form as it is."""

BASELINE = "baseline"
"""Key under which Check a video keeps the forecast that changes are compared with."""
_CLIP, _ROUND, _ERROR = "clip", "upload_round", "clip_error"
_SAMPLE, _UPLOADED, _LINKED = "sample", "clip", "sample_linked"
_DIGITS = 16
"""How much of an upload's hash stands in the address."""
_WORDS, ALONE = "words_alone", "words"
"""What stands in the address for words without a clip (``clip=words``)."""


@dataclass(frozen=True)
class Clip:
    """The clip on the page: where it is, what it is called, and whether it came as a sample."""

    path: Path
    name: str
    content_hash: str
    is_sample: bool = False


def chosen() -> Clip | None:
    """The clip of this session, if one was chosen; one that has made room for others since is put away and said so."""
    clip: Clip | None = st.session_state.get(_CLIP)
    if clip is not None and not clip.path.is_file():
        refuse(t("clip_gone", name=plain(clip.name)))
        return None
    if clip is not None and not clip.is_sample:
        shelf.touch(clip.path)
    return clip


def find(space: Workspace, content_hash: str) -> Clip | None:
    """The clip of a content hash: the one of this session, a sample, or an upload that is still kept.

    Of an upload, the first 16 digits or more do.
    """
    if not re.fullmatch(rf"[0-9a-f]{{{_DIGITS},64}}", content_hash):
        return None
    clip = chosen()
    if clip is not None and clip.content_hash == content_hash:
        return clip
    for sample in space.samples():
        if media.content_hash(sample.path) == content_hash:
            return Clip(sample.path, sample.title, content_hash, is_sample=True)
    for suffix in uploads.SUFFIXES:
        for path in space.upload_dir.glob(f"{content_hash}*.{suffix}"):
            return Clip(path, recent.name_of(space, path.stem), path.stem)
    return None


def choose(space: Workspace, content_hash: str) -> bool:
    """Put a clip that was chosen before on the page again, or words alone where there is no hash.

    False, and nothing changes, where the clip is no longer kept.
    """
    if not content_hash:
        score_words()
        return True
    clip = find(space, content_hash)
    if clip is not None:
        st.session_state[_CLIP] = clip
        st.session_state.pop(_WORDS, None)
    return clip is not None


def publish(clip: Clip | None, *, alone: bool = False) -> None:
    """Keep the address in step with the clip on the page; None for an address that names it otherwise, or none."""
    said: dict[str, str] = {_UPLOADED: ALONE} if alone else {}
    if clip is not None:
        said = {_SAMPLE: clip.path.stem} if clip.is_sample else {_UPLOADED: clip.content_hash[:_DIGITS]}
    for name in (_SAMPLE, _UPLOADED):
        if name not in said:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != said[name]:
            st.query_params[name] = said[name]


def words_alone(description: str, tags: Sequence[str]) -> bool:
    """Whether this session judges these words without a clip; not where there are none."""
    return bool((description or tags) and st.session_state.get(_WORDS)) and _CLIP not in st.session_state


def score_words() -> None:
    """Put the clip away, and judge words without one until another is chosen."""
    st.session_state.pop(_CLIP, None)
    st.session_state[_WORDS] = True
    st.session_state[CHANGING] = False


def put(stored: uploads.Stored) -> None:
    """Put a file that was kept on the page."""
    st.session_state[_CLIP] = Clip(stored.path, stored.name, stored.content_hash)
    analysing.afresh(stored.content_hash)


def refuse(sentence: str) -> None:
    """Put the clip away and say why where clips are chosen."""
    st.session_state.pop(_CLIP, None)
    st.session_state.pop(_WORDS, None)
    st.session_state[_ERROR] = sentence


def show(space: Workspace, on_sample: Callable[[Sample], None]) -> None:
    """The uploader and the shelves of samples and of earlier uploads; a choice is found by `chosen` on the next run.

    Parameters
    ----------
    on_sample : callable
        Told of a sample before the page runs again, to fill in the form; not where the form is to be kept.
    """
    shell.forecaster().wake()
    if sentence := st.session_state.pop(_ERROR, None):
        st.error(sentence, icon=":material/error:")
    turn = st.session_state.get(_ROUND, 0)
    if chosen() is not None:
        st.toggle(t("keep_form"), True, key=KEEP, help=t("keep_form_help"))
    st.file_uploader(
        t("upload"),
        type=list(uploads.SUFFIXES),
        max_upload_size=MAX_UPLOAD_BYTES // 1024**2,
        help=t("upload_help", size=uploads.limit_words()),
        key=f"upload_{turn}",
        on_change=_take,
        args=[space, turn],
    )
    _samples(space, on_sample)
    recents.show(space, partial(_open, space), _gone, _poster)


def _samples(space: Workspace, on_sample: Callable[[Sample], None]) -> None:
    samples = space.samples()
    st.markdown(f"##### {t('samples_head')}")
    if not samples:
        st.caption(t("no_samples"))
        return
    with st.container(horizontal=True, wrap=False, key="samples", gap="small"):
        for place, sample in enumerate(samples):
            with st.container(width=132):
                if picture := poster(sample.path):
                    st.image(picture, width="stretch")
                st.button(
                    sample.title,
                    key=f"sample_{place}",
                    width="stretch",
                    help=sample.description,
                    on_click=_take_sample,
                    args=[sample, on_sample],
                )


def play(clip: Clip, space: Workspace, at_s: int = 0) -> None:
    """Show a picture, or what is released of a video or song in a player that stands at a second of that."""
    take, path, lead_s = candidate_form.take_of(clip.content_hash), clip.path, 0.0
    begins_s = take.start_s
    try:
        if stills.kind(path) == "picture":
            _show_picture(clip)
            return
        whole = path.stat().st_size <= PLAYED_WHOLE
        if not whole:
            path, lead_s = part(clip.path, space.cache_dir / "excerpts", take.start_s)
            begins_s = lead_s
    except FileNotFoundError:
        st.caption(t("clip_gone", name=plain(clip.name)))
        return
    except BadMedia as error:
        st.caption(told(error))
        return
    # A player knows whole seconds only.
    end_s = None if take.end_s is None else math.ceil(begins_s + take.end_s - take.start_s)
    if path.suffix.lower().lstrip(".") in uploads.SONGS:
        st.audio(str(path), alt=clip.name, start_time=int(begins_s + at_s), end_time=end_s)
    else:
        st.video(str(path), alt=clip.name, start_time=int(begins_s + at_s), end_time=end_s, muted=take.muted)
    if not whole:
        st.caption(t("excerpt"))


def _show_picture(clip: Clip) -> None:
    """The picture as it is; as it was read where it has colours that no browser shows, such as 16 bits of grey."""
    try:
        st.image(str(clip.path), alt=clip.name, width="stretch")
    except FileNotFoundError:
        raise
    except OSError:
        st.image(stills.read(clip.path).frames[0], alt=clip.name, width="stretch")


def _take(space: Workspace, turn: int) -> None:
    """Move an upload to disk before the page runs, and give the uploader a new key.

    The uploader's return value would be a second copy in memory; a callback sees the first one.
    """
    file = next(iter(uploads.there(f"upload_{turn}")), None)
    if file is None:
        return
    try:
        stored = uploads.receive(file, file.name, space.upload_dir)
    except MtafError as error:
        refuse(told(error))
    except Exception as error:
        refuse(t("fault", reference=shell.record(error)))
    else:
        _open(space, stored.content_hash)
        recents.tidy(space)
    finally:
        uploads.let_go(file)
    st.session_state[_ROUND] = turn + 1
    st.session_state[CHANGING] = False


def take_linked(space: Workspace, on_sample: Callable[[Sample], None]) -> None:
    """Take the clip that the address names (``?sample=…``, ``?clip=…``), on the first run of a session."""
    if _LINKED in st.session_state:
        return
    st.session_state[_LINKED] = True
    asked, uploaded = st.query_params.get(_SAMPLE), st.query_params.get(_UPLOADED)
    for sample in space.samples() if asked is not None else ():
        if sample.path.stem == asked:
            _take_sample(sample, on_sample)
            return
    if uploaded == ALONE:
        score_words()
    elif asked is not None or (uploaded is not None and not choose(space, uploaded)):
        notices.say(t("link_clip_gone"))


def _take_sample(sample: Sample, on_sample: Callable[[Sample], None]) -> None:
    st.session_state[CHANGING] = False
    st.session_state[_CLIP] = Clip(sample.path, sample.title, media.content_hash(sample.path), is_sample=True)
    analysing.afresh(media.content_hash(sample.path))
    if not st.session_state.get(KEEP):
        on_sample(sample)


def poster(path: Path) -> bytes | None:
    """A frame of a clip as JPEG; None where it has no picture."""
    return _poster(str(path), path.stat().st_mtime_ns)


def _open(space: Workspace, content_hash: str) -> None:
    """Put an upload on the page."""
    st.session_state[CHANGING] = False
    analysing.afresh(content_hash)
    choose(space, content_hash)


def _gone(content_hash: str) -> None:
    """Put away an upload that was deleted."""
    clip: Clip | None = st.session_state.get(_CLIP)
    if clip is not None and clip.content_hash == content_hash and not clip.is_sample:
        del st.session_state[_CLIP]


@st.cache_data(max_entries=128, show_spinner=False)
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
