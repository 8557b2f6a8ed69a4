"""An extractor that has clips read in a process of their own."""

import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from mtaf_core.content import media
from mtaf_core.content.extract import Content, Extractor
from mtaf_core.content.reader import Reader
from mtaf_core.content.take import Take
from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.schema import CONTENT_MODALITIES, Modality


class ExtractorApart(Extractor):
    """Has its clips read by a `Reader`; embeds text itself. Networks asked of it by `backbone` are loaded here.

    Parameters
    ----------
    reader : Reader
    profile, device, cache_dir, weights_dir
        As `Extractor`.
    """

    def __init__(
        self,
        reader: Reader,
        profile: str = "compact",
        device: str = "auto",
        cache_dir: str | Path | None = None,
        weights_dir: str | Path | None = None,
    ) -> None:
        super().__init__(profile, device, cache_dir, weights_dir)
        self._reader = reader

    def warm_up(self, of: Iterable[Modality] = CONTENT_MODALITIES) -> None:
        """Load the network of text here and have the reader load the others, without waiting for it."""
        self._reader.wake(self)
        super().warm_up([Modality.TEXT])

    def embed_clip(
        self,
        path: str | Path | None,
        description: str = "",
        tags: Iterable[str] = (),
        progress: Progress = silent,
        take: Take | None = None,
    ) -> Content:
        """As `Extractor.embed_clip`; the clip that comes back has facts, but no frames and no sound.

        What ``progress`` raises ends the process that reads.

        Raises
        ------
        BadMedia, WeightsMissing
        ProcessLost
            If the process ended by itself.
        """
        if path is None:
            return super().embed_clip(None, description, tags, progress)
        path, take = Path(path), take or Take()
        if not take.content_hash:
            take = replace(take, content_hash=media.content_hash(path))
        content = self.recall(path, take.read) or self._reader.read(path, take.read, self, progress)
        progress(Step("text", 0, 1))
        began = time.perf_counter()
        vector = self.embed_text(description, tags)
        took = time.perf_counter() - began
        progress(Step("text", 1, 1))
        content = replace(
            content,
            vectors={**content.vectors, Modality.TEXT: vector},
            timings_s={**dict.fromkeys(("decode", "text", "audio", "visual"), 0.0), **content.timings_s, "text": took},
        )
        return content.taken(take)
