"""Why something was not imported is a code with values, so that every language can say it."""

import ast
import re
from pathlib import Path

import pytest

from mtaf_core.data.importers.reasons import SENTENCES, Reason, Refused, reason_of, say
from mtaf_core.errors import BadWorkspace

ROOT = Path(__file__).resolve().parents[3]
ROOMS = [
    *sorted((ROOT / "mtaf_core" / "data" / "importers").glob("*.py")),
    *(ROOT / "mtaf_core" / f"{name}.py" for name in ("importing", "media_links", "followed", "tracking")),
    *(ROOT / "mtaf_core" / "insight" / f"{name}.py" for name in ("incoming", "table_mapping")),
    *sorted((ROOT / "mtaf_core" / "insight" / "batch").glob("*.py")),
]
MAKERS = ("say", "Refused", "Unreadable")


def made(path: Path) -> list[tuple[str, set[str]]]:
    """The code and the names of the values of every reason that a module makes."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS:
            names = {keyword.arg for keyword in node.keywords if keyword.arg}
            codes = [one.value for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant)] if node.args else []
            found += [(code, names) for code in codes]
    return found


def test_every_reason_that_is_given_is_known_and_filled_in():
    given = [one for path in ROOMS for one in made(path)]
    assert len(given) > 100
    for code, names in given:
        assert set(re.findall(r"{(\w+)}", SENTENCES[code])) == names, code
    assert {code for code, _ in given} == set(SENTENCES), "a sentence that nobody says"


@pytest.mark.parametrize("path", [p for p in ROOMS if p.name not in ("mapping.py",)], ids=lambda path: path.name)
def test_nothing_that_a_report_can_show_is_said_without_a_code(path):
    """What a mapping's own text may not say is told to whoever writes it, and never stands in a report."""
    calls = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)]
    for call in calls:
        if isinstance(call.func, ast.Name) and call.func.id == "Rejected":
            assert not any(isinstance(a, ast.JoinedStr) for a in call.args), f"{path.name}:{call.lineno}"
            assert not (len(call.args) > 4 and isinstance(call.args[4], ast.Constant)), f"{path.name}:{call.lineno}"
        if path.parent.name == "importers" and isinstance(call.func, ast.Name):
            assert call.func.id != "BadInput", f"{path.name}:{call.lineno} refuses without a code"


def test_a_reason_is_its_english_sentence():
    reason = say("cells", n=3, header=4)
    assert reason == "It has 3 cells where the header has 4."
    assert (reason.code, dict(reason.values)) == ("cells", {"n": "3", "header": "4"})
    assert Reason("cells", {"n": "3", "header": "4"}) == reason


def test_an_error_gives_its_reason_and_one_without_is_its_own():
    assert reason_of(Refused("zip_empty", name="a.zip")).code == "zip_empty"
    assert reason_of(BadWorkspace("It is gone.")) == "It is gone."


@pytest.mark.parametrize("values", [{}, {"n": 1}])
def test_a_reason_without_its_values_is_a_fault_of_ours(values):
    with pytest.raises(KeyError):
        say("cells", **values)
