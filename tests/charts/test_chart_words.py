"""Every word of the charts exists in both languages and takes the same values."""

from string import Formatter

import pytest

from mtaf_core.charts.words import _WORDS, feature_label, group_label, modality_label
from mtaf_core.schema import FEATURES, Group, Modality


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", _WORDS)
def test_both_languages_take_the_same_values(key: str) -> None:
    english, chinese = _WORDS[key]
    assert english
    assert chinese
    assert fields(english) == fields(chinese)


def test_everything_that_has_a_name_has_one_in_each_language() -> None:
    for lang in ("en", "zh"):
        assert len({modality_label(m, lang, short=True) for m in Modality}) == len(Modality)
        assert len({group_label(g, lang) for g in Group}) == len(Group)
        assert all(feature_label(f.name, lang) for f in FEATURES)
