"""From a video and its words to three vectors: decode once, embed three times, remember everything."""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import numpy as np

from mtaf_core.content import backbones, media
from mtaf_core.content.backbones import AudioBackbone, Backbone, BackboneSpec, TextBackbone, VisualBackbone
from mtaf_core.content.cache import VectorCache
from mtaf_core.content.clip import Clip, is_about_sound
from mtaf_core.content.take import Take
from mtaf_core.content.text import compose
from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.schema import CONTENT_MODALITIES, Modality

MUTED = "The sound is muted; the forecast is made without it."
"""What is said of a take without its sound."""

_TEXTS_KEPT = 4096
"""Text vectors kept in memory: 8 MB at 512 numbers each."""


@dataclass(frozen=True, eq=False)
class Content:
    """What one video holds, as vectors.

    Parameters
    ----------
    clip : Clip or None
        None where only text was given. A clip from the cache has facts but no frames and no sound. Its length is that
        of the take.
    vectors : dict of Modality to ndarray of float32, (dimension,), or None
        Text, audio and visual; None where the video has no such modality.
    warnings : tuple of str
        Sentences for a person.
    timings_s : dict of str to float
        Seconds spent on "decode", "text", "audio" and "visual"; loading networks is counted where it was needed.
    """

    clip: Clip | None
    vectors: dict[Modality, np.ndarray | None]
    warnings: tuple[str, ...] = ()
    timings_s: dict[str, float] = field(default_factory=dict)

    def taken(self, take: Take) -> "Content":
        """The content of ``take`` from this, that of what has to be read for it (`Take.read`); reads nothing."""
        if self.clip is None:
            return self
        clip, vectors, warnings = self.clip, self.vectors, self.warnings
        if take.end_s is not None and clip.duration_s is not None:
            clip = replace(clip, duration_s=min(clip.duration_s, take.end_s - take.start_s))
        if take.muted:
            clip = replace(clip, sound=None, has_sound=False)
            vectors = {**vectors, Modality.AUDIO: None}
            warnings = (*(said for said in warnings if not is_about_sound(said)), MUTED)
        return replace(self, clip=clip, vectors=vectors, warnings=warnings)

    def light(self) -> "Content":
        """The vectors and facts without frames and sound, which a forecast needs no more."""
        return self if self.clip is None else replace(self, clip=replace(self.clip, frames=None, sound=None))


class Extractor:
    """Embeds videos with the backbones of one profile. Safe to share between threads; loads nothing until needed.

    Parameters
    ----------
    profile : str, default "compact"
        A key of `backbones.PROFILES`.
    device : {"auto", "cpu", "cuda", "mps"}, default "auto"
    cache_dir : Path, optional
        Where vectors and clip facts are kept between runs; nothing is kept without it.
    weights_dir : Path, optional
        Default `backbones.default_dir`.

    Attributes
    ----------
    specs : dict of Modality to BackboneSpec
    settings : dict
        Plain values that make another like it, in another process for instance.

    Raises
    ------
    BadInput
        If there is no such profile or device. Whether the device is on this machine shows at the first need.
    """

    def __init__(
        self,
        profile: str = "compact",
        device: str = "auto",
        cache_dir: str | Path | None = None,
        weights_dir: str | Path | None = None,
    ) -> None:
        self.profile = profile
        self.specs: dict[Modality, BackboneSpec] = dict(backbones.profile_specs(profile))
        self._wish = backbones.check_device(device)
        self._weights_dir = Path(weights_dir) if weights_dir is not None else None
        self.settings: dict[str, str | None] = {
            "profile": profile,
            "device": device,
            "cache_dir": str(Path(cache_dir).absolute()) if cache_dir is not None else None,
            "weights_dir": str(self._weights_dir.absolute()) if self._weights_dir is not None else None,
        }
        self._cache = VectorCache(Path(cache_dir) if cache_dir is not None else None)
        self._loaded: dict[Modality, Backbone] = {}
        self._loading = {modality: threading.Lock() for modality in CONTENT_MODALITIES}
        self._texts: OrderedDict[str, np.ndarray] = OrderedDict()
        self._texts_lock = threading.Lock()

    def backbone(self, modality: Modality) -> Backbone:
        """Return the network of a modality, loading it on first need.

        Raises
        ------
        WeightsMissing
            If its weights are not on this machine or do not fit.
        """
        with self._loading[modality]:
            if modality not in self._loaded:
                self._loaded[modality] = backbones.load(self.profile, modality, self._wish, self._weights_dir)
            return self._loaded[modality]

    def warm_up(self, of: Iterable[Modality] = CONTENT_MODALITIES) -> None:
        """Load networks and run each once, so that the first video is as fast as the next."""
        if Modality.TEXT in of:
            cast(TextBackbone, self.backbone(Modality.TEXT)).embed(["warm up"])
        if Modality.AUDIO in of:
            audio = cast(AudioBackbone, self.backbone(Modality.AUDIO))
            audio.embed(np.zeros(audio.spec.sample_rate or 16_000, np.float32))
        if Modality.VISUAL in of:
            cast(VisualBackbone, self.backbone(Modality.VISUAL)).embed(np.zeros((1, 256, 256, 3), np.uint8))

    def embed_clip(
        self,
        path: str | Path | None,
        description: str = "",
        tags: Iterable[str] = (),
        progress: Progress = silent,
        take: Take | None = None,
    ) -> Content:
        """Decode a video once and embed its text, sound and picture.

        Parameters
        ----------
        path : str, Path or None
            The video; None to embed the text alone.
        description : str, default ""
        tags : iterable of str, default ()
        progress : Progress
            Called at the start of the stages "decode", "text", "audio" and "visual"; may raise `Cancelled`.
        take : Take, optional
            What of the video is released; all of it where it is not given. Without a hash in it the file is hashed.

        Returns
        -------
        Content

        Raises
        ------
        BadMedia
            If the file cannot be read as a video, or ends before the take begins.
        WeightsMissing
            If weights are not on this machine.
        """
        take = take or Take()
        watch = _Watch(progress)
        warnings: list[str] = []
        vectors: dict[Modality, np.ndarray | None] = dict.fromkeys(CONTENT_MODALITIES)
        clip: Clip | None = None
        if path is not None:
            with watch.stage("decode"):
                if not take.content_hash:
                    take = replace(take, content_hash=media.content_hash(path))
                clip, known = self._see(Path(path), take.read, warnings)
            vectors.update(known)
        with watch.stage("text"):
            vectors[Modality.TEXT] = self._embed_composed([compose(description, tags)], warnings)[0]
        for modality in (Modality.AUDIO, Modality.VISUAL):
            with watch.stage(modality.value):
                if clip is not None and vectors[modality] is None:
                    vectors[modality] = self._embed_part(modality, clip, take.read.key, warnings)
        return Content(clip, vectors, tuple(dict.fromkeys(warnings)), watch.seconds).taken(take)

    def embed_text(self, description: str, tags: Iterable[str] = ()) -> np.ndarray | None:
        """Embed description and tags, (dimension,) float32; None where there is no text."""
        return self._embed_composed([compose(description, tags)], [])[0]

    def embed_texts(self, texts: Sequence[str | None]) -> np.ndarray:
        """Embed many texts as `compose` gives them, (n, dimension) float32; NaN rows where there is no text."""
        rows = np.full((len(texts), self.specs[Modality.TEXT].dimension), np.nan, np.float32)
        for row, vector in zip(rows, self._embed_composed([text or "" for text in texts], []), strict=True):
            if vector is not None:
                row[:] = vector
        return rows

    def recall(self, path: str | Path, take: Take) -> Content | None:
        """What the cache says of a take read before, its text aside; None where anything is to be read anew.

        Parameters
        ----------
        path : str or Path
        take : Take
            With the hash of the file.
        """
        clip, known = self._recall(Path(path), take.read)
        return Content(clip, {Modality.TEXT: None, **known}, clip.warnings).taken(take) if clip is not None else None

    def _recall(self, path: Path, take: Take) -> tuple[Clip | None, dict[Modality, np.ndarray | None]]:
        """The facts of a take, None unless everything needed of it is cached, and the vectors that are."""
        known = {
            modality: self._cache.get(self.specs[modality].name, take.key, self.specs[modality].dimension)
            for modality in (Modality.AUDIO, Modality.VISUAL)
        }
        clip = self._cache.get_clip(path, take)
        complete = clip is not None and all(
            known[modality] is not None or not present
            for modality, present in ((Modality.AUDIO, clip.has_sound), (Modality.VISUAL, clip.has_picture))
        )
        return (clip if complete else None), known

    def _see(self, path: Path, take: Take, warnings: list[str]) -> tuple[Clip, dict[Modality, np.ndarray | None]]:
        """Decode a take, unless it was seen before and everything needed of it is cached."""
        clip, known = self._recall(path, take)
        if clip is None:
            rate = self.specs[Modality.AUDIO].sample_rate
            assert rate is not None
            clip = media.decode(
                path, sample_rates=(rate,), start_s=take.start_s, end_s=take.end_s, digest=take.content_hash
            )
            _keep(lambda: self._cache.put_clip(clip, take), warnings)
        warnings.extend(clip.warnings)
        return clip, known

    def _embed_part(self, modality: Modality, clip: Clip, key: str, warnings: list[str]) -> np.ndarray | None:
        backbone: Backbone
        if modality is Modality.AUDIO:
            if clip.sound is None:
                return None
            backbone = self.backbone(modality)
            vector = cast(AudioBackbone, backbone).embed(clip.sound[backbone.spec.sample_rate or 0])
        else:
            if clip.frames is None:
                return None
            backbone = self.backbone(modality)
            vector = cast(VisualBackbone, backbone).embed(clip.frames)
        warnings.extend(backbone.take_warnings())
        return self._checked(backbone.spec, key, vector, warnings)

    def _embed_composed(self, texts: Sequence[str], warnings: list[str]) -> list[np.ndarray | None]:
        """Vectors of composed texts: from memory, from disk, and the rest from the network in one batch."""
        spec = self.specs[Modality.TEXT]
        keys = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() if text else "" for text in texts]
        found: dict[str, np.ndarray | None] = {"": None}
        new: dict[str, str] = {}
        for key, text in zip(keys, texts, strict=True):
            if key in found or key in new:
                continue
            vector = self._remembered(key)
            if vector is None:
                vector = self._cache.get(spec.name, key, spec.dimension)
            if vector is None:
                new[key] = text
            else:
                found[key] = vector
                self._remember(key, vector)
        if new:
            backbone = cast(TextBackbone, self.backbone(Modality.TEXT))
            rows = backbone.embed(list(new.values()))
            warnings.extend(backbone.take_warnings())
            for key, row in zip(new, rows, strict=True):
                vector = self._checked(spec, key, row, warnings)
                found[key] = vector
                if vector is not None:
                    self._remember(key, vector)
        return [found[key] for key in keys]

    def _checked(self, spec: BackboneSpec, key: str, vector: np.ndarray, warnings: list[str]) -> np.ndarray | None:
        """A vector fit to be used and kept, or None: one bad number would spoil every forecast it enters."""
        vector = np.ascontiguousarray(vector, np.float32)
        if not np.isfinite(vector).all():
            warnings.append(f"{spec.name} gave no finite numbers for the {spec.modality}; it is left out.")
            return None
        assert vector.shape == (spec.dimension,)
        _keep(lambda: self._cache.put(spec.name, key, vector), warnings)
        vector.flags.writeable = False
        return vector

    def _remembered(self, key: str) -> np.ndarray | None:
        with self._texts_lock:
            vector = self._texts.get(key)
            if vector is not None:
                self._texts.move_to_end(key)
            return vector

    def _remember(self, key: str, vector: np.ndarray) -> None:
        with self._texts_lock:
            self._texts[key] = vector
            self._texts.move_to_end(key)
            while len(self._texts) > _TEXTS_KEPT:
                self._texts.popitem(last=False)


class _Watch:
    """Reports stages and times them."""

    def __init__(self, progress: Progress) -> None:
        self.seconds = dict.fromkeys(("decode", "text", "audio", "visual"), 0.0)
        self._progress = progress

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self._progress(Step(name, 0, 1))
        began = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - began
        self._progress(Step(name, 1, 1))


def _keep(write: Callable[[], None], warnings: list[str]) -> None:
    """Write to the cache; a full or read-only disk slows the next run down but does not stop this one."""
    try:
        write()
    except OSError as error:
        warnings.append(f"Vectors could not be kept for next time ({error.strerror}); the result is not affected.")
