"""Asking the model about many versions of a release at once, each with the content that its edits give it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

import streamlit as st

from mtaf_core.content.extract import Content
from mtaf_core.content.take import Take
from mtaf_core.content.text import compose
from mtaf_core.errors import BadMedia
from mtaf_core.insight import sweeps
from mtaf_core.insight.forecast import Scores
from mtaf_core.insight.guard import Mark
from mtaf_core.insight.whatif import with_edit
from mtaf_core.jobs import Progress, silent
from mtaf_core.workspace import Workspace
from pages.components import check_levers, check_marks, clip_picker, shell
from pages.components.candidate_form import Brief
from pages.components.check_levers import Material
from pages.components.words import t

READ, KEPT = 12, 24
"""Takes of clips, and answers, that a session keeps."""
_TAKES, _ANSWERS = "asked_takes", "asked_answers"

Found = TypeVar("Found")


class Asker:
    """Scores of a release with edits made. Only what an edit is about is worked out again.

    Edits to the facts around a video read nothing; other words are embedded, all in one batch; another part of the clip
    is read once a session, and a mute reads nothing.

    Parameters
    ----------
    content : Content
        Of ``brief``.
    """

    def __init__(self, space: Workspace, content: Content, brief: Brief) -> None:
        self._space, self._content, self.brief = space, content, brief
        self._contents: dict[tuple[Take, str, tuple[str, ...]], Content] = {_said(brief): content}

    def scores(self, sets: Sequence[Mapping[str, Any]], progress: Progress = silent) -> Scores:
        """The forecast after each set of edits, by levers (`check_levers`)."""
        made = [check_levers.edited(self.brief, edits) for edits in sets]
        releases = [check_levers.release(self.brief, edits, self._space.info.timezone) for edits in sets]
        return sweeps.line(shell.forecaster(), self._contents_of(made, progress), releases, progress)

    def briefs(self, made: Sequence[Brief], progress: Progress = silent) -> Scores:
        """The forecast of each of several briefs."""
        releases = [one.candidate(self._space.info.timezone) for one in made]
        return sweeps.line(shell.forecaster(), self._contents_of(made, progress), releases, progress)

    def outside(self, key: str, values: Sequence[Any], stuff: Material) -> dict[int, list[Mark]]:
        """What is unlike the market about some values of a lever, by their places."""
        zone, releases = self._space.info.timezone, []
        for value in values:
            edits = {key: value}
            release = check_levers.release(self.brief, edits, zone)
            if key in (
                "start",
                "duration",
            ):  # of a part of the clip its length is told beside, which else its content is
                length = check_levers.kept_s(check_levers.edited(self.brief, edits).take, stuff)
                release = with_edit(release, "video_duration", length, zone)
            releases.append(release)
        return check_marks.along(releases)

    def _contents_of(self, briefs: Sequence[Brief], progress: Progress) -> list[Content]:
        new = {_said(brief): brief for brief in briefs if _said(brief) not in self._contents}
        if new:
            ready = shell.forecaster()
            # The vectors stay in the extractor's memory, where `retext` finds them one by one.
            ready.extractor.embed_texts(list({compose(b.description, b.tags): None for b in new.values()}))
            for said, brief in new.items():
                read = self._read(brief.take, progress).taken(brief.take)
                self._contents[said] = ready.retext(read, brief.description, brief.tags)
        found = [self._contents[_said(brief)] for brief in briefs]
        return found[:1] if all(one is found[0] for one in found) else found

    def _read(self, take: Take, progress: Progress) -> Content:
        """What has to be read for a take."""
        if self._content.clip is None or take.read == self.brief.take == self.brief.take.read:
            return self._content

        def find() -> Content:
            clip = clip_picker.find(self._space, take.content_hash)
            if clip is None:
                raise BadMedia(t("clip_gone", name=take.content_hash[:8]))
            brief = self.brief
            return shell.forecaster().analyse(clip.path, brief.description, brief.tags, progress, take.read).light()

        return _kept(_TAKES, (self._space.bundle_path().name, take.read), find, READ)


def kept(space: Workspace, question: Hashable, find: Callable[[], Scores]) -> Scores:
    """The answer to a question about this market and bundle, worked out once a session."""
    key = (str(space.path), space.store.state, space.bundle_path().name, question)
    return _kept(_ANSWERS, key, find, KEPT)


def _said(brief: Brief) -> tuple[Take, str, tuple[str, ...]]:
    return brief.take, brief.description, brief.tags


def _kept(shelf: str, key: Hashable, find: Callable[[], Found], most: int) -> Found:
    held: OrderedDict[Hashable, Found] = st.session_state.setdefault(shelf, OrderedDict())
    if key not in held:
        held[key] = find()
        while len(held) > most:
            held.popitem(last=False)
    held.move_to_end(key)
    return held[key]
