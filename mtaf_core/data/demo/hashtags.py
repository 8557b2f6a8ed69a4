"""The hashtags of the demo market: views that follow a power law, grow weekly, and draw new videos to themselves."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from mtaf_core.data.demo.effects import Floats
from mtaf_core.data.demo.products import CATEGORIES, GENERAL_TAGS, TAG_STEMS_CHINESE, TAG_STEMS_ENGLISH

TAGS = 320
POWER = 1.15
"""Views of the tag of rank r go with ``r ** -POWER``."""
_TOP_VIEWS = 6e9


@dataclass(frozen=True)
class Hashtags:
    """The tags, by rank of views at the start.

    Parameters
    ----------
    names : tuple of str
    shelf : (tags,) int
        Index of the category, or -1 for tags of every category.
    chinese : (tags,) bool
    weeks : tuple of datetime.date
    views, users, videos : (tags, weeks) int64
    """

    names: tuple[str, ...]
    shelf: np.ndarray
    chinese: np.ndarray
    weeks: tuple[date, ...]
    views: np.ndarray
    users: np.ndarray
    videos: np.ndarray

    def draw(self, shelf: int, language: str, how_many: int, rng: np.random.Generator) -> np.ndarray:
        """Pick distinct tags for a video: popular ones first, of its category and language."""
        fits = ((self.shelf == shelf) * 1.0 + (self.shelf == -1) * 0.5) * np.where(
            self.chinese == (language == "zh"), 1.0, 0.12
        )
        appeal = fits * (np.arange(len(self.names)) + 1.0) ** -0.55
        return rng.choice(len(self.names), size=how_many, replace=False, p=appeal / appeal.sum())


def hashtags(start: date, weeks: int, rng: np.random.Generator) -> Hashtags:
    """Draw `TAGS` hashtags and their totals, taken weekly from ``start``."""
    vocabulary = _vocabulary()
    # Short words tend to be the popular ones, compounds the long tail.
    order = np.argsort([rng.random() + 0.6 * (len(name) > 9 or shelf >= 0) for name, shelf, _ in vocabulary])[:TAGS]
    chosen = [vocabulary[int(i)] for i in order]
    rank = np.arange(1, len(chosen) + 1)
    views = np.asarray(_TOP_VIEWS * rank**-POWER * np.exp(0.25 * rng.standard_normal(len(chosen))), dtype=np.float64)
    pace = np.clip(rng.normal(0.02, 0.02, len(chosen)), 0.0, 0.10)[:, None] * rng.uniform(
        0.5, 1.5, (len(chosen), weeks)
    )
    growth = np.exp(np.cumsum(pace, axis=1) - pace[:, :1])
    users = views / np.exp(9.0 + 0.6 * rng.standard_normal(len(chosen)))
    return Hashtags(
        tuple(name for name, _, _ in chosen),
        np.array([shelf for _, shelf, _ in chosen]),
        np.array([zh for _, _, zh in chosen]),
        tuple(start + timedelta(days=7 * w) for w in range(weeks)),
        _whole(views, growth),
        _whole(users, growth),
        _whole(1.8 * users, growth),
    )


def _whole(base: Floats, growth: Floats) -> np.ndarray:
    return np.maximum(1, np.rint(base[:, None] * growth)).astype(np.int64)


def _vocabulary() -> list[tuple[str, int, bool]]:
    words = [(tag, -1, not tag.isascii()) for tag in GENERAL_TAGS]
    for shelf, category in enumerate(CATEGORIES):
        words += [(tag, shelf, False) for tag in category.tags_english]
        words += [(tag, shelf, True) for tag in category.tags_chinese]
        words += [(word + stem, shelf, False) for word in category.tags_english[:3] for stem in TAG_STEMS_ENGLISH]
        words += [(word + stem, shelf, True) for word in category.tags_chinese[:3] for stem in TAG_STEMS_CHINESE]
    seen: dict[str, tuple[str, int, bool]] = {}
    for word in words:
        seen.setdefault(word[0], word)
    return list(seen.values())
