"""Sentences of the core in Chinese: none that a page can show is left in English, and none is there for nothing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtaf_core.insight import guard
from pages.components.words_core import SENTENCES, in_chinese

ROOT = Path(__file__).resolve().parents[2]
SHOWN = (
    "content/media.py", "content/stills.py", "content/excerpt.py", "study/kol_lists.py", "study/kol_ranges.py",
    "insight/edits.py", "insight/cautions.py", "insight/recent.py", "insight/scenarios.py", "content/reader.py",
    "content/take.py", "background.py",
)  # fmt: skip
"""Modules all of whose sentences a page can come to show."""
IN_PART = (
    "content/clip.py", "content/extract.py", "content/devices.py", "insight/forecast.py", "data/candidate.py",
    "data/frame.py", "model/manifest.py", "workspace.py", "jobs.py", "../pages/components/uploads.py",
)  # fmt: skip
"""Modules some of whose sentences stand in the list."""


def shape(node: ast.AST) -> str | None:
    """A text as it is written, ``{}`` for what is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def sentences(module: str) -> Iterator[str]:
    """What a module raises, or collects to be told."""
    for node in ast.walk(ast.parse((ROOT / "mtaf_core" / module).read_text(encoding="utf-8"))):
        told: list[ast.expr] = []
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            told = node.exc.args
        elif isinstance(node, ast.Return) and node.value is not None:
            told = [*node.value.elts] if isinstance(node.value, ast.List) else [node.value]
            told = [one.args[0] if isinstance(one, ast.Call) and one.args else one for one in told]
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "append":
            told = node.args
        for one in told:
            text = shape(one)
            if text and " " in text and text.endswith((".", "; {}")) and not re.search(r"\bSELECT\b", text):
                yield text


def plain(text: str) -> str:
    """A shape in which what is filled in side by side, or inside a command, is one thing."""
    return re.sub(r"python -m .*|(\{\})+", "{}", text)


@pytest.mark.parametrize("module", SHOWN)
def test_every_sentence_of_a_module_is_there_in_chinese(module: str) -> None:
    found = set(sentences(module))
    assert found
    assert not {one for one in found if plain(one) not in SENTENCES}


def test_no_chinese_sentence_outlives_its_english_one() -> None:
    written = {plain(one) for module in (*SHOWN, *IN_PART) for one in _every_text(module)}
    assert not {one for one in SENTENCES if one not in written}


def _every_text(module: str) -> Iterator[str]:
    for node in ast.walk(ast.parse((ROOT / "mtaf_core" / module).read_text(encoding="utf-8"))):
        if (text := shape(node)) is not None:
            yield text


def test_what_is_filled_in_is_kept_and_words_of_ours_are_put_into_chinese() -> None:
    assert in_chinese("a, b.mp4 is 12 MB, over the limit of 200 MB; compress or trim it.").startswith(
        "a, b.mp4 为 12 MB"
    )
    assert in_chinese("'Mars' is no city this market knows, so the city counts as unknown.") == (
        "市场数据中没有“Mars”这一城市，因此城市按未知处理。"
    )
    assert in_chinese(guard.sentence(guard.Mark("video_duration", True, "range", 700.0, 0.04, 600.0))) == (
        "时长不能为 700 s；请填写 0.04 s 至 600 s 之间的数。"
    )
    assert in_chinese("Something else.") == "Something else."


def test_each_fills_in_only_what_there_is() -> None:
    for english, chinese in SENTENCES.items():
        here = set(re.findall(r"\{(\d)\}", chinese))
        assert here <= {str(place) for place in range(english.count("{}"))}, english
