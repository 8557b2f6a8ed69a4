"""Which words and hashtags made the text's contribution."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from mtaf_core.insight.case import Case
from mtaf_core.insight.salience.game import shared
from mtaf_core.insight.salience.units import Unit, units
from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.schema import Modality

if TYPE_CHECKING:
    from mtaf_core.content.backbones import TextBackbone

_BATCH = 32


@dataclass(frozen=True, eq=False)
class Words:
    """The text of a release, piece by piece.

    Parameters
    ----------
    units : tuple of Unit
        All of them in a row are the text.
    share : ndarray, (n,), float64
        What each adds to the log score; they sum to ``contribution``.
    without : ndarray, (n,), float64
        What the forecast loses, in log units, when that one alone is left out.
    contribution : float
        The Shapley value of the text.
    """

    units: tuple[Unit, ...]
    share: np.ndarray
    without: np.ndarray
    contribution: float


def words(case: Case, backbone: "TextBackbone", progress: Progress = silent) -> Words | None:
    """Share the text's contribution among its words.

    The text is embedded with some of its words left out, again and again, and goes through the whole stack each time:
    its vector, what became of the posts most like it, and its length. Hashtags count here as words; what they reach is
    a matter of context.

    Returns
    -------
    Words or None
        None where there is no text, or the model cannot read it.
    """
    text = case.frame.facts["text"].iloc[0]
    if not text or not case.has(Modality.TEXT) or case.vectors.get(Modality.TEXT) is None:
        return None
    found = units(text, getattr(backbone, "pieces", None))
    asked = _Texts(case, backbone, found, progress)
    share = shared(asked.contribution, len(found))
    everything = np.ones((1, len(found)), dtype=bool)
    whole = case.log_score
    without = whole - asked.log_score(~np.eye(len(found), dtype=bool))
    return Words(tuple(found), share, without, float(asked.contribution(everything)[0]))


class _Texts:
    """Texts with words left out, each embedded once."""

    def __init__(self, case: Case, backbone: "TextBackbone", found: Sequence[Unit], progress: Progress) -> None:
        self._case, self._backbone, self._units, self._progress = case, backbone, found, progress
        own = cast(np.ndarray, case.vectors[Modality.TEXT])
        self._known = {"": np.full(own.shape[1], np.nan, np.float32), self._text(np.ones(len(found), bool)): own[0]}

    def contribution(self, kept: np.ndarray) -> np.ndarray:
        return self._asked(kept)[0]

    def log_score(self, kept: np.ndarray) -> np.ndarray:
        return self._asked(kept)[1]

    def _asked(self, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        texts = [self._text(row) for row in kept]
        self._embed(texts)
        matrix = np.stack([self._known[text] for text in texts])
        facts = {"text": np.array(texts, dtype=object)}
        return self._case.worth(Modality.TEXT, len(texts), facts, matrix, self._progress)

    def _text(self, kept: np.ndarray) -> str:
        return "".join(unit.text for unit, here in zip(self._units, kept, strict=True) if here).strip()

    def _embed(self, texts: list[str]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        for start in range(0, len(new), _BATCH):
            self._progress(Step("words", start, len(new)))
            batch = new[start : start + _BATCH]
            self._known.update(zip(batch, np.asarray(self._backbone.embed(batch), np.float32), strict=True))
