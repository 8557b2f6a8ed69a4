"""`batch` as a shell script meets it: clips and a table in, one ranking out, every bad row named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mtaf_core.cli import main
from mtaf_core.workspace import Workspace

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(own_demo: Workspace, capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*arguments: object) -> tuple[int, str, str]:
        try:
            status = main([*map(str, arguments), "--workspace", str(own_demo.path)])
        except SystemExit as exit:
            status = int(exit.code or 0)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return ran


@pytest.fixture
def plan(tmp_path: Path, make_clip: Callable[..., Path]) -> Path:
    """A table beside one clip that it names; one row cannot be scored."""
    folder = tmp_path / "plan"
    folder.mkdir()
    make_clip("one.mp4", seconds=1.0).rename(folder / "one.mp4")
    (folder / "plan.csv").write_text(
        "clip,description,upload_time,uploader_follower\n"
        "one.mp4,Half price today,2026-11-11 20:00,2000\n"
        "one.mp4,Half price today,2026-11-11 20:00,3000000\n"
        ",Words alone,2026-11-11 20:00,3000000\n"
        "one.mp4,Half price,whenever,2000\n"
    )
    return folder / "plan.csv"


def document(answer: tuple[int, str, str]) -> dict[str, Any]:
    assert answer[0] == 0, answer[2]
    return json.loads(answer[1])


def test_a_table_is_ranked_and_its_bad_row_named(run: Run, plan: Path) -> None:
    said = document(run("batch", plan, "--json"))
    assert [row["rank"] for row in said["rows"]] == [1, 2, 3]
    assert {row["line"] for row in said["rows"]} == {2, 3, 4}
    assert said["rows"][-1]["line"] == 2
    assert said["errors"] == [
        {"clip": "one.mp4", "line": 5, "column": "upload_time", "value": "whenever", "reason": "This is not a time."}
    ]
    for row in said["rows"]:
        assert row["interval"]["low"] <= row["score"] <= row["interval"]["high"]


def test_it_agrees_with_predict(run: Run, plan: Path) -> None:
    ranked = document(run("batch", plan, "--json"))["rows"]
    follower = plan.parent / "kol.json"
    follower.write_text(json.dumps({"follower_count": 2000}))
    alone = document(
        run(
            "predict", plan.parent / "one.mp4", "--description", "Half price today", "--upload-time",
            "2026-11-11T20:00", "--uploader-json", follower, "--json",
        )
    )  # fmt: skip
    row = next(row for row in ranked if row["line"] == 2)
    assert row["score"] == pytest.approx(alone["score"], rel=1e-5)
    assert row["interval"]["high"] == pytest.approx(alone["interval"]["high"], rel=1e-5)


def test_a_folder_of_clips_takes_the_options_as_common_settings(run: Run, plan: Path) -> None:
    status, out, _ = run("batch", plan.parent / "one.mp4", "--description", "Glow", "--upload-time", "2026-11-11T20:00")
    assert status == 0
    assert "1 of 1 rows ranked" in out
    plan.unlink()
    folder = document(run("batch", plan.parent, "--upload-time", "2026-11-11T20:00", "--json"))
    assert [row["clip"] for row in folder["rows"]] == ["one.mp4"]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_ranking_is_written_to_a_file(run: Run, plan: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"ranked.{ending}"
    status, said, _ = run("batch", plan, "--out", out)
    assert status == 0
    assert "Not scored: line 5, upload_time 'whenever': This is not a time." in said
    rows = pd.read_csv(out) if ending == "csv" else pd.read_excel(out)
    assert rows["rank"].tolist()[:3] == [1, 2, 3]
    assert rows["reason"].tolist()[3] == "This is not a time."
    assert rows["score"].dropna().is_monotonic_decreasing


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.mp4"], "no file or folder nowhere.mp4"),
        (["{plan}", "--out", "a.pdf"], "ends in .csv or .xlsx"),
        (["{plan}", "{plan}/../other.csv"], "2 tables"),
        (["{plan}", "--uploader", "nobody"], "nobody"),
        (["{plan}/../empty"], "nothing to score"),
        (["{plan}/../likes.csv"], "has no column that a batch reads"),
        (["{plan}/../plan.zip"], "plan.zip is neither a clip nor a table that can be ranked"),
    ],
)
def test_bad_input_is_one_sentence_and_keeps_nothing(
    run: Run, plan: Path, own_demo: Workspace, arguments: list[str], words: str
) -> None:
    (plan.parent / "other.csv").write_text("description\nx\n")
    (plan.parent / "likes.csv").write_text("likes\n5\n")
    (plan.parent / "plan.zip").write_bytes(b"PK")
    (plan.parent / "empty").mkdir()
    named = (one.replace("{plan}/..", str(plan.parent)).replace("{plan}", str(plan)) for one in arguments)
    status, out, err = run("batch", *named)
    assert (status, out) == (2, "")
    said = [line for line in err.splitlines() if line.startswith("mtaf: ")]
    assert len(said) == 1
    assert words in said[0]
    assert not list((own_demo.path / "batches").glob("*"))
