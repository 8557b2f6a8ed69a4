"""The house is in order: rooms are small, the router routes, the documents say what the code does."""

import ast
import importlib
import importlib.util
import re
from collections import Counter
from pathlib import Path

import pytest

from mtaf_core.cli.main import _parser

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [
    ROOT / "streamlit_app.py",
    *(
        path
        for folder in ("mtaf_core", "pages", "benchmarks", "tests")
        for path in sorted((ROOT / folder).rglob("*.py"))
    ),
]


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_is_past_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_no_two_files_of_tests_have_one_name():
    """They are imported by it: with two of them pytest cannot collect the whole suite."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(set(names)) == sorted(names)


def test_the_router_only_routes():
    allowed = ("streamlit", "pages", "pathlib", "mtaf_core.charts")
    assert all(module.startswith(allowed) for module in imported(ROOT / "streamlit_app.py"))
    assert not any("streamlit_app" in imported(path) for path in SOURCES)


def test_links_and_pictures_in_the_documents_lead_somewhere():
    for document in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (document.parent / target).exists(), f"{document.name} points at {target}"


def named_code() -> list[str]:
    documents = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return sorted(
        {
            name
            for document in documents
            for name in re.findall(r"`(mtaf_core(?:\.\w+)+)`", document.read_text(encoding="utf-8"))
        }
    )


@pytest.mark.parametrize("name", named_code())
def test_code_that_the_documents_name_exists(name):
    parts = name.split(".")
    found, rest = importlib.import_module(parts[0]), parts[1:]
    while rest and hasattr(found, "__path__") and importlib.util.find_spec(f"{found.__name__}.{rest[0]}"):
        found, rest = importlib.import_module(f"{found.__name__}.{rest[0]}"), rest[1:]
    for part in rest:
        declared = getattr(found, "__annotations__", {})  # a field without a default is only declared
        assert hasattr(found, part) or part in declared, f"{name} is not there"
        found = getattr(found, part, declared.get(part))


def test_the_method_names_every_table_figure_and_equation_of_the_paper():
    text = (ROOT / "docs" / "METHOD.md").read_text(encoding="utf-8")
    wanted = [*(f"Table {n}" for n in range(1, 5)), *(f"Figure {n}" for n in range(1, 5)), "equation 1", "equation 2"]
    assert [what for what in wanted if what not in text] == []
    used, told = (set(re.findall(pattern, text)) for pattern in (r"\bR\d+\b", r"(?m)^\*\*(R\d+),"))
    assert told == used


def test_every_verb_of_the_command_line_is_described():
    described = (ROOT / "docs" / "CLI.md").read_text(encoding="utf-8")
    verbs = next(action for action in _parser()._actions if action.dest == "verb").choices
    assert verbs is not None
    for name, verb in verbs.items():
        assert f"## {name}" in described
        for action in verb._actions:
            for option in action.option_strings:
                if option.startswith("--") and option != "--help":
                    assert option in described, f"{name} {option} is not described in docs/CLI.md"


@pytest.mark.parametrize("folder", ["pages/components", "mtaf_core/charts"])
def test_no_key_of_words_is_given_twice(folder):
    """One would silently say what the other means."""
    keys = Counter(
        key.value
        for path in sorted((ROOT / folder).glob("words*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(value, ast.Tuple)
    )
    assert [key for key, n in keys.items() if n > 1] == []
