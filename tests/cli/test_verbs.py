"""The other verbs as a shell script meets them."""

import json
import os
import shlex
import subprocess
import sys

import pytest

from mtaf_core.cli import main
from mtaf_core.schema import BEFORE_RELEASE


@pytest.fixture
def run(capsys):
    def verb(*arguments):
        status = main([*map(str, arguments), "--json"])
        captured = capsys.readouterr()
        return status, (json.loads(captured.out) if captured.out else None), captured.err

    return verb


def test_status_says_what_is_there(run, demo_folder):
    status, document, _ = run("status", "--workspace", demo_folder)
    assert status == 0
    assert document["market"]["simulated"] is True
    assert document["tables"]["videos"] >= 1_500
    assert {feature.name for feature in BEFORE_RELEASE} <= set(document["coverage"])
    assert document["coverage"]["uploader_follower"]["present"] == 1
    assert 0 < document["coverage"]["uploader_age"]["missing"] < document["tables"]["videos"]
    assert document["bundle"]["profile"] == "compact"
    assert document["freshness"]["snapshot_date"].startswith("2026-11")


def test_train_puts_a_bundle_in_use_that_is_the_same_for_a_seed(run, small_demo):
    made = []
    for _ in range(2):
        status, document, said = run("train", "--workspace", small_demo.path, "--seed", 3)
        assert status == 0, said
        assert small_demo.bundle_path().name == document["bundle"]
        made.append(document["metrics"]["0"]["rows"])
    assert made[0] == made[1]


def test_extract_on_the_demo_finds_all_done(run, own_demo):
    status, document, _ = run("extract", "--workspace", own_demo.path)
    assert status == 0
    assert (document["embedded"], document["refused"]) == (0, {})
    assert document["already"] == own_demo.store.counts()["videos"]


def test_paper_weights_that_are_not_here_are_named_with_the_command_that_gets_them(
    run, own_demo, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("MTAF_WEIGHTS", str(tmp_path / "none"))
    status, document, said = run("extract", "--backbones", "paper", "--workspace", own_demo.path)
    assert (status, document) == (2, None)
    assert "bert" in said
    assert "backbones --profile paper --download" in said


def test_backbones_says_where_each_is(run, tmp_path):
    status, document, _ = run("backbones", "--profile", "compact")
    assert status == 0
    assert all(row["present"] and row["folder"] for row in document["backbones"])
    assert any("CC BY 4.0" in row["licence"] for row in document["backbones"])
    _, missing, _ = run("backbones", "--profile", "paper", "--weights", tmp_path)
    assert [row["present"] for row in missing["backbones"]] == [False, False, False]


def test_demo_makes_a_workspace_and_leaves_one_that_is_there(run, tmp_path):
    for _ in range(2):
        status, document, _ = run("demo", "--workspace", tmp_path / "made")
        assert status == 0
        assert document["rows"]["videos"] >= 1_500


def test_a_demo_that_cannot_be_written_is_one_sentence(run, tmp_path):
    (tmp_path / "file").write_text("in the way")
    status, document, said = run("demo", "--workspace", tmp_path / "file" / "made")
    assert (status, document) == (2, None)
    assert "cannot be written" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("part", ["manifest.json", "plus/networks.safetensors"])
def test_a_damaged_bundle_is_named(run, own_demo, make_clip, part):
    file = own_demo.bundle_path() / part
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    status, document, said = run("predict", make_clip(), "--workspace", own_demo.path)
    assert (status, document) == (2, None)
    assert part in said
    assert "train" in said


@pytest.mark.parametrize("folder", ["~nosuchuser/x", "n" * 300])
def test_a_workspace_path_that_cannot_be_is_one_sentence(run, monkeypatch, folder):
    for arguments in (["status", "--workspace", folder], ["status"], ["demo"]):
        monkeypatch.setenv("MTAF_WORKSPACE", folder)
        status, document, said = run(*arguments)
        assert (status, document) == (2, None)
        assert said.startswith("mtaf: The workspace ")
        assert said.count("\n") == 1


def test_a_clip_name_that_is_too_long_is_one_sentence(run, demo_folder):
    status, document, said = run("predict", "v" * 300 + ".mp4", "--workspace", demo_folder)
    assert (status, document) == (2, None)
    assert "fault of ours" not in said


def test_a_message_of_the_parser_is_one_line(capsys):
    with pytest.raises(SystemExit):
        main(["status", "--of\nwhat"])
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("seed", ["99999999999999999999", "-1"])
def test_a_seed_out_of_range_is_one_sentence(run, demo_folder, seed):
    status, _, said = run("train", "--workspace", demo_folder, "--seed", seed)
    assert status == 2
    assert "--seed" in said


def test_a_file_is_no_folder_of_weights(run, tmp_path):
    (tmp_path / "file").write_text("")
    status, _, said = run("backbones", "--weights", tmp_path / "file")
    assert status == 2
    assert "--weights" in said


def test_weights_in_an_unknown_home_are_one_sentence(run, monkeypatch):
    monkeypatch.setenv("MTAF_WEIGHTS", "~nosuchuser/x")
    status, _, said = run("backbones", "--profile", "compact")
    assert status == 2
    assert "MTAF_WEIGHTS" in said


@pytest.mark.parametrize(
    ("option", "name", "text"),
    [
        ("--snapshots", "deep.json", "[" * 100_000),
        ("--uploader-json", "deep.json", "[" * 100_000),
        ("--snapshots", "wide.csv", "day_index\n" + "1" * 140_000),
    ],
)
def test_a_file_past_what_can_be_read_is_one_sentence(run, demo_folder, tmp_path, option, name, text):
    (tmp_path / name).write_text(text)
    status, _, said = run("predict", "clip.mp4", option, tmp_path / name, "--workspace", demo_folder)
    assert status == 2
    assert option in said


@pytest.mark.parametrize("spoil", [lambda b: b"", lambda b: b[: len(b) // 2], lambda b: bytes(len(b))])
def test_a_damaged_data_file_is_one_sentence(run, own_demo, spoil):
    for file in (own_demo.path / "tables" / "videos").glob("*.parquet"):
        file.write_bytes(spoil(file.read_bytes()))
    status, _, said = run("status", "--workspace", own_demo.path)
    assert status == 2
    assert "videos" in said


@pytest.mark.parametrize("version", ["-1", "Infinity", "1e30", "[" * 100_000])
def test_a_commit_log_of_impossible_numbers_is_damaged(run, own_demo, version):
    time = "2026-01-01T00:00:00+00:00"
    entry = f'{{"number": 1, "time": "{time}", "what": "x", "tables": {{"videos": {version}}}}}'
    (own_demo.path / "tables" / "versions.json").write_text(f'{{"format": 1, "commits": [{entry}]}}')
    status, _, said = run("status", "--workspace", own_demo.path)
    assert status == 2
    assert "damaged" in said


def test_a_full_width_sharp_separates_hashtags():
    from mtaf_core.insight.hashtags import parse_tags

    assert parse_tags("＃护肤＃美妆") == ("护肤", "美妆")


def process(*arguments, redirect="", **environment):
    command = " ".join(
        [shlex.quote(sys.executable), "-m", "mtaf_core", *map(shlex.quote, map(str, arguments)), redirect]
    )
    return subprocess.run(command, shell=True, capture_output=True, env={**os.environ, **environment}, check=False)


def test_an_output_that_is_not_utf_8_takes_every_answer(demo_folder):
    for extra in ([], ["--json"]):
        done = process("status", "--workspace", demo_folder, *extra, PYTHONIOENCODING="ascii")
        assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.decode("ascii"))["market"]["simulated"] is True


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_a_full_output_is_one_sentence(demo_folder):
    done = process("status", "--workspace", demo_folder, redirect=">/dev/full")
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="closes a stream as a POSIX shell does")
def test_a_closed_stderr_leaves_stdout_alone(tmp_path):
    done = process("status", "--workspace", tmp_path, redirect="2>&-")
    assert (done.returncode, done.stdout) == (2, b"")
