"""A text as the pieces that can be left out of it: words, hashtags, and short spans of scripts without spaces."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

Pieces = Callable[[str], Sequence[str]]

MOST = 48
"""A longer text is told in this many spans: what a person can read, and a model be asked about in a second."""

_TOKEN = re.compile(
    r"(?P<tag>[#＃][^\s#＃]+)"
    r"|(?P<run>\d*[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+)"
    r"|(?P<word>[^\W_]+(?:[’'’.,:/%_-]?[^\W_]+)*%?)"
)
_PARTICLES = frozenset("的了吗呢吧啊呀也都就和与是在这那你我他她它们很不没")
"""Chinese words of one character that a span does not run over."""
_SPAN = 2


class Unit(NamedTuple):
    """One piece of a text; all of them in a row are the text."""

    text: str  # with the spaces and signs after it, so that nothing is left of a text when all are left out
    is_tag: bool


def units(text: str, pieces: Pieces | None = None, most: int = MOST) -> list[Unit]:
    """Cut ``text`` into words, hashtags and, in Chinese and Japanese, spans of a word or two characters.

    Parameters
    ----------
    text : str
    pieces : callable, optional
        A tokenizer's own pieces of a run of characters; those of several characters are kept whole.
    most : int, default 48
        Of a longer text neighbours are joined.

    Examples
    --------
    >>> [unit.text for unit in units("Only ¥69 today! 限时7折 #sale")]
    ['Only ', '¥69 ', 'today! ', '限时', '7折 ', '#sale']
    """
    starts: list[tuple[int, bool]] = []
    for token in _TOKEN.finditer(text):
        if token["run"]:
            at = token.start()
            for span in _spans(token["run"], pieces):
                starts.append((at, False))
                at += len(span)
        else:
            starts.append((token.start(), token["tag"] is not None))
    if not starts:
        return [Unit(text, False)] if text else []
    cuts = [_opened(text, at, starts[number - 1][0] if number else 0) for number, (at, _) in enumerate(starts)]
    cuts[0] = 0
    found = [
        Unit(text[start:end], tag) for start, end, (_, tag) in zip(cuts, [*cuts[1:], len(text)], starts, strict=True)
    ]
    return _joined(found, most)


def _opened(text: str, at: int, after: int) -> int:
    """Where a unit begins: with the signs that stand directly before it, such as a currency or an opening bracket."""
    start = at
    while start > after and text[start - 1] in "¥￥$€£(（“‘「『《[【@":
        start -= 1
    return start


def _spans(run: str, pieces: Pieces | None) -> list[str]:
    """Spans of a run of characters without spaces; a number goes with what follows it."""
    number = re.match(r"\d*", run)
    digits = number[0] if number else ""
    parts = _pieces(run[len(digits) :], pieces)
    found: list[str] = []
    open_span = ""
    for part in parts:
        if len(part) > 1 or part in _PARTICLES:
            found += [open_span, part]
            open_span = ""
            continue
        open_span += part
        if len(open_span) == _SPAN:
            found.append(open_span)
            open_span = ""
    found = [span for span in (*found, open_span) if span]
    return [digits + found[0], *found[1:]] if digits and found else found


def _pieces(run: str, pieces: Pieces | None) -> list[str]:
    """A tokenizer's pieces where they spell the run; its characters otherwise."""
    told = list(pieces(run)) if pieces else []
    return told if "".join(told) == run else list(run)


def _joined(found: list[Unit], most: int) -> list[Unit]:
    """At most ``most`` units: neighbours joined evenly."""
    if len(found) <= most:
        return found
    edges = [round(number * len(found) / most) for number in range(most + 1)]
    groups = [found[start:end] for start, end in pairwise(edges)]
    return [Unit("".join(unit.text for unit in group), all(unit.is_tag for unit in group)) for group in groups]
