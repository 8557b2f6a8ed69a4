"""Everything that an import can say is said in both languages."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mtaf_core import importing
from mtaf_core.cli.data import _FLAGS
from mtaf_core.data.importers.reasons import SENTENCES
from mtaf_core.data.importers.report import FLAGS
from mtaf_core.workspace import Workspace
from pages.components import tasks
from pages.components.data_report import _in_words, _translated
from pages.components.words import WORDS
from pages.components.words_reasons import CHINESE

TABLE = """video id,create time,likes,comments,author id
v1,2026-11-01 20:00,很多,1,u1
v2,2026-11-01 20:00,5,-3,u1
,2026-11-01 20:00,5,1,u1
v4,2026-11-01 20:00,5,1,u1,more
v5,1999-01-01 20:00,5,1,u1
"""
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_reason_has_both_languages_with_the_same_values(code: str) -> None:
    assert set(re.findall(r"{(\w+)}", SENTENCES[code])) == set(re.findall(r"{(\w+)}", CHINESE[code]))
    assert code == "other" or HAN.search(CHINESE[code])
    assert not HAN.search(SENTENCES[code])


def test_there_is_no_translation_of_a_reason_that_nobody_gives() -> None:
    assert set(CHINESE) == set(SENTENCES)


def test_every_flag_has_words_on_the_page_and_on_the_command_line() -> None:
    assert set(FLAGS) == set(_FLAGS)
    assert all(f"flag_{flag}" in WORDS for flag in FLAGS)


def test_a_report_of_the_chinese_page_is_chinese(
    open_app: Callable[..., AppTest], empty_market: Path, tmp_path: Path, said: Callable[[AppTest], str]
) -> None:
    (tmp_path / "导出.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "空.json").write_text(" ")
    space = Workspace.open(empty_market)
    report = importing.import_paths(space, [tmp_path / "导出.csv", tmp_path / "空.json"])
    app = open_app(empty_market, "data", section="history", lang="zh")
    assert not app.exception
    rejected = app.dataframe[-1].value
    reasons = list(rejected["原因"])
    assert len(reasons) == report.rejected_rows + report.rejected_values >= 6
    assert all(HAN.search(reason) for reason in reasons)
    assert set(rejected["忽略范围"]) == {"整行", "该值"}
    english = open_app(empty_market, "data", section="history").dataframe[-1].value
    assert not any(HAN.search(reason.replace("空.json", "")) for reason in english["Why"])
    whole = report.rejected_file.read_text(encoding="utf-8-sig")
    assert "This is not a count." in whole, "the file on disk is the same for everybody"


def test_a_report_of_an_earlier_version_keeps_its_sentence() -> None:
    assert _in_words(["a.csv", "3", "likes", "x", "This is not a count.", "value"])[4] == "This is not a count."
    unknown = ["a.csv", "3", "likes", "x", "Gone.", "value", "a_code_of_the_future", json.dumps({"n": "1"})]
    assert _in_words(unknown)[4] == "Gone."


def test_the_downloaded_file_speaks_the_language_of_the_page(
    empty_market: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text(TABLE, encoding="utf-8")
    report = importing.import_paths(Workspace.open(empty_market), [tmp_path / "a.csv"])
    assert _translated(report.rejected_file) == report.rejected_file.read_bytes()
    for room in ("pages.components.words", "pages.components.data_report"):
        monkeypatch.setattr(f"{room}.language", lambda: "zh")
    lines = _translated(report.rejected_file).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("file,line,column,value,reason")
    assert any("不是计数。" in line for line in lines)
    assert not any("This is not a count." in line for line in lines)


def test_a_file_that_cannot_be_read_is_refused_in_chinese(open_app: Callable[..., AppTest], empty_market: Path) -> None:
    app = open_app(empty_market, "data", lang="zh")
    app.file_uploader[0].set_value(("半个.zip", b"PK\x03\x04 half an archive", "application/zip")).run()
    assert "不是完整的 ZIP 压缩包" in app.error[0].value


def test_an_import_that_failed_says_why_in_the_language_of_whoever_looks(
    open_app: Callable[..., AppTest], empty_market: Path
) -> None:
    app = open_app(empty_market, "data")
    app.file_uploader[0].set_value(("odd.json", b'{"a": [1, 2, {"b": [3]}]}', "application/json")).run()
    app.button(key="go_import").click().run()
    job = tasks.jobs().current("import")
    assert job is not None
    job.wait(60)
    assert "JSON without a post or profile" in app.run().error[0].value
    assert "没有已知格式的作品或主页" in open_app(empty_market, "data", lang="zh").error[0].value
