"""The reasons of a forecast, one after another as they are worked out, and kept for whoever asks again."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, cast

from mtaf_core.content import media
from mtaf_core.content.backbones import AudioBackbone, TextBackbone, VisualBackbone
from mtaf_core.content.clip import Clip
from mtaf_core.content.extract import Content
from mtaf_core.data.frame import Candidate
from mtaf_core.insight.case import Case
from mtaf_core.insight.forecast import Forecaster
from mtaf_core.insight.salience import clip as moments
from mtaf_core.insight.salience.clip import Heard, Heat, Moments, Seen
from mtaf_core.insight.salience.context import context, usual
from mtaf_core.insight.salience.words import words
from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.limits import WINDOW_S
from mtaf_core.schema import Modality

STAGES: tuple[str, ...] = ("context", "words", "sound", "picture", "heat")
CLIPS_KEPT = 4
"""Clips whose frames and blocks are kept: about 4 MB each."""
REASONS_KEPT = 128

Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class Picture:
    """The frames of a clip and what each adds; ``moments`` is None where the model does not see them."""

    seen: Seen
    moments: Moments | None


@dataclass(frozen=True, eq=False)
class Sound:
    """The blocks of a clip's sound and what each adds; ``moments`` is None where the model does not hear them."""

    heard: Heard
    moments: Moments | None


class Explainer:
    """Works out reasons with the networks of a forecaster, and keeps the latest ones. Safe to share between threads.

    What is kept is kept by the clip's content, its words, the rest of the release, the bundle and the state of the
    tables, so that nothing is ever told of another release.

    Parameters
    ----------
    forecaster : Forecaster
    """

    def __init__(self, forecaster: Forecaster) -> None:
        self._forecaster = forecaster
        self._guard = threading.Lock()
        self._clips: OrderedDict[Hashable, Any] = OrderedDict()
        self._found: OrderedDict[Hashable, Any] = OrderedDict()

    def explained(
        self, content: Content, candidate: Candidate, frame: int | None = None, progress: Progress = silent
    ) -> Iterator[tuple[str, Any]]:
        """Every reason there is, by stage, as soon as it is there.

        Parameters
        ----------
        content : Content
            From `Forecaster.analyse`; its clip's file is read again for frames and sound.
        candidate : Candidate
        frame : int, optional
            Of the heat map; the one with the largest share where it is not given.
        progress : Progress
            May raise `Cancelled`; what was finished before is kept.

        Yields
        ------
        (str, Context, Words, Sound, Picture or Heat)
            In the order of `STAGES`; a stage of which there is nothing to tell is left out.

        Raises
        ------
        BadInput, BadMedia, WeightsMissing
            As `Forecaster.analyse` and `Forecaster.forecast`.
        """
        case = self._forecaster.case(content, candidate)
        key = self._key(case, content, candidate)
        backbone = self._forecaster.extractor.backbone

        def told(stage: str, find: Callable[[], Any], more: Hashable = None) -> Iterator[tuple[str, Any]]:
            found = self._kept(
                self._found, (stage, more, *key), find, REASONS_KEPT, partial(progress, Step(stage, 0, 1))
            )
            if found is not None:
                yield stage, found

        workspace = self._forecaster.workspace
        yield from told("context", lambda: context(case, usual(workspace), progress))
        yield from told("words", lambda: words(case, cast(TextBackbone, backbone(Modality.TEXT)), progress))
        if content.clip is None:
            return
        read = self._read(content.clip, progress)
        yield from told("sound", lambda: self._sound(case, read, progress))
        for stage, found in told("picture", lambda: self._picture(case, read, progress)):
            yield stage, found
            if found.moments is not None:
                largest = int(abs(found.moments.share).argmax())
                chosen = min(max(largest if frame is None else frame, 0), len(found.seen.frames) - 1)
                yield from told("heat", partial(self._heat, case, found.seen, chosen, progress), chosen)

    def _heat(self, case: Case, seen: Seen, frame: int, progress: Progress) -> Heat:
        network = cast(VisualBackbone, self._forecaster.extractor.backbone(Modality.VISUAL))
        return moments.heat(case, seen, frame, network, progress)

    def _read(self, clip: Clip, progress: Progress) -> tuple[Seen | None, Heard | None]:
        """Every frame and every block of a take by itself."""
        extractor, window_s = self._forecaster.extractor, min(clip.duration_s or WINDOW_S, WINDOW_S)

        def find() -> tuple[Seen | None, Heard | None]:
            audio = cast(AudioBackbone, extractor.backbone(Modality.AUDIO))
            decoded = media.decode(
                clip.path, window_s, (audio.spec.sample_rate or 16_000,), start_s=clip.start_s, digest=clip.content_hash
            )
            progress(Step("decode", 1, 1))
            visual = cast(VisualBackbone, extractor.backbone(Modality.VISUAL))
            return moments.seen(decoded, visual, progress), moments.heard(decoded, audio, progress)

        seen, heard = self._kept(
            self._clips,
            (clip.content_hash, clip.start_s, window_s, extractor.profile),
            find,
            CLIPS_KEPT,
            partial(progress, Step("decode", 0, 1)),
        )
        return seen, heard if clip.has_sound else None  # it may have been taken away

    def _sound(self, case: Case, read: tuple[Seen | None, Heard | None], progress: Progress) -> Sound | None:
        audio = cast(AudioBackbone, self._forecaster.extractor.backbone(Modality.AUDIO))
        heard = read[1]
        return None if heard is None else Sound(heard, moments.seconds(case, heard, audio, progress))

    def _picture(self, case: Case, read: tuple[Seen | None, Heard | None], progress: Progress) -> Picture | None:
        seen = read[0]
        return None if seen is None else Picture(seen, moments.frames(case, seen, progress))

    def _key(self, case: Case, content: Content, candidate: Candidate) -> tuple[Hashable, ...]:
        clip = content.clip
        taken = (clip.content_hash, clip.start_s, clip.duration_s, clip.has_sound) if clip else ()
        vectors = tuple(None if v is None else v.tobytes() for v in content.vectors.values())
        state = self._forecaster.workspace.store.state
        return (case.bundle.path.name, state, taken, hash(vectors), repr(candidate))

    def _kept(
        self,
        shelf: OrderedDict[Hashable, Any],
        key: Hashable,
        find: Callable[[], Result],
        most: int,
        report: Callable[[], None],
    ) -> Result:
        """What is on a shelf, or what ``find`` says, put there; only work that is still to be done is reported."""
        with self._guard:
            if key in shelf:
                shelf.move_to_end(key)
                return cast(Result, shelf[key])
        report()
        found = find()
        with self._guard:
            shelf[key] = found
            while len(shelf) > most:
                shelf.popitem(last=False)
        return found
